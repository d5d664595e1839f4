/* What the use cases of src/app come to, as HTTP: the one table from KcResultKind to a status. */
#pragma once

#include <glib.h>

#include "src/app/result.h"
#include "src/http/reply.h"
#include "src/http/router.h"

/* For a use case that returned FALSE: its refusal, or 500 for `error`, which is logged with the id of the request and
 * not shown. */
KcHttpReply *kc_outcome_reply(const KcHttpRequest *request, const KcResult *result, const GError *error);
