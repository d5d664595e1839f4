#include "src/app/review_packet.h"

#include "src/app/codec_private.h"
#include "src/app/determinations.h"
#include "src/app/objects.h"
#include "src/app/zip.h"

#include <string.h>

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const KcReviewRow *review;
    gint64 now_us;
    KcCaseView *view;
    GPtrArray *recordings; /* of KcRecording */
    KcZip *zip;
    KcResult *result;
} Packet;

static gboolean
add_json(Packet *self, const char *name, json_t *taken, GError **error)
{
    g_autoptr(json_t) root = taken;
    char *text = json_dumps(root, JSON_INDENT(2));
    gboolean done = kc_zip_add(self->zip, name, text, strlen(text), self->now_us, error);
    free(text);
    return done;
}

/* ---- what is there ---- */

static json_t *
party_of(const KcPartyView *view)
{
    const KcParty *party = view->party;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "id", party->id, "label", party->label, "name",
                     kc_codec_text_or_null(party->name), "phone", kc_codec_text_or_null(party->phone), "plate_number",
                     kc_codec_text_or_null(party->plate_number), "licence_number", kc_codec_text_or_null(party->licence_number));
}

static gboolean
add_case(Packet *self, GError **error)
{
    const KcCaseRow *row = self->view->row;
    json_t *parties = json_array();
    for (guint i = 0; i < self->view->parties->len; i++)
        json_array_append_new(parties, party_of(self->view->parties->pdata[i]));
    json_t *root =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "number", row->number, "occurred_at", kc_codec_time_or_null(row->occurred_us),
                  "place", kc_codec_text_or_null(row->place_text), "county", kc_codec_text_or_null(self->view->county_name), "officer",
                  kc_codec_text_or_null(self->view->officer_name), "parties", parties);
    return add_json(self, "case.json", root, error);
}

static gboolean
add_request(Packet *self, GError **error)
{
    const KcReviewRow *review = self->review;
    json_t *root = kc_json_parse(review->request_json);
    json_object_set_new(root, "review_id", json_string(review->id));
    json_object_set_new(root, "party_id", json_string(review->party_id));
    json_object_set_new(root, "document_id", json_string(review->document_id));
    json_object_set_new(root, "asked_at", kc_codec_time_or_null(review->asked_us));
    return add_json(self, "request.json", root, error);
}

/* ---- documents ---- */

static gboolean
add_pdf(Packet *self, const KcDocumentRow *document, gboolean original, GError **error)
{
    g_auto(KcDocumentPdf) pdf = {NULL};
    if (!kc_app_get_document_pdf(self->app, self->who, document->case_id, document->id, original, &pdf, self->result,
                                 error))
        return FALSE;
    if (!original && !pdf.is_copy)
        return TRUE;
    gsize size;
    const void *data = g_bytes_get_data(pdf.bytes, &size);
    g_autofree char *name = g_strdup_printf("documents/%s%s.pdf", document->number, original ? "" : "-signed");
    return kc_zip_add(self->zip, name, data, size, document->issued_us, error);
}

static gboolean
add_document(Packet *self, const KcDocumentRow *document, GError **error)
{
    g_autofree char *name = g_strdup_printf("documents/%s.txt", document->number);
    if (!kc_zip_add(self->zip, name, document->text, strlen(document->text), document->issued_us, error))
        return FALSE;
    return document->pdf_object_id == NULL ||
           (add_pdf(self, document, TRUE, error) && add_pdf(self, document, FALSE, error));
}

static json_t *
statement_of(const KcSignatureView *view)
{
    const KcSignature *signature = view->signature;
    return json_pack("{s:s, s:o, s:s, s:s, s:o, s:o, s:s, s:o}", "party_id", signature->party_id, "label",
                     kc_codec_text_or_null(view->label), "document_id", signature->document_id, "decision", signature->decision,
                     "refusal", kc_codec_text_or_null(signature->refused_what), "statement", kc_codec_text_or_null(signature->statement),
                     "document_sha256", signature->document_sha256, "at", kc_codec_time_or_null(signature->signed_us));
}

/* From which day the request is in time (art. 71). */
static json_t *
service_of(const KcService *service, const KcOpening *opening)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o}", "party_id", service->party_id, "document_id",
                     service->document_id, "way", service->way, "delivery", kc_codec_text_or_null(service->delivery), "note",
                     kc_codec_text_or_null(service->note), "document_sha256", service->sha256, "at", kc_codec_time_or_null(service->served_us),
                     "opened_at", kc_codec_time_or_null(opening != NULL ? opening->opened_us : 0));
}

static gboolean
add_services(Packet *self, GError **error)
{
    json_t *services = json_array();
    for (guint i = 0; i < self->view->documents->len; i++) {
        const KcDocumentView *view = self->view->documents->pdata[i];
        for (guint n = 0; n < view->services->len; n++) {
            const KcServiceView *one = view->services->pdata[n];
            if (one->service != NULL)
                json_array_append_new(services, service_of(one->service, one->opening));
        }
    }
    return add_json(self, "services.json", services, error);
}

static gboolean
add_documents(Packet *self, GError **error)
{
    json_t *statements = json_array();
    for (guint i = 0; i < self->view->documents->len; i++) {
        const KcDocumentView *view = self->view->documents->pdata[i];
        for (guint n = 0; n < view->signatures->len; n++)
            json_array_append_new(statements, statement_of(view->signatures->pdata[n]));
        if (!add_document(self, view->document, error)) {
            json_decref(statements);
            return FALSE;
        }
    }
    return add_json(self, "statements.json", statements, error) && add_services(self, error);
}

/* ---- pictures ---- */

static const char *
suffix_of(const char *content_type)
{
    return strcmp(content_type, "image/png") == 0 ? "png" : strcmp(content_type, "image/webp") == 0 ? "webp" : "jpg";
}

static gboolean
add_still(Packet *self, const KcStillView *still, const char *name, GError **error)
{
    g_autoptr(KcObjectReader) reader = NULL;
    if (!kc_app_open_still(self->app, self->who, self->review->case_id, still->id, &reader, self->result, error))
        return FALSE;
    gsize size = (gsize)kc_object_reader_size(reader);
    g_autofree guint8 *data = g_malloc(size);
    return kc_object_reader_read(reader, 0, data, size, error) &&
           kc_zip_add(self->zip, name, data, size, still->taken_us, error);
}

/* All are listed; those that the packet has no room for are named, and to be had by their hash. */
static gboolean
add_stills(Packet *self, GError **error)
{
    json_t *list = json_array();
    for (guint i = 0; i < self->view->stills->len; i++) {
        const KcStillView *still = self->view->stills->pdata[i];
        g_autofree char *name = g_strdup_printf("stills/%03u.%s", i + 1, suffix_of(still->content_type));
        gboolean fits = kc_zip_size(self->zip) + (gsize)still->bytes <= KC_LIMIT_PACKET_BYTES;
        if (fits && !add_still(self, still, name, error)) {
            json_decref(list);
            return FALSE;
        }
        json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "id", still->id, "file",
                                              kc_codec_text_or_null(fits ? name : NULL), "kind", still->kind, "shot",
                                              kc_codec_text_or_null(still->shot), "party_id", kc_codec_text_or_null(still->party_id),
                                              "taken_at", kc_codec_time_or_null(still->taken_us), "sha256",
                                              kc_codec_text_or_null(still->sha256)));
    }
    return add_json(self, "stills.json", list, error);
}

/* ---- recordings and the log ---- */

static gboolean
load_recordings(KcTx *tx, gpointer data, GError **error)
{
    Packet *self = data;
    self->recordings = kc_recording_store_list(tx, self->review->case_id, error);
    return self->recordings != NULL;
}

static gboolean
add_recordings(Packet *self, GError **error)
{
    if (!kc_store_read(self->app->store, load_recordings, self, error))
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < self->recordings->len; i++) {
        const KcRecording *recording = self->recordings->pdata[i];
        const KcObject *object = recording->object;
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:s, s:o}", "id", object->id, "party_id",
                                              kc_codec_text_or_null(object->party_id), "user_id", kc_codec_text_or_null(object->user_id),
                                              "started_at", kc_codec_time_or_null(recording->started_us), "ended_at",
                                              kc_codec_time_or_null(recording->ended_us), "duration_ms",
                                              (json_int_t)recording->duration_ms, "status", object->status, "sha256",
                                              kc_codec_text_or_null(object->sha256)));
    }
    return add_json(self, "recordings.json", list, error);
}

static gboolean
add_log(Packet *self, GError **error)
{
    g_autoptr(GPtrArray) items = NULL;
    if (!kc_app_timeline(self->app, self->who, self->review->case_id, &items, self->result, error))
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < items->len; i++) {
        const KcTimelineItem *item = items->pdata[i];
        json_array_append_new(list, json_pack("{s:I, s:o, s:s, s:s, s:o, s:o, s:o}", "seq", (json_int_t)item->seq, "at",
                                              kc_codec_time_or_null(item->at_us), "kind", item->kind, "actor_kind", item->actor_kind,
                                              "actor_id", kc_codec_text_or_null(item->actor_id), "actor_name",
                                              kc_codec_text_or_null(item->actor_name), "data", kc_json_parse(item->data_json)));
    }
    return add_json(self, "log.json", list, error);
}

static gboolean
fill(Packet *self, GError **error)
{
    return kc_app_get_case(self->app, self->who, self->review->case_id, &self->view, self->result, error) &&
           add_case(self, error) && add_request(self, error) && add_documents(self, error) &&
           add_stills(self, error) && add_recordings(self, error) && add_log(self, error);
}

GBytes *
kc_app_review_packet(KcApp *app, const KcPrincipal *who, const KcReviewRow *review, KcResult *result, GError **error)
{
    g_autoptr(KcZip) zip = kc_zip_new();
    Packet self = {
        .app = app, .who = who, .review = review, .now_us = kc_app_now(app), .zip = zip, .result = result};
    GBytes *packet = fill(&self, error) ? kc_zip_finish(zip, self.now_us, error) : NULL;
    kc_case_view_free(self.view);
    g_clear_pointer(&self.recordings, g_ptr_array_unref);
    return packet;
}
