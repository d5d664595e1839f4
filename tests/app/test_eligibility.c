/* Remote or on the scene: at the report, again when the desk learns more, and whenever anybody asks for an officer. */
#include <sqlite3.h>
#include <string.h>

#include "tests/app/fixture.h"

static KcLearned
learned_weather(const char *code)
{
    KcLearned learned = {0};
    kc_triage_set_code(&learned.triage, "weather", code);
    learned.said[KC_TRIAGE_WEATHER] = TRUE;
    return learned;
}

/* The kinds of a case's log entries in their order, divided by spaces; owned. */
static char *
log_of(Fixture *fixture, const Scene *scene)
{
    g_autoptr(GPtrArray) items = NULL;
    g_autoptr(GString) kinds = g_string_new(NULL);
    assert_done(kc_app_timeline(fixture->app, scene->officer, scene->id, &items, &result, &error));
    for (guint i = 0; i < items->len; i++)
        g_string_append_printf(kinds, "%s%s", i > 0 ? " " : "", ((KcTimelineItem *)items->pdata[i])->kind);
    return g_string_free(g_steal_pointer(&kinds), FALSE);
}

static const KcDeadline *
deadline_of(const KcCaseView *view, const char *code)
{
    for (guint i = 0; i < view->deadlines->len; i++) {
        const KcDeadline *deadline = view->deadlines->pdata[i];
        if (strcmp(deadline->rule->code, code) == 0)
            return deadline;
    }
    return NULL;
}

START_TEST(what_is_learned_decides_anew)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autoptr(KcCaseView) rain = NULL, again = NULL, fog = NULL;
    KcLearned learned = learned_weather("3");
    learned.triage.loss_cny = 1500;
    learned.said[KC_TRIAGE_LOSS_CNY] = TRUE;
    fixture.now_us += G_TIME_SPAN_MINUTE;
    assert_done(kc_app_assess_case(fixture.app, scene.officer, scene.id, 0, &learned, &rain, &result, &error));
    ck_assert_int_eq(rain->outcome, KC_OUTCOME_REMOTE);
    ck_assert_str_eq(rain->row->state, "in_call");
    ck_assert_int_eq(rain->assessed_us, fixture.now_us);
    ck_assert_str_eq(rain->triage.weather, "3");
    ck_assert_int_eq(rain->triage.loss_cny, 1500);
    assert_done(kc_app_assess_case(fixture.app, scene.officer, scene.id, 0, &learned, &again, &result, &error));
    ck_assert_int_eq(again->row->version, rain->row->version);
    learned = learned_weather("5");
    assert_done(kc_app_assess_case(fixture.app, scene.officer, scene.id, 0, &learned, &fog, &result, &error));
    ck_assert_int_eq(fog->outcome, KC_OUTCOME_ON_SCENE);
    ck_assert_str_eq(fog->row->state, "on_scene");
    const KcGroundView *ground = fog->grounds->pdata[0];
    ck_assert_str_eq(ground->code, "WEATHER");
    ck_assert_int_eq(ground->kind, KC_RULE_LOCAL_POLICY);
    g_autofree char *log = log_of(&fixture, &scene);
    ck_assert_str_eq(log, "case.opened case.queued case.claimed case.assessed case.assessed case.on_scene");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* What has gone to the scene stays there, and what is known of it can still be put right. */
START_TEST(the_scene_is_not_taken_back)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autoptr(KcCaseView) fog = NULL, clear = NULL;
    KcLearned learned = learned_weather("5");
    assert_done(kc_app_assess_case(fixture.app, scene.officer, scene.id, 0, &learned, &fog, &result, &error));
    learned = learned_weather("1");
    assert_done(kc_app_assess_case(fixture.app, scene.officer, scene.id, 0, &learned, &clear, &result, &error));
    ck_assert_int_eq(clear->outcome, KC_OUTCOME_REMOTE);
    ck_assert_str_eq(clear->row->state, "on_scene");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(who_may_not_learn_is_refused)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autoptr(KcPrincipal) intake = fixture_staff(&fixture, "intake"), auditor = fixture_staff(&fixture, "auditor");
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    g_autoptr(KcCaseView) view = NULL, seen = NULL;
    KcLearned learned = learned_weather("3"), unknown = learned_weather("77");
    const struct {
        const KcPrincipal *who;
        const char *code;
    } cases[] = {{scene.party, "role"}, {auditor, "role"}, {intake, "not-yours"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(kc_app_assess_case(fixture.app, cases[i].who, scene.id, 0, &learned, &view, &result, &error),
                       KC_RESULT_FORBIDDEN, cases[i].code);
    assert_refused(kc_app_assess_case(fixture.app, scene.officer, scene.id, 1, &learned, &view, &result, &error),
                   KC_RESULT_STALE, "stale");
    assert_done(kc_app_assess_case(fixture.app, supervisor, scene.id, 0, &learned, &seen, &result, &error));
    g_auto(KcResult) result = {0};
    ck_assert(!kc_app_assess_case(fixture.app, scene.officer, scene.id, 0, &unknown, &view, &result, NULL));
    ck_assert_str_eq(((KcFieldError *)result.errors->pdata[0])->pointer, "/weather");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(the_hurt_are_told_the_nearest_hospital)
{
    static const struct {
        KcInjury injury;
        gboolean has_position;
        const char *place;
        const char *hospital; /* NULL: none is named */
        gboolean has_distance;
    } cases[] = {
        {KC_INJURY_SERIOUS, TRUE, "商州区北新街", "EX1", TRUE},
        {KC_INJURY_SLIGHT, FALSE, "洛南县华阳路", "EX2", FALSE},
        {KC_INJURY_SERIOUS, FALSE, "不知道在哪里", NULL, FALSE},
    };
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        KcOpenCase request = fixture_request();
        request.triage.injury = cases[i].injury;
        request.has_position = cases[i].has_position;
        request.place_text = cases[i].place;
        g_auto(KcOpenedCase) opened = {0};
        assert_done(kc_app_open_case(fixture.app, nobody, &request, &opened, &result, &error));
        ck_assert_str_eq(opened.view->row->state, "on_scene");
        ck_assert(opened.view->needs_help);
        ck_assert_str_eq(opened.view->help.emergency_phone, "120");
        const KcHospital *hospital = opened.view->help.hospital;
        ck_assert((hospital == NULL) == (cases[i].hospital == NULL));
        if (hospital != NULL)
            ck_assert_str_eq(hospital->code, cases[i].hospital);
        ck_assert((opened.view->help.distance_m >= 0) == cases[i].has_distance);
    }
    fixture_close(&fixture);
}
END_TEST

/* Art. 18: three working days to decide whether a late report is accepted; who takes it has accepted it. */
START_TEST(a_late_report_is_decided_in_time)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    request.triage.late_report = request.triage.vehicles_moved = TRUE;
    assert_done(kc_app_open_case(fixture.app, nobody, &request, &opened, &result, &error));
    ck_assert_str_eq(opened.view->row->state, "triaged");
    ck_assert_str_eq(((KcGroundView *)opened.view->grounds->pdata[0])->code, "LATE_REPORT");
    ck_assert_ptr_nonnull(deadline_of(opened.view, "LATE_REPORT_DECISION"));
    g_autoptr(KcCaseView) in_time = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_ptr_null(deadline_of(in_time, "LATE_REPORT_DECISION"));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* The state as if the case had come there: what this asks is only which states refuse. */
static void
put_into_state(Fixture *fixture, const char *case_id, const char *state)
{
    g_autofree char *path = g_build_filename(fixture->dir, "kuaichu.db", NULL);
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    char *sql = sqlite3_mprintf("UPDATE cases SET state = %Q WHERE id = %Q", state, case_id);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_changes(db), 1);
    sqlite3_free(sql);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static KcPrincipal *
second_party(Fixture *fixture, const Scene *scene)
{
    const KcParticulars particulars = {.name = "李四", .plate_number = "陕H54321", .plate_type = "02"};
    g_autoptr(KcPartyView) added = NULL;
    g_autofree char *token = NULL, *url = NULL;
    assert_done(kc_app_add_party(fixture->app, scene->officer, scene->id, &particulars, NULL, &added, &result, &error));
    assert_done(kc_app_invite_party(fixture->app, scene->officer, scene->id, added->party->id, FALSE, NULL, &token, &url,
                                    &result, &error));
    return fixture_party(fixture, token);
}

/* Order 146, art. 20: every state × every party and role of the desk. */
START_TEST(an_officer_is_sent_in_every_state_for_everybody)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autoptr(KcPrincipal) other_party = second_party(&fixture, &scene);
    g_autoptr(KcPrincipal) intake = fixture_staff(&fixture, "intake");
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    const KcPrincipal *const askers[] = {scene.party, other_party, scene.officer, intake, supervisor};
    for (guint state = 0; state < KC_CASE_STATE_COUNT; state++)
        for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
            g_autoptr(KcCaseView) view = NULL;
            put_into_state(&fixture, scene.id, kc_case_state_to_string(state));
            assert_done(kc_app_send_on_scene(fixture.app, askers[i], scene.id, "请派警", &view, &result, &error));
            ck_assert_str_eq(view->row->state, "on_scene");
            ck_assert(view->row->on_scene_us > 0);
        }
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
eligibility_suite(void)
{
    Suite *suite = suite_create("app/eligibility");
    TCase *tests = tcase_create("eligibility");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, what_is_learned_decides_anew);
    tcase_add_test(tests, the_scene_is_not_taken_back);
    tcase_add_test(tests, who_may_not_learn_is_refused);
    tcase_add_test(tests, the_hurt_are_told_the_nearest_hospital);
    tcase_add_test(tests, a_late_report_is_decided_in_time);
    tcase_add_test(tests, an_officer_is_sent_in_every_state_for_everybody);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(eligibility_suite())
