/* From the store to the shelf, and from the folders that the service was started with to the store.
 *
 * Invariants
 *
 * 1. What is in force stands in the store: a folder or a newer program changes the rules by making a version, as an admin
 *    does, and an admin's edit survives both.
 * 2. Of what is given at the start only that counts which is other than what was given at the start before: a text that an
 *    operator changes in a folder comes into force; one that a newer program brings does so unless an admin has edited that
 *    file.
 * 3. A version that can't be read keeps the service from starting if it is in force; an old one that this program can't
 *    read any more is left out, with a warning, and its cases follow what is in force. */
#include "src/app/internal.h"
#include "src/app/log_figures.h"
#include "src/app/rule_versions.h"
#include "src/evidence/digest.h"

#include <string.h>

/* ---- from the store ---- */

static char *
sha256_of(GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    return kc_sha256_hex(data, size);
}

KcRuleFiles *
kc_app_read_rule_files(KcTx *tx, gint64 number, GError **error)
{
    g_autoptr(KcRuleFiles) files = kc_rule_files_new();
    g_autoptr(GPtrArray) list = kc_rule_store_files(tx, number, error);
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const KcRuleVersionFile *file = list->pdata[i];
        g_autoptr(GBytes) bytes = NULL;
        if (!kc_rule_store_text(tx, number, file->name, &bytes, error))
            return NULL;
        kc_rule_files_set(files, file->name, bytes);
    }
    return list != NULL ? g_steal_pointer(&files) : NULL;
}

static gboolean
put(KcApp *app, KcTx *tx, const KcRuleVersion *version, gboolean needed, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (kc_rule_shelf_get(app->shelf, version->number) != NULL)
        return TRUE;
    g_autoptr(KcRuleFiles) files = kc_app_read_rule_files(tx, version->number, error);
    if (files == NULL)
        return FALSE;
    if (kc_rule_shelf_put(app->shelf, version->number, files, &problem))
        return TRUE;
    g_prefix_error(&problem, "version %" G_GINT64_FORMAT " of the rules: ", version->number);
    if (needed)
        g_propagate_error(error, g_steal_pointer(&problem));
    else
        g_warning("%s; its cases follow the rules in force", problem->message);
    return !needed;
}

static gboolean
load(KcTx *tx, gpointer data, GError **error)
{
    KcApp *app = data;
    gint64 now_us = kc_app_now(app), in_force = 0, stamp = 0;
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(KcRuleTime));
    g_autoptr(GPtrArray) versions = kc_rule_store_needed(tx, now_us, error);
    if (versions == NULL || !kc_rule_store_stamp(tx, &stamp, error))
        return FALSE;
    for (guint i = 0; i < versions->len; i++) {
        const KcRuleVersion *version = versions->pdata[i];
        if (version->withdrawn_us == 0 && version->valid_from_us <= now_us)
            in_force = version->number;
    }
    for (guint i = 0; i < versions->len; i++) {
        const KcRuleVersion *version = versions->pdata[i];
        const KcRuleTime time = {version->number, version->valid_from_us};
        gboolean stands = version->withdrawn_us == 0;
        if (!put(app, tx, version, stands && version->number >= in_force, error))
            return FALSE;
        if (stands && kc_rule_shelf_get(app->shelf, version->number) != NULL)
            g_array_append_val(times, time);
    }
    kc_rule_shelf_set_times(app->shelf, times);
    g_mutex_lock(&app->lock);
    app->rules_stamp = stamp;
    g_mutex_unlock(&app->lock);
    return TRUE;
}

gboolean
kc_app_refresh_rules(KcApp *app, GError **error)
{
    return kc_store_read(app->store, load, app, error);
}

static gboolean
read_stamp(KcTx *tx, gpointer data, GError **error)
{
    return kc_rule_store_stamp(tx, data, error);
}

gboolean
kc_app_watch_rules(KcApp *app, GError **error)
{
    gint64 stamp = 0;
    if (!kc_store_read(app->store, read_stamp, &stamp, error))
        return FALSE;
    g_mutex_lock(&app->lock);
    gboolean known = stamp == app->rules_stamp;
    g_mutex_unlock(&app->lock);
    return known || kc_app_refresh_rules(app, error);
}

/* ---- into the store ---- */

gboolean
kc_app_keep_rules(KcTx *tx, const KcPrincipal *who, KcRuleVersion *version, const KcRuleFiles *files,
                  const KcRuleFiles *before, GError **error)
{
    json_t *changed = json_object();
    gboolean kept = kc_rule_store_insert(tx, version, error);
    for (guint i = 0; kept && i < kc_rule_files_count(files); i++) {
        const KcRuleFile *file = kc_rule_files_at(files, i);
        g_autofree char *sha256 = sha256_of(file->bytes);
        GBytes *old = before != NULL ? kc_rule_files_get(before, file->name) : NULL;
        kept = kc_rule_store_add_file(tx, version->number, file->name, sha256, file->bytes, error);
        if (old == NULL || !g_bytes_equal(old, file->bytes))
            json_object_set_new(changed, file->name, json_string(sha256));
    }
    for (guint i = 0; kept && before != NULL && i < kc_rule_files_count(before); i++)
        if (kc_rule_files_get(files, kc_rule_files_at(before, i)->name) == NULL)
            json_object_set_new(changed, kc_rule_files_at(before, i)->name, json_null());
    json_t *entry = json_pack("{s:I, s:s, s:I, s:o}", "number", (json_int_t)version->number, "origin", version->origin,
                              "valid_from_us", (json_int_t)version->valid_from_us, "files", changed);
    if (version->equals > 0)
        json_object_set_new(entry, "equals", json_integer(version->equals));
    kc_app_log_targets(entry, files);
    if (kept)
        return kc_app_log(tx, who, NULL, "rules.changed", version->created_us, entry, error);
    json_decref(entry);
    return FALSE;
}

/* ---- what the service was started with ---- */

typedef struct {
    KcApp *app;
    const KcRuleFiles *given;
    gboolean rules_from_folder, templates_from_folder;
} Adopt;

static gboolean
is_from_folder(const Adopt *self, const char *name)
{
    return g_str_has_prefix(name, "templates/") ? self->templates_from_folder : self->rules_from_folder;
}

/* `*ret_by_folder`: whether a folder brought something. */
static KcRuleFiles *
merge(const Adopt *self, KcTx *tx, const KcRuleFiles *newest, gboolean *ret_by_folder, GError **error)
{
    g_autoptr(KcRuleFiles) merged = kc_rule_files_copy(newest);
    g_autoptr(GHashTable) before = kc_rule_store_given(tx, error);
    for (guint i = 0; before != NULL && i < kc_rule_files_count(self->given); i++) {
        const KcRuleFile *file = kc_rule_files_at(self->given, i);
        GBytes *there = kc_rule_files_get(newest, file->name);
        g_autofree char *sha256 = sha256_of(file->bytes), *own = there != NULL ? sha256_of(there) : NULL;
        const char *old = g_hash_table_lookup(before, file->name);
        gboolean edited = own != NULL && g_strcmp0(own, old) != 0;
        if (g_strcmp0(sha256, old) == 0 || (edited && !is_from_folder(self, file->name)))
            continue;
        *ret_by_folder = *ret_by_folder || is_from_folder(self, file->name);
        kc_rule_files_set(merged, file->name, file->bytes);
    }
    GHashTableIter iter;
    gpointer name;
    if (before == NULL)
        return NULL;
    g_hash_table_iter_init(&iter, before);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (kc_rule_files_get(self->given, name) == NULL && is_from_folder(self, name)) {
            *ret_by_folder = TRUE;
            kc_rule_files_set(merged, name, NULL);
        }
    return g_steal_pointer(&merged);
}

static gboolean
remember_given(const Adopt *self, KcTx *tx, GError **error)
{
    for (guint i = 0; i < kc_rule_files_count(self->given); i++) {
        const KcRuleFile *file = kc_rule_files_at(self->given, i);
        g_autofree char *sha256 = sha256_of(file->bytes);
        if (!kc_rule_store_give(tx, file->name, sha256, i == 0, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
make_version(const Adopt *self, KcTx *tx, const KcRuleFiles *files, const KcRuleFiles *before, gboolean by_folder,
             GError **error)
{
    gint64 now_us = kc_app_now(self->app);
    KcRuleVersion version = {.origin = (char *)(by_folder ? "folder" : "built_in"),
                             .reason = (char *)(by_folder ? "--rules, --templates" : "kuaichud " KC_VERSION),
                             .created_us = now_us,
                             .valid_from_us = now_us};
    return kc_app_keep_rules(tx, NULL, &version, files, before, error) && remember_given(self, tx, error);
}

static gboolean
adopt(KcTx *tx, gpointer data, GError **error)
{
    const Adopt *self = data;
    gboolean by_folder = FALSE;
    g_autoptr(GError) problem = NULL;
    g_autoptr(KcRuleVersion) newest = NULL;
    if (!kc_rule_store_newest(tx, NULL, &newest, error))
        return FALSE;
    if (newest == NULL)
        return make_version(self, tx, self->given, NULL, self->rules_from_folder || self->templates_from_folder, error);
    g_autoptr(KcRuleFiles) before = kc_app_read_rule_files(tx, newest->number, error);
    g_autoptr(KcRuleFiles) merged = before != NULL ? merge(self, tx, before, &by_folder, error) : NULL;
    if (merged == NULL)
        return FALSE;
    if (kc_rule_files_equal(merged, before))
        return remember_given(self, tx, error);
    if (newest->valid_from_us > kc_app_now(self->app)) {
        g_warning("a version of the rules is planned; what is new in the folder or the program waits until it is in "
                  "force and the service is started again");
        return TRUE;
    }
    if (kc_rule_files_check(merged, &problem))
        return make_version(self, tx, merged, before, by_folder, error);
    if (by_folder) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    g_warning("the rules of this program don't go with those that were edited, and wait: %s", problem->message);
    return TRUE;
}

gboolean
kc_app_adopt_rules(KcApp *app, const char *rules_dir, const char *templates_dir, GError **error)
{
    g_autoptr(KcRuleFiles) given = kc_rule_files_read(rules_dir, error);
    if (given == NULL || !kc_template_read(templates_dir, given, error))
        return FALSE;
    Adopt self = {app, given, rules_dir != NULL, templates_dir != NULL};
    return kc_rule_files_check(given, error) && kc_store_write(app->store, adopt, &self, error);
}
