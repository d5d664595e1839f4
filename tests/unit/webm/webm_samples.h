/* Made-up recordings for the tests of media/webm. */
#pragma once

#include "media/webm/writer.h"

#define SAMPLE_STARTED_AT_US G_GINT64_CONSTANT(1767225600123456)

/* Bytes that begin as a VP8 keyframe of this size does, or as an interframe; the rest counts up. Owned. */
GBytes *sample_keyframe(guint32 width, guint32 height, gsize size);
GBytes *sample_interframe(gsize size);
/* 20 ms of Opus (SILK, one frame). */
GBytes *sample_sound(gsize size);

gboolean sample_add(KcWebmWriter *writer, KcWebmTrack track, gint64 time_ms, GBytes *frame_to_free);

typedef struct {
    GByteArray *file;   /* all pieces, one after the other */
    GArray *ends;       /* gsize: where each piece ends */
    KcWebmIndex *index;
} Sample;

/* What the writer has finished. */
Sample *sample_collect(KcWebmWriter *writer);
/* `seconds` of 640 × 480 at 25 frames a second with a keyframe every two seconds, and sound, as far as asked for; one
 * gap at one second. */
Sample *sample_call(guint seconds, gboolean video, gboolean audio);
void sample_free(Sample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sample, sample_free)

/* Fails the test if the two differ in anything. */
void sample_assert_same_index(const KcWebmIndex *a, const KcWebmIndex *b);
