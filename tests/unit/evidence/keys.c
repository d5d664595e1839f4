/* Master key file, case keys, sealed columns, blind index. */
#include "src/evidence/key_cells.h"
#include "src/evidence/keys.h"
#include "src/evidence/sodium_ready.h"
#include "tests/support/kc_test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir;
static char *path;

static void
setup(void)
{
    dir = kc_test_dir_new();
    path = g_build_filename(dir, "master.key", NULL);
}

static void
teardown(void)
{
    g_clear_pointer(&path, g_free);
    kc_test_dir_remove(dir);
}

static void
assert_keys_error(GError **error, KcKeysError code)
{
    ck_assert_ptr_nonnull(*error);
    ck_assert_msg(g_error_matches(*error, KC_KEYS_ERROR, (int)code), "%s", (*error)->message);
    g_clear_error(error);
}

START_TEST(the_file_is_made_once_and_read_again)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) wrapped = NULL;
    struct stat st;
    {
        g_autoptr(KcKeyring) keyring = kc_keyring_open(path, TRUE, &error);
        kc_assert_no_error(error);
        g_autoptr(KcCaseKey) key = kc_keyring_case_key_new(keyring, KC_KEY_CASE, 1, "case-1", &wrapped, NULL);
        ck_assert_ptr_nonnull(key);
    }
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(st.st_size, KC_KEY_LEN);

    g_autoptr(KcKeyring) again = kc_keyring_open(path, TRUE, &error);
    kc_assert_no_error(error);
    g_autoptr(KcCaseKey) key = kc_keyring_case_key_unwrap(again, "case-1", wrapped, &error);
    kc_assert_no_error(error);
    ck_assert_ptr_nonnull(key);
}
END_TEST

START_TEST(an_absent_file_is_not_made_unasked)
{
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_keyring_open(path, FALSE, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_ABSENT);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

static const mode_t open_modes[] = {0640, 0604, 0660, 0610, 0601, 0644, 0666};

START_TEST(a_file_open_to_others_is_refused)
{
    g_autoptr(GError) error = NULL;
    kc_keyring_free(kc_keyring_open(path, TRUE, NULL));
    ck_assert_int_eq(chmod(path, open_modes[_i]), 0);
    ck_assert_ptr_null(kc_keyring_open(path, TRUE, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_PERMISSIONS);
}
END_TEST

START_TEST(a_link_a_folder_and_a_wrong_length_are_refused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(dir, "other.key", NULL);
    kc_keyring_free(kc_keyring_open(other, TRUE, NULL));
    ck_assert_int_eq(symlink(other, path), 0);
    ck_assert_ptr_null(kc_keyring_open(path, TRUE, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_PERMISSIONS);

    ck_assert_ptr_null(kc_keyring_open(dir, TRUE, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_PERMISSIONS);

    ck_assert_int_eq(truncate(other, KC_KEY_LEN - 1), 0);
    ck_assert_ptr_null(kc_keyring_open(other, TRUE, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_DAMAGED);
}
END_TEST

START_TEST(a_case_key_opens_for_its_case_alone)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) wrapped = NULL;
    g_autoptr(KcKeyring) keyring = kc_keyring_open(path, TRUE, NULL);
    g_autoptr(KcCaseKey) key = kc_keyring_case_key_new(keyring, KC_KEY_CASE, 1, "case-1", &wrapped, NULL);
    ck_assert_ptr_null(kc_keyring_case_key_unwrap(keyring, "case-2", wrapped, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_SEALED);

    g_autofree char *other = g_build_filename(dir, "other.key", NULL);
    g_autoptr(KcKeyring) stranger = kc_keyring_open(other, TRUE, NULL);
    ck_assert_ptr_null(kc_keyring_case_key_unwrap(stranger, "case-1", wrapped, &error));
    assert_keys_error(&error, KC_KEYS_ERROR_SEALED);

    guint8 a[KC_KEY_LEN], b[KC_KEY_LEN], c[KC_KEY_LEN];
    g_autoptr(KcCaseKey) same = kc_keyring_case_key_unwrap(keyring, "case-1", wrapped, NULL);
    kc_case_key_object_key(key, "object-1", a);
    kc_case_key_object_key(same, "object-1", b);
    kc_case_key_object_key(key, "object-2", c);
    ck_assert_mem_eq(a, b, KC_KEY_LEN);
    ck_assert_mem_ne(a, c, KC_KEY_LEN);
}
END_TEST

START_TEST(a_sealed_column_opens_in_its_place_alone)
{
    static const char *const places[][3] = {{"party", "particulars", "1"},
                                            {"cases", "particulars", "1"},
                                            {"party", "name", "1"},
                                            {"party", "particulars", "2"}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) wrapped = NULL;
    g_autoptr(KcKeyring) keyring = kc_keyring_open(path, TRUE, NULL);
    g_autoptr(KcCaseKey) key = kc_keyring_case_key_new(keyring, KC_KEY_CASE, 1, "case-1", &wrapped, NULL);
    g_autoptr(GBytes) sealed = kc_case_key_seal(key, "party", "particulars", "1", "secret", 6);
    g_autoptr(GBytes) again = kc_case_key_seal(key, "party", "particulars", "1", "secret", 6);
    ck_assert(!g_bytes_equal(sealed, again));
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GBytes) plain = kc_case_key_open(key, places[i][0], places[i][1], places[i][2], sealed, &error);
        ck_assert_int_eq(plain != NULL, i == 0);
        if (plain == NULL)
            assert_keys_error(&error, KC_KEYS_ERROR_SEALED);
        else
            ck_assert_mem_eq(g_bytes_get_data(plain, NULL), "secret", 6);
    }
}
END_TEST

START_TEST(every_flipped_bit_of_a_sealed_column_is_found)
{
    g_autoptr(KcKeyring) keyring = kc_keyring_open(path, TRUE, NULL);
    g_autoptr(GBytes) sealed = kc_keyring_seal(keyring, "t", "c", "1", "secret", 6);
    gsize len = g_bytes_get_size(sealed);
    g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(sealed, NULL), len);
    for (gsize bit = 0; bit < len * 8; bit++) {
        g_autoptr(GError) error = NULL;
        bytes[bit / 8] ^= (guint8)(1u << (bit % 8));
        g_autoptr(GBytes) changed = g_bytes_new(bytes, len);
        ck_assert_ptr_null(kc_keyring_unseal(keyring, "t", "c", "1", changed, &error));
        assert_keys_error(&error, KC_KEYS_ERROR_SEALED);
        bytes[bit / 8] ^= (guint8)(1u << (bit % 8));
    }
    for (gsize cut = 0; cut < len; cut++) {
        g_autoptr(GBytes) shorter = g_bytes_new(bytes, cut);
        ck_assert_ptr_null(kc_keyring_unseal(keyring, "t", "c", "1", shorter, NULL));
    }
}
END_TEST

static const struct {
    const char *kind, *a, *b;
    gboolean same;
} indexed[] = {
    {"plate", "陕H12345", "陕H12345", TRUE},
    {"plate", "陕H12345", " 陕h·12345 ", TRUE},
    {"plate", "陕H12345", "陕Ｈ１２３４５", TRUE},
    {"plate", "陕H12345", "陕H12346", FALSE},
    {"phone", "13800000000", "+86 138-0000-0000", TRUE},
    {"phone", "13800000000", "008613800000000", TRUE},
    {"phone", "13800000000", "13800000001", FALSE},
};

START_TEST(a_blind_index_finds_the_same_value_however_written)
{
    g_autoptr(KcKeyring) keyring = kc_keyring_open(path, TRUE, NULL);
    g_autofree char *a = kc_keyring_blind_index(keyring, indexed[_i].kind, indexed[_i].a);
    g_autofree char *b = kc_keyring_blind_index(keyring, indexed[_i].kind, indexed[_i].b);
    g_autofree char *other = kc_keyring_blind_index(keyring, "other", indexed[_i].a);
    ck_assert_uint_eq(strlen(a), 32);
    ck_assert_int_eq(g_str_equal(a, b), indexed[_i].same);
    ck_assert_str_ne(a, other);
    ck_assert_ptr_null(kc_keyring_blind_index(keyring, "plate", " - "));
    ck_assert_ptr_null(kc_keyring_blind_index(keyring, "plate", NULL));
    ck_assert_ptr_null(kc_keyring_blind_index(keyring, "plate", "\xff\xfe"));
}
END_TEST

/* More at the same time than are kept; and what was a key is nothing when the place is used again. */
START_TEST(a_cell_is_wiped_before_it_is_used_again)
{
    static const guint8 nothing[KC_KEY_CELL_BYTES];
    gpointer cells[40];
    kc_sodium_ready();
    for (guint turn = 0; turn < 3; turn++) {
        for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
            cells[i] = kc_key_cell_take();
            for (guint before = 0; before < i; before++)
                ck_assert_ptr_ne(cells[i], cells[before]);
            memset(cells[i], (int)i + 1, KC_KEY_CELL_BYTES);
        }
        for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
            kc_key_cell_give_back(cells[i]);
    }
    gpointer last = kc_key_cell_take();
    ck_assert_mem_eq(last, nothing, sizeof nothing);
    kc_key_cell_give_back(last);
}
END_TEST

static gpointer
take_and_give_back(gpointer number)
{
    for (guint turn = 0; turn < 2000; turn++) {
        guint8 *cell = kc_key_cell_take();
        for (guint i = 0; i < KC_KEY_CELL_BYTES; i++)
            cell[i] = (guint8)GPOINTER_TO_UINT(number);
        g_thread_yield();
        for (guint i = 0; i < KC_KEY_CELL_BYTES; i++)
            ck_assert_uint_eq(cell[i], GPOINTER_TO_UINT(number));
        kc_key_cell_give_back(cell);
    }
    return NULL;
}

START_TEST(a_cell_has_one_owner_at_a_time)
{
    GThread *threads[4];
    kc_sodium_ready();
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("cells", take_and_give_back, GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}
END_TEST

static Suite *
keys_suite(void)
{
    Suite *suite = suite_create("evidence/keys");
    TCase *tc = tcase_create("keys");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, the_file_is_made_once_and_read_again);
    tcase_add_test(tc, an_absent_file_is_not_made_unasked);
    tcase_add_loop_test(tc, a_file_open_to_others_is_refused, 0, G_N_ELEMENTS(open_modes));
    tcase_add_test(tc, a_link_a_folder_and_a_wrong_length_are_refused);
    tcase_add_test(tc, a_case_key_opens_for_its_case_alone);
    tcase_add_test(tc, a_sealed_column_opens_in_its_place_alone);
    tcase_add_test(tc, every_flipped_bit_of_a_sealed_column_is_found);
    tcase_add_loop_test(tc, a_blind_index_finds_the_same_value_however_written, 0, G_N_ELEMENTS(indexed));
    tcase_add_test(tc, a_cell_is_wiped_before_it_is_used_again);
    tcase_add_test(tc, a_cell_has_one_owner_at_a_time);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(keys_suite())
