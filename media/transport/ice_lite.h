/* The ICE-lite agent of one leg (RFC 8445, 2.5; consent by RFC 7675): answers checks, never sends any.
 *
 * Every address from which a check with the right credentials came is a valid path; the one that the peer nominates is
 * where we send to. A phone that moves from Wi-Fi to a mobile network nominates a new path and keeps the leg. Sans-IO:
 * datagrams, times (monotonic µs) and random credentials come in as values. Single thread. */
#pragma once

#include "media/transport/udp_addr.h"

#define KC_ICE_PATHS_MAX 6                      /* of these the longest silent one gives way */
#define KC_ICE_CONSENT_US (15 * G_USEC_PER_SEC) /* RFC 7675: 15 to 30 s */
#define KC_ICE_UFRAG_CHARS 8
#define KC_ICE_PWD_CHARS 24
#define KC_ICE_REPLY_BYTES 256

typedef struct KcIceLite KcIceLite;

typedef enum {
    KC_ICE_DROP,     /* not a check of this leg: nothing to send */
    KC_ICE_REPLY,    /* send the reply (an error response, or a success that changed nothing) */
    KC_ICE_SELECTED, /* send the reply; the path to send media on was chosen or has changed */
} KcIceOutcome;

/* Random and unused elsewhere: KC_ICE_UFRAG_CHARS and KC_ICE_PWD_CHARS ice-chars, NUL-terminated. */
void kc_ice_make_credentials(char ret_ufrag[KC_ICE_UFRAG_CHARS + 1], char ret_pwd[KC_ICE_PWD_CHARS + 1]);

/* Consent counts from `now_us`. Strings are copied. */
KcIceLite *kc_ice_lite_new(const char *ufrag, const char *pwd, const char *remote_ufrag, gint64 now_us);
void kc_ice_lite_free(KcIceLite *ice);

/* RFC 8445, 2.4: new credentials on both sides. The old ones stay good until the first check with the new. */
void kc_ice_lite_restart(KcIceLite *ice, const char *ufrag, const char *pwd, const char *remote_ufrag, gint64 now_us);

const char *kc_ice_lite_ufrag(const KcIceLite *ice);
const char *kc_ice_lite_pwd(const KcIceLite *ice);
const char *kc_ice_lite_remote_ufrag(const KcIceLite *ice);

/* TRUE if `ufrag` is ours, now or until the restart is through. */
gboolean kc_ice_lite_has_ufrag(const KcIceLite *ice, const char *ufrag);

/* One STUN datagram. `ret_reply` has room for KC_ICE_REPLY_BYTES; its length is 0 when there is nothing to send. */
KcIceOutcome kc_ice_lite_receive(KcIceLite *ice, const guint8 *data, gsize len, const KcUdpPath *path, gint64 now_us,
                                 guint8 *ret_reply, gsize *ret_reply_len);

/* Anything else from `path`: TRUE if a check made it valid. Keeps the path from being thought silent (not consent). */
gboolean kc_ice_lite_touch(KcIceLite *ice, const KcUdpPath *path, gint64 now_us);

/* The nominated path; before that the first valid one, since DTLS may come earlier. NULL until there is one. */
const KcUdpPath *kc_ice_lite_selected(const KcIceLite *ice);

gboolean kc_ice_lite_has_path(const KcIceLite *ice, const KcUdpPath *path);

/* `path` leads nowhere any more: the connection that it was is closed. If it was the selected one, the nominated path
 * heard of last takes its place, else any. */
void kc_ice_lite_remove_path(KcIceLite *ice, const KcUdpPath *path);

/* Calls for each valid path. */
void kc_ice_lite_foreach_path(const KcIceLite *ice, void (*func)(const KcUdpPath *path, gpointer user), gpointer user);

/* TRUE when no valid check came for KC_ICE_CONSENT_US: nothing may be sent any more. */
gboolean kc_ice_lite_consent_lost(const KcIceLite *ice, gint64 now_us);

/* Our ufrag from the USERNAME of a binding request, for finding the leg; FALSE if the datagram has none. Reads only;
 * says nothing about who sent it. */
gboolean kc_ice_peek_ufrag(const guint8 *data, gsize len, char ret_ufrag[KC_ICE_UFRAG_CHARS + 1]);
