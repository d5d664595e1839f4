/* Looking at the rules and their history. */
#include "src/app/rule_versions.h"

#include "src/app/internal.h"

void
kc_rules_view_clear(KcRulesView *view)
{
    g_clear_pointer(&view->version, kc_rule_version_free);
    g_clear_pointer(&view->files, g_ptr_array_unref);
}

typedef struct {
    gint64 number;
    const char *name;
    guint limit;
    KcRulesView view;
    GPtrArray *versions;
    GBytes *text;
    KcResult *result;
} Look;

static gboolean
find_version(Look *self, KcTx *tx, GError **error)
{
    g_clear_pointer(&self->view.version, kc_rule_version_free);
    gboolean found = self->number == 0 ? kc_rule_store_newest(tx, NULL, &self->view.version, error)
                                       : kc_rule_store_get(tx, self->number, &self->view.version, error);
    if (found && self->view.version == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "version-unknown", "There is no such version.");
    return found;
}

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Look *self = data;
    g_autoptr(KcRuleVersion) newest = NULL;
    if (!find_version(self, tx, error) || !kc_rule_store_newest(tx, NULL, &newest, error))
        return FALSE;
    self->view.newest = newest->number;
    self->view.files = kc_rule_store_files(tx, self->view.version->number, error);
    return self->view.files != NULL;
}

gboolean
kc_app_get_rules(KcApp *app, const KcPrincipal *who, gint64 number, KcRulesView *ret_view, KcResult *result,
                 GError **error)
{
    Look self = {.number = number, .result = result};
    if (!kc_app_check_role(who, KC_ACTION_READ_RULES, result) || !kc_app_read(app, look, &self, result, error)) {
        kc_rules_view_clear(&self.view);
        return FALSE;
    }
    self.view.in_force = kc_rule_shelf_in_force(app->shelf, kc_app_now(app))->number;
    *ret_view = self.view;
    return TRUE;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Look *self = data;
    self->versions = kc_rule_store_list(tx, self->number, self->limit, error);
    return self->versions != NULL;
}

gboolean
kc_app_list_rule_versions(KcApp *app, const KcPrincipal *who, gint64 below, guint limit, GPtrArray **ret_versions,
                          KcResult *result, GError **error)
{
    Look self = {.number = below, .limit = limit, .result = result};
    if (!kc_app_check_role(who, KC_ACTION_READ_RULES, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_versions = self.versions;
    return TRUE;
}

static gboolean
read_text(KcTx *tx, gpointer data, GError **error)
{
    Look *self = data;
    if (!find_version(self, tx, error) ||
        !kc_rule_store_text(tx, self->view.version->number, self->name, &self->text, error))
        return FALSE;
    if (self->text == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "file-unknown", "This version has no such file.");
    return TRUE;
}

gboolean
kc_app_get_rule_text(KcApp *app, const KcPrincipal *who, gint64 number, const char *name, GBytes **ret_text,
                     KcResult *result, GError **error)
{
    Look self = {.number = number, .name = name, .result = result};
    gboolean found = kc_app_check_role(who, KC_ACTION_READ_RULES, result) &&
                     kc_app_read(app, read_text, &self, result, error);
    kc_rules_view_clear(&self.view);
    if (found)
        *ret_text = self.text;
    return found;
}
