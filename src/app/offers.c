/* Invariants
 *
 * 1. An offer is void once it has run out, or the case has another holder than when it was made.
 * 2. A case changes hands in one transaction with its offer's end, its log entry and its events.
 * 3. Nobody takes a case of which they were recused (Order 146, art. 105). */
#include "src/app/offers.h"

#include "src/app/injury_check.h"
#include "src/app/internal.h"
#include "src/app/seats.h"
#include "src/store/recusal_store.h"

void
kc_offer_view_free(KcOfferView *view)
{
    if (view == NULL)
        return;
    kc_offer_free(view->offer);
    g_free(view->case_number);
    g_free(view->case_state);
    g_free(view->from_name);
    g_free(view->to_name);
    g_free(view);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *to_user, *offer_id;
    const char *outcome;
    gint64 now_us;
    char *old_holder, *taken_case; /* what an acceptance came to */
    KcOfferView *view;
    GPtrArray *views;
    KcResult *result;
} Offering;

/* ---- what an offer looks like ---- */

/* Takes `offer`. */
static KcOfferView *
view_of(KcTx *tx, KcOffer *offer, const KcCaseRow *row, GError **error)
{
    g_autoptr(KcOfferView) view = g_new0(KcOfferView, 1);
    view->offer = offer;
    view->case_number = g_strdup(row->number);
    view->case_state = g_strdup(row->state);
    if (!kc_app_user_name(tx, offer->from_user, &view->from_name, error) || !kc_app_user_name(tx, offer->to_user, &view->to_name, error))
        return NULL;
    return g_steal_pointer(&view);
}

static gboolean
emit_offer(KcTx *tx, const KcOffer *offer, const char *outcome, gint64 now_us, GError **error)
{
    const char *people[] = {offer->to_user, offer->from_user};
    for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
        if (people[i] == NULL)
            continue;
        json_t *data = json_pack("{s:s, s:s, s:s?}", "offer_id", offer->id, "kind", offer->kind, "outcome", outcome);
        if (!kc_app_emit(tx, "offer.changed", offer->case_id, "user", people[i], now_us, data, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_app_end_offer(KcTx *tx, const KcPrincipal *who, const KcOffer *offer, const char *outcome, gint64 now_us,
                 GError **error)
{
    g_autofree char *kind = g_strconcat("offer.", outcome, NULL);
    gboolean missed = strcmp(offer->kind, "draw") == 0 && (strcmp(outcome, "declined") == 0 || strcmp(outcome, "lapsed") == 0);
    json_t *entry = json_pack("{s:s, s:s, s:s}", "offer_id", offer->id, "kind", offer->kind, "to", offer->to_user);
    return kc_offer_store_close(tx, offer->id, outcome, now_us, error) != KC_UPDATE_FAILED &&
           kc_app_log(tx, who, offer->case_id, kind, now_us, entry, error) &&
           emit_offer(tx, offer, outcome, now_us, error) &&
           (!missed || kc_app_set_away(tx, offer->to_user, offer->case_id, now_us, error));
}

static gboolean
is_void(const KcOffer *offer, const KcCaseRow *row, gint64 now_us)
{
    return offer->outcome != NULL || now_us >= offer->expires_us || g_strcmp0(offer->holder, row->officer_id) != 0;
}

/* ---- offer ---- */

static gboolean
check_barred(Offering *self, KcTx *tx, const char *case_id, const char *user_id, GError **error)
{
    gboolean barred;
    if (!kc_recusal_store_is_barred(tx, case_id, user_id, &barred, error))
        return FALSE;
    return !barred || kc_refuse(self->result, KC_RESULT_CONFLICT, "recused", "That person was recused from this case.");
}

gboolean
kc_app_covers(const KcUser *user, const KcCaseRow *row)
{
    return row->county == NULL || user->counties == NULL || user->counties[0] == NULL ||
           g_strv_contains((const char *const *)user->counties, row->county);
}

static gboolean
check_colleague(Offering *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(KcUser) user = NULL;
    KcRole role;
    if (!kc_user_store_get(tx, self->to_user, &user, error))
        return FALSE;
    if (user == NULL || user->disabled || !kc_role_from_string(user->role, &role) ||
        !kc_role_may(role, KC_ACTION_CLAIM) || !kc_app_covers(user, row) || !kc_app_has_grade(self->app, user, row))
        return kc_refuse_field(self->result, "/user_id", "此人不能办理这个案件 / this person can't take the case");
    if (g_strcmp0(user->id, row->officer_id) == 0)
        return kc_refuse_field(self->result, "/user_id", "案件已在此人手中 / this person has the case");
    if (kc_call_table_user_elsewhere(self->app->calls, user->id, row->id))
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "colleague-busy", "They are in a call of another case.");
    return check_barred(self, tx, row->id, user->id, error);
}

/* No other offer of the case stands; one that is void only looks so, and a supervisor's word goes before the lot. */
static gboolean
make_room(Offering *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) standing = kc_offer_store_standing(tx, error);
    for (guint i = 0; standing != NULL && i < standing->len; i++) {
        const KcOffer *other = standing->pdata[i];
        if (strcmp(other->case_id, row->id) != 0)
            continue;
        gboolean overruled = strcmp(other->kind, "draw") == 0 && self->who->role == KC_ROLE_SUPERVISOR;
        if (!is_void(other, row, self->now_us) && !overruled)
            return kc_refuse(self->result, KC_RESULT_CONFLICT, "offer-standing",
                             "Somebody has been asked to take this case; wait, or take that back.");
        const char *outcome = self->now_us >= other->expires_us ? "lapsed" : "withdrawn";
        if (!kc_app_end_offer(tx, overruled ? self->who : NULL, other, outcome, self->now_us, error))
            return FALSE;
    }
    return standing != NULL;
}

static const char *
kind_of(const KcPrincipal *who, const KcCaseRow *row)
{
    if (who == NULL)
        return "draw";
    return row->officer_id != NULL ? "hand_over" : "assign";
}

gboolean
kc_app_make_offer(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const char *to_user,
                  KcOffer **ret_offer, GError **error)
{
    g_autoptr(KcOffer) offer = g_new0(KcOffer, 1);
    const KcDeskPolicy *desk = kc_rules_desk(kc_app_rules(app));
    gint64 now = kc_app_now(app);
    offer->id = g_strdup(kc_app_new_id(app).text);
    offer->case_id = g_strdup(row->id);
    offer->kind = g_strdup(kind_of(who, row));
    offer->from_user = g_strdup(who != NULL ? who->user_id : NULL);
    offer->holder = g_strdup(row->officer_id);
    offer->to_user = g_strdup(to_user);
    offer->offered_us = now;
    offer->expires_us = now + (who != NULL ? desk->offer_s : desk->accept_s) * G_USEC_PER_SEC;
    json_t *entry = json_pack("{s:s, s:s, s:s}", "offer_id", offer->id, "kind", offer->kind, "to", to_user);
    if (!kc_offer_store_insert(tx, offer, error) || !kc_app_log(tx, who, row->id, "offer.made", now, entry, error) ||
        !emit_offer(tx, offer, NULL, now, error))
        return FALSE;
    *ret_offer = g_steal_pointer(&offer);
    return TRUE;
}

/* A case that somebody has goes from hand to hand; one that waits is assigned, which is as if it were claimed. */
static KcCaseEvent
event_of(const KcCaseRow *row)
{
    return row->officer_id != NULL ? KC_CASE_HAND_OVER : KC_CASE_CLAIM;
}

static gboolean
offer_case(KcTx *tx, gpointer data, GError **error)
{
    Offering *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    KcOffer *offer = NULL;
    g_clear_pointer(&self->view, kc_offer_view_free);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_HAND_OVER, self->case_id, &row, self->result, error) ||
        !kc_app_apply(row, event_of(row), NULL, self->now_us, self->result) ||
        !check_colleague(self, tx, row, error) || !make_room(self, tx, row, error) ||
        !kc_app_make_offer(self->app, tx, self->who, row, self->to_user, &offer, error))
        return FALSE;
    self->view = view_of(tx, offer, row, error);
    return self->view != NULL;
}

gboolean
kc_app_offer_case(KcApp *app, const KcPrincipal *who, const char *case_id, const char *to_user, KcOfferView **ret_view,
                  KcResult *result, GError **error)
{
    Offering self = {
        .app = app, .who = who, .case_id = case_id, .to_user = to_user, .now_us = kc_app_now(app), .result = result};
    if (!kc_app_write(app, offer_case, &self, result, error)) {
        kc_offer_view_free(self.view);
        return FALSE;
    }
    *ret_view = self.view;
    return TRUE;
}

/* ---- list ---- */

static gboolean
list_offers(KcTx *tx, gpointer data, GError **error)
{
    Offering *self = data;
    g_autoptr(GPtrArray) standing = kc_offer_store_standing(tx, error);
    g_ptr_array_set_size(self->views, 0);
    while (standing != NULL && standing->len > 0) {
        g_autoptr(KcOffer) offer = g_ptr_array_steal_index(standing, 0);
        g_autoptr(KcCaseRow) row = NULL;
        if (g_strcmp0(offer->to_user, self->who->user_id) != 0 && g_strcmp0(offer->from_user, self->who->user_id) != 0)
            continue;
        if (!kc_case_store_get(tx, offer->case_id, &row, error))
            return FALSE;
        if (row == NULL || is_void(offer, row, self->now_us))
            continue;
        KcOfferView *view = view_of(tx, g_steal_pointer(&offer), row, error);
        if (view == NULL)
            return FALSE;
        g_ptr_array_add(self->views, view);
    }
    return standing != NULL;
}

gboolean
kc_app_list_offers(KcApp *app, const KcPrincipal *who, GPtrArray **ret_views, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_offer_view_free);
    Offering self = {.app = app, .who = who, .now_us = kc_app_now(app), .views = views, .result = result};
    if (!kc_app_check_role(who, KC_ACTION_ANSWER_OFFER, result) || !kc_app_read(app, list_offers, &self, result, error))
        return FALSE;
    *ret_views = g_steal_pointer(&views);
    return TRUE;
}

/* ---- answer ---- */

static gboolean
refuse_over(Offering *self)
{
    return kc_refuse(self->result, KC_RESULT_CONFLICT, "offer-over", "This offer does not stand any more.");
}

/* The offer, if it is the caller's to answer or, with `from` set, to take back. */
static gboolean
load_offer(Offering *self, KcTx *tx, gboolean from, KcOffer **ret_offer, KcCaseRow **ret_row, GError **error)
{
    g_autoptr(KcOffer) offer = NULL;
    if (!kc_offer_store_get(tx, self->offer_id, &offer, error))
        return FALSE;
    gboolean own = offer != NULL && g_strcmp0(from ? offer->from_user : offer->to_user, self->who->user_id) == 0;
    if (offer == NULL || !(own || (from && self->who->role == KC_ROLE_SUPERVISOR)))
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "offer-unknown", "There is no such offer, or not for you.");
    if (!kc_case_store_get(tx, offer->case_id, ret_row, error))
        return FALSE;
    if (*ret_row == NULL || is_void(offer, *ret_row, self->now_us))
        return refuse_over(self);
    *ret_offer = g_steal_pointer(&offer);
    return TRUE;
}

/* Out of the queue it is a claim like any other; from a colleague the state stays what it is. */
static gboolean
take_case(Offering *self, KcTx *tx, KcCaseRow *row, const KcOffer *offer, GError **error)
{
    gboolean waited = offer->holder == NULL;
    const char *kind = waited ? "case.claimed" : "case.handed_over";
    json_t *entry = json_pack("{s:s, s:s?, s:s}", "offer_id", offer->id, "from", row->officer_id, "to", offer->to_user);
    gboolean applied = kc_app_apply(row, event_of(row), NULL, self->now_us, self->result);
    if (!applied || (waited && !kc_app_fix_evidence(tx, row, self->now_us, self->result, error))) {
        json_decref(entry);
        return FALSE;
    }
    g_free(self->old_holder);
    g_free(self->taken_case);
    self->old_holder = row->officer_id;
    self->taken_case = g_strdup(row->id);
    row->officer_id = g_strdup(self->who->user_id);
    return kc_app_log(tx, self->who, row->id, kind, self->now_us, entry, error) &&
           kc_app_save_case(tx, row, self->now_us, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, self->now_us, NULL, error);
}

static gboolean
accept(KcTx *tx, gpointer data, GError **error)
{
    Offering *self = data;
    g_autoptr(KcOffer) offer = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    if (!load_offer(self, tx, FALSE, &offer, &row, error))
        return FALSE;
    if (kc_call_table_user_elsewhere(self->app->calls, self->who->user_id, row->id))
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "busy-elsewhere", "You are in a call of another case.");
    return check_barred(self, tx, row->id, self->who->user_id, error) && take_case(self, tx, row, offer, error) &&
           kc_app_end_offer(tx, self->who, offer, "accepted", self->now_us, error);
}

/* The old holder stays until the new one is connected, unless there is no room for both. */
static void
relieve(KcApp *app, const char *case_id, const char *old_holder, const char *new_holder)
{
    g_autofree char *leg_id = kc_call_table_relieve(app->calls, case_id, old_holder, new_holder);
    if (leg_id != NULL)
        kc_app_end_leg(app, leg_id, KC_LEFT_HANDED_OVER);
}

gboolean
kc_app_accept_offer(KcApp *app, const KcPrincipal *who, const char *offer_id, KcCaseView **ret_case, KcResult *result,
                    GError **error)
{
    Offering self = {.app = app, .who = who, .offer_id = offer_id, .now_us = kc_app_now(app), .result = result};
    gboolean done =
        kc_app_check_role(who, KC_ACTION_ANSWER_OFFER, result) && kc_app_write(app, accept, &self, result, error);
    if (done && self.old_holder != NULL)
        relieve(app, self.taken_case, self.old_holder, who->user_id);
    done = done && kc_app_read_view(app, who, self.taken_case, ret_case, error);
    g_free(self.old_holder);
    g_free(self.taken_case);
    return done;
}

static gboolean
end_unaccepted(KcTx *tx, gpointer data, GError **error)
{
    Offering *self = data;
    g_autoptr(KcOffer) offer = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    gboolean from = strcmp(self->outcome, "withdrawn") == 0;
    return load_offer(self, tx, from, &offer, &row, error) &&
           kc_app_end_offer(tx, self->who, offer, self->outcome, self->now_us, error);
}

static gboolean
end_as(KcApp *app, const KcPrincipal *who, const char *offer_id, const char *outcome, KcResult *result, GError **error)
{
    Offering self = {
        .app = app, .who = who, .offer_id = offer_id, .outcome = outcome, .now_us = kc_app_now(app), .result = result};
    return kc_app_check_role(who, KC_ACTION_ANSWER_OFFER, result) &&
           kc_app_write(app, end_unaccepted, &self, result, error);
}

gboolean
kc_app_decline_offer(KcApp *app, const KcPrincipal *who, const char *offer_id, KcResult *result, GError **error)
{
    return end_as(app, who, offer_id, "declined", result, error);
}

gboolean
kc_app_withdraw_offer(KcApp *app, const KcPrincipal *who, const char *offer_id, KcResult *result, GError **error)
{
    return end_as(app, who, offer_id, "withdrawn", result, error);
}
