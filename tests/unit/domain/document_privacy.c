/* What one party may take away of a document: its own numbers whole, the others' masked wherever they stand. */
#include "src/domain/document_privacy.h"
#include "src/domain/document_outline.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define SHA "0f0f"

static const char text[] =
    "道路交通事故认定书\n\n文书编号：D-1\n\n"
    "当事人甲\n姓名：张三\n联系方式：13800000000\n驾驶证号或身份证明号码：612501199001010011\n保险凭证号：PD1\n\n"
    "当事人乙\n姓名：李四\n联系方式：13911112222\n驾驶证号或身份证明号码：612501198001010018\n保险凭证号：PD2\n\n"
    "　　甲致电13911112222，PD2未带。\n";

START_TEST(the_others_are_masked)
{
    g_autofree char *masked = kc_document_mask(text, "甲", SHA);
    ck_assert(g_str_has_prefix(masked, "【摘录】"));
    ck_assert_ptr_nonnull(strstr(masked, "原件SHA-256 " SHA "\n\n道路交通事故认定书\n"));
    ck_assert_ptr_nonnull(strstr(masked, "联系方式：13800000000\n"));
    ck_assert_ptr_nonnull(strstr(masked, "612501199001010011"));
    ck_assert_ptr_nonnull(strstr(masked, "姓名：李四\n联系方式：13*******22\n"));
    ck_assert_ptr_null(strstr(masked, "13911112222")); /* nor in running text */
    ck_assert_ptr_null(strstr(masked, "612501198001010018"));
    /* Too short to be looked for everywhere. */
    ck_assert_ptr_nonnull(strstr(masked, "保险凭证号：***\n"));
    ck_assert_ptr_nonnull(strstr(masked, "PD2未带"));
    ck_assert_ptr_nonnull(strstr(masked, "保险凭证号：PD1\n"));
}
END_TEST

START_TEST(what_both_share_is_no_secret)
{
    g_autoptr(GString) shared = g_string_new(text);
    g_string_replace(shared, "13911112222", "13800000000", 0);
    g_autofree char *masked = kc_document_mask(shared->str, "甲", SHA);
    ck_assert_ptr_null(strstr(masked, "138*"));
}
END_TEST

START_TEST(it_stays_a_document)
{
    g_autofree char *demo = g_strconcat("【演示】没有效力\n\n", text, NULL);
    const char *both[] = {text, demo};
    for (guint i = 0; i < G_N_ELEMENTS(both); i++) {
        g_autofree char *masked = kc_document_mask(both[i], "乙", SHA);
        g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(masked);
        const KcDocumentSection *title = kc_document_outline_section(outline, KC_SECTION_TITLE);
        ck_assert_str_eq(((const KcDocumentLine *)title->lines->pdata[0])->raw, "道路交通事故认定书");
        ck_assert_ptr_nonnull(kc_document_outline_section(outline, KC_SECTION_NOTICE));
    }
}
END_TEST

START_TEST(numbers_keep_their_ends)
{
    const char *const pairs[][2] = {{"13911112222", "13*******22"},
                                    {"123456", "******"},
                                    {"1234567", "12***67"},
                                    {"陕西一二三四五", "陕西***四五"}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *masked = kc_document_mask_number(pairs[i][0]);
        ck_assert_str_eq(masked, pairs[i][1]);
    }
}
END_TEST

static Suite *
document_privacy_suite(void)
{
    Suite *suite = suite_create("domain/document_privacy");
    TCase *all = tcase_create("document_privacy");
    tcase_add_test(all, the_others_are_masked);
    tcase_add_test(all, what_both_share_is_no_secret);
    tcase_add_test(all, it_stays_a_document);
    tcase_add_test(all, numbers_keep_their_ends);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(document_privacy_suite())
