/* From one schema to the next: a copy first, all of a step or nothing, never backwards. */
#include "src/store/migrations.h"
#include "src/store/sql.h"
#include "tests/store/fixture.h"

static const KcMigration steps[] = {
    {1, "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);"},
    {2, "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;"},
    {3, "CREATE TABLE b (z INTEGER) STRICT; INSERT INTO no_such_table VALUES (1);"},
};

static char *dir;
static char *path;
static KcConnection *connection;

static void
setup(void)
{
    g_autoptr(GError) error = NULL;
    dir = kc_test_dir_new();
    path = g_build_filename(dir, "a.db", NULL);
    connection = kc_connection_open(path, TRUE, &error);
    kc_assert_no_error(error);
}

static void
teardown(void)
{
    g_clear_pointer(&connection, kc_connection_free);
    g_clear_pointer(&path, g_free);
    kc_test_dir_remove(dir);
}

static gboolean
run(guint count, GError **error)
{
    g_autoptr(GArray) migrations = g_array_new(FALSE, FALSE, sizeof(KcMigration));
    g_array_append_vals(migrations, steps, count);
    return kc_migrations_run(kc_connection_db(connection), path, migrations, error);
}

static gint64
number(const char *file, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return -1;
    }
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    gint64 value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

START_TEST(a_new_file_gets_every_step_and_no_copy)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = g_strconcat(path, ".before-0001", NULL);
    ck_assert(run(2, &error));
    ck_assert_int_eq(number(path, "SELECT y FROM a"), 7);
    ck_assert_int_eq(number(path, "PRAGMA user_version"), 2);
    ck_assert(!g_file_test(copy, G_FILE_TEST_EXISTS));
    ck_assert(run(2, &error)); /* nothing to do */
}
END_TEST

START_TEST(an_older_file_is_copied_first)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *copy = g_strconcat(path, ".before-0001", NULL);
    ck_assert(run(1, &error));
    ck_assert(g_file_set_contents(copy, "left by an earlier attempt", -1, NULL));
    ck_assert(run(2, &error));
    ck_assert_int_eq(number(path, "SELECT y FROM a"), 7);
    ck_assert_int_eq(number(copy, "SELECT x FROM a"), 1);
    ck_assert_int_eq(number(copy, "SELECT y FROM a"), -1); /* no such column */
    ck_assert_int_eq(number(copy, "PRAGMA user_version"), 1);
}
END_TEST

START_TEST(a_step_that_fails_leaves_nothing)
{
    g_autoptr(GError) error = NULL;
    ck_assert(run(2, &error));
    ck_assert(!run(3, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_int_eq(number(path, "PRAGMA user_version"), 2);
    ck_assert_int_eq(number(path, "SELECT count(*) FROM b"), -1); /* no such table */
}
END_TEST

START_TEST(a_newer_file_is_left_alone)
{
    g_autoptr(GError) error = NULL;
    ck_assert(run(2, &error));
    ck_assert(!run(1, &error));
    ck_assert(g_error_matches(error, KC_STORE_ERROR, KC_STORE_ERROR_TOO_NEW));
    ck_assert_int_eq(number(path, "SELECT y FROM a"), 7);
}
END_TEST

START_TEST(the_builtin_steps_are_numbered_without_gaps)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    ck_assert_uint_gt(migrations->len, 0);
    ck_assert_int_eq(kc_store_schema_version(), (int)migrations->len);
    for (guint i = 0; i < migrations->len; i++)
        ck_assert_int_eq(g_array_index(migrations, KcMigration, i).version, (int)i + 1);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, migrations, &error));
    ck_assert_int_eq(number(path, "SELECT count(*) FROM cases"), 0);
}
END_TEST

START_TEST(a_link_of_the_first_schema_stays_a_party_s_link)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(KcMigration));
    g_array_append_vals(first, migrations->data, 1);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, first, &error));
    const char *rows =
        "PRAGMA foreign_keys = OFF; INSERT INTO capabilities VALUES (printf('%064d', 0), 'c', 'p', 'party', 1, 2)";
    ck_assert_int_eq(sqlite3_exec(kc_connection_db(connection), rows, NULL, NULL, NULL), SQLITE_OK);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, migrations, &error));
    kc_assert_no_error(error);
    ck_assert_int_eq(number(path, "SELECT count(*) FROM capabilities WHERE guest_id IS NULL AND party_id = 'p'"), 1);
}
END_TEST

START_TEST(offers_of_before_there_were_lots_are_kept)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    g_autoptr(GArray) earlier = g_array_new(FALSE, FALSE, sizeof(KcMigration));
    g_array_append_vals(earlier, migrations->data, 13);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, earlier, &error));
    const char *rows = "PRAGMA foreign_keys = OFF; INSERT INTO offers VALUES ('a', 'c', 'hand_over', 'u', 'u', 'v', 1, 2, "
                       "'lapsed', 3), ('b', 'c', 'hand_over', 'u', 'u', 'v', 4, 5, NULL, 0)";
    ck_assert_int_eq(sqlite3_exec(kc_connection_db(connection), rows, NULL, NULL, NULL), SQLITE_OK);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, migrations, &error));
    kc_assert_no_error(error);
    ck_assert_int_eq(number(path, "SELECT count(*) FROM offers WHERE id = 'a' AND outcome = 'lapsed' AND decided_us = 3"), 1);
    ck_assert_int_eq(number(path, "SELECT count(*) FROM offers WHERE id = 'b' AND outcome IS NULL"), 1);
    const char *second = "INSERT INTO offers VALUES ('d', 'c', 'assign', 'u', NULL, 'v', 6, 7, NULL, 0)";
    ck_assert_int_eq(sqlite3_exec(kc_connection_db(connection), second, NULL, NULL, NULL),
                     SQLITE_CONSTRAINT_UNIQUE); /* one stands */
}
END_TEST

/* What was a service by being decided on, and a consent that was overwritten, is in the records of now. */
START_TEST(decisions_become_services_and_consents_a_ledger)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    g_autoptr(GArray) earlier = g_array_new(FALSE, FALSE, sizeof(KcMigration));
    g_array_append_vals(earlier, migrations->data, 14);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, earlier, &error));
    const char *rows =
        "PRAGMA foreign_keys = OFF;"
        "INSERT INTO documents (id, case_id, kind, number, sealed_text, sha256, issued_by, issued_us) VALUES "
        "('d', 'c', 'determination', 'D1', x'00', printf('%064d', 0), 'u', 1), "
        "('g', 'c', 'agreement', 'D2', x'00', printf('%064d', 0), 'u', 1);"
        "INSERT INTO signatures (id, case_id, document_id, party_id, decision, document_sha256, recorded_by, signed_us) VALUES "
        "('s1', 'c', 'd', 'p', 'objected', printf('%064d', 0), NULL, 5), "
        "('s2', 'c', 'd', 'q', 'refused', printf('%064d', 0), 'u', 6), "
        "('s3', 'c', 'g', 'p', 'signed', printf('%064d', 0), NULL, 7);"
        "INSERT INTO consents (case_id, party_id, kind, at_us, withdrawn_us) VALUES ('c', 'p', 'recording', 1, 0), "
        "('c', 'p', 'insurer', 2, 2)";
    ck_assert_int_eq(sqlite3_exec(kc_connection_db(connection), rows, NULL, NULL, NULL), SQLITE_OK);
    ck_assert(kc_migrations_run(kc_connection_db(connection), path, migrations, &error));
    kc_assert_no_error(error);
    ck_assert_int_eq(number(path, "SELECT count(*) FROM services"), 2);
    ck_assert_int_eq(number(path, "SELECT served_us FROM services WHERE party_id = 'p' AND way = 'electronic'"), 5);
    ck_assert_int_eq(number(path, "SELECT served_us FROM services WHERE party_id = 'q' AND way = 'refused'"), 6);
    ck_assert_int_eq(number(path, "SELECT given FROM consent_entries WHERE kind = 'recording'"), 1);
    ck_assert_int_eq(number(path, "SELECT given FROM consent_entries WHERE kind = 'insurer'"), 0);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_refused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(dir, "b.db", NULL);
    g_autofree char *key_path = g_build_filename(dir, "master.key", NULL);
    g_autofree char *noise = g_strnfill(8192, 'x');
    g_autoptr(KcKeyring) keyring = kc_keyring_open(key_path, TRUE, NULL);
    ck_assert(g_file_set_contents(other, noise, -1, NULL));
    ck_assert_ptr_null(kc_store_open(other, keyring, &error));
    ck_assert_msg(g_error_matches(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT), "%s", error->message);
}
END_TEST

static Suite *
migrations_suite(void)
{
    Suite *suite = suite_create("store/migrations");
    TCase *tc = tcase_create("migrations");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_new_file_gets_every_step_and_no_copy);
    tcase_add_test(tc, an_older_file_is_copied_first);
    tcase_add_test(tc, a_step_that_fails_leaves_nothing);
    tcase_add_test(tc, a_newer_file_is_left_alone);
    tcase_add_test(tc, the_builtin_steps_are_numbered_without_gaps);
    tcase_add_test(tc, offers_of_before_there_were_lots_are_kept);
    tcase_add_test(tc, decisions_become_services_and_consents_a_ledger);
    tcase_add_test(tc, a_link_of_the_first_schema_stays_a_party_s_link);
    tcase_add_test(tc, a_file_that_is_no_database_is_refused);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(migrations_suite())
