#include "media/compose/picture.h"

#include <libyuv.h>
#include <string.h>

static const guint8 SHADES[][3] = {
    [KC_SHADE_BLACK] = {16, 128, 128},
    [KC_SHADE_GREY] = {40, 128, 128},
    [KC_SHADE_AMBER] = {190, 40, 150},
};

vpx_image_t *
kc_picture_new(void)
{
    vpx_image_t *picture = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, KC_COMPOSED_WIDTH, KC_COMPOSED_HEIGHT, 32);
    g_assert(picture != NULL);
    kc_picture_fill(picture, (KcRect){0, 0, KC_COMPOSED_WIDTH, KC_COMPOSED_HEIGHT}, KC_SHADE_BLACK);
    return picture;
}

static guint8 *
place(const vpx_image_t *picture, guint plane, guint x, guint y)
{
    guint shift = plane > 0 ? 1 : 0;
    return picture->planes[plane] + (gsize)(y >> shift) * (gsize)picture->stride[plane] + (x >> shift);
}

void
kc_picture_fill(vpx_image_t *picture, KcRect rect, KcShade shade)
{
    for (guint plane = 0; plane < 3; plane++) {
        guint shift = plane > 0 ? 1 : 0;
        for (guint y = 0; y < rect.height >> shift; y++)
            memset(place(picture, plane, rect.x, rect.y + (y << shift)), SHADES[shade][plane], rect.width >> shift);
    }
}

KcRect
kc_picture_fit(KcRect rect, guint width, guint height)
{
    guint64 wide = (guint64)rect.width * height, high = (guint64)rect.height * width;
    guint w = wide <= high ? rect.width : (guint)(high / height);
    guint h = wide <= high ? (guint)(wide / width) : rect.height;
    w = MAX(w & ~1u, 2);
    h = MAX(h & ~1u, 2);
    return (KcRect){rect.x + ((rect.width - w) / 2 & ~1u), rect.y + ((rect.height - h) / 2 & ~1u), w, h};
}

void
kc_picture_scale(vpx_image_t *picture, KcRect rect, const vpx_image_t *image)
{
    I420Scale(image->planes[0], image->stride[0], image->planes[1], image->stride[1], image->planes[2],
              image->stride[2], (int)image->d_w, (int)image->d_h, place(picture, 0, rect.x, rect.y), picture->stride[0],
              place(picture, 1, rect.x, rect.y), picture->stride[1], place(picture, 2, rect.x, rect.y),
              picture->stride[2], (int)rect.width, (int)rect.height, kFilterBox);
}

void
kc_picture_write(vpx_image_t *picture, const KcCaption *caption, guint x, guint y, gboolean dark)
{
    const guint8 *cover = g_bytes_get_data(caption->cover, NULL);
    int ink = dark ? 16 : 235;
    for (guint row = 0; row < caption->height && y + row < picture->d_h; row++) {
        guint8 *line = place(picture, 0, 0, y + row);
        for (guint column = 0; column < caption->width && x + column < picture->d_w; column++) {
            guint8 *pixel = &line[x + column];
            int share = cover[(gsize)row * caption->width + column];
            *pixel = (guint8)(*pixel + (ink - *pixel) * share / 255);
        }
    }
}
