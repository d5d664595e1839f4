/* The files that are a list of items, and the wording of documents. */
#include "src/domain/citation.h"
#include "src/rules/lists.h"

#include <string.h>

/* ---- what several files share ---- */

void
kc_rules_read_dates(KcReader *reader, const json_t *object, char **ret_from, char **ret_to)
{
    *ret_from = kc_reader_date(reader, object, "effective_from");
    *ret_to = kc_reader_optional_date(reader, object, "effective_to");
    if (*ret_from != NULL && *ret_to != NULL && strcmp(*ret_from, *ret_to) > 0)
        kc_reader_refuse(reader, "effective_to is before effective_from");
}

KcRuleKind
kc_rules_read_kind(KcReader *reader, const json_t *object)
{
    KcRuleKind kind = KC_RULE_LOCAL_POLICY;
    g_autofree char *text = kc_reader_text(reader, object, "kind");
    if (text != NULL && !kc_rule_kind_from_string(text, &kind))
        kc_reader_refuse(reader, "the kind \"%s\" is neither \"law\" nor \"local_policy\"", text);
    return kind;
}

/* What a list as a whole says of itself: checked, so that no list is undated or without a basis. */
void
kc_rules_read_list_head(KcReader *reader, const json_t *object)
{
    g_free(kc_reader_date(reader, object, "effective_from"));
    g_free(kc_reader_text(reader, object, "legal_basis"));
    kc_rules_read_kind(reader, object);
}

/* Two items of one code may not be in force on the same day. */
void
kc_rules_check_unique(KcReader *reader, GHashTable *seen, KcDated item)
{
    GArray *others = g_hash_table_lookup(seen, item.code);
    if (others == NULL) {
        others = g_array_new(FALSE, FALSE, sizeof(KcDated));
        g_hash_table_insert(seen, (gpointer)item.code, others);
    }
    for (guint i = 0; i < others->len; i++) {
        const KcDated *other = &g_array_index(others, KcDated, i);
        gboolean item_ends_first = item.to != NULL && other->from != NULL && strcmp(item.to, other->from) < 0;
        gboolean other_ends_first = other->to != NULL && item.from != NULL && strcmp(other->to, item.from) < 0;
        if (!item_ends_first && !other_ends_first)
            kc_reader_refuse(reader, "the code \"%s\" stands here twice for the same days", item.code);
    }
    g_array_append_val(others, item);
}

GHashTable *
kc_rules_seen_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
}

const json_t *
kc_rules_items_of(KcReader *reader, const json_t *root, const char *const *keys, const char *key)
{
    if (!kc_reader_object(reader, root, keys))
        return NULL;
    const json_t *items = kc_reader_member(reader, root, key, JSON_ARRAY);
    if (items != NULL && json_array_size(items) == 0)
        kc_reader_refuse(reader, "the list \"%s\" is empty", key);
    return reader->error == NULL ? items : NULL;
}

/* ---- scenarios.json ---- */

void
kc_scenario_free(KcScenario *scenario)
{
    g_free(scenario->code);
    g_free(scenario->title_zh);
    g_free(scenario->title_en);
    g_free(scenario->legal_basis);
    g_free(scenario->summary_zh);
    g_free(scenario->summary_en);
    g_free(scenario->usual_split);
    g_free(scenario->usual.accident_form);
    g_free(scenario->usual.collision_type);
    g_free(scenario->usual.own_part);
    g_free(scenario->usual.other_part);
    g_free(scenario->effective_from);
    g_free(scenario->effective_to);
    g_free(scenario);
}

static char *
read_usual_code(KcReader *reader, const json_t *usual, const char *key, const KcRules *rules, KcCodeList list)
{
    char *code = kc_reader_optional_text(reader, usual, key);
    if (code != NULL && kc_rules_code(rules, list, code, NULL) == NULL)
        kc_reader_refuse(reader, "there is no %s \"%s\"", key, code);
    return code;
}

static void
read_usual_facts(KcReader *reader, const json_t *scenario, const KcRules *rules, KcUsualFacts *usual)
{
    static const char *const keys[] = {"accident_form", "collision_type", "own_part", "other_part", NULL};
    const json_t *object = json_object_get(scenario, "usual");
    if (object == NULL)
        return;
    kc_reader_enter(reader, "usual");
    if (kc_reader_object(reader, object, keys)) {
        usual->accident_form = read_usual_code(reader, object, "accident_form", rules, KC_CODES_ACCIDENT_FORM);
        usual->collision_type = read_usual_code(reader, object, "collision_type", rules, KC_CODES_COLLISION_TYPE);
        usual->own_part = read_usual_code(reader, object, "own_part", rules, KC_CODES_COLLISION_PART);
        usual->other_part = read_usual_code(reader, object, "other_part", rules, KC_CODES_COLLISION_PART);
    }
    kc_reader_leave(reader);
}

static KcScenario *
read_scenario(KcReader *reader, const json_t *object, const KcRules *rules)
{
    static const char *const keys[] = {"code",           "title_zh",     "title_en",   "legal_basis",
                                       "kind",           "usual_split",  "summary_zh", "summary_en",
                                       "effective_from", "effective_to", "usual",      NULL};
    static const char *const splits[] = {"full", "equal", "contributing", NULL};
    KcScenario *scenario = g_new0(KcScenario, 1);

    if (!kc_reader_object(reader, object, keys))
        return scenario;
    scenario->code = kc_reader_text(reader, object, "code");
    scenario->title_zh = kc_reader_text(reader, object, "title_zh");
    scenario->title_en = kc_reader_text(reader, object, "title_en");
    scenario->legal_basis = kc_reader_text(reader, object, "legal_basis");
    scenario->summary_zh = kc_reader_text(reader, object, "summary_zh");
    scenario->summary_en = kc_reader_text(reader, object, "summary_en");
    scenario->usual_split = kc_reader_text(reader, object, "usual_split");
    read_usual_facts(reader, object, rules, &scenario->usual);
    scenario->kind = kc_rules_read_kind(reader, object);
    kc_rules_read_dates(reader, object, &scenario->effective_from, &scenario->effective_to);
    g_autoptr(GPtrArray) citations = kc_citations_parse(scenario->legal_basis);
    if (scenario->legal_basis != NULL && scenario->kind == KC_RULE_LAW && citations == NULL)
        kc_reader_refuse(reader, "the legal basis \"%s\" is no citation of a law", scenario->legal_basis);
    if (scenario->usual_split != NULL && !g_strv_contains(splits, scenario->usual_split))
        kc_reader_refuse(reader, "the usual split \"%s\" is not known", scenario->usual_split);
    return scenario;
}

void
kc_rules_read_scenarios(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "scenarios", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items = kc_rules_items_of(reader, root, keys, "scenarios");
    gsize index;
    json_t *item;

    kc_reader_enter(reader, "scenarios");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcScenario *scenario = read_scenario(reader, item, rules);
        g_ptr_array_add(rules->scenarios, scenario);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen,
                                  (KcDated){scenario->code, scenario->effective_from, scenario->effective_to});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

/* ---- shots.json ---- */

void
kc_shot_free(KcShot *shot)
{
    g_free(shot->code);
    g_free(shot->zh);
    g_free(shot->en);
    g_free(shot->hint_zh);
    g_free(shot->hint_en);
    g_strfreev(shot->forms);
    g_free(shot->effective_from);
    g_free(shot->effective_to);
    g_free(shot);
}

void
kc_shot_reason_free(KcShotReason *reason)
{
    g_free(reason->code);
    g_free(reason->zh);
    g_free(reason->en);
    g_free(reason);
}

static KcShot *
read_shot(KcReader *reader, const json_t *object, const KcRules *rules)
{
    static const char *const keys[] = {"code", "zh", "en", "hint_zh", "hint_en", "required", "papers", "forms",
                                       "effective_from", "effective_to", NULL};
    KcShot *shot = g_new0(KcShot, 1);

    if (!kc_reader_object(reader, object, keys))
        return shot;
    shot->code = kc_reader_text(reader, object, "code");
    shot->zh = kc_reader_text(reader, object, "zh");
    shot->en = kc_reader_text(reader, object, "en");
    shot->hint_zh = kc_reader_text(reader, object, "hint_zh");
    shot->hint_en = kc_reader_text(reader, object, "hint_en");
    shot->required = kc_reader_boolean(reader, object, "required");
    shot->papers = json_object_get(object, "papers") != NULL && kc_reader_boolean(reader, object, "papers");
    shot->forms = kc_reader_texts(reader, object, "forms");
    kc_rules_read_dates(reader, object, &shot->effective_from, &shot->effective_to);
    for (guint i = 0; shot->forms != NULL && shot->forms[i] != NULL; i++)
        if (kc_rules_code(rules, KC_CODES_ACCIDENT_FORM, shot->forms[i], NULL) == NULL)
            kc_reader_refuse(reader, "there is no accident form \"%s\"", shot->forms[i]);
    return shot;
}

/* Why the road may be cleared without them; with a gate there must be at least one, since danger waits for no picture. Rules
 * from before there was a gate have neither. */
static void
read_shot_reasons(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"code", "zh", "en", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items = json_object_get(root, "reasons") != NULL ? kc_reader_member(reader, root, "reasons", JSON_ARRAY) : NULL;
    gsize index;
    json_t *item;

    kc_reader_enter(reader, "reasons");
    if (rules->shot_gate && json_array_size(items) == 0)
        kc_reader_refuse(reader, "a gate needs a reason to pass it by");
    json_array_foreach(items, index, item)
    {
        KcShotReason *reason = g_new0(KcShotReason, 1);
        g_ptr_array_add(rules->shot_reasons, reason);
        kc_reader_enter_index(reader, index);
        if (kc_reader_object(reader, item, keys)) {
            reason->code = kc_reader_text(reader, item, "code");
            reason->zh = kc_reader_text(reader, item, "zh");
            reason->en = kc_reader_text(reader, item, "en");
        }
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){reason->code, NULL, NULL});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

void
kc_rules_read_shots(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "kind", "legal_basis", "gate", "reasons", "shots", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items = kc_rules_items_of(reader, root, keys, "shots");
    gsize index;
    json_t *item;

    rules->shot_gate = json_object_get(root, "gate") != NULL && kc_reader_boolean(reader, root, "gate");
    read_shot_reasons(reader, root, rules);
    kc_reader_enter(reader, "shots");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcShot *shot = read_shot(reader, item, rules);
        g_ptr_array_add(rules->shots, shot);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){shot->code, shot->effective_from, shot->effective_to});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

/* ---- counties.json, insurers.json ---- */

void
kc_county_free(KcCounty *county)
{
    g_free(county->code);
    g_free(county->name);
    g_free(county->name_en);
    g_free(county);
}

void
kc_rules_read_counties(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "kind", "effective_from", "legal_basis", "counties", NULL};
    static const char *const county_keys[] = {"code", "name", "name_en", "latitude", "longitude", "approximate", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items = kc_rules_items_of(reader, root, keys, "counties");
    gsize index;
    json_t *item;

    if (items != NULL)
        kc_rules_read_list_head(reader, root);
    kc_reader_enter(reader, "counties");
    json_array_foreach(items, index, item)
    {
        KcCounty *county = g_new0(KcCounty, 1);
        g_ptr_array_add(rules->counties, county);
        kc_reader_enter_index(reader, index);
        if (kc_reader_object(reader, item, county_keys)) {
            county->code = kc_reader_text(reader, item, "code");
            county->name = kc_reader_text(reader, item, "name");
            county->name_en = kc_reader_text(reader, item, "name_en");
            county->latitude = kc_reader_number(reader, item, "latitude", -90, 90);
            county->longitude = kc_reader_number(reader, item, "longitude", -180, 180);
            county->approximate = kc_reader_boolean(reader, item, "approximate");
        }
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){county->code, NULL, NULL});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

void
kc_insurer_free(KcInsurer *insurer)
{
    g_free(insurer->code);
    g_free(insurer->zh);
    g_free(insurer->en);
    g_free(insurer);
}

void
kc_rules_read_insurers(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "kind", "effective_from", "legal_basis", "insurers", NULL};
    static const char *const insurer_keys[] = {"code", "zh", "en", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    const json_t *items = kc_rules_items_of(reader, root, keys, "insurers");
    gsize index;
    json_t *item;

    if (items != NULL)
        kc_rules_read_list_head(reader, root);
    kc_reader_enter(reader, "insurers");
    json_array_foreach(items, index, item)
    {
        KcInsurer *insurer = g_new0(KcInsurer, 1);
        g_ptr_array_add(rules->insurers, insurer);
        kc_reader_enter_index(reader, index);
        if (kc_reader_object(reader, item, insurer_keys)) {
            insurer->code = kc_reader_text(reader, item, "code");
            insurer->zh = kc_reader_text(reader, item, "zh");
            insurer->en = kc_reader_text(reader, item, "en");
        }
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){insurer->code, NULL, NULL});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

/* ---- documents.json ---- */

static void
read_wording(KcReader *reader, const json_t *object, KcWordingData *wording)
{
    static const char *const keys[] = {"title",        "basis",  "liability_basis", "mediated",
                                       "not_mediated", "rights", "footer",          NULL};

    if (!kc_reader_object(reader, object, keys))
        return;
    wording->title = kc_reader_text(reader, object, "title");
    wording->basis = kc_reader_text(reader, object, "basis");
    wording->liability_basis = kc_reader_text(reader, object, "liability_basis");
    wording->mediated = kc_reader_text(reader, object, "mediated");
    wording->not_mediated = kc_reader_text(reader, object, "not_mediated");
    wording->rights = kc_reader_texts(reader, object, "rights");
    wording->footer = kc_reader_text(reader, object, "footer");
    if (wording->rights != NULL && wording->rights[0] == NULL)
        kc_reader_refuse(reader, "the parties must be told their rights");
}

static void
read_compensation(KcReader *reader, const json_t *object, char **texts)
{
    static const char *const keys[] = {"insurance", "private", "none", NULL};
    const json_t *ways = kc_reader_member(reader, object, "compensation", JSON_OBJECT);

    kc_reader_enter(reader, "compensation");
    if (ways != NULL && kc_reader_object(reader, ways, keys))
        for (guint way = KC_COMPENSATION_INSURANCE; way <= KC_COMPENSATION_NONE; way++)
            texts[way] = kc_reader_text(reader, ways, kc_compensation_to_string(way));
    kc_reader_leave(reader);
}

static void
read_agreement_wording(KcReader *reader, const json_t *object, KcAgreementWordingData *wording)
{
    static const char *const keys[] = {"title", "basis", "liability_basis", "compensation", "terms", "footer", NULL};

    if (!kc_reader_object(reader, object, keys))
        return;
    wording->title = kc_reader_text(reader, object, "title");
    wording->basis = kc_reader_text(reader, object, "basis");
    wording->liability_basis = kc_reader_text(reader, object, "liability_basis");
    read_compensation(reader, object, wording->compensation);
    wording->terms = kc_reader_texts(reader, object, "terms");
    wording->footer = kc_reader_text(reader, object, "footer");
    if (wording->terms != NULL && wording->terms[0] == NULL)
        kc_reader_refuse(reader, "the parties must be told what they agree to");
}

void
kc_rules_read_documents(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about",  "effective_from",           "kind", "legal_basis",
                                       "centre", "simplified_determination", "agreement", "review", NULL};
    static const char *const centre_keys[] = {"zh", "en", NULL};

    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    const json_t *centre = kc_reader_member(reader, root, "centre", JSON_OBJECT);
    kc_reader_enter(reader, "centre");
    if (centre != NULL && kc_reader_object(reader, centre, centre_keys)) {
        rules->centre_zh = kc_reader_text(reader, centre, "zh");
        rules->centre_en = kc_reader_text(reader, centre, "en");
    }
    kc_reader_leave(reader);
    const json_t *wording = kc_reader_member(reader, root, "simplified_determination", JSON_OBJECT);
    kc_reader_enter(reader, "simplified_determination");
    if (wording != NULL)
        read_wording(reader, wording, &rules->determination);
    kc_reader_leave(reader);
    const json_t *agreement = kc_reader_member(reader, root, "agreement", JSON_OBJECT);
    kc_reader_enter(reader, "agreement");
    if (agreement != NULL)
        read_agreement_wording(reader, agreement, &rules->agreement);
    kc_reader_leave(reader);
    kc_rules_read_review_wording(reader, root, &rules->review);
}
