/* Who is asking: a bearer token (of a session or of a party's link), or the cookie of a session.
 *
 * The cookie is honoured for reading; for writing only together with its CSRF token, since a browser sends it by
 * itself. A token that is no longer good is 401 on every route that looks at tokens. */
#pragma once

#include "src/app/principal.h"
#include "src/http/reply.h"
#include "src/http/router.h"

#define KC_SESSION_COOKIE "__Host-kuaichu"

typedef struct {
    KcPrincipal *principal; /* owned; anonymous without a token */
} KcCaller;

/* Finds the caller and checks the route's access. NULL when all is well, else the refusal. */
KcHttpReply *kc_auth_check(KcHttpRequest *request);

/* The Set-Cookie value for a session; `token` NULL takes it away. Owned. */
char *kc_auth_cookie(const char *token, gint64 seconds);
