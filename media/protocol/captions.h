/* What is written into a composed video, as it is drawn: the daemon, which knows texts and fonts, draws it
 * (src/print/caption.h); kuaichu-compose, which has no fonts and no file system, lays it into the picture. Also how
 * that picture is laid out, since what is drawn has to fit.
 *
 * In a memfd one after the other: u32 width, u32 height (of the machine), and a byte of cover for each pixel, row by
 * row. */
#pragma once

#include "media/protocol/message.h"

#define KC_COMPOSED_WIDTH 1280
#define KC_COMPOSED_HEIGHT 720
#define KC_COMPOSED_HEAD 44  /* height of the bar above: number, clock, mark */
#define KC_COMPOSED_LABEL 32 /* of the bar under each picture: who it is */
#define KC_CAPTION_MAX_WIDTH KC_COMPOSED_WIDTH
#define KC_CAPTION_MAX_HEIGHT 64
#define KC_CAPTION_CLOCK "0123456789-: "

typedef enum {
    KC_CAPTION_MARK,       /* not the original */
    KC_CAPTION_NUMBER,     /* of the case */
    KC_CAPTION_NO_PICTURE, /* is recorded, and no camera is seen */
    KC_CAPTION_ABSENT,     /* is not recorded at that time */
    KC_CAPTION_LEFT_OUT,   /* nobody was: the time is left out */
    KC_CAPTION_DIGITS,     /* each character of KC_CAPTION_CLOCK, all of one width */
    KC_CAPTION_LABELS = KC_CAPTION_DIGITS + sizeof KC_CAPTION_CLOCK - 1, /* one a tile */
    KC_CAPTION_MAX = KC_CAPTION_LABELS + KC_PROTOCOL_TILES_MAX
} KcCaptionId;

typedef struct {
    guint32 width, height;
    GBytes *cover; /* owned; width * height */
} KcCaption;

/* Pictures beside each other. */
guint kc_composed_columns(guint tiles);

/* A memfd, sealed against change; -1 with an error. */
int kc_captions_write(const KcCaption *captions, guint n, gsize *ret_bytes, GError **error);
/* Exactly `n`; `captions` are zeroed. FALSE for anything else in `fd`, which stays the caller's. Clear them in any
 * case. */
gboolean kc_captions_read(int fd, gsize bytes, KcCaption *captions, guint n, GError **error);
void kc_captions_clear(KcCaption *captions, guint n);
