/* Writing and reading finished files, and finding every way to change one. */
#include "tests/unit/evidence/fixture.h"
#include "src/base/limits.h"
#include "src/evidence/digest.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const gsize lengths[] = {700, 1, 300, 64, 2048, 0};
#define TOTAL (700 + 1 + 300 + 64 + 2048)

static char *dir;
static char *path;

static void
setup(void)
{
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
open_reader(GError **error)
{
    return kc_vault_reader_open(fixture_open(path), fixture_key, FIXTURE_ID, error);
}

START_TEST(what_was_written_is_read)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcVaultReader) reader = open_reader(&error);
    kc_assert_no_error(error);
    g_autoptr(GBytes) plain = fixture_plain(TOTAL);
    guint8 sha256[32], buffer[TOTAL];
    kc_sha256(g_bytes_get_data(plain, NULL), TOTAL, sha256);
    ck_assert_uint_eq(kc_vault_reader_size(reader), TOTAL);
    ck_assert_mem_eq(kc_vault_reader_sha256(reader), sha256, 32);
    ck_assert_uint_eq(kc_vault_reader_chunk_count(reader), 5);
    ck_assert_uint_eq(kc_vault_reader_chunk_offset(reader, 2), 701);
    ck_assert_uint_eq(kc_vault_reader_chunk_length(reader, 2), 300);
    ck_assert(!kc_vault_reader_was_recovered(reader));
    GBytes *index = kc_vault_reader_index(reader);
    ck_assert_uint_eq(g_bytes_get_size(index), strlen("an index"));
    ck_assert_mem_eq(g_bytes_get_data(index, NULL), "an index", strlen("an index"));
    ck_assert(kc_vault_reader_read_at(reader, 0, buffer, TOTAL, &error));
    ck_assert_mem_eq(buffer, g_bytes_get_data(plain, NULL), TOTAL);
    ck_assert(kc_vault_reader_verify(reader, &error));
}
END_TEST

START_TEST(any_range_is_read)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcVaultReader) reader = open_reader(&error);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    guint8 buffer[TOTAL];
    for (int round = 0; round < 2000; round++) {
        guint64 from = (guint64)g_rand_int_range(rand, 0, TOTAL + 1);
        gsize len = (gsize)g_rand_int_range(rand, 0, (gint32)(TOTAL - from) + 1);
        ck_assert(kc_vault_reader_read_at(reader, from, buffer, len, &error));
        for (gsize i = 0; i < len; i++)
            ck_assert_uint_eq(buffer[i], fixture_byte(from + i));
    }
}
END_TEST

/* What is opened many blocks at a time has a rest. */
START_TEST(chunks_of_any_length_are_read)
{
    g_autoptr(GError) error = NULL;
    gsize each[301] = {0}, total = 0;
    for (gsize i = 0; i < 300; i++)
        total += each[i] = i + 1;
    g_autofree char *other = g_build_filename(dir, "b.kcv", NULL);
    fixture_write(other, each, "");
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fixture_open(other), fixture_key, FIXTURE_ID, &error);
    kc_assert_no_error(error);
    g_autoptr(GBytes) plain = fixture_plain(total);
    g_autofree guint8 *buffer = g_malloc(total);
    ck_assert(kc_vault_reader_read_at(reader, 0, buffer, total, &error));
    ck_assert_mem_eq(buffer, g_bytes_get_data(plain, NULL), total);
    ck_assert(kc_vault_reader_verify(reader, &error));
}
END_TEST

START_TEST(a_writer_reads_its_end_back)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *growing = g_build_filename(dir, "growing.kcv", NULL);
    g_autoptr(KcVaultWriter) writer = kc_vault_writer_new(kc_vault_create(growing, NULL), fixture_key, FIXTURE_ID, &error);
    g_autoptr(GBytes) plain = fixture_plain(TOTAL);
    gsize at = 0;
    for (const gsize *len = lengths; *len != 0; at += *len, len++)
        ck_assert(kc_vault_writer_append(writer, (const guint8 *)g_bytes_get_data(plain, NULL) + at, *len, &error));
    for (guint32 first = 0; first <= 5; first++) {
        g_autoptr(GPtrArray) chunks = kc_vault_writer_read_back(writer, first, &error);
        kc_assert_no_error(error);
        ck_assert_uint_eq(chunks->len, 5 - first);
        for (guint i = chunks->len, end = TOTAL; i > 0; i--) {
            g_autoptr(GBytes) expected = g_bytes_new_from_bytes(plain, end - lengths[first + i - 1], lengths[first + i - 1]);
            ck_assert(g_bytes_equal(g_ptr_array_index(chunks, i - 1), expected));
            end -= (guint)lengths[first + i - 1];
        }
    }
    int fd = fixture_open(growing);
    guint8 byte; /* within the last chunk */
    ck_assert_int_eq(pread(fd, &byte, 1, TOTAL), 1);
    byte ^= 1;
    ck_assert_int_eq(pwrite(fd, &byte, 1, TOTAL), 1);
    close(fd);
    ck_assert_ptr_null(kc_vault_writer_read_back(writer, 2, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
}
END_TEST

START_TEST(nothing_of_the_plaintext_is_in_the_file)
{
    g_autofree char *bytes = NULL;
    gsize len = 0;
    g_autoptr(GBytes) plain = fixture_plain(TOTAL);
    ck_assert(g_file_get_contents(path, &bytes, &len, NULL));
    ck_assert_ptr_null(memmem(bytes, len, g_bytes_get_data(plain, NULL), 16));
    ck_assert_ptr_null(memmem(bytes, len, "an index", 8));
}
END_TEST

/* Reads everything of a harmed file: TRUE if nothing was noticed. */
static gboolean
reads_clean(GError **error)
{
    g_autoptr(KcVaultReader) reader = open_reader(error);
    return reader != NULL && kc_vault_reader_verify(reader, error);
}

START_TEST(every_flipped_bit_is_found)
{
    g_autofree guint8 *bytes = NULL;
    gsize len = 0;
    ck_assert(g_file_get_contents(path, (char **)&bytes, &len, NULL));
    int fd = fixture_open(path);
    for (gsize i = 0; i < len; i++) {
        g_autoptr(GError) error = NULL;
        guint8 flipped = bytes[i] ^ (guint8)(1u << (i % 8));
        ck_assert_int_eq(pwrite(fd, &flipped, 1, (off_t)i), 1);
        ck_assert_msg(!reads_clean(&error), "a flipped bit in byte %zu was not noticed", i);
        ck_assert_int_eq(error->domain, KC_VAULT_ERROR);
        ck_assert_msg(error->code != KC_VAULT_ERROR_INTERRUPTED && error->code != KC_VAULT_ERROR_IO, "byte %zu: %s", i,
                      error->message);
        ck_assert_int_eq(pwrite(fd, &bytes[i], 1, (off_t)i), 1);
    }
    close(fd);
    ck_assert(reads_clean(NULL));
}
END_TEST

START_TEST(every_truncation_is_found)
{
    g_autofree char *bytes = NULL;
    gsize len = 0;
    ck_assert(g_file_get_contents(path, &bytes, &len, NULL));
    for (gsize cut = len; cut-- > 0;) {
        g_autoptr(GError) error = NULL;
        ck_assert_int_eq(truncate(path, (off_t)cut), 0);
        ck_assert(!reads_clean(&error));
        fixture_assert_vault_error(&error, KC_VAULT_ERROR_INTERRUPTED);
    }
}
END_TEST

START_TEST(added_bytes_are_found)
{
    g_autoptr(GError) error = NULL;
    int fd = fixture_open(path);
    ck_assert_int_ge(lseek(fd, 0, SEEK_END), 0);
    ck_assert_int_eq(write(fd, "more", 4), 4);
    close(fd);
    ck_assert(!reads_clean(&error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
}
END_TEST

/* Two chunks of equal length, so that their records can change places, or one stand twice. */
START_TEST(reordered_repeated_and_removed_chunks_are_found)
{
    static const gsize equal[] = {100, 100, 100, 0};
    enum { HEADER = 128, RECORD = 100 + 21 };
    g_autofree char *other = g_build_filename(dir, "b.kcv", NULL);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    fixture_write(other, equal, "");
    ck_assert(g_file_get_contents(other, &bytes, &len, NULL));
    g_free(path);
    path = g_strdup(other);
    for (int way = 0; way < 4; way++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GByteArray) harmed = g_byte_array_append(g_byte_array_new(), (guint8 *)bytes, (guint)len);
        if (way == 0) { /* swapped */
            memcpy(harmed->data + HEADER, bytes + HEADER + RECORD, RECORD);
            memcpy(harmed->data + HEADER + RECORD, bytes + HEADER, RECORD);
        } else if (way == 1) { /* repeated */
            memcpy(harmed->data + HEADER + RECORD, bytes + HEADER, RECORD);
        } else if (way == 2) { /* removed */
            g_byte_array_remove_range(harmed, HEADER, RECORD);
        } else { /* the last data chunk removed */
            g_byte_array_remove_range(harmed, HEADER + 2 * RECORD, RECORD);
        }
        ck_assert(g_file_set_contents(path, (char *)harmed->data, harmed->len, NULL));
        ck_assert_msg(!reads_clean(&error), "way %d was not noticed", way);
        ck_assert_msg(error->code == KC_VAULT_ERROR_TAMPERED || error->code == KC_VAULT_ERROR_INTERRUPTED, "%d %s", way,
                      error->message);
    }
}
END_TEST

START_TEST(a_file_of_another_object_or_key_does_not_open)
{
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_vault_reader_open(fixture_open(path), fixture_other_key, FIXTURE_ID, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_WRONG_KEY);
    ck_assert_ptr_null(kc_vault_reader_open(fixture_open(path), fixture_key, FIXTURE_OTHER_ID, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_WRONG_KEY);
    ck_assert_ptr_null(
        kc_vault_reader_open(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), fixture_key, FIXTURE_ID, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_FORMAT);
}
END_TEST

START_TEST(limits_are_kept)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(dir, "b.kcv", NULL);
    g_autofree guint8 *big = g_malloc0(KC_LIMIT_CHUNK_BYTES + 1);
    guint8 sha256[32];
    g_autoptr(KcVaultWriter) writer =
        kc_vault_writer_new(kc_vault_create(other, NULL), fixture_key, FIXTURE_ID, &error);
    ck_assert(!kc_vault_writer_append(writer, "", 0, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_LIMIT);
    ck_assert(!kc_vault_writer_append(writer, big, KC_LIMIT_CHUNK_BYTES + 1, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_LIMIT);
    ck_assert(kc_vault_writer_append(writer, big, KC_LIMIT_CHUNK_BYTES, &error));
    ck_assert(kc_vault_writer_finish(writer, NULL, sha256, &error));
    ck_assert_uint_eq(kc_vault_writer_chunks(writer), 1);
    ck_assert_uint_eq(kc_vault_writer_size(writer), KC_LIMIT_CHUNK_BYTES);

    ck_assert_int_eq(kc_vault_create(other, &error), -1); /* never over an existing file */
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_IO);
    ck_assert_ptr_null(kc_vault_writer_new(fixture_open(other), fixture_key, FIXTURE_ID, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_FORMAT);
}
END_TEST

START_TEST(a_whole_object_in_one_call)
{
    static const gsize sizes[] = {0, 1, KC_VAULT_COPY_CHUNK_BYTES, KC_VAULT_COPY_CHUNK_BYTES + 1, 300000};
    g_autoptr(GError) error = NULL;
    guint8 sha256[32], expected[32];
    g_autofree char *other = g_build_filename(dir, "b.kcv", NULL);
    g_autoptr(GBytes) plain = fixture_plain(sizes[_i]);
    const guint8 *bytes = g_bytes_get_data(plain, NULL);
    ck_assert(kc_vault_write_all(kc_vault_create(other, NULL), fixture_key, FIXTURE_ID, bytes, sizes[_i], NULL, sha256,
                                 &error));
    g_autoptr(GBytes) read = kc_vault_read_all(fixture_open(other), fixture_key, FIXTURE_ID, 300000, &error);
    kc_assert_no_error(error);
    ck_assert(g_bytes_equal(read, plain));
    kc_sha256(bytes, sizes[_i], expected);
    ck_assert_mem_eq(sha256, expected, 32);
    if (sizes[_i] > 0) {
        ck_assert_ptr_null(kc_vault_read_all(fixture_open(other), fixture_key, FIXTURE_ID, sizes[_i] - 1, &error));
        fixture_assert_vault_error(&error, KC_VAULT_ERROR_LIMIT);
    }
}
END_TEST

/* A file size limit stands for a full disk: the write fails half way, and goes on when there is room. */
START_TEST(a_full_disk_leaves_whole_chunks)
{
    g_autoptr(GError) error = NULL;
    struct rlimit before, small;
    guint8 data[1000] = {1, 2, 3}, sha256[32];
    g_autofree char *other = g_build_filename(dir, "b.kcv", NULL);
    g_autoptr(KcVaultWriter) writer =
        kc_vault_writer_new(kc_vault_create(other, NULL), fixture_key, FIXTURE_ID, &error);
    ck_assert(kc_vault_writer_append(writer, data, sizeof data, &error));

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){.rlim_cur = 1500, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    ck_assert(!kc_vault_writer_append(writer, data, sizeof data, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_FULL);
    ck_assert_uint_eq(kc_vault_writer_chunks(writer), 1);
    g_autoptr(GBytes) index = g_bytes_new_static(data, sizeof data);
    ck_assert(!kc_vault_writer_finish(writer, index, sha256, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_FULL);
    setrlimit(RLIMIT_FSIZE, &before);

    ck_assert(kc_vault_writer_append(writer, data, sizeof data, &error));
    ck_assert(kc_vault_writer_finish(writer, NULL, sha256, &error));
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fixture_open(other), fixture_key, FIXTURE_ID, &error);
    kc_assert_no_error(error);
    ck_assert_uint_eq(kc_vault_reader_size(reader), 2 * sizeof data);
    ck_assert(kc_vault_reader_verify(reader, &error));
}
END_TEST

static Suite *
vault_suite(void)
{
    Suite *suite = suite_create("evidence/vault");
    TCase *tc = tcase_create("vault");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, what_was_written_is_read);
    tcase_add_test(tc, any_range_is_read);
    tcase_add_test(tc, chunks_of_any_length_are_read);
    tcase_add_test(tc, a_writer_reads_its_end_back);
    tcase_add_test(tc, nothing_of_the_plaintext_is_in_the_file);
    tcase_add_test(tc, every_flipped_bit_is_found);
    tcase_add_test(tc, every_truncation_is_found);
    tcase_add_test(tc, added_bytes_are_found);
    tcase_add_test(tc, reordered_repeated_and_removed_chunks_are_found);
    tcase_add_test(tc, a_file_of_another_object_or_key_does_not_open);
    tcase_add_test(tc, limits_are_kept);
    tcase_add_loop_test(tc, a_whole_object_in_one_call, 0, 5);
    tcase_add_test(tc, a_full_disk_leaves_whole_chunks);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(vault_suite())
