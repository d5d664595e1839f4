/* The master key and the signing key give way to new ones: killed on the way, everything still opens; afterwards the
 * old one opens nothing. */
#include "src/app/public_log.h"
#include "src/app/rotate_keys.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"
#include "src/store/case_store.h"
#include "tests/app/fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CASES 1500 /* more than one batch */

static Fixture fixture;

static void
setup(void)
{
    fixture_open(&fixture);
}

static void
teardown(void)
{
    fixture_close(&fixture);
}

static char *
inside(const char *name)
{
    return g_build_filename(fixture.dir, name, NULL);
}

static void
stop(void)
{
    g_clear_pointer(&fixture.app, kc_app_free);
    g_clear_pointer(&fixture.media, kc_fake_media_free);
}

static KcApp *
alone(void)
{
    g_autoptr(GError) error = NULL;
    KcAppOptions options = {.data_dir = fixture.dir, .text_only = TRUE, .exclusive = TRUE};
    KcApp *app = kc_app_new(&options, &error);
    kc_assert_no_error(error);
    return app;
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

/* ---- Many cases ---- */

static void
with_store(KcTxFn fn, gpointer data, const char *keys, gboolean write)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *master = g_build_filename(keys, "master.key", NULL),
                    *safe = g_build_filename(keys, "case-keys", NULL);
    g_autofree char *database = inside("kuaichu.db");
    const KcKeyFiles files = {.master = master, .safe = safe};
    g_autoptr(KcKeyring) keyring = kc_keyring_open_files(&files, FALSE, &error);
    kc_assert_no_error(error);
    g_autoptr(KcStore) store = kc_store_open(database, keyring, &error);
    kc_assert_no_error(error);
    gboolean done = write ? kc_store_write(store, fn, data, &error) : kc_store_read(store, fn, data, &error);
    kc_assert_no_error(error);
    ck_assert(done);
}

static gboolean
insert_cases(KcTx *tx, gpointer unused, GError **error)
{
    for (guint i = 0; i < CASES; i++) {
        g_autofree char *id = g_strdup_printf("01900000-0000-7000-8000-%012u", i);
        g_autofree char *number = g_strdup_printf("C-20250101-%06u", i);
        KcCaseRow row = {.id = id,
                         .number = number,
                         .state = (char *)"waiting",
                         .channel = (char *)"web",
                         .created_us = 1,
                         .updated_us = 1,
                         .place_text = number};
        if (!kc_case_store_insert(tx, &row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
count_open(KcTx *tx, gpointer count, GError **error)
{
    for (guint i = 0; i < CASES; i++) {
        g_autofree char *id = g_strdup_printf("01900000-0000-7000-8000-%012u", i);
        g_autoptr(KcCaseRow) row = NULL;
        if (kc_case_store_get(tx, id, &row, NULL) && row != NULL && g_strcmp0(row->place_text, row->number) == 0)
            ++*(guint *)count;
    }
    return TRUE;
}

static guint
open_with(const char *keys)
{
    guint count = 0;
    with_store(count_open, &count, keys, FALSE);
    return count;
}

static void
die_after_a_batch(gint64 cases, gpointer unused)
{
    kill(getpid(), SIGKILL);
}

static void
rotate_and_be_killed(void)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        g_auto(KcMasterRotation) rotation = {0};
        KcResult result = {0};
        KcApp *app = alone();
        kc_app_rotate_master(app, die_after_a_batch, NULL, &rotation, &result, NULL);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

START_TEST(a_rotation_that_is_killed_is_gone_on_with)
{
    g_autofree char *keys = inside("keys"), *old = inside("old-keys"), *master = inside("keys/master.key");
    g_autofree char *safe = inside("keys/case-keys"), *old_master = inside("old-keys/master.key"),
                    *old_safe = inside("old-keys/case-keys");
    stop();
    with_store(insert_cases, NULL, keys, TRUE);
    g_mkdir(old, 0700);
    copy_file(master, old_master);
    copy_file(safe, old_safe);
    ck_assert_uint_eq(open_with(old), CASES);
    rotate_and_be_killed();
    ck_assert_uint_eq(open_with(keys), CASES);
    fixture_start(&fixture); /* the service runs on both trees meanwhile */
    Scene scene;
    scene_open(&fixture, &scene);
    stop();

    g_auto(KcMasterRotation) rotation = {0};
    KcApp *app = alone();
    assert_done(kc_app_rotate_master(app, NULL, NULL, &rotation, &result, &error));
    ck_assert_ptr_null(rotation.from);
    ck_assert_int_ge(rotation.cases, CASES - 1000);
    ck_assert_int_lt(rotation.cases, CASES);
    kc_app_free(app);
    ck_assert_uint_eq(open_with(keys), CASES);
    ck_assert_uint_eq(open_with(old), 0); /* the old key with its own safe: nothing of the new database */
    g_autoptr(GError) refused = NULL;
    const KcKeyFiles mixed = {.master = old_master, .safe = safe};
    ck_assert_ptr_null(kc_keyring_open_files(&mixed, FALSE, &refused));

    fixture_start(&fixture);
    g_auto(KcLogVerdict) verdict = {0};
    assert_done(kc_app_verify_log(fixture.app, NULL, &verdict, &result, &error));
    ck_assert_msg(verdict.problem == NULL, "%s", verdict.problem);
    g_autoptr(KcPrincipal) officer = fixture_staff(&fixture, "officer");
    g_autoptr(KcCaseView) view = fixture_case(&fixture, officer, scene.id);
    ck_assert_str_eq(view->row->place_text, "商州区北新街与工农路路口");
    scene_clear(&scene);
}
END_TEST

START_TEST(no_rotation_beside_the_service)
{
    g_autoptr(GError) locked = NULL;
    KcAppOptions options = {.data_dir = fixture.dir, .text_only = TRUE, .exclusive = TRUE};
    ck_assert_ptr_null(kc_app_new(&options, &locked));
    ck_assert_msg(g_error_matches(locked, KC_APP_ERROR, KC_APP_ERROR_LOCKED), "%s", locked->message);
    g_auto(KcMasterRotation) rotation = {0};
    KcAppOptions beside = {.data_dir = fixture.dir, .text_only = TRUE};
    g_autoptr(KcApp) app = kc_app_new(&beside, NULL);
    g_autofree char *public = NULL;
    assert_refused(kc_app_rotate_master(app, NULL, NULL, &rotation, &result, &error), KC_RESULT_CONFLICT,
                   "service-running");
    assert_refused(kc_app_rotate_signing(app, &public, &result, &error), KC_RESULT_CONFLICT, "service-running");
}
END_TEST

START_TEST(a_service_without_its_safe_does_not_start)
{
    g_autofree char *safe = inside("keys/case-keys");
    stop();
    g_unlink(safe);
    fixture.media = kc_fake_media_new();
    g_autofree char *said = fixture_refused_start(&fixture);
    ck_assert_ptr_nonnull(strstr(said, "case-keys is missing"));
}
END_TEST

/* ---- The signing key ---- */

static void
publish(void)
{
    g_autoptr(GError) error = NULL;
    fixture.now_us += 10 * G_USEC_PER_SEC;
    kc_app_publish_checkpoint(fixture.app, &error);
    kc_assert_no_error(error);
}

static void
change_log(void)
{
    Scene scene;
    scene_open(&fixture, &scene);
    scene_clear(&scene);
}

static char *
problem(const char *held)
{
    g_auto(KcLogVerdict) verdict = {0};
    assert_done(kc_app_verify_log(fixture.app, held, &verdict, &result, &error));
    return g_steal_pointer(&verdict.problem);
}

static void
rotate_signing(void)
{
    stop();
    g_autoptr(KcApp) app = alone();
    g_autofree char *public = NULL;
    assert_done(kc_app_rotate_signing(app, &public, &result, &error));
    ck_assert_ptr_nonnull(public);
}

/* A checkpoint of the newest size, signed by a key that is no longer in force. */
static void
forge(const char *seed)
{
    g_autofree char *note = NULL, *database = inside("kuaichu.db");
    assert_done(kc_app_get_checkpoint(fixture.app, &note, &result, &error));
    g_autofree char *text = kc_note_text(note, NULL);
    g_autofree char *name = g_strndup(text, strcspn(text, "\n"));
    g_autoptr(KcNoteSigner) signer = kc_note_signer_new(name, KC_NOTE_ED25519, (const guint8 *)seed, NULL);
    g_autofree char *line = kc_note_sign(signer, text, 0), *forged = g_strconcat(text, "\n", line, NULL);
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(database, &db), SQLITE_OK);
    char *sql =
        sqlite3_mprintf("DROP TRIGGER log_checkpoints_no_update; UPDATE log_checkpoints SET note = %Q WHERE size = "
                        "(SELECT max(size) FROM log_checkpoints)",
                        forged);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_free(sql);
    sqlite3_close(db);
}

START_TEST(each_checkpoint_holds_under_the_key_of_its_time)
{
    g_autofree char *path = inside("keys/signing.key"), *next = inside("keys/signing.key.next"), *old = NULL,
                    *held = NULL;
    change_log();
    publish();
    ck_assert(g_file_get_contents(path, &old, NULL, NULL));
    assert_done(kc_app_get_checkpoint(fixture.app, &held, &result, &error));
    rotate_signing();
    fixture_start(&fixture);
    change_log();
    publish();
    g_autofree char *wrong = problem(held);
    ck_assert_msg(wrong == NULL, "%s", wrong);
    g_autoptr(GPtrArray) keys = NULL;
    assert_done(kc_app_list_log_keys(fixture.app, &keys, &result, &error));
    ck_assert_uint_eq(keys->len, 2);
    const KcLogKey *first = keys->pdata[0], *second = keys->pdata[1];
    ck_assert_int_eq(first->until_us, second->from_us);
    ck_assert_int_eq(second->until_us, 0);

    /* Cut off between the database and the file. */
    g_autofree char *now = NULL;
    ck_assert(g_file_get_contents(path, &now, NULL, NULL));
    stop();
    copy_file(path, next);
    g_unlink(path);
    ck_assert(g_file_set_contents_full(path, old, KC_KEY_LEN, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    fixture_start(&fixture);
    change_log();
    publish();
    g_autofree char *still = problem(held);
    ck_assert_msg(still == NULL, "%s", still);
    ck_assert(!g_file_test(next, G_FILE_TEST_EXISTS));

    forge(old);
    g_autofree char *found = problem(NULL);
    ck_assert_ptr_nonnull(found);
    ck_assert_msg(strstr(found, "not in force there") != NULL, "%s", found);
}
END_TEST

static Suite *
key_rotation_suite(void)
{
    Suite *suite = suite_create("app/key_rotation");
    TCase *tc = tcase_create("key_rotation");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_rotation_that_is_killed_is_gone_on_with);
    tcase_add_test(tc, no_rotation_beside_the_service);
    tcase_add_test(tc, a_service_without_its_safe_does_not_start);
    tcase_add_test(tc, each_checkpoint_holds_under_the_key_of_its_time);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(key_rotation_suite())
