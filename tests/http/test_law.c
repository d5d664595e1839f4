/* The official wording over the wire. */
#include <string.h>

#include "src/app/laws.h"
#include "tests/http/fixture.h"

#define LAW "# 中华人民共和国滑板车法\n2011年4月22日\n第一条 甲：\n（一）乙；\n（二）丙。\n丁。\n第二条 即日施行。\n"

static void
import(Fixture *fixture)
{
    KcLawFile file = {"a.md", g_bytes_new_static(LAW, strlen(LAW))};
    g_autoptr(GPtrArray) imported = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_import_laws(fixture->app, NULL, &file, 1, &imported, &result, &error));
    g_bytes_unref(file.text);
}

static json_t *
wording(Fixture *fixture, int status, const char *token, const char *citation, const char *more)
{
    g_autofree char *escaped = g_uri_escape_string(citation, NULL, FALSE);
    g_autofree char *path = g_strdup_printf("/api/v1/law/wording?citation=%s%s", escaped, more);
    return fixture_json(fixture, status, (Call){.path = path, .token = token});
}

START_TEST(a_citation_has_its_wording)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_autoptr(json_t) before = wording(fixture, 200, officer, "滑板车法第1条", "");
    ck_assert_str_eq(text_at(before, "items.0.status"), "not_imported");
    import(fixture);
    g_autoptr(json_t) found = wording(fixture, 200, officer, "滑板车法第1条第1款第2项、第3条；别法第1条", "");
    ck_assert_str_eq(text_at(found, "items.0.citation"), "滑板车法第1条第1款第2项");
    ck_assert_str_eq(text_at(found, "items.0.status"), "found");
    ck_assert_str_eq(text_at(found, "items.0.law.title"), "中华人民共和国滑板车法");
    ck_assert_str_eq(text_at(found, "items.0.law.dated"), "2011-04-22");
    ck_assert_str_eq(text_at(found, "items.0.passages.0.text"), "甲：");
    ck_assert_str_eq(text_at(found, "items.0.passages.1.text"), "丙。");
    ck_assert_str_eq(text_at(found, "items.1.status"), "absent");
    ck_assert_str_eq(text_at(found, "items.2.status"), "not_imported");
    g_autoptr(json_t) early = wording(fixture, 200, officer, "滑板车法第1条", "&on=2011-04-21");
    ck_assert_str_eq(text_at(early, "items.0.status"), "not_imported");
    g_autoptr(json_t) laws = fixture_json(fixture, 200, (Call){.path = "/api/v1/law", .token = officer});
    ck_assert_str_eq(text_at(laws, "items.0.name"), "滑板车法");
}
END_TEST

START_TEST(what_is_no_citation_is_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_autoptr(json_t) words = wording(fixture, 422, officer, "别的", "");
    ck_assert_str_eq(text_at(words, "errors.0.pointer"), "/citation");
    g_autoptr(json_t) day = wording(fixture, 422, officer, "滑板车法第1条", "&on=soon");
    ck_assert_str_eq(text_at(day, "errors.0.pointer"), "/on");
    reply_free(fixture_expect(fixture, 422, (Call){.path = "/api/v1/law/wording", .token = officer}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = "/api/v1/law"}));
}
END_TEST

static Suite *
law_suite(void)
{
    Suite *suite = suite_create("http/law");
    TCase *tcase = tcase_create("law");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_citation_has_its_wording);
    tcase_add_test(tcase, what_is_no_citation_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(law_suite())
