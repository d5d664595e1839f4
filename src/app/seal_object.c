/* Puts bytes into the vault.
 *
 * The row is live before the file exists, so that a crash leaves nothing that no row knows of; only the transaction of
 * the use case, after the file is durable, makes it complete. */
#include "src/app/internal.h"

#include <glib/gstdio.h>
#include <string.h>

#include "src/base/hex.h"
#include "src/evidence/vault.h"

char *
kc_app_object_path(const KcApp *app, const char *relative)
{
    return g_build_filename(app->vault_dir, relative, NULL);
}

char *
kc_app_object_new_path(const KcApp *app, const char *case_id, const char *object_id, GError **error)
{
    g_autofree char *folder = g_build_filename(app->vault_dir, case_id, NULL);
    if (!kc_vault_make_folder(folder, error))
        return NULL;
    return g_strdup_printf("%s/%s.kcv", case_id, object_id);
}

typedef struct {
    KcObject *object;
    guint8 key[KC_KEY_LEN];
} Begin;

static gboolean
begin(KcTx *tx, gpointer data, GError **error)
{
    Begin *work = data;
    return kc_object_store_insert(tx, work->object, error) &&
           kc_object_store_key(tx, work->object->case_id, work->object->id, work->key, error);
}

static KcObject *
new_object(KcApp *app, const KcSealRequest *request, GBytes *bytes)
{
    KcObject *object = g_new0(KcObject, 1);
    KcId id = kc_app_new_id(app);
    object->id = g_strdup(id.text);
    object->case_id = g_strdup(request->case_id);
    object->kind = g_strdup(request->kind);
    object->party_id = g_strdup(request->party_id);
    object->user_id = g_strdup(request->user_id);
    object->status = g_strdup("live");
    object->content_type = g_strdup(request->content_type);
    object->size_bytes = g_bytes_get_size(bytes);
    object->meta_json = kc_json_text(request->meta);
    object->created_us = kc_app_now(app);
    return object;
}

static gboolean
write_file(KcApp *app, KcObject *object, const guint8 key[KC_KEY_LEN], GBytes *bytes, GError **error)
{
    g_autofree char *path = kc_app_object_path(app, object->path);
    guint8 hash[KC_VAULT_SHA256_LEN];
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    int fd = kc_vault_create(path, error);
    if (fd < 0 || !kc_vault_write_all(fd, key, object->id, data, len, NULL, hash, error))
        return FALSE;
    object->sha256 = kc_hex_encode(hash, sizeof hash);
    g_free(object->status);
    object->status = g_strdup("complete");
    object->finished_us = kc_app_now(app);
    return TRUE;
}

gboolean
kc_app_vault_failed(KcApp *app, GError *local, KcResult *result, GError **error)
{
    if (g_error_matches(local, KC_VAULT_ERROR, KC_VAULT_ERROR_FULL)) {
        g_error_free(local);
        return kc_app_refuse_full(app, result);
    }
    g_propagate_error(error, local);
    return FALSE;
}

/* A photo can wait; what is said, signed and issued in a case that is being handled can't. */
static KcDiskUse
use_of(const KcObject *object)
{
    return strcmp(object->kind, "photo") == 0 ? KC_DISK_NEW : KC_DISK_RUNNING;
}

gboolean
kc_app_seal_object(KcApp *app, const KcSealRequest *request, GBytes *bytes, KcObject **ret_object, KcResult *result,
                   GError **error)
{
    g_autoptr(KcObject) object = new_object(app, request, bytes);
    g_autoptr(GError) local = NULL;
    if (!kc_app_check_disk(app, use_of(object), object->size_bytes, result))
        return FALSE;
    object->path = kc_app_object_new_path(app, object->case_id, object->id, &local);
    if (object->path == NULL)
        return kc_app_vault_failed(app, g_steal_pointer(&local), result, error);
    Begin work = {.object = object};
    if (!kc_app_write(app, begin, &work, result, error))
        return FALSE;
    gboolean written = write_file(app, object, work.key, bytes, &local);
    kc_key_wipe(work.key, sizeof work.key);
    if (written) {
        *ret_object = g_steal_pointer(&object);
        return TRUE;
    }
    kc_app_drop_object(app, object);
    return kc_app_vault_failed(app, g_steal_pointer(&local), result, error);
}

static gboolean
mark_failed(KcTx *tx, gpointer data, GError **error)
{
    return kc_object_store_update(tx, data, error) != KC_UPDATE_FAILED;
}

void
kc_app_drop_object(KcApp *app, KcObject *object)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = kc_app_object_path(app, object->path);
    g_free(object->status);
    object->status = g_strdup("failed");
    object->finished_us = kc_app_now(app);
    /* First the row: a commit that was told as failed may still be on the disk, and then its file must be, too. If this
     * fails as well, the row stays live, and the next start marks it. */
    if (!kc_store_write(app->store, mark_failed, object, &error))
        g_warning("an object that was given up stays marked as live: %s", error->message);
    else
        g_unlink(path);
}

static gboolean
room_for_still(KcTx *tx, const char *case_id, KcResult *result, GError **error)
{
    gint64 stills, photos;
    if (!kc_object_store_count(tx, case_id, "still", &stills, error) ||
        !kc_object_store_count(tx, case_id, "photo", &photos, error))
        return FALSE;
    if (stills + photos <= KC_LIMIT_STILLS_PER_CASE)
        return TRUE;
    return kc_refuse(result, KC_RESULT_CONFLICT, "too-many-stills", "This case holds as many pictures as a case may.");
}

gboolean
kc_app_commit_still(KcTx *tx, const KcPrincipal *who, KcCaseRow *row, KcObject *object, gint64 now_us, KcResult *result,
                    GError **error)
{
    KcCaseFacts facts = {.stills = 1};
    /* First the row: a live still that is kept is counted only from then on. */
    if (kc_object_store_update(tx, object, error) != KC_UPDATE_DONE ||
        !room_for_still(tx, row->id, result, error) || !kc_app_apply(row, KC_CASE_FIX_EVIDENCE, &facts, now_us, result))
        return FALSE;
    json_t *entry = json_pack("{s:s, s:s, s:s, s:I}", "object_id", object->id, "kind", object->kind, "sha256",
                              object->sha256, "bytes", (json_int_t)object->size_bytes);
    json_t *event = json_pack("{s:s}", "still_id", object->id);
    return kc_app_log(tx, who, row->id, "still.created", now_us, entry, error) &&
           kc_app_emit(tx, "still.created", row->id, "case", NULL, now_us, event, error) &&
           kc_app_save_case(tx, row, now_us, error);
}
