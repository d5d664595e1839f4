/* The log as the world sees it: checkpoints of a real case, proofs against them, and what a kept checkpoint shows. */
#include "src/app/public_log.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"
#include "tests/app/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

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

static void
publish(void)
{
    g_autoptr(GError) error = NULL;
    kc_app_publish_checkpoint(fixture.app, &error);
    kc_assert_no_error(error);
}

static char *
newest_note(void)
{
    char *note = NULL;
    assert_done(kc_app_get_checkpoint(fixture.app, &note, &result, &error));
    return note;
}

static KcNoteVerifier *
key_in_force(void)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_autoptr(GError) failure = NULL;
    assert_done(kc_app_list_log_keys(fixture.app, &keys, &result, &error));
    const KcLogKey *key = keys->pdata[keys->len - 1];
    KcNoteVerifier *verifier = kc_note_verifier_new(key->public, &failure);
    kc_assert_no_error(failure);
    return verifier;
}

static KcCheckpoint
open_note(const char *note)
{
    g_autoptr(KcNoteVerifier) verifier = key_in_force();
    g_autoptr(GError) error = NULL;
    KcCheckpoint head;
    g_autofree char *text = kc_note_open(note, verifier, NULL, &error);
    kc_assert_no_error(error);
    ck_assert(kc_checkpoint_parse(text, &head, NULL));
    return head;
}

START_TEST(a_case_is_in_the_published_log)
{
    Scene scene = {0};
    char *absent = NULL;
    assert_refused(kc_app_get_checkpoint(fixture.app, &absent, &result, &error), KC_RESULT_NOT_FOUND, "no-checkpoint");
    scene_call(&fixture, &scene);
    publish();
    g_autofree char *note = newest_note();
    g_auto(KcCheckpoint) head = open_note(note);
    ck_assert_uint_gt(head.size, 4);
    for (guint64 index = 0; index < head.size; index++) {
        g_auto(KcLogProof) proof = {0};
        assert_done(kc_app_prove_leaf(fixture.app, index, 0, &proof, &result, &error));
        KcMerkleHash leaf = kc_merkle_leaf(proof.leaf, strlen(proof.leaf));
        ck_assert(kc_merkle_check_leaf(&leaf, index, head.size, &proof.proof, &head.root));
        ck_assert_ptr_null(strstr(proof.leaf, scene.id));
    }
    scene_clear(&scene);
}
END_TEST

START_TEST(checkpoints_grow_from_each_other)
{
    Scene scene = {0};
    g_auto(KcLogProof) proof = {0};
    scene_open(&fixture, &scene);
    publish();
    g_autofree char *first = newest_note();
    scene_claim(&fixture, &scene);
    publish(); /* too soon */
    g_autofree char *same = newest_note();
    ck_assert_str_eq(first, same);
    fixture.now_us += 5 * G_TIME_SPAN_SECOND;
    publish();
    g_autofree char *second = newest_note();
    g_auto(KcCheckpoint) old = open_note(first);
    g_auto(KcCheckpoint) head = open_note(second);
    ck_assert_uint_gt(head.size, old.size);
    assert_done(kc_app_prove_growth(fixture.app, old.size, head.size, &proof, &result, &error));
    ck_assert(kc_merkle_check_growth(old.size, &old.root, head.size, &head.root, &proof.proof));
    scene_clear(&scene);
}
END_TEST

START_TEST(what_is_not_there_is_not_proven)
{
    g_auto(KcLogProof) proof = {0};
    GBytes *tile = NULL;
    publish();
    assert_refused(kc_app_prove_leaf(fixture.app, 1000, 0, &proof, &result, &error), KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_prove_leaf(fixture.app, 0, 1000, &proof, &result, &error), KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_prove_growth(fixture.app, 0, 1, &proof, &result, &error), KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_get_log_tile(fixture.app, 0, 0, 256, &tile, &result, &error), KC_RESULT_NOT_FOUND,
                   "no-such-tile");
    assert_refused(kc_app_get_log_tile(fixture.app, 0, G_MAXUINT64 / 256, 256, &tile, &result, &error),
                   KC_RESULT_NOT_FOUND, "no-such-tile");
    assert_refused(kc_app_get_log_leaves(fixture.app, 1, 1, &tile, &result, &error), KC_RESULT_NOT_FOUND,
                   "no-such-tile");
}
END_TEST

static void
assert_verdict(const char *held, const char *problem)
{
    g_auto(KcLogVerdict) verdict = {0};
    assert_done(kc_app_verify_log(fixture.app, held, &verdict, &result, &error));
    const char *said = verdict.problem != NULL ? verdict.problem : "none";
    ck_assert_msg((verdict.problem == NULL) == (problem == NULL), "%s", said);
    ck_assert_msg(problem == NULL || strstr(said, problem) != NULL, "%s", said);
}

static void
copy_database(const char *from, const char *to)
{
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 2; i++) {
        g_autofree char *source = g_strconcat(from, i == 0 ? "" : "-wal", NULL);
        g_autofree char *target = g_strconcat(to, i == 0 ? "" : "-wal", NULL);
        g_autofree char *bytes = NULL;
        gsize len;
        g_unlink(target);
        if (!g_file_test(source, G_FILE_TEST_EXISTS))
            continue;
        g_file_get_contents(source, &bytes, &len, &error);
        kc_assert_no_error(error);
        g_file_set_contents(target, bytes, (gssize)len, &error);
        kc_assert_no_error(error);
    }
}

/* The whole folder is put back to yesterday's copy: inside it everything is right, and a kept checkpoint still tells. */
START_TEST(a_rollback_is_found_by_a_held_checkpoint)
{
    Scene scene = {0};
    g_autofree char *database = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    g_autofree char *yesterday = g_build_filename(fixture.dir, "yesterday.db", NULL);
    publish();
    fixture_restart(&fixture);
    copy_database(database, yesterday);
    scene_open(&fixture, &scene);
    fixture.now_us += 5 * G_TIME_SPAN_SECOND;
    publish();
    g_autofree char *held = newest_note();
    assert_verdict(held, NULL);
    scene_clear(&scene);

    kc_app_free(g_steal_pointer(&fixture.app));
    copy_database(yesterday, database);
    fixture_restart(&fixture);
    assert_verdict(NULL, NULL);
    assert_verdict(held, "put back to an older copy");
    assert_verdict("kuaichu.localhost/log\n1\nAAAA\n\n— kuaichu.localhost/log AAAA\n", "not signed by a key of this log");
}
END_TEST

START_TEST(the_signing_key_stays)
{
    g_autofree char *key = g_build_filename(fixture.dir, "keys", "signing.key", NULL);
    g_autofree char *away = g_strconcat(key, ".away", NULL);
    g_autoptr(KcNoteVerifier) before = key_in_force();
    publish();
    g_autofree char *note = newest_note();
    fixture_restart(&fixture);
    g_auto(KcCheckpoint) head = open_note(note);
    ck_assert_str_eq(head.origin, kc_note_verifier_name(before));

    /* Without it, and with another, the service does not start. */
    kc_app_free(g_steal_pointer(&fixture.app));
    ck_assert_int_eq(g_rename(key, away), 0);
    g_autofree char *absent = fixture_refused_start(&fixture);
    ck_assert_ptr_nonnull(strstr(absent, "there is no key at"));
    ck_assert(g_file_set_contents_full(key, "another key of thirty-two bytes!", 32, 0, 0600, NULL));
    g_autofree char *other = fixture_refused_start(&fixture);
    ck_assert_ptr_nonnull(strstr(other, "put the key back"));
    ck_assert_int_eq(g_rename(away, key), 0);
    fixture_restart(&fixture);
}
END_TEST

static Suite *
public_log_suite(void)
{
    Suite *suite = suite_create("app/public_log");
    TCase *tc = tcase_create("public_log");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_case_is_in_the_published_log);
    tcase_add_test(tc, checkpoints_grow_from_each_other);
    tcase_add_test(tc, what_is_not_there_is_not_proven);
    tcase_add_test(tc, a_rollback_is_found_by_a_held_checkpoint);
    tcase_add_test(tc, the_signing_key_stays);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(public_log_suite())
