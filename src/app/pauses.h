/* "I feel pressed": a party says so in private while it reads a document. Nobody signs that document then until whoever has
 * the case, or a supervisor, has spoken with the party alone; it can take it back. Only they and the party itself see it: no
 * view, event or reply of another party says who it was, or why nobody signs. */
#pragma once

#include "src/app/app.h"
#include "src/app/views.h"

/* `reason` of "other_party", "officer", "hurry", "not_understood", "other", or NULL; `words` may be NULL. A second time
 * while it stands changes nothing. CONFLICT "not-for-signing" where nothing waits for this party, "decided". */
gboolean kc_app_pause_signing(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                              const char *reason, const char *words, KcPauseView **ret_pause, KcResult *result,
                              GError **error);
gboolean kc_app_take_back_pause(KcApp *app, const KcPrincipal *who, const char *case_id, const char *pause_id,
                                KcResult *result, GError **error);

/* `outcome`: "goes_on", "officer_sent" (which sends one), "document_withdrawn" (an agreement). `note` is needed. */
gboolean kc_app_resolve_pause(KcApp *app, const KcPrincipal *who, const char *case_id, const char *pause_id,
                              const char *outcome, const char *note, KcPauseView **ret_pause, KcResult *result,
                              GError **error);

/* of KcPauseView: those that stand, of the cases of whoever asks; to a supervisor of all that it sees. */
gboolean kc_app_list_pauses(KcApp *app, const KcPrincipal *who, GPtrArray **ret_pauses, KcResult *result,
                            GError **error);
