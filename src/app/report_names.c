#include "src/app/report_names.h"

#include "src/store/user_store.h"

#include <string.h>

struct KcReportNames {
    const KcRules *rules;
    GHashTable *officers; /* id -> name with badge */
};

typedef struct {
    const char *code, *zh, *en;
} Word;

static const Word CHANNELS[] = {
    {"app_12123", "12123 App", "the 12123 app"},
    {"alarm_122", "122 报警", "122 calls"},
    {"web", "网页", "the web page"},
    {"desk", "快处中心录入", "the desk"},
    {"kiosk", "服务点终端", "kiosks"},
};

static const Word OUTCOMES[] = {
    {"determined", "在线认定", "determined online"},    {"agreed", "自行协商", "agreed by the parties"},
    {"on_scene", "到现场处理", "handled at the scene"}, {"abandoned", "当事人离开", "caller gone"},
    {"declined", "不予受理", "not accepted"},           {"open", "尚在办理", "being handled"},
};

static const Word GROUNDS[] = {{"party", "当事人要求", "a party asked"},
                               {"desk", "快处中心派警", "the desk sent an officer"}};

static const char *
word_of(const Word *words, gsize count, const char *code, KcReportLanguage language)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(words[i].code, code) == 0)
            return language == KC_REPORT_ZH ? words[i].zh : words[i].en;
    return NULL;
}

KcReportNames *
kc_report_names_new(const KcRules *rules, const GPtrArray *users)
{
    KcReportNames *names = g_new0(KcReportNames, 1);
    names->rules = rules;
    names->officers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; users != NULL && i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        char *name = user->badge_number != NULL ? g_strdup_printf("%s %s", user->name, user->badge_number)
                                                : g_strdup(user->name);
        g_hash_table_insert(names->officers, g_strdup(user->id), name);
    }
    return names;
}

void
kc_report_names_free(KcReportNames *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->officers);
    g_free(names);
}

static const char *
county_name(const KcRules *rules, const char *code, gboolean zh)
{
    const KcCounty *county = kc_rules_county(rules, code);
    return county == NULL ? NULL : zh || county->name_en == NULL ? county->name : county->name_en;
}

static const char *
code_name(const KcRules *rules, KcCodeList list, const char *code, gboolean zh)
{
    const KcCode *found = kc_rules_code(rules, list, code, NULL);
    return found == NULL ? NULL : zh ? found->zh : found->en;
}

static const char *
scenario_name(const KcRules *rules, const char *code, gboolean zh)
{
    const KcScenario *scenario = kc_rules_scenario(rules, code, NULL);
    return scenario == NULL ? NULL : zh ? scenario->title_zh : scenario->title_en;
}

static const char *
ground_name(const KcRules *rules, const char *code, KcReportLanguage language)
{
    const GPtrArray *grounds = kc_rules_eligibility(rules);
    for (guint i = 0; i < grounds->len; i++) {
        const KcEligibilityRule *rule = grounds->pdata[i];
        if (strcmp(rule->code, code) == 0)
            return language == KC_REPORT_ZH ? rule->title_zh : rule->title_en;
    }
    return word_of(GROUNDS, G_N_ELEMENTS(GROUNDS), code, language);
}

const char *
kc_report_name(KcReportBy by, const char *key, KcReportLanguage language, gpointer data)
{
    const KcReportNames *names = data;
    gboolean zh = language == KC_REPORT_ZH;
    switch (by) {
    case KC_REPORT_BY_COUNTY:
        return county_name(names->rules, key, zh);
    case KC_REPORT_BY_CHANNEL:
        return word_of(CHANNELS, G_N_ELEMENTS(CHANNELS), key, language);
    case KC_REPORT_BY_FORM:
        return code_name(names->rules, KC_CODES_ACCIDENT_FORM, key, zh);
    case KC_REPORT_BY_SCENARIO:
        return scenario_name(names->rules, key, zh);
    case KC_REPORT_BY_OFFICER:
        return g_hash_table_lookup(names->officers, key);
    case KC_REPORT_BY_OUTCOME:
        return word_of(OUTCOMES, G_N_ELEMENTS(OUTCOMES), key, language);
    case KC_REPORT_BY_CLOSING_CODE:
        return code_name(names->rules, KC_CODES_CLOSING_CODE, key, zh);
    case KC_REPORT_BY_GROUND:
        return ground_name(names->rules, key, language);
    default:
        return NULL;
    }
}
