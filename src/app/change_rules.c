/* A proposal is checked outside of the transaction that makes it a version, and only upon the newest one: the transaction
 * looks whether that is still so. */
#include "src/app/internal.h"
#include "src/app/rule_versions.h"
#include "src/domain/local_time.h"

#include <string.h>

void
kc_rule_preview_clear(KcRulePreview *preview)
{
    g_clear_error(&preview->problem);
    g_clear_pointer(&preview->diffs, g_ptr_array_unref);
}

static void
diff_free(KcRuleFileDiff *diff)
{
    g_free(diff->name);
    g_ptr_array_unref(diff->changes);
    g_free(diff);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const KcRuleProposal *proposal;
    gint64 now_us, valid_from_us;
    KcRuleVersion *newest;
    KcRuleFiles *before, *after;
    gint64 open_cases;
    KcRuleVersion *made;
    KcResult *result;
} Change;

static void
change_clear(Change *self)
{
    kc_rule_version_free(self->newest);
    kc_rule_files_free(self->before);
    kc_rule_files_free(self->after);
    kc_rule_version_free(self->made);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

/* ---- what is proposed ---- */

static gboolean
refuse_edit(Change *self, gsize i, const char *member, const char *message)
{
    g_autofree char *pointer = g_strdup_printf("/files/%" G_GSIZE_FORMAT "/%s", i, member);
    return kc_refuse_field(self->result, pointer, message);
}

static gboolean
apply_edit(Change *self, gsize i)
{
    const KcRuleEdit *edit = &self->proposal->edits[i];
    KcRuleFileKind kind = kc_rule_file_kind(edit->name);
    gsize size = edit->text != NULL ? strlen(edit->text) : 0;
    for (gsize other = 0; other < i; other++)
        if (strcmp(self->proposal->edits[other].name, edit->name) == 0)
            return refuse_edit(self, i, "name", "同一文件出现两次 / the file stands here twice");
    if (kind == KC_RULE_FILE_UNKNOWN || kind == KC_RULE_FILE_IMAGE)
        return refuse_edit(self, i, "name", "没有这个规则文件 / there is no such file of rules");
    if (edit->text == NULL && kind != KC_RULE_FILE_CALENDAR)
        return refuse_edit(self, i, "text", "此文件不能删除 / this file can't be taken out");
    if (size > kc_rule_file_max_bytes(kind))
        return refuse_edit(self, i, "text", "文件过大 / the file is too large");
    g_autoptr(GBytes) bytes = edit->text != NULL ? g_bytes_new(edit->text, size) : NULL;
    kc_rule_files_set(self->after, edit->name, bytes);
    return TRUE;
}

static gboolean
read_proposal(KcTx *tx, gpointer data, GError **error)
{
    Change *self = data;
    const KcRuleProposal *proposal = self->proposal;
    if (!kc_rule_store_newest(tx, NULL, &self->newest, error) ||
        !kc_rule_store_open_cases(tx, &self->open_cases, error))
        return FALSE;
    if (proposal->expected_newest != 0 && proposal->expected_newest != self->newest->number)
        return kc_refuse(self->result, KC_RESULT_STALE, "stale", "The rules were changed meanwhile; look at them again.");
    self->before = kc_app_read_rule_files(tx, self->newest->number, error);
    if (self->before == NULL)
        return FALSE;
    if (proposal->revert_to == 0) {
        self->after = kc_rule_files_copy(self->before);
        for (gsize i = 0; i < proposal->edit_count; i++)
            if (!apply_edit(self, i))
                return FALSE;
        return TRUE;
    }
    g_autoptr(KcRuleVersion) old = NULL;
    if (!kc_rule_store_get(tx, proposal->revert_to, &old, error))
        return FALSE;
    if (old == NULL)
        return kc_refuse_field(self->result, "/revert_to", "没有这个版本 / there is no such version");
    self->after = kc_app_read_rule_files(tx, proposal->revert_to, error);
    return self->after != NULL;
}

static gboolean
load(Change *self, GError **error)
{
    return (self->who == NULL || kc_app_check_role(self->who, KC_ACTION_MANAGE_RULES, self->result)) &&
           kc_app_read(self->app, read_proposal, self, self->result, error);
}

/* ---- what would change ---- */

static json_t *
json_of(const KcRuleFiles *files, const char *name)
{
    gsize size = 0;
    GBytes *bytes = kc_rule_files_get(files, name);
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    if (text == NULL)
        return NULL;
    return kc_rule_file_kind(name) == KC_RULE_FILE_IMAGE ? json_string("PNG")
                                                         : json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
}

static void
add_diff(GPtrArray *diffs, const KcRuleFiles *before, const KcRuleFiles *after, const char *name)
{
    GBytes *old_text = kc_rule_files_get(before, name), *new_text = kc_rule_files_get(after, name);
    if (old_text != NULL && new_text != NULL && g_bytes_equal(old_text, new_text))
        return;
    g_autoptr(json_t) old = json_of(before, name);
    g_autoptr(json_t) new = json_of(after, name);
    if ((old_text != NULL && old == NULL) || (new_text != NULL && new == NULL))
        return;
    KcRuleFileDiff *diff = g_new0(KcRuleFileDiff, 1);
    diff->name = g_strdup(name);
    diff->changes = kc_rules_diff(old, new);
    g_ptr_array_add(diffs, diff);
}

static GPtrArray *
diff_all(const KcRuleFiles *before, const KcRuleFiles *after)
{
    GPtrArray *diffs = g_ptr_array_new_with_free_func((GDestroyNotify)diff_free);
    for (guint i = 0; i < kc_rule_files_count(after); i++)
        add_diff(diffs, before, after, kc_rule_files_at(after, i)->name);
    for (guint i = 0; i < kc_rule_files_count(before); i++)
        if (kc_rule_files_get(after, kc_rule_files_at(before, i)->name) == NULL)
            add_diff(diffs, before, after, kc_rule_files_at(before, i)->name);
    return diffs;
}

gboolean
kc_app_preview_rules(KcApp *app, const KcPrincipal *who, const KcRuleProposal *proposal, KcRulePreview *ret_preview,
                     KcResult *result, GError **error)
{
    g_auto(Change) self = {.app = app, .who = who, .proposal = proposal, .result = result};
    if (!load(&self, error))
        return FALSE;
    *ret_preview = (KcRulePreview){.base = self.newest->number,
                                   .diffs = diff_all(self.before, self.after),
                                   .open_cases = self.open_cases};
    kc_rule_files_check(self.after, &ret_preview->problem);
    return TRUE;
}

/* ---- the change ---- */

static gboolean
find_time(Change *self)
{
    const char *day = self->proposal->valid_from;
    g_autofree char *today = kc_local_date(self->now_us);
    KcDay wanted;
    self->valid_from_us = self->now_us;
    if (day != NULL && !kc_day_from_text(day, &wanted))
        return kc_refuse_field(self->result, "/valid_from", "不是日期 / not a date (YYYY-MM-DD)");
    if (day != NULL && strcmp(day, today) < 0)
        return kc_refuse_field(self->result, "/valid_from", "生效日期已过 / this day is past");
    if (day != NULL && strcmp(day, today) > 0)
        self->valid_from_us = kc_day_start_us(wanted);
    if (self->valid_from_us >= self->newest->valid_from_us)
        return TRUE;
    g_autofree char *planned = kc_local_date(self->newest->valid_from_us);
    g_autofree char *detail = g_strdup_printf("版本 %" G_GINT64_FORMAT " 将于 %s 生效，须先撤回，或选择该日以后。 / Version "
                                              "%" G_GINT64_FORMAT " comes into force on %s: withdraw it first, or take "
                                              "a day from then on.",
                                              self->newest->number, planned, self->newest->number, planned);
    return kc_refuse(self->result, KC_RESULT_CONFLICT, "rules-planned", detail);
}

/* The edit that it is about; else all of them. */
static gboolean
refuse_problem(Change *self, const GError *problem)
{
    const KcRulesProblem *place = problem->domain == KC_RULES_ERROR ? kc_rules_problem(problem) : NULL;
    g_autofree char *pointer = g_strdup(self->proposal->revert_to != 0 ? "/revert_to" : "/files");
    for (gsize i = 0; place != NULL && i < self->proposal->edit_count; i++)
        if (g_strcmp0(self->proposal->edits[i].name, place->file) == 0) {
            g_free(pointer);
            pointer = g_strdup_printf("/files/%" G_GSIZE_FORMAT "/text", i);
        }
    return kc_refuse_field(self->result, pointer, problem->message);
}

static gboolean
check(Change *self)
{
    g_autoptr(GError) problem = NULL;
    const char *reason = self->proposal->reason;
    if (reason == NULL || *reason == '\0')
        return kc_refuse_field(self->result, "/reason", "请写明理由 / the reason is missing");
    if (g_utf8_strlen(reason, -1) > KC_LIMIT_TEXT_CHARS)
        return kc_refuse_field(self->result, "/reason", "内容过长 / too long");
    if (!find_time(self))
        return FALSE;
    if (kc_rule_files_equal(self->before, self->after))
        return kc_refuse_field(self->result, "/files", "没有任何改动 / nothing is changed");
    return kc_rule_files_check(self->after, &problem) || refuse_problem(self, problem);
}

static gboolean
keep(KcTx *tx, gpointer data, GError **error)
{
    Change *self = data;
    g_autoptr(KcRuleVersion) newest = NULL;
    KcRuleVersion version = {
        .origin = (char *)(self->proposal->revert_to != 0 ? "reverted" : "edited"),
        .reason = (char *)self->proposal->reason,
        .equals = self->proposal->revert_to,
        .created_by = self->who != NULL ? self->who->user_id : NULL,
        .created_us = self->now_us,
        .valid_from_us = self->valid_from_us,
    };
    g_clear_pointer(&self->made, kc_rule_version_free);
    if (!kc_rule_store_newest(tx, NULL, &newest, error))
        return FALSE;
    if (newest->number != self->newest->number)
        return kc_refuse(self->result, KC_RESULT_STALE, "stale", "The rules were changed meanwhile; look at them again.");
    return kc_app_keep_rules(tx, self->who, &version, self->after, self->before, error) &&
           kc_rule_store_get(tx, version.number, &self->made, error);
}

gboolean
kc_app_change_rules(KcApp *app, const KcPrincipal *who, const KcRuleProposal *proposal, KcRuleVersion **ret_version,
                    KcResult *result, GError **error)
{
    g_auto(Change) self = {
        .app = app, .who = who, .proposal = proposal, .now_us = kc_app_now(app), .result = result};
    if (!load(&self, error) || !check(&self) || !kc_app_write(app, keep, &self, result, error) ||
        !kc_app_refresh_rules(app, error))
        return FALSE;
    *ret_version = g_steal_pointer(&self.made);
    return TRUE;
}

/* ---- withdrawing one ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    gint64 number, now_us;
    KcResult *result;
} Withdraw;

static gboolean
withdraw(KcTx *tx, gpointer data, GError **error)
{
    const Withdraw *self = data;
    g_autoptr(KcRuleVersion) newest = NULL;
    g_autoptr(KcRuleVersion) version = NULL;
    if (!kc_rule_store_newest(tx, NULL, &newest, error) || !kc_rule_store_get(tx, self->number, &version, error))
        return FALSE;
    if (version == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "version-unknown", "There is no such version.");
    if (newest->number != self->number)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "rules-not-newest", "Only the newest version is withdrawn.");
    if (newest->valid_from_us <= self->now_us)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "rules-in-force",
                         "This version is in force already; go back to an older one instead.");
    return kc_rule_store_withdraw(tx, self->number, self->who->user_id, self->now_us, error) == KC_UPDATE_DONE &&
           kc_app_log(tx, self->who, NULL, "rules.withdrawn", self->now_us,
                      json_pack("{s:I}", "number", (json_int_t)self->number), error);
}

gboolean
kc_app_withdraw_rules(KcApp *app, const KcPrincipal *who, gint64 number, KcResult *result, GError **error)
{
    Withdraw self = {app, who, number, kc_app_now(app), result};
    return kc_app_check_role(who, KC_ACTION_MANAGE_RULES, result) &&
           kc_app_write(app, withdraw, &self, result, error) && kc_app_refresh_rules(app, error);
}
