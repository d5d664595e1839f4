#include "src/rules/files.h"

#include "kc-rules-data.h"
#include "src/rules/lists.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCES "/kuaichu/rules/"
#define CALENDARS "calendars"
#define CALENDAR_NAME "^calendars/[0-9]{4}\\.json$"
#define IMAGE_NAME "^templates/[A-Za-z0-9_-]{1,60}\\.png$"
#define MAX_RULES_BYTES (4 * 1024 * 1024)
#define MAX_TEMPLATE_BYTES (256 * 1024)
#define MAX_IMAGE_BYTES (2 * 1024 * 1024)

struct KcRuleFiles {
    GPtrArray *items; /* of KcRuleFile, by name */
};

/* ---- names ---- */

KcRuleFileKind
kc_rule_file_kind(const char *name)
{
    if (strcmp(name, "templates/determination.json") == 0 || strcmp(name, "templates/agreement.json") == 0)
        return KC_RULE_FILE_TEMPLATE;
    if (g_regex_match_simple(CALENDAR_NAME, name, G_REGEX_DOLLAR_ENDONLY, 0))
        return KC_RULE_FILE_CALENDAR;
    if (g_regex_match_simple(IMAGE_NAME, name, G_REGEX_DOLLAR_ENDONLY, 0))
        return KC_RULE_FILE_IMAGE;
    for (guint i = 0; kc_rules_file_name(i) != NULL; i++)
        if (strcmp(kc_rules_file_name(i), name) == 0)
            return KC_RULE_FILE_RULES;
    return KC_RULE_FILE_UNKNOWN;
}

const char *
kc_rule_file_kind_to_string(KcRuleFileKind kind)
{
    static const char *const names[KC_RULE_FILE_KINDS] = {"unknown", "rules", "calendar", "template", "image"};
    g_assert(kind < KC_RULE_FILE_KINDS);
    return names[kind];
}

gsize
kc_rule_file_max_bytes(KcRuleFileKind kind)
{
    if (kind == KC_RULE_FILE_TEMPLATE)
        return MAX_TEMPLATE_BYTES;
    return kind == KC_RULE_FILE_IMAGE ? MAX_IMAGE_BYTES : MAX_RULES_BYTES;
}

/* ---- the set ---- */

static void
file_free(KcRuleFile *file)
{
    g_free(file->name);
    g_bytes_unref(file->bytes);
    g_free(file);
}

KcRuleFiles *
kc_rule_files_new(void)
{
    KcRuleFiles *files = g_new0(KcRuleFiles, 1);
    files->items = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    return files;
}

KcRuleFiles *
kc_rule_files_copy(const KcRuleFiles *files)
{
    KcRuleFiles *copy = kc_rule_files_new();
    for (guint i = 0; i < files->items->len; i++) {
        const KcRuleFile *file = files->items->pdata[i];
        kc_rule_files_set(copy, file->name, file->bytes);
    }
    return copy;
}

void
kc_rule_files_free(KcRuleFiles *files)
{
    if (files == NULL)
        return;
    g_ptr_array_unref(files->items);
    g_free(files);
}

/* The place of the first file that isn't before `name`. */
static guint
place_of(const KcRuleFiles *files, const char *name)
{
    guint i = 0;
    while (i < files->items->len && strcmp(((const KcRuleFile *)files->items->pdata[i])->name, name) < 0)
        i++;
    return i;
}

static KcRuleFile *
find(const KcRuleFiles *files, const char *name)
{
    guint i = place_of(files, name);
    KcRuleFile *file = i < files->items->len ? files->items->pdata[i] : NULL;
    return file != NULL && strcmp(file->name, name) == 0 ? file : NULL;
}

void
kc_rule_files_set(KcRuleFiles *files, const char *name, GBytes *bytes)
{
    KcRuleFile *there = find(files, name);
    if (there != NULL)
        g_ptr_array_remove(files->items, there);
    if (bytes == NULL)
        return;
    KcRuleFile *file = g_new0(KcRuleFile, 1);
    file->name = g_strdup(name);
    file->bytes = g_bytes_ref(bytes);
    g_ptr_array_insert(files->items, (gint)place_of(files, name), file);
}

GBytes *
kc_rule_files_get(const KcRuleFiles *files, const char *name)
{
    const KcRuleFile *file = find(files, name);
    return file != NULL ? file->bytes : NULL;
}

guint
kc_rule_files_count(const KcRuleFiles *files)
{
    return files->items->len;
}

const KcRuleFile *
kc_rule_files_at(const KcRuleFiles *files, guint index)
{
    return g_ptr_array_index(files->items, index);
}

gboolean
kc_rule_files_equal(const KcRuleFiles *a, const KcRuleFiles *b)
{
    gboolean equal = a->items->len == b->items->len;
    for (guint i = 0; equal && i < a->items->len; i++) {
        const KcRuleFile *one = a->items->pdata[i], *other = b->items->pdata[i];
        equal = strcmp(one->name, other->name) == 0 && g_bytes_equal(one->bytes, other->bytes);
    }
    return equal;
}

/* ---- from a folder ---- */

static GBytes *
read_bytes(const char *dir, const char *file, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GBytes *bytes = NULL;

    if (dir == NULL) {
        g_autofree char *path = g_strconcat(RESOURCES, file, NULL);
        bytes = g_resource_lookup_data(kc_rules_data_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &cause);
    } else {
        g_autofree char *path = g_build_filename(dir, file, NULL);
        char *data = NULL;
        gsize size = 0;
        if (g_file_get_contents(path, &data, &size, &cause))
            bytes = g_bytes_new_take(data, size);
    }
    if (bytes == NULL)
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: %s", file, cause->message);
    else if (g_bytes_get_size(bytes) > MAX_RULES_BYTES) {
        g_clear_pointer(&bytes, g_bytes_unref);
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: larger than %d bytes", file, MAX_RULES_BYTES);
    }
    return bytes;
}

static gboolean
read_into(KcRuleFiles *files, const char *dir, const char *name, GError **error)
{
    g_autoptr(GBytes) bytes = read_bytes(dir, name, error);
    if (bytes != NULL)
        kc_rule_files_set(files, name, bytes);
    return bytes != NULL;
}

/* The yearly files below `dir`. */
static GStrv
calendar_names(const char *dir)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_autofree char *path = dir != NULL ? g_build_filename(dir, CALENDARS, NULL) : NULL;
    g_autoptr(GDir) folder = dir != NULL ? g_dir_open(path, 0, NULL) : NULL;
    if (dir == NULL)
        return g_resource_enumerate_children(kc_rules_data_get_resource(), RESOURCES CALENDARS,
                                             G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;)
        if (g_str_has_suffix(name, ".json"))
            g_strv_builder_add(names, name);
    return g_strv_builder_end(names);
}

KcRuleFiles *
kc_rule_files_read(const char *dir, GError **error)
{
    g_autoptr(KcRuleFiles) files = kc_rule_files_new();
    g_auto(GStrv) calendars = calendar_names(dir);
    for (guint i = 0; kc_rules_file_name(i) != NULL; i++)
        if (!read_into(files, dir, kc_rules_file_name(i), error))
            return NULL;
    for (char **name = calendars; *name != NULL; name++) {
        g_autofree char *path = g_strconcat(CALENDARS "/", *name, NULL);
        if (!read_into(files, dir, path, error))
            return NULL;
    }
    return g_steal_pointer(&files);
}

void
kc_rule_files_complete(KcRuleFiles *files)
{
    for (guint i = 0; kc_rules_file_name(i) != NULL; i++)
        if (kc_rule_files_get(files, kc_rules_file_name(i)) == NULL)
            read_into(files, NULL, kc_rules_file_name(i), NULL);
}
