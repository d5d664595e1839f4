/* The facts of a case from which its deadlines follow: its times, and who was served when.
 *
 * Invariant: every decision of a party on the newest document is its service on that party, signed or not: it was shown
 * the exact text, on the spot (Order 146, art. 24), and a refusal is noted on it (art. 24; procedure, art. 36). */
#include "src/app/internal.h"
#include "src/store/log_store.h"
#include "src/store/recusal_store.h"

static void
add(GArray *facts, KcDeadlineEvent event, const char *party_id, gint64 at_us)
{
    const KcDeadlineFact fact = {event, party_id, at_us};
    if (at_us > 0)
        g_array_append_val(facts, fact);
}

static void
add_times(GArray *facts, const KcCaseRow *row, gint64 first_claimed_us)
{
    gboolean left = strcmp(row->state, "abandoned") == 0 || strcmp(row->state, "expired") == 0;
    add(facts, KC_DEADLINE_OCCURRED, NULL, row->occurred_us > 0 ? row->occurred_us : row->created_us);
    add(facts, KC_DEADLINE_HANDLING_BEGAN, NULL, first_claimed_us);
    add(facts, KC_DEADLINE_OFFICER_ASKED, NULL, row->on_scene_us);
    add(facts, KC_DEADLINE_HANDED_OVER, NULL, row->on_scene_us);
    add(facts, KC_DEADLINE_ABANDONED, NULL, left ? row->abandoned_us : 0);
    add(facts, KC_DEADLINE_DETERMINED, NULL, row->determined_us);
    add(facts, KC_DEADLINE_SERVED_ON_ALL, NULL, row->served_us);
    add(facts, KC_DEADLINE_CLOSED, NULL, row->closed_us);
}

static void
add_service(GArray *facts, const GPtrArray *signatures, const char *document_id)
{
    for (guint i = 0; document_id != NULL && i < signatures->len; i++) {
        const KcSignature *signature = signatures->pdata[i];
        if (strcmp(signature->document_id, document_id) == 0)
            add(facts, KC_DEADLINE_SERVED, signature->party_id, signature->signed_us);
    }
}

static void
add_recusals(GArray *facts, const GPtrArray *recusals)
{
    for (guint i = 0; i < recusals->len; i++) {
        const KcRecusal *one = recusals->pdata[i];
        add(facts, KC_DEADLINE_RECUSAL_ASKED, one->party_id, one->asked_us);
        add(facts, KC_DEADLINE_RECUSAL_DECIDED, one->party_id, one->decided_us);
    }
}

GPtrArray *
kc_app_deadlines(KcApp *app, KcTx *tx, const KcCaseRow *row, const GPtrArray *signatures, const char *document_id,
                 GError **error)
{
    g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(KcDeadlineFact));
    gint64 first_claimed_us = 0;
    /* Not row->claimed_us: that is of the last claim, and giving a case back doesn't win time. */
    if (row->claimed_us > 0 && !kc_log_store_first_at(tx, row->id, "case.claimed", &first_claimed_us, error))
        return NULL;
    g_autoptr(GPtrArray) recusals = kc_recusal_store_list(tx, row->id, error);
    if (recusals == NULL)
        return NULL;
    add_recusals(facts, recusals);
    add_times(facts, row, first_claimed_us);
    add_service(facts, signatures, document_id);
    return kc_deadlines_of(kc_rules_deadlines(app->rules), kc_rules_calendar(app->rules),
                           (const KcDeadlineFact *)facts->data, facts->len, kc_app_now(app));
}

void
kc_app_keep_told(GPtrArray *deadlines, const KcPrincipal *who)
{
    for (guint i = deadlines->len; who->party_id != NULL && i > 0; i--)
        if (!kc_deadline_is_told_to(deadlines->pdata[i - 1], who->party_id))
            g_ptr_array_remove_index(deadlines, i - 1);
}

gboolean
kc_app_told_until(KcApp *app, KcTx *tx, const KcCaseRow *row, const char *party_id, gint64 *ret_until_us,
                  GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    g_autoptr(GPtrArray) signatures = documents != NULL ? kc_signature_store_list(tx, row->id, NULL, error) : NULL;
    if (signatures == NULL)
        return FALSE;
    const KcDocumentRow *newest = documents->len > 0 ? documents->pdata[documents->len - 1] : NULL;
    g_autoptr(GPtrArray) deadlines =
        kc_app_deadlines(app, tx, row, signatures, newest != NULL ? newest->id : NULL, error);
    if (deadlines == NULL)
        return FALSE;
    *ret_until_us = kc_deadlines_told_until_us(deadlines, party_id);
    return TRUE;
}
