/* Lots over HTTP: the commitment for everybody, the draws for who watches over the desk, and nobody who helps oneself. */
#include <string.h>

#include "src/app/offers.h"
#include "tests/http/fixture.h"

static void
tend(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_tend_desk(fixture->app, &error));
}

static void
queue(Fixture *fixture, const TestCase *test_case)
{
    g_autofree char *path = case_path(test_case, "/queue");
    json_decref(fixture_json(fixture, 200, (Call){.method = "POST", .path = path, .token = test_case->token}));
}

static void
be_free(Fixture *fixture, const char *token)
{
    json_decref(fixture_json(
        fixture, 200,
        (Call){.method = "PUT", .path = "/api/v1/seats/own", .token = token, .text = "{\"status\":\"free\"}"}));
}

START_TEST(a_case_is_drawn_and_can_be_drawn_again_by_anybody)
{
    g_autoptr(Fixture) fixture = fixture_new_with_lots();
    g_autofree char *officer = fixture_sign_in(fixture, "officer"), *auditor = fixture_sign_in(fixture, "auditor");
    const Call next = {.path = "/api/v1/draws/next"}, all = {.path = "/api/v1/draws", .token = auditor};
    g_autoptr(json_t) before = fixture_json(fixture, 200, next);
    ck_assert_str_eq(text_at(before, "assignment"), "draw");
    ck_assert(json_is_null(json_object_get(before, "next")));
    tend(fixture);
    g_autoptr(json_t) committed = fixture_json(fixture, 200, next);
    be_free(fixture, officer);
    g_auto(TestCase) one = fixture_open_case(fixture);
    queue(fixture, &one);

    g_autoptr(json_t) list = fixture_json(fixture, 200, all);
    const json_t *draw = json_array_get(json_object_get(list, "items"), 0);
    ck_assert_str_eq(text_at(draw, "commitment"), text_at(committed, "next.commitment"));
    ck_assert_str_eq(text_at(draw, "case_id"), one.id);
    ck_assert(json_is_true(json_object_get(draw, "right")));
    ck_assert_str_eq(text_at(json_array_get(json_object_get(draw, "candidates"), 0), "id"), text_at(draw, "chosen.id"));
    ck_assert(json_is_null(json_object_get(list, "next_cursor")));

    g_autoptr(json_t) offers = fixture_json(fixture, 200, (Call){.path = "/api/v1/offers", .token = officer});
    const json_t *offer = json_array_get(json_object_get(offers, "items"), 0);
    ck_assert_str_eq(text_at(offer, "kind"), "draw");
    ck_assert(json_is_null(json_object_get(offer, "from")));
    g_autofree char *accept = g_strdup_printf("/api/v1/offers/%s/accept", text_at(offer, "id"));
    g_autoptr(json_t) taken =
        fixture_json(fixture, 200, (Call){.method = "POST", .path = accept, .token = officer});
    ck_assert_str_eq(text_at(taken, "case.state"), "in_call");
    g_autoptr(json_t) after = fixture_json(fixture, 200, all);
    ck_assert_str_eq(text_at(json_array_get(json_object_get(after, "items"), 0), "outcome"), "accepted");
}
END_TEST

START_TEST(nobody_helps_oneself)
{
    g_autoptr(Fixture) fixture = fixture_new_with_lots();
    g_autofree char *officer = fixture_sign_in(fixture, "officer"), *supervisor = fixture_sign_in(fixture, "supervisor");
    g_auto(TestCase) one = fixture_open_case(fixture);
    queue(fixture, &one);
    g_autofree char *claim = case_path(&one, "/claim"), *offers = case_path(&one, "/offers");
    g_autoptr(Reply) refused =
        fixture_expect(fixture, 409, (Call){.method = "POST", .path = claim, .token = officer});
    ck_assert_ptr_nonnull(strstr(reply_text(refused), "drawn-by-lot"));
    ck_assert_ptr_nonnull(strstr(reply_text(refused), "Set your seat to free"));
    g_autoptr(json_t) me = fixture_json(fixture, 200, (Call){.path = "/api/v1/sessions/current", .token = officer});
    g_autofree char *body = g_strdup_printf("{\"user_id\":\"%s\"}", text_at(me, "user.id"));
    g_autoptr(json_t) assigned =
        fixture_json(fixture, 201, (Call){.path = offers, .token = supervisor, .text = body});
    ck_assert_str_eq(text_at(assigned, "offer.kind"), "assign");
    g_autoptr(json_t) taken =
        fixture_json(fixture, 200, (Call){.method = "POST", .path = claim, .token = supervisor});
    ck_assert_str_eq(text_at(taken, "case.state"), "in_call");
}
END_TEST

START_TEST(a_page_that_is_none_is_refused)
{
    static const char *const bad[] = {"?limit=0", "?limit=101", "?limit=many", "?cursor=-1", "?cursor=x", "?cursor="};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor");
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = g_strconcat("/api/v1/draws", bad[i], NULL);
        reply_free(fixture_expect(fixture, 400, (Call){.path = path, .token = supervisor}));
    }
    g_autoptr(json_t) none =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/draws?limit=100&cursor=5", .token = supervisor});
    ck_assert_uint_eq(json_array_size(json_object_get(none, "items")), 0);
    g_autoptr(json_t) config = fixture_json(fixture, 200, (Call){.path = "/api/v1/config"});
    ck_assert_str_eq(text_at(config, "assignment"), "pick");
}
END_TEST

static Suite *
draws_suite(void)
{
    Suite *suite = suite_create("http/draws");
    TCase *all = tcase_create("draws");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_case_is_drawn_and_can_be_drawn_again_by_anybody);
    tcase_add_test(all, nobody_helps_oneself);
    tcase_add_test(all, a_page_that_is_none_is_refused);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(draws_suite())
