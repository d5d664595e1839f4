/* Issued documents and what each party answered. Both are written once; triggers refuse a change. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *case_id;
    char *kind;         /* determination agreement review_conclusion correction */
    char *number;       /* unique */
    char *text;         /* the exact issued UTF-8 text, sealed */
    char *sha256;       /* of those bytes, hexadecimal */
    char *content_json; /* the frozen data that the text was made from, sealed; or NULL */
    char *issued_by;       /* user id; NULL: a party proposed it */
    char *issued_by_party; /* party id, of an agreement; else NULL */
    gint64 issued_us;
    char *pdf_object_id; /* of the PDF that was set from the text at issue; NULL: there is none */
    char *pdf_sha256;
    /* Read, not written here: of an agreement, what became of it (agreement_store.h); NULL for other kinds. */
    char *proposal; /* open agreed withdrawn */
    char *proposal_reason;
    gint64 proposal_ended_us;
    gint64 rules_number; /* of its case: whose layout it has */
} KcDocumentRow;

void kc_document_row_free(KcDocumentRow *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDocumentRow, kc_document_row_free)

gboolean kc_document_store_insert(KcTx *tx, const KcDocumentRow *document, GError **error);
gboolean kc_document_store_get(KcTx *tx, const char *id, KcDocumentRow **ret_document, GError **error);
/* of KcDocumentRow, by time */
GPtrArray *kc_document_store_list(KcTx *tx, const char *case_id, GError **error);
/* The newest of such a list that stands: what was proposed and withdrawn does not, and the
 * papers of a review are read, not signed. Borrowed; NULL: none. */
KcDocumentRow *kc_document_rows_standing(const GPtrArray *documents);
/* The proposal of such a list that waits for signatures. Borrowed; NULL: none. */
KcDocumentRow *kc_document_rows_proposed(const GPtrArray *documents);

typedef struct {
    char *id;
    char *case_id;
    char *document_id;
    char *party_id;
    char *decision;  /* signed refused objected */
    char *statement; /* sealed; or NULL */
    char *object_id; /* the signature's image; or NULL */
    char *document_sha256; /* of what the signer was shown: the text, or the PDF */
    char *pdf_sha256;      /* of the issued PDF; NULL: there was none */
    char *recorded_by;  /* user id of the officer who noted a refusal; or NULL */
    char *refused_what; /* signature receipt: as that officer noted it; or NULL */
    gint64 signed_us;
} KcSignature;

void kc_signature_free(KcSignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSignature, kc_signature_free)

/* KC_STORE_ERROR_CONFLICT: this party already answered this document. */
gboolean kc_signature_store_insert(KcTx *tx, const KcSignature *signature, GError **error);
/* of KcSignature, by time. `document_id` NULL: of all documents of the case. */
GPtrArray *kc_signature_store_list(KcTx *tx, const char *case_id, const char *document_id, GError **error);
