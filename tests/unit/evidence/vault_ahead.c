/* Ranges that were announced, and are opened ahead by two threads: the same bytes, and the same errors. */
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
open_reader(void)
{
    g_autoptr(GError) error = NULL;
    KcVaultReader *reader = kc_vault_reader_open(fixture_open(path), fixture_key, FIXTURE_ID, &error);
    kc_assert_no_error(error);
    return reader;
}

/* `len` bytes from `from`, in parts of up to `most`; how many of them were wrong. */
static guint
read_in_parts(KcVaultReader *reader, GRand *rand, guint64 from, gsize len, gsize most)
{
    g_autofree guint8 *buffer = g_malloc(most);
    guint wrong = 0;
    for (gsize done = 0, part; done < len; done += part) {
        part = (gsize)g_rand_int_range(rand, 1, (gint32)most + 1);
        part = MIN(part, len - done);
        if (!kc_vault_reader_read_at(reader, from + done, buffer, part, NULL))
            return G_MAXUINT;
        for (gsize i = 0; i < part; i++)
            wrong += buffer[i] != fixture_byte(from + done + i);
    }
    return wrong;
}

/* So many at once that a piece is now opened by the pool and now by whoever comes to it. What was announced is read to its
 * end, or given up, or not what is read at all. */
static gpointer
read_ranges(gpointer data)
{
    g_autoptr(KcVaultReader) reader = open_reader();
    g_autoptr(GRand) rand = g_rand_new_with_seed(GPOINTER_TO_UINT(data));
    guint wrong = 0;
    for (int round = 0; round < 60 && wrong == 0; round++) {
        guint64 from = (guint64)g_rand_int_range(rand, 0, TOTAL);
        gsize len = (gsize)g_rand_int_range(rand, 0, (gint32)(TOTAL - from) + 1);
        kc_vault_reader_expect(reader, from, len);
        gsize read = round % 3 == 0 ? len / 2 : len;
        guint64 at = round % 5 == 0 ? (guint64)g_rand_int_range(rand, 0, (gint32)(TOTAL - read) + 1) : from;
        wrong += read_in_parts(reader, rand, at, read, 200 * 1000);
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
    g_autoptr(KcVaultReader) reader = open_reader();
    g_autofree guint8 *buffer = g_malloc0(TOTAL);
    flip((guint32)_i);
    g_autoptr(GError) error = NULL;
    g_autofree char *named = g_strdup_printf("chunk %d ", _i);
    kc_vault_reader_expect(reader, 0, TOTAL);
    ck_assert(!kc_vault_reader_read_at(reader, 0, buffer, TOTAL, &error));
    ck_assert_msg(strstr(error->message, named) != NULL, "%s is not named by: %s", named, error->message);
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
    for (gsize i = 0; i < CHUNK; i++)
        ck_assert_uint_eq(buffer[_i * CHUNK + i], 0); /* as it was */
}
END_TEST

START_TEST(of_two_damaged_chunks_the_first_is_named)
{
    g_autoptr(KcVaultReader) reader = open_reader();
    g_autofree guint8 *buffer = g_malloc(TOTAL);
    g_autoptr(GError) error = NULL;
    flip(3);
    flip(CHUNKS - 3);
    kc_vault_reader_expect(reader, 0, TOTAL);
    ck_assert(!kc_vault_reader_read_at(reader, 0, buffer, TOTAL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "chunk 3 "));
    g_clear_error(&error);
    ck_assert(!kc_vault_reader_read_at(reader, 4 * CHUNK, buffer, TOTAL - 4 * CHUNK, &error)); /* in the same piece */
    ck_assert_ptr_nonnull(strstr(error->message, "chunk "));
}
END_TEST

static Suite *
suite_make(void)
{
    Suite *suite = suite_create("evidence/vault_ahead");
    TCase *tc = tcase_create("ahead");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, any_range_is_read_by_many_at_once);
    tcase_add_loop_test(tc, each_damaged_chunk_is_named, 0, CHUNKS);
    tcase_add_test(tc, of_two_damaged_chunks_the_first_is_named);
    suite_add_tcase(suite, tc);
    return suite;
}
KC_TEST_MAIN(suite_make())
