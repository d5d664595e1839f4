/* Samples: what was committed to for each period, and what was drawn. */
#pragma once

#include "src/domain/sample.h"
#include "src/store/db.h"

typedef struct {
    gint64 number, from_us, to_us, percent, blind_percent;
    char *commitment;
    gint64 committed_us;
    char *seed; /* NULL: not drawn yet */
    gint64 candidates, drawn_us;
} KcSampleRow;

void kc_sample_row_free(KcSampleRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSampleRow, kc_sample_row_free)

/* The seed is kept sealed. */
gboolean kc_sample_store_commit(KcTx *tx, const KcSampleRow *row, const guint8 seed[KC_DRAW_SEED_LEN], GError **error);
/* The one that waits; NULL: none does. */
gboolean kc_sample_store_next(KcTx *tx, KcSampleRow **ret_row, GError **error);
gboolean kc_sample_store_seed(KcTx *tx, gint64 number, guint8 ret_seed[KC_DRAW_SEED_LEN], GError **error);
/* The newest of all; NULL: there is none. */
gboolean kc_sample_store_newest(KcTx *tx, KcSampleRow **ret_row, GError **error);
/* One that was drawn; NULL: there is none of that number. */
gboolean kc_sample_store_get(KcTx *tx, gint64 number, KcSampleRow **ret_row, GError **error);
/* Seed, candidates and drawn_us, and its cases: those of `cases` (of KcSampleCase) that have a reason. */
gboolean kc_sample_store_reveal(KcTx *tx, const KcSampleRow *row, const GPtrArray *cases, GError **error);
/* of KcSampleRow that were drawn, the newest first */
GPtrArray *kc_sample_store_list(KcTx *tx, guint limit, GError **error);
/* of KcSampleCase, without counties */
GPtrArray *kc_sample_store_cases(KcTx *tx, gint64 number, GError **error);
