/* Invariants
 *
 * 1. A refusal takes back everything that its transaction wrote.
 * 2. Log entries and events hold ids, kinds and numbers only, never personal data. */
#include "src/app/internal.h"

#define REFUSED 0x7f01 /* a code that no module uses: carries a refusal through the store */

typedef struct {
    KcTxFn fn;
    gpointer data;
    KcResult *result;
} Guarded;

static gboolean
guarded(KcTx *tx, gpointer data, GError **error)
{
    Guarded *call = data;
    g_autoptr(GError) local = NULL;
    if (call->fn(tx, call->data, &local))
        return TRUE;
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    g_assert(call->result->kind != KC_RESULT_OK);
    g_set_error_literal(error, KC_APP_ERROR, REFUSED, "refused");
    return FALSE;
}

static gboolean
settle(KcApp *app, gboolean done, KcResult *result, GError *local, GError **error)
{
    if (done)
        return TRUE;
    if (g_error_matches(local, KC_APP_ERROR, REFUSED)) {
        g_error_free(local);
        return FALSE;
    }
    kc_result_clear(result);
    if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_FULL)) {
        g_error_free(local);
        return kc_app_refuse_full(app, result);
    }
    if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_ERASED)) {
        g_error_free(local);
        return kc_refuse(result, KC_RESULT_CONFLICT, "erased", KC_ERASED_TEXT);
    }
    g_propagate_error(error, local);
    return FALSE;
}

gboolean
kc_app_write(KcApp *app, KcTxFn fn, gpointer data, KcResult *result, GError **error)
{
    Guarded call = {fn, data, result};
    GError *local = NULL;
    gboolean done = kc_store_write(app->store, guarded, &call, &local);
    return settle(app, done, result, local, error);
}

gboolean
kc_app_read(KcApp *app, KcTxFn fn, gpointer data, KcResult *result, GError **error)
{
    Guarded call = {fn, data, result};
    GError *local = NULL;
    gboolean done = kc_store_read(app->store, guarded, &call, &local);
    return settle(app, done, result, local, error);
}

gboolean
kc_app_log_as(KcTx *tx, const char *actor_kind, const char *actor_id, const char *case_id, const char *kind,
              gint64 now_us, json_t *data, GError **error)
{
    g_autoptr(json_t) owned = data;
    KcLogEntry entry = {
        .at_us = now_us,
        .case_id = (char *)case_id,
        .kind = (char *)kind,
        .actor_kind = (char *)actor_kind,
        .actor_id = (char *)actor_id,
        .data = owned,
    };
    return kc_log_store_append(tx, &entry, error);
}

gboolean
kc_app_log(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *kind, gint64 now_us, json_t *data,
           GError **error)
{
    const char *known = who != NULL ? kc_principal_kind(who) : NULL;
    const char *actor = known != NULL ? known : "system";
    const char *id = who == NULL ? NULL : kc_principal_id(who);
    return kc_app_log_as(tx, actor, id, case_id, kind, now_us, data, error);
}

gboolean
kc_app_emit(KcTx *tx, const char *type, const char *case_id, const char *audience, const char *audience_id,
            gint64 now_us, json_t *data, GError **error)
{
    g_autoptr(json_t) root = data != NULL ? data : json_object();
    g_autofree char *at = kc_timestamp_format(now_us);
    json_object_set_new(root, "type", json_string(type));
    json_object_set_new(root, "at", json_string(at));
    if (case_id != NULL)
        json_object_set_new(root, "case_id", json_string(case_id));
    g_autofree char *text = kc_json_text(json_incref(root));
    KcEvent event = {
        .at_us = now_us,
        .type = (char *)type,
        .case_id = (char *)case_id,
        .audience = (char *)audience,
        .audience_id = (char *)audience_id,
        .data_json = text,
    };
    return kc_event_store_append(tx, &event, error);
}

static char *
idempotency_scope(const KcPrincipal *who)
{
    if (who->user_id != NULL)
        return g_strconcat("user:", who->user_id, NULL);
    if (who->party_id != NULL)
        return g_strconcat("party:", who->party_id, NULL);
    if (who->guest_id != NULL)
        return g_strconcat("guest:", who->guest_id, NULL);
    if (who->integration_id != NULL)
        return g_strconcat("integration:", who->integration_id, NULL);
    return g_strconcat("address:", who->address != NULL ? who->address : "", NULL);
}

gboolean
kc_app_idempotency_find(KcTx *tx, const KcPrincipal *who, const KcIdempotency *idempotency, json_t **ret_body,
                        KcResult *result, GError **error)
{
    *ret_body = NULL;
    if (idempotency == NULL)
        return TRUE;
    g_autofree char *scope = idempotency_scope(who);
    g_autoptr(KcIdempotentReply) reply = NULL;
    if (!kc_idempotency_store_get(tx, scope, idempotency->key, &reply, error))
        return FALSE;
    if (reply == NULL)
        return TRUE;
    if (g_strcmp0(reply->request_hash, idempotency->request_hash) != 0)
        return kc_refuse(result, KC_RESULT_INVALID, "idempotency-key-reused",
                         "This Idempotency-Key was used for another request.");
    *ret_body = kc_json_parse(reply->body);
    return TRUE;
}

gboolean
kc_app_idempotency_keep(KcTx *tx, const KcPrincipal *who, const KcIdempotency *idempotency, gint64 now_us, json_t *body,
                        GError **error)
{
    g_autofree char *text = kc_json_text(body);
    if (idempotency == NULL)
        return TRUE;
    g_autofree char *scope = idempotency_scope(who);
    KcIdempotentReply reply = {
        .scope = scope,
        .key = (char *)idempotency->key,
        .request_hash = (char *)idempotency->request_hash,
        .status = 201,
        .body = text,
        .created_us = now_us,
    };
    return kc_idempotency_store_insert(tx, &reply, error);
}
