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

/* Pictures from elsewhere are the desk's alone, and those of the map's tiles alone. */
START_TEST(tiles_are_let_into_the_desk)
{
    const KcHttpConfig with = {.map_tiles = "https://{s}.tiles.example.org:8443/{z}/{x}/{y}.png", .map_attribution = "© x"};
    g_autoptr(Fixture) fixture = fixture_new(&with);
    g_autoptr(Reply) desk = fixture_expect(fixture, 200, (Call){.path = "/desk"});
    g_autoptr(Reply) driver = fixture_expect(fixture, 200, (Call){.path = "/"});
    g_autofree char *at_desk = reply_header(desk, "Content-Security-Policy");
    g_autofree char *at_driver = reply_header(driver, "Content-Security-Policy");
    ck_assert_ptr_nonnull(strstr(at_desk, "img-src 'self' data: blob: https://*.tiles.example.org:8443; media-src"));
    ck_assert_ptr_nonnull(strstr(at_driver, "img-src 'self' data: blob:; media-src"));
    ck_assert_ptr_nonnull(strstr(at_desk, "frame-ancestors 'none'"));
    g_autoptr(json_t) config = fixture_json(fixture, 200, (Call){.path = "/api/v1/config"});
    ck_assert_str_eq(text_at(config, "map.tiles"), with.map_tiles);
}
END_TEST

START_TEST(without_tiles_nothing_is_let_in)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) desk = fixture_expect(fixture, 200, (Call){.path = "/desk"});
    g_autofree char *policy = reply_header(desk, "Content-Security-Policy");
    ck_assert_ptr_nonnull(strstr(policy, "img-src 'self' data: blob:; media-src"));
    g_autoptr(json_t) config = fixture_json(fixture, 200, (Call){.path = "/api/v1/config"});
    ck_assert(json_is_null(json_object_get(json_object_get(config, "map"), "tiles")));
}
END_TEST

static Suite *
pages_suite(void)
{
    Suite *suite = suite_create("http/pages");
    TCase *all = tcase_create("pages");
    tcase_add_loop_test(all, a_page_is_given_out, 0, G_N_ELEMENTS(pages));
    tcase_add_test(all, tiles_are_let_into_the_desk);
    tcase_add_test(all, without_tiles_nothing_is_let_in);
    tcase_add_test(all, a_page_is_asked_for_anew);
    tcase_add_test(all, the_compressed_twin_is_for_who_takes_it);
    tcase_add_test(all, what_is_not_there_is_not_found);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(pages_suite())
