/* Private to src/app: whether evidence of a case may be opened without a stated purpose. */
#pragma once

#include "src/app/internal.h"

gboolean kc_app_needs_purpose(const KcPrincipal *who, const KcCaseRow *row);

/* `kind`: of the log's entry. `*ret_purpose`: what the log says of the look; NULL: none is needed; "none": none was
 * stated, which is allowed where it is only asked for. FORBIDDEN "purpose-missing" where it is required. */
gboolean kc_app_check_purpose(KcApp *app, const KcPrincipal *who, const char *case_id, const char *kind,
                              const char **ret_purpose, KcResult *result, GError **error);
