#include "src/base/json.h"
#include "tests/support/kc_test.h"

START_TEST(canonical)
{
    static const struct {
        const char *given;
        const char *canonical;
    } cases[] = {
        {"{ \"b\" : 1, \"a\" : [ 1 , 2 ] }", "{\"a\":[1,2],\"b\":1}"},
        {"{\"a\":{\"z\":null,\"y\":true,\"x\":false}}", "{\"a\":{\"x\":false,\"y\":true,\"z\":null}}"},
        {"{\"\\u7532\":\"\\u4e59\"}", "{\"甲\":\"乙\"}"},
        {"{\"B\":1,\"a\":2,\"1\":3}", "{\"1\":3,\"B\":1,\"a\":2}"},
        {"[\"\\/\", \"\\\"\\\\\\n\\t\"]", "[\"/\",\"\\\"\\\\\\n\\t\"]"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"\"text\"", "\"text\""},
        {"-9007199254740991", "-9007199254740991"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(json_t) value = json_loads(cases[i].given, JSON_DECODE_ANY, NULL);
        ck_assert_ptr_nonnull(value);
        g_autofree char *text = kc_json_canonical(value);
        ck_assert_str_eq(text, cases[i].canonical);
    }
}
END_TEST

START_TEST(reals_are_refused_at_any_depth)
{
    static const char *const bad[] = {"1.0", "[1.5]", "{\"a\":{\"b\":[1,{\"c\":1e3}]}}"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(json_t) value = json_loads(bad[i], JSON_DECODE_ANY, NULL);
        ck_assert_ptr_nonnull(value);
        ck_assert_ptr_null(kc_json_canonical(value));
    }
}
END_TEST

static Suite *
json_suite(void)
{
    Suite *suite = suite_create("base/json");
    TCase *tcase = tcase_create("json");
    tcase_add_test(tcase, canonical);
    tcase_add_test(tcase, reals_are_refused_at_any_depth);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(json_suite())
