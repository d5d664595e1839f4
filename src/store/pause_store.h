/* Who has said in private that it feels pressed to sign a document, and how that ended. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id, *document_id, *party_id;
    char *words_json; /* an object; sealed */
    gint64 said_us;
    char *outcome; /* taken_back goes_on officer_sent document_withdrawn lapsed; NULL: it stands */
    char *note;    /* sealed; or NULL */
    gint64 ended_us;
    char *ended_by; /* user id; or NULL */
} KcPause;

void kc_pause_free(KcPause *pause);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPause, kc_pause_free)

gboolean kc_pause_store_insert(KcTx *tx, const KcPause *pause, GError **error);
gboolean kc_pause_store_get(KcTx *tx, const char *id, KcPause **ret_pause, GError **error);
/* outcome, note, ended_us, ended_by */
KcUpdate kc_pause_store_end(KcTx *tx, const KcPause *pause, GError **error);
/* of KcPause, by time; `case_id` NULL: those of every case that stand */
GPtrArray *kc_pause_store_list(KcTx *tx, const char *case_id, GError **error);
