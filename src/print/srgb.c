#include "src/print/srgb.h"

#include <math.h>
#include <string.h>

#define CURVE_POINTS 1024
#define HEADER_BYTES 128
#define TAGS 9
#define DESCRIPTION "sRGB IEC61966-2.1"
#define COPYRIGHT "No copyright, use freely"

static void
put16(GByteArray *out, guint value)
{
    const guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};
    g_byte_array_append(out, bytes, sizeof bytes);
}

static void
put32(GByteArray *out, guint32 value)
{
    put16(out, value >> 16);
    put16(out, value & 0xFFFF);
}

static void
put_text(GByteArray *out, const char *text)
{
    g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

static void
put_zeros(GByteArray *out, guint count)
{
    guint at = out->len;
    g_byte_array_set_size(out, at + count);
    memset(out->data + at, 0, count);
}

/* s15Fixed16Number */
static void
put_fixed(GByteArray *out, double value)
{
    put32(out, (guint32)(gint32)lround(value * 65536));
}

static void
put_header(GByteArray *out)
{
    put32(out, 0); /* the size, set at the end */
    put32(out, 0);
    put32(out, 0x02100000);
    put_text(out, "mntrRGB XYZ ");
    const guint when[] = {2001, 1, 1, 0, 0, 0};
    for (guint i = 0; i < G_N_ELEMENTS(when); i++)
        put16(out, when[i]);
    put_text(out, "acsp");
    put_zeros(out, 28);
    put_fixed(out, 0.9642); /* the connection space's white, D50 */
    put_fixed(out, 1.0);
    put_fixed(out, 0.8249);
    put_zeros(out, 48);
}

static void
put_description(GByteArray *out)
{
    put_text(out, "desc");
    put32(out, 0);
    put32(out, sizeof DESCRIPTION);
    g_byte_array_append(out, (const guint8 *)DESCRIPTION, sizeof DESCRIPTION);
    put_zeros(out, 8 + 3 + 67); /* no Unicode, no Macintosh description */
}

static void
put_copyright(GByteArray *out)
{
    put_text(out, "text");
    put32(out, 0);
    g_byte_array_append(out, (const guint8 *)COPYRIGHT, sizeof COPYRIGHT);
}

static void
put_xyz(GByteArray *out, const double xyz[3])
{
    put_text(out, "XYZ ");
    put32(out, 0);
    for (guint i = 0; i < 3; i++)
        put_fixed(out, xyz[i]);
}

static void
put_curve(GByteArray *out)
{
    put_text(out, "curv");
    put32(out, 0);
    put32(out, CURVE_POINTS);
    for (guint i = 0; i < CURVE_POINTS; i++) {
        double value = (double)i / (CURVE_POINTS - 1);
        double linear = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
        put16(out, (guint)lround(linear * 65535));
    }
}

/* Writes the tag's place into the table, which begins behind the header with the number of tags. */
static void
note_tag(GByteArray *out, guint index, const char *name, guint at)
{
    g_autoptr(GByteArray) entry = g_byte_array_new();
    put_text(entry, name);
    put32(entry, at);
    put32(entry, out->len - at);
    memcpy(out->data + HEADER_BYTES + 4 + index * 12, entry->data, 12);
}

GByteArray *
kc_srgb_profile(void)
{
    static const struct {
        const char *name;
        double xyz[3];
    } colours[] = {
        {"wtpt", {0.9505, 1.0, 1.0891}}, /* D65 */
        {"rXYZ", {0.4360, 0.2225, 0.0139}},
        {"gXYZ", {0.3851, 0.7169, 0.0971}},
        {"bXYZ", {0.1431, 0.0606, 0.7141}},
    };
    static const char *const curves[] = {"rTRC", "gTRC", "bTRC"};
    GByteArray *out = g_byte_array_new();
    guint tag = 0, at;
    put_header(out);
    put32(out, TAGS);
    put_zeros(out, TAGS * 12);
    at = out->len;
    put_description(out);
    note_tag(out, tag++, "desc", at);
    put_zeros(out, (4 - out->len % 4) % 4);
    at = out->len;
    put_copyright(out);
    note_tag(out, tag++, "cprt", at);
    put_zeros(out, (4 - out->len % 4) % 4);
    for (guint i = 0; i < G_N_ELEMENTS(colours); i++) {
        at = out->len;
        put_xyz(out, colours[i].xyz);
        note_tag(out, tag++, colours[i].name, at);
    }
    at = out->len;
    put_curve(out);
    for (guint i = 0; i < G_N_ELEMENTS(curves); i++)
        note_tag(out, tag++, curves[i], at);
    const guint8 size[] = {(guint8)(out->len >> 24), (guint8)(out->len >> 16), (guint8)(out->len >> 8),
                           (guint8)out->len};
    memcpy(out->data, size, sizeof size);
    return out;
}
