#include "src/store/object_store.h"
#include "src/store/object_row.h"
#include "src/store/sealed.h"

#include <string.h>

void
kc_object_free(KcObject *object)
{
    if (object == NULL)
        return;
    g_free(object->id);
    g_free(object->case_id);
    g_free(object->kind);
    g_free(object->party_id);
    g_free(object->user_id);
    g_free(object->guest_id);
    g_free(object->path);
    g_free(object->status);
    g_free(object->sha256);
    g_free(object->content_type);
    g_free(object->meta_json);
    g_free(object);
}

static gboolean
is_live_still(const KcObject *object)
{
    return strcmp(object->kind, "live_still") == 0;
}

static gboolean
is_derivative(const KcObject *object)
{
    return strcmp(object->kind, "derivative") == 0;
}

/* As the table has it. */
static const char *
stored_kind(const KcObject *object)
{
    return is_live_still(object) ? "photo" : is_derivative(object) ? "recording" : object->kind;
}

static KcSealedPlace
meta_of(const KcObject *object)
{
    return (KcSealedPlace){.case_id = object->case_id, .table = "objects", .column = "meta", .row_id = object->id};
}

gpointer
kc_object_read(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcObject) object = g_new0(KcObject, 1);
    object->id = kc_take_text(query);
    object->case_id = kc_take_text(query);
    object->kind = kc_take_text(query);
    object->party_id = kc_take_text(query);
    object->user_id = kc_take_text(query);
    object->guest_id = kc_take_text(query);
    object->path = kc_take_text(query);
    object->status = kc_take_text(query);
    object->sha256 = kc_take_text(query);
    object->size_bytes = kc_take_int(query);
    object->content_type = kc_take_text(query);
    g_autoptr(GBytes) meta = kc_take_bytes(query);
    object->created_us = kc_take_int(query);
    object->finished_us = kc_take_int(query);
    object->erased_us = kc_take_int(query);
    if (!kc_open_text(tx, meta_of(object), meta, &object->meta_json, error))
        return NULL;
    return g_steal_pointer(&object);
}

gboolean
kc_object_store_insert(KcTx *tx, const KcObject *object, GError **error)
{
    g_autoptr(GBytes) meta = NULL;
    if (!kc_seal_text(tx, meta_of(object), object->meta_json, &meta, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "INSERT INTO objects (id, case_id, kind, party_id, user_id, guest_id, path, status, sha256, size_bytes, "
        "content_type, sealed_meta, created_us, finished_us, live, derived, key_class) VALUES (?, ?2, ?3, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?3 = 'recording' AND (SELECT wrapped_recordings_key IS NOT NULL FROM cases WHERE id = ?2))",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, object->id);
    kc_bind_text(query, object->case_id);
    kc_bind_text(query, stored_kind(object));
    kc_bind_text(query, object->party_id);
    kc_bind_text(query, object->user_id);
    kc_bind_text(query, object->guest_id);
    kc_bind_text(query, object->path);
    kc_bind_text(query, object->status);
    kc_bind_text(query, object->sha256);
    kc_bind_int(query, object->size_bytes);
    kc_bind_text(query, object->content_type);
    kc_bind_bytes(query, meta);
    kc_bind_int(query, object->created_us);
    kc_bind_int(query, object->finished_us);
    kc_bind_int(query, is_live_still(object));
    kc_bind_int(query, is_derivative(object));
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_object_store_update(KcTx *tx, const KcObject *object, GError **error)
{
    g_autoptr(GBytes) meta = NULL;
    if (!kc_seal_text(tx, meta_of(object), object->meta_json, &meta, error))
        return KC_UPDATE_FAILED;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE objects SET status = ?, sha256 = ?, size_bytes = ?, "
                                            "content_type = ?, sealed_meta = ?, finished_us = ?, live = ? WHERE id = ?",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, object->status);
    kc_bind_text(query, object->sha256);
    kc_bind_int(query, object->size_bytes);
    kc_bind_text(query, object->content_type);
    kc_bind_bytes(query, meta);
    kc_bind_int(query, object->finished_us);
    kc_bind_int(query, is_live_still(object));
    kc_bind_text(query, object->id);
    return kc_query_update(query, error);
}

gboolean
kc_object_store_get(KcTx *tx, const char *id, KcObject **ret_object, GError **error)
{
    *ret_object = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " KC_OBJECT_COLUMNS " FROM objects o WHERE o.id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, kc_object_read, (gpointer *)ret_object, error);
}

GPtrArray *
kc_object_store_list(KcTx *tx, const char *case_id, const char *const *kinds, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT " KC_OBJECT_COLUMNS " FROM objects o WHERE o.case_id = ?1 AND "
                     "(?2 IS NULL OR " KC_OBJECT_KIND " IN (SELECT value FROM json_each(?2))) ORDER BY o.created_us, o.id",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    kc_bind_strv(query, kinds);
    return kc_query_all(tx, query, kc_object_read, (GDestroyNotify)kc_object_free, error);
}

gboolean
kc_object_store_count(KcTx *tx, const char *case_id, const char *kind, gint64 *ret_count, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM objects o WHERE o.case_id = ? AND " KC_OBJECT_KIND " = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    kc_bind_text(query, kind);
    return kc_query_number(query, ret_count, error);
}

GPtrArray *
kc_object_store_list_live(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " KC_OBJECT_COLUMNS " FROM objects o "
                                            "WHERE o.status = 'live' AND " KC_OBJECT_KIND " <> 'recording' ORDER BY o.id",
                                            error);
    return query == NULL ? NULL : kc_query_all(tx, query, kc_object_read, (GDestroyNotify)kc_object_free, error);
}

gboolean
kc_object_store_each_path(KcTx *tx, GString *list, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT path FROM objects WHERE status IN ('complete', 'recovered') AND erased_us = 0 ORDER BY path", error);
    if (query == NULL)
        return FALSE;
    KcStep step;
    while ((step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *path = kc_take_text(query);
        g_string_append_printf(list, "vault/%s\n", path);
    }
    return step == KC_STEP_DONE;
}

gboolean
kc_object_store_key(KcTx *tx, const char *case_id, const char *object_id, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT o.erased_us, CASE o.key_class WHEN 1 THEN c.wrapped_recordings_key ELSE c.wrapped_key END "
        "FROM objects o JOIN cases c ON c.id = o.case_id WHERE o.id = ? AND o.case_id = ?",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, object_id);
    kc_bind_text(query, case_id);
    KcStep step = kc_query_step(query, error);
    if (step == KC_STEP_ERROR)
        return FALSE;
    if (step == KC_STEP_DONE) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED, "there is no object %s of case %s", object_id, case_id);
        return FALSE;
    }
    gboolean erased = kc_take_int(query) > 0;
    g_autoptr(GBytes) wrapped = kc_take_bytes(query);
    g_autoptr(KcCaseKey) key = kc_sealed_unwrap(tx, case_id, erased ? NULL : wrapped, error);
    if (key != NULL)
        kc_case_key_object_key(key, object_id, ret_key);
    return key != NULL;
}
