/* A version of a law is never changed, whoever tries; and its passages come in order. */
#include "src/store/law_store.h"
#include "src/store/log_store.h"
#include "tests/store/fixture.h"

#include <string.h>

#define LAW "# 滑板车法\n2011年4月22日\n第一条 甲：\n（一）乙；\n（二）丙。\n丁。\n第二条 即日施行。\n"

static gboolean
insert(KcTx *tx, gpointer sha256, GError **error)
{
    g_autoptr(KcLawText) text = kc_law_text_parse(LAW, strlen(LAW), error);
    KcLawRow row = {
        .id = (char *)FIXTURE_CASE,
        .name = text->name,
        .title = text->title,
        .dated = text->dated,
        .sha256 = sha256,
        .articles = text->articles,
        .imported_us = FIXTURE_NOW_US,
    };
    return kc_law_store_insert(tx, &row, text->passages, error);
}

static gboolean
check(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    static const char *const texts[] = {"甲：", "乙；", "丙。", "丁。"};
    g_autoptr(KcLawRow) found = NULL;
    g_autoptr(KcLawRow) absent = NULL;
    ck_assert(kc_law_store_find(tx, FIXTURE_SHA256, &found, error));
    ck_assert_str_eq(found->title, "滑板车法");
    ck_assert(kc_law_store_find(tx, "0", &absent, error));
    ck_assert_ptr_null(absent);
    g_autoptr(GPtrArray) passages = kc_law_store_passages(tx, found->id, 1, 0, error);
    ck_assert_uint_eq(passages->len, G_N_ELEMENTS(texts));
    for (guint i = 0; i < passages->len; i++)
        ck_assert_str_eq(((const KcLawPassage *)passages->pdata[i])->text, texts[i]);
    return TRUE;
}

START_TEST(a_version_is_kept_as_it_is)
{
    static const char *const attempts[] = {
        "UPDATE law_texts SET dated = '2020-01-01'",
        "DELETE FROM law_texts",
        "UPDATE law_passages SET text = '戊'",
        "DELETE FROM law_passages",
    };
    fixture_write(insert, (gpointer)FIXTURE_SHA256);
    fixture_read(check, NULL);
    fixture_write_fails(insert, (gpointer)FIXTURE_SHA256, KC_STORE_ERROR_CONFLICT);
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autofree char *refused = fixture_raw_sql(attempts[i]);
        ck_assert_msg(refused != NULL, "\"%s\" was let through", attempts[i]);
    }
    fixture_read(check, NULL);
}
END_TEST

static Suite *
laws_suite(void)
{
    Suite *suite = suite_create("store/laws");
    TCase *tcase = tcase_create("laws");
    tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
    tcase_add_test(tcase, a_version_is_kept_as_it_is);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(laws_suite())
