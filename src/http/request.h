/* One request, from its header to its reply: what handlers of routes see.
 *
 * MHD's threads and the pool never touch a request at the same time: while the pool works, the connection is
 * suspended. */
#pragma once

#include <jansson.h>
#include <microhttpd.h>

#include "src/http/assets.h"
#include "src/http/auth.h"
#include "src/http/connection.h"
#include "src/http/problem.h"
#include "src/http/rate.h"
#include "src/http/router.h"
#include "src/http/server.h"
#include "src/http/sse.h"

/* What the server lends to every request. */
typedef struct {
    KcApp *app;
    KcAssets *assets;
    KcSseHub *hub;
    KcHttpConnections *connections;
    KcRateLimit *open_case_limit;
    KcRateLimit *sign_in_limit; /* by address, and by account */
    KcRateLimit *verify_limit;
    KcRateLimit *message_limit; /* by participant */
    char *map_tiles; /* may be NULL, as the next two */
    char *map_attribution;
    char *desk_policy; /* Content-Security-Policy of the one page that loads them */
    gboolean behind_proxy;
    gboolean tls;
    gint64 started_us;
    gint requests[6]; /* by the first digit of the status; atomic */
    gint bodies_kib;  /* that requests may hold in memory together; atomic */
} KcHttpContext;

typedef enum {
    KC_REQUEST_READING,
    KC_REQUEST_DISCARDING, /* the reply is known, the body is read only so that the client reads the reply */
    KC_REQUEST_WORKING,
    KC_REQUEST_ANSWERED,
} KcRequestPhase;

struct KcHttpRequest {
    KcHttpContext *context;
    KcApp *app; /* context->app */
    struct MHD_Connection *mhd;
    KcHttpConnection *connection;
    KcRouteMatch match;
    KcCaller caller; /* who is asking (auth.h) */
    char *method;
    char *path;
    char *address;
    char request_id[65];
    GByteArray *body;  /* as it came */
    json_t *json;      /* of the kinds JSON: an object */
    gint budgeted_kib; /* its part of bodies_kib */
    gsize received;
    gint64 began_mono_us;
    KcRequestPhase phase;
    KcHttpReply *reply;
};

/* NULL if absent. Names of headers without regard to case. */
const char *kc_http_request_header(KcHttpRequest *request, const char *name);
const char *kc_http_request_query(KcHttpRequest *request, const char *name);

/* The ids in the path, in order; always canonical UUIDs. */
const char *kc_http_request_id(const KcHttpRequest *request, guint number);

/* "https://host:port" as the client named us, or "" if it did so in an odd way. Owned. */
char *kc_http_request_origin(KcHttpRequest *request);
