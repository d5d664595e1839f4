/* The workers of the real service hold none of its keys but those of what they write: neither the master key and what is
 * derived from it, nor the key of the case whose call they have. */
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "src/evidence/keys.h"
#include "tests/service/talk.h"
#include "tests/support/kc_test.h"
#include "tests/support/process.h"

/* As src/evidence/keys.c has it. */
static void
derive(const guint8 key[KC_KEY_LEN], const char *label, guint8 ret_key[KC_KEY_LEN])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KC_KEY_LEN, KC_KEY_LEN);
    crypto_generichash_update(&state, (const guint8 *)label, strlen(label) + 1);
    crypto_generichash_final(&state, ret_key, KC_KEY_LEN);
}

static void
master_key(const Service *service, guint8 ret_key[KC_KEY_LEN])
{
    gsize len = 0;
    g_autofree char *path = g_build_filename(service->dir, "keys", "master.key", NULL), *bytes = NULL;
    ck_assert(g_file_get_contents(path, &bytes, &len, NULL));
    ck_assert_uint_eq(len, KC_KEY_LEN);
    memcpy(ret_key, bytes, len);
}

static void
case_key(const Talk *talk, const guint8 wrapping[KC_KEY_LEN], guint8 ret_key[KC_KEY_LEN])
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    g_autofree char *path = g_build_filename(talk->service->dir, "kuaichu.db", NULL);
    g_autofree char *place = g_strconcat("case/", talk->case_id, NULL);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT wrapped_key FROM cases WHERE id = ?", -1, &row, NULL), SQLITE_OK);
    sqlite3_bind_text(row, 1, talk->case_id, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(row), SQLITE_ROW);
    const guint8 *sealed = sqlite3_column_blob(row, 0);
    gsize len = (gsize)sqlite3_column_bytes(row, 0) - 25; /* version, nonce */
    ck_assert_int_eq(crypto_aead_xchacha20poly1305_ietf_decrypt(ret_key, NULL, NULL, sealed + 25, len, (const guint8 *)place,
                                                                strlen(place), sealed + 1, wrapping), 0);
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
    static const char *const labels[] = {"kuaichu wrap case key v1", "kuaichu seal v1", "kuaichu blind index v1"};
    guint8 master[KC_KEY_LEN], derived[KC_KEY_LEN], wrapping[KC_KEY_LEN], of_case[KC_KEY_LEN];
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
    master_key(service, master);
    derive(master, labels[0], wrapping);
    case_key(talk, wrapping, of_case);
    ck_assert_int_eq(count_of(worker, master), 0);
    ck_assert_int_eq(count_of(worker, of_case), 0);
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
        derive(master, labels[i], derived);
        ck_assert_int_eq(count_of(worker, derived), 0);
        ck_assert_int_ge(count_of(service->pid, derived), 1); /* where they are, they are found */
    }
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
