/* Invariants
 *
 * 1. A link that was taken back opens nothing: every request looks at the guest's row (sign_in.c), and a join that was
 *    under way looks once more in the transaction that makes it known (join_call.c).
 * 2. A guest's view holds nothing that its kind has no grant for (src/domain/roles.c). */
#include "src/app/guests.h"

#include "src/app/internal.h"
#include "src/evidence/tokens.h"
#include "src/store/user_store.h"

#define LINK_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

void
kc_invited_guest_clear(KcInvitedGuest *invited)
{
    g_free(invited->guest_id);
    g_free(invited->token);
    g_free(invited->url);
    *invited = (KcInvitedGuest){0};
}

void
kc_guest_view_free(KcGuestView *view)
{
    if (view == NULL)
        return;
    kc_guest_free(view->guest);
    g_free(view->party_label);
    g_free(view->case_number);
    g_free(view->case_state);
    g_free(view->officer_name);
    g_free(view->officer_badge);
    g_clear_pointer(&view->documents, g_ptr_array_unref);
    g_clear_pointer(&view->stills, g_ptr_array_unref);
    g_free(view);
}

/* ---- invite ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const KcInviteGuest *request;
    gint64 now_us;
    KcInvitedGuest *invited;
    KcResult *result;
} Invite;

static gboolean
check_insured(Invite *self, KcTx *tx, GError **error)
{
    const KcInviteGuest *request = self->request;
    gboolean insurer = strcmp(request->kind, "insurer") == 0;
    g_autoptr(KcParty) party = NULL;
    if (!insurer)
        return request->party_id == NULL ||
               kc_refuse_field(self->result, "/party_id", "只有保险人对应当事人 / only an insurer is of a party");
    if (request->party_id == NULL)
        return kc_refuse_field(self->result, "/party_id", "请选择承保的当事人 / whose insurer it is");
    if (!kc_party_store_get(tx, request->party_id, &party, error))
        return FALSE;
    return (party != NULL && strcmp(party->case_id, self->case_id) == 0) ||
           kc_refuse(self->result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
}

static gboolean
check_open(const KcCaseRow *row, KcResult *result)
{
    KcCaseState state;
    if (!kc_case_state_from_string(row->state, &state) || !kc_case_state_is_final(state))
        return TRUE;
    kc_refuse(result, KC_RESULT_STATE, "wrong-state", "The case is over.");
    result->state = g_strdup(row->state);
    return FALSE;
}

static gboolean
check_room(Invite *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) guests = kc_guest_store_list(tx, self->case_id, error);
    guint there = 0;
    if (guests == NULL)
        return FALSE;
    for (guint i = 0; i < guests->len; i++)
        there += ((KcGuest *)guests->pdata[i])->revoked_us == 0;
    return there < KC_LIMIT_GUESTS_PER_CASE || kc_refuse(self->result, KC_RESULT_CONFLICT, "too-many-guests",
                                                         "As many guests are invited as a case may have.");
}

static gboolean
make_guest(Invite *self, KcTx *tx, GError **error)
{
    KcToken token = kc_token_new();
    KcId id = kc_app_new_id(self->app);
    KcGuest guest = {
        .id = id.text,
        .case_id = (char *)self->case_id,
        .kind = (char *)self->request->kind,
        .party_id = (char *)self->request->party_id,
        .name = (char *)self->request->name,
        .invited_by = self->who->user_id,
        .created_us = self->now_us,
    };
    KcCapability link = {
        .token_hash = token.hash,
        .case_id = (char *)self->case_id,
        .guest_id = id.text,
        .kind = (char *)"guest",
        .created_us = self->now_us,
        .expires_us = self->now_us + LINK_US,
    };
    self->invited->guest_id = g_strdup(id.text);
    self->invited->token = g_strdup(token.text);
    return kc_guest_store_insert(tx, &guest, error) && kc_capability_store_insert(tx, &link, error) &&
           kc_app_log(tx, self->who, self->case_id, "guest.invited", self->now_us,
                      json_pack("{s:s, s:s}", "guest_id", id.text, "kind", self->request->kind), error) &&
           kc_app_emit(tx, "guest.invited", self->case_id, "desk", NULL, self->now_us,
                       json_pack("{s:s}", "guest_id", id.text), error) &&
           kc_app_idempotency_keep(tx, self->who, self->request->idempotency, self->now_us,
                                   json_pack("{s:s, s:s}", "guest_id", id.text, "token", token.text), error);
}

static gboolean
invite(KcTx *tx, gpointer data, GError **error)
{
    Invite *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(json_t) earlier = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_MANAGE_GUESTS, self->case_id, &row, self->result, error) ||
        !kc_app_idempotency_find(tx, self->who, self->request->idempotency, &earlier, self->result, error))
        return FALSE;
    if (earlier != NULL) {
        self->invited->guest_id = g_strdup(json_string_value(json_object_get(earlier, "guest_id")));
        self->invited->token = g_strdup(json_string_value(json_object_get(earlier, "token")));
        return TRUE;
    }
    return check_open(row, self->result) && check_insured(self, tx, error) && check_room(self, tx, error) &&
           make_guest(self, tx, error);
}

gboolean
kc_app_invite_guest(KcApp *app, const KcPrincipal *who, const char *case_id, const KcInviteGuest *request,
                    KcInvitedGuest *ret_invited, KcResult *result, GError **error)
{
    Invite self = {app, who, case_id, request, kc_app_now(app), ret_invited, result};
    if (request->name == NULL || *request->name == '\0')
        return kc_refuse_field(result, "/name", "请填写姓名 / the name is missing");
    if (!kc_app_write(app, invite, &self, result, error)) {
        kc_invited_guest_clear(ret_invited);
        return FALSE;
    }
    ret_invited->url = g_strdup_printf("%s/p/%s", app->public_url != NULL ? app->public_url : "", ret_invited->token);
    return TRUE;
}

/* ---- list ---- */

typedef struct {
    const KcPrincipal *who;
    const char *case_id;
    GPtrArray *guests;
    KcResult *result;
} List;

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_MANAGE_GUESTS, self->case_id, &row, self->result, error))
        return FALSE;
    self->guests = kc_guest_store_list(tx, self->case_id, error);
    return self->guests != NULL;
}

gboolean
kc_app_list_guests(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_guests, KcResult *result,
                   GError **error)
{
    List self = {who, case_id, NULL, result};
    if (!kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_guests = self.guests;
    return TRUE;
}

/* ---- send away ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *guest_id;
    char *session;
    KcResult *result;
} Revoke;

static gboolean
revoke_guest(KcTx *tx, gpointer data, GError **error)
{
    Revoke *self = data;
    gint64 now = kc_app_now(self->app);
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcGuest) guest = NULL;
    g_autoptr(KcCapability) link = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_MANAGE_GUESTS, self->case_id, &row, self->result, error))
        return FALSE;
    if (kc_id_is_valid(self->guest_id) && !kc_guest_store_get(tx, self->guest_id, &guest, error))
        return FALSE;
    if (guest == NULL || strcmp(guest->case_id, self->case_id) != 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "guest-unknown", "There is no such guest in this case.");
    if (guest->revoked_us > 0)
        return TRUE;
    if (!kc_capability_store_get_guest(tx, guest->id, &link, error) ||
        kc_guest_store_revoke(tx, guest->id, self->who->user_id, now, error) != KC_UPDATE_DONE)
        return FALSE;
    self->session = link != NULL ? g_strdup(link->token_hash) : NULL;
    return kc_app_log(tx, self->who, self->case_id, "guest.revoked", now, json_pack("{s:s}", "guest_id", guest->id),
                      error) &&
           kc_app_emit(tx, "guest.revoked", self->case_id, "case", NULL, now,
                       json_pack("{s:s}", "guest_id", guest->id), error);
}

gboolean
kc_app_revoke_guest(KcApp *app, const KcPrincipal *who, const char *case_id, const char *guest_id, char **ret_session,
                    KcResult *result, GError **error)
{
    Revoke self = {app, who, case_id, guest_id, NULL, result};
    g_autoptr(KcLeg) leg = kc_call_table_find_participant(app->calls, case_id, guest_id);
    /* As soon as that is written the guest's page may go by itself, and the worker tell of it first. */
    if (leg != NULL)
        kc_call_table_set_ending(app->calls, leg->leg_id, "revoked");
    if (!kc_app_write(app, revoke_guest, &self, result, error)) {
        if (leg != NULL)
            kc_call_table_set_ending(app->calls, leg->leg_id, NULL);
        g_free(self.session);
        return FALSE;
    }
    *ret_session = self.session;
    /* Who joined while that was written is let go of too. */
    g_autoptr(KcLeg) late = kc_call_table_find_participant(app->calls, case_id, guest_id);
    if (late != NULL)
        kc_app_end_leg(app, late->leg_id, "revoked");
    return TRUE;
}

/* ---- what one's own link is for ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    KcGuestView *view;
    KcResult *result;
} Look;

static gboolean
load_people(Look *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    KcGuestView *view = self->view;
    g_autoptr(KcUser) officer = NULL;
    g_autoptr(KcParty) party = NULL;
    if (row->officer_id != NULL && !kc_user_store_get(tx, row->officer_id, &officer, error))
        return FALSE;
    if (view->guest->party_id != NULL && !kc_party_store_get(tx, view->guest->party_id, &party, error))
        return FALSE;
    view->officer_name = g_strdup(officer != NULL ? officer->name : NULL);
    view->officer_badge = g_strdup(officer != NULL ? officer->badge_number : NULL);
    view->party_label = g_strdup(party != NULL ? party->label : NULL);
    return TRUE;
}

static gboolean
load_stills(Look *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    static const char *const kinds[] = {"still", "photo", NULL};
    self->view->stills = g_ptr_array_new_with_free_func((GDestroyNotify)kc_still_view_free);
    if (!kc_role_may(self->who->role, KC_ACTION_READ_STILL))
        return TRUE;
    g_autoptr(GPtrArray) objects = kc_object_store_list(tx, self->who->case_id, kinds, error);
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        if (strcmp(object->status, "complete") == 0 && kc_app_sees_picture(self->app, self->who, row, object))
            g_ptr_array_add(self->view->stills, kc_app_still_view(object));
    }
    return objects != NULL;
}

static gboolean
load_documents(Look *self, KcTx *tx, GError **error)
{
    if (kc_role_may(self->who->role, KC_ACTION_READ_DOCUMENT))
        self->view->documents = kc_document_store_list(tx, self->who->case_id, error);
    else
        self->view->documents = g_ptr_array_new();
    return self->view->documents != NULL;
}

static gboolean
load_guest(KcTx *tx, gpointer data, GError **error)
{
    Look *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_OWN_LINK, self->who->case_id, &row, self->result, error) ||
        !kc_guest_store_get(tx, self->who->guest_id, &self->view->guest, error))
        return FALSE;
    self->view->case_number = g_strdup(row->number);
    self->view->case_state = g_strdup(row->state);
    return load_people(self, tx, row, error) && load_stills(self, tx, row, error) && load_documents(self, tx, error);
}

gboolean
kc_app_get_guest(KcApp *app, const KcPrincipal *who, KcGuestView **ret_view, KcResult *result, GError **error)
{
    g_autoptr(KcGuestView) view = g_new0(KcGuestView, 1);
    Look self = {app, who, view, result};
    if (!kc_app_check_role(who, KC_ACTION_READ_OWN_LINK, result) || !kc_app_read(app, load_guest, &self, result, error))
        return FALSE;
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}
