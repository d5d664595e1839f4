/* Invariant: a decoded message holds every string that the header calls required; nothing is taken from JSON but
 * through the tables. */
#include "media/protocol/fields.h"

#include "src/base/json.h"
#include "src/base/limits.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static gboolean
bad(GError **error, const char *key, const char *what)
{
    g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "\"%s\": %s", key, what);
    return FALSE;
}

static gboolean
string_decode(const char *key, const json_t *value, gsize min, gsize max, char **ret_text, GError **error)
{
    if (!json_is_string(value))
        return bad(error, key, "a string is wanted");
    gsize len = json_string_length(value);
    if (len < min || len > max)
        return bad(error, key, "too short or too long");
    if (strlen(json_string_value(value)) != len)
        return bad(error, key, "NUL inside");
    *ret_text = g_strdup(json_string_value(value));
    return TRUE;
}

static gboolean
strings_decode(const Field *f, const json_t *value, char ***ret_strings, GError **error)
{
    if (!json_is_array(value))
        return bad(error, f->key, "an array is wanted");
    gsize n = json_array_size(value);
    if (n < (gsize)f->min || n > KC_PROTOCOL_ADDRESSES_MAX)
        return bad(error, f->key, "too few or too many");
    char **strings = *ret_strings = g_new0(char *, n + 1);
    for (gsize i = 0; i < n; i++) {
        if (!string_decode(f->key, json_array_get(value, i), 1, KC_PROTOCOL_WORDS_MAX, &strings[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
key_decode(const Field *f, const json_t *value, guint8 *ret_key, GError **error)
{
    if (value == NULL || json_is_null(value))
        return TRUE;
    /* 32 bytes are 44 characters; decoding in place then can't overrun. */
    if (!json_is_string(value) || json_string_length(value) != 44)
        return bad(error, f->key, "32 bytes of base64 are wanted");
    gsize len = 0;
    g_autofree guchar *bytes = g_base64_decode(json_string_value(value), &len);
    gboolean ok = len == KC_PROTOCOL_KEY_BYTES;
    if (ok)
        memcpy(ret_key, bytes, len);
    explicit_bzero(bytes, len);
    return ok || bad(error, f->key, "32 bytes of base64 are wanted");
}

static gboolean
enum_decode(const Field *f, const json_t *value, int *ret_value, GError **error)
{
    for (int i = 0; json_is_string(value) && f->names[i] != NULL; i++) {
        if (g_str_equal(f->names[i], json_string_value(value))) {
            *ret_value = i;
            return TRUE;
        }
    }
    return bad(error, f->key, "unknown value");
}

static gboolean
integer_decode(const Field *f, const json_t *value, gint64 *ret_value, GError **error)
{
    if (!json_is_integer(value))
        return bad(error, f->key, "an integer is wanted");
    gint64 number = json_integer_value(value);
    if (number < f->min || number > f->max)
        return bad(error, f->key, "out of range");
    *ret_value = number;
    return TRUE;
}

static gboolean fields_decode(const Field *fields, gboolean top, const json_t *object, gpointer base, GError **error);

static gboolean
rows_decode(const Field *f, const json_t *value, gpointer base, GError **error)
{
    if (!json_is_array(value))
        return bad(error, f->key, "an array is wanted");
    gsize n = json_array_size(value);
    if (n > (gsize)f->max)
        return bad(error, f->key, "too many");
    guint8 *rows = g_malloc0(n * f->row_size + 1);
    *(gpointer *)at(base, f->offset) = rows;
    *(guint *)at(base, f->count_offset) = (guint)n;
    for (gsize i = 0; i < n; i++) {
        if (!fields_decode(f->row, FALSE, json_array_get(value, i), rows + i * f->row_size, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
field_decode(const Field *f, const json_t *value, gpointer base, GError **error)
{
    gpointer target = at(base, f->offset);
    gint64 number = 0;
    switch (f->kind) {
    case FIELD_STRING:
        return string_decode(f->key, value, 1, KC_PROTOCOL_STRING_MAX, target, error);
    case FIELD_WORDS:
        return string_decode(f->key, value, 0, KC_PROTOCOL_WORDS_MAX, target, error);
    case FIELD_ID:
        return string_decode(f->key, value, 1, KC_PROTOCOL_ID_MAX, target, error);
    case FIELD_ID_OPT:
    case FIELD_WORDS_OPT:
        if (value == NULL || json_is_null(value))
            return TRUE;
        return string_decode(f->key, value, 1, f->kind == FIELD_ID_OPT ? KC_PROTOCOL_ID_MAX : KC_PROTOCOL_WORDS_MAX,
                             target, error);
    case FIELD_STRINGS:
        return strings_decode(f, value, target, error);
    case FIELD_INT:
        return integer_decode(f, value, target, error);
    case FIELD_UINT:
        if (!integer_decode(f, value, &number, error))
            return FALSE;
        *(guint *)target = (guint)number;
        return TRUE;
    case FIELD_BOOL:
        if (!json_is_boolean(value))
            return bad(error, f->key, "a boolean is wanted");
        *(gboolean *)target = json_is_true(value);
        return TRUE;
    case FIELD_KEY:
        return key_decode(f, value, target, error);
    case FIELD_ENUM:
        return enum_decode(f, value, target, error);
    case FIELD_ROWS:
        return rows_decode(f, value, base, error);
    }
    return FALSE;
}

static gboolean
key_is_known(const Field *fields, gboolean top, const char *key)
{
    if (top && (g_str_equal(key, "type") || g_str_equal(key, "id") || g_str_equal(key, "re")))
        return TRUE;
    for (const Field *f = fields; f->key != NULL; f++) {
        if (g_str_equal(f->key, key))
            return TRUE;
    }
    return FALSE;
}

static gboolean
fields_decode(const Field *fields, gboolean top, const json_t *object, gpointer base, GError **error)
{
    if (!json_is_object(object))
        return bad(error, "", "an object is wanted");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!key_is_known(fields, top, key))
            return bad(error, key, "unknown key");
    }
    for (const Field *f = fields; f->key != NULL; f++) {
        if (!field_decode(f, json_object_get(object, f->key), base, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
type_decode(const json_t *object, KcMessageType *ret_type, GError **error)
{
    const char *name = json_string_value(json_object_get(object, "type"));
    for (int i = 0; name != NULL && i < KC_MESSAGE_N_TYPES; i++) {
        if (g_str_equal(kc_message_kinds[i].name, name)) {
            *ret_type = i;
            return TRUE;
        }
    }
    return bad(error, "type", "unknown value");
}

static gboolean
number_decode(const json_t *object, const char *key, gboolean wanted, guint64 *ret_number, GError **error)
{
    const json_t *value = json_object_get(object, key);
    if (!wanted)
        return value == NULL || bad(error, key, "not in this message");
    if (!json_is_integer(value) || json_integer_value(value) <= 0)
        return bad(error, key, "a positive integer is wanted");
    *ret_number = (guint64)json_integer_value(value);
    return TRUE;
}

/* What concerns more than one field. */
static gboolean
message_check(const KcMessage *message, GError **error)
{
    static const guint8 none[KC_PROTOCOL_KEY_BYTES];
    if (message->type == KC_MESSAGE_CONFIGURE && message->configure.port_max < message->configure.port_min)
        return bad(error, "port_max", "below port_min");
    if (message->type == KC_MESSAGE_JOIN &&
        (message->join.object != NULL) == (memcmp(message->join.key, none, sizeof none) == 0))
        return bad(error, "key", "an object and its key come together");
    if (kc_message_wants_fd(message) != (message->fd >= 0)) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_FDS, "%s: %s", kc_message_type_name(message->type),
                    message->fd >= 0 ? "comes with a file descriptor" : "comes without its file descriptor");
        return FALSE;
    }
    return TRUE;
}

static void
wipe_and_free(void *memory)
{
    if (memory != NULL)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

void
kc_message_wipe_json(void)
{
    json_set_alloc_funcs(g_malloc, wipe_and_free);
}

KcMessage *
kc_message_decode(const char *text, gsize len, int fd, GError **error)
{
    g_autoptr(KcMessage) message = kc_message_new(KC_MESSAGE_STOP);
    message->fd = fd;
    if (len > KC_LIMIT_PROTOCOL_MESSAGE_BYTES) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_TOO_LARGE, "%zu bytes are too many", len);
        return NULL;
    }
    json_error_t why;
    g_autoptr(json_t) object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(object)) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "not a JSON object: %s",
                    object == NULL ? why.text : "another value");
        return NULL;
    }
    if (!type_decode(object, &message->type, error))
        return NULL;
    Role role = kc_message_kinds[message->type].role;
    if (!number_decode(object, "id", role == ROLE_REQUEST, &message->id, error) ||
        !number_decode(object, "re", role == ROLE_REPLY, &message->re, error) ||
        !fields_decode(kc_message_kinds[message->type].fields, TRUE, object, message, error) ||
        !message_check(message, error))
        return NULL;
    return g_steal_pointer(&message);
}
