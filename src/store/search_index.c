/* Invariant: case_terms holds (term, row) if and only if a source of that row has the term. */
#include "src/store/search_index.h"
#include "src/base/json.h"
#include "src/store/search_store.h"

#include <string.h>

/* The case's row; 0: it has none. */
static gboolean
row_of(KcTx *tx, const char *case_id, gint64 *ret_row, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT row_us FROM case_search WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_number(query, ret_row, error);
}

/* ---- Terms ---- */

static gint
compare(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

/* Sorted, each once. */
static GArray *
terms_of(KcTx *tx, const KcSearchText *texts, gsize count)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < count; i++) {
        g_ptr_array_set_size(tokens, 0);
        kc_search_tokens(texts[i].field, texts[i].text, tokens);
        for (guint j = 0; j < tokens->len; j++) {
            gint64 term =
                kc_keyring_search_term(tx->keyring, kc_search_field_to_string(texts[i].field), tokens->pdata[j]);
            g_array_append_val(terms, term);
        }
    }
    g_array_sort(terms, compare);
    guint kept = 0;
    for (guint i = 0; i < terms->len; i++)
        if (kept == 0 || g_array_index(terms, gint64, i) != g_array_index(terms, gint64, kept - 1))
            g_array_index(terms, gint64, kept++) = g_array_index(terms, gint64, i);
    g_array_set_size(terms, kept);
    return terms;
}

static gboolean
has_term(const gint64 *terms, gsize count, gint64 term)
{
    return count > 0 && bsearch(&term, terms, count, sizeof term, compare) != NULL;
}

static gboolean
read_terms(KcTx *tx, gint64 row, const char *source, GBytes **ret_terms, GError **error)
{
    *ret_terms = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT terms FROM case_term_sources WHERE row_us = ? AND source = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, row);
    kc_bind_text(query, source);
    KcStep step = kc_query_step(query, error);
    if (step == KC_STEP_ROW)
        *ret_terms = kc_take_bytes(query);
    return step != KC_STEP_ERROR;
}

static gboolean
run_pair(KcTx *tx, const char *sql, gint64 term, gint64 row, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, term);
    kc_bind_int(query, row);
    return kc_query_run(query, NULL, error);
}

/* What other texts of the case have too, stays. */
static gboolean
is_elsewhere(const GPtrArray *others, gint64 term)
{
    for (guint i = 0; i < others->len; i++) {
        gsize size;
        const gint64 *terms = g_bytes_get_data(others->pdata[i], &size);
        if (has_term(terms, size / sizeof *terms, term))
            return TRUE;
    }
    return FALSE;
}

static gpointer
read_bytes(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    return kc_take_bytes(query);
}

static GPtrArray *
other_sources(KcTx *tx, gint64 row, const char *source, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT terms FROM case_term_sources WHERE row_us = ? AND source <> ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, row);
    kc_bind_text(query, source);
    return kc_query_all(tx, query, read_bytes, (GDestroyNotify)g_bytes_unref, error);
}

static gboolean
drop_terms(KcTx *tx, gint64 row, const char *source, GBytes *old, const GArray *now, GError **error)
{
    gsize size = 0;
    const gint64 *terms = old != NULL ? g_bytes_get_data(old, &size) : NULL;
    g_autoptr(GPtrArray) others = size > 0 ? other_sources(tx, row, source, error) : g_ptr_array_new();
    for (gsize i = 0; others != NULL && i < size / sizeof *terms; i++) {
        if (has_term((const gint64 *)(gpointer)now->data, now->len, terms[i]) || is_elsewhere(others, terms[i]))
            continue;
        if (!run_pair(tx, "DELETE FROM case_terms WHERE term = ? AND row_us = ?", terms[i], row, error))
            return FALSE;
    }
    return others != NULL;
}

static gboolean
add_terms(KcTx *tx, gint64 row, GBytes *old, const GArray *now, GError **error)
{
    gsize size = 0;
    const gint64 *terms = old != NULL ? g_bytes_get_data(old, &size) : NULL;
    for (guint i = 0; i < now->len; i++) {
        gint64 term = g_array_index(now, gint64, i);
        if (!has_term(terms, size / sizeof *terms, term) &&
            !run_pair(tx, "INSERT OR IGNORE INTO case_terms (term, row_us) VALUES (?, ?)", term, row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_terms(KcTx *tx, gint64 row, const char *source, const GArray *now, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(now->data, now->len * sizeof(gint64));
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     now->len > 0 ? "INSERT INTO case_term_sources (row_us, source, terms) VALUES (?, ?, ?) "
                                    "ON CONFLICT (row_us, source) DO UPDATE SET terms = excluded.terms"
                                  : "DELETE FROM case_term_sources WHERE row_us = ? AND source = ?",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, row);
    kc_bind_text(query, source);
    if (now->len > 0)
        kc_bind_bytes(query, bytes);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_search_index_texts(KcTx *tx, const char *case_id, const char *source, const KcSearchText *texts, gsize count,
                      GError **error)
{
    gint64 row;
    g_autoptr(GBytes) old = NULL;
    if (!row_of(tx, case_id, &row, error) || (row != 0 && !read_terms(tx, row, source, &old, error)))
        return FALSE;
    if (row == 0)
        return TRUE;
    g_autoptr(GArray) now = terms_of(tx, texts, count);
    gsize size = 0;
    const void *before = old != NULL ? g_bytes_get_data(old, &size) : NULL;
    if (size == now->len * sizeof(gint64) && (size == 0 || memcmp(before, now->data, size) == 0))
        return TRUE;
    return drop_terms(tx, row, source, old, now, error) && add_terms(tx, row, old, now, error) &&
           write_terms(tx, row, source, now, error);
}

/* ---- JSON ---- */

static gboolean
field_of(const char *name, KcSearchField *ret_field)
{
    static const struct {
        const char *name;
        KcSearchField field;
    } names[] = {
        {"plate_number", KC_SEARCH_PLATE},
        {"name", KC_SEARCH_NAME},
        {"phone", KC_SEARCH_PHONE},
        {"licence_number", KC_SEARCH_IDENTIFIER},
        {"id_number", KC_SEARCH_IDENTIFIER},
        {"insurance_certificate", KC_SEARCH_IDENTIFIER},
        {"place_text", KC_SEARCH_PLACE},
        {"facts", KC_SEARCH_WORDS},
        {"cause", KC_SEARCH_WORDS},
        {"text", KC_SEARCH_WORDS},
        {"mediation_result", KC_SEARCH_WORDS},
        {"request", KC_SEARCH_WORDS},
        {"reasons", KC_SEARCH_WORDS},
        {"evidence", KC_SEARCH_WORDS},
        {"findings", KC_SEARCH_WORDS},
        {"correction", KC_SEARCH_WORDS},
        {"liability", KC_SEARCH_LIABILITY},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i].name) != 0)
            continue;
        *ret_field = names[i].field;
        return TRUE;
    }
    return FALSE;
}

static void
collect(const json_t *value, const char *name, GArray *texts)
{
    KcSearchText text;
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_string(value) && name != NULL && field_of(name, &text.field)) {
        text.text = json_string_value(value);
        g_array_append_val(texts, text);
    }
    json_array_foreach(value, i, member) collect(member, name, texts);
    json_object_foreach((json_t *)value, key, member) collect(member, key, texts);
}

gboolean
kc_search_index_json(KcTx *tx, const char *case_id, const char *source, const char *json, GError **error)
{
    g_autoptr(json_t) root = json != NULL ? json_loads(json, 0, NULL) : NULL;
    g_autoptr(GArray) texts = g_array_new(FALSE, FALSE, sizeof(KcSearchText));
    if (root != NULL)
        collect(root, NULL, texts);
    return kc_search_index_texts(tx, case_id, source, (const KcSearchText *)(gpointer)texts->data, texts->len, error);
}

/* ---- Columns ---- */

static void
bind_columns(KcQuery *query, const KcCaseRow *row)
{
    kc_bind_text(query, row->state);
    kc_bind_text(query, row->county);
    kc_bind_text(query, row->channel);
    kc_bind_text(query, row->officer_id);
    kc_bind_text(query, row->closing_code);
    kc_bind_text(query, row->id);
}

static gboolean
update_columns(KcTx *tx, const KcCaseRow *row, gboolean *ret_there, GError **error)
{
    gint64 changes = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "UPDATE case_search SET state = ?, county = ?, channel = ?, officer_id = ?, "
                     "closing = ? WHERE case_id = ?",
                     error);
    if (query == NULL)
        return FALSE;
    bind_columns(query, row);
    gboolean done = kc_query_run(query, &changes, error);
    *ret_there = changes > 0;
    return done;
}

/* At the first free moment from created_us on. */
static gboolean
insert_columns(KcTx *tx, const KcCaseRow *row, GError **error)
{
    gint64 changes = 0;
    for (gint64 at = row->created_us; changes == 0; at++) {
        g_autoptr(KcQuery) query = kc_query_new(
            tx,
            "INSERT INTO case_search (state, county, channel, officer_id, closing, case_id, row_us, indexed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (row_us) DO NOTHING",
            error);
        if (query == NULL)
            return FALSE;
        bind_columns(query, row);
        kc_bind_int(query, at);
        if (!kc_query_run(query, &changes, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_search_index_case(KcTx *tx, const KcCaseRow *row, GError **error)
{
    const KcSearchText texts[] = {
        {KC_SEARCH_NUMBER, row->number},          {KC_SEARCH_PHONE, row->reporter_phone},
        {KC_SEARCH_PLACE, row->place_text},       {KC_SEARCH_WORDS, row->on_scene_reason},
        {KC_SEARCH_WORDS, row->mediation_result},
    };
    gboolean there = FALSE;
    return update_columns(tx, row, &there, error) && (there || insert_columns(tx, row, error)) &&
           kc_search_index_texts(tx, row->id, "case", texts, G_N_ELEMENTS(texts), error);
}

gboolean
kc_search_set(KcTx *tx, const char *case_id, KcSearchColumn column, const char *value, GError **error)
{
    static const char *const sql[] = {
        [KC_SEARCH_FORM] = "UPDATE case_search SET form = ? WHERE case_id = ?",
        [KC_SEARCH_FORM_AGREED] =
            "UPDATE case_search SET form = ? WHERE case_id = ? AND case_id NOT IN (SELECT case_id FROM determinations)",
        [KC_SEARCH_OUTCOME] = "UPDATE case_search SET outcome = ? WHERE case_id = ?",
        [KC_SEARCH_REVIEW] = "UPDATE case_search SET review = ? WHERE case_id = ?",
        [KC_SEARCH_DECISION] =
            ("UPDATE case_search SET decision = ?1 WHERE case_id = ?2 AND (decision IS NULL OR ?1 = 'refused' OR "
             "(?1 = 'objected' AND decision = 'signed'))"),
    };
    g_autoptr(KcQuery) query = kc_query_new(tx, sql[column], error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, value);
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

/* ---- Erasure ---- */

gboolean
kc_search_forget(KcTx *tx, const char *case_id, GError **error)
{
    static const char *const steps[] = {
        "DELETE FROM case_term_sources WHERE row_us = ?",
        "UPDATE case_search SET form = NULL, decision = NULL, indexed = 1 WHERE row_us = ?",
    };
    gint64 row;
    if (!row_of(tx, case_id, &row, error))
        return FALSE;
    g_autoptr(GPtrArray) sources = row != 0 ? other_sources(tx, row, "", error) : g_ptr_array_new();
    for (guint i = 0; sources != NULL && i < sources->len; i++) {
        gsize size;
        const gint64 *terms = g_bytes_get_data(sources->pdata[i], &size);
        for (gsize j = 0; j < size / sizeof *terms; j++)
            if (!run_pair(tx, "DELETE FROM case_terms WHERE term = ? AND row_us = ?", terms[j], row, error))
                return FALSE;
    }
    for (gsize i = 0; sources != NULL && i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(KcQuery) query = kc_query_new(tx, steps[i], error);
        if (query == NULL)
            return FALSE;
        kc_bind_int(query, row);
        if (!kc_query_run(query, NULL, error))
            return FALSE;
    }
    return sources != NULL;
}
