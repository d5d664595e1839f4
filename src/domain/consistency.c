/* The rules, each with its code; C: contradiction, M: missing.
 *
 *  liability   C TWO_FULL                at most one party bears the whole
 *              C FULL_AND_OTHERS         full => everybody else none
 *              C EQUAL_ALONE             equal needs a second party with equal
 *              C TWO_PRIMARY             at most one primary
 *              C PRIMARY_WITHOUT_SECONDARY, SECONDARY_WITHOUT_PRIMARY
 *              C SOME_UNDETERMINABLE     undeterminable => everybody undeterminable
 *              C MIXED_SHARES            equal never beside primary or secondary
 *              M LIABILITY, VIOLATION    whoever bears equal or more has broken a rule
 *  form        C SINGLE_VEHICLE_COUNT, SINGLE_VEHICLE_PEDESTRIAN, BETWEEN_VEHICLES_COUNT, VEHICLE_PERSON_COUNT
 *              C COLLISION_TYPE_ALIEN   only vehicles collide with each other in some way
 *              C COLLISION_OBJECT_ALIEN, COLLISION_OBJECT_KIND   only some forms hit an object: a fixed one, or another
 *              C ROAD_CLASS_ALIEN       only a highway is of the nation, a province, a county or a township
 *              M COLLISION_TYPE, COLLISION_OBJECT
 *  parties     C NOT_A_MOTOR_VEHICLE     who drives no motor vehicle has no plate, licence or insurer
 *              C SAME_PARTY_TWICE        C SAME_PLATE_TWICE
 *  fields      M what art. 24 asks for
 *
 * What only an officer states (facts, cause, injured, reasons, a violation for each share, a driving licence) is asked
 * of a determination alone; everything else holds for an agreement of the parties too (art. 21, agreement.h).
 *
 * "The first party bears at least equal" is a rule of the record's order. The record is written with the heaviest
 * liability first (kc_determination_ranked_parties), so it holds for any order in the draft as soon as somebody bears
 * equal or more; that secondary stands alone is caught above, and "nobody is at fault" and "undeterminable" are
 * lawful (art. 60). Rules about liability speak only when every party has one: a draft grows field by field. */
#include "src/domain/consistency.h"
#include "src/domain/findings_private.h"

typedef struct {
    const KcDetermination *det;
    const KcCodeMeaning *meaning;
    GPtrArray *findings;
} Check;

typedef struct {
    guint of[KC_LIABILITY_UNDETERMINABLE + 1];
} Shares;

static const KcDeterminationParty *
party_at(const KcDetermination *det, guint index)
{
    return det->parties->pdata[index];
}

static void
contradicts(Check *check, const char *code, const char *pointer, const char *zh, const char *en)
{
    kc_findings_add(check->findings, KC_FINDING_CONTRADICTION, code, pointer, zh, en);
}

static void
contradicts_at(Check *check, guint party, const char *field, const char *code, const char *zh, const char *en)
{
    g_autofree char *pointer = g_strdup_printf("/parties/%u/%s", party, field);
    contradicts(check, code, pointer, zh, en);
}

static void
misses(Check *check, const char *code, const char *pointer, const char *zh, const char *en)
{
    kc_findings_add(check->findings, KC_FINDING_MISSING, code, pointer, zh, en);
}

/* ---- liability ---- */

static Shares
count_shares(const KcDetermination *det)
{
    Shares shares = {0};
    for (guint i = 0; i < det->parties->len; i++)
        shares.of[party_at(det, i)->liability]++;
    return shares;
}

/* Puts the finding at every party that bears `liability`, from the `skip`-th on. */
static void
contradicts_bearers(Check *check, KcLiability liability, guint skip, const char *code, const char *zh, const char *en)
{
    for (guint i = 0; i < check->det->parties->len; i++) {
        if (party_at(check->det, i)->liability != liability)
            continue;
        if (skip > 0)
            skip--;
        else
            contradicts_at(check, i, "liability", code, zh, en);
    }
}

static void
check_at_most_one(Check *check, const Shares *shares)
{
    if (shares->of[KC_LIABILITY_FULL] > 1)
        contradicts_bearers(check, KC_LIABILITY_FULL, 1, "TWO_FULL", "只能有一方承担全部责任。",
                            "Only one party can bear full liability.");
    if (shares->of[KC_LIABILITY_PRIMARY] > 1)
        contradicts_bearers(check, KC_LIABILITY_PRIMARY, 1, "TWO_PRIMARY", "只能有一方承担主要责任。",
                            "Only one party can bear primary liability.");
}

static void
check_full(Check *check, const Shares *shares)
{
    if (shares->of[KC_LIABILITY_FULL] == 0)
        return;
    for (guint i = 0; i < check->det->parties->len; i++) {
        KcLiability liability = party_at(check->det, i)->liability;
        if (liability != KC_LIABILITY_FULL && liability != KC_LIABILITY_NONE)
            contradicts_at(check, i, "liability", "FULL_AND_OTHERS", "一方承担全部责任的，其他各方均为无责任。",
                           "When one party bears full liability, every other bears none.");
    }
}

static void
check_shared(Check *check, const Shares *shares)
{
    gboolean has_primary = shares->of[KC_LIABILITY_PRIMARY] > 0;
    gboolean has_secondary = shares->of[KC_LIABILITY_SECONDARY] > 0;

    if (shares->of[KC_LIABILITY_EQUAL] == 1)
        contradicts_bearers(check, KC_LIABILITY_EQUAL, 0, "EQUAL_ALONE", "同等责任至少需要两方承担。",
                            "Equal liability needs at least two parties.");
    if (has_primary && !has_secondary)
        contradicts_bearers(check, KC_LIABILITY_PRIMARY, 0, "PRIMARY_WITHOUT_SECONDARY",
                            "有一方承担主要责任的，须有一方承担次要责任。",
                            "Primary liability needs a party with secondary.");
    if (has_secondary && !has_primary)
        contradicts_bearers(check, KC_LIABILITY_SECONDARY, 0, "SECONDARY_WITHOUT_PRIMARY",
                            "有一方承担次要责任的，须有一方承担主要责任。",
                            "Secondary liability needs a party with primary.");
    if (shares->of[KC_LIABILITY_EQUAL] > 0 && (has_primary || has_secondary))
        contradicts_bearers(check, KC_LIABILITY_EQUAL, 0, "MIXED_SHARES", "同等责任不能与主要责任、次要责任并存。",
                            "Equal liability cannot stand beside primary or secondary.");
}

static void
check_undeterminable(Check *check, const Shares *shares)
{
    guint some = shares->of[KC_LIABILITY_UNDETERMINABLE];
    if (some == 0 || some == check->det->parties->len)
        return;
    contradicts_bearers(check, KC_LIABILITY_UNDETERMINABLE, 0, "SOME_UNDETERMINABLE",
                        "责任无法认定的，各方均应为无法认定。",
                        "When liability cannot be determined, that holds for every party.");
}

static void
check_violations(Check *check)
{
    for (guint i = 0; i < check->det->parties->len; i++) {
        const KcDeterminationParty *party = party_at(check->det, i);
        gboolean at_fault = party->liability == KC_LIABILITY_FULL || party->liability == KC_LIABILITY_PRIMARY ||
                            party->liability == KC_LIABILITY_EQUAL;
        if (!at_fault || party->violations->len > 0)
            continue;
        g_autofree char *pointer = g_strdup_printf("/parties/%u/violations", i);
        misses(check, "VIOLATION", pointer, "承担同等以上责任的当事人须注明违法行为。",
               "A party that bears equal liability or more needs a violation.");
    }
}

static void
check_liability(Check *check)
{
    Shares shares = count_shares(check->det);

    for (guint i = 0; i < check->det->parties->len; i++) {
        if (party_at(check->det, i)->liability != KC_LIABILITY_UNSET)
            continue;
        g_autofree char *pointer = g_strdup_printf("/parties/%u/liability", i);
        misses(check, "LIABILITY", pointer, "请认定该当事人的责任。", "The liability of this party is missing.");
    }
    check_at_most_one(check, &shares);
    if (shares.of[KC_LIABILITY_UNSET] > 0)
        return;
    check_undeterminable(check, &shares);
    check_full(check, &shares);
    /* Said once is enough: beside a full or an undeterminable share these would repeat the same. */
    if (shares.of[KC_LIABILITY_FULL] == 0 && shares.of[KC_LIABILITY_UNDETERMINABLE] == 0)
        check_shared(check, &shares);
}

/* ---- accident form ---- */

typedef struct {
    guint vehicles;
    guint pedestrians;
    gboolean complete; /* every way of travel is known */
} Travellers;

static Travellers
count_travellers(const Check *check)
{
    Travellers count = {.complete = TRUE};
    for (guint i = 0; i < check->det->parties->len; i++) {
        KcTravelClass travel = check->meaning->travel[i];
        count.vehicles += travel == KC_TRAVEL_MOTOR || travel == KC_TRAVEL_NON_MOTOR;
        count.pedestrians += travel == KC_TRAVEL_PEDESTRIAN;
        count.complete = count.complete && travel != KC_TRAVEL_UNKNOWN;
    }
    return count;
}

static void
check_form_parties(Check *check)
{
    Travellers count = count_travellers(check);
    if (!count.complete)
        return;
    switch (check->meaning->form) {
    case KC_FORM_SINGLE_VEHICLE:
        if (count.vehicles != 1)
            contradicts(check, "SINGLE_VEHICLE_COUNT", "/accident_form", "单车事故只能有一辆车。",
                        "A single-vehicle accident has exactly one vehicle.");
        if (count.pedestrians > 0)
            contradicts(check, "SINGLE_VEHICLE_PEDESTRIAN", "/accident_form", "单车事故不能有行人。",
                        "A single-vehicle accident has no pedestrian.");
        break;
    case KC_FORM_VEHICLE_PERSON:
        if (count.vehicles < 1 || count.pedestrians < 1)
            contradicts(check, "VEHICLE_PERSON_COUNT", "/accident_form", "车辆与人事故至少有一辆车和一名行人。",
                        "An accident of vehicle and person has at least one vehicle and one pedestrian.");
        break;
    case KC_FORM_BETWEEN_VEHICLES:
        if (count.vehicles < 2)
            contradicts(check, "BETWEEN_VEHICLES_COUNT", "/accident_form", "车辆间事故至少有两辆车。",
                        "An accident between vehicles has at least two vehicles.");
        break;
    case KC_FORM_UNKNOWN:
        break;
    }
}

/* A field that was right for another form, chosen before. */
static void
check_form_aliens(Check *check)
{
    const KcCodeMeaning *meaning = check->meaning;
    gboolean has_object = !kc_text_is_blank(check->det->collision_object);

    if (meaning->form == KC_FORM_UNKNOWN)
        return;
    if (meaning->form != KC_FORM_BETWEEN_VEHICLES && !kc_text_is_blank(check->det->collision_type))
        contradicts(check, "COLLISION_TYPE_ALIEN", "/collision_type", "只有车辆间事故才填写车辆间碰撞方式。",
                    "Only an accident between vehicles has a way the vehicles collided.");
    if (has_object && !meaning->needs_collision_object)
        contradicts(check, "COLLISION_OBJECT_ALIEN", "/collision_object", "该事故形态不填写碰撞对象。",
                    "This accident form has no object that was hit.");
    else if (has_object && meaning->form_hits != KC_OBJECT_UNKNOWN && meaning->object != KC_OBJECT_UNKNOWN &&
             meaning->form_hits != meaning->object)
        contradicts(check, "COLLISION_OBJECT_KIND", "/collision_object",
                    "撞固定物的，碰撞对象应为固定物；撞非固定物的，应为非固定物。",
                    "The object is fixed where the form says so, and movable where the form says that.");
}

static void
check_road(Check *check)
{
    if (check->meaning->road == KC_ROAD_URBAN && !kc_text_is_blank(check->det->road_class))
        contradicts(check, "ROAD_CLASS_ALIEN", "/road_class", "只有公路才填写公路行政等级。",
                    "Only a highway has an administrative class.");
}

static void
check_form_details(Check *check)
{
    if (check->meaning->needs_collision_type && kc_text_is_blank(check->det->collision_type))
        misses(check, "COLLISION_TYPE", "/collision_type", "该事故形态须填写车辆间碰撞方式。",
               "This accident form needs the way the vehicles collided.");
    if (check->meaning->needs_collision_object && kc_text_is_blank(check->det->collision_object))
        misses(check, "COLLISION_OBJECT", "/collision_object", "该事故形态须填写碰撞对象。",
               "This accident form needs the object that was hit.");
}

/* ---- parties ---- */

static void
check_no_motor_vehicle(Check *check, guint index)
{
    const KcDeterminationParty *party = party_at(check->det, index);
    KcTravelClass travel = check->meaning->travel[index];
    const struct {
        const char *field;
        const char *value;
    } fields[] = {
        {"plate_number", party->plate_number},
        {"plate_type", party->plate_type},
        {"licence_number", party->licence_number},
        {"insurance_certificate", party->insurance_certificate},
        {"insurer", party->insurer},
    };

    if (travel == KC_TRAVEL_MOTOR || travel == KC_TRAVEL_UNKNOWN)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        if (!kc_text_is_blank(fields[i].value))
            contradicts_at(check, index, fields[i].field, "NOT_A_MOTOR_VEHICLE",
                           "非机动车、行人和乘车人不填写号牌、驾驶证和保险信息。",
                           "Only the driver of a motor vehicle has a plate, a licence and an insurer.");
}

static void
check_motor_vehicle(Check *check, guint index)
{
    const KcDeterminationParty *party = party_at(check->det, index);
    const struct {
        const char *field, *value, *code, *zh, *en;
    } fields[] = {
        {"plate_type", party->plate_type, "PLATE_TYPE", "请选择号牌种类。", "The plate type is missing."},
        {"insurer", party->insurer, "INSURER", "请填写保险公司。", "The insurer is missing."},
        {"collision_part", party->collision_part, "COLLISION_PART", "请选择碰撞部位。",
         "The collision part is missing."},
    };

    if (check->meaning->travel[index] != KC_TRAVEL_MOTOR)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!kc_text_is_blank(fields[i].value))
            continue;
        g_autofree char *pointer = g_strdup_printf("/parties/%u/%s", index, fields[i].field);
        misses(check, fields[i].code, pointer, fields[i].zh, fields[i].en);
    }
}

static void
check_repeated(Check *check, guint index)
{
    const KcDeterminationParty *party = party_at(check->det, index);
    for (guint i = 0; i < index; i++) {
        const KcDeterminationParty *other = party_at(check->det, i);
        if (party->party_id != NULL && g_strcmp0(party->party_id, other->party_id) == 0)
            contradicts_at(check, index, "party_id", "SAME_PARTY_TWICE", "同一当事人重复填写。",
                           "The same party stands here twice.");
        if (!kc_text_is_blank(party->plate_number) && g_strcmp0(party->plate_number, other->plate_number) == 0 &&
            check->meaning->travel[i] == KC_TRAVEL_MOTOR && check->meaning->travel[index] == KC_TRAVEL_MOTOR)
            contradicts_at(check, index, "plate_number", "SAME_PLATE_TWICE", "两名当事人的号牌号码相同。",
                           "Two parties have the same plate number.");
    }
}

static void
check_parties(Check *check)
{
    if (check->det->parties->len == 0)
        misses(check, "PARTIES", "/parties", "至少需要一名当事人。", "At least one party is needed.");
    for (guint i = 0; i < check->det->parties->len; i++) {
        if (kc_text_is_blank(party_at(check->det, i)->vehicle_type)) {
            g_autofree char *pointer = g_strdup_printf("/parties/%u/vehicle_type", i);
            misses(check, "VEHICLE_TYPE", pointer, "请选择交通方式。", "The way of travel is missing.");
        }
        check_no_motor_vehicle(check, i);
        check_motor_vehicle(check, i);
        check_repeated(check, i);
    }
}

/* ---- fields ---- */

static void
check_fields(Check *check)
{
    const KcDetermination *det = check->det;
    const struct {
        gboolean is_missing;
        const char *code, *pointer, *zh, *en;
    } fields[] = {
        {det->occurred_at_us == 0, "OCCURRED_AT", "/occurred_at", "请填写事故时间。", "The time is missing."},
        {kc_text_is_blank(det->place_text), "PLACE", "/place_text", "请填写事故地点。", "The place is missing."},
        {kc_text_is_blank(det->weather), "WEATHER", "/weather", "请选择天气。", "The weather is missing."},
        {kc_text_is_blank(det->accident_form), "ACCIDENT_FORM", "/accident_form", "请选择事故形态。",
         "The accident form is missing."},
    };

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].is_missing)
            misses(check, fields[i].code, fields[i].pointer, fields[i].zh, fields[i].en);
}

/* ---- what an officer states ---- */

static void
check_licences(Check *check)
{
    for (guint i = 0; i < check->det->parties->len; i++) {
        if (check->meaning->travel[i] != KC_TRAVEL_MOTOR ||
            !kc_text_is_blank(party_at(check->det, i)->licence_number))
            continue;
        g_autofree char *pointer = g_strdup_printf("/parties/%u/licence_number", i);
        misses(check, "LICENCE_NUMBER", pointer, "请填写驾驶证号。", "The driving licence number is missing.");
    }
}

static void
check_reasoning(Check *check)
{
    const KcDetermination *det = check->det;
    const struct {
        gboolean is_missing;
        const char *code, *pointer, *zh, *en;
    } fields[] = {
        {kc_text_is_blank(det->facts), "FACTS", "/facts", "请填写事故事实。", "The facts are missing."},
        {kc_text_is_blank(det->cause), "CAUSE", "/cause", "请填写事故成因。", "The cause is missing."},
        {det->injured < 0, "INJURED", "/injured", "请填写受伤人数，无人受伤填0。",
         "The number of injured is missing; nobody is 0."},
        {det->reasons->len == 0, "REASONS", "/reasons", "请至少填写一条认定理由。", "At least one reason is needed."},
    };

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].is_missing)
            misses(check, fields[i].code, fields[i].pointer, fields[i].zh, fields[i].en);
    for (guint i = 0; i < det->reasons->len; i++) {
        const KcReason *reason = det->reasons->pdata[i];
        if (!kc_text_is_blank(reason->text))
            continue;
        g_autofree char *pointer = g_strdup_printf("/reasons/%u/text", i);
        misses(check, "REASON_TEXT", pointer, "请填写理由。", "The text of the reason is missing.");
    }
}

/* Order 146, art. 25: the result stands on the document; art. 26: without mediation there is none. */
static void
check_mediation(Check *check)
{
    const KcDetermination *det = check->det;
    gboolean agreed = det->mediation == KC_MEDIATION_AGREED, blank = kc_text_is_blank(det->mediation_result);

    if (agreed && blank)
        misses(check, "MEDIATION_RESULT", "/mediation_result", "共同请求调解的，请填写调解结果。",
               "The result of the mediation is missing.");
    if (!agreed && !blank)
        contradicts(check, "MEDIATION_RESULT", "/mediation_result", "没有共同请求调解，不能有调解结果。",
                    "There is no result without a mediation that all asked for.");
}

static void
check_accident(Check *check)
{
    check_fields(check);
    check_form_parties(check);
    check_form_aliens(check);
    check_form_details(check);
    check_road(check);
    check_parties(check);
    check_liability(check);
}

GPtrArray *
kc_consistency_check_accident(const KcDetermination *accident, const KcCodeMeaning *meaning)
{
    Check check = {accident, meaning, kc_findings_new()};

    check_accident(&check);
    kc_findings_sort(check.findings);
    return check.findings;
}

GPtrArray *
kc_consistency_check(const KcDetermination *determination, const KcCodeMeaning *meaning)
{
    Check check = {determination, meaning, kc_findings_new()};

    check_accident(&check);
    check_licences(&check);
    check_reasoning(&check);
    check_violations(&check);
    check_mediation(&check);
    kc_findings_sort(check.findings);
    return check.findings;
}
