/* Invariants, once the pass of state_bind.h is through:
 *  - row_states has exactly the bound rows, each with its digest, at every COMMIT;
 *  - the newest entry of a case that carries a state carries that of row_states. */
#include "src/store/state_watch.h"
#include "src/base/timestamp.h"
#include "src/store/log_store.h"
#include "src/store/row_sums.h"
#include "src/store/state_bind.h"
#include "src/store/state_digest.h"
#include "src/store/state_tables.h"

#include <string.h>

typedef enum { BEFORE_UNKNOWN, BEFORE_ABSENT, BEFORE_KNOWN } Before;

/* A row that a job touched, in one case. */
typedef struct {
    const KcStateTable *table;
    char *scope, *key;
    Before before;
    guint8 old[KC_SHA256_LEN]; /* what it was before the job */
    GBytes *stored, *now;      /* in row_states, and as it is; NULL: absent */
} Touch;

struct KcStateWatch {
    GHashTable *touched; /* "table/scope/key" -> Touch */
    const char **row_sql; /* of each table, the query for one row; texts that live as long as the program */
    KcRowChanges changes;
    gboolean bound; /* every row was, under the newest schema */
    gboolean binds; /* this job says so */
};

static void
touch_free(gpointer data)
{
    Touch *touch = data;
    g_free(touch->scope);
    g_free(touch->key);
    g_clear_pointer(&touch->stored, g_bytes_unref);
    g_clear_pointer(&touch->now, g_bytes_unref);
    g_free(touch);
}

/* ---- Noting ---- */

static void
note(KcStateWatch *watch, int table, sqlite3_value *scope, sqlite3_value *key, Before before, sqlite3_value *old)
{
    if (sqlite3_value_type(scope) == SQLITE_NULL)
        return;
    const char *scope_text = (const char *)sqlite3_value_text(scope), *key_text = (const char *)sqlite3_value_text(key);
    char *name = g_strdup_printf("%d/%s/%s", table, scope_text, key_text);
    if (g_hash_table_contains(watch->touched, name)) {
        g_free(name);
        return;
    }
    Touch *touch = g_new0(Touch, 1);
    touch->table = &kc_state_tables[table];
    touch->scope = g_strdup(scope_text);
    touch->key = g_strdup(key_text);
    touch->before = before;
    if (old != NULL && sqlite3_value_bytes(old) == KC_SHA256_LEN)
        memcpy(touch->old, sqlite3_value_blob(old), KC_SHA256_LEN);
    else if (before == BEFORE_KNOWN)
        touch->before = BEFORE_UNKNOWN;
    watch->binds = watch->binds || strcmp(touch->table->name, "state_bindings") == 0;
    g_hash_table_insert(watch->touched, name, touch);
}

/* kc_touch(table, old scope, old key, old digest, new scope, new key) */
static void
sql_touch(sqlite3_context *context, int argc G_GNUC_UNUSED, sqlite3_value **argv)
{
    KcStateWatch *watch = sqlite3_user_data(context);
    int table = sqlite3_value_int(argv[0]);
    note(watch, table, argv[1], argv[2], BEFORE_KNOWN, argv[3]);
    note(watch, table, argv[4], argv[5], BEFORE_ABSENT, NULL);
    sqlite3_result_null(context);
}

/* The digest of a row whose columns are read from another one can't be taken once that has changed. */
static gboolean
stands_alone(const KcStateTable *table)
{
    for (const char *const *column = table->columns; *column != NULL; column++)
        if (strstr(*column, "(SELECT") != NULL)
            return FALSE;
    return TRUE;
}

/* "scope, key, digest" of `row`. */
static char *
side(const KcStateTable *table, const char *row, gboolean with_digest)
{
    g_autofree char *scope = kc_state_sql(table->scope, row);
    g_autofree char *key = kc_state_key(table, row);
    g_autofree char *digest = stands_alone(table) ? kc_state_digest_call(table, row) : g_strdup("NULL");
    return g_strdup_printf("%s, %s%s%s", scope, key, with_digest ? ", " : "", with_digest ? digest : "");
}

static char *
columns_of(const KcStateTable *table)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; table->key[i] != NULL; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", table->key[i]);
    for (const char *const *column = table->columns; *column != NULL; column++) {
        g_autofree char *name = kc_state_column_name(*column);
        g_string_append_printf(names, ", %s", name);
    }
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static char *
triggers_of(guint number)
{
    const KcStateTable *table = &kc_state_tables[number];
    g_autofree char *columns = columns_of(table);
    g_autofree char *old = side(table, "old", TRUE);
    g_autofree char *new = side(table, "new", FALSE);
    return g_strdup_printf(
        "CREATE TEMP TRIGGER state_insert_%1$s AFTER INSERT ON main.%1$s BEGIN SELECT kc_touch(%2$u, NULL, NULL, NULL, %5$s); END;"
        "CREATE TEMP TRIGGER state_update_%1$s AFTER UPDATE OF %3$s ON main.%1$s BEGIN SELECT kc_touch(%2$u, %4$s, %5$s); END;"
        "CREATE TEMP TRIGGER state_delete_%1$s AFTER DELETE ON main.%1$s BEGIN SELECT kc_touch(%2$u, %4$s, NULL, NULL); END;",
        table->name, number, columns, old, new);
}

/* Of a table the query for one row by its case and key. */
static const char *
make_row_sql(const KcStateTable *table)
{
    g_autoptr(GString) sql = g_string_new("SELECT ");
    g_autofree char *digest = kc_state_digest_call(table, "t");
    g_autofree char *scope = kc_state_sql(table->scope, "t");
    guint of = 0;
    while (table->key[of] != NULL)
        of++;
    g_string_append_printf(sql, "%s FROM %s t WHERE %s = ?1", digest, table->name, scope);
    for (guint i = 0; i < of; i++)
        g_string_append_printf(sql, " AND t.%s = kc_key_part(?2, %u, %u)", table->key[i], i, of);
    return g_intern_string(sql->str);
}

KcStateWatch *
kc_state_watch_new(KcConnection *connection, const KcKeyring *keyring, GError **error)
{
    KcStateWatch *watch = g_new0(KcStateWatch, 1);
    sqlite3 *db = kc_connection_db(connection);
    watch->touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, touch_free);
    watch->row_sql = g_new0(const char *, kc_n_state_tables);
    sqlite3_create_function_v2(db, "kc_touch", 6, SQLITE_UTF8 | SQLITE_INNOCUOUS, watch, sql_touch, NULL, NULL, NULL);
    for (guint i = 0; i < kc_n_state_tables; i++) {
        g_autofree char *sql = triggers_of(i);
        watch->row_sql[i] = make_row_sql(&kc_state_tables[i]);
        if (!kc_connection_exec(connection, sql, error)) {
            kc_state_watch_free(watch);
            return NULL;
        }
    }
    if (!kc_row_sums_watch(connection, keyring, &watch->changes, error)) {
        kc_state_watch_free(watch);
        return NULL;
    }
    return watch;
}

void
kc_state_watch_free(KcStateWatch *watch)
{
    if (watch == NULL)
        return;
    g_hash_table_unref(watch->touched);
    g_free(watch->row_sql);
    g_free(watch);
}

void
kc_state_watch_begin(KcStateWatch *watch)
{
    g_hash_table_remove_all(watch->touched);
    watch->changes = (KcRowChanges){0};
    watch->binds = FALSE;
}

/* ---- Reading what was touched ---- */

/* *ret_bytes is NULL if there is no row. */
static gboolean
read_bytes(KcQuery *query, GBytes **ret_bytes, GError **error)
{
    KcStep step = kc_query_step(query, error);
    *ret_bytes = step == KC_STEP_ROW ? kc_take_bytes(query) : NULL;
    return step != KC_STEP_ERROR;
}

static gboolean
read_now(KcTx *tx, Touch *touch, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, tx->watch->row_sql[touch->table - kc_state_tables], error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, touch->scope);
    kc_bind_text(query, touch->key);
    return read_bytes(query, &touch->now, error);
}

static gboolean
read_stored(KcTx *tx, Touch *touch, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT digest FROM row_states WHERE scope = ? AND tbl = ? AND key = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, touch->scope);
    kc_bind_text(query, touch->table->name);
    kc_bind_text(query, touch->key);
    return read_bytes(query, &touch->stored, error);
}

static gboolean
was_as_stored(const Touch *touch)
{
    if (touch->before == BEFORE_KNOWN)
        return touch->stored != NULL && memcmp(g_bytes_get_data(touch->stored, NULL), touch->old, KC_SHA256_LEN) == 0;
    return touch->before == BEFORE_UNKNOWN || touch->stored == NULL;
}

static gboolean
has_changed(const Touch *touch)
{
    if (touch->now == NULL || touch->stored == NULL)
        return touch->now != touch->stored;
    return !g_bytes_equal(touch->now, touch->stored);
}

/* ---- Binding ---- */

gboolean
kc_state_log(KcTx *tx, const char *case_id, const char *kind, json_t *data, GError **error)
{
    KcLogEntry entry = {.at_us = kc_timestamp_now_us(),
                        .case_id = (char *)case_id,
                        .kind = (char *)kind,
                        .actor_kind = (char *)"system",
                        .data = data};
    gboolean done = kc_log_store_append(tx, &entry, error);
    json_decref(data);
    return done;
}

static const char *
case_of(const char *scope)
{
    return *scope != '\0' ? scope : NULL;
}

/* Not by the job that ends the pass: what it found is what holds. */
static gboolean
look_for_binding(KcTx *tx, GError **error)
{
    return tx->watch->bound || tx->watch->binds || kc_state_is_bound(tx, &tx->watch->bound, error);
}

static gboolean
tell_row(KcTx *tx, const Touch *touch, GError **error)
{
    if (!tx->watch->bound || was_as_stored(touch))
        return TRUE;
    return kc_state_log(tx, case_of(touch->scope), KC_LOG_STATE_MISMATCH,
                  json_pack("{s:s, s:s}", "table", touch->table->name, "row", touch->key), error);
}

static gboolean
tell_scope(KcTx *tx, const char *scope, GError **error)
{
    guint8 stored[KC_SHA256_LEN], logged[KC_SHA256_LEN];
    gboolean any;
    guint rows;
    if (!tx->watch->bound)
        return TRUE;
    if (!kc_state_of(tx, scope, stored, &rows, error) || !kc_state_logged(tx, scope, logged, &any, error))
        return FALSE;
    if (any ? memcmp(stored, logged, sizeof stored) == 0 : rows == 0)
        return TRUE;
    return kc_state_log(tx, case_of(scope), KC_LOG_STATE_MISMATCH, json_object(), error);
}

static gboolean
store(KcTx *tx, const Touch *touch, GError **error)
{
    g_autoptr(KcQuery) query =
        touch->now == NULL
            ? kc_query_new(tx, "DELETE FROM row_states WHERE scope = ? AND tbl = ? AND key = ?", error)
            : kc_query_new(tx,
                           "INSERT INTO row_states (scope, tbl, key, digest) VALUES (?, ?, ?, ?) "
                           "ON CONFLICT DO UPDATE SET digest = excluded.digest",
                           error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, touch->scope);
    kc_bind_text(query, touch->table->name);
    kc_bind_text(query, touch->key);
    if (touch->now != NULL)
        kc_bind_bytes(query, touch->now);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_state_append(KcTx *tx, const char *case_id, const char *kind, GError **error)
{
    guint8 state[KC_SHA256_LEN];
    guint rows;
    if (!kc_state_of(tx, case_id != NULL ? case_id : "", state, &rows, error))
        return FALSE;
    return kc_log_store_carry(tx, case_id, state) ||
           (kc_state_log(tx, case_id, kind, NULL, error) && kc_log_store_carry(tx, case_id, state));
}

/* The touched rows of one case. */
static gboolean
bind_scope(KcTx *tx, const GPtrArray *touches, GError **error)
{
    const char *scope = ((const Touch *)touches->pdata[0])->scope;
    gboolean changed = FALSE;
    for (guint i = 0; i < touches->len; i++) {
        changed = changed || has_changed(touches->pdata[i]);
        if (!tell_row(tx, touches->pdata[i], error))
            return FALSE;
    }
    if (!changed)
        return TRUE;
    if (!tell_scope(tx, scope, error))
        return FALSE;
    for (guint i = 0; i < touches->len; i++)
        if (has_changed(touches->pdata[i]) && !store(tx, touches->pdata[i], error))
            return FALSE;
    const char *case_id = case_of(scope);
    return kc_state_append(tx, case_id, case_id != NULL ? KC_LOG_CASE_STATE : KC_LOG_INSTALLATION_STATE, error);
}

static gint
by_scope(gconstpointer a, gconstpointer b)
{
    const Touch *x = *(Touch *const *)a, *y = *(Touch *const *)b;
    int order = strcmp(x->scope, y->scope);
    order = order != 0 ? order : strcmp(x->table->name, y->table->name);
    return order != 0 ? order : strcmp(x->key, y->key);
}

static GPtrArray *
in_order(const KcStateWatch *watch)
{
    GPtrArray *touches = g_ptr_array_new();
    GHashTableIter iter;
    gpointer touch;
    g_hash_table_iter_init(&iter, watch->touched);
    while (g_hash_table_iter_next(&iter, NULL, &touch))
        g_ptr_array_add(touches, touch);
    g_ptr_array_sort(touches, by_scope);
    return touches;
}

static gboolean
bind_all(KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) touches = in_order(tx->watch);
    g_autoptr(GPtrArray) of_scope = g_ptr_array_new();
    for (guint i = 0; i < touches->len; i++) {
        Touch *touch = touches->pdata[i];
        if (!read_now(tx, touch, error) || !read_stored(tx, touch, error))
            return FALSE;
        g_ptr_array_add(of_scope, touch);
        gboolean last = i + 1 == touches->len || strcmp(((Touch *)touches->pdata[i + 1])->scope, touch->scope) != 0;
        if (last && !bind_scope(tx, of_scope, error))
            return FALSE;
        if (last)
            g_ptr_array_set_size(of_scope, 0);
    }
    return TRUE;
}

gboolean
kc_state_watch_settle(KcTx *tx, GError **error)
{
    if (g_hash_table_size(tx->watch->touched) > 0 && (!look_for_binding(tx, error) || !bind_all(tx, error)))
        return FALSE;
    tx->watch->changes.any = tx->watch->changes.any || (tx->pending != NULL && tx->pending->len > 0);
    return kc_log_store_flush(tx, error) && kc_row_sums_settle(tx, &tx->watch->changes, error);
}

gboolean
kc_state_watch_sum_up(KcTx *tx, GError **error)
{
    return kc_row_sums_begin(tx, &tx->watch->changes, error);
}
