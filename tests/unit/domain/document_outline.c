/* What is signed is text; what is printed is set from this outline of it: so nothing may be lost or mistaken. */
#include "src/domain/document_outline.h"
#include "tests/support/kc_test.h"

#include <string.h>

static char *
golden(void)
{
    char *text = NULL;
    ck_assert(g_file_get_contents(KC_TEST_DATA "/determination.golden.txt", &text, NULL, NULL));
    return text;
}

START_TEST(the_same_bytes_come_out)
{
    g_autofree char *text = golden();
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(text);
    g_autofree char *again = kc_document_outline_text(outline);
    ck_assert_str_eq(again, text);
}
END_TEST

START_TEST(each_section_is_what_it_is)
{
    static const struct {
        KcSectionKind kind;
        const char *first;
        guint lines;
    } wanted[] = {
        {KC_SECTION_NOTICE, "【演示】本文书没有效力。", 1},
        {KC_SECTION_TITLE, "认定书", 1},
        {KC_SECTION_RECORD, "文书编号：C-20261123-000042-D1", 8},
        {KC_SECTION_PARTY, "当事人乙", 10},
        {KC_SECTION_PARTY, "当事人甲", 5},
        {KC_SECTION_PARTY, "当事人丙", 6},
        {KC_SECTION_PROSE, "　　依据某条。", 1},
        {KC_SECTION_PROSE, "一、事故基本事实", 4},
        {KC_SECTION_PROSE, "二、事故成因", 2},
        {KC_SECTION_PROSE, "三、认定理由和证据", 4},
        {KC_SECTION_PROSE, "四、当事人责任", 5},
        {KC_SECTION_PROSE, "五、当事人的权利", 3},
        {KC_SECTION_ISSUER, "处理单位：远程快处中心", 3},
        {KC_SECTION_NOTE, "　　不是行政处罚。", 1},
    };
    g_autofree char *plain = golden();
    g_autofree char *text = g_strconcat("【演示】本文书没有效力。\n\n", plain, NULL);
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(text);
    ck_assert_uint_eq(outline->sections->len, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        ck_assert_str_eq(((const KcDocumentLine *)section->lines->pdata[0])->raw, wanted[i].first);
        ck_assert_msg(section->kind == wanted[i].kind, "%s", wanted[i].first);
        ck_assert_uint_eq(section->lines->len, wanted[i].lines);
    }
}
END_TEST

START_TEST(a_field_has_its_name_and_value)
{
    g_autofree char *text = golden();
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(text);
    const KcDocumentSection *party = kc_document_outline_section(outline, KC_SECTION_PARTY);
    const KcDocumentSection *record = kc_document_outline_section(outline, KC_SECTION_RECORD);
    ck_assert_str_eq(kc_document_section_party(party), "乙");
    ck_assert_str_eq(kc_document_section_field(party, "保险公司"), "人保财险");
    ck_assert_ptr_null(kc_document_section_field(party, "天气"));
    ck_assert_ptr_null(kc_document_section_party(record));
    ck_assert_str_eq(kc_document_section_field(record, "天气"), "晴");
}
END_TEST

START_TEST(any_text_has_an_outline)
{
    static const char *const texts[] = {
        "", "\n", "\n\n\n", "一", "【】", "：", "【】\n\n：\n：\n\n　　", "a\n\n当事人\n\nb：c"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(texts[i]);
        g_autofree char *again = kc_document_outline_text(outline);
        ck_assert(strlen(again) <= strlen(texts[i]) + 1);
    }
}
END_TEST

static Suite *
document_outline_suite(void)
{
    Suite *suite = suite_create("domain/document_outline");
    TCase *all = tcase_create("all");
    tcase_add_test(all, the_same_bytes_come_out);
    tcase_add_test(all, each_section_is_what_it_is);
    tcase_add_test(all, a_field_has_its_name_and_value);
    tcase_add_test(all, any_text_has_an_outline);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(document_outline_suite())
