#include "src/domain/approval.h"

#include "src/base/names.h"

static const char *const MEASURES[KC_MEASURE_COUNT] = {
    [KC_MEASURE_INJURED] = "injured",
    [KC_MEASURE_DAMAGE_CNY] = "damage_cny",
    [KC_MEASURE_LIABLE_PARTIES] = "liable_parties",
};

void
kc_approval_rule_free(KcApprovalRule *rule)
{
    if (rule == NULL)
        return;
    g_free(rule->code);
    g_free(rule->title_zh);
    g_free(rule->title_en);
    g_free(rule);
}

static gint64
liable_parties(const KcDetermination *draft)
{
    gint64 count = 0;
    for (guint i = 0; i < draft->parties->len; i++) {
        const KcDeterminationParty *party = draft->parties->pdata[i];
        count += party->liability != KC_LIABILITY_UNSET && party->liability != KC_LIABILITY_NONE;
    }
    return count;
}

gint64
kc_approval_measure(KcMeasure measure, const KcDetermination *draft, const KcTriage *triage)
{
    switch (measure) {
    case KC_MEASURE_INJURED:
        return MAX(draft->injured, triage->injury != KC_INJURY_NONE ? 1 : 0);
    case KC_MEASURE_DAMAGE_CNY:
        return MAX(draft->damage_cny, 0);
    case KC_MEASURE_LIABLE_PARTIES:
        return liable_parties(draft);
    default:
        g_assert_not_reached();
    }
}

GPtrArray *
kc_approval_grounds(const KcDetermination *draft, const KcTriage *triage, const GPtrArray *rules)
{
    GPtrArray *grounds = g_ptr_array_new();
    for (guint i = 0; i < rules->len; i++) {
        KcApprovalRule *rule = rules->pdata[i];
        if (rule->enabled && kc_approval_measure(rule->measure, draft, triage) > rule->more_than)
            g_ptr_array_add(grounds, rule);
    }
    return grounds;
}

const char *
kc_measure_to_string(KcMeasure measure)
{
    g_assert(measure < KC_MEASURE_COUNT);
    return MEASURES[measure];
}

gboolean
kc_measure_from_string(const char *text, KcMeasure *ret_measure)
{
    gint place = kc_names_find(MEASURES, KC_MEASURE_COUNT, text);
    if (place >= 0)
        *ret_measure = (KcMeasure)place;
    return place >= 0;
}
