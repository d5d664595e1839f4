/* Other systems and the hashes of their keys. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *name;     /* unique, compared without case */
    char *key_hash; /* src/evidence/tokens.h */
    GStrv scopes;   /* "cases:open" … */
    gint64 created_us;
    char *created_by; /* user id; NULL: from the command line */
    gint64 revoked_us; /* 0: its key is good */
} KcIntegration;

void kc_integration_free(KcIntegration *integration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcIntegration, kc_integration_free)

/* KC_STORE_ERROR_CONFLICT: the name is taken. */
gboolean kc_integration_store_insert(KcTx *tx, const KcIntegration *integration, GError **error);
gboolean kc_integration_store_get(KcTx *tx, const char *id, KcIntegration **ret_integration, GError **error);
/* Also finds one that was revoked. */
gboolean kc_integration_store_find(KcTx *tx, const char *key_hash, KcIntegration **ret_integration, GError **error);
gboolean kc_integration_store_revoke(KcTx *tx, const char *id, gint64 at_us, GError **error);
/* of KcIntegration, by name */
GPtrArray *kc_integration_store_list(KcTx *tx, GError **error);
