/* Where somebody is slightly hurt: every party's consent (Order 146, art. 23), and an officer of the grade that such a
 * case needs (art. 5). Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/domain/determination.h"
#include "src/store/user_store.h"

#define KC_CONSENT_SIMPLIFIED "simplified_procedure"

/* Labels of the parties whose consent is missing, "A、B"; NULL: every one is there. Owned. */
gboolean kc_app_missing_consents(KcTx *tx, const char *case_id, char **ret_labels, GError **error);

/* FORBIDDEN "grade" for an officer or supervisor without the grade that this case needs; an auxiliary only collects. */
gboolean kc_app_check_grade(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, gboolean somebody_hurt,
                            KcResult *result, GError **error);

/* The same of any account that may take cases. */
gboolean kc_app_has_grade(KcApp *app, const KcUser *user, const KcCaseRow *row);

/* Before a determination is issued: both of the above where somebody is hurt, by the triage or the draft; CONFLICT
 * "consent-missing". */
gboolean kc_app_check_injury(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row,
                             const KcDetermination *draft, KcResult *result, GError **error);
