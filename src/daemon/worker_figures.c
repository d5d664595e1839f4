/* The numbers of the workers' places. Invariant: a counter of a place is what the workers that ended there last said,
 * and what the one that is there says now. */
#include "src/daemon/worker_pool_private.h"

static void
add_counters(gint64 counters[KC_MEDIA_N_COUNTERS], const KcMessage *message)
{
    if (message == NULL)
        return;
    const KcWorkerTotals *totals = &message->stats_report.totals;
    const gint64 said[KC_MEDIA_N_COUNTERS] = {
        [KC_MEDIA_PACKETS_IN] = totals->packets_in,
        [KC_MEDIA_PACKETS_OUT] = totals->packets_out,
        [KC_MEDIA_BYTES_IN] = totals->bytes_in,
        [KC_MEDIA_BYTES_OUT] = totals->bytes_out,
        [KC_MEDIA_PACKETS_LOST] = totals->packets_lost,
        [KC_MEDIA_NACKS_SENT] = totals->nacks_sent,
        [KC_MEDIA_NACKS_ANSWERED] = totals->nacks_answered,
        [KC_MEDIA_PLIS_SENT] = totals->plis_sent,
        [KC_MEDIA_BYTES_RECORDED] = totals->bytes_recorded,
        [KC_MEDIA_BYTES_DURABLE] = totals->bytes_durable,
        [KC_MEDIA_LATE_LOOPS] = totals->late_loops,
        [KC_MEDIA_PACKETS_REFUSED] = totals->packets_refused,
        [KC_MEDIA_TCP_DROPPED] = totals->tcp_dropped,
        [KC_MEDIA_CPU_US] = totals->transport_cpu_us,
    };
    for (guint i = 0; i < KC_MEDIA_N_COUNTERS; i++)
        counters[i] += said[i];
}

void
kc_worker_figures_retire(KcWorkerPool *pool, const KcWorker *worker)
{
    gint64 *counters = pool->ended[worker->slot].counters;
    add_counters(counters, worker->stats_message);
    counters[KC_MEDIA_RESTARTS] += !pool->stopping;
}

static void
add_legs(KcMediaWorkerStats *row, const KcStatsReport *report)
{
    for (guint i = 0; i < report->n_legs; i++) {
        const KcLegStats *leg = &report->legs[i];
        row->bitrate_in_bps += leg->bitrate_in_bps;
        row->bitrate_out_bps += leg->bitrate_out_bps;
        row->loss_in_permille_max = MAX(row->loss_in_permille_max, leg->loss_in_permille);
        row->loss_out_permille_max = MAX(row->loss_out_permille_max, leg->loss_out_permille);
        row->age_last_packet_ms_max = MAX(row->age_last_packet_ms_max, leg->age_last_packet_ms);
    }
}

static KcMediaWorkerStats
place_stats(const KcWorkerPool *pool, guint slot)
{
    KcMediaWorkerStats row = pool->ended[slot];
    const KcWorker *worker = pool->workers[slot];
    row.legs_max = pool->legs_per_worker;
    if (worker == NULL || !worker->ready)
        return row;
    guint legs = g_hash_table_size(worker->legs);
    row.ready = TRUE;
    row.full = kc_worker_load_is_full(&worker->load, legs, pool->legs_per_worker);
    row.legs = legs;
    row.unprivileged = worker->sandbox.unprivileged;
    row.seccomp = worker->sandbox.seccomp;
    row.landlock = worker->sandbox.landlock;
    row.cpu_permille = (gint64)(worker->load.cpu_share * 1000);
    if (worker->stats_message != NULL) {
        row.calls = worker->stats_message->stats_report.calls;
        row.open_fds = worker->stats_message->stats_report.open_fds;
        row.tcp_connections = worker->stats_message->stats_report.tcp_connections;
        add_legs(&row, &worker->stats_message->stats_report);
        add_counters(row.counters, worker->stats_message);
    }
    return row;
}

GArray *
kc_worker_figures_read(gpointer self)
{
    KcWorkerPool *pool = self;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(KcMediaWorkerStats));
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&pool->mutex);
    for (guint i = 0; i < pool->n_workers; i++) {
        KcMediaWorkerStats row = place_stats(pool, i);
        g_array_append_val(rows, row);
    }
    return rows;
}
