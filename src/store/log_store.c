/* Invariant: seq counts from 1 without gaps (a trigger), and each hash follows from the one before. */
#include "src/store/log_store.h"
#include "src/base/hex.h"
#include "src/base/json.h"
#include "src/evidence/audit_chain.h"
#include "src/store/log_tree.h"
#include "src/store/sql.h"
#include "src/store/state_watch.h"

#include <string.h>

#define COLUMNS "seq, at_us, case_id, kind, actor_kind, actor_id, data_json, hash, state"

void
kc_log_entry_free(KcLogEntry *entry)
{
    if (entry == NULL)
        return;
    g_free(entry->case_id);
    g_free(entry->kind);
    g_free(entry->actor_kind);
    g_free(entry->actor_id);
    json_decref(entry->data);
    g_free(entry);
}

static json_t *
text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

char *
kc_log_entry_canonical(const KcLogEntry *entry)
{
    json_t *data = entry->data == NULL ? json_object() : json_incref(entry->data);
    g_autoptr(json_t) actor = json_object();
    g_autoptr(json_t) object = json_object();
    json_object_set_new(actor, "kind", text_or_null(entry->actor_kind));
    json_object_set_new(actor, "id", text_or_null(entry->actor_id));
    json_object_set(object, "actor", actor);
    json_object_set_new(object, "at_us", json_integer(entry->at_us));
    json_object_set_new(object, "case_id", text_or_null(entry->case_id));
    json_object_set_new(object, "data", data);
    json_object_set_new(object, "kind", text_or_null(entry->kind));
    json_object_set_new(object, "seq", json_integer(entry->seq));
    if (entry->has_state) {
        g_autofree char *state = kc_hex_encode(entry->state, sizeof entry->state);
        json_object_set_new(object, "state", json_string(state));
    }
    return json_object_size(object) == (entry->has_state ? 7 : 6) ? kc_json_canonical(object) : NULL;
}

/* ---- Appending ---- */

gboolean
kc_log_store_head(KcTx *tx, gint64 *ret_seq, guint8 ret_hash[KC_AUDIT_HASH_LEN], GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1", error);
    *ret_seq = 0;
    memcpy(ret_hash, kc_audit_chain_start, KC_AUDIT_HASH_LEN);
    if (query == NULL)
        return FALSE;
    KcStep step = kc_query_step(query, error);
    if (step != KC_STEP_ROW)
        return step == KC_STEP_DONE;
    *ret_seq = kc_take_int(query);
    return kc_take_exactly(query, ret_hash, KC_AUDIT_HASH_LEN, error);
}

static gboolean
insert(KcTx *tx, const KcLogEntry *entry, GError **error)
{
    g_autofree char *data = entry->data == NULL ? g_strdup("{}") : kc_json_canonical(entry->data);
    g_autoptr(GBytes) hash = g_bytes_new(entry->hash, sizeof entry->hash);
    g_autoptr(GBytes) state = entry->has_state ? g_bytes_new(entry->state, sizeof entry->state) : NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO audit_log (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, entry->seq);
    kc_bind_int(query, entry->at_us);
    kc_bind_text(query, entry->case_id);
    kc_bind_text(query, entry->kind);
    kc_bind_text(query, entry->actor_kind);
    kc_bind_text(query, entry->actor_id);
    kc_bind_text(query, data);
    kc_bind_bytes(query, hash);
    kc_bind_bytes(query, state);
    return kc_query_run(query, NULL, error);
}

static KcLogEntry *
copy(const KcLogEntry *entry)
{
    KcLogEntry *made = g_new(KcLogEntry, 1);
    *made = *entry;
    made->case_id = g_strdup(entry->case_id);
    made->kind = g_strdup(entry->kind);
    made->actor_kind = g_strdup(entry->actor_kind);
    made->actor_id = g_strdup(entry->actor_id);
    json_incref(made->data);
    return made;
}

static gboolean
next_seq(KcTx *tx, gint64 *ret_seq, GError **error)
{
    if (tx->pending->len > 0) {
        *ret_seq = ((const KcLogEntry *)tx->pending->pdata[tx->pending->len - 1])->seq + 1;
        return TRUE;
    }
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT coalesce(max(seq), 0) + 1 FROM audit_log", error);
    return query != NULL && kc_query_number(query, ret_seq, error);
}

gboolean
kc_log_store_append(KcTx *tx, KcLogEntry *entry, GError **error)
{
    if (tx->pending == NULL)
        tx->pending = g_ptr_array_new_with_free_func((GDestroyNotify)kc_log_entry_free);
    if (!next_seq(tx, &entry->seq, error))
        return FALSE;
    g_autofree char *text = kc_log_entry_canonical(entry);
    if (text == NULL) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED,
                    "a log entry of kind %s holds a real number or a text that is not UTF-8", entry->kind);
        return FALSE;
    }
    g_ptr_array_add(tx->pending, copy(entry));
    return TRUE;
}

gboolean
kc_log_store_carry(KcTx *tx, const char *case_id, const guint8 state[32])
{
    for (guint i = tx->pending != NULL ? tx->pending->len : 0; i > 0; i--) {
        KcLogEntry *entry = tx->pending->pdata[i - 1];
        if (g_strcmp0(entry->case_id, case_id) != 0)
            continue;
        entry->has_state = TRUE;
        memcpy(entry->state, state, sizeof entry->state);
        return TRUE;
    }
    return FALSE;
}

gboolean
kc_log_store_flush(KcTx *tx, GError **error)
{
    guint8 previous[KC_AUDIT_HASH_LEN];
    gint64 seq;
    if (tx->pending == NULL || tx->pending->len == 0)
        return TRUE;
    g_autoptr(GPtrArray) pending = g_steal_pointer(&tx->pending);
    if (!kc_log_store_head(tx, &seq, previous, error))
        return FALSE;
    for (guint i = 0; i < pending->len; i++) {
        KcLogEntry *entry = pending->pdata[i];
        g_autofree char *text = kc_log_entry_canonical(entry);
        kc_audit_chain_next(previous, text, entry->hash);
        memcpy(previous, entry->hash, sizeof previous);
        if (!insert(tx, entry, error) || !kc_log_tree_add(tx, entry, text, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_log_kind_is_technical(const char *kind)
{
    return strcmp(kind, KC_LOG_CASE_STATE) == 0 || strcmp(kind, KC_LOG_INSTALLATION_STATE) == 0 ||
           strcmp(kind, KC_LOG_RECORDING_PROGRESS) == 0;
}

/* ---- Reading ---- */

static gpointer
read_entry(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcLogEntry) entry = g_new0(KcLogEntry, 1);
    entry->seq = kc_take_int(query);
    entry->at_us = kc_take_int(query);
    entry->case_id = kc_take_text(query);
    entry->kind = kc_take_text(query);
    entry->actor_kind = kc_take_text(query);
    entry->actor_id = kc_take_text(query);
    g_autofree char *data = kc_take_text(query);
    g_autoptr(GBytes) hash = kc_take_bytes(query);
    g_autoptr(GBytes) state = kc_take_bytes(query);
    entry->data = data == NULL ? NULL : json_loads(data, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(entry->data) || hash == NULL || g_bytes_get_size(hash) != sizeof entry->hash ||
        (state != NULL && g_bytes_get_size(state) != sizeof entry->state)) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "log entry %" G_GINT64_FORMAT " is damaged",
                    entry->seq);
        return NULL;
    }
    memcpy(entry->hash, g_bytes_get_data(hash, NULL), sizeof entry->hash);
    entry->has_state = state != NULL;
    if (state != NULL)
        memcpy(entry->state, g_bytes_get_data(state, NULL), sizeof entry->state);
    return g_steal_pointer(&entry);
}

GPtrArray *
kc_log_store_list(KcTx *tx, const char *case_id, gint64 after_seq, guint limit, GError **error)
{
    if (!kc_log_store_flush(tx, error))
        return NULL;
    g_autoptr(KcQuery) query =
        case_id == NULL
            ? kc_query_new(tx, "SELECT " COLUMNS " FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?", error)
            : kc_query_new(tx, "SELECT " COLUMNS " FROM audit_log WHERE case_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                           error);
    if (query == NULL)
        return NULL;
    if (case_id != NULL)
        kc_bind_text(query, case_id);
    kc_bind_int(query, after_seq);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_entry, (GDestroyNotify)kc_log_entry_free, error);
}

gboolean
kc_log_store_has_joined(KcTx *tx, const char *case_id, const char *actor_id, const char *leg_id, gboolean *ret_joined,
                        GError **error)
{
    gint64 count = 0;
    if (!kc_log_store_flush(tx, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT count(*) FROM audit_log WHERE case_id = ? AND kind IN ('call.joined', 'call.listening') AND actor_id = ? AND "
                     "data_json ->> '$.leg_id' = ?",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    kc_bind_text(query, actor_id);
    kc_bind_text(query, leg_id);
    if (!kc_query_number(query, &count, error))
        return FALSE;
    *ret_joined = count > 0;
    return TRUE;
}

GArray *
kc_log_store_find(KcTx *tx, const char *kind, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT seq FROM audit_log WHERE case_id IS NULL AND kind = ? ORDER BY seq", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, kind);
    KcStep step;
    while ((step = kc_query_step(query, error)) == KC_STEP_ROW) {
        gint64 seq = kc_take_int(query);
        g_array_append_val(found, seq);
    }
    return step == KC_STEP_DONE ? g_steal_pointer(&found) : NULL;
}

gboolean
kc_log_store_first_at(KcTx *tx, const char *case_id, const char *kind, gint64 *ret_at_us, GError **error)
{
    if (!kc_log_store_flush(tx, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT coalesce(min(at_us), 0) FROM audit_log WHERE case_id = ? AND kind = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    kc_bind_text(query, kind);
    return kc_query_number(query, ret_at_us, error);
}
