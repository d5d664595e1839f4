#include "src/daemon/media_reports.h"

struct KcMediaReports {
    GAsyncQueue *queue; /* of Report * */
    GMutex lock;        /* held while the listener is called */
    KcMediaListener listener; /* all NULL: none */
    GThread *thread;
};

typedef struct {
    KcMessage *event;          /* leg, slots or recording */
    GStrv lost_legs, lost_objects;
    const char *reason;
    gboolean last;
} Report;

static void
report_free(Report *report)
{
    kc_message_free(report->event);
    g_strfreev(report->lost_legs);
    g_strfreev(report->lost_objects);
    g_free(report);
}

static KcMediaLegState
leg_state(KcLegState state)
{
    static const KcMediaLegState states[] = {
        [KC_LEG_CONNECTED] = KC_MEDIA_CONNECTED,
        [KC_LEG_WARNING] = KC_MEDIA_WARNING,
        [KC_LEG_OK] = KC_MEDIA_OK,
        [KC_LEG_GONE] = KC_MEDIA_GONE,
    };
    return states[state];
}

static void
report_recording(const KcMediaListener *listener, const KcRecordingEvent *event)
{
    static const KcMediaRecordingState states[] = {
        [KC_OBJECT_STARTED] = KC_MEDIA_RECORDING_STARTED,
        [KC_OBJECT_PROGRESS] = KC_MEDIA_RECORDING_PROGRESS,
        [KC_OBJECT_FAILED] = KC_MEDIA_RECORDING_FAILED,
        [KC_OBJECT_FINISHED] = KC_MEDIA_RECORDING_FINISHED,
    };
    g_autofree KcMediaGap *gaps = g_new0(KcMediaGap, event->n_gaps + 1);
    for (guint i = 0; i < event->n_gaps; i++)
        gaps[i] = (KcMediaGap){event->gaps[i].from_ms, event->gaps[i].to_ms};
    KcMediaRecording recording = {
        .object_id = event->object, .state = states[event->state], .chunks = event->chunks, .bytes = event->bytes,
        .duration_ms = event->duration_ms, .started_us = event->started_at_us, .sha256 = event->sha256,
        .has_audio = event->has_audio, .has_video = event->has_video, .width = event->width, .height = event->height,
        .gaps = gaps, .n_gaps = event->n_gaps,
    };
    listener->recording(listener->data, &recording);
}

static void
report_slots(const KcMediaListener *listener, const KcSlotsEvent *event)
{
    KcMediaSlot slots[KC_PROTOCOL_SLOTS_MAX];
    for (guint i = 0; i < event->n_slots; i++)
        slots[i] = (KcMediaSlot){event->slots[i].audio_mid, event->slots[i].video_mid, event->slots[i].source_leg};
    listener->slots(listener->data, event->leg, slots, event->n_slots);
}

static void
tell(const KcMediaListener *listener, const Report *report)
{
    const KcMessage *event = report->event;
    if (event == NULL)
        listener->lost(listener->data, (const char *const *)report->lost_legs,
                       (const char *const *)report->lost_objects, report->reason);
    else if (event->type == KC_MESSAGE_LEG)
        listener->leg(listener->data, event->leg.leg, leg_state(event->leg.state), event->leg.reason);
    else if (event->type == KC_MESSAGE_SLOTS)
        report_slots(listener, &event->slots);
    else
        report_recording(listener, &event->recording);
}

static gpointer
report_run(gpointer data)
{
    KcMediaReports *reports = data;
    for (gboolean last = FALSE; !last;) {
        Report *report = g_async_queue_pop(reports->queue);
        last = report->last;
        g_mutex_lock(&reports->lock);
        if (!last && reports->listener.leg != NULL)
            tell(&reports->listener, report);
        g_mutex_unlock(&reports->lock);
        report_free(report);
    }
    return NULL;
}

KcMediaReports *
kc_media_reports_new(void)
{
    KcMediaReports *reports = g_new0(KcMediaReports, 1);
    reports->queue = g_async_queue_new_full((GDestroyNotify)report_free);
    g_mutex_init(&reports->lock);
    reports->thread = g_thread_new("media-report", report_run, reports);
    return reports;
}

void
kc_media_reports_free(KcMediaReports *reports)
{
    if (reports == NULL)
        return;
    Report *last = g_new0(Report, 1);
    last->last = TRUE;
    g_async_queue_push(reports->queue, last);
    g_thread_join(reports->thread);
    g_async_queue_unref(reports->queue);
    g_mutex_clear(&reports->lock);
    g_free(reports);
}

void
kc_media_reports_set_listener(KcMediaReports *reports, const KcMediaListener *listener)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED lock = g_mutex_locker_new(&reports->lock);
    reports->listener = listener != NULL ? *listener : (KcMediaListener){0};
}

void
kc_media_reports_event(KcMediaReports *reports, KcMessage *event)
{
    Report *report = g_new0(Report, 1);
    report->event = event;
    g_async_queue_push(reports->queue, report);
}

void
kc_media_reports_lost(KcMediaReports *reports, GStrv legs, GStrv objects, const char *reason)
{
    Report *report = g_new0(Report, 1);
    report->lost_legs = legs;
    report->lost_objects = objects;
    report->reason = reason;
    g_async_queue_push(reports->queue, report);
}
