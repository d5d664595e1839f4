/* The shot list by accident form: what is asked for, what is required, what is missing. */
#include "src/domain/shots.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define TEXT(text) (char *)(text)

static GPtrArray *
shots(void)
{
    static KcShot all[] = {
        {.code = TEXT("front"), .required = TRUE, .effective_from = TEXT("2018-05-01")},
        {.code = TEXT("plate_other"), .required = FALSE, .effective_from = TEXT("2018-05-01")},
        {.code = TEXT("object_hit"), .required = TRUE, .effective_from = TEXT("2018-05-01")},
        {.code = TEXT("papers"), .required = FALSE, .effective_from = TEXT("2018-05-01")},
        {.code = TEXT("drone"), .required = TRUE, .effective_from = TEXT("2027-01-01")},
    };
    static char *of_cars[] = {TEXT("11"), TEXT("12"), NULL}, *of_objects[] = {TEXT("35"), TEXT("36"), NULL};
    GPtrArray *list = g_ptr_array_new();
    all[1].forms = of_cars;
    all[2].forms = of_objects;
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        g_ptr_array_add(list, &all[i]);
    return list;
}

/* "front! plate_other papers+": required ones with "!", taken ones with "+". */
static char *
describe(const GArray *list)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const KcShotItem *item = &g_array_index(list, KcShotItem, i);
        g_string_append_printf(text, "%s%s%s%s", i > 0 ? " " : "", item->shot->code, item->required ? "!" : "",
                               item->taken ? "+" : "");
    }
    return g_string_free(text, FALSE);
}

START_TEST(by_form)
{
    static const struct {
        const char *form, *day, *taken, *list, *missing;
    } cases[] = {
        {NULL, "2026-11-23", "", "front! plate_other object_hit papers", "front"},
        {NULL, "2026-11-23", "front", "front!+ plate_other object_hit papers", ""},
        {"11", "2026-11-23", "", "front! plate_other papers", "front"},
        {"11", "2026-11-23", "papers", "front! plate_other papers+", "front"},
        {"35", "2026-11-23", "front", "front!+ object_hit! papers", "object_hit"},
        {"35", "2026-11-23", "object_hit front front unknown", "front!+ object_hit!+ papers", ""},
        {"21", "2026-11-23", "", "front! papers", "front"},
        {"21", "2027-01-01", "front", "front!+ papers drone!", "drone"},
        {"21", "2018-04-30", "", "", ""},
    };
    g_autoptr(GPtrArray) all = shots();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) codes = g_strsplit(cases[i].taken, " ", -1);
        for (guint k = 0; codes[k] != NULL; k++)
            g_ptr_array_add(taken, g_strdup(codes[k]));
        g_autoptr(GArray) list = kc_shot_list(all, cases[i].form, cases[i].day, taken);
        g_autoptr(GPtrArray) missing = kc_shot_list_missing(list);
        g_autofree char *text = describe(list);
        g_autoptr(GString) names = g_string_new(NULL);
        for (guint k = 0; k < missing->len; k++)
            g_string_append_printf(names, "%s%s", k > 0 ? " " : "", ((const KcShot *)missing->pdata[k])->code);
        ck_assert_str_eq(text, cases[i].list);
        ck_assert_str_eq(names->str, cases[i].missing);
    }
}
END_TEST

static Suite *
shots_suite(void)
{
    Suite *suite = suite_create("domain/shots");
    TCase *tcase = tcase_create("list");
    tcase_add_test(tcase, by_form);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(shots_suite())
