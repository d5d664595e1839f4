/* The safe beside the master key: rotation cut off anywhere, destruction, and what an older copy of each file is good
 * for. */
#include "src/evidence/keys.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *dir, *master, *next, *safe;

static void
setup(void)
{
    dir = kc_test_dir_new();
    master = g_build_filename(dir, "master.key", NULL);
    next = g_build_filename(dir, "master.key.next", NULL);
    safe = g_build_filename(dir, "master.cases", NULL);
}

static void
teardown(void)
{
    g_clear_pointer(&master, g_free);
    g_clear_pointer(&next, g_free);
    g_clear_pointer(&safe, g_free);
    kc_test_dir_remove(dir);
}

static KcKeyring *
opened(void)
{
    g_autoptr(GError) error = NULL;
    KcKeyring *keyring = kc_keyring_open(master, TRUE, &error);
    kc_assert_no_error(error);
    return keyring;
}

static GBytes *
wrapped_new(const KcKeyring *keyring, guint32 slot, const char *case_id)
{
    g_autoptr(GError) error = NULL;
    GBytes *wrapped = NULL;
    kc_case_key_free(kc_keyring_case_key_new(keyring, KC_KEY_CASE, slot, case_id, &wrapped, &error));
    kc_assert_no_error(error);
    return wrapped;
}

static gboolean
opens(const KcKeyring *keyring, const char *case_id, GBytes *wrapped, GError **error)
{
    g_autoptr(KcCaseKey) key = kc_keyring_case_key_unwrap(keyring, case_id, wrapped, error);
    return key != NULL;
}

static void
destroy(KcKeyring *keyring, guint32 leaf)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) leaves = g_array_new(FALSE, FALSE, sizeof leaf);
    g_array_append_val(leaves, leaf);
    ck_assert(kc_keyring_destroy(keyring, leaves, &error));
    kc_assert_no_error(error);
}

static void
copy_file(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize len;
    ck_assert(g_file_get_contents(from, &bytes, &len, NULL));
    g_unlink(to);
    ck_assert(g_file_set_contents_full(to, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

START_TEST(rotation_keeps_every_key_and_the_installation_s)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *kept = g_build_filename(dir, "kept.key", NULL);
    g_autoptr(KcKeyring) keyring = opened();
    g_autoptr(GBytes) wrapped = wrapped_new(keyring, 1, "case-1");
    g_autoptr(GBytes) sealed = kc_keyring_seal(keyring, "t", "c", "1", "secret", 6);
    g_autofree char *index = kc_keyring_blind_index(keyring, "plate", "陕H12345");
    g_autofree char *id = kc_keyring_master_id(keyring);
    copy_file(master, kept);
    ck_assert_uint_eq(kc_wrapped_tree(wrapped), 1);
    ck_assert(kc_keyring_begin_rotation(keyring, &error));
    kc_assert_no_error(error);
    ck_assert(kc_keyring_is_rotating(keyring));
    ck_assert(opens(keyring, "case-1", wrapped, NULL));
    g_autoptr(GBytes) again = kc_keyring_rewrap(keyring, KC_KEY_CASE, 1, "case-1", wrapped, &error);
    ck_assert_uint_eq(kc_wrapped_tree(again), 2);
    ck_assert(kc_keyring_end_rotation(keyring, &error));

    g_autoptr(KcKeyring) later = opened();
    g_autofree char *later_id = kc_keyring_master_id(later);
    g_autofree char *later_index = kc_keyring_blind_index(later, "plate", "陕H12345");
    g_autoptr(GBytes) plain = kc_keyring_unseal(later, "t", "c", "1", sealed, &error);
    kc_assert_no_error(error);
    ck_assert_str_ne(id, later_id);
    ck_assert_str_eq(index, later_index);
    ck_assert_uint_eq(g_bytes_get_size(plain), 6);
    ck_assert(opens(later, "case-1", again, NULL));
    ck_assert(!opens(later, "case-1", wrapped, NULL)); /* as a backup from before has it */
    ck_assert(!g_file_test(next, G_FILE_TEST_EXISTS));

    copy_file(kept, master); /* the old key: not even the safe */
    ck_assert_ptr_null(kc_keyring_open(master, FALSE, &error));
    ck_assert_msg(g_error_matches(error, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED), "%s", error->message);
}
END_TEST

/* Every state of the three files that a kill can leave. */
START_TEST(a_rotation_that_was_cut_off_goes_on)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *old_master = g_build_filename(dir, "a", NULL), *old_safe = g_build_filename(dir, "b", NULL);
    g_autofree char *new_master = g_build_filename(dir, "c", NULL), *new_safe = g_build_filename(dir, "d", NULL);
    g_autoptr(GBytes) wrapped = NULL;
    {
        g_autoptr(KcKeyring) keyring = opened();
        wrapped = wrapped_new(keyring, 1, "case-1");
        copy_file(master, old_master);
        copy_file(safe, old_safe);
        ck_assert(kc_keyring_begin_rotation(keyring, &error));
        copy_file(master, new_master);
        copy_file(safe, new_safe);
    }
    copy_file(old_master, master); /* only the next key was made */
    copy_file(old_safe, safe);
    copy_file(new_master, next);
    {
        g_autoptr(KcKeyring) keyring = opened();
        ck_assert(!kc_keyring_is_rotating(keyring) && opens(keyring, "case-1", wrapped, NULL));
        ck_assert(kc_keyring_begin_rotation(keyring, &error));
        kc_assert_no_error(error);
    }
    copy_file(old_master, master); /* the safe is under it already, and the old key still has its name */
    copy_file(new_safe, safe);
    copy_file(new_master, next);
    g_autoptr(KcKeyring) keyring = opened();
    ck_assert(kc_keyring_is_rotating(keyring) && opens(keyring, "case-1", wrapped, NULL));
    ck_assert(!g_file_test(next, G_FILE_TEST_EXISTS));
    g_autoptr(GBytes) again = kc_keyring_rewrap(keyring, KC_KEY_CASE, 1, "case-1", wrapped, &error);
    ck_assert(kc_keyring_end_rotation(keyring, &error) && opens(keyring, "case-1", again, NULL));
}
END_TEST

START_TEST(a_destroyed_key_opens_nothing_and_stays_so_through_a_rotation)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcKeyring) keyring = opened();
    g_autoptr(GBytes) one = wrapped_new(keyring, 1, "case-1"), two = wrapped_new(keyring, 2, "case-2");
    destroy(keyring, kc_key_leaf(KC_KEY_CASE, 1));
    ck_assert_uint_eq(kc_keyring_destroyed(keyring), 1);
    ck_assert(!opens(keyring, "case-1", one, &error));
    ck_assert_msg(g_error_matches(error, KC_KEYS_ERROR, KC_KEYS_ERROR_DESTROYED), "%s", error->message);
    ck_assert(opens(keyring, "case-2", two, NULL));
    ck_assert(!kc_keyring_slot_is_free(keyring, 1) && kc_keyring_slot_is_free(keyring, 3));
    ck_assert(kc_keyring_begin_rotation(keyring, NULL));
    g_autoptr(KcKeyring) later = opened();
    ck_assert(!opens(later, "case-1", one, NULL) && opens(later, "case-2", two, NULL));
    ck_assert(!kc_keyring_slot_is_free(later, 1));
    ck_assert_uint_eq(kc_keyring_destroyed(later), 1);
}
END_TEST

/* Two programs on one safe: neither brings back what the other destroyed. */
START_TEST(two_keyrings_on_one_file_lose_nothing)
{
    g_autoptr(KcKeyring) a = opened(), b = opened();
    g_autoptr(GBytes) one = wrapped_new(a, 1, "case-1"), two = wrapped_new(a, 2, "case-2");
    destroy(a, kc_key_leaf(KC_KEY_CASE, 1));
    destroy(b, kc_key_leaf(KC_KEY_CASE, 2));
    g_autoptr(KcKeyring) later = opened();
    ck_assert(!opens(later, "case-1", one, NULL) && !opens(later, "case-2", two, NULL));
    ck_assert(!opens(b, "case-1", one, NULL));
}
END_TEST

START_TEST(a_damaged_safe_is_named_and_the_files_are_the_owner_s)
{
    g_autoptr(GError) error = NULL;
    struct stat st;
    kc_keyring_free(opened());
    ck_assert_int_eq(stat(safe, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    g_autofree char *bytes = NULL;
    gsize len;
    ck_assert(g_file_get_contents(safe, &bytes, &len, NULL));
    for (gsize i = 0; i < len; i++) {
        bytes[i] ^= 0x10;
        ck_assert(g_file_set_contents_full(safe, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE, 0600, NULL)); /* no sync */
        bytes[i] ^= 0x10;
        KcKeyring *keyring = kc_keyring_open(master, FALSE, &error);
        ck_assert_msg(keyring == NULL, "byte %zu", i);
        g_clear_error(&error);
    }
    ck_assert(g_file_set_contents(safe, bytes, (gssize)len - 1, NULL));
    ck_assert_ptr_null(kc_keyring_open(master, FALSE, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "master.cases"));
}
END_TEST

START_TEST(a_credential_is_read_and_never_made)
{
    g_autoptr(GError) error = NULL;
    const KcKeyFiles files = {.master = master, .safe = safe, .next = next, .is_credential = TRUE};
    ck_assert_ptr_null(kc_keyring_open_files(&files, TRUE, &error));
    ck_assert_msg(g_error_matches(error, KC_KEYS_ERROR, KC_KEYS_ERROR_ABSENT), "%s", error->message);
    g_clear_error(&error);
    ck_assert(
        g_file_set_contents_full(master, "0123456789abcdef0123456789abcdef", 32, G_FILE_SET_CONTENTS_NONE, 0440, NULL));
    g_chmod(master, 0440);
    g_autoptr(KcKeyring) keyring = kc_keyring_open_files(&files, TRUE, &error);
    kc_assert_no_error(error);
    g_chmod(master, 0444);
    ck_assert_ptr_null(kc_keyring_open_files(&files, FALSE, &error));
    ck_assert_msg(g_error_matches(error, KC_KEYS_ERROR, KC_KEYS_ERROR_PERMISSIONS), "%s", error->message);
    g_clear_error(&error);
    g_chmod(master, 0400);
    ck_assert(kc_keyring_begin_rotation(keyring, &error)); /* until the credential is the new key, `next` serves */
    ck_assert(g_file_test(next, G_FILE_TEST_EXISTS) && g_file_test(master, G_FILE_TEST_EXISTS));
    g_autoptr(KcKeyring) later = kc_keyring_open_files(&files, FALSE, &error);
    kc_assert_no_error(error);
    ck_assert(kc_keyring_is_rotating(later));
}
END_TEST

static Suite *
key_rotation_suite(void)
{
    Suite *suite = suite_create("evidence/key_rotation");
    TCase *tc = tcase_create("key_rotation");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, rotation_keeps_every_key_and_the_installation_s);
    tcase_add_test(tc, a_rotation_that_was_cut_off_goes_on);
    tcase_add_test(tc, a_destroyed_key_opens_nothing_and_stays_so_through_a_rotation);
    tcase_add_test(tc, two_keyrings_on_one_file_lose_nothing);
    tcase_add_test(tc, a_damaged_safe_is_named_and_the_files_are_the_owner_s);
    tcase_add_test(tc, a_credential_is_read_and_never_made);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(key_rotation_suite())
