#include "src/store/checkpoint_store.h"
#include "src/store/check.h"
#include "src/store/sql.h"
#include "src/store/state_watch.h"

#include <string.h>

void
kc_checkpoint_row_free(KcCheckpointRow *row)
{
    if (row == NULL)
        return;
    g_free(row->note);
    g_free(row);
}

void
kc_log_key_free(KcLogKey *key)
{
    if (key == NULL)
        return;
    g_free(key->public);
    g_free(key);
}

/* ---- Checkpoints ---- */

static gpointer
read_checkpoint(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    g_autoptr(KcCheckpointRow) row = g_new0(KcCheckpointRow, 1);
    row->size = (guint64)kc_take_int(query);
    row->at_us = kc_take_int(query);
    row->note = kc_take_present(query, error);
    return row->note != NULL ? g_steal_pointer(&row) : NULL;
}

/* What its seal is over: the row, and which one came before it. */
static char *
place_of(const KcCheckpointRow *row, gint64 previous)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s", row->size, row->at_us,
                           previous, row->note);
}

/* -1: it is the first. */
static gboolean
size_before(KcTx *tx, guint64 size, gint64 *ret_previous, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT coalesce(max(size), -1) FROM log_checkpoints WHERE size < ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, (gint64)size);
    return kc_query_number(query, ret_previous, error);
}

gboolean
kc_checkpoint_store_insert(KcTx *tx, const KcCheckpointRow *row, GError **error)
{
    gint64 previous;
    if (!size_before(tx, row->size, &previous, error))
        return FALSE;
    g_autofree char *place = place_of(row, previous);
    g_autoptr(GBytes) seal = kc_keyring_seal(tx->keyring, "log_checkpoints", "seal", place, "", 0);
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO log_checkpoints (size, at_us, note, seal) VALUES (?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, (gint64)row->size);
    kc_bind_int(query, row->at_us);
    kc_bind_text(query, row->note);
    kc_bind_bytes(query, seal);
    return kc_query_run(query, NULL, error);
}

/* Checkpoints have seals since that schema. What was published before comes first, and has none: nothing that covers the
 * entry `since`, by which the rows were bound under a schema that has them. */
#define SEALED_SINCE_SCHEMA 30

static gboolean
sealed_since(KcTx *tx, guint64 *ret_since, GError **error)
{
    gint64 since = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT min(seq) FROM audit_log WHERE kind = '" KC_LOG_STATE_BOUND
                                            "' AND data_json ->> '$.schema' >= " G_STRINGIFY(SEALED_SINCE_SCHEMA),
                                            error);
    if (query == NULL || !kc_query_number(query, &since, error))
        return FALSE;
    *ret_since = since > 0 ? (guint64)since : G_MAXUINT64;
    return TRUE;
}

static gboolean
is_sealed(KcTx *tx, const KcCheckpointRow *row, GBytes *seal, gint64 previous, gboolean must_be)
{
    g_autofree char *place = place_of(row, previous);
    if (seal == NULL)
        return !must_be;
    g_autoptr(GBytes) nothing = kc_keyring_unseal(tx->keyring, "log_checkpoints", "seal", place, seal, NULL);
    return nothing != NULL;
}

gboolean
kc_check_checkpoints(KcTx *tx, gpointer check, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT size, at_us, note, seal FROM log_checkpoints ORDER BY size", error);
    KcStep step = KC_STEP_ERROR;
    gint64 previous = -1;
    gboolean sealed = FALSE;
    guint64 since;
    if (!sealed_since(tx, &since, error))
        return FALSE;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autoptr(KcCheckpointRow) row = read_checkpoint(tx, query, NULL);
        g_autoptr(GBytes) seal = kc_take_bytes(query);
        if (row == NULL) /* the log's own check says so */
            continue;
        g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, row->size);
        if (!is_sealed(tx, row, seal, previous, sealed || row->size >= since))
            kc_check_found(
                check, (KcDamage){.kind = "sealed", .table = "log_checkpoints", .row = size, .chunk = -1},
                "the checkpoint at size %s was changed past the service, or the one before it was taken away", size);
        previous = (gint64)row->size;
        sealed = seal != NULL;
    }
    return step == KC_STEP_DONE;
}

gboolean
kc_checkpoint_store_newest(KcTx *tx, KcCheckpointRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT size, at_us, note FROM log_checkpoints ORDER BY size DESC LIMIT 1", error);
    return query != NULL && kc_query_one(tx, query, read_checkpoint, (gpointer *)ret_row, error);
}

gboolean
kc_checkpoint_store_get(KcTx *tx, guint64 size, KcCheckpointRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT size, at_us, note FROM log_checkpoints WHERE size = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, (gint64)size);
    return kc_query_one(tx, query, read_checkpoint, (gpointer *)ret_row, error);
}

gboolean
kc_checkpoint_store_newest_cosigned(KcTx *tx, guint witnesses, KcCheckpointRow **ret_row, GError **error)
{
    *ret_row = NULL;
    if (witnesses == 0)
        return kc_checkpoint_store_newest(tx, ret_row, error);
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT size, at_us, note FROM log_checkpoints WHERE size = "
                                            "(SELECT size FROM log_cosignatures GROUP BY size HAVING count(*) >= ? "
                                            "ORDER BY size DESC LIMIT 1)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, witnesses);
    return kc_query_one(tx, query, read_checkpoint, (gpointer *)ret_row, error);
}

GPtrArray *
kc_checkpoint_store_list(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT size, at_us, note FROM log_checkpoints ORDER BY size", error);
    if (query == NULL)
        return NULL;
    return kc_query_all(tx, query, read_checkpoint, (GDestroyNotify)kc_checkpoint_row_free, error);
}

/* ---- Witnesses ---- */

gboolean
kc_checkpoint_store_cosign(KcTx *tx, guint64 size, const char *witness, const char *line, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO log_cosignatures (size, witness, line, at_us) VALUES (?, ?, ?, ?) "
                     "ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line, at_us = excluded.at_us",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, (gint64)size);
    kc_bind_text(query, witness);
    kc_bind_text(query, line);
    kc_bind_int(query, at_us);
    return kc_query_run(query, NULL, error);
}

static gpointer
read_line(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    return kc_take_present(query, error);
}

GPtrArray *
kc_checkpoint_store_cosignatures(KcTx *tx, guint64 size, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT line FROM log_cosignatures WHERE size = ? ORDER BY witness", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, (gint64)size);
    return kc_query_all(tx, query, read_line, g_free, error);
}

gboolean
kc_checkpoint_store_cosigned(KcTx *tx, const char *witness, guint64 *ret_size, gint64 *ret_at_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT size, at_us FROM log_cosignatures WHERE witness = ? ORDER BY size DESC LIMIT 1", error);
    *ret_size = 0;
    *ret_at_us = 0;
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, witness);
    KcStep step = kc_query_step(query, error);
    if (step != KC_STEP_ROW)
        return step == KC_STEP_DONE;
    *ret_size = (guint64)kc_take_int(query);
    *ret_at_us = kc_take_int(query);
    return TRUE;
}

gboolean
kc_witness_store_get(KcTx *tx, const char *name, char **ret_public, GError **error)
{
    *ret_public = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT public FROM log_witnesses WHERE name = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, name);
    return kc_query_one(tx, query, read_line, (gpointer *)ret_public, error);
}

gboolean
kc_witness_store_keep(KcTx *tx, const char *name, const char *public, gint64 at_us, GError **error)
{
    g_autofree char *known = NULL;
    if (!kc_witness_store_get(tx, name, &known, error))
        return FALSE;
    if (known != NULL && strcmp(known, public) == 0)
        return TRUE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO log_witnesses (public, name, from_us) VALUES (?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, public);
    kc_bind_text(query, name);
    kc_bind_int(query, at_us);
    return kc_query_run(query, NULL, error);
}

/* ---- Keys ---- */

static gpointer
read_key(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    g_autoptr(KcLogKey) key = g_new0(KcLogKey, 1);
    key->public = kc_take_present(query, error);
    key->from_us = kc_take_int(query);
    key->until_us = kc_take_int(query);
    return key->public != NULL ? g_steal_pointer(&key) : NULL;
}

GPtrArray *
kc_log_key_list(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT public, from_us, until_us FROM log_keys ORDER BY from_us, until_us", error);
    return query == NULL ? NULL : kc_query_all(tx, query, read_key, (GDestroyNotify)kc_log_key_free, error);
}

gboolean
kc_log_key_begin(KcTx *tx, const char *public, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) end = kc_query_new(tx, "UPDATE log_keys SET until_us = ? WHERE until_us = 0", error);
    if (end == NULL)
        return FALSE;
    kc_bind_int(end, at_us);
    if (!kc_query_run(end, NULL, error))
        return FALSE;
    g_autoptr(KcQuery) begin = kc_query_new(tx, "INSERT INTO log_keys (public, from_us) VALUES (?, ?)", error);
    if (begin == NULL)
        return FALSE;
    kc_bind_text(begin, public);
    kc_bind_int(begin, at_us);
    return kc_query_run(begin, NULL, error);
}
