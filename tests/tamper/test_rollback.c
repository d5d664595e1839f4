/* Yesterday's copy put back: the whole folder, the database alone, the vault alone, the keys alone, and each table by
 * itself; and what a daemon that was killed leaves behind, its write-ahead log, damaged. A database that is older as a
 * whole is as right as it was yesterday; only a checkpoint that somebody else holds can tell. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tamper/files.h"
#include "tests/tamper/sql.h"
#include "tests/tamper/town.h"
#include "tests/tamper/trial.h"

static Town town;

static void
setup(void)
{
    town_make(&town);
}

static void
teardown(void)
{
    town_clear(&town);
}

static void
copy_over(const char *from, const char *to, const char *name)
{
    g_autofree char *source = g_build_filename(from, name, NULL);
    g_autofree char *target = g_build_filename(to, name, NULL);
    g_autofree char *bytes = NULL;
    gsize len;
    ck_assert(g_file_get_contents(source, &bytes, &len, NULL));
    ck_assert(g_file_set_contents_full(target, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
judge(const char *folder, const char *what, const char *how, const char *wanted)
{
    g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
    g_autofree char *text = verdict_text(verdict);
    gboolean named = strstr(text, wanted) != NULL;
    trial_count(what, how, named ? TRIAL_NAMED : verdict_is_clean(verdict) ? TRIAL_MISSED : TRIAL_FOUND, text);
}

/* ---- Whole ---- */

static void
put_back_folder(void)
{
    char *folder = town_copy(town.yesterday);
    judge(folder, "the whole folder", "yesterday's", "the held checkpoint covers");
    kc_test_dir_remove(folder);
}

static void
put_back_file(const char *name, const char *wanted)
{
    char *folder = town_copy(town.today);
    copy_over(town.yesterday, folder, name);
    judge(folder, name, "yesterday's", wanted);
    kc_test_dir_remove(folder);
}

/* Those of the case that came since are gone with it. */
static void
put_back_vault(void)
{
    char *folder = town_copy(town.today);
    g_autofree char *path = g_build_filename(folder, "vault", town.cases[1], NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        ck_assert_int_eq(g_unlink(file), 0);
    }
    judge(folder, "vault", "yesterday's", "is missing");
    kc_test_dir_remove(folder);
}

START_TEST(yesterdays_copy_is_told_by_a_held_checkpoint)
{
    put_back_folder();
    put_back_file("kuaichu.db", "the held checkpoint covers");
    put_back_vault();
    trial_end("Yesterday put back");
}
END_TEST

/* ---- Tables ---- */

/* FALSE: it held the same yesterday. */
static gboolean
put_back_table(const char *folder, const char *table)
{
    sqlite3 *db = NULL;
    g_autofree char *path = g_build_filename(folder, "kuaichu.db", NULL);
    g_autofree char *attach = g_strdup_printf("ATTACH '%s/kuaichu.db' AS before", town.yesterday);
    g_autofree char *differs =
        g_strdup_printf("SELECT 'x' FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM before.%s) UNION ALL "
                        "SELECT 'x' FROM (SELECT * FROM before.%s EXCEPT SELECT * FROM main.%s)",
                        table, table, table, table);
    g_autofree char *change =
        g_strdup_printf("DELETE FROM main.%s; INSERT INTO main.%s SELECT * FROM before.%s", table, table, table);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    tamper_run(db, "PRAGMA foreign_keys = OFF");
    tamper_run(db, attach);
    g_autoptr(GPtrArray) different = tamper_texts(db, differs);
    GPtrArray *triggers = tamper_begin(db);
    tamper_run(db, change);
    tamper_end(db, triggers);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    return different->len > 0;
}

static void
try_table(const char *table)
{
    char *folder = town_copy(town.today);
    if (put_back_table(folder, table)) {
        g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
        g_autofree char *text = verdict_text(verdict);
        gboolean named = strstr(text, table) != NULL || (g_str_has_prefix(table, "log_") && !verdict_is_clean(verdict));
        TrialOutcome outcome = named ? TRIAL_NAMED : verdict_is_clean(verdict) ? TRIAL_MISSED : TRIAL_FOUND;
        trial_count(table, "yesterday's rows", outcome, text);
    }
    kc_test_dir_remove(folder);
}

START_TEST(each_table_of_yesterday_is_named)
{
    sqlite3 *db = NULL;
    g_autofree char *path = g_build_filename(town.today, "kuaichu.db", NULL);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    g_autoptr(GPtrArray) tables = tamper_tables(db);
    sqlite3_close(db);
    for (guint i = 0; i < tables->len; i += MIN(trial_every(4), 4))
        try_table(tables->pdata[i]);
    trial_end("Tables put back to yesterday");
}
END_TEST

/* ---- Write-ahead log ---- */

/* The database of today with its last writes only in the write-ahead log, as after kill -9; the checkpoint is of after
 * them. */
static char *
killed_folder(void)
{
    char *folder = town_copy(town.today);
    g_autofree char *path = g_build_filename(folder, "kuaichu.db", NULL);
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);
    g_autofree char *from = g_build_filename(town.today, "kuaichu.db", NULL);
    sqlite3 *db = NULL, *today = NULL;
    copy_over(town.yesterday, folder, "kuaichu.db");
    ck_assert_int_eq(sqlite3_open_v2(from, &today, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    tamper_run(db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    sqlite3_backup *backup = sqlite3_backup_init(db, "main", today, "main");
    ck_assert_ptr_nonnull(backup);
    ck_assert_int_eq(sqlite3_backup_step(backup, -1), SQLITE_DONE);
    ck_assert_int_eq(sqlite3_backup_finish(backup), SQLITE_OK);
    g_autoptr(TamperedFile) main_file = tampered_file_new(path);
    g_autoptr(TamperedFile) wal_file = tampered_file_new(wal);
    sqlite3_close(today);
    sqlite3_close(db); /* which brings it all into the database */
    tampered_file_put_back(main_file);
    tampered_file_put_back(wal_file);
    return folder;
}

START_TEST(a_damaged_write_ahead_log_is_found)
{
    char *folder = killed_folder();
    g_autofree char *wal = g_build_filename(folder, "kuaichu.db-wal", NULL);
    g_autofree char *shm = g_build_filename(folder, "kuaichu.db-shm", NULL);
    g_autoptr(TamperedFile) file = tampered_file_new(wal);
    g_autoptr(Verdict) whole = verdict_of(folder, town.checkpoint);
    g_autofree char *text = verdict_text(whole);
    ck_assert_msg(verdict_is_clean(whole), "%s", text);
    g_autoptr(GRand) numbers = g_rand_new_with_seed(20261130);
    g_autoptr(GArray) positions = tampered_positions(file->len, 0, 1000, numbers);
    for (guint i = 0; i < positions->len; i += trial_every(59)) {
        gsize at = g_array_index(positions, gsize, i);
        tampered_file_flip(file, at, 3);
        g_unlink(shm);
        judge(folder, "kuaichu.db-wal", "bit flip", "the held checkpoint covers");
        tampered_file_put_back(file);
        tampered_file_write(file, file->bytes, at);
        g_unlink(shm);
        judge(folder, "kuaichu.db-wal", "truncation", "the held checkpoint covers");
        tampered_file_put_back(file);
    }
    g_unlink(wal);
    g_unlink(shm);
    judge(folder, "kuaichu.db-wal", "deletion", "the held checkpoint covers");
    kc_test_dir_remove(folder);
    trial_end("The write-ahead log of a service that was killed");
}
END_TEST

static Suite *
rollback_suite(void)
{
    Suite *suite = suite_create("tamper/rollback");
    TCase *tests = tcase_create("rollback");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 3000);
    tcase_add_test(tests, yesterdays_copy_is_told_by_a_held_checkpoint);
    tcase_add_test(tests, each_table_of_yesterday_is_named);
    tcase_add_test(tests, a_damaged_write_ahead_log_is_found);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(rollback_suite())
