/* The end of a case, with its closing code (Order 146, arts. 25 and 26). */
#include "src/app/determination_check.h"
#include "src/app/determinations.h"
#include "src/domain/local_time.h"

/* tjfs and the result, as asked for; where they are not said, as the document that stands has them. */
typedef struct {
    const KcCloseCase *request;
    char *mediation_method;
    char *mediation_result;
    gboolean by_agreement; /* that document says what they came to */
} Closing;

static void
closing_clear(Closing *closing)
{
    g_clear_pointer(&closing->mediation_method, g_free);
    g_clear_pointer(&closing->mediation_result, g_free);
    closing->by_agreement = FALSE;
}

static void
count_decisions(const GPtrArray *signatures, KcClosingFacts *facts)
{
    for (guint i = 0; i < signatures->len; i++) {
        KcDecision decision = KC_DECISION_NONE;
        kc_decision_from_string(((KcSignature *)signatures->pdata[i])->decision, &decision);
        facts->signed_count += decision == KC_DECISION_SIGNED;
        facts->refused_count += decision == KC_DECISION_REFUSED;
        facts->objected_count += decision == KC_DECISION_OBJECTED;
    }
}

/* What a determination says of a mediation counts as it was frozen, not as the draft may be by now. */
static void
read_determination(Closing *closing, const KcDocumentRow *document, KcClosingFacts *facts)
{
    g_autoptr(json_t) content = kc_json_parse(document->content_json);
    g_autoptr(KcDetermination) issued = kc_determination_from_json(content, NULL);
    facts->mediated_on_document = issued != NULL && issued->mediation == KC_MEDIATION_AGREED;
    if (facts->mediated_on_document && closing->mediation_method != NULL && closing->mediation_result == NULL)
        closing->mediation_result = g_strdup(issued->mediation_result);
}

static gboolean
read_document(Closing *closing, KcTx *tx, const KcCaseRow *row, const KcDocumentRow *document, KcClosingFacts *facts,
              GError **error)
{
    g_autoptr(GPtrArray) signatures = kc_signature_store_list(tx, row->id, document->id, error);
    if (signatures == NULL)
        return FALSE;
    count_decisions(signatures, facts);
    closing->by_agreement = g_strcmp0(document->proposal, "agreed") == 0;
    if (closing->by_agreement && closing->mediation_method == NULL)
        closing->mediation_method = g_strdup(row->mediation_method);
    if (!closing->by_agreement)
        read_determination(closing, document, facts);
    return TRUE;
}

static gboolean
load_facts(Closing *closing, KcTx *tx, const KcCaseRow *row, KcClosingFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    if (documents == NULL)
        return FALSE;
    closing_clear(closing);
    closing->mediation_method = g_strdup(closing->request->mediation_method);
    closing->mediation_result = g_strdup(closing->request->mediation_result);
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    *facts = (KcClosingFacts){.has_document = standing != NULL && g_strcmp0(standing->proposal, "open") != 0};
    if (facts->has_document && !read_document(closing, tx, row, standing, facts, error))
        return FALSE;
    facts->mediation_method = closing->mediation_method;
    facts->mediation_result = closing->mediation_result;
    if (closing->by_agreement && facts->mediation_result == NULL)
        facts->mediation_result = "agreement";
    return TRUE;
}

static gboolean
check_code(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    Closing *closing = change->data;
    KcClosingFacts facts;
    if (!load_facts(closing, tx, row, &facts, error))
        return FALSE;
    g_autofree char *today = kc_local_date(change->now_us);
    g_autoptr(GPtrArray) findings =
        kc_rules_check_closing(kc_app_rules_of(change->app, row), closing->request->closing_code, &facts, today);
    return kc_app_refuse_findings(findings, result);
}

/* A state that can't be closed is said before a code that does not fit. */
static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    KcCaseState state;
    kc_case_state_from_string(row->state, &state);
    if (kc_case_apply(state, KC_CASE_CLOSE, NULL).refusal != KC_REFUSAL_NONE)
        return TRUE;
    return check_code(change, tx, row, result, error);
}

static void
set(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const Closing *closing = change->data;
    set(&row->closing_code, closing->request->closing_code);
    set(&row->mediation_method, closing->mediation_method);
    set(&row->mediation_result, closing->mediation_result);
    if (row->county != NULL) /* samples are drawn by county, from the log */
        json_object_set_new(change->log_data, "county", json_string(row->county));
    return TRUE;
}

gboolean
kc_app_close_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                  const KcCloseCase *request, KcCaseView **ret_case, KcResult *result, GError **error)
{
    Closing closing = {.request = request};
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_CLOSE,
        .event = KC_CASE_CLOSE,
        .log_kind = "case.closed",
        .check = check,
        .finish = finish,
        .data = &closing,
        .log_data = json_pack("{s:s?, s:s?}", "closing_code", request->closing_code, "mediation_method",
                              request->mediation_method),
    };
    gboolean done = kc_app_change_case(&change, NULL, result, error);
    closing_clear(&closing);
    if (!done)
        return FALSE;
    kc_app_end_call(app, case_id, "closed");
    return kc_app_read_view(app, who, case_id, ret_case, error);
}
