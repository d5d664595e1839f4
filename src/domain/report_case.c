/* The table of kinds says what an entry does to the facts of its case; other kinds do nothing. */
#include "src/domain/report_case.h"

#include "src/base/names.h"

#include <string.h>

struct KcReportFold {
    KcReportCase facts;
    gboolean opened;
    gint64 queued_us, claimed_us, evacuated_us, closed_us;
    gboolean shots_of_road;   /* rather than of the document */
    GHashTable *tracks;       /* id of a recording -> of whom; NULL: none */
    GHashTable *participants; /* who -> whether a recording is there */
};

KcReportFold *
kc_report_fold_new(const char *case_id)
{
    KcReportFold *fold = g_new0(KcReportFold, 1);
    g_strlcpy(fold->facts.id, case_id, sizeof fold->facts.id);
    fold->facts.shots_asked = fold->facts.shots_taken = -1;
    return fold;
}

void
kc_report_fold_free(KcReportFold *fold)
{
    if (fold == NULL)
        return;
    g_clear_pointer(&fold->tracks, g_hash_table_unref);
    g_clear_pointer(&fold->participants, g_hash_table_unref);
    g_free(fold);
}

static void
set_code(char code[KC_REPORT_CODE_MAX], const char *text)
{
    g_strlcpy(code, text != NULL ? text : "", KC_REPORT_CODE_MAX);
}

/* ---- from the opening to the end ---- */

static void
on_opened(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->opened = TRUE;
    fold->facts.opened_us = entry->at_us;
    set_code(fold->facts.number, entry->number);
    set_code(fold->facts.channel, entry->channel);
    set_code(fold->facts.county, entry->county);
}

static void
on_place_changed(KcReportFold *fold, const KcReportEntry *entry)
{
    set_code(fold->facts.county, entry->county);
}

static void
on_queued(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.outcome = KC_REPORT_OPEN;
    if (fold->queued_us == 0)
        fold->queued_us = entry->at_us;
}

static void
on_unqueued(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->queued_us = 0;
}

static void
on_claimed(KcReportFold *fold, const KcReportEntry *entry)
{
    set_code(fold->facts.officer, entry->actor_id);
    if (fold->closed_us == 0)
        fold->claimed_us = entry->at_us;
}

static void
on_handed_over(KcReportFold *fold, const KcReportEntry *entry)
{
    set_code(fold->facts.officer, entry->actor_id);
}

static void
on_given_back(KcReportFold *fold, const KcReportEntry *entry)
{
    set_code(fold->facts.officer, NULL);
}

static void
take_shots(KcReportFold *fold, const KcReportEntry *entry, gboolean of_road)
{
    if (entry->shots_asked < 0 || (fold->shots_of_road && !of_road))
        return;
    fold->shots_of_road = of_road;
    fold->facts.shots_asked = entry->shots_asked;
    fold->facts.shots_taken = MIN(entry->shots_taken, entry->shots_asked);
}

static void
on_evacuated(KcReportFold *fold, const KcReportEntry *entry)
{
    if (fold->evacuated_us != 0)
        return;
    fold->evacuated_us = entry->at_us;
    take_shots(fold, entry, TRUE);
}

static void
take_accident(KcReportFold *fold, const KcReportEntry *entry)
{
    char *codes = fold->facts.scenarios;
    const char *text = entry->scenarios != NULL ? entry->scenarios : "";
    set_code(fold->facts.form, entry->form);
    if (g_strlcpy(codes, text, KC_REPORT_CODES_MAX) < KC_REPORT_CODES_MAX)
        return;
    char *last = strrchr(codes, ' ');
    *(last != NULL ? last : codes) = '\0';
}

static void
on_issued(KcReportFold *fold, const KcReportEntry *entry)
{
    if (g_strcmp0(entry->document_kind, "determination") != 0)
        return;
    fold->facts.outcome = KC_REPORT_DETERMINED;
    take_accident(fold, entry);
    take_shots(fold, entry, FALSE);
}

static void
on_agreed(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.outcome = KC_REPORT_AGREED;
    take_accident(fold, entry);
}

static void
on_closed(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.closed = TRUE;
    set_code(fold->facts.closing_code, entry->closing_code);
    if (fold->closed_us == 0)
        fold->closed_us = entry->at_us;
}

static void
on_declined(KcReportFold *fold, const KcReportEntry *entry)
{
    on_closed(fold, entry);
    fold->facts.outcome = KC_REPORT_DECLINED;
}

static void
on_on_scene(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.outcome = KC_REPORT_ON_SCENE;
    fold->facts.closed = FALSE;
    set_code(fold->facts.closing_code, NULL);
    set_code(fold->facts.ground, entry->ground != NULL                       ? entry->ground
                                 : g_strcmp0(entry->actor_kind, "user") == 0 ? "desk"
                                                                             : "party");
}

static void
on_abandoned(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.outcome = KC_REPORT_ABANDONED;
    fold->queued_us = 0;
}

static void
on_expired(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.outcome = KC_REPORT_ABANDONED;
}

/* ---- reviews ---- */

static void
on_reopened(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.outcome = KC_REPORT_OPEN;
    fold->facts.closed = FALSE;
    set_code(fold->facts.closing_code, NULL);
    set_code(fold->facts.officer, NULL);
}

static void
on_review_asked(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.review = KC_REPORT_REVIEW_ASKED;
}

static void
on_review_withdrawn(KcReportFold *fold, const KcReportEntry *entry)
{
    fold->facts.review = KC_REPORT_REVIEW_WITHDRAWN;
}

static void
on_review_concluded(KcReportFold *fold, const KcReportEntry *entry)
{
    static const struct {
        const char *outcome;
        KcReportReview review;
    } outcomes[] = {{"upheld", KC_REPORT_REVIEW_UPHELD},
                    {"upheld_corrected", KC_REPORT_REVIEW_CORRECTED},
                    {"anew", KC_REPORT_REVIEW_OVERTURNED}};
    for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++)
        if (g_strcmp0(entry->review_outcome, outcomes[i].outcome) == 0)
            fold->facts.review = outcomes[i].review;
    if (entry->reopened)
        on_reopened(fold, entry);
}

/* ---- the call ---- */

static void
on_joined(KcReportFold *fold, const KcReportEntry *entry)
{
    if (entry->recording_id == NULL || entry->actor_id == NULL)
        return;
    if (fold->tracks == NULL) {
        fold->tracks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        fold->participants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    g_hash_table_insert(fold->tracks, g_strdup(entry->recording_id), g_strdup(entry->actor_id));
    if (!g_hash_table_contains(fold->participants, entry->actor_id)) {
        g_hash_table_insert(fold->participants, g_strdup(entry->actor_id), GINT_TO_POINTER(FALSE));
        fold->facts.people++;
    }
}

static void
on_recorded(KcReportFold *fold, const KcReportEntry *entry)
{
    const char *who =
        fold->tracks != NULL && entry->object_id != NULL ? g_hash_table_lookup(fold->tracks, entry->object_id) : NULL;
    fold->facts.gaps += entry->gaps;
    fold->facts.gap_ms += entry->gap_ms;
    if (who == NULL || GPOINTER_TO_INT(g_hash_table_lookup(fold->participants, who)))
        return;
    g_hash_table_insert(fold->participants, g_strdup(who), GINT_TO_POINTER(TRUE));
    fold->facts.people_recorded++;
}

/* ---- all ---- */

static const struct {
    const char *kind;
    void (*take)(KcReportFold *fold, const KcReportEntry *entry);
} KINDS[] = {
    {"agreement.agreed", on_agreed},
    {"call.joined", on_joined},
    {"case.abandoned", on_abandoned},
    {"case.claimed", on_claimed},
    {"case.closed", on_closed},
    {"case.evacuated", on_evacuated},
    {"case.expired", on_expired},
    {"case.handed_over", on_handed_over},
    {"case.on_scene", on_on_scene},
    {"case.opened", on_opened},
    {"case.place_changed", on_place_changed},
    {"case.queued", on_queued},
    {"case.released", on_given_back},
    {"case.reopened", on_reopened},
    {"case.returned", on_given_back},
    {"case.unqueued", on_unqueued},
    {"document.issued", on_issued},
    {"recording.finished", on_recorded},
    {"recording.recovered", on_recorded},
    {"report.declined", on_declined},
    {"review.asked", on_review_asked},
    {"review.concluded", on_review_concluded},
    {"review.withdrawn", on_review_withdrawn},
};

static gssize
find_kind(const char *kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++)
        if (strcmp(kind, KINDS[i].kind) == 0)
            return (gssize)i;
    return -1;
}

gboolean
kc_report_fold_wants(const char *kind)
{
    return find_kind(kind) >= 0;
}

void
kc_report_fold_take(KcReportFold *fold, const KcReportEntry *entry)
{
    gssize place = find_kind(entry->kind);
    if (place >= 0)
        KINDS[place].take(fold, entry);
}

static gint64
between(gint64 from_us, gint64 to_us)
{
    return from_us > 0 && to_us > 0 && to_us >= from_us ? to_us - from_us : -1;
}

gboolean
kc_report_fold_result(const KcReportFold *fold, KcReportCase *ret_case)
{
    gint64 begin_us = fold->queued_us > 0 ? fold->queued_us : fold->facts.opened_us;
    *ret_case = fold->facts;
    ret_case->answer_us = between(fold->queued_us, fold->claimed_us);
    ret_case->clear_us = between(fold->claimed_us, fold->evacuated_us);
    ret_case->close_us = between(begin_us, fold->closed_us);
    return fold->opened;
}

/* ---- names ---- */

static const char *const OUTCOMES[KC_REPORT_OUTCOME_COUNT] = {
    [KC_REPORT_OPEN] = "open",         [KC_REPORT_DETERMINED] = "determined", [KC_REPORT_AGREED] = "agreed",
    [KC_REPORT_ON_SCENE] = "on_scene", [KC_REPORT_ABANDONED] = "abandoned",   [KC_REPORT_DECLINED] = "declined",
};

static const char *const REVIEWS[KC_REPORT_REVIEW_COUNT] = {
    [KC_REPORT_REVIEW_NONE] = "none",           [KC_REPORT_REVIEW_ASKED] = "asked",
    [KC_REPORT_REVIEW_WITHDRAWN] = "withdrawn", [KC_REPORT_REVIEW_UPHELD] = "upheld",
    [KC_REPORT_REVIEW_CORRECTED] = "corrected", [KC_REPORT_REVIEW_OVERTURNED] = "overturned",
};

const char *
kc_report_outcome_to_string(KcReportOutcome outcome)
{
    return OUTCOMES[outcome];
}

gboolean
kc_report_outcome_from_string(const char *text, KcReportOutcome *ret_outcome)
{
    gint place = kc_names_find(OUTCOMES, KC_REPORT_OUTCOME_COUNT, text);
    if (place >= 0)
        *ret_outcome = (KcReportOutcome)place;
    return place >= 0;
}

const char *
kc_report_review_to_string(KcReportReview review)
{
    return REVIEWS[review];
}

gboolean
kc_report_review_from_string(const char *text, KcReportReview *ret_review)
{
    gint place = kc_names_find(REVIEWS, KC_REPORT_REVIEW_COUNT, text);
    if (place >= 0)
        *ret_review = (KcReportReview)place;
    return place >= 0;
}
