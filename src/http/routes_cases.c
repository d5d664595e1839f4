#include <math.h>
#include <string.h>

#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/http/bind.h"
#include "src/http/bind_triage.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#define TEXT(struct_name, member)                                                                                      \
    {                                                                                                                  \
#member, KC_BIND_TEXT, G_STRUCT_OFFSET(struct_name, member), KC_BIND_NULLABLE                                  \
    }

KcHttpReply *
kc_reply_case(unsigned status, const KcCaseView *view)
{
    KcHttpReply *reply = kc_http_reply_json(status, json_pack("{s:o}", "case", kc_json_case(view)));
    g_autofree char *etag = kc_etag_of_version(view->row->version);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

/* ---- Open ---- */

typedef struct {
    const char *text;
    double latitude, longitude, accuracy_m;
    gboolean has_latitude, has_longitude;
} Place;

typedef struct {
    int channel;
    const char *reporter_phone;
    gint64 occurred_us;
    Place place;
    KcTriage triage;
    GPtrArray *consents;
    KcParticulars party;
} NewCase;

static const char *const channels[] = {"web", "alarm_122", "app_12123", "desk", "kiosk", NULL};

static const KcBindField place_fields[] = {
    TEXT(Place, text),
    {"latitude", KC_BIND_REAL, G_STRUCT_OFFSET(Place, latitude), KC_BIND_NULLABLE, G_STRUCT_OFFSET(Place, has_latitude),
     -90, 90},
    {"longitude", KC_BIND_REAL, G_STRUCT_OFFSET(Place, longitude), KC_BIND_NULLABLE,
     G_STRUCT_OFFSET(Place, has_longitude), -180, 180},
    {"accuracy_m", KC_BIND_REAL, G_STRUCT_OFFSET(Place, accuracy_m), KC_BIND_NULLABLE, 0, 0, 1e7},
    {NULL},
};

#define PARTICULAR(member)                                                                                             \
    {                                                                                                                  \
#member, KC_BIND_TEXT, G_STRUCT_OFFSET(KcParticulars, member), KC_BIND_CLEARABLE                               \
    }
static const KcBindField particulars_fields[] = {
    PARTICULAR(kind),
    PARTICULAR(name),
    PARTICULAR(phone),
    PARTICULAR(plate_number),
    PARTICULAR(plate_type),
    PARTICULAR(vehicle_type),
    PARTICULAR(licence_number),
    PARTICULAR(insurer),
    PARTICULAR(insurance_certificate),
    PARTICULAR(id_number),
    {NULL},
};

static const KcBindField new_case_fields[] = {
    {"channel", KC_BIND_CHOICE, G_STRUCT_OFFSET(NewCase, channel), KC_BIND_REQUIRED, .choices = channels},
    TEXT(NewCase, reporter_phone),
    {"occurred_at", KC_BIND_TIME, G_STRUCT_OFFSET(NewCase, occurred_us), KC_BIND_NULLABLE},
    {"place", KC_BIND_OBJECT, G_STRUCT_OFFSET(NewCase, place), KC_BIND_REQUIRED, .fields = place_fields},
    {"triage", KC_BIND_OBJECT, G_STRUCT_OFFSET(NewCase, triage), KC_BIND_REQUIRED, .fields = kc_bind_triage_fields},
    {"consents", KC_BIND_TEXTS, G_STRUCT_OFFSET(NewCase, consents), KC_BIND_NULLABLE, .max = 16},
    {"party", KC_BIND_OBJECT, G_STRUCT_OFFSET(NewCase, party), KC_BIND_NULLABLE, .fields = particulars_fields},
    {NULL},
};

static KcHttpReply *
check_rate(KcHttpRequest *request)
{
    KcRole role = request->caller.principal->role;
    if (kc_role_is_staff(role) || role == KC_ROLE_INTEGRATION)
        return NULL;
    guint wait_s = kc_rate_limit_take(request->context->open_case_limit, request->address, g_get_monotonic_time());
    if (wait_s == 0)
        return NULL;
    return kc_problem_retry(MHD_HTTP_TOO_MANY_REQUESTS, "rate",
                            "Too many reports came from this address. In an emergency dial 122 or 110.", wait_s);
}

static const KcPartyView *
party_with_id(const KcCaseView *view, const char *id)
{
    for (guint i = 0; i < view->parties->len; i++) {
        const KcPartyView *party = view->parties->pdata[i];
        if (g_strcmp0(party->party->id, id) == 0)
            return party;
    }
    return NULL;
}

static KcHttpReply *
reply_opened(const KcOpenedCase *opened)
{
    const KcPartyView *party = party_with_id(opened->view, opened->party_id);
    json_t *root = json_pack("{s:o, s:o, s:s, s:s, s:o}", "case", kc_json_case(opened->view), "party",
                             party != NULL ? kc_json_party(party) : json_null(), "token", opened->token, "url",
                             opened->url, "eligibility", kc_json_eligibility(opened->view));
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_CREATED, root);
    g_autofree char *etag = kc_etag_of_version(opened->view->row->version);
    kc_http_reply_header(reply, "ETag", etag);
    kc_http_reply_headerf(reply, "Location", "/api/v1/cases/%s", opened->view->row->id);
    return reply;
}

static KcHttpReply *
open_case(KcHttpRequest *request, const NewCase *body)
{
    g_auto(KcOpenedCase) opened = {NULL};
    g_auto(KcRequestKey) key = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal == NULL && body->place.has_latitude != body->place.has_longitude)
        refusal = kc_problem_field(body->place.has_latitude ? "/place/longitude" : "/place/latitude", "is required");
    if (refusal == NULL)
        refusal = check_rate(request);
    if (refusal != NULL)
        return refusal;
    if (body->consents != NULL)
        g_ptr_array_add(body->consents, NULL);
    const KcOpenCase wanted = {
        .channel = channels[body->channel],
        .reporter_phone = body->reporter_phone,
        .occurred_us = body->occurred_us,
        .place_text = body->place.text,
        .has_position = body->place.has_latitude,
        .latitude = body->place.latitude,
        .longitude = body->place.longitude,
        .accuracy_m = (gint64)ceil(body->place.accuracy_m),
        .triage = body->triage,
        .consents = body->consents != NULL ? (const char *const *)body->consents->pdata : NULL,
        .party = body->party,
        .idempotency = key.use,
    };
    if (!kc_app_open_case(request->app, request->caller.principal, &wanted, &opened, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_opened(&opened);
}

KcHttpReply *
kc_post_case(KcHttpRequest *request)
{
    NewCase body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply = kc_bind(request->json, new_case_fields, &body, &errors) ? open_case(request, &body)
                                                                                 : kc_problem_fields(&errors);
    kc_bind_clear(new_case_fields, &body);
    return reply;
}

/* ---- Look ---- */

KcHttpReply *
kc_get_case(KcHttpRequest *request)
{
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_case(request->app, request->caller.principal, kc_http_request_id(request, 0), &view, &result,
                         &error))
        return kc_outcome_reply(request, &result, error);
    /* The version counts what is stored; who is in the call and the place in the queue change without it, so that the
     * case itself is always sent, and the tag is only for If-Match. */
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, kc_json_case(view));
    g_autofree char *etag = kc_etag_of_version(view->row->version);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

static KcHttpReply *
odd_query(const char *name)
{
    g_autofree char *detail = g_strdup_printf("The query parameter %s is not understood.", name);
    return kc_problem(MHD_HTTP_BAD_REQUEST, "query", detail);
}

static gboolean
are_states(const GStrv states)
{
    KcCaseState state;
    for (gsize i = 0; states[i] != NULL; i++) {
        if (!kc_case_state_from_string(states[i], &state))
            return FALSE;
    }
    return TRUE;
}

static KcHttpReply *
read_query(KcHttpRequest *request, KcCaseQuery *query, GStrv *ret_states)
{
    const char *states = kc_http_request_query(request, "state"), *from = kc_http_request_query(request, "from");
    const char *to = kc_http_request_query(request, "to"), *limit = kc_http_request_query(request, "limit");
    query->county = kc_http_request_query(request, "county");
    query->q = kc_http_request_query(request, "q");
    query->cursor = kc_http_request_query(request, "cursor");
    query->mine = g_strcmp0(kc_http_request_query(request, "mine"), "true") == 0;
    if (states != NULL && *states != '\0') {
        *ret_states = g_strsplit(states, ",", KC_CASE_STATE_COUNT + 1);
        query->states = (const char *const *)*ret_states;
        if (!are_states(*ret_states))
            return odd_query("state");
    }
    guint64 number = 0;
    if (limit != NULL && !g_ascii_string_to_unsigned(limit, 10, 1, 200, &number, NULL))
        return odd_query("limit");
    query->limit = (guint)number;
    if (from != NULL && *from != '\0' && !kc_timestamp_parse(from, &query->from_us))
        return odd_query("from");
    if (to != NULL && *to != '\0' && !kc_timestamp_parse(to, &query->to_us))
        return odd_query("to");
    if (query->q != NULL && g_utf8_strlen(query->q, -1) > KC_LIMIT_SHORT_TEXT_CHARS)
        return odd_query("q");
    return NULL;
}

static gboolean
query_is_utf8(const KcCaseQuery *query)
{
    const char *texts[] = {query->county, query->q, query->cursor};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i] != NULL && !g_utf8_validate(texts[i], -1, NULL))
            return FALSE;
    }
    return TRUE;
}

static json_t *
case_item(gconstpointer view)
{
    return kc_json_case(view);
}

KcHttpReply *
kc_get_cases(KcHttpRequest *request)
{
    KcCaseQuery query = {0};
    g_auto(GStrv) states = NULL;
    g_autoptr(GPtrArray) cases = NULL;
    g_autofree char *cursor = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = read_query(request, &query, &states);
    if (refusal == NULL && !query_is_utf8(&query))
        refusal = odd_query("q");
    if (refusal != NULL)
        return refusal;
    if (!kc_app_list_cases(request->app, request->caller.principal, &query, &cases, &cursor, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(cases, case_item);
    json_object_set_new(root, "next_cursor", kc_json_text_or_null(cursor));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

static json_t *
timeline_item(gconstpointer item)
{
    return kc_json_timeline_item(item);
}

KcHttpReply *
kc_get_timeline(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) items = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_timeline(request->app, request->caller.principal, kc_http_request_id(request, 0), &items, &result,
                         &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(items, timeline_item));
}

/* ---- Parties ---- */

static KcHttpReply *
reply_party(unsigned status, const KcPartyView *view)
{
    return kc_http_reply_json(status, json_pack("{s:o}", "party", kc_json_party(view)));
}

KcHttpReply *
kc_post_party(KcHttpRequest *request)
{
    KcParticulars body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcRequestKey) key = {0};
    g_autoptr(KcPartyView) party = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, particulars_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_add_party(request->app, request->caller.principal, kc_http_request_id(request, 0), &body, key.use,
                          &party, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_party(MHD_HTTP_CREATED, party);
}

KcHttpReply *
kc_patch_party(KcHttpRequest *request)
{
    KcParticulars body = {NULL};
    gint64 version = 0;
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcPartyView) party = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, particulars_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_update_party(request->app, request->caller.principal, kc_http_request_id(request, 0),
                             kc_http_request_id(request, 1), version, &body, &party, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_party(MHD_HTTP_OK, party);
}

typedef struct {
    const char *kind;
    gboolean given;
} Consent;

static const KcBindField consent_fields[] = {
    {"kind", KC_BIND_TEXT, G_STRUCT_OFFSET(Consent, kind), KC_BIND_REQUIRED, .max = 64},
    {"given", KC_BIND_BOOL, G_STRUCT_OFFSET(Consent, given), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_put_consent(KcHttpRequest *request)
{
    Consent body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, consent_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_set_consent(request->app, request->caller.principal, kc_http_request_id(request, 0),
                            kc_http_request_id(request, 1), body.kind, body.given, &view, &result,
                            &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}

/* ---- The place, corrected ---- */

static const KcBindField changed_place_fields[] = {
    {"text", KC_BIND_TEXT, G_STRUCT_OFFSET(Place, text), KC_BIND_CLEARABLE},
    {"latitude", KC_BIND_REAL, G_STRUCT_OFFSET(Place, latitude), KC_BIND_OPTIONAL, G_STRUCT_OFFSET(Place, has_latitude), -90,
     90},
    {"longitude", KC_BIND_REAL, G_STRUCT_OFFSET(Place, longitude), KC_BIND_OPTIONAL,
     G_STRUCT_OFFSET(Place, has_longitude), -180, 180},
    {"accuracy_m", KC_BIND_REAL, G_STRUCT_OFFSET(Place, accuracy_m), KC_BIND_NULLABLE, 0, 0, 1e7},
    {NULL},
};

typedef struct {
    Place place;
} ChangedCase;

static const KcBindField changed_case_fields[] = {
    {"place", KC_BIND_OBJECT, G_STRUCT_OFFSET(ChangedCase, place), KC_BIND_REQUIRED, .fields = changed_place_fields},
    {NULL},
};

KcHttpReply *
kc_patch_case(KcHttpRequest *request)
{
    ChangedCase body = {0};
    gint64 version = 0;
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, changed_case_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_if_match(request, &version);
    if (refusal == NULL && body.place.has_latitude != body.place.has_longitude)
        refusal = kc_problem_field(body.place.has_latitude ? "/place/longitude" : "/place/latitude", "is required");
    if (refusal != NULL)
        return refusal;
    const KcNewPlace place = {
        .text = body.place.text,
        .has_position = body.place.has_latitude,
        .latitude = body.place.latitude,
        .longitude = body.place.longitude,
        .accuracy_m = (gint64)ceil(body.place.accuracy_m),
    };
    if (!kc_app_change_place(request->app, request->caller.principal, kc_http_request_id(request, 0), version, &place,
                             &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_reply_case(MHD_HTTP_OK, view);
}
