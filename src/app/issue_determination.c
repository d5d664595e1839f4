/* Freezes the draft: a number, the exact text, its hash, and the PDF that is set from it (print_document.h). */
#include "src/app/agreement_check.h"
#include "src/app/approval_check.h"
#include "src/app/determination_check.h"
#include "src/app/determinations.h"
#include "src/app/injury_check.h"
#include "src/app/internal.h"
#include "src/app/log_figures.h"
#include "src/app/print_document.h"
#include "src/domain/case_number.h"
#include "src/evidence/digest.h"
#include "src/store/review_store.h"

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
} Issue;

static gboolean
check_facts(Issue *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    gint64 stills, photos;
    if (!kc_object_store_count(tx, row->id, "still", &stills, error) ||
        !kc_object_store_count(tx, row->id, "photo", &photos, error))
        return FALSE;
    KcCaseFacts facts = {
        .stills = stills + photos,
        .party_tracks_recording = kc_call_table_party_tracks(self->app->calls, row->id),
    };
    return kc_app_apply(row, KC_CASE_ISSUE_DETERMINATION, &facts, self->now_us, self->result);
}

static char *
render(Issue *self, const KcCaseRow *row, const KcDetermination *draft, const GPtrArray *parties, const char *number)
{
    g_autofree KcDocumentPerson *people = g_new0(KcDocumentPerson, parties->len);
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        people[i] = (KcDocumentPerson){
            party->id,        party->label,     party->name,
            party->phone,     party->id_number, kc_app_party_label(parties, party->shares_phone_with)};
    }
    const KcRules *rules = kc_app_rules_of(self->app, row);
    const KcCounty *county = row->county != NULL ? kc_rules_county(rules, row->county) : NULL;
    KcDocumentFrame frame = {
        .document_number = number,
        .case_number = row->number,
        .county = county != NULL ? county->name : "",
        .officer_name = self->who->name,
        .officer_badge = self->who->badge_number != NULL ? self->who->badge_number : "",
        .issued_at_us = self->now_us,
        .people = people,
        .people_count = parties->len,
    };
    return kc_rules_render_determination(rules, draft, &frame);
}

static guint
count_determinations(const GPtrArray *documents)
{
    guint count = 0;
    for (guint i = 0; i < documents->len; i++)
        count += strcmp(((const KcDocumentRow *)documents->pdata[i])->kind, "determination") == 0;
    return count;
}

static KcDocumentRow *
make_document(Issue *self, const KcCaseRow *row, const KcDetermination *draft, const GPtrArray *parties,
              const char *draft_json, guint ordinal)
{
    KcDocumentRow *document = g_new0(KcDocumentRow, 1);
    document->id = g_strdup(kc_app_new_id(self->app).text);
    document->case_id = g_strdup(row->id);
    document->rules_number = row->rules_number;
    document->kind = g_strdup("determination");
    document->number = kc_document_number_format(row->number, ordinal);
    document->text = render(self, row, draft, parties, document->number);
    document->sha256 = kc_sha256_hex(document->text, strlen(document->text));
    document->content_json = g_strdup(draft_json);
    document->issued_by = g_strdup(self->who->user_id);
    document->issued_us = self->now_us;
    return document;
}

/* Art. 79: the new one takes the place of the old, which stays readable. */
static gboolean
revoke_replaced(Issue *self, KcTx *tx, const GPtrArray *documents, const KcDocumentRow *by, GError **error)
{
    const KcDocumentRow *old = NULL; /* the newest determination: each one has replaced the one before */
    for (guint i = 0; i < documents->len; i++)
        if (strcmp(((const KcDocumentRow *)documents->pdata[i])->kind, "determination") == 0)
            old = documents->pdata[i];
    if (old == NULL)
        return TRUE;
    const KcRevocation revocation = {old->id, by->id, self->now_us};
    json_t *entry = json_pack("{s:s, s:s}", "document_id", old->id, "replaced_by", by->id);
    return kc_revocation_store_insert(tx, &revocation, error) &&
           kc_app_log(tx, self->who, self->case_id, "document.revoked", self->now_us, entry, error);
}

/* NULL with an error. */
static json_t *
entry_of(const Issue *self, KcTx *tx, const KcCaseRow *row, const KcDocumentRow *document, GError **error)
{
    g_autoptr(json_t) content = kc_json_parse(document->content_json);
    g_autoptr(KcDetermination) issued = kc_determination_from_json(content, NULL);
    g_autoptr(json_t) entry = json_pack("{s:s, s:s, s:s, s:s}", "document_id", document->id, "kind", document->kind,
                                        "number", document->number, "sha256", document->sha256);
    if (issued != NULL)
        kc_app_log_accident(entry, issued);
    if (self->pdf != NULL) {
        json_object_set_new(entry, "pdf_object_id", json_string(self->pdf->id));
        json_object_set_new(entry, "pdf_sha256", json_string(self->pdf->sha256));
    }
    return kc_app_log_shots_of(self->app, tx, row, entry, error) ? g_steal_pointer(&entry) : NULL;
}

static gboolean
keep(Issue *self, KcTx *tx, KcCaseRow *row, KcDeterminationRow *draft_row, const KcDocumentRow *document,
     GError **error)
{
    g_free(draft_row->status);
    g_free(draft_row->document_id);
    draft_row->status = g_strdup("issued");
    draft_row->document_id = g_strdup(document->id);
    draft_row->updated_us = self->now_us;
    g_autoptr(GPtrArray) before = kc_document_store_list(tx, row->id, error);
    if (before == NULL || !kc_document_store_insert(tx, document, error) ||
        !revoke_replaced(self, tx, before, document, error) || !kc_determination_store_put(tx, draft_row, error))
        return FALSE;
    json_t *entry = entry_of(self, tx, row, document, error);
    if (entry == NULL)
        return FALSE;
    json_t *event = json_pack("{s:s}", "document_id", document->id);
    return kc_app_withdraw_proposal(tx, self->who, row->id, "determination", self->now_us, error) &&
           kc_app_log(tx, self->who, row->id, "document.issued", self->now_us, entry, error) &&
           kc_app_emit(tx, "document.issued", row->id, "case", NULL, self->now_us, event, error) &&
           kc_app_save_case(tx, row, self->now_us, error);
}

/* Everything that is checked, and the document that comes of it. */
static KcDocumentRow *
compose(Issue *self, KcTx *tx, KcCaseRow **ret_row, KcDeterminationRow **ret_draft_row, GPtrArray **ret_parties,
        GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ISSUE_DETERMINATION, self->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result) || !check_facts(self, tx, row, error))
        return NULL;
    g_auto(KcDraft) draft = {0};
    if (!kc_app_load_complete_draft(self->app, tx, row, &draft, self->result, error) ||
        !kc_app_check_injury(self->app, tx, self->who, row, draft.determination, self->result, error) ||
        !kc_app_check_no_recusal(tx, row, self->result, error) ||
        !kc_app_check_approval(self->app, tx, row, draft.row, draft.determination, self->result, error) ||
        (*ret_parties = kc_party_store_list(tx, row->id, error)) == NULL)
        return NULL;
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    if (documents == NULL)
        return NULL;
    KcDocumentRow *document = make_document(self, row, draft.determination, *ret_parties, draft.row->draft_json,
                                            count_determinations(documents) + 1);
    *ret_draft_row = g_steal_pointer(&draft.row);
    *ret_row = g_steal_pointer(&row);
    return document;
}

static gboolean
plan(KcTx *tx, gpointer data, GError **error)
{
    Issue *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcDeterminationRow) draft_row = NULL;
    g_autoptr(GPtrArray) parties = NULL;
    self->planned = compose(self, tx, &row, &draft_row, &parties, error);
    return self->planned != NULL;
}

static gboolean
issue(KcTx *tx, gpointer data, GError **error)
{
    Issue *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcDeterminationRow) draft_row = NULL;
    g_autoptr(GPtrArray) parties = NULL;
    g_autoptr(KcDocumentRow) document = compose(self, tx, &row, &draft_row, &parties, error);
    if (document == NULL || !kc_app_take_pdf(tx, document, self->planned, self->pdf, self->result, error) ||
        !keep(self, tx, row, draft_row, document, error))
        return FALSE;
    g_autoptr(GPtrArray) nobody = g_ptr_array_new();
    self->view = kc_app_document_view(g_steal_pointer(&document), nobody, parties);
    return kc_app_load_services(tx, self->who, parties, self->view, error);
}

static gboolean
run(Issue *self, GError **error)
{
    if (!kc_app_read(self->app, plan, self, self->result, error) ||
        !kc_app_seal_pdf(self->app, self->who, self->planned, &self->pdf, self->result, error))
        return FALSE;
    if (kc_app_write(self->app, issue, self, self->result, error))
        return TRUE;
    if (self->pdf != NULL)
        kc_app_drop_object(self->app, self->pdf);
    return FALSE;
}

gboolean
kc_app_issue_determination(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                           KcDocumentView **ret_document, KcResult *result, GError **error)
{
    Issue self = {.app = app,
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
