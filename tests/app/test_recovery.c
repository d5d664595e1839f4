/* After kill -9: what was acknowledged is there, what was durable plays. The service runs in a child that kills itself.
 */
#include "tests/app/fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child leaves to the parent. */
typedef struct {
    char case_id[40], token_party[40], still_id[40];
} Note;

static void
write_note(int fd, const Scene *scene, const char *still_id)
{
    Note note = {0};
    g_strlcpy(note.case_id, scene->id, sizeof note.case_id);
    g_strlcpy(note.token_party, scene->party_id, sizeof note.token_party);
    g_strlcpy(note.still_id, still_id != NULL ? still_id : "", sizeof note.still_id);
    ck_assert_int_eq(write(fd, &note, sizeof note), sizeof note);
}

/* Opens the fixture's folder, brings a case into its call, and dies. */
static void
live_and_die(Fixture *fixture, int fd, guint seconds)
{
    Scene scene;
    fixture_restart(fixture);
    scene_call(fixture, &scene);
    kc_fake_media_record(fixture->media, scene.party_leg, seconds);
    g_autoptr(KcStillView) still = NULL;
    assert_done(
        kc_app_snapshot(fixture->app, scene.officer, scene.id, &(KcNewSnapshot){.party_id = scene.party_id}, &still, &result, &error));
    write_note(fd, &scene, still->id);
    kill(getpid(), SIGKILL);
}

static Note
run_child(Fixture *fixture, guint seconds)
{
    int ends[2];
    Note note = {0};
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        live_and_die(fixture, ends[1], seconds);
    close(ends[1]);
    ck_assert_int_eq(read(ends[0], &note, sizeof note), sizeof note);
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return note;
}

/* A fixture without a service in it: threads don't survive a fork. */
static void
open_folder(Fixture *fixture)
{
    fixture_open(fixture);
    kc_app_free(g_steal_pointer(&fixture->app));
    kc_fake_media_free(g_steal_pointer(&fixture->media));
}

START_TEST(kill_9_in_the_middle_of_a_call)
{
    Fixture fixture;
    open_folder(&fixture);
    Note note = run_child(&fixture, 5);
    fixture_restart(&fixture);
    kc_app_wait_idle(fixture.app);

    g_autoptr(KcPrincipal) officer = fixture_staff(&fixture, "officer");
    g_autoptr(KcCaseView) view = fixture_case(&fixture, officer, note.case_id);
    ck_assert_str_eq(view->row->state, "evidence_fixed");
    ck_assert_uint_eq(view->stills->len, 1);
    ck_assert_uint_eq(view->participants->len, 0);
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture.app, officer, note.case_id, &recordings, &result, &error));
    ck_assert_uint_eq(recordings->len, 1);
    const KcRecordingView *first = recordings->pdata[0];
    ck_assert_str_eq(first->status, "recovered");
    ck_assert_int_eq(first->duration_ms, 5000);
    g_auto(KcRecordingIndex) index = {0};
    assert_done(kc_app_recording_index(fixture.app, officer, first->id, &index, &result, &error));
    ck_assert_uint_ge(index.keyframes->len, 5);
    g_autoptr(KcObjectReader) still = NULL;
    assert_done(kc_app_open_still(fixture.app, officer, note.case_id, note.still_id, &still, &result, &error));
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_folder_has_one_service)
{
    Fixture fixture;
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture);
    KcAppOptions options = {
        .data_dir = fixture.dir,
        .media = kc_fake_media_port(fixture.media),
        .password_cost = KC_PASSWORD_COST_TEST,
    };
    ck_assert(kc_app_new(&options, &error) == NULL);
    ck_assert(g_error_matches(error, KC_APP_ERROR, KC_APP_ERROR_LOCKED));
    /* The command line works beside it. */
    g_clear_error(&error);
    options.media = NULL;
    g_autoptr(KcApp) beside = kc_app_new(&options, &error);
    kc_assert_no_error(error);
    g_autoptr(GPtrArray) users = NULL;
    g_auto(KcResult) result = {0};
    ck_assert(kc_app_list_users(beside, NULL, &users, &result, &error));
    ck_assert_uint_eq(users->len, 5);
    g_clear_pointer(&beside, kc_app_free);
    fixture_close(&fixture);
}
END_TEST

START_TEST(demo_accounts_only_on_an_empty_folder)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) admin = fixture_staff(&fixture, "admin");
    assert_done(kc_app_set_password(fixture.app, admin, "officer", "another-password", &result, &error));
    fixture_restart(&fixture);
    KcSignedIn signed_in = {0};
    assert_refused(kc_app_sign_in(fixture.app, "officer", "kuaichu-demo", NULL, &signed_in, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "credentials");
    fixture_close(&fixture);
}
END_TEST

static Suite *
recovery_suite(void)
{
    Suite *suite = suite_create("app/recovery");
    TCase *tests = tcase_create("recovery");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, kill_9_in_the_middle_of_a_call);
    tcase_add_test(tests, a_folder_has_one_service);
    tcase_add_test(tests, demo_accounts_only_on_an_empty_folder);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(recovery_suite())
