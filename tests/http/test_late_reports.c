/* A report that is made after the scene was cleared, over HTTP (Order 146, art. 18). */
#include <string.h>

#include "tests/http/served.h"

typedef struct {
    Fixture *fixture;
    char *officer;
    TestCase one;
} Late;

/* Reported late, unless `more` says nothing of it. */
static Late
late_new(Fixture *fixture, const char *more)
{
    Late late = {.fixture = fixture, .officer = fixture_sign_in(fixture, "officer")};
    g_autoptr(GString) body = g_string_new(test_new_case);
    g_string_replace(body, "\"intent\":false", more, 1);
    g_autoptr(json_t) opened =
        fixture_json(fixture, 201, (Call){.path = "/api/v1/cases", .text = body->str});
    late.one = (TestCase){g_strdup(text_at(opened, "case.id")), g_strdup(text_at(opened, "token")),
                          g_strdup(text_at(opened, "party.id"))};
    return late;
}

static void
late_clear(Late *late)
{
    g_free(late->officer);
    test_case_clear(&late->one);
}

static json_t *
decide(Late *late, int status, const char *body)
{
    g_autofree char *path = case_path(&late->one, "/acceptance");
    return fixture_json(late->fixture, status, (Call){.path = path, .token = late->officer, .text = body});
}

/* The party's page. */
static json_t *
seen(Late *late)
{
    g_autofree char *path = case_path(&late->one, "");
    return fixture_json(late->fixture, 200, (Call){.path = path, .token = late->one.token});
}

static gsize
waiting(Late *late)
{
    g_autoptr(json_t) list =
        fixture_json(late->fixture, 200, (Call){.path = "/api/v1/late-reports", .token = late->officer});
    return json_array_size(json_object_get(list, "items"));
}

#define LATE "\"intent\":false,\"late_report\":true"

START_TEST(accepted_it_goes_the_usual_way)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Late late = late_new(fixture, LATE);
    ck_assert_uint_eq(waiting(&late), 1);
    g_autoptr(json_t) before = seen(&late);
    ck_assert_str_eq(text_at(before, "deadlines.0.code"), "LATE_REPORT_DECISION");
    ck_assert(json_is_null(json_object_get(json_object_get(before, "late_report"), "accepted")));
    json_decref(decide(&late, 422, "{\"accepted\":true,\"ground\":\"unproven\"}"));
    g_autoptr(json_t) accepted = decide(&late, 200, "{\"accepted\":true}");
    ck_assert_str_eq(text_at(accepted, "case.state"), "triaged");
    json_decref(decide(&late, 409, "{\"accepted\":true}"));
    ck_assert_uint_eq(waiting(&late), 0);
    g_autoptr(json_t) after = seen(&late);
    ck_assert(json_is_true(json_object_get(json_object_get(after, "late_report"), "accepted")));
    ck_assert_str_eq(text_at(after, "deadlines.0.state"), "ended");
    g_autofree char *queue = case_path(&late.one, "/queue");
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = queue, .token = late.one.token}));
    late_clear(&late);
}
END_TEST

START_TEST(declined_it_is_closed_and_says_why)
{
    static const struct {
        const char *body, *pointer;
    } wrong[] = {
        {"{\"accepted\":false,\"reason\":\"r\"}", "/ground"},
        {"{\"accepted\":false,\"ground\":\"unproven\"}", "/reason"},
        {"{\"accepted\":false,\"ground\":\"unproven\",\"reason\":\" \"}", "/reason"},
        {"{\"accepted\":false,\"ground\":\"too_late\",\"reason\":\"r\"}", "/ground"},
        {"{}", "/accepted"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Late late = late_new(fixture, LATE);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(json_t) problem = decide(&late, 422, wrong[i].body);
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), wrong[i].pointer);
    }
    json_decref(decide(&late, 200, "{\"accepted\":false,\"ground\":\"unproven\",\"reason\":\"没有照片、证人和监控。\"}"));
    g_autoptr(json_t) after = seen(&late);
    ck_assert_str_eq(text_at(after, "state"), "closed");
    ck_assert_str_eq(text_at(after, "late_report.reason"), "没有照片、证人和监控。");
    ck_assert_str_eq(text_at(after, "late_report.ground"), "unproven");
    late_clear(&late);
}
END_TEST

START_TEST(who_takes_it_has_accepted_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Late late = late_new(fixture, LATE);
    g_autofree char *queue = case_path(&late.one, "/queue"), *claim = case_path(&late.one, "/claim");
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = queue, .token = late.one.token}));
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = claim, .token = late.officer}));
    json_decref(decide(&late, 409, "{\"accepted\":true}"));
    g_autoptr(json_t) after = seen(&late);
    ck_assert(json_is_true(json_object_get(json_object_get(after, "late_report"), "accepted")));
    late_clear(&late);
}
END_TEST

START_TEST(another_report_is_not_decided)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Late late = late_new(fixture, "\"intent\":false");
    ck_assert_uint_eq(waiting(&late), 0);
    g_autoptr(json_t) refused = decide(&late, 409, "{\"accepted\":true}");
    ck_assert_str_eq(text_at(refused, "code"), "not-late");
    g_autoptr(json_t) view = seen(&late);
    ck_assert(json_is_null(json_object_get(view, "late_report")));
    late_clear(&late);
}
END_TEST

/* Over the National Day of 2026, with nobody near the page: the decision is due on 10 October. */
START_TEST(it_waits_for_the_police_as_long_as_they_may_take)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    served_set_day(fixture, "2026-09-30", 9);
    Late late = late_new(fixture, LATE);
    served_set_day(fixture, "2026-10-10", 20);
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_housekeep(fixture->app, &error));
    ck_assert(kc_app_housekeep(fixture->app, &error));
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_free(late.officer);
    late.officer = g_steal_pointer(&officer);
    ck_assert_uint_eq(waiting(&late), 1);
    g_autoptr(json_t) view = seen(&late);
    ck_assert_str_eq(text_at(view, "deadlines.0.due_on"), "2026-10-10");
    late_clear(&late);
}
END_TEST

static Suite *
late_reports_suite(void)
{
    Suite *suite = suite_create("http/late_reports");
    TCase *all = tcase_create("late_reports");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, accepted_it_goes_the_usual_way);
    tcase_add_test(all, declined_it_is_closed_and_says_why);
    tcase_add_test(all, who_takes_it_has_accepted_it);
    tcase_add_test(all, another_report_is_not_decided);
    tcase_add_test(all, it_waits_for_the_police_as_long_as_they_may_take);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(late_reports_suite())
