/* Rows of tables that the short life of a case (tests/fault/life.h) leaves empty. */
#pragma once

#include "src/store/db.h"

typedef struct {
    const char *case_id;
    guint number; /* of the case, from 1 */
} TownCase;

/* KcTxFn, with a TownCase. */
gboolean town_put_rows(KcTx *tx, gpointer town_case, GError **error);
/* KcTxFn, with the id of a case: entries of the log. */
gboolean town_put_entries(KcTx *tx, gpointer case_id, GError **error);
/* KcTxFn: of the installation. */
gboolean town_put_installation(KcTx *tx, gpointer unused, GError **error);
