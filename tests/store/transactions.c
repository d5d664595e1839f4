/* Group commit, savepoints, snapshots, a full disk. */
#include "src/store/sql.h"
#include "tests/store/fixture.h"

#include <sys/stat.h>

#define THREADS 6
#define WRITES 40

static gboolean
count_up(KcTx *tx, gpointer ret_value, GError **error)
{
    gint64 value = kc_tx_counter_next(tx, "test", error);
    *(gint64 *)ret_value = value;
    return value != 0;
}

static gboolean
count_up_and_fail(KcTx *tx, gpointer ret_value, GError **error)
{
    if (!count_up(tx, ret_value, error))
        return FALSE;
    g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED, "on purpose");
    return FALSE;
}

/* Every third write fails; the others must count without a gap. */
static gpointer
write_much(gpointer seen_data)
{
    GArray *seen = seen_data;
    for (int i = 0; i < WRITES; i++) {
        g_autoptr(GError) error = NULL;
        gint64 value = 0;
        if (i % 3 == 2) {
            ck_assert(!kc_store_write(fixture.store, count_up_and_fail, &value, &error));
            ck_assert(g_error_matches(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED));
        } else {
            ck_assert(kc_store_write(fixture.store, count_up, &value, &error));
            g_array_append_val(seen, value);
        }
    }
    return NULL;
}

START_TEST(many_threads_write_and_a_failure_takes_back_only_itself)
{
    GThread *threads[THREADS];
    GArray *seen[THREADS];
    g_autoptr(GHashTable) all = g_hash_table_new(g_direct_hash, g_direct_equal);
    gint64 last = 0;
    for (int i = 0; i < THREADS; i++) {
        seen[i] = g_array_new(FALSE, FALSE, sizeof(gint64));
        threads[i] = g_thread_new("writes", write_much, seen[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        g_thread_join(threads[i]);
        for (guint j = 0; j < seen[i]->len; j++) {
            gint64 value = g_array_index(seen[i], gint64, j);
            ck_assert_msg(g_hash_table_add(all, GINT_TO_POINTER((int)value)), "%d twice", (int)value);
            last = MAX(last, value);
        }
        g_array_unref(seen[i]);
    }
    ck_assert_int_eq(last, (gint64)g_hash_table_size(all));
}
END_TEST

static gboolean
fail_without_a_reason(KcTx *tx, gpointer unused, GError **error)
{
    return FALSE;
}

START_TEST(a_failure_always_has_an_error)
{
    fixture_write_fails(fail_without_a_reason, NULL, KC_STORE_ERROR_FAILED);
}
END_TEST

static gboolean
read_case_state(KcTx *tx, gpointer ret_version, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, FIXTURE_CASE, &row, error))
        return FALSE;
    *(gint64 *)ret_version = row == NULL ? 0 : row->version;
    return TRUE;
}

static gboolean
read_twice(KcTx *tx, gpointer unused, GError **error)
{
    gint64 before = -1, after = -1, newest = -1;
    if (!read_case_state(tx, &before, error))
        return FALSE;
    fixture_write(fixture_rows, NULL); /* on the writer's thread, while this snapshot is open */
    if (!read_case_state(tx, &after, error))
        return FALSE;
    fixture_read(read_case_state, &newest); /* another connection */
    ck_assert_int_eq(before, 0);
    ck_assert_int_eq(after, 0);
    ck_assert_int_eq(newest, 1);
    return TRUE;
}

START_TEST(a_read_sees_one_moment)
{
    fixture_read(read_twice, NULL);
}
END_TEST

START_TEST(a_read_cannot_write)
{
    g_autoptr(GError) error = NULL;
    gint64 value = 0;
    ck_assert(!kc_store_read(fixture.store, count_up, &value, &error));
    ck_assert_ptr_nonnull(error);
}
END_TEST

static gpointer
read_much(gpointer unused)
{
    for (int i = 0; i < 50; i++) {
        g_autoptr(GError) error = NULL;
        gint64 version = 0;
        ck_assert(kc_store_read(fixture.store, read_case_state, &version, &error));
        ck_assert_int_eq(version, 1);
    }
    return NULL;
}

START_TEST(more_readers_than_connections)
{
    GThread *threads[12];
    fixture_write(fixture_rows, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("reads", read_much, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}
END_TEST

static gboolean
insert_until_full(KcTx *tx, gpointer unused, GError **error)
{
    for (int i = 0; i < 2000; i++) {
        g_autofree char *id = g_strdup_printf("full-%d", i);
        if (!fixture_insert_case(tx, id, id, FIXTURE_NOW_US, error))
            return FALSE;
    }
    return TRUE;
}

/* The database may not grow: SQLite's own limit stands for the disk's. */
static gboolean
limit_pages(KcTx *tx, gpointer unused, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = kc_connection_db(tx->connection);
    sqlite3_prepare_v2(db, "SELECT * FROM pragma_page_count", -1, &stmt, NULL);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    g_autofree char *sql = g_strdup_printf("PRAGMA max_page_count = %d", sqlite3_column_int(stmt, 0) + 10);
    sqlite3_finalize(stmt);
    return kc_connection_exec(tx->connection, sql, error);
}

START_TEST(a_full_disk_takes_back_the_write_and_nothing_else)
{
    gint64 version = 0, value = 0;
    fixture_write(fixture_rows, NULL);
    fixture_write(limit_pages, NULL);
    fixture_write_fails(insert_until_full, NULL, KC_STORE_ERROR_FULL);
    fixture_read(read_case_state, &version);
    ck_assert_int_eq(version, 1);
    fixture_write(count_up, &value); /* there is room for a little */
    ck_assert_int_eq(value, 1);
}
END_TEST

START_TEST(the_files_are_private)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    fixture_write(fixture_rows, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        struct stat st;
        g_autofree char *path = g_strconcat(fixture.path, suffixes[i], NULL);
        ck_assert_int_eq(stat(path, &st), 0);
        ck_assert_uint_eq(st.st_mode & 07777, 0600);
    }
}
END_TEST

static Suite *
transactions_suite(void)
{
    Suite *suite = suite_create("store/transactions");
    TCase *tc = tcase_create("transactions");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
    tcase_add_test(tc, many_threads_write_and_a_failure_takes_back_only_itself);
    tcase_add_test(tc, a_failure_always_has_an_error);
    tcase_add_test(tc, a_read_sees_one_moment);
    tcase_add_test(tc, a_read_cannot_write);
    tcase_add_test(tc, more_readers_than_connections);
    tcase_add_test(tc, a_full_disk_takes_back_the_write_and_nothing_else);
    tcase_add_test(tc, the_files_are_private);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(transactions_suite())
