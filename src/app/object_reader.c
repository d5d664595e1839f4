/* Reads a sealed object as the file that is served.
 *
 * Invariants
 *
 * 1. Nothing unauthenticated leaves: a chunk that does not open is an error of the read and an entry of the audit log.
 * 2. A recording is served with a head made from its index; its clusters come from the vault as they are. */
#include "src/app/object_reader.h"

#include <fcntl.h>
#include <unistd.h>

struct KcObjectReader {
    KcApp *app;
    char *object_id;
    char *case_id;
    char *content_type;
    char *sha256;
    KcVaultReader *vault;
    KcWebmVirtual *webm; /* NULL: the object as it is */
    gboolean told;       /* the log has its entry about damage */
};

static KcWebmIndex *
open_webm(KcObjectReader *reader, GError **error)
{
    g_autoptr(KcWebmIndex) index = kc_webm_index_decode(kc_vault_reader_index(reader->vault), error);
    if (index == NULL)
        return NULL;
    reader->webm = kc_webm_virtual_new(index);
    g_free(reader->content_type);
    reader->content_type = g_strdup(kc_webm_virtual_content_type(reader->webm));
    return g_steal_pointer(&index);
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

KcObjectReader *
kc_object_reader_open(KcApp *app, const KcObject *object, const guint8 key[KC_KEY_LEN], gboolean as_recording,
                      KcWebmIndex **ret_index, GError **error)
{
    g_autoptr(KcObjectReader) reader = g_new0(KcObjectReader, 1);
    g_autofree char *path = kc_app_object_path(app, object->path);
    reader->app = app;
    reader->object_id = g_strdup(object->id);
    reader->case_id = g_strdup(object->case_id);
    reader->content_type = g_strdup(object->content_type);
    reader->sha256 = g_strdup(object->sha256);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "object %s is absent: %s", object->id,
                    g_strerror(errno));
        tell_damage(reader);
        return NULL;
    }
    reader->vault = kc_vault_reader_open(fd, key, object->id, error);
    if (reader->vault == NULL) {
        tell_damage(reader);
        return NULL;
    }
    if (!as_recording)
        return g_steal_pointer(&reader);
    KcWebmIndex *index = open_webm(reader, error);
    if (index == NULL) {
        tell_damage(reader);
        return NULL;
    }
    if (ret_index != NULL)
        *ret_index = index;
    else
        kc_webm_index_free(index);
    return g_steal_pointer(&reader);
}

const KcWebmVirtual *
kc_object_reader_webm(const KcObjectReader *reader)
{
    return reader->webm;
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

void
kc_object_reader_free(KcObjectReader *reader)
{
    if (reader == NULL)
        return;
    kc_webm_virtual_free(reader->webm);
    kc_vault_reader_free(reader->vault);
    g_free(reader->object_id);
    g_free(reader->case_id);
    g_free(reader->content_type);
    g_free(reader->sha256);
    g_free(reader);
}
