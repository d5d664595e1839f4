/* Reading an offer. gst-sdp splits it into lines and fields; everything said in them is checked here.
 *
 * What is wrong with one section that we don't need (data channel, unknown codec, other protocol) makes that section
 * rejected; what is wrong with the transport, or with what identifies sections, refuses the whole offer. */
#include "media/transport/sdp_text.h"

#include <gst/sdp/gstsdpmessage.h>
#include <string.h>

#include "src/base/hex.h"

#define PROTOCOL "UDP/TLS/RTP/SAVPF"

typedef GstSDPMessage SdpMessage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SdpMessage, gst_sdp_message_free)

void
kc_sdp_offer_free(KcSdpOffer *offer)
{
    if (offer == NULL)
        return;
    for (guint i = 0; i < offer->n_sections; i++) {
        g_free(offer->sections[i].media);
        g_free(offer->sections[i].proto);
        g_free(offer->sections[i].format);
    }
    g_free(offer->session_id);
    g_free(offer->ufrag);
    g_free(offer->pwd);
    g_free(offer);
}

char *
kc_sdp_offer_fingerprint_hex(const KcSdpOffer *offer)
{
    return kc_hex_encode(offer->fingerprint, KC_SDP_FINGERPRINT_BYTES);
}

/* Every line "x=…"; sections are counted here, before anything is built for them. */
static gboolean
check_lines(const char *text, KcSdpRefusal *ret_refusal)
{
    guint sections = 0;

    if (!g_str_has_prefix(text, "v=0\r\n") && !g_str_has_prefix(text, "v=0\n"))
        return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "The description does not begin with v=0.");
    for (const char *line = text; *line != '\0';) {
        gsize len = strcspn(line, "\r\n");

        if (len > 0 && (len < 2 || !g_ascii_islower(line[0]) || line[1] != '='))
            return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "A line is not of the form x=value.");
        sections += len > 0 && line[0] == 'm';
        line += len + strspn(line + len, "\r\n");
    }
    if (sections > KC_SDP_SECTIONS_MAX)
        return kc_sdp_refuse(ret_refusal, 422, "sdp-too-many-sections", "%u media sections; at most %d are served.",
                             sections, KC_SDP_SECTIONS_MAX);
    return TRUE;
}

/* ---- attributes ---- */

static const char *
transport_attribute(const GstSDPMessage *message, const GstSDPMedia *media, const char *key)
{
    const char *value = gst_sdp_media_get_attribute_val(media, key);

    return value != NULL ? value : gst_sdp_message_get_attribute_val(message, key);
}

static gboolean
has_attribute(const GstSDPMedia *media, const char *key)
{
    for (guint i = 0; i < gst_sdp_media_attributes_len(media); i++)
        if (g_strcmp0(gst_sdp_media_get_attribute(media, i)->key, key) == 0)
            return TRUE;
    return FALSE;
}

static KcSdpDirection
read_direction(const GstSDPMessage *message, const GstSDPMedia *media)
{
    static const struct {
        const char *key;
        KcSdpDirection direction;
    } known[] = {{"sendrecv", KC_SDP_SENDRECV},
                 {"sendonly", KC_SDP_SEND},
                 {"recvonly", KC_SDP_RECV},
                 {"inactive", KC_SDP_INACTIVE}};

    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        if (has_attribute(media, known[i].key))
            return known[i].direction;
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        for (guint j = 0; j < gst_sdp_message_attributes_len(message); j++)
            if (g_strcmp0(gst_sdp_message_get_attribute(message, j)->key, known[i].key) == 0)
                return known[i].direction;
    return KC_SDP_SENDRECV;
}

/* The value of `key` that is about payload type `pt`, after the space; the n-th of them. */
static const char *
payload_attribute(const GstSDPMedia *media, const char *key, guint pt, guint nth)
{
    const char *value;

    for (guint i = 0; (value = gst_sdp_media_get_attribute_val_n(media, key, i)) != NULL; i++) {
        char *end = NULL;
        gboolean any = value[0] == '*' && g_str_equal(key, "rtcp-fb");
        guint64 number = any ? pt : g_ascii_strtoull(value, &end, 10);

        if (any)
            end = (char *)value + 1;
        if (end == value || *end != ' ' || number != pt || nth-- > 0)
            continue;
        return end + 1;
    }
    return NULL;
}

/* 64…95 would be taken for RTCP (RFC 5761, 4). */
static gboolean
read_payload_type(const char *text, guint8 *ret_pt)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, 127, &value, NULL) || (value >= 64 && value <= 95))
        return FALSE;
    *ret_pt = (guint8)value;
    return TRUE;
}

static gboolean
find_codec(const GstSDPMedia *media, const char *name, guint8 *ret_pt)
{
    for (guint i = 0; i < gst_sdp_media_formats_len(media); i++) {
        guint8 pt;

        if (!read_payload_type(gst_sdp_media_get_format(media, i), &pt))
            continue;
        const char *rtpmap = payload_attribute(media, "rtpmap", pt, 0);
        if (rtpmap == NULL || g_ascii_strcasecmp(rtpmap, name) != 0)
            continue;
        *ret_pt = pt;
        return TRUE;
    }
    return FALSE;
}

static guint8
find_rtx(const GstSDPMedia *media, guint8 of)
{
    for (guint i = 0; i < gst_sdp_media_formats_len(media); i++) {
        guint8 pt, apt;

        if (!read_payload_type(gst_sdp_media_get_format(media, i), &pt))
            continue;
        const char *rtpmap = payload_attribute(media, "rtpmap", pt, 0);
        const char *fmtp = payload_attribute(media, "fmtp", pt, 0);
        if (rtpmap == NULL || fmtp == NULL || g_ascii_strcasecmp(rtpmap, "rtx/90000") != 0)
            continue;
        g_autofree char *value = g_str_has_prefix(fmtp, "apt=") ? g_strndup(fmtp + 4, strcspn(fmtp + 4, "; ")) : NULL;
        if (value != NULL && read_payload_type(value, &apt) && apt == of)
            return pt;
    }
    return 0;
}

static guint
read_feedback(const GstSDPMedia *media, guint8 pt)
{
    const char *value;
    guint bits = 0;

    for (guint i = 0; (value = payload_attribute(media, "rtcp-fb", pt, i)) != NULL; i++) {
        bits |= g_str_equal(value, "nack") ? KC_SDP_FB_NACK : 0;
        bits |= g_str_equal(value, "nack pli") ? KC_SDP_FB_PLI : 0;
        bits |= g_str_equal(value, "ccm fir") ? KC_SDP_FB_FIR : 0;
        bits |= g_str_equal(value, "transport-cc") ? KC_SDP_FB_TRANSPORT_CC : 0;
    }
    return bits;
}

static gboolean
read_extensions(const GstSDPMedia *media, KcSdpSection *section, KcSdpRefusal *ret_refusal)
{
    const char *value;
    guint seen = 0;

    for (guint i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "extmap", i)) != NULL; i++) {
        guint64 id = g_ascii_strtoull(value, NULL, 10);
        const char *uri = strchr(value, ' ');

        if (id < 1 || id > 14 || uri == NULL)
            continue;
        if ((seen & 1u << id) != 0)
            return kc_sdp_refuse(ret_refusal, 422, "sdp-bad-extmap", "Section %s uses extension id %u twice.",
                                 section->mid, (guint)id);
        seen |= 1u << id;
        g_autofree char *name = g_strndup(uri + 1, strcspn(uri + 1, " "));
        if (g_str_equal(name, KC_SDP_EXT_MID))
            section->ext_mid = (guint8)id;
        else if (g_str_equal(name, KC_SDP_EXT_TRANSPORT_CC))
            section->ext_transport_cc = (guint8)id;
        else if (g_str_equal(name, KC_SDP_EXT_ABS_SEND_TIME))
            section->ext_abs_send_time = (guint8)id;
    }
    return TRUE;
}

/* RFC 5576: the first FID group, else the first a=ssrc. */
static void
read_ssrcs(const GstSDPMedia *media, KcSdpSection *section)
{
    const char *value = gst_sdp_media_get_attribute_val(media, "ssrc");
    const char *group;

    if (value != NULL)
        section->ssrc = (guint32)g_ascii_strtoull(value, NULL, 10);
    for (guint i = 0; (group = gst_sdp_media_get_attribute_val_n(media, "ssrc-group", i)) != NULL; i++) {
        if (!g_str_has_prefix(group, "FID "))
            continue;
        char *end = NULL;
        section->ssrc = (guint32)g_ascii_strtoull(group + 4, &end, 10);
        section->rtx_ssrc = (guint32)g_ascii_strtoull(end, NULL, 10);
        return;
    }
}

/* ---- sections ---- */

static gboolean
read_mid(const GstSDPMedia *media, const KcSdpOffer *offer, KcSdpSection *section, KcSdpRefusal *ret_refusal)
{
    const char *mid = gst_sdp_media_get_attribute_val(media, "mid");

    if (mid == NULL)
        return kc_sdp_refuse(ret_refusal, 422, "sdp-no-mid", "A media section has no a=mid.");
    if (!kc_sdp_is_token(mid, KC_SDP_MID_CHARS))
        return kc_sdp_refuse(ret_refusal, 422, "sdp-bad-mid", "A mid must be a token of at most %d characters.",
                             KC_SDP_MID_CHARS);
    for (guint i = 0; i < offer->n_sections; i++)
        if (g_str_equal(offer->sections[i].mid, mid))
            return kc_sdp_refuse(ret_refusal, 422, "sdp-duplicate-mid", "Two media sections have the mid %s.", mid);
    g_strlcpy(section->mid, mid, sizeof section->mid);
    return TRUE;
}

static gboolean
in_bundle(const GstSDPMessage *message, const char *mid)
{
    const char *value;

    for (guint i = 0; (value = gst_sdp_message_get_attribute_val_n(message, "group", i)) != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(value, " ", -1);

        if (words[0] != NULL && g_str_equal(words[0], "BUNDLE"))
            return g_strv_contains((const char *const *)words + 1, mid);
    }
    return FALSE;
}

static gboolean
is_served(const GstSDPMedia *media, KcSdpSection *section)
{
    gboolean bundle_only = has_attribute(media, "bundle-only");

    if (section->kind == KC_SDP_OTHER || !g_str_equal(section->proto, PROTOCOL) ||
        (gst_sdp_media_get_port(media) == 0 && !bundle_only))
        return FALSE;
    return find_codec(media, section->kind == KC_SDP_AUDIO ? "opus/48000/2" : "VP8/90000", &section->payload_type);
}

static gboolean
read_served(const GstSDPMessage *message, const GstSDPMedia *media, KcSdpSection *section, KcSdpRefusal *ret_refusal)
{
    if (!in_bundle(message, section->mid))
        return kc_sdp_refuse(ret_refusal, 422, "sdp-no-bundle", "Section %s is not in the BUNDLE group.", section->mid);
    if (!has_attribute(media, "rtcp-mux"))
        return kc_sdp_refuse(ret_refusal, 422, "sdp-no-rtcp-mux", "Section %s has no a=rtcp-mux.", section->mid);
    section->accepted = TRUE;
    section->direction = read_direction(message, media);
    section->reduced_size = has_attribute(media, "rtcp-rsize");
    section->feedback = read_feedback(media, section->payload_type);
    if (section->kind == KC_SDP_VIDEO)
        section->rtx_payload_type = find_rtx(media, section->payload_type);
    read_ssrcs(media, section);
    return read_extensions(media, section, ret_refusal);
}

static gboolean
read_section(const GstSDPMessage *message, const GstSDPMedia *media, KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    KcSdpSection *section = &offer->sections[offer->n_sections];
    const char *name = gst_sdp_media_get_media(media), *proto = gst_sdp_media_get_proto(media);
    g_autoptr(GString) format = g_string_new(NULL);

    if (name == NULL || proto == NULL || !kc_sdp_is_token(name, 32))
        return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "A media line is incomplete.");
    if (!read_mid(media, offer, section, ret_refusal))
        return FALSE;
    for (guint i = 0; i < gst_sdp_media_formats_len(media); i++)
        g_string_append_printf(format, "%s%s", i > 0 ? " " : "", gst_sdp_media_get_format(media, i));
    section->kind = g_str_equal(name, "audio")   ? KC_SDP_AUDIO
                    : g_str_equal(name, "video") ? KC_SDP_VIDEO
                                                 : KC_SDP_OTHER;
    section->media = g_strdup(name);
    section->proto = g_strdup(proto);
    section->format = g_strdup(format->len > 0 ? format->str : "0");
    offer->n_sections++;
    return !is_served(media, section) || read_served(message, media, section, ret_refusal);
}

static gboolean
check_counts(const KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    guint count[3] = {0}, accepted = 0;

    for (guint i = 0; i < offer->n_sections; i++) {
        count[offer->sections[i].kind]++;
        accepted += offer->sections[i].accepted;
    }
    if (count[KC_SDP_AUDIO] > KC_SDP_AUDIO_MAX || count[KC_SDP_VIDEO] > KC_SDP_VIDEO_MAX)
        return kc_sdp_refuse(ret_refusal, 422, "sdp-too-many-sections",
                             "%u audio and %u video sections; at most %d of each are served.", count[KC_SDP_AUDIO],
                             count[KC_SDP_VIDEO], KC_SDP_AUDIO_MAX);
    if (accepted == 0)
        return kc_sdp_refuse(ret_refusal, 422, "sdp-no-media",
                             "There is no audio section with Opus and no video section with VP8.");
    return TRUE;
}

static gboolean
check_ssrcs(const KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    guint32 seen[2 * KC_SDP_SECTIONS_MAX];
    guint n = 0;

    for (guint i = 0; i < offer->n_sections; i++) {
        seen[n++] = offer->sections[i].ssrc;
        seen[n++] = offer->sections[i].rtx_ssrc;
    }
    for (guint i = 0; i < n; i++)
        for (guint j = 0; j < i; j++)
            if (seen[i] != 0 && seen[i] == seen[j])
                return kc_sdp_refuse(ret_refusal, 422, "sdp-duplicate-ssrc", "SSRC %u is announced twice.", seen[i]);
    return TRUE;
}

/* ---- transport ---- */

static gboolean
decode_fingerprint(const char *value, guint8 ret_fingerprint[KC_SDP_FINGERPRINT_BYTES])
{
    gsize len = strlen(value);

    if (len != 3 * KC_SDP_FINGERPRINT_BYTES - 1)
        return FALSE;
    for (guint i = 0; i < KC_SDP_FINGERPRINT_BYTES; i++) {
        char pair[3] = {value[3 * i], value[3 * i + 1], '\0'};

        if ((i > 0 && value[3 * i - 1] != ':') || !kc_hex_decode(pair, ret_fingerprint + i, 1))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_fingerprint(const GstSDPMessage *message, const GstSDPMedia *media, KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    gboolean in_media = gst_sdp_media_get_attribute_val(media, "fingerprint") != NULL;
    const char *value;

    for (guint i = 0;; i++) {
        value = in_media ? gst_sdp_media_get_attribute_val_n(media, "fingerprint", i)
                         : gst_sdp_message_get_attribute_val_n(message, "fingerprint", i);
        if (value == NULL)
            return kc_sdp_refuse(ret_refusal, 422, "sdp-no-fingerprint", "There is no a=fingerprint with sha-256.");
        if (g_ascii_strncasecmp(value, "sha-256 ", 8) == 0)
            break;
    }
    if (!decode_fingerprint(value + 8, offer->fingerprint))
        return kc_sdp_refuse(ret_refusal, 422, "sdp-bad-fingerprint",
                             "The sha-256 fingerprint is not 32 pairs of hexadecimal digits with colons between.");
    return TRUE;
}

static gboolean
read_setup(const char *value, KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    if (g_strcmp0(value, "actpass") == 0)
        offer->setup = KC_SDP_ACTPASS;
    else if (g_strcmp0(value, "active") == 0)
        offer->setup = KC_SDP_ACTIVE;
    else if (g_strcmp0(value, "passive") == 0)
        offer->setup = KC_SDP_PASSIVE;
    else
        return kc_sdp_refuse(ret_refusal, 422, "sdp-bad-setup", "a=setup must be actpass, active or passive.");
    return TRUE;
}

/* The bundle's transport is described by the first of its sections that lives on (RFC 9143, 7.2). */
static const GstSDPMedia *
tagged_section(const GstSDPMessage *message, const KcSdpOffer *offer)
{
    const char *value = NULL;

    for (guint i = 0; (value = gst_sdp_message_get_attribute_val_n(message, "group", i)) != NULL; i++)
        if (g_str_has_prefix(value, "BUNDLE "))
            break;
    g_auto(GStrv) mids = g_strsplit(value != NULL ? value : "", " ", -1);
    for (char **mid = mids; *mid != NULL; mid++)
        for (guint i = 0; i < offer->n_sections; i++)
            if (offer->sections[i].accepted && g_str_equal(offer->sections[i].mid, *mid))
                return gst_sdp_message_get_media(message, i);
    return NULL;
}

static gboolean
read_transport(const GstSDPMessage *message, KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    const GstSDPMedia *media = tagged_section(message, offer);

    g_assert(media != NULL); /* an accepted section is in the bundle */
    const char *ufrag = transport_attribute(message, media, "ice-ufrag");
    const char *pwd = transport_attribute(message, media, "ice-pwd");
    if (!kc_sdp_check_credentials(ufrag, pwd, ret_refusal) ||
        !read_setup(transport_attribute(message, media, "setup"), offer, ret_refusal) ||
        !read_fingerprint(message, media, offer, ret_refusal))
        return FALSE;
    offer->ufrag = g_strdup(ufrag);
    offer->pwd = g_strdup(pwd);
    return TRUE;
}

static gboolean
read_offer(const GstSDPMessage *message, KcSdpOffer *offer, KcSdpRefusal *ret_refusal)
{
    const GstSDPOrigin *origin = gst_sdp_message_get_origin(message);

    if (origin == NULL || origin->sess_id == NULL || !kc_sdp_is_token(origin->sess_id, 32))
        return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "There is no o= line with a session id.");
    offer->session_id = g_strdup(origin->sess_id);
    for (guint i = 0; i < gst_sdp_message_medias_len(message); i++)
        if (!read_section(message, gst_sdp_message_get_media(message, i), offer, ret_refusal))
            return FALSE;
    return check_counts(offer, ret_refusal) && check_ssrcs(offer, ret_refusal) &&
           read_transport(message, offer, ret_refusal);
}

KcSdpOffer *
kc_sdp_offer_parse(const char *text, gsize len, KcSdpRefusal *ret_refusal)
{
    g_autoptr(SdpMessage) message = NULL;

    *ret_refusal = (KcSdpRefusal){0};
    if (!kc_sdp_check_text(text, len, ret_refusal))
        return NULL;
    g_autofree char *copy = g_strndup(text, len);
    if (!check_lines(copy, ret_refusal))
        return NULL;
    if (gst_sdp_message_new(&message) != GST_SDP_OK ||
        gst_sdp_message_parse_buffer((const guint8 *)copy, (guint)len, message) != GST_SDP_OK ||
        gst_sdp_message_medias_len(message) > KC_SDP_SECTIONS_MAX) {
        kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "The description can't be read.");
        return NULL;
    }
    g_autoptr(KcSdpOffer) offer = g_new0(KcSdpOffer, 1);
    return read_offer(message, offer, ret_refusal) ? g_steal_pointer(&offer) : NULL;
}
