/* /metrics in the text format of Prometheus 0.0.4: base units in the names, a family's HELP and TYPE once and before its
 * samples. No case, person or leg is named; the figures of one leg are in the call's own resource. */
#include "src/base/timestamp.h"
#include "src/http/routes.h"

#define PREFIX "kuaichu_"

static void
begin(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

static void
sample(GString *text, const char *name, const char *label, const char *value_of_label, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.15g", value);
    if (label == NULL)
        g_string_append_printf(text, PREFIX "%s %s\n", name, number);
    else
        g_string_append_printf(text, PREFIX "%s{%s=\"%s\"} %s\n", name, label, value_of_label, number);
}

static void
single(GString *text, const char *name, const char *type, const char *help, gint64 value)
{
    begin(text, name, type, help);
    sample(text, name, NULL, NULL, (double)value);
}

static void
add_cases(GString *text, GHashTable *by_state)
{
    GHashTableIter iter;
    gpointer state, count;
    begin(text, "cases", "gauge", "Cases by state.");
    g_hash_table_iter_init(&iter, by_state);
    while (g_hash_table_iter_next(&iter, &state, &count))
        sample(text, "cases", "state", state, GPOINTER_TO_INT(count));
}

static void
add_requests(GString *text, KcHttpContext *context)
{
    begin(text, "http_requests_total", "counter", "HTTP requests by class of status.");
    for (guint i = 1; i < G_N_ELEMENTS(context->requests); i++) {
        const char status[] = {(char)('0' + i), 'x', 'x', '\0'};
        sample(text, "http_requests_total", "status", status, g_atomic_int_get(&context->requests[i]));
    }
}

/* ---- the media workers, by place ---- */

static const struct {
    KcMediaCounter counter;
    const char *name, *help;
    double scale; /* to the unit of the name */
} counters[] = {
    {KC_MEDIA_PACKETS_IN, "media_received_packets_total", "RTP packets from participants.", 1},
    {KC_MEDIA_PACKETS_OUT, "media_sent_packets_total", "RTP packets to participants.", 1},
    {KC_MEDIA_BYTES_IN, "media_received_bytes_total", "Bytes of RTP from participants.", 1},
    {KC_MEDIA_BYTES_OUT, "media_sent_bytes_total", "Bytes of RTP to participants.", 1},
    {KC_MEDIA_PACKETS_LOST, "media_lost_packets_total", "Video packets from participants that never came.", 1},
    {KC_MEDIA_NACKS_SENT, "media_nacked_packets_total", "Packets that participants were asked for again.", 1},
    {KC_MEDIA_NACKS_ANSWERED, "media_resent_packets_total", "Packets sent again on a participant's NACK.", 1},
    {KC_MEDIA_PLIS_SENT, "media_pli_total", "Keyframes asked for (PLI).", 1},
    {KC_MEDIA_BYTES_RECORDED, "media_recorded_bytes_total", "Bytes of recordings sealed and written.", 1},
    {KC_MEDIA_BYTES_DURABLE, "media_durable_bytes_total", "Bytes of recordings synced to the disk.", 1},
    {KC_MEDIA_LATE_LOOPS, "media_late_loops_total", "Turns of the network loop that began 20 ms late or more.", 1},
    {KC_MEDIA_PACKETS_REFUSED, "media_refused_packets_total", "Datagrams that were garbage or of nobody.", 1},
    {KC_MEDIA_TCP_DROPPED, "media_tcp_dropped_packets_total", "Media packets that a slow reader by TCP lost.", 1},
    {KC_MEDIA_CPU_US, "media_transport_cpu_seconds_total", "CPU time of the network thread.", 1e-6},
    {KC_MEDIA_RESTARTS, "media_worker_restarts_total", "Workers that ended unasked and were replaced.", 1},
};
G_STATIC_ASSERT(G_N_ELEMENTS(counters) == KC_MEDIA_N_COUNTERS);


#define FIELD(name) G_STRUCT_OFFSET(KcMediaWorkerStats, name)
static const struct {
    goffset field;
    const char *name, *help;
    double scale;
} gauges[] = {
    {FIELD(ready), "media_worker_up", "1 while a worker answers.", 1},
    {FIELD(full), "media_worker_full", "1 while no further call is given to it.", 1},
    {FIELD(unprivileged), "media_worker_unprivileged", "1 if it runs without root and without capabilities.", 1},
    {FIELD(seccomp), "media_worker_seccomp", "1 if its system calls are filtered.", 1},
    {FIELD(landlock), "media_worker_landlock", "ABI version of the landlock it is in; 0 for none.", 1},
    {FIELD(calls), "media_calls", "Calls now.", 1},
    {FIELD(legs), "media_legs", "Participants connected or connecting now.", 1},
    {FIELD(legs_max), "media_legs_limit", "Participants that it takes at most.", 1},
    {FIELD(open_fds), "media_open_fds", "File descriptors open.", 1},
    {FIELD(tcp_connections), "media_tcp_connections", "ICE-TCP connections open.", 1},
    {FIELD(cpu_permille), "media_transport_cpu_ratio", "Share of its time that the network thread works.", 1e-3},
    {FIELD(bitrate_in_bps), "media_received_bits_per_second", "From all its participants now.", 1},
    {FIELD(bitrate_out_bps), "media_sent_bits_per_second", "To all its participants now.", 1},
    {FIELD(loss_in_permille_max), "media_received_loss_ratio_max", "Loss of the participant that comes worst.", 1e-3},
    {FIELD(loss_out_permille_max), "media_sent_loss_ratio_max", "Loss at the participant that gets worst.", 1e-3},
    {FIELD(age_last_packet_ms_max), "media_last_packet_age_seconds_max", "Of the participant silent for longest.", 1e-3},
};

static void
add_workers(GString *text, const GArray *workers)
{
    for (gsize m = 0; m < G_N_ELEMENTS(counters) + G_N_ELEMENTS(gauges); m++) {
        gboolean counts = m < G_N_ELEMENTS(counters);
        gsize at = counts ? m : m - G_N_ELEMENTS(counters);
        const char *name = counts ? counters[at].name : gauges[at].name;
        begin(text, name, counts ? "counter" : "gauge", counts ? counters[at].help : gauges[at].help);
        for (guint i = 0; i < workers->len; i++) {
            const KcMediaWorkerStats *row = &g_array_index(workers, KcMediaWorkerStats, i);
            double value = counts ? (double)row->counters[counters[at].counter] * counters[at].scale
                                  : (double)G_STRUCT_MEMBER(gint64, row, gauges[at].field) * gauges[at].scale;
            g_autofree char *place = g_strdup_printf("%u", i);
            sample(text, name, "worker", place, value);
        }
    }
}

/* ---- the whole ---- */

static void
add_service(GString *text, KcHttpContext *context, const KcAppMetrics *metrics)
{
    single(text, "uptime_seconds", "gauge", "Since the service began.",
           (kc_timestamp_now_us() - context->started_us) / G_USEC_PER_SEC);
    add_cases(text, metrics->cases_by_state);
    single(text, "legs_live", "gauge", "Participants in calls now.", metrics->live_legs);
    single(text, "calls_live", "gauge", "Calls now.", metrics->live_calls);
    single(text, "recordings_live", "gauge", "Recordings that are not finished.", metrics->live_recordings);
    single(text, "calls_started_total", "counter", "Participants that were taken into a call.", metrics->calls_started);
    single(text, "legs_lost_total", "counter", "Participants that lost their call with its worker.",
           metrics->legs_lost);
    single(text, "objects_recovered_total", "counter", "Recordings and stills recovered after a crash.",
           metrics->objects_recovered);
    single(text, "disk_free_bytes", "gauge", "Free for recordings and evidence.", metrics->disk_free_bytes);
    single(text, "disk_left_bytes", "gauge", "The same, and what is held in reserve.", metrics->disk.left_bytes);
    single(text, "disk_kept_bytes", "gauge", "Of these, what new calls must leave for running ones.",
           metrics->disk.kept_bytes);
    single(text, "disk_held_bytes", "gauge", "Held in the file of the reserve; 0 once it was let go.",
           metrics->disk.held_bytes);
    single(text, "calls_left", "gauge", "Calls of a quarter of an hour that there is room for.",
           metrics->disk.calls_left);
    single(text, "store_memory_bytes", "gauge", "SQLite's caches of pages and prepared statements.",
           metrics->store_memory_bytes);
    add_requests(text, context);
    single(text, "http_connections", "gauge", "HTTP connections open.", kc_http_connections_open(context->connections));
    single(text, "event_streams", "gauge", "Event streams open.", kc_sse_hub_clients(context->hub));
}

KcHttpReply *
kc_get_metrics(KcHttpRequest *request)
{
    KcAppMetrics metrics = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    if (!kc_app_metrics(request->app, &metrics, &error))
        return kc_outcome_reply(request, &result, error);
    add_service(text, request->context, &metrics);
    if (metrics.workers != NULL)
        add_workers(text, metrics.workers);
    kc_app_metrics_clear(&metrics);
    return kc_http_reply_text(MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", text->str);
}
