/* Signing in and out, the cookie and its CSRF token, accounts. */
#include <string.h>

#include "tests/http/fixture.h"

#define SESSIONS "/api/v1/sessions"
#define CURRENT "/api/v1/sessions/current"
#define USERS "/api/v1/admin/users"

START_TEST(a_session_begins_and_ends)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *token = fixture_sign_in(fixture, "officer");
    g_autoptr(json_t) session = fixture_json(fixture, 200, (Call){.path = CURRENT, .token = token});
    ck_assert_str_eq(text_at(session, "user.username"), "officer");
    ck_assert_str_eq(text_at(session, "user.role"), "officer");
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = CURRENT, .token = token}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .token = token}));
}
END_TEST

START_TEST(a_session_expires)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *token = fixture_sign_in(fixture, "officer");
    fixture->skew_us = 13 * G_TIME_SPAN_HOUR;
    reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .token = token}));
}
END_TEST

START_TEST(odd_tokens_are_unknown)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *long_token = g_strnfill(2000, 'a');
    const char *const tokens[] = {"", "x", "' OR 1=1 --", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", long_token};
    for (gsize i = 0; i < G_N_ELEMENTS(tokens); i++)
        reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .token = tokens[i]}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .headers = "Authorization: Basic YTpi\r\n"}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .headers = "Cookie: __Host-kuaichu=nonsense\r\n"}));
}
END_TEST

static char *
cookie_of(const Reply *reply)
{
    g_autofree char *cookie = reply_header(reply, "Set-Cookie");
    ck_assert_ptr_nonnull(cookie);
    ck_assert(g_str_has_prefix(cookie, "__Host-kuaichu="));
    const char *const wanted[] = {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"};
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
        ck_assert_ptr_nonnull(strstr(cookie, wanted[i]));
    ck_assert_ptr_null(strstr(cookie, "Domain"));
    return g_strndup(cookie, strcspn(cookie, ";"));
}

START_TEST(the_cookie_reads_and_writes_only_with_csrf)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) reply = fixture_expect(
        fixture, 201, (Call){.path = SESSIONS, .text = "{\"username\":\"admin\",\"password\":\"kuaichu-demo\"}"});
    g_autoptr(json_t) session = json_loads(reply_text(reply), 0, NULL);
    g_autofree char *cookie = cookie_of(reply);
    g_autofree char *plain = g_strdup_printf("Cookie: %s\r\n", cookie);
    g_autofree char *with = g_strdup_printf("%sX-CSRF-Token: %s\r\n", plain, text_at(session, "csrf_token"));
    g_autofree char *with_wrong = g_strdup_printf("%sX-CSRF-Token: wrong\r\n", plain);
    const char *user = "{\"username\":\"new\",\"password\":\"12345678x\",\"role\":\"auditor\",\"name\":\"N\"}";
    reply_free(fixture_expect(fixture, 200, (Call){.path = CURRENT, .headers = plain}));
    reply_free(fixture_expect(fixture, 403, (Call){.path = USERS, .text = user, .headers = plain}));
    reply_free(fixture_expect(fixture, 403, (Call){.path = USERS, .text = user, .headers = with_wrong}));
    reply_free(fixture_expect(fixture, 201, (Call){.path = USERS, .text = user, .headers = with}));
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = CURRENT, .headers = with}));
}
END_TEST

START_TEST(failed_sign_ins_are_limited_and_tell_nothing)
{
    const KcHttpConfig config = {.sign_in_failures_per_15_min = 3};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    const char *wrong = "{\"username\":\"officer\",\"password\":\"wrong-one\"}";
    const char *nobody = "{\"username\":\"nobody\",\"password\":\"wrong-one\"}";
    g_autoptr(Reply) first = fixture_expect(fixture, 401, (Call){.path = SESSIONS, .text = wrong});
    g_autoptr(Reply) second = fixture_expect(fixture, 401, (Call){.path = SESSIONS, .text = nobody});
    ck_assert_str_eq(reply_text(first), reply_text(second));
    reply_free(fixture_expect(fixture, 401, (Call){.path = SESSIONS, .text = nobody}));
    g_autoptr(Reply) limited = fixture_expect(fixture, 429, (Call){.path = SESSIONS, .text = wrong});
    g_autofree char *after = reply_header(limited, "Retry-After");
    ck_assert_int_gt(g_ascii_strtoll(after, NULL, 10), 0);
}
END_TEST

static const struct {
    const char *body;
    int status;
} sign_ins[] = {
    {"", 400},
    {"{", 400},
    {"[]", 400},
    {"null", 400},
    {"\"text\"", 400},
    {"{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}", 400},
    {"{\"username\":\"\xff\",\"password\":\"c\"}", 400},
    {"{}", 422},
    {"{\"username\":1,\"password\":\"c\"}", 422},
    {"{\"username\":\"a\",\"password\":null}", 422},
    {"{\"username\":\"a\",\"password\":\"b\",\"admin\":true}", 422},
    {"{\"username\":{\"$ne\":\"\"},\"password\":\"b\"}", 422},
    {"{\"username\":\"a\\u0000b\",\"password\":\"b\"}", 400},
};

START_TEST(a_malformed_sign_in_is_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(sign_ins); i++)
        reply_free(fixture_expect(fixture, sign_ins[i].status, (Call){.path = SESSIONS, .text = sign_ins[i].body}));
    reply_free(fixture_expect(fixture, 415, (Call){.path = SESSIONS, .text = "{}", .type = "text/plain"}));
    reply_free(fixture_expect(fixture, 415, (Call){.path = SESSIONS, .text = "{}", .type = "application/jsonx"}));
    reply_free(fixture_expect(fixture, 422,
                              (Call){.path = SESSIONS, .text = "{}", .type = "Application/JSON; charset=utf-8"}));
    g_autofree char *deep = g_strnfill(200 * 1000, '[');
    reply_free(fixture_expect(fixture, 400, (Call){.path = SESSIONS, .text = deep}));
}
END_TEST

START_TEST(accounts_are_made_and_listed)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    const char *user = "{\"username\":\"wang\",\"password\":\"kuaichu-demo\",\"role\":\"officer\",\"name\":\"王五\","
                       "\"badge_number\":\"061234\",\"counties\":[\"611002\"]}";
    g_autoptr(json_t) made = fixture_json(fixture, 201, (Call){.path = USERS, .token = admin, .text = user});
    ck_assert_str_eq(text_at(made, "badge_number"), "061234");
    ck_assert_str_eq(text_at(made, "counties.0"), "611002");
    ck_assert_ptr_null(json_object_get(made, "password"));
    reply_free(fixture_expect(fixture, 409, (Call){.path = USERS, .token = admin, .text = user}));
    g_autoptr(json_t) all = fixture_json(fixture, 200, (Call){.path = USERS, .token = admin});
    ck_assert_uint_eq(json_array_size(json_object_get(all, "items")), 6);
    g_autofree char *token = fixture_sign_in(fixture, "wang");
    reply_free(fixture_expect(fixture, 200, (Call){.path = "/api/v1/queue", .token = token}));
    g_autofree char *grade = g_strdup_printf(USERS "/%s/grade", text_at(made, "id"));
    ck_assert(json_is_null(json_object_get(made, "grade")));
    g_autoptr(json_t) graded = fixture_json(
        fixture, 200, (Call){.method = "PUT", .path = grade, .token = admin, .text = "{\"grade\":\"middle\"}"});
    ck_assert_str_eq(text_at(graded, "grade"), "middle");
    reply_free(fixture_expect(
        fixture, 422, (Call){.method = "PUT", .path = grade, .token = admin, .text = "{\"grade\":\"chief\"}"}));
    g_autoptr(json_t) none = fixture_json(
        fixture, 200, (Call){.method = "PUT", .path = grade, .token = admin, .text = "{\"grade\":null}"});
    ck_assert(json_is_null(json_object_get(none, "grade")));
}
END_TEST

START_TEST(a_disabled_account_is_shut_out_at_once)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin"), *officer = fixture_sign_in(fixture, "officer");
    g_autoptr(json_t) session = fixture_json(fixture, 200, (Call){.path = CURRENT, .token = officer});
    g_autoptr(json_t) own = fixture_json(fixture, 200, (Call){.path = CURRENT, .token = admin});
    g_autofree char *path = g_strdup_printf(USERS "/%s/disabled", text_at(session, "user.id"));
    g_autofree char *last = g_strdup_printf(USERS "/%s/disabled", text_at(own, "user.id"));
    Call disable = {.method = "PUT", .path = path, .token = admin, .text = "{\"disabled\":true}"};
    Call enable = {.method = "PUT", .path = path, .token = admin, .text = "{\"disabled\":false}"};
    Call sign_in = {.path = SESSIONS, .text = "{\"username\":\"officer\",\"password\":\"kuaichu-demo\"}"};
    g_autoptr(json_t) disabled = fixture_json(fixture, 200, disable);
    ck_assert(json_is_true(json_object_get(disabled, "disabled")));
    reply_free(fixture_expect(fixture, 200, disable));
    reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .token = officer}));
    reply_free(fixture_expect(fixture, 401, sign_in));
    g_autoptr(json_t) enabled = fixture_json(fixture, 200, enable);
    ck_assert(json_is_false(json_object_get(enabled, "disabled")));
    reply_free(fixture_expect(fixture, 401, (Call){.path = CURRENT, .token = officer}));
    g_free(fixture_sign_in(fixture, "officer"));

    g_autoptr(json_t) refused = fixture_json(
        fixture, 409, (Call){.method = "PUT", .path = last, .token = admin, .text = "{\"disabled\":true}"});
    ck_assert_str_eq(text_at(refused, "code"), "last-admin");
    reply_free(fixture_expect(fixture, 422, (Call){.method = "PUT", .path = path, .token = admin, .text = "{}"}));
}
END_TEST

START_TEST(a_bad_account_is_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    const char *const bad[] = {
        "{\"username\":\"a\",\"password\":\"kuaichu-demo\",\"role\":\"party\",\"name\":\"A\"}",
        "{\"username\":\"a\",\"password\":\"short\",\"role\":\"officer\",\"name\":\"A\"}",
        "{\"username\":\"a\",\"password\":\"kuaichu-demo\",\"role\":\"officer\"}",
        "{\"username\":\"a\",\"password\":\"kuaichu-demo\",\"role\":\"officer\",\"name\":\"A\",\"counties\":5}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        reply_free(fixture_expect(fixture, 422, (Call){.path = USERS, .token = admin, .text = bad[i]}));
}
END_TEST

static Suite *
accounts_suite(void)
{
    Suite *suite = suite_create("http/accounts");
    TCase *all = tcase_create("accounts");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_session_begins_and_ends);
    tcase_add_test(all, a_session_expires);
    tcase_add_test(all, odd_tokens_are_unknown);
    tcase_add_test(all, the_cookie_reads_and_writes_only_with_csrf);
    tcase_add_test(all, failed_sign_ins_are_limited_and_tell_nothing);
    tcase_add_test(all, a_malformed_sign_in_is_refused);
    tcase_add_test(all, accounts_are_made_and_listed);
    tcase_add_test(all, a_disabled_account_is_shut_out_at_once);
    tcase_add_test(all, a_bad_account_is_refused);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(accounts_suite())
