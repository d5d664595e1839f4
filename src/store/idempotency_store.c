#include "src/store/idempotency_store.h"
#include "src/store/check.h"
#include "src/store/sql.h"

#include <string.h>

void
kc_idempotent_reply_free(KcIdempotentReply *reply)
{
    if (reply == NULL)
        return;
    g_free(reply->scope);
    g_free(reply->key);
    g_free(reply->request_hash);
    g_free(reply->headers_json);
    g_free(reply->body);
    g_free(reply);
}

/* Every other column, so that a row is a reply as a whole or none. */
static char *
place_of(const KcIdempotentReply *reply)
{
    return g_strdup_printf("%s/%s/%s/%" G_GINT64_FORMAT "/%s/%" G_GINT64_FORMAT, reply->scope, reply->key,
                           reply->request_hash, reply->status, reply->headers_json != NULL ? reply->headers_json : "",
                           reply->created_us);
}

static gpointer
read_reply(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcIdempotentReply) reply = g_new0(KcIdempotentReply, 1);
    g_autoptr(GError) local = NULL;
    reply->scope = kc_take_text(query);
    reply->key = kc_take_text(query);
    reply->request_hash = kc_take_text(query);
    reply->status = kc_take_int(query);
    reply->headers_json = kc_take_text(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    reply->created_us = kc_take_int(query);
    if (reply->scope == NULL || reply->key == NULL || reply->request_hash == NULL || sealed == NULL) {
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT,
                            "a row of idempotency lacks what every row has");
        return NULL;
    }
    g_autofree char *place = place_of(reply);
    g_autoptr(GBytes) body = kc_keyring_unseal(tx->keyring, "idempotency", "body", place, sealed, &local);
    if (body == NULL) {
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, local->message);
        return NULL;
    }
    gsize len;
    const char *bytes = g_bytes_get_data(body, &len);
    reply->body = g_strndup(bytes, len);
    return g_steal_pointer(&reply);
}

gboolean
kc_idempotency_store_insert(KcTx *tx, const KcIdempotentReply *reply, GError **error)
{
    const char *body = reply->body == NULL ? "" : reply->body;
    g_autofree char *place = place_of(reply);
    g_autoptr(GBytes) sealed = kc_keyring_seal(tx->keyring, "idempotency", "body", place, body, strlen(body));
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO idempotency (scope, key, request_hash, status, headers_json, "
                                            "sealed_body, created_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, reply->scope);
    kc_bind_text(query, reply->key);
    kc_bind_text(query, reply->request_hash);
    kc_bind_int(query, reply->status);
    kc_bind_text(query, reply->headers_json);
    kc_bind_bytes(query, sealed);
    kc_bind_int(query, reply->created_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_idempotency_store_get(KcTx *tx, const char *scope, const char *key, KcIdempotentReply **ret_reply, GError **error)
{
    *ret_reply = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT scope, key, request_hash, status, headers_json, sealed_body, "
                                            "created_us FROM idempotency WHERE scope = ? AND key = ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, scope);
    kc_bind_text(query, key);
    return kc_query_one(tx, query, read_reply, (gpointer *)ret_reply, error);
}

gboolean
kc_idempotency_store_prune(KcTx *tx, gint64 before_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM idempotency WHERE created_us < ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, before_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_check_replies(KcTx *tx, gpointer check, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT scope || '/' || key, scope, key, request_hash, status, "
                                            "headers_json, sealed_body, created_us FROM idempotency",
                                            error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *row = kc_take_text(query);
        KcIdempotentReply *reply = read_reply(tx, query, NULL);
        if (reply == NULL)
            kc_check_found(check, (KcDamage){.kind = "sealed", .table = "idempotency", .row = row, .chunk = -1},
                           "a reply to %s in idempotency was changed or put there past the service", row);
        kc_idempotent_reply_free(reply);
    }
    return step == KC_STEP_DONE;
}
