#include "src/http/json_codes.h"

#include "src/domain/local_time.h"
#include "src/http/json_case.h"

static json_t *
code_of(const KcCode *code)
{
    json_t *root = json_pack("{s:s, s:s, s:s}", "code", code->code, "zh", code->zh, "en", code->en);
    if (code->class_name != NULL)
        json_object_set_new(root, "class", json_string(code->class_name));
    if (code->needs_collision_type)
        json_object_set_new(root, "needs_collision_type", json_true());
    if (code->needs_collision_object)
        json_object_set_new(root, "needs_collision_object", json_true());
    return root;
}

static json_t *
codes_of(const GPtrArray *codes, const char *on_date)
{
    json_t *list = json_array();
    for (guint i = 0; i < codes->len; i++) {
        const KcCode *code = codes->pdata[i];
        if (kc_local_date_in(on_date, code->effective_from, code->effective_to))
            json_array_append_new(list, code_of(code));
    }
    return list;
}

static json_t *
usual_of(const KcUsualFacts *usual)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "accident_form", kc_json_text_or_null(usual->accident_form), "collision_type",
                     kc_json_text_or_null(usual->collision_type), "own_part", kc_json_text_or_null(usual->own_part),
                     "other_part", kc_json_text_or_null(usual->other_part));
}

static json_t *
scenarios_of(const GPtrArray *scenarios, const char *on_date)
{
    json_t *list = json_array();
    for (guint i = 0; i < scenarios->len; i++) {
        const KcScenario *one = scenarios->pdata[i];
        if (!kc_local_date_in(on_date, one->effective_from, one->effective_to))
            continue;
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "code", one->code, "title_zh", one->title_zh,
                            "title_en", one->title_en, "legal_basis", one->legal_basis, "summary_zh", one->summary_zh,
                            "summary_en", one->summary_en, "usual_split", one->usual_split, "kind",
                            kc_rule_kind_to_string(one->kind), "usual", usual_of(&one->usual)));
    }
    return list;
}

static json_t *
shots_of(const GPtrArray *shots, const char *on_date)
{
    json_t *list = json_array();
    for (guint i = 0; i < shots->len; i++) {
        const KcShot *shot = shots->pdata[i];
        if (!kc_local_date_in(on_date, shot->effective_from, shot->effective_to))
            continue;
        json_t *forms = json_array();
        for (gsize k = 0; shot->forms != NULL && shot->forms[k] != NULL; k++)
            json_array_append_new(forms, json_string(shot->forms[k]));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:o}", "code", shot->code, "zh", shot->zh,
                                              "en", shot->en, "hint_zh", kc_json_text_or_null(shot->hint_zh), "hint_en",
                                              kc_json_text_or_null(shot->hint_en), "required", shot->required, "forms",
                                              forms));
    }
    return list;
}

static json_t *
shot_reasons_of(const GPtrArray *reasons)
{
    json_t *list = json_array();
    for (guint i = 0; i < reasons->len; i++) {
        const KcShotReason *reason = reasons->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "code", reason->code, "zh", reason->zh, "en", reason->en));
    }
    return list;
}

static json_t *
counties_of(const GPtrArray *counties)
{
    json_t *list = json_array();
    for (guint i = 0; i < counties->len; i++) {
        const KcCounty *county = counties->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:f, s:f}", "code", county->code, "name", county->name,
                                              "name_en", kc_json_text_or_null(county->name_en), "latitude",
                                              county->latitude, "longitude", county->longitude));
    }
    return list;
}

static json_t *
hospitals_of(const GPtrArray *hospitals)
{
    json_t *list = json_array();
    for (guint i = 0; i < hospitals->len; i++) {
        const KcHospital *hospital = hospitals->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:f, s:f, s:b}", "code", hospital->code, "zh",
                                              hospital->zh, "en", hospital->en, "phone",
                                              kc_json_text_or_null(hospital->phone), "latitude", hospital->latitude,
                                              "longitude", hospital->longitude, "example", hospital->example));
    }
    return list;
}

static json_t *
insurers_of(const GPtrArray *insurers)
{
    json_t *list = json_array();
    for (guint i = 0; i < insurers->len; i++) {
        const KcInsurer *insurer = insurers->pdata[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s}", "code", insurer->code, "zh", insurer->zh, "en", insurer->en));
    }
    return list;
}

static json_t *
draft_texts_of(const GPtrArray *texts)
{
    json_t *root = json_object();
    for (guint i = 0; i < texts->len; i++) {
        const KcDraftText *text = texts->pdata[i];
        json_object_set_new(root, text->name, json_string(text->text));
    }
    return root;
}

json_t *
kc_json_codes(const KcRules *rules, const char *on_date)
{
    json_t *root = json_object();
    for (KcCodeList list = 0; list < KC_CODES_LIST_COUNT; list++)
        json_object_set_new(root, kc_code_list_to_string(list), codes_of(kc_rules_codes(rules, list), on_date));
    json_object_set_new(root, "scenarios", scenarios_of(kc_rules_scenarios(rules), on_date));
    json_object_set_new(root, "shots", shots_of(kc_rules_shots(rules), on_date));
    json_object_set_new(root, "shot_reasons", shot_reasons_of(kc_rules_shot_reasons(rules)));
    json_object_set_new(root, "counties", counties_of(kc_rules_counties(rules)));
    json_object_set_new(root, "hospitals", hospitals_of(kc_rules_hospitals(rules)));
    json_object_set_new(root, "insurers", insurers_of(kc_rules_insurers(rules)));
    json_object_set_new(root, "draft_texts", draft_texts_of(kc_rules_draft_texts(rules)));
    return root;
}
