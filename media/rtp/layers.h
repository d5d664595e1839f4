/* Which frames of a VP8 source one receiver gets: all, fewer temporal layers, or none (RFC 7741, 4.2).
 *
 * The base layer is decodable by itself; upper ones can be left out between any two frames, and come back where a frame
 * says that it needs nothing of them (sync) or is a keyframe. A source without layers is all or nothing. After none, and
 * after another source, the receiver waits for a keyframe. Picture ids close up as sequence numbers do (rewrite.h), since
 * decoders take a hole in them for a loss. Pure. */
#pragma once

#include "media/rtp/rewrite.h"
#include "media/rtp/vp8.h"

#define KC_LAYERS_NONE (-1)
#define KC_LAYERS_ALL 3 /* the highest that a descriptor can name */

typedef struct {
    gint wanted;  /* KC_LAYERS_NONE to KC_LAYERS_ALL */
    gint present; /* the highest that the receiver can decode just now */
    gboolean waits;
    gboolean decided; /* about the frame of `timestamp` */
    guint32 timestamp;
    gboolean passes;
    /* Numbers of pictures as they leave: of the source that rewrite.sources counts. */
    guint source;
    gboolean numbered;
    guint16 picture_offset, last_picture;
    guint8 tl0_offset, last_tl0;
} KcLayers;

typedef enum {
    KC_LAYERS_PASS,
    KC_LAYERS_DROP, /* leave it out, and close up (kc_rewrite_drop) */
    KC_LAYERS_WAIT, /* as if it had not come */
} KcLayersVerdict;

void kc_layers_init(KcLayers *layers);

/* TRUE: a keyframe is wanted, and the numbering is to begin anew (kc_rewrite_restart). */
gboolean kc_layers_want(KcLayers *layers, gint highest);

/* What came before is of no use to what comes now: waits for a keyframe. */
void kc_layers_wait(KcLayers *layers);

/* About a packet of the source, in the order of arrival. */
KcLayersVerdict kc_layers_packet(KcLayers *layers, const KcVp8Descriptor *descriptor, guint32 timestamp,
                                 gboolean begins_keyframe);

/* How far the descriptor's numbers move for a packet that leaves; `seq` as it came, after kc_rewrite_apply or _map_seq.
 * FALSE: not at all. */
gboolean kc_layers_number(KcLayers *layers, const KcRewrite *rewrite, const KcVp8Descriptor *descriptor, guint16 seq,
                          guint16 *ret_pictures, guint8 *ret_tl0);
