/* Invariant: a row says what the whole log of its case says up to `through_seq`; a case with newer entries is folded
 * again, from its first entry. */
#include "src/store/report_store.h"

#include "src/base/json.h"
#include "src/store/report_entry.h"
#include "src/store/sql.h"

#include <string.h>

#define COLUMNS                                                                                                        \
    "opened_us, case_id, number, county, channel, officer, form, scenarios, ground, closing_code, outcome, review, "   \
    "closed, answer_us, clear_us, close_us, shots_asked, shots_taken, people, people_recorded, gaps, gap_ms"

/* ---- reading the log ---- */

static gboolean
take_entry(KcReportFold *fold, KcQuery *query, GError **error)
{
    KcReportEntryTexts texts;
    KcReportEntry entry = {.kind = kc_peek_text(query)};
    if (entry.kind == NULL) { /* never, but in a file that was damaged */
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "an entry of the log has no kind");
        return FALSE;
    }
    if (!kc_report_fold_wants(entry.kind))
        return TRUE;
    entry.at_us = kc_take_int(query);
    entry.actor_kind = kc_peek_text(query);
    entry.actor_id = kc_peek_text(query);
    g_autoptr(json_t) data = json_loads(kc_peek_text(query), 0, NULL);
    if (data == NULL) {
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "an entry of the log is damaged");
        return FALSE;
    }
    kc_report_entry_read(data, &texts, &entry);
    kc_report_fold_take(fold, &entry);
    return TRUE;
}

static gboolean
fold_case(KcTx *tx, const char *case_id, KcReportCase *ret_case, gboolean *ret_known, GError **error)
{
    g_autoptr(KcReportFold) fold = kc_report_fold_new(case_id);
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT kind, at_us, actor_kind, actor_id, data_json FROM audit_log WHERE case_id = ? ORDER BY seq", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    KcStep step;
    while ((step = kc_query_step(query, error)) == KC_STEP_ROW)
        if (!take_entry(fold, query, error))
            return FALSE;
    *ret_known = kc_report_fold_result(fold, ret_case);
    return step == KC_STEP_DONE;
}

static gboolean
put(KcTx *tx, const KcReportCase *one, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT OR REPLACE INTO report_cases (" COLUMNS
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     error);
    if (query == NULL)
        return FALSE;
    const char *texts[] = {one->id,
                           one->number,
                           one->county,
                           one->channel,
                           one->officer,
                           one->form,
                           one->scenarios,
                           one->ground,
                           one->closing_code,
                           kc_report_outcome_to_string(one->outcome),
                           kc_report_review_to_string(one->review)};
    const gint64 numbers[] = {one->closed,      one->answer_us, one->clear_us,        one->close_us, one->shots_asked,
                              one->shots_taken, one->people,    one->people_recorded, one->gaps,     one->gap_ms};
    kc_bind_int(query, one->opened_us);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        kc_bind_text(query, texts[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        kc_bind_int(query, numbers[i]);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_report_store_count_case(KcTx *tx, const char *case_id, GError **error)
{
    KcReportCase one;
    gboolean known;
    return fold_case(tx, case_id, &one, &known, error) && (!known || put(tx, &one, error));
}

static gboolean
count_touched(KcTx *tx, gint64 after, gint64 through, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT DISTINCT case_id FROM audit_log WHERE seq > ? AND seq <= ? AND case_id IS NOT NULL", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, after);
    kc_bind_int(query, through);
    g_autoptr(GPtrArray) ids = kc_query_all(tx, query, kc_read_text, g_free, error);
    for (guint i = 0; ids != NULL && i < ids->len; i++)
        if (!kc_report_store_count_case(tx, ids->pdata[i], error))
            return FALSE;
    return ids != NULL;
}

gboolean
kc_report_store_progress(KcTx *tx, gint64 *ret_through_seq, gint64 *ret_newest_seq, GError **error)
{
    g_autoptr(KcQuery) progress = kc_query_new(tx, "SELECT through_seq FROM report_progress", error);
    g_autoptr(KcQuery) newest = kc_query_new(tx, "SELECT coalesce(max(seq), 0) FROM audit_log", error);
    return progress != NULL && newest != NULL && kc_query_number(progress, ret_through_seq, error) &&
           kc_query_number(newest, ret_newest_seq, error);
}

gboolean
kc_report_store_catch_up(KcTx *tx, guint limit, gboolean *ret_more, GError **error)
{
    gint64 after, newest;
    *ret_more = FALSE;
    if (!kc_report_store_progress(tx, &after, &newest, error))
        return FALSE;
    if (after >= newest)
        return TRUE;
    gint64 through = MIN(after + limit, newest);
    *ret_more = through < newest;
    if (!count_touched(tx, after, through, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO report_progress (one, through_seq) VALUES (1, ?) ON CONFLICT "
                                            "DO UPDATE SET through_seq = excluded.through_seq",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, through);
    return kc_query_run(query, NULL, error);
}

/* ---- counting ---- */

static gboolean
read_case(KcQuery *query, KcReportCase *one, GError **error)
{
    char outcome[KC_REPORT_CODE_MAX], review[KC_REPORT_CODE_MAX];
    one->opened_us = kc_take_int(query);
    char *const texts[] = {one->id, one->number, one->county, one->channel, one->officer, one->form};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        kc_copy_text(query, texts[i], KC_REPORT_CODE_MAX);
    kc_copy_text(query, one->scenarios, sizeof one->scenarios);
    kc_copy_text(query, one->ground, sizeof one->ground);
    kc_copy_text(query, one->closing_code, sizeof one->closing_code);
    kc_copy_text(query, outcome, sizeof outcome);
    kc_copy_text(query, review, sizeof review);
    one->closed = kc_take_int(query) != 0;
    gint64 *const numbers[] = {&one->answer_us,       &one->clear_us,    &one->close_us,
                               &one->shots_asked,     &one->shots_taken, &one->people,
                               &one->people_recorded, &one->gaps,        &one->gap_ms};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        *numbers[i] = kc_take_int(query);
    if (kc_report_outcome_from_string(outcome, &one->outcome) && kc_report_review_from_string(review, &one->review))
        return TRUE;
    g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "what is counted of case %s is damaged", one->id);
    return FALSE;
}

static gboolean
is_of(const KcReportCase *one, const KcReportScope *scope)
{
    return (scope->counties == NULL || one->county[0] == '\0' || g_strv_contains(scope->counties, one->county)) &&
           (scope->hidden == NULL || !g_strv_contains(scope->hidden, one->id));
}

gboolean
kc_report_store_count(KcTx *tx, KcReportCounter *counter, gint64 from_us, gint64 to_us, const KcReportScope *scope,
                      GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT " COLUMNS " FROM report_cases WHERE opened_us >= ? AND opened_us < ? ORDER BY opened_us, case_id",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, from_us);
    kc_bind_int(query, to_us);
    KcReportCase one;
    KcStep step;
    while ((step = kc_query_step(query, error)) == KC_STEP_ROW) {
        if (!read_case(query, &one, error))
            return FALSE;
        if (is_of(&one, scope))
            kc_report_counter_add(counter, &one);
    }
    return step == KC_STEP_DONE;
}

/* ---- which cases ---- */

/* A cursor is "opened_us.case_id" of the last row of a page. */
static void
bind_cursor(KcQuery *query, const char *cursor)
{
    char *rest = NULL;
    if (cursor == NULL) {
        kc_bind_int(query, G_MAXINT64);
        kc_bind_text(query, "");
        return;
    }
    gint64 at_us = g_ascii_strtoll(cursor, &rest, 10);
    gboolean good = rest != cursor && *rest == '.';
    kc_bind_int(query, good ? at_us : G_MININT64);
    kc_bind_text(query, good ? rest + 1 : "");
}

static gboolean
counts(const KcReportQuery *wanted, const KcReportCase *one)
{
    return is_of(one, &wanted->scope) &&
           (kc_report_figures_of(one, &wanted->targets) & (guint32)1 << wanted->figure) != 0 &&
           (wanted->key == NULL || kc_report_has_key(one, wanted->by, wanted->key));
}

static gboolean
list_rows(KcQuery *query, const KcReportQuery *wanted, GPtrArray *found, GError **error)
{
    KcStep step = KC_STEP_DONE;
    KcReportCase one;
    while (found->len <= wanted->limit && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        if (!read_case(query, &one, error))
            return FALSE;
        if (counts(wanted, &one))
            g_ptr_array_add(found, g_memdup2(&one, sizeof one));
    }
    return step != KC_STEP_ERROR;
}

GPtrArray *
kc_report_store_list(KcTx *tx, const KcReportQuery *wanted, char **ret_cursor, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT " COLUMNS " FROM report_cases WHERE opened_us >= ? AND opened_us < ? AND (opened_us, case_id) < (?, ?) "
        "ORDER BY opened_us DESC, case_id DESC",
        error);
    *ret_cursor = NULL;
    if (query == NULL)
        return NULL;
    kc_bind_int(query, wanted->from_us);
    kc_bind_int(query, wanted->to_us);
    bind_cursor(query, wanted->cursor);
    if (!list_rows(query, wanted, found, error))
        return NULL;
    if (found->len > wanted->limit) {
        g_ptr_array_set_size(found, (gint)wanted->limit);
        const KcReportCase *last = found->pdata[wanted->limit - 1];
        *ret_cursor = g_strdup_printf("%" G_GINT64_FORMAT ".%s", last->opened_us, last->id);
    }
    return g_steal_pointer(&found);
}
