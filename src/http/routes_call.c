/* Signalling has the form of RFC 9725 (WHIP): POST of an offer gives a Location, PATCH is for ICE, DELETE hangs up. The
 * entity tag of a leg is its id, since a leg never restarts as another ICE session. */
#include <string.h>

#include "src/app/calls.h"
#include "src/app/events.h"
#include "src/app/ice_servers.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#define SDP_TYPE "application/sdp"
#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"

/* The body as text; NULL if it isn't any. */
static char *
text_of_body(const KcHttpRequest *request)
{
    const char *bytes = (const char *)request->body->data;
    gsize length = request->body->len;
    if (length == 0 || memchr(bytes, '\0', length) != NULL || !g_utf8_validate(bytes, (gssize)length, NULL))
        return NULL;
    return g_strndup(bytes, length);
}

static KcHttpReply *
no_text(void)
{
    return kc_problem(MHD_HTTP_BAD_REQUEST, "malformed", "The body must be SDP: text, and not empty.");
}

/* ---- TURN ---- */

KcHttpReply *
kc_get_ice_servers(KcHttpRequest *request)
{
    g_auto(KcIceServers) servers = {NULL};
    json_t *list = json_array(), *urls;
    g_autofree char *until = NULL;
    if (kc_app_ice_servers(request->app, request->caller.principal, &servers)) {
        urls = json_array();
        for (const char *const *uri = servers.uris; *uri != NULL; uri++)
            json_array_append_new(urls, json_string(*uri));
        json_array_append_new(list, json_pack("{s:o, s:s, s:s}", "urls", urls, "username", servers.username,
                                              "credential", servers.credential));
        until = kc_timestamp_format(servers.expires_us);
    }
    return kc_http_reply_json(MHD_HTTP_OK,
                              json_pack("{s:o, s:o}", "ice_servers", list, "expires_at", kc_json_text_or_null(until)));
}

/* RFC 9725, 4.6 */
static void
link_ice_servers(KcHttpRequest *request, KcHttpReply *reply)
{
    g_auto(KcIceServers) servers = {NULL};
    if (!kc_app_ice_servers(request->app, request->caller.principal, &servers))
        return;
    for (const char *const *uri = servers.uris; *uri != NULL; uri++)
        kc_http_reply_headerf(reply, "Link",
                              "<%s>; rel=\"ice-server\"; username=\"%s\"; credential=\"%s\"; credential-type=\"password\"",
                              *uri, servers.username, servers.credential);
}

/* ---- legs ---- */

typedef gboolean (*JoinFn)(KcApp *app, const KcPrincipal *who, const char *case_id, const char *offer,
                           KcJoinedCall *ret_joined, KcResult *result, GError **error);

KcHttpReply *
kc_post_call(KcHttpRequest *request)
{
    const char *case_id = kc_http_request_id(request, 0), *listen = kc_http_request_query(request, "listen");
    JoinFn join = g_strcmp0(listen, "true") == 0 ? kc_app_listen_in : kc_app_join_call;
    g_autofree char *offer = text_of_body(request);
    g_auto(KcJoinedCall) joined = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (offer == NULL)
        return no_text();
    if (listen != NULL && join == kc_app_join_call && strcmp(listen, "false") != 0)
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query", "listen must be true or false.");
    if (!join(request->app, request->caller.principal, case_id, offer, &joined, &result, &error))
        return kc_outcome_reply(request, &result, error);
    g_autofree char *origin = kc_http_request_origin(request);
    KcHttpReply *reply = kc_http_reply_text(MHD_HTTP_CREATED, SDP_TYPE, joined.answer);
    kc_http_reply_headerf(reply, "Location", "%s/api/v1/cases/%s/call/%s", origin, case_id, joined.leg_id);
    kc_http_reply_headerf(reply, "ETag", "\"%s\"", joined.leg_id);
    link_ice_servers(request, reply);
    return reply;
}

static json_t *
participant_item(gconstpointer view)
{
    return kc_json_participant(view);
}

static json_t *
slot_item(gconstpointer item)
{
    const KcSlotView *slot = item;
    return json_pack("{s:o, s:o, s:o}", "audio_mid", kc_json_text_or_null(slot->audio_mid), "video_mid",
                     kc_json_text_or_null(slot->video_mid), "participant_id",
                     kc_json_text_or_null(slot->participant_id));
}

KcHttpReply *
kc_get_call(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) participants = NULL, slots = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_call_status(request->app, request->caller.principal, kc_http_request_id(request, 0), &participants,
                            &slots, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(participants, participant_item);
    json_object_set(root, "participants", json_object_get(root, "items"));
    json_object_del(root, "items");
    json_t *own = kc_json_items(slots, slot_item);
    json_object_set(root, "slots", json_object_get(own, "items"));
    json_decref(own);
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

typedef struct {
    GPtrArray *large, *hidden;
} View;

static const KcBindField view_fields[] = {
    {"large", KC_BIND_TEXTS, G_STRUCT_OFFSET(View, large), KC_BIND_REQUIRED, .max = KC_LIMIT_LEGS_PER_CALL},
    {"hidden", KC_BIND_TEXTS, G_STRUCT_OFFSET(View, hidden), KC_BIND_OPTIONAL, .max = KC_LIMIT_LEGS_PER_CALL},
    {NULL},
};

static KcHttpReply *
choose_view(KcHttpRequest *request, View *view)
{
    static const char *const nobody[] = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(view->large, NULL);
    if (view->hidden != NULL)
        g_ptr_array_add(view->hidden, NULL);
    const char *const *hidden = view->hidden != NULL ? (const char *const *)view->hidden->pdata : nobody;
    if (!kc_app_choose_view(request->app, request->caller.principal, kc_http_request_id(request, 0),
                            (const char *const *)view->large->pdata, hidden, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

KcHttpReply *
kc_put_call_view(KcHttpRequest *request)
{
    View view = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    gboolean bound = kc_bind(request->json, view_fields, &view, &errors);
    KcHttpReply *reply = bound ? choose_view(request, &view) : kc_problem_fields(&errors);
    kc_bind_clear(view_fields, &view);
    return reply;
}

typedef struct {
    int mode;
} Mode;

static const char *const modes[] = {"video", "voice", NULL};
static const KcBindField mode_fields[] = {
    {"mode", KC_BIND_CHOICE, G_STRUCT_OFFSET(Mode, mode), KC_BIND_REQUIRED, .choices = modes},
    {NULL},
};

KcHttpReply *
kc_put_call_mode(KcHttpRequest *request)
{
    Mode body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, mode_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_set_call_mode(request->app, request->caller.principal, kc_http_request_id(request, 0), body.mode == 1,
                              &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

KcHttpReply *
kc_post_leg(KcHttpRequest *request G_GNUC_UNUSED)
{
    return kc_problem(MHD_HTTP_CONFLICT, "second-offer", "A leg takes one offer; join the call with a new one.");
}

static gboolean
is_offer(KcHttpRequest *request)
{
    const char *type = kc_http_request_header(request, "Content-Type");
    return type != NULL && g_ascii_strncasecmp(type, SDP_TYPE, strlen(SDP_TYPE)) == 0;
}

static gboolean
etag_matches(KcHttpRequest *request, const char *leg_id)
{
    const char *wanted = kc_http_request_header(request, "If-Match");
    g_autofree char *etag = g_strdup_printf("\"%s\"", leg_id);
    return wanted == NULL || strcmp(wanted, "*") == 0 || strcmp(wanted, etag) == 0;
}

KcHttpReply *
kc_patch_leg(KcHttpRequest *request)
{
    const char *leg_id = kc_http_request_id(request, 1);
    g_autofree char *fragment = text_of_body(request), *answer = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (is_offer(request))
        return kc_post_leg(request);
    if (fragment == NULL)
        return no_text();
    if (!etag_matches(request, leg_id))
        return kc_problem(MHD_HTTP_PRECONDITION_FAILED, "stale", "If-Match is not the ETag of this leg.");
    if (!kc_app_patch_call(request->app, request->caller.principal, kc_http_request_id(request, 0), leg_id, fragment,
                           &answer, &result, &error))
        return kc_outcome_reply(request, &result, error);
    if (answer == NULL || *answer == '\0')
        return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
    KcHttpReply *reply = kc_http_reply_text(MHD_HTTP_OK, FRAGMENT_TYPE, answer);
    kc_http_reply_headerf(reply, "ETag", "\"%s\"", leg_id);
    return reply;
}

KcHttpReply *
kc_delete_leg(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_leave_call(request->app, request->caller.principal, kc_http_request_id(request, 0),
                           kc_http_request_id(request, 1), &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

/* ---- Events ---- */

/* The number after which to go on; -1: from now. */
static gint64
resume_point(KcHttpRequest *request)
{
    const char *text = kc_http_request_header(request, "Last-Event-ID");
    guint64 seq = 0;
    if (text == NULL)
        text = kc_http_request_query(request, "last_event_id");
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64 - 1, &seq, NULL))
        return -1;
    return (gint64)seq;
}

/* What was missed, into the client. FALSE: too much, or of another history; all must be read anew. */
static gboolean
replay(KcSseClient *client, const GPtrArray *events, gint64 from, gint64 newest)
{
    if (from > newest)
        return FALSE;
    for (guint i = 0; i < events->len; i++) {
        if (!kc_sse_client_replay(client, events->pdata[i]))
            return FALSE;
    }
    return TRUE;
}

KcHttpReply *
kc_get_events(KcHttpRequest *request)
{
    const KcPrincipal *who = request->caller.principal;
    g_autoptr(GPtrArray) events = NULL;
    g_auto(GStrv) blind = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (strcmp(request->method, "HEAD") == 0)
        return kc_problem(MHD_HTTP_METHOD_NOT_ALLOWED, "method", "A stream has no head of its own.");
    const KcSseAudience audience = {
        .reader = kc_event_reader_of(who), .session = who->session, .expires_us = who->expires_us};
    KcSseClient *client = kc_sse_client_new(request->context->hub, request->mhd, request->connection, audience);
    if (client == NULL)
        return kc_problem_retry(MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "Too many event streams are open.", 5);
    KcHttpReply *reply = kc_http_reply_new(MHD_HTTP_OK);
    reply->stream = client;
    reply->content_type = "text/event-stream";
    kc_http_reply_header(reply, "X-Accel-Buffering", "no");
    gint64 from = resume_point(request), newest = 0;
    if (!kc_app_events_since(request->app, who, from >= 0 ? from : G_MAXINT64 - 1, KC_LIMIT_SSE_QUEUE_EVENTS / 2,
                             &events, &newest, &blind, &result, &error)) {
        kc_http_reply_free(reply);
        return kc_outcome_reply(request, &result, error);
    }
    kc_sse_client_hide(client, (const char *const *)blind);
    gboolean whole = from < 0 || (events->len < KC_LIMIT_SSE_QUEUE_EVENTS / 2 && replay(client, events, from, newest));
    kc_sse_client_start(client, from >= 0 && whole ? from : newest, !whole);
    return reply;
}
