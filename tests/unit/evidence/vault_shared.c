/* Long reads that are shared with another thread: the same bytes, and the same errors. */
#include "tests/unit/evidence/fixture.h"
#include "src/evidence/vault_format.h"

#include <string.h>
#include <unistd.h>

#define CHUNK (20 * 1000)
#define CHUNKS 40
#define TOTAL (CHUNK * CHUNKS)
#define READERS 8

static char *dir;
static char *path;

static void
setup(void)
{
    gsize lengths[CHUNKS + 1] = {0};
    for (guint i = 0; i < CHUNKS; i++)
        lengths[i] = CHUNK;
    dir = kc_test_dir_new();
    path = g_build_filename(dir, "a.kcv", NULL);
    fixture_write(path, lengths, "an index");
}

static void
teardown(void)
{
    g_clear_pointer(&path, g_free);
    kc_test_dir_remove(dir);
}

static KcVaultReader *
open_shared(void)
{
    g_autoptr(GError) error = NULL;
    KcVaultReader *reader = kc_vault_reader_open(fixture_open(path), fixture_key, FIXTURE_ID, &error);
    kc_assert_no_error(error);
    kc_vault_reader_share(reader);
    return reader;
}

/* So many at once that a share is now read by the pool and now by whoever waits for it. */
static gpointer
read_ranges(gpointer data)
{
    g_autoptr(KcVaultReader) reader = open_shared();
    g_autoptr(GRand) rand = g_rand_new_with_seed(GPOINTER_TO_UINT(data));
    g_autofree guint8 *buffer = g_malloc(TOTAL);
    g_autoptr(GBytes) plain = fixture_plain(TOTAL);
    guint wrong = 0;
    for (int round = 0; round < 100; round++) {
        guint64 from = (guint64)g_rand_int_range(rand, 0, TOTAL);
        gsize len = (gsize)g_rand_int_range(rand, 0, (gint32)(TOTAL - from) + 1);
        gboolean read = kc_vault_reader_read_at(reader, from, buffer, len, NULL);
        wrong += !read || memcmp(buffer, (const guint8 *)g_bytes_get_data(plain, NULL) + from, len) != 0;
    }
    return GUINT_TO_POINTER(wrong);
}

START_TEST(any_range_is_read_by_many_at_once)
{
    GThread *threads[READERS];
    for (guint i = 0; i < READERS; i++)
        threads[i] = g_thread_new("reader", read_ranges, GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < READERS; i++)
        ck_assert_uint_eq(GPOINTER_TO_UINT(g_thread_join(threads[i])), 0);
}
END_TEST

static void
flip(guint32 chunk)
{
    int fd = fixture_open(path);
    off_t at = (off_t)kc_vault_file_offset((guint64)chunk * CHUNK, chunk) + KC_VAULT_PREFIX_LEN + 100;
    guint8 byte;
    ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

START_TEST(each_damaged_chunk_is_named)
{
    g_autoptr(KcVaultReader) reader = open_shared();
    g_autofree guint8 *buffer = g_malloc(TOTAL);
    flip((guint32)_i);
    g_autoptr(GError) error = NULL;
    g_autofree char *named = g_strdup_printf("chunk %d ", _i);
    ck_assert(!kc_vault_reader_read_at(reader, 0, buffer, TOTAL, &error));
    ck_assert_msg(strstr(error->message, named) != NULL, "%s is not named by: %s", named, error->message);
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
    for (gsize i = 0; i < CHUNK; i++)
        ck_assert_uint_eq(buffer[_i * CHUNK + i], 0);
}
END_TEST

START_TEST(of_two_damaged_chunks_the_first_is_named)
{
    g_autoptr(KcVaultReader) reader = open_shared();
    g_autofree guint8 *buffer = g_malloc(TOTAL);
    g_autoptr(GError) error = NULL;
    flip(3);
    flip(CHUNKS - 3);
    ck_assert(!kc_vault_reader_read_at(reader, 0, buffer, TOTAL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "chunk 3 "));
}
END_TEST

static Suite *
suite_make(void)
{
    Suite *suite = suite_create("evidence/vault_shared");
    TCase *tc = tcase_create("shared");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, any_range_is_read_by_many_at_once);
    tcase_add_loop_test(tc, each_damaged_chunk_is_named, 0, CHUNKS);
    tcase_add_test(tc, of_two_damaged_chunks_the_first_is_named);
    suite_add_tcase(suite, tc);
    return suite;
}
KC_TEST_MAIN(suite_make())
