/* The parties' own settlement (Order 146, arts. 19-22): from the draft that they write together, each on its own phone
 * or guided by the desk, to the text that all of them sign.
 *
 * What each party says of itself stays one thing in one place: particulars in a draft are those of the party
 * (kc_app_update_party), filled in whenever a draft is read. */
#pragma once

#include "src/app/cases.h"
#include "src/domain/agreement.h"

#include <jansson.h>

/* Replaces the draft, and states the particulars of the parties that are named in it: a party's own, or anybody's by
 * the desk; NULL leaves one as it is. INVALID for a contradiction, a foreign party, or what only another party can say.
 * CONFLICT "not-settleable" where it isn't allowed, with the ground and its article. An open proposal that no longer
 * says the same is withdrawn. */
gboolean kc_app_put_agreement(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                              const KcAgreement *draft, KcCaseView **ret_case, KcResult *result, GError **error);

/* Freezes the draft as a document that all parties are asked to sign. INVALID while anything is missing; CONFLICT
 * "proposed" while one is open, "no-evidence" without a photo, "not-settleable", "too-many-proposals", "changed" if the
 * case did not wait. */
gboolean kc_app_propose_agreement(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                                  KcDocumentView **ret_document, KcResult *result, GError **error);

/* In the shape of the API, as kc_determination_to_json. */
json_t *kc_agreement_to_json(const KcAgreement *agreement);
KcAgreement *kc_agreement_from_json(const json_t *root, char **ret_pointer);
