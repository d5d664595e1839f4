/* The web pages as the service gives them out, with pages of the test's own. */
#include <string.h>

#include "tests/http/fixture.h"

static const struct {
    const char *path;
    const char *text; /* in the body */
    const char *type;
    const char *cache;
} pages[] = {
    {"/", "driver", "text/html; charset=utf-8", "no-cache"},
    {"/p/any-token", "driver", "text/html; charset=utf-8", "no-cache"},
    {"/desk", "desk", "text/html; charset=utf-8", "no-cache"},
    {"/desk/cases/5", "desk", "text/html; charset=utf-8", "no-cache"},
    {"/assets/app-0a1b2c3d.js", "plain", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
};

START_TEST(a_page_is_given_out)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = pages[_i].path});
    g_autofree char *type = reply_header(reply, "Content-Type"), *cache = reply_header(reply, "Cache-Control");
    ck_assert_ptr_nonnull(strstr(reply_text(reply), pages[_i].text));
    ck_assert_str_eq(type, pages[_i].type);
    ck_assert_str_eq(cache, pages[_i].cache);
}
END_TEST

START_TEST(a_page_is_asked_for_anew)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = "/desk"});
    g_autofree char *etag = reply_header(reply, "ETag");
    g_autofree char *condition = g_strdup_printf("If-None-Match: %s\r\n", etag);
    reply_free(fixture_expect(fixture, 304, (Call){.path = "/desk", .headers = condition}));
}
END_TEST

START_TEST(the_compressed_twin_is_for_who_takes_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *path = "/assets/app-0a1b2c3d.js";
    g_autoptr(Reply) packed =
        fixture_expect(fixture, 200, (Call){.path = path, .headers = "Accept-Encoding: gzip, br\r\n"});
    g_autofree char *coding = reply_header(packed, "Content-Encoding"), *vary = reply_header(packed, "Vary");
    ck_assert_str_eq(coding, "gzip");
    ck_assert_str_eq(vary, "Accept-Encoding");
    ck_assert_ptr_nonnull(strstr(reply_text(packed), "compressed twin"));
    g_autoptr(Reply) plain =
        fixture_expect(fixture, 200, (Call){.path = path, .headers = "Accept-Encoding: gzip;q=0\r\n"});
    ck_assert_ptr_nonnull(strstr(reply_text(plain), "plain"));
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *const paths[] = {"/audit",   "/desktop", "/assets/other.js", "/assets/", "/assets/../desk/index.html",
                                 "/%2e%2e/x"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        reply_free(fixture_expect(fixture, 404, (Call){.path = paths[i]}));
}
END_TEST

static Suite *
pages_suite(void)
{
    Suite *suite = suite_create("http/pages");
    TCase *all = tcase_create("pages");
    tcase_add_loop_test(all, a_page_is_given_out, 0, G_N_ELEMENTS(pages));
    tcase_add_test(all, a_page_is_asked_for_anew);
    tcase_add_test(all, the_compressed_twin_is_for_who_takes_it);
    tcase_add_test(all, what_is_not_there_is_not_found);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(pages_suite())
