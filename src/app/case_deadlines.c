/* The facts of a case from which its deadlines follow: its times, and who was served when.
 *
 * Invariant: what runs from service runs from the record of it (services.h), for each party from its own. */
#include "src/app/internal.h"
#include "src/store/late_report_store.h"
#include "src/store/log_store.h"
#include "src/store/recusal_store.h"
#include "src/store/review_store.h"
#include "src/store/service_store.h"

static void
add(GArray *facts, KcDeadlineEvent event, const char *party_id, gint64 at_us)
{
    const KcDeadlineFact fact = {event, party_id, at_us};
    if (at_us > 0)
        g_array_append_val(facts, fact);
}

/* A report made after the scene was cleared (art. 18): whoever takes it has accepted it. */
static gboolean
add_late_report(GArray *facts, KcTx *tx, const KcCaseRow *row, gint64 first_claimed_us, GError **error)
{
    g_autoptr(KcLateReport) decision = NULL;
    if (!kc_app_is_late_report(row))
        return TRUE;
    if (!kc_late_report_store_get(tx, row->id, &decision, error))
        return FALSE;
    add(facts, KC_DEADLINE_LATE_REPORTED, NULL, row->created_us);
    add(facts, KC_DEADLINE_REPORT_DECIDED, NULL, decision != NULL ? decision->decided_us : first_claimed_us);
    return TRUE;
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
add_services(GArray *facts, const GPtrArray *services)
{
    for (guint i = 0; services != NULL && i < services->len; i++) {
        const KcService *service = services->pdata[i];
        add(facts, KC_DEADLINE_SERVED, service->party_id, service->served_us);
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

/* Of the case, not of the party that asked: there is one review of an accident (art. 71(2)), so a request ends the time
 * for another. Forwarded is accepted: the higher unit has it from then on (art. 73). */
static void
add_review(GArray *facts, const KcReviewRow *review, const KcCaseRow *row)
{
    gboolean anew = g_strcmp0(review->outcome, kc_review_outcome_to_string(KC_REVIEW_ANEW)) == 0;
    add(facts, KC_DEADLINE_REVIEW_ASKED, NULL, review->asked_us);
    add(facts, KC_DEADLINE_REVIEW_FORWARDED, NULL, review->forwarded_us);
    add(facts, KC_DEADLINE_REVIEW_ACCEPTED, NULL, review->forwarded_us);
    add(facts, KC_DEADLINE_REVIEW_WITHDRAWN, NULL, review->withdrawn_us);
    add(facts, KC_DEADLINE_REVIEW_CONCLUDED, NULL, review->concluded_us);
    add(facts, KC_DEADLINE_REVIEW_SERVED, NULL, review->served_us);
    add(facts, KC_DEADLINE_SUIT_FILED, NULL, review->suit_us);
    add(facts, KC_DEADLINE_REDO_ORDERED, NULL, anew ? review->concluded_us : 0);
    add(facts, KC_DEADLINE_REDETERMINED, NULL, anew && row->determined_us > review->concluded_us ? row->determined_us : 0);
}

GPtrArray *
kc_app_deadlines(KcApp *app, KcTx *tx, const KcCaseRow *row, const char *document_id, GError **error)
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
    g_autoptr(KcReviewRow) review = NULL;
    if (!kc_review_store_get(tx, row->id, &review, error))
        return NULL;
    add_times(facts, row, first_claimed_us);
    if (!add_late_report(facts, tx, row, first_claimed_us, error))
        return NULL;
    if (review != NULL)
        add_review(facts, review, row);
    g_autoptr(GPtrArray) services = NULL;
    if (document_id != NULL && (services = kc_service_store_list(tx, row->id, document_id, error)) == NULL)
        return NULL;
    add_services(facts, services);
    /* A year that came after the case was opened runs for it all the same: without it every day of it would be worked. */
    const KcRules *rules = kc_app_rules_of(app, row);
    g_autoptr(KcCalendar) calendar = kc_calendar_with_newer(kc_rules_calendar(rules), kc_rules_calendar(kc_app_rules(app)));
    return kc_deadlines_of(kc_rules_deadlines(rules), calendar,
                           (const KcDeadlineFact *)facts->data, facts->len, kc_app_now(app));
}

void
kc_app_keep_told(GPtrArray *deadlines, const KcPrincipal *who)
{
    for (guint i = deadlines->len; who->party_id != NULL && i > 0; i--)
        if (!kc_deadline_is_told_to(deadlines->pdata[i - 1], who->party_id))
            g_ptr_array_remove_index(deadlines, i - 1);
}

const char *
kc_app_served_id(const GPtrArray *documents)
{
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    return standing != NULL && strcmp(standing->kind, "determination") == 0 ? standing->id : NULL;
}

/* As kc_app_deadlines, of the document that is served. */
static GPtrArray *
load_deadlines(KcApp *app, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    return documents != NULL ? kc_app_deadlines(app, tx, row, kc_app_served_id(documents), error) : NULL;
}

gboolean
kc_app_told_until(KcApp *app, KcTx *tx, const KcCaseRow *row, const char *party_id, gint64 *ret_until_us,
                  GError **error)
{
    g_autoptr(GPtrArray) deadlines = load_deadlines(app, tx, row, error);
    if (deadlines != NULL)
        *ret_until_us = kc_deadlines_told_until_us(deadlines, party_id);
    return deadlines != NULL;
}

gboolean
kc_app_prolong_links(KcApp *app, KcTx *tx, const KcCaseRow *row, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    g_autoptr(GPtrArray) deadlines = parties != NULL ? load_deadlines(app, tx, row, error) : NULL;
    for (guint i = 0; deadlines != NULL && i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        gint64 until_us = kc_deadlines_told_until_us(deadlines, party->id);
        if (!kc_capability_store_prolong(tx, party->id, now_us, until_us, error))
            return FALSE;
    }
    return deadlines != NULL;
}
