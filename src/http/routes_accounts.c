#include "src/app/accounts.h"
#include "src/base/timestamp.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
session_of(const KcPrincipal *who)
{
    return json_pack("{s:s, s:o, s:{s:s, s:s, s:s, s:s, s:o}}", "csrf_token", who->csrf_token, "expires_at",
                     kc_json_time_or_null(who->expires_us), "user", "id", who->user_id, "username", who->username,
                     "name", who->name, "role", kc_role_to_string(who->role), "badge_number",
                     kc_json_text_or_null(who->badge_number));
}

typedef struct {
    const char *username;
    const char *password;
} SignIn;

static const KcBindField sign_in_fields[] = {
    {"username", KC_BIND_TEXT, G_STRUCT_OFFSET(SignIn, username), KC_BIND_REQUIRED},
    {"password", KC_BIND_TEXT, G_STRUCT_OFFSET(SignIn, password), KC_BIND_REQUIRED},
    {NULL},
};

static char *
account_key(const char *username)
{
    g_autofree char *folded = g_utf8_casefold(username, -1);
    return g_strconcat("account ", folded, NULL);
}

static guint
wait_for_sign_in(KcHttpRequest *request, const char *account)
{
    gint64 now = g_get_monotonic_time();
    guint by_address = kc_rate_limit_peek(request->context->sign_in_limit, request->address, now);
    return MAX(by_address, kc_rate_limit_peek(request->context->sign_in_limit, account, now));
}

static void
count_failure(KcHttpRequest *request, const char *account)
{
    gint64 now = g_get_monotonic_time();
    kc_rate_limit_take(request->context->sign_in_limit, request->address, now);
    kc_rate_limit_take(request->context->sign_in_limit, account, now);
}

KcHttpReply *
kc_post_session(KcHttpRequest *request)
{
    SignIn body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcSignedIn) signed_in = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, sign_in_fields, &body, &errors))
        return kc_problem_fields(&errors);
    g_autofree char *account = account_key(body.username);
    guint wait_s = wait_for_sign_in(request, account);
    if (wait_s > 0)
        return kc_problem_retry(MHD_HTTP_TOO_MANY_REQUESTS, "rate", "Too many failed attempts to sign in.", wait_s);
    if (!kc_app_sign_in(request->app, body.username, body.password, request->address, &signed_in, &result, &error)) {
        if (result.kind == KC_RESULT_UNAUTHENTICATED)
            count_failure(request, account);
        return kc_outcome_reply(request, &result, error);
    }
    json_t *root = session_of(signed_in.principal);
    json_object_set_new(root, "token", json_string(signed_in.token));
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_CREATED, root);
    g_autofree char *cookie =
        kc_auth_cookie(signed_in.token, (signed_in.principal->expires_us - kc_timestamp_now_us()) / G_USEC_PER_SEC);
    kc_http_reply_header(reply, "Set-Cookie", cookie);
    kc_http_reply_header(reply, "Location", "/api/v1/sessions/current");
    return reply;
}

KcHttpReply *
kc_get_session(KcHttpRequest *request)
{
    return kc_http_reply_json(MHD_HTTP_OK, session_of(request->caller.principal));
}

KcHttpReply *
kc_delete_session(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_sign_out(request->app, request->caller.principal, &result, &error))
        return kc_outcome_reply(request, &result, error);
    kc_sse_hub_end_session(request->context->hub, request->caller.principal->session);
    KcHttpReply *reply = kc_http_reply_new(MHD_HTTP_NO_CONTENT);
    g_autofree char *cookie = kc_auth_cookie(NULL, 0);
    kc_http_reply_header(reply, "Set-Cookie", cookie);
    return reply;
}

static json_t *
user_of(const KcUser *user)
{
    json_t *counties = json_array();
    for (gsize i = 0; user->counties != NULL && user->counties[i] != NULL; i++)
        json_array_append_new(counties, json_string(user->counties[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:o}", "id", user->id, "username", user->username, "name",
                     user->name, "role", user->role, "badge_number", kc_json_text_or_null(user->badge_number), "grade",
                     kc_json_text_or_null(user->grade), "counties", counties, "disabled", user->disabled, "created_at",
                     kc_json_time_or_null(user->created_us));
}

static json_t *
user_item(gconstpointer user)
{
    return user_of(user);
}

KcHttpReply *
kc_get_users(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) users = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_users(request->app, request->caller.principal, &users, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(users, user_item));
}

typedef struct {
    const char *username, *password, *name, *badge_number, *grade;
    int role;
    GPtrArray *counties;
} NewUser;

static const char *const roles[] = {"intake_operator", "officer", "supervisor", "auditor", "admin", NULL};

static const KcBindField new_user_fields[] = {
    {"username", KC_BIND_TEXT, G_STRUCT_OFFSET(NewUser, username), KC_BIND_REQUIRED},
    {"password", KC_BIND_TEXT, G_STRUCT_OFFSET(NewUser, password), KC_BIND_REQUIRED},
    {"role", KC_BIND_CHOICE, G_STRUCT_OFFSET(NewUser, role), KC_BIND_REQUIRED, .choices = roles},
    {"name", KC_BIND_TEXT, G_STRUCT_OFFSET(NewUser, name), KC_BIND_REQUIRED},
    {"badge_number", KC_BIND_TEXT, G_STRUCT_OFFSET(NewUser, badge_number), KC_BIND_NULLABLE},
    {"grade", KC_BIND_TEXT, G_STRUCT_OFFSET(NewUser, grade), KC_BIND_NULLABLE},
    {"counties", KC_BIND_TEXTS, G_STRUCT_OFFSET(NewUser, counties), KC_BIND_NULLABLE},
    {NULL},
};

static KcHttpReply *
add_user(KcHttpRequest *request, const NewUser *body)
{
    g_autoptr(KcUser) added = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gboolean limited = body->counties != NULL && body->counties->len > 0;
    if (limited)
        g_ptr_array_add(body->counties, NULL);
    const KcNewUser user = {.username = body->username,
                            .password = body->password,
                            .role = roles[body->role],
                            .name = body->name,
                            .badge_number = body->badge_number,
                            .grade = body->grade,
                            .counties = limited ? (const char *const *)body->counties->pdata : NULL};
    if (!kc_app_add_user(request->app, request->caller.principal, &user, &added, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED, user_of(added));
}

KcHttpReply *
kc_post_user(KcHttpRequest *request)
{
    NewUser body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply =
        kc_bind(request->json, new_user_fields, &body, &errors) ? add_user(request, &body) : kc_problem_fields(&errors);
    kc_bind_clear(new_user_fields, &body);
    return reply;
}

typedef struct {
    const char *grade;
} NewGrade;

static const KcBindField new_grade_fields[] = {
    {"grade", KC_BIND_TEXT, G_STRUCT_OFFSET(NewGrade, grade), KC_BIND_NULLABLE},
    {NULL},
};

KcHttpReply *
kc_put_grade(KcHttpRequest *request)
{
    NewGrade body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcUser) user = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_grade_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_set_grade(request->app, request->caller.principal, kc_http_request_id(request, 0), body.grade, &user,
                          &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, user_of(user));
}

typedef struct {
    gboolean disabled;
} NewDisabled;

static const KcBindField new_disabled_fields[] = {
    {"disabled", KC_BIND_BOOL, G_STRUCT_OFFSET(NewDisabled, disabled), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_put_disabled(KcHttpRequest *request)
{
    NewDisabled body = {FALSE};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcUser) user = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, new_disabled_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_set_disabled(request->app, request->caller.principal, kc_http_request_id(request, 0), body.disabled,
                             &user, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, user_of(user));
}
