/* One participant: its session with the network, its elements, and what happens to it by itself. */
#include "media/worker/calls_private.h"

#include "media/protocol/message.h"
#include "src/base/timestamp.h"

/* ---- between transport and pipeline -------------------------------------------------------------------------------
 */

static gboolean
output_rtp(gpointer user, const guint8 *header, gsize header_bytes, const struct iovec *payload, guint n_payload)
{
    Leg *leg = user;
    return kc_transport_session_send_rtp(leg->session, header, header_bytes, payload, n_payload);
}

static gboolean
output_rtcp(gpointer user, const guint8 *data, gsize bytes)
{
    Leg *leg = user;
    return kc_transport_session_send_rtcp(leg->session, data, bytes);
}

static void
output_sender_report(gpointer user, KcMedia media, guint64 ntp, guint32 rtp)
{
    Leg *leg = user;
    if (leg->recorder != NULL)
        kc_recorder_sender_report(leg->recorder, media == KC_VIDEO ? KC_RECORDER_VIDEO : KC_RECORDER_AUDIO, ntp, rtp);
}

static void
output_round_trip(gpointer user, gint64 rtt_us)
{
    Leg *leg = user;
    if (leg->recorder != NULL)
        kc_recorder_set_rtt(leg->recorder, rtt_us);
}

static void
on_connected(KcTransportSession *session G_GNUC_UNUSED, gint64 now_us, gpointer user)
{
    Leg *leg = user;
    leg->state = LEG_CONNECTED;
    leg->connected_us = now_us;
    kc_peer_connected(leg->peer, now_us);
    kc_views_connected(leg->call, now_us);
    kc_leg_event(leg, KC_LEG_CONNECTED, "");
}

static void
on_rtp(KcTransportSession *session G_GNUC_UNUSED, KcPacket *packet, gint64 now_us, gpointer user)
{
    Leg *leg = user;
    kc_peer_receive_rtp(leg->peer, packet, now_us);
}

static void
on_rtcp(KcTransportSession *session G_GNUC_UNUSED, const guint8 *data, gsize len, gint64 now_us, gpointer user)
{
    Leg *leg = user;
    kc_peer_receive_rtcp(leg->peer, data, len, now_us);
}

static void
on_gone(KcTransportSession *session G_GNUC_UNUSED, KcSessionGone reason, gint64 now_us G_GNUC_UNUSED, gpointer user)
{
    Leg *leg = user;
    kc_leg_event(leg, KC_LEG_GONE, kc_session_gone_text(reason));
    kc_leg_free(leg);
}

static const KcSessionCallbacks callbacks = {on_connected, on_rtp, on_rtcp, on_gone};

void
kc_leg_event(Leg *leg, KcLegState state, const char *reason)
{
    KcMessage *event = kc_message_new(KC_MESSAGE_LEG);
    event->leg.leg = g_strdup(leg->id);
    event->leg.state = state;
    event->leg.reason = g_strdup(reason);
    kc_outbox_post(leg->call->calls->config.outbox, event);
}

/* ---- making and ending --------------------------------------------------------------------------------------------
 */

/* The call's epoch on the monotonic clock: what has passed since is what the wall clock says when the first one joins.
 * Whoever joins later is on the same line of time, though the wall clock may have been set meanwhile. */
static gint64
epoch_mono_us(Call *call, gint64 epoch_us)
{
    if (call->epoch_us != epoch_us) {
        call->epoch_us = epoch_us;
        call->epoch_mono_us = g_get_monotonic_time() - (g_get_real_time() - epoch_us);
    }
    return call->epoch_mono_us;
}

static gboolean
recorder_begin(Leg *leg, KcMessage *join, GError **error)
{
    KcCalls *calls = leg->call->calls;
    if (join->join.object == NULL)
        return TRUE;
    g_autofree char *name = g_strdup_printf("recorder-%s", leg->id);
    leg->watch = kc_recording_watch_new(calls);
    g_atomic_ref_count_inc(&leg->watch->refs); /* the recorder's */
    KcRecorderConfig config = {
        .name = name,
        .object = join->join.object,
        .fd = join->fd,
        .epoch_us = join->join.epoch_us,
        .epoch_mono_us = epoch_mono_us(leg->call, join->join.epoch_us),
        .report = kc_recording_report,
        .user_data = leg->watch,
        .user_data_free = kc_recording_watch_unref,
    };
    memcpy(config.key, join->join.key, sizeof config.key);
    join->fd = -1;
    leg->recorder = kc_recorder_new(calls->config.writer, &config, error);
    explicit_bzero(config.key, sizeof config.key);
    if (leg->recorder != NULL)
        gst_object_ref_sink(leg->recorder);
    return leg->recorder != NULL;
}

static void
leg_dispose(Leg *leg)
{
    g_clear_pointer(&leg->watch, kc_recording_watch_unref);
    if (leg->recorder != NULL)
        gst_object_unref(leg->recorder);
    if (leg->peer != NULL)
        gst_object_unref(leg->peer);
    g_array_unref(leg->snapshots);
    kc_slots_clear(&leg->slots);
    g_strfreev(leg->large);
    g_strfreev(leg->hidden);
    kc_sdp_offer_free(leg->offer);
    g_free(leg->fingerprint);
    g_free(leg->participant);
    g_free(leg->id);
    g_free(leg);
}

Leg *
kc_leg_new(Call *call, guint seat, KcMessage *join, KcSdpOffer *offer, GError **error)
{
    KcTransport *transport = call->calls->config.transport;
    Leg *leg = g_new0(Leg, 1);
    leg->call = call;
    leg->seat = seat;
    leg->id = g_strdup(join->join.leg);
    leg->participant = g_strdup_printf("%s:%s", join->join.participant_kind, join->join.participant_id);
    leg->joined_number = call->n_joined++;
    leg->offer = offer;
    leg->fingerprint = kc_sdp_offer_fingerprint_hex(offer);
    leg->joined_at_us = g_get_real_time();
    leg->snapshots = g_array_new(FALSE, TRUE, sizeof(SnapshotWait));
    if (!recorder_begin(leg, join, error)) {
        leg_dispose(leg);
        return NULL;
    }
    KcPeerOutput output = {output_rtp, output_rtcp, output_sender_report, output_round_trip, leg};
    g_autofree char *name = g_strdup_printf("peer-%s", leg->id);
    leg->peer = gst_object_ref_sink(
        kc_peer_new(name, offer, call->calls->pool, kc_udp_loop_timers(kc_transport_loop(transport)), &output));
    kc_slots_init(&leg->slots, kc_peer_slots(leg->peer));
    leg->session = kc_transport_join(transport, offer, &callbacks, leg);
    kc_call_pipeline_add(call->pipeline, seat, leg->peer, leg->recorder != NULL ? GST_ELEMENT(leg->recorder) : NULL);
    call->seats[seat] = leg;
    g_hash_table_insert(call->calls->legs, leg->id, leg);
    return leg;
}

char *
kc_leg_answer(Leg *leg)
{
    KcSdpSend sends[KC_SDP_SECTIONS_MAX];
    kc_peer_sends(leg->peer, leg->offer, sends);
    return kc_transport_answer(leg->call->calls->config.transport, leg->session, leg->offer, sends);
}

void
kc_leg_free(Leg *leg)
{
    Call *call = leg->call;
    kc_leg_snapshot_refuse_all(leg);
    kc_peer_goodbye(leg->peer);
    kc_leg_retire(leg);
    if (leg->recorder != NULL)
        kc_recorder_finish(leg->recorder);
    kc_call_pipeline_remove(call->pipeline, leg->seat);
    kc_transport_leave(call->calls->config.transport, leg->session);
    g_hash_table_remove(call->calls->legs, leg->id);
    if (call->seats[leg->seat] == leg) {
        call->seats[leg->seat] = NULL;
        kc_views_left(call, leg->seat);
        kc_call_left(call);
    }
    leg_dispose(leg);
}

/* ---- liveness -----------------------------------------------------------------------------------------------------
 */

static void
liveness(Leg *leg, gint64 now_us)
{
    if (leg->state == LEG_CONNECTING || !kc_peer_may_send(leg->peer))
        return;
    gint64 last_us = MAX(kc_peer_stats(leg->peer)->last_rtp_us, leg->connected_us);
    gboolean silent = now_us - last_us >= KC_CALLS_SILENCE_US;
    if (silent && leg->state == LEG_CONNECTED) {
        leg->state = LEG_WARNING;
        kc_leg_event(leg, KC_LEG_WARNING, "no-media");
    } else if (!silent && leg->state == LEG_WARNING) {
        leg->state = LEG_CONNECTED;
        kc_leg_event(leg, KC_LEG_OK, "");
    }
}

void
kc_leg_tick(Leg *leg, gint64 now_us)
{
    kc_peer_tick(leg->peer, now_us, kc_timestamp_steady_us());
    kc_views_tick(leg);
    if (leg->recorder != NULL)
        kc_recorder_tick(leg->recorder, now_us);
    kc_leg_snapshot_tick(leg, now_us);
    kc_leg_meter(leg, now_us);
    liveness(leg, now_us);
}
