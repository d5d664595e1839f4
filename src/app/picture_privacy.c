#include "src/app/picture_privacy.h"

#include "src/app/image.h"

#include <string.h>

typedef struct {
    const guint8 *data;
    gsize len, at;
    GByteArray *out;
} Copy;

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
le32(const guint8 *at)
{
    return (guint32)at[3] << 24 | (guint32)at[2] << 16 | (guint32)at[1] << 8 | at[0];
}

/* `len` bytes from here on, if they are there: copied or passed over. */
static gboolean
pass(Copy *copy, gsize len, gboolean keep)
{
    if (len > copy->len - copy->at)
        return FALSE;
    if (keep)
        g_byte_array_append(copy->out, copy->data + copy->at, (guint)len);
    copy->at += len;
    return TRUE;
}

/* ---- JPEG: marker segments, until the picture begins (ITU-T T.81, annex B) ---- */

#define EXIF_ORIENTATION 0x0112

/* Of a TIFF block in either byte order; 0: none. */
static guint
orientation_of(const guint8 *tiff, gsize len)
{
    if (len < 8 || (memcmp(tiff, "II*\0", 4) != 0 && memcmp(tiff, "MM\0*", 4) != 0))
        return 0;
    gboolean little = tiff[0] == 'I';
    gsize at = little ? le32(tiff + 4) : be32(tiff + 4);
    if (at > len - 2)
        return 0;
    guint count = little ? (guint)tiff[at] | (guint)tiff[at + 1] << 8 : be16(tiff + at);
    for (at += 2; count > 0 && at <= len && len - at >= 12; count--, at += 12) {
        const guint8 *entry = tiff + at;
        guint tag = little ? (guint)entry[0] | (guint)entry[1] << 8 : be16(entry);
        if (tag == EXIF_ORIENTATION)
            return little ? entry[8] : entry[9];
    }
    return 0;
}

/* An EXIF block that says how the picture is turned, and nothing else. */
static void
put_orientation(GByteArray *out, guint orientation)
{
    guint8 segment[] = {0xff, 0xe1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, '*', 0, 0, 0, 8,
                        0,    1,    0x01, 0x12, 0,   3,   0,   0,   0, 1, 0,   0,   0, 0,   0, 0, 0, 0};
    segment[29] = (guint8)orientation;
    g_byte_array_append(out, segment, sizeof segment);
}

/* APP0 (JFIF), APP2 (colour) and APP14 (Adobe) say how to read the picture; the others and comments are about it. */
static gboolean
keeps_marker(guint8 marker)
{
    gboolean about = (marker >= 0xe1 && marker <= 0xef && marker != 0xe2 && marker != 0xee) || marker == 0xfe;
    return !about;
}

static gboolean
copy_segment(Copy *copy)
{
    const guint8 *at = copy->data + copy->at;
    if (copy->len - copy->at < 4 || at[0] != 0xff)
        return FALSE;
    gsize len = be16(at + 2);
    if (len < 2 || len + 2 > copy->len - copy->at)
        return FALSE;
    if (at[1] == 0xe1 && len > 8 + 8 && memcmp(at + 4, "Exif\0\0", 6) == 0) {
        guint orientation = orientation_of(at + 10, len - 8);
        if (orientation > 1 && orientation <= 8)
            put_orientation(copy->out, orientation);
    }
    return pass(copy, len + 2, keeps_marker(at[1]));
}

/* Where the picture ends: what some telephones append behind it (a second picture, a film) is left out. */
static gsize
end_of_picture(const Copy *copy)
{
    for (gsize at = copy->at; at + 1 < copy->len; at++)
        if (copy->data[at] == 0xff && copy->data[at + 1] == 0xd9)
            return at + 2;
    return 0;
}

static gboolean
copy_jpeg(Copy *copy)
{
    if (!pass(copy, 2, TRUE))
        return FALSE;
    while (copy->len - copy->at >= 2 && !(copy->data[copy->at] == 0xff && copy->data[copy->at + 1] == 0xda))
        if (!copy_segment(copy))
            return FALSE;
    gsize end = end_of_picture(copy);
    return end > copy->at && pass(copy, end - copy->at, TRUE);
}

/* ---- PNG: chunks (RFC 2083, 3.2) ---- */

static gboolean
copy_png(Copy *copy)
{
    static const char *const about[] = {"tEXt", "zTXt", "iTXt", "eXIf", "tIME"};
    gboolean ended = FALSE;
    if (!pass(copy, 8, TRUE))
        return FALSE;
    while (!ended) {
        if (copy->len - copy->at < 12)
            return FALSE;
        const guint8 *at = copy->data + copy->at;
        gboolean keep = TRUE;
        for (guint i = 0; i < G_N_ELEMENTS(about); i++)
            keep = keep && memcmp(at + 4, about[i], 4) != 0;
        ended = memcmp(at + 4, "IEND", 4) == 0;
        if (!pass(copy, (gsize)be32(at) + 12, keep))
            return FALSE;
    }
    return TRUE;
}

/* ---- WebP: a RIFF of chunks (RFC 9649) ---- */

#define VP8X_HAS_EXIF 0x08
#define VP8X_HAS_XMP 0x04

static gboolean
copy_webp(Copy *copy)
{
    gsize end = (gsize)le32(copy->data + 4) + 8;
    if (end > copy->len || !pass(copy, 12, TRUE))
        return FALSE;
    while (copy->at < end) {
        const guint8 *at = copy->data + copy->at;
        if (end - copy->at < 8)
            return FALSE;
        gsize len = (gsize)le32(at + 4);
        gboolean keep = memcmp(at, "EXIF", 4) != 0 && memcmp(at, "XMP ", 4) != 0;
        guint flags_at = copy->out->len + 8;
        if (!pass(copy, 8 + len + (len & 1), keep))
            return FALSE;
        if (memcmp(at, "VP8X", 4) == 0 && len > 0)
            copy->out->data[flags_at] &= (guint8) ~(VP8X_HAS_EXIF | VP8X_HAS_XMP);
    }
    guint32 size = GUINT32_TO_LE(copy->out->len - 8);
    memcpy(copy->out->data + 4, &size, sizeof size);
    return TRUE;
}

GBytes *
kc_picture_without_metadata(const guint8 *data, gsize len)
{
    Copy copy = {data, len, 0, g_byte_array_new()};
    KcImage image = kc_image_sniff(data, len);
    gboolean done = FALSE;
    if (image.kind == KC_IMAGE_JPEG)
        done = copy_jpeg(&copy);
    else if (image.kind == KC_IMAGE_PNG)
        done = copy_png(&copy);
    else if (image.kind == KC_IMAGE_WEBP && len >= 12)
        done = copy_webp(&copy);
    if (done)
        return g_byte_array_free_to_bytes(copy.out);
    g_byte_array_unref(copy.out);
    return NULL;
}
