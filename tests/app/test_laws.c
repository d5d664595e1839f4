/* Laws come in whole or not at all, each text once, a newer one beside the older; and what a citation then says. */
#include "src/app/internal.h"
#include "src/app/laws.h"
#include "tests/app/fixture.h"

#include <string.h>

#define OLD                                                                                                                                                     \
    "# 滑板车法\n2011年4月22日\n第一条 靠右。\n第二条 下列情形，不得上路：\n（一）没有铃；\n（二）没有灯。\n第三条 " \
    "即日施行。\n"
#define NEW "# 中华人民共和国滑板车法\n2021年4月29日\n第一条 靠左。\n第二条 文。\n第三条 即日施行。\n"
#define OTHER "# 手推车条例\n2012年1月1日\n第一条 即日施行。\n"
#define BAD "# 手推车条例\n2012年1月1日\n第二条 即日施行。\n"

static KcLawFile
file(const char *name, const char *text)
{
    return (KcLawFile){name, g_bytes_new_static(text, strlen(text))};
}

static GPtrArray *
import(Fixture *fixture, const KcPrincipal *who, const char *text)
{
    KcLawFile one = file("a.md", text);
    GPtrArray *imported = NULL;
    assert_done(kc_app_import_laws(fixture->app, who, &one, 1, &imported, &result, &error));
    g_bytes_unref(one.text);
    return imported;
}

/* "靠右。" or, of several passages, their texts one after the other; "-" where the law is not there. */
static void
assert_wording(Fixture *fixture, const char *citation, const char *on_date, const char *expected)
{
    g_autoptr(GPtrArray) places = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    assert_done(kc_app_find_wording(fixture->app, NULL, citation, on_date, &places, &result, &error));
    for (guint i = 0; i < places->len; i++) {
        const KcWordingView *view = places->pdata[i];
        if (view->law == NULL)
            g_string_append_c(text, '-');
        for (guint n = 0; n < view->passages->len; n++)
            g_string_append(text, ((const KcLawPassage *)view->passages->pdata[n])->text);
        g_string_append(text, i + 1 < places->len ? "|" : "");
    }
    ck_assert_str_eq(text->str, expected);
}

static gboolean
count_entries(KcTx *tx, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, NULL, 0, 1000, error);
    for (guint i = 0; entries != NULL && i < entries->len; i++)
        *(guint *)data += strcmp(((const KcLogEntry *)entries->pdata[i])->kind, "law.imported") == 0;
    return entries != NULL;
}

static guint
logged(Fixture *fixture)
{
    g_auto(KcResult) result = {0};
    guint count = 0;
    ck_assert(kc_app_read(fixture->app, count_entries, &count, &result, NULL));
    return count;
}

static guint
versions(Fixture *fixture, const KcPrincipal *who)
{
    g_autoptr(GPtrArray) laws = NULL;
    assert_done(kc_app_list_laws(fixture->app, who, &laws, &result, &error));
    return laws->len;
}

START_TEST(a_text_is_imported_once)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    g_autoptr(GPtrArray) first = import(&fixture, admin, OLD);
    g_autoptr(GPtrArray) again = import(&fixture, NULL, OLD);
    const KcImportedLaw *added = first->pdata[0], *known = again->pdata[0];
    ck_assert(added->added && !known->added);
    ck_assert_str_eq(added->law->id, known->law->id);
    ck_assert_str_eq(known->law->name, "滑板车法");
    ck_assert_str_eq(known->law->dated, "2011-04-22");
    ck_assert_int_eq(known->law->articles, 3);
    ck_assert_uint_eq(strlen(known->law->sha256), 64);
    ck_assert_uint_eq(versions(&fixture, admin), 1);
    ck_assert_uint_eq(logged(&fixture), 1);
    fixture_restart(&fixture);
    ck_assert_uint_eq(versions(&fixture, NULL), 1);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_newer_text_is_a_version)
{
    Fixture fixture;
    fixture_open(&fixture);
    assert_wording(&fixture, "滑板车法第1条", NULL, "-");
    g_ptr_array_unref(import(&fixture, NULL, NEW));
    fixture.now_us += G_USEC_PER_SEC;
    g_ptr_array_unref(import(&fixture, NULL, OLD)); /* imported later, but dated earlier */
    assert_wording(&fixture, "滑板车法第1条", NULL, "靠左。");
    assert_wording(&fixture, "滑板车法第1条", "2021-04-29", "靠左。");
    assert_wording(&fixture, "滑板车法第1条", "2021-04-28", "靠右。");
    assert_wording(&fixture, "滑板车法第1条", "2011-04-21", "-");
    assert_wording(&fixture, "《中华人民共和国滑板车法》第二条第（二）项、第一条；别法第1条", "2020-01-01",
                   "下列情形，不得上路：没有灯。|靠右。|-");
    assert_wording(&fixture, "滑板车法第9条", NULL, "");
    ck_assert_uint_eq(versions(&fixture, NULL), 2);
    fixture_close(&fixture);
}
END_TEST

START_TEST(all_files_or_none)
{
    Fixture fixture;
    fixture_open(&fixture);
    KcLawFile files[] = {file("good.md", OLD), file("bad.md", BAD), file("worse.md", "")};
    GPtrArray *imported = NULL;
    g_auto(KcResult) refusal = {0};
    ck_assert(!kc_app_import_laws(fixture.app, NULL, files, 3, &imported, &refusal, NULL));
    ck_assert_int_eq(refusal.kind, KC_RESULT_INVALID);
    ck_assert_uint_eq(refusal.errors->len, 2);
    const KcFieldError *bad = refusal.errors->pdata[0];
    ck_assert_str_eq(bad->pointer, "bad.md");
    ck_assert_ptr_nonnull(strstr(bad->message, "line 3:"));
    ck_assert_uint_eq(versions(&fixture, NULL), 0);
    g_bytes_unref(files[1].text);
    files[1] = file("other.md", OTHER);
    assert_done(kc_app_import_laws(fixture.app, NULL, files, 2, &imported, &result, &error));
    ck_assert_uint_eq(imported->len, 2);
    ck_assert_uint_eq(versions(&fixture, NULL), 2);
    g_ptr_array_unref(imported);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        g_bytes_unref(files[i].text);
    fixture_close(&fixture);
}
END_TEST

START_TEST(the_limit_of_a_text)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(GString) text = g_string_new(OTHER "<!-- ");
    while (text->len < KC_LIMIT_LAW_BYTES - 4)
        g_string_append_c(text, 'x');
    g_string_append(text, "-->");
    KcLawFile one = {"big.md", g_bytes_new_static(text->str, text->len)};
    GPtrArray *imported = NULL;
    assert_done(kc_app_import_laws(fixture.app, NULL, &one, 1, &imported, &result, &error));
    g_ptr_array_unref(imported);
    g_bytes_unref(one.text);
    g_string_append(text, "  ");
    one.text = g_bytes_new_static(text->str, text->len);
    assert_refused(kc_app_import_laws(fixture.app, NULL, &one, 1, &imported, &result, &error), KC_RESULT_INVALID,
                   "invalid");
    g_bytes_unref(one.text);
    fixture_close(&fixture);
}
END_TEST

START_TEST(who_may)
{
    Fixture fixture;
    fixture_open(&fixture);
    KcLawFile one = file("a.md", OLD);
    GPtrArray *list = NULL;
    g_autoptr(KcPrincipal) officer = fixture_staff(&fixture, "officer");
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    assert_refused(kc_app_import_laws(fixture.app, officer, &one, 1, &list, &result, &error), KC_RESULT_FORBIDDEN,
                   "role");
    assert_refused(kc_app_list_laws(fixture.app, nobody, &list, &result, &error), KC_RESULT_UNAUTHENTICATED,
                   "token-missing");
    assert_refused(kc_app_find_wording(fixture.app, nobody, "滑板车法第1条", NULL, &list, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-missing");
    assert_refused(kc_app_find_wording(fixture.app, officer, "滑板车法", NULL, &list, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_find_wording(fixture.app, officer, "滑板车法第1条", "2020-1-1", &list, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    g_bytes_unref(one.text);
    fixture_close(&fixture);
}
END_TEST

static Suite *
laws_suite(void)
{
    Suite *suite = suite_create("app/laws");
    TCase *tcase = tcase_create("laws");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_text_is_imported_once);
    tcase_add_test(tcase, a_newer_text_is_a_version);
    tcase_add_test(tcase, all_files_or_none);
    tcase_add_test(tcase, the_limit_of_a_text);
    tcase_add_test(tcase, who_may);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(laws_suite())
