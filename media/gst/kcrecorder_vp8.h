/* Puts VP8 frames together from RTP payloads in order (RFC 7741). Internal to kcrecorder.
 *
 * Only whole frames come out. A hole is no loss when it lies between two whole frames with consecutive picture ids:
 * such packets were padding. Pure; takes any bytes. */
#pragma once

#include "media/gst/kcrecorder_reorder.h"

typedef struct {
    GByteArray *partial; /* NULL between frames */
    guint32 timestamp;   /* of `partial` */
    gint32 picture_id;   /* of the last packet; -1: none */
    gboolean picture_id_long;
    gboolean lost; /* packets before the next one, not yet judged */
} KcVp8Assembler;

typedef struct {
    gboolean lost;  /* something before, or this packet, can't be decoded */
    GBytes *frame;  /* a frame that this packet completed, or NULL; owned by the caller */
} KcVp8Result;

void kc_vp8_assembler_init(KcVp8Assembler *assembler);
void kc_vp8_assembler_clear(KcVp8Assembler *assembler);
KcVp8Result kc_vp8_assembler_push(KcVp8Assembler *assembler, const KcRtpView *packet, gboolean lost);

/* Whether a keyframe is being put together. */
gboolean kc_vp8_assembler_in_keyframe(const KcVp8Assembler *assembler);
