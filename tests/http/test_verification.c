/* Whoever has a document can have it checked, without an account and without learning anything of anybody. */
#include <string.h>

#include "src/evidence/digest.h"
#include "tests/http/served.h"

static json_t *
verify(Fixture *fixture, int status, const char *sha256)
{
    g_autofree char *path = g_strconcat("/api/v1/verification?sha256=", sha256, NULL);
    return fixture_json(fixture, status, (Call){.path = path});
}

static char *
sha256_of_pdf(Served *way, const char *query)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s%s", way->document, query), *path = case_path(&way->one, rest);
    g_autoptr(Reply) reply = fixture_expect(
        way->fixture, 200, (Call){.path = path, .token = way->officer, .headers = "Accept: application/pdf\r\n"});
    return kc_sha256_hex(reply->body->data, reply->body->len);
}

static void
check(Fixture *fixture, const char *sha256, const char *matched, const char *status)
{
    g_autoptr(json_t) found = verify(fixture, 200, sha256);
    ck_assert_str_eq(text_at(found, "kind"), "determination");
    ck_assert_str_eq(text_at(found, "matched"), matched);
    ck_assert_str_eq(text_at(found, "status"), status);
    ck_assert(g_str_has_suffix(text_at(found, "number"), "-D1"));
}

START_TEST(text_original_and_copy_are_known)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autofree char *original = sha256_of_pdf(&way, ""), *capital = g_ascii_strup(way.sha256, -1);
    check(fixture, way.sha256, "text", "in_force");
    check(fixture, capital, "text", "in_force");
    check(fixture, original, "original", "in_force");
    served_decide(&way, way.one.token, "signed");
    g_autofree char *copy = sha256_of_pdf(&way, "");
    ck_assert_str_ne(copy, original);
    check(fixture, copy, "copy", "in_force");
    check(fixture, original, "original", "in_force");
    served_clear(&way);
}
END_TEST

START_TEST(nothing_personal_is_told)
{
    static const char *const never[] = {"张三", "13800000000", "陕H12345", "王建国", "611001"};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autofree char *path = g_strconcat("/api/v1/verification?sha256=", way.sha256, NULL);
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = path});
    for (guint i = 0; i < G_N_ELEMENTS(never); i++)
        ck_assert_msg(strstr(reply_text(reply), never[i]) == NULL, "%s is told", never[i]);
    served_clear(&way);
}
END_TEST

START_TEST(what_was_not_issued_is_unknown)
{
    static const char *const odd[] = {"", "abc", "zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0"};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(json_t) unknown =
        verify(fixture, 404, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert_str_eq(text_at(unknown, "code"), "document-unknown");
    for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(json_t) wrong = verify(fixture, 422, odd[i]);
        ck_assert_str_eq(text_at(wrong, "errors.0.pointer"), "/sha256");
    }
    reply_free(fixture_expect(fixture, 422, (Call){.path = "/api/v1/verification"}));
}
END_TEST

START_TEST(one_address_may_not_ask_without_end)
{
    const KcHttpConfig config = {.checks_per_address_per_minute = 3};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    const char *sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for (guint i = 0; i < 3; i++)
        json_decref(verify(fixture, 404, sha256));
    g_autofree char *path = g_strconcat("/api/v1/verification?sha256=", sha256, NULL);
    g_autoptr(Reply) limited = fixture_expect(fixture, 429, (Call){.path = path});
    g_autofree char *after = reply_header(limited, "Retry-After");
    ck_assert_ptr_nonnull(after);
}
END_TEST

static Suite *
verification_suite(void)
{
    Suite *suite = suite_create("http/verification");
    TCase *tc = tcase_create("verification");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, text_original_and_copy_are_known);
    tcase_add_test(tc, nothing_personal_is_told);
    tcase_add_test(tc, what_was_not_issued_is_unknown);
    tcase_add_test(tc, one_address_may_not_ask_without_end);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(verification_suite())
