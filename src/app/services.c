/* Invariants
 *
 * 1. A document is served on a party once; what was recorded stays.
 * 2. Electronic service takes the party's consent at that time, and its own act: its decision on the exact text, or its
 *    word that it has what its own link fetched.
 * 3. Only the desk and the party itself hear of it. */
#include "src/app/services.h"

#include "src/app/internal.h"
#include "src/domain/service.h"
#include "src/evidence/tokens.h"
#include "src/store/service_store.h"

#include <string.h>

#define ELECTRONIC "electronic_service"

void
kc_service_view_free(KcServiceView *view)
{
    if (view == NULL)
        return;
    kc_service_free(view->service);
    kc_opening_free(view->opening);
    g_free(view->party_id);
    g_free(view->label);
    g_free(view);
}

/* ---- what there is ---- */

static gboolean
consents(const GPtrArray *said, const char *party_id)
{
    gboolean holds = FALSE;
    for (guint i = 0; i < said->len; i++) {
        const KcConsent *consent = said->pdata[i];
        if (strcmp(consent->kind, ELECTRONIC) == 0 && g_strcmp0(consent->party_id, party_id) == 0)
            holds = consent->withdrawn_us == 0;
    }
    return holds;
}

static gboolean
load_one(KcTx *tx, const KcParty *party, const GPtrArray *said, KcDocumentView *view, GError **error)
{
    g_autoptr(KcService) service = NULL;
    g_autoptr(KcOpening) opening = NULL;
    const char *document_id = view->document->id;
    if (!kc_service_store_get(tx, document_id, party->id, &service, error) ||
        !kc_opening_store_get(tx, document_id, party->id, &opening, error))
        return FALSE;
    if (service == NULL && view->revoked_us > 0) /* what was replaced is no longer served */
        return TRUE;
    KcServiceView *one = g_new0(KcServiceView, 1);
    one->party_id = g_strdup(party->id);
    one->label = g_strdup(party->label);
    one->state = kc_service_state(service != NULL, consents(said, party->id));
    one->service = g_steal_pointer(&service);
    one->opening = g_steal_pointer(&opening);
    g_ptr_array_add(view->services, one);
    return TRUE;
}

gboolean
kc_app_load_services(KcTx *tx, const KcPrincipal *who, const GPtrArray *parties, KcDocumentView *view, GError **error)
{
    if (!kc_service_is_of(view->document->kind))
        return TRUE;
    g_autoptr(GPtrArray) said = kc_consent_store_list(tx, view->document->case_id, error);
    for (guint i = 0; said != NULL && i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        if (!kc_app_sees_field(who, KC_FIELD_SERVICE, party->id))
            continue;
        if (!load_one(tx, party, said, view, error))
            return FALSE;
    }
    return said != NULL;
}

/* ---- the record ---- */

/* To the desk and to that party; no other hears of it. Takes `event`. */
static gboolean
emit(KcTx *tx, const char *type, const char *case_id, const char *party_id, gint64 now_us, json_t *event,
     GError **error)
{
    json_t *own = json_deep_copy(event);
    if (kc_app_emit(tx, type, case_id, "desk", NULL, now_us, event, error))
        return kc_app_emit(tx, type, case_id, "party", party_id, now_us, own, error);
    json_decref(own);
    return FALSE;
}

static gboolean
tell(KcTx *tx, const KcPrincipal *who, const KcService *service, gint64 now_us, GError **error)
{
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?}", "document_id", service->document_id, "party_id",
                              service->party_id, "way", service->way, "sha256", service->sha256, "pdf_sha256",
                              service->pdf_sha256, "delivery", service->delivery);
    json_t *event = json_pack("{s:s, s:s, s:s}", "document_id", service->document_id, "party_id", service->party_id,
                              "way", service->way);
    if (kc_app_log(tx, who, service->case_id, "document.served", now_us, entry, error))
        return emit(tx, "document.served", service->case_id, service->party_id, now_us, event, error);
    json_decref(event);
    return FALSE;
}

/* Takes `service`, of which way and what belongs to it are known. */
static gboolean
record(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const KcDocumentRow *document,
       KcService *taken, gint64 now_us, GError **error)
{
    g_autoptr(KcService) service = taken;
    service->id = g_strdup(kc_app_new_id(app).text);
    service->case_id = g_strdup(row->id);
    service->document_id = g_strdup(document->id);
    service->sha256 = g_strdup(document->sha256);
    service->pdf_sha256 = g_strdup(document->pdf_sha256);
    service->recorded_us = now_us;
    if (service->served_us == 0)
        service->served_us = now_us;
    return kc_service_store_insert(tx, service, error) && tell(tx, who, service, now_us, error) &&
           kc_app_prolong_links(app, tx, row, now_us, error);
}

static KcService *
service_new(const char *party_id, KcServiceWay way)
{
    KcService *service = g_new0(KcService, 1);
    service->party_id = g_strdup(party_id);
    service->way = g_strdup(kc_service_way_to_string(way));
    return service;
}

gboolean
kc_app_serve_by_decision(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row,
                         const KcDocumentRow *document, const KcSignature *signature, GError **error)
{
    g_autoptr(KcService) there = NULL;
    if (!kc_service_is_of(document->kind))
        return TRUE;
    g_autoptr(GPtrArray) said = kc_consent_store_list(tx, row->id, error);
    if (said == NULL || !kc_service_store_get(tx, document->id, signature->party_id, &there, error))
        return FALSE;
    gboolean noted = signature->recorded_by != NULL;
    gboolean not_received = noted && g_strcmp0(signature->refused_what, "receipt") != 0;
    if (there != NULL || not_received || (!noted && !consents(said, signature->party_id)))
        return TRUE;
    KcService *service = service_new(signature->party_id, noted ? KC_SERVICE_REFUSED : KC_SERVICE_ELECTRONIC);
    service->recorded_by = g_strdup(signature->recorded_by);
    service->note = noted ? g_strdup(signature->statement) : NULL;
    return record(app, tx, who, row, document, service, signature->signed_us, error);
}

/* ---- said by the party, or noted by the desk ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *document_id;
    const KcServeDocument *request;
    const char *party_id;
    gint64 now_us;
    KcResult *result;
} Serve;

static gboolean
check_own(Serve *self)
{
    const KcServeDocument *request = self->request;
    if (request->party_id != NULL && strcmp(request->party_id, self->who->party_id) != 0)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours", "A party speaks only for itself.");
    if (request->way != NULL || request->delivery != NULL || request->note != NULL || request->served_us != 0)
        return kc_refuse_field(self->result, "/way", "由民警注明 / the desk notes this");
    if (request->document_sha256 == NULL)
        return kc_refuse_field(self->result, "/document_sha256", "缺少文书的校验值 / which document it is");
    return TRUE;
}

static gboolean
check_noted(Serve *self)
{
    const KcServeDocument *request = self->request;
    KcServiceWay way = KC_SERVICE_ELECTRONIC;
    if (request->party_id == NULL)
        kc_refuse_field(self->result, "/party_id", "缺少当事人 / which party");
    if (!kc_service_way_from_string(request->way, &way) || way == KC_SERVICE_ELECTRONIC)
        kc_refuse_field(self->result, "/way", "paper or refused; a party itself says that it has it on its page");
    if (way == KC_SERVICE_PAPER && g_strcmp0(request->delivery, "handed") != 0 &&
        g_strcmp0(request->delivery, "posted") != 0)
        kc_refuse_field(self->result, "/delivery", "请选择当面交付或者邮寄 / handed or posted");
    if (way != KC_SERVICE_PAPER && request->delivery != NULL)
        kc_refuse_field(self->result, "/delivery", "只有纸质送达才填写 / only of paper");
    if (way == KC_SERVICE_REFUSED && (request->note == NULL || request->note[0] == '\0'))
        kc_refuse_field(self->result, "/note", "请注明拒收的情况 / what happened has to be noted");
    if (request->note != NULL && g_utf8_strlen(request->note, -1) > KC_LIMIT_TEXT_CHARS)
        kc_refuse_field(self->result, "/note", "内容过长 / too long");
    return self->result->kind == KC_RESULT_OK;
}

static gboolean
load_document(Serve *self, KcTx *tx, KcDocumentRow **ret_document, GError **error)
{
    g_autoptr(KcDocumentRow) document = NULL;
    g_autoptr(KcParty) party = NULL;
    if (!kc_app_find_document(tx, self->case_id, self->document_id, &document, self->result, error) ||
        !kc_app_find_party(tx, self->case_id, self->party_id, &party, self->result, error))
        return FALSE;
    *ret_document = g_steal_pointer(&document);
    return TRUE;
}

static gboolean
check_unserved(Serve *self, KcTx *tx, const KcDocumentRow *document, GError **error)
{
    g_autoptr(KcService) there = NULL;
    g_autoptr(GPtrArray) revocations = kc_revocation_store_list(tx, self->case_id, error);
    if (revocations == NULL || !kc_service_store_get(tx, document->id, self->party_id, &there, error))
        return FALSE;
    gboolean revoked = FALSE;
    for (guint i = 0; i < revocations->len; i++)
        revoked |= strcmp(((const KcRevocation *)revocations->pdata[i])->document_id, document->id) == 0;
    if (!kc_service_is_of(document->kind) || revoked)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-for-service",
                         "这份文书不需要送达，或者已被新的文书代替 / this document is not served, or another one has replaced it");
    return there == NULL || kc_refuse(self->result, KC_RESULT_CONFLICT, "served-already",
                                      "这份文书已经送达 / this document has been served on this party");
}

static gboolean
is_what_was_sent(const char *given, const KcDocumentRow *document, const KcOpening *opening)
{
    return kc_token_equal(given, document->sha256) || kc_token_equal(given, opening->sha256) ||
           (document->pdf_sha256 != NULL && kc_token_equal(given, document->pdf_sha256));
}

static gboolean
check_receipt(Serve *self, KcTx *tx, const KcDocumentRow *document, GError **error)
{
    g_autoptr(KcOpening) opening = NULL;
    g_autoptr(GPtrArray) said = kc_consent_store_list(tx, self->case_id, error);
    if (said == NULL || !kc_opening_store_get(tx, document->id, self->party_id, &opening, error))
        return FALSE;
    if (!consents(said, self->party_id))
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "no-consent",
                         "您没有同意电子送达，文书会以纸质送达 / without your consent to electronic service it is served on paper");
    if (opening == NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-opened",
                         "请先打开文书再确认收到 / open the document first");
    return is_what_was_sent(self->request->document_sha256, document, opening) ||
           kc_refuse(self->result, KC_RESULT_CONFLICT, "other-text", "This is not the document that was issued.");
}

/* Received after it was issued, and not in the future. */
static gboolean
check_time(Serve *self, const KcDocumentRow *document)
{
    gint64 at = self->request->served_us;
    if (at == 0 || (at >= document->issued_us && at <= self->now_us))
        return TRUE;
    return kc_refuse_field(self->result, "/served_at",
                           "送达时间应在出具之后、现在之前 / after it was issued, and not in the future");
}

static KcService *
service_of(const Serve *self)
{
    const KcServeDocument *request = self->request;
    KcServiceWay way = KC_SERVICE_ELECTRONIC;
    kc_service_way_from_string(request->way, &way);
    KcService *service = service_new(self->party_id, way);
    service->delivery = g_strdup(request->delivery);
    service->note = g_strdup(request->note);
    service->served_us = request->served_us;
    service->recorded_by = g_strdup(self->who->user_id);
    return service;
}

static gboolean
serve(KcTx *tx, gpointer data, GError **error)
{
    Serve *self = data;
    gboolean own = self->who->party_id != NULL;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcDocumentRow) document = NULL;
    if (!kc_app_load_case(tx, self->who, own ? KC_ACTION_CONFIRM_RECEIPT : KC_ACTION_RECORD_SERVICE, self->case_id, &row,
                          self->result, error) ||
        !load_document(self, tx, &document, error) || !check_unserved(self, tx, document, error) ||
        !check_time(self, document) || (own && !check_receipt(self, tx, document, error)))
        return FALSE;
    return record(self->app, tx, self->who, row, document, service_of(self), self->now_us, error);
}

gboolean
kc_app_serve_document(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                      const KcServeDocument *request, KcCaseView **ret_case, KcResult *result, GError **error)
{
    gboolean own = who->party_id != NULL;
    Serve self = {.app = app,
                  .who = who,
                  .case_id = case_id,
                  .document_id = document_id,
                  .request = request,
                  .party_id = own ? who->party_id : request->party_id,
                  .now_us = kc_app_now(app),
                  .result = result};
    return kc_app_check_role(who, own ? KC_ACTION_CONFIRM_RECEIPT : KC_ACTION_RECORD_SERVICE, result) &&
           (own ? check_own(&self) : check_noted(&self)) && kc_app_write(app, serve, &self, result, error) &&
           kc_app_read_view(app, who, case_id, ret_case, error);
}

/* ---- the first opening ---- */

typedef struct {
    const KcPrincipal *who;
    KcOpening opening; /* borrowed texts */
    gboolean known;
} Open;

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Open *self = data;
    g_autoptr(KcOpening) there = NULL;
    if (!kc_opening_store_get(tx, self->opening.document_id, self->opening.party_id, &there, error))
        return FALSE;
    self->known = there != NULL;
    return TRUE;
}

static gboolean
note(KcTx *tx, gpointer data, GError **error)
{
    Open *self = data;
    const KcOpening *opening = &self->opening;
    gboolean first = FALSE;
    if (!kc_opening_store_add(tx, opening, &first, error))
        return FALSE;
    if (!first)
        return TRUE;
    json_t *entry = json_pack("{s:s, s:s}", "document_id", opening->document_id, "sha256", opening->sha256);
    return kc_app_log(tx, self->who, opening->case_id, "document.opened", opening->opened_us, entry, error) &&
           emit(tx, "document.opened", opening->case_id, opening->party_id, opening->opened_us,
                json_pack("{s:s}", "document_id", opening->document_id), error);
}

gboolean
kc_app_note_opening(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                    const char *sha256, KcResult *result, GError **error)
{
    Open self = {.who = who,
                 .opening = {.document_id = (char *)document_id,
                             .party_id = who->party_id,
                             .case_id = (char *)case_id,
                             .sha256 = (char *)sha256,
                             .opened_us = kc_app_now(app)}};
    if (who->party_id == NULL)
        return TRUE;
    return kc_app_read(app, look, &self, result, error) &&
           (self.known || kc_app_write(app, note, &self, result, error));
}
