/* Invariant: a hold is placed or lifted together with a new version of its case and an entry of the log, which says by
 * which law, and not why. */
#include "src/app/holds.h"

#include "src/app/internal.h"
#include "src/store/user_store.h"

#define HOLDS_MAX 16 /* that stand on one case */

void
kc_hold_view_free(KcHoldView *view)
{
    if (view == NULL)
        return;
    kc_hold_free(view->hold);
    g_free(view->case_number);
    g_free(view->placer_name);
    g_free(view->lifter_name);
    g_free(view);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *hold_id, *reason, *legal_basis;
    gint64 expected_version, now_us;
    KcHoldView *view;
    GPtrArray *views;
    KcResult *result;
} Holding;

/* Takes `hold`. */
static KcHoldView *
view_of(KcTx *tx, KcHold *hold, const KcCaseRow *row, GError **error)
{
    g_autoptr(KcHoldView) view = g_new0(KcHoldView, 1);
    view->hold = hold;
    view->case_number = g_strdup(row->number);
    view->case_version = row->version;
    if (!kc_app_user_name(tx, hold->placed_by, &view->placer_name, error) ||
        !kc_app_user_name(tx, hold->lifted_by, &view->lifter_name, error))
        return NULL;
    return g_steal_pointer(&view);
}

/* ---- place ---- */

static gboolean
room_for_hold(KcTx *tx, const char *case_id, KcResult *result, GError **error)
{
    gint64 standing = 0;
    if (!kc_hold_store_count(tx, case_id, &standing, error))
        return FALSE;
    return standing < HOLDS_MAX ||
           kc_refuse(result, KC_RESULT_CONFLICT, "too-many-holds", "As many holds stand on this case as may.");
}

static gboolean
place(KcTx *tx, gpointer data, GError **error)
{
    Holding *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_clear_pointer(&self->view, kc_hold_view_free);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_HOLD, self->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result) ||
        !room_for_hold(tx, row->id, self->result, error))
        return FALSE;
    g_autoptr(KcHold) hold = g_new0(KcHold, 1);
    hold->id = g_strdup(kc_app_new_id(self->app).text);
    hold->case_id = g_strdup(row->id);
    hold->reason = g_strdup(self->reason);
    hold->legal_basis = g_strdup(self->legal_basis);
    hold->placed_by = g_strdup(self->who->user_id);
    hold->placed_us = self->now_us;
    json_t *entry = json_pack("{s:s, s:s}", "hold_id", hold->id, "legal_basis", hold->legal_basis);
    if (!kc_app_log(tx, self->who, row->id, "hold.placed", self->now_us, entry, error) ||
        !kc_hold_store_insert(tx, hold, error) || !kc_app_save_case(tx, row, self->now_us, error))
        return FALSE;
    self->view = view_of(tx, g_steal_pointer(&hold), row, error);
    return self->view != NULL;
}

static gboolean
check_words(const char *reason, const char *legal_basis, KcResult *result)
{
    if (reason == NULL || *reason == '\0')
        return kc_refuse_field(result, "/reason", "请写明理由 / the reason is missing");
    if (legal_basis == NULL || *legal_basis == '\0' || g_utf8_strlen(legal_basis, -1) > 200)
        return kc_refuse_field(result, "/legal_basis",
                               "请写明法律依据，200字以内 / the legal basis, of up to 200 characters");
    return TRUE;
}

static gboolean
write_hold(KcApp *app, KcTxFn fn, Holding *self, KcHoldView **ret_view, GError **error)
{
    gboolean done = kc_app_write(app, fn, self, self->result, error);
    if (done)
        *ret_view = self->view;
    else
        kc_hold_view_free(self->view);
    return done;
}

gboolean
kc_app_place_hold(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version, const char *reason,
                  const char *legal_basis, KcHoldView **ret_view, KcResult *result, GError **error)
{
    Holding self = {.app = app,
                    .who = who,
                    .case_id = case_id,
                    .reason = reason,
                    .legal_basis = legal_basis,
                    .expected_version = expected_version,
                    .now_us = kc_app_now(app),
                    .result = result};
    return check_words(reason, legal_basis, result) && write_hold(app, place, &self, ret_view, error);
}

/* ---- lift ---- */

static gboolean
lift(KcTx *tx, gpointer data, GError **error)
{
    Holding *self = data;
    g_autoptr(KcHold) hold = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    g_clear_pointer(&self->view, kc_hold_view_free);
    if (!kc_app_check_role(self->who, KC_ACTION_HOLD, self->result) ||
        (kc_id_is_valid(self->hold_id) && !kc_hold_store_get(tx, self->hold_id, &hold, error)))
        return FALSE;
    if (hold == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "hold-unknown", "There is no such hold.");
    if (!kc_app_load_case(tx, self->who, KC_ACTION_HOLD, hold->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result))
        return FALSE;
    if (hold->lifted_us > 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "hold-lifted", "This hold has been lifted.");
    hold->lift_reason = g_strdup(self->reason);
    hold->lifted_by = g_strdup(self->who->user_id);
    hold->lifted_us = self->now_us;
    json_t *entry = json_pack("{s:s, s:s}", "hold_id", hold->id, "legal_basis", hold->legal_basis);
    if (!kc_app_log(tx, self->who, row->id, "hold.lifted", self->now_us, entry, error) ||
        kc_hold_store_lift(tx, hold, error) != KC_UPDATE_DONE || !kc_app_save_case(tx, row, self->now_us, error))
        return FALSE;
    self->view = view_of(tx, g_steal_pointer(&hold), row, error);
    return self->view != NULL;
}

gboolean
kc_app_lift_hold(KcApp *app, const KcPrincipal *who, const char *hold_id, gint64 expected_version, const char *reason,
                 KcHoldView **ret_view, KcResult *result, GError **error)
{
    Holding self = {.app = app,
                    .who = who,
                    .hold_id = hold_id,
                    .reason = reason,
                    .expected_version = expected_version,
                    .now_us = kc_app_now(app),
                    .result = result};
    if (reason == NULL || *reason == '\0')
        return kc_refuse_field(result, "/reason", "请写明理由 / the reason is missing");
    return write_hold(app, lift, &self, ret_view, error);
}

/* ---- look ---- */

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    Holding *self = data;
    g_autoptr(KcCaseRow) visible = NULL;
    g_ptr_array_set_size(self->views, 0);
    if (self->case_id != NULL &&
        !kc_app_load_case(tx, self->who, KC_ACTION_READ_HOLDS, self->case_id, &visible, self->result, error))
        return FALSE;
    g_autoptr(GPtrArray) found = kc_hold_store_list(tx, self->case_id, error);
    while (found != NULL && found->len > 0) {
        g_autoptr(KcHold) hold = g_ptr_array_steal_index(found, 0);
        g_autoptr(KcCaseRow) row = NULL;
        g_auto(KcResult) unseen = {0};
        g_autoptr(GError) local = NULL;
        if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_HOLDS, hold->case_id, &row, &unseen, &local)) {
            if (local == NULL)
                continue;
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        KcHoldView *view = view_of(tx, g_steal_pointer(&hold), row, error);
        if (view == NULL)
            return FALSE;
        g_ptr_array_add(self->views, view);
    }
    return found != NULL;
}

gboolean
kc_app_list_holds(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_views, KcResult *result,
                  GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_hold_view_free);
    Holding self = {.app = app, .who = who, .case_id = case_id, .views = views, .result = result};
    if (!kc_app_check_role(who, KC_ACTION_READ_HOLDS, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_views = g_steal_pointer(&views);
    return TRUE;
}
