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
 *              M COLLISION_TYPE, COLLISION_OBJECT
 *  parties     C NOT_A_MOTOR_VEHICLE     who drives no motor vehicle has no plate, licence or insurer
 *              C SAME_PARTY_TWICE        C SAME_PLATE_TWICE
 *  fields      M what art. 24 asks for
 *
 * "The first party bears at least equal" is a rule of the record's order. The record is written with the heaviest
 * liability first (kc_determination_ranked_parties), so it holds for any order in the draft as soon as somebody bears
 * equal or more; that secondary stands alone is caught above, and "nobody is at fault" and "undeterminable" are
 * lawful (art. 60). Rules about liability speak only when every party has one: a draft grows field by field. */
#include "src/domain/consistency.h"

typedef struct {
    const KcDetermination *det;
    const KcCodeMeaning *meaning;
    GPtrArray *findings;
} Check;

typedef struct {
    guint of[KC_LIABILITY_UNDETERMINABLE + 1];
} Shares;

GPtrArray *
kc_findings_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)kc_finding_free);
}

void
kc_findings_add(GPtrArray *findings, KcFindingKind kind, const char *code, const char *pointer, const char *zh,
                const char *en)
{
    KcFinding *finding = g_new0(KcFinding, 1);
    finding->kind = kind;
    finding->code = g_strdup(code);
    finding->pointer = g_strdup(pointer);
    finding->message_zh = g_strdup(zh);
    finding->message_en = g_strdup(en);
    g_ptr_array_add(findings, finding);
}

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

static gboolean
is_blank(const char *text)
{
    if (text == NULL)
        return TRUE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            return FALSE;
    return TRUE;
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
    check_violations(check);
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

static void
check_form_details(Check *check)
{
    if (check->meaning->needs_collision_type && is_blank(check->det->collision_type))
        misses(check, "COLLISION_TYPE", "/collision_type", "该事故形态须填写车辆间碰撞方式。",
               "This accident form needs the way the vehicles collided.");
    if (check->meaning->needs_collision_object && is_blank(check->det->collision_object))
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
        if (!is_blank(fields[i].value))
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
        {"licence_number", party->licence_number, "LICENCE_NUMBER", "请填写驾驶证号。",
         "The driving licence number is missing."},
        {"insurer", party->insurer, "INSURER", "请填写保险公司。", "The insurer is missing."},
        {"collision_part", party->collision_part, "COLLISION_PART", "请选择碰撞部位。",
         "The collision part is missing."},
    };

    if (check->meaning->travel[index] != KC_TRAVEL_MOTOR)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!is_blank(fields[i].value))
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
        if (!is_blank(party->plate_number) && g_strcmp0(party->plate_number, other->plate_number) == 0 &&
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
        if (is_blank(party_at(check->det, i)->vehicle_type)) {
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
        {is_blank(det->place_text), "PLACE", "/place_text", "请填写事故地点。", "The place is missing."},
        {is_blank(det->weather), "WEATHER", "/weather", "请选择天气。", "The weather is missing."},
        {is_blank(det->accident_form), "ACCIDENT_FORM", "/accident_form", "请选择事故形态。",
         "The accident form is missing."},
        {is_blank(det->facts), "FACTS", "/facts", "请填写事故事实。", "The facts are missing."},
        {is_blank(det->cause), "CAUSE", "/cause", "请填写事故成因。", "The cause is missing."},
        {det->injured < 0, "INJURED", "/injured", "请填写受伤人数，无人受伤填0。",
         "The number of injured is missing; nobody is 0."},
        {det->reasons->len == 0, "REASONS", "/reasons", "请至少填写一条认定理由。", "At least one reason is needed."},
    };

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].is_missing)
            misses(check, fields[i].code, fields[i].pointer, fields[i].zh, fields[i].en);
    for (guint i = 0; i < det->reasons->len; i++) {
        const KcReason *reason = det->reasons->pdata[i];
        if (!is_blank(reason->text))
            continue;
        g_autofree char *pointer = g_strdup_printf("/reasons/%u/text", i);
        misses(check, "REASON_TEXT", pointer, "请填写理由。", "The text of the reason is missing.");
    }
}

static gint
contradictions_first(gconstpointer a, gconstpointer b)
{
    const KcFinding *left = *(const KcFinding *const *)a;
    const KcFinding *right = *(const KcFinding *const *)b;
    return (gint)right->kind - (gint)left->kind;
}

GPtrArray *
kc_consistency_check(const KcDetermination *determination, const KcCodeMeaning *meaning)
{
    Check check = {determination, meaning, kc_findings_new()};

    check_fields(&check);
    check_form_parties(&check);
    check_form_details(&check);
    check_parties(&check);
    check_liability(&check);
    g_ptr_array_sort(check.findings, contradictions_first); /* a stable merge sort */
    return check.findings;
}

/* ---- closing ---- */

static void
check_mediation(GPtrArray *findings, gboolean mediated, const KcClosingFacts *facts)
{
    const struct {
        const char *value, *code, *pointer, *missing_zh, *missing_en;
    } fields[] = {
        {facts->mediation_method, "MEDIATION_METHOD", "/mediation_method", "调解结案须填写调解方式。",
         "A case closed by mediation needs the way of mediation."},
        {facts->mediation_result, "MEDIATION_RESULT", "/mediation_result", "调解结案须填写调解结果。",
         "A case closed by mediation needs its result."},
    };

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (mediated && is_blank(fields[i].value))
            kc_findings_add(findings, KC_FINDING_MISSING, fields[i].code, fields[i].pointer, fields[i].missing_zh,
                            fields[i].missing_en);
        if (!mediated && !is_blank(fields[i].value))
            kc_findings_add(findings, KC_FINDING_CONTRADICTION, fields[i].code, fields[i].pointer,
                            "只有调解结案才填写调解方式和结果。",
                            "Only a case closed by mediation has a way and a result of mediation.");
    }
}

static void
check_decisions(GPtrArray *findings, KcClosing closing, const KcClosingFacts *facts)
{
    static const char pointer[] = "/closing_code";

    if (closing == KC_CLOSING_MEDIATED && facts->refused_count + facts->objected_count > 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "MEDIATED_UNSIGNED", pointer,
                        "有当事人拒绝签字或者有异议的，不适用调解。",
                        "There is no mediation when a party refused to sign or objected.");
    if (closing == KC_CLOSING_NO_MEDIATION && facts->refused_count + facts->objected_count > 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "ANOTHER_REASON", pointer,
                        "有当事人拒绝签字或者有异议的，应当选择相应的结案方式。",
                        "A party refused to sign or objected: choose that as the reason.");
    if (closing == KC_CLOSING_OBJECTED && facts->objected_count == 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "NOBODY_OBJECTED", pointer, "没有当事人对认定提出异议。",
                        "No party objected to the determination.");
    if (closing == KC_CLOSING_REFUSED && facts->refused_count == 0)
        kc_findings_add(findings, KC_FINDING_CONTRADICTION, "NOBODY_REFUSED", pointer, "没有当事人拒绝签字。",
                        "No party refused to sign.");
}

GPtrArray *
kc_consistency_check_closing(KcClosing closing, const KcClosingFacts *facts)
{
    GPtrArray *findings = kc_findings_new();

    check_mediation(findings, closing == KC_CLOSING_MEDIATED, facts);
    if (facts->has_document)
        check_decisions(findings, closing, facts);
    g_ptr_array_sort(findings, contradictions_first);
    return findings;
}

gboolean
kc_findings_have(const GPtrArray *findings, KcFindingKind kind)
{
    for (guint i = 0; i < findings->len; i++)
        if (((const KcFinding *)findings->pdata[i])->kind == kind)
            return TRUE;
    return FALSE;
}

const char *
kc_finding_kind_to_string(KcFindingKind kind)
{
    return kind == KC_FINDING_MISSING ? "missing" : "contradiction";
}

char *
kc_finding_text(const KcFinding *finding)
{
    return g_strconcat(finding->message_zh, " / ", finding->message_en, NULL);
}

void
kc_finding_free(KcFinding *finding)
{
    if (finding == NULL)
        return;
    g_free(finding->code);
    g_free(finding->pointer);
    g_free(finding->message_zh);
    g_free(finding->message_en);
    g_free(finding);
}
