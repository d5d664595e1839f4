/* A ZIP in pieces: of the length that was promised, whatever is in it; and an end where a file is not what it was. */
#include "src/app/zip_stream.h"
#include "src/evidence/digest.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define AT_US (G_GINT64_CONSTANT(1700000000) * G_USEC_PER_SEC)

typedef struct {
    gint64 size;
    guint8 fill;
    guint opened; /* and not closed again */
} Large;

static gpointer
open_large(gpointer data, GError **error G_GNUC_UNUSED)
{
    ((Large *)data)->opened++;
    return data;
}

static gboolean
read_large(gpointer opened, gint64 offset, guint8 *buffer, gsize len, GError **error G_GNUC_UNUSED)
{
    const Large *large = opened;
    ck_assert_int_le(offset + (gint64)len, large->size);
    memset(buffer, large->fill, len);
    return TRUE;
}

static void
close_large(gpointer opened)
{
    ((Large *)opened)->opened--;
}

static const KcZipSource source = {open_large, read_large, close_large};

static char *
hash_of(const Large *large)
{
    g_autofree guint8 *bytes = g_malloc((gsize)large->size);
    memset(bytes, large->fill, (gsize)large->size);
    return kc_sha256_hex(bytes, (gsize)large->size);
}

static KcZipStream *
stream_of(Large *large, const char *sha256)
{
    KcZipStream *stream = kc_zip_stream_new();
    g_autoptr(GBytes) text = g_bytes_new("a text\n", 7), nothing = g_bytes_new(NULL, 0);
    kc_zip_stream_add_bytes(stream, "text.txt", text, AT_US);
    kc_zip_stream_add_bytes(stream, "nothing", nothing, AT_US);
    kc_zip_stream_add(stream, "media/large.webm", &source, large, large->size, sha256, AT_US);
    return stream;
}

START_TEST(it_is_as_long_as_it_said)
{
    Large large = {5 * 1024 * 1024 + 3, 7, 0};
    g_autofree char *sha256 = hash_of(&large);
    g_autoptr(KcZipStream) stream = stream_of(&large, sha256);
    g_autoptr(GError) error = NULL;
    gint64 size, got, sum = 0;
    guint8 buffer[1000];
    ck_assert(kc_zip_stream_seal(stream, AT_US, &size, &error));
    ck_assert_int_gt(size, large.size);
    while ((got = kc_zip_stream_read(stream, buffer, sizeof buffer, &error)) > 0)
        sum += got;
    kc_assert_no_error(error);
    ck_assert_int_eq(got, 0);
    ck_assert_int_eq(sum, size);
    ck_assert_uint_eq(large.opened, 0);
}
END_TEST

START_TEST(a_file_that_changed_ends_it)
{
    Large large = {100000, 7, 0};
    g_autofree char *sha256 = hash_of(&large);
    g_autoptr(KcZipStream) stream = stream_of(&large, sha256);
    g_autoptr(GError) error = NULL;
    gint64 size, got;
    guint8 buffer[4096];
    large.fill = 8;
    ck_assert(kc_zip_stream_seal(stream, AT_US, &size, NULL));
    while ((got = kc_zip_stream_read(stream, buffer, sizeof buffer, &error)) > 0)
        ;
    ck_assert_int_eq(got, -1);
    ck_assert_ptr_nonnull(strstr(error->message, "media/large.webm"));
    ck_assert_int_eq(kc_zip_stream_read(stream, buffer, sizeof buffer, NULL), -1);
}
END_TEST

START_TEST(who_leaves_in_the_middle_closes_it)
{
    Large large = {1000000, 7, 0};
    KcZipStream *stream = stream_of(&large, "00");
    gint64 size;
    guint8 buffer[1024];
    ck_assert(kc_zip_stream_seal(stream, AT_US, &size, NULL));
    while (large.opened == 0)
        ck_assert_int_gt(kc_zip_stream_read(stream, buffer, sizeof buffer, NULL), 0);
    kc_zip_stream_free(stream);
    ck_assert_uint_eq(large.opened, 0);
}
END_TEST

/* Nothing is read to know that. */
START_TEST(from_4_gib_on_its_length_is_not_promised)
{
    Large large = {G_GINT64_CONSTANT(5) << 30, 7, 0};
    g_autoptr(KcZipStream) stream = stream_of(&large, "00");
    gint64 size;
    ck_assert(kc_zip_stream_seal(stream, AT_US, &size, NULL));
    ck_assert_int_eq(size, -1);
    ck_assert_int_gt(kc_zip_stream_content_bytes(stream), large.size);
}
END_TEST

static Suite *
zip_stream_suite(void)
{
    Suite *suite = suite_create("app/zip_stream");
    TCase *all = tcase_create("zip_stream");
    tcase_add_test(all, it_is_as_long_as_it_said);
    tcase_add_test(all, a_file_that_changed_ends_it);
    tcase_add_test(all, who_leaves_in_the_middle_closes_it);
    tcase_add_test(all, from_4_gib_on_its_length_is_not_promised);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(zip_stream_suite())
