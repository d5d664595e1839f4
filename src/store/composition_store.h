/* One video of a case's recordings that somebody has asked for, and what became of it. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *case_id;
    char *state;    /* queued making done failed stopped removed */
    char *reason;   /* of failed: a code; else NULL */
    char *asked_by; /* id of a user */
    gint64 asked_us, started_us, ended_us;
    gint64 attempts;
    char *object_id; /* kind "derivative"; NULL: there is none yet */
} KcComposition;

void kc_composition_free(KcComposition *composition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcComposition, kc_composition_free)

gboolean kc_composition_store_insert(KcTx *tx, const KcComposition *composition, GError **error);
/* State, reason, attempts, started_us, ended_us, object_id. KC_UPDATE_DONE or _ABSENT. */
KcUpdate kc_composition_store_update(KcTx *tx, const KcComposition *composition, GError **error);
gboolean kc_composition_store_get(KcTx *tx, const char *id, KcComposition **ret_composition, GError **error);
/* of KcComposition, in the order in which they were asked for; `case_id` NULL: those of every case that are queued or
 * being made. */
GPtrArray *kc_composition_store_list(KcTx *tx, const char *case_id, GError **error);
