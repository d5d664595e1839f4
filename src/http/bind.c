#include "src/http/bind.h"

#include <math.h>
#include <string.h>

#include "src/base/id.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"

#define MAX_SAFE_INTEGER 9007199254740991.0 /* what JavaScript can hold */
#define DEFAULT_ITEMS 64

typedef struct {
    KcFieldErrors *errors;
    GString *pointer; /* of the value at hand, RFC 6901 */
    gboolean failed;
} Bind;

static gboolean bind_object(Bind *bind, const json_t *root, const KcBindField *fields, gpointer target);

static gboolean
fail(Bind *bind, const char *message)
{
    kc_field_errors_add(bind->errors, bind->pointer->str, message);
    bind->failed = TRUE;
    return FALSE;
}

static gsize
enter(Bind *bind, const char *name)
{
    gsize before = bind->pointer->len;
    g_string_append_c(bind->pointer, '/');
    for (const char *c = name; *c != '\0' && bind->pointer->len < 256; c++) {
        if (*c == '~')
            g_string_append(bind->pointer, "~0");
        else if (*c == '/')
            g_string_append(bind->pointer, "~1");
        else
            g_string_append_c(bind->pointer, *c);
    }
    return before;
}

static void
leave(Bind *bind, gsize before)
{
    g_string_truncate(bind->pointer, before);
}

static gboolean
has_control(const char *text, gboolean lines)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((guchar)*c < 0x20 && !(lines && (*c == '\n' || *c == '\t')))
            return TRUE;
    }
    return FALSE;
}

static gboolean
bind_text(Bind *bind, const json_t *value, const KcBindField *field, const char **ret_text)
{
    if (json_is_null(value) && (field->flags & KC_BIND_CLEARABLE)) {
        *ret_text = "";
        return TRUE;
    }
    if (!json_is_string(value))
        return fail(bind, "must be a string");
    const char *text = json_string_value(value);
    gsize bytes = json_string_length(value);
    if (strlen(text) != bytes || has_control(text, field->kind == KC_BIND_LONG_TEXT))
        return fail(bind, "must not have control characters");
    gsize limit = field->kind == KC_BIND_LONG_TEXT ? KC_LIMIT_TEXT_CHARS : KC_LIMIT_SHORT_TEXT_CHARS;
    if (field->max > 0)
        limit = (gsize)field->max;
    gsize length = field->kind == KC_BIND_BLOB_TEXT ? bytes : (gsize)g_utf8_strlen(text, (gssize)bytes);
    if (length > limit)
        return fail(bind, "is too long");
    if (bytes == 0 && (field->flags & KC_BIND_REQUIRED))
        return fail(bind, "must not be empty");
    *ret_text = text;
    return TRUE;
}

static gboolean
bind_code(Bind *bind, const json_t *value, const KcBindField *field, char *ret_code)
{
    const KcBindField text_field = {.kind = KC_BIND_BLOB_TEXT, .flags = field->flags, .max = (double)(field->size - 1)};
    const char *text = NULL;
    if (!bind_text(bind, value, &text_field, &text))
        return FALSE;
    memset(ret_code, 0, field->size);
    memcpy(ret_code, text, strlen(text));
    return TRUE;
}

static gboolean
bind_id(Bind *bind, const json_t *value, const char **ret_id)
{
    if (!json_is_string(value) || !kc_id_is_valid(json_string_value(value)))
        return fail(bind, "must be a UUID");
    *ret_id = json_string_value(value);
    return TRUE;
}

static gboolean
bind_time(Bind *bind, const json_t *value, gint64 *ret_us)
{
    if (!json_is_string(value) || !kc_timestamp_parse(json_string_value(value), ret_us))
        return fail(bind, "must be a time of RFC 3339 with its offset");
    return TRUE;
}

static gboolean
within(const KcBindField *field, double number)
{
    if (field->min == 0 && field->max == 0)
        return number >= 0 && number <= MAX_SAFE_INTEGER;
    return number >= field->min && number <= field->max;
}

static gboolean
bind_int(Bind *bind, const json_t *value, const KcBindField *field, gint64 *ret_number)
{
    if (!json_is_integer(value))
        return fail(bind, "must be an integer");
    if (!within(field, (double)json_integer_value(value)))
        return fail(bind, "is out of range");
    *ret_number = json_integer_value(value);
    return TRUE;
}

static gboolean
bind_real(Bind *bind, const json_t *value, const KcBindField *field, double *ret_number)
{
    if (!json_is_number(value))
        return fail(bind, "must be a number");
    double number = json_number_value(value);
    if (!isfinite(number) || !within(field, number))
        return fail(bind, "is out of range");
    *ret_number = number;
    return TRUE;
}

static gboolean
bind_choice(Bind *bind, const json_t *value, const KcBindField *field, int *ret_index)
{
    for (int i = 0; json_is_string(value) && field->choices[i] != NULL; i++) {
        if (strcmp(field->choices[i], json_string_value(value)) == 0) {
            *ret_index = i;
            return TRUE;
        }
    }
    g_autofree char *choices = g_strjoinv(", ", (char **)field->choices);
    g_autofree char *message = g_strconcat("must be one of: ", choices, NULL);
    return fail(bind, message);
}

static gsize
enter_index(Bind *bind, gsize index)
{
    g_autofree char *name = g_strdup_printf("%" G_GSIZE_FORMAT, index);
    return enter(bind, name);
}

static gboolean
is_list(Bind *bind, const json_t *value, const KcBindField *field)
{
    if (!json_is_array(value))
        return fail(bind, "must be an array");
    gsize limit = field->max > 0 ? (gsize)field->max : DEFAULT_ITEMS;
    return json_array_size(value) <= limit || fail(bind, "has too many items");
}

static gboolean
bind_objects(Bind *bind, const json_t *value, const KcBindField *field, GArray **ret_items)
{
    if (!is_list(bind, value, field))
        return FALSE;
    g_clear_pointer(ret_items, g_array_unref);
    *ret_items = g_array_sized_new(FALSE, TRUE, (guint)field->size, (guint)json_array_size(value));
    g_array_set_size(*ret_items, (guint)json_array_size(value));
    size_t index;
    json_t *item;
    json_array_foreach(value, index, item)
    {
        gsize before = enter_index(bind, index);
        bind_object(bind, item, field->fields, (*ret_items)->data + index * field->size);
        leave(bind, before);
    }
    return TRUE;
}

static gboolean
bind_texts(Bind *bind, const json_t *value, const KcBindField *field, GPtrArray **ret_texts)
{
    if (!is_list(bind, value, field))
        return FALSE;
    const KcBindField each = {.kind = KC_BIND_TEXT};
    g_clear_pointer(ret_texts, g_ptr_array_unref);
    *ret_texts = g_ptr_array_new();
    size_t index;
    json_t *item;
    json_array_foreach(value, index, item)
    {
        const char *text = NULL;
        gsize before = enter_index(bind, index);
        if (bind_text(bind, item, &each, &text))
            g_ptr_array_add(*ret_texts, (gpointer)text);
        leave(bind, before);
    }
    return TRUE;
}

static gboolean
bind_value(Bind *bind, const json_t *value, const KcBindField *field, gpointer at)
{
    switch (field->kind) {
    case KC_BIND_TEXT:
    case KC_BIND_LONG_TEXT:
    case KC_BIND_BLOB_TEXT:
        return bind_text(bind, value, field, at);
    case KC_BIND_CODE:
        return bind_code(bind, value, field, at);
    case KC_BIND_ID:
        return bind_id(bind, value, at);
    case KC_BIND_TIME:
        return bind_time(bind, value, at);
    case KC_BIND_BOOL:
        if (!json_is_boolean(value))
            return fail(bind, "must be true or false");
        *(gboolean *)at = json_is_true(value);
        return TRUE;
    case KC_BIND_INT:
        return bind_int(bind, value, field, at);
    case KC_BIND_REAL:
        return bind_real(bind, value, field, at);
    case KC_BIND_CHOICE:
        return bind_choice(bind, value, field, at);
    case KC_BIND_OBJECT:
        return bind_object(bind, value, field->fields, at);
    case KC_BIND_OBJECTS:
        return bind_objects(bind, value, field, at);
    case KC_BIND_TEXTS:
        return bind_texts(bind, value, field, at);
    }
    g_assert_not_reached();
}

static const KcBindField *
field_named(const KcBindField *fields, const char *name)
{
    for (const KcBindField *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

static void
refuse_unknown(Bind *bind, const json_t *root, const KcBindField *fields)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)root, name, value)
    {
        if (field_named(fields, name) != NULL)
            continue;
        gsize before = enter(bind, name);
        fail(bind, "is not known here");
        leave(bind, before);
    }
}

static gboolean
bind_object(Bind *bind, const json_t *root, const KcBindField *fields, gpointer target)
{
    if (!json_is_object(root))
        return fail(bind, "must be an object");
    for (const KcBindField *field = fields; field->name != NULL; field++) {
        const json_t *value = json_object_get(root, field->name);
        gsize before = enter(bind, field->name);
        if (json_is_null(value) && (field->flags & KC_BIND_NULLABLE))
            value = NULL;
        if (value == NULL && (field->flags & KC_BIND_REQUIRED))
            fail(bind, "is required");
        if (value != NULL && bind_value(bind, value, field, (char *)target + field->offset) && field->present != 0)
            *(gboolean *)((char *)target + field->present) = TRUE;
        leave(bind, before);
    }
    refuse_unknown(bind, root, fields);
    return !bind->failed;
}

gboolean
kc_bind(const json_t *root, const KcBindField *fields, gpointer target, KcFieldErrors *errors)
{
    g_autoptr(GString) pointer = g_string_new(NULL);
    Bind bind = {.errors = errors, .pointer = pointer};
    bind_object(&bind, root, fields, target);
    return !bind.failed;
}

static void
check_texts(Bind *bind, const json_t *value, const KcBindField *rule)
{
    const char *name, *text = NULL;
    size_t index;
    json_t *item;
    if (json_is_string(value))
        bind_text(bind, value, rule, &text);
    json_array_foreach(value, index, item)
    {
        gsize before = enter_index(bind, index);
        check_texts(bind, item, rule);
        leave(bind, before);
    }
    json_object_foreach((json_t *)value, name, item)
    {
        gsize before = enter(bind, name);
        check_texts(bind, item, rule);
        leave(bind, before);
    }
}

gboolean
kc_bind_check_texts(const json_t *root, gsize max_chars, KcFieldErrors *errors)
{
    g_autoptr(GString) pointer = g_string_new(NULL);
    Bind bind = {.errors = errors, .pointer = pointer};
    const KcBindField rule = {.kind = KC_BIND_LONG_TEXT, .max = (double)max_chars};
    check_texts(&bind, root, &rule);
    return !bind.failed;
}

void
kc_bind_clear(const KcBindField *fields, gpointer target)
{
    for (const KcBindField *field = fields; field->name != NULL; field++) {
        gpointer at = (char *)target + field->offset;
        if (field->kind == KC_BIND_TEXTS)
            g_clear_pointer((GPtrArray **)at, g_ptr_array_unref);
        if (field->kind == KC_BIND_OBJECT)
            kc_bind_clear(field->fields, at);
        if (field->kind != KC_BIND_OBJECTS || *(GArray **)at == NULL)
            continue;
        GArray *items = *(GArray **)at;
        for (guint i = 0; i < items->len; i++)
            kc_bind_clear(field->fields, items->data + i * field->size);
        g_clear_pointer((GArray **)at, g_array_unref);
    }
}
