/* Pictures without what the telephone wrote into them; and whatever is no picture. */
#include "src/app/picture_privacy.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define PLACE "N33.8704 E109.9187"

/* A JPEG of JFIF, EXIF (turned by 6, and a place), a comment, a table and a picture, with a second one behind it. */
static GByteArray *
jpeg(void)
{
    static const guint8 exif[] = {'E',  'x',  'i', 'f', 0, 0, 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0,
                                  0x12, 0x01, 3,   0,   1, 0, 0,   0,   6,   0, 0, 0, 0, 0, 0, 0};
    GByteArray *out = g_byte_array_new();
    const guint8 start[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
    const guint8 app1[] = {0xff, 0xe1, 0, 2 + sizeof exif + sizeof PLACE},
                 comment[] = {0xff, 0xfe, 0, 2 + sizeof PLACE};
    const guint8 frame[] = {0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0};
    const guint8 scan[] = {0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xff, 0x00, 0x34, 0xff, 0xd9};
    g_byte_array_append(out, start, sizeof start);
    g_byte_array_append(out, app1, sizeof app1);
    g_byte_array_append(out, exif, sizeof exif);
    g_byte_array_append(out, (const guint8 *)PLACE, sizeof PLACE);
    g_byte_array_append(out, comment, sizeof comment);
    g_byte_array_append(out, (const guint8 *)PLACE, sizeof PLACE);
    g_byte_array_append(out, frame, sizeof frame);
    g_byte_array_append(out, scan, sizeof scan);
    g_byte_array_append(out, (const guint8 *)PLACE, sizeof PLACE);
    return out;
}

static gboolean
has(GBytes *bytes, const void *needle, gsize len)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    return memmem(data, size, needle, len) != NULL;
}

START_TEST(a_jpeg_keeps_its_picture_and_its_turn)
{
    g_autoptr(GByteArray) before = jpeg();
    g_autoptr(GBytes) after = kc_picture_without_metadata(before->data, before->len);
    ck_assert_ptr_nonnull(after);
    ck_assert(!has(after, PLACE, strlen(PLACE)));
    ck_assert(has(after, "JFIF", 4));
    ck_assert(has(after, "MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6", 20));
    ck_assert(has(after, "\x12\xff\0\x34\xff\xd9", 6));
    /* Once more changes nothing. */
    gsize size;
    const guint8 *data = g_bytes_get_data(after, &size);
    g_autoptr(GBytes) again = kc_picture_without_metadata(data, size);
    ck_assert(g_bytes_equal(after, again));
}
END_TEST

START_TEST(cut_short_is_none)
{
    g_autoptr(GByteArray) whole = jpeg();
    for (guint len = 0; len < whole->len - sizeof PLACE; len++) {
        g_autofree guint8 *part = g_memdup2(whole->data, len);
        g_autoptr(GBytes) after = kc_picture_without_metadata(part, len);
        ck_assert_msg(after == NULL, "%u bytes", len);
    }
    ck_assert_ptr_null(kc_picture_without_metadata((const guint8 *)"no picture", 10));
}
END_TEST

START_TEST(a_png_and_a_webp)
{
    static const guint8 png[] =
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0abcd"
        "\0\0\0\5tEXtplaceabcd\0\0\0\4eXIfhereabcd\0\0\0\2IDATxyabcd\0\0\0\0IEND\xae\x42\x60\x82";
    static const guint8 webp[] = "RIFF\x3a\0\0\0WEBPVP8X\x0a\0\0\0\x0c\0\0\0\0\0\0\0\0\0"
                                 "VP8 \2\0\0\0xyEXIF\5\0\0\0place\0XMP \4\0\0\0here";
    g_autoptr(GBytes) one = kc_picture_without_metadata(png, sizeof png - 1);
    g_autoptr(GBytes) other = kc_picture_without_metadata(webp, sizeof webp - 1);
    ck_assert_ptr_nonnull(one);
    ck_assert(!has(one, "place", 5) && !has(one, "here", 4) && has(one, "IDATxy", 6) && has(one, "IEND", 4));
    ck_assert_ptr_nonnull(other);
    ck_assert(!has(other, "place", 5) && !has(other, "here", 4) && has(other, "xy", 2));
    ck_assert_int_eq(((const guint8 *)g_bytes_get_data(other, NULL))[20], 0); /* says so in its flags */
    ck_assert_int_eq(((const guint8 *)g_bytes_get_data(other, NULL))[4], g_bytes_get_size(other) - 8);
}
END_TEST

static Suite *
picture_privacy_suite(void)
{
    Suite *suite = suite_create("app/picture_privacy");
    TCase *all = tcase_create("picture_privacy");
    tcase_add_test(all, a_jpeg_keeps_its_picture_and_its_turn);
    tcase_add_test(all, cut_short_is_none);
    tcase_add_test(all, a_png_and_a_webp);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(picture_privacy_suite())
