#include "src/http/json_case.h"

#include <string.h>

json_t *
kc_json_still(const KcStillView *still, const char *case_id)
{
    g_autofree char *url = g_strdup_printf("/api/v1/cases/%s/stills/%s", case_id, still->id);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:s, s:s}", "id", still->id, "kind",
                     still->kind, "shot", kc_json_text_or_null(still->shot), "party_id",
                     kc_json_text_or_null(still->party_id), "taken_at", kc_json_time_or_null(still->taken_us),
                     "media_time_ms", still->media_time_ms >= 0 ? json_integer(still->media_time_ms) : json_null(),
                     "width", (json_int_t)still->width, "height", (json_int_t)still->height, "bytes",
                     (json_int_t)still->bytes, "sha256", kc_json_text_or_null(still->sha256), "content_type",
                     still->content_type, "url", url);
}

json_t *
kc_json_signature(const KcSignatureView *view)
{
    const KcSignature *signature = view->signature;
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:o}", "party_id", signature->party_id, "label",
                     kc_json_text_or_null(view->label), "decision", signature->decision, "refusal",
                     kc_json_text_or_null(signature->refused_what), "statement",
                     kc_json_text_or_null(signature->statement), "signed_at",
                     kc_json_time_or_null(signature->signed_us), "signature_object_id",
                     kc_json_text_or_null(signature->object_id), "document_sha256", signature->document_sha256,
                     "pdf_sha256", kc_json_text_or_null(signature->pdf_sha256));
}

/* What became of an agreement; null of another document. */
static json_t *
proposal_of(const KcDocumentRow *document)
{
    if (document->proposal == NULL)
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:o}", "status", document->proposal, "reason",
                     kc_json_text_or_null(document->proposal_reason), "ended_at",
                     kc_json_time_or_null(document->proposal_ended_us), "party_id",
                     kc_json_text_or_null(document->issued_by_party));
}

static json_t *
service_of(const KcServiceView *view)
{
    const KcService *service = view->service;
    const KcOpening *opening = view->opening;
    json_t *root = json_pack("{s:s, s:o, s:s, s:o, s:o}", "party_id", view->party_id, "label",
                             kc_json_text_or_null(view->label), "state", kc_service_state_to_string(view->state),
                             "opened_at", kc_json_time_or_null(opening != NULL ? opening->opened_us : 0),
                             "opened_sha256", kc_json_text_or_null(opening != NULL ? opening->sha256 : NULL));
    const struct {
        const char *name;
        const char *value;
    } texts[] = {
        {"way", service != NULL ? service->way : NULL},
        {"delivery", service != NULL ? service->delivery : NULL},
        {"sha256", service != NULL ? service->sha256 : NULL},
        {"pdf_sha256", service != NULL ? service->pdf_sha256 : NULL},
        {"recorded_by", service != NULL ? service->recorded_by : NULL},
        {"note", service != NULL ? service->note : NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        json_object_set_new(root, texts[i].name, kc_json_text_or_null(texts[i].value));
    json_object_set_new(root, "served_at", kc_json_time_or_null(service != NULL ? service->served_us : 0));
    return root;
}

json_t *
kc_json_document(const KcDocumentView *view)
{
    const KcDocumentRow *document = view->document;
    g_autofree char *url = g_strdup_printf("/api/v1/cases/%s/documents/%s", document->case_id, document->id);
    json_t *signatures = json_array(), *services = json_array();
    for (guint i = 0; i < view->signatures->len; i++)
        json_array_append_new(signatures, kc_json_signature(view->signatures->pdata[i]));
    for (guint i = 0; i < view->services->len; i++)
        json_array_append_new(services, service_of(view->services->pdata[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "id", document->id, "kind", document->kind,
                     "number", document->number, "sha256", document->sha256, "pdf_sha256",
                     kc_json_text_or_null(document->pdf_sha256), "issued_at", kc_json_time_or_null(document->issued_us),
                     "revoked_at", kc_json_time_or_null(view->revoked_us), "replaced_by",
                     kc_json_text_or_null(view->replaced_by), "url", url, "signatures", signatures, "services",
                     services, "proposal", proposal_of(document));
}

static json_t *
known_or_null(gint64 number, gint64 unknown_below)
{
    return number >= unknown_below ? json_integer(number) : json_null();
}

static void
set_stats(json_t *root, const KcParticipantView *view)
{
    json_object_set_new(root, "bitrate_in_bps", json_integer(view->bitrate_in_bps));
    json_object_set_new(root, "bitrate_out_bps", json_integer(view->bitrate_out_bps));
    json_object_set_new(root, "loss_in", json_real((double)view->loss_in_permille / 1000));
    json_object_set_new(root, "loss_out", json_real((double)view->loss_out_permille / 1000));
    json_object_set_new(root, "rtt_ms", known_or_null(view->rtt_ms, 0));
    json_object_set_new(root, "age_last_packet_ms", known_or_null(view->age_last_packet_ms, 0));
    json_object_set_new(root, "width", known_or_null(view->width, 1));
    json_object_set_new(root, "height", known_or_null(view->height, 1));
    json_object_set_new(root, "nacks_sent", json_integer(view->nacks_sent));
    json_object_set_new(root, "nacks_answered", json_integer(view->nacks_answered));
    json_object_set_new(root, "plis_sent", json_integer(view->plis_sent));
    json_object_set_new(root, "recorded_bytes", json_integer(view->bytes_durable));
}

json_t *
kc_json_participant(const KcParticipantView *view)
{
    const char *id_name = strcmp(view->kind, "party") == 0   ? "party_id"
                          : strcmp(view->kind, "guest") == 0 ? "guest_id"
                                                             : "user_id";
    json_t *root = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s}", "leg_id", view->leg_id, "kind", view->kind,
                             id_name, kc_json_text_or_null(view->id), "name",
                             kc_json_text_or_null(view->name), "label", kc_json_text_or_null(view->label), "joined_at",
                             kc_json_time_or_null(view->joined_us), "media", view->media, "recording", view->recording);
    if (view->guest_kind != NULL)
        json_object_set_new(root, "guest_kind", json_string(view->guest_kind));
    json_object_set_new(root, "listens", json_boolean(view->listens));
    json_object_set_new(root, "mode", json_string(view->mode));
    json_object_set_new(root, "mode_since", kc_json_time_or_null(view->mode_since_us));
    const KcStillView *still = view->still;
    json_object_set_new(root, "live_still",
                        still == NULL ? json_null()
                                      : json_pack("{s:s, s:o, s:I, s:I}", "id", still->id, "taken_at",
                                                  kc_json_time_or_null(still->taken_us), "width",
                                                  (json_int_t)still->width, "height", (json_int_t)still->height));
    if (view->has_stats)
        set_stats(root, view);
    return root;
}

static json_t *
gaps_of(const GArray *gaps)
{
    json_t *list = json_array();
    for (guint i = 0; gaps != NULL && i < gaps->len; i++) {
        const KcMediaGap *gap = &g_array_index(gaps, KcMediaGap, i);
        json_array_append_new(
            list, json_pack("{s:I, s:I}", "from_ms", (json_int_t)gap->from_ms, "to_ms", (json_int_t)gap->to_ms));
    }
    return list;
}

json_t *
kc_json_recording(const KcRecordingView *view)
{
    g_autofree char *url = g_strdup_printf("/api/v1/recordings/%s/media", view->id);
    json_t *root = json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:I, s:o, s:o, s:I, s:I, s:s, s:o}", "id", view->id, "case_id", view->case_id,
        "label", kc_json_text_or_null(view->label), "name", kc_json_text_or_null(view->name), "kind", "track",
        "segment", (json_int_t)view->segment, "started_at", kc_json_time_or_null(view->started_us), "ended_at",
        kc_json_time_or_null(view->ended_us), "duration_ms", (json_int_t)view->duration_ms, "bytes",
        (json_int_t)view->bytes, "status", view->status, "sha256", kc_json_text_or_null(view->sha256));
    if (view->party_id != NULL)
        json_object_set_new(root, "party_id", json_string(view->party_id));
    if (view->user_id != NULL)
        json_object_set_new(root, "user_id", json_string(view->user_id));
    if (view->guest_id != NULL)
        json_object_set_new(root, "guest_id", json_string(view->guest_id));
    if (view->guest_kind != NULL)
        json_object_set_new(root, "guest_kind", json_string(view->guest_kind));
    json_object_set_new(root, "gaps", gaps_of(view->gaps));
    json_object_set_new(root, "has_audio", json_boolean(view->has_audio));
    json_object_set_new(root, "has_video", json_boolean(view->has_video));
    json_object_set_new(root, "width", json_integer(view->width));
    json_object_set_new(root, "height", json_integer(view->height));
    json_object_set_new(root, "url", json_string(url));
    return root;
}
