/* Invariants:
 *  - key_tree names the tree of both wrapped keys of a row, and they change together;
 *  - a leaf is queued in the transaction that takes its key out of the row. */
#include "src/store/case_keys_store.h"
#include "src/store/sealed.h"
#include "src/store/sql.h"

/* ---- Making ---- */

guint32
kc_case_keys_next_slot(KcTx *tx, GError **error)
{
    /* A database that was put back from a copy may count where a case was erased already. */
    for (;;) {
        gint64 slot = kc_tx_counter_next(tx, "key_slot", error);
        if (slot == 0)
            return 0;
        if (slot > KC_KEY_SLOT_MAX) {
            g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED, "the tree of keys has no place left");
            return 0;
        }
        if (kc_keyring_tree(tx->keyring) == 0 || kc_keyring_slot_is_free(tx->keyring, (guint32)slot))
            return (guint32)slot;
    }
}

KcCaseKey *
kc_case_keys_make(KcTx *tx, KcKeyClass class, guint32 slot, const char *case_id, GBytes **ret_wrapped, GError **error)
{
    g_autoptr(GError) local = NULL;
    KcCaseKey *key = kc_keyring_case_key_new(tx->keyring, class, slot, case_id, ret_wrapped, &local);
    if (key == NULL)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_FAILED, "no key for a new case: %s", local->message);
    return key;
}

/* ---- Wrapping anew ---- */

typedef struct {
    char *case_id;
    guint32 slot;
    GBytes *key, *recordings;
} Wrapped;

static void
wrapped_free(Wrapped *wrapped)
{
    g_free(wrapped->case_id);
    g_bytes_unref(wrapped->key);
    g_bytes_unref(wrapped->recordings);
    g_free(wrapped);
}

static gpointer
read_wrapped(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    Wrapped *wrapped = g_new0(Wrapped, 1);
    wrapped->case_id = kc_take_text(query);
    wrapped->slot = (guint32)kc_take_int(query);
    wrapped->key = kc_take_bytes(query);
    wrapped->recordings = kc_take_bytes(query);
    return wrapped;
}

static GBytes *
again(KcTx *tx, KcKeyClass class, const Wrapped *wrapped, GBytes *key, GError **error)
{
    g_autoptr(GError) local = NULL;
    GBytes *bytes = kc_keyring_rewrap(tx->keyring, class, wrapped->slot, wrapped->case_id, key, &local);
    if (bytes == NULL)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "the key of case %s: %s", wrapped->case_id,
                    local->message);
    return bytes;
}

static GBytes *
recordings_again(KcTx *tx, const Wrapped *wrapped, GError **error)
{
    if (wrapped->recordings != NULL)
        return again(tx, KC_KEY_RECORDINGS, wrapped, wrapped->recordings, error);
    GBytes *fresh = NULL;
    kc_case_key_free(kc_case_keys_make(tx, KC_KEY_RECORDINGS, wrapped->slot, wrapped->case_id, &fresh, error));
    return fresh;
}

static gboolean
rewrap_one(KcTx *tx, const Wrapped *wrapped, GError **error)
{
    /* Where its recordings went before it, their leaf is gone, and they have no key. */
    gboolean recordings_gone = wrapped->recordings == NULL &&
                               !kc_keyring_leaf_exists(tx->keyring, kc_key_leaf(KC_KEY_RECORDINGS, wrapped->slot));
    g_autoptr(GBytes) key = again(tx, KC_KEY_CASE, wrapped, wrapped->key, error);
    g_autoptr(GBytes) recordings = key == NULL || recordings_gone ? NULL : recordings_again(tx, wrapped, error);
    if (key == NULL || (recordings == NULL && !recordings_gone))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "UPDATE cases SET wrapped_key = ?, wrapped_recordings_key = ?, key_tree = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_bytes(query, key);
    kc_bind_bytes(query, recordings);
    kc_bind_int(query, kc_wrapped_tree(key));
    kc_bind_text(query, wrapped->case_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_case_keys_rewrap(KcTx *tx, guint limit, guint *ret_done, GError **error)
{
    *ret_done = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT id, key_slot, wrapped_key, wrapped_recordings_key FROM cases "
                                            "WHERE wrapped_key IS NOT NULL AND key_tree < ? ORDER BY key_tree LIMIT ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, kc_keyring_tree(tx->keyring));
    kc_bind_int(query, limit);
    g_autoptr(GPtrArray) rows = kc_query_all(tx, query, read_wrapped, (GDestroyNotify)wrapped_free, error);
    kc_sealed_forget(tx);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        if (!rewrap_one(tx, rows->pdata[i], error))
            return FALSE;
    *ret_done = rows != NULL ? rows->len : 0;
    return rows != NULL;
}

/* ---- What is to be destroyed ---- */

void
kc_keys_pending_clear(KcKeysPending *pending)
{
    g_clear_pointer(&pending->leaves, g_array_unref);
    g_clear_pointer(&pending->paths, g_ptr_array_unref);
}

gboolean
kc_case_keys_pending(KcTx *tx, guint limit, KcKeysPending *ret_pending, GError **error)
{
    *ret_pending = (KcKeysPending){.leaves = g_array_new(FALSE, FALSE, sizeof(guint32))};
    g_autoptr(KcQuery) leaves = kc_query_new(tx, "SELECT leaf FROM key_destructions LIMIT ?", error);
    g_autoptr(KcQuery) paths = kc_query_new(tx, "SELECT path FROM file_removals LIMIT ?", error);
    if (leaves == NULL || paths == NULL)
        return FALSE;
    kc_bind_int(leaves, limit);
    kc_bind_int(paths, limit);
    KcStep step;
    while ((step = kc_query_step(leaves, error)) == KC_STEP_ROW) {
        guint32 leaf = (guint32)kc_take_int(leaves);
        g_array_append_val(ret_pending->leaves, leaf);
    }
    if (step == KC_STEP_DONE)
        ret_pending->paths = kc_query_all(tx, paths, kc_read_text, g_free, error);
    return ret_pending->paths != NULL;
}

static gboolean
take_out(KcTx *tx, const KcKeysPending *pending, GError **error)
{
    for (guint i = 0; i < pending->leaves->len; i++) {
        g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM key_destructions WHERE leaf = ?", error);
        if (query == NULL)
            return FALSE;
        kc_bind_int(query, g_array_index(pending->leaves, guint32, i));
        if (!kc_query_run(query, NULL, error))
            return FALSE;
    }
    for (guint i = 0; i < pending->paths->len; i++) {
        g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM file_removals WHERE path = ?", error);
        if (query == NULL)
            return FALSE;
        kc_bind_text(query, pending->paths->pdata[i]);
        if (!kc_query_run(query, NULL, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_case_keys_settled(KcTx *tx, const KcKeysPending *pending, guint64 destroyed, GError **error)
{
    return take_out(tx, pending, error) && kc_case_keys_set_known(tx, destroyed, error);
}

/* ---- What is known of the safe ---- */

gboolean
kc_case_keys_known(KcTx *tx, gint64 *ret_destroyed, GError **error)
{
    *ret_destroyed = -1;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT coalesce((SELECT destroyed FROM key_state), -1)", error);
    return query != NULL && kc_query_number(query, ret_destroyed, error);
}

gboolean
kc_case_keys_set_known(KcTx *tx, guint64 destroyed, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO key_state (one, destroyed) VALUES (1, ?) "
                                            "ON CONFLICT (one) DO UPDATE SET destroyed = excluded.destroyed",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, (gint64)destroyed);
    return kc_query_run(query, NULL, error);
}

/* ---- After a copy was put back ---- */

static gboolean
queue(KcTx *tx, guint32 leaf, const char *case_id, GError **error)
{
    if (!kc_keyring_leaf_exists(tx->keyring, leaf))
        return TRUE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT OR IGNORE INTO key_destructions (leaf, case_id) VALUES (?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, leaf);
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_case_keys_requeue(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT id, key_slot, erased_us > 0, recordings_erased_us > 0 FROM cases "
                                            "WHERE key_slot > 0 AND (erased_us > 0 OR recordings_erased_us > 0)",
                                            error);
    if (query == NULL)
        return FALSE;
    KcStep step;
    while ((step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *case_id = kc_take_text(query);
        guint32 slot = (guint32)kc_take_int(query);
        gboolean whole = kc_take_int(query) > 0;
        if ((whole && !queue(tx, kc_key_leaf(KC_KEY_CASE, slot), case_id, error)) ||
            !queue(tx, kc_key_leaf(KC_KEY_RECORDINGS, slot), case_id, error))
            return FALSE;
    }
    return step == KC_STEP_DONE;
}

GPtrArray *
kc_case_keys_lost(KcTx *tx, KcKeyClass class, guint limit, GError **error)
{
    g_autoptr(GPtrArray) lost = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT id, key_slot FROM cases WHERE key_tree > 0 AND "
                     "CASE ? WHEN 1 THEN wrapped_recordings_key ELSE wrapped_key END IS NOT NULL",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, class);
    KcStep step = KC_STEP_DONE;
    while (lost->len < limit && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        char *case_id = kc_take_text(query);
        guint32 slot = (guint32)kc_take_int(query);
        if (kc_keyring_leaf_exists(tx->keyring, kc_key_leaf(class, slot)))
            g_free(case_id);
        else
            g_ptr_array_add(lost, case_id);
    }
    return step == KC_STEP_ERROR ? NULL : g_steal_pointer(&lost);
}
