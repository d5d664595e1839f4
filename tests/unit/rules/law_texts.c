/* Every legal basis of the rules stands in the official texts. They are no part of the tree: their folder is
 * KC_LAW_DIR, or shared/law beside it; without them there is nothing to compare with, and the test is skipped. */
#include "src/domain/law_text.h"
#include "src/rules/rules.h"
#include "tests/support/kc_test.h"

#include <stdio.h>
#include <string.h>

#define SKIPPED 77 /* as meson has it */

static GHashTable *laws; /* short name -> KcLawText */

static const char *
law_dir(void)
{
    const char *named = g_getenv("KC_LAW_DIR");
    return named != NULL ? named : KC_LAW_DIR_DEFAULT;
}

static void
load_laws(void)
{
    g_autoptr(GDir) dir = g_dir_open(law_dir(), 0, NULL);
    laws = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)kc_law_text_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(law_dir(), name, NULL);
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        gsize size;
        if (!g_str_has_suffix(name, ".md") || strcmp(name, "SOURCES.md") == 0)
            continue;
        ck_assert(g_file_get_contents(path, &text, &size, NULL));
        KcLawText *law = kc_law_text_parse(text, size, &error);
        ck_assert_msg(law != NULL, "%s: %s", name, error != NULL ? error->message : "");
        g_hash_table_insert(laws, law->name, law);
    }
}

static void
unload_laws(void)
{
    g_clear_pointer(&laws, g_hash_table_unref);
}

static void
assert_found(const char *code, const char *legal_basis)
{
    g_autoptr(GPtrArray) citations = kc_citations_parse(legal_basis);
    ck_assert_msg(citations != NULL, "%s: \"%s\" can't be read", code, legal_basis);
    for (guint i = 0; i < citations->len; i++) {
        const KcCitation *citation = citations->pdata[i];
        g_autofree char *text = kc_citation_to_string(citation);
        const KcLawText *law = g_hash_table_lookup(laws, citation->law);
        ck_assert_msg(law != NULL, "%s: there is no text of %s", code, text);
        g_autoptr(GPtrArray) passages = kc_law_passages_of(law->passages, citation);
        ck_assert_msg(passages->len > 0, "%s: %s does not exist", code, text);
    }
}

START_TEST(the_texts_are_read_whole)
{
    static const struct {
        const char *name;
        guint articles;
        const char *dated;
    } expected[] = {
        {"道路交通安全法", 124, "2021-04-29"},
        {"道路交通安全法实施条例", 115, "2004-04-30"},
        {"道路交通事故处理程序规定", 114, "2018-05-01"},
        {"公安机关办理行政案件程序规定", 266, "2018-11-25"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        const KcLawText *law = g_hash_table_lookup(laws, expected[i].name);
        ck_assert_msg(law != NULL, "%s is not there", expected[i].name);
        ck_assert_uint_eq(law->articles, expected[i].articles);
        ck_assert_str_eq(law->dated, expected[i].dated);
    }
}
END_TEST

START_TEST(every_scenario_stands_in_the_law)
{
    g_autoptr(KcRules) rules = kc_rules_load(NULL, FALSE, NULL);
    const GPtrArray *scenarios = kc_rules_scenarios(rules);
    for (guint i = 0; i < scenarios->len; i++) {
        const KcScenario *scenario = scenarios->pdata[i];
        assert_found(scenario->code, scenario->legal_basis);
    }
}
END_TEST

START_TEST(every_ground_that_is_law_stands_in_the_law)
{
    g_autoptr(KcRules) rules = kc_rules_load(NULL, FALSE, NULL);
    const GPtrArray *grounds = kc_rules_eligibility(rules);
    for (guint i = 0; i < grounds->len; i++) {
        const KcEligibilityRule *ground = grounds->pdata[i];
        if (ground->kind == KC_RULE_LAW)
            assert_found(ground->code, ground->legal_basis);
    }
}
END_TEST

static Suite *
law_texts_suite(void)
{
    Suite *suite = suite_create("rules/law_texts");
    TCase *tcase = tcase_create("citations");
    tcase_add_checked_fixture(tcase, load_laws, unload_laws);
    tcase_add_test(tcase, the_texts_are_read_whole);
    tcase_add_test(tcase, every_scenario_stands_in_the_law);
    tcase_add_test(tcase, every_ground_that_is_law_stands_in_the_law);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    if (!g_file_test(law_dir(), G_FILE_TEST_IS_DIR)) {
        printf("skipped: there are no official texts to compare with (KC_LAW_DIR)\n");
        return SKIPPED;
    }
    return kc_test_run(law_texts_suite());
}
