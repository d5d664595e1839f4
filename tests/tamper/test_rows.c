/* Every table of the database: each column of its rows changed and emptied, rows deleted, inserted, swapped, moved to
 * another case, the table emptied, and set back to what it held yesterday. Who does it writes the database's file and
 * knows the schema, so that triggers are out of the way and back afterwards. */
#include <sqlite3.h>
#include <string.h>

#include "tests/tamper/sql.h"
#include "tests/tamper/tables.h"
#include "tests/tamper/town.h"
#include "tests/tamper/trial.h"

static Town town;
static char *folder; /* today's, which is tampered with */
static char *database;
static GBytes *whole; /* the database before */

/* ---- The one who tampers ---- */

static sqlite3 *db;
static GPtrArray *triggers;

static void
open_database(void)
{
    ck_assert_int_eq(sqlite3_open(database, &db), SQLITE_OK);
    tamper_run(db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA journal_mode = DELETE; "
                   "PRAGMA synchronous = OFF");
    triggers = tamper_begin(db);
}

/* FALSE: the database would not have it (two rows of one key), or it was so already. */
static gboolean
try_sql(const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK && sqlite3_changes(db) > 0;
}

static void
close_database(gboolean done)
{
    if (done)
        tamper_end(db, g_steal_pointer(&triggers));
    else
        tamper_undo(db, g_steal_pointer(&triggers));
    tamper_run(db, "PRAGMA journal_mode = WAL");
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static void
put_back(void)
{
    gsize len;
    const char *bytes = g_bytes_get_data(whole, &len);
    ck_assert(g_file_set_contents_full(database, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- One trial ---- */

typedef struct {
    const Table *table;
    const char *how;
    const char *column;
    const char *first_case, *second_case; /* that are touched; "" any */
    gboolean loose;                       /* the schema lets the table's columns be NULL meanwhile */
} Trial;

static gboolean
names_it(const TrialFinding *finding, const Table *table)
{
    return g_strcmp0(finding->table, table->name) == 0 ||
           (g_str_has_prefix(table->name, "log_") && g_strcmp0(finding->kind, "log") == 0);
}

static gboolean
is_false(const TrialFinding *finding, const Trial *trial)
{
    return finding->case_id != NULL && *trial->first_case != '\0' && strcmp(finding->case_id, trial->first_case) != 0 &&
           strcmp(finding->case_id, trial->second_case) != 0 &&
           (strcmp(finding->case_id, town.cases[0]) == 0 || strcmp(finding->case_id, town.cases[1]) == 0);
}

static TrialOutcome
judge(const Trial *trial, const Verdict *verdict)
{
    gboolean named = FALSE;
    for (guint i = 0; i < verdict->findings->len; i++) {
        if (is_false(verdict->findings->pdata[i], trial))
            return TRIAL_FALSE;
        named = named || names_it(verdict->findings->pdata[i], trial->table);
    }
    if (named)
        return TRIAL_NAMED;
    return verdict_is_clean(verdict) ? TRIAL_MISSED : TRIAL_FOUND;
}

static gboolean
is_without_rowid(const char *table)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT name FROM sqlite_schema WHERE name = '%s' AND sql LIKE '%%WITHOUT ROWID'", table);
    g_autoptr(GPtrArray) found = tamper_texts(db, sql);
    return found->len > 0;
}

/* Why the database would not have a NULL there; NULL: it was NULL already. Any other reason fails the test, which would
 * try nothing then. */
static const char *
why_not_null(const Trial *trial)
{
    switch (sqlite3_extended_errcode(db)) {
    case SQLITE_OK:
        return NULL;
    case SQLITE_MISMATCH:
        ck_assert(table_has_key(trial->table, trial->column));
        return "an INTEGER PRIMARY KEY is the number that SQLite finds the row by";
    case SQLITE_CONSTRAINT_NOTNULL:
        ck_assert(table_has_key(trial->table, trial->column) && is_without_rowid(trial->table->name));
        return "the PRIMARY KEY of a table WITHOUT ROWID is what SQLite finds the row by";
    default:
        ck_abort_msg("%s.%s can't be NULL: %s", trial->table->name, trial->column, sqlite3_errmsg(db));
    }
}

/* FALSE: the database is as it was, and why, where that is worth telling. */
static gboolean
tamper(const Trial *trial, const char *sql, const char **ret_why_not)
{
    open_database();
    char *schema = trial->loose ? tamper_loosen(db, trial->table->name) : NULL;
    gboolean done = try_sql(sql);
    *ret_why_not = !done && trial->loose ? why_not_null(trial) : NULL;
    if (schema != NULL)
        tamper_tighten(db, trial->table->name, schema);
    close_database(done);
    return done;
}

static void
look(const Trial *trial, const char *sql)
{
    g_autoptr(Verdict) verdict = verdict_of(folder, NULL);
    g_autofree char *text = verdict_text(verdict);
    g_autofree char *where = g_strdup_printf("%s\n    %s", sql, text);
    trial_count(trial->table->name, trial->how, judge(trial, verdict), where);
}

static guint turn;

static void
try(const Trial *trial, const char *sql)
{
    const char *why_not;
    if (turn++ % trial_every(29) != 0)
        return;
    if (tamper(trial, sql, &why_not))
        look(trial, sql);
    else if (why_not != NULL)
        trial_count(trial->table->name, trial->how, TRIAL_CANNOT, why_not);
    put_back();
}

/* Another value, of the type that the column has. */
static char *
other_value(const char *column, const char *type)
{
    if (strcmp(type, "INTEGER") == 0)
        return g_strdup_printf("coalesce(%s + 1, 1)", column);
    if (strcmp(type, "BLOB") == 0)
        return g_strdup_printf(
            "CASE WHEN %s IS NULL OR length(%s) = 0 THEN x'00' ELSE CAST(substr(%s, 1, length(%s) - 1) || "
            "CASE substr(%s, -1) WHEN x'55' THEN x'54' ELSE x'55' END AS BLOB) END",
            column, column, column, column, column);
    return g_strdup_printf("CASE WHEN %s IS NULL OR %s = '' THEN 'x' ELSE substr(%s, 1, length(%s) - 1) || "
                           "CASE substr(%s, -1) WHEN '1' THEN '2' ELSE '1' END END",
                           column, column, column, column, column);
}

static void
change_columns(const Table *table, guint row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        const char *column = table->columns->pdata[i], *owner = table->cases->pdata[row];
        g_autofree char *value = other_value(column, table->types->pdata[i]);
        g_autofree char *sql = g_strdup_printf("UPDATE %s SET %s = %s WHERE %s", table->name, column, value,
                                               (const char *)table->rows->pdata[row]);
        try(&(Trial){table, "column changed", column, owner, owner, FALSE}, sql);
    }
}

/* NULL where there is something, also where the schema says that there always is. */
static void
empty_columns(const Table *table, guint row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        const char *column = table->columns->pdata[i], *owner = table->cases->pdata[row];
        g_autofree char *sql = g_strdup_printf("UPDATE %s SET %s = NULL WHERE %s AND %s IS NOT NULL", table->name,
                                               column, (const char *)table->rows->pdata[row], column);
        try(&(Trial){table, "column emptied", column, owner, owner, TRUE}, sql);
    }
}

static void
delete_row(const Table *table, guint row)
{
    const char *owner = table->cases->pdata[row];
    g_autofree char *sql =
        g_strdup_printf("DELETE FROM %s WHERE %s", table->name, (const char *)table->rows->pdata[row]);
    try(&(Trial){table, "row deleted", NULL, owner, owner, FALSE}, sql);
}

/* The same row once more, under a key of its own. */
static void
insert_row(const Table *table, guint row)
{
    const char *owner = table->cases->pdata[row];
    g_autoptr(GString) values = g_string_new(NULL);
    for (guint i = 0; i < table->columns->len; i++) {
        const char *column = table->columns->pdata[i];
        gboolean key = table_has_key(table, column);
        g_autofree char *value = NULL;
        if (key && strcmp(table->types->pdata[i], "INTEGER") == 0 && table->keys->len == 1)
            value = g_strdup_printf("(SELECT max(%s) + 1 FROM %s)", column, table->name);
        else
            value =
                key && strcmp(column, "case_id") != 0 ? other_value(column, table->types->pdata[i]) : g_strdup(column);
        g_string_append_printf(values, "%s%s", i > 0 ? ", " : "", value);
    }
    g_autofree char *sql = g_strdup_printf("INSERT INTO %s SELECT %s FROM %s WHERE %s", table->name, values->str,
                                           table->name, (const char *)table->rows->pdata[row]);
    try(&(Trial){table, "row inserted", NULL, owner, owner, FALSE}, sql);
}

/* Everything but the keys changes places: a swap, between cases where the two are of two. */
static void
swap_rows(const Table *table, guint first, guint second)
{
    g_autoptr(GString) names = g_string_new(NULL), values = g_string_new(NULL), differ = g_string_new("0");
    const char *a = table->rows->pdata[first], *b = table->rows->pdata[second];
    const char *of_a = table->cases->pdata[first], *of_b = table->cases->pdata[second];
    for (guint i = 0; i < table->columns->len; i++) {
        const char *column = table->columns->pdata[i];
        if (table_has_key(table, column) || strcmp(column, "case_id") == 0)
            continue;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", column);
        g_string_append_printf(values, "%s%s", values->len > 0 ? ", " : "", column);
        g_string_append_printf(differ, " OR (SELECT %s FROM was WHERE %s) IS NOT (SELECT %s FROM was WHERE %s)", column,
                               a, column, b);
    }
    if (names->len == 0)
        return;
    /* Unique columns would refuse it halfway: both rows go, and come back as the other. */
    g_autoptr(GString) sql = g_string_new(NULL);
    g_autoptr(GString) keys = g_string_new(NULL);
    for (guint i = 0; i < table->columns->len; i++) {
        const char *column = table->columns->pdata[i];
        if (table_has_key(table, column) || strcmp(column, "case_id") == 0)
            g_string_append_printf(keys, "%s%s", keys->len > 0 ? ", " : "", column);
    }
    g_string_printf(
        sql,
        "CREATE TEMP TABLE was AS SELECT * FROM %s WHERE (%s) OR (%s); DELETE FROM %s WHERE (%s) OR (%s); "
        "INSERT INTO %s (%s, %s) SELECT k.*, v.* FROM (SELECT %s FROM was WHERE %s) k, (SELECT %s FROM was WHERE %s) v "
        "WHERE %s; INSERT INTO %s (%s, %s) SELECT k.*, v.* FROM (SELECT %s FROM was WHERE %s) k, (SELECT %s FROM was "
        "WHERE %s) v WHERE %s",
        table->name, a, b, table->name, a, b, table->name, keys->str, names->str, keys->str, a, names->str, b,
        differ->str, table->name, keys->str, names->str, keys->str, b, names->str, a, differ->str);
    try(&(Trial){table, strcmp(of_a, of_b) != 0 ? "rows swapped, cases" : "rows swapped", NULL, of_a, of_b, FALSE},
        sql->str);
}

static void
empty(const Table *table)
{
    g_autofree char *sql = g_strdup_printf("DELETE FROM %s", table->name);
    if (table->rows->len > 0)
        try(&(Trial){table, "emptied", NULL, "", "", FALSE}, sql);
}

/* ---- The whole ---- */

static GPtrArray *
read_tables(void)
{
    ck_assert_int_eq(sqlite3_open(database, &db), SQLITE_OK);
    GPtrArray *tables = tables_read(db);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    return tables;
}

static void
setup(void)
{
    g_autofree char *bytes = NULL;
    gsize len;
    town_make(&town);
    folder = town_copy(town.today);
    database = g_build_filename(folder, "kuaichu.db", NULL);
    ck_assert(g_file_get_contents(database, &bytes, &len, NULL));
    whole = g_bytes_new(bytes, len);
    turn = 0;
}

static void
teardown(void)
{
    g_bytes_unref(whole);
    g_free(database);
    kc_test_dir_remove(folder);
    town_clear(&town);
}

static void
assert_clean(void)
{
    g_autoptr(Verdict) verdict = verdict_of(folder, town.checkpoint);
    g_autofree char *text = verdict_text(verdict);
    ck_assert_msg(verdict_is_clean(verdict), "nothing was touched, and:\n%s", text);
}

START_TEST(every_table_that_is_changed_is_named)
{
    assert_clean();
    g_autoptr(GPtrArray) tables = read_tables();
    for (guint i = 0; i < tables->len; i++) {
        const Table *table = tables->pdata[i];
        for (guint row = 0; row < table->rows->len; row++) {
            change_columns(table, row);
            empty_columns(table, row);
            delete_row(table, row);
            insert_row(table, row);
            for (guint other = row + 1; other < table->rows->len; other++)
                swap_rows(table, row, other);
        }
        empty(table);
    }
    assert_clean();
    trial_end("Rows of the database");
}
END_TEST

/* Else every column that is emptied would be found by its schema alone. */
START_TEST(a_schema_that_was_put_back_is_no_finding)
{
    open_database();
    g_autoptr(GPtrArray) names = tamper_tables(db);
    for (guint i = 0; i < names->len; i++)
        tamper_tighten(db, names->pdata[i], tamper_loosen(db, names->pdata[i]));
    close_database(TRUE);
    assert_clean();
    put_back();
}
END_TEST

/* For each step of the check one that it could stop at, or fall over. */
static const struct {
    const char *table, *column;
} stumbled_over[] = {{"case_search", "case_id"}, {"counters", "value"},          {"findings", "id"},
                     {"holds", "case_id"},       {"idempotency", "sealed_body"}, {"objects", "kind"},
                     {"sessions", "user_id"},    {"users", "username"}};

static void
empty_all(const char *table, const char *column)
{
    g_autofree char *sql = g_strdup_printf("UPDATE %s SET %s = NULL", table, column);
    char *schema = tamper_loosen(db, table);
    tamper_run(db, sql);
    tamper_tighten(db, table, schema);
}

static gboolean
is_said(const Verdict *verdict, const char *kind, const char *table, const char *words)
{
    for (guint i = 0; i < verdict->findings->len; i++) {
        const TrialFinding *finding = verdict->findings->pdata[i];
        if (strcmp(finding->kind, kind) == 0 && g_strcmp0(finding->table, table) == 0 &&
            strstr(finding->text, words) != NULL)
            return TRUE;
    }
    return FALSE;
}

START_TEST(rows_that_lack_something_hide_no_others)
{
    open_database();
    for (guint i = 0; i < G_N_ELEMENTS(stumbled_over); i++)
        empty_all(stumbled_over[i].table, stumbled_over[i].column);
    tamper_run(db, "DELETE FROM users WHERE id = (SELECT max(id) FROM users)");
    close_database(TRUE);
    g_autoptr(Verdict) verdict = verdict_of(folder, NULL);
    g_autofree char *text = verdict_text(verdict);
    const char *stopped = strstr(text, "can't be checked to the end");
    ck_assert_msg(verdict->error == NULL && stopped == NULL, "%.2000s", stopped);
    for (guint i = 0; i < G_N_ELEMENTS(stumbled_over); i++) {
        g_autofree char *words = g_strdup_printf("has no %s, which every row has", stumbled_over[i].column);
        ck_assert_msg(is_said(verdict, "row", stumbled_over[i].table, words), "%s: %.4000s", stumbled_over[i].table,
                      text);
    }
    ck_assert_msg(is_said(verdict, "row", "users", "is missing"), "%.4000s", text);
    put_back();
}
END_TEST

/* As if they were all of before there were seals. */
START_TEST(checkpoints_without_any_seal_are_named)
{
    open_database();
    tamper_run(db, "UPDATE log_checkpoints SET seal = NULL");
    close_database(TRUE);
    g_autoptr(Verdict) verdict = verdict_of(folder, NULL);
    ck_assert(is_said(verdict, "sealed", "log_checkpoints", "was changed past the service"));
    put_back();
}
END_TEST

/* A table that is empty here is tried by nobody. */
START_TEST(no_table_is_empty_but_these)
{
    static const char *const may_be[] = {
        "file_removals", "key_destructions", "log_cosignatures", "log_witnesses", "seats", "state_bindings", NULL};
    g_autoptr(GPtrArray) tables = read_tables();
    for (guint i = 0; i < tables->len; i++) {
        const Table *table = tables->pdata[i];
        ck_assert_msg(table->rows->len > 0 || g_strv_contains(may_be, table->name), "%s has no row here", table->name);
    }
}
END_TEST

static Suite *
rows_suite(void)
{
    Suite *suite = suite_create("tamper/rows");
    TCase *tests = tcase_create("rows");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 3000);
    tcase_add_test(tests, no_table_is_empty_but_these);
    tcase_add_test(tests, a_schema_that_was_put_back_is_no_finding);
    tcase_add_test(tests, rows_that_lack_something_hide_no_others);
    tcase_add_test(tests, checkpoints_without_any_seal_are_named);
    tcase_add_test(tests, every_table_that_is_changed_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(rows_suite())
