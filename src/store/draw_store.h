/* Draws of cases: what was committed to, and what each came to. Never changed once drawn, never deleted (triggers). */
#pragma once

#include "src/domain/draw.h"
#include "src/store/db.h"

typedef struct {
    gint64 number; /* 1, 2, 3 … */
    char *commitment;
    gint64 committed_us;
    char *seed; /* NULL: not drawn yet; then all that follows is empty too */
    char *case_id;
    GStrv candidates;
    char *chosen;
    char *offer_id;
    gint64 drawn_us;
    char *outcome; /* of the offer, NULL: it stands; read only */
} KcDrawRow;

void kc_draw_row_free(KcDrawRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDrawRow, kc_draw_row_free)

/* Number, commitment, committed_us; the seed is kept sealed. KC_STORE_ERROR_REFUSED for a number out of turn,
 * KC_STORE_ERROR_CONFLICT while another commitment waits. */
gboolean kc_draw_store_commit(KcTx *tx, const KcDrawRow *row, const guint8 seed[KC_DRAW_SEED_LEN], GError **error);

/* The commitment that waits, NULL: none does. */
gboolean kc_draw_store_next(KcTx *tx, KcDrawRow **ret_row, GError **error);
gboolean kc_draw_store_seed(KcTx *tx, gint64 number, guint8 ret_seed[KC_DRAW_SEED_LEN], GError **error);
/* How many there are, the one that waits included. */
gboolean kc_draw_store_count(KcTx *tx, gint64 *ret_count, GError **error);

/* Writes what the draw of that number came to. _ABSENT: it was drawn before. */
KcUpdate kc_draw_store_reveal(KcTx *tx, const KcDrawRow *row, GError **error);

/* of KcDrawRow, those that were drawn, the newest first, below `before` (0: from the newest) */
GPtrArray *kc_draw_store_list(KcTx *tx, gint64 before, guint limit, GError **error);
/* One of any state; NULL: there is none of that number. */
gboolean kc_draw_store_get(KcTx *tx, gint64 number, KcDrawRow **ret_row, GError **error);
