#include "media/rtp/layers.h"

void
kc_layers_init(KcLayers *layers)
{
    *layers = (KcLayers){.wanted = KC_LAYERS_ALL, .present = KC_LAYERS_ALL};
}

void
kc_layers_wait(KcLayers *layers)
{
    layers->waits = TRUE;
    layers->decided = FALSE;
}

gboolean
kc_layers_want(KcLayers *layers, gint highest)
{
    gboolean begins = layers->wanted == KC_LAYERS_NONE && highest > KC_LAYERS_NONE;
    layers->wanted = highest;
    if (begins)
        kc_layers_wait(layers);
    return begins;
}

/* Whether a frame goes through, decided by its first packet for all of them. */
static gboolean
frame_passes(KcLayers *layers, const KcVp8Descriptor *descriptor, gboolean key)
{
    if (key || descriptor->layer < 0)
        layers->present = layers->wanted;
    layers->present = MIN(layers->present, layers->wanted);
    if (descriptor->sync && descriptor->layer > layers->present && descriptor->layer <= layers->wanted)
        layers->present = descriptor->layer;
    return descriptor->layer <= layers->present;
}

KcLayersVerdict
kc_layers_packet(KcLayers *layers, const KcVp8Descriptor *descriptor, guint32 timestamp, gboolean begins_keyframe)
{
    if (layers->wanted == KC_LAYERS_NONE || (layers->waits && !begins_keyframe))
        return KC_LAYERS_WAIT;
    layers->waits = FALSE;
    if (!layers->decided || layers->timestamp != timestamp) {
        layers->passes = frame_passes(layers, descriptor, begins_keyframe);
        layers->timestamp = timestamp;
        layers->decided = TRUE;
    }
    return layers->passes ? KC_LAYERS_PASS : KC_LAYERS_DROP;
}

/* The first picture of another source follows the last of the one before. */
static void
source_begin(KcLayers *layers, guint source, const KcVp8Descriptor *descriptor)
{
    layers->source = source;
    layers->picture_offset = 0;
    layers->tl0_offset = 0;
    if (layers->numbered) {
        layers->picture_offset = (guint16)(layers->last_picture + 1 - descriptor->picture_id);
        layers->tl0_offset = (guint8)(layers->last_tl0 + 1 - MAX(descriptor->tl0_picture_id, 0));
    }
}

gboolean
kc_layers_number(KcLayers *layers, const KcRewrite *rewrite, const KcVp8Descriptor *descriptor, guint16 seq,
                 guint16 *ret_pictures, guint8 *ret_tl0)
{
    if (descriptor->picture_id < 0)
        return FALSE;
    if (layers->source != rewrite->sources)
        source_begin(layers, rewrite->sources, descriptor);
    *ret_pictures = (guint16)(layers->picture_offset - kc_rewrite_frames_before(rewrite, seq));
    *ret_tl0 = layers->tl0_offset;
    guint16 picture = (guint16)(descriptor->picture_id + *ret_pictures) & 0x7fff;
    if (!layers->numbered || ((picture - layers->last_picture) & 0x7fff) < 0x4000) {
        layers->last_picture = picture;
        layers->last_tl0 = (guint8)(MAX(descriptor->tl0_picture_id, 0) + *ret_tl0);
    }
    layers->numbered = TRUE;
    return *ret_pictures != 0 || *ret_tl0 != 0;
}
