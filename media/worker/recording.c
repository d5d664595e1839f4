/* Reports of a recorder, on the writer thread, as events for the daemon. */
#include "media/worker/calls_private.h"

RecordingWatch *
kc_recording_watch_new(KcCalls *calls)
{
    RecordingWatch *watch = g_new0(RecordingWatch, 1);
    watch->outbox = calls->config.outbox;
    watch->totals = g_atomic_rc_box_acquire(calls->recorded);
    g_atomic_ref_count_init(&watch->refs);
    return watch;
}

void
kc_recording_watch_unref(gpointer data)
{
    RecordingWatch *watch = data;
    if (!g_atomic_ref_count_dec(&watch->refs))
        return;
    g_atomic_rc_box_release(watch->totals);
    g_free(watch);
}

static KcObjectState
state_of(KcRecordingState state)
{
    switch (state) {
    case KC_RECORDING_STARTED:
        return KC_OBJECT_STARTED;
    case KC_RECORDING_PROGRESS:
        return KC_OBJECT_PROGRESS;
    case KC_RECORDING_FAILED:
        return KC_OBJECT_FAILED;
    case KC_RECORDING_FINISHED:
        return KC_OBJECT_FINISHED;
    }
    return KC_OBJECT_FAILED;
}

static void
gaps_copy(const KcWebmIndex *index, KcRecordingEvent *event)
{
    guint n = index != NULL ? MIN(index->gaps->len, KC_PROTOCOL_GAPS_MAX) : 0;
    event->gaps = g_new0(KcRecordingGap, n + 1);
    event->n_gaps = n;
    for (guint i = 0; i < n; i++) {
        const KcWebmGap *gap = &g_array_index(index->gaps, KcWebmGap, i);
        event->gaps[i] = (KcRecordingGap){MAX(gap->from_ms, 0), MAX(gap->to_ms, 0)};
    }
}

/* The watch's word goes up to `now`, and the worker's total by as much. */
static void
count_up(gsize *word, gsize *total, gsize now)
{
    gsize before = (gsize)g_atomic_pointer_get(word);
    if (now <= before)
        return;
    g_atomic_pointer_set(word, now);
    g_atomic_pointer_add(total, now - before);
}

void
kc_recording_report(const KcRecordingReport *report, gpointer user)
{
    RecordingWatch *watch = user;
    gint64 now_us = g_get_monotonic_time();
    g_atomic_int_set(&watch->state, report->state);
    count_up(&watch->bytes_recorded, &watch->totals->bytes_recorded, (gsize)report->bytes);
    count_up(&watch->bytes_durable, &watch->totals->bytes_durable, (gsize)report->durable_bytes);
    if (report->state == KC_RECORDING_PROGRESS && now_us - watch->progress_us < KC_CALLS_PROGRESS_US)
        return;
    watch->progress_us = now_us;
    KcMessage *message = kc_message_new(KC_MESSAGE_RECORDING);
    KcRecordingEvent *event = &message->recording;
    event->object = g_strdup(report->object);
    event->state = state_of(report->state);
    event->chunks = (gint64)report->chunks;
    event->bytes = (gint64)report->bytes;
    event->duration_ms = MAX(report->duration_ms, 0);
    event->started_at_us = MAX(report->started_at_us, 0);
    event->sha256 = report->sha256[0] != '\0' ? g_strdup(report->sha256) : NULL;
    event->has_audio = report->has_audio;
    event->has_video = report->has_video;
    event->width = report->width;
    event->height = report->height;
    gaps_copy(report->index, event);
    if (report->state == KC_RECORDING_FAILED)
        g_warning("recording %s failed: %s", report->object, report->message);
    kc_outbox_post(watch->outbox, message);
}
