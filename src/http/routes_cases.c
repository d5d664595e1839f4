#include <math.h>
#include <string.h>

#include "src/base/limits.h"
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
    const char *reporter_phone, *alarm_number;
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
    TEXT(NewCase, alarm_number),
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
        .alarm_number = body->alarm_number,
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

/* ---- Consents ---- */

static json_t *
consent_entry(gconstpointer item)
{
    const KcConsentEntry *entry = item;
    return json_pack("{s:s, s:b, s:o, s:o}", "kind", entry->kind, "given", entry->given, "at",
                     kc_json_time_or_null(entry->at_us), "recorded_by", kc_json_text_or_null(entry->recorded_by));
}

KcHttpReply *
kc_get_consents(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) entries = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_consents(request->app, request->caller.principal, kc_http_request_id(request, 0),
                              kc_http_request_id(request, 1), &entries, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(entries, consent_entry));
}
