#include "media/gst/kcformat.h"

#include <string.h>

#define URI_TRANSPORT_CC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#define URI_ABS_SEND_TIME "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

static const struct {
    const char *name;
    const char *encoding;
    guint32 clock_rate;
} media_facts[KC_N_MEDIA] = {
    [KC_AUDIO] = {"audio", "OPUS", 48000},
    [KC_VIDEO] = {"video", "VP8", 90000},
};

const char *
kc_media_name(KcMedia media)
{
    return media_facts[media].name;
}

guint32
kc_media_clock_rate(KcMedia media)
{
    return media_facts[media].clock_rate;
}

static void
extmap_set(GstStructure *structure, guint8 id, const char *uri)
{
    char name[16];
    if (id == 0)
        return;
    g_snprintf(name, sizeof name, "extmap-%u", id);
    gst_structure_set(structure, name, G_TYPE_STRING, uri, NULL);
}

GstCaps *
kc_rtp_format_to_caps(const KcRtpFormat *format)
{
    if (!format->present)
        return gst_caps_new_empty();
    GstStructure *s = gst_structure_new(
        "application/x-rtp", "media", G_TYPE_STRING, kc_media_name(format->media), "encoding-name", G_TYPE_STRING,
        media_facts[format->media].encoding, "clock-rate", G_TYPE_INT, (gint)kc_media_clock_rate(format->media),
        "payload", G_TYPE_INT, (gint)format->payload_type, "ssrc", G_TYPE_UINT, format->ssrc, NULL);
    if (format->rtx_payload_type != 0)
        gst_structure_set(s, "rtx-payload", G_TYPE_INT, (gint)format->rtx_payload_type, "rtx-ssrc", G_TYPE_UINT,
                          format->rtx_ssrc, NULL);
    extmap_set(s, format->ext_transport_cc, URI_TRANSPORT_CC);
    extmap_set(s, format->ext_abs_send_time, URI_ABS_SEND_TIME);
    return gst_caps_new_full(s, NULL);
}

static gboolean
field_read(GQuark field, const GValue *value, gpointer user)
{
    KcRtpFormat *format = user;
    const char *name = g_quark_to_string(field);
    if (!g_str_has_prefix(name, "extmap-") || !G_VALUE_HOLDS_STRING(value))
        return TRUE;
    guint8 id = (guint8)g_ascii_strtoull(name + strlen("extmap-"), NULL, 10);
    if (g_strcmp0(g_value_get_string(value), URI_TRANSPORT_CC) == 0)
        format->ext_transport_cc = id;
    else if (g_strcmp0(g_value_get_string(value), URI_ABS_SEND_TIME) == 0)
        format->ext_abs_send_time = id;
    return TRUE;
}

KcRtpFormat
kc_rtp_format_from_caps(const GstCaps *caps)
{
    KcRtpFormat format = {0};
    if (caps == NULL || gst_caps_is_any(caps) || gst_caps_is_empty(caps))
        return format;
    GstStructure *s = gst_caps_get_structure(caps, 0);
    const char *media = gst_structure_get_string(s, "media");
    gint payload = 0;
    gint rtx_payload = 0;
    if (media == NULL || !gst_structure_get_int(s, "payload", &payload))
        return format;
    format.media = g_str_equal(media, "video") ? KC_VIDEO : KC_AUDIO;
    format.payload_type = (guint8)payload;
    gst_structure_get_uint(s, "ssrc", &format.ssrc);
    if (gst_structure_get_int(s, "rtx-payload", &rtx_payload))
        format.rtx_payload_type = (guint8)rtx_payload;
    gst_structure_get_uint(s, "rtx-ssrc", &format.rtx_ssrc);
    gst_structure_foreach(s, field_read, &format);
    format.present = TRUE;
    return format;
}
