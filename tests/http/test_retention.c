/* Legal holds and retention over the wire: who holds what, what goes and why as JSON and CSV, and what an erased case
 * answers. */
#include <string.h>

#include "tests/http/fixture.h"

#define HOLD "{\"reason\":\"法院调取\",\"legal_basis\":\"道路交通事故处理程序规定第106条\"}"

static void
pass(Fixture *fixture, gint64 span)
{
    g_autoptr(GError) error = NULL;
    fixture->skew_us += span;
    kc_app_housekeep(fixture->app, &error);
    kc_assert_no_error(error);
}

/* A case that its party has left. */
static TestCase
left_case(Fixture *fixture)
{
    TestCase made = fixture_open_case(fixture);
    pass(fixture, 3 * G_TIME_SPAN_HOUR);
    pass(fixture, 80 * G_TIME_SPAN_HOUR);
    pass(fixture, G_TIME_SPAN_DAY);
    return made;
}

START_TEST(a_hold_is_placed_listed_and_lifted)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_auto(TestCase) made = left_case(fixture);
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor"), *path = case_path(&made, "/holds");
    reply_free(fixture_expect(
        fixture, 412, (Call){.path = path, .token = supervisor, .text = HOLD, .headers = "If-Match: \"v1\"\r\n"}));
    reply_free(fixture_expect(
        fixture, 422, (Call){.path = path, .token = supervisor, .text = "{\"reason\":\"a\",\"legal_basis\":\"\"}"}));
    g_autoptr(json_t) placed = fixture_json(fixture, 201, (Call){.path = path, .token = supervisor, .text = HOLD});
    pass(fixture, 1000 * G_TIME_SPAN_DAY);
    g_autofree char *later = fixture_sign_in(fixture, "supervisor");
    g_autoptr(json_t) standing = fixture_json(fixture, 200, (Call){.path = "/api/v1/holds", .token = later});
    ck_assert_uint_eq(json_array_size(json_object_get(standing, "items")), 1);
    g_autoptr(json_t) preview =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/admin/retention?days=7", .token = later});
    const json_t *item = json_array_get(json_object_get(preview, "items"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(item, "state")), "on_hold");
    ck_assert_str_eq(json_string_value(json_object_get(item, "rule")), "CASE_LEFT");
    g_autofree char *lift = g_strdup_printf("/api/v1/holds/%s/lift", text_at(placed, "hold.id"));
    g_autoptr(json_t) lifted =
        fixture_json(fixture, 200, (Call){.path = lift, .token = later, .text = "{\"reason\":\"已结案\"}"});
    ck_assert_str_eq(text_at(lifted, "hold.lift_reason"), "已结案");
    reply_free(fixture_expect(fixture, 409, (Call){.path = lift, .token = later, .text = "{\"reason\":\"again\"}"}));
    g_autoptr(json_t) of_case = fixture_json(fixture, 200, (Call){.path = path, .token = later});
    ck_assert_uint_eq(json_array_size(json_object_get(of_case, "items")), 1);
}
END_TEST

START_TEST(what_goes_is_told_before_and_an_erased_case_answers)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_auto(TestCase) made = left_case(fixture);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    reply_free(fixture_expect(fixture, 400, (Call){.path = "/api/v1/admin/retention?days=-1", .token = admin}));
    g_autoptr(Reply) csv =
        fixture_expect(fixture, 200, (Call){.path = "/api/v1/admin/retention?days=400&format=csv", .token = admin});
    ck_assert_ptr_nonnull(strstr(reply_text(csv), "\"case\",\"due\",\"CASE_LEFT\",\"个人信息保护法第19条、第47条\""));
    pass(fixture, 400 * G_TIME_SPAN_DAY);
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor"), *path = case_path(&made, "");
    g_autoptr(json_t) view = fixture_json(fixture, 200, (Call){.path = path, .token = auditor});
    ck_assert_str_eq(text_at(view, "erased.rule"), "CASE_LEFT");
    g_autofree char *timeline = case_path(&made, "/timeline");
    reply_free(fixture_expect(fixture, 200, (Call){.path = timeline, .token = auditor}));
    static const char *const gone[] = {"/recordings",
                                       "/stills/"
                                       "01936d7e-0000-7000-8000-000000000001",
                                       "/documents/"
                                       "01936d7e-0000-7000-8000-000000000001"};
    for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
        g_autofree char *what = case_path(&made, gone[i]);
        g_autoptr(json_t) problem = fixture_json(fixture, 409, (Call){.path = what, .token = auditor});
        ck_assert_ptr_nonnull(strstr(text_at(problem, "type"), "erased"));
    }
    reply_free(fixture_expect(fixture, 401, (Call){.path = path, .token = made.token}));
}
END_TEST

static Suite *
retention_suite(void)
{
    Suite *suite = suite_create("http/retention");
    TCase *tc = tcase_create("retention");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_hold_is_placed_listed_and_lifted);
    tcase_add_test(tc, what_goes_is_told_before_and_an_erased_case_answers);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(retention_suite())
