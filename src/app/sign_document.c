/* A party signs, refuses or objects, against exactly the text that it was shown; an officer may note a refusal.
 *
 * The case of a determination is served once everybody has decided, whatever they decided; who has agreed to electronic
 * service is served with that on it (services.h), others get it on paper. An agreement needs every signature: the
 * first who doesn't agree withdraws it. */
#include "src/app/agreement_check.h"
#include "src/app/determinations.h"
#include "src/app/image.h"
#include "src/app/internal.h"
#include "src/domain/document_changes.h"
#include "src/evidence/tokens.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *document_id;
    const KcSignDocument *request;
    const char *party_id;
    gint64 now_us;
    KcObject *image; /* sealed; NULL without one */
    KcSignature *signature;
    char *label;
    char *pdf_sha256; /* NULL: the document has none */
    gboolean is_agreement;
    KcDocumentRow *document;
    KcResult *result;
} Sign;

static gboolean
check_image(const KcSignDocument *request, KcResult *result)
{
    if (request->decision != KC_DECISION_SIGNED)
        return request->image_png == NULL ||
               kc_refuse_field(result, "/image_png", "只有签字才带图 / only a signature has a picture");
    if (request->image_png == NULL)
        return kc_refuse_field(result, "/image_png", "缺少签名 / the signature is missing");
    gsize len;
    const guint8 *data = g_bytes_get_data(request->image_png, &len);
    KcImage image = kc_image_sniff(data, len);
    if (len > KC_LIMIT_SIGNATURE_BYTES)
        return kc_refuse(result, KC_RESULT_TOO_LARGE, "signature-too-large", "A signature may have 512 KiB.");
    if (image.kind != KC_IMAGE_PNG || image.width == 0 || image.height == 0 || image.width > 4096 ||
        image.height > 4096)
        return kc_refuse_field(result, "/image_png", "不是有效的 PNG / not a PNG of at most 4096 × 4096");
    return TRUE;
}

static gboolean
check_request(Sign *self)
{
    const KcSignDocument *request = self->request;
    gboolean by_officer = self->who->role != KC_ROLE_PARTY;
    if (!kc_app_check_role(self->who, by_officer ? KC_ACTION_RECORD_REFUSAL : KC_ACTION_SIGN, self->result))
        return FALSE;
    if (by_officer && request->decision != KC_DECISION_REFUSED)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "role", "An officer records refusals only.");
    if (by_officer && request->party_id == NULL)
        return kc_refuse_field(self->result, "/party_id", "缺少当事人 / whose refusal it is");
    if (!by_officer && request->party_id != NULL && strcmp(request->party_id, self->who->party_id) != 0)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours", "A party decides for itself only.");
    if (!by_officer && request->refused != NULL)
        return kc_refuse_field(self->result, "/refusal", "由民警注明 / an officer notes this");
    if (request->decision == KC_DECISION_NONE)
        return kc_refuse_field(self->result, "/decision", "signed, refused or objected");
    if (request->statement != NULL && g_utf8_strlen(request->statement, -1) > KC_LIMIT_TEXT_CHARS)
        return kc_refuse_field(self->result, "/statement", "内容过长 / too long");
    self->party_id = by_officer ? request->party_id : self->who->party_id;
    return check_image(request, self->result);
}

/* The text that was read is outdated: by which document, and what that says otherwise. */
static gboolean
refuse_replaced(Sign *self, const KcDocumentRow *old, const KcDocumentRow *standing)
{
    g_autoptr(GPtrArray) changes = kc_document_changes(old->text, standing->text);
    g_autoptr(GString) named = g_string_new(NULL);
    for (guint i = 0; i < changes->len; i++)
        g_string_append_printf(named, "%s%s", i == 0 ? "" : "、", (const char *)changes->pdata[i]);
    const char *what = changes->len > 0 ? named->str : "文书编号";
    g_autofree char *detail = g_strdup_printf(
        "这份文书已由 %s 代替，改动：%s。请看新的文书。 / Document %s has taken its place; changed: %s. Read the new one.",
        standing->number, what, standing->number, what);
    return kc_refuse(self->result, KC_RESULT_CONFLICT, "replaced", detail);
}

static const KcDocumentRow *
find_document(const GPtrArray *documents, const char *id)
{
    for (guint i = 0; i < documents->len; i++)
        if (strcmp(((const KcDocumentRow *)documents->pdata[i])->id, id) == 0)
            return documents->pdata[i];
    return NULL;
}

/* Papers of a review are read; a determination that another has replaced is no longer signed. */
static gboolean
check_standing(Sign *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, self->case_id, error);
    if (documents == NULL)
        return FALSE;
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    const KcDocumentRow *read = find_document(documents, self->document_id);
    if (standing != NULL && standing == read)
        return TRUE;
    if (standing != NULL && read != NULL && strcmp(read->kind, "determination") == 0 &&
        strcmp(standing->kind, "determination") == 0)
        return refuse_replaced(self, read, standing);
    return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-for-signing",
                     "这份文书不需要签字 / this document is not one to be signed");
}

static gboolean
check_document(Sign *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(KcDocumentRow) document = NULL;
    g_autoptr(KcParty) party = NULL;
    if (!kc_app_find_document(tx, self->case_id, self->document_id, &document, self->result, error) ||
        !kc_app_find_party(tx, self->case_id, self->party_id, &party, self->result, error))
        return FALSE;
    g_free(self->label);
    self->label = g_strdup(party->label);
    g_free(self->pdf_sha256);
    self->pdf_sha256 = g_strdup(document->pdf_sha256);
    self->is_agreement = strcmp(document->kind, "agreement") == 0;
    if (!kc_app_check_proposal(self->app, tx, row, document, self->result, error))
        return FALSE;
    /* Whoever was shown the pages signs by theirs: both are one document, and the log has both. */
    if (!kc_token_equal(self->request->document_sha256, document->sha256) &&
        (document->pdf_sha256 == NULL || !kc_token_equal(self->request->document_sha256, document->pdf_sha256)))
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "other-text",
                         "This is not the text that was issued; read the document again.");
    kc_document_row_free(self->document);
    self->document = g_steal_pointer(&document);
    return TRUE;
}

/* Who feels pressed may always refuse or object; nobody signs then, and nothing is noted of anybody. */
static gboolean
is_stopped_by_pause(const Sign *self)
{
    return self->request->decision == KC_DECISION_SIGNED || self->who->role != KC_ROLE_PARTY;
}

/* Also counts who is left once this party has decided. */
static gboolean
check_case(Sign *self, KcTx *tx, KcCaseRow **ret_row, guint *ret_undecided, GError **error)
{
    KcAction action = self->who->role != KC_ROLE_PARTY ? KC_ACTION_RECORD_REFUSAL : KC_ACTION_SIGN;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, action, self->case_id, &row, self->result, error) ||
        !check_document(self, tx, row, error) || !check_standing(self, tx, error))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    g_autoptr(GPtrArray) signatures =
        parties != NULL ? kc_signature_store_list(tx, row->id, self->document_id, error) : NULL;
    if (signatures == NULL)
        return FALSE;
    KcDecision decision;
    if (kc_app_party_decided(signatures, self->document_id, self->party_id, &decision))
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "decided", "This party has decided already.");
    if (is_stopped_by_pause(self) &&
        !kc_app_check_not_paused(tx, row->id, self->document_id, self->result, error))
        return FALSE;
    if (!kc_app_apply(row, self->is_agreement ? KC_CASE_SIGN_AGREEMENT : KC_CASE_SIGN, NULL, self->now_us,
                      self->result))
        return FALSE;
    *ret_undecided = 0;
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        *ret_undecided += strcmp(party->id, self->party_id) != 0 &&
                          !kc_app_party_decided(signatures, self->document_id, party->id, &decision);
    }
    *ret_row = g_steal_pointer(&row);
    return TRUE;
}

static gboolean
may_sign(KcTx *tx, gpointer data, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    guint undecided;
    return check_case(data, tx, &row, &undecided, error);
}

static KcSignature *
make_signature(Sign *self)
{
    KcSignature *signature = g_new0(KcSignature, 1);
    signature->id = g_strdup(kc_app_new_id(self->app).text);
    signature->case_id = g_strdup(self->case_id);
    signature->document_id = g_strdup(self->document_id);
    signature->party_id = g_strdup(self->party_id);
    signature->decision = g_strdup(kc_decision_to_string(self->request->decision));
    signature->statement = g_strdup(self->request->statement);
    signature->object_id = g_strdup(self->image != NULL ? self->image->id : NULL);
    signature->document_sha256 = g_strdup(self->request->document_sha256);
    signature->pdf_sha256 = g_strdup(self->pdf_sha256);
    signature->recorded_by = g_strdup(self->who->user_id);
    if (self->who->user_id != NULL)
        signature->refused_what = g_strdup(self->request->refused != NULL ? self->request->refused : "signature");
    signature->signed_us = self->now_us;
    return signature;
}

static gboolean
tell(Sign *self, KcTx *tx, GError **error)
{
    const KcSignature *signature = self->signature;
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:b}", "document_id", self->document_id, "party_id", self->party_id,
                              "decision", signature->decision, "document_sha256", signature->document_sha256,
                              "recorded", kc_call_table_party_tracks(self->app->calls, self->case_id) > 0);
    if (signature->refused_what != NULL)
        json_object_set_new(entry, "refused", json_string(signature->refused_what));
    if (self->pdf_sha256 != NULL)
        json_object_set_new(entry, "pdf_sha256", json_string(self->pdf_sha256));
    if (self->image != NULL) {
        json_object_set_new(entry, "object_id", json_string(self->image->id));
        json_object_set_new(entry, "object_sha256", json_string(self->image->sha256));
    }
    json_t *event = json_pack("{s:s, s:s, s:s}", "document_id", self->document_id, "party_id", self->party_id,
                              "decision", signature->decision);
    return kc_app_log(tx, self->who, self->case_id, "document.signed", self->now_us, entry, error) &&
           kc_app_emit(tx, "document.signed", self->case_id, "case", NULL, self->now_us, event, error);
}

/* What follows for the case. */
static gboolean
conclude(Sign *self, KcTx *tx, KcCaseRow *row, const KcCaseFacts *facts, GError **error)
{
    if (!self->is_agreement)
        return kc_app_apply(row, KC_CASE_SERVE, facts, self->now_us, self->result);
    if (self->request->decision != KC_DECISION_SIGNED)
        return kc_app_withdraw_proposal(tx, self->who, row->id, self->signature->decision, self->now_us, error);
    return facts->parties_undecided > 0 ||
           kc_app_settle(self->app, tx, self->who, row, self->document_id, self->now_us, self->result, error);
}

static gboolean
sign(KcTx *tx, gpointer data, GError **error)
{
    Sign *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    KcCaseFacts facts = {0};
    if (!check_case(self, tx, &row, &facts.parties_undecided, error))
        return FALSE;
    if (self->image != NULL && kc_object_store_update(tx, self->image, error) != KC_UPDATE_DONE)
        return FALSE;
    self->signature = make_signature(self);
    return kc_signature_store_insert(tx, self->signature, error) &&
           kc_app_serve_by_decision(self->app, tx, self->who, row, self->document, self->signature, error) &&
           kc_app_lapse_pauses(tx, row->id, self->document_id, self->party_id, self->now_us, error) &&
           tell(self, tx, error) && conclude(self, tx, row, &facts, error) &&
           kc_app_save_case(tx, row, self->now_us, error);
}

static gboolean
seal_image(Sign *self, GError **error)
{
    if (self->request->image_png == NULL)
        return TRUE;
    gsize len;
    const guint8 *data = g_bytes_get_data(self->request->image_png, &len);
    KcImage image = kc_image_sniff(data, len);
    json_t *meta = json_pack("{s:I, s:I, s:s}", "width", (json_int_t)image.width, "height", (json_int_t)image.height,
                             "document_id", self->document_id);
    KcSealRequest request = {self->case_id, "signature", self->party_id, NULL, "image/png", meta};
    return kc_app_seal_object(self->app, &request, self->request->image_png, &self->image, self->result, error);
}

static gboolean
run(Sign *self, GError **error)
{
    if (!check_request(self) || !kc_app_read(self->app, may_sign, self, self->result, error) ||
        !seal_image(self, error))
        return FALSE;
    if (kc_app_write(self->app, sign, self, self->result, error))
        return TRUE;
    if (self->image != NULL)
        kc_app_drop_object(self->app, self->image);
    return FALSE;
}

gboolean
kc_app_sign_document(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                     const KcSignDocument *request, KcSignatureView **ret_signature, KcCaseView **ret_case,
                     KcResult *result, GError **error)
{
    Sign self = {.app = app,
                 .who = who,
                 .case_id = case_id,
                 .document_id = document_id,
                 .request = request,
                 .now_us = kc_app_now(app),
                 .result = result};
    gboolean done = run(&self, error) && kc_app_read_view(app, who, case_id, ret_case, error);
    if (done && strcmp((*ret_case)->row->state, "closed") == 0)
        kc_app_end_call(app, case_id, "closed");
    kc_object_free(self.image);
    kc_document_row_free(self.document);
    g_free(self.pdf_sha256);
    if (!done) {
        kc_signature_free(self.signature);
        g_free(self.label);
        return FALSE;
    }
    KcSignatureView *view = g_new0(KcSignatureView, 1);
    view->signature = self.signature;
    view->label = self.label;
    *ret_signature = view;
    return TRUE;
}
