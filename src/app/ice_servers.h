/* TURN servers for somebody who is about to call, with credentials that are good for a while: the scheme of
 * draft-uberti-behave-turn-rest-00, which coturn calls use-auth-secret. The service and the TURN server share a secret
 * and need not talk. */
#pragma once

#include "src/app/app.h"

typedef struct {
    const char *const *uris; /* of RFC 7065; borrowed, lives as long as the app */
    char *username;          /* "EXPIRY:PSEUDONYM": EXPIRY in seconds since 1970, the rest says nothing of who it is */
    char *credential;        /* base64 of HMAC-SHA1 over it (RFC 2104, RFC 4648) */
    gint64 expires_us;       /* wall clock; an allocation made before lives on */
} KcIceServers;

void kc_ice_servers_clear(KcIceServers *servers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcIceServers, kc_ice_servers_clear)

/* FALSE: none is configured. One person has the same pseudonym each time, so that coturn's quota of a user counts. */
gboolean kc_app_ice_servers(KcApp *app, const KcPrincipal *who, KcIceServers *ret_servers);
