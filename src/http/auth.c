#include "src/http/auth.h"

#include <string.h>

#include "src/app/accounts.h"
#include "src/evidence/tokens.h"
#include "src/http/outcome.h"
#include "src/http/request.h"

#define MAX_TOKEN_BYTES 512

static gboolean
is_read(const KcHttpRequest *request)
{
    return strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
}

/* NULL if there is none; "" if the header is of another scheme, which no token matches. */
static const char *
bearer_of(KcHttpRequest *request)
{
    const char *header = kc_http_request_header(request, "Authorization");
    if (header == NULL)
        return NULL;
    if (g_ascii_strncasecmp(header, "Bearer ", 7) != 0 || strlen(header) > MAX_TOKEN_BYTES)
        return "";
    return header + 7;
}

static KcHttpReply *
check_csrf(KcHttpRequest *request)
{
    const char *given = kc_http_request_header(request, "X-CSRF-Token");
    const char *wanted = request->caller.principal->csrf_token;
    if (is_read(request) || kc_token_equal(given, wanted))
        return NULL;
    return kc_problem(MHD_HTTP_FORBIDDEN, "csrf", "Writing with the session cookie needs its X-CSRF-Token.");
}

static KcHttpReply *
identify(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    const char *token = bearer_of(request);
    const char *cookie = NULL;
    if (token == NULL)
        token = cookie = MHD_lookup_connection_value(request->mhd, MHD_COOKIE_KIND, KC_SESSION_COOKIE);
    g_clear_pointer(&request->caller.principal, kc_principal_free);
    if (!kc_app_authenticate(request->app, token, request->address, &request->caller.principal, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return cookie != NULL ? check_csrf(request) : NULL;
}

static gboolean
is_local(const KcHttpRequest *request)
{
    return !request->context->behind_proxy &&
           (g_str_has_prefix(request->address, "127.") || strcmp(request->address, "::1") == 0);
}

static gboolean
may(const KcRoute *route, KcRole role)
{
    if (route->access != KC_ACCESS_ACTION)
        return kc_role_is_staff(role);
    return kc_role_may(role, route->action) || (route->also != 0 && kc_role_may(role, route->also));
}

KcHttpReply *
kc_auth_check(KcHttpRequest *request)
{
    const KcRoute *route = request->match.route;
    request->caller.principal = kc_principal_new_anonymous(request->address);
    if (route->access == KC_ACCESS_ANYONE || (route->access == KC_ACCESS_LOCAL && is_local(request)))
        return NULL;
    KcHttpReply *refusal = identify(request);
    if (refusal != NULL)
        return refusal;
    KcRole role = request->caller.principal->role;
    if (may(route, role))
        return NULL;
    if (role == KC_ROLE_ANONYMOUS)
        return kc_problem(MHD_HTTP_UNAUTHORIZED, "token-missing", "Sign in, or use the link of your case.");
    return kc_problem(MHD_HTTP_FORBIDDEN, "role", "Your role may not do this.");
}

char *
kc_auth_cookie(const char *token, gint64 seconds)
{
    return g_strdup_printf("%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=%" G_GINT64_FORMAT,
                           KC_SESSION_COOKIE, token != NULL ? token : "", token != NULL ? MAX(seconds, 0) : 0);
}
