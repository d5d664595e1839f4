/* Why somebody looks at the evidence of a case. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id, *user_id, *session;
    char *purpose; /* complaint review sample court training other */
    char *note;    /* sealed; or NULL */
    gint64 stated_us, until_us;
} KcStatedAccess;

void kc_access_free(KcStatedAccess *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcStatedAccess, kc_access_free)

gboolean kc_access_store_insert(KcTx *tx, const KcStatedAccess *access, GError **error);
/* The newest that is still good; NULL: there is none. */
gboolean kc_access_store_find(KcTx *tx, const char *case_id, const char *user_id, const char *session, gint64 now_us,
                              KcStatedAccess **ret_access, GError **error);
/* of KcStatedAccess, by time */
GPtrArray *kc_access_store_list(KcTx *tx, const char *case_id, GError **error);
