/* From the officer's draft to the signed document. */
#pragma once

#include "src/app/cases.h"
#include "src/domain/consistency.h"

#include <jansson.h>

/* Replaces the draft. A contradiction or a foreign party or evidence id is INVALID; what is merely missing is in
 * `*ret_missing` (of KcFinding). */
gboolean kc_app_put_determination(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                                  const KcDetermination *draft, KcCaseView **ret_case, GPtrArray **ret_missing,
                                  KcResult *result, GError **error);

/* Freezes, numbers, renders, hashes; the PDF is sealed as evidence. INVALID while anything is missing or contradictory;
 * CONFLICT "no-evidence" or "no-recording" when the domain refuses for that, "approval-needed" when a supervisor must
 * look first, "changed" if the case did not wait. */
gboolean kc_app_issue_determination(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                                    KcDocumentView **ret_document, KcResult *result, GError **error);

/* With its text: the exact issued bytes. A look at it is an entry of the audit log. */
gboolean kc_app_get_document(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                             KcDocumentView **ret_document, KcResult *result, GError **error);

typedef struct {
    GBytes *bytes;
    char *sha256;
    char *number;
    gboolean is_copy; /* with what the parties decided; else the original, as it was issued */
} KcDocumentPdf;
void kc_document_pdf_clear(KcDocumentPdf *pdf);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcDocumentPdf, kc_document_pdf_clear)

/* The document on paper: the signed copy once a party has decided, until then, or with `original`, the sealed original.
 * Who may not see signatures gets the original; a party reads only its own statement in the copy. NOT_FOUND "no-pdf" for
 * one that was issued without. A look is an entry of the audit log. Sets pages: not for a thread that serves. */
gboolean kc_app_get_document_pdf(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                                 gboolean original, KcDocumentPdf *ret_pdf, KcResult *result, GError **error);

typedef struct {
    KcDecision decision;
    GBytes *image_png; /* for "signed"; else NULL */
    const char *statement;
    const char *document_sha256; /* of the text, or of the original PDF */
    const char *party_id; /* by an officer: whose refusal is recorded; by a party NULL or its own */
    const char *refused;  /* by an officer: "signature" (so if NULL) or "receipt" */
} KcSignDocument;

/* CONFLICT "other-text" for a wrong hash, "decided" for a second time. */
gboolean kc_app_sign_document(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                              const KcSignDocument *request, KcSignatureView **ret_signature, KcCaseView **ret_case,
                              KcResult *result, GError **error);
void kc_signature_view_free(KcSignatureView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSignatureView, kc_signature_view_free)

/* The draft as JSON in the shape of the API: how it is stored, and what edges read and write. Codes are not checked.
 * NULL for a wrong type or an unknown key, with a pointer (RFC 6901, owned) to it. */
json_t *kc_determination_to_json(const KcDetermination *determination);
KcDetermination *kc_determination_from_json(const json_t *root, char **ret_pointer);
