/* Freezes the parties' draft: a number, the exact text, its hash, and the PDF that is set from it (print_document.h). */
#include "src/app/agreement_check.h"
#include "src/app/determination_check.h"
#include "src/app/print_document.h"
#include "src/domain/case_number.h"
#include "src/evidence/digest.h"
#include "src/store/document_store.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gint64 expected_version;
    gint64 now_us;
    KcDocumentRow *planned; /* what the pages were set from */
    KcObject *pdf;          /* sealed; NULL: without one */
    KcDocumentView *view;
    KcResult *result;
} Propose;

static gboolean
check_facts(Propose *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    gint64 stills, photos;
    if (!kc_object_store_count(tx, row->id, "still", &stills, error) ||
        !kc_object_store_count(tx, row->id, "photo", &photos, error))
        return FALSE;
    KcCaseFacts facts = {.stills = stills + photos};
    return kc_app_apply(row, KC_CASE_PROPOSE_AGREEMENT, &facts, self->now_us, self->result);
}

/* Which of the case's proposals this one is, from 1; 0: none may follow. */
static guint
ordinal_of(Propose *self, const GPtrArray *documents)
{
    guint ordinal = 1;
    for (guint i = 0; i < documents->len; i++)
        ordinal += strcmp(((const KcDocumentRow *)documents->pdata[i])->kind, "agreement") == 0;
    if (kc_document_rows_proposed(documents) != NULL)
        kc_refuse(self->result, KC_RESULT_CONFLICT, "proposed", "The agreement is with the parties already.");
    else if (ordinal > KC_LIMIT_PROPOSALS_PER_CASE)
        kc_refuse(self->result, KC_RESULT_CONFLICT, "too-many-proposals",
                  "This has been proposed too often; ask for an officer.");
    return self->result->kind == KC_RESULT_OK ? ordinal : 0;
}

static char *
render(Propose *self, const KcCaseRow *row, const KcAgreement *agreement, const GPtrArray *parties,
       const char *number)
{
    g_autofree KcDocumentPerson *people = g_new0(KcDocumentPerson, parties->len);
    const char *proposer = NULL;
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        people[i] = (KcDocumentPerson){
            party->id,        party->label,     party->name,
            party->phone,     party->id_number, kc_app_party_label(parties, party->shares_phone_with)};
        if (g_strcmp0(party->id, self->who->party_id) == 0)
            proposer = party->label;
    }
    const KcRules *rules = kc_app_rules_of(self->app, row);
    const KcCounty *county = row->county != NULL ? kc_rules_county(rules, row->county) : NULL;
    KcDocumentFrame frame = {
        .document_number = number,
        .case_number = row->number,
        .county = county != NULL ? county->name : "",
        .officer_name = self->who->name,
        .officer_badge = self->who->badge_number,
        .issued_at_us = self->now_us,
        .people = people,
        .people_count = parties->len,
    };
    return kc_rules_render_agreement(rules, agreement, &frame, proposer);
}

static KcDocumentRow *
make_document(Propose *self, const KcCaseRow *row, const KcAgreement *agreement, const GPtrArray *parties,
              guint ordinal)
{
    KcDocumentRow *document = g_new0(KcDocumentRow, 1);
    document->id = g_strdup(kc_app_new_id(self->app).text);
    document->case_id = g_strdup(row->id);
    document->rules_number = row->rules_number;
    document->kind = g_strdup("agreement");
    document->number = kc_agreement_number_format(row->number, ordinal);
    document->text = render(self, row, agreement, parties, document->number);
    document->sha256 = kc_sha256_hex(document->text, strlen(document->text));
    document->content_json = kc_json_text(kc_agreement_to_json(agreement));
    document->issued_by = g_strdup(self->who->user_id);
    document->issued_by_party = g_strdup(self->who->party_id);
    document->issued_us = self->now_us;
    return document;
}

/* Everything that is checked, and the document that comes of it. */
static KcDocumentRow *
compose(Propose *self, KcTx *tx, KcCaseRow **ret_row, GPtrArray **ret_parties, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcAgreement) agreement = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_SETTLE, self->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result) ||
        !kc_app_check_settlement(self->app, row, self->result) || !check_facts(self, tx, row, error))
        return NULL;
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    g_autoptr(GPtrArray) parties = documents != NULL ? kc_party_store_list(tx, row->id, error) : NULL;
    guint ordinal = parties != NULL ? ordinal_of(self, documents) : 0;
    if (ordinal == 0 || !kc_app_load_agreement(self->app, tx, row, parties, &agreement, NULL, error))
        return NULL;
    g_autoptr(GPtrArray) findings = kc_app_check_agreement(self->app, row, agreement);
    if (!kc_app_refuse_findings(findings, self->result))
        return NULL;
    KcDocumentRow *document = make_document(self, row, agreement, parties, ordinal);
    *ret_row = g_steal_pointer(&row);
    *ret_parties = g_steal_pointer(&parties);
    return document;
}

static gboolean
keep(Propose *self, KcTx *tx, KcCaseRow *row, const KcDocumentRow *document, GError **error)
{
    json_t *entry = json_pack("{s:s, s:s, s:s}", "document_id", document->id, "number", document->number, "sha256",
                              document->sha256);
    if (self->pdf != NULL) {
        json_object_set_new(entry, "pdf_object_id", json_string(self->pdf->id));
        json_object_set_new(entry, "pdf_sha256", json_string(self->pdf->sha256));
    }
    json_t *event = json_pack("{s:s}", "document_id", document->id);
    return kc_document_store_insert(tx, document, error) &&
           kc_proposal_store_open(tx, document->id, row->id, error) &&
           kc_app_log(tx, self->who, row->id, "agreement.proposed", self->now_us, entry, error) &&
           kc_app_emit(tx, "agreement.proposed", row->id, "case", NULL, self->now_us, event, error) &&
           kc_app_save_case(tx, row, self->now_us, error);
}

static gboolean
plan(KcTx *tx, gpointer data, GError **error)
{
    Propose *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(GPtrArray) parties = NULL;
    self->planned = compose(self, tx, &row, &parties, error);
    return self->planned != NULL;
}

static gboolean
propose(KcTx *tx, gpointer data, GError **error)
{
    Propose *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(GPtrArray) parties = NULL;
    g_autoptr(KcDocumentRow) document = compose(self, tx, &row, &parties, error);
    if (document == NULL || !kc_app_take_pdf(tx, document, self->planned, self->pdf, self->result, error) ||
        !keep(self, tx, row, document, error))
        return FALSE;
    g_autoptr(GPtrArray) nobody = g_ptr_array_new();
    document->proposal = g_strdup("open");
    self->view = kc_app_document_view(g_steal_pointer(&document), nobody, parties);
    return TRUE;
}

static gboolean
run(Propose *self, GError **error)
{
    if (!kc_app_read(self->app, plan, self, self->result, error) ||
        !kc_app_seal_pdf(self->app, self->who, self->planned, &self->pdf, self->result, error))
        return FALSE;
    if (kc_app_write(self->app, propose, self, self->result, error))
        return TRUE;
    if (self->pdf != NULL)
        kc_app_drop_object(self->app, self->pdf);
    return FALSE;
}

gboolean
kc_app_propose_agreement(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                         KcDocumentView **ret_document, KcResult *result, GError **error)
{
    Propose self = {.app = app,
                    .who = who,
                    .case_id = case_id,
                    .expected_version = expected_version,
                    .now_us = kc_app_now(app),
                    .result = result};
    gboolean done = run(&self, error);
    kc_document_row_free(self.planned);
    kc_object_free(self.pdf);
    if (!done) {
        kc_document_view_free(self.view);
        return FALSE;
    }
    *ret_document = self.view;
    return TRUE;
}
