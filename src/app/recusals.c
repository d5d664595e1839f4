/* Invariants
 *
 * 1. Who is asked to recuse is who has the case at that moment; a decision is of that person, whoever has it by then.
 * 2. Reasons and notes are sealed with the case; the log says who asked and what was decided, not why. */
#include "src/app/recusals.h"

#include "src/app/blind.h"
#include "src/store/user_store.h"

void
kc_recusal_view_free(KcRecusalView *view)
{
    if (view == NULL)
        return;
    kc_recusal_free(view->recusal);
    g_free(view->case_number);
    g_free(view->user_name);
    g_free(view->party_label);
    g_free(view->decider_name);
    g_free(view);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *recusal_id, *text;
    gboolean upheld;
    gint64 now_us;
    char *relieved_of; /* the case that the person lost by an upheld recusal */
    char *relieved;
    KcRecusalView *view;
    GPtrArray *views;
    KcResult *result;
} Recusing;

/* Takes `recusal`. */
static KcRecusalView *
view_of(KcTx *tx, KcRecusal *recusal, const KcCaseRow *row, GError **error)
{
    g_autoptr(KcRecusalView) view = g_new0(KcRecusalView, 1);
    g_autoptr(KcParty) party = NULL;
    view->recusal = recusal;
    view->case_number = g_strdup(row->number);
    if (!kc_app_user_name(tx, recusal->user_id, &view->user_name, error) ||
        !kc_app_user_name(tx, recusal->decided_by, &view->decider_name, error) ||
        (recusal->party_id != NULL && !kc_party_store_get(tx, recusal->party_id, &party, error)))
        return NULL;
    view->party_label = party != NULL ? g_strdup(party->label) : NULL;
    return g_steal_pointer(&view);
}

/* The supervisors hear of it, and who asked. */
static gboolean
tell(KcTx *tx, const KcRecusal *recusal, const char *kind, gint64 now_us, GError **error)
{
    json_t *data = json_pack("{s:s}", "recusal_id", recusal->id);
    if (recusal->party_id != NULL && !kc_app_emit(tx, kind, recusal->case_id, "party", recusal->party_id, now_us,
                                                  json_pack("{s:s}", "recusal_id", recusal->id), error)) {
        json_decref(data);
        return FALSE;
    }
    return kc_app_emit(tx, kind, recusal->case_id, "desk", NULL, now_us, data, error);
}

/* ---- ask ---- */

static gboolean
check_unasked(Recusing *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) earlier = kc_recusal_store_list(tx, row->id, error);
    for (guint i = 0; earlier != NULL && i < earlier->len; i++) {
        const KcRecusal *one = earlier->pdata[i];
        if (one->decision == NULL && strcmp(one->user_id, row->officer_id) == 0 &&
            g_strcmp0(one->party_id, self->who->party_id) == 0)
            return kc_refuse(self->result, KC_RESULT_CONFLICT, "recusal-pending", "This was asked for already.");
    }
    return earlier != NULL;
}

static gboolean
ask(KcTx *tx, gpointer data, GError **error)
{
    Recusing *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_clear_pointer(&self->view, kc_recusal_view_free);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ASK_RECUSAL, self->case_id, &row, self->result, error) ||
        !kc_app_apply(row, KC_CASE_ASK_RECUSAL, NULL, self->now_us, self->result) ||
        !check_unasked(self, tx, row, error))
        return FALSE;
    g_autoptr(KcRecusal) recusal = g_new0(KcRecusal, 1);
    recusal->id = g_strdup(kc_app_new_id(self->app).text);
    recusal->case_id = g_strdup(row->id);
    recusal->user_id = g_strdup(row->officer_id);
    recusal->party_id = g_strdup(self->who->party_id);
    recusal->reason = g_strdup(self->text);
    recusal->asked_us = self->now_us;
    json_t *entry = json_pack("{s:s, s:s}", "recusal_id", recusal->id, "user_id", recusal->user_id);
    if (!kc_recusal_store_insert(tx, recusal, error) ||
        !kc_app_log(tx, self->who, row->id, "recusal.asked", self->now_us, entry, error) ||
        !tell(tx, recusal, "recusal.asked", self->now_us, error))
        return FALSE;
    self->view = view_of(tx, g_steal_pointer(&recusal), row, error);
    return self->view != NULL;
}

gboolean
kc_app_ask_recusal(KcApp *app, const KcPrincipal *who, const char *case_id, const char *reason,
                   KcRecusalView **ret_view, KcResult *result, GError **error)
{
    Recusing self = {
        .app = app, .who = who, .case_id = case_id, .text = reason, .now_us = kc_app_now(app), .result = result};
    if (reason == NULL || *reason == '\0')
        return kc_refuse_field(result, "/reason", "请写明理由 / the reason is missing");
    if (!kc_app_write(app, ask, &self, result, error)) {
        kc_recusal_view_free(self.view);
        return FALSE;
    }
    *ret_view = self.view;
    return TRUE;
}

/* ---- look ---- */

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Recusing *self = data;
    g_autoptr(KcCaseRow) visible = NULL;
    if (self->case_id != NULL &&
        !kc_app_load_case(tx, self->who, KC_ACTION_READ_RECUSALS, self->case_id, &visible, self->result, error))
        return FALSE;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    g_autoptr(GPtrArray) found = hidden != NULL ? kc_recusal_store_list(tx, self->case_id, error) : NULL;
    g_ptr_array_set_size(self->views, 0);
    while (found != NULL && found->len > 0) {
        g_autoptr(KcRecusal) recusal = g_ptr_array_steal_index(found, 0);
        g_autoptr(KcCaseRow) row = NULL;
        if (self->who->party_id != NULL && g_strcmp0(self->who->party_id, recusal->party_id) != 0)
            continue;
        if (g_strv_contains((const char *const *)hidden, recusal->case_id))
            continue;
        if (!kc_case_store_get(tx, recusal->case_id, &row, error))
            return FALSE;
        KcRecusalView *view = view_of(tx, g_steal_pointer(&recusal), row, error);
        if (view == NULL)
            return FALSE;
        g_ptr_array_add(self->views, view);
    }
    return found != NULL;
}

gboolean
kc_app_list_recusals(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_views, KcResult *result,
                     GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_recusal_view_free);
    Recusing self = {.app = app, .who = who, .case_id = case_id, .views = views, .result = result};
    KcAction action = case_id != NULL ? KC_ACTION_READ_RECUSALS : KC_ACTION_DECIDE_RECUSAL;
    if (!kc_app_check_role(who, action, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_views = g_steal_pointer(&views);
    return TRUE;
}

/* ---- decide ---- */

static gboolean
load_open(Recusing *self, KcTx *tx, KcRecusal **ret_recusal, KcCaseRow **ret_row, GError **error)
{
    g_autoptr(KcRecusal) recusal = NULL;
    if (!kc_recusal_store_get(tx, self->recusal_id, &recusal, error))
        return FALSE;
    if (recusal == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "recusal-unknown", "There is no such request.");
    if (!kc_app_load_case(tx, self->who, KC_ACTION_DECIDE_RECUSAL, recusal->case_id, ret_row, self->result, error))
        return FALSE;
    if (recusal->decision != NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "recusal-decided", "This has been decided.");
    if (strcmp(recusal->user_id, self->who->user_id) == 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "own-recusal",
                         "不能决定自己的回避 / nobody decides on their own recusal");
    *ret_recusal = g_steal_pointer(&recusal);
    return TRUE;
}

/* Back into the queue at its old place; a case that is further on keeps its state and waits for who takes it over. */
static gboolean
take_away(Recusing *self, KcTx *tx, KcCaseRow *row, const KcRecusal *recusal, GError **error)
{
    g_auto(KcResult) unmoved = {0};
    if (!self->upheld || g_strcmp0(row->officer_id, recusal->user_id) != 0 ||
        !kc_app_apply(row, KC_CASE_RELEASE, NULL, self->now_us, &unmoved))
        return TRUE;
    g_free(self->relieved_of);
    g_free(self->relieved);
    self->relieved = row->officer_id;
    self->relieved_of = g_strdup(row->id);
    row->officer_id = NULL;
    json_t *entry = json_pack("{s:s, s:s}", "from", recusal->user_id, "reason", "recused");
    return kc_app_log(tx, self->who, row->id, "case.returned", self->now_us, entry, error) &&
           kc_app_save_case(tx, row, self->now_us, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, self->now_us, NULL, error);
}

static gboolean
decide(KcTx *tx, gpointer data, GError **error)
{
    Recusing *self = data;
    g_autoptr(KcRecusal) recusal = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    g_clear_pointer(&self->view, kc_recusal_view_free);
    if (!load_open(self, tx, &recusal, &row, error))
        return FALSE;
    recusal->decision = g_strdup(self->upheld ? "upheld" : "rejected");
    recusal->note = g_strdup(self->text);
    recusal->decided_by = g_strdup(self->who->user_id);
    recusal->decided_us = self->now_us;
    json_t *entry = json_pack("{s:s, s:s}", "recusal_id", recusal->id, "decision", recusal->decision);
    if (kc_recusal_store_decide(tx, recusal, error) != KC_UPDATE_DONE) {
        json_decref(entry);
        return FALSE;
    }
    if (!kc_app_log(tx, self->who, row->id, "recusal.decided", self->now_us, entry, error) ||
        !tell(tx, recusal, "recusal.decided", self->now_us, error) || !take_away(self, tx, row, recusal, error))
        return FALSE;
    self->view = view_of(tx, g_steal_pointer(&recusal), row, error);
    return self->view != NULL;
}

gboolean
kc_app_decide_recusal(KcApp *app, const KcPrincipal *who, const char *recusal_id, gboolean upheld, const char *note,
                      KcRecusalView **ret_view, KcResult *result, GError **error)
{
    Recusing self = {.app = app,
                     .who = who,
                     .recusal_id = recusal_id,
                     .text = note,
                     .upheld = upheld,
                     .now_us = kc_app_now(app),
                     .result = result};
    gboolean done =
        kc_app_check_role(who, KC_ACTION_DECIDE_RECUSAL, result) && kc_app_write(app, decide, &self, result, error);
    if (done && self.relieved_of != NULL)
        kc_app_end_leg_of(app, self.relieved_of, self.relieved, "recused");
    g_free(self.relieved_of);
    g_free(self.relieved);
    if (done)
        *ret_view = self.view;
    else
        kc_recusal_view_free(self.view);
    return done;
}

gboolean
kc_app_check_no_recusal(KcTx *tx, const KcCaseRow *row, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) all = kc_recusal_store_list(tx, row->id, error);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        const KcRecusal *one = all->pdata[i];
        if (one->decision == NULL && g_strcmp0(one->user_id, row->officer_id) == 0)
            return kc_refuse(result, KC_RESULT_CONFLICT, "recusal-pending",
                             "回避申请尚未决定 / a request for recusal has not been decided");
    }
    return all != NULL;
}
