#include "src/rules/diff.h"

#include "src/base/limits.h"

#include <stdlib.h>
#include <string.h>

#define MAX_VALUE_CHARS 600
#define ARROW " › "

typedef struct {
    GString *entry;
    GPtrArray *changes;
} Diff;

void
kc_rule_change_free(KcRuleChange *change)
{
    if (change == NULL)
        return;
    g_free(change->entry);
    g_free(change->before);
    g_free(change->after);
    g_free(change);
}

const char *
kc_rule_change_kind_to_string(KcRuleChangeKind kind)
{
    static const char *const names[] = {"added", "removed", "changed"};
    return names[kind];
}

static char *
text_of(const json_t *value)
{
    if (value == NULL)
        return NULL;
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    char *cut = g_utf8_strlen(text, -1) > MAX_VALUE_CHARS ? g_utf8_substring(text, 0, MAX_VALUE_CHARS) : NULL;
    char *shown = cut != NULL ? g_strconcat(cut, "…", NULL) : g_strdup(text);
    g_free(cut);
    free(text);
    return shown;
}

static void
add(Diff *diff, const json_t *before, const json_t *after)
{
    if (diff->changes->len >= KC_LIMIT_RULE_CHANGES)
        return;
    KcRuleChange *change = g_new0(KcRuleChange, 1);
    change->kind = before == NULL ? KC_RULE_ADDED : after == NULL ? KC_RULE_REMOVED : KC_RULE_CHANGED;
    change->entry = g_strdup(diff->entry->str);
    change->before = text_of(before);
    change->after = text_of(after);
    g_ptr_array_add(diff->changes, change);
}

static void compare(Diff *diff, const json_t *before, const json_t *after);

static void
compare_at(Diff *diff, const char *name, const json_t *before, const json_t *after)
{
    gsize length = diff->entry->len;
    g_string_append_printf(diff->entry, "%s%s", length > 0 ? ARROW : "", name);
    compare(diff, before, after);
    g_string_truncate(diff->entry, length);
}

static void
compare_objects(Diff *diff, const json_t *before, const json_t *after)
{
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)after, key, member)
        compare_at(diff, key, json_object_get(before, key), member);
    json_object_foreach((json_t *)before, key, member)
        if (json_object_get(after, key) == NULL)
            compare_at(diff, key, member, NULL);
}

/* What an entry goes by: its code, or what else such lists have. NULL: nothing. */
static const char *
name_of(const json_t *item)
{
    static const char *const keys[] = {"code", "zh", "block"};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (json_is_string(json_object_get(item, keys[i])))
            return json_string_value(json_object_get(item, keys[i]));
    return NULL;
}

/* The names of all entries, each once: the second of a name has its first day, or its number, with it. NULL: one has no
 * name. */
static GHashTable *
index_of(const json_t *list, GPtrArray *ret_names)
{
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gsize i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *name = name_of(item), *from = json_string_value(json_object_get(item, "effective_from"));
        if (name == NULL)
            return NULL;
        g_autofree char *own = g_strdup(name);
        if (g_hash_table_contains(index, own)) {
            g_free(own);
            own = from != NULL ? g_strdup_printf("%s (%s)", name, from) : g_strdup_printf("%s (%u)", name, (guint)i);
        }
        if (g_hash_table_contains(index, own))
            return NULL;
        g_ptr_array_add(ret_names, g_strdup(own));
        g_hash_table_insert(index, g_steal_pointer(&own), item);
    }
    return g_steal_pointer(&index);
}

static void
compare_lists(Diff *diff, const json_t *before, const json_t *after)
{
    g_autoptr(GPtrArray) old_names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) new_names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) old_items = index_of(before, old_names);
    g_autoptr(GHashTable) new_items = index_of(after, new_names);
    if (old_items == NULL || new_items == NULL) {
        add(diff, before, after);
        return;
    }
    for (guint i = 0; i < new_names->len; i++) {
        const char *name = new_names->pdata[i];
        compare_at(diff, name, g_hash_table_lookup(old_items, name), g_hash_table_lookup(new_items, name));
    }
    for (guint i = 0; i < old_names->len; i++)
        if (!g_hash_table_contains(new_items, old_names->pdata[i]))
            compare_at(diff, old_names->pdata[i], g_hash_table_lookup(old_items, old_names->pdata[i]), NULL);
}

static void
compare(Diff *diff, const json_t *before, const json_t *after)
{
    if (before != NULL && after != NULL && json_equal(before, after))
        return;
    if (json_is_object(before) && json_is_object(after))
        compare_objects(diff, before, after);
    else if (json_is_array(before) && json_is_array(after))
        compare_lists(diff, before, after);
    else
        add(diff, before, after);
}

GPtrArray *
kc_rules_diff(const json_t *before, const json_t *after)
{
    g_autoptr(GString) entry = g_string_new(NULL);
    Diff diff = {entry, g_ptr_array_new_with_free_func((GDestroyNotify)kc_rule_change_free)};
    if (before != NULL || after != NULL)
        compare(&diff, before, after);
    return diff.changes;
}
