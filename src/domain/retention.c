#include "src/domain/retention.h"

#include <string.h>

void
kc_retention_rule_free(KcRetentionRule *rule)
{
    if (rule == NULL)
        return;
    g_free(rule->code);
    g_strfreev(rule->states);
    g_strfreev(rule->closing_codes);
    g_free(rule->legal_basis);
    g_free(rule->title_zh);
    g_free(rule->title_en);
    g_free(rule->effective_from);
    g_free(rule->effective_to);
    g_free(rule);
}

static gboolean
is_one_of(const GStrv texts, const char *text)
{
    return text != NULL && g_strv_contains((const char *const *)texts, text);
}

static gboolean
was_in_force(const KcRetentionRule *rule, KcDay day)
{
    g_autofree char *text = kc_day_to_text(day);
    return strcmp(rule->effective_from, text) <= 0 &&
           (rule->effective_to == NULL || strcmp(text, rule->effective_to) <= 0);
}

static gboolean
applies(const KcRetentionRule *rule, KcRetained what, const KcRetentionFacts *facts, KcDay ended)
{
    gboolean closing = rule->closing_codes == NULL || rule->closing_codes[0] == NULL ||
                       is_one_of(rule->closing_codes, facts->closing_code);
    return rule->covers == what && is_one_of(rule->states, facts->state) && closing &&
           (!rule->injured_only || facts->injured) && was_in_force(rule, ended);
}

/* The longest of those that apply: its last day. */
static const KcRetentionRule *
longest(const GPtrArray *rules, const KcCalendar *calendar, KcRetained what, const KcRetentionFacts *facts,
        KcDay *ret_last)
{
    const KcRetentionRule *found = NULL;
    KcDay ended = kc_day_of_time(facts->ended_us);
    for (guint i = 0; i < rules->len; i++) {
        const KcRetentionRule *rule = rules->pdata[i];
        if (!applies(rule, what, facts, ended))
            continue;
        KcDay last = kc_calendar_due(calendar, ended, rule->period).day;
        if (found != NULL && last <= *ret_last)
            continue;
        found = rule;
        *ret_last = last;
    }
    return found;
}

/* The end of what still runs; `*ret_owed`: what has run out and binds the police is not done. */
static gint64
limits_until_us(const GPtrArray *deadlines, gboolean *ret_owed)
{
    gint64 until_us = 0;
    *ret_owed = FALSE;
    for (guint i = 0; deadlines != NULL && i < deadlines->len; i++) {
        const KcDeadline *deadline = deadlines->pdata[i];
        gboolean police = deadline->rule->bound == KC_BOUND_UNIT || deadline->rule->bound == KC_BOUND_HIGHER_UNIT;
        if (deadline->state == KC_DEADLINE_RUNNING || deadline->state == KC_DEADLINE_DUE_SOON)
            until_us = MAX(until_us, kc_day_start_us(deadline->due.day + 1));
        *ret_owed |= deadline->state == KC_DEADLINE_PAST && police;
    }
    return until_us;
}

KcRetentionVerdict
kc_retention_of(const GPtrArray *rules, const KcCalendar *calendar, KcRetained what, const KcRetentionFacts *facts,
                gint64 now_us)
{
    KcDay last = 0;
    gboolean owed;
    if (facts->ended_us == 0)
        return (KcRetentionVerdict){.state = KC_RETENTION_OPEN};
    const KcRetentionRule *rule = longest(rules, calendar, what, facts, &last);
    if (rule == NULL)
        return (KcRetentionVerdict){.state = KC_RETENTION_NO_RULE};
    gint64 limits_us = limits_until_us(facts->deadlines, &owed), rule_us = kc_day_start_us(last + 1);
    KcRetentionVerdict verdict = {KC_RETENTION_DUE, rule, MAX(rule_us, limits_us)};
    if (facts->on_hold)
        verdict.state = KC_RETENTION_ON_HOLD;
    else if (facts->under_review)
        verdict.state = KC_RETENTION_UNDER_REVIEW;
    else if (owed || (limits_us > rule_us && limits_us > now_us))
        verdict.state = KC_RETENTION_DEADLINE;
    else if (verdict.at_us > now_us)
        verdict.state = KC_RETENTION_RUNS;
    if (facts->on_hold || facts->under_review || owed)
        verdict.at_us = 0;
    return verdict;
}

static const char *const RETAINED[] = {[KC_RETAINED_RECORDINGS] = "recordings", [KC_RETAINED_CASE] = "case"};
static const char *const STATES[] = {
    [KC_RETENTION_DUE] = "due",
    [KC_RETENTION_RUNS] = "runs",
    [KC_RETENTION_OPEN] = "open",
    [KC_RETENTION_ON_HOLD] = "on_hold",
    [KC_RETENTION_UNDER_REVIEW] = "under_review",
    [KC_RETENTION_DEADLINE] = "deadline",
    [KC_RETENTION_NO_RULE] = "no_rule",
};
G_STATIC_ASSERT(G_N_ELEMENTS(STATES) == KC_RETENTION_STATE_COUNT);

const char *
kc_retained_to_string(KcRetained what)
{
    return RETAINED[what];
}

gboolean
kc_retained_from_string(const char *text, KcRetained *ret_what)
{
    for (guint i = 0; i < KC_RETAINED_COUNT; i++) {
        if (strcmp(text, RETAINED[i]) == 0) {
            *ret_what = (KcRetained)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *
kc_retention_state_to_string(KcRetentionState state)
{
    return STATES[state];
}
