/* The targets are found first, then each case is folded and counted: in a database case by case, by the log's own
 * index; in a file entries come as they were written, so that there every case is kept until the end. */
#include "src/store/report_log.h"

#include "src/base/json.h"
#include "src/store/report_entry.h"

#include <gio/gio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
    gint64 number, valid_from_us;
    KcReportTargets targets;
    gboolean says, withdrawn;
} Rules;

typedef struct {
    GPtrArray *counters; /* one for each query; empty until the targets are known */
    GArray *rules;       /* Rules, as they were made */
    gint64 seq, at_us;   /* of the last entry */
    GError *error;
} Log;

/* ---- targets ---- */

static void
take_rules(Log *log, const json_t *data)
{
    const json_t *targets = json_object_get(data, "targets_s");
    Rules rules = {.number = json_integer_value(json_object_get(data, "number")),
                   .valid_from_us = json_integer_value(json_object_get(data, "valid_from_us")),
                   .says = json_is_object(targets)};
    rules.targets = (KcReportTargets){json_integer_value(json_object_get(targets, "answer")),
                                      json_integer_value(json_object_get(targets, "clear")),
                                      json_integer_value(json_object_get(targets, "close"))};
    g_array_append_val(log->rules, rules);
}

static void
withdraw_rules(Log *log, const json_t *data)
{
    gint64 number = json_integer_value(json_object_get(data, "number"));
    for (guint i = 0; i < log->rules->len; i++) {
        Rules *rules = &g_array_index(log->rules, Rules, i);
        rules->withdrawn = rules->withdrawn || rules->number == number;
    }
}

static void
take_general(Log *log, const char *kind, const json_t *data)
{
    if (strcmp(kind, "rules.changed") == 0)
        take_rules(log, data);
    else if (strcmp(kind, "rules.withdrawn") == 0)
        withdraw_rules(log, data);
}

static KcReportTargets
targets_of(const Log *log)
{
    for (guint i = log->rules->len; i-- > 0;) {
        const Rules *rules = &g_array_index(log->rules, Rules, i);
        if (!rules->withdrawn && rules->valid_from_us <= log->at_us)
            return rules->says ? rules->targets : kc_report_targets;
    }
    return kc_report_targets;
}

/* ---- cases ---- */

static void
counter_free(gpointer counter)
{
    kc_report_counter_free(counter);
}

static void
report_free(gpointer report)
{
    kc_report_free(report);
}

static void
log_clear(Log *log)
{
    g_clear_pointer(&log->counters, g_ptr_array_unref);
    g_clear_pointer(&log->rules, g_array_unref);
    g_clear_error(&log->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Log, log_clear)

static Log
log_new(void)
{
    return (Log){.counters = g_ptr_array_new_with_free_func(counter_free),
                 .rules = g_array_new(FALSE, TRUE, sizeof(Rules))};
}

static void
begin_counting(Log *log, const KcReportLogQuery *queries, guint count)
{
    KcReportTargets targets = targets_of(log);
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(log->counters, kc_report_counter_new(queries[i].from_us, queries[i].to_us, &targets,
                                                             queries[i].by, queries[i].by_count));
}

static void
count_case(Log *log, const KcReportFold *fold)
{
    KcReportCase one;
    if (fold == NULL || !kc_report_fold_result(fold, &one))
        return;
    for (guint i = 0; i < log->counters->len; i++)
        kc_report_counter_add(log->counters->pdata[i], &one);
}

static GPtrArray *
finish_counting(Log *log)
{
    GPtrArray *reports = g_ptr_array_new_with_free_func(report_free);
    for (guint i = 0; i < log->counters->len; i++)
        g_ptr_array_add(reports, kc_report_counter_finish(log->counters->pdata[i], log->seq));
    return reports;
}

/* ---- a database ---- */

static gboolean
set_sql_error(sqlite3 *db, const char *path, GError **error)
{
    g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_FAILED, "%s: %s", path, sqlite3_errmsg(db));
    return FALSE;
}

static gboolean
try_open(const char *path, gboolean immutable, sqlite3 **ret_db)
{
    g_autofree char *escaped = g_uri_escape_string(path, "/", TRUE);
    g_autofree char *uri = g_strdup_printf("file:%s%s", escaped, immutable ? "?immutable=1" : "");
    return sqlite3_open_v2(uri, ret_db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) ==
               SQLITE_OK &&
           sqlite3_busy_timeout(*ret_db, 5000) == SQLITE_OK &&
           sqlite3_exec(*ret_db, "BEGIN; SELECT 1 FROM audit_log LIMIT 1", NULL, NULL, NULL) == SQLITE_OK;
}

/* A copy in a folder that can't be written has no WAL to share: it is read as it is. */
static sqlite3 *
open_database(const char *path, GError **error)
{
    sqlite3 *db = NULL;
    if (try_open(path, FALSE, &db))
        return db;
    gboolean unshared =
        db != NULL && (sqlite3_errcode(db) == SQLITE_CANTOPEN || sqlite3_errcode(db) == SQLITE_READONLY);
    if (unshared && g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        sqlite3_close(db);
        db = NULL;
        if (try_open(path, TRUE, &db))
            return db;
    }
    set_sql_error(db, path, error);
    sqlite3_close(db);
    return NULL;
}

static const char *
text_at(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static json_t *
data_at(Log *log, sqlite3_stmt *row, int column)
{
    const char *text = text_at(row, column);
    json_t *data = text != NULL ? json_loads(text, 0, NULL) : NULL;
    if (data == NULL && log->error == NULL)
        g_set_error_literal(&log->error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "an entry of the log is damaged");
    return data;
}

static void
take_general_row(Log *log, sqlite3_stmt *row)
{
    g_autoptr(json_t) data = data_at(log, row, 1);
    take_general(log, text_at(row, 0), data);
}

static void
take_last_row(Log *log, sqlite3_stmt *row)
{
    log->seq = sqlite3_column_int64(row, 0);
    log->at_us = sqlite3_column_int64(row, 1);
}

static void
take_case_row(Log *log, sqlite3_stmt *row, KcReportFold *fold)
{
    KcReportEntryTexts texts;
    KcReportEntry entry = {.kind = text_at(row, 1),
                           .at_us = sqlite3_column_int64(row, 2),
                           .actor_kind = text_at(row, 3),
                           .actor_id = text_at(row, 4)};
    if (entry.kind == NULL && log->error == NULL) /* never, but in a file that was damaged */
        g_set_error_literal(&log->error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "an entry of the log has no kind");
    if (entry.kind == NULL || !kc_report_fold_wants(entry.kind))
        return;
    g_autoptr(json_t) data = data_at(log, row, 5);
    kc_report_entry_read(data, &texts, &entry);
    kc_report_fold_take(fold, &entry);
}

typedef void (*RowFn)(Log *log, sqlite3_stmt *row);

static gboolean
each_row(Log *log, sqlite3 *db, const char *path, const char *sql, RowFn fn, GError **error)
{
    sqlite3_stmt *row = NULL;
    int step = sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK ? SQLITE_ROW : SQLITE_ERROR;
    while (step == SQLITE_ROW && (step = sqlite3_step(row)) == SQLITE_ROW)
        fn(log, row);
    gboolean done = step == SQLITE_DONE || set_sql_error(db, path, error);
    sqlite3_finalize(row);
    return done;
}

static gboolean
each_case(Log *log, sqlite3 *db, const char *path, GError **error)
{
    static const char sql[] = "SELECT case_id, kind, at_us, actor_kind, actor_id, data_json FROM audit_log "
                              "WHERE case_id IS NOT NULL ORDER BY case_id, seq";
    g_autoptr(KcReportFold) fold = NULL;
    g_autofree char *case_id = NULL;
    sqlite3_stmt *row = NULL;
    int step = sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK ? SQLITE_ROW : SQLITE_ERROR;
    while (step == SQLITE_ROW && (step = sqlite3_step(row)) == SQLITE_ROW) {
        if (g_strcmp0(case_id, text_at(row, 0)) != 0) {
            count_case(log, fold);
            kc_report_fold_free(fold);
            g_free(case_id);
            case_id = g_strdup(text_at(row, 0));
            fold = kc_report_fold_new(case_id);
        }
        take_case_row(log, row, fold);
    }
    count_case(log, fold);
    gboolean done = step == SQLITE_DONE || set_sql_error(db, path, error);
    sqlite3_finalize(row);
    return done;
}

GPtrArray *
kc_report_log_of_database(const char *path, const KcReportLogQuery *queries, guint count, GError **error)
{
    g_auto(Log) log = log_new();
    sqlite3 *db = open_database(path, error);
    if (db == NULL)
        return NULL;
    gboolean done =
        each_row(&log, db, path, "SELECT seq, at_us FROM audit_log ORDER BY seq DESC LIMIT 1", take_last_row, error) &&
        each_row(&log, db, path,
                 "SELECT kind, data_json FROM audit_log WHERE case_id IS NULL AND kind IN ('rules.changed', "
                 "'rules.withdrawn') ORDER BY seq",
                 take_general_row, error);
    begin_counting(&log, queries, count);
    done = done && each_case(&log, db, path, error);
    sqlite3_close(db);
    if (done && log.error != NULL)
        g_propagate_error(error, g_steal_pointer(&log.error));
    else if (done)
        return finish_counting(&log);
    return NULL;
}

/* ---- lines ---- */

static void
fold_free(gpointer fold)
{
    kc_report_fold_free(fold);
}

static void
take_case_line(GHashTable *folds, const json_t *root, const char *case_id, const char *kind, gint64 at_us)
{
    const json_t *actor = json_object_get(root, "actor");
    KcReportFold *fold = g_hash_table_lookup(folds, case_id);
    KcReportEntryTexts texts;
    KcReportEntry entry = {.kind = kind,
                           .at_us = at_us,
                           .actor_kind = json_string_value(json_object_get(actor, "kind")),
                           .actor_id = json_string_value(json_object_get(actor, "id"))};
    if (fold == NULL) {
        fold = kc_report_fold_new(case_id);
        g_hash_table_insert(folds, g_strdup(case_id), fold);
    }
    kc_report_entry_read(json_object_get(root, "data"), &texts, &entry);
    kc_report_fold_take(fold, &entry);
}

/* What is wrong, or NULL; static. */
static const char *
take_line(Log *log, GHashTable *folds, const char *line)
{
    g_autoptr(json_t) root = json_loads(line, 0, NULL);
    const char *kind = json_string_value(json_object_get(root, "kind"));
    const json_t *case_id = json_object_get(root, "case_id"), *data = json_object_get(root, "data");
    gint64 seq = json_integer_value(json_object_get(root, "seq"));
    if (kind == NULL || !json_is_object(data) || !json_is_integer(json_object_get(root, "at_us")))
        return "this is no entry of the log";
    if (seq != log->seq + 1)
        return "this is not the next entry: all of them are needed, from the first one, in their order";
    log->seq = seq;
    log->at_us = json_integer_value(json_object_get(root, "at_us"));
    if (json_is_string(case_id))
        take_case_line(folds, root, json_string_value(case_id), kind, log->at_us);
    else
        take_general(log, kind, data);
    return NULL;
}

static gboolean
read_lines(Log *log, GHashTable *folds, const char *path, GDataInputStream *lines, GError **error)
{
    for (guint number = 1;; number++) {
        g_autoptr(GError) broken = NULL;
        g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, &broken);
        const char *wrong = line != NULL && *line != '\0' ? take_line(log, folds, line) : NULL;
        if (wrong != NULL)
            g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "%s, line %u: %s", path, number, wrong);
        if (wrong != NULL)
            return FALSE;
        if (broken != NULL) {
            g_propagate_error(error, g_steal_pointer(&broken));
            return FALSE;
        }
        if (line == NULL)
            return TRUE;
    }
}

GPtrArray *
kc_report_log_of_lines(const char *path, const KcReportLogQuery *queries, guint count, GError **error)
{
    g_auto(Log) log = log_new();
    g_autoptr(GHashTable) folds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fold_free);
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) in = g_file_read(file, NULL, error);
    g_autoptr(GDataInputStream) lines = in != NULL ? g_data_input_stream_new(G_INPUT_STREAM(in)) : NULL;
    if (lines == NULL || !read_lines(&log, folds, path, lines, error))
        return NULL;
    begin_counting(&log, queries, count);
    GHashTableIter iter;
    gpointer fold;
    g_hash_table_iter_init(&iter, folds);
    while (g_hash_table_iter_next(&iter, NULL, &fold))
        count_case(&log, fold);
    return finish_counting(&log);
}
