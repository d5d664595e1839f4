#include "src/app/bundle_draft.h"

#include "src/app/codec_private.h"
#include "src/app/determinations.h"
#include "src/app/print_document.h"
#include "src/domain/document_privacy.h"
#include "src/evidence/digest.h"

#include <string.h>

#define PRINTED "printed_from_text"

const KcDocumentRow *
kc_bundle_document_of(const KcBundleDraft *draft, const char *object_id)
{
    for (guint i = 0; i < draft->view->documents->len; i++) {
        const KcDocumentRow *document = ((const KcDocumentView *)draft->view->documents->pdata[i])->document;
        if (g_strcmp0(document->pdf_object_id, object_id) == 0)
            return document;
    }
    return NULL;
}

/* ---- What the manifest says ---- */

static json_t *
signature_of(const KcBundleDraft *draft, const KcSignatureView *view)
{
    const KcSignature *signature = view->signature;
    const char *by = signature->recorded_by;
    return json_pack(
        "{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "id", signature->id, "party_id",
        signature->party_id, "label", kc_codec_text_or_null(view->label), "decision", signature->decision, "refusal",
        kc_codec_text_or_null(signature->refused_what), "statement", kc_codec_text_or_null(signature->statement),
        "object_id", kc_codec_text_or_null(signature->object_id), "document_sha256", signature->document_sha256,
        "pdf_sha256", kc_codec_text_or_null(signature->pdf_sha256), "recorded_by", kc_codec_text_or_null(by),
        "recorded_by_name", kc_codec_text_or_null(by != NULL ? g_hash_table_lookup(draft->names, by) : NULL), "at",
        kc_codec_time_or_null(signature->signed_us));
}

static json_t *
service_of(const KcServiceView *view)
{
    const KcService *service = view->service;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "party_id", view->party_id, "label",
                     kc_codec_text_or_null(view->label), "way",
                     kc_codec_text_or_null(service != NULL ? service->way : NULL), "served_at",
                     kc_codec_time_or_null(service != NULL ? service->served_us : 0), "document_sha256",
                     kc_codec_text_or_null(service != NULL ? service->sha256 : NULL), "opened_at",
                     kc_codec_time_or_null(view->opening != NULL ? view->opening->opened_us : 0));
}

static json_t *
describe(const KcBundleDraft *draft, const KcDocumentView *view)
{
    const KcDocumentRow *document = view->document;
    json_t *signatures = json_array(), *services = json_array();
    for (guint i = 0; i < view->signatures->len; i++)
        json_array_append_new(signatures, signature_of(draft, view->signatures->pdata[i]));
    for (guint i = 0; i < view->services->len; i++)
        json_array_append_new(services, service_of(view->services->pdata[i]));
    const char *officer = document->issued_by != NULL ? g_hash_table_lookup(draft->names, document->issued_by) : NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", document->id, "kind",
                     document->kind, "number", document->number, "text_sha256", document->sha256, "pdf_sha256",
                     kc_codec_text_or_null(document->pdf_sha256), "issued_at",
                     kc_codec_time_or_null(document->issued_us), "issued_by",
                     kc_codec_text_or_null(document->issued_by), "issued_by_name", kc_codec_text_or_null(officer),
                     "issued_by_party", kc_codec_text_or_null(document->issued_by_party), "revoked_at",
                     kc_codec_time_or_null(view->revoked_us), "replaced_by", kc_codec_text_or_null(view->replaced_by),
                     "signatures", signatures, "services", services);
}

/* One of its files; takes `bytes`. `how` NULL: it is the original. */
static void
add_file(KcBundleDraft *draft, json_t *files, const KcDocumentRow *document, const char *suffix, GBytes *bytes,
         const char *original_sha256, const char *how)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autofree char *name = g_strconcat("documents/", document->number, suffix, NULL);
    g_autofree char *sha256 = kc_sha256_hex(data, size);
    json_t *derived = how != NULL ? json_pack("{s:s, s:o, s:s}", "document_id", document->id, "sha256",
                                              kc_codec_text_or_null(original_sha256), "redaction", how)
                                  : json_null();
    json_array_append_new(files, json_pack("{s:s, s:s, s:I, s:o}", "file", name, "sha256", sha256, "bytes",
                                           (json_int_t)size, "derived_from", derived));
    kc_bundle_add_bytes(draft, name, bytes, document->issued_us);
}

/* ---- For staff: as it is ---- */

/* The signed copy is set anew from the text each time, so it is no original; where it can't be, the original is enough.
 */
static void
add_copy(KcBundleDraft *draft, json_t *files, const KcDocumentRow *document)
{
    g_auto(KcDocumentPdf) pdf = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gboolean done =
        kc_app_get_document_pdf(draft->app, draft->who, draft->case_id, document->id, FALSE, &pdf, &result, &error);
    if (done && pdf.is_copy)
        add_file(draft, files, document, "-signed.pdf", g_bytes_ref(pdf.bytes), document->pdf_sha256, PRINTED);
    else if (!done && error != NULL)
        kc_bundle_add_problem(draft, "documents/%s-signed.pdf: %s", document->number, error->message);
}

static void
add_whole(KcBundleDraft *draft, json_t *files, const KcDocumentRow *document)
{
    add_file(draft, files, document, ".txt", g_bytes_new(document->text, strlen(document->text)), NULL, NULL);
    if (document->pdf_object_id != NULL)
        add_copy(draft, files, document);
}

/* ---- For a party: what is personal to others masked ---- */

static const KcPrintDecision *
own_decision(const KcBundleDraft *draft, const KcDocumentView *view, KcPrintDecision *ret_decision)
{
    for (guint i = 0; i < view->signatures->len; i++) {
        const KcSignatureView *one = view->signatures->pdata[i];
        const KcSignature *signature = one->signature;
        if (g_strcmp0(signature->party_id, draft->who->party_id) != 0)
            continue;
        *ret_decision = (KcPrintDecision){.label = one->label,
                                          .statement = signature->statement,
                                          .at_us = signature->signed_us,
                                          .by_officer = signature->recorded_by != NULL,
                                          .of_receipt = g_strcmp0(signature->refused_what, "receipt") == 0};
        if (kc_decision_from_string(signature->decision, &ret_decision->decision))
            return ret_decision;
    }
    return NULL;
}

static gboolean
add_masked_pdf(KcBundleDraft *draft, json_t *files, const KcDocumentView *view, const char *text, GError **error)
{
    KcPrintDecision decision;
    const KcPrintDecision *own = own_decision(draft, view, &decision);
    g_autofree char *sha256 = kc_sha256_hex(text, strlen(text));
    KcDocumentRow masked = *view->document;
    masked.text = (char *)text;
    masked.sha256 = sha256;
    GBytes *pdf = kc_app_print(draft->app, &masked, own, own != NULL ? 1 : 0, draft->result, error);
    if (pdf == NULL)
        return FALSE;
    add_file(draft, files, view->document, "-excerpt.pdf", pdf, view->document->pdf_sha256, "masked");
    return TRUE;
}

static gboolean
add_masked(KcBundleDraft *draft, json_t *files, const KcDocumentView *view, GError **error)
{
    const KcDocumentRow *document = view->document;
    const char *own = kc_party_label_zh(kc_bundle_label(draft, draft->who->party_id));
    g_autofree char *text = kc_document_mask(document->text, own, document->sha256);
    add_file(draft, files, document, "-excerpt.txt", g_bytes_new(text, strlen(text)), document->sha256, "masked");
    if (document->pdf_object_id == NULL || kc_app_template(draft->app, document) == NULL)
        return TRUE;
    return add_masked_pdf(draft, files, view, text, error);
}

gboolean
kc_bundle_add_documents(KcBundleDraft *draft, GError **error)
{
    for (guint i = 0; i < draft->view->documents->len; i++) {
        const KcDocumentView *view = draft->view->documents->pdata[i];
        json_t *root = describe(draft, view), *files = json_array();
        json_array_append_new(draft->documents, root);
        json_object_set_new(root, "files", files);
        if (!draft->excerpt)
            add_whole(draft, files, view->document);
        else if (!add_masked(draft, files, view, error))
            return FALSE;
    }
    return TRUE;
}
