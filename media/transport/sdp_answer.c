/* Writing an answer. Only what was offered is answered: codecs, feedback and extensions are the offer's own, cut down
 * to what this service does; video-orientation never is among them, so that phones turn the picture before encoding. */
#include "media/transport/sdp_text.h"

#include <string.h>

#define START_BITRATE_KBPS 1500

gboolean
kc_sdp_offer_makes_us_active(const KcSdpOffer *offer)
{
    return offer->setup == KC_SDP_PASSIVE;
}

KcSdpDirection
kc_sdp_answer_direction(const KcSdpSection *section, const KcSdpSend *send)
{
    guint direction = 0;

    if (!section->accepted)
        return KC_SDP_INACTIVE;
    if ((section->direction & KC_SDP_SEND) != 0)
        direction |= KC_SDP_RECV;
    if ((section->direction & KC_SDP_RECV) != 0 && send->ssrc != 0)
        direction |= KC_SDP_SEND;
    return (KcSdpDirection)direction;
}

static void
write_connection(GString *out, const KcSdpAnswer *answer)
{
    g_autofree char *ip = kc_udp_addr_ip_text(&answer->offered[0]);

    g_string_append_printf(out, "c=IN %s %s\r\n", kc_udp_addr_is_ipv4(&answer->offered[0]) ? "IP4" : "IP6", ip);
}

/* RFC 8445, 5.1.2.1: type preference 126, in the order of the list. */
static guint32
udp_priority(guint i)
{
    return 126u << 24 | (65535u - MIN(i, 65535u)) << 8 | 255u;
}

/* RFC 6544, 4.2: below every direct way by UDP, and 4 in the upper bits of the local preference for "passive". */
static guint32
tcp_priority(guint i)
{
    return 90u << 24 | (4u << 13 | (8191u - MIN(i, 8191u))) << 8 | 255u;
}

static void
write_candidates(GString *out, const KcSdpAnswer *answer)
{
    for (guint i = 0; i < answer->n_offered; i++) {
        g_autofree char *ip = kc_udp_addr_ip_text(&answer->offered[i]);

        g_string_append_printf(out, "a=candidate:%u 1 udp %u %s %u typ host\r\n", i + 1, udp_priority(i), ip,
                               answer->offered[i].port);
    }
    for (guint i = 0; i < answer->n_offered_tcp; i++) {
        g_autofree char *ip = kc_udp_addr_ip_text(&answer->offered_tcp[i]);

        g_string_append_printf(out, "a=candidate:%u 1 tcp %u %s %u typ host tcptype passive\r\n",
                               answer->n_offered + i + 1, tcp_priority(i), ip, answer->offered_tcp[i].port);
    }
    g_string_append(out, "a=end-of-candidates\r\n");
}

static void
write_transport(GString *out, const KcSdpOffer *offer, const KcSdpAnswer *answer)
{
    g_string_append_printf(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 ", answer->ufrag, answer->pwd);
    for (guint i = 0; i < KC_SDP_FINGERPRINT_BYTES; i++)
        g_string_append_printf(out, "%s%02X", i > 0 ? ":" : "", answer->fingerprint[i]);
    g_string_append_printf(out, "\r\na=setup:%s\r\n", kc_sdp_offer_makes_us_active(offer) ? "active" : "passive");
}

static void
write_extension(GString *out, guint8 id, const char *uri)
{
    if (id != 0)
        g_string_append_printf(out, "a=extmap:%u %s\r\n", id, uri);
}

static void
write_feedback(GString *out, const KcSdpSection *section)
{
    static const struct {
        KcSdpFeedback bit;
        const char *text;
    } known[] = {{KC_SDP_FB_TRANSPORT_CC, "transport-cc"},
                 {KC_SDP_FB_FIR, "ccm fir"},
                 {KC_SDP_FB_NACK, "nack"},
                 {KC_SDP_FB_PLI, "nack pli"}};

    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        /* Congestion feedback without its sequence numbers would be a promise that can't be kept. */
        if (known[i].bit == KC_SDP_FB_TRANSPORT_CC && section->ext_transport_cc == 0)
            continue;
        if ((section->feedback & known[i].bit) != 0)
            g_string_append_printf(out, "a=rtcp-fb:%u %s\r\n", section->payload_type, known[i].text);
    }
}

static void
write_codec(GString *out, const KcSdpSection *section)
{
    guint pt = section->payload_type, rtx = section->rtx_payload_type;

    if (section->kind == KC_SDP_AUDIO) {
        g_string_append_printf(out, "a=rtpmap:%u opus/48000/2\r\n", pt);
        write_feedback(out, section);
        g_string_append_printf(out, "a=fmtp:%u minptime=10;useinbandfec=1\r\n", pt);
        return;
    }
    g_string_append_printf(out, "a=rtpmap:%u VP8/90000\r\n", pt);
    write_feedback(out, section);
    /* A scene must be sharp in its first second: Chromium begins its estimate here instead of at 300 kbit/s, from where
     * a calm picture climbs slowly. Congestion control is free to go below at once; others ignore the hint. */
    if (section->feedback & KC_SDP_FB_TRANSPORT_CC)
        g_string_append_printf(out, "a=fmtp:%u x-google-start-bitrate=%u\r\n", pt, START_BITRATE_KBPS);
    if (rtx != 0)
        g_string_append_printf(out, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", rtx, rtx, pt);
}

static void
write_sources(GString *out, const KcSdpSection *section, const KcSdpSend *send, const char *cname)
{
    gboolean rtx = section->rtx_payload_type != 0 && send->rtx_ssrc != 0;

    g_string_append_printf(out, "a=msid:%s %s\r\n", send->stream_id, send->track_id);
    if (rtx)
        g_string_append_printf(out, "a=ssrc-group:FID %u %u\r\n", send->ssrc, send->rtx_ssrc);
    for (guint i = 0; i < (rtx ? 2 : 1); i++) {
        guint32 ssrc = i == 0 ? send->ssrc : send->rtx_ssrc;

        g_string_append_printf(out, "a=ssrc:%u cname:%s\r\na=ssrc:%u msid:%s %s\r\n", ssrc, cname, ssrc,
                               send->stream_id, send->track_id);
    }
}

static void
write_rejected(GString *out, const KcSdpSection *section)
{
    g_string_append_printf(out, "m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\na=inactive\r\n", section->media,
                           section->proto, section->format, section->mid);
}

static void
write_accepted(GString *out, const KcSdpOffer *offer, const KcSdpAnswer *answer, guint index, gboolean first)
{
    static const char *const names[] = {"inactive", "sendonly", "recvonly", "sendrecv"};
    const KcSdpSection *section = &offer->sections[index];
    const KcSdpSend *send = &answer->sends[index];
    KcSdpDirection direction = kc_sdp_answer_direction(section, send);

    g_string_append_printf(out, "m=%s %u %s %u", section->media, answer->offered[0].port, section->proto, section->payload_type);
    if (section->rtx_payload_type != 0)
        g_string_append_printf(out, " %u", section->rtx_payload_type);
    g_string_append(out, "\r\n");
    write_connection(out, answer);
    if (first)
        write_candidates(out, answer);
    write_transport(out, offer, answer);
    g_string_append_printf(out, "a=mid:%s\r\n", section->mid);
    write_extension(out, section->ext_mid, KC_SDP_EXT_MID);
    write_extension(out, section->ext_transport_cc, KC_SDP_EXT_TRANSPORT_CC);
    write_extension(out, section->ext_abs_send_time, KC_SDP_EXT_ABS_SEND_TIME);
    g_string_append_printf(out, "a=%s\r\na=rtcp-mux\r\n", names[direction]);
    if (section->reduced_size)
        g_string_append(out, "a=rtcp-rsize\r\n");
    write_codec(out, section);
    if ((direction & KC_SDP_SEND) != 0)
        write_sources(out, section, send, answer->cname);
}

static void
write_group(GString *out, const KcSdpOffer *offer)
{
    g_string_append(out, "a=group:BUNDLE");
    for (guint i = 0; i < offer->n_sections; i++)
        if (offer->sections[i].accepted)
            g_string_append_printf(out, " %s", offer->sections[i].mid);
    g_string_append(out, "\r\n");
}

char *
kc_sdp_answer_write(const KcSdpOffer *offer, const KcSdpAnswer *answer)
{
    GString *out = g_string_new(NULL);
    gboolean first = TRUE;

    g_string_append_printf(out, "v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n",
                           answer->session_id);
    write_group(out, offer);
    g_string_append(out, "a=msid-semantic: WMS *\r\n");
    for (guint i = 0; i < offer->n_sections; i++) {
        if (!offer->sections[i].accepted) {
            write_rejected(out, &offer->sections[i]);
            continue;
        }
        write_accepted(out, offer, answer, i, first);
        first = FALSE;
    }
    return g_string_free(out, FALSE);
}

/* ---- trickle-ice-sdpfrag (RFC 8840, 4.4; RFC 8839) ---- */

void
kc_sdp_frag_clear(KcSdpFrag *frag)
{
    g_clear_pointer(&frag->ufrag, g_free);
    g_clear_pointer(&frag->pwd, g_free);
}

static void
take_value(const char *line, const char *prefix, char **value)
{
    if (*value == NULL && g_str_has_prefix(line, prefix))
        *value = g_strdup(line + strlen(prefix));
}

gboolean
kc_sdp_frag_parse(const char *text, gsize len, KcSdpFrag *ret_frag, KcSdpRefusal *ret_refusal)
{
    *ret_frag = (KcSdpFrag){0};
    *ret_refusal = (KcSdpRefusal){0};
    if (!kc_sdp_check_text(text, len, ret_refusal))
        return FALSE;

    g_autofree char *copy = g_strndup(text, len);
    g_auto(GStrv) lines = g_strsplit_set(copy, "\r\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (**line == '\0')
            continue;
        if (!g_ascii_islower((*line)[0]) || (*line)[1] != '=') {
            kc_sdp_frag_clear(ret_frag);
            return kc_sdp_refuse(ret_refusal, 400, "sdp-malformed", "A line is not of the form x=value.");
        }
        take_value(*line, "a=ice-ufrag:", &ret_frag->ufrag);
        take_value(*line, "a=ice-pwd:", &ret_frag->pwd);
    }
    if (kc_sdp_check_credentials(ret_frag->ufrag, ret_frag->pwd, ret_refusal))
        return TRUE;
    kc_sdp_frag_clear(ret_frag);
    return FALSE;
}

char *
kc_sdp_frag_write(const KcSdpOffer *offer, const KcSdpAnswer *answer)
{
    GString *out = g_string_new("a=ice-lite\r\n");

    write_group(out, offer);
    g_string_append_printf(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", answer->ufrag, answer->pwd);
    for (guint i = 0; i < offer->n_sections; i++) {
        const KcSdpSection *section = &offer->sections[i];

        if (!section->accepted)
            continue;
        g_string_append_printf(out, "m=%s 9 %s 0\r\na=mid:%s\r\n", section->media, section->proto, section->mid);
        write_candidates(out, answer);
        break;
    }
    return g_string_free(out, FALSE);
}
