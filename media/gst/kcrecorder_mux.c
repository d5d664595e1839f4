/* Video:  WAITING ──keyframe──▶ RUNNING ──loss──▶ WAITING (with a gap that ends at the next keyframe)
 *
 * Invariants: only frames that decode go into the file: after a loss none until a keyframe. `ready` of each track is
 * in ascending time. A frame leaves for the file in order of time over both tracks, unless the other track holds it up
 * for longer than it is allowed to. */
#include "media/gst/kcrecorder_mux.h"
#include "media/gst/kcrecorder_clock.h"
#include "media/gst/kcrecorder_vp8.h"
#include "media/webm/frame.h"
#include "media/webm/writer.h"

#define AUDIO_RATE 48000
#define VIDEO_RATE 90000
#define HOLD_US (60 * 1000)             /* for a frame of the other track that may be earlier */
#define IDLE_US (200 * 1000)            /* a track without packets for so long holds up nothing */
#define AUDIO_GAP_US (60 * 1000)        /* less is hidden by any decoder */
#define VIDEO_FRAME_US (33 * 1000)
#define REQUEST_US G_USEC_PER_SEC       /* between two wishes for the same keyframe */
#define WAIT_EXTRA_US (60 * 1000)
#define NEVER G_MININT64

typedef struct {
    GBytes *data;
    gint64 time_us;
    gint64 arrival_us;
    gint64 gap_from_us; /* NEVER: nothing is missing before it */
} Frame;

typedef struct {
    KcRecorderMux *mux;
    KcReorder *reorder;
    KcMediaClock clock;
    gboolean has_ssrc;
    guint32 ssrc;
    gint64 last_arrival_us; /* NEVER before the first packet */
    gint64 last_time_us;    /* of the last frame that was made ready; NEVER before the first */
    gint64 end_us;          /* when that frame ends; NEVER */
    GQueue ready;           /* of Frame */
} Track;

struct _KcRecorderMux {
    gint64 epoch_us;
    gint64 epoch_mono_us;
    gint64 base_us; /* monotonic time of 0 ms; NEVER before the first packet */
    gint64 wait_us;
    Track tracks[2]; /* by KcRecorderMedia */

    KcVp8Assembler assembler;
    gboolean waiting_for_keyframe;
    gint64 keyframe_at_us;  /* arrival of the last one; NEVER */
    gint64 requested_at_us; /* NEVER */

    guint gop_frames; /* from the last keyframe on; 0: none that decodes, or too many to decode at once */
    gsize gop_bytes;

    KcWebmWriter *writer; /* NULL before the first packet */
};

static void handle_video(const KcRtpView *packet, gboolean lost, gpointer user_data);
static void handle_audio(const KcRtpView *packet, gboolean lost, gpointer user_data);

static void
frame_free(Frame *frame)
{
    g_bytes_unref(frame->data);
    g_free(frame);
}

static void
track_init(Track *track, KcRecorderMux *mux, guint rate, KcReorderFunc handle)
{
    track->mux = mux;
    track->reorder = kc_reorder_new(handle, track);
    track->last_arrival_us = track->last_time_us = track->end_us = NEVER;
    kc_media_clock_init(&track->clock, rate);
    g_queue_init(&track->ready);
}

KcRecorderMux *
kc_recorder_mux_new(gint64 epoch_us, gint64 epoch_mono_us)
{
    KcRecorderMux *mux = g_new0(KcRecorderMux, 1);
    mux->epoch_us = epoch_us;
    mux->epoch_mono_us = epoch_mono_us;
    mux->base_us = mux->keyframe_at_us = mux->requested_at_us = NEVER;
    mux->wait_us = KC_RECORDER_WAIT_DEFAULT_MS * 1000;
    mux->waiting_for_keyframe = TRUE;
    track_init(&mux->tracks[KC_RECORDER_AUDIO], mux, AUDIO_RATE, handle_audio);
    track_init(&mux->tracks[KC_RECORDER_VIDEO], mux, VIDEO_RATE, handle_video);
    kc_vp8_assembler_init(&mux->assembler);
    return mux;
}

void
kc_recorder_mux_free(KcRecorderMux *mux)
{
    if (mux == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(mux->tracks); i++) {
        kc_reorder_free(mux->tracks[i].reorder);
        g_queue_clear_full(&mux->tracks[i].ready, (GDestroyNotify)frame_free);
    }
    kc_vp8_assembler_clear(&mux->assembler);
    kc_webm_writer_free(mux->writer);
    g_free(mux);
}

static gint64
wall_us(const KcRecorderMux *mux, gint64 mono_us)
{
    return mux->epoch_us + (mono_us - mux->epoch_mono_us);
}

static gint64
media_ms(const KcRecorderMux *mux, gint64 mono_us)
{
    return mux->base_us == NEVER ? 0 : MAX(mono_us - mux->base_us, 0) / 1000;
}

/* --- from packets to frames ------------------------------------------------------------------------------------- */

/* Time never runs backwards within a track, even when the clock's offset is corrected. */
static void
make_ready(Track *track, GBytes *data, gint64 time_us, gint64 duration_us, gint64 gap_from_us, gint64 arrival_us)
{
    time_us = MAX(time_us, track->last_time_us + 1000);
    Frame *frame = g_new(Frame, 1);
    *frame = (Frame){.data = data, .time_us = time_us, .arrival_us = arrival_us, .gap_from_us = gap_from_us};
    track->last_time_us = time_us;
    track->end_us = time_us + duration_us;
    g_queue_push_tail(&track->ready, frame);
}

static void
handle_audio(const KcRtpView *packet, gboolean lost, gpointer user_data)
{
    Track *track = user_data;
    gint64 duration_us = kc_webm_opus_duration_us(packet->payload, packet->size);
    if (duration_us == 0)
        return;
    gint64 time_us = kc_media_clock_time(&track->clock, packet->timestamp);
    gboolean gap = lost && track->end_us != NEVER && time_us - track->end_us >= AUDIO_GAP_US;
    make_ready(track, g_bytes_new(packet->payload, packet->size), time_us, duration_us, gap ? track->end_us : NEVER,
               packet->arrival_us);
}

static void
count_for_snapshot(KcRecorderMux *mux, gsize size, gboolean keyframe)
{
    if (keyframe)
        mux->gop_frames = mux->gop_bytes = 0;
    else if (mux->gop_frames == 0)
        return;
    mux->gop_frames++;
    mux->gop_bytes += size;
    if (mux->gop_frames > KC_RECORDER_GOP_FRAMES || mux->gop_bytes > KC_RECORDER_GOP_BYTES)
        mux->gop_frames = 0;
}

static void
handle_frame(Track *track, GBytes *frame, const KcRtpView *packet)
{
    KcRecorderMux *mux = track->mux;
    gsize size;
    const guint8 *data = g_bytes_get_data(frame, &size);
    guint32 width, height;
    gboolean keyframe = kc_webm_vp8_keyframe(data, size, &width, &height);
    if (mux->waiting_for_keyframe && !keyframe) {
        g_bytes_unref(frame);
        return;
    }
    gint64 time_us = kc_media_clock_time(&track->clock, packet->timestamp);
    gint64 gap_from_us = mux->waiting_for_keyframe ? track->end_us : NEVER;
    if (keyframe) {
        mux->waiting_for_keyframe = FALSE;
        mux->keyframe_at_us = packet->arrival_us;
    }
    count_for_snapshot(mux, size, keyframe);
    make_ready(track, frame, time_us, VIDEO_FRAME_US, gap_from_us, packet->arrival_us);
}

static void
handle_video(const KcRtpView *packet, gboolean lost, gpointer user_data)
{
    Track *track = user_data;
    KcVp8Result result = kc_vp8_assembler_push(&track->mux->assembler, packet, lost);
    if (result.lost)
        track->mux->waiting_for_keyframe = TRUE;
    if (result.frame != NULL)
        handle_frame(track, result.frame, packet);
}

/* --- from frames to the file ------------------------------------------------------------------------------------ */

static void
write_frame(KcRecorderMux *mux, KcRecorderMedia media, Frame *frame)
{
    if (mux->writer == NULL)
        mux->writer = kc_webm_writer_new(wall_us(mux, mux->base_us));
    if (frame->gap_from_us != NEVER)
        kc_webm_writer_add_gap(mux->writer, media_ms(mux, frame->gap_from_us), media_ms(mux, frame->time_us),
                               media == KC_RECORDER_AUDIO ? KC_WEBM_HAS_AUDIO : KC_WEBM_HAS_VIDEO);
    KcWebmFrame block = {
        .track = media == KC_RECORDER_AUDIO ? KC_WEBM_AUDIO : KC_WEBM_VIDEO,
        .time_ms = media_ms(mux, frame->time_us),
    };
    block.data = g_bytes_get_data(frame->data, &block.size);
    kc_webm_writer_add(mux->writer, &block);
    frame_free(frame);
}

/* Whether `frame` may go although nothing later of the `other` track is there. */
static gboolean
may_pass(const KcRecorderMux *mux, const Frame *frame, const Track *other, gint64 now_us)
{
    if (other->last_arrival_us == NEVER || now_us - other->last_arrival_us >= IDLE_US)
        return TRUE;
    gint64 hold_us = kc_reorder_is_blocked(other->reorder) ? mux->wait_us + HOLD_US : HOLD_US;
    return other->end_us > frame->time_us || now_us - frame->arrival_us >= hold_us;
}

static void
merge(KcRecorderMux *mux, gint64 now_us, gboolean all)
{
    for (;;) {
        const Frame *sound = g_queue_peek_head(&mux->tracks[KC_RECORDER_AUDIO].ready);
        const Frame *picture = g_queue_peek_head(&mux->tracks[KC_RECORDER_VIDEO].ready);
        if (sound == NULL && picture == NULL)
            return;
        gboolean sound_first = picture == NULL || (sound != NULL && sound->time_us < picture->time_us);
        KcRecorderMedia media = sound_first ? KC_RECORDER_AUDIO : KC_RECORDER_VIDEO;
        gboolean both = sound != NULL && picture != NULL;
        if (!all && !both && !may_pass(mux, sound_first ? sound : picture, &mux->tracks[!media], now_us))
            return;
        write_frame(mux, media, g_queue_pop_head(&mux->tracks[media].ready));
    }
}

/* --- the outside ------------------------------------------------------------------------------------------------ */

/* Another source on the same pad: nothing of the old one's numbers holds, its media stays. */
static void
change_source(KcRecorderMux *mux, KcRecorderMedia media, guint32 ssrc)
{
    Track *track = &mux->tracks[media];
    if (track->has_ssrc) {
        kc_reorder_expire(track->reorder, 0, 0);
        kc_reorder_reset(track->reorder);
        kc_media_clock_init(&track->clock, media == KC_RECORDER_AUDIO ? AUDIO_RATE : VIDEO_RATE);
        if (media == KC_RECORDER_VIDEO) {
            kc_vp8_assembler_clear(&mux->assembler);
            mux->waiting_for_keyframe = TRUE;
        }
    }
    track->has_ssrc = TRUE;
    track->ssrc = ssrc;
}

void
kc_recorder_mux_push(KcRecorderMux *mux, KcRecorderMedia media, const KcRtpView *packet)
{
    Track *track = &mux->tracks[media];
    if (packet->ssrc == 0 && !track->has_ssrc)
        return; /* a retransmission of what was sent before there was a recording */
    if (packet->ssrc != 0 && (!track->has_ssrc || track->ssrc != packet->ssrc))
        change_source(mux, media, packet->ssrc);
    if (mux->base_us == NEVER)
        mux->base_us = packet->arrival_us;
    track->last_arrival_us = packet->arrival_us;
    if (packet->size > 0) /* padding that probes for bandwidth has old timestamps */
        kc_media_clock_note(&track->clock, packet->timestamp, packet->arrival_us);
    if (media == KC_RECORDER_VIDEO)
        kc_media_clock_lay(&track->clock, &mux->tracks[KC_RECORDER_AUDIO].clock);
    kc_reorder_push(track->reorder, packet);
    kc_recorder_mux_tick(mux, packet->arrival_us);
}

void
kc_recorder_mux_tick(KcRecorderMux *mux, gint64 now_us)
{
    for (guint i = 0; i < G_N_ELEMENTS(mux->tracks); i++)
        kc_reorder_expire(mux->tracks[i].reorder, now_us, mux->wait_us);
    merge(mux, now_us, FALSE);
    if (mux->writer != NULL)
        kc_webm_writer_tick(mux->writer, media_ms(mux, now_us));
}

void
kc_recorder_mux_report(KcRecorderMux *mux, KcRecorderMedia media, guint64 ntp, guint32 rtp)
{
    kc_media_clock_report(&mux->tracks[media].clock, ntp, rtp);
}

void
kc_recorder_mux_set_rtt(KcRecorderMux *mux, gint64 rtt_us)
{
    gint64 wait_us = 3 * CLAMP(rtt_us, 0, 10 * G_USEC_PER_SEC) + WAIT_EXTRA_US;
    mux->wait_us = CLAMP(wait_us, KC_RECORDER_WAIT_MIN_MS * 1000, KC_RECORDER_WAIT_MAX_MS * 1000);
}

void
kc_recorder_mux_finish(KcRecorderMux *mux, gint64 now_us)
{
    for (guint i = 0; i < G_N_ELEMENTS(mux->tracks); i++)
        kc_reorder_expire(mux->tracks[i].reorder, now_us, 0);
    merge(mux, now_us, TRUE);
    if (mux->writer == NULL)
        mux->writer = kc_webm_writer_new(wall_us(mux, mux->base_us == NEVER ? now_us : mux->base_us));
    const Track *video = &mux->tracks[KC_RECORDER_VIDEO];
    if (mux->waiting_for_keyframe && video->end_us != NEVER)
        kc_webm_writer_add_gap(mux->writer, media_ms(mux, video->end_us), media_ms(mux, video->last_arrival_us),
                               KC_WEBM_HAS_VIDEO);
    kc_webm_writer_flush(mux->writer);
}

GBytes *
kc_recorder_mux_take(KcRecorderMux *mux)
{
    return mux->writer != NULL ? kc_webm_writer_take(mux->writer) : NULL;
}

gboolean
kc_recorder_mux_wants_keyframe(KcRecorderMux *mux, gint64 now_us)
{
    const Track *video = &mux->tracks[KC_RECORDER_VIDEO];
    gboolean flowing = video->last_arrival_us != NEVER && now_us - video->last_arrival_us < REQUEST_US;
    if (!flowing || kc_vp8_assembler_in_keyframe(&mux->assembler))
        return FALSE;
    gboolean due = mux->keyframe_at_us == NEVER || mux->waiting_for_keyframe ||
                   now_us - mux->keyframe_at_us >= KC_RECORDER_KEYFRAME_MS * 1000;
    if (!due || (mux->requested_at_us != NEVER && now_us - mux->requested_at_us < REQUEST_US))
        return FALSE;
    mux->requested_at_us = now_us;
    return TRUE;
}

gboolean
kc_recorder_mux_cut(KcRecorderMux *mux, gint64 now_us)
{
    if (mux->gop_frames == 0)
        return FALSE;
    merge(mux, now_us, TRUE);
    kc_webm_writer_flush(mux->writer);
    return TRUE;
}
