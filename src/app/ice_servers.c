/* The service mints, coturn checks: both compute the same HMAC over the name that the browser shows. */
#include "src/app/ice_servers.h"

#include "src/app/internal.h"
#include "src/base/hex.h"

#define PSEUDONYM_CHARS 16

static void
hmac_of(GChecksumType type, GBytes *secret, const char *text, guint8 ret_digest[32], gsize *ret_len)
{
    gsize key_len;
    const guchar *key = g_bytes_get_data(secret, &key_len);
    GHmac *hmac = g_hmac_new(type, key, key_len);
    *ret_len = 32;
    g_hmac_update(hmac, (const guchar *)text, -1);
    g_hmac_get_digest(hmac, ret_digest, ret_len);
    g_hmac_unref(hmac);
}

/* Keyed, so that a name on the wire can't be matched with the ids of the service. */
static char *
pseudonym_of(GBytes *secret, const KcPrincipal *who)
{
    g_autofree char *person = g_strdup_printf("%s:%s", kc_principal_kind(who), kc_principal_id(who));
    guint8 digest[32];
    gsize len;
    hmac_of(G_CHECKSUM_SHA256, secret, person, digest, &len);
    char *name = kc_hex_encode(digest, len);
    name[PSEUDONYM_CHARS] = '\0';
    return name;
}

gboolean
kc_app_ice_servers(KcApp *app, const KcPrincipal *who, KcIceServers *ret_servers)
{
    *ret_servers = (KcIceServers){NULL};
    if (app->turn.secret == NULL)
        return FALSE;
    gint64 expires_s = kc_app_now(app) / G_USEC_PER_SEC + app->turn.ttl_s;
    g_autofree char *pseudonym = pseudonym_of(app->turn.secret, who);
    guint8 digest[32];
    gsize len;
    ret_servers->uris = app->turn.uris;
    ret_servers->expires_us = expires_s * G_USEC_PER_SEC;
    ret_servers->username = g_strdup_printf("%" G_GINT64_FORMAT ":%s", expires_s, pseudonym);
    hmac_of(G_CHECKSUM_SHA1, app->turn.secret, ret_servers->username, digest, &len);
    ret_servers->credential = g_base64_encode(digest, len);
    return TRUE;
}

void
kc_ice_servers_clear(KcIceServers *servers)
{
    g_clear_pointer(&servers->username, g_free);
    g_clear_pointer(&servers->credential, g_free);
}
