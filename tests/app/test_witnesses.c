/* A service and its witnesses, without a network: what is asked, kept and published, and what a witness shows of a log
 * that was put back. */
#include "src/app/public_log.h"
#include "src/app/witnesses.h"
#include "src/evidence/note.h"
#include "src/witness/witness.h"
#include "tests/app/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static Fixture fixture;
static char *witness_dir, *settings[3];
static KcWitness *witness; /* NULL: nobody answers */
static KcWitnessOptions options;
static guint asked;

static gboolean
post(gpointer data G_GNUC_UNUSED, const char *url, const char *body, guint *ret_status, char **ret_body, GError **error)
{
    asked++;
    ck_assert(g_str_has_suffix(url, "/add-checkpoint"));
    if (witness == NULL || strstr(url, "second") != NULL) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "it can't be reached");
        return FALSE;
    }
    KcWitnessReply reply = kc_witness_add_checkpoint(witness, body, fixture.now_us / G_USEC_PER_SEC);
    *ret_status = reply.status;
    *ret_body = reply.body;
    return TRUE;
}

static void
open_witness(void)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_autoptr(GError) failure = NULL;
    assert_done(kc_app_list_log_keys(fixture.app, &keys, &result, &error));
    const char *const logs[] = {((KcLogKey *)keys->pdata[0])->public, NULL};
    witness = kc_witness_new(witness_dir, "witness.test", logs, &failure);
    kc_assert_no_error(failure);
}

static void
setup(void)
{
    witness_dir = kc_test_dir_new();
    fixture_open(&fixture);
    open_witness();
    g_autofree char *key = kc_witness_public(witness);
    settings[0] = g_strconcat(key, " http://first.test/", NULL);
    settings[1] = NULL;
    options = (KcWitnessOptions){.witnesses = (const char *const *)settings, .post = post};
    fixture.witness = &options;
    asked = 0;
    fixture_restart(&fixture);
}

static void
teardown(void)
{
    fixture_close(&fixture);
    g_clear_pointer(&witness, kc_witness_free);
    g_free(settings[0]);
    kc_test_dir_remove(witness_dir);
}

static void
ask(void)
{
    g_autoptr(GError) error = NULL;
    kc_app_ask_witnesses(fixture.app, &error);
    kc_assert_no_error(error);
}

static void
grow(void)
{
    Scene scene = {0};
    g_autoptr(GError) error = NULL;
    scene_open(&fixture, &scene);
    fixture.now_us += 5 * G_TIME_SPAN_SECOND;
    kc_app_publish_checkpoint(fixture.app, &error);
    kc_assert_no_error(error);
    scene_clear(&scene);
}

static KcWitnessView *
first(void)
{
    g_autoptr(GPtrArray) views = NULL;
    guint quorum;
    assert_done(kc_app_list_witnesses(fixture.app, &views, &quorum, &result, &error));
    ck_assert_uint_eq(views->len, 1);
    return g_ptr_array_steal_index(views, 0);
}

static gboolean
is_cosigned(const char *note)
{
    g_autofree char *public = kc_witness_public(witness);
    g_autoptr(KcNoteVerifier) key = kc_note_verifier_new(public, NULL);
    g_autofree char *text = kc_note_open(note, key, NULL, NULL);
    return text != NULL;
}

static char *
published(void)
{
    char *note = NULL;
    assert_done(kc_app_get_checkpoint(fixture.app, &note, &result, &error));
    return note;
}

static void
assert_log_is_right(void)
{
    g_auto(KcLogVerdict) verdict = {0};
    assert_done(kc_app_verify_log(fixture.app, NULL, &verdict, &result, &error));
    ck_assert_ptr_null(verdict.problem);
}

START_TEST(each_checkpoint_is_cosigned_once)
{
    for (guint i = 0; i < 3; i++) {
        grow();
        ask();
        ask();
        g_autofree char *note = published();
        ck_assert(is_cosigned(note));
    }
    ck_assert_uint_eq(asked, 3);
    g_autoptr(KcWitnessView) view = first();
    ck_assert_ptr_null(view->trouble);
    ck_assert_uint_gt(view->size, 0);
    assert_log_is_right();
}
END_TEST

/* The service forgot what was cosigned (a crash before it was kept), or the witness is a new one. */
START_TEST(what_the_witness_knows_is_asked_from)
{
    grow();
    ask();
    fixture.witness = NULL;
    fixture_restart(&fixture);
    grow();
    fixture.witness = &options;
    fixture_restart(&fixture);
    g_clear_pointer(&witness, kc_witness_free);
    kc_test_dir_remove(witness_dir);
    witness_dir = kc_test_dir_new();
    open_witness(); /* of another key: its signature is not one we know */
    ask();
    g_autoptr(KcWitnessView) view = first();
    ck_assert_ptr_nonnull(strstr(view->trouble, "without its own signature"));
    ck_assert(!view->alarm);
}
END_TEST

START_TEST(a_quorum_holds_back_what_nobody_cosigned)
{
    char *none = NULL;
    options.quorum = 1;
    fixture_restart(&fixture);
    grow();
    assert_refused(kc_app_get_checkpoint(fixture.app, &none, &result, &error), KC_RESULT_NOT_FOUND, "no-checkpoint");
    ask();
    g_autofree char *before = published();
    ck_assert(is_cosigned(before));
    grow();
    g_autofree char *same = published();
    ck_assert_str_eq(before, same);
    ask();
    g_autofree char *after = published();
    ck_assert_str_ne(before, after);
}
END_TEST

START_TEST(who_is_away_is_asked_again_later)
{
    g_autoptr(KcWitness) away = g_steal_pointer(&witness);
    grow();
    ask();
    ask();
    ck_assert_uint_eq(asked, 1);
    g_autoptr(KcWitnessView) view = first();
    ck_assert_ptr_nonnull(strstr(view->trouble, "can't be reached"));
    witness = g_steal_pointer(&away);
    fixture.now_us += 2 * G_TIME_SPAN_MINUTE;
    ask();
    ck_assert_uint_eq(asked, 2);
    g_autofree char *note = published();
    ck_assert(is_cosigned(note));
}
END_TEST

static const KcAppPart *
find_part(GPtrArray *parts, const char *name)
{
    for (guint i = 0; i < parts->len; i++)
        if (strcmp(((KcAppPart *)parts->pdata[i])->part, name) == 0)
            return parts->pdata[i];
    return NULL;
}

static void
copy(const char *from, const char *to)
{
    const char *const argv[] = {"cp", from, to, NULL};
    g_free(kc_test_output(argv, NULL));
}

/* The whole folder is put back to an older copy: the witness remembers. */
START_TEST(a_rollback_is_found_by_a_witness)
{
    g_autofree char *database = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    g_autofree char *older = g_build_filename(fixture.dir, "older.db", NULL);
    grow();
    ask();
    fixture_restart(&fixture); /* all of it is in the one file */
    kc_app_free(g_steal_pointer(&fixture.app));
    copy(database, older);
    fixture_restart(&fixture);
    grow();
    grow();
    ask();
    kc_app_free(g_steal_pointer(&fixture.app));
    copy(older, database);
    fixture_restart(&fixture);
    grow();
    ask();
    g_autoptr(KcWitnessView) view = first();
    g_autoptr(GPtrArray) parts = kc_app_parts(fixture.app);
    ck_assert(view->alarm);
    ck_assert_msg(strstr(view->trouble, "put back to an older copy") != NULL, "%s", view->trouble);
    ck_assert(!find_part(parts, "witnesses")->ok);
    fixture.now_us += G_TIME_SPAN_HOUR;
    grow();
    grow();
    ask(); /* longer again, and still another history */
    g_autoptr(KcWitnessView) still = first();
    ck_assert(still->alarm);
}
END_TEST

START_TEST(a_witness_may_come_by_itself)
{
    g_autofree char *before = NULL;
    g_auto(GStrv) lines = NULL;
    grow();
    before = published();
    lines = g_strsplit(before, "\n", 3);
    guint64 size = g_ascii_strtoull(lines[1], NULL, 10);
    g_autofree char *request = g_strconcat("old 0\n\n", before, NULL);
    g_auto(KcWitnessReply) reply = kc_witness_add_checkpoint(witness, request, fixture.now_us / G_USEC_PER_SEC);
    ck_assert_uint_eq(reply.status, 200);
    assert_refused(kc_app_add_cosignatures(fixture.app, size, "— witness.test AAAA\n", &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_add_cosignatures(fixture.app, size + 1, reply.body, &result, &error), KC_RESULT_NOT_FOUND,
                   "no-checkpoint");
    assert_done(kc_app_add_cosignatures(fixture.app, size, reply.body, &result, &error));
    g_autofree char *after = published();
    ck_assert(is_cosigned(after));
    ask();
    ck_assert_uint_eq(asked, 0);
    assert_log_is_right();
}
END_TEST

static const char *const no_settings[] = {"", "witness.test", "witness.test+AAAA+AAAA http://a.test", "http://a.test"};

START_TEST(settings_are_checked)
{
    const char *const list[] = {no_settings[_i], NULL};
    const KcWitnessOptions wrong = {.witnesses = list}, few = {.witnesses = (const char *const *)settings, .quorum = 2};
    g_autoptr(GError) error = NULL;
    ck_assert(!kc_witness_options_check(&wrong, &error));
    g_clear_error(&error);
    ck_assert(!kc_witness_options_check(&few, &error));
}
END_TEST

static Suite *
witnesses_suite(void)
{
    Suite *suite = suite_create("app/witnesses");
    TCase *tc = tcase_create("witnesses");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, each_checkpoint_is_cosigned_once);
    tcase_add_test(tc, what_the_witness_knows_is_asked_from);
    tcase_add_test(tc, a_quorum_holds_back_what_nobody_cosigned);
    tcase_add_test(tc, who_is_away_is_asked_again_later);
    tcase_add_test(tc, a_rollback_is_found_by_a_witness);
    tcase_add_test(tc, a_witness_may_come_by_itself);
    tcase_add_loop_test(tc, settings_are_checked, 0, G_N_ELEMENTS(no_settings));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(witnesses_suite())
