#include "media/gst/kcevents.h"

#define KEYFRAME "GstForceKeyUnit"
#define TRANSPORT_CC "kc-transport-cc"
#define LOSS "kc-loss"
#define SENDER_TIME "kc-sender-report"

GstEvent *
kc_event_new_keyframe(void)
{
    GstStructure *s = gst_structure_new(KEYFRAME, "running-time", GST_TYPE_CLOCK_TIME, GST_CLOCK_TIME_NONE,
                                        "all-headers", G_TYPE_BOOLEAN, TRUE, "count", G_TYPE_UINT, 0u, NULL);
    return gst_event_new_custom(GST_EVENT_CUSTOM_UPSTREAM, s);
}

gboolean
kc_event_is_keyframe(GstEvent *event)
{
    return GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM && gst_event_has_name(event, KEYFRAME);
}

GstEvent *
kc_event_new_transport_cc(gconstpointer fci, gsize bytes)
{
    g_autoptr(GBytes) copy = g_bytes_new(fci, bytes);
    return gst_event_new_custom(GST_EVENT_CUSTOM_UPSTREAM,
                                gst_structure_new(TRANSPORT_CC, "fci", G_TYPE_BYTES, copy, NULL));
}

GBytes *
kc_event_transport_cc(GstEvent *event)
{
    if (GST_EVENT_TYPE(event) != GST_EVENT_CUSTOM_UPSTREAM || !gst_event_has_name(event, TRANSPORT_CC))
        return NULL;
    const GValue *value = gst_structure_get_value(gst_event_get_structure(event), "fci");
    return value != NULL ? g_value_get_boxed(value) : NULL;
}

GstEvent *
kc_event_new_loss(guint fraction_lost)
{
    return gst_event_new_custom(GST_EVENT_CUSTOM_UPSTREAM,
                                gst_structure_new(LOSS, "fraction", G_TYPE_UINT, fraction_lost, NULL));
}

gboolean
kc_event_loss(GstEvent *event, guint *ret_fraction_lost)
{
    return GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM && gst_event_has_name(event, LOSS) &&
           gst_structure_get_uint(gst_event_get_structure(event), "fraction", ret_fraction_lost);
}

GstEvent *
kc_event_new_sender_time(const KcSenderTime *time)
{
    return gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM,
                                gst_structure_new(SENDER_TIME, "ssrc", G_TYPE_UINT, time->ssrc, "rtp", G_TYPE_UINT,
                                                  time->rtp, "unix-us", G_TYPE_INT64, time->unix_us, NULL));
}

gboolean
kc_event_sender_time(GstEvent *event, KcSenderTime *ret_time)
{
    if (GST_EVENT_TYPE(event) != GST_EVENT_CUSTOM_DOWNSTREAM || !gst_event_has_name(event, SENDER_TIME))
        return FALSE;
    return gst_structure_get(gst_event_get_structure(event), "ssrc", G_TYPE_UINT, &ret_time->ssrc, "rtp", G_TYPE_UINT,
                             &ret_time->rtp, "unix-us", G_TYPE_INT64, &ret_time->unix_us, NULL);
}
