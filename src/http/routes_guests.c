/* Invitations: links for parties and guests, the guests of a case, and what a guest's own link is for. */
#include "src/app/guests.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"
#include "src/http/sse.h"

typedef struct {
    const char *party_id, *name;
    int kind;
    gboolean same_phone;
} NewInvitation;

enum { INVITE_PARTY };
static const char *const invitation_kinds[] = {"party", "emergency", "interpreter", "insurer", "supervisor", NULL};

static const KcBindField new_invitation_fields[] = {
    {"kind", KC_BIND_CHOICE, G_STRUCT_OFFSET(NewInvitation, kind), KC_BIND_REQUIRED, .choices = invitation_kinds},
    {"party_id", KC_BIND_ID, G_STRUCT_OFFSET(NewInvitation, party_id), KC_BIND_NULLABLE},
    {"name", KC_BIND_TEXT, G_STRUCT_OFFSET(NewInvitation, name), KC_BIND_NULLABLE, .max = 60},
    {"same_phone", KC_BIND_BOOL, G_STRUCT_OFFSET(NewInvitation, same_phone), KC_BIND_OPTIONAL},
    {NULL},
};

static KcHttpReply *
reply_link(const char *url, const char *token, const char *guest_id)
{
    json_t *root = json_pack("{s:s, s:s}", "url", url, "token", token);
    if (guest_id != NULL)
        json_object_set_new(root, "guest_id", json_string(guest_id));
    return kc_http_reply_json(MHD_HTTP_CREATED, root);
}

static KcHttpReply *
invite_party(KcHttpRequest *request, const NewInvitation *body, const KcIdempotency *key)
{
    g_autofree char *token = NULL, *url = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (body->party_id == NULL || body->name != NULL) {
        kc_refuse_field(&result, body->party_id == NULL ? "/party_id" : "/name",
                        body->party_id == NULL ? "请选择当事人 / which party" : "当事人已有姓名 / a party has its name");
        return kc_outcome_reply(request, &result, NULL);
    }
    if (!kc_app_invite_party(request->app, request->caller.principal, kc_http_request_id(request, 0), body->party_id,
                             body->same_phone, key, &token, &url, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_link(url, token, NULL);
}

static KcHttpReply *
invite_guest(KcHttpRequest *request, const NewInvitation *body, const KcIdempotency *key)
{
    KcInviteGuest guest = {invitation_kinds[body->kind], body->name, body->party_id, key};
    g_auto(KcInvitedGuest) invited = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_invite_guest(request->app, request->caller.principal, kc_http_request_id(request, 0), &guest, &invited,
                             &result, &error))
        return kc_outcome_reply(request, &result, error);
    return reply_link(invited.url, invited.token, invited.guest_id);
}

KcHttpReply *
kc_post_invitation(KcHttpRequest *request)
{
    NewInvitation body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcRequestKey) key = {0};
    if (!kc_bind(request->json, new_invitation_fields, &body, &errors))
        return kc_problem_fields(&errors);
    KcHttpReply *refusal = kc_precondition_key(request, &key);
    if (refusal != NULL)
        return refusal;
    return body.kind == INVITE_PARTY ? invite_party(request, &body, key.use) : invite_guest(request, &body, key.use);
}

static json_t *
guest_item(gconstpointer item)
{
    const KcGuest *guest = item;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "id", guest->id, "kind", guest->kind, "name",
                     kc_json_text_or_null(guest->name), "party_id", kc_json_text_or_null(guest->party_id), "invited_at",
                     kc_json_time_or_null(guest->created_us), "revoked_at", kc_json_time_or_null(guest->revoked_us));
}

KcHttpReply *
kc_get_guests(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) guests = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_guests(request->app, request->caller.principal, kc_http_request_id(request, 0), &guests, &result,
                            &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(guests, guest_item));
}

KcHttpReply *
kc_delete_guest(KcHttpRequest *request)
{
    g_autofree char *session = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_revoke_guest(request->app, request->caller.principal, kc_http_request_id(request, 0),
                             kc_http_request_id(request, 1), &session, &result, &error))
        return kc_outcome_reply(request, &result, error);
    if (session != NULL)
        kc_sse_hub_end_session(request->context->hub, session);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}

static json_t *
documents_of(const KcGuestView *view)
{
    json_t *list = json_array();
    for (guint i = 0; i < view->documents->len; i++) {
        const KcDocumentRow *document = view->documents->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "id", document->id, "number", document->number,
                                              "sha256", document->sha256, "issued_at",
                                              kc_json_time_or_null(document->issued_us)));
    }
    return list;
}

static json_t *
stills_of(const KcGuestView *view)
{
    json_t *list = json_array();
    for (guint i = 0; i < view->stills->len; i++)
        json_array_append_new(list, kc_json_still(view->stills->pdata[i], view->guest->case_id));
    return list;
}

KcHttpReply *
kc_get_own_link(KcHttpRequest *request)
{
    g_autoptr(KcGuestView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_guest(request->app, request->caller.principal, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *officer = json_null();
    if (view->officer_name != NULL)
        officer = json_pack("{s:s, s:o}", "name", view->officer_name, "badge_number",
                            kc_json_text_or_null(view->officer_badge));
    json_t *guest = guest_item(view->guest);
    json_object_set_new(guest, "party_label", kc_json_text_or_null(view->party_label));
    return kc_http_reply_json(
        MHD_HTTP_OK, json_pack("{s:o, s:{s:s, s:s, s:s}, s:o, s:o, s:o}", "guest", guest, "case", "id",
                               view->guest->case_id, "number", view->case_number, "state", view->case_state, "officer",
                               officer, "documents", documents_of(view), "stills", stills_of(view)));
}
