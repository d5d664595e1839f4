/* An erased case in the store: every table that holds rows of cases is known, and nothing that goes leaves a trace in
 * the file. */
#include "src/store/case_keys_store.h"
#include "src/store/case_store.h"
#include "src/store/erasure_store.h"
#include "src/store/hold_store.h"
#include "tests/store/fixture.h"

#include <sqlite3.h>
#include <string.h>

static gboolean
is_in(const char *const *names, const char *name)
{
    return g_strv_contains(names, name);
}

/* A new table must say what becomes of it: deleted, or kept since nothing in it is personal. */
START_TEST(every_table_of_a_case_is_known)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_open(fixture.path, &db), SQLITE_OK);
    const char *sql =
        "SELECT DISTINCT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' "
        "AND f.\"table\" IN ('cases', 'parties', 'documents', 'objects', 'guests')";
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    guint seen = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; seen++) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        ck_assert_msg(is_in(kc_erasure_deleted, name) || is_in(kc_erasure_kept, name),
                      "what becomes of %s when a case is erased? (src/store/erasure_store.c)", name);
    }
    ck_assert_uint_ge(seen, 20);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}
END_TEST

static gboolean
erase(KcTx *tx, gpointer unused, GError **error)
{
    const KcErasure erasure = {FIXTURE_CASE, "RULE", "个人信息保护法第47条", FIXTURE_NOW_US + 1};
    return kc_erasure_store_case(tx, &erasure, error);
}

static gboolean
is_in_a_file(const char *needle, gsize len)
{
    static const char *const endings[] = {"", "-wal"};
    gboolean found = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(fixture.path, endings[i], NULL), *bytes = NULL;
        gsize size = 0;
        if (g_file_get_contents(path, &bytes, &size, NULL) && size > 0)
            found |= memmem(bytes, size, needle, len) != NULL;
    }
    return found;
}

START_TEST(nothing_that_goes_leaves_a_trace)
{
    g_autoptr(GError) error = NULL;
    fixture_write(fixture_rows, NULL);
    g_autofree char *index = kc_keyring_blind_index(fixture.keyring, "plate", "陕H12345");
    ck_assert(kc_store_flush(fixture.store, &error));
    ck_assert(is_in_a_file(index, strlen(index)));
    fixture_write(erase, NULL);
    ck_assert(kc_store_flush(fixture.store, &error));
    kc_assert_no_error(error);
    ck_assert(!is_in_a_file(index, strlen(index)));
}
END_TEST

static gboolean
both_leaves_are_queued(KcTx *tx, gpointer unused, GError **error)
{
    g_auto(KcKeysPending) pending = {0};
    g_autoptr(KcCaseRow) row = NULL, other = NULL;
    ck_assert(kc_case_keys_pending(tx, 10, &pending, error));
    ck_assert_uint_eq(pending.leaves->len, 2);
    ck_assert(kc_case_store_get(tx, FIXTURE_CASE, &row, error) &&
              kc_case_store_get(tx, FIXTURE_OTHER_CASE, &other, error));
    ck_assert_str_eq(row->erased_by_rule, "RULE");
    ck_assert_ptr_null(row->place_text);
    ck_assert_ptr_nonnull(other->place_text);
    g_autoptr(GError) gone = NULL;
    g_autoptr(KcCaseKey) key = kc_case_store_key(tx, FIXTURE_CASE, &gone);
    ck_assert(key == NULL && g_error_matches(gone, KC_STORE_ERROR, KC_STORE_ERROR_ERASED));
    return TRUE;
}

static gboolean
place_hold(KcTx *tx, gpointer unused, GError **error)
{
    const KcHold hold = {.id = (char *)"h",
                         .case_id = (char *)FIXTURE_CASE,
                         .reason = (char *)"r",
                         .legal_basis = (char *)"b",
                         .placed_by = (char *)FIXTURE_OFFICER,
                         .placed_us = 1};
    return kc_hold_store_insert(tx, &hold, error);
}

START_TEST(the_store_itself_keeps_a_case_on_hold)
{
    fixture_write(fixture_rows, NULL);
    fixture_write(fixture_document, NULL);
    fixture_write(place_hold, NULL);
    fixture_write_fails(erase, NULL, KC_STORE_ERROR_REFUSED);
    ck_assert_ptr_null(fixture_raw_sql("UPDATE holds SET lifted_us = 2, lifted_by = placed_by"));
    ck_assert_ptr_nonnull(fixture_raw_sql("DELETE FROM documents"));
    fixture_write(erase, NULL);
    fixture_read(both_leaves_are_queued, NULL);
    ck_assert_ptr_nonnull(
        fixture_raw_sql("UPDATE cases SET wrapped_key = x'00', erased_us = 0 WHERE wrapped_key IS NULL"));
}
END_TEST

static Suite *
erasure_suite(void)
{
    Suite *suite = suite_create("store/erasure");
    TCase *tc = tcase_create("erasure");
    tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
    tcase_add_test(tc, every_table_of_a_case_is_known);
    tcase_add_test(tc, nothing_that_goes_leaves_a_trace);
    tcase_add_test(tc, the_store_itself_keeps_a_case_on_hold);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(erasure_suite())
