#include "src/app/accesses.h"

#include "src/app/blind.h"
#include "src/app/object_reader.h"
#include "src/app/purpose.h"
#include "src/store/user_store.h"

#define ACCESS_US (8 * G_TIME_SPAN_HOUR)
#define MAX_ENTRIES 5000
#define MAX_LOOKS 500

/* ---- State ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    KcStatedAccess *access;
    KcResult *result;
} State;

static gboolean
state(KcTx *tx, gpointer data, GError **error)
{
    State *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    KcStatedAccess *access = self->access;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_STATE_PURPOSE, access->case_id, &row, self->result, error))
        return FALSE;
    return kc_access_store_insert(tx, access, error) &&
           kc_app_log(tx, self->who, row->id, "access.stated", access->stated_us,
                      json_pack("{s:s, s:s}", "access_id", access->id, "purpose", access->purpose), error);
}

static gboolean
check_purpose(const char *purpose, const char *note, KcResult *result)
{
    static const char *const purposes[] = {"complaint", "review", "sample", "court", "training", "other", NULL};
    if (purpose == NULL || !g_strv_contains(purposes, purpose))
        return kc_refuse_field(result, "/purpose", "请选择查看目的 / choose a purpose");
    if (note != NULL && g_utf8_strlen(note, -1) > KC_LIMIT_TEXT_CHARS)
        return kc_refuse_field(result, "/note", "内容过长 / too long");
    if (strcmp(purpose, "other") == 0 && note == NULL)
        return kc_refuse_field(result, "/note", "请说明目的 / say what for");
    return TRUE;
}

gboolean
kc_app_state_purpose(KcApp *app, const KcPrincipal *who, const char *case_id, const char *purpose, const char *note,
                     KcStatedAccess **ret_access, KcResult *result, GError **error)
{
    g_autofree char *words = g_strstrip(g_strdup(note != NULL ? note : ""));
    if (!kc_app_check_role(who, KC_ACTION_STATE_PURPOSE, result) ||
        !check_purpose(purpose, *words != '\0' ? words : NULL, result))
        return FALSE;
    g_autoptr(KcStatedAccess) access = g_new0(KcStatedAccess, 1);
    access->id = g_strdup(kc_app_new_id(app).text);
    access->case_id = g_strdup(case_id);
    access->user_id = g_strdup(who->user_id);
    access->session = g_strdup(who->session != NULL ? who->session : "");
    access->purpose = g_strdup(purpose);
    access->note = *words != '\0' ? g_strdup(words) : NULL;
    access->stated_us = kc_app_now(app);
    access->until_us = access->stated_us + ACCESS_US;
    State self = {app, who, access, result};
    if (!kc_app_write(app, state, &self, result, error))
        return FALSE;
    *ret_access = g_steal_pointer(&access);
    return TRUE;
}

/* ---- Ask for ---- */

/* Over: nobody works on it any more. */
static gboolean
is_over(const KcCaseRow *row)
{
    static const char *const over[] = {"closed", "served", "on_scene", "abandoned", "expired", NULL};
    return g_strv_contains(over, row->state);
}

gboolean
kc_app_needs_purpose(const KcPrincipal *who, const KcCaseRow *row)
{
    if (who->role == KC_ROLE_AUDITOR)
        return TRUE;
    return who->role == KC_ROLE_SUPERVISOR && is_over(row) && g_strcmp0(row->officer_id, who->user_id) != 0;
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gboolean needed;
    gboolean blind; /* whoever was drawn to look looks for that */
    KcStatedAccess *access;
} Ask;

static gboolean
ask(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, self->case_id, &row, error))
        return FALSE;
    self->needed = row != NULL && kc_app_needs_purpose(self->who, row);
    if (!kc_app_is_blind(tx, self->who, self->case_id, &self->blind, error))
        return FALSE;
    const char *session = self->who->session != NULL ? self->who->session : "";
    return !self->needed || self->blind || kc_access_store_find(tx, self->case_id, self->who->user_id, session, kc_app_now(self->app),
                                                 &self->access, error);
}

gboolean
kc_app_check_purpose(KcApp *app, const KcPrincipal *who, const char *case_id, const char *kind,
                     const char **ret_purpose, KcResult *result, GError **error)
{
    static const char *const known[] = {"complaint", "review", "sample", "court", "training", "other", NULL};
    Ask self = {.app = app, .who = who, .case_id = case_id};
    *ret_purpose = NULL;
    /* Papers of a case, and the packet of its review, are a supervisor's daily work; what two looks came to is no evidence. */
    if (strcmp(kind, KC_LOOK_DISCLOSED) == 0)
        return TRUE;
    gboolean papers = strcmp(kind, "document.viewed") == 0 || strcmp(kind, "packet.viewed") == 0;
    if (who->role != KC_ROLE_AUDITOR && (who->role != KC_ROLE_SUPERVISOR || papers))
        return TRUE;
    if (!kc_store_read(app->store, ask, &self, error))
        return FALSE;
    if (self.needed)
        *ret_purpose = self.blind ? "sample" : "none";
    for (gsize i = 0; self.access != NULL && known[i] != NULL; i++)
        if (strcmp(known[i], self.access->purpose) == 0)
            *ret_purpose = known[i];
    gboolean missing = self.needed && !self.blind && self.access == NULL && app->purpose_required;
    kc_access_free(self.access);
    return !missing ||
           kc_refuse(
               result, KC_RESULT_FORBIDDEN, "purpose-missing",
               "请先说明查看目的 / State the purpose first: POST /api/v1/cases/ID/accesses with a purpose; it is good "
               "for this session and case for eight hours.");
}

/* ---- List ---- */

void
kc_look_view_free(KcLookView *view)
{
    if (view == NULL)
        return;
    g_free(view->what);
    g_free(view->kind);
    g_free(view->role);
    g_free(view->name);
    g_free(view->badge_number);
    g_free(view->label);
    g_free(view->purpose);
    g_free(view->note);
    g_free(view);
}

void
kc_looks_clear(KcLooks *looks)
{
    g_clear_pointer(&looks->looks, g_ptr_array_unref);
    g_clear_pointer(&looks->stated, kc_access_free);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    GHashTable *users; /* id -> KcUser */
    GPtrArray *parties, *accesses;
    KcLooks *looks;
    KcResult *result;
} List;

static gboolean
is_look(const KcLogEntry *entry)
{
    return g_str_has_suffix(entry->kind, ".viewed") || g_str_has_suffix(entry->kind, ".exported") ||
           strcmp(entry->kind, "access.stated") == 0;
}

static gboolean
load_user(List *self, KcTx *tx, const char *id, const KcUser **ret_user, GError **error)
{
    KcUser *user = g_hash_table_lookup(self->users, id);
    if (user == NULL && !kc_user_store_get(tx, id, &user, error))
        return FALSE;
    if (user != NULL && !g_hash_table_contains(self->users, id))
        g_hash_table_insert(self->users, g_strdup(id), user);
    *ret_user = user;
    return TRUE;
}

static void
add_note(const List *self, KcLookView *view, const KcLogEntry *entry)
{
    const char *id = json_string_value(json_object_get(entry->data, "access_id"));
    for (guint i = 0; i < self->accesses->len; i++) {
        const KcStatedAccess *access = self->accesses->pdata[i];
        if (g_strcmp0(access->id, id) == 0)
            view->note = g_strdup(access->note);
    }
}

static gboolean
add_look(List *self, KcTx *tx, const KcLogEntry *entry, GError **error)
{
    gboolean to_party = self->who->party_id != NULL;
    gboolean by_user = strcmp(entry->actor_kind, "user") == 0;
    const KcUser *user = NULL;
    if (to_party && !by_user && g_strcmp0(entry->actor_id, self->who->party_id) != 0)
        return TRUE;
    if (by_user && !load_user(self, tx, entry->actor_id, &user, error))
        return FALSE;
    KcLookView *view = g_new0(KcLookView, 1);
    g_ptr_array_add(self->looks->looks, view);
    view->at_us = entry->at_us;
    view->what = g_strdup(entry->kind);
    view->kind = g_strdup(entry->actor_kind);
    view->purpose = g_strdup(json_string_value(json_object_get(entry->data, "purpose")));
    view->label = g_strdup(kc_app_party_label(self->parties, entry->actor_id));
    if (user != NULL) {
        view->role = g_strdup(user->role);
        view->badge_number = g_strdup(user->badge_number);
        view->name = to_party ? NULL : g_strdup(user->name);
    }
    if (!to_party)
        add_note(self, view, entry);
    return TRUE;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_ACCESSES, self->case_id, &row, self->result, error))
        return FALSE;
    self->looks->needed = kc_app_needs_purpose(self->who, row);
    const char *session = self->who->session != NULL ? self->who->session : "";
    if (self->looks->needed && !kc_access_store_find(tx, row->id, self->who->user_id, session, kc_app_now(self->app),
                                                     &self->looks->stated, error))
        return FALSE;
    self->parties = kc_party_store_list(tx, row->id, error);
    self->accesses = self->parties != NULL ? kc_access_store_list(tx, row->id, error) : NULL;
    g_autoptr(GPtrArray) entries =
        self->accesses != NULL ? kc_log_store_list(tx, row->id, 0, MAX_ENTRIES, error) : NULL;
    for (guint i = entries != NULL ? entries->len : 0; i > 0 && self->looks->looks->len < MAX_LOOKS; i--) {
        const KcLogEntry *entry = entries->pdata[i - 1];
        if (is_look(entry) && !add_look(self, tx, entry, error))
            return FALSE;
    }
    return entries != NULL;
}

gboolean
kc_app_list_looks(KcApp *app, const KcPrincipal *who, const char *case_id, KcLooks *ret_looks, KcResult *result,
                  GError **error)
{
    g_autoptr(GHashTable) users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)kc_user_free);
    *ret_looks = (KcLooks){.looks = g_ptr_array_new_with_free_func((GDestroyNotify)kc_look_view_free)};
    List self = {.app = app, .who = who, .case_id = case_id, .users = users, .looks = ret_looks, .result = result};
    gboolean done = kc_app_read(app, list, &self, result, error);
    g_clear_pointer(&self.parties, g_ptr_array_unref);
    g_clear_pointer(&self.accesses, g_ptr_array_unref);
    if (!done)
        kc_looks_clear(ret_looks);
    return done;
}
