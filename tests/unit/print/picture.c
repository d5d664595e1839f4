/* A signature is whatever a phone sends: only what is a picture within limits is decoded. */
#include "src/print/picture.h"
#include "tests/support/kc_test.h"
#include "tests/unit/print/sample.h"

#include <string.h>

/* A copy with some bytes changed or cut off. */
static GBytes *
spoiled(GBytes *png, gsize at, guint8 value, gsize length)
{
    gsize size;
    const void *data = g_bytes_get_data(png, &size);
    g_autoptr(GByteArray) copy = g_byte_array_new();
    g_byte_array_append(copy, data, (guint)MIN(size, length));
    if (at < copy->len)
        copy->data[at] = value;
    return g_byte_array_free_to_bytes(g_steal_pointer(&copy));
}

static void
assert_unreadable(GBytes *taken)
{
    g_autoptr(GBytes) png = taken;
    ck_assert_ptr_null(kc_picture_load(png, 100));
    ck_assert(!kc_picture_is_readable(png));
}

START_TEST(ink_is_cropped_and_made_small)
{
    g_autoptr(GBytes) png = sample_signature(1200, 600);
    cairo_surface_t *picture = kc_picture_load(png, 300);
    ck_assert_ptr_nonnull(picture);
    int width = cairo_image_surface_get_width(picture), height = cairo_image_surface_get_height(picture);
    ck_assert_int_eq(width, 300);
    ck_assert(height > 80 && height < 200);
    cairo_surface_destroy(picture);
}
END_TEST

START_TEST(what_is_no_picture_is_refused)
{
    g_autoptr(GBytes) png = sample_signature(60, 30);
    gsize size = g_bytes_get_size(png);
    assert_unreadable(g_bytes_new_static("", 0));
    assert_unreadable(g_bytes_new_static("GIF89a", 6));
    assert_unreadable(spoiled(png, G_MAXSIZE, 0, 32));
    assert_unreadable(spoiled(png, 16, 0x7F, size)); /* two thousand million pixels wide */
    assert_unreadable(spoiled(png, 18, 0x20, size)); /* 8192 and more */
    assert_unreadable(spoiled(png, 19, 0, size));    /* none */
    for (gsize length = 33; length + 12 < size; length += 7)
        assert_unreadable(spoiled(png, G_MAXSIZE, 0, length));
    /* Any byte may be wrong: read or refused, never a crash. */
    for (gsize at = 8; at < size; at++) {
        g_autoptr(GBytes) bad = spoiled(png, at, 0xA5, size);
        cairo_surface_t *picture = kc_picture_load(bad, 100);
        if (picture != NULL)
            cairo_surface_destroy(picture);
    }
}
END_TEST

static cairo_status_t
append_png(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

START_TEST(the_largest_is_taken_and_an_empty_one_is_nothing)
{
    g_autoptr(GByteArray) large = g_byte_array_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, KC_PICTURE_MAX_SIDE, KC_PICTURE_MAX_SIDE);
    cairo_surface_write_to_png_stream(surface, append_png, large);
    cairo_surface_destroy(surface);
    g_autoptr(GBytes) png = g_bytes_new(large->data, large->len);
    cairo_surface_t *picture = kc_picture_load(png, 900);
    ck_assert_ptr_nonnull(picture);
    ck_assert(cairo_image_surface_get_width(picture) <= 900);
    cairo_surface_destroy(picture);
}
END_TEST

static Suite *
picture_suite(void)
{
    Suite *suite = suite_create("print/picture");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, ink_is_cropped_and_made_small);
    tcase_add_test(all, what_is_no_picture_is_refused);
    tcase_add_test(all, the_largest_is_taken_and_an_empty_one_is_nothing);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(picture_suite())
