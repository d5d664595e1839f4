#include <string.h>

#include "src/app/calls.h"
#include "src/app/photo_requests.h"
#include "src/base/id.h"
#include "src/base/limits.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/range.h"
#include "src/http/routes.h"

#define MAX_SHOT_CHARS 40
/* Read before the reply begins: less than what is worth being opened ahead. */
#define READ_AT_ONCE_BYTES (256 * 1024)

/* ---- Sealed things as files ---- */

typedef struct {
    KcObjectReader *reader;
    guint64 first; /* where the part that is sent begins */
    guint64 length;
    char request_id[65];
} Part;

static gint64
part_read(gpointer data, guint64 at, guint8 *buffer, gsize len)
{
    Part *part = data;
    g_autoptr(GError) error = NULL;
    len = MIN(len, part->length - at);
    if (kc_object_reader_read(part->reader, (gint64)(part->first + at), buffer, len, &error))
        return (gint64)len;
    g_log_structured("kuaichu-http", G_LOG_LEVEL_WARNING, "KC_REQUEST_ID", part->request_id, "MESSAGE",
                     "request %s: sealed object: %s", part->request_id, error->message);
    return -1;
}

static void
part_free(gpointer data)
{
    Part *part = data;
    kc_object_reader_free(part->reader);
    g_free(part);
}

static gboolean
wants_content(const KcHttpRequest *request)
{
    return strcmp(request->method, "HEAD") != 0;
}

/* What is sent is read before the status is chosen, so that an object which was tampered with is a clear error instead of
 * a connection that breaks off; of what is longer, the first byte. */
static gboolean
reads_at_once(const KcHttpRequest *request, const KcRange *range)
{
    return range->length <= READ_AT_ONCE_BYTES && wants_content(request);
}

static KcHttpReply *
reply_bytes(KcObjectReader *reader, const KcRange *range, unsigned status, GError **error)
{
    g_autofree guint8 *bytes = g_malloc(range->length + 1);
    if (!kc_object_reader_read(reader, (gint64)range->first, bytes, range->length, error))
        return NULL;
    return kc_http_reply_bytes(status, NULL, g_bytes_new_take(g_steal_pointer(&bytes), range->length));
}

/* Takes the reader, if the first byte can be read. */
static KcHttpReply *
reply_source(KcHttpRequest *request, KcObjectReader **reader, const KcRange *range, unsigned status, GError **error)
{
    guint8 byte;
    if (wants_content(request))
        kc_object_reader_expect(*reader, (gint64)range->first, (gint64)range->length);
    if (range->length > 0 && !kc_object_reader_read(*reader, (gint64)range->first, &byte, 1, error))
        return NULL;
    Part *part = g_new0(Part, 1);
    KcHttpReply *reply = kc_http_reply_new(status);
    *part = (Part){.reader = g_steal_pointer(reader), .first = range->first, .length = range->length};
    g_strlcpy(part->request_id, request->request_id, sizeof part->request_id);
    reply->source = (KcHttpSource){.read = part_read, .free = part_free, .data = part, .size = range->length};
    return reply;
}

static KcHttpReply *
reply_part(KcHttpRequest *request, KcObjectReader **reader, const KcRange *range, guint64 size, GError **error)
{
    gboolean whole = range->kind == KC_RANGE_WHOLE;
    unsigned status = whole ? MHD_HTTP_OK : MHD_HTTP_PARTIAL_CONTENT;
    g_autofree char *type = g_strdup(kc_object_reader_content_type(*reader)); /* outlives the reader */
    KcHttpReply *reply = reads_at_once(request, range) ? reply_bytes(*reader, range, status, error)
                                                       : reply_source(request, reader, range, status, error);
    if (reply == NULL)
        return NULL;
    kc_http_reply_header(reply, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (!whole)
        kc_http_reply_headerf(reply, "Content-Range",
                              "bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, range->first,
                              range->first + range->length - 1, size);
    return reply;
}

static KcHttpReply *
reply_no_such_range(guint64 size)
{
    KcHttpReply *reply = kc_problem(MHD_HTTP_RANGE_NOT_SATISFIABLE, "range", "The range lies behind the end.");
    kc_http_reply_headerf(reply, "Content-Range", "bytes */%" G_GUINT64_FORMAT, size);
    return reply;
}

KcHttpReply *
kc_reply_object(KcHttpRequest *request, KcObjectReader *reader)
{
    g_autoptr(KcObjectReader) owned = reader;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint64 size = (guint64)kc_object_reader_size(reader);
    g_autofree char *etag = g_strdup_printf("\"%s\"", kc_object_reader_sha256(reader));
    if (kc_precondition_is_fresh(request, etag))
        return kc_precondition_not_modified(etag);
    KcRange range = kc_range_parse(kc_http_request_header(request, "Range"),
                                   kc_http_request_header(request, "If-Range"), etag, size);
    if (range.kind == KC_RANGE_UNSATISFIABLE)
        return reply_no_such_range(size);
    KcHttpReply *reply = reply_part(request, &owned, &range, size, &error);
    if (reply == NULL)
        return kc_outcome_reply(request, &result, error);
    kc_http_reply_header(reply, "ETag", etag);
    kc_http_reply_header(reply, "Accept-Ranges", "bytes");
    return reply;
}

/* ---- Photos and stills ---- */

static KcHttpReply *
reply_still(const KcStillView *still, const char *case_id)
{
    KcHttpReply *reply =
        kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "still", kc_json_still(still, case_id)));
    kc_http_reply_headerf(reply, "Location", "/api/v1/cases/%s/stills/%s", case_id, still->id);
    return reply;
}

KcHttpReply *
kc_post_photo(KcHttpRequest *request)
{
    const char *case_id = kc_http_request_id(request, 0), *shot = kc_http_request_query(request, "shot");
    g_auto(KcRequestKey) key = {0};
    g_autoptr(KcStillView) still = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (shot != NULL && (!g_utf8_validate(shot, -1, NULL) || g_utf8_strlen(shot, -1) > MAX_SHOT_CHARS))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter shot is not understood.");
    const char *asked = kc_http_request_query(request, "request"), *live = kc_http_request_query(request, "live");
    if (live != NULL && strcmp(live, "true") != 0 && strcmp(live, "false") != 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter live is not understood.");
    if (asked != NULL && !kc_id_is_valid(asked))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "The query parameter request is not understood.");
    if (request->body->len == 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "malformed", "The body must be an image.");
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal != NULL)
        return refusal;
    g_autoptr(GBytes) image = g_bytes_new_static(request->body->data, request->body->len);
    const KcNewPhoto photo = {.shot = shot,
                              .request_id = asked,
                              .live = g_strcmp0(live, "true") == 0,
                              .age_us = g_get_monotonic_time() - request->began_mono_us,
                              .image = image,
                              .idempotency = key.use};
    if (!kc_app_add_photo(request->app, request->caller.principal, case_id, &photo, &still, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_still(still, case_id);
}

static json_t *
live_still_item(gconstpointer view)
{
    return (json_t *)view;
}

KcHttpReply *
kc_get_live_stills(KcHttpRequest *request)
{
    const char *case_id = kc_http_request_id(request, 0);
    g_autoptr(GPtrArray) stills = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_live_stills(request->app, request->caller.principal, case_id, &stills, &result, &error))
        return kc_outcome_reply(request, &result, error);
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    for (guint i = 0; i < stills->len; i++)
        g_ptr_array_add(items, kc_json_still(stills->pdata[i], case_id));
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(items, live_still_item));
}

static const KcBindField new_snapshot_fields[] = {
    {"party_id", KC_BIND_ID, G_STRUCT_OFFSET(KcNewSnapshot, party_id), KC_BIND_REQUIRED},
    {"shot", KC_BIND_TEXT, G_STRUCT_OFFSET(KcNewSnapshot, shot), KC_BIND_NULLABLE, .max = MAX_SHOT_CHARS},
    {"still_id", KC_BIND_ID, G_STRUCT_OFFSET(KcNewSnapshot, still_id), KC_BIND_NULLABLE},
    {NULL},
};

/* ---- a photo asked for ---- */

static json_t *
photo_request_item(gconstpointer data)
{
    const KcPhotoRequest *request = data;
    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o}", "id", request->id, "party_id", request->party_id, "shot",
                     kc_json_text_or_null(request->shot), "state", request->state, "reason",
                     kc_json_text_or_null(request->reason), "still_id", kc_json_text_or_null(request->still_id),
                     "requested_at", kc_json_time_or_null(request->requested_us));
}

typedef struct {
    const char *party_id;
    const char *shot;
} NewPhotoRequest;

static const KcBindField new_photo_request_fields[] = {
    {"party_id", KC_BIND_ID, G_STRUCT_OFFSET(NewPhotoRequest, party_id), KC_BIND_REQUIRED},
    {"shot", KC_BIND_TEXT, G_STRUCT_OFFSET(NewPhotoRequest, shot), KC_BIND_NULLABLE, .max = MAX_SHOT_CHARS},
    {NULL},
};

KcHttpReply *
kc_post_photo_request(KcHttpRequest *request)
{
    NewPhotoRequest body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcPhotoRequest) asked = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_photo_request_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_request_photo(request->app, request->caller.principal, kc_http_request_id(request, 0), body.party_id,
                              body.shot, &asked, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "photo_request", photo_request_item(asked)));
}

KcHttpReply *
kc_get_photo_requests(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) list = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_photo_requests(request->app, request->caller.principal, kc_http_request_id(request, 0), &list,
                                    &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(list, photo_request_item));
}

typedef struct {
    const char *state, *reason;
} Answer;

static const KcBindField answer_fields[] = {
    {"state", KC_BIND_TEXT, G_STRUCT_OFFSET(Answer, state), KC_BIND_REQUIRED, .max = 8},
    {"reason", KC_BIND_TEXT, G_STRUCT_OFFSET(Answer, reason), KC_BIND_NULLABLE, .max = 40},
    {NULL},
};

KcHttpReply *
kc_patch_photo_request(KcHttpRequest *request)
{
    Answer body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, answer_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (strcmp(body.state, "declined") != 0 && strcmp(body.state, "failed") != 0)
        return kc_problem(MHD_HTTP_UNPROCESSABLE_CONTENT, "state", "declined or failed");
    if (!kc_app_answer_photo_request(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                     kc_http_request_id(request, 1), body.state, body.reason, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

KcHttpReply *
kc_post_snapshot(KcHttpRequest *request)
{
    const char *case_id = kc_http_request_id(request, 0);
    KcNewSnapshot body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcRequestKey) key = {0};
    g_autoptr(KcStillView) still = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_snapshot_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal != NULL)
        return refusal;
    body.idempotency = key.use;
    if (!kc_app_snapshot(request->app, request->caller.principal, case_id, &body, &still, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_still(still, case_id);
}

typedef gboolean (*OpenFn)(KcApp *app, const KcPrincipal *who, const char *case_id, const char *object_id,
                           KcObjectReader **ret_reader, KcResult *result, GError **error);

static KcHttpReply *
open_of_case(KcHttpRequest *request, OpenFn fn)
{
    KcObjectReader *reader = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!fn(request->app, request->caller.principal, kc_http_request_id(request, 0), kc_http_request_id(request, 1),
            &reader, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_object(request, reader);
}

KcHttpReply *
kc_get_still(KcHttpRequest *request)
{
    return open_of_case(request, kc_app_open_still);
}

KcHttpReply *
kc_get_object(KcHttpRequest *request)
{
    return open_of_case(request, kc_app_open_signature);
}

/* ---- Recordings ---- */

static json_t *
recording_item(gconstpointer view)
{
    return kc_json_recording(view);
}

KcHttpReply *
kc_get_recordings(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) recordings = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_recordings(request->app, request->caller.principal, kc_http_request_id(request, 0), &recordings,
                                &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(recordings, recording_item));
}

KcHttpReply *
kc_get_recording_media(KcHttpRequest *request)
{
    KcObjectReader *reader = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_open_recording(request->app, request->caller.principal, kc_http_request_id(request, 0), &reader,
                               &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_object(request, reader);
}

/* A player asks for one range after the other: all but the first cost two changes of thread less. */
gboolean
kc_recording_is_at_hand(KcHttpRequest *request)
{
    return kc_app_recording_is_at_hand(request->app, request->caller.principal, kc_http_request_id(request, 0));
}

KcHttpReply *
kc_get_recording_index(KcHttpRequest *request)
{
    g_auto(KcRecordingIndex) index = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_recording_index(request->app, request->caller.principal, kc_http_request_id(request, 0), &index,
                                &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *keyframes = json_array();
    for (guint i = 0; index.keyframes != NULL && i < index.keyframes->len; i++) {
        const KcKeyframe *keyframe = &g_array_index(index.keyframes, KcKeyframe, i);
        json_array_append_new(keyframes, json_pack("{s:I, s:I}", "at_ms", (json_int_t)keyframe->at_ms, "offset",
                                                   (json_int_t)keyframe->offset));
    }
    return kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:I, s:I, s:I, s:o}", "duration_ms",
                                                     (json_int_t)index.duration_ms, "width", (json_int_t)index.width,
                                                     "height", (json_int_t)index.height, "keyframes", keyframes));
}
