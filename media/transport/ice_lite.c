/* Invariants:
 *  - A path is in the table only after a check with our password came from it.
 *  - `selected` is the place in the table of the path we send to, or -1.
 *  - `old` credentials are valid only from a restart to the first check with the new ones.
 *
 * libnice's STUN library checks integrity and fingerprint and writes the replies. */
#include "media/transport/ice_lite.h"

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#define SILENT_US G_USEC_PER_SEC /* a nominated path is given up for a lesser one when it is silent for this long */
#define USERNAME_ATTRIBUTE 0x0006
#define STUN_HEADER_BYTES 20
#define STUN_COOKIE 0x2112A442u

typedef struct {
    char *ufrag, *pwd, *remote_ufrag;
} Credentials;

typedef struct {
    KcUdpPath path;
    guint32 priority;
    gint64 seen_us;
    gboolean nominated;
} Path;

struct KcIceLite {
    StunAgent agent;
    Credentials now, old;
    gboolean used_now; /* set by the validater: which credentials the check at hand used */
    Path paths[KC_ICE_PATHS_MAX];
    guint n_paths;
    int selected;
    gint64 last_check_us;
};

static const guint16 known_attributes[] = {STUN_ATTRIBUTE_MAPPED_ADDRESS,
                                           STUN_ATTRIBUTE_USERNAME,
                                           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
                                           STUN_ATTRIBUTE_ERROR_CODE,
                                           STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
                                           STUN_ATTRIBUTE_PRIORITY,
                                           STUN_ATTRIBUTE_USE_CANDIDATE,
                                           STUN_ATTRIBUTE_FINGERPRINT,
                                           STUN_ATTRIBUTE_ICE_CONTROLLED,
                                           STUN_ATTRIBUTE_ICE_CONTROLLING,
                                           0};

void
kc_ice_make_credentials(char ret_ufrag[KC_ICE_UFRAG_CHARS + 1], char ret_pwd[KC_ICE_PWD_CHARS + 1])
{
    static const char ice_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    guint8 random[KC_ICE_UFRAG_CHARS + KC_ICE_PWD_CHARS];

    if (getentropy(random, sizeof random) != 0)
        g_error("the kernel has no random bytes");
    for (guint i = 0; i < KC_ICE_UFRAG_CHARS; i++)
        ret_ufrag[i] = ice_chars[random[i] % 64];
    for (guint i = 0; i < KC_ICE_PWD_CHARS; i++)
        ret_pwd[i] = ice_chars[random[KC_ICE_UFRAG_CHARS + i] % 64];
    ret_ufrag[KC_ICE_UFRAG_CHARS] = ret_pwd[KC_ICE_PWD_CHARS] = '\0';
}

static void
clear_credentials(Credentials *credentials)
{
    g_clear_pointer(&credentials->ufrag, g_free);
    g_clear_pointer(&credentials->pwd, g_free);
    g_clear_pointer(&credentials->remote_ufrag, g_free);
}

KcIceLite *
kc_ice_lite_new(const char *ufrag, const char *pwd, const char *remote_ufrag, gint64 now_us)
{
    KcIceLite *ice = g_new0(KcIceLite, 1);

    ice->now = (Credentials){g_strdup(ufrag), g_strdup(pwd), g_strdup(remote_ufrag)};
    ice->selected = -1;
    ice->last_check_us = now_us;
    stun_agent_init(&ice->agent, known_attributes, STUN_COMPATIBILITY_RFC5389,
                    STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
    return ice;
}

void
kc_ice_lite_free(KcIceLite *ice)
{
    if (ice == NULL)
        return;
    clear_credentials(&ice->now);
    clear_credentials(&ice->old);
    g_free(ice);
}

void
kc_ice_lite_restart(KcIceLite *ice, const char *ufrag, const char *pwd, const char *remote_ufrag, gint64 now_us)
{
    clear_credentials(&ice->old);
    ice->old = ice->now;
    ice->now = (Credentials){g_strdup(ufrag), g_strdup(pwd), g_strdup(remote_ufrag)};
    ice->last_check_us = now_us;
}

const char *
kc_ice_lite_ufrag(const KcIceLite *ice)
{
    return ice->now.ufrag;
}

const char *
kc_ice_lite_pwd(const KcIceLite *ice)
{
    return ice->now.pwd;
}

const char *
kc_ice_lite_remote_ufrag(const KcIceLite *ice)
{
    return ice->now.remote_ufrag;
}

gboolean
kc_ice_lite_has_ufrag(const KcIceLite *ice, const char *ufrag)
{
    return g_strcmp0(ice->now.ufrag, ufrag) == 0 || g_strcmp0(ice->old.ufrag, ufrag) == 0;
}

/* ---- checks ---- */

/* RFC 8445, 7.2.2: the USERNAME of a check to us is our ufrag, a colon, and the sender's. */
static gboolean
is_username(const Credentials *credentials, const guint8 *username, gsize len)
{
    if (credentials->ufrag == NULL)
        return FALSE;

    gsize ours = strlen(credentials->ufrag), theirs = strlen(credentials->remote_ufrag);
    return len == ours + 1 + theirs && memcmp(username, credentials->ufrag, ours) == 0 && username[ours] == ':' &&
           memcmp(username + ours + 1, credentials->remote_ufrag, theirs) == 0;
}

static bool
find_password(StunAgent *agent, StunMessage *message, uint8_t *username, uint16_t len, uint8_t **ret_password,
              size_t *ret_len, void *user)
{
    KcIceLite *ice = user;

    ice->used_now = is_username(&ice->now, username, len);
    if (!ice->used_now && !is_username(&ice->old, username, len))
        return false;

    char *password = ice->used_now ? ice->now.pwd : ice->old.pwd;
    *ret_password = (uint8_t *)password;
    *ret_len = strlen(password);
    return true;
}

static gboolean
same_path(const KcUdpPath *a, const KcUdpPath *b)
{
    return kc_udp_addr_equal(&a->remote, &b->remote) && memcmp(&a->local, &b->local, sizeof a->local) == 0;
}

static int
find_path(const KcIceLite *ice, const KcUdpPath *path)
{
    for (guint i = 0; i < ice->n_paths; i++)
        if (same_path(&ice->paths[i].path, path))
            return (int)i;
    return -1;
}

/* A full table gives up the path, not the selected one, that was silent for the longest. */
static int
add_path(KcIceLite *ice, const KcUdpPath *path)
{
    guint at = ice->n_paths;

    if (at == KC_ICE_PATHS_MAX) {
        at = ice->selected == 0 ? 1 : 0;
        for (guint i = 0; i < KC_ICE_PATHS_MAX; i++)
            if ((int)i != ice->selected && ice->paths[i].seen_us < ice->paths[at].seen_us)
                at = i;
    } else {
        ice->n_paths++;
    }
    ice->paths[at] = (Path){.path = *path};
    return (int)at;
}

/* RFC 8445, 8.3.2: of several nominated pairs a lite agent takes the one of the highest priority; but a phone that lost
 * its Wi-Fi nominates a lesser one, and the better has gone silent. */
static gboolean
takes_over(const KcIceLite *ice, const Path *path, gint64 now_us)
{
    if (ice->selected < 0)
        return TRUE;

    const Path *selected = &ice->paths[ice->selected];
    if (path == selected || !path->nominated)
        return FALSE;
    return !selected->nominated || path->priority >= selected->priority || now_us - selected->seen_us > SILENT_US;
}

/* TRUE if something about the paths is new. */
static gboolean
accept_check(KcIceLite *ice, const StunMessage *request, const KcUdpPath *from, gint64 now_us)
{
    int at = find_path(ice, from);
    gboolean changed = at < 0;

    if (at < 0)
        at = add_path(ice, from);
    Path *path = &ice->paths[at];
    path->priority = stun_usage_ice_conncheck_priority(request);
    path->nominated = path->nominated || stun_usage_ice_conncheck_use_candidate(request);
    gboolean nominates = stun_usage_ice_conncheck_use_candidate(request);
    if ((ice->selected < 0 || nominates) && takes_over(ice, path, now_us)) {
        ice->selected = at;
        changed = TRUE;
    }
    path->seen_us = now_us;
    ice->last_check_us = now_us;
    if (ice->used_now)
        clear_credentials(&ice->old);
    return changed;
}

/* An error response; only for datagrams that name this leg. */
static KcIceOutcome
reply_error(KcIceLite *ice, StunMessage *request, StunError code, guint8 *ret_reply, gsize *ret_reply_len)
{
    StunMessage reply;

    if (stun_message_get_class(request) != STUN_REQUEST ||
        !stun_agent_init_error(&ice->agent, &reply, ret_reply, KC_ICE_REPLY_BYTES, request, code))
        return KC_ICE_DROP;
    *ret_reply_len = stun_agent_finish_message(&ice->agent, &reply, NULL, 0);
    return *ret_reply_len > 0 ? KC_ICE_REPLY : KC_ICE_DROP;
}

static KcIceOutcome
answer_check(KcIceLite *ice, StunMessage *request, const KcUdpPath *path, gint64 now_us, guint8 *ret_reply,
             gsize *ret_reply_len)
{
    int family = kc_udp_addr_is_ipv4(&path->remote) ? AF_INET : AF_INET6;
    bool controlling = false;
    struct sockaddr_storage source;
    StunMessage reply;
    gsize len = KC_ICE_REPLY_BYTES;

    socklen_t source_len = kc_udp_addr_to_sockaddr(&path->remote, family, &source);
    /* A lite agent stays controlled: the lowest tie-breaker makes a peer that thinks so too change its role (487). */
    StunUsageIceReturn result =
        stun_usage_ice_conncheck_create_reply(&ice->agent, request, &reply, ret_reply, &len, &source, source_len,
                                              &controlling, 0, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
    *ret_reply_len = len;
    if (result != STUN_USAGE_ICE_RETURN_SUCCESS)
        return len > 0 ? KC_ICE_REPLY : KC_ICE_DROP;
    return accept_check(ice, request, path, now_us) ? KC_ICE_SELECTED : KC_ICE_REPLY;
}

KcIceOutcome
kc_ice_lite_receive(KcIceLite *ice, const guint8 *data, gsize len, const KcUdpPath *path, gint64 now_us,
                    guint8 *ret_reply, gsize *ret_reply_len)
{
    StunMessage request;

    *ret_reply_len = 0;
    ice->used_now = FALSE;
    switch (stun_agent_validate(&ice->agent, &request, data, len, find_password, ice)) {
    case STUN_VALIDATION_SUCCESS:
        if (stun_message_get_class(&request) != STUN_REQUEST)
            return KC_ICE_DROP;
        return answer_check(ice, &request, path, now_us, ret_reply, ret_reply_len);
    case STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE: {
        StunMessage reply;

        *ret_reply_len =
            stun_agent_build_unknown_attributes_error(&ice->agent, &reply, ret_reply, KC_ICE_REPLY_BYTES, &request);
        return *ret_reply_len > 0 ? KC_ICE_REPLY : KC_ICE_DROP;
    }
    case STUN_VALIDATION_UNAUTHORIZED:
        return reply_error(ice, &request, STUN_ERROR_UNAUTHORIZED, ret_reply, ret_reply_len);
    case STUN_VALIDATION_UNAUTHORIZED_BAD_REQUEST:
    case STUN_VALIDATION_BAD_REQUEST:
        return reply_error(ice, &request, STUN_ERROR_BAD_REQUEST, ret_reply, ret_reply_len);
    default:
        return KC_ICE_DROP;
    }
}

gboolean
kc_ice_lite_touch(KcIceLite *ice, const KcUdpPath *path, gint64 now_us)
{
    int at = ice->selected;

    if (at < 0 || !same_path(&ice->paths[at].path, path))
        at = find_path(ice, path);
    if (at < 0)
        return FALSE;
    ice->paths[at].seen_us = now_us;
    return TRUE;
}

const KcUdpPath *
kc_ice_lite_selected(const KcIceLite *ice)
{
    return ice->selected >= 0 ? &ice->paths[ice->selected].path : NULL;
}

gboolean
kc_ice_lite_has_path(const KcIceLite *ice, const KcUdpPath *path)
{
    return find_path(ice, path) >= 0;
}

static int
next_best(const KcIceLite *ice)
{
    int best = -1;

    for (guint i = 0; i < ice->n_paths; i++) {
        const Path *path = &ice->paths[i], *other = best >= 0 ? &ice->paths[best] : NULL;

        if (other == NULL || path->nominated > other->nominated ||
            (path->nominated == other->nominated && path->seen_us > other->seen_us))
            best = (int)i;
    }
    return best;
}

void
kc_ice_lite_remove_path(KcIceLite *ice, const KcUdpPath *path)
{
    int at = find_path(ice, path), last = (int)ice->n_paths - 1;

    if (at < 0)
        return;
    ice->paths[at] = ice->paths[last];
    ice->n_paths--;
    if (ice->selected == at)
        ice->selected = next_best(ice);
    else if (ice->selected == last)
        ice->selected = at;
}

void
kc_ice_lite_foreach_path(const KcIceLite *ice, void (*func)(const KcUdpPath *path, gpointer user), gpointer user)
{
    for (guint i = 0; i < ice->n_paths; i++)
        func(&ice->paths[i].path, user);
}

gboolean
kc_ice_lite_consent_lost(const KcIceLite *ice, gint64 now_us)
{
    return now_us - ice->last_check_us >= KC_ICE_CONSENT_US;
}

/* ---- demultiplexing ---- */

static guint
get16(const guint8 *at)
{
    return (guint)at[0] << 8 | at[1];
}

gboolean
kc_ice_peek_ufrag(const guint8 *data, gsize len, char ret_ufrag[KC_ICE_UFRAG_CHARS + 1])
{
    if (len < STUN_HEADER_BYTES || get16(data) != 0x0001 || get16(data + 2) + STUN_HEADER_BYTES != len ||
        (get16(data + 4) << 16 | get16(data + 6)) != STUN_COOKIE)
        return FALSE;
    for (gsize at = STUN_HEADER_BYTES; at + 4 <= len;) {
        gsize value_len = get16(data + at + 2);
        const guint8 *value = data + at + 4;

        if (value_len > len - at - 4)
            return FALSE;
        if (get16(data + at) == USERNAME_ATTRIBUTE) {
            const guint8 *colon = memchr(value, ':', value_len);
            gsize ufrag_len = colon != NULL ? (gsize)(colon - value) : 0;

            if (ufrag_len == 0 || ufrag_len > KC_ICE_UFRAG_CHARS || memchr(value, 0, ufrag_len) != NULL)
                return FALSE;
            memcpy(ret_ufrag, value, ufrag_len);
            ret_ufrag[ufrag_len] = '\0';
            return TRUE;
        }
        at += 4 + (value_len + 3) / 4 * 4;
    }
    return FALSE;
}
