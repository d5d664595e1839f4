/* Look-ups in what was loaded, and what only the loaded data can say of a draft: whether its codes exist. */
#include "src/rules/data.h"

#include "src/base/limits.h"
#include "src/domain/distance.h"
#include "src/domain/local_time.h"
#include "src/domain/particulars.h"

#include <string.h>

#define COUNTY_MAX_KM 80.0

static const char *const LIST_NAMES[KC_CODES_LIST_COUNT] = {
    [KC_CODES_WEATHER] = "weather",
    [KC_CODES_ACCIDENT_FORM] = "accident_form",
    [KC_CODES_COLLISION_TYPE] = "collision_type",
    [KC_CODES_COLLISION_OBJECT] = "collision_object",
    [KC_CODES_VEHICLE_TYPE] = "vehicle_type",
    [KC_CODES_PLATE_TYPE] = "plate_type",
    [KC_CODES_COLLISION_PART] = "collision_part",
    [KC_CODES_CLOSING_CODE] = "closing_code",
    [KC_CODES_MEDIATION_METHOD] = "mediation_method",
    [KC_CODES_LIABILITY] = "liability",
    [KC_CODES_ROAD_TYPE] = "road_type",
    [KC_CODES_ROAD_CLASS] = "road_class",
    [KC_CODES_SCENE] = "scene",
};

gboolean
kc_rules_is_demo(const KcRules *rules)
{
    return rules->demo;
}

const char *
kc_rules_version(const KcRules *rules)
{
    return rules->version;
}

const GPtrArray *
kc_rules_codes(const KcRules *rules, KcCodeList list)
{
    g_assert(list < KC_CODES_LIST_COUNT);
    return rules->codes[list];
}

const GPtrArray *
kc_rules_eligibility(const KcRules *rules)
{
    return rules->eligibility;
}

const GPtrArray *
kc_rules_scenarios(const KcRules *rules)
{
    return rules->scenarios;
}

const GPtrArray *
kc_rules_shots(const KcRules *rules)
{
    return rules->shots;
}

const GPtrArray *
kc_rules_shot_reasons(const KcRules *rules)
{
    return rules->shot_reasons;
}

gboolean
kc_rules_shot_gate(const KcRules *rules)
{
    return rules->shot_gate;
}

const GPtrArray *
kc_rules_counties(const KcRules *rules)
{
    return rules->counties;
}

const GPtrArray *
kc_rules_insurers(const KcRules *rules)
{
    return rules->insurers;
}

const GPtrArray *
kc_rules_deadlines(const KcRules *rules)
{
    return rules->deadlines;
}

const GPtrArray *
kc_rules_retention(const KcRules *rules)
{
    return rules->retention;
}

const GPtrArray *
kc_rules_search_words(const KcRules *rules)
{
    return rules->search_words;
}

const char *
kc_rules_key_destroyed_basis(const KcRules *rules)
{
    return rules->key_destroyed_basis != NULL ? rules->key_destroyed_basis : "";
}

const KcCalendar *
kc_rules_calendar(const KcRules *rules)
{
    return rules->calendar;
}

const GPtrArray *
kc_rules_draft_texts(const KcRules *rules)
{
    return rules->draft_texts;
}

const KcDeskPolicy *
kc_rules_desk(const KcRules *rules)
{
    return &rules->desk;
}

const GPtrArray *
kc_rules_approval(const KcRules *rules)
{
    return rules->approval;
}

static gboolean
in_force(const char *on_date, const char *from, const char *to)
{
    return on_date == NULL || kc_local_date_in(on_date, from, to);
}

const KcCode *
kc_rules_code(const KcRules *rules, KcCodeList list, const char *code, const char *on_date)
{
    const GPtrArray *codes = kc_rules_codes(rules, list);
    for (guint i = 0; i < codes->len; i++) {
        const KcCode *item = codes->pdata[i];
        if (g_strcmp0(item->code, code) == 0 && in_force(on_date, item->effective_from, item->effective_to))
            return item;
    }
    return NULL;
}

const KcCode *
kc_rules_code_of_class(const KcRules *rules, KcCodeList list, const char *class_name, const char *on_date)
{
    const GPtrArray *codes = kc_rules_codes(rules, list);
    for (guint i = 0; i < codes->len; i++) {
        const KcCode *item = codes->pdata[i];
        if (g_strcmp0(item->class_name, class_name) == 0 && in_force(on_date, item->effective_from, item->effective_to))
            return item;
    }
    return NULL;
}

const KcScenario *
kc_rules_scenario(const KcRules *rules, const char *code, const char *on_date)
{
    for (guint i = 0; i < rules->scenarios->len; i++) {
        const KcScenario *item = rules->scenarios->pdata[i];
        if (g_strcmp0(item->code, code) == 0 && in_force(on_date, item->effective_from, item->effective_to))
            return item;
    }
    return NULL;
}

const KcShot *
kc_rules_shot(const KcRules *rules, const char *code, const char *on_date)
{
    for (guint i = 0; i < rules->shots->len; i++) {
        const KcShot *item = rules->shots->pdata[i];
        if (g_strcmp0(item->code, code) == 0 && in_force(on_date, item->effective_from, item->effective_to))
            return item;
    }
    return NULL;
}

const KcShotReason *
kc_rules_shot_reason(const KcRules *rules, const char *code)
{
    for (guint i = 0; i < rules->shot_reasons->len; i++) {
        const KcShotReason *reason = rules->shot_reasons->pdata[i];
        if (g_strcmp0(reason->code, code) == 0)
            return reason;
    }
    return NULL;
}

const KcCounty *
kc_rules_county(const KcRules *rules, const char *code)
{
    for (guint i = 0; i < rules->counties->len; i++) {
        const KcCounty *county = rules->counties->pdata[i];
        if (g_strcmp0(county->code, code) == 0)
            return county;
    }
    return NULL;
}

const KcInsurer *
kc_rules_insurer(const KcRules *rules, const char *text)
{
    for (guint i = 0; text != NULL && i < rules->insurers->len; i++) {
        const KcInsurer *insurer = rules->insurers->pdata[i];
        if (g_ascii_strcasecmp(insurer->code, text) == 0 || strcmp(insurer->zh, text) == 0 ||
            g_ascii_strcasecmp(insurer->en, text) == 0)
            return insurer;
    }
    return NULL;
}

const char *
kc_rules_label_zh(const KcRules *rules, KcCodeList list, const char *code)
{
    const KcCode *item = kc_rules_code(rules, list, code, NULL);
    return item == NULL ? code : item->zh;
}

const char *
kc_rules_label_en(const KcRules *rules, KcCodeList list, const char *code)
{
    const KcCode *item = kc_rules_code(rules, list, code, NULL);
    return item == NULL ? code : item->en;
}

const char *
kc_code_list_to_string(KcCodeList list)
{
    g_assert(list < KC_CODES_LIST_COUNT);
    return LIST_NAMES[list];
}

const KcReviewWording *
kc_rules_review_wording(const KcRules *rules)
{
    return &rules->review;
}

const char *
kc_rules_centre_zh(const KcRules *rules)
{
    return rules->centre_zh;
}

const char *
kc_rules_centre_en(const KcRules *rules)
{
    return rules->centre_en;
}

const KcCounty *
kc_rules_county_near(const KcRules *rules, double latitude, double longitude)
{
    const KcCounty *nearest = NULL;
    double nearest_km = COUNTY_MAX_KM;

    for (guint i = 0; i < rules->counties->len; i++) {
        const KcCounty *county = rules->counties->pdata[i];
        double km = kc_distance_m(latitude, longitude, county->latitude, county->longitude) / 1000;
        if (km > nearest_km)
            continue;
        nearest = county;
        nearest_km = km;
    }
    return nearest;
}

const KcCounty *
kc_rules_county_in_text(const KcRules *rules, const char *place_text)
{
    if (place_text == NULL)
        return NULL;
    for (guint i = 0; i < rules->counties->len; i++) {
        const KcCounty *county = rules->counties->pdata[i];
        if (strstr(place_text, county->name) != NULL)
            return county;
    }
    return NULL;
}

KcEligibility *
kc_rules_decide(const KcRules *rules, const KcTriage *triage, KcOccasion occasion)
{
    return kc_eligibility_decide(triage, rules->eligibility, occasion);
}

KcEligibility *
kc_rules_decide_settlement(const KcRules *rules, const KcTriage *triage, KcOccasion occasion)
{
    return kc_eligibility_decide(triage, rules->settlement, occasion);
}

/* ---- what the data says of a draft ---- */

typedef struct {
    const KcRules *rules;
    const char *on_date;
    GPtrArray *findings;
} Check;

static gboolean
is_given(const char *text)
{
    return text != NULL && *text != '\0';
}

static void
check_code(Check *check, KcCodeList list, const char *code, const char *pointer)
{
    if (is_given(code) && kc_rules_code(check->rules, list, code, check->on_date) == NULL)
        kc_findings_add(check->findings, KC_FINDING_CONTRADICTION, "UNKNOWN_CODE", pointer, "没有这个代码。",
                        "There is no such code in force on that day.");
}

static void
check_length(Check *check, const char *text, glong limit, const char *pointer)
{
    if (is_given(text) && g_utf8_strlen(text, -1) > limit) {
        g_autofree char *zh = g_strdup_printf("内容过长，最多%ld个字符。", limit);
        g_autofree char *en = g_strdup_printf("The text is too long: at most %ld characters.", limit);
        kc_findings_add(check->findings, KC_FINDING_CONTRADICTION, "TOO_LONG", pointer, zh, en);
    }
}

static void
add_message(Check *check, KcFindingKind kind, const char *code, const char *pointer,
            const KcParticularsProblem *message)
{
    if (message != NULL)
        kc_findings_add(check->findings, kind, code, pointer, message->zh, message->en);
}

/* The class of a code, as its place among `names`; 0: the code is not known, or of no class that the domain judges. */
static guint
class_of(const KcRules *rules, KcCodeList list, const char *code, const char *const *names, guint count)
{
    const KcCode *item = kc_rules_code(rules, list, code, NULL);
    for (guint i = 1; item != NULL && i < count; i++)
        if (g_strcmp0(item->class_name, names[i]) == 0)
            return i;
    return 0;
}

static KcTravelClass
travel_class(const KcRules *rules, const char *vehicle_type)
{
    static const char *const names[] = {
        [KC_TRAVEL_MOTOR] = "motor",
        [KC_TRAVEL_NON_MOTOR] = "non_motor",
        [KC_TRAVEL_PEDESTRIAN] = "pedestrian",
        [KC_TRAVEL_PASSENGER] = "passenger",
    };
    return class_of(rules, KC_CODES_VEHICLE_TYPE, vehicle_type, names, G_N_ELEMENTS(names));
}

static KcFormClass
form_class(const KcCode *form)
{
    if (form == NULL)
        return KC_FORM_UNKNOWN;
    if (strcmp(form->class_name, "between_vehicles") == 0)
        return KC_FORM_BETWEEN_VEHICLES;
    return strcmp(form->class_name, "vehicle_person") == 0 ? KC_FORM_VEHICLE_PERSON : KC_FORM_SINGLE_VEHICLE;
}

static void
check_violations(Check *check, const KcDeterminationParty *party, guint index)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < party->violations->len; i++) {
        const char *code = party->violations->pdata[i];
        g_autofree char *pointer = g_strdup_printf("/parties/%u/violations/%u", index, i);
        if (kc_rules_scenario(check->rules, code, check->on_date) == NULL)
            kc_findings_add(check->findings, KC_FINDING_CONTRADICTION, "UNKNOWN_CODE", pointer,
                            "没有这个违法行为代码。", "There is no such violation in force on that day.");
        if (!g_hash_table_add(seen, (gpointer)code))
            kc_findings_add(check->findings, KC_FINDING_CONTRADICTION, "VIOLATION_TWICE", pointer,
                            "同一违法行为重复填写。", "The same violation stands here twice.");
    }
}

/* Only of a motor vehicle: for others consistency.h already refuses the fields. */
static void
check_plate_and_licence(Check *check, const KcDeterminationParty *party, guint index)
{
    g_autofree char *plate_pointer = g_strdup_printf("/parties/%u/plate_number", index);
    g_autofree char *licence_pointer = g_strdup_printf("/parties/%u/licence_number", index);
    gboolean has_plate = is_given(party->plate_number);

    if (has_plate || is_given(party->plate_type))
        add_message(check, has_plate ? KC_FINDING_CONTRADICTION : KC_FINDING_MISSING, "PLATE_NUMBER", plate_pointer,
                    kc_plate_number_check(party->plate_number, is_given(party->plate_type) ? party->plate_type : NULL));
    if (is_given(party->licence_number))
        add_message(check, KC_FINDING_CONTRADICTION, "LICENCE_NUMBER", licence_pointer,
                    kc_licence_number_check(party->licence_number));
}

static void
check_party(Check *check, const KcDeterminationParty *party, guint index)
{
    const struct {
        const char *field;
        KcCodeList list;
        const char *code;
    } coded[] = {
        {"vehicle_type", KC_CODES_VEHICLE_TYPE, party->vehicle_type},
        {"plate_type", KC_CODES_PLATE_TYPE, party->plate_type},
        {"collision_part", KC_CODES_COLLISION_PART, party->collision_part},
    };
    g_autofree char *insurer_pointer = g_strdup_printf("/parties/%u/insurer", index);
    g_autofree char *certificate_pointer = g_strdup_printf("/parties/%u/insurance_certificate", index);

    for (guint i = 0; i < G_N_ELEMENTS(coded); i++) {
        g_autofree char *pointer = g_strdup_printf("/parties/%u/%s", index, coded[i].field);
        check_code(check, coded[i].list, coded[i].code, pointer);
    }
    check_length(check, party->insurer, KC_LIMIT_SHORT_TEXT_CHARS, insurer_pointer);
    check_length(check, party->insurance_certificate, KC_LIMIT_SHORT_TEXT_CHARS, certificate_pointer);
    check_violations(check, party, index);
    if (travel_class(check->rules, party->vehicle_type) == KC_TRAVEL_MOTOR)
        check_plate_and_licence(check, party, index);
}

static void
check_head(Check *check, const KcDetermination *det)
{
    check_code(check, KC_CODES_WEATHER, det->weather, "/weather");
    check_code(check, KC_CODES_ACCIDENT_FORM, det->accident_form, "/accident_form");
    check_code(check, KC_CODES_COLLISION_TYPE, det->collision_type, "/collision_type");
    check_code(check, KC_CODES_COLLISION_OBJECT, det->collision_object, "/collision_object");
    check_code(check, KC_CODES_ROAD_TYPE, det->road_type, "/road_type");
    check_code(check, KC_CODES_ROAD_CLASS, det->road_class, "/road_class");
    check_code(check, KC_CODES_SCENE, det->scene, "/scene");
    check_length(check, det->place_text, KC_LIMIT_SHORT_TEXT_CHARS, "/place_text");
    check_length(check, det->facts, KC_LIMIT_TEXT_CHARS, "/facts");
    check_length(check, det->cause, KC_LIMIT_TEXT_CHARS, "/cause");
    check_length(check, det->mediation_result, KC_LIMIT_TEXT_CHARS, "/mediation_result");
    for (guint i = 0; i < det->reasons->len; i++) {
        const KcReason *reason = det->reasons->pdata[i];
        g_autofree char *pointer = g_strdup_printf("/reasons/%u/text", i);
        check_length(check, reason->text, KC_LIMIT_TEXT_CHARS, pointer);
    }
}

static KcCodeMeaning
meaning_of(const KcRules *rules, const KcDetermination *det, const KcTravelClass *travel)
{
    static const char *const objects[] = {[KC_OBJECT_FIXED] = "fixed", [KC_OBJECT_MOVABLE] = "movable"};
    static const char *const roads[] = {[KC_ROAD_HIGHWAY] = "highway", [KC_ROAD_URBAN] = "urban"};
    const KcCode *form = kc_rules_code(rules, KC_CODES_ACCIDENT_FORM, det->accident_form, NULL);

    return (KcCodeMeaning){
        .form = form_class(form),
        .needs_collision_type = form != NULL && form->needs_collision_type,
        .needs_collision_object = form != NULL && form->needs_collision_object,
        .form_hits = form != NULL ? form->form_hits : KC_OBJECT_UNKNOWN,
        .object = class_of(rules, KC_CODES_COLLISION_OBJECT, det->collision_object, objects, G_N_ELEMENTS(objects)),
        .road = class_of(rules, KC_CODES_ROAD_TYPE, det->road_type, roads, G_N_ELEMENTS(roads)),
        .travel = travel,
    };
}

/* Checks the codes and texts; owned: how each party travelled. */
static KcTravelClass *
check_record(Check *check, const KcDetermination *record)
{
    const GPtrArray *parties = record->parties;
    KcTravelClass *travel = g_new0(KcTravelClass, parties->len + 1);

    check_head(check, record);
    for (guint i = 0; i < parties->len; i++) {
        const KcDeterminationParty *party = parties->pdata[i];
        check_party(check, party, i);
        travel[i] = travel_class(check->rules, party->vehicle_type);
    }
    return travel;
}

GPtrArray *
kc_rules_check_determination(const KcRules *rules, const KcDetermination *determination, const char *on_date)
{
    Check check = {rules, on_date, kc_findings_new()};
    g_autofree KcTravelClass *travel = check_record(&check, determination);
    KcCodeMeaning meaning = meaning_of(rules, determination, travel);

    g_ptr_array_extend_and_steal(check.findings, kc_consistency_check(determination, &meaning));
    return check.findings;
}

/* Order 146, art. 19: between motor vehicles, or a motor and a non-motor one. */
static void
check_vehicles(Check *check, const KcAgreement *agreement, KcFormClass form, const KcTravelClass *travel)
{
    const KcEligibilityRule *rule = check->rules->settlement_vehicles;
    gboolean has_motor = FALSE, has_other = form != KC_FORM_UNKNOWN && form != KC_FORM_BETWEEN_VEHICLES;
    gboolean complete = agreement->accident->parties->len > 1;

    for (guint i = 0; i < agreement->accident->parties->len; i++) {
        has_motor = has_motor || travel[i] == KC_TRAVEL_MOTOR;
        has_other = has_other || travel[i] == KC_TRAVEL_PEDESTRIAN || travel[i] == KC_TRAVEL_PASSENGER;
        complete = complete && travel[i] != KC_TRAVEL_UNKNOWN;
    }
    if (!has_other && (has_motor || !complete))
        return;
    g_autofree char *zh = g_strdup_printf("%s（%s）。", rule->title_zh, rule->legal_basis);
    g_autofree char *en = g_strdup_printf("%s (%s).", rule->title_en, rule->legal_basis);
    kc_findings_add(check->findings, KC_FINDING_CONTRADICTION, rule->code, "/accident_form", zh, en);
}

static void
check_identities(Check *check, const KcAgreement *agreement)
{
    for (guint i = 0; i < agreement->settlers->len; i++) {
        const KcSettler *settler = agreement->settlers->pdata[i];
        g_autofree char *id_pointer = g_strdup_printf("/parties/%u/id_number", i);
        g_autofree char *name_pointer = g_strdup_printf("/parties/%u/name", i);
        g_autofree char *phone_pointer = g_strdup_printf("/parties/%u/phone", i);
        if (is_given(settler->id_number))
            add_message(check, KC_FINDING_CONTRADICTION, "ID_NUMBER", id_pointer,
                        kc_id_number_check(settler->id_number));
        if (is_given(settler->name))
            add_message(check, KC_FINDING_CONTRADICTION, "NAME", name_pointer, kc_person_name_check(settler->name));
        if (is_given(settler->phone))
            add_message(check, KC_FINDING_CONTRADICTION, "PHONE", phone_pointer, kc_phone_check(settler->phone));
    }
}

GPtrArray *
kc_rules_check_agreement(const KcRules *rules, const KcAgreement *agreement, const char *on_date)
{
    Check check = {rules, on_date, kc_findings_new()};
    g_autofree KcTravelClass *travel = check_record(&check, agreement->accident);
    KcCodeMeaning meaning = meaning_of(rules, agreement->accident, travel);

    check_vehicles(&check, agreement, meaning.form, travel);
    check_identities(&check, agreement);
    g_ptr_array_extend_and_steal(check.findings, kc_consistency_check_accident(agreement->accident, &meaning));
    g_ptr_array_extend_and_steal(check.findings, kc_agreement_check(agreement, travel));
    return check.findings;
}

GPtrArray *
kc_rules_check_closing(const KcRules *rules, const char *closing_code, const KcClosingFacts *facts, const char *on_date)
{
    static const char *const names[] = {
        [KC_CLOSING_MEDIATED] = "mediated",
        [KC_CLOSING_NO_MEDIATION] = "not_mediated",
        [KC_CLOSING_OBJECTED] = "objected",
        [KC_CLOSING_REFUSED] = "refused",
    };
    const KcCode *code = kc_rules_code(rules, KC_CODES_CLOSING_CODE, closing_code, on_date);
    Check check = {rules, on_date, kc_findings_new()};

    check_code(&check, KC_CODES_MEDIATION_METHOD, facts->mediation_method, "/mediation_method");
    check_length(&check, facts->mediation_result, KC_LIMIT_TEXT_CHARS, "/mediation_result");
    if (code == NULL)
        kc_findings_add(check.findings, KC_FINDING_CONTRADICTION, "UNKNOWN_CODE", "/closing_code", "没有这个结案方式。",
                        "There is no such closing code.");
    for (guint i = 0; code != NULL && i < G_N_ELEMENTS(names); i++)
        if (strcmp(code->class_name, names[i]) == 0)
            g_ptr_array_extend_and_steal(check.findings, kc_consistency_check_closing(i, facts));
    return check.findings;
}
