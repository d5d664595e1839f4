#include "src/store/state_digest.h"
#include "src/store/state_tables.h"

#include <string.h>

/* ---- Rows ---- */

static void
append_number(GByteArray *bytes, gint64 number)
{
    gint64 big_endian = GINT64_TO_BE(number);
    g_byte_array_append(bytes, (const guint8 *)&big_endian, sizeof big_endian);
}

static void
append_text(GByteArray *bytes, const char *text)
{
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text) + 1);
}

static void
append_bytes(GByteArray *bytes, char type, const void *data, int len)
{
    g_byte_array_append(bytes, (const guint8 *)&type, 1);
    append_number(bytes, len);
    g_byte_array_append(bytes, data != NULL ? data : "", (guint)len);
}

/* STRICT tables without REAL columns have no other types. */
static void
append_value(GByteArray *bytes, sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        g_byte_array_append(bytes, (const guint8 *)"i", 1);
        append_number(bytes, sqlite3_value_int64(value));
        break;
    case SQLITE_BLOB:
        append_bytes(bytes, 'b', sqlite3_value_blob(value), sqlite3_value_bytes(value));
        break;
    default:
        append_bytes(bytes, 't', sqlite3_value_text(value), sqlite3_value_bytes(value));
    }
}

void
kc_row_encode(const char *table, const char *const *columns, sqlite3_value **values, int n, GByteArray *ret_bytes)
{
    append_text(ret_bytes, "kuaichu row 1\n");
    ret_bytes->len--; /* without its end */
    append_text(ret_bytes, table);
    for (int i = 0; i < n && columns[i] != NULL; i++) {
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            continue;
        g_byte_array_append(ret_bytes, (const guint8 *)columns[i], (guint)strcspn(columns[i], "="));
        g_byte_array_append(ret_bytes, (const guint8 *)"", 1);
        append_value(ret_bytes, values[i]);
    }
}

static void
row_digest(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    const KcStateTable *table = &kc_state_tables[sqlite3_value_int(argv[0])];
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new(512);
    guint8 digest[KC_SHA256_LEN];
    kc_row_encode(table->name, table->columns, argv + 1, argc - 1, bytes);
    kc_sha256(bytes->data, bytes->len, digest);
    sqlite3_result_blob(context, digest, sizeof digest, SQLITE_TRANSIENT);
}

static void
key_part(sqlite3_context *context, int argc G_GNUC_UNUSED, sqlite3_value **argv)
{
    const char *key = (const char *)sqlite3_value_text(argv[0]);
    int number = sqlite3_value_int(argv[1]), of = sqlite3_value_int(argv[2]);
    for (int i = 0; key != NULL && i < number; i++) {
        key = strchr(key, '/');
        key = key != NULL ? key + 1 : NULL;
    }
    if (key == NULL)
        sqlite3_result_null(context);
    else
        sqlite3_result_text(context, key, number + 1 < of ? (int)strcspn(key, "/") : -1, SQLITE_TRANSIENT);
}

void
kc_state_register(sqlite3 *db)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3_create_function_v2(db, "kc_row_digest", -1, flags, NULL, row_digest, NULL, NULL, NULL);
    sqlite3_create_function_v2(db, "kc_key_part", 3, flags, NULL, key_part, NULL, NULL, NULL);
}

/* ---- States ---- */

struct KcStateHash {
    KcSha256 *sha256;
};

KcStateHash *
kc_state_hash_new(void)
{
    KcStateHash *hash = g_new0(KcStateHash, 1);
    hash->sha256 = kc_sha256_new();
    kc_sha256_update(hash->sha256, "kuaichu state 1\n", 16);
    return hash;
}

void
kc_state_hash_add(KcStateHash *hash, const char *table, const char *key, const void *digest)
{
    kc_sha256_update(hash->sha256, table, strlen(table) + 1);
    kc_sha256_update(hash->sha256, key, strlen(key) + 1);
    kc_sha256_update(hash->sha256, digest, KC_SHA256_LEN);
}

void
kc_state_hash_end(KcStateHash *hash, guint8 ret_state[KC_SHA256_LEN])
{
    kc_sha256_peek(hash->sha256, ret_state);
    kc_sha256_free(hash->sha256);
    g_free(hash);
}

gboolean
kc_state_of(KcTx *tx, const char *scope, guint8 ret_state[KC_SHA256_LEN], guint *ret_rows, GError **error)
{
    *ret_rows = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT tbl, key, digest FROM row_states WHERE scope = ? ORDER BY tbl, key", error);
    if (query == NULL)
        return FALSE;
    KcStateHash *hash = kc_state_hash_new();
    KcStep step;
    kc_bind_text(query, scope);
    for (; (step = kc_query_step(query, error)) == KC_STEP_ROW; (*ret_rows)++) {
        g_autofree char *table = kc_take_text(query);
        g_autofree char *key = kc_take_text(query);
        guint8 digest[KC_SHA256_LEN];
        if (!kc_take_exactly(query, digest, sizeof digest, error))
            break;
        kc_state_hash_add(hash, table, key, digest);
    }
    kc_state_hash_end(hash, ret_state);
    return step == KC_STEP_DONE;
}

gboolean
kc_state_logged(KcTx *tx, const char *scope, guint8 ret_state[KC_SHA256_LEN], gboolean *ret_any, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT state FROM audit_log WHERE case_id IS nullif(?, '') AND state IS NOT NULL ORDER BY seq DESC LIMIT 1",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, scope);
    KcStep step = kc_query_step(query, error);
    *ret_any = step == KC_STEP_ROW;
    if (!*ret_any)
        return step == KC_STEP_DONE;
    return kc_take_exactly(query, ret_state, KC_SHA256_LEN, error);
}
