/* Invariant of a leaf: its buffer holds the greatest rows at most `top`, in falling order, without a gap; `at` is the
 * first that may still be asked for. `ended`: nothing follows the buffer. */
#include "src/store/row_set.h"

#define FIRST_READ 2
#define LAST_READ 256
#define SEEK_COST 8 /* in rows that are read in passing */

typedef enum { LEAF, ALL, ANY } Kind;

struct KcRowSet {
    Kind kind;
    GPtrArray *sets; /* of ALL and ANY */
    KcTx *tx;
    KcRowBudget *budget;
    const char *sql;
    char *text;
    gint64 number;
    gboolean has_number;
    gint64 rows[LAST_READ];
    guint count, at, read_ahead;
    gboolean filled, ended;
};

static KcRowSet *
leaf_new(KcTx *tx, KcRowBudget *budget, const char *sql)
{
    KcRowSet *set = g_new0(KcRowSet, 1);
    set->kind = LEAF;
    set->tx = tx;
    set->budget = budget;
    set->sql = sql;
    set->read_ahead = FIRST_READ;
    return set;
}

KcRowSet *
kc_row_set_new_text(KcTx *tx, KcRowBudget *budget, const char *sql, const char *text)
{
    KcRowSet *set = leaf_new(tx, budget, sql);
    set->text = g_strdup(text);
    return set;
}

KcRowSet *
kc_row_set_new_number(KcTx *tx, KcRowBudget *budget, const char *sql, gint64 number)
{
    KcRowSet *set = leaf_new(tx, budget, sql);
    set->number = number;
    set->has_number = TRUE;
    return set;
}

KcRowSet *
kc_row_set_new_plain(KcTx *tx, KcRowBudget *budget, const char *sql)
{
    return leaf_new(tx, budget, sql);
}

static KcRowSet *
many_new(Kind kind, KcRowBudget *budget, GPtrArray *sets)
{
    KcRowSet *set = g_new0(KcRowSet, 1);
    set->budget = budget;
    set->kind = kind;
    set->sets = sets;
    g_ptr_array_set_free_func(sets, (GDestroyNotify)kc_row_set_free);
    return set;
}

KcRowSet *
kc_row_set_new_all(KcRowBudget *budget, GPtrArray *sets)
{
    g_assert(sets->len > 0);
    return many_new(ALL, budget, sets);
}

KcRowSet *
kc_row_set_new_any(GPtrArray *sets)
{
    return many_new(ANY, NULL, sets);
}

void
kc_row_set_free(KcRowSet *set)
{
    if (set == NULL)
        return;
    g_clear_pointer(&set->sets, g_ptr_array_unref);
    g_free(set->text);
    g_free(set);
}

/* ---- Leaves ---- */

static gboolean
fill(KcRowSet *set, gint64 bound, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(set->tx, set->sql, error);
    if (query == NULL)
        return FALSE;
    if (set->text != NULL)
        kc_bind_text(query, set->text);
    else if (set->has_number)
        kc_bind_int(query, set->number);
    kc_bind_int(query, bound);
    kc_bind_int(query, set->read_ahead);
    set->count = set->at = 0;
    for (;;) {
        KcStep step = kc_query_step(query, error);
        if (step == KC_STEP_ERROR)
            return FALSE;
        if (step == KC_STEP_DONE)
            break;
        set->rows[set->count++] = kc_take_int(query);
    }
    set->filled = TRUE;
    set->ended = set->count < set->read_ahead;
    set->budget->left -= SEEK_COST + set->count;
    return TRUE;
}

static gboolean
seek_leaf(KcRowSet *set, gint64 bound, gint64 *ret_row, GError **error)
{
    *ret_row = KC_ROW_NONE;
    while (set->at < set->count && set->rows[set->at] > bound)
        set->at++;
    if (set->at == set->count && !(set->filled && set->ended)) {
        /* Walked to its end without a jump: reads more; jumped over: less. */
        gboolean jumped = set->filled && set->count > 0 && bound < set->rows[set->count - 1] - 1;
        set->read_ahead = jumped ? MAX(set->read_ahead / 2, FIRST_READ) : MIN(set->read_ahead * 2, LAST_READ);
        if (!fill(set, bound, error))
            return FALSE;
    }
    if (set->at < set->count)
        *ret_row = set->rows[set->at];
    return TRUE;
}

/* ---- All and any ---- */

/* The only place where work has no bound of its own. It goes round at least once, so that every page gets further. */
static gboolean
seek_all(KcRowSet *set, gint64 bound, gint64 *ret_row, GError **error)
{
    guint agreed = 0;
    *ret_row = bound;
    for (guint turn = 0, i = 0; agreed < set->sets->len; turn++, i = turn % set->sets->len) {
        if (turn > set->sets->len && set->budget->left < 0) {
            set->budget->out = TRUE;
            return TRUE;
        }
        gint64 row;
        if (!kc_row_set_seek(set->sets->pdata[i], *ret_row, &row, error))
            return FALSE;
        agreed = row == *ret_row ? agreed + 1 : 1;
        *ret_row = row;
        if (row == KC_ROW_NONE)
            return TRUE;
    }
    return TRUE;
}

static gboolean
seek_any(KcRowSet *set, gint64 bound, gint64 *ret_row, GError **error)
{
    *ret_row = KC_ROW_NONE;
    for (guint i = 0; i < set->sets->len; i++) {
        gint64 row;
        if (!kc_row_set_seek(set->sets->pdata[i], bound, &row, error))
            return FALSE;
        *ret_row = MAX(*ret_row, row);
    }
    return TRUE;
}

gboolean
kc_row_set_seek(KcRowSet *set, gint64 bound, gint64 *ret_row, GError **error)
{
    switch (set->kind) {
    case ALL:
        return seek_all(set, bound, ret_row, error);
    case ANY:
        return seek_any(set, bound, ret_row, error);
    default:
        return seek_leaf(set, bound, ret_row, error);
    }
}
