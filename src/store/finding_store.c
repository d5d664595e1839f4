#include "src/store/finding_store.h"
#include "src/store/sealed.h"

#define COLUMNS                                                                                                        \
    "id, case_id, officer_id, severity, criterion, mark_us, sealed_text, found_by, found_us, answer, sealed_answer, "  \
    "answered_by, answered_us, closing, sealed_closing, closed_by, closed_us"

void
kc_finding_row_free(KcFindingRow *finding)
{
    if (finding == NULL)
        return;
    g_free(finding->id);
    g_free(finding->case_id);
    g_free(finding->officer_id);
    g_free(finding->severity);
    g_free(finding->criterion);
    g_free(finding->text);
    g_free(finding->found_by);
    g_free(finding->answer);
    g_free(finding->answer_text);
    g_free(finding->answered_by);
    g_free(finding->closing);
    g_free(finding->closing_text);
    g_free(finding->closed_by);
    g_free(finding);
}

static KcSealedPlace
place_of(const KcFindingRow *finding, const char *column)
{
    return (KcSealedPlace){.case_id = finding->case_id, .table = "findings", .column = column, .row_id = finding->id};
}

static gpointer
read_finding(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcFindingRow) finding = g_new0(KcFindingRow, 1);
    finding->id = kc_take_text(query);
    finding->case_id = kc_take_text(query);
    finding->officer_id = kc_take_text(query);
    finding->severity = kc_take_text(query);
    finding->criterion = kc_take_text(query);
    finding->mark_us = kc_take_int(query);
    g_autoptr(GBytes) text = kc_take_bytes(query);
    finding->found_by = kc_take_text(query);
    finding->found_us = kc_take_int(query);
    finding->answer = kc_take_text(query);
    g_autoptr(GBytes) answer = kc_take_bytes(query);
    finding->answered_by = kc_take_text(query);
    finding->answered_us = kc_take_int(query);
    finding->closing = kc_take_text(query);
    g_autoptr(GBytes) closing = kc_take_bytes(query);
    finding->closed_by = kc_take_text(query);
    finding->closed_us = kc_take_int(query);
    if (!kc_open_text(tx, place_of(finding, "text"), text, &finding->text, error) ||
        !kc_open_text(tx, place_of(finding, "answer"), answer, &finding->answer_text, error) ||
        !kc_open_text(tx, place_of(finding, "closing"), closing, &finding->closing_text, error))
        return NULL;
    return g_steal_pointer(&finding);
}

gboolean
kc_finding_store_insert(KcTx *tx, const KcFindingRow *finding, GError **error)
{
    g_autoptr(GBytes) text = NULL;
    if (!kc_seal_text(tx, place_of(finding, "text"), finding->text, &text, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "INSERT INTO findings (id, case_id, officer_id, severity, criterion, mark_us, sealed_text, found_by, "
        "found_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, finding->id);
    kc_bind_text(query, finding->case_id);
    kc_bind_text(query, finding->officer_id);
    kc_bind_text(query, finding->severity);
    kc_bind_text(query, finding->criterion);
    kc_bind_int(query, finding->mark_us);
    kc_bind_bytes(query, text);
    kc_bind_text(query, finding->found_by);
    kc_bind_int(query, finding->found_us);
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_finding_store_update(KcTx *tx, const KcFindingRow *finding, GError **error)
{
    g_autoptr(GBytes) answer = NULL;
    g_autoptr(GBytes) closing = NULL;
    if (!kc_seal_text(tx, place_of(finding, "answer"), finding->answer_text, &answer, error) ||
        !kc_seal_text(tx, place_of(finding, "closing"), finding->closing_text, &closing, error))
        return KC_UPDATE_FAILED;
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "UPDATE findings SET answer = ?, sealed_answer = ?, answered_by = ?, answered_us = ?, closing = ?, "
        "sealed_closing = ?, closed_by = ?, closed_us = ? WHERE id = ?",
        error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, finding->answer);
    kc_bind_bytes(query, answer);
    kc_bind_text(query, finding->answered_by);
    kc_bind_int(query, finding->answered_us);
    kc_bind_text(query, finding->closing);
    kc_bind_bytes(query, closing);
    kc_bind_text(query, finding->closed_by);
    kc_bind_int(query, finding->closed_us);
    kc_bind_text(query, finding->id);
    return kc_query_update(query, error);
}

gboolean
kc_finding_store_get(KcTx *tx, const char *id, KcFindingRow **ret_finding, GError **error)
{
    *ret_finding = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS " FROM findings WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_finding, (gpointer *)ret_finding, error);
}

GPtrArray *
kc_finding_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM findings WHERE case_id = ? ORDER BY found_us, id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_finding, (GDestroyNotify)kc_finding_row_free, error);
}

GPtrArray *
kc_finding_store_list_open(KcTx *tx, const char *officer_id, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT " COLUMNS " FROM findings WHERE closed_us = 0 AND (?1 IS NULL OR officer_id = ?1) "
                     "ORDER BY found_us, id LIMIT ?2",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, officer_id);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_finding, (GDestroyNotify)kc_finding_row_free, error);
}

/* ---- Scores ---- */

void
kc_score_free(KcScore *score)
{
    if (score == NULL)
        return;
    g_free(score->user_id);
    g_free(score->criterion);
    g_free(score);
}

gboolean
kc_score_store_put(KcTx *tx, const char *case_id, const KcScore *score, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO case_scores (case_id, user_id, criterion, score, scored_us) VALUES (?, ?, ?, ?, ?) "
                     "ON CONFLICT (case_id, user_id, criterion) DO UPDATE SET score = excluded.score, "
                     "scored_us = excluded.scored_us",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    kc_bind_text(query, score->user_id);
    kc_bind_text(query, score->criterion);
    kc_bind_int(query, score->score);
    kc_bind_int(query, score->scored_us);
    return kc_query_run(query, NULL, error);
}

static gpointer
read_score(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcScore *score = g_new0(KcScore, 1);
    score->user_id = kc_take_text(query);
    score->criterion = kc_take_text(query);
    score->score = kc_take_int(query);
    score->scored_us = kc_take_int(query);
    return score;
}

GPtrArray *
kc_score_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT user_id, criterion, score, scored_us FROM case_scores WHERE case_id = ? ORDER BY user_id, criterion",
        error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_score, (GDestroyNotify)kc_score_free, error);
}
