/* The rules change while the service runs, and a case keeps those it was opened under. */
#include "src/app/rule_versions.h"

#include <glib/gstdio.h>
#include <string.h>

#include "src/app/offers.h"
#include "src/base/timestamp.h"
#include "tests/app/fixture.h"

static char *
text_of(Fixture *fixture, const KcPrincipal *who, const char *name)
{
    g_autoptr(GBytes) bytes = NULL;
    gsize size;
    assert_done(kc_app_get_rule_text(fixture->app, who, 0, name, &bytes, &result, &error));
    const char *data = g_bytes_get_data(bytes, &size);
    return g_strndup(data, size);
}

/* The newest text with one thing replaced; owned. */
static char *
edited(Fixture *fixture, const KcPrincipal *who, const char *name, const char *from, const char *to)
{
    g_autofree char *text = text_of(fixture, who, name);
    g_autoptr(GString) changed = g_string_new(text);
    ck_assert_msg(g_string_replace(changed, from, to, 1) == 1, "%s has no %s", name, from);
    return g_string_free(g_steal_pointer(&changed), FALSE);
}

/* The number of the version that it made. */
static gint64
change(Fixture *fixture, const KcPrincipal *admin, const char *name, const char *from, const char *to, const char *day)
{
    g_autofree char *text = edited(fixture, admin, name, from, to);
    const KcRuleEdit edit = {name, text};
    const KcRuleProposal proposal = {.edits = &edit, .edit_count = 1, .reason = "因地制宜", .valid_from = day};
    g_autoptr(KcRuleVersion) made = NULL;
    assert_done(kc_app_change_rules(fixture->app, admin, &proposal, &made, &result, &error));
    ck_assert_str_eq(made->creator_name, admin->name);
    return made->number;
}

static void
refuse(Fixture *fixture, const KcPrincipal *admin, const KcRuleProposal *proposal, KcResultKind kind, const char *code,
       const char *pointer, const char *says)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcRuleVersion *made = NULL;
    ck_assert(!kc_app_change_rules(fixture->app, admin, proposal, &made, &result, &error));
    kc_assert_no_error(error);
    ck_assert_int_eq(result.kind, kind);
    ck_assert_str_eq(result.code, code);
    if (pointer == NULL)
        return;
    const KcFieldError *field = result.errors->pdata[0];
    ck_assert_msg(strcmp(field->pointer, pointer) == 0, "%s: %s", field->pointer, field->message);
    ck_assert_msg(strstr(field->message, says) != NULL, "%s", field->message);
}

static KcOutcome
outcome_with_loss(Fixture *fixture, const Scene *scene, gint64 loss_cny)
{
    KcLearned learned = {0};
    g_autoptr(KcCaseView) view = NULL;
    learned.triage.loss_cny = loss_cny;
    learned.said[KC_TRIAGE_LOSS_CNY] = TRUE;
    assert_done(kc_app_assess_case(fixture->app, scene->officer, scene->id, 0, &learned, &view, &result, &error));
    return view->outcome;
}

static gint64
rules_of(Fixture *fixture, const Scene *scene)
{
    g_autoptr(KcCaseView) view = fixture_case(fixture, scene->officer, scene->id);
    return view->row->rules_number;
}

/* By the limit of the loss up to which an accident is handled by video. */
START_TEST(an_old_case_keeps_its_rules)
{
    Fixture fixture;
    Scene old, new;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    scene_claim(&fixture, &old);
    ck_assert_int_eq(rules_of(&fixture, &old), 1);
    ck_assert_int_eq(change(&fixture, admin, "eligibility.json", "\"more_than\": 20000", "\"more_than\": 500", NULL), 2);
    scene_open(&fixture, &new);
    ck_assert_int_eq(rules_of(&fixture, &new), 2);
    ck_assert_int_eq(rules_of(&fixture, &old), 1);
    ck_assert_int_eq(outcome_with_loss(&fixture, &old, 800), KC_OUTCOME_REMOTE);
    fixture_restart(&fixture);
    ck_assert_int_eq(outcome_with_loss(&fixture, &old, 900), KC_OUTCOME_REMOTE);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    KcLearned learned = {.triage = {.loss_cny = 800}, .said = {[KC_TRIAGE_LOSS_CNY] = TRUE}};
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_assess_case(fixture.app, supervisor, new.id, 0, &learned, &view, &result, &error));
    ck_assert_int_eq(view->outcome, KC_OUTCOME_ON_SCENE);
    scene_clear(&old);
    scene_clear(&new);
    fixture_close(&fixture);
}
END_TEST

static const struct {
    const char *name, *from, *to, *says;
} WRONG[] = {
    {"eligibility.json", "\"rules\": [", "\"rules\": ", "eligibility.json:5:5: "},
    {"eligibility.json", "\"more_than\": 20000", "\"more_than\": \"much\"", "a number is expected"},
    {"shots.json", "[\"11\", ", "[\"77\", ", "there is no accident form \"77\""},
    {"scenarios.json", "\"legal_basis\": \"道路交通安全法第43条\"", "\"legal_basis\": \"\"", "the text is empty"},
    {"deadlines.json", "\"code\": \"LATE_REPORT_DECISION\"", "\"code\": \"DISPATCH\"", "twice for the same days"},
    {"calendars/2026.json", "2026-02-28", "2026-02-27", "2026-02-27 is a weekday"},
    {"templates/determination.json", "\"fonts\"", "\"faces\"", "the key \"faces\" is not known here"},
};

START_TEST(a_wrong_text_is_refused_and_the_old_one_stays)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    g_autofree char *before = text_of(&fixture, admin, WRONG[_i].name);
    g_autofree char *text = edited(&fixture, admin, WRONG[_i].name, WRONG[_i].from, WRONG[_i].to);
    const KcRuleEdit edit = {WRONG[_i].name, text};
    const KcRuleProposal proposal = {.edits = &edit, .edit_count = 1, .reason = "x"};
    g_auto(KcRulePreview) preview = {0};
    assert_done(kc_app_preview_rules(fixture.app, admin, &proposal, &preview, &result, &error));
    ck_assert_ptr_nonnull(preview.problem);
    const KcRulesProblem *problem = kc_rules_problem(preview.problem);
    ck_assert_str_eq(problem->file, WRONG[_i].name);
    ck_assert_uint_gt(problem->line, 0);
    g_autofree char *place = g_strdup_printf("%s:%u:%u: ", WRONG[_i].name, problem->line, problem->column);
    refuse(&fixture, admin, &proposal, KC_RESULT_INVALID, "invalid", "/files/0/text", place);
    refuse(&fixture, admin, &proposal, KC_RESULT_INVALID, "invalid", "/files/0/text", WRONG[_i].says);
    g_autofree char *after = text_of(&fixture, admin, WRONG[_i].name);
    ck_assert_str_eq(before, after);
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 1);
    fixture_close(&fixture);
}
END_TEST

START_TEST(what_is_no_change_is_refused)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin"), officer = fixture_staff(&fixture, "officer");
    g_autofree char *same = text_of(&fixture, admin, "desk.json");
    g_autofree char *other = edited(&fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 50");
    g_autofree char *large = g_strnfill(300 * 1024, ' ');
    const struct {
        KcRuleEdit edit;
        gint64 expected;
        const char *reason, *day;
        KcResultKind kind;
        const char *code, *pointer, *says;
    } cases[] = {
        {{"desk.json", same}, 0, "x", NULL, KC_RESULT_INVALID, "invalid", "/files", "nothing is changed"},
        {{"desk.json", other}, 0, NULL, NULL, KC_RESULT_INVALID, "invalid", "/reason", "missing"},
        {{"desk.json", other}, 0, "x", "2026-11-22", KC_RESULT_INVALID, "invalid", "/valid_from", "past"},
        {{"desk.json", other}, 0, "x", "soon", KC_RESULT_INVALID, "invalid", "/valid_from", "not a date"},
        {{"desk.json", other}, 7, "x", NULL, KC_RESULT_STALE, "stale", NULL, NULL},
        {{"desks.json", other}, 0, "x", NULL, KC_RESULT_INVALID, "invalid", "/files/0/name", "no such file"},
        {{"../desk.json", other}, 0, "x", NULL, KC_RESULT_INVALID, "invalid", "/files/0/name", "no such file"},
        {{"templates/seal.png", other}, 0, "x", NULL, KC_RESULT_INVALID, "invalid", "/files/0/name", "no such file"},
        {{"desk.json", NULL}, 0, "x", NULL, KC_RESULT_INVALID, "invalid", "/files/0/text", "taken out"},
        {{"templates/agreement.json", large}, 0, "x", NULL, KC_RESULT_INVALID, "invalid", "/files/0/text", "large"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const KcRuleProposal proposal = {.edits = &cases[i].edit,
                                         .edit_count = 1,
                                         .expected_newest = cases[i].expected,
                                         .reason = cases[i].reason,
                                         .valid_from = cases[i].day};
        refuse(&fixture, admin, &proposal, cases[i].kind, cases[i].code, cases[i].pointer, cases[i].says);
    }
    const KcRuleEdit twice[] = {{"desk.json", other}, {"desk.json", other}};
    refuse(&fixture, admin, &(KcRuleProposal){.edits = twice, .edit_count = 2, .reason = "x"}, KC_RESULT_INVALID, "invalid",
           "/files/1/name", "twice");
    refuse(&fixture, admin, &(KcRuleProposal){.revert_to = 9, .reason = "x"}, KC_RESULT_INVALID, "invalid", "/revert_to",
           "no such version");
    refuse(&fixture, officer, &(KcRuleProposal){.revert_to = 1, .reason = "x"}, KC_RESULT_FORBIDDEN, "role", NULL, NULL);
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 1);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_planned_version_waits_for_its_day)
{
    Fixture fixture;
    gint64 midnight;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    ck_assert(kc_timestamp_parse("2026-11-30T16:00:00Z", &midnight)); /* the first moment of 1 December there */
    ck_assert_int_eq(change(&fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 45", "2026-12-01"), 2);
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->answer_s, 60);
    g_autofree char *urgent = edited(&fixture, admin, "shots.json", "\"required\": true", "\"required\": false");
    const KcRuleEdit edit = {"shots.json", urgent};
    refuse(&fixture, admin, &(KcRuleProposal){.edits = &edit, .edit_count = 1, .reason = "x"}, KC_RESULT_CONFLICT,
           "rules-planned", NULL, NULL);
    fixture.now_us = midnight - 1;
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 1);
    fixture.now_us = midnight;
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 2);
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->answer_s, 45);
    assert_refused(kc_app_withdraw_rules(fixture.app, admin, 2, &result, &error), KC_RESULT_CONFLICT, "rules-in-force");
    fixture_restart(&fixture);
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->answer_s, 45);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_planned_version_is_taken_back)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    g_auto(KcRulesView) view = {NULL};
    change(&fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 45", "2026-12-01");
    assert_refused(kc_app_withdraw_rules(fixture.app, admin, 1, &result, &error), KC_RESULT_CONFLICT, "rules-not-newest");
    assert_refused(kc_app_withdraw_rules(fixture.app, admin, 7, &result, &error), KC_RESULT_NOT_FOUND, "version-unknown");
    assert_done(kc_app_withdraw_rules(fixture.app, admin, 2, &result, &error));
    fixture.now_us += 30 * G_TIME_SPAN_DAY;
    g_autoptr(KcPrincipal) later = fixture_staff(&fixture, "admin");
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 1);
    ck_assert_int_eq(change(&fixture, later, "desk.json", "\"answer\": 60", "\"answer\": 40", NULL), 3);
    assert_done(kc_app_get_rules(fixture.app, later, 0, &view, &result, &error));
    ck_assert_int_eq(view.in_force, 3);
    ck_assert_int_eq(view.newest, 3);
    for (guint i = 0; i < view.files->len; i++) {
        const KcRuleVersionFile *file = view.files->pdata[i];
        ck_assert_int_eq(file->since, strcmp(file->name, "desk.json") == 0 ? 3 : 1);
    }
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_older_version_comes_back_as_a_new_one)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    g_autofree char *first = text_of(&fixture, admin, "desk.json");
    change(&fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 45", NULL);
    const KcRuleProposal back = {.revert_to = 1, .reason = "改回"};
    g_auto(KcRulePreview) preview = {0};
    assert_done(kc_app_preview_rules(fixture.app, admin, &back, &preview, &result, &error));
    ck_assert_ptr_null(preview.problem);
    ck_assert_uint_eq(preview.diffs->len, 1);
    const KcRuleFileDiff *diff = preview.diffs->pdata[0];
    const KcRuleChange *changed = diff->changes->pdata[0];
    ck_assert_str_eq(diff->name, "desk.json");
    ck_assert_str_eq(changed->entry, "targets_s › answer");
    ck_assert_str_eq(changed->before, "45");
    ck_assert_str_eq(changed->after, "60");
    g_autoptr(KcRuleVersion) made = NULL;
    assert_done(kc_app_change_rules(fixture.app, admin, &back, &made, &result, &error));
    ck_assert_int_eq(made->number, 3);
    ck_assert_int_eq(made->equals, 1);
    g_autofree char *now = text_of(&fixture, admin, "desk.json");
    ck_assert_str_eq(now, first);
    g_autoptr(GPtrArray) versions = NULL;
    assert_done(kc_app_list_rule_versions(fixture.app, admin, 0, 2, &versions, &result, &error));
    ck_assert_uint_eq(versions->len, 2);
    ck_assert_str_eq(((KcRuleVersion *)versions->pdata[0])->origin, "reverted");
    ck_assert_str_eq(((KcRuleVersion *)versions->pdata[1])->origin, "edited");
    fixture_close(&fixture);
}
END_TEST

/* A case that runs into the new year is told the new year's holidays as soon as there are any, and keeps the days of the
 * years that it knew. */
START_TEST(a_new_year_runs_for_open_cases)
{
    static const char year[] = "{\"year\": 2027, \"kind\": \"law\", \"legal_basis\": \"国务院办公厅关于2027年部分节假日安排的通知\","
                               "\"festivals\": [{\"zh\": \"元旦\", \"en\": \"New Year\", \"from\": \"2027-01-01\","
                               "\"to\": \"2027-01-05\", \"make_up\": []}]}";
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    ck_assert(kc_timestamp_parse("2026-12-31T02:00:00Z", &fixture.now_us));
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    scene_claim(&fixture, &scene);
    g_autoptr(KcCaseView) before = fixture_case(&fixture, scene.officer, scene.id);
    const KcRuleEdit edits[] = {{"calendars/2027.json", year}};
    const KcRuleProposal proposal = {.edits = edits, .edit_count = 1, .reason = "新的一年"};
    g_autoptr(KcRuleVersion) made = NULL;
    assert_done(kc_app_change_rules(fixture.app, admin, &proposal, &made, &result, &error));
    g_autoptr(KcCaseView) after = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_int_eq(after->row->rules_number, 1);
    g_autofree char *due_before = kc_day_to_text(((KcDeadline *)before->deadlines->pdata[0])->due.day);
    g_autofree char *due_after = kc_day_to_text(((KcDeadline *)after->deadlines->pdata[0])->due.day);
    ck_assert_str_eq(due_before, "2027-01-05"); /* 1, 4 and 5 January: a Friday, a Monday, a Tuesday */
    ck_assert_str_eq(due_after, "2027-01-08");  /* 6, 7 and 8 January */
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* ---- what the service is started with ---- */

static void
copy_rules(const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcRuleFiles) files = kc_rule_files_read(NULL, &error);
    g_autofree char *calendars = g_build_filename(dir, "calendars", NULL);
    kc_assert_no_error(error);
    ck_assert_int_eq(g_mkdir(calendars, 0700), 0);
    for (guint i = 0; i < kc_rule_files_count(files); i++) {
        const KcRuleFile *file = kc_rule_files_at(files, i);
        g_autofree char *path = g_build_filename(dir, file->name, NULL);
        gsize size;
        const char *data = g_bytes_get_data(file->bytes, &size);
        ck_assert(g_file_set_contents(path, data, (gssize)size, NULL));
    }
}

static void
edit_folder(const char *dir, const char *name, const char *from, const char *to)
{
    g_autofree char *path = g_build_filename(dir, name, NULL), *text = NULL;
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_autoptr(GString) changed = g_string_new(text);
    ck_assert_uint_eq(g_string_replace(changed, from, to, 1), 1);
    ck_assert(g_file_set_contents(path, changed->str, -1, NULL));
}

START_TEST(a_folder_is_taken_up_at_the_start)
{
    Fixture fixture;
    char *dir = kc_test_dir_new();
    fixture_open(&fixture);
    copy_rules(dir);
    fixture.rules_dir = g_strdup(dir);
    fixture_restart(&fixture); /* the same texts: nothing new */
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 1);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    change(&fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 45", NULL);
    fixture_restart(&fixture); /* an edit outlives a start with what was there before */
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 2);
    edit_folder(dir, "desk.json", "\"clear\": 240", "\"clear\": 200");
    fixture_restart(&fixture);
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 3);
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->answer_s, 60);
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->clear_s, 200);
    /* Back to what is built in: the folder's change goes with the folder. */
    g_clear_pointer(&fixture.rules_dir, g_free);
    fixture_restart(&fixture);
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->clear_s, 240);
    kc_test_dir_remove(dir);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_wrong_folder_keeps_the_service_from_starting)
{
    char *dir = kc_test_dir_new(), *data = kc_test_dir_new();
    g_autoptr(GError) error = NULL;
    KcFakeMedia *media = kc_fake_media_new();
    copy_rules(dir);
    edit_folder(dir, "desk.json", "\"answer\": 60", "\"answer\": -60");
    const KcAppOptions options = {
        .data_dir = data, .rules_dir = dir, .media = kc_fake_media_port(media), .password_cost = KC_PASSWORD_COST_TEST};
    ck_assert_ptr_null(kc_app_new(&options, &error));
    ck_assert(g_error_matches(error, KC_RULES_ERROR, KC_RULES_ERROR_INVALID));
    ck_assert_msg(g_str_has_prefix(error->message, "desk.json:6:27: at \"/targets_s/answer\": "), "%s", error->message);
    kc_fake_media_free(media);
    kc_test_dir_remove(dir);
    kc_test_dir_remove(data);
}
END_TEST

/* ---- many at once ---- */

typedef struct {
    Fixture *fixture;
    gint stop;
    guint looks;
} Reader;

static gpointer
read_on(gpointer data)
{
    Reader *reader = data;
    while (!g_atomic_int_get(&reader->stop)) {
        const KcRules *rules = kc_app_rules(reader->fixture->app);
        ck_assert_int_ge(kc_rules_desk(rules)->answer_s, 40);
        ck_assert_ptr_nonnull(kc_rules_code(rules, KC_CODES_WEATHER, "1", NULL));
        ck_assert_ptr_eq(kc_app_rules_at(reader->fixture->app, 1), kc_app_rules_at(reader->fixture->app, 1));
        reader->looks++;
    }
    return NULL;
}

START_TEST(readers_go_on_while_versions_are_made)
{
    Fixture fixture;
    GThread *threads[3];
    Reader readers[3] = {0};
    fixture_open(&fixture);
    fixture.text_only = TRUE;
    fixture_restart(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        readers[i].fixture = &fixture;
        threads[i] = g_thread_new("reader", read_on, &readers[i]);
    }
    for (guint i = 0; i < 6; i++) {
        g_autofree char *from = g_strdup_printf("\"answer\": %u", 60 - i), *to = g_strdup_printf("\"answer\": %u", 59 - i);
        change(&fixture, admin, "desk.json", from, to, NULL);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_atomic_int_set(&readers[i].stop, 1);
        g_thread_join(threads[i]);
        ck_assert_uint_gt(readers[i].looks, 0);
    }
    ck_assert_int_eq(kc_rules_desk(kc_app_rules(fixture.app))->answer_s, 54);
    fixture_close(&fixture);
}
END_TEST

/* Another process on the same folder, as the command line is. */
START_TEST(what_another_process_makes_is_taken_up)
{
    Fixture fixture;
    g_autoptr(GError) failed = NULL;
    fixture_open(&fixture);
    const KcAppOptions options = {.data_dir = fixture.dir, .text_only = TRUE};
    g_autoptr(KcApp) beside = kc_app_new(&options, &failed);
    kc_assert_no_error(failed);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    g_autofree char *text = edited(&fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 45");
    const KcRuleEdit edit = {"desk.json", text};
    const KcRuleProposal proposal = {.edits = &edit, .edit_count = 1, .reason = "x"};
    g_autoptr(KcRuleVersion) made = NULL;
    fixture.now_us = kc_timestamp_now_us() + G_TIME_SPAN_HOUR;
    assert_done(kc_app_change_rules(beside, NULL, &proposal, &made, &result, &error));
    ck_assert_ptr_null(made->creator_name);
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 1);
    ck_assert(kc_app_tend_desk(fixture.app, &failed));
    ck_assert_int_eq(kc_app_rules_number(fixture.app), 2);
    fixture_close(&fixture);
}
END_TEST

static Suite *
rules_suite(void)
{
    Suite *suite = suite_create("app/rules");
    TCase *tc = tcase_create("versions");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_old_case_keeps_its_rules);
    tcase_add_loop_test(tc, a_wrong_text_is_refused_and_the_old_one_stays, 0, (int)G_N_ELEMENTS(WRONG));
    tcase_add_test(tc, what_is_no_change_is_refused);
    tcase_add_test(tc, a_planned_version_waits_for_its_day);
    tcase_add_test(tc, a_planned_version_is_taken_back);
    tcase_add_test(tc, an_older_version_comes_back_as_a_new_one);
    tcase_add_test(tc, a_new_year_runs_for_open_cases);
    tcase_add_test(tc, a_folder_is_taken_up_at_the_start);
    tcase_add_test(tc, a_wrong_folder_keeps_the_service_from_starting);
    tcase_add_test(tc, readers_go_on_while_versions_are_made);
    tcase_add_test(tc, what_another_process_makes_is_taken_up);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(rules_suite())
