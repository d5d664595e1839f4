/* What reports cost over many cases: reading the log into what is kept of each, a report of the year with every
 * breakdown, the cases behind a figure, and the same report from the log alone. Prints a table.
 *
 *     ninja -C BUILD tests/bench/reports_bench && BUILD/tests/bench/reports_bench [CASES]          ($TMPDIR holds the
 * file)
 *
 * Entries are written past the service, without their hashes: reports don't look at them. */
#include "src/base/json.h"
#include "src/base/timestamp.h"
#include "src/store/report_log.h"
#include "src/store/report_store.h"
#include "tests/bench/synthetic.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define BY_ALL 9

static const KcReportBy BY[BY_ALL] = {KC_REPORT_BY_WEEK, KC_REPORT_BY_COUNTY,   KC_REPORT_BY_CHANNEL,
                                      KC_REPORT_BY_FORM, KC_REPORT_BY_SCENARIO, KC_REPORT_BY_OFFICER,
                                      KC_REPORT_BY_HOUR, KC_REPORT_BY_OUTCOME,  KC_REPORT_BY_GROUND};

typedef struct {
    gint64 from_us, to_us;
    guint64 entries;
    guint by_count;
    KcReport *report;
    GPtrArray *cases;
} Bench;

static void
require(gboolean ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "reports_bench: %s\n", what != NULL ? what : "failed");
    exit(EXIT_FAILURE);
}

static double
since(gint64 began)
{
    return (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
}

/* ---- filling ---- */

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    require(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    return statement;
}

static void
put(sqlite3_stmt *statement, const KcLogEntry *entry, guint64 seq)
{
    g_autofree char *data = kc_json_canonical(entry->data);
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)seq);
    sqlite3_bind_int64(statement, 2, entry->at_us);
    sqlite3_bind_text(statement, 3, entry->case_id, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, entry->kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, entry->actor_kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 6, entry->actor_id, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, data, -1, SQLITE_STATIC);
    require(sqlite3_step(statement) == SQLITE_DONE, "an entry");
    sqlite3_reset(statement);
}

static void
fill(Bench *bench, const char *path, guint cases)
{
    char *const officers[] = {
        (char *)"01935cd1-7f00-7000-8000-0000000000f1", (char *)"01935cd1-7f00-7000-8000-0000000000f2",
        (char *)"01935cd1-7f00-7000-8000-0000000000f3", (char *)"01935cd1-7f00-7000-8000-0000000000f4", NULL};
    KcSynthetic of = {.rand = g_rand_new_with_seed(1),
                      .officers = officers,
                      .year_us = bench->from_us,
                      .span_us = bench->to_us - bench->from_us};
    sqlite3 *db = NULL;
    require(sqlite3_open(path, &db) == SQLITE_OK, "open");
    sqlite3_exec(db, "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; DROP TRIGGER audit_log_in_order; BEGIN",
                 NULL, NULL, NULL);
    sqlite3_stmt *statement =
        prepare(db, "INSERT INTO audit_log (seq, at_us, case_id, kind, actor_kind, actor_id, data_json, hash) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, zeroblob(32))");
    for (guint i = 0; i < cases; i++) {
        g_autoptr(KcSyntheticCase) one = kc_synthetic_case(&of, kc_synthetic_time(&of, (double)i / cases));
        for (guint k = 0; k < one->entries->len; k++)
            put(statement, one->entries->pdata[k], ++bench->entries);
    }
    sqlite3_finalize(statement);
    require(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
    sqlite3_close(db);
    g_rand_free(of.rand);
}

/* ---- what is timed ---- */

static gboolean
catch_up(KcTx *tx, gpointer more, GError **error)
{
    return kc_report_store_catch_up(tx, 2000, more, error);
}

static gboolean
count(KcTx *tx, gpointer data, GError **error)
{
    Bench *bench = data;
    g_autoptr(KcReportCounter) counter =
        kc_report_counter_new(bench->from_us, bench->to_us, &kc_report_targets, BY, bench->by_count);
    gboolean done = kc_report_store_count(tx, counter, bench->from_us, bench->to_us, &(KcReportScope){0}, error);
    bench->report = kc_report_counter_finish(counter, 0);
    return done;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Bench *bench = data;
    g_autofree char *cursor = NULL;
    const KcReportQuery query = {.from_us = bench->from_us,
                                 .to_us = bench->to_us,
                                 .targets = kc_report_targets,
                                 .figure = KC_FIGURE_REVIEW_OVERTURNED,
                                 .by = KC_REPORT_BY_COUNTY,
                                 .key = "611026",
                                 .limit = 50};
    bench->cases = kc_report_store_list(tx, &query, &cursor, error);
    return bench->cases != NULL;
}

static void
time_report(Bench *bench, KcStore *store, const char *what, guint by_count)
{
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 3; i++) {
        gint64 began = g_get_monotonic_time();
        bench->by_count = by_count;
        require(kc_store_read(store, count, bench, &error), "count");
        printf("| %s | %.2f s |\n", what, since(began));
        kc_report_free(bench->report);
    }
}

static void
time_rest(Bench *bench, KcStore *store, const char *path)
{
    g_autoptr(GError) error = NULL;
    gint64 began = g_get_monotonic_time();
    require(kc_store_read(store, list, bench, &error), "list");
    printf("| %u cases behind a rare figure, all looked through | %.2f s |\n", bench->cases->len, since(began));
    g_ptr_array_unref(bench->cases);
    const KcReportLogQuery query = {bench->from_us, bench->to_us, BY, BY_ALL};
    began = g_get_monotonic_time();
    g_autoptr(GPtrArray) reports = kc_report_log_of_database(path, &query, 1, &error);
    require(reports != NULL, error != NULL ? error->message : NULL);
    printf("| the same report from the log alone | %.1f s |\n", since(began));
}

int
main(int argc, char **argv)
{
    guint cases = argc > 1 ? (guint)atoi(argv[1]) : 1000000;
    g_autoptr(GError) error = NULL;
    Bench bench = {0};
    kc_timestamp_parse("2026-01-01T00:00:00+08:00", &bench.from_us);
    kc_timestamp_parse("2027-01-01T00:00:00+08:00", &bench.to_us);
    char *dir = kc_test_dir_new();
    g_autofree char *key = g_build_filename(dir, "master.key", NULL), *path = g_build_filename(dir, "kuaichu.db", NULL);
    g_autoptr(KcKeyring) keyring = kc_keyring_open(key, TRUE, &error);
    KcStore *store = kc_store_open(path, keyring, &error);
    require(store != NULL, error != NULL ? error->message : NULL);
    fill(&bench, path, cases);

    gint64 began = g_get_monotonic_time();
    for (gboolean more = TRUE; more;)
        require(kc_store_write(store, catch_up, &more, &error), error != NULL ? error->message : NULL);
    double s = since(began);
    printf("%u cases, %" G_GUINT64_FORMAT " entries\n\n| | |\n| --- | --- |\n", cases, bench.entries);
    printf("| read from the log once | %.1f s, %.0f entries a second |\n", s, (double)bench.entries / s);
    time_report(&bench, store, "a report of the year", 0);
    time_report(&bench, store, "the same with nine breakdowns", BY_ALL);
    time_rest(&bench, store, path);
    kc_store_close(store);
    GStatBuf info;
    if (g_stat(path, &info) == 0)
        printf("| size of the database | %.0f MB |\n", (double)info.st_size / 1e6);
    kc_test_dir_remove(dir);
    return EXIT_SUCCESS;
}
