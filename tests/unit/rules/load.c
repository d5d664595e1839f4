/* The files of the tree load; each kind of broken file is refused with its name, the place and the reason. */
#include "src/domain/roles.h"
#include "src/rules/rules.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static const char *const FILES[] = {
    "approval.json",  "calendars/2025.json", "calendars/2026.json", "codes.json",     "consents.json", "counties.json",  "deadlines.json",
    "desk.json",      "documents.json",      "drafts.json",         "eligibility.json", "hospitals.json", "insurers.json",
    "retention.json", "scenarios.json",      "settlement.json",     "shots.json"};

/* A folder with the files of the tree, of which `file` has the first `from` replaced by `to`. */
static char *
folder_with(const char *file, const char *from, const char *to)
{
    return kc_test_dir_copy(KC_RULES_DIR, file, from, to);
}

START_TEST(the_tree_loads)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcRules) from_folder = kc_rules_load(KC_RULES_DIR, TRUE, &error);
    kc_assert_no_error(error);
    g_autoptr(KcRules) built_in = kc_rules_load(NULL, FALSE, &error);
    kc_assert_no_error(error);

    ck_assert(kc_rules_is_demo(from_folder) && !kc_rules_is_demo(built_in));
    ck_assert_uint_eq(strlen(kc_rules_version(built_in)), 64);
    ck_assert_str_eq(kc_rules_version(from_folder), kc_rules_version(built_in));
    for (guint list = 0; list < KC_CODES_LIST_COUNT; list++)
        ck_assert_uint_gt(kc_rules_codes(built_in, list)->len, 2);
    ck_assert_uint_eq(kc_rules_codes(built_in, KC_CODES_ACCIDENT_FORM)->len, 16);
    ck_assert_uint_eq(kc_rules_scenarios(built_in)->len, 35);
    ck_assert_uint_eq(kc_rules_eligibility(built_in)->len, 22);
    ck_assert_uint_eq(kc_rules_counties(built_in)->len, 7);
    ck_assert_uint_gt(kc_rules_shots(built_in)->len, 5);
    ck_assert(kc_rules_shot_gate(built_in) && kc_rules_shot_reason(built_in, "road_danger") != NULL);
    ck_assert_ptr_null(kc_rules_shot_reason(built_in, NULL));
    ck_assert_uint_gt(kc_rules_insurers(built_in)->len, 5);
    ck_assert_uint_eq(kc_rules_draft_texts(built_in)->len, 28);
    ck_assert_uint_eq(kc_rules_approval(built_in)->len, 3);
    ck_assert_uint_eq(kc_rules_deadlines(built_in)->len, 20);
    ck_assert_int_eq(kc_rules_desk(built_in)->answer_s, 60);
    ck_assert_int_eq(kc_rules_desk(built_in)->clear_s, 240);
    ck_assert_int_eq(kc_rules_desk(built_in)->close_s, 900);
    ck_assert(kc_calendar_has_year(kc_rules_calendar(built_in), 2026));
}
END_TEST

START_TEST(a_case_is_picked_unless_the_desk_says_otherwise)
{
    static const struct {
        const char *from, *to;
        KcAssignment assignment;
        guint among;
        gint64 accept_s;
    } rows[] = {
        {"\"pick\"", "\"pick\"", KC_ASSIGN_PICK, 1u << KC_ROLE_OFFICER, 20},
        {"\"pick\"", "\"draw\"", KC_ASSIGN_DRAW, 1u << KC_ROLE_OFFICER, 20},
        {"[\"officer\"]", "[\"supervisor\", \"officer\"]", KC_ASSIGN_PICK,
         1u << KC_ROLE_OFFICER | 1u << KC_ROLE_SUPERVISOR, 20},
        /* a file of before there were draws */
        {",\n  \"assignment\": \"pick\",\n  \"draw_among\": [\"officer\"],\n  \"accept_s\": 20", "", KC_ASSIGN_PICK,
         1u << KC_ROLE_OFFICER, 30},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        char *dir = folder_with("desk.json", rows[i].from, rows[i].to);
        g_autoptr(KcRules) rules = kc_rules_load(dir, FALSE, &error);
        kc_assert_no_error(error);
        const KcDeskPolicy *desk = kc_rules_desk(rules);
        ck_assert_msg(desk->assignment == rows[i].assignment && desk->draw_among == rows[i].among &&
                          desk->accept_s == rows[i].accept_s,
                      "row %u: %d %x %d", i, desk->assignment, desk->draw_among, (int)desk->accept_s);
        kc_test_dir_remove(dir);
    }
}
END_TEST

/* What the notices come to: 52 weekends and 13 days off a year. */
START_TEST(a_year_has_248_working_days)
{
    g_autoptr(KcRules) rules = kc_rules_load(NULL, FALSE, NULL);
    static const char *const ends[] = {"2024-12-31", "2025-12-31", "2026-12-31"};
    KcDay days[G_N_ELEMENTS(ends)];
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
        ck_assert(kc_day_from_text(ends[i], &days[i]));
    ck_assert_int_eq(kc_calendar_working_days(kc_rules_calendar(rules), days[0], days[1]), 248);
    ck_assert_int_eq(kc_calendar_working_days(kc_rules_calendar(rules), days[1], days[2]), 248);
}
END_TEST

/* A new year is a new file and nothing else; without any, nothing loads. */
START_TEST(calendars_come_year_by_year)
{
    static const char year_2027[] =
        "{\"about\": \"\", \"year\": 2027, \"kind\": \"law\", \"legal_basis\": \"x\", \"festivals\": ["
        "{\"zh\": \"元旦\", \"en\": \"New Year\", \"from\": \"2026-12-31\", \"to\": \"2027-01-02\", "
        "\"make_up\": [\"2026-12-27\"]}]}";
    g_autoptr(GError) error = NULL;
    char *dir = folder_with(NULL, NULL, NULL);
    g_autofree char *added = g_build_filename(dir, "calendars", "2027.json", NULL);
    g_autofree char *other = g_build_filename(dir, "calendars", "README", NULL);
    ck_assert(g_file_set_contents(added, year_2027, -1, NULL) && g_file_set_contents(other, "not read", -1, NULL));
    g_autoptr(KcRules) rules = kc_rules_load(dir, FALSE, &error);
    kc_assert_no_error(error);
    KcDay start = 0;
    ck_assert(kc_day_from_text("2026-12-25", &start));
    KcDue due = kc_calendar_due(kc_rules_calendar(rules), start, (KcPeriod){KC_UNIT_WORKING_DAY, 5});
    g_autofree char *text = kc_day_to_text(due.day);
    ck_assert_str_eq(text, "2027-01-04"); /* 27, 28, 29, 30 December, 4 January */
    ck_assert(!due.provisional);
    for (guint year = 2025; year <= 2027; year++) {
        g_autofree char *name = g_strdup_printf("%s/calendars/%u.json", dir, year);
        ck_assert_int_eq(remove(name), 0);
    }
    ck_assert_ptr_null(kc_rules_load(dir, FALSE, &error));
    ck_assert(g_error_matches(error, KC_RULES_ERROR, KC_RULES_ERROR_READ));
    kc_test_dir_remove(dir);
}
END_TEST

START_TEST(a_change_is_another_version)
{
    g_autoptr(GError) error = NULL;
    char *dir = folder_with("counties.json", "33.868", "33.869");
    g_autoptr(KcRules) changed = kc_rules_load(dir, FALSE, &error);
    kc_assert_no_error(error);
    g_autoptr(KcRules) built_in = kc_rules_load(NULL, FALSE, NULL);
    ck_assert_str_ne(kc_rules_version(changed), kc_rules_version(built_in));
    kc_test_dir_remove(dir);
}
END_TEST

static const struct {
    const char *file;
    const char *from;
    const char *to;
    KcRulesError code;
    const char *says[4]; /* all of these stand in the message */
} BROKEN[] = {
    {"codes.json", "\"lists\"", "lists", KC_RULES_ERROR_SYNTAX, {"codes.json:3:"}},
    {"codes.json", "\"weather\"", "\"wether\"", KC_RULES_ERROR_INVALID, {"codes.json", "\"/lists\"", "wether"}},
    {"codes.json",
     "{\"code\": \"2\", \"zh\": \"阴\"",
     "{\"code\": \"1\", \"zh\": \"阴\"",
     KC_RULES_ERROR_INVALID,
     {"\"/lists/weather/items/1\"", "\"1\"", "twice"}},
    {"codes.json", "\"zh\": \"阴\"", "\"zh\": 7", KC_RULES_ERROR_INVALID, {"\"/lists/weather/items/1/zh\"", "a text"}},
    {"codes.json", "\"zh\": \"阴\"", "\"zh\": \"\"", KC_RULES_ERROR_INVALID, {"/lists/weather/items/1/zh", "empty"}},
    {"codes.json", "\"zh\": \"阴\", ", "", KC_RULES_ERROR_INVALID, {"/lists/weather/items/1", "\"zh\" is missing"}},
    {"codes.json",
     "\"zh\": \"阴\"",
     "\"zh\": \"阴\", \"colour\": \"grey\"",
     KC_RULES_ERROR_INVALID,
     {"/lists/weather/items/1", "\"colour\""}},
    {"codes.json",
     "\"zh\": \"阴\"",
     "\"zh\": \"阴\", \"zh\": \"阴\"",
     KC_RULES_ERROR_SYNTAX,
     {"codes.json:", "duplicate"}},
    {"codes.json",
     "\"class\": \"motor\"",
     "\"class\": \"flying\"",
     KC_RULES_ERROR_INVALID,
     {"/lists/vehicle_type/items/0", "class"}},
    {"codes.json",
     "\"zh\": \"阴\"",
     "\"zh\": \"阴\", \"class\": \"motor\"",
     KC_RULES_ERROR_INVALID,
     {"/lists/weather/items/1", "no classes"}},
    {"codes.json",
     "\"needs\": [\"collision_type\"]",
     "\"needs\": [\"luck\"]",
     KC_RULES_ERROR_INVALID,
     {"/lists/accident_form/items/0", "luck"}},
    {"codes.json",
     "\"needs\": [\"collision_type\"]",
     "\"needs\": [7]",
     KC_RULES_ERROR_INVALID,
     {"/lists/accident_form/items/0/needs/0", "a text"}},
    {"codes.json",
     "\"code\": \"primary\"",
     "\"code\": \"main\"",
     KC_RULES_ERROR_INVALID,
     {"/lists/liability/items/1", "main"}},
    {"codes.json",
     "\"effective_from\": \"2018-05-01\"",
     "\"effective_from\": \"2018-5-1\"",
     KC_RULES_ERROR_INVALID,
     {"/lists/weather/effective_from", "2018-5-1"}},
    {"codes.json", "\"kind\": \"law\"", "\"kind\": \"rumour\"", KC_RULES_ERROR_INVALID, {"rumour", "local_policy"}},
    {"eligibility.json",
     "\"field\": \"death\"",
     "\"field\": \"deaths\"",
     KC_RULES_ERROR_INVALID,
     {"eligibility.json", "\"/rules/0\"", "deaths"}},
    {"eligibility.json", "[\"serious\"]", "[\"bad\"]", KC_RULES_ERROR_INVALID, {"\"/rules/1\"", "injury", "bad"}},
    {"eligibility.json", "[\"serious\"]", "[]", KC_RULES_ERROR_INVALID, {"\"/rules/1\"", "empty"}},
    {"eligibility.json", "[\"5\", ", "[\"55\", ", KC_RULES_ERROR_INVALID, {"/rules/15", "weather", "55"}},
    {"eligibility.json", "[\"10\"]", "[\"99\"]", KC_RULES_ERROR_INVALID, {"/rules/16", "road_type", "99"}},
    {"eligibility.json", "\"22:00\"", "\"24:30\"", KC_RULES_ERROR_INVALID, {"/rules/14/outside", "24:30"}},
    {"eligibility.json", "\"22:00\"", "\"07:00\"", KC_RULES_ERROR_INVALID, {"/rules/14/outside", "at once"}},
    {"eligibility.json", "\"more_than\": 20000", "\"values\": [\"1\"]", KC_RULES_ERROR_INVALID, {"/rules/18", "values"}},
    {"eligibility.json", "\"more_than\": 20000", "\"more_than\": -1", KC_RULES_ERROR_INVALID, {"/rules/18/more_than"}},
    {"eligibility.json",
     "\"field\": \"death\"",
     "\"field\": \"death\", \"enabled\": false",
     KC_RULES_ERROR_INVALID,
     {"\"/rules/0\"", "DEATH", "switched off"}},
    {"eligibility.json", "\"officer_grade\": \"junior\"", "\"officer_grade\": \"chief\"", KC_RULES_ERROR_INVALID, {"/rules/19", "chief"}},
    {"eligibility.json", "\"officer_grade\": \"junior\", ", "", KC_RULES_ERROR_INVALID, {"/rules/19", "together"}},
    {"hospitals.json", "33.862", "133.862", KC_RULES_ERROR_INVALID, {"/hospitals/0/latitude", "-90"}},
    {"hospitals.json", "\"EX2\"", "\"EX1\"", KC_RULES_ERROR_INVALID, {"\"/hospitals/1\"", "twice"}},
    {"hospitals.json", "\"example\": true", "\"example\": 1", KC_RULES_ERROR_INVALID, {"hospitals.json", "/example"}},
    {"eligibility.json",
     "\"unless\": \"all_parties_agree\"",
     "\"unless\": \"sunny\"",
     KC_RULES_ERROR_INVALID,
     {"\"/rules/2\"", "sunny"}},
    {"eligibility.json",
     "\"outcome\": \"on_scene\"",
     "\"outcome\": \"maybe\"",
     KC_RULES_ERROR_INVALID,
     {"\"/rules/0\"", "maybe"}},
    {"eligibility.json",
     "\"effective_from\": \"2018-05-01\"",
     "\"effective_from\": \"2018-05-01\", \"effective_to\": \"2017-01-01\"",
     KC_RULES_ERROR_INVALID,
     {"\"/rules/0\"", "effective_to"}},
    {"scenarios.json",
     "\"code\": \"LANE_CHANGE\"",
     "\"code\": \"REAR_END\"",
     KC_RULES_ERROR_INVALID,
     {"\"/scenarios/1\"", "REAR_END", "twice"}},
    {"scenarios.json",
     "\"usual_split\": \"full\"",
     "\"usual_split\": \"half\"",
     KC_RULES_ERROR_INVALID,
     {"\"/scenarios/0\"", "half"}},
    {"scenarios.json",
     "\"own_part\": \"front\"",
     "\"own_part\": \"nose\"",
     KC_RULES_ERROR_INVALID,
     {"\"/scenarios/0/usual\"", "own_part", "nose"}},
    {"scenarios.json",
     "\"own_part\": \"front\"",
     "\"part\": \"front\"",
     KC_RULES_ERROR_INVALID,
     {"/scenarios/0/usual", "\"part\"", "not known"}},
    {"scenarios.json",
     "\"道路交通安全法第43条\"",
     "\"道路交通安全法43\"",
     KC_RULES_ERROR_INVALID,
     {"\"/scenarios/0\"", "道路交通安全法43", "no citation"}},
    {"scenarios.json", "\"scenarios\": [", "\"scenarios\": 7, \"about\": [", KC_RULES_ERROR_SYNTAX, {"duplicate"}},
    {"shots.json", "[\"11\", ", "[\"77\", ", KC_RULES_ERROR_INVALID, {"\"/shots/5\"", "77"}},
    {"shots.json", "\"required\": true", "\"required\": 1", KC_RULES_ERROR_INVALID, {"/shots/0/required", "true or"}},
    {"shots.json", "\"gate\": true", "\"gate\": \"yes\"", KC_RULES_ERROR_INVALID, {"/gate", "true or"}},
    {"shots.json", "\"in_recording\"", "\"road_danger\"", KC_RULES_ERROR_INVALID, {"\"/reasons/1\"", "road_danger"}},
    {"shots.json", "\"reasons\": [", "\"reasons\": [], \"more\": [", KC_RULES_ERROR_INVALID, {"not known"}},
    {"counties.json", "33.868", "333.868", KC_RULES_ERROR_INVALID, {"/counties/0/latitude", "-90"}},
    {"counties.json", "33.868", "\"33.868\"", KC_RULES_ERROR_INVALID, {"/counties/0/latitude", "a number"}},
    {"counties.json", "611021", "611002", KC_RULES_ERROR_INVALID, {"\"/counties/1\"", "611002"}},
    {"insurers.json",
     "{\"code\": \"picc\"",
     "7, {\"code\": \"picc\"",
     KC_RULES_ERROR_INVALID,
     {"/insurers/0", "an object"}},
    {"insurers.json", "\"legal_basis\"", "\"basis\"", KC_RULES_ERROR_INVALID, {"\"basis\"", "not known"}},
    {"approval.json", "\"damage_cny\"", "\"mood\"", KC_RULES_ERROR_INVALID, {"\"/rules/1\"", "mood"}},
    {"approval.json", "\"more_than\": 0", "\"more_than\": -1", KC_RULES_ERROR_INVALID, {"/rules/0/more_than"}},
    {"approval.json", "\"DAMAGE\"", "\"INJURY\"", KC_RULES_ERROR_INVALID, {"\"/rules/1\"", "INJURY", "twice"}},
    {"approval.json", "\"enabled\": true", "\"enabled\": 1", KC_RULES_ERROR_INVALID, {"/rules/0/enabled"}},
    {"codes.json", "\"by\": \"outcome\"", "\"by\": \"mood\"", KC_RULES_ERROR_INVALID, {"/search_words/0", "mood", "liability"}},
    {"codes.json", "\"values\": [\"full\"]", "\"values\": [\"guilty\"]", KC_RULES_ERROR_INVALID, {"/search_words/7", "guilty"}},
    {"desk.json", "\"blind_percent\": 20", "\"blind_percent\": 101", KC_RULES_ERROR_INVALID, {"/blind_percent", "to 100"}},
    {"desk.json", "\"blind_days\": 14", "\"blind_days\": 0", KC_RULES_ERROR_INVALID, {"/blind_days", "from 1"}},
    {"retention.json", "\"key_destroyed_basis\": \"", "\"key_destroyed_basis\": 47, \"x\": \"", KC_RULES_ERROR_INVALID, {"retention.json"}},
    {"retention.json", "\"unit\": \"month\"", "\"unit\": \"working_day\"", KC_RULES_ERROR_INVALID, {"/retention/1", "calendar_day, month or year"}},
    {"retention.json", "\"covers\": \"recordings\"", "\"covers\": \"tapes\"", KC_RULES_ERROR_INVALID, {"/retention/0", "tapes"}},
    {"retention.json", "[\"expired\"]", "[\"served\"]", KC_RULES_ERROR_INVALID, {"/retention/1", "served"}},
    {"retention.json", "\"code\": \"CASE_LEFT\"", "\"code\": \"CASE_CLOSED\"", KC_RULES_ERROR_INVALID, {"/retention/5", "CASE_CLOSED"}},
    {"consents.json", "\"code\": \"face\"", "\"code\": \"iris\"", KC_RULES_ERROR_INVALID, {"consents.json", "\"/consents/4\"", "iris"}},
    {"consents.json", "\"code\": \"face\"", "\"code\": \"location\"", KC_RULES_ERROR_INVALID, {"\"/consents/4\"", "location", "twice"}},
    {"consents.json", "\"keeps\": [\"kind\"", "\"keeps\": [\"blood\"", KC_RULES_ERROR_INVALID, {"/aborted/keeps", "blood"}},
    {"consents.json", "\"abandoned_after_hours\": 2", "\"abandoned_after_hours\": 0", KC_RULES_ERROR_INVALID, {"/aborted/abandoned_after_hours", "from 1"}},
    {"desk.json", "\"pick\"", "\"raffle\"", KC_RULES_ERROR_INVALID, {"desk.json", "\"/assignment\"", "raffle", "pick or draw"}},
    {"desk.json", "\"pick\"", "1", KC_RULES_ERROR_INVALID, {"/assignment", "a text"}},
    {"desk.json", "[\"officer\"]", "[\"officer\", \"auditor\"]", KC_RULES_ERROR_INVALID, {"\"/draw_among/1\"", "auditor"}},
    {"desk.json", "[\"officer\"]", "[]", KC_RULES_ERROR_INVALID, {"\"/draw_among\"", "somebody"}},
    {"desk.json", "\"accept_s\": 20", "\"accept_s\": 0", KC_RULES_ERROR_INVALID, {"/accept_s", "from 1"}},
    {"desk.json", "\"accept_s\"", "\"accepts\"", KC_RULES_ERROR_INVALID, {"accepts", "not known"}},
    {"drafts.json",
     "{label}方[{name}]步行",
     "{label}方[{nickname}]步行",
     KC_RULES_ERROR_INVALID,
     {"/facts", "pedestrian", "nickname"}},
    {"drafts.json",
     "{label}方[{name}]步行",
     "{label}方[{name}步行",
     KC_RULES_ERROR_INVALID,
     {"/facts", "pedestrian", "pair"}},
    {"drafts.json",
     "{label}方[{name}]步行",
     "{label}方[[{name}]步行",
     KC_RULES_ERROR_INVALID,
     {"/facts", "pedestrian", "pair"}},
    {"drafts.json",
     "{label}方[{name}]步行",
     "{label}方{name步行",
     KC_RULES_ERROR_INVALID,
     {"/facts", "pedestrian", "{name"}},
    {"drafts.json", "\"unset\"", "\"unsaid\"", KC_RULES_ERROR_INVALID, {"/cause", "unsaid"}},
    {"documents.json", "\"rights\": [", "\"rights\": [], \"footer\": [", KC_RULES_ERROR_SYNTAX, {"duplicate"}},
    {"documents.json", "\"title\"", "\"titel\"", KC_RULES_ERROR_INVALID, {"/simplified_determination", "titel"}},
    {"documents.json", "\"zh\"", "\"a~/b\"", KC_RULES_ERROR_INVALID, {"/centre", "a~/b"}},
    {"documents.json", "\"private\"", "\"secret\"", KC_RULES_ERROR_INVALID, {"/agreement/compensation", "secret"}},
    {"settlement.json", "\"alcohol_or_drugs\"", "\"mood\"", KC_RULES_ERROR_INVALID, {"/grounds/5", "mood"}},
    {"settlement.json", "\"vehicles\"", "\"cars\"", KC_RULES_ERROR_INVALID, {"cars"}},
    {"calendars/2026.json",
     "\"2026-02-14\"",
     "\"2026-02-13\"",
     KC_RULES_ERROR_INVALID,
     {"/festivals/1/make_up/0", "2026-02-13 is a weekday"}},
    {"calendars/2026.json",
     "\"2026-02-28\"",
     "\"2026-02-30\"",
     KC_RULES_ERROR_INVALID,
     {"/festivals/1/make_up/1", "2026-02-30"}},
    {"calendars/2026.json",
     "\"2026-02-28\"",
     "\"2026-02-14\"",
     KC_RULES_ERROR_INVALID,
     {"/festivals/1/make_up/1", "2026-02-14", "twice"}},
    {"calendars/2026.json",
     "\"2026-02-28\"",
     "\"2026-02-22\"",
     KC_RULES_ERROR_INVALID,
     {"/festivals/1/make_up/1", "2026-02-22", "twice"}},
    {"calendars/2026.json",
     "\"from\": \"2026-04-04\"",
     "\"from\": \"2026-02-22\"",
     KC_RULES_ERROR_INVALID,
     {"\"/festivals/2\"", "at most 31"}},
    {"calendars/2026.json",
     "\"from\": \"2026-10-01\", \"to\": \"2026-10-07\"",
     "\"from\": \"2026-09-27\", \"to\": \"2026-10-07\"",
     KC_RULES_ERROR_INVALID,
     {"\"/festivals/6\"", "2026-09-27", "twice"}},
    {"calendars/2026.json",
     "\"to\": \"2026-01-03\"",
     "\"to\": \"2025-12-31\"",
     KC_RULES_ERROR_INVALID,
     {"\"/festivals/0\"", "before it begins"}},
    {"calendars/2026.json",
     "\"from\": \"2026-01-01\"",
     "\"from\": \"2025-11-30\"",
     KC_RULES_ERROR_INVALID,
     {"\"/festivals/0\"", "at most 31"}},
    {"calendars/2026.json",
     "\"from\": \"2026-01-01\", \"to\": \"2026-01-03\"",
     "\"from\": \"2025-11-29\", \"to\": \"2025-12-03\"",
     KC_RULES_ERROR_INVALID,
     {"\"/festivals/0\"", "2025-11-29", "2026"}},
    {"calendars/2026.json",
     "\"make_up\": [\"2026-01-04\"]",
     "\"make_up\": [\"2027-01-02\"]",
     KC_RULES_ERROR_INVALID,
     {"/festivals/0/make_up/0", "2027-01-02"}},
    {"calendars/2026.json",
     "\"year\": 2026",
     "\"year\": 2025",
     KC_RULES_ERROR_INVALID,
     {"calendars/2026.json", "2025 stands in another file"}},
    {"calendars/2026.json",
     "\"make_up\": []",
     "\"make_up\": [7]",
     KC_RULES_ERROR_INVALID,
     {"/festivals/2/make_up/0", "a text"}},
    {"calendars/2026.json",
     "\"zh\": \"春节\", ",
     "",
     KC_RULES_ERROR_INVALID,
     {"\"/festivals/1\"", "\"zh\" is missing"}},
    {"calendars/2026.json", "\"kind\": \"law\"", "\"kind\": \"rumour\"", KC_RULES_ERROR_INVALID, {"rumour"}},
    {"calendars/2026.json",
     "\"from\": \"2026-01-01\"",
     "\"from\": \"2026-1-1\"",
     KC_RULES_ERROR_INVALID,
     {"/festivals/0/from", "2026-1-1"}},
    {"deadlines.json",
     "\"starts\": \"served\"",
     "\"starts\": \"sunrise\"",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "sunrise"}},
    {"deadlines.json",
     "\"once\": \"served\"",
     "\"once\": \"noon\"",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/6\"", "noon"}},
    {"deadlines.json",
     "\"ends\": [\"review_asked\"]",
     "\"ends\": [\"doom\"]",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "doom"}},
    {"deadlines.json",
     "\"ends\": [\"review_asked\"]",
     "\"ends\": []",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "nothing ends it"}},
    {"deadlines.json",
     "\"ends\": [\"review_asked\"]",
     "\"ends\": [\"served\"]",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "both start it and be in"}},
    {"deadlines.json",
     "\"unless\": [\"review_asked\"]",
     "\"unless\": [\"doom\"]",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "doom"}},
    {"deadlines.json",
     "\"unless\": [\"review_asked\"]",
     "\"unless\": [\"served\"]",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "be in \"unless\""}},
    {"deadlines.json",
     "\"unit\": \"at_once\", \"count\": 0",
     "\"unit\": \"at_once\", \"count\": 1",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/0\"", "at_once"}},
    {"deadlines.json",
     "\"unit\": \"working_day\", \"count\": 3",
     "\"unit\": \"working_day\", \"count\": 0",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/1\"", "at_once"}},
    {"deadlines.json",
     "\"unit\": \"working_day\", \"count\": 3",
     "\"unit\": \"fortnight\", \"count\": 3",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/1\"", "fortnight"}},
    {"deadlines.json",
     "\"unit\": \"working_day\", \"count\": 3",
     "\"unit\": \"working_day\", \"count\": 2.5",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/1\"", "whole"}},
    {"deadlines.json",
     "\"count\": 3, \"warn_days\": 1",
     "\"count\": 3, \"warn_days\": 3",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/1\"", "warning"}},
    {"deadlines.json",
     "\"bound\": \"unit\"",
     "\"bound\": \"nobody\"",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/0\"", "nobody"}},
    {"deadlines.json",
     "\"told_to_parties\": false",
     "\"told_to_parties\": 0",
     KC_RULES_ERROR_INVALID,
     {"/deadlines/0/told_to_parties", "true or"}},
    {"deadlines.json",
     "\"code\": \"LATE_REPORT_DECISION\"",
     "\"code\": \"DISPATCH\"",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/1\"", "DISPATCH", "twice"}},
    {"deadlines.json",
     "\"how_zh\": \"在本页提交",
     "\"how_xx\": \"在本页提交",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/3\"", "how_xx"}},
    {"deadlines.json",
     "\"legal_basis\": \"道路交通事故处理程序规定第17条\", ",
     "",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/0\"", "legal_basis"}},
    {"deadlines.json",
     "\"effective_from\": \"2018-05-01\"",
     "\"effective_from\": \"2018-05-01\", \"effective_to\": \"2017-01-01\"",
     KC_RULES_ERROR_INVALID,
     {"\"/deadlines/0\"", "effective_to"}},
};

START_TEST(a_broken_file_is_refused)
{
    g_autoptr(GError) error = NULL;
    char *dir = folder_with(BROKEN[_i].file, BROKEN[_i].from, BROKEN[_i].to);
    g_autoptr(KcRules) rules = kc_rules_load(dir, FALSE, &error);

    ck_assert_ptr_null(rules);
    ck_assert_msg(g_error_matches(error, KC_RULES_ERROR, (int)BROKEN[_i].code), "another kind: %s", error->message);
    ck_assert_msg(strstr(error->message, BROKEN[_i].file) != NULL, "no file: %s", error->message);
    g_autofree char *place = g_strdup_printf("^%s:[0-9]+:[0-9]+: ", BROKEN[_i].file);
    ck_assert_msg(g_regex_match_simple(place, error->message, 0, 0), "no line: %s", error->message);
    for (guint i = 0; i < G_N_ELEMENTS(BROKEN[_i].says) && BROKEN[_i].says[i] != NULL; i++)
        ck_assert_msg(strstr(error->message, BROKEN[_i].says[i]) != NULL, "no %s: %s", BROKEN[_i].says[i],
                      error->message);
    kc_test_dir_remove(dir);
}
END_TEST

/* Who mends it is led to the line: of a value, of a key that doesn't belong there, of an entry that lacks one. */
static const struct {
    const char *file, *from, *to;
    guint line, column;
} PLACED[] = {
    {"desk.json", "\"answer\": 60", "\"answer\": 0", 6, 27},
    {"desk.json", "\"offer_s\": 30", "\"offers\": 30", 9, 13},
    {"desk.json", ",\n  \"offer_s\": 30", "", 1, 1},
    {"deadlines.json", "\"count\": 3, \"warn_days\": 1", "\"count\": \"3\", \"warn_days\": 1", 5, 0},
    {"calendars/2026.json", "\"2026-02-28\"", "\"2026-02-30\"", 8, 111},
};

START_TEST(the_line_is_that_of_the_mistake)
{
    g_autoptr(GError) error = NULL;
    char *dir = folder_with(PLACED[_i].file, PLACED[_i].from, PLACED[_i].to);
    ck_assert_ptr_null(kc_rules_load(dir, FALSE, &error));
    const KcRulesProblem *problem = kc_rules_problem(error);
    ck_assert_str_eq(problem->file, PLACED[_i].file);
    ck_assert_msg(problem->line == PLACED[_i].line, "line %u: %s", problem->line, error->message);
    if (PLACED[_i].column > 0)
        ck_assert_msg(problem->column == PLACED[_i].column, "column %u: %s", problem->column, error->message);
    ck_assert_ptr_nonnull(strstr(error->message, problem->reason));
    kc_test_dir_remove(dir);
}
END_TEST

START_TEST(every_file_is_needed)
{
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        if (g_str_has_prefix(FILES[i], "calendars/"))
            continue;
        g_autoptr(GError) error = NULL;
        char *dir = folder_with(NULL, NULL, NULL);
        g_autofree char *path = g_build_filename(dir, FILES[i], NULL);
        ck_assert_int_eq(remove(path), 0);
        ck_assert_ptr_null(kc_rules_load(dir, FALSE, &error));
        ck_assert(g_error_matches(error, KC_RULES_ERROR, KC_RULES_ERROR_READ));
        ck_assert_ptr_nonnull(strstr(error->message, FILES[i]));
        kc_test_dir_remove(dir);
    }
}
END_TEST

START_TEST(a_code_may_change_its_label_by_date)
{
    g_autoptr(GError) error = NULL;
    char *dir = folder_with("codes.json", "{\"code\": \"1\", \"zh\": \"晴\", \"en\": \"clear\"}",
                            "{\"code\": \"1\", \"zh\": \"晴天\", \"en\": \"sunny\", \"effective_to\": \"2019-12-31\"},"
                            "{\"code\": \"1\", \"zh\": \"晴\", \"en\": \"clear\", \"effective_from\": \"2020-01-01\"}");
    g_autoptr(KcRules) rules = kc_rules_load(dir, FALSE, &error);
    kc_assert_no_error(error);
    ck_assert_str_eq(kc_rules_code(rules, KC_CODES_WEATHER, "1", "2019-12-31")->zh, "晴天");
    ck_assert_str_eq(kc_rules_code(rules, KC_CODES_WEATHER, "1", "2020-01-01")->zh, "晴");
    ck_assert_ptr_null(kc_rules_code(rules, KC_CODES_WEATHER, "1", "2017-01-01"));
    kc_test_dir_remove(dir);
}
END_TEST

static Suite *
load_suite(void)
{
    Suite *suite = suite_create("rules/load");
    TCase *tcase = tcase_create("files");
    tcase_add_test(tcase, a_case_is_picked_unless_the_desk_says_otherwise);
    tcase_add_test(tcase, the_tree_loads);
    tcase_add_test(tcase, a_change_is_another_version);
    tcase_add_loop_test(tcase, a_broken_file_is_refused, 0, (int)G_N_ELEMENTS(BROKEN));
    tcase_add_loop_test(tcase, the_line_is_that_of_the_mistake, 0, (int)G_N_ELEMENTS(PLACED));
    tcase_add_test(tcase, every_file_is_needed);
    tcase_add_test(tcase, a_year_has_248_working_days);
    tcase_add_test(tcase, calendars_come_year_by_year);
    tcase_add_test(tcase, a_code_may_change_its_label_by_date);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(load_suite())
