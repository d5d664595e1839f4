/* Every statement here is one range of one index, walked backwards from a row; tests/store/search.c asks SQLite. */
#include "src/store/search_store.h"
#include "src/store/case_row.h"
#include "src/store/row_set.h"
#include "src/store/search_sql.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PAGE 200
/* What a page may read, and what counting may after it: measured by tests/bench/search.c. */
#define PAGE_ROWS 40000
#define COUNT_ROWS 40000

#define BACKWARDS " AND row_us <= ? ORDER BY row_us DESC LIMIT ?"
#define OF_COLUMN(column) "SELECT row_us FROM case_search WHERE " column " = ?" BACKWARDS

typedef enum {
    TERM,
    EVERY,
    STATE,
    COUNTY,
    NO_COUNTY,
    CHANNEL,
    OFFICER,
    CLOSING,
    FORM,
    OUTCOME,
    REVIEW,
    DECISION,
    HIDDEN
} Range;

const char *const kc_search_sql[] = {
    [TERM] = "SELECT row_us FROM case_terms WHERE term = ?" BACKWARDS,
    [EVERY] = "SELECT row_us FROM case_search WHERE row_us <= ? ORDER BY row_us DESC LIMIT ?",
    [STATE] = OF_COLUMN("state"),
    [COUNTY] = OF_COLUMN("county"),
    [NO_COUNTY] = "SELECT row_us FROM case_search WHERE county IS NULL" BACKWARDS,
    [CHANNEL] = OF_COLUMN("channel"),
    [OFFICER] = OF_COLUMN("officer_id"),
    [CLOSING] = OF_COLUMN("closing"),
    [FORM] = OF_COLUMN("form"),
    [OUTCOME] = OF_COLUMN("outcome"),
    [REVIEW] = OF_COLUMN("review"),
    [DECISION] = OF_COLUMN("decision"),
    [HIDDEN] = "SELECT row_us FROM case_search WHERE case_id = ?",
    "SELECT " KC_CASE_COLUMNS " FROM cases WHERE id = (SELECT case_id FROM case_search WHERE row_us = ?)",
};
const gsize kc_search_sql_count = G_N_ELEMENTS(kc_search_sql);

void
kc_found_clear(KcFound *found)
{
    g_clear_pointer(&found->rows, g_ptr_array_unref);
    g_clear_pointer(&found->cursor, g_free);
}

/* ---- Sets ---- */

typedef struct {
    KcTx *tx;
    KcRowBudget budget;
    GArray *hidden; /* gint64: rows that are passed over */
} Walk;

static void
add_each(Walk *walk, GPtrArray *sets, Range range, const char *const *values)
{
    for (; values != NULL && *values != NULL; values++)
        g_ptr_array_add(sets, kc_row_set_new_text(walk->tx, &walk->budget, kc_search_sql[range], *values));
}

static void
add_one_of(Walk *walk, GPtrArray *sets, Range range, const char *const *values)
{
    if (values == NULL)
        return;
    GPtrArray *any = g_ptr_array_new();
    add_each(walk, any, range, values);
    g_ptr_array_add(sets, kc_row_set_new_any(any));
}

static void
add_asked(Walk *walk, GPtrArray *any, KcSearchField field, const char *text)
{
    const char *name = kc_search_field_to_string(field);
    g_autoptr(GPtrArray) tokens = kc_search_asked(field, text);
    GPtrArray *all = g_ptr_array_new();
    for (guint i = 0; i < tokens->len; i++) {
        gint64 term = kc_keyring_search_term(walk->tx->keyring, name, tokens->pdata[i]);
        g_ptr_array_add(all, kc_row_set_new_number(walk->tx, &walk->budget, kc_search_sql[TERM], term));
    }
    if (all->len > 0)
        g_ptr_array_add(any, kc_row_set_new_all(&walk->budget, all));
    else
        g_ptr_array_unref(all);
}

static void
add_meant(Walk *walk, GPtrArray *any, const KcSearchPiece *piece)
{
    static const Range ranges[KC_SEARCH_BY_COUNT] = {[KC_SEARCH_BY_OUTCOME] = OUTCOME,
                                                     [KC_SEARCH_BY_DECISION] = DECISION,
                                                     [KC_SEARCH_BY_REVIEW] = REVIEW,
                                                     [KC_SEARCH_BY_CLOSING] = CLOSING};
    if (piece->by == KC_SEARCH_BY_NOTHING)
        return;
    if (piece->by != KC_SEARCH_BY_LIABILITY) {
        add_each(walk, any, ranges[piece->by], piece->values);
        return;
    }
    for (const char *const *code = piece->values; *code != NULL; code++)
        add_asked(walk, any, KC_SEARCH_LIABILITY, *code);
}

static KcRowSet *
piece_set(Walk *walk, const KcSearchPiece *piece)
{
    GPtrArray *any = g_ptr_array_new();
    for (int field = 0; piece->text != NULL && field < KC_SEARCH_FIELD_COUNT; field++)
        if ((piece->fields & 1U << field) != 0)
            add_asked(walk, any, (KcSearchField)field, piece->text);
    add_each(walk, any, OFFICER, piece->officer_ids);
    add_each(walk, any, FORM, piece->forms);
    add_meant(walk, any, piece);
    return kc_row_set_new_any(any);
}

static void
add_seen(Walk *walk, GPtrArray *sets, const KcSearch *search)
{
    if (search->seen_counties == NULL)
        return;
    const char *const own[] = {search->own_id, NULL};
    GPtrArray *any = g_ptr_array_new();
    add_each(walk, any, COUNTY, search->seen_counties);
    g_ptr_array_add(any, kc_row_set_new_plain(walk->tx, &walk->budget, kc_search_sql[NO_COUNTY]));
    add_each(walk, any, OFFICER, own);
    g_ptr_array_add(sets, kc_row_set_new_any(any));
}

static KcRowSet *
set_of(Walk *walk, const KcSearch *search)
{
    const char *const officer[] = {search->officer_id, NULL};
    GPtrArray *sets = g_ptr_array_new();
    for (gsize i = 0; i < search->piece_count; i++)
        g_ptr_array_add(sets, piece_set(walk, &search->pieces[i]));
    add_one_of(walk, sets, OFFICER, search->officer_id != NULL ? officer : NULL);
    add_one_of(walk, sets, DECISION, search->decisions);
    add_one_of(walk, sets, REVIEW, search->reviews);
    add_one_of(walk, sets, CLOSING, search->closings);
    add_one_of(walk, sets, FORM, search->forms);
    add_one_of(walk, sets, STATE, search->states);
    add_one_of(walk, sets, COUNTY, search->counties);
    add_one_of(walk, sets, CHANNEL, search->channels);
    add_one_of(walk, sets, OUTCOME, search->outcomes);
    add_seen(walk, sets, search);
    if (sets->len == 0)
        g_ptr_array_add(sets, kc_row_set_new_plain(walk->tx, &walk->budget, kc_search_sql[EVERY]));
    return kc_row_set_new_all(&walk->budget, sets);
}

/* ---- Walking ---- */

/* A cursor is the greatest row of the next page. */
static gint64
first_bound(const KcSearch *search)
{
    gint64 bound = search->to_us != 0 ? search->to_us - 1 : G_MAXINT64;
    if (search->cursor == NULL)
        return bound;
    char *rest = NULL;
    gint64 at = g_ascii_strtoll(search->cursor, &rest, 10);
    return rest != search->cursor && *rest == '\0' ? MIN(bound, at) : KC_ROW_NONE;
}

static gboolean
add_case(KcTx *tx, GPtrArray *rows, gint64 row, GError **error)
{
    gpointer found = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, kc_search_sql[kc_search_sql_count - 1], error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, row);
    if (!kc_query_one(tx, query, kc_case_row_read, &found, error))
        return FALSE;
    if (found != NULL)
        g_ptr_array_add(rows, found);
    return TRUE;
}

static gboolean
find_hidden(Walk *walk, const KcSearch *search, GError **error)
{
    walk->hidden = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (const char *const *id = search->hidden; id != NULL && *id != NULL; id++) {
        gint64 row = KC_ROW_NONE;
        g_autoptr(KcQuery) query = kc_query_new(walk->tx, kc_search_sql[HIDDEN], error);
        if (query == NULL)
            return FALSE;
        kc_bind_text(query, *id);
        if (!kc_query_number(query, &row, error))
            return FALSE;
        g_array_append_val(walk->hidden, row);
    }
    return TRUE;
}

static gboolean
is_hidden(const Walk *walk, gint64 row)
{
    for (guint i = 0; i < walk->hidden->len; i++)
        if (g_array_index(walk->hidden, gint64, i) == row)
            return TRUE;
    return FALSE;
}

/* The next hit at or below `*bound`; KC_ROW_NONE: there is none, or the budget is used up and `*bound` is how far it
 * came. */
static gboolean
next_hit(Walk *walk, KcRowSet *set, const KcSearch *search, gint64 *bound, gint64 *ret_row, GError **error)
{
    gint64 row = KC_ROW_NONE;
    *ret_row = KC_ROW_NONE;
    do {
        if (row != KC_ROW_NONE)
            *bound = row - 1;
        row = KC_ROW_NONE;
        if (*bound != KC_ROW_NONE && !kc_row_set_seek(set, *bound, &row, error))
            return FALSE;
    } while (!walk->budget.out && row != KC_ROW_NONE && is_hidden(walk, row));
    if (walk->budget.out) {
        *bound = row;
        walk->budget.out = row != KC_ROW_NONE && row >= search->from_us;
        return TRUE;
    }
    if (row == KC_ROW_NONE || row < search->from_us)
        return TRUE;
    *ret_row = row;
    *bound = row - 1;
    return TRUE;
}

static gboolean
read_page(Walk *walk, KcRowSet *set, const KcSearch *search, KcFound *found, gint64 *bound, GError **error)
{
    guint limit = CLAMP(search->limit, 1, MAX_PAGE);
    gint64 row;
    do {
        gint64 before = *bound;
        if (!next_hit(walk, set, search, bound, &row, error))
            return FALSE;
        if (row != KC_ROW_NONE && found->rows->len == limit) { /* one more tells that there is a next page */
            found->cursor = g_strdup_printf("%" G_GINT64_FORMAT, row);
            *bound = before;
            return TRUE;
        }
        if (row != KC_ROW_NONE && !add_case(walk->tx, found->rows, row, error))
            return FALSE;
    } while (row != KC_ROW_NONE);
    if (walk->budget.out) {
        found->searched_us = *bound;
        found->cursor = g_strdup_printf("%" G_GINT64_FORMAT, *bound);
    }
    return TRUE;
}

static gboolean
count_on(Walk *walk, KcRowSet *set, const KcSearch *search, KcFound *found, gint64 bound, GError **error)
{
    gint64 row = KC_ROW_NONE;
    found->count = found->rows->len;
    found->count_is_exact = found->cursor == NULL;
    if (found->count_is_exact || walk->budget.out)
        return TRUE;
    walk->budget.left = COUNT_ROWS;
    for (row = 0; found->count < search->count_to && walk->budget.left >= 0;) {
        if (!next_hit(walk, set, search, &bound, &row, error))
            return FALSE;
        if (row == KC_ROW_NONE)
            break;
        found->count++;
    }
    found->count_is_exact = row == KC_ROW_NONE && !walk->budget.out;
    return TRUE;
}

gboolean
kc_search_store_find(KcTx *tx, const KcSearch *search, KcFound *ret_found, GError **error)
{
    Walk walk = {.tx = tx, .budget = {.left = PAGE_ROWS}};
    g_autoptr(KcRowSet) set = set_of(&walk, search);
    gint64 bound = first_bound(search);
    *ret_found = (KcFound){.rows = g_ptr_array_new_with_free_func((GDestroyNotify)kc_case_row_free)};
    gboolean done = find_hidden(&walk, search, error) && read_page(&walk, set, search, ret_found, &bound, error) &&
                    (search->count_to == 0 || count_on(&walk, set, search, ret_found, bound, error));
    g_array_unref(walk.hidden);
    if (!done)
        kc_found_clear(ret_found);
    return done;
}

/* ---- Why ---- */

static gboolean
holds_all(GBytes *terms, const GArray *asked)
{
    gsize size;
    const gint64 *all = g_bytes_get_data(terms, &size);
    for (guint i = 0; i < asked->len; i++) {
        gsize j = 0;
        while (j < size / sizeof *all && all[j] != g_array_index(asked, gint64, i))
            j++;
        if (j == size / sizeof *all)
            return FALSE;
    }
    return asked->len > 0;
}

static GArray *
asked_terms(KcTx *tx, KcSearchField field, const char *text)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) tokens = kc_search_asked(field, text);
    for (guint i = 0; i < tokens->len; i++) {
        gint64 term = kc_keyring_search_term(tx->keyring, kc_search_field_to_string(field), tokens->pdata[i]);
        g_array_append_val(terms, term);
    }
    return terms;
}

static gboolean
any_field_holds(KcTx *tx, GBytes *terms, const char *text, guint fields)
{
    for (int field = 0; field < KC_SEARCH_FIELD_COUNT; field++) {
        g_autoptr(GArray) asked = (fields & 1U << field) != 0 ? asked_terms(tx, (KcSearchField)field, text) : NULL;
        if (asked != NULL && holds_all(terms, asked))
            return TRUE;
    }
    return FALSE;
}

GStrv
kc_search_store_sources(KcTx *tx, const char *case_id, const char *text, guint fields, GError **error)
{
    g_autoptr(GStrvBuilder) sources = g_strv_builder_new();
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT source, terms FROM case_term_sources WHERE row_us = (SELECT row_us FROM case_search "
                     "WHERE case_id = ?) ORDER BY source",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    for (;;) {
        KcStep step = kc_query_step(query, error);
        if (step == KC_STEP_ERROR)
            return NULL;
        if (step == KC_STEP_DONE)
            return g_strv_builder_end(sources);
        g_autofree char *source = kc_take_text(query);
        g_autoptr(GBytes) terms = kc_take_bytes(query);
        if (any_field_holds(tx, terms, text, fields))
            g_strv_builder_add(sources, source);
    }
}
