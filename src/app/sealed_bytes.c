#include "src/app/sealed_bytes.h"

#include "src/app/object_reader.h"

static void
sealed_clear(KcSealed *sealed)
{
    kc_key_wipe(sealed->key, sizeof sealed->key);
    kc_object_free(sealed->object);
}

GArray *
kc_sealed_new(void)
{
    GArray *array = g_array_new(FALSE, FALSE, sizeof(KcSealed));
    g_array_set_clear_func(array, (GDestroyNotify)sealed_clear);
    return array;
}

gboolean
kc_sealed_find(KcTx *tx, const char *case_id, const char *object_id, GArray *into, GError **error)
{
    KcSealed sealed = {0};
    if (!kc_object_store_get(tx, object_id, &sealed.object, error))
        return FALSE;
    if (sealed.object == NULL) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "object %s that a row names is absent", object_id);
        return FALSE;
    }
    gboolean found = kc_object_store_key(tx, case_id, object_id, sealed.key, error);
    g_array_append_val(into, sealed);
    return found;
}

GBytes *
kc_sealed_read(KcApp *app, const KcSealed *sealed, GError **error)
{
    g_autoptr(KcObjectReader) reader = kc_object_reader_open(app, sealed->object, sealed->key, FALSE, NULL, error);
    if (reader == NULL)
        return NULL;
    gsize size = (gsize)kc_object_reader_size(reader);
    g_autofree guint8 *data = g_malloc(size);
    if (!kc_object_reader_read(reader, 0, data, size, error))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), size);
}
