#include "tests/http/contract_check.h"

#include <jansson.h>
#include <string.h>

#include "src/base/json.h"
#include "src/http/contract.h"

static const json_t *
contract(void)
{
    static json_t *parsed;
    if (parsed == NULL)
        parsed = json_loads(kc_contract_json, 0, NULL);
    return parsed;
}

static const json_t *
resolve(const json_t *node)
{
    const char *ref = json_string_value(json_object_get(node, "$ref"));
    if (ref == NULL)
        return node;
    g_auto(GStrv) parts = g_strsplit(ref + 2, "/", -1);
    const json_t *found = contract();
    for (gsize i = 0; parts[i] != NULL; i++)
        found = json_object_get(found, parts[i]);
    return resolve(found);
}

static gboolean
is_of_type(const json_t *value, const char *type)
{
    if (strcmp(type, "number") == 0)
        return json_is_number(value);
    if (strcmp(type, "boolean") == 0)
        return json_is_boolean(value);
    if (strcmp(type, "integer") == 0)
        return json_is_integer(value);
    if (strcmp(type, "string") == 0)
        return json_is_string(value);
    if (strcmp(type, "array") == 0)
        return json_is_array(value);
    if (strcmp(type, "object") == 0)
        return json_is_object(value);
    return strcmp(type, "null") == 0 && json_is_null(value);
}

static gboolean
type_fits(const json_t *value, const json_t *types)
{
    size_t index;
    json_t *type;
    if (types == NULL)
        return TRUE;
    if (json_is_string(types))
        return is_of_type(value, json_string_value(types));
    json_array_foreach(types, index, type)
    {
        if (is_of_type(value, json_string_value(type)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
enum_fits(const json_t *value, const json_t *choices)
{
    size_t index;
    json_t *choice;
    json_array_foreach(choices, index, choice)
    {
        if (json_equal(value, choice))
            return TRUE;
    }
    return choices == NULL;
}

static char *check(const json_t *value, const json_t *schema, const char *at);

static char *
check_object(const json_t *value, const json_t *schema, const char *at)
{
    const json_t *properties = json_object_get(schema, "properties");
    size_t index;
    json_t *name, *member;
    const char *key;
    json_array_foreach(json_object_get(schema, "required"), index, name)
    {
        if (json_object_get(value, json_string_value(name)) == NULL)
            return g_strdup_printf("%s lacks %s", at, json_string_value(name));
    }
    json_object_foreach((json_t *)value, key, member)
    {
        const json_t *known = json_object_get(properties, key);
        g_autofree char *below = g_strdup_printf("%s/%s", at, key);
        if (known == NULL && json_is_false(json_object_get(schema, "additionalProperties")))
            return g_strdup_printf("%s is not in the contract", below);
        char *problem = known != NULL ? check(member, known, below) : NULL;
        if (problem != NULL)
            return problem;
    }
    return NULL;
}

static char *
check_items(const json_t *value, const json_t *items, const char *at)
{
    size_t index;
    json_t *item;
    json_array_foreach(value, index, item)
    {
        g_autofree char *below = g_strdup_printf("%s/%zu", at, index);
        char *problem = items != NULL ? check(item, items, below) : NULL;
        if (problem != NULL)
            return problem;
    }
    return NULL;
}

static char *
check_one_of(const json_t *value, const json_t *choices, const char *at)
{
    size_t index, fitting = 0;
    json_t *choice;
    json_array_foreach(choices, index, choice)
    {
        g_autofree char *problem = check(value, choice, at);
        fitting += problem == NULL;
    }
    return fitting == 1 ? NULL : g_strdup_printf("%s fits %zu of oneOf", at, fitting);
}

static char *
check(const json_t *value, const json_t *given, const char *at)
{
    const json_t *schema = resolve(given);
    const json_t *minimum = json_object_get(schema, "minimum"), *maximum = json_object_get(schema, "maximum");
    const json_t *one_of = json_object_get(schema, "oneOf");
    if (!type_fits(value, json_object_get(schema, "type")))
        return g_strdup_printf("%s is of the wrong type", at);
    if (!enum_fits(value, json_object_get(schema, "enum")))
        return g_strdup_printf("%s is not of its enum", at);
    if (json_is_number(value) && ((minimum != NULL && json_number_value(value) < json_number_value(minimum)) ||
                                  (maximum != NULL && json_number_value(value) > json_number_value(maximum))))
        return g_strdup_printf("%s is out of range", at);
    if (one_of != NULL)
        return check_one_of(value, one_of, at);
    if (json_is_object(value))
        return check_object(value, schema, at);
    return json_is_array(value) ? check_items(value, json_object_get(schema, "items"), at) : NULL;
}

static gboolean
path_fits(const char *pattern, const char *path)
{
    g_auto(GStrv) wanted = g_strsplit(pattern, "/", -1);
    g_auto(GStrv) given = g_strsplit(path, "/", -1);
    if (g_strv_length(wanted) != g_strv_length(given))
        return FALSE;
    for (gsize i = 0; wanted[i] != NULL; i++) {
        if (wanted[i][0] != '{' && strcmp(wanted[i], given[i]) != 0)
            return FALSE;
    }
    return TRUE;
}

static const json_t *
operation_of(const char *method, const char *path)
{
    const char *pattern;
    json_t *item;
    g_autofree char *key = g_ascii_strdown(strcmp(method, "HEAD") == 0 ? "GET" : method, -1);
    json_object_foreach(json_object_get(contract(), "paths"), pattern, item)
    {
        if (path_fits(pattern, path))
            return json_object_get(item, key);
    }
    return NULL;
}

static char *
check_json(const Reply *reply, const json_t *schema)
{
    g_autoptr(json_t) value = json_loadb(reply_text(reply), reply->body->len, 0, NULL);
    return value != NULL ? check(value, schema, "") : g_strdup("the body is not JSON");
}

static char *
check_content(const json_t *response, const Reply *reply)
{
    const json_t *content = json_object_get(response, "content");
    g_autofree char *type = reply_header(reply, "Content-Type");
    if (content == NULL || json_object_size(content) == 0)
        return reply->body->len == 0 ? NULL : g_strdup("a body where the contract has none");
    if (type == NULL)
        return g_strdup("no Content-Type");
    char *parameters = strchr(type, ';');
    if (parameters != NULL)
        *parameters = '\0';
    const json_t *media = json_object_get(content, type);
    if (media == NULL)
        return g_strdup_printf("type %s is not in the contract", type);
    if (!g_str_has_suffix(type, "json"))
        return NULL;
    return check_json(reply, json_object_get(media, "schema"));
}

static const json_t *
problem_response(void)
{
    return json_object_get(json_object_get(json_object_get(contract(), "components"), "responses"), "Problem");
}

char *
contract_check(const char *method, const char *path, const Reply *reply)
{
    const json_t *operation = operation_of(method, path);
    gboolean is_api = g_str_has_prefix(path, "/api/");
    if (strcmp(method, "HEAD") == 0 || (operation == NULL && !is_api && reply->status < 400))
        return NULL;
    if (operation == NULL && !is_api && reply->status == 404)
        return NULL;
    char code[16];
    g_snprintf(code, sizeof code, "%d", reply->status);
    const json_t *responses = json_object_get(operation, "responses");
    const json_t *response = json_object_get(responses, code);
    if (response == NULL && reply->status < 400)
        return g_strdup_printf("%d is not in the contract", reply->status);
    return check_content(response != NULL ? resolve(response) : problem_response(), reply);
}

GPtrArray *
contract_operations(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *pattern, *method;
    json_t *item, *operation;
    json_object_foreach(json_object_get(contract(), "paths"), pattern, item)
    {
        json_object_foreach(item, method, operation)
        {
            g_autofree char *upper = g_ascii_strup(method, -1);
            if (strcmp(method, "parameters") != 0)
                g_ptr_array_add(names, g_strdup_printf("%s %s", upper, pattern));
        }
    }
    return names;
}
