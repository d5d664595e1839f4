/* Invariant: no byte is read that was not checked to be there. */
#include "src/app/image.h"

#include <string.h>

static guint32
be16(const guint8 *at)
{
    return (guint32)at[0] << 8 | at[1];
}

static guint32
be32(const guint8 *at)
{
    return be16(at) << 16 | be16(at + 2);
}

static guint32
le24(const guint8 *at)
{
    return at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16;
}

/* SOF0 … SOF15, but for the three numbers among them that are other markers (DHT, JPG, DAC). */
static gboolean
is_frame_header(guint8 marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* ITU-T T.81, B.1: segments with a length, up to the frame header. */
static void
read_jpeg(const guint8 *data, gsize len, KcImage *image)
{
    gsize at = 2;
    while (at + 9 <= len && data[at] == 0xFF) {
        guint8 marker = data[at + 1];
        if (marker == 0xFF) {
            at++;
            continue;
        }
        guint32 size = be16(data + at + 2);
        if (is_frame_header(marker)) {
            image->height = be16(data + at + 5);
            image->width = be16(data + at + 7);
            return;
        }
        if (marker == 0xDA || size < 2)
            return;
        at += 2 + size;
    }
}

static void
read_png(const guint8 *data, gsize len, KcImage *image)
{
    if (len < 24 || memcmp(data + 12, "IHDR", 4) != 0)
        return;
    image->width = be32(data + 16);
    image->height = be32(data + 20);
}

/* RFC 9649: lossy (VP8 frame header), lossless, or extended. */
static void
read_webp(const guint8 *data, gsize len, KcImage *image)
{
    if (len < 30)
        return;
    if (memcmp(data + 12, "VP8X", 4) == 0) {
        image->width = le24(data + 24) + 1;
        image->height = le24(data + 27) + 1;
    } else if (memcmp(data + 12, "VP8L", 4) == 0 && data[20] == 0x2F) {
        image->width = ((guint32)(data[22] & 0x3F) << 8 | data[21]) + 1;
        image->height = ((guint32)(data[24] & 0x0F) << 10 | (guint32)data[23] << 2 | data[22] >> 6) + 1;
    } else if (memcmp(data + 12, "VP8 ", 4) == 0 && memcmp(data + 23, "\x9D\x01\x2A", 3) == 0) {
        image->width = (data[26] | (guint32)data[27] << 8) & 0x3FFF;
        image->height = (data[28] | (guint32)data[29] << 8) & 0x3FFF;
    }
}

static gboolean
is_heic(const guint8 *data, gsize len)
{
    static const char *const brands[] = {"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"};
    if (len < 12 || memcmp(data + 4, "ftyp", 4) != 0)
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(brands); i++) {
        if (memcmp(data + 8, brands[i], 4) == 0)
            return TRUE;
    }
    return FALSE;
}

KcImage
kc_image_sniff(const guint8 *data, gsize len)
{
    KcImage image = {KC_IMAGE_UNKNOWN, 0, 0};
    if (len >= 4 && memcmp(data, "\xFF\xD8\xFF", 3) == 0) {
        image.kind = KC_IMAGE_JPEG;
        read_jpeg(data, len, &image);
    } else if (len >= 8 && memcmp(data, "\x89PNG\r\n\x1A\n", 8) == 0) {
        image.kind = KC_IMAGE_PNG;
        read_png(data, len, &image);
    } else if (len >= 16 && memcmp(data, "RIFF", 4) == 0 && memcmp(data + 8, "WEBP", 4) == 0) {
        image.kind = KC_IMAGE_WEBP;
        read_webp(data, len, &image);
    } else if (is_heic(data, len)) {
        image.kind = KC_IMAGE_HEIC;
    }
    return image;
}

const char *
kc_image_content_type(KcImageKind kind)
{
    switch (kind) {
    case KC_IMAGE_JPEG:
        return "image/jpeg";
    case KC_IMAGE_PNG:
        return "image/png";
    case KC_IMAGE_WEBP:
        return "image/webp";
    default:
        return NULL;
    }
}
