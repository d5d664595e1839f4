/* Where it happened, corrected by the desk: words, point, and the county that follows. */
#include <string.h>

#include "tests/http/served.h"

static json_t *
place(Served *served, int status, const char *body)
{
    return served_by_officer(served, status, "PATCH", "", body);
}

static void
refused_with(Served *served, const char *body, const char *pointer)
{
    g_autoptr(json_t) problem = place(served, 422, body);
    ck_assert_str_eq(text_at(problem, "errors.0.pointer"), pointer);
}

static const json_t *
place_of(const json_t *reply)
{
    return json_object_get(json_object_get(reply, "case"), "place");
}

START_TEST(the_county_follows_the_words_else_the_point)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_call(&served);
    g_autoptr(json_t) named = place(&served, 200, "{\"place\":{\"text\":\"洛南县城关街道\"}}");
    ck_assert_str_eq(text_at(named, "case.county"), "611021");
    ck_assert_str_eq(text_at(named, "case.place.text"), "洛南县城关街道");
    g_autoptr(json_t) moved = place(&served, 200, "{\"place\":{\"latitude\":33.697,\"longitude\":110.33}}");
    ck_assert_str_eq(text_at(moved, "case.county"), "611021"); /* the words still name it */
    g_autoptr(json_t) bare = place(&served, 200, "{\"place\":{\"text\":\"高速路口\"}}");
    ck_assert_str_eq(text_at(bare, "case.county"), "611022");
    g_autoptr(json_t) wordless = place(&served, 200, "{\"place\":{\"text\":null,\"latitude\":33.534,\"longitude\":109.881,\"accuracy_m\":4.2}}");
    ck_assert_str_eq(text_at(wordless, "case.county"), "611024");
    ck_assert(json_is_null(json_object_get(place_of(wordless), "text")));
    ck_assert_int_eq(json_integer_value(json_object_get(place_of(wordless), "accuracy_m")), 5);
    g_autoptr(json_t) sea = place(&served, 200, "{\"place\":{\"latitude\":0,\"longitude\":0}}");
    ck_assert(json_is_null(json_object_get(json_object_get(sea, "case"), "county")));
    served_clear(&served);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_call(&served);
    refused_with(&served, "{\"place\":{\"latitude\":33.5}}", "/place/longitude");
    refused_with(&served, "{\"place\":{\"longitude\":109.5}}", "/place/latitude");
    refused_with(&served, "{\"place\":{\"latitude\":91,\"longitude\":0}}", "/place/latitude");
    refused_with(&served, "{\"place\":{\"town\":\"x\"}}", "/place/town");
    refused_with(&served, "{}", "/place");
    refused_with(&served, "{\"place\":{\"text\":\"x\"},\"county\":\"611021\"}", "/county");
    served_clear(&served);
}
END_TEST

START_TEST(by_version_logged_and_not_after_the_issue)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_call(&served);
    g_autofree char *path = case_path(&served.one, "");
    const char *body = "{\"place\":{\"text\":\"丹凤县龙驹寨\",\"latitude\":33.697,\"longitude\":110.33}}";
    const Call stale = {.method = "PATCH", .path = path, .token = served.officer, .text = body, .headers = "If-Match: \"v1\"\r\n"};
    reply_free(fixture_expect(fixture, 412, stale));
    g_autoptr(json_t) once = place(&served, 200, body), again = place(&served, 200, body);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(once, "case"), "version")),
                     json_integer_value(json_object_get(json_object_get(again, "case"), "version")));
    g_autoptr(json_t) timeline = served_by_officer(&served, 200, "GET", "/timeline", NULL);
    g_autofree char *text = json_dumps(timeline, JSON_COMPACT | JSON_SORT_KEYS);
    const char *entry = strstr(text, "\"kind\":\"case.place_changed\"");
    ck_assert_ptr_nonnull(entry);
    ck_assert_ptr_nonnull(strstr(text, "\"county\":\"611022\",\"county_before\":\"611002\",\"fields\":[\"text\",\"position\"]"));
    ck_assert_ptr_null(strstr(text, "龙驹寨"));
    ck_assert_ptr_null(strstr(text, "33.697"));
    served_issue(&served);
    json_decref(place(&served, 409, "{\"place\":{\"text\":\"商州区\"}}"));
    served_clear(&served);
}
END_TEST

static Suite *
places_suite(void)
{
    Suite *suite = suite_create("http/places");
    TCase *tests = tcase_create("places");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_county_follows_the_words_else_the_point);
    tcase_add_test(tests, what_is_wrong_is_named);
    tcase_add_test(tests, by_version_logged_and_not_after_the_issue);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(places_suite())
