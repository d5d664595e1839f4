/* What the daemon shows of its legs, and the rates behind it. */
#include "media/worker/calls_private.h"

#include <time.h>

#define METER_US (1000 * 1000)

void
kc_leg_meter(Leg *leg, gint64 now_us)
{
    const KcPeerStats *stats = kc_peer_stats(leg->peer);
    gint64 passed_us = now_us - leg->metered_us;
    if (leg->metered_us != 0 && passed_us < METER_US)
        return;
    if (leg->metered_us != 0) {
        leg->bitrate_in_bps = (gint64)(stats->bytes_in - leg->metered_in) * 8 * G_USEC_PER_SEC / passed_us;
        leg->bitrate_out_bps = (gint64)(stats->bytes_out - leg->metered_out) * 8 * G_USEC_PER_SEC / passed_us;
    }
    leg->metered_us = now_us;
    leg->metered_in = stats->bytes_in;
    leg->metered_out = stats->bytes_out;
}

static const char *
media_name(const Leg *leg)
{
    static const char *const names[] = {"connecting", "connected", "warning"};
    return names[leg->state];
}

static const char *
recording_name(const Leg *leg)
{
    if (leg->watch == NULL)
        return "stopped";
    int state = g_atomic_int_get(&leg->watch->state);
    if (state == KC_RECORDING_FAILED)
        return "failed";
    return state == KC_RECORDING_FINISHED ? "stopped" : "live";
}

static void
leg_stats(const Leg *leg, gint64 now_us, KcLegStats *row)
{
    const KcPeerStats *stats = kc_peer_stats(leg->peer);
    *row = (KcLegStats){
        .call = g_strdup(leg->call->id),
        .leg = g_strdup(leg->id),
        .media = g_strdup(media_name(leg)),
        .recording = g_strdup(recording_name(leg)),
        .joined_at_us = leg->joined_at_us,
        .packets_in = (gint64)stats->packets_in,
        .packets_out = (gint64)stats->packets_out,
        .bytes_in = (gint64)stats->bytes_in,
        .bytes_out = (gint64)stats->bytes_out,
        .bitrate_in_bps = leg->bitrate_in_bps,
        .bitrate_out_bps = leg->bitrate_out_bps,
        .loss_in_permille = stats->loss_in_permille,
        .loss_out_permille = stats->loss_out_permille,
        .nacks_sent = (gint64)stats->nacks_sent,
        .nacks_answered = (gint64)stats->nacks_answered,
        .plis_sent = (gint64)stats->plis_sent,
        .rtt_ms = stats->rtt_us < 0 ? -1 : stats->rtt_us / 1000,
        .age_last_packet_ms = stats->last_rtp_us == 0 ? -1 : MAX(now_us - stats->last_rtp_us, 0) / 1000,
        .width = stats->width,
        .height = stats->height,
        .bytes_durable = leg->watch != NULL ? (gint64)g_atomic_pointer_get(&leg->watch->bytes_durable) : 0,
    };
}

static gint64
open_fds(DIR *own_fds)
{
    gint64 n = 0;
    if (own_fds == NULL)
        return 0;
    rewinddir(own_fds);
    for (const struct dirent *entry = readdir(own_fds); entry != NULL; entry = readdir(own_fds))
        n += entry->d_name[0] != '.';
    return n;
}

static void
add_peer(KcWorkerTotals *totals, const KcPeerStats *stats)
{
    totals->packets_in += (gint64)stats->packets_in;
    totals->packets_out += (gint64)stats->packets_out;
    totals->bytes_in += (gint64)stats->bytes_in;
    totals->bytes_out += (gint64)stats->bytes_out;
    totals->packets_lost += (gint64)stats->lost_for_good;
    totals->nacks_sent += (gint64)stats->nacks_sent;
    totals->nacks_answered += (gint64)stats->nacks_answered;
    totals->plis_sent += (gint64)stats->plis_sent;
}

void
kc_leg_retire(const Leg *leg)
{
    add_peer(&leg->call->calls->ended, kc_peer_stats(leg->peer));
}

static gint64
own_thread_cpu_us(void)
{
    struct timespec used = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (gint64)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

static void
totals_of(const KcCalls *calls, KcStatsReport *report)
{
    KcWorkerTotals *totals = &report->totals;
    KcTransportStats transport;
    GHashTableIter iter;
    gpointer leg;
    *totals = calls->ended;
    g_hash_table_iter_init(&iter, calls->legs);
    while (g_hash_table_iter_next(&iter, NULL, &leg))
        add_peer(totals, kc_peer_stats(((Leg *)leg)->peer));
    kc_transport_stats(calls->config.transport, &transport);
    totals->late_loops = (gint64)transport.udp.late_loops;
    totals->packets_refused = (gint64)transport.garbage;
    totals->tcp_dropped = (gint64)transport.tcp.media_dropped;
    report->tcp_connections = transport.tcp.connections;
    totals->transport_cpu_us = own_thread_cpu_us();
    totals->bytes_recorded = (gint64)g_atomic_pointer_get(&calls->recorded->bytes_recorded);
    totals->bytes_durable = (gint64)g_atomic_pointer_get(&calls->recorded->bytes_durable);
}

void
kc_calls_stats(KcCalls *calls, const KcMessage *request)
{
    KcMessage *reply = kc_message_reply(KC_MESSAGE_STATS_REPORT, request);
    KcStatsReport *report = &reply->stats_report;
    GHashTableIter iter;
    gpointer leg;
    gint64 now_us = g_get_monotonic_time();
    report->legs = g_new0(KcLegStats, KC_PROTOCOL_LEGS_MAX);
    g_hash_table_iter_init(&iter, calls->legs);
    while (report->n_legs < KC_PROTOCOL_LEGS_MAX && g_hash_table_iter_next(&iter, NULL, &leg))
        leg_stats(leg, now_us, &report->legs[report->n_legs++]);
    report->calls = g_hash_table_size(calls->calls);
    report->open_fds = open_fds(calls->config.own_fds);
    totals_of(calls, report);
    kc_outbox_post(calls->config.outbox, reply);
}
