/* The picture that is composed: I420, drawn over and over, so that what does not change costs nothing. Pure. */
#pragma once

#include "media/protocol/captions.h"

#include <vpx/vpx_image.h>

typedef struct {
    guint x, y, width, height; /* even */
} KcRect;

typedef enum { KC_SHADE_BLACK, KC_SHADE_GREY, KC_SHADE_AMBER } KcShade;

/* A black image of KC_COMPOSED_WIDTH x KC_COMPOSED_HEIGHT; vpx_img_free. */
vpx_image_t *kc_picture_new(void);
void kc_picture_fill(vpx_image_t *picture, KcRect rect, KcShade shade);
/* As large as it goes into `rect` with its own proportions, in the middle. Returns where. */
KcRect kc_picture_fit(KcRect rect, guint width, guint height);
void kc_picture_scale(vpx_image_t *picture, KcRect rect, const vpx_image_t *image);
/* Light on dark, or dark on KC_SHADE_AMBER. Cut off where the picture ends. */
void kc_picture_write(vpx_image_t *picture, const KcCaption *caption, guint x, guint y, gboolean dark);
