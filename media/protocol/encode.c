#include "media/protocol/fields.h"

#include "src/base/json.h"
#include "src/base/limits.h"

#include <string.h>

static json_t *fields_encode(const Field *fields, gconstpointer base);

static json_t *
rows_encode(const Field *f, gconstpointer base)
{
    const guint8 *rows = *(gconstpointer const *)((const guint8 *)base + f->offset);
    guint n = *(const guint *)((const guint8 *)base + f->count_offset);
    json_t *array = json_array();
    for (guint i = 0; i < MIN(n, f->max); i++)
        json_array_append_new(array, fields_encode(f->row, rows + i * f->row_size));
    return array;
}

static json_t *
strings_encode(char **strings)
{
    json_t *array = json_array();
    for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
        json_array_append_new(array, json_string(strings[i]));
    return array;
}

static json_t *
key_encode(const guint8 *key)
{
    static const guint8 none[KC_PROTOCOL_KEY_BYTES];
    if (memcmp(key, none, sizeof none) == 0)
        return json_null();
    g_autofree char *text = g_base64_encode(key, KC_PROTOCOL_KEY_BYTES);
    json_t *value = json_string(text);
    explicit_bzero(text, strlen(text));
    return value;
}

/* NULL: a required string is missing or not UTF-8. */
static json_t *
field_encode(const Field *f, gconstpointer base)
{
    gconstpointer value = (const guint8 *)base + f->offset;
    switch (f->kind) {
    case FIELD_STRING:
    case FIELD_WORDS:
    case FIELD_ID:
        return json_string(*(char *const *)value);
    case FIELD_ID_OPT:
    case FIELD_WORDS_OPT:
        return *(char *const *)value != NULL ? json_string(*(char *const *)value) : json_null();
    case FIELD_STRINGS:
        return strings_encode(*(char **const *)value);
    case FIELD_INT:
        return json_integer(*(const gint64 *)value);
    case FIELD_UINT:
        return json_integer(*(const guint *)value);
    case FIELD_BOOL:
        return json_boolean(*(const gboolean *)value);
    case FIELD_KEY:
        return key_encode(value);
    case FIELD_ENUM:
        return json_string(f->names[*(const int *)value]);
    case FIELD_ROWS:
        return rows_encode(f, base);
    }
    return NULL;
}

/* NULL: as field_encode. */
static json_t *
fields_encode(const Field *fields, gconstpointer base)
{
    g_autoptr(json_t) object = json_object();
    for (const Field *f = fields; f->key != NULL; f++) {
        if (json_object_set_new(object, f->key, field_encode(f, base)) != 0)
            return NULL;
    }
    return g_steal_pointer(&object);
}

char *
kc_message_encode(const KcMessage *message, gsize *ret_len, GError **error)
{
    g_autoptr(json_t) object = fields_encode(kc_message_kinds[message->type].fields, message);
    if (object == NULL) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "%s: a required text is missing",
                    kc_message_type_name(message->type));
        return NULL;
    }
    json_object_set_new(object, "type", json_string(kc_message_kinds[message->type].name));
    if (kc_message_kinds[message->type].role == ROLE_REQUEST)
        json_object_set_new(object, "id", json_integer((json_int_t)message->id));
    if (kc_message_kinds[message->type].role == ROLE_REPLY)
        json_object_set_new(object, "re", json_integer((json_int_t)message->re));
    char *text = json_dumps(object, JSON_COMPACT);
    gsize len = text != NULL ? strlen(text) : 0;
    if (text == NULL || len > KC_LIMIT_PROTOCOL_MESSAGE_BYTES) {
        g_free(text);
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_TOO_LARGE, "%s: %zu bytes are too many",
                    kc_message_type_name(message->type), len);
        return NULL;
    }
    *ret_len = len;
    return text;
}
