/* What the transparency log costs at ENTRIES entries (1,000,000): appending, proving, space; and what it costs a write
 * that the rows of its case are bound and the rows that no entry binds are summed up, beside a database of the same
 * entries where they are not, in turn. Prints two tables.
 *
 *     ninja -C BUILD tests/bench/log_bench && BUILD/tests/bench/log_bench [ENTRIES]          ($TMPDIR holds the file)
 */
#include "src/base/id.h"
#include "src/store/case_store.h"
#include "src/store/log_tree.h"
#include "src/store/log_verify.h"
#include "src/store/object_store.h"
#include "src/store/sql.h"
#include "src/store/state_bind.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A_TURN 1000
#define SINGLE 1000
#define PROOFS 2000
#define OBJECTS 60 /* rows of the case beside its own */

typedef struct {
    KcStore *store;
    char *case_id;
    gint64 seed;
    guint count; /* entries of one transaction */
} Bench;

static void
require(gboolean ok, const GError *error)
{
    if (ok)
        return;
    fprintf(stderr, "log_bench: %s\n", error != NULL ? error->message : "failed");
    exit(EXIT_FAILURE);
}

static int
compare(const void *a, const void *b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

static double
percentile_ms(gint64 *us, guint count, guint percent)
{
    qsort(us, count, sizeof *us, compare);
    return (double)us[count * percent / 100] / 1000;
}

static void
print_times(const char *what, gint64 *us, guint count)
{
    printf("| %s | %.3f ms | %.3f ms |\n", what, percentile_ms(us, count, 50), percentile_ms(us, count, 99));
}

/* ---- Appending ---- */

static gboolean
make_case(KcTx *tx, gpointer data, GError **error)
{
    Bench *bench = data;
    KcCaseRow row = {.id = bench->case_id,
                     .number = (char *)"C-20261123-000001",
                     .version = 1,
                     .state = (char *)"waiting",
                     .channel = (char *)"web",
                     .created_us = 1,
                     .updated_us = 1,
                     .triage_json = (char *)"{}"};
    return kc_case_store_insert(tx, &row, error);
}

static gboolean
append(KcTx *tx, gpointer data, GError **error)
{
    Bench *bench = data;
    for (guint i = 0; i < bench->count; i++) {
        json_t *entry_data = json_pack("{s:s, s:I}", "object_id", bench->case_id, "n", (json_int_t)i);
        KcLogEntry entry = {.at_us = ++bench->seed,
                            .case_id = bench->case_id,
                            .kind = (char *)"recording.viewed",
                            .actor_kind = (char *)"user",
                            .actor_id = bench->case_id,
                            .data = entry_data};
        gboolean done = kc_log_store_append(tx, &entry, error);
        json_decref(entry_data);
        if (!done)
            return FALSE;
    }
    return TRUE;
}

/* A write as a use case makes it: one entry, one COMMIT. And the same COMMIT around a write without an entry. */
static gboolean
count_something(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    return kc_tx_counter_next(tx, "bench", error) > 0;
}

/* As most use cases: the row of the case, and one entry. */
static gboolean
change_case(KcTx *tx, gpointer data, GError **error)
{
    Bench *bench = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, bench->case_id, &row, error))
        return FALSE;
    row->updated_us = bench->seed;
    return kc_case_store_update(tx, row, error) == KC_UPDATE_DONE && append(tx, bench, error);
}

static gboolean
add_objects(KcTx *tx, gpointer data, GError **error)
{
    Bench *bench = data;
    for (guint i = 0; i < OBJECTS; i++) {
        g_autofree char *id = g_strdup_printf("01935cd1-7f00-7000-8000-%012u", i);
        g_autofree char *path = g_strdup_printf("%s/%s.kcv", bench->case_id, id);
        KcObject object = {.id = id,
                           .case_id = bench->case_id,
                           .kind = (char *)"photo",
                           .path = path,
                           .status = (char *)"complete",
                           .sha256 = (char *)"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                           .size_bytes = 1,
                           .content_type = (char *)"image/jpeg",
                           .meta_json = (char *)"{}",
                           .created_us = 1,
                           .finished_us = 2};
        if (!kc_object_store_insert(tx, &object, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
bind_rows(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    g_auto(KcStateBinding) binding = {0};
    gboolean done = FALSE;
    while (!done)
        if (!kc_state_bind_turn(tx, &binding, 1, &done, error))
            return FALSE;
    return TRUE;
}

/* The connection of this store notes nothing of what a job does to rows. */
static gboolean
forget_triggers(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT name FROM temp.sqlite_schema WHERE type = 'trigger'", error);
    while (query != NULL && kc_query_step(query, error) == KC_STEP_ROW) {
        g_autofree char *name = kc_take_text(query);
        g_string_append_printf(sql, "DROP TRIGGER temp.%s;", name);
    }
    g_clear_pointer(&query, kc_query_free);
    return kc_connection_exec(tx->connection, sql->str, error);
}

static gint64
time_write(Bench *bench, KcTxFn fn)
{
    g_autoptr(GError) error = NULL;
    gint64 began = g_get_monotonic_time();
    require(kc_store_write(bench->store, fn, bench, &error), error);
    return g_get_monotonic_time() - began;
}

static void
compare_writes(Bench *bound, Bench *floor, const char *what, KcTxFn fn)
{
    gint64 bound_us[SINGLE], floor_us[SINGLE];
    bound->count = floor->count = 1;
    for (guint i = 0; i < SINGLE; i++) {
        floor_us[i] = time_write(floor, fn);
        bound_us[i] = time_write(bound, fn);
    }
    double of_floor = percentile_ms(floor_us, SINGLE, 50), of_bound = percentile_ms(bound_us, SINGLE, 50);
    printf("| %s | %.3f ms | %.3f ms | %.2f | %.3f ms |\n", what, of_floor, of_bound, of_bound / of_floor,
           percentile_ms(bound_us, SINGLE, 99));
}

static void
fill(Bench *bench, guint entries)
{
    g_autoptr(GError) error = NULL;
    gint64 began = g_get_monotonic_time();
    bench->count = A_TURN;
    for (guint done = 0; done < entries; done += A_TURN)
        require(kc_store_write(bench->store, append, bench, &error), error);
    double s = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
    printf("appended %.0f a second\n", entries / s);
}

/* ---- Proving ---- */

static gboolean
prove(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    KcMerkleRows rows = kc_log_tree_rows(tx);
    KcMerkleProof proof;
    KcMerkleHash root;
    guint64 size;
    gint64 leaf_us[PROOFS], growth_us[PROOFS], root_us[PROOFS];
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    require(kc_log_tree_size(tx, &size, error), *error);
    for (guint i = 0; i < PROOFS; i++) {
        guint64 at = (guint64)g_rand_int_range(rand, 1, (gint32)size);
        gint64 began = g_get_monotonic_time();
        require(kc_merkle_prove_leaf(&rows, at, size, &proof, error), *error);
        leaf_us[i] = g_get_monotonic_time() - began;
        began = g_get_monotonic_time();
        require(kc_merkle_prove_growth(&rows, at, size, &proof, error), *error);
        growth_us[i] = g_get_monotonic_time() - began;
        began = g_get_monotonic_time();
        require(kc_merkle_root(&rows, at, &root, error), *error);
        root_us[i] = g_get_monotonic_time() - began;
    }
    print_times("proof of a leaf", leaf_us, PROOFS);
    print_times("proof of growth", growth_us, PROOFS);
    print_times("root of a checkpoint", root_us, PROOFS);
    return TRUE;
}

static gboolean
verify(KcTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
    KcLogCheck check;
    gint64 began = g_get_monotonic_time();
    require(kc_log_store_verify(tx, &check, error), *error);
    require(check.problem == NULL, NULL);
    printf("\nverified whole: %.1f s\n", (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
    return TRUE;
}

static Bench
open_bench(const char *dir, const char *name, KcKeyring *keyring, guint entries)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    Bench bench = {.store = kc_store_open(path, keyring, &error),
                   .case_id = (char *)"01935cd1-7f00-7000-8000-0000000000c1"};
    require(bench.store != NULL, error);
    require(kc_store_write(bench.store, make_case, &bench, &error), error);
    require(kc_store_write(bench.store, add_objects, &bench, &error), error);
    fill(&bench, entries);
    return bench;
}

int
main(int argc, char **argv)
{
    guint entries = argc > 1 ? (guint)atoi(argv[1]) : 1000000;
    g_autoptr(GError) error = NULL;
    char *dir = kc_test_dir_new();
    require(dir != NULL, error);
    g_autofree char *key = g_build_filename(dir, "master.key", NULL);
    g_autofree char *path = g_build_filename(dir, "bound.db", NULL);
    g_autoptr(KcKeyring) keyring = kc_keyring_open(key, TRUE, &error);
    require(keyring != NULL, error);
    printf("entries: %u, %u a transaction\n", entries, A_TURN);
    Bench floor = open_bench(dir, "floor.db", keyring, entries), bound = open_bench(dir, "bound.db", keyring, entries);
    require(kc_store_write(floor.store, forget_triggers, NULL, &error), error);
    require(kc_store_write(bound.store, bind_rows, NULL, &error), error);

    printf("\n| a write | neither bound nor summed | both | ratio | 99th |\n| --- | --- | --- | --- | --- |\n");
    compare_writes(&bound, &floor, "without an entry", count_something);
    compare_writes(&bound, &floor, "that is an entry", append);
    compare_writes(&bound, &floor, "that changes a case of 61 rows, and is an entry", change_case);
    printf("\n| | median | 99th |\n| --- | --- | --- |\n");
    require(kc_store_read(bound.store, prove, NULL, &error), error);
    require(kc_store_read(bound.store, verify, NULL, &error), error);

    kc_store_close(floor.store);
    kc_store_close(bound.store);
    GStatBuf info;
    require(g_stat(path, &info) == 0, NULL);
    printf("size: %.0f bytes an entry, %.0f MB\n", (double)info.st_size / entries, (double)info.st_size / 1e6);
    if (g_getenv("KEEP") == NULL)
        kc_test_dir_remove(dir);
    return EXIT_SUCCESS;
}
