/* The table of routes and how a request finds its own. Pure. */
#pragma once

#include "src/domain/roles.h"
#include "src/http/reply.h"

typedef struct KcHttpRequest KcHttpRequest;
typedef KcHttpReply *(*KcHttpHandler)(KcHttpRequest *request);

/* Who may call a route at all; what a case's state, county or ownership add is the use case's to decide. */
typedef enum {
    KC_ACCESS_ANYONE, /* a token is not even looked at */
    KC_ACCESS_LOCAL,  /* from this machine, or any staff */
    KC_ACCESS_STAFF,  /* any account */
    KC_ACCESS_ACTION, /* roles that may do `action` (src/domain/roles.h) */
} KcAccess;

typedef enum {
    KC_BODY_NONE,
    KC_BODY_JSON,          /* parsed to an object before the handler is called */
    KC_BODY_OPTIONAL_JSON, /* as JSON; an empty body is an empty object */
    KC_BODY_SDP,           /* application/sdp */
    KC_BODY_SDP_FRAGMENT,  /* application/trickle-ice-sdpfrag; application/sdp is let through, to be refused with 409 */
    KC_BODY_IMAGE,         /* image/…; what it is is found by its content */
} KcBodyKind;

typedef enum {
    KC_ROUTE_QUICK = 0,     /* runs on MHD's thread */
    KC_ROUTE_SLOW = 1 << 0, /* runs on the pool, the connection suspended: everything that may wait */
} KcRouteFlags;

#define KC_ROUTE_MAX_PARAMS 2

typedef struct {
    const char *method;
    const char *pattern; /* {x} stands for a UUID, a final {*} for any rest that is not of the API */
    KcAccess access;
    KcAction action;
    KcAction also; /* another one that lets in; 0: none */
    KcBodyKind body;
    gsize body_limit; /* bytes */
    KcRouteFlags flags;
    KcHttpHandler handler;
    /* Of a SLOW one: whether this request would not wait after all, and so stays on MHD's thread; NULL: it would. */
    gboolean (*at_hand)(KcHttpRequest *request);
} KcRoute;

typedef struct {
    const KcRoute *route; /* NULL: none */
    char params[KC_ROUTE_MAX_PARAMS][40];
    char allow[64]; /* methods of the path, when only the method is wrong */
} KcRouteMatch;

/* HEAD finds the GET route. */
KcRouteMatch kc_router_match(const KcRoute *routes, gsize count, const char *method, const char *path);
