/* A small law of our own, read, cited and damaged in every way. */
#include "src/domain/law_text.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define HEAD "# 中华人民共和国滑板车法\n\n2003年10月28日 通过\n\n２０１１年４月２２日 修正\n\n<!-- INFO END -->\n\n"
#define ONE "## 第一章 总 则\n\n第一条 滑板车靠右。\n\n"
#define TWO                                                                                                                                                        \
    "第二条 "                                                                                                                                                   \
    "有下列情形之一的，不得上路：\n\n（一）没有铃；\n\n（二）没有灯。\n\n下雨的，遵守下列规定：\n\n(一)减速；\n\n(二)" \
    " 停车。\n\n"                                                                                                                                               \
    "雪天同样。\n\n"
#define THREE "第三条 铃声要响。\n\n第三条之一 附则。\n\n第四条 本法自2004年5月1日起施行。\n"
#define GOOD HEAD ONE TWO THREE

static KcLawText *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    KcLawText *law = kc_law_text_parse(text, strlen(text), &error);
    kc_assert_no_error(error);
    return law;
}

START_TEST(a_law_is_read)
{
    static const struct {
        guint article, sub, paragraph, item;
        const char *text;
    } passages[] = {
        {1, 0, 1, 0, "滑板车靠右。"},
        {2, 0, 1, 0, "有下列情形之一的，不得上路："},
        {2, 0, 1, 1, "没有铃；"},
        {2, 0, 1, 2, "没有灯。"},
        {2, 0, 2, 0, "下雨的，遵守下列规定："},
        {2, 0, 2, 1, "减速；"},
        {2, 0, 2, 2, "停车。"},
        {2, 0, 3, 0, "雪天同样。"},
        {3, 0, 1, 0, "铃声要响。"},
        {3, 1, 1, 0, "附则。"},
        {4, 0, 1, 0, "本法自2004年5月1日起施行。"},
    };
    g_autoptr(KcLawText) law = parse(GOOD);
    ck_assert_str_eq(law->title, "中华人民共和国滑板车法");
    ck_assert_str_eq(law->name, "滑板车法");
    ck_assert_str_eq(law->dated, "2011-04-22");
    ck_assert_uint_eq(law->articles, 4);
    ck_assert_uint_eq(law->passages->len, G_N_ELEMENTS(passages));
    for (guint i = 0; i < G_N_ELEMENTS(passages); i++) {
        const KcLawPassage *passage = law->passages->pdata[i];
        ck_assert_uint_eq(passage->article, passages[i].article);
        ck_assert_uint_eq(passage->article_sub, passages[i].sub);
        ck_assert_uint_eq(passage->paragraph, passages[i].paragraph);
        ck_assert_uint_eq(passage->item, passages[i].item);
        ck_assert_str_eq(passage->text, passages[i].text);
    }
}
END_TEST

START_TEST(shapes_that_are_well)
{
    static const struct {
        const char *text;
        const char *dated;
    } cases[] = {
        {"\xef\xbb\xbf# 甲法\r\n\r\n2020年1月2日\r\n\r\n第一条　即日施行。\r\n", "2020-01-02"},
        {"# 甲法\n第一条\n文。\n第二条 自2021年3月4日起施行。", "2021-03-04"},
        {"# 甲法\n<!-- 2030年1月1日\nmore -->\n第1条 本规定自２０１３年１月１日起施行。", "2013-01-01"},
        {"# 甲法\n2020年13月1日 2019年2月29日 2018年5月1日\n第一条 即日施行。", "2018-05-01"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(KcLawText) law = parse(cases[i].text);
        ck_assert_str_eq(law->dated, cases[i].dated);
        ck_assert_str_eq(law->name, "甲法");
    }
}
END_TEST

START_TEST(damage_is_named_with_its_line)
{
    static const struct {
        const char *text;
        const char *says[2];
    } cases[] = {
        {"", {"line 1:", "no title"}},
        {"# 甲法\n", {"line 2:", "no article"}},
        {"第一条 文。\n", {"line 1:", "before the title"}},
        {"#\n第一条 文。\n", {"line 1:", "title is empty"}},
        {"# 甲法\n# 乙法\n第一条 文。\n", {"line 2:", "second title"}},
        {"# 甲法\n2020年1月1日\n第二条 文。\n", {"line 3:", "第1条 should"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n第三条 文。\n", {"line 4:", "第2条 should"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n第一条 文。\n", {"line 4:", "第2条 should"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n第二条文。\n第三条 文。\n", {"line 5:", "第2条 should"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n第一条之二 文。\n", {"line 4:", "第2条 should"}},
        {"# 甲法\n2020年1月1日\n第一条\n第二条 文。\n", {"line 4:", "第1条 has no text"}},
        {"# 甲法\n2020年1月1日\n第一条\n## 第二章\n", {"line 4:", "第1条 has no text"}},
        {"# 甲法\n2020年1月1日\n第一条\n（一）文。\n", {"line 4:", "item 1"}},
        {"# 甲法\n2020年1月1日\n第一条 文：\n（一）文；\n（三）文。\n", {"line 5:", "where item 2 should"}},
        {"# 甲法\n2020年1月1日\n第一条 文：\n（二）文。\n", {"line 4:", "where item 1 should"}},
        {"# 甲法\n2020年1月1日\n第一条 文：\n（一）\n", {"line 4:", "missing"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n第二条 这是半", {"line 4:", "cut off"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n第二条\n", {"line 5:", "cut off"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n<!-- 无尽\n", {"line 5:", "does not end"}},
        {"# 甲法\n2020年1月1日\n第一条 文。\n", {"line 4:", "cut off"}},
        {"# 甲法\n第一条 即日施行。\n", {"line 3:", "no date"}},
        {"# 甲法\n2020年1月1日\n第一条 文\xef\xbf\xbd。\n", {"line 3:", "U+FFFD"}},
        {"# 甲法\n2020年1月1日\n第一条 文\x01。\n", {"line 3:", "U+0001"}},
        {"# 甲法\n2020年1月1日\n第一条 \xb5\xda。\n", {"line 3:", "not UTF-8"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(kc_law_text_parse(cases[i].text, strlen(cases[i].text), &error));
        ck_assert(g_error_matches(error, KC_LAW_TEXT_ERROR, KC_LAW_TEXT_ERROR_DAMAGED));
        for (guint n = 0; n < 2; n++)
            ck_assert_msg(strstr(error->message, cases[i].says[n]) != NULL, "row %u: %s", i, error->message);
    }
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_law_text_parse("# 甲法\n\0第一条", 20, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "line 2"));
}
END_TEST

START_TEST(a_cut_text_never_passes_for_whole)
{
    for (gsize size = 0; size < strlen(GOOD) - 1; size++) {
        g_autofree char *cut = g_strndup(GOOD, size);
        g_autoptr(GError) error = NULL;
        ck_assert_msg(kc_law_text_parse(cut, size, &error) == NULL && error != NULL, "cut at %zu", size);
    }
}
END_TEST

START_TEST(passages_of_a_citation)
{
    static const struct {
        const char *citation;
        const char *texts;
    } cases[] = {
        {"滑板车法第1条", "滑板车靠右。"},
        {"滑板车法第1条第1款", "滑板车靠右。"},
        {"滑板车法第1条第2款", ""},
        {"滑板车法第2条第1款", "有下列情形之一的，不得上路：没有铃；没有灯。"},
        {"滑板车法第2条第2项", "有下列情形之一的，不得上路：没有灯。"},
        {"滑板车法第2条第2款第1项", "下雨的，遵守下列规定：减速；"},
        {"滑板车法第2条第3款", "雪天同样。"},
        {"滑板车法第2条第3款第1项", ""},
        {"滑板车法第2条第3项", ""},
        {"滑板车法第3条", "铃声要响。"},
        {"滑板车法第3条之一", "附则。"},
        {"滑板车法第5条", ""},
    };
    g_autoptr(KcLawText) law = parse(GOOD);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) citations = kc_citations_parse(cases[i].citation);
        g_autoptr(GPtrArray) found = kc_law_passages_of(law->passages, citations->pdata[0]);
        g_autoptr(GString) texts = g_string_new(NULL);
        for (guint n = 0; n < found->len; n++)
            g_string_append(texts, ((const KcLawPassage *)found->pdata[n])->text);
        ck_assert_str_eq(texts->str, cases[i].texts);
    }
}
END_TEST

static Suite *
law_text_suite(void)
{
    Suite *suite = suite_create("domain/law_text");
    TCase *tcase = tcase_create("texts");
    tcase_add_test(tcase, a_law_is_read);
    tcase_add_test(tcase, shapes_that_are_well);
    tcase_add_test(tcase, damage_is_named_with_its_line);
    tcase_add_test(tcase, a_cut_text_never_passes_for_whole);
    tcase_add_test(tcase, passages_of_a_citation);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(law_text_suite())
