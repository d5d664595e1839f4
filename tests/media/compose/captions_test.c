#include "media/protocol/captions.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/kc_test.h"

static int
memory_of(const void *bytes, gsize len)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    return fd;
}

static KcCaption
make(guint width, guint height)
{
    guint8 *cover = g_malloc0((gsize)width * height);
    memset(cover, (int)width, (gsize)width * height);
    return (KcCaption){width, height, g_bytes_new_take(cover, (gsize)width * height)};
}

START_TEST(as_written_so_read)
{
    KcCaption written[] = {make(1, 1), make(KC_CAPTION_MAX_WIDTH, KC_CAPTION_MAX_HEIGHT), make(30, 20)}, read[3] = {0};
    g_autoptr(GError) error = NULL;
    gsize bytes;
    int fd = kc_captions_write(written, 3, &bytes, &error);
    kc_assert_no_error(error);
    ck_assert_int_lt(write(fd, "x", 1), 0); /* sealed */
    ck_assert(kc_captions_read(fd, bytes, read, 3, &error));
    for (guint i = 0; i < 3; i++) {
        ck_assert_uint_eq(read[i].width, written[i].width);
        ck_assert_uint_eq(read[i].height, written[i].height);
        ck_assert(g_bytes_equal(read[i].cover, written[i].cover));
    }
    kc_captions_clear(written, 3);
    kc_captions_clear(read, 3);
    close(fd);
}
END_TEST

static const struct {
    guint32 size[2];
    gsize cover;
    guint n;
    gint64 said; /* more than there is */
} bad[] = {
    {{4, 4}, 15, 1, 0},                          /* too short */
    {{4, 4}, 17, 1, 0},                          /* too long */
    {{4, 4}, 16, 2, 0},                          /* one is lacking */
    {{KC_CAPTION_MAX_WIDTH + 1, 1}, 1281, 1, 0}, /* too wide */
    {{1, KC_CAPTION_MAX_HEIGHT + 1}, 65, 1, 0},  /* too high */
    {{G_MAXUINT32, G_MAXUINT32}, 1, 1, 0},
    {{4, 4}, 16, 1, 1},
};

START_TEST(anything_else_is_refused)
{
    KcCaption read[2] = {0};
    g_autoptr(GError) error = NULL;
    guint8 bytes[2048] = {0};
    memcpy(bytes, bad[_i].size, sizeof bad[_i].size);
    gsize len = sizeof bad[_i].size + bad[_i].cover;
    int fd = memory_of(bytes, len);
    ck_assert(!kc_captions_read(fd, len + (gsize)bad[_i].said, read, bad[_i].n, &error));
    ck_assert(error != NULL);
    kc_captions_clear(read, 2);
    close(fd);
}
END_TEST

static Suite *
captions_suite(void)
{
    Suite *suite = suite_create("compose/captions");
    TCase *tcase = tcase_create("captions");
    tcase_add_test(tcase, as_written_so_read);
    tcase_add_loop_test(tcase, anything_else_is_refused, 0, G_N_ELEMENTS(bad));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(captions_suite())
