/* The seats of the desk: what was said of each, what each has in hand, and how long callers waited. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *user_id;
    char *said; /* "free", "busy", "away" */
    gint64 said_us;
} KcSeatRow;

void kc_seat_row_free(KcSeatRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSeatRow, kc_seat_row_free)

gboolean kc_seat_store_put(KcTx *tx, const KcSeatRow *row, GError **error);
/* Nothing is said of it any more. */
gboolean kc_seat_store_delete(KcTx *tx, const char *user_id, GError **error);
GPtrArray *kc_seat_store_list(KcTx *tx, GError **error); /* of KcSeatRow */

/* A case that somebody handles now. */
typedef struct {
    char *user_id, *case_id, *number, *state;
    gint64 claimed_us;
} KcHeldCase;

void kc_held_case_free(KcHeldCase *held);
GPtrArray *kc_seat_store_held(KcTx *tx, GError **error); /* of KcHeldCase, the newest claim first */

/* When a case was where; 0: not yet. */
typedef struct {
    gint64 created_us, queued_us, claimed_us, evacuated_us, closed_us;
} KcCaseTimes;

/* of KcCaseTimes, of cases opened since then; `counties` NULL: of all. */
GArray *kc_seat_store_times(KcTx *tx, gint64 since_us, const char *const *counties, GError **error);
