/* Reads a sealed object as the file that is served.
 *
 * Invariants
 *
 * 1. Nothing unauthenticated leaves: a chunk that does not open is an error of the read and an entry of the audit log.
 * 2. A recording is served with a head made from its index; its clusters come from the vault as they are.
 * 3. A reader that found damage is never used again. */
#include "src/app/object_reader.h"

#include "src/base/hex.h"
#include "src/evidence/digest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/app/reader_shelf.h"
#include "src/base/hex.h"

struct KcObjectReader {
    KcApp *app;
    char *object_id;
    char *case_id;
    char *path;
    char *content_type;
    char *sha256;
    KcVaultReader *vault;
    KcWebmVirtual *webm; /* NULL: the object as it is */
    KcWebmIndex *index;  /* of a recording */
    gboolean told;       /* the log has its entry about damage */
    struct stat opened;  /* the file, when it was opened */
    gint64 idle_since_us;
};

static gboolean
open_webm(KcObjectReader *reader, GError **error)
{
    reader->index = kc_webm_index_decode(kc_vault_reader_index(reader->vault), error);
    if (reader->index == NULL)
        return FALSE;
    reader->webm = kc_webm_virtual_new(reader->index);
    g_free(reader->content_type);
    reader->content_type = g_strdup(kc_webm_virtual_content_type(reader->webm));
    return TRUE;
}

static gboolean
write_damage(KcTx *tx, gpointer data, GError **error)
{
    KcObjectReader *reader = data;
    return kc_app_log(tx, NULL, reader->case_id, "object.damaged", kc_app_now(reader->app),
                      json_pack("{s:s}", "object_id", reader->object_id), error);
}

static void
tell_damage(KcObjectReader *reader)
{
    g_autoptr(GError) error = NULL;
    if (!reader->told && !kc_store_write(reader->app->store, write_damage, reader, &error))
        g_warning("damage of object %s can't be noted: %s", reader->object_id, error->message);
    reader->told = TRUE;
}

/* FALSE: there is no such file, or it does not open. */
static gboolean
open_file(KcObjectReader *reader, const char *path, const guint8 key[KC_KEY_LEN], GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &reader->opened) != 0) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "object %s is absent: %s", reader->object_id,
                    g_strerror(errno));
        return FALSE;
    }
    reader->vault = kc_vault_reader_open(fd, key, reader->object_id, error);
    return reader->vault != NULL;
}

static KcObjectReader *
open_anew(KcApp *app, const KcObject *object, const char *path, const guint8 key[KC_KEY_LEN], gboolean as_recording,
          GError **error)
{
    g_autoptr(KcObjectReader) reader = g_new0(KcObjectReader, 1);
    reader->app = app;
    reader->object_id = g_strdup(object->id);
    reader->case_id = g_strdup(object->case_id);
    reader->path = g_strdup(path);
    reader->content_type = g_strdup(object->content_type);
    reader->sha256 = g_strdup(object->sha256);
    if (open_file(reader, path, key, error) && (!as_recording || open_webm(reader, error)))
        return g_steal_pointer(&reader);
    tell_damage(reader);
    return NULL;
}

KcObjectReader *
kc_object_reader_open(KcApp *app, const KcObject *object, const guint8 key[KC_KEY_LEN], gboolean as_recording,
                      KcWebmIndex **ret_index, GError **error)
{
    g_autofree char *path = kc_app_object_path(app, object->path);
    KcObjectReader *reader = as_recording ? kc_app_take_reader(app, object->id, path) : NULL;
    if (reader == NULL)
        reader = open_anew(app, object, path, key, as_recording, error);
    if (reader != NULL && ret_index != NULL)
        *ret_index = kc_webm_index_copy(reader->index);
    return reader;
}

gboolean
kc_object_is_webm(const KcObject *object)
{
    return strcmp(object->kind, "recording") == 0 || strcmp(object->kind, "derivative") == 0;
}

const KcWebmVirtual *
kc_object_reader_webm(const KcObjectReader *reader)
{
    return reader->webm;
}

const KcWebmIndex *
kc_object_reader_index(const KcObjectReader *reader)
{
    return reader->index;
}

const char *
kc_object_reader_case_id(const KcObjectReader *reader)
{
    return reader->case_id;
}

gboolean
kc_object_reader_read_sealed(KcObjectReader *reader, guint8 *buffer, gsize len, GError **error)
{
    if (kc_vault_reader_read_at(reader->vault, 0, buffer, len, error))
        return TRUE;
    tell_damage(reader);
    return FALSE;
}

gboolean
kc_object_reader_verify(KcObjectReader *reader, GError **error)
{
    g_autofree char *sealed = kc_hex_encode(kc_vault_reader_sha256(reader->vault), KC_VAULT_SHA256_LEN);
    gboolean good = g_strcmp0(sealed, reader->sha256) == 0;
    if (!good)
        g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_TAMPERED, "object %s has another hash than its row says",
                    reader->object_id);
    good = good && kc_vault_reader_verify(reader->vault, error);
    if (!good)
        tell_damage(reader);
    return good;
}

gint64
kc_object_reader_size(const KcObjectReader *reader)
{
    return reader->webm != NULL ? kc_webm_virtual_size(reader->webm) : kc_vault_reader_size(reader->vault);
}

const char *
kc_object_reader_content_type(const KcObjectReader *reader)
{
    return reader->content_type;
}

const char *
kc_object_reader_sha256(const KcObjectReader *reader)
{
    return reader->sha256;
}

static gboolean
read_vault(guint64 offset, guint8 *out, gsize size, gpointer user_data, GError **error)
{
    return kc_vault_reader_read_at(user_data, offset, out, size, error);
}

void
kc_object_reader_expect(KcObjectReader *reader, gint64 offset, gint64 len)
{
    const guint8 *head = NULL;
    guint64 first = (guint64)offset, left = (guint64)len;
    if (reader->webm != NULL) {
        guint64 together = kc_webm_virtual_locate(reader->webm, (guint64)offset, &head, &first);
        guint64 of_head = head != NULL ? MIN(together, left) : 0;
        left -= of_head;
        if (left > 0)
            kc_webm_virtual_locate(reader->webm, (guint64)offset + of_head, &head, &first);
    }
    if (left > 0)
        kc_vault_reader_expect(reader->vault, first, left);
}

gboolean
kc_object_reader_read(KcObjectReader *reader, gint64 offset, guint8 *buffer, gsize len, GError **error)
{
    gboolean done = reader->webm != NULL
                        ? kc_webm_virtual_read(reader->webm, offset, buffer, len, read_vault, reader->vault, error)
                        : kc_vault_reader_read_at(reader->vault, offset, buffer, len, error);
    if (!done)
        tell_damage(reader);
    return done;
}

/* ---- The whole of it ---- */

void
kc_object_check_clear(KcObjectCheck *check)
{
    g_clear_pointer(&check->sealed_sha256, g_free);
    g_clear_pointer(&check->file_sha256, g_free);
    g_clear_pointer(&check->sealed_head, g_bytes_unref);
    g_clear_pointer(&check->damage, g_free);
}

typedef struct {
    KcSha256 *sealed, *file;
    GByteArray *head;  /* of the original, up to `skip` */
    guint64 skip;      /* bytes of the original that the file doesn't have */
    gint64 file_bytes; /* of the file, so far */
} Whole;

static void
take_chunk(Whole *whole, guint64 offset, const guint8 *data, gsize len)
{
    gsize skipped = offset < whole->skip ? (gsize)MIN(whole->skip - offset, len) : 0;
    g_byte_array_append(whole->head, data, (guint)skipped);
    kc_sha256_update(whole->sealed, data, len);
    kc_sha256_update(whole->file, data + skipped, len - skipped);
    whole->file_bytes += (gint64)(len - skipped);
}

/* Chunk by chunk, so that everything before a damaged one is known to be good. */
static gboolean
read_chunks(KcObjectReader *reader, Whole *whole, GError **error)
{
    g_autofree guint8 *buffer = g_malloc(KC_LIMIT_CHUNK_BYTES);
    for (guint32 i = 0; i < kc_vault_reader_chunk_count(reader->vault); i++) {
        guint64 offset = kc_vault_reader_chunk_offset(reader->vault, i);
        gsize len = kc_vault_reader_chunk_length(reader->vault, i);
        g_assert(len <= KC_LIMIT_CHUNK_BYTES);
        if (!kc_vault_reader_read_at(reader->vault, offset, buffer, len, error))
            return FALSE;
        take_chunk(whole, offset, buffer, len);
    }
    return TRUE;
}

static void
begin_whole(KcObjectReader *reader, Whole *whole)
{
    const guint8 *head = NULL;
    guint64 first = 0;
    if (reader->webm == NULL)
        return;
    guint64 length = kc_webm_virtual_locate(reader->webm, 0, &head, &first);
    kc_sha256_update(whole->file, head, (gsize)length);
    whole->file_bytes = (gint64)length;
    kc_webm_virtual_locate(reader->webm, length, &head, &first);
    whole->skip = first;
}

static char *
peek_hex(const KcSha256 *hash)
{
    guint8 bytes[KC_SHA256_LEN];
    kc_sha256_peek(hash, bytes);
    return kc_hex_encode(bytes, sizeof bytes);
}

static char *
find_difference(const KcObjectReader *reader, const Whole *whole, const char *sealed_sha256)
{
    g_autofree char *last = kc_hex_encode(kc_vault_reader_sha256(reader->vault), KC_VAULT_SHA256_LEN);
    if (strcmp(sealed_sha256, last) != 0)
        return g_strdup("its bytes are not those that its last chunk names");
    if (g_strcmp0(sealed_sha256, reader->sha256) != 0)
        return g_strdup("its bytes are not those that its row names");
    if (whole->file_bytes != kc_object_reader_size(reader))
        return g_strdup("its index names another length");
    return NULL;
}

void
kc_object_reader_check(KcObjectReader *reader, KcObjectCheck *ret_check)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcSha256) sealed = kc_sha256_new(), file = kc_sha256_new();
    Whole whole = {sealed, file, g_byte_array_new(), 0, 0};
    begin_whole(reader, &whole);
    gint64 head_bytes = whole.file_bytes;
    gboolean read = read_chunks(reader, &whole, &error);
    *ret_check = (KcObjectCheck){.sealed_sha256 = peek_hex(sealed),
                                 .file_sha256 = peek_hex(file),
                                 .sealed_bytes = (gint64)kc_vault_reader_size(reader->vault),
                                 .file_bytes = whole.file_bytes,
                                 .head_bytes = head_bytes};
    ret_check->damage = read ? find_difference(reader, &whole, ret_check->sealed_sha256) : g_strdup(error->message);
    g_autoptr(GBytes) head = g_byte_array_free_to_bytes(whole.head);
    if (reader->webm != NULL)
        ret_check->sealed_head = g_steal_pointer(&head);
    if (ret_check->damage != NULL)
        tell_damage(reader);
}

static void
close_reader(KcObjectReader *reader)
{
    kc_webm_virtual_free(reader->webm);
    kc_webm_index_free(reader->index);
    kc_vault_reader_free(reader->vault);
    g_free(reader->object_id);
    g_free(reader->case_id);
    g_free(reader->path);
    g_free(reader->content_type);
    g_free(reader->sha256);
    g_free(reader);
}

void
kc_object_reader_free(KcObjectReader *reader)
{
    if (reader != NULL && reader->webm != NULL && !reader->told)
        kc_app_keep_reader(reader->app, reader);
    else if (reader != NULL)
        close_reader(reader);
}

/* ---- Those that are kept ---- */

static gboolean
is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The last one put back; -1: none. Under the lock. */
static gint
find_reader(const KcApp *app, const char *object_id)
{
    for (guint i = app->idle_readers->len; i-- > 0;)
        if (strcmp(((KcObjectReader *)app->idle_readers->pdata[i])->object_id, object_id) == 0)
            return (gint)i;
    return -1;
}

gboolean
kc_app_has_reader(KcApp *app, const char *object_id)
{
    g_mutex_lock(&app->lock);
    gboolean found = find_reader(app, object_id) >= 0;
    g_mutex_unlock(&app->lock);
    return found;
}

KcObjectReader *
kc_app_take_reader(KcApp *app, const char *object_id, const char *path)
{
    struct stat now;
    g_mutex_lock(&app->lock);
    gint at = find_reader(app, object_id);
    KcObjectReader *found = at >= 0 ? g_ptr_array_steal_index(app->idle_readers, (guint)at) : NULL;
    g_mutex_unlock(&app->lock);
    if (found == NULL || (stat(path != NULL ? path : found->path, &now) == 0 && is_same_file(&now, &found->opened)))
        return found;
    close_reader(found);
    return NULL;
}

void
kc_app_keep_reader(KcApp *app, KcObjectReader *reader)
{
    KcObjectReader *oldest = NULL;
    reader->idle_since_us = g_get_monotonic_time();
    kc_vault_reader_expect(reader->vault, 0, 0);
    g_mutex_lock(&app->lock);
    if (app->idle_readers->len >= KC_SHELF_READERS)
        oldest = g_ptr_array_steal_index(app->idle_readers, 0);
    g_ptr_array_add(app->idle_readers, reader);
    g_mutex_unlock(&app->lock);
    if (oldest != NULL)
        close_reader(oldest);
}

void
kc_app_sweep_readers(KcApp *app, gboolean all)
{
    gint64 old = g_get_monotonic_time() - KC_SHELF_IDLE_US;
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func((GDestroyNotify)close_reader);
    g_mutex_lock(&app->lock);
    while (app->idle_readers->len > 0 && (all || ((KcObjectReader *)app->idle_readers->pdata[0])->idle_since_us < old))
        g_ptr_array_add(gone, g_ptr_array_steal_index(app->idle_readers, 0));
    g_mutex_unlock(&app->lock);
}
