/* Two texts are compared entry by entry; the place of a value is found in its text. */
#include "src/rules/diff.h"
#include "src/base/limits.h"
#include "src/rules/place.h"
#include "tests/support/kc_test.h"

#include <string.h>

static GPtrArray *
diff(const char *before, const char *after)
{
    g_autoptr(json_t) old = before != NULL ? json_loads(before, JSON_DECODE_ANY, NULL) : NULL;
    g_autoptr(json_t) new = after != NULL ? json_loads(after, JSON_DECODE_ANY, NULL) : NULL;
    return kc_rules_diff(old, new);
}

static const struct {
    const char *before, *after;
    const char *changes; /* "kind entry: before -> after", a line each */
} CASES[] = {
    {"{\"a\": 1}", "{\"a\": 1}", ""},
    {"{\"a\": 1}", "{\"a\": 2}", "changed a: 1 -> 2\n"},
    {"{\"a\": 1}", "{\"a\": \"1\"}", "changed a: 1 -> \"1\"\n"},
    {"{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"c\": 3}", "added c: - -> 3\nremoved a: 1 -> -\n"},
    {"{\"r\": [{\"code\": \"A\", \"n\": 3}, {\"code\": \"B\"}]}", "{\"r\": [{\"code\": \"B\"}, {\"code\": \"A\", \"n\": 5}]}",
     "changed r › A › n: 3 -> 5\n"},
    {"{\"r\": [{\"code\": \"A\"}]}", "{\"r\": [{\"code\": \"A\"}, {\"code\": \"B\"}]}",
     "added r › B: - -> {\"code\": \"B\"}\n"},
    {"{\"r\": [{\"code\": \"A\"}, {\"code\": \"B\"}]}", "{\"r\": [{\"code\": \"A\"}]}",
     "removed r › B: {\"code\": \"B\"} -> -\n"},
    {"{\"r\": [{\"code\": \"A\", \"effective_from\": \"2018-01-01\"}]}",
     "{\"r\": [{\"code\": \"A\", \"effective_from\": \"2018-01-01\"}, {\"code\": \"A\", \"effective_from\": \"2027-01-01\"}]}",
     "added r › A (2027-01-01): - -> {\"code\": \"A\", \"effective_from\": \"2027-01-01\"}\n"},
    {"{\"f\": [{\"zh\": \"春节\", \"to\": \"2027-02-11\"}]}", "{\"f\": [{\"zh\": \"春节\", \"to\": \"2027-02-12\"}]}",
     "changed f › 春节 › to: \"2027-02-11\" -> \"2027-02-12\"\n"},
    {"{\"v\": [\"a\", \"b\"]}", "{\"v\": [\"b\"]}", "changed v: [\"a\", \"b\"] -> [\"b\"]\n"},
    {NULL, "{\"a\": 1}", "added : - -> {\"a\": 1}\n"},
    {"{\"a\": 1}", NULL, "removed : {\"a\": 1} -> -\n"},
};

START_TEST(entries_are_compared)
{
    g_autoptr(GPtrArray) changes = diff(CASES[_i].before, CASES[_i].after);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < changes->len; i++) {
        const KcRuleChange *change = changes->pdata[i];
        g_string_append_printf(text, "%s %s: %s -> %s\n", kc_rule_change_kind_to_string(change->kind), change->entry,
                               change->before != NULL ? change->before : "-",
                               change->after != NULL ? change->after : "-");
    }
    ck_assert_str_eq(text->str, CASES[_i].changes);
}
END_TEST

START_TEST(a_long_list_of_changes_is_cut)
{
    g_autoptr(json_t) old = json_object(), new = json_object();
    for (guint i = 0; i < KC_LIMIT_RULE_CHANGES + 5; i++) {
        g_autofree char *key = g_strdup_printf("k%u", i), *text = g_strnfill(700, 'x');
        json_object_set_new(old, key, json_integer(i));
        json_object_set_new(new, key, json_string(text));
    }
    g_autoptr(GPtrArray) changes = kc_rules_diff(old, new);
    ck_assert_uint_eq(changes->len, KC_LIMIT_RULE_CHANGES);
    ck_assert_int_eq(g_utf8_strlen(((KcRuleChange *)changes->pdata[0])->after, -1), 601);
}
END_TEST

static const struct {
    const char *pointer;
    guint line, column;
} PLACES[] = {
    {"", 1, 1},        {"/a", 2, 8},     {"/a/0", 2, 9},    {"/a/1", 2, 17}, {"/a/1/b", 2, 23},
    {"/汉 字", 3, 10}, {"/x~1y~0", 4, 11}, {"/x~1y~0/1", 5, 3}, {"/a/7", 2, 8},  {"/nowhere", 1, 1},
};

START_TEST(a_value_is_found_in_its_text)
{
    static const char text[] = "{\n  \"a\": [\"[\\\"]\", {\"b\": true}],\n  \"汉 字\": 1.5,\n  \"x/y~\": [{},\n  null]\n}";
    guint line, column;
    kc_json_place(text, strlen(text), PLACES[_i].pointer, &line, &column);
    ck_assert_msg(line == PLACES[_i].line && column == PLACES[_i].column, "%s: %u:%u", PLACES[_i].pointer, line, column);
    /* Cut short, it ends. */
    for (gsize size = 0; size < strlen(text); size++)
        kc_json_place(text, size, PLACES[_i].pointer, &line, &column);
}
END_TEST

static Suite *
diff_suite(void)
{
    Suite *suite = suite_create("rules/diff");
    TCase *tcase = tcase_create("texts");
    tcase_add_loop_test(tcase, entries_are_compared, 0, (int)G_N_ELEMENTS(CASES));
    tcase_add_test(tcase, a_long_list_of_changes_is_cut);
    tcase_add_loop_test(tcase, a_value_is_found_in_its_text, 0, (int)G_N_ELEMENTS(PLACES));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(diff_suite())
