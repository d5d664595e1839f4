/* A version of the rules is never changed, whoever tries, and withdrawn once; a case keeps its number. */
#include "src/store/rule_store.h"
#include "tests/store/fixture.h"

#include <string.h>

#define OTHER_SHA256 "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34"

typedef struct {
    const char *origin, *sha256;
    gint64 from_us, number;
} Made;

static gboolean
insert(KcTx *tx, gpointer data, GError **error)
{
    Made *made = data;
    g_autoptr(GBytes) bytes = g_bytes_new(made->sha256, 3);
    KcRuleVersion version = {.origin = (char *)made->origin,
                             .reason = (char *)"x",
                             .created_us = FIXTURE_NOW_US,
                             .valid_from_us = made->from_us};
    if (!kc_rule_store_insert(tx, &version, error))
        return FALSE;
    made->number = version.number;
    return kc_rule_store_add_file(tx, version.number, "a.json", made->sha256, bytes, error) &&
           kc_rule_store_add_file(tx, version.number, "b.json", FIXTURE_SHA256, bytes, error);
}

static void
make_three(void)
{
    Made made[] = {{"built_in", FIXTURE_SHA256, FIXTURE_NOW_US, 0},
                   {"edited", OTHER_SHA256, FIXTURE_NOW_US, 0},
                   {"edited", FIXTURE_SHA256, FIXTURE_NOW_US + 1000, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(made); i++) {
        fixture_write(insert, &made[i]);
        ck_assert_int_eq(made[i].number, i + 1);
    }
}

static gboolean
check_files(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    static const gint64 since[3][2] = {{1, 1}, {2, 1}, {3, 1}};
    for (gint64 number = 1; number <= 3; number++) {
        g_autoptr(GPtrArray) files = kc_rule_store_files(tx, number, error);
        ck_assert_uint_eq(files->len, 2);
        for (guint i = 0; i < 2; i++)
            ck_assert_int_eq(((KcRuleVersionFile *)files->pdata[i])->since, since[number - 1][i]);
    }
    return TRUE;
}

static gboolean
withdraw(KcTx *tx, gpointer data, GError **error)
{
    ck_assert_int_eq(kc_rule_store_withdraw(tx, *(gint64 *)data, NULL, FIXTURE_NOW_US, error), KC_UPDATE_DONE);
    return TRUE;
}

static gboolean
check_newest(KcTx *tx, gpointer number, GError **error)
{
    g_autoptr(KcRuleVersion) newest = NULL;
    g_autoptr(GPtrArray) needed = kc_rule_store_needed(tx, FIXTURE_NOW_US, error);
    ck_assert(kc_rule_store_newest(tx, NULL, &newest, error));
    ck_assert_int_eq(newest->number, *(gint64 *)number);
    /* The first is followed by one in force, and no case has it. */
    ck_assert_int_eq(((KcRuleVersion *)needed->pdata[0])->number, 2);
    ck_assert_uint_eq(needed->len, (guint)*(gint64 *)number - 1);
    return TRUE;
}

START_TEST(a_version_is_kept_as_it_is)
{
    static const char *const attempts[] = {
        "UPDATE rule_texts SET bytes = x'00'",
        "DELETE FROM rule_texts",
        "UPDATE rule_versions SET reason = 'y'",
        "UPDATE rule_versions SET withdrawn_us = 1, reason = 'y' WHERE number = 3",
        "UPDATE rule_versions SET withdrawn_us = valid_from_us WHERE number = 3",
        "DELETE FROM rule_versions",
        "UPDATE rule_version_files SET sha256 = 'x'",
        "DELETE FROM rule_version_files",
    };
    gint64 three = 3, two = 2;
    make_three();
    fixture_read(check_files, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autofree char *refused = fixture_raw_sql(attempts[i]);
        ck_assert_msg(refused != NULL, "\"%s\" was let through", attempts[i]);
    }
    fixture_read(check_newest, &three);
    fixture_write(withdraw, &three);
    g_autofree char *again = fixture_raw_sql("UPDATE rule_versions SET withdrawn_us = 1 WHERE number = 3");
    ck_assert_ptr_nonnull(again);
    fixture_read(check_newest, &two);
}
END_TEST

START_TEST(a_case_keeps_its_number)
{
    make_three();
    fixture_write(fixture_rows, NULL);
    g_autofree char *refused = fixture_raw_sql("UPDATE cases SET rules_number = 2");
    ck_assert_ptr_nonnull(refused);
    g_autofree char *same = fixture_raw_sql("UPDATE cases SET rules_number = 1");
    ck_assert_ptr_null(same);
}
END_TEST

static Suite *
rules_suite(void)
{
    Suite *suite = suite_create("store/rules");
    TCase *tc = tcase_create("rules");
    tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
    tcase_add_test(tc, a_version_is_kept_as_it_is);
    tcase_add_test(tc, a_case_keeps_its_number);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(rules_suite())
