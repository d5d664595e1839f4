/* What a picture is, from its own first bytes: never from a name or a header that came along.
 *
 * Looks at containers only, decodes nothing. Pure; safe on any bytes. */
#pragma once

#include <glib.h>

typedef enum {
    KC_IMAGE_UNKNOWN,
    KC_IMAGE_JPEG,
    KC_IMAGE_PNG,
    KC_IMAGE_WEBP,
    KC_IMAGE_HEIC, /* known, but not taken: browsers can't show it */
} KcImageKind;

typedef struct {
    KcImageKind kind;
    guint32 width, height; /* 0: the header is cut short or damaged */
} KcImage;

KcImage kc_image_sniff(const guint8 *data, gsize len);

/* "image/jpeg", …; NULL for what is not taken. */
const char *kc_image_content_type(KcImageKind kind);
