/* What becomes of an agreement that was proposed.
 *
 *           all have signed
 *   open -------------------> agreed
 *     |  a party refuses or objects; the draft changes; an officer determines, or is sent
 *     +-------------------------------------------------------------------------------> withdrawn
 *
 * Invariant: what is open says exactly what the draft says, so that nobody signs what has been changed since. */
#include "src/app/agreement_check.h"
#include "src/app/log_figures.h"
#include "src/domain/local_time.h"
#include "src/store/document_store.h"

static gboolean
find_open(KcTx *tx, const char *case_id, char **ret_document_id, char **ret_content, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, case_id, error);
    if (documents == NULL)
        return FALSE;
    const KcDocumentRow *open = kc_document_rows_proposed(documents);
    *ret_document_id = open != NULL ? g_strdup(open->id) : NULL;
    if (ret_content != NULL)
        *ret_content = open != NULL ? g_strdup(open->content_json) : NULL;
    return TRUE;
}

static gboolean
withdraw(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *document_id, const char *reason,
         gint64 now_us, GError **error)
{
    if (kc_proposal_store_end(tx, document_id, reason, now_us, error) != KC_UPDATE_DONE)
        return FALSE;
    json_t *entry = json_pack("{s:s, s:s}", "document_id", document_id, "reason", reason);
    json_t *event = json_pack("{s:s, s:s}", "document_id", document_id, "reason", reason);
    return kc_app_log(tx, who, case_id, "agreement.withdrawn", now_us, entry, error) &&
           kc_app_emit(tx, "agreement.withdrawn", case_id, "case", NULL, now_us, event, error) &&
           kc_app_lapse_pauses(tx, case_id, document_id, NULL, now_us, error);
}

gboolean
kc_app_withdraw_proposal(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *reason, gint64 now_us,
                         GError **error)
{
    g_autofree char *document_id = NULL;
    return find_open(tx, case_id, &document_id, NULL, error) &&
           (document_id == NULL || withdraw(tx, who, case_id, document_id, reason, now_us, error));
}

gboolean
kc_app_withdraw_changed(const KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, gint64 now_us,
                        GError **error)
{
    g_autofree char *document_id = NULL, *content = NULL;
    if (!find_open(tx, row->id, &document_id, &content, error))
        return FALSE;
    if (document_id == NULL)
        return TRUE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    g_autoptr(KcAgreement) now = NULL;
    if (parties == NULL || !kc_app_load_agreement(app, tx, row, parties, &now, NULL, error))
        return FALSE;
    g_autofree char *text = kc_json_text(kc_agreement_to_json(now));
    return g_strcmp0(text, content) == 0 || withdraw(tx, who, row->id, document_id, "changed", now_us, error);
}

/* ---- what is said to who signs too late ---- */

static const char *
label_of(const GPtrArray *parties, const char *party_id)
{
    for (guint i = 0; i < parties->len; i++)
        if (g_strcmp0(((const KcParty *)parties->pdata[i])->id, party_id) == 0)
            return ((const KcParty *)parties->pdata[i])->label;
    return "";
}

static char *
describe_changes(const GPtrArray *changes, const GPtrArray *parties)
{
    g_autoptr(GString) zh = g_string_new("协议书的内容已经修改");
    g_autoptr(GString) en = g_string_new("The agreement has been changed");
    for (guint i = 0; i < changes->len; i++) {
        const KcAgreementChange *change = changes->pdata[i];
        const char *label = change->party_id != NULL ? label_of(parties, change->party_id) : NULL;
        g_string_append(zh, i == 0 ? "：" : "、");
        g_string_append(en, i == 0 ? ": " : ", ");
        if (label != NULL)
            g_string_append_printf(zh, "%s方", kc_party_label_zh(label));
        g_string_append(zh, change->zh);
        g_string_append(en, change->en);
        if (label != NULL)
            g_string_append_printf(en, " of %s", label);
    }
    return g_strdup_printf("%s。请看新的内容。 / %s. Read the new one.", zh->str, en->str);
}

static char *
describe_reason(const char *reason)
{
    static const struct {
        const char *reason, *text;
    } texts[] = {
        {"refused", "有一方不同意，这份协议书已经撤回。 / A party did not agree: this proposal was withdrawn."},
        {"objected", "有一方有异议，这份协议书已经撤回。 / A party objected: this proposal was withdrawn."},
        {"determination", "已改由交通警察认定责任，这份协议书已经撤回。 / "
                          "An officer determines instead: this proposal was withdrawn."},
        {"on_scene", "已请交通警察到现场，这份协议书已经撤回。 / An officer is being sent: this proposal was withdrawn."},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (g_strcmp0(texts[i].reason, reason) == 0)
            return g_strdup(texts[i].text);
    return g_strdup("这份协议书已经撤回。 / This proposal was withdrawn.");
}

gboolean
kc_app_check_proposal(const KcApp *app, KcTx *tx, const KcCaseRow *row, const KcDocumentRow *document,
                      KcResult *result, GError **error)
{
    if (g_strcmp0(document->proposal, "withdrawn") != 0)
        return TRUE;
    g_autofree char *detail = NULL;
    if (strcmp(document->proposal_reason, "changed") == 0) {
        g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
        g_autoptr(KcAgreement) now = NULL;
        g_autoptr(json_t) frozen = kc_json_parse(document->content_json);
        g_autoptr(KcAgreement) before = kc_agreement_from_json(frozen, NULL);
        if (parties == NULL || !kc_app_load_agreement(app, tx, row, parties, &now, NULL, error))
            return FALSE;
        g_autoptr(GPtrArray) changes = before != NULL ? kc_agreement_changes(before, now) : g_ptr_array_new();
        detail = describe_changes(changes, parties);
    } else {
        detail = describe_reason(document->proposal_reason);
    }
    return kc_refuse(result, KC_RESULT_CONFLICT, "withdrawn", detail);
}

/* ---- all have signed ---- */

static gboolean
close_settled(const KcApp *app, KcTx *tx, KcCaseRow *row, gint64 now_us, KcResult *result, GError **error)
{
    g_autofree char *day = kc_local_date(now_us);
    const KcCode *code = kc_rules_code_of_class(kc_app_rules_of(app, row), KC_CODES_CLOSING_CODE, "mediated", day);
    if (code == NULL || !kc_app_apply(row, KC_CASE_CLOSE, NULL, now_us, result))
        return code == NULL || result->kind == KC_RESULT_OK;
    g_free(row->closing_code);
    row->closing_code = g_strdup(code->code);
    json_t *entry = json_pack("{s:s, s:s?, s:s?}", "closing_code", row->closing_code, "mediation_method",
                              row->mediation_method, "county", row->county);
    return kc_app_log(tx, NULL, row->id, "case.closed", now_us, entry, error);
}

/* NULL with an error. */
static json_t *
agreed_entry(KcTx *tx, const char *document_id, GError **error)
{
    g_autoptr(KcDocumentRow) document = NULL;
    if (!kc_document_store_get(tx, document_id, &document, error))
        return NULL;
    g_autoptr(json_t) content = kc_json_parse(document->content_json);
    g_autoptr(KcAgreement) agreement = kc_agreement_from_json(content, NULL);
    json_t *entry = json_pack("{s:s}", "document_id", document_id);
    if (agreement != NULL)
        kc_app_log_accident(entry, agreement->accident);
    return entry;
}

gboolean
kc_app_settle(const KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, const char *document_id,
              gint64 now_us, KcResult *result, GError **error)
{
    g_autofree char *day = kc_local_date(now_us);
    const KcCode *method = kc_rules_code_of_class(kc_app_rules_of(app, row), KC_CODES_MEDIATION_METHOD, "self", day);
    const KcCaseFacts everybody = {.parties_undecided = 0};
    gboolean waited = strcmp(row->state, "waiting") == 0;

    if (!kc_app_apply(row, KC_CASE_AGREE, &everybody, now_us, result) ||
        kc_proposal_store_end(tx, document_id, NULL, now_us, error) != KC_UPDATE_DONE)
        return FALSE;
    g_free(row->mediation_method);
    row->mediation_method = g_strdup(method != NULL ? method->code : NULL);
    json_t *entry = agreed_entry(tx, document_id, error);
    if (entry == NULL)
        return FALSE;
    json_t *event = json_pack("{s:s}", "document_id", document_id);
    if (!kc_app_log(tx, who, row->id, "agreement.agreed", now_us, entry, error) ||
        !kc_app_emit(tx, "agreement.agreed", row->id, "case", NULL, now_us, event, error))
        return FALSE;
    /* Each has it on the phone that it signed on. */
    if (!kc_app_apply(row, KC_CASE_SERVE, &everybody, now_us, result) ||
        !kc_app_log(tx, NULL, row->id, "case.served", now_us, NULL, error))
        return FALSE;
    if (waited && !kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, now_us, NULL, error))
        return FALSE;
    return row->officer_id != NULL || close_settled(app, tx, row, now_us, result, error);
}
