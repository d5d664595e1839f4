#include "src/app/bundle_draft.h"

#include "src/evidence/digest.h"
#include "src/store/guest_store.h"

static void
part_free(gpointer data)
{
    KcBundlePart *part = data;
    g_free(part->name);
    g_clear_pointer(&part->bytes, g_bytes_unref);
    g_free(part->sha256);
    g_free(part);
}

void
kc_bundle_draft_clear(KcBundleDraft *draft)
{
    kc_case_view_free(draft->view);
    g_clear_pointer(&draft->parts, g_ptr_array_unref);
    g_clear_pointer(&draft->sealed, g_array_unref);
    g_clear_pointer(&draft->recordings, g_hash_table_unref);
    g_clear_pointer(&draft->names, g_hash_table_unref);
    g_clear_pointer(&draft->left_out, g_hash_table_unref);
    g_clear_pointer(&draft->numbers, g_hash_table_unref);
    g_clear_pointer(&draft->problems, g_ptr_array_unref);
    json_decref(draft->log);
    json_decref(draft->objects);
    json_decref(draft->documents);
    g_clear_pointer(&draft->messages, g_ptr_array_unref);
    *draft = (KcBundleDraft){0};
}

static void
prepare(KcBundleDraft *draft)
{
    draft->sealed = kc_sealed_new();
    draft->recordings = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)kc_recording_free);
    draft->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    draft->left_out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    draft->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    draft->parts = g_ptr_array_new_with_free_func(part_free);
    draft->problems = g_ptr_array_new_with_free_func(g_free);
    draft->objects = json_array();
    draft->documents = json_array();
}

/* ---- Loading ---- */

static gboolean
name_user(KcBundleDraft *draft, KcTx *tx, const char *user_id, GError **error)
{
    g_autoptr(KcUser) user = NULL;
    if (user_id == NULL || g_hash_table_contains(draft->names, user_id))
        return TRUE;
    if (!kc_user_store_get(tx, user_id, &user, error))
        return FALSE;
    g_hash_table_insert(draft->names, g_strdup(user_id), g_strdup(user != NULL ? user->name : NULL));
    return TRUE;
}

static gboolean
load_guests(KcBundleDraft *draft, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) guests = kc_guest_store_list(tx, draft->case_id, error);
    for (guint i = 0; guests != NULL && i < guests->len; i++) {
        const KcGuest *guest = guests->pdata[i];
        g_hash_table_insert(draft->names, g_strdup(guest->id), g_strdup(guest->name));
    }
    return guests != NULL;
}

static gboolean
load_recordings(KcBundleDraft *draft, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) recordings = kc_recording_store_list(tx, draft->case_id, error);
    while (recordings != NULL && recordings->len > 0) {
        KcRecording *recording = g_ptr_array_steal_index(recordings, 0);
        g_hash_table_insert(draft->recordings, recording->object->id, recording);
    }
    return recordings != NULL;
}

static void
leave_out(KcBundleDraft *draft, const char *kind)
{
    gint count = GPOINTER_TO_INT(g_hash_table_lookup(draft->left_out, kind));
    g_hash_table_insert(draft->left_out, g_strdup(kind), GINT_TO_POINTER(count + 1));
}

static gboolean
load_objects(KcBundleDraft *draft, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) objects = kc_object_store_list(tx, draft->case_id, NULL, error);
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        if (strcmp(object->status, "failed") == 0 && object->size_bytes == 0)
            continue; /* nothing was ever in it */
        if (object->erased_us > 0) {
            if (strcmp(object->kind, "derivative") != 0) /* what it was made from counts, and it may have been taken away */
                leave_out(draft, "erased");
            continue;
        }
        if (!kc_bundle_has_object(draft, row, object)) {
            leave_out(draft, object->kind);
            continue;
        }
        if (!kc_sealed_find(tx, draft->case_id, object->id, draft->sealed, error) ||
            !name_user(draft, tx, object->user_id, error))
            return FALSE;
    }
    return objects != NULL;
}

static gboolean
load_names(KcBundleDraft *draft, KcTx *tx, GError **error)
{
    for (guint i = 0; i < draft->view->documents->len; i++) {
        const KcDocumentView *view = draft->view->documents->pdata[i];
        if (!name_user(draft, tx, view->document->issued_by, error))
            return FALSE;
        for (guint n = 0; n < view->signatures->len; n++) {
            const KcSignatureView *signature = view->signatures->pdata[n];
            if (!name_user(draft, tx, signature->signature->recorded_by, error))
                return FALSE;
        }
    }
    return name_user(draft, tx, draft->view->row->officer_id, error);
}

static gboolean
load(KcTx *tx, gpointer data, GError **error)
{
    KcBundleDraft *draft = data;
    KcCaseRow *row = NULL;
    return kc_app_load_case(tx, draft->who, KC_ACTION_EXPORT_BUNDLE, draft->case_id, &row, draft->result, error) &&
           kc_app_load_view(draft->app, tx, draft->who, row, FALSE, &draft->view, error) &&
           kc_app_load_messages(tx, draft->who, draft->view->row, NULL, &draft->messages, error) &&
           load_guests(draft, tx, error) && load_recordings(draft, tx, error) &&
           load_objects(draft, tx, draft->view->row, error) && load_names(draft, tx, error) &&
           kc_bundle_load_log(draft, tx, error);
}

gboolean
kc_bundle_draft_load(KcBundleDraft *draft, GError **error)
{
    prepare(draft);
    return kc_app_read(draft->app, load, draft, draft->result, error);
}

/* ---- What the other files add to it by ---- */

const char *
kc_bundle_label(const KcBundleDraft *draft, const char *party_id)
{
    for (guint i = 0; party_id != NULL && i < draft->view->parties->len; i++) {
        const KcPartyView *view = draft->view->parties->pdata[i];
        if (strcmp(view->party->id, party_id) == 0)
            return view->party->label;
    }
    return NULL;
}

const char *
kc_bundle_suffix(const char *content_type)
{
    static const char *const types[][2] = {
        {"image/jpeg", "jpg"},  {"image/png", "png"},   {"image/webp", "webp"},     {"application/pdf", "pdf"},
        {"video/webm", "webm"}, {"audio/webm", "webm"}, {"application/zip", "zip"}, {"video/mp4", "mp4"},
    };
    for (guint i = 0; content_type != NULL && i < G_N_ELEMENTS(types); i++)
        if (g_str_has_prefix(content_type, types[i][0]))
            return types[i][1];
    return "bin";
}

char *
kc_bundle_next_name(KcBundleDraft *draft, const char *folder, const char *label, const char *content_type)
{
    gint number = GPOINTER_TO_INT(g_hash_table_lookup(draft->numbers, folder)) + 1;
    g_hash_table_insert(draft->numbers, g_strdup(folder), GINT_TO_POINTER(number));
    return g_strdup_printf("%s/%03d%s%s.%s", folder, number, label != NULL ? "-" : "", label != NULL ? label : "",
                           kc_bundle_suffix(content_type));
}

void
kc_bundle_add_bytes(KcBundleDraft *draft, const char *name, GBytes *bytes, gint64 at_us)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    KcBundlePart *part = g_new0(KcBundlePart, 1);
    *part = (KcBundlePart){.app = draft->app,
                           .name = g_strdup(name),
                           .bytes = bytes,
                           .size = (gint64)size,
                           .at_us = at_us,
                           .sha256 = kc_sha256_hex(data, size)};
    g_ptr_array_add(draft->parts, part);
}

void
kc_bundle_add_problem(KcBundleDraft *draft, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(draft->problems, g_strdup_vprintf(format, args));
    va_end(args);
}
