#include "media/webm/ebml.h"

#include <string.h>

static void
put_big_endian(GByteArray *out, guint64 value, guint width)
{
    guint8 bytes[8];
    for (guint i = 0; i < width; i++)
        bytes[i] = (guint8)(value >> (8 * (width - 1 - i)));
    g_byte_array_append(out, bytes, width);
}

static guint
bytes_of(guint64 value)
{
    guint width = 1;
    while (width < 8 && value >> (8 * width) != 0)
        width++;
    return width;
}

void
kc_ebml_put_id(GByteArray *out, guint32 id)
{
    put_big_endian(out, id, bytes_of(id));
}

void
kc_ebml_put_size(GByteArray *out, guint64 size)
{
    if (size == KC_EBML_UNKNOWN_SIZE) {
        put_big_endian(out, 0x01FFFFFFFFFFFFFFu, 8);
        return;
    }
    /* All ones mean "unknown" in every width, so the largest value of a width goes into the next one. */
    guint width = 1;
    while (width < 8 && size >= (G_GUINT64_CONSTANT(1) << (7 * width)) - 1)
        width++;
    put_big_endian(out, size | G_GUINT64_CONSTANT(1) << (7 * width), width);
}

void
kc_ebml_put_size_wide(GByteArray *out, guint64 size)
{
    put_big_endian(out, size | G_GUINT64_CONSTANT(1) << 56, 8);
}

static void
put_uint(GByteArray *out, guint32 id, guint64 value, guint width)
{
    kc_ebml_put_id(out, id);
    kc_ebml_put_size(out, width);
    put_big_endian(out, value, width);
}

void
kc_ebml_put_uint(GByteArray *out, guint32 id, guint64 value)
{
    put_uint(out, id, value, bytes_of(value));
}

void
kc_ebml_put_uint_wide(GByteArray *out, guint32 id, guint64 value)
{
    put_uint(out, id, value, 8);
}

void
kc_ebml_put_float(GByteArray *out, guint32 id, double value)
{
    guint64 bits;
    memcpy(&bits, &value, sizeof bits);
    put_uint(out, id, bits, 8);
}

void
kc_ebml_put_bytes(GByteArray *out, guint32 id, const void *data, gsize size)
{
    kc_ebml_put_id(out, id);
    kc_ebml_put_size(out, size);
    g_byte_array_append(out, data, size);
}

void
kc_ebml_put_string(GByteArray *out, guint32 id, const char *text)
{
    kc_ebml_put_bytes(out, id, text, strlen(text));
}

void
kc_ebml_put_master(GByteArray *out, guint32 id, GByteArray *content)
{
    kc_ebml_put_bytes(out, id, content->data, content->len);
    g_byte_array_unref(content);
}

guint
kc_ebml_begin_master(GByteArray *out, guint32 id)
{
    kc_ebml_put_id(out, id);
    kc_ebml_put_size_wide(out, 0);
    return out->len;
}

void
kc_ebml_end_master(GByteArray *out, guint begun)
{
    guint64 size = GUINT64_TO_BE((out->len - begun) | G_GUINT64_CONSTANT(1) << 56);
    memcpy(out->data + begun - sizeof size, &size, sizeof size);
}

/* The width that the leading zero bits of the first byte announce, or 0 for none. */
static guint
announced_width(guint8 first, guint max)
{
    for (guint width = 1; width <= max; width++)
        if (first & (0x80 >> (width - 1)))
            return width;
    return 0;
}

KcEbmlResult
kc_ebml_read(const guint8 *data, gsize size, KcEbmlElement *ret_element)
{
    if (size < 1)
        return KC_EBML_SHORT;
    guint id_width = announced_width(data[0], 4);
    if (id_width == 0)
        return KC_EBML_BAD;
    if (size < id_width + 1)
        return KC_EBML_SHORT;
    guint size_width = announced_width(data[id_width], 8);
    if (size_width == 0)
        return KC_EBML_BAD;
    if (size < id_width + size_width)
        return KC_EBML_SHORT;

    guint64 mask = (G_GUINT64_CONSTANT(1) << (7 * size_width)) - 1;
    guint64 content = kc_ebml_uint(data + id_width, size_width) & mask;
    ret_element->id = (guint32)kc_ebml_uint(data, id_width);
    ret_element->head_size = id_width + size_width;
    ret_element->size = content == mask ? KC_EBML_UNKNOWN_SIZE : content;
    return KC_EBML_OK;
}

gboolean
kc_ebml_next(const guint8 *data, gsize size, gsize *pos, KcEbmlElement *ret_element, const guint8 **ret_content)
{
    if (*pos >= size || kc_ebml_read(data + *pos, size - *pos, ret_element) != KC_EBML_OK)
        return FALSE;
    gsize left = size - *pos - ret_element->head_size;
    if (ret_element->size > left)
        return FALSE;
    *ret_content = data + *pos + ret_element->head_size;
    *pos += ret_element->head_size + (gsize)ret_element->size;
    return TRUE;
}

guint64
kc_ebml_uint(const guint8 *content, guint64 size)
{
    guint64 value = 0;
    for (guint64 i = 0; i < MIN(size, 8); i++)
        value = value << 8 | content[i];
    return value;
}
