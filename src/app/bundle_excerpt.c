/* What Order 146, art. 65 gives a party: the evidence and the documents of its case, but not what is private to another
 * (PIPL), as its page shows them. Of the recordings its own track: the others' faces and voices are theirs. */
#include "src/app/bundle_draft.h"

#include <string.h>

gboolean
kc_bundle_has_object(const KcBundleDraft *draft, const KcCaseRow *row, const KcObject *object)
{
    if (!draft->excerpt)
        return TRUE;
    gboolean own = g_strcmp0(object->party_id, draft->who->party_id) == 0;
    if (strcmp(object->kind, "still") == 0 || strcmp(object->kind, "photo") == 0)
        return kc_app_sees_picture(draft->app, draft->who, row, object);
    /* Documents come as masked copies of their text. */
    return own && (strcmp(object->kind, "recording") == 0 || strcmp(object->kind, "signature") == 0 ||
                   strcmp(object->kind, "live_still") == 0);
}

static gboolean
is_given(const KcBundleDraft *draft, const char *id)
{
    for (guint i = 0; id != NULL && i < draft->sealed->len; i++)
        if (strcmp(g_array_index(draft->sealed, KcSealed, i).object->id, id) == 0)
            return TRUE;
    return FALSE;
}

/* What became of the case, and what was written to everybody in its call, is everybody's; of other entries, those about what is given, but not who looked at it from
 * where. */
gboolean
kc_bundle_has_entry(const KcBundleDraft *draft, const KcLogEntry *entry)
{
    static const char *const of_the_case[] = {
        "case.created",       "case.opened",      "case.queued",         "case.claimed",
        "case.evacuated",     "case.served",      "case.closed",         "case.reopened",
        "case.expired",       "case.abandoned",   "document.issued",     "document.revoked",
        "agreement.proposed", "agreement.agreed", "agreement.withdrawn", "message.sent",
        NULL};
    static const char *const of_evidence[] = {
        "still.created",       "still.arrived",     "recording.started", "recording.finished",
        "recording.recovered", "recording.damaged", "object.damaged",    NULL};
    if (!draft->excerpt)
        return TRUE;
    if (g_strcmp0(entry->actor_id, draft->who->party_id) == 0)
        return TRUE;
    if (g_strv_contains(of_the_case, entry->kind))
        return TRUE;
    return g_strv_contains(of_evidence, entry->kind) &&
           is_given(draft, json_string_value(json_object_get(entry->data, "object_id")));
}
