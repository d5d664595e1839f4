/* Private to src/store: sets of rows of case_search that are never written out. Each can tell its greatest row that is
 * not above a bound; from that, intersections and unions can too, so that a search walks from the newest case on and
 * reads only what stands between its hits (leapfrog join, Veldhuizen 2014). Leaves read ahead, the more the longer they
 * are walked. */
#pragma once

#include "src/store/sql.h"

typedef struct KcRowSet KcRowSet;

/* What a search may still read, in rows; shared by its sets. Once it is used up, a seek tells no more than above which
 * bound there is nothing, and `out` is set. */
typedef struct {
    gint64 left;
    gboolean out;
} KcRowBudget;

/* Rows of one range of an index: `sql` takes up to two parameters for what it selects (`text`, or `number`), then the
 * greatest row and how many, and gives rows in falling order. It must live as long as the program. */
KcRowSet *kc_row_set_new_text(KcTx *tx, KcRowBudget *budget, const char *sql, const char *text);
KcRowSet *kc_row_set_new_number(KcTx *tx, KcRowBudget *budget, const char *sql, gint64 number);
KcRowSet *kc_row_set_new_plain(KcTx *tx, KcRowBudget *budget, const char *sql);
/* Takes `sets`, of KcRowSet: rows in all of them (at least one), or in any. */
KcRowSet *kc_row_set_new_all(KcRowBudget *budget, GPtrArray *sets);
KcRowSet *kc_row_set_new_any(GPtrArray *sets);
void kc_row_set_free(KcRowSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRowSet, kc_row_set_free)

#define KC_ROW_NONE G_MININT64

/* The greatest row that is at most `bound`; KC_ROW_NONE: there is none. Bounds are asked for in falling order. FALSE
 * with an error. */
gboolean kc_row_set_seek(KcRowSet *set, gint64 bound, gint64 *ret_row, GError **error);
