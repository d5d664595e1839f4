#include "src/store/row_sums.h"
#include "src/evidence/audit_chain.h"
#include "src/store/check.h"
#include "src/store/log_store.h"
#include "src/store/state_bind.h"
#include "src/store/state_digest.h"
#include "src/store/state_watch.h"

#include <string.h>

#define NUMBER_LEN 8

/* ---- Noting ---- */

/* kc_row_hash(number in kc_summed_tables, value, …) */
static void
sql_hash(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    const KcKeyring *keyring = sqlite3_user_data(context);
    const KcSummedTable *table = &kc_summed_tables[sqlite3_value_int(argv[0])];
    g_autoptr(GByteArray) row = g_byte_array_sized_new(512);
    guint8 hash[KC_KEY_LEN];
    kc_row_encode(table->name, table->columns, argv + 1, argc - 1, row);
    kc_multiset_hash(keyring, row->data, row->len, hash);
    sqlite3_result_blob(context, hash, sizeof hash, SQLITE_TRANSIENT);
}

/* kc_sum(number, hash or NULL of the row that was, hash or NULL of the row that is) */
static void
sql_sum(sqlite3_context *context, int argc G_GNUC_UNUSED, sqlite3_value **argv)
{
    KcRowChanges *changes = sqlite3_user_data(context);
    KcMultiset *set = &changes->sets[sqlite3_value_int(argv[0])];
    if (sqlite3_value_type(argv[1]) != SQLITE_NULL)
        kc_multiset_remove(set, sqlite3_value_blob(argv[1]));
    if (sqlite3_value_type(argv[2]) != SQLITE_NULL)
        kc_multiset_add(set, sqlite3_value_blob(argv[2]));
    changes->any = TRUE;
    sqlite3_result_null(context);
}

static void
know_hash(KcConnection *connection, const KcKeyring *keyring)
{
    sqlite3_create_function_v2(kc_connection_db(connection), "kc_row_hash", -1, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                               (gpointer)keyring, sql_hash, NULL, NULL, NULL);
}

/* "a, b", or with `row` "kc_row_hash(3, new.a, new.b)" */
static char *
columns_of(guint number, const char *row)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    if (row != NULL)
        g_string_append_printf(sql, "kc_row_hash(%u", number);
    for (const char *const *column = kc_summed_tables[number].columns; *column != NULL; column++)
        g_string_append_printf(sql, "%s%s%s%s", row != NULL || column != kc_summed_tables[number].columns ? ", " : "",
                               row != NULL ? row : "", row != NULL ? "." : "", *column);
    if (row != NULL)
        g_string_append_c(sql, ')');
    return g_string_free(g_steal_pointer(&sql), FALSE);
}

static char *
triggers_of(guint number)
{
    g_autofree char *columns = columns_of(number, NULL), *old = columns_of(number, "old"),
                    *new = columns_of(number, "new");
    return g_strdup_printf(
        "CREATE TEMP TRIGGER sum_insert_%1$s AFTER INSERT ON main.%1$s BEGIN SELECT kc_sum(%2$u, NULL, %5$s); END;"
        "CREATE TEMP TRIGGER sum_update_%1$s AFTER UPDATE OF %3$s ON main.%1$s BEGIN SELECT kc_sum(%2$u, %4$s, %5$s); "
        "END;"
        "CREATE TEMP TRIGGER sum_delete_%1$s AFTER DELETE ON main.%1$s BEGIN SELECT kc_sum(%2$u, %4$s, NULL); END;",
        kc_summed_tables[number].name, number, columns, old, new);
}

gboolean
kc_row_sums_watch(KcConnection *connection, const KcKeyring *keyring, KcRowChanges *changes, GError **error)
{
    know_hash(connection, keyring);
    sqlite3_create_function_v2(kc_connection_db(connection), "kc_sum", 3, SQLITE_UTF8 | SQLITE_INNOCUOUS, changes,
                               sql_sum, NULL, NULL, NULL);
    for (guint i = 0; i < KC_SUMMED_TABLES; i++) {
        g_autofree char *sql = triggers_of(i);
        if (!kc_connection_exec(connection, sql, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- What is kept ---- */

typedef struct {
    guint8 head[KC_AUDIT_HASH_LEN]; /* of the log: what is kept is of no other moment */
    KcMultiset sets[KC_SUMMED_TABLES];
    gboolean has[KC_SUMMED_TABLES]; /* of a table that an older schema did not sum up, there is none */
} Sums;

/* The log's head, and of each table its name, 0, its count (big-endian) and its sum. */
static GBytes *
encode(const Sums *sums)
{
    GByteArray *bytes = g_byte_array_sized_new(1024);
    g_byte_array_append(bytes, sums->head, sizeof sums->head);
    for (guint i = 0; i < KC_SUMMED_TABLES; i++) {
        const KcMultiset *set = &sums->sets[i];
        gint64 count = GINT64_TO_BE(set->count);
        if (!sums->has[i])
            continue;
        g_byte_array_append(bytes, (const guint8 *)kc_summed_tables[i].name,
                            (guint)strlen(kc_summed_tables[i].name) + 1);
        g_byte_array_append(bytes, (const guint8 *)&count, NUMBER_LEN);
        g_byte_array_append(bytes, set->sum, sizeof set->sum);
    }
    return g_byte_array_free_to_bytes(bytes);
}

static void
decode_one(Sums *sums, const char *table, const guint8 *at)
{
    for (guint i = 0; i < KC_SUMMED_TABLES; i++) {
        if (strcmp(kc_summed_tables[i].name, table) != 0)
            continue;
        memcpy(&sums->sets[i].count, at, NUMBER_LEN);
        sums->sets[i].count = GINT64_FROM_BE(sums->sets[i].count);
        memcpy(sums->sets[i].sum, at + NUMBER_LEN, KC_KEY_LEN);
        sums->has[i] = TRUE;
    }
}

/* It was sealed, so it is whole. */
static void
decode(Sums *sums, GBytes *bytes)
{
    gsize len;
    const guint8 *at = g_bytes_get_data(bytes, &len), *end = at + len;
    memcpy(sums->head, at, sizeof sums->head);
    at += sizeof sums->head;
    while (at < end) {
        const char *table = (const char *)at;
        at += strlen(table) + 1;
        decode_one(sums, table, at);
        at += NUMBER_LEN + KC_KEY_LEN;
    }
}

typedef enum { SUMS_ERROR, SUMS_ABSENT, SUMS_DAMAGED, SUMS_READ } SumsState;

static SumsState
read_sums(KcTx *tx, Sums *ret_sums, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT seal FROM row_sums WHERE one = 1", error);
    KcStep step = query != NULL ? kc_query_step(query, error) : KC_STEP_ERROR;
    if (step != KC_STEP_ROW)
        return step == KC_STEP_ERROR ? SUMS_ERROR : SUMS_ABSENT;
    g_autoptr(GBytes) seal = kc_take_bytes(query);
    g_autoptr(GBytes) plain = seal != NULL ? kc_keyring_unseal(tx->keyring, "row_sums", "seal", "1", seal, NULL) : NULL;
    if (plain == NULL)
        return SUMS_DAMAGED;
    *ret_sums = (Sums){0};
    decode(ret_sums, plain);
    return SUMS_READ;
}

static gboolean
put_sums(KcTx *tx, Sums *sums, GError **error)
{
    gint64 seq;
    if (!kc_log_store_head(tx, &seq, sums->head, error))
        return FALSE;
    g_autoptr(GBytes) plain = encode(sums);
    g_autoptr(GBytes) seal =
        kc_keyring_seal(tx->keyring, "row_sums", "seal", "1", g_bytes_get_data(plain, NULL), g_bytes_get_size(plain));
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO row_sums (one, seal) VALUES (1, ?) ON CONFLICT DO UPDATE SET seal = excluded.seal", error);
    if (query == NULL)
        return FALSE;
    kc_bind_bytes(query, seal);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_row_sums_settle(KcTx *tx, const KcRowChanges *changes, GError **error)
{
    Sums sums;
    SumsState state = changes->any ? read_sums(tx, &sums, error) : SUMS_ABSENT;
    if (state != SUMS_READ)
        return state != SUMS_ERROR;
    for (guint i = 0; i < KC_SUMMED_TABLES; i++)
        if (sums.has[i])
            kc_multiset_apply(&sums.sets[i], &changes->sets[i]);
    return put_sums(tx, &sums, error);
}

/* ---- What is there ---- */

static gboolean
sum_up(KcTx *tx, guint number, KcMultiset *ret_set, GError **error)
{
    g_autofree char *hash = columns_of(number, "t");
    g_autofree char *sql = g_strdup_printf("SELECT %s FROM %s t", hash, kc_summed_tables[number].name);
    g_autoptr(KcQuery) query = kc_query_new(tx, g_intern_string(sql), error);
    guint8 row[KC_KEY_LEN];
    KcStep step = KC_STEP_ERROR;
    *ret_set = KC_MULTISET_EMPTY;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        if (!kc_take_exactly(query, row, sizeof row, error))
            return FALSE;
        kc_multiset_add(ret_set, row);
    }
    return step == KC_STEP_DONE;
}

static gboolean
tell(KcTx *tx, const char *table, GError **error)
{
    return kc_state_log(tx, NULL, KC_LOG_STATE_MISMATCH, json_pack("{s:s}", "table", table), error);
}

gboolean
kc_row_sums_begin(KcTx *tx, KcRowChanges *changes, GError **error)
{
    Sums kept = {0}, sums = {0};
    SumsState state = read_sums(tx, &kept, error);
    if (state == SUMS_ERROR || (state == SUMS_DAMAGED && !tell(tx, "row_sums", error)))
        return FALSE;
    for (guint i = 0; i < KC_SUMMED_TABLES; i++) {
        if (!sum_up(tx, i, &sums.sets[i], error))
            return FALSE;
        sums.has[i] = TRUE;
        kc_multiset_apply(&kept.sets[i], &changes->sets[i]);
        if (kept.has[i] && !kc_multiset_equal(&kept.sets[i], &sums.sets[i]) &&
            !tell(tx, kc_summed_tables[i].name, error))
            return FALSE;
    }
    *changes = (KcRowChanges){0};
    return put_sums(tx, &sums, error);
}

/* ---- The check ---- */

static gboolean
check_table(KcTx *tx, KcStoreCheck *check, guint number, const KcMultiset *kept, GError **error)
{
    const char *table = kc_summed_tables[number].name;
    KcMultiset now;
    if (!sum_up(tx, number, &now, error))
        return FALSE;
    if (now.count != kept->count)
        kc_check_found(check, (KcDamage){.kind = "sum", .table = table, .chunk = -1},
                       "%s: rows %" G_GINT64_FORMAT ", and the service left %" G_GINT64_FORMAT
                       ": some were taken away or put there past it",
                       table, now.count, kept->count);
    else if (!kc_multiset_equal(&now, kept)) {
        g_autofree char *columns = columns_of(number, NULL);
        kc_check_found(
            check, (KcDamage){.kind = "sum", .table = table, .chunk = -1},
            "the rows of %s (%s) are not those that the service left: some were changed or exchanged past it", table,
            columns);
    }
    return TRUE;
}

static gboolean
check_moment(KcTx *tx, KcStoreCheck *check, const Sums *kept, GError **error)
{
    guint8 head[KC_AUDIT_HASH_LEN];
    gint64 seq;
    if (!kc_log_store_head(tx, &seq, head, error))
        return FALSE;
    if (memcmp(head, kept->head, sizeof head) != 0)
        kc_check_found(
            check, (KcDamage){.kind = "sum", .table = "row_sums", .entry = seq, .chunk = -1},
            "row_sums, what the service left in the tables that no entry binds, is not of the moment of the log's last "
            "entry, %" G_GINT64_FORMAT ": one of them was put back",
            seq);
    return TRUE;
}

gboolean
kc_check_sums(KcTx *tx, gpointer check, GError **error)
{
    static const KcCheckRule only_row = {"sum", "row_sums", "is none that the service keeps",
                                         "SELECT one, NULL FROM row_sums WHERE one IS NOT 1"};
    gboolean bound;
    Sums kept;
    if (!kc_check_rules(tx, check, &only_row, 1, error) || !kc_state_is_bound(tx, &bound, error))
        return FALSE;
    SumsState state = bound ? read_sums(tx, &kept, error) : SUMS_ABSENT;
    if (!bound || state == SUMS_ERROR)
        return !bound;
    if (state != SUMS_READ) {
        kc_check_found(check, (KcDamage){.kind = "sum", .table = "row_sums", .chunk = -1},
                       "what the service left in the tables that no entry binds %s",
                       state == SUMS_ABSENT ? "is not kept any more" : "was changed past it");
        return TRUE;
    }
    know_hash(tx->connection, tx->keyring);
    if (!check_moment(tx, check, &kept, error))
        return FALSE;
    for (guint i = 0; i < KC_SUMMED_TABLES; i++)
        if (!check_table(tx, check, i, &kept.sets[i], error))
            return FALSE;
    return TRUE;
}
