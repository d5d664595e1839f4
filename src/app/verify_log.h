/* Included by src/app alone: the log, in a transaction of the caller's. */
#pragma once

#include "src/app/public_log.h"

/* As kc_app_verify_log; `ret_verdict` zeroed. */
gboolean kc_verify_log_tx(KcTx *tx, const char *held, KcLogVerdict *ret_verdict, GError **error);
/* Only whether the log has grown from a held checkpoint. */
gboolean kc_verify_held_tx(KcTx *tx, const char *held, KcLogVerdict *ret_verdict, GError **error);
