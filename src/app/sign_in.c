/* Staff sign in and out. */
#include "src/app/accounts.h"
#include "src/app/internal.h"
#include "src/app/standing.h"
#include "src/evidence/tokens.h"
#include "src/store/guest_store.h"
#include "src/store/integration_store.h"
#include "src/store/seat_store.h"
#include "src/store/session_store.h"

void
kc_signed_in_clear(KcSignedIn *signed_in)
{
    g_free(signed_in->token);
    kc_principal_free(signed_in->principal);
    *signed_in = (KcSignedIn){0};
}

typedef struct {
    const char *username;
    KcUser *user;
} Find;

static gboolean
find_user(KcTx *tx, gpointer data, GError **error)
{
    Find *find = data;
    return kc_user_store_find(tx, find->username, &find->user, error);
}

typedef struct {
    KcSession session;
    const KcPrincipal *who;
    gint64 now_us;
    const char *kind;
} Change;

static gboolean
begin_session(KcTx *tx, gpointer data, GError **error)
{
    Change *self = data;
    json_t *entry = json_object();
    if (self->who->address != NULL)
        json_object_set_new(entry, "address", json_string(self->who->address));
    return kc_session_store_insert(tx, &self->session, error) &&
           kc_app_log(tx, self->who, NULL, "session.opened", self->now_us, entry, error);
}

static gboolean
end_session(KcTx *tx, gpointer data, GError **error)
{
    Change *self = data;
    json_t *event = json_pack("{s:s, s:s}", "user_id", self->who->user_id, "status", "away");
    return kc_session_store_delete(tx, self->session.token_hash, error) &&
           kc_seat_store_delete(tx, self->who->user_id, error) &&
           kc_app_emit(tx, "seat.changed", NULL, "desk", NULL, self->now_us, event, error) &&
           kc_app_log(tx, self->who, NULL, "session.closed", self->now_us, NULL, error);
}

static KcPrincipal *
principal_of(const KcUser *user, const char *address, const KcSession *session)
{
    KcPrincipal *principal = kc_principal_new_anonymous(address);
    kc_role_from_string(user->role, &principal->role);
    principal->user_id = g_strdup(user->id);
    principal->name = g_strdup(user->name);
    principal->username = g_strdup(user->username);
    principal->badge_number = g_strdup(user->badge_number);
    principal->counties = g_strdupv(user->counties);
    principal->session = g_strdup(session->token_hash);
    principal->csrf_token = g_strdup(session->csrf_token);
    principal->expires_us = session->expires_us;
    return principal;
}

gboolean
kc_app_sign_in(KcApp *app, const char *username, const char *password, const char *address, KcSignedIn *ret_signed_in,
               KcResult *result, GError **error)
{
    Find find = {username, NULL};
    if (!kc_app_read(app, find_user, &find, result, error))
        return FALSE;
    g_autoptr(KcUser) user = find.user;
    gboolean known = user != NULL && !user->disabled;
    /* Also for an unknown name: it must take as long as a wrong password. */
    if (!kc_password_verify(known ? user->password_hash : NULL, password) || !known)
        return kc_refuse(result, KC_RESULT_UNAUTHENTICATED, "credentials", "The name or the password is wrong.");
    KcToken token = kc_token_new(), csrf = kc_token_new();
    gint64 now = kc_app_now(app);
    Change self = {
        .session = {token.hash, csrf.text, user->id, now, now + app->staff_session_us},
        .now_us = now,
    };
    g_autoptr(KcPrincipal) principal = principal_of(user, address, &self.session);
    self.who = principal;
    if (!kc_app_write(app, begin_session, &self, result, error))
        return FALSE;
    ret_signed_in->token = g_strdup(token.text);
    ret_signed_in->principal = g_steal_pointer(&principal);
    return TRUE;
}

gboolean
kc_app_sign_out(KcApp *app, const KcPrincipal *who, KcResult *result, GError **error)
{
    if (who->user_id == NULL)
        return kc_refuse(result, KC_RESULT_UNAUTHENTICATED, "token-missing", "Nobody is signed in.");
    Change self = {.session = {.token_hash = who->session}, .who = who, .now_us = kc_app_now(app)};
    return kc_app_write(app, end_session, &self, result, error);
}

/* ---- who stands behind a token ---- */

typedef struct {
    KcApp *app;
    const char *hash;
    const char *address;
    gint64 now_us;
    KcPrincipal *principal;
    KcResult *result;
} Look;

/* Who stands behind a guest's link; one that was taken back is nobody's. */
static gboolean
become_guest(Look *look, KcTx *tx, const char *guest_id, GError **error)
{
    g_autoptr(KcGuest) guest = NULL;
    if (!kc_guest_store_get(tx, guest_id, &guest, error))
        return FALSE;
    if (guest == NULL || guest->revoked_us > 0 || !kc_role_from_guest_kind(guest->kind, &look->principal->role))
        return kc_refuse(look->result, KC_RESULT_UNAUTHENTICATED, "link-revoked", "This invitation was taken back.");
    look->principal->guest_id = g_strdup(guest->id);
    look->principal->insured_id = g_strdup(guest->party_id);
    look->principal->name = g_strdup(guest->name);
    return TRUE;
}

static gboolean
look_for_link(Look *look, KcTx *tx, GError **error)
{
    g_autoptr(KcCapability) link = NULL;
    if (!kc_capability_store_get(tx, look->hash, &link, error))
        return FALSE;
    if (link == NULL)
        return kc_refuse(look->result, KC_RESULT_UNAUTHENTICATED, "token-unknown",
                         "This link or session is not known here, or has ended.");
    if (link->expires_us <= look->now_us)
        return kc_refuse(look->result, KC_RESULT_UNAUTHENTICATED, "token-expired", "This link has expired.");
    look->principal = kc_principal_new_anonymous(look->address);
    look->principal->role = KC_ROLE_PARTY;
    look->principal->party_id = g_strdup(link->party_id);
    look->principal->case_id = g_strdup(link->case_id);
    look->principal->session = g_strdup(look->hash);
    look->principal->expires_us = link->expires_us;
    return link->guest_id == NULL || become_guest(look, tx, link->guest_id, error);
}

static guint
scopes_of(const KcIntegration *integration)
{
    guint scopes = 0;
    KcScope scope;
    for (gsize i = 0; integration->scopes != NULL && integration->scopes[i] != NULL; i++)
        if (kc_scope_from_string(integration->scopes[i], &scope))
            scopes |= 1U << scope;
    return scopes;
}

/* The key of another system; else a link. */
static gboolean
look_for_key(Look *look, KcTx *tx, GError **error)
{
    g_autoptr(KcIntegration) integration = NULL;
    if (!kc_integration_store_find(tx, look->hash, &integration, error))
        return FALSE;
    if (integration == NULL)
        return look_for_link(look, tx, error);
    if (integration->revoked_us > 0)
        return kc_refuse(look->result, KC_RESULT_UNAUTHENTICATED, "key-revoked", "This key was revoked.");
    look->principal = kc_principal_new_anonymous(look->address);
    look->principal->role = KC_ROLE_INTEGRATION;
    look->principal->integration_id = g_strdup(integration->id);
    look->principal->name = g_strdup(integration->name);
    look->principal->scopes = scopes_of(integration);
    look->principal->session = g_strdup(look->hash);
    return TRUE;
}

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Look *self = data;
    g_autoptr(KcSession) session = NULL;
    g_autoptr(KcUser) user = NULL;
    if (!kc_session_store_get(tx, self->hash, self->now_us, &session, error))
        return FALSE;
    if (session == NULL)
        return look_for_key(self, tx, error);
    if (!kc_user_store_get(tx, session->user_id, &user, error))
        return FALSE;
    if (user == NULL)
        return kc_refuse(self->result, KC_RESULT_UNAUTHENTICATED, "token-unknown", "This session has ended.");
    self->principal = principal_of(user, self->address, session);
    return TRUE;
}

static void
remember_seen(KcApp *app, const KcPrincipal *principal, gint64 now_us)
{
    const char *id = principal->party_id != NULL ? principal->party_id : principal->user_id;
    if (id == NULL)
        return;
    gint64 *at = g_new(gint64, 1);
    *at = now_us;
    g_mutex_lock(&app->lock);
    g_hash_table_insert(app->seen, g_strdup(id), at);
    g_mutex_unlock(&app->lock);
}

/* Who it was a moment ago, if nothing was written since. */
static gboolean
recall(Look *look, gint64 *ret_version)
{
    if (!kc_standing_find(look->app, look->hash, &look->principal, ret_version))
        return FALSE;
    gint64 expires_us = look->principal->expires_us; /* 0: a key, which doesn't */
    if (expires_us != 0 && expires_us <= look->now_us) {
        g_clear_pointer(&look->principal, kc_principal_free);
        return FALSE;
    }
    g_free(look->principal->address);
    look->principal->address = g_strdup(look->address);
    return TRUE;
}

gboolean
kc_app_authenticate(KcApp *app, const char *token, const char *address, KcPrincipal **ret_principal, KcResult *result,
                    GError **error)
{
    if (token == NULL) {
        *ret_principal = kc_principal_new_anonymous(address);
        return TRUE;
    }
    g_autofree char *hash = kc_token_hash(token);
    if (hash == NULL)
        return kc_refuse(result, KC_RESULT_UNAUTHENTICATED, "token-unknown", "This is not a token of this service.");
    gint64 version;
    Look self = {app, hash, address, kc_app_now(app), NULL, result};
    if (!recall(&self, &version)) {
        if (!kc_app_read(app, look, &self, result, error)) {
            kc_principal_free(self.principal);
            return FALSE;
        }
        kc_standing_keep(app, hash, self.principal, version);
    }
    remember_seen(app, self.principal, self.now_us);
    *ret_principal = self.principal;
    return TRUE;
}

/* ---- sessions that were ended by somebody else ---- */

typedef struct {
    const char *const *sessions;
    GPtrArray *ended;
    gint64 now_us;
} Roll;

static gboolean
call_the_roll(KcTx *tx, gpointer data, GError **error)
{
    Roll *self = data;
    for (const char *const *session = self->sessions; *session != NULL; session++) {
        g_autoptr(KcSession) row = NULL;
        if (!kc_session_store_get(tx, *session, self->now_us, &row, error))
            return FALSE;
        if (row == NULL)
            g_ptr_array_add(self->ended, g_strdup(*session));
    }
    return TRUE;
}

gboolean
kc_app_ended_sessions(KcApp *app, const char *const *sessions, GStrv *ret_ended, GError **error)
{
    g_autoptr(GPtrArray) ended = g_ptr_array_new_with_free_func(g_free);
    Roll self = {sessions, ended, kc_app_now(app)};
    if (!kc_store_read(app->store, call_the_roll, &self, error))
        return FALSE;
    g_ptr_array_add(ended, NULL);
    *ret_ended = (GStrv)g_ptr_array_free(g_steal_pointer(&ended), FALSE);
    return TRUE;
}
