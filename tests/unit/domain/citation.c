/* Citations as the rules write them, and as nobody should. */
#include "src/domain/citation.h"
#include "src/domain/han_number.h"
#include "tests/support/kc_test.h"

START_TEST(numbers)
{
    static const struct {
        const char *text;
        guint number; /* 0: none */
        const char *rest;
    } cases[] = {
        {"一条", 1, "条"},
        {"十条", 10, "条"},
        {"十二条", 12, "条"},
        {"二十条", 20, "条"},
        {"八十六条", 86, "条"},
        {"一百条", 100, "条"},
        {"一百零二条", 102, "条"},
        {"一百一十四条", 114, "条"},
        {"二百六十六条", 266, "条"},
        {"一千二百六十条", 1260, "条"},
        {"二〇一八年", 2018, "年"},
        {"86条", 86, "条"},
        {"８６条", 86, "条"},
        {"2018年5月", 2018, "年5月"},
        {"9999", 9999, ""},
        {"10000", 0, NULL},
        {"99999999999999", 0, NULL},
        {"条", 0, NULL},
        {"", 0, NULL},
        {"0条", 0, NULL},
        {"零条", 0, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint number = 0;
        const char *rest = kc_han_number_scan(cases[i].text, &number);
        ck_assert_msg((rest != NULL) == (cases[i].number > 0), "row %u", i);
        if (rest == NULL)
            continue;
        ck_assert_uint_eq(number, cases[i].number);
        ck_assert_str_eq(rest, cases[i].rest);
    }
}
END_TEST

START_TEST(citations_are_read)
{
    static const struct {
        const char *text;
        const char *parts; /* joined by "|"; NULL: no citation */
    } cases[] = {
        {"道路交通安全法第43条", "道路交通安全法第43条"},
        {"道路交通安全法实施条例第44条第2款", "道路交通安全法实施条例第44条第2款"},
        {"道路交通安全法实施条例第38条第1款第3项", "道路交通安全法实施条例第38条第1款第3项"},
        {"道路交通安全法第43条第1项", "道路交通安全法第43条第1项"},
        {"《中华人民共和国道路交通安全法》第七十四条", "道路交通安全法第74条"},
        {"甲法第26条、第38条、第44条；乙条例第3条", "甲法第26条|甲法第38条|甲法第44条|乙条例第3条"},
        {"甲法第52条第4项、第51条第7项", "甲法第52条第4项|甲法第51条第7项"},
        {"甲法第48条第3项、第4项", "甲法第48条第3项|甲法第48条第4项"},
        {"甲法第63条第1项、第2项；乙法第56条", "甲法第63条第1项|甲法第63条第2项|乙法第56条"},
        {"甲法第9条第1款、第3款", "甲法第9条第1款|甲法第9条第3款"},
        {"甲法第9条第1款第2项、第3项", "甲法第9条第1款第2项|甲法第9条第1款第3项"},
        {"甲法第9条第1、2项", "甲法第9条第1项|甲法第9条第2项"},
        {"甲法第25、26条", "甲法第25条|甲法第26条"},
        {"甲法第20条、第23条至第26条、第60条", "甲法第20条|甲法第23条|甲法第24条|甲法第25条|甲法第26条|甲法第60条"},
        {"甲法第133条之一第2款", "甲法第133条之1第2款"},
        {"甲法第五十一条第（二）项", "甲法第51条第2项"},
        {" 甲法第1条 ", "甲法第1条"},
        {"本系统自定义", NULL},
        {"GA/T 16.7 号牌种类代码", NULL},
        {"甲法", NULL},
        {"甲法第43", NULL},
        {"第43条", NULL},
        {"甲法第2款", NULL},
        {"甲法第2项", NULL},
        {"甲法第43条第", NULL},
        {"甲法第43条第2款等", NULL},
        {"甲法第（43条", NULL},
        {"甲法第26条至第23条", NULL},
        {"甲法第23条至第26款", NULL},
        {"至第26条", NULL},
        {"甲法第1条至第999条", NULL}, /* more than anybody cites */
        {"甲法第1条之", NULL},
        {"", NULL},
        {NULL, NULL},
        {"\xff\xfe", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) citations = kc_citations_parse(cases[i].text);
        g_autoptr(GString) parts = g_string_new(NULL);
        for (guint n = 0; citations != NULL && n < citations->len; n++) {
            g_autofree char *part = kc_citation_to_string(citations->pdata[n]);
            g_string_append_printf(parts, "%s%s", n > 0 ? "|" : "", part);
        }
        ck_assert_msg((citations == NULL) == (cases[i].parts == NULL), "row %u: %s", i, parts->str);
        if (citations != NULL)
            ck_assert_str_eq(parts->str, cases[i].parts);
    }
}
END_TEST

START_TEST(short_names)
{
    g_autofree char *law = kc_law_short_name("中华人民共和国道路交通安全法");
    ck_assert_str_eq(law, "道路交通安全法");
    g_autofree char *quoted = kc_law_short_name("《道路交通事故处理程序规定》");
    ck_assert_str_eq(quoted, "道路交通事故处理程序规定");
    g_autofree char *state = kc_law_short_name("中华人民共和国");
    ck_assert_str_eq(state, "中华人民共和国");
}
END_TEST

static Suite *
citation_suite(void)
{
    Suite *suite = suite_create("domain/citation");
    TCase *tcase = tcase_create("citations");
    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, citations_are_read);
    tcase_add_test(tcase, short_names);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(citation_suite())
