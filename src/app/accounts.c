/* Accounts of staff: add, list, change the password or the grade. */
#include "src/app/accounts.h"
#include "src/app/internal.h"
#include "src/domain/grade.h"
#include "src/store/session_store.h"

/* Only who determines is graded. */
static gboolean
check_grade(const char *grade, const char *role, KcResult *result)
{
    KcGrade known;
    if (!kc_grade_from_string(grade, &known))
        return kc_refuse_field(result, "/grade", "junior, middle or senior");
    if (known != KC_GRADE_NONE && g_strcmp0(role, "officer") != 0 && g_strcmp0(role, "supervisor") != 0)
        return kc_refuse_field(result, "/grade", "只有民警和值班长有等级 / only officers and supervisors have a grade");
    return TRUE;
}

static gboolean
check_user(KcApp *app, const KcNewUser *user, KcResult *result)
{
    KcRole role;
    if (user->username == NULL || !g_regex_match_simple("^[a-z0-9][a-z0-9._-]{1,39}$", user->username, 0, 0))
        kc_refuse_field(result, "/username", "2 to 40 of a-z, 0-9, dot, dash, underscore");
    if (user->role == NULL || !kc_role_from_string(user->role, &role) || !kc_role_is_staff(role))
        kc_refuse_field(result, "/role", "intake_operator, officer, supervisor, auditor or admin");
    check_grade(user->grade, user->role, result);
    const char *problem = kc_password_problem(user->password != NULL ? user->password : "");
    if (problem != NULL)
        kc_refuse_field(result, "/password", problem);
    if (user->name == NULL || user->name[0] == '\0' || g_utf8_strlen(user->name, -1) > KC_LIMIT_SHORT_TEXT_CHARS)
        kc_refuse_field(result, "/name", "a name of 1 to 200 characters");
    for (guint i = 0; user->counties != NULL && user->counties[i] != NULL; i++) {
        g_autofree char *pointer = g_strdup_printf("/counties/%u", i);
        if (kc_rules_county(kc_app_rules(app), user->counties[i]) == NULL)
            kc_refuse_field(result, pointer, "no such county");
    }
    return result->kind == KC_RESULT_OK;
}

typedef struct {
    const KcPrincipal *who;
    KcUser *user;
    gint64 now_us;
    KcResult *result;
    GPtrArray *list;
} Account;

static gboolean
insert_user(KcTx *tx, gpointer data, GError **error)
{
    Account *self = data;
    g_autoptr(KcUser) taken = NULL;
    if (!kc_user_store_find(tx, self->user->username, &taken, error))
        return FALSE;
    if (taken != NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "username-taken", "There is an account of that name.");
    json_t *entry = json_pack("{s:s, s:s}", "user_id", self->user->id, "role", self->user->role);
    return kc_user_store_insert(tx, self->user, error) &&
           kc_app_log(tx, self->who, NULL, "user.added", self->now_us, entry, error);
}

gboolean
kc_app_add_user(KcApp *app, const KcPrincipal *who, const KcNewUser *user, KcUser **ret_user, KcResult *result,
                GError **error)
{
    if ((who != NULL && !kc_app_check_role(who, KC_ACTION_MANAGE_USERS, result)) || !check_user(app, user, result))
        return FALSE;
    g_autoptr(KcUser) row = g_new0(KcUser, 1);
    row->id = g_strdup(kc_app_new_id(app).text);
    row->username = g_strdup(user->username);
    row->name = g_strdup(user->name);
    row->role = g_strdup(user->role);
    row->badge_number = g_strdup(user->badge_number);
    row->grade = g_strdup(user->grade);
    row->counties = g_strdupv((char **)user->counties);
    row->password_hash = kc_password_hash(user->password, app->password_cost);
    row->created_us = kc_app_now(app);
    Account self = {.who = who, .user = row, .now_us = row->created_us, .result = result};
    if (!kc_app_write(app, insert_user, &self, result, error))
        return FALSE;
    if (ret_user != NULL)
        *ret_user = g_steal_pointer(&row);
    return TRUE;
}

static gboolean
list_users(KcTx *tx, gpointer data, GError **error)
{
    Account *self = data;
    self->list = kc_user_store_list(tx, error);
    return self->list != NULL;
}

gboolean
kc_app_list_users(KcApp *app, const KcPrincipal *who, GPtrArray **ret_users, KcResult *result, GError **error)
{
    if (who != NULL && !kc_app_check_role(who, KC_ACTION_MANAGE_USERS, result))
        return FALSE;
    Account self = {.who = who, .result = result};
    if (!kc_app_read(app, list_users, &self, result, error))
        return FALSE;
    *ret_users = self.list;
    return TRUE;
}

/* What an account is changed to, by id or username. */
typedef struct {
    const KcPrincipal *who;
    const char *user;
    const char *hash; /* of a new password */
    const char *grade;
    gboolean disabled;
    gint64 now_us;
    KcUser *row;
    KcResult *result;
} NewState;

static gboolean
find_account(KcTx *tx, NewState *self, GError **error)
{
    gboolean read = kc_id_is_valid(self->user) ? kc_user_store_get(tx, self->user, &self->row, error)
                                               : kc_user_store_find(tx, self->user, &self->row, error);
    if (read && self->row == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "user-unknown", "There is no such account.");
    return read;
}

static gboolean
change_account(KcApp *app, KcTxFn change, NewState *self, KcUser **ret_user, GError **error)
{
    if (self->who != NULL && !kc_app_check_role(self->who, KC_ACTION_MANAGE_USERS, self->result))
        return FALSE;
    gboolean done = kc_app_write(app, change, self, self->result, error);
    if (done && ret_user != NULL)
        *ret_user = g_steal_pointer(&self->row);
    kc_user_free(self->row);
    return done;
}

static gboolean
replace_password(KcTx *tx, gpointer data, GError **error)
{
    NewState *self = data;
    if (!find_account(tx, self, error))
        return FALSE;
    g_free(self->row->password_hash);
    self->row->password_hash = g_strdup(self->hash);
    json_t *entry = json_pack("{s:s}", "user_id", self->row->id);
    return kc_user_store_update(tx, self->row, error) == KC_UPDATE_DONE &&
           kc_session_store_delete_of_user(tx, self->row->id, error) &&
           kc_app_log(tx, self->who, NULL, "user.password_changed", self->now_us, entry, error);
}

gboolean
kc_app_set_password(KcApp *app, const KcPrincipal *who, const char *username, const char *password, KcResult *result,
                    GError **error)
{
    const char *problem = kc_password_problem(password);
    if (problem != NULL)
        return kc_refuse_field(result, "/password", problem);
    g_autofree char *hash = kc_password_hash(password, app->password_cost);
    NewState self = {.who = who, .user = username, .hash = hash, .now_us = kc_app_now(app), .result = result};
    return change_account(app, replace_password, &self, NULL, error);
}

static gboolean
replace_grade(KcTx *tx, gpointer data, GError **error)
{
    NewState *self = data;
    if (!find_account(tx, self, error) || !check_grade(self->grade, self->row->role, self->result))
        return FALSE;
    g_free(self->row->grade);
    self->row->grade = g_strdup(self->grade);
    json_t *entry = json_pack("{s:s, s:s?}", "user_id", self->row->id, "grade", self->grade);
    return kc_user_store_update(tx, self->row, error) == KC_UPDATE_DONE &&
           kc_app_log(tx, self->who, NULL, "user.graded", self->now_us, entry, error);
}

gboolean
kc_app_set_grade(KcApp *app, const KcPrincipal *who, const char *user, const char *grade, KcUser **ret_user,
                 KcResult *result, GError **error)
{
    NewState self = {.who = who, .user = user, .grade = grade, .now_us = kc_app_now(app), .result = result};
    return change_account(app, replace_grade, &self, ret_user, error);
}

/* Somebody who may sign in, and give others accounts. */
static gboolean
is_other_admin(const KcUser *user, const KcUser *but)
{
    KcRole role;
    return !user->disabled && kc_role_from_string(user->role, &role) && kc_role_may(role, KC_ACTION_MANAGE_USERS) &&
           strcmp(user->id, but->id) != 0;
}

static gboolean
check_last_admin(KcTx *tx, NewState *self, GError **error)
{
    g_autoptr(GPtrArray) users = kc_user_store_list(tx, error);
    KcRole role;
    if (users == NULL)
        return FALSE;
    if (!kc_role_from_string(self->row->role, &role) || !kc_role_may(role, KC_ACTION_MANAGE_USERS))
        return TRUE;
    for (guint i = 0; i < users->len; i++)
        if (is_other_admin(users->pdata[i], self->row))
            return TRUE;
    return kc_refuse(self->result, KC_RESULT_CONFLICT, "last-admin",
                     "This is the only account that may manage accounts: make or enable another one first.");
}

static gboolean
replace_disabled(KcTx *tx, gpointer data, GError **error)
{
    NewState *self = data;
    if (!find_account(tx, self, error) || (self->disabled && !check_last_admin(tx, self, error)))
        return FALSE;
    if (self->row->disabled == self->disabled)
        return TRUE;
    self->row->disabled = self->disabled;
    json_t *entry = json_pack("{s:s}", "user_id", self->row->id);
    return kc_user_store_update(tx, self->row, error) == KC_UPDATE_DONE &&
           (!self->disabled || kc_session_store_delete_of_user(tx, self->row->id, error)) &&
           kc_app_log(tx, self->who, NULL, self->disabled ? "user.disabled" : "user.enabled", self->now_us, entry, error);
}

gboolean
kc_app_set_disabled(KcApp *app, const KcPrincipal *who, const char *user, gboolean disabled, KcUser **ret_user,
                    KcResult *result, GError **error)
{
    NewState self = {.who = who, .user = user, .disabled = disabled, .now_us = kc_app_now(app), .result = result};
    return change_account(app, replace_disabled, &self, ret_user, error);
}
