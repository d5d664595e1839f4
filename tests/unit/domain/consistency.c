/* Every consistency rule both ways. A good determination is built once; each row changes one thing and names the
 * finding that must appear, or that none does. */
#include "src/domain/consistency.h"
#include "tests/support/kc_test.h"

#include <string.h>

typedef struct {
    KcDetermination *det;
    KcCodeMeaning meaning;
    KcTravelClass travel[4];
} Draft;

static KcDeterminationParty *
add_party(Draft *draft, const char *id, KcTravelClass travel, KcLiability liability)
{
    KcDeterminationParty *party = kc_determination_party_new();
    guint index = draft->det->parties->len;

    g_assert(index < G_N_ELEMENTS(draft->travel));
    party->party_id = g_strdup(id);
    party->vehicle_type = g_strdup("K3");
    party->liability = liability;
    if (travel == KC_TRAVEL_MOTOR) {
        party->plate_type = g_strdup("02");
        party->plate_number = g_strdup_printf("陕H1234%u", index);
        party->insurer = g_strdup("picc");
        party->licence_number = g_strdup("612501199001011239");
        party->collision_part = g_strdup("front");
    }
    if (liability == KC_LIABILITY_FULL || liability == KC_LIABILITY_PRIMARY || liability == KC_LIABILITY_EQUAL)
        g_ptr_array_add(party->violations, g_strdup("REAR_END"));
    draft->travel[index] = travel;
    g_ptr_array_add(draft->det->parties, party);
    return party;
}

/* Complete but for the parties. */
static Draft *
draft_new(void)
{
    Draft *draft = g_new0(Draft, 1);
    KcReason *reason = kc_reason_new();

    draft->det = kc_determination_new();
    draft->det->occurred_at_us = G_USEC_PER_SEC;
    draft->det->place_text = g_strdup("北新街");
    draft->det->weather = g_strdup("1");
    draft->det->accident_form = g_strdup("11");
    draft->det->collision_type = g_strdup("1");
    draft->det->facts = g_strdup("甲追尾乙。");
    draft->det->cause = g_strdup("未保持安全距离。");
    draft->det->injured = 0;
    reason->text = g_strdup("照片可见追尾。");
    g_ptr_array_add(draft->det->reasons, reason);
    draft->meaning =
        (KcCodeMeaning){.form = KC_FORM_BETWEEN_VEHICLES, .needs_collision_type = TRUE, .travel = draft->travel};
    return draft;
}

static Draft *
good_draft(void)
{
    Draft *draft = draft_new();
    add_party(draft, "a", KC_TRAVEL_MOTOR, KC_LIABILITY_FULL);
    add_party(draft, "b", KC_TRAVEL_MOTOR, KC_LIABILITY_NONE);
    return draft;
}

static void
draft_free(Draft *draft)
{
    kc_determination_free(draft->det);
    g_free(draft);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)

static KcDeterminationParty *
party_of(Draft *draft, guint index)
{
    return draft->det->parties->pdata[index];
}

/* The draft has exactly the findings named by "CODE@/pointer", comma separated; NULL: none. */
static void
assert_findings(const Draft *draft, const char *expected, const char *what)
{
    g_autoptr(GPtrArray) findings = kc_consistency_check(draft->det, &draft->meaning);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        g_string_append_printf(found, "%s%s@%s", i > 0 ? "," : "", finding->code, finding->pointer);
        ck_assert(finding->message_zh[0] != '\0' && finding->message_en[0] != '\0');
        ck_assert(g_utf8_validate(finding->message_zh, -1, NULL));
    }
    ck_assert_msg(strcmp(found->str, expected == NULL ? "" : expected) == 0, "%s: found \"%s\", expected \"%s\"", what,
                  found->str, expected == NULL ? "" : expected);
}

START_TEST(a_good_draft_has_no_findings)
{
    g_autoptr(Draft) draft = good_draft();
    assert_findings(draft, NULL, "good");
}
END_TEST

/* Letters: f full, p primary, e equal, s secondary, n none, u undeterminable, ' ' unset. */
static KcLiability
liability_of(char letter)
{
    switch (letter) {
    case 'f':
        return KC_LIABILITY_FULL;
    case 'p':
        return KC_LIABILITY_PRIMARY;
    case 'e':
        return KC_LIABILITY_EQUAL;
    case 's':
        return KC_LIABILITY_SECONDARY;
    case 'n':
        return KC_LIABILITY_NONE;
    case 'u':
        return KC_LIABILITY_UNDETERMINABLE;
    default:
        return KC_LIABILITY_UNSET;
    }
}

START_TEST(liability)
{
    static const struct {
        const char *shares;
        const char *findings;
    } cases[] = {
        {"fn", NULL},
        {"nf", NULL}, /* the order of the draft does not matter: the record ranks */
        {"fnn", NULL},
        {"ee", NULL},
        {"een", NULL},
        {"eee", NULL},
        {"ps", NULL},
        {"sp", NULL},
        {"pss", NULL},
        {"psn", NULL},
        {"nn", NULL}, /* an accident without fault (art. 60) */
        {"uu", NULL},
        {"ff", "TWO_FULL@/parties/1/liability"},
        {"fff", "TWO_FULL@/parties/1/liability,TWO_FULL@/parties/2/liability"},
        {"fs", "FULL_AND_OTHERS@/parties/1/liability"},
        {"ef", "FULL_AND_OTHERS@/parties/0/liability"},
        {"fp", "FULL_AND_OTHERS@/parties/1/liability"},
        {"en", "EQUAL_ALONE@/parties/0/liability"},
        {"ne", "EQUAL_ALONE@/parties/1/liability"},
        {"pps", "TWO_PRIMARY@/parties/1/liability"},
        {"pn", "PRIMARY_WITHOUT_SECONDARY@/parties/0/liability"},
        {"sn", "SECONDARY_WITHOUT_PRIMARY@/parties/0/liability"},
        {"ss", "SECONDARY_WITHOUT_PRIMARY@/parties/0/liability,SECONDARY_WITHOUT_PRIMARY@/parties/1/liability"},
        {"eeps", "MIXED_SHARES@/parties/0/liability,MIXED_SHARES@/parties/1/liability"},
        {"un", "SOME_UNDETERMINABLE@/parties/0/liability"},
        {"uf", "SOME_UNDETERMINABLE@/parties/0/liability,FULL_AND_OTHERS@/parties/0/liability"},
        {"us", "SOME_UNDETERMINABLE@/parties/0/liability"},
        {"f ", "LIABILITY@/parties/1/liability"}, /* the others are not yet judged */
        {"  ", "LIABILITY@/parties/0/liability,LIABILITY@/parties/1/liability"},
        {"ff ", "TWO_FULL@/parties/1/liability,LIABILITY@/parties/2/liability"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Draft) draft = draft_new();
        for (guint n = 0; cases[i].shares[n] != '\0'; n++) {
            g_autofree char *id = g_strdup_printf("p%u", n);
            add_party(draft, id, KC_TRAVEL_MOTOR, liability_of(cases[i].shares[n]));
        }
        assert_findings(draft, cases[i].findings, cases[i].shares);
    }
}
END_TEST

START_TEST(whoever_is_at_fault_has_a_violation)
{
    static const struct {
        const char *shares;
        const char *findings;
    } cases[] = {
        {"fn", "VIOLATION@/parties/0/violations"},
        {"ps", "VIOLATION@/parties/0/violations"},
        {"sp", "VIOLATION@/parties/1/violations"},
        {"ee", "VIOLATION@/parties/0/violations,VIOLATION@/parties/1/violations"},
        {"nn", NULL},
        {"uu", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Draft) draft = draft_new();
        for (guint n = 0; cases[i].shares[n] != '\0'; n++) {
            g_autofree char *id = g_strdup_printf("p%u", n);
            KcDeterminationParty *party = add_party(draft, id, KC_TRAVEL_MOTOR, liability_of(cases[i].shares[n]));
            g_ptr_array_set_size(party->violations, 0);
        }
        assert_findings(draft, cases[i].findings, cases[i].shares);
    }
}
END_TEST

/* Letters: m motor, n non-motor, p pedestrian, c passenger, ? unknown. */
static KcTravelClass
travel_of(char letter)
{
    switch (letter) {
    case 'm':
        return KC_TRAVEL_MOTOR;
    case 'n':
        return KC_TRAVEL_NON_MOTOR;
    case 'p':
        return KC_TRAVEL_PEDESTRIAN;
    case 'c':
        return KC_TRAVEL_PASSENGER;
    default:
        return KC_TRAVEL_UNKNOWN;
    }
}

START_TEST(accident_form_and_travellers)
{
    static const struct {
        KcFormClass form;
        const char *travellers;
        const char *findings;
    } cases[] = {
        {KC_FORM_SINGLE_VEHICLE, "m", NULL},
        {KC_FORM_SINGLE_VEHICLE, "n", NULL},
        {KC_FORM_SINGLE_VEHICLE, "mc", NULL},
        {KC_FORM_SINGLE_VEHICLE, "mm", "SINGLE_VEHICLE_COUNT@/accident_form"},
        {KC_FORM_SINGLE_VEHICLE, "c", "SINGLE_VEHICLE_COUNT@/accident_form"},
        {KC_FORM_SINGLE_VEHICLE, "mp", "SINGLE_VEHICLE_PEDESTRIAN@/accident_form"},
        {KC_FORM_SINGLE_VEHICLE, "m?", NULL},
        {KC_FORM_VEHICLE_PERSON, "mp", NULL},
        {KC_FORM_VEHICLE_PERSON, "np", NULL},
        {KC_FORM_VEHICLE_PERSON, "mpp", NULL},
        {KC_FORM_VEHICLE_PERSON, "mm", "VEHICLE_PERSON_COUNT@/accident_form"},
        {KC_FORM_VEHICLE_PERSON, "pp", "VEHICLE_PERSON_COUNT@/accident_form"},
        {KC_FORM_BETWEEN_VEHICLES, "mm", NULL},
        {KC_FORM_BETWEEN_VEHICLES, "mn", NULL},
        {KC_FORM_BETWEEN_VEHICLES, "mmm", NULL},
        {KC_FORM_BETWEEN_VEHICLES, "m", "BETWEEN_VEHICLES_COUNT@/accident_form"},
        {KC_FORM_BETWEEN_VEHICLES, "mp", "BETWEEN_VEHICLES_COUNT@/accident_form"},
        {KC_FORM_BETWEEN_VEHICLES, "mc", "BETWEEN_VEHICLES_COUNT@/accident_form"},
        {KC_FORM_UNKNOWN, "p", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Draft) draft = draft_new();
        draft->meaning.form = cases[i].form;
        draft->meaning.needs_collision_type = FALSE;
        g_clear_pointer(&draft->det->collision_type, g_free);
        for (guint n = 0; cases[i].travellers[n] != '\0'; n++) {
            g_autofree char *id = g_strdup_printf("p%u", n);
            add_party(draft, id, travel_of(cases[i].travellers[n]), KC_LIABILITY_NONE);
        }
        assert_findings(draft, cases[i].findings, cases[i].travellers);
    }
}
END_TEST

START_TEST(collision_type_and_object)
{
    g_autoptr(Draft) draft = good_draft();
    g_clear_pointer(&draft->det->collision_type, g_free);
    assert_findings(draft, "COLLISION_TYPE@/collision_type", "type is needed");
    draft->meaning.needs_collision_type = FALSE;
    assert_findings(draft, NULL, "type is not needed");

    g_clear_pointer(&draft->det->collision_type, g_free);
    draft->meaning.needs_collision_object = TRUE;
    assert_findings(draft, "COLLISION_OBJECT@/collision_object", "object is needed");
    draft->det->collision_object = g_strdup("17");
    assert_findings(draft, NULL, "object is there");
}
END_TEST

START_TEST(what_belongs_to_another_form)
{
    static const struct {
        KcFormClass form;
        const char *type;
        const char *object;
        KcObjectClass form_hits, object_class;
        const char *findings;
    } cases[] = {
        {KC_FORM_BETWEEN_VEHICLES, "1", NULL, 0, 0, NULL},
        {KC_FORM_BETWEEN_VEHICLES, "1", " ", 0, 0, NULL},
        {KC_FORM_BETWEEN_VEHICLES, "1", "17", 0, KC_OBJECT_FIXED, "COLLISION_OBJECT_ALIEN@/collision_object"},
        {KC_FORM_VEHICLE_PERSON, NULL, NULL, 0, 0, NULL},
        {KC_FORM_VEHICLE_PERSON, "1", NULL, 0, 0, "COLLISION_TYPE_ALIEN@/collision_type"},
        {KC_FORM_SINGLE_VEHICLE, "1", NULL, 0, 0, "COLLISION_TYPE_ALIEN@/collision_type"},
        {KC_FORM_SINGLE_VEHICLE, NULL, "17", 0, KC_OBJECT_FIXED, "COLLISION_OBJECT_ALIEN@/collision_object"},
        {KC_FORM_SINGLE_VEHICLE, NULL, "17", KC_OBJECT_FIXED, KC_OBJECT_FIXED, NULL},
        {KC_FORM_SINGLE_VEHICLE, NULL, "31", KC_OBJECT_MOVABLE, KC_OBJECT_MOVABLE, NULL},
        {KC_FORM_SINGLE_VEHICLE, NULL, "31", KC_OBJECT_FIXED, KC_OBJECT_MOVABLE,
         "COLLISION_OBJECT_KIND@/collision_object"},
        {KC_FORM_SINGLE_VEHICLE, NULL, "17", KC_OBJECT_MOVABLE, KC_OBJECT_FIXED,
         "COLLISION_OBJECT_KIND@/collision_object"},
        {KC_FORM_SINGLE_VEHICLE, NULL, "??", KC_OBJECT_FIXED, KC_OBJECT_UNKNOWN, NULL}, /* said by the codes */
        {KC_FORM_UNKNOWN, "1", "17", 0, KC_OBJECT_FIXED, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Draft) draft = draft_new();
        draft->meaning.form = cases[i].form;
        draft->meaning.needs_collision_type = FALSE;
        draft->meaning.needs_collision_object = cases[i].form_hits != KC_OBJECT_UNKNOWN;
        draft->meaning.form_hits = cases[i].form_hits;
        draft->meaning.object = cases[i].object_class;
        g_free(draft->det->collision_type);
        draft->det->collision_type = g_strdup(cases[i].type);
        draft->det->collision_object = g_strdup(cases[i].object);
        add_party(draft, "a", KC_TRAVEL_UNKNOWN, KC_LIABILITY_NONE);
        g_autofree char *row = g_strdup_printf("row %u", i);
        assert_findings(draft, cases[i].findings, row);
    }
}
END_TEST

START_TEST(only_a_highway_has_an_administrative_class)
{
    static const struct {
        KcRoadClass road;
        const char *road_class;
        const char *findings;
    } cases[] = {
        {KC_ROAD_HIGHWAY, "1", NULL}, {KC_ROAD_HIGHWAY, NULL, NULL},
        {KC_ROAD_UNKNOWN, "1", NULL}, {KC_ROAD_URBAN, NULL, NULL},
        {KC_ROAD_URBAN, "", NULL},    {KC_ROAD_URBAN, "1", "ROAD_CLASS_ALIEN@/road_class"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Draft) draft = good_draft();
        draft->meaning.road = cases[i].road;
        draft->det->road_class = g_strdup(cases[i].road_class);
        g_autofree char *row = g_strdup_printf("row %u", i);
        assert_findings(draft, cases[i].findings, row);
    }
}
END_TEST

START_TEST(only_motor_vehicles_have_plates)
{
    static const char letters[] = "npc";
    for (guint i = 0; letters[i] != '\0'; i++) {
        g_autoptr(Draft) draft = draft_new();
        draft->meaning.form = KC_FORM_UNKNOWN;
        KcDeterminationParty *party = add_party(draft, "a", travel_of(letters[i]), KC_LIABILITY_NONE);
        assert_findings(draft, NULL, "no plate");
        party->plate_number = g_strdup("陕H12345");
        party->plate_type = g_strdup("02");
        party->licence_number = g_strdup("612501199001011239");
        party->insurance_certificate = g_strdup("PDZA1");
        party->insurer = g_strdup("picc");
        assert_findings(draft,
                        "NOT_A_MOTOR_VEHICLE@/parties/0/plate_number,NOT_A_MOTOR_VEHICLE@/parties/0/plate_type,"
                        "NOT_A_MOTOR_VEHICLE@/parties/0/licence_number,"
                        "NOT_A_MOTOR_VEHICLE@/parties/0/insurance_certificate,"
                        "NOT_A_MOTOR_VEHICLE@/parties/0/insurer",
                        "a plate");
    }
}
END_TEST

START_TEST(motor_vehicles_lack)
{
    g_autoptr(Draft) draft = good_draft();
    KcDeterminationParty *party = party_of(draft, 1);
    g_clear_pointer(&party->plate_type, g_free);
    g_clear_pointer(&party->licence_number, g_free);
    g_clear_pointer(&party->collision_part, g_free);
    g_free(party->insurer);
    party->insurer = g_strdup(" 　");
    assert_findings(draft,
                    "PLATE_TYPE@/parties/1/plate_type,INSURER@/parties/1/insurer,"
                    "COLLISION_PART@/parties/1/collision_part,LICENCE_NUMBER@/parties/1/licence_number",
                    "blank");
}
END_TEST

START_TEST(nobody_stands_there_twice)
{
    g_autoptr(Draft) draft = good_draft();
    KcDeterminationParty *party = party_of(draft, 1);
    g_free(party->party_id);
    party->party_id = g_strdup("a");
    g_free(party->plate_number);
    party->plate_number = g_strdup(party_of(draft, 0)->plate_number);
    assert_findings(draft, "SAME_PARTY_TWICE@/parties/1/party_id,SAME_PLATE_TWICE@/parties/1/plate_number", "twice");
}
END_TEST

START_TEST(an_empty_draft_lacks_everything)
{
    g_autoptr(KcDetermination) det = kc_determination_new();
    Draft draft = {.det = det};
    draft.meaning.travel = draft.travel;
    assert_findings(&draft,
                    "OCCURRED_AT@/occurred_at,PLACE@/place_text,WEATHER@/weather,ACCIDENT_FORM@/accident_form,"
                    "PARTIES@/parties,FACTS@/facts,CAUSE@/cause,INJURED@/injured,REASONS@/reasons",
                    "empty");
    g_ptr_array_add(det->reasons, kc_reason_new());
    g_autoptr(GPtrArray) findings = kc_consistency_check(det, &draft.meaning);
    ck_assert(kc_findings_have(findings, KC_FINDING_MISSING));
    ck_assert(!kc_findings_have(findings, KC_FINDING_CONTRADICTION));
    const KcFinding *reason = findings->pdata[8];
    ck_assert_str_eq(reason->pointer, "/reasons/0/text");
}
END_TEST

START_TEST(contradictions_come_first)
{
    g_autoptr(Draft) draft = good_draft();
    g_clear_pointer(&draft->det->weather, g_free);
    party_of(draft, 1)->liability = KC_LIABILITY_SECONDARY;
    assert_findings(draft, "FULL_AND_OTHERS@/parties/1/liability,WEATHER@/weather", "both");
    ck_assert_str_eq(kc_finding_kind_to_string(KC_FINDING_MISSING), "missing");
    ck_assert_str_eq(kc_finding_kind_to_string(KC_FINDING_CONTRADICTION), "contradiction");
}
END_TEST

START_TEST(closing)
{
    static const struct {
        KcClosing closing;
        KcClosingFacts facts;
        const char *finding; /* the first, NULL: none */
    } cases[] = {
        {KC_CLOSING_MEDIATED, {TRUE, 2, 0, 0, "3", "各自修车"}, NULL},
        {KC_CLOSING_MEDIATED, {TRUE, 2, 0, 0, NULL, "各自修车"}, "MEDIATION_METHOD"},
        {KC_CLOSING_MEDIATED, {TRUE, 2, 0, 0, "3", ""}, "MEDIATION_RESULT"},
        {KC_CLOSING_MEDIATED, {TRUE, 1, 1, 0, "3", "各自修车"}, "MEDIATED_UNSIGNED"},
        {KC_CLOSING_MEDIATED, {TRUE, 1, 0, 1, "3", "各自修车"}, "MEDIATED_UNSIGNED"},
        {KC_CLOSING_NO_MEDIATION, {TRUE, 2, 0, 0, NULL, NULL}, NULL},
        {KC_CLOSING_NO_MEDIATION, {TRUE, 2, 0, 0, "3", NULL}, "MEDIATION_METHOD"},
        {KC_CLOSING_NO_MEDIATION, {TRUE, 2, 0, 0, "", "各自修车"}, "MEDIATION_RESULT"},
        {KC_CLOSING_NO_MEDIATION, {TRUE, 1, 0, 1, NULL, NULL}, "ANOTHER_REASON"},
        {KC_CLOSING_MEDIATED, {TRUE, 2, 0, 0, "3", "各自修车", TRUE}, NULL},
        {KC_CLOSING_NO_MEDIATION, {TRUE, 2, 0, 0, NULL, NULL, TRUE}, "MEDIATED_ON_DOCUMENT"},
        {KC_CLOSING_REFUSED, {TRUE, 1, 1, 0, NULL, NULL, TRUE}, NULL}, /* art. 26(2) overtakes it */
        {KC_CLOSING_OBJECTED, {TRUE, 1, 0, 1, NULL, NULL}, NULL},
        {KC_CLOSING_OBJECTED, {TRUE, 1, 1, 0, NULL, NULL}, "NOBODY_OBJECTED"},
        {KC_CLOSING_REFUSED, {TRUE, 1, 1, 0, NULL, NULL}, NULL},
        {KC_CLOSING_REFUSED, {TRUE, 2, 0, 0, NULL, NULL}, "NOBODY_REFUSED"},
        {KC_CLOSING_REFUSED, {FALSE, 0, 0, 0, NULL, NULL}, NULL}, /* decided on the scene, on paper */
        {KC_CLOSING_OBJECTED, {FALSE, 0, 0, 0, NULL, NULL}, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) findings = kc_consistency_check_closing(cases[i].closing, &cases[i].facts);
        const char *found = findings->len == 0 ? NULL : ((const KcFinding *)findings->pdata[0])->code;
        ck_assert_msg(g_strcmp0(found, cases[i].finding) == 0, "row %u: %s", i, found);
    }
}
END_TEST

static Suite *
consistency_suite(void)
{
    Suite *suite = suite_create("domain/consistency");
    TCase *tcase = tcase_create("rules");
    tcase_add_test(tcase, a_good_draft_has_no_findings);
    tcase_add_test(tcase, liability);
    tcase_add_test(tcase, whoever_is_at_fault_has_a_violation);
    tcase_add_test(tcase, accident_form_and_travellers);
    tcase_add_test(tcase, collision_type_and_object);
    tcase_add_test(tcase, what_belongs_to_another_form);
    tcase_add_test(tcase, only_a_highway_has_an_administrative_class);
    tcase_add_test(tcase, only_motor_vehicles_have_plates);
    tcase_add_test(tcase, motor_vehicles_lack);
    tcase_add_test(tcase, nobody_stands_there_twice);
    tcase_add_test(tcase, an_empty_draft_lacks_everything);
    tcase_add_test(tcase, contradictions_come_first);
    tcase_add_test(tcase, closing);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(consistency_suite())
