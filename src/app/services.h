/* Service of a document on each party (送达): electronic by consent, with proof of receipt; else on paper, or refused, as the
 * desk notes it (Order 146, arts. 24, 78; procedure, art. 36). Limits run from the record of it. */
#pragma once

#include "src/app/app.h"
#include "src/app/views.h"

typedef struct {
    const char *document_sha256; /* by the party: of the text or the PDF that it has */
    /* By the desk: */
    const char *party_id;
    const char *way;      /* "paper" or "refused" */
    const char *delivery; /* of paper: "handed" or "posted" */
    const char *note;     /* needed for a refusal */
    gint64 served_us;     /* when it was received; 0: now */
} KcServeDocument;

/* The party says that it has the document, or the desk notes how it was served otherwise. CONFLICT: "no-consent" without
 * the party's consent to electronic service, "not-opened" before its link has fetched the document, "served-already",
 * "not-for-service" of what is not served, or was replaced. */
gboolean kc_app_serve_document(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                               const KcServeDocument *request, KcCaseView **ret_case, KcResult *result,
                               GError **error);

/* Notes that the bytes of a document have gone to the party's own link, the first time only. Nothing for others. */
gboolean kc_app_note_opening(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                             const char *sha256, KcResult *result, GError **error);
