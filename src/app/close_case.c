/* The end of a case, with its closing code (Order 146, arts. 25 and 26). */
#include "src/app/determination_check.h"
#include "src/domain/local_time.h"

static gboolean
count_decisions(KcTx *tx, const KcCaseRow *row, KcClosingFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    if (documents == NULL)
        return FALSE;
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    *facts = (KcClosingFacts){.has_document = standing != NULL && g_strcmp0(standing->proposal, "open") != 0};
    if (!facts->has_document)
        return TRUE;
    if (g_strcmp0(standing->proposal, "agreed") == 0) {
        facts->mediation_method = row->mediation_method;
        facts->mediation_result = "agreement"; /* that document says what they came to */
    }
    g_autoptr(GPtrArray) signatures = kc_signature_store_list(tx, row->id, standing->id, error);
    if (signatures == NULL)
        return FALSE;
    for (guint i = 0; i < signatures->len; i++) {
        KcDecision decision = KC_DECISION_NONE;
        kc_decision_from_string(((KcSignature *)signatures->pdata[i])->decision, &decision);
        facts->signed_count += decision == KC_DECISION_SIGNED;
        facts->refused_count += decision == KC_DECISION_REFUSED;
        facts->objected_count += decision == KC_DECISION_OBJECTED;
    }
    return TRUE;
}

static gboolean
check_code(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    KcClosingFacts facts;
    if (!count_decisions(tx, row, &facts, error))
        return FALSE;
    g_autofree char *today = kc_local_date(change->now_us);
    g_autoptr(GPtrArray) findings = kc_rules_check_closing(change->app->rules, change->data, &facts, today);
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

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    g_free(row->closing_code);
    row->closing_code = g_strdup(change->data);
    return TRUE;
}

gboolean
kc_app_close_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                  const char *closing_code, KcCaseView **ret_case, KcResult *result, GError **error)
{
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
        .data = (gpointer)closing_code,
        .log_data = json_pack("{s:s?}", "closing_code", closing_code),
    };
    if (!kc_app_change_case(&change, NULL, result, error))
        return FALSE;
    kc_app_end_call(app, case_id, "closed");
    return kc_app_read_view(app, who, case_id, ret_case, error);
}
