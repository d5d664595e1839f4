#include "media/gst/kccall.h"

typedef struct {
    GstElement *peer; /* borrowed from the pipeline */
    GstElement *recorder;
} Seat;

struct KcCallPipeline {
    GstElement *bin;
    GstElement *route;
    Seat seats[KC_ROUTE_SEATS];
};

void
kc_gst_register(void)
{
    gst_element_register(NULL, "kcpeer", GST_RANK_NONE, KC_TYPE_PEER);
    gst_element_register(NULL, "kcroute", GST_RANK_NONE, KC_TYPE_ROUTE);
}

/* Nobody reads the bus: state changes would pile up on it. Errors are the elements' own to report. */
static GstBusSyncReply
bus_drop(GstBus *bus G_GNUC_UNUSED, GstMessage *message, gpointer user G_GNUC_UNUSED)
{
    gst_message_unref(message);
    return GST_BUS_DROP;
}

KcCallPipeline *
kc_call_pipeline_new(const char *name)
{
    KcCallPipeline *pipeline = g_new0(KcCallPipeline, 1);
    pipeline->bin = gst_object_ref_sink(gst_pipeline_new(name));
    pipeline->route = g_object_new(KC_TYPE_ROUTE, "name", "route", NULL);
    g_autoptr(GstBus) bus = gst_element_get_bus(pipeline->bin);
    gst_bus_set_sync_handler(bus, bus_drop, NULL, NULL);
    gst_bin_add(GST_BIN(pipeline->bin), pipeline->route);
    gst_element_set_state(pipeline->bin, GST_STATE_PLAYING);
    return pipeline;
}

void
kc_call_pipeline_free(KcCallPipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    gst_element_set_state(pipeline->bin, GST_STATE_NULL);
    gst_object_unref(pipeline->bin);
    g_free(pipeline);
}

/* Links a pad of an element with a request pad of the route, both without their medium's name, whichever way round. */
static void
link_route(KcCallPipeline *pipeline, GstElement *element, const char *own_kind, const char *route_kind, KcMedia media)
{
    g_autofree char *route_name = g_strdup_printf("%s_%s", kc_media_name(media), route_kind);
    g_autofree char *own_name = g_strdup_printf("%s_%s", kc_media_name(media), own_kind);
    g_autoptr(GstPad) route_pad = gst_element_request_pad_simple(pipeline->route, route_name);
    g_autoptr(GstPad) own_pad = gst_element_get_static_pad(element, own_name);
    g_return_if_fail(route_pad != NULL && own_pad != NULL);
    gboolean outwards = GST_PAD_IS_SRC(route_pad);
    GstPadLinkReturn result =
        gst_pad_link_full(outwards ? route_pad : own_pad, outwards ? own_pad : route_pad, GST_PAD_LINK_CHECK_NOTHING);
    g_return_if_fail(result == GST_PAD_LINK_OK);
}

static void
release_route(KcCallPipeline *pipeline, const char *kind, KcMedia media)
{
    g_autofree char *name = g_strdup_printf("%s_%s", kc_media_name(media), kind);
    g_autoptr(GstPad) pad = gst_element_get_static_pad(pipeline->route, name);
    if (pad == NULL)
        return;
    g_autoptr(GstPad) other = gst_pad_get_peer(pad);
    if (other != NULL)
        gst_pad_unlink(GST_PAD_IS_SRC(pad) ? pad : other, GST_PAD_IS_SRC(pad) ? other : pad);
    gst_element_release_request_pad(pipeline->route, pad);
}

void
kc_call_pipeline_add(KcCallPipeline *pipeline, guint seat, KcPeer *peer, GstElement *recorder)
{
    Seat *place = &pipeline->seats[seat];
    g_return_if_fail(place->peer == NULL);
    place->peer = GST_ELEMENT(peer);
    place->recorder = recorder;
    gst_bin_add(GST_BIN(pipeline->bin), place->peer);
    if (recorder != NULL)
        gst_bin_add(GST_BIN(pipeline->bin), recorder);
    g_autofree char *sink = g_strdup_printf("sink_%u", seat);
    g_autofree char *record = g_strdup_printf("record_%u", seat);
    for (guint m = 0; m < KC_N_MEDIA; m++) {
        link_route(pipeline, place->peer, "src", sink, m);
        for (guint slot = 0; slot < kc_peer_slots(peer); slot++) {
            g_autofree char *own = g_strdup_printf("sink_%u", slot);
            g_autofree char *src = g_strdup_printf("src_%u_%u", seat, slot);
            link_route(pipeline, place->peer, own, src, m);
        }
        if (recorder != NULL)
            link_route(pipeline, recorder, "sink", record, m);
    }
    if (recorder != NULL)
        gst_element_sync_state_with_parent(recorder);
    gst_element_sync_state_with_parent(place->peer);
}

static void
element_remove(KcCallPipeline *pipeline, GstElement *element)
{
    if (element == NULL)
        return;
    gst_element_set_state(element, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(pipeline->bin), element);
}

void
kc_call_pipeline_remove(KcCallPipeline *pipeline, guint seat)
{
    Seat *place = &pipeline->seats[seat];
    g_autofree char *sink = g_strdup_printf("sink_%u", seat);
    g_autofree char *record = g_strdup_printf("record_%u", seat);
    for (guint m = 0; m < KC_N_MEDIA; m++) {
        release_route(pipeline, sink, m);
        for (guint slot = 0; slot < KC_ROUTE_SLOTS; slot++) {
            g_autofree char *src = g_strdup_printf("src_%u_%u", seat, slot);
            release_route(pipeline, src, m);
        }
        release_route(pipeline, record, m);
    }
    element_remove(pipeline, place->peer);
    element_remove(pipeline, place->recorder);
    *place = (Seat){0};
}

KcRoute *
kc_call_pipeline_route(KcCallPipeline *pipeline)
{
    return KC_ROUTE(pipeline->route);
}

void
kc_call_pipeline_draw(KcCallPipeline *pipeline, const char *name)
{
    GST_DEBUG_BIN_TO_DOT_FILE(GST_BIN(pipeline->bin), GST_DEBUG_GRAPH_SHOW_CAPS_DETAILS, name);
}
