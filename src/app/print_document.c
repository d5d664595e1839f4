/* The original is read from the vault; the signed copy is set anew from the same text each time it is asked for. */
#include "src/app/print_document.h"

#include "src/app/determinations.h"
#include "src/app/object_reader.h"
#include "src/app/sealed_bytes.h"
#include "src/app/services.h"
#include "src/evidence/digest.h"
#include "src/store/verify_store.h"

const KcTemplate *
kc_app_template(const KcApp *app, const KcDocumentRow *document)
{
    const KcRuleSet *set = kc_app_rule_set(app, document->rules_number);
    return strcmp(document->kind, "agreement") == 0 ? set->agreement : set->determination;
}

gboolean
kc_app_seal_pdf(KcApp *app, const KcPrincipal *who, const KcDocumentRow *planned, KcObject **ret_pdf, KcResult *result,
                GError **error)
{
    *ret_pdf = NULL;
    if (kc_app_template(app, planned) == NULL)
        return TRUE;
    g_autoptr(GBytes) pdf = kc_app_print(app, planned, NULL, 0, result, error);
    if (pdf == NULL)
        return FALSE;
    KcSealRequest request = {planned->case_id, "document",          who->party_id,
                             who->user_id,     KC_PDF_CONTENT_TYPE, json_pack("{s:s}", "number", planned->number)};
    return kc_app_seal_object(app, &request, pdf, ret_pdf, result, error);
}

gboolean
kc_app_take_pdf(KcTx *tx, KcDocumentRow *document, const KcDocumentRow *planned, KcObject *pdf, KcResult *result,
                GError **error)
{
    if (strcmp(document->sha256, planned->sha256) != 0)
        return kc_refuse(result, KC_RESULT_CONFLICT, "changed",
                         "The case was changed while its document was set; look at it again and issue.");
    if (pdf == NULL)
        return TRUE;
    document->pdf_object_id = g_strdup(pdf->id);
    document->pdf_sha256 = g_strdup(pdf->sha256);
    return kc_object_store_update(tx, pdf, error) == KC_UPDATE_DONE;
}

GBytes *
kc_app_print(KcApp *app, const KcDocumentRow *document, const KcPrintDecision *decisions, gsize count, KcResult *result,
             GError **error)
{
    g_autoptr(GError) local = NULL;
    /* The page that checks it, where there is one; the hash stands behind a #, so that no address log has it. */
    g_autofree char *check = app->public_url != NULL ? g_strconcat(app->public_url, "/verify", NULL) : NULL;
    g_autofree char *qr = check != NULL ? g_strdup_printf("%s#sha256=%s&number=%s", check, document->sha256, document->number)
                                        : g_strdup_printf("%s\nSHA-256 %s", document->number, document->sha256);
    const KcPrintJob job = {
        .text = document->text,
        .sha256 = document->sha256,
        .number = document->number,
        .issued_at_us = document->issued_us,
        .check = check,
        .qr = qr,
        .original_sha256 = document->pdf_sha256,
        .decisions = decisions,
        .decision_count = count,
    };
    GBytes *pdf = kc_print_pdf(kc_app_template(app, document), &job, &local);
    if (pdf != NULL)
        return pdf;
    if (g_error_matches(local, KC_PRINT_ERROR, KC_PRINT_ERROR_TOO_LONG))
        kc_refuse_field(result, "", "文书过长 / the document has more pages than it may");
    else
        g_propagate_error(error, g_steal_pointer(&local));
    return NULL;
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *document_id;
    gboolean original;
    KcDocumentView *view;
    GArray *sealed; /* KcSealed: the original, or the pictures of `pictured` */
    KcResult *result;
} GetPdf;

static gboolean
wants_copy(const GetPdf *self)
{
    return !self->original && self->view->signatures->len > 0 &&
           kc_app_template(self->app, self->view->document) != NULL &&
           kc_role_may(self->who->role, KC_ACTION_READ_SIGNATURE);
}

static gboolean
find_pictures(GetPdf *self, KcTx *tx, GError **error)
{
    for (guint i = 0; i < self->view->signatures->len; i++) {
        const KcSignature *signature = ((KcSignatureView *)self->view->signatures->pdata[i])->signature;
        if (signature->object_id != NULL && !kc_sealed_find(tx, self->case_id, signature->object_id, self->sealed, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
find_document(KcTx *tx, gpointer data, GError **error)
{
    GetPdf *self = data;
    if (!kc_app_load_document(tx, self->who, self->case_id, self->document_id, &self->view, self->result, error))
        return FALSE;
    if (self->view->document->pdf_object_id == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "no-pdf", "This document was issued as text only.");
    if (wants_copy(self))
        return find_pictures(self, tx, error);
    return kc_sealed_find(tx, self->case_id, self->view->document->pdf_object_id, self->sealed, error);
}

static void
decision_clear(KcPrintDecision *decision)
{
    g_bytes_unref(decision->image_png);
}

/* A party's copy has everybody's signature, as the paper that is served has (Order 146, art. 24), but not what the
 * others said to the police. */
static GBytes *
print_copy(GetPdf *self, GError **error)
{
    g_autoptr(GArray) decisions = g_array_new(FALSE, FALSE, sizeof(KcPrintDecision));
    guint picture = 0;
    g_array_set_clear_func(decisions, (GDestroyNotify)decision_clear);
    for (guint i = 0; i < self->view->signatures->len; i++) {
        const KcSignatureView *view = self->view->signatures->pdata[i];
        const KcSignature *signature = view->signature;
        gboolean hidden = !kc_app_sees_field(self->who, KC_FIELD_STATEMENT, signature->party_id);
        KcPrintDecision decision = {.label = view->label,
                                    .statement = hidden ? NULL : signature->statement,
                                    .at_us = signature->signed_us,
                                    .by_officer = signature->recorded_by != NULL,
                                    .of_receipt = g_strcmp0(signature->refused_what, "receipt") == 0};
        if (!kc_decision_from_string(signature->decision, &decision.decision))
            decision.decision = KC_DECISION_NONE;
        if (signature->object_id != NULL) {
            decision.image_png = kc_sealed_read(self->app, &g_array_index(self->sealed, KcSealed, picture++), error);
            if (decision.image_png == NULL)
                return NULL;
        }
        g_array_append_val(decisions, decision);
    }
    return kc_app_print(self->app, self->view->document, (const KcPrintDecision *)(const void *)decisions->data,
                        decisions->len, self->result, error);
}

static GBytes *
get_pdf(GetPdf *self, GError **error)
{
    if (!kc_app_read(self->app, find_document, self, self->result, error) ||
        !kc_app_log_access(self->app, self->who, self->case_id, "document.viewed", self->document_id, self->result,
                           error))
        return NULL;
    if (wants_copy(self))
        return print_copy(self, error);
    return kc_sealed_read(self->app, &g_array_index(self->sealed, KcSealed, 0), error);
}

typedef struct {
    const GetPdf *get;
    const char *sha256;
} Copy;

/* So that whoever is given it can have it checked (verification.h). */
static gboolean
keep_copy(KcTx *tx, gpointer data, GError **error)
{
    const Copy *copy = data;
    return kc_verify_store_add_copy(tx, copy->sha256, copy->get->view->document->id, kc_app_now(copy->get->app), error);
}

gboolean
kc_app_get_document_pdf(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                        gboolean original, KcDocumentPdf *ret_pdf, KcResult *result, GError **error)
{
    GetPdf self = {.app = app,
                   .who = who,
                   .case_id = case_id,
                   .document_id = document_id,
                   .original = original,
                   .sealed = kc_sealed_new(),
                   .result = result};
    g_autoptr(GBytes) bytes = get_pdf(&self, error);
    gboolean done = bytes != NULL;
    if (done) {
        gsize size;
        const void *data = g_bytes_get_data(bytes, &size);
        *ret_pdf = (KcDocumentPdf){.bytes = g_bytes_ref(bytes),
                                   .sha256 = kc_sha256_hex(data, size),
                                   .number = g_strdup(self.view->document->number),
                                   .is_copy = wants_copy(&self)};
        done = (!ret_pdf->is_copy || kc_app_write(app, keep_copy, &(Copy){&self, ret_pdf->sha256}, result, error)) &&
               kc_app_note_opening(app, who, case_id, document_id, ret_pdf->sha256, result, error);
    }
    kc_document_view_free(self.view);
    g_array_unref(self.sealed);
    return done;
}

void
kc_document_pdf_clear(KcDocumentPdf *pdf)
{
    g_clear_pointer(&pdf->bytes, g_bytes_unref);
    g_clear_pointer(&pdf->sha256, g_free);
    g_clear_pointer(&pdf->number, g_free);
}
