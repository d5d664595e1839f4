#include "src/rules/reader.h"

#include "src/domain/local_time.h"
#include "src/rules/place.h"
#include "src/rules/rules.h"

KcReader *
kc_reader_new(const char *file)
{
    KcReader *reader = g_new0(KcReader, 1);
    reader->file = file;
    reader->pointer = g_string_new(NULL);
    return reader;
}

void
kc_reader_free(KcReader *reader)
{
    if (reader == NULL)
        return;
    g_string_free(reader->pointer, TRUE);
    g_free(reader->key);
    g_clear_error(&reader->error);
    g_free(reader);
}

void
kc_reader_refuse(KcReader *reader, const char *format, ...)
{
    va_list args;

    if (reader->error != NULL)
        return;
    va_start(args, format);
    g_autofree char *reason = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(&reader->error, KC_RULES_ERROR, KC_RULES_ERROR_INVALID, "at \"%s\": %s", reader->pointer->str, reason);
    KcRulesProblem *problem = kc_rules_problem(reader->error);
    problem->pointer = g_strdup(reader->pointer->str);
    problem->reason = g_steal_pointer(&reason);
}

static void
set_place(GError *error, const char *file, guint line, guint column)
{
    KcRulesProblem *problem = kc_rules_problem(error);
    problem->file = g_strdup(file);
    problem->line = line;
    problem->column = column;
    g_prefix_error(&error, "%s:%u:%u: ", file, line, column);
}

gboolean
kc_reader_propagate(KcReader *reader, GBytes *text, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(text, &size);
    GError *own = g_steal_pointer(&reader->error);
    const char *pointer = kc_rules_problem(own)->pointer;
    g_autofree char *place = g_strconcat(pointer, reader->key != NULL ? "/" : "", reader->key, NULL);
    guint line, column;
    kc_json_place(data, size, place, &line, &column);
    set_place(own, reader->file, line, column);
    g_propagate_error(error, own);
    return FALSE;
}

json_t *
kc_reader_parse(const char *file, GBytes *text, GError **error)
{
    json_error_t syntax;
    gsize size;
    const char *data = g_bytes_get_data(text, &size);
    json_t *root = json_loadb(data != NULL ? data : "", size, JSON_REJECT_DUPLICATES, &syntax);
    if (root != NULL)
        return root;
    GError *own = g_error_new(KC_RULES_ERROR, KC_RULES_ERROR_SYNTAX, "%s", syntax.text);
    kc_rules_problem(own)->pointer = g_strdup("");
    kc_rules_problem(own)->reason = g_strdup(syntax.text);
    set_place(own, file, (guint)MAX(syntax.line, 1), (guint)MAX(syntax.column, 1));
    g_propagate_error(error, own);
    return NULL;
}

/* RFC 6901: "~" and "/" in a name are written "~0" and "~1". */
void
kc_reader_enter(KcReader *reader, const char *key)
{
    g_string_append_c(reader->pointer, '/');
    for (const char *p = key; *p != '\0'; p++) {
        if (*p == '~')
            g_string_append(reader->pointer, "~0");
        else if (*p == '/')
            g_string_append(reader->pointer, "~1");
        else
            g_string_append_c(reader->pointer, *p);
    }
}

void
kc_reader_enter_index(KcReader *reader, gsize index)
{
    g_string_append_printf(reader->pointer, "/%" G_GSIZE_FORMAT, index);
}

void
kc_reader_leave(KcReader *reader)
{
    const char *slash = g_strrstr(reader->pointer->str, "/");
    g_assert(slash != NULL);
    g_string_truncate(reader->pointer, (gsize)(slash - reader->pointer->str));
}

gboolean
kc_reader_object(KcReader *reader, const json_t *value, const char *const *keys)
{
    const char *key;
    json_t *member;

    if (!json_is_object(value)) {
        kc_reader_refuse(reader, "an object is expected");
        return FALSE;
    }
    json_object_foreach((json_t *)value, key, member)
    {
        if (g_strv_contains(keys, key) || reader->error != NULL)
            continue;
        reader->key = g_strdup(key);
        kc_reader_refuse(reader, "the key \"%s\" is not known here", key);
    }
    return reader->error == NULL;
}

static const char *
type_name(json_type type)
{
    switch (type) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        return "null";
    }
    return "a value";
}

json_t *
kc_reader_member(KcReader *reader, const json_t *object, const char *key, json_type type)
{
    if (reader->error != NULL)
        return NULL;
    json_t *member = json_object_get(object, key);
    if (member == NULL)
        kc_reader_refuse(reader, "the key \"%s\" is missing", key);
    else if (json_typeof(member) != type) {
        kc_reader_enter(reader, key);
        kc_reader_refuse(reader, "%s is expected", type_name(type));
        kc_reader_leave(reader);
    }
    return reader->error == NULL ? member : NULL;
}

char *
kc_reader_text(KcReader *reader, const json_t *object, const char *key)
{
    const json_t *member = kc_reader_member(reader, object, key, JSON_STRING);
    if (member == NULL)
        return NULL;
    if (json_string_length(member) > 0)
        return g_strdup(json_string_value(member));
    kc_reader_enter(reader, key);
    kc_reader_refuse(reader, "the text is empty");
    kc_reader_leave(reader);
    return NULL;
}

char *
kc_reader_optional_text(KcReader *reader, const json_t *object, const char *key)
{
    return json_object_get(object, key) == NULL ? NULL : kc_reader_text(reader, object, key);
}

char *
kc_reader_date(KcReader *reader, const json_t *object, const char *key)
{
    g_autofree char *text = kc_reader_text(reader, object, key);
    if (text == NULL)
        return NULL;
    if (kc_local_date_is_valid(text))
        return g_steal_pointer(&text);
    kc_reader_enter(reader, key);
    kc_reader_refuse(reader, "\"%s\" is not a date (YYYY-MM-DD)", text);
    kc_reader_leave(reader);
    return NULL;
}

char *
kc_reader_optional_date(KcReader *reader, const json_t *object, const char *key)
{
    return json_object_get(object, key) == NULL ? NULL : kc_reader_date(reader, object, key);
}

double
kc_reader_number(KcReader *reader, const json_t *object, const char *key, double min, double max)
{
    if (reader->error != NULL)
        return 0;
    const json_t *member = json_object_get(object, key);
    double value = json_number_value(member);
    kc_reader_enter(reader, key);
    if (!json_is_number(member))
        kc_reader_refuse(reader, "a number is expected");
    else if (value < min || value > max)
        kc_reader_refuse(reader, "the number must be from %g to %g", min, max);
    kc_reader_leave(reader);
    return value;
}

gboolean
kc_reader_boolean(KcReader *reader, const json_t *object, const char *key)
{
    if (reader->error != NULL)
        return FALSE;
    const json_t *member = json_object_get(object, key);
    kc_reader_enter(reader, key);
    if (!json_is_boolean(member))
        kc_reader_refuse(reader, "true or false is expected");
    kc_reader_leave(reader);
    return json_is_true(member);
}

GStrv
kc_reader_texts(KcReader *reader, const json_t *object, const char *key)
{
    const json_t *array = kc_reader_member(reader, object, key, JSON_ARRAY);
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
    gsize index;
    json_t *element;

    if (array == NULL)
        return NULL;
    kc_reader_enter(reader, key);
    json_array_foreach(array, index, element)
    {
        kc_reader_enter_index(reader, index);
        if (json_string_length(element) > 0)
            g_strv_builder_add(texts, json_string_value(element));
        else
            kc_reader_refuse(reader, "a text is expected");
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
    return g_strv_builder_end(texts);
}

GStrv
kc_reader_optional_texts(KcReader *reader, const json_t *object, const char *key)
{
    return json_object_get(object, key) == NULL ? g_new0(char *, 1) : kc_reader_texts(reader, object, key);
}
