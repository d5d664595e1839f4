/* The log binds the rows: each column of the schema stands in a list, each write carries the state, what was done past the
 * service is told. */
#include "src/store/checkpoint_store.h"
#include "src/store/document_store.h"
#include "src/store/log_store.h"
#include "src/store/log_verify.h"
#include "src/store/migrations.h"
#include "src/store/state_bind.h"
#include "src/store/state_digest.h"
#include "src/store/state_tables.h"
#include "src/store/state_watch.h"
#include "tests/store/fixture.h"

#include <string.h>

static gboolean
bind_turn(KcTx *tx, gpointer data, GError **error)
{
    g_auto(KcStateBinding) binding = {0};
    gboolean done = FALSE;
    while (!done)
        ck_assert(kc_state_bind_turn(tx, &binding, FIXTURE_NOW_US, &done, error));
    if (data != NULL)
        *(gint64 *)data = binding.cases;
    return TRUE;
}

static void
setup(void)
{
    fixture_setup();
    fixture_write(bind_turn, NULL);
    fixture_write(fixture_rows, NULL);
    fixture_write(fixture_document, NULL);
}

/* ---- The lists ---- */

static gboolean
is_unbound(const char *table)
{
    for (guint i = 0; i < kc_n_unbound; i++)
        if (strcmp(kc_unbound[i].table, table) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_summed(const char *table, const char *column)
{
    for (guint i = 0; i < KC_SUMMED_TABLES; i++)
        if (strcmp(kc_summed_tables[i].name, table) == 0)
            return g_strv_contains(kc_summed_tables[i].columns, column);
    return FALSE;
}

static const KcStateTable *
find_table(const char *name)
{
    for (guint i = 0; i < kc_n_state_tables; i++)
        if (strcmp(kc_state_tables[i].name, name) == 0)
            return &kc_state_tables[i];
    return NULL;
}

static gboolean
is_listed(const KcStateTable *table, const char *name)
{
    if (g_strv_contains(table->key, name))
        return TRUE;
    for (const char *const *column = table->columns; *column != NULL; column++) {
        g_autofree char *listed = kc_state_column_name(*column);
        if (strcmp(listed, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_lists(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    guint tables = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' "
                     "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
                     error);
    while (kc_query_step(query, error) == KC_STEP_ROW) {
        g_autofree char *table = kc_take_text(query);
        g_autofree char *column = kc_take_text(query);
        g_autofree char *type = kc_take_text(query);
        const KcStateTable *listed = find_table(table);
        gboolean bound = listed != NULL && is_listed(listed, column), summed = is_summed(table, column);
        ck_assert_msg(bound + summed + is_unbound(table) == 1 || (bound && g_strv_contains(listed->key, column)),
                      "column %s.%s stands in no list, or in several", table, column);
        ck_assert_str_ne(type, "REAL"); /* has no one form */
        tables++;
    }
    ck_assert_uint_gt(tables, 100);
    for (guint i = 1; i < kc_n_state_tables; i++)
        ck_assert_int_lt(strcmp(kc_state_tables[i - 1].name, kc_state_tables[i].name), 0);
    for (guint i = 1; i < KC_SUMMED_TABLES; i++)
        ck_assert_int_lt(strcmp(kc_summed_tables[i - 1].name, kc_summed_tables[i].name), 0);
    return TRUE;
}

START_TEST(every_column_is_bound_or_said_not_to_be)
{
    fixture_read(check_lists, NULL);
}
END_TEST

/* ---- What a write leaves ---- */

typedef struct {
    gint64 entries, with_state, technical, mismatches;
} Count;

static gboolean
count(KcTx *tx, gpointer data, GError **error)
{
    Count *self = data;
    *self = (Count){0};
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, NULL, 0, 1000, error);
    for (guint i = 0; i < entries->len; i++) {
        const KcLogEntry *entry = entries->pdata[i];
        self->entries++;
        self->with_state += entry->has_state;
        self->technical += kc_log_kind_is_technical(entry->kind);
        self->mismatches += strcmp(entry->kind, KC_LOG_STATE_MISMATCH) == 0;
    }
    KcLogCheck check;
    ck_assert(kc_log_store_verify(tx, &check, error));
    ck_assert_msg(check.problem == NULL, "%s", check.problem);
    return TRUE;
}

static Count
counted(void)
{
    Count now;
    fixture_read(count, &now);
    return now;
}

/* row_states is what the log says, and what the rows are. */
static gboolean
check_states(KcTx *tx, gpointer case_id, GError **error)
{
    guint8 stored[32], logged[32];
    gboolean any;
    guint rows;
    ck_assert(kc_state_of(tx, case_id, stored, &rows, error));
    ck_assert(kc_state_logged(tx, case_id, logged, &any, error));
    ck_assert(any);
    ck_assert_mem_eq(stored, logged, 32);
    return TRUE;
}

static void
change_case(KcTx *tx, const char *state, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    ck_assert(kc_case_store_get(tx, FIXTURE_CASE, &row, error));
    g_free(row->state);
    row->state = g_strdup(state);
    ck_assert_int_eq(kc_case_store_update(tx, row, error), KC_UPDATE_DONE);
}

static void
log_entry(KcTx *tx, const char *kind, const char *case_id, GError **error)
{
    KcLogEntry entry = {
        .at_us = FIXTURE_NOW_US, .case_id = (char *)case_id, .kind = (char *)kind, .actor_kind = (char *)"system"};
    ck_assert(kc_log_store_append(tx, &entry, error));
}

static gboolean
change_and_log(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    log_entry(tx, "first", FIXTURE_CASE, error);
    log_entry(tx, "other", NULL, error);
    change_case(tx, "evidence_fixed", error);
    log_entry(tx, "last", FIXTURE_CASE, error);
    log_entry(tx, "other", NULL, error);
    return TRUE;
}

static gboolean
check_last_carries(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, FIXTURE_CASE, 0, 1000, error);
    const KcLogEntry *first = entries->pdata[entries->len - 2], *last = entries->pdata[entries->len - 1];
    ck_assert(!first->has_state && last->has_state);
    ck_assert_str_eq(last->kind, "last");
    return TRUE;
}

START_TEST(the_last_entry_of_a_job_carries_the_state)
{
    Count before = counted();
    fixture_write(change_and_log, NULL);
    Count after = counted();
    ck_assert_int_eq(after.entries, before.entries + 4);
    ck_assert_int_eq(after.with_state, before.with_state + 1);
    ck_assert_int_eq(after.technical, before.technical);
    fixture_read(check_last_carries, NULL);
    fixture_read(check_states, (gpointer)FIXTURE_CASE);
}
END_TEST

static gboolean
change_silently(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    change_case(tx, "evidence_fixed", error);
    return TRUE;
}

static gboolean
read_amid(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    log_entry(tx, "before", FIXTURE_CASE, error);
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, FIXTURE_CASE, 0, 1000, error);
    ck_assert_str_eq(((const KcLogEntry *)entries->pdata[entries->len - 1])->kind, "before");
    change_case(tx, "determined", error);
    return TRUE;
}

START_TEST(a_change_without_an_entry_gets_one)
{
    Count before = counted();
    fixture_write(change_silently, NULL);
    ck_assert_int_eq(counted().technical, before.technical + 1);
    fixture_write(read_amid, NULL);
    ck_assert_int_eq(counted().technical, before.technical + 2);
    fixture_read(check_states, (gpointer)FIXTURE_CASE);
}
END_TEST

static gboolean
only_seen(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    return kc_party_store_seen(tx, FIXTURE_PARTY, FIXTURE_NOW_US + 1, error);
}

static gboolean
change_and_fail(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    change_case(tx, "evidence_fixed", error);
    log_entry(tx, "never", FIXTURE_CASE, error);
    g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED, "on purpose");
    return FALSE;
}

START_TEST(nothing_that_counts_no_state)
{
    Count before = counted();
    fixture_write(only_seen, NULL);
    fixture_write_fails(change_and_fail, NULL, KC_STORE_ERROR_REFUSED);
    ck_assert_int_eq(counted().entries, before.entries);
    fixture_read(check_states, (gpointer)FIXTURE_CASE);
    fixture_read(check_states, (gpointer) "");
}
END_TEST

/* ---- Past the service ---- */

static void
intrude(const char *sql)
{
    g_autofree char *all = g_strconcat("PRAGMA foreign_keys = OFF; DROP TRIGGER IF EXISTS documents_no_update; ", sql, NULL);
    g_autofree char *refused = fixture_raw_sql(all);
    ck_assert_msg(refused == NULL, "%s", refused);
}

static const struct {
    const char *sql;
    gint64 mismatches;
} intrusions[] = {
    {"UPDATE cases SET closing_code = '1' WHERE id = '" FIXTURE_CASE "'", 1}, /* the row that is written next */
    {"UPDATE row_states SET digest = zeroblob(32) WHERE tbl = 'parties'", 1},
    {"UPDATE cases SET closing_code = '1' WHERE id = '" FIXTURE_CASE "'; DELETE FROM row_states WHERE tbl = 'cases'", 2},
    {"UPDATE documents SET kind = 'correction'", 0}, /* stays what fsck finds */
};

START_TEST(a_write_does_not_make_right_what_was_changed)
{
    intrude(intrusions[_i].sql);
    fixture_write(change_and_log, NULL);
    ck_assert_int_eq(counted().mismatches, intrusions[_i].mismatches);
    fixture_write(change_silently, NULL);
    ck_assert_int_eq(counted().mismatches, intrusions[_i].mismatches);
}
END_TEST

/* ---- The pass ---- */

static gboolean
compare_all(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    gint64 rows = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM row_states", error);
    ck_assert(kc_query_number(query, &rows, error));
    ck_assert_int_gt(rows, 5);
    return TRUE;
}

START_TEST(an_older_database_is_bound_at_once)
{
    gint64 cases = -1;
    intrude("DROP TRIGGER state_bindings_no_delete; DELETE FROM state_bindings; DELETE FROM row_states; "
            "DROP TRIGGER audit_log_no_delete; DROP TRIGGER log_leaves_no_delete; DELETE FROM log_leaves; DELETE FROM audit_log");
    fixture_reopen();
    fixture_write(bind_turn, &cases);
    ck_assert_int_eq(cases, 2);
    fixture_read(compare_all, NULL);
    fixture_read(check_states, (gpointer)FIXTURE_CASE);
    fixture_read(check_states, (gpointer) "");
    fixture_write(bind_turn, &cases);
    ck_assert_int_eq(cases, 0);
    fixture_write(change_and_log, NULL);
    ck_assert_int_eq(counted().mismatches, 0);
}
END_TEST

static Suite *
states_suite(void)
{
    Suite *suite = suite_create("store/states");
    TCase *tc = tcase_create("states");
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, every_column_is_bound_or_said_not_to_be);
    tcase_add_test(tc, the_last_entry_of_a_job_carries_the_state);
    tcase_add_test(tc, a_change_without_an_entry_gets_one);
    tcase_add_test(tc, nothing_that_counts_no_state);
    tcase_add_loop_test(tc, a_write_does_not_make_right_what_was_changed, 0, G_N_ELEMENTS(intrusions));
    tcase_add_test(tc, an_older_database_is_bound_at_once);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(states_suite())
