/* Replies kept for requests that carry an Idempotency-Key, sealed since a reply may hold a token. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *scope; /* who: "user:ID", "party:ID", "address:A" */
    char *key;
    char *request_hash; /* of method, path and body: another request under the same key is an error of the client */
    gint64 status;
    char *headers_json; /* e.g. {"Location":…}; or NULL */
    char *body;
    gint64 created_us;
} KcIdempotentReply;

void kc_idempotent_reply_free(KcIdempotentReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcIdempotentReply, kc_idempotent_reply_free)

/* KC_STORE_ERROR_CONFLICT: there is one already. Insert it in the transaction of the write that it answers. */
gboolean kc_idempotency_store_insert(KcTx *tx, const KcIdempotentReply *reply, GError **error);
gboolean kc_idempotency_store_get(KcTx *tx, const char *scope, const char *key, KcIdempotentReply **ret_reply,
                                  GError **error);
gboolean kc_idempotency_store_prune(KcTx *tx, gint64 before_us, GError **error);
