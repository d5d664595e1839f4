#include "src/store/search_texts.h"
#include "src/base/json.h"
#include "src/store/sealed.h"
#include "src/store/search_store.h"

static char *
source_of(const char *kind, const char *id)
{
    return g_strconcat(kind, ":", id, NULL);
}

gboolean
kc_search_index_party(KcTx *tx, const KcParty *party, GError **error)
{
    const KcSearchText texts[] = {
        {KC_SEARCH_NAME, party->name},
        {KC_SEARCH_PHONE, party->phone},
        {KC_SEARCH_PLATE, party->plate_number},
        {KC_SEARCH_IDENTIFIER, party->id_number},
        {KC_SEARCH_IDENTIFIER, party->licence_number},
        {KC_SEARCH_IDENTIFIER, party->insurance_certificate},
    };
    g_autofree char *source = source_of("party", party->id);
    return kc_search_index_texts(tx, party->case_id, source, texts, G_N_ELEMENTS(texts), error);
}

static gboolean
index_draft(KcTx *tx, const char *case_id, const char *source, KcSearchColumn column, const char *draft_json, GError **error)
{
    g_autoptr(json_t) draft = draft_json != NULL ? json_loads(draft_json, 0, NULL) : NULL;
    const char *form = json_string_value(json_object_get(draft, "accident_form"));
    return kc_search_set(tx, case_id, column, form, error) &&
           kc_search_index_json(tx, case_id, source, draft_json, error);
}

gboolean
kc_search_index_determination(KcTx *tx, const char *case_id, const char *draft_json, GError **error)
{
    return index_draft(tx, case_id, "determination", KC_SEARCH_FORM, draft_json, error);
}

gboolean
kc_search_index_agreement(KcTx *tx, const char *case_id, const char *draft_json, GError **error)
{
    return index_draft(tx, case_id, "agreement", KC_SEARCH_FORM_AGREED, draft_json, error);
}

gboolean
kc_search_index_document(KcTx *tx, const KcDocumentRow *document, GError **error)
{
    const KcSearchText text = {KC_SEARCH_NUMBER, document->number};
    g_autofree char *source = source_of("document", document->id);
    gboolean outcome = g_strcmp0(document->kind, "determination") == 0 || g_strcmp0(document->kind, "agreement") == 0;
    return (!outcome || kc_search_set(tx, document->case_id, KC_SEARCH_OUTCOME, document->kind, error)) &&
           kc_search_index_texts(tx, document->case_id, source, &text, 1, error);
}

gboolean
kc_search_index_signature(KcTx *tx, const KcSignature *signature, GError **error)
{
    const KcSearchText text = {KC_SEARCH_WORDS, signature->statement};
    g_autofree char *source = source_of("signature", signature->id);
    return kc_search_set(tx, signature->case_id, KC_SEARCH_DECISION, signature->decision, error) &&
           kc_search_index_texts(tx, signature->case_id, source, &text, 1, error);
}

gboolean
kc_search_index_late_report(KcTx *tx, const KcLateReport *report, GError **error)
{
    const KcSearchText text = {KC_SEARCH_WORDS, report->reason};
    return kc_search_index_texts(tx, report->case_id, "late_report", &text, 1, error);
}

gboolean
kc_search_index_message(KcTx *tx, const KcChatMessage *message, GError **error)
{
    const KcSearchText text = {KC_SEARCH_WORDS, message->text};
    g_autofree char *source = source_of("message", message->id);
    return kc_search_index_texts(tx, message->case_id, source, &text, 1, error);
}

gboolean
kc_search_index_review(KcTx *tx, const KcReviewRow *review, GError **error)
{
    const char *result = review->outcome != NULL ? review->outcome : review->withdrawn_us > 0 ? "withdrawn" : "asked";
    return kc_search_set(tx, review->case_id, KC_SEARCH_REVIEW, result, error) &&
           kc_search_index_json(tx, review->case_id, "review", review->request_json, error) &&
           kc_search_index_json(tx, review->case_id, "review_conclusion", review->conclusion_json, error);
}

/* ---- All of a case ---- */

static gboolean
index_each(KcTx *tx, GPtrArray *rows, gboolean (*index)(KcTx *, gconstpointer, GError **), GError **error)
{
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        if (!index(tx, rows->pdata[i], error))
            return FALSE;
    return rows != NULL;
}

static gboolean
index_any_party(KcTx *tx, gconstpointer party, GError **error)
{
    return kc_search_index_party(tx, party, error);
}

static gboolean
index_any_document(KcTx *tx, gconstpointer document, GError **error)
{
    return kc_search_index_document(tx, document, error);
}

static gboolean
index_any_signature(KcTx *tx, gconstpointer signature, GError **error)
{
    return kc_search_index_signature(tx, signature, error);
}

static gboolean
index_any_message(KcTx *tx, gconstpointer message, GError **error)
{
    return kc_search_index_message(tx, message, error);
}

static gboolean
index_drafts(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcDeterminationRow) determination = NULL;
    g_autoptr(KcAgreementRow) agreement = NULL;
    if (!kc_agreement_store_get(tx, case_id, &agreement, error) ||
        !kc_determination_store_get(tx, case_id, &determination, error))
        return FALSE;
    return (agreement == NULL || kc_search_index_agreement(tx, case_id, agreement->draft_json, error)) &&
           (determination == NULL || kc_search_index_determination(tx, case_id, determination->draft_json, error));
}

static gboolean
index_review_of(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcReviewRow) review = NULL;
    KcLateReport *late = NULL;
    if (!kc_review_store_get(tx, case_id, &review, error) || !kc_late_report_store_get(tx, case_id, &late, error))
        return FALSE;
    gboolean done = (review == NULL || kc_search_index_review(tx, review, error)) &&
                    (late == NULL || kc_search_index_late_report(tx, late, error));
    kc_late_report_free(late);
    return done;
}

static gboolean
index_whole(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, case_id, &row, error))
        return FALSE;
    if (row == NULL || !kc_search_index_case(tx, row, error))
        return row == NULL;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, case_id, error);
    if (!index_each(tx, parties, index_any_party, error))
        return FALSE;
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, case_id, error);
    if (!index_each(tx, documents, index_any_document, error))
        return FALSE;
    g_autoptr(GPtrArray) messages = kc_message_store_list(tx, case_id, NULL, error);
    if (!index_each(tx, messages, index_any_message, error))
        return FALSE;
    g_autoptr(GPtrArray) signatures = kc_signature_store_list(tx, case_id, NULL, error);
    return index_each(tx, signatures, index_any_signature, error) && index_drafts(tx, case_id, error) &&
           index_review_of(tx, case_id, error);
}

static gboolean
index_and_mark(KcTx *tx, const char *case_id, GError **error)
{
    /* Of an erased case nothing can be read, and nothing is to be found. */
    if (kc_sealed_key(tx, case_id, NULL) != NULL && !index_whole(tx, case_id, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx, "UPDATE case_search SET indexed = 1 WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

/* Of a case with a damaged row, nothing instead of half of it. */
static gboolean
index_or_pass_over(KcTx *tx, KcReindex *pass, const char *case_id, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (!kc_connection_command(tx->connection, "SAVEPOINT one_case", error))
        return FALSE;
    if (index_and_mark(tx, case_id, &why)) {
        pass->done++;
        return kc_connection_command(tx->connection, "RELEASE one_case", error);
    }
    if (!g_error_matches(why, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    if (pass->passed_over != NULL)
        pass->passed_over(case_id, why, pass->user_data);
    return kc_connection_command(tx->connection, "ROLLBACK TO one_case", error) &&
           kc_connection_command(tx->connection, "RELEASE one_case", error);
}

typedef struct {
    char *case_id;
    gint64 row_us;
} Lacking;

static gpointer
read_lacking(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    Lacking *lacking = g_new(Lacking, 1);
    lacking->case_id = kc_take_text(query);
    lacking->row_us = kc_take_int(query);
    return lacking;
}

static void
lacking_free(gpointer data)
{
    Lacking *lacking = data;
    g_free(lacking->case_id);
    g_free(lacking);
}

gboolean
kc_search_store_reindex(KcTx *tx, KcReindex *pass, guint limit, gboolean *ret_more, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT case_id, row_us FROM case_search WHERE indexed = 0 AND row_us < ? ORDER BY row_us DESC LIMIT ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, pass->before_us);
    kc_bind_int(query, limit);
    g_autoptr(GPtrArray) some = kc_query_all(tx, query, read_lacking, lacking_free, error);
    for (guint i = 0; some != NULL && i < some->len; i++) {
        const Lacking *one = some->pdata[i];
        if (!index_or_pass_over(tx, pass, one->case_id, error))
            return FALSE;
        pass->before_us = one->row_us;
    }
    *ret_more = some != NULL && some->len == limit;
    return some != NULL;
}

gboolean
kc_search_store_reset(KcTx *tx, GError **error)
{
    static const char *const steps[] = {
        "DELETE FROM case_terms",
        "DELETE FROM case_term_sources",
        "UPDATE case_search SET indexed = 0",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(KcQuery) query = kc_query_new(tx, steps[i], error);
        if (query == NULL || !kc_query_run(query, NULL, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_search_store_is_complete(KcTx *tx, gboolean *ret_complete, GError **error)
{
    gint64 lacking = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT 1 FROM case_search WHERE indexed = 0 ORDER BY row_us LIMIT 1", error);
    if (query == NULL || !kc_query_number(query, &lacking, error))
        return FALSE;
    *ret_complete = lacking == 0;
    return TRUE;
}
