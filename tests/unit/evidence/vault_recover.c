/* Files of processes that died: cut at every byte, harmed, or whole but without a row. */
#include "tests/unit/evidence/fixture.h"
#include "src/evidence/digest.h"

#include <string.h>
#include <unistd.h>

static const gsize lengths[] = {300, 17, 200, 0};
enum { HEADER = 128, OVERHEAD = 21, CHUNKS = 3, TOTAL = 517, TRAILER = 16 };

static char *dir;
static char *path;
static guint8 *whole; /* the bytes of the file that the test begins with */
static gsize whole_len;

static void
load(const char *index)
{
    fixture_write(path, lengths, index);
    ck_assert(g_file_get_contents(path, (char **)&whole, &whole_len, NULL));
}

static void
setup(void)
{
    dir = kc_test_dir_new();
    path = g_build_filename(dir, "a.kcv", NULL);
}

static void
teardown(void)
{
    g_clear_pointer(&whole, g_free);
    g_clear_pointer(&path, g_free);
    kc_test_dir_remove(dir);
}

typedef struct {
    guint32 chunks;
    guint64 bytes;
} Seen;

static gboolean
see_chunk(guint32 number, guint64 offset, const guint8 *data, gsize len, gpointer user_data, GError **error)
{
    Seen *seen = user_data;
    ck_assert_uint_eq(number, seen->chunks++);
    ck_assert_uint_eq(offset, seen->bytes);
    for (gsize i = 0; i < len; i++)
        ck_assert_uint_eq(data[i], fixture_byte(offset + i));
    seen->bytes += len;
    return TRUE;
}

static GBytes *
make_index(guint64 size, gpointer user_data, GError **error)
{
    ck_assert_uint_eq(size, ((Seen *)user_data)->bytes);
    return g_bytes_new_static("rebuilt", 7);
}

static gboolean
recover(guint32 known, KcVaultRecovery *recovery, Seen *seen, GError **error)
{
    *seen = (Seen){0};
    return kc_vault_recover(fixture_open(path), fixture_key, FIXTURE_ID, known, see_chunk, make_index, seen, recovery,
                            error);
}

/* How many chunks are whole in the first `len` bytes, and where they end. */
static guint32
chunks_within(gsize len, gsize *ret_plain)
{
    gsize end = HEADER;
    *ret_plain = 0;
    for (guint32 i = 0; i < CHUNKS; i++) {
        end += lengths[i] + OVERHEAD;
        if (end > len)
            return i;
        *ret_plain += lengths[i];
    }
    return CHUNKS;
}

static void
assert_readable(guint64 size, gboolean recovered, const char *index)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcVaultReader) reader = kc_vault_reader_open(fixture_open(path), fixture_key, FIXTURE_ID, &error);
    kc_assert_no_error(error);
    guint8 sha256[32];
    g_autoptr(GBytes) plain = fixture_plain(size);
    kc_sha256(g_bytes_get_data(plain, NULL), size, sha256);
    ck_assert_uint_eq(kc_vault_reader_size(reader), size);
    ck_assert_int_eq(kc_vault_reader_was_recovered(reader), recovered);
    ck_assert_mem_eq(kc_vault_reader_sha256(reader), sha256, 32);
    g_autoptr(GBytes) expected = g_bytes_new(index, strlen(index));
    ck_assert(g_bytes_equal(kc_vault_reader_index(reader), expected));
    ck_assert(kc_vault_reader_verify(reader, &error));
}

static void
put(const guint8 *bytes, gsize len)
{
    ck_assert(g_file_set_contents(path, (const char *)bytes, (gssize)len, NULL));
}

START_TEST(an_interrupted_file_cut_at_any_byte_keeps_its_whole_chunks)
{
    load(NULL);
    for (gsize cut = 0; cut <= whole_len; cut++) {
        g_autoptr(GError) error = NULL;
        KcVaultRecovery recovery;
        Seen seen;
        gsize plain;
        guint32 chunks = chunks_within(cut, &plain);
        put(whole, cut);
        ck_assert_msg(recover(chunks, &recovery, &seen, &error), "cut at %zu: %s", cut,
                      error == NULL ? "" : error->message);
        ck_assert_uint_eq(recovery.chunks, chunks);
        ck_assert_uint_eq(seen.chunks, chunks);
        if (chunks == 0) {
            ck_assert_int_eq(recovery.outcome, KC_VAULT_NOTHING_THERE);
            continue;
        }
        ck_assert_int_eq(recovery.outcome, KC_VAULT_RECOVERED);
        ck_assert_uint_eq(recovery.torn_bytes, cut - HEADER - plain - chunks * OVERHEAD);
        assert_readable(plain, TRUE, "rebuilt");
        ck_assert(recover(chunks, &recovery, &seen, &error)); /* twice is as good as once */
        ck_assert_int_eq(recovery.outcome, KC_VAULT_ALREADY_FINISHED);
        ck_assert_uint_eq(seen.chunks, 0);
    }
}
END_TEST

START_TEST(a_finished_file_cut_at_any_byte_is_finished_again)
{
    load("first");
    gsize all_chunks = HEADER + TOTAL + CHUNKS * OVERHEAD;
    for (gsize cut = all_chunks; cut <= whole_len; cut++) {
        g_autoptr(GError) error = NULL;
        KcVaultRecovery recovery;
        Seen seen;
        put(whole, cut);
        ck_assert(recover(CHUNKS, &recovery, &seen, &error));
        gboolean finished = cut >= whole_len - TRAILER;
        ck_assert_int_eq(recovery.outcome, finished ? KC_VAULT_ALREADY_FINISHED : KC_VAULT_RECOVERED);
        ck_assert_uint_eq(recovery.size_bytes, TOTAL);
        assert_readable(TOTAL, !finished, finished ? "first" : "rebuilt");
    }
}
END_TEST

/* After a power cut a file may be as long as it should be, and end in zeros. */
START_TEST(a_tail_of_zeros_is_torn)
{
    load(NULL);
    for (gsize kept = 0; kept <= whole_len; kept += 7) {
        g_autoptr(GError) error = NULL;
        KcVaultRecovery recovery;
        Seen seen;
        gsize plain;
        g_autofree guint8 *bytes = g_malloc0(whole_len + 500);
        if (kept > 0 && kept < HEADER)
            continue; /* the header is synced with the first chunk: half of one is damage */
        memcpy(bytes, whole, kept);
        put(bytes, whole_len + 500);
        guint32 chunks = chunks_within(kept, &plain);
        ck_assert(recover(chunks, &recovery, &seen, &error));
        ck_assert_uint_eq(recovery.chunks, chunks);
        if (chunks > 0)
            assert_readable(plain, TRUE, "rebuilt");
    }
}
END_TEST

START_TEST(tampering_is_not_mistaken_for_an_interruption)
{
    load(NULL);
    KcVaultRecovery recovery;
    Seen seen;
    g_autoptr(GError) error = NULL;
    /* a flipped bit in the first chunk, with whole ones behind it */
    whole[HEADER + 40] ^= 1;
    put(whole, whole_len);
    ck_assert(!recover(0, &recovery, &seen, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
    ck_assert_uint_eq(seen.chunks, 0);
    whole[HEADER + 40] ^= 1;
    /* fewer chunks than were known to be synced */
    put(whole, whole_len - 1);
    ck_assert(!recover(CHUNKS, &recovery, &seen, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
    put(whole, 10);
    ck_assert(!recover(1, &recovery, &seen, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
    /* the file is as it was */
    put(whole, whole_len);
    ck_assert(recover(CHUNKS, &recovery, &seen, &error));
    assert_readable(TOTAL, TRUE, "rebuilt");
}
END_TEST

START_TEST(a_finished_file_with_a_changed_end_is_not_finished_again)
{
    load("first");
    gsize last = HEADER + TOTAL + CHUNKS * OVERHEAD;
    for (gsize at = last; at < whole_len; at++) {
        g_autoptr(GError) error = NULL;
        KcVaultRecovery recovery;
        Seen seen;
        whole[at] ^= 4;
        put(whole, whole_len);
        ck_assert_msg(!recover(0, &recovery, &seen, &error), "byte %zu of %zu", at, whole_len);
        fixture_assert_vault_error(&error, KC_VAULT_ERROR_TAMPERED);
        whole[at] ^= 4;
    }
}
END_TEST

static GBytes *
fail_index(guint64 size, gpointer user_data, GError **error)
{
    g_set_error(error, KC_VAULT_ERROR, KC_VAULT_ERROR_IO, "no index");
    return NULL;
}

START_TEST(a_callback_that_fails_leaves_the_file_alone)
{
    g_autoptr(GError) error = NULL;
    g_autofree guint8 *after = NULL;
    gsize after_len = 0;
    KcVaultRecovery recovery;
    load(NULL);
    put(whole, whole_len - 3);
    ck_assert(
        !kc_vault_recover(fixture_open(path), fixture_key, FIXTURE_ID, 0, NULL, fail_index, NULL, &recovery, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_IO);
    ck_assert(g_file_get_contents(path, (char **)&after, &after_len, NULL));
    ck_assert_uint_eq(after_len, whole_len - 3);
    ck_assert_mem_eq(after, whole, after_len);
    ck_assert(
        !kc_vault_recover(fixture_open(path), fixture_other_key, FIXTURE_ID, 0, NULL, NULL, NULL, &recovery, &error));
    fixture_assert_vault_error(&error, KC_VAULT_ERROR_WRONG_KEY);
    ck_assert(kc_vault_recover(fixture_open(path), fixture_key, FIXTURE_ID, 0, NULL, NULL, NULL, &recovery, &error));
    assert_readable(317, TRUE, "");
}
END_TEST

static Suite *
vault_recover_suite(void)
{
    Suite *suite = suite_create("evidence/vault_recover");
    TCase *tc = tcase_create("recover");
    tcase_set_timeout(tc, 100);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, an_interrupted_file_cut_at_any_byte_keeps_its_whole_chunks);
    tcase_add_test(tc, a_finished_file_cut_at_any_byte_is_finished_again);
    tcase_add_test(tc, a_tail_of_zeros_is_torn);
    tcase_add_test(tc, tampering_is_not_mistaken_for_an_interruption);
    tcase_add_test(tc, a_finished_file_with_a_changed_end_is_not_finished_again);
    tcase_add_test(tc, a_callback_that_fails_leaves_the_file_alone);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(vault_recover_suite())
