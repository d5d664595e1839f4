/* One recording, read from its sealed file from the beginning to the end, and decoded: its picture at a moment, its
 * sound from one moment to another. Moments are of the wall clock and must not go back.
 *
 * What comes from here was made by somebody's phone: frames that do not decode are counted and passed over. What is not
 * as it was sealed is an error (KC_VAULT_ERROR, KC_WEBM_ERROR). One thread at a time. */
#pragma once

#include "media/protocol/message.h"
#include "media/webm/index.h"

#include <vpx/vpx_image.h>

#define KC_SOUND_RATE 48000
#define KC_SOUND_CHANNELS 2
#define KC_PICTURE_STALE_MS 2000 /* an older picture is none */
#define KC_GAP_SHOWN_MS 500      /* nor is there one while so much of it is known to have been lost */

typedef struct KcTrack KcTrack;

/* Takes the descriptor out of `source`. */
KcTrack *kc_track_new(KcMessage *source, GError **error);
void kc_track_free(KcTrack *track);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcTrack, kc_track_free)

guint kc_track_tile(const KcTrack *track);
const char *kc_track_object(const KcTrack *track);
gint64 kc_track_from_us(const KcTrack *track);
gint64 kc_track_until_us(const KcTrack *track);
guint64 kc_track_broken_frames(const KcTrack *track);

typedef enum {
    KC_PICTURE_NONE, /* no camera, or it has been silent too long */
    KC_PICTURE_SAME, /* as before */
    KC_PICTURE_NEW,  /* *ret_image, until the next call */
} KcPictureState;

/* FALSE with an error only. */
gboolean kc_track_picture(KcTrack *track, gint64 at_us, KcPictureState *ret_state, const vpx_image_t **ret_image,
                          GError **error);
/* Adds `n` samples of each channel, interleaved, to `mix`. */
gboolean kc_track_sound(KcTrack *track, gint64 from_us, gint32 *mix, guint n, GError **error);
