/* What differs between two texts of a determination, by table: a piece of the golden text is put otherwise. */
#include "src/domain/document_changes.h"
#include "tests/support/kc_test.h"

static const struct {
    const char *old, *new, *changes;
} cases[] = {
    {"", "", ""},
    {"C-20261123-000042-D1", "C-20261123-000042-D2", ""}, /* its number differs always */
    {"事故地点：商州区北新街与工农路路口", "事故地点：商州区工农路", "事故地点"},
    {"天气：晴\n", "", "天气"},
    {"碰撞部位：前部", "碰撞部位：左前部", "当事人乙：碰撞部位"},
    {"联系方式：13700000000", "联系方式：13700000001", "当事人丙：联系方式"},
    {"姓名：王五\n", "姓名：王五\n号牌号码：陕H00001\n", "当事人丙：号牌号码"},
    {"二、事故成因\n　　", "二、事故成因\n　　另，", "二、事故成因"},
    {"三、认定理由和证据", "三、理由", "三、理由 三、认定理由和证据"},
    {"处理单位：", "处理单位：新的", ""},
};

START_TEST(what_differs_is_named)
{
    g_autofree char *before = NULL;
    ck_assert(g_file_get_contents(KC_TEST_DATA "/determination.golden.txt", &before, NULL, NULL));
    g_autoptr(GString) after = g_string_new(before);
    if (cases[_i].old[0] != '\0')
        ck_assert_uint_ge(g_string_replace(after, cases[_i].old, cases[_i].new, 1), 1);
    g_autoptr(GPtrArray) changes = kc_document_changes(before, after->str);
    g_autoptr(GString) named = g_string_new(NULL);
    for (guint i = 0; i < changes->len; i++)
        g_string_append_printf(named, "%s%s", i == 0 ? "" : " ", (const char *)changes->pdata[i]);
    ck_assert_str_eq(named->str, cases[_i].changes);
}
END_TEST

static Suite *
document_changes_suite(void)
{
    Suite *suite = suite_create("domain/document_changes");
    TCase *tc = tcase_create("document_changes");
    tcase_add_loop_test(tc, what_differs_is_named, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(document_changes_suite())
