/* An issued document, exactly as it was issued. */
#include "src/app/determinations.h"
#include "src/app/object_reader.h"
#include "src/app/services.h"

typedef struct {
    const KcPrincipal *who;
    const char *case_id;
    const char *document_id;
    KcDocumentView *view;
    KcResult *result;
} GetDocument;

gboolean
kc_app_load_document(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *document_id,
                     KcDocumentView **ret_view, KcResult *result, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcDocumentRow) document = NULL;
    if (!kc_app_load_case(tx, who, KC_ACTION_READ_DOCUMENT, case_id, &row, result, error) ||
        !kc_app_find_document(tx, case_id, document_id, &document, result, error))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, case_id, error);
    g_autoptr(GPtrArray) signatures =
        parties != NULL ? kc_signature_store_list(tx, case_id, document_id, error) : NULL;
    if (signatures == NULL)
        return FALSE;
    *ret_view = kc_app_document_view(g_steal_pointer(&document), signatures, parties);
    return TRUE;
}

static gboolean
get_document(KcTx *tx, gpointer data, GError **error)
{
    GetDocument *self = data;
    return kc_app_load_document(tx, self->who, self->case_id, self->document_id, &self->view, self->result, error);
}

gboolean
kc_app_get_document(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                    KcDocumentView **ret_document, KcResult *result, GError **error)
{
    GetDocument self = {who, case_id, document_id, NULL, result};
    if (!kc_app_read(app, get_document, &self, result, error))
        return FALSE;
    g_autoptr(KcDocumentView) view = self.view;
    if (!kc_app_log_access(app, who, case_id, "document.viewed", document_id, result, error) ||
        !kc_app_note_opening(app, who, case_id, document_id, view->document->sha256, result, error))
        return FALSE;
    *ret_document = g_steal_pointer(&view);
    return TRUE;
}
