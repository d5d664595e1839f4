/* The workers of the real service hold none of its keys but those of what they write: neither the master key and what it
 * protects, nor the keys of the case whose call they have. */
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "src/evidence/key_safe.h"
#include "tests/service/talk.h"
#include "tests/support/kc_test.h"
#include "tests/support/process.h"

typedef struct {
    guint8 master[KC_KEY_LEN];
    KcKeySafe *safe; /* what the master key protects */
} Keys;

static Keys
read_keys(const Service *service)
{
    Keys keys;
    gsize len = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(service->dir, "keys", "master.key", NULL), *bytes = NULL;
    g_autofree char *safe = g_build_filename(service->dir, "keys", "case-keys", NULL);
    ck_assert(g_file_get_contents(path, &bytes, &len, NULL));
    ck_assert_uint_eq(len, KC_KEY_LEN);
    memcpy(keys.master, bytes, len);
    keys.safe = kc_key_safe_read(safe, keys.master, &error);
    kc_assert_no_error(error);
    return keys;
}

static guint32
number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* A case's key as the database keeps it: version, tree, leaf, and what is sealed under that leaf (evidence/keyring.c).
 * `ret_leaf`: the key of the leaf. */
static void
case_key(const Talk *talk, const Keys *keys, const char *column, const char *ending, guint8 ret_leaf[KC_KEY_LEN],
         guint8 ret_key[KC_KEY_LEN])
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    const KcKeyTree *tree = keys->safe->trees->pdata[keys->safe->trees->len - 1];
    g_autofree char *path = g_build_filename(talk->service->dir, "kuaichu.db", NULL);
    g_autofree char *place = g_strconcat("case/", talk->case_id, ending, NULL);
    g_autofree char *sql = g_strdup_printf("SELECT %s FROM cases WHERE id = ?", column);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    sqlite3_bind_text(row, 1, talk->case_id, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(row), SQLITE_ROW);
    const guint8 *wrapped = sqlite3_column_blob(row, 0), *sealed = wrapped + 9;
    gsize len = (gsize)sqlite3_column_bytes(row, 0) - 9 - 25; /* without the version and nonce of what is sealed */
    ck_assert_uint_eq(number_at(wrapped + 1), kc_key_tree_id(tree));
    ck_assert(kc_key_tree_leaf(tree, number_at(wrapped + 5), ret_leaf));
    ck_assert_int_eq(crypto_aead_xchacha20poly1305_ietf_decrypt(ret_key, NULL, NULL, sealed + 25, len, (const guint8 *)place,
                                                                strlen(place), sealed + 1, ret_leaf), 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
}

/* An allocator that is given a key back writes over its beginning at most. */
static gint64
count_of(pid_t pid, const guint8 key[KC_KEY_LEN])
{
    gint64 n = process_memory_count(pid, key + KC_KEY_LEN / 2, KC_KEY_LEN / 2);
    ck_assert_int_ge(n, 0);
    return n;
}

START_TEST(workers_have_no_key_of_the_service)
{
    guint8 of_case[4][KC_KEY_LEN];
    if (geteuid() != 0) /* nobody else can look */
        return;
    Service *service = service_new(1);
    g_autoptr(GArray) clip = clip_new();
    g_autofree char *admin = admin_sign_in(service);
    g_autofree char *officer = officer_new(service, admin, 1);
    g_autoptr(GPtrArray) talks = g_ptr_array_new_with_free_func((GDestroyNotify)talk_free);
    Talk *talk = talk_new(service, clip, admin, officer);
    g_ptr_array_add(talks, talk);
    talk_join(talk);
    talks_go_on(talks, G_USEC_PER_SEC);
    g_autoptr(GArray) workers = service_workers(service);
    pid_t worker = g_array_index(workers, pid_t, 0);
    Keys keys = read_keys(service);
    case_key(talk, &keys, "wrapped_key", "", of_case[0], of_case[1]);
    case_key(talk, &keys, "wrapped_recordings_key", "/recordings", of_case[2], of_case[3]);
    const guint8 *const kept[] = {keys.master, keys.safe->keys->sealing, keys.safe->keys->indexing, keys.safe->keys->salting};
    for (guint i = 0; i < G_N_ELEMENTS(of_case); i++)
        ck_assert_int_eq(count_of(worker, of_case[i]), 0);
    for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
        ck_assert_int_eq(count_of(worker, kept[i]), 0);
        ck_assert_int_ge(count_of(service->pid, kept[i]), 1); /* where they are, they are found */
    }
    kc_key_safe_free(keys.safe);
    talk_leave(talk);
    service_free(service);
}
END_TEST

static Suite *
keys_suite(void)
{
    Suite *suite = suite_create("service/keys");
    TCase *tcase = tcase_create("keys");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, workers_have_no_key_of_the_service);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(keys_suite())
