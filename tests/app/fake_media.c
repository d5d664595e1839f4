/* Invariants
 *
 * 1. Requests only change the table; every report is made by one thread, in the order in which it was caused.
 * 2. A recording that is reported as finished is a real, sealed, indexed file. */
#include "tests/app/fake_media.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "media/webm/scan.h"
#include "media/webm/writer.h"
#include "src/base/hex.h"
#include "src/evidence/vault.h"

typedef struct {
    char *leg_id, *call_id, *participant_id, *object_id, *o_id;
    gint64 epoch_us;
    gint64 media_ms;
    KcVaultWriter *vault;
    KcWebmWriter *webm;
    KcWebmScan *scan; /* of what was sealed */
} FakeLeg;

typedef enum { CONNECT, WARN, SLOTS, RECORD, END, CRASH, SETTLE, QUIT } TaskKind;

typedef struct {
    TaskKind kind;
    FakeLeg *leg; /* END: owned */
    char *leg_id;
    const char *reason;
    guint seconds;
    const KcMediaSlot *slots;
    guint n_slots;
    gboolean *done; /* of who waits; NULL: nobody */
} Task;

struct KcFakeMedia {
    KcMediaPort port;
    GThread *thread;
    GAsyncQueue *tasks;
    GMutex lock;
    GCond changed;
    GHashTable *legs;
    KcMediaListener listener;
    gboolean reporting; /* a listener is being called */
    gboolean closes_first;
    guint refuse_status;
    char *refuse_code;
    char *shown; /* the last choice of pictures */
};

/* A picture of 16 × 16 that holds nothing but its header, and a packet of silence. */
static const guint8 KEYFRAME[] = {0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x10, 0x00, 0x10, 0x00, 0, 0, 0, 0, 0, 0};
static const guint8 SILENCE[] = {0xFC, 0xFF, 0xFE};
/* A JPEG's markers around a frame header that says 1280 × 720. */
static const guint8 STILL[] = {0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x02, 0xD0, 0x05, 0x00,
                               0x01, 0x01, 0x11, 0x00, 0xFF, 0xDA, 0x00, 0x02, 0x00, 0xFF, 0xD9};

static void
leg_free(gpointer data)
{
    FakeLeg *leg = data;
    kc_vault_writer_free(leg->vault);
    kc_webm_writer_free(leg->webm);
    kc_webm_scan_free(leg->scan);
    g_free(leg->leg_id);
    g_free(leg->call_id);
    g_free(leg->participant_id);
    g_free(leg->object_id);
    g_free(leg->o_id);
    g_free(leg);
}

/* ---- reports ---- */

static gboolean
begin_report(KcFakeMedia *media, KcMediaListener *ret_listener)
{
    g_mutex_lock(&media->lock);
    *ret_listener = media->listener;
    media->reporting = media->listener.leg != NULL;
    g_mutex_unlock(&media->lock);
    return media->reporting;
}

static void
end_report(KcFakeMedia *media)
{
    g_mutex_lock(&media->lock);
    media->reporting = FALSE;
    g_cond_broadcast(&media->changed);
    g_mutex_unlock(&media->lock);
}

static void
report_leg(KcFakeMedia *media, const char *leg_id, KcMediaLegState state, const char *reason)
{
    KcMediaListener listener;
    if (begin_report(media, &listener))
        listener.leg(listener.data, leg_id, state, reason);
    end_report(media);
}

static void
report_slots(KcFakeMedia *media, const char *leg_id, const KcMediaSlot *slots, guint n)
{
    KcMediaListener listener;
    if (begin_report(media, &listener))
        listener.slots(listener.data, leg_id, slots, n);
    end_report(media);
}

static void
report_recording(KcFakeMedia *media, FakeLeg *leg, KcMediaRecordingState state, const char *sha256)
{
    KcMediaListener listener;
    KcMediaRecording report = {
        .object_id = leg->object_id,
        .state = state,
        .chunks = leg->vault != NULL ? kc_vault_writer_chunks(leg->vault) : 0,
        .bytes = leg->vault != NULL ? (gint64)kc_vault_writer_size(leg->vault) : 0,
        .duration_ms = leg->media_ms,
        .started_us = leg->epoch_us,
        .sha256 = sha256,
        .has_audio = leg->media_ms > 0,
        .has_video = leg->media_ms > 0,
        .width = 16,
        .height = 16,
    };
    if (begin_report(media, &listener))
        listener.recording(listener.data, &report);
    end_report(media);
}

/* ---- recording ---- */

/* FALSE when the disk has failed: the recording ends there, as that of a worker does. */
static gboolean
seal_pieces(FakeLeg *leg)
{
    g_autoptr(GError) error = NULL;
    GBytes *piece;
    while ((piece = kc_webm_writer_take(leg->webm)) != NULL) {
        gboolean sealed =
            kc_vault_writer_append(leg->vault, g_bytes_get_data(piece, NULL), g_bytes_get_size(piece), &error) &&
            kc_webm_scan_push(leg->scan, g_bytes_get_data(piece, NULL), g_bytes_get_size(piece), &error);
        g_bytes_unref(piece);
        if (!sealed)
            return FALSE;
    }
    return kc_vault_writer_sync(leg->vault, &error);
}

static void
fail_recording(KcFakeMedia *media, FakeLeg *leg)
{
    g_clear_pointer(&leg->vault, kc_vault_writer_free); /* its lock goes with it */
    report_recording(media, leg, KC_MEDIA_RECORDING_FAILED, NULL);
}

static void
record_second(FakeLeg *leg)
{
    KcWebmFrame picture = {KC_WEBM_VIDEO, leg->media_ms, KEYFRAME, sizeof KEYFRAME};
    kc_webm_writer_add(leg->webm, &picture);
    for (gint64 at = 0; at < 1000; at += 20) {
        KcWebmFrame sound = {KC_WEBM_AUDIO, leg->media_ms + at, SILENCE, sizeof SILENCE};
        kc_webm_writer_add(leg->webm, &sound);
    }
    leg->media_ms += 1000;
}

static void
finish_leg(KcFakeMedia *media, FakeLeg *leg, const char *reason)
{
    g_autoptr(GError) error = NULL;
    guint8 hash[KC_VAULT_SHA256_LEN];
    report_leg(media, leg->leg_id, KC_MEDIA_GONE, reason);
    if (leg->vault == NULL) {
        leg_free(leg);
        return;
    }
    kc_webm_writer_flush(leg->webm);
    gboolean sealed = seal_pieces(leg);
    g_autoptr(GBytes) index = kc_webm_index_encode(kc_webm_scan_index(leg->scan));
    if (!sealed || !kc_vault_writer_finish(leg->vault, index, hash, &error)) {
        fail_recording(media, leg);
        leg_free(leg);
        return;
    }
    g_autofree char *hex = kc_hex_encode(hash, sizeof hash);
    report_recording(media, leg, KC_MEDIA_RECORDING_FINISHED, hex);
    leg_free(leg);
}

static void
crash(KcFakeMedia *media)
{
    g_autoptr(GPtrArray) legs = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer value;
    KcMediaListener listener;
    g_mutex_lock(&media->lock);
    g_hash_table_iter_init(&iter, media->legs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        g_ptr_array_add(legs, g_strdup(((FakeLeg *)value)->leg_id));
        if (((FakeLeg *)value)->object_id != NULL)
            g_ptr_array_add(objects, g_strdup(((FakeLeg *)value)->object_id));
    }
    g_hash_table_remove_all(media->legs);
    g_mutex_unlock(&media->lock);
    g_ptr_array_add(legs, NULL);
    g_ptr_array_add(objects, NULL);
    if (begin_report(media, &listener))
        listener.lost(listener.data, (const char *const *)legs->pdata, (const char *const *)objects->pdata,
                      "worker-died");
    end_report(media);
}

/* ---- the thread ---- */

static void
run_leg_task(KcFakeMedia *media, const Task *task)
{
    g_mutex_lock(&media->lock);
    FakeLeg *leg = g_hash_table_lookup(media->legs, task->leg_id);
    g_mutex_unlock(&media->lock);
    g_assert(leg != NULL);
    if (task->kind == CONNECT) {
        report_leg(media, leg->leg_id, KC_MEDIA_CONNECTED, "");
        if (leg->vault != NULL)
            report_recording(media, leg, KC_MEDIA_RECORDING_STARTED, NULL);
    } else if (task->kind == SLOTS) {
        report_slots(media, leg->leg_id, task->slots, task->n_slots);
    } else if (task->kind == WARN) {
        report_leg(media, leg->leg_id, KC_MEDIA_WARNING, "no-packets");
    } else {
        for (guint i = 0; leg->vault != NULL && i < task->seconds; i++)
            record_second(leg);
        kc_webm_writer_flush(leg->webm);
        if (leg->vault != NULL && !seal_pieces(leg))
            fail_recording(media, leg);
        else if (leg->vault != NULL)
            report_recording(media, leg, KC_MEDIA_RECORDING_PROGRESS, NULL);
    }
}

static gpointer
run(gpointer data)
{
    KcFakeMedia *media = data;
    for (;;) {
        g_autofree Task *task = g_async_queue_pop(media->tasks);
        if (task->kind == END)
            finish_leg(media, task->leg, task->reason);
        else if (task->kind == CRASH)
            crash(media);
        else if (task->kind != QUIT && task->kind != SETTLE)
            run_leg_task(media, task);
        g_free(task->leg_id);
        g_mutex_lock(&media->lock);
        if (task->done != NULL)
            *task->done = TRUE;
        g_cond_broadcast(&media->changed);
        g_mutex_unlock(&media->lock);
        if (task->kind == QUIT)
            return NULL;
    }
}

static void
do_task(KcFakeMedia *media, Task task)
{
    gboolean done = FALSE;
    task.done = &done;
    g_async_queue_push(media->tasks, g_memdup2(&task, sizeof task));
    g_mutex_lock(&media->lock);
    while (!done)
        g_cond_wait(&media->changed, &media->lock);
    g_mutex_unlock(&media->lock);
}

/* ---- the port ---- */

static void
set_listener(gpointer self, const KcMediaListener *listener)
{
    KcFakeMedia *media = self;
    g_mutex_lock(&media->lock);
    media->listener = listener != NULL ? *listener : (KcMediaListener){0};
    while (listener == NULL && media->reporting)
        g_cond_wait(&media->changed, &media->lock);
    g_mutex_unlock(&media->lock);
}

static gboolean
refuse(KcMediaRefusal *refusal, guint status, const char *code)
{
    refusal->status = status;
    refusal->code = g_strdup(code);
    refusal->detail = g_strdup("The fake media plane refuses.");
    return FALSE;
}

static char *
session_id(const char *offer)
{
    const char *origin = strstr(offer, "o=- ");
    return origin != NULL ? g_strndup(origin + 4, strcspn(origin + 4, " \r\n")) : g_strdup("");
}

static void
end_leg(KcFakeMedia *media, const char *leg_id, const char *reason)
{
    gpointer leg = NULL;
    g_mutex_lock(&media->lock);
    g_hash_table_steal_extended(media->legs, leg_id, NULL, &leg);
    g_mutex_unlock(&media->lock);
    Task task = {.kind = END, .leg = leg, .reason = reason};
    if (leg != NULL)
        g_async_queue_push(media->tasks, g_memdup2(&task, sizeof task));
}

/* The leg that the newer one takes over from; owned. */
static char *
take_over(KcFakeMedia *media, const KcMediaJoin *join)
{
    GHashTableIter iter;
    gpointer value;
    char *older = NULL;
    g_mutex_lock(&media->lock);
    g_hash_table_iter_init(&iter, media->legs);
    while (older == NULL && g_hash_table_iter_next(&iter, NULL, &value)) {
        const FakeLeg *leg = value;
        if (strcmp(leg->call_id, join->call_id) == 0 && strcmp(leg->participant_id, join->participant_id) == 0)
            older = g_strdup(leg->leg_id);
    }
    g_mutex_unlock(&media->lock);
    if (older != NULL)
        end_leg(media, older, "replaced");
    return older;
}

static gboolean
begin_recording(FakeLeg *leg, const KcMediaJoin *join)
{
    leg->vault =
        kc_vault_writer_new(fcntl(join->object_fd, F_DUPFD_CLOEXEC, 3), join->object_key, join->object_id, NULL);
    leg->webm = kc_webm_writer_new(join->epoch_us);
    leg->scan = kc_webm_scan_new();
    return leg->vault != NULL;
}

static gboolean
join_leg(gpointer self, const KcMediaJoin *join, KcMediaJoined *ret_joined, KcMediaRefusal *ret_refusal)
{
    KcFakeMedia *media = self;
    if (media->refuse_status != 0)
        return refuse(ret_refusal, media->refuse_status, media->refuse_code);
    if (strstr(join->offer, "a=fingerprint:") == NULL)
        return refuse(ret_refusal, 400, "sdp-invalid");
    FakeLeg *leg = g_new0(FakeLeg, 1);
    leg->leg_id = g_strdup(join->leg_id);
    leg->call_id = g_strdup(join->call_id);
    leg->participant_id = g_strdup(join->participant_id);
    leg->object_id = g_strdup(join->object_id);
    leg->o_id = session_id(join->offer);
    leg->epoch_us = join->epoch_us;
    if (join->object_id != NULL && !begin_recording(leg, join)) {
        leg_free(leg);
        return refuse(ret_refusal, 503, "recorder");
    }
    ret_joined->o_id = g_strdup(leg->o_id);
    ret_joined->fingerprint = g_strdup("sha-256 00");
    ret_joined->answer =
        g_strdup_printf("v=0\r\no=- %s 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n", leg->o_id);
    ret_joined->replaced = take_over(media, join);
    g_mutex_lock(&media->lock);
    g_hash_table_insert(media->legs, leg->leg_id, leg);
    g_mutex_unlock(&media->lock);
    return TRUE;
}

static gboolean
patch_leg(gpointer self, const char *leg_id, const char *sdpfrag, char **ret_sdpfrag, KcMediaRefusal *ret_refusal)
{
    if (strstr(sdpfrag, "a=ice-ufrag:") == NULL)
        return refuse(ret_refusal, 400, "sdp-invalid");
    *ret_sdpfrag = g_strdup("a=ice-ufrag:fake\r\na=ice-pwd:fakefakefakefakefakefake\r\n");
    return TRUE;
}

/* Returns when the app has heard of it. */
static void
end_by_itself(KcFakeMedia *media, const char *leg_id, const char *reason)
{
    gpointer leg = NULL;
    g_mutex_lock(&media->lock);
    g_hash_table_steal_extended(media->legs, leg_id, NULL, &leg);
    g_mutex_unlock(&media->lock);
    g_assert(leg != NULL);
    do_task(media, (Task){.kind = END, .leg = leg, .reason = reason});
}

static void
leave_leg(gpointer self, const char *leg_id, const char *reason)
{
    KcFakeMedia *media = self;
    if (media->closes_first)
        end_by_itself(media, leg_id, "closed");
    else
        end_leg(self, leg_id, g_intern_string(reason));
}

static gboolean
take_snapshot(gpointer self, const char *leg_id, KcMediaSnapshot *ret_snapshot, KcMediaRefusal *ret_refusal)
{
    KcFakeMedia *media = self;
    g_mutex_lock(&media->lock);
    FakeLeg *leg = g_hash_table_lookup(media->legs, leg_id);
    gint64 at_ms = leg != NULL ? leg->media_ms : -1;
    g_mutex_unlock(&media->lock);
    if (at_ms < 0)
        return refuse(ret_refusal, 404, "leg-unknown");
    ret_snapshot->jpeg = g_bytes_new_static(STILL, sizeof STILL);
    ret_snapshot->width = 1280;
    ret_snapshot->height = 720;
    ret_snapshot->media_time_ms = at_ms;
    return TRUE;
}

static gboolean
show(gpointer self, const char *leg_id, const char *const *large, const char *const *hidden,
     KcMediaRefusal *ret_refusal)
{
    KcFakeMedia *media = self;
    g_autofree char *first = g_strjoinv(" ", (char **)large), *second = g_strjoinv(" ", (char **)hidden);
    g_mutex_lock(&media->lock);
    g_free(media->shown);
    media->shown = g_strdup_printf("%s: %s; %s", leg_id, first, second);
    g_mutex_unlock(&media->lock);
    return TRUE;
}

static GPtrArray *
stats_of(gpointer self, const char *const *leg_ids)
{
    GPtrArray *stats = g_ptr_array_new_with_free_func((GDestroyNotify)kc_media_leg_stats_free);
    for (; *leg_ids != NULL; leg_ids++) {
        KcMediaLegStats *leg = g_new0(KcMediaLegStats, 1);
        leg->leg_id = g_strdup(*leg_ids);
        leg->bitrate_in_bps = 1000 * 1000;
        leg->bitrate_out_bps = 900 * 1000;
        leg->rtt_ms = 20;
        leg->age_last_packet_ms = 5;
        leg->width = 1280;
        leg->height = 720;
        leg->nacks_sent = 3;
        leg->plis_sent = 1;
        leg->bytes_durable = 4096;
        g_ptr_array_add(stats, leg);
    }
    return stats;
}

static GArray *
workers_of(gpointer self)
{
    KcFakeMedia *media = self;
    KcMediaWorkerStats row = {.ready = TRUE, .legs_max = 200, .open_fds = 12, .tcp_connections = 3, .cpu_permille = 250};
    g_mutex_lock(&media->lock);
    row.legs = g_hash_table_size(media->legs);
    g_mutex_unlock(&media->lock);
    row.bitrate_in_bps = row.legs * 1000 * 1000;
    row.loss_in_permille_max = 15;
    row.age_last_packet_ms_max = 1500;
    for (guint i = 0; i < KC_MEDIA_N_COUNTERS; i++)
        row.counters[i] = 1000 + i;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof row);
    return g_array_append_val(rows, row);
}

static gboolean
is_ready(gpointer self, char **ret_detail)
{
    *ret_detail = g_strdup("1 of 1 workers");
    return TRUE;
}

/* ---- for tests ---- */

KcFakeMedia *
kc_fake_media_new(void)
{
    KcFakeMedia *media = g_new0(KcFakeMedia, 1);
    g_mutex_init(&media->lock);
    g_cond_init(&media->changed);
    media->legs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, leg_free);
    media->tasks = g_async_queue_new();
    media->port = (KcMediaPort){
        .self = media,
        .set_listener = set_listener,
        .join = join_leg,
        .patch = patch_leg,
        .leave = leave_leg,
        .snapshot = take_snapshot,
        .show = show,
        .stats = stats_of,
        .workers = workers_of,
        .ready = is_ready,
    };
    media->thread = g_thread_new("fake-media", run, media);
    return media;
}

void
kc_fake_media_free(KcFakeMedia *media)
{
    if (media == NULL)
        return;
    do_task(media, (Task){.kind = QUIT});
    g_thread_join(media->thread);
    g_async_queue_unref(media->tasks);
    g_hash_table_unref(media->legs);
    g_cond_clear(&media->changed);
    g_mutex_clear(&media->lock);
    g_free(media->refuse_code);
    g_free(media->shown);
    g_free(media);
}

const KcMediaPort *
kc_fake_media_port(KcFakeMedia *media)
{
    return &media->port;
}

char *
kc_fake_media_offer(const char *o_id)
{
    return g_strdup_printf("v=0\r\no=- %s 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
                           "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=fingerprint:sha-256 00\r\n",
                           o_id);
}

char *
kc_fake_media_silent_offer(const char *o_id)
{
    g_autofree char *offer = kc_fake_media_offer(o_id);
    return g_strconcat(offer, "a=recvonly\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=recvonly\r\n", NULL);
}

void
kc_fake_media_connect(KcFakeMedia *media, const char *leg_id)
{
    do_task(media, (Task){.kind = CONNECT, .leg_id = g_strdup(leg_id)});
}

void
kc_fake_media_warn(KcFakeMedia *media, const char *leg_id)
{
    do_task(media, (Task){.kind = WARN, .leg_id = g_strdup(leg_id)});
}

void
kc_fake_media_slots(KcFakeMedia *media, const char *leg_id, const KcMediaSlot *slots, guint n)
{
    do_task(media, (Task){.kind = SLOTS, .leg_id = g_strdup(leg_id), .slots = slots, .n_slots = n});
}

char *
kc_fake_media_shown(KcFakeMedia *media)
{
    g_mutex_lock(&media->lock);
    char *shown = g_strdup(media->shown);
    g_mutex_unlock(&media->lock);
    return shown;
}

void
kc_fake_media_record(KcFakeMedia *media, const char *leg_id, guint seconds)
{
    do_task(media, (Task){.kind = RECORD, .leg_id = g_strdup(leg_id), .seconds = seconds});
}

void
kc_fake_media_vanish(KcFakeMedia *media, const char *leg_id)
{
    end_by_itself(media, leg_id, "consent-lost");
}

void
kc_fake_media_close_first(KcFakeMedia *media)
{
    media->closes_first = TRUE;
}

void
kc_fake_media_crash(KcFakeMedia *media)
{
    do_task(media, (Task){.kind = CRASH});
}

void
kc_fake_media_settle(KcFakeMedia *media)
{
    do_task(media, (Task){.kind = SETTLE});
}

void
kc_fake_media_refuse(KcFakeMedia *media, guint status, const char *code)
{
    g_free(media->refuse_code);
    media->refuse_code = g_strdup(code);
    media->refuse_status = status;
}

guint
kc_fake_media_legs(KcFakeMedia *media)
{
    g_mutex_lock(&media->lock);
    guint count = g_hash_table_size(media->legs);
    g_mutex_unlock(&media->lock);
    return count;
}
