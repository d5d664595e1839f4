/* Invariants
 *
 * 1. One deadline for each rule and each fact that puts it on the list; a rule that wasn't in force on the day of the
 * start makes none.
 * 2. A last day is in time until its end: a deadline is past only from the day after.
 * 3. What ends a deadline comes after its start, and is of the same party or of the case. */
#include "src/domain/deadlines.h"

#include "src/base/names.h"
#include "src/domain/local_time.h"

#include <string.h>

static const char *const EVENTS[KC_DEADLINE_EVENT_COUNT] = {
    [KC_DEADLINE_OCCURRED] = "occurred",
    [KC_DEADLINE_LATE_REPORTED] = "late_reported",
    [KC_DEADLINE_REPORT_DECIDED] = "report_decided",
    [KC_DEADLINE_OFFICER_ASKED] = "officer_asked",
    [KC_DEADLINE_PATROL_SENT] = "patrol_sent",
    [KC_DEADLINE_HANDLING_BEGAN] = "handling_began",
    [KC_DEADLINE_HANDED_OVER] = "handed_over",
    [KC_DEADLINE_ABANDONED] = "abandoned",
    [KC_DEADLINE_DETERMINED] = "determined",
    [KC_DEADLINE_SERVED] = "served",
    [KC_DEADLINE_SERVED_ON_ALL] = "served_on_all",
    [KC_DEADLINE_CLOSED] = "closed",
    [KC_DEADLINE_INVESTIGATION_BEGAN] = "investigation_began",
    [KC_DEADLINE_GENERAL_DETERMINED] = "general_determined",
    [KC_DEADLINE_FAST_ASKED] = "fast_asked",
    [KC_DEADLINE_MEDIATION_ASKED] = "mediation_asked",
    [KC_DEADLINE_MEDIATION_BEGAN] = "mediation_began",
    [KC_DEADLINE_MEDIATION_ENDED] = "mediation_ended",
    [KC_DEADLINE_SUIT_FILED] = "suit_filed",
    [KC_DEADLINE_REVIEW_ASKED] = "review_asked",
    [KC_DEADLINE_REVIEW_FORWARDED] = "review_forwarded",
    [KC_DEADLINE_REVIEW_FILE_ASKED] = "review_file_asked",
    [KC_DEADLINE_REVIEW_FILE_SENT] = "review_file_sent",
    [KC_DEADLINE_REVIEW_ACCEPTED] = "review_accepted",
    [KC_DEADLINE_REVIEW_WITHDRAWN] = "review_withdrawn",
    [KC_DEADLINE_REVIEW_CONCLUDED] = "review_concluded",
    [KC_DEADLINE_REVIEW_SERVED] = "review_served",
    [KC_DEADLINE_REDO_ORDERED] = "redo_ordered",
    [KC_DEADLINE_REDETERMINED] = "redetermined",
    [KC_DEADLINE_RECUSAL_ASKED] = "recusal_asked",
    [KC_DEADLINE_RECUSAL_DECIDED] = "recusal_decided",
    [KC_DEADLINE_COURT_FILE_ASKED] = "court_file_asked",
    [KC_DEADLINE_COURT_FILE_SENT] = "court_file_sent",
    [KC_DEADLINE_CLAIM_MADE] = "claim_made",
    [KC_DEADLINE_CLAIM_PAPERS_LISTED] = "claim_papers_listed",
    [KC_DEADLINE_CLAIM_PAPERS_HANDED_IN] = "claim_papers_handed_in",
    [KC_DEADLINE_CLAIM_DECIDED] = "claim_decided",
    [KC_DEADLINE_CLAIM_AGREED] = "claim_agreed",
    [KC_DEADLINE_CLAIM_PAID] = "claim_paid",
};

static const char *const BOUND[KC_BOUND_COUNT] = {
    [KC_BOUND_UNIT] = "unit",       [KC_BOUND_HIGHER_UNIT] = "higher_unit", [KC_BOUND_PARTY] = "party",
    [KC_BOUND_PARTIES] = "parties", [KC_BOUND_INSURER] = "insurer",
};

static const char *const STATES[KC_DEADLINE_STATE_COUNT] = {
    [KC_DEADLINE_RUNNING] = "running", [KC_DEADLINE_DUE_SOON] = "due_soon",     [KC_DEADLINE_PAST] = "past",
    [KC_DEADLINE_ENDED] = "ended",     [KC_DEADLINE_ENDED_LATE] = "ended_late",
};

void
kc_deadline_rule_free(KcDeadlineRule *rule)
{
    if (rule == NULL)
        return;
    char *texts[] = {rule->code,   rule->legal_basis, rule->title_zh,       rule->title_en,
                     rule->how_zh, rule->how_en,      rule->effective_from, rule->effective_to};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(rule);
}

void
kc_deadline_free(KcDeadline *deadline)
{
    if (deadline == NULL)
        return;
    g_free(deadline->party_id);
    g_free(deadline);
}

/* ---- from facts to deadlines ---- */

typedef struct {
    const KcCalendar *calendar;
    const KcDeadlineFact *facts;
    gsize count;
    gint64 now_us;
} Facts;

static gboolean
concerns(const KcDeadlineFact *fact, const char *party_id)
{
    return fact->party_id == NULL || party_id == NULL || strcmp(fact->party_id, party_id) == 0;
}

/* The first fact of the set `events` from `from_us` up to now, of this party or of the case; NULL: none. */
static const KcDeadlineFact *
first_of(const Facts *all, guint64 events, const char *party_id, gint64 from_us)
{
    const KcDeadlineFact *first = NULL;
    for (gsize i = 0; i < all->count; i++) {
        const KcDeadlineFact *fact = &all->facts[i];
        if ((events & G_GUINT64_CONSTANT(1) << fact->event) != 0 && fact->at_us >= from_us &&
            fact->at_us <= all->now_us && concerns(fact, party_id) && (first == NULL || fact->at_us < first->at_us))
            first = fact;
    }
    return first;
}

static KcDeadlineState
state_of(const KcDeadline *deadline)
{
    if (deadline->ended_us > 0)
        return kc_day_of_time(deadline->ended_us) <= deadline->due.day ? KC_DEADLINE_ENDED : KC_DEADLINE_ENDED_LATE;
    if (deadline->days_left < 0)
        return KC_DEADLINE_PAST;
    return deadline->days_left <= (int)deadline->rule->warn_days ? KC_DEADLINE_DUE_SOON : KC_DEADLINE_RUNNING;
}

static int
days_left(const KcDeadline *deadline, const KcCalendar *calendar, KcDay today)
{
    KcDay due = deadline->due.day;
    int calendar_days = due - today;
    if (deadline->rule->period.unit != KC_UNIT_WORKING_DAY)
        return calendar_days;
    int working_days = kc_calendar_working_days(calendar, today, due);
    /* Over on a Friday, and today is the Saturday after: no working day has passed, but the last day has. */
    return calendar_days < 0 ? MIN(working_days, -1) : working_days;
}

static gboolean
is_barred(const Facts *all, const KcDeadlineRule *rule, const char *party_id, gint64 start_us)
{
    const KcDeadlineFact *bar = first_of(all, rule->unless, party_id, G_MININT64);
    return bar != NULL && bar->at_us < start_us;
}

/* NULL where the rule isn't in force, is barred, or its start isn't known. */
static KcDeadline *
deadline_new(const Facts *all, const KcDeadlineRule *rule, const KcDeadlineFact *listed)
{
    const KcDeadlineFact *start =
        rule->once == rule->starts ? listed
                                   : first_of(all, G_GUINT64_CONSTANT(1) << rule->starts, listed->party_id, G_MININT64);
    if (start == NULL)
        return NULL;
    g_autofree char *on_date = kc_local_date(start->at_us);
    if (!kc_local_date_in(on_date, rule->effective_from, rule->effective_to) ||
        is_barred(all, rule, listed->party_id, start->at_us))
        return NULL;
    KcDeadline *deadline = g_new0(KcDeadline, 1);
    const KcDeadlineFact *end = first_of(all, rule->ends, listed->party_id, start->at_us);
    deadline->rule = rule;
    deadline->party_id = g_strdup(listed->party_id);
    deadline->started_us = start->at_us;
    deadline->ended_us = end != NULL ? end->at_us : 0;
    deadline->due = kc_calendar_due(all->calendar, kc_day_of_time(start->at_us), rule->period);
    deadline->days_left = days_left(deadline, all->calendar, kc_day_of_time(all->now_us));
    deadline->state = state_of(deadline);
    return deadline;
}

static int
by_urgency(gconstpointer a, gconstpointer b)
{
    const KcDeadline *one = *(const KcDeadline *const *)a, *two = *(const KcDeadline *const *)b;
    gboolean one_over = one->ended_us > 0, two_over = two->ended_us > 0;
    if (one_over != two_over)
        return one_over - two_over;
    if (one->due.day != two->due.day)
        return one->due.day < two->due.day ? -1 : 1;
    int code = strcmp(one->rule->code, two->rule->code);
    return code != 0 ? code : g_strcmp0(one->party_id, two->party_id);
}

GPtrArray *
kc_deadlines_of(const GPtrArray *rules, const KcCalendar *calendar, const KcDeadlineFact *facts, gsize count,
                gint64 now_us)
{
    const Facts all = {calendar, facts, count, now_us};
    GPtrArray *deadlines = g_ptr_array_new_with_free_func((GDestroyNotify)kc_deadline_free);

    for (guint r = 0; r < rules->len; r++) {
        const KcDeadlineRule *rule = rules->pdata[r];
        for (gsize i = 0; i < count; i++) {
            if (facts[i].event != rule->once || facts[i].at_us > now_us)
                continue;
            KcDeadline *deadline = deadline_new(&all, rule, &facts[i]);
            if (deadline != NULL)
                g_ptr_array_add(deadlines, deadline);
        }
    }
    g_ptr_array_sort(deadlines, by_urgency);
    return deadlines;
}

/* ---- who is told ---- */

gboolean
kc_deadline_is_told_to(const KcDeadline *deadline, const char *party_id)
{
    return deadline->rule->told_to_parties &&
           (deadline->party_id == NULL || g_strcmp0(deadline->party_id, party_id) == 0);
}

gint64
kc_deadlines_told_until_us(const GPtrArray *deadlines, const char *party_id)
{
    gint64 until_us = 0;
    for (guint i = 0; i < deadlines->len; i++) {
        const KcDeadline *deadline = deadlines->pdata[i];
        KcPeriodUnit unit = deadline->rule->period.unit;
        gboolean in_days = unit == KC_UNIT_WORKING_DAY || unit == KC_UNIT_CALENDAR_DAY;
        if (in_days && kc_deadline_is_told_to(deadline, party_id))
            until_us = MAX(until_us, kc_day_start_us(deadline->due.day + 1));
    }
    return until_us;
}

/* ---- names ---- */

const char *
kc_deadline_event_to_string(KcDeadlineEvent event)
{
    g_assert(event < KC_DEADLINE_EVENT_COUNT);
    return EVENTS[event];
}

gboolean
kc_deadline_event_from_string(const char *text, KcDeadlineEvent *ret_event)
{
    gint place = kc_names_find(EVENTS, KC_DEADLINE_EVENT_COUNT, text);
    if (place >= 0)
        *ret_event = (KcDeadlineEvent)place;
    return place >= 0;
}

const char *
kc_bound_to_string(KcBound bound)
{
    g_assert(bound < KC_BOUND_COUNT);
    return BOUND[bound];
}

gboolean
kc_bound_from_string(const char *text, KcBound *ret_bound)
{
    gint place = kc_names_find(BOUND, KC_BOUND_COUNT, text);
    if (place >= 0)
        *ret_bound = (KcBound)place;
    return place >= 0;
}

const char *
kc_deadline_state_to_string(KcDeadlineState state)
{
    g_assert(state < KC_DEADLINE_STATE_COUNT);
    return STATES[state];
}
