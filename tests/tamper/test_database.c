/* The bytes of the database, of its write-ahead log, and of the keys: bits flipped, cut, pages changing places.
 *
 * A page of SQLite has room that nothing stands in; a bit there changes nothing that anybody can read. That is not
 * taken on trust: such a database must be the same, value by value, as the one that was not touched. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "tests/tamper/files.h"
#include "tests/tamper/town.h"
#include "tests/tamper/trial.h"

#define SMALL (16 * 1024)
#define MOST_FLIPS 10000
#define MOST_CUTS 200
#define MOST_SWAPS 200
#define PAGE 4096

static Town town;
static char *folder, *database;
static GRand *random_numbers;
static GHashTable *untouched; /* its values (values_of) */

/* ---- Values ---- */

static void
add_rows(GChecksum *sum, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int step = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK ? SQLITE_ROW : SQLITE_ERROR;
    while (step == SQLITE_ROW && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            int type = sqlite3_column_type(stmt, i);
            const void *bytes =
                type == SQLITE_BLOB ? sqlite3_column_blob(stmt, i) : (const void *)sqlite3_column_text(stmt, i);
            int len = sqlite3_column_bytes(stmt, i);
            g_checksum_update(sum, (const guchar *)&type, sizeof type);
            g_checksum_update(sum, (const guchar *)&len, sizeof len);
            if (len > 0)
                g_checksum_update(sum, bytes, len);
        }
    g_checksum_update(sum, (const guchar *)&step, sizeof step); /* what can't be read to its end is not the same */
    sqlite3_finalize(stmt);
}

static void
keep_rows(GHashTable *values, sqlite3 *db, const char *name, const char *sql)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_rows(sum, db, sql);
    g_hash_table_insert(values, g_strdup(name), g_strdup(g_checksum_get_string(sum)));
}

static void
keep_tables(GHashTable *values, sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &stmt, NULL) == SQLITE_OK)
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *name = (const char *)sqlite3_column_text(stmt, 0);
            g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\" ORDER BY 1", name);
            keep_rows(values, db, name, sql);
        }
    sqlite3_finalize(stmt);
}

/* Of every table, and of what is no table's, a hash over every value. */
static GHashTable *
values_of(const char *path)
{
    sqlite3 *db = NULL;
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    keep_rows(values, db, "(schema)", "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
    keep_rows(values, db, "(version)", "PRAGMA user_version");
    keep_rows(values, db, "(encoding)", "PRAGMA encoding");
    keep_tables(values, db);
    sqlite3_close(db);
    return values;
}

/* The tables in which two differ; owned. */
static GPtrArray *
differing(GHashTable *before, GHashTable *after)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer name, sum;
    g_hash_table_iter_init(&iter, before);
    while (g_hash_table_iter_next(&iter, &name, &sum))
        if (g_strcmp0(sum, g_hash_table_lookup(after, name)) != 0)
            g_ptr_array_add(names, g_strdup(name));
    return names;
}

/* ---- Trials ---- */

static void
drop_leftovers(void)
{
    g_autofree char *wal = g_strconcat(database, "-wal", NULL), *shm = g_strconcat(database, "-shm", NULL);
    g_unlink(wal);
    g_unlink(shm);
}

static TrialOutcome
judge_database(const Verdict *verdict, char **ret_tables)
{
    if (!verdict_is_clean(verdict))
        return TRIAL_NAMED;
    g_autoptr(GHashTable) values = values_of(database);
    g_autoptr(GPtrArray) names = differing(untouched, values);
    g_ptr_array_add(names, NULL);
    *ret_tables = g_strjoinv(" ", (char **)names->pdata);
    return names->len == 1 ? TRIAL_FREE : TRIAL_MISSED;
}

static void
look_at_database(const char *how, gsize at)
{
    g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
    g_autofree char *tables = NULL;
    TrialOutcome outcome = judge_database(verdict, &tables);
    g_autofree char *where =
        g_strdup_printf("byte %" G_GSIZE_FORMAT " (page %" G_GSIZE_FORMAT "): %s", at, at / PAGE + 1, tables);
    trial_count("kuaichu.db", how, outcome, where);
    drop_leftovers();
}

static void
flip_database(const TamperedFile *file)
{
    g_autoptr(GArray) positions = tampered_positions(file->len, SMALL, MOST_FLIPS, random_numbers);
    for (guint i = 0; i < positions->len; i += trial_every(199)) {
        gsize at = g_array_index(positions, gsize, i);
        guint bit = g_rand_int_range(random_numbers, 0, 8);
        tampered_file_flip(file, at, bit);
        look_at_database("bit flip", at);
        tampered_file_flip(file, at, bit);
    }
}

static void
cut_database(const TamperedFile *file)
{
    g_autoptr(GArray) positions = tampered_positions(file->len, 0, MOST_CUTS, random_numbers);
    for (guint i = 0; i < positions->len; i += trial_every(29)) {
        gsize at = g_array_index(positions, gsize, i);
        tampered_file_write(file, file->bytes, i % 2 == 0 ? at / PAGE * PAGE : at);
        look_at_database(i % 2 == 0 ? "truncation, whole pages" : "truncation", at);
    }
    tampered_file_put_back(file);
}

static void
swap_pages(const TamperedFile *file)
{
    gint32 pages = (gint32)(file->len / PAGE);
    for (guint i = 0; i < MOST_SWAPS; i += trial_every(29)) {
        gsize from = (gsize)g_rand_int_range(random_numbers, 1, pages) * PAGE,
              to = (gsize)g_rand_int_range(random_numbers, 1, pages) * PAGE;
        g_autofree char *bytes = g_memdup2(file->bytes, file->len);
        memcpy(bytes + from, file->bytes + to, PAGE);
        tampered_file_write(file, bytes, file->len);
        if (from != to)
            look_at_database("a page over another", from);
        memcpy(bytes + to, file->bytes + from, PAGE);
        tampered_file_write(file, bytes, file->len);
        if (from != to)
            look_at_database("pages change places", from);
    }
    tampered_file_put_back(file);
}

/* ---- Keys ---- */

static void
look_at_key(const TamperedFile *file, const char *name, const char *how, gsize at)
{
    g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
    g_autofree char *text = verdict_text(verdict);
    g_autofree char *where = g_strdup_printf("byte %" G_GSIZE_FORMAT ": %s", at, text);
    gboolean named = strstr(text, name) != NULL;
    trial_count(name, how, named ? TRIAL_NAMED : verdict_is_clean(verdict) ? TRIAL_MISSED : TRIAL_FOUND, where);
    drop_leftovers();
}

static void
tamper_with_key(const char *name)
{
    g_autofree char *path = g_build_filename(folder, "keys", name, NULL);
    g_autoptr(TamperedFile) file = tampered_file_new(path);
    for (gsize at = 0; at < file->len; at += trial_every(7)) {
        guint bit = g_rand_int_range(random_numbers, 0, 8);
        tampered_file_flip(file, at, bit);
        look_at_key(file, name, "bit flip", at);
        tampered_file_flip(file, at, bit);
        tampered_file_write(file, file->bytes, at);
        look_at_key(file, name, "truncation", at);
        tampered_file_put_back(file);
    }
    ck_assert_int_eq(g_unlink(path), 0);
    look_at_key(file, name, "deletion", 0);
    tampered_file_put_back(file);
}

/* ---- The whole ---- */

static void
setup(void)
{
    town_make(&town);
    folder = town_copy(town.today);
    database = g_build_filename(folder, "kuaichu.db", NULL);
    random_numbers = g_rand_new_with_seed(20261130);
    untouched = values_of(database);
    ck_assert_uint_gt(g_hash_table_size(untouched), 50);
    drop_leftovers();
}

static void
teardown(void)
{
    g_rand_free(random_numbers);
    g_hash_table_unref(untouched);
    g_free(database);
    kc_test_dir_remove(folder);
    town_clear(&town);
}

START_TEST(a_database_whose_bytes_changed_is_named_or_says_the_same)
{
    g_autoptr(TamperedFile) file = tampered_file_new(database);
    flip_database(file);
    cut_database(file);
    swap_pages(file);
    g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
    ck_assert(verdict_is_clean(verdict));
    trial_end("Bytes of the database");
}
END_TEST

START_TEST(keys_that_changed_are_named)
{
    static const char *const keys[] = {"master.key", "case-keys", "signing.key"};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        tamper_with_key(keys[i]);
    g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
    ck_assert(verdict_is_clean(verdict));
    trial_end("Keys");
}
END_TEST

static Suite *
database_suite(void)
{
    Suite *suite = suite_create("tamper/database");
    TCase *tests = tcase_create("database");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 6000);
    tcase_add_test(tests, a_database_whose_bytes_changed_is_named_or_says_the_same);
    tcase_add_test(tests, keys_that_changed_are_named);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(database_suite())
