/* Makes VP8 and Opus, writes them as the same WebM as a recording is, and seals it into the object of the vault, so
 * that it is served, sought in and checked by what there is for recordings. One thread at a time. */
#pragma once

#include "media/compose/timeline.h"
#include "media/protocol/message.h"

#include <vpx/vpx_image.h>

#define KC_ENCODER_ERROR (kc_encoder_error_quark())
GQuark kc_encoder_error_quark(void);
typedef enum { KC_ENCODER_ERROR_CODEC } KcEncoderError;

typedef struct KcEncoder KcEncoder;

/* Takes the descriptor out of `compose`. `started_us`: wall clock of the first picture. */
KcEncoder *kc_encoder_new(KcMessage *compose, gint64 started_us, GError **error);
void kc_encoder_free(KcEncoder *encoder); /* the file stays interrupted unless it was finished */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEncoder, kc_encoder_free)

/* Pictures and packets in ascending time. Errors of KC_ENCODER_ERROR and KC_VAULT_ERROR. */
gboolean kc_encoder_picture(KcEncoder *encoder, vpx_image_t *picture, gint64 at_ms, guint length_ms, GError **error);
/* KC_PACKET_MS of interleaved samples. */
gboolean kc_encoder_sound(KcEncoder *encoder, const gint16 *samples, gint64 at_ms, GError **error);
/* Fills bytes, duration and SHA-256. */
gboolean kc_encoder_finish(KcEncoder *encoder, KcComposed *ret_composed, GError **error);
