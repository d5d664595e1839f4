/* One video of a case's recordings: who may, in which order, what stays when the composer or the service dies, and how
 * it goes with its case. */
#include "src/app/check.h"
#include "src/app/compositions.h"
#include "src/app/holds.h"
#include "src/app/internal.h"
#include "src/app/retention.h"
#include "tests/app/fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static Fixture fixture;
static Scene scene;
static KcPrincipal *auditor, *supervisor;

static void
hang_up(void)
{
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    kc_fake_media_vanish(fixture.media, scene.officer_leg);
    kc_app_wait_idle(fixture.app);
}

static void
setup(void)
{
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    kc_fake_media_record(fixture.media, scene.party_leg, 3);
    kc_fake_media_record(fixture.media, scene.officer_leg, 3);
    auditor = fixture_staff(&fixture, "auditor");
    supervisor = fixture_staff(&fixture, "supervisor");
}

static void
setup_over(void)
{
    setup();
    hang_up();
}

static void
teardown(void)
{
    kc_principal_free(auditor);
    kc_principal_free(supervisor);
    scene_clear(&scene);
    fixture_close(&fixture);
}

/* ---- Steps ---- */

static char *
ask(const KcPrincipal *who)
{
    g_autoptr(KcCompositionView) view = NULL;
    fixture.now_us += G_USEC_PER_SEC;
    assert_done(kc_app_ask_composition(fixture.app, who, scene.id, &view, &result, &error));
    return g_strdup(view->composition->id);
}

static GPtrArray *
list(void)
{
    GPtrArray *views = NULL;
    assert_done(kc_app_list_compositions(fixture.app, auditor, scene.id, &views, &result, &error));
    return views;
}

static void
assert_state(const char *state, const char *reason)
{
    g_autoptr(GPtrArray) views = list();
    ck_assert_uint_ge(views->len, 1);
    const KcCompositionView *view = views->pdata[0];
    ck_assert_str_eq(view->state, state);
    ck_assert_pstr_eq(view->composition->reason, reason);
}

static guint
count_entries(const char *kind)
{
    g_autoptr(GPtrArray) items = NULL;
    guint count = 0;
    assert_done(kc_app_timeline(fixture.app, auditor, scene.id, &items, &result, &error));
    for (guint i = 0; i < items->len; i++)
        count += strcmp(((KcTimelineItem *)items->pdata[i])->kind, kind) == 0;
    return count;
}

static void
on_found(const KcDamage *damage, gpointer user_data)
{
    g_string_append_printf(user_data, "%s\n", damage->text);
}

static void
assert_sound(void)
{
    g_autoptr(GString) said = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    KcCheckOptions options = {.data_dir = fixture.dir, .found = on_found, .user_data = said};
    KcCheckTotals totals;
    gboolean done = kc_app_check_folder(&options, &totals, &error);
    kc_assert_no_error(error);
    ck_assert(done);
    ck_assert_str_eq(said->str, "");
}

static guint
count_files(void)
{
    g_autofree char *folder = g_build_filename(fixture.dir, "vault", scene.id, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        count++;
    return count;
}

/* ---- Made ---- */

START_TEST(it_is_made_and_read)
{
    g_autoptr(GPtrArray) before = NULL, after = NULL;
    assert_done(kc_app_list_recordings(fixture.app, auditor, scene.id, &before, &result, &error));
    g_autofree char *id = ask(auditor);
    kc_app_wait_idle(fixture.app);
    g_autoptr(GPtrArray) views = list();
    ck_assert_uint_eq(views->len, 1);
    const KcCompositionView *view = views->pdata[0];
    ck_assert_str_eq(view->composition->id, id);
    ck_assert_str_eq(view->state, "done");
    ck_assert_str_eq(view->asked_by, "陈静");
    ck_assert_int_eq(view->sources, 2);
    ck_assert_int_eq(view->duration_ms, 3000);
    ck_assert_int_gt(view->bytes, 0);
    ck_assert_uint_eq(strlen(view->sha256), 64);
    g_autofree char *order = kc_fake_composer_order(fixture.composer);
    ck_assert_ptr_nonnull(strstr(order, " 甲方 张三|民警 王建国 611001: 2"));

    g_autoptr(KcObjectReader) reader = NULL;
    assert_done(kc_app_open_composition(fixture.app, auditor, scene.id, id, &reader, &result, &error));
    ck_assert_str_eq(kc_object_reader_sha256(reader), view->sha256);
    ck_assert(g_str_has_prefix(kc_object_reader_content_type(reader), "video/webm"));
    guint8 magic[4];
    ck_assert(kc_object_reader_read(reader, 0, magic, sizeof magic, NULL));
    ck_assert_uint_eq(magic[0], 0x1a);
    ck_assert_uint_eq(count_entries("composition.asked"), 1);
    ck_assert_uint_eq(count_entries("composition.started"), 1);
    ck_assert_uint_eq(count_entries("composition.made"), 1);
    ck_assert_uint_eq(count_entries("composition.viewed"), 1);

    /* The originals are as they were, and it is not one of them. */
    assert_done(kc_app_list_recordings(fixture.app, auditor, scene.id, &after, &result, &error));
    ck_assert_uint_eq(after->len, before->len);
    for (guint i = 0; i < after->len; i++)
        ck_assert_str_eq(((KcRecordingView *)after->pdata[i])->sha256, ((KcRecordingView *)before->pdata[i])->sha256);
    assert_sound();
}
END_TEST

START_TEST(who_may_not)
{
    g_autoptr(KcPrincipal) intake = fixture_staff(&fixture, "intake"), admin = fixture_staff(&fixture, "admin");
    const KcPrincipal *none[] = {intake, admin, scene.party};
    for (guint i = 0; i < G_N_ELEMENTS(none); i++) {
        KcCompositionView *view = NULL;
        GPtrArray *views = NULL;
        KcObjectReader *reader = NULL;
        assert_refused(kc_app_ask_composition(fixture.app, none[i], scene.id, &view, &result, &error),
                       KC_RESULT_FORBIDDEN, "role");
        assert_refused(kc_app_list_compositions(fixture.app, none[i], scene.id, &views, &result, &error),
                       KC_RESULT_FORBIDDEN, "role");
        assert_refused(kc_app_open_composition(fixture.app, none[i], scene.id, scene.id, &reader, &result, &error),
                       KC_RESULT_FORBIDDEN, "role");
        assert_refused(kc_app_remove_composition(fixture.app, none[i], scene.id, scene.id, &result, &error),
                       KC_RESULT_FORBIDDEN, "role");
    }
    g_autofree char *by_officer = ask(scene.officer);
    kc_app_wait_idle(fixture.app);
    g_autofree char *by_supervisor = ask(supervisor);
    kc_app_wait_idle(fixture.app);
    assert_state("done", NULL);
}
END_TEST

START_TEST(not_of_another_case_and_not_of_none)
{
    g_autofree char *id = ask(auditor);
    kc_app_wait_idle(fixture.app);
    Scene other = {0};
    KcObjectReader *reader = NULL;
    KcCompositionView *view = NULL;
    scene_open(&fixture, &other);
    assert_refused(kc_app_open_composition(fixture.app, auditor, other.id, id, &reader, &result, &error),
                   KC_RESULT_NOT_FOUND, "composition-unknown");
    assert_refused(kc_app_remove_composition(fixture.app, auditor, other.id, id, &result, &error), KC_RESULT_NOT_FOUND,
                   "composition-unknown");
    assert_refused(kc_app_open_composition(fixture.app, auditor, scene.id, "nonsense", &reader, &result, &error),
                   KC_RESULT_NOT_FOUND, "composition-unknown");
    assert_refused(kc_app_ask_composition(fixture.app, auditor, other.id, &view, &result, &error), KC_RESULT_CONFLICT,
                   "nothing-recorded");
    scene_clear(&other);
}
END_TEST

START_TEST(not_while_the_call_goes_on)
{
    KcCompositionView *view = NULL;
    assert_refused(kc_app_ask_composition(fixture.app, auditor, scene.id, &view, &result, &error), KC_RESULT_CONFLICT,
                   "recording-live");
}
END_TEST

START_TEST(one_at_a_time_and_no_more_than_may_be_kept)
{
    KcCompositionView *view = NULL;
    kc_fake_composer_hold(fixture.composer);
    g_autofree char *first = ask(auditor);
    kc_fake_composer_wait(fixture.composer);
    assert_state("making", NULL);
    g_autoptr(GPtrArray) views = list();
    ck_assert_int_eq(((KcCompositionView *)views->pdata[0])->permille, 500);
    assert_refused(kc_app_ask_composition(fixture.app, supervisor, scene.id, &view, &result, &error),
                   KC_RESULT_CONFLICT, "composition-pending");
    KcObjectReader *reader = NULL;
    assert_refused(kc_app_open_composition(fixture.app, auditor, scene.id, first, &reader, &result, &error),
                   KC_RESULT_CONFLICT, "composition-not-done");
    assert_sound();
    kc_fake_composer_let_go(fixture.composer);
    kc_app_wait_idle(fixture.app);
    for (guint i = 1; i < KC_LIMIT_COMPOSITIONS_PER_CASE; i++) {
        g_free(ask(auditor));
        kc_app_wait_idle(fixture.app);
    }
    assert_refused(kc_app_ask_composition(fixture.app, auditor, scene.id, &view, &result, &error), KC_RESULT_CONFLICT,
                   "too-many-compositions");
    assert_done(kc_app_remove_composition(fixture.app, auditor, scene.id, first, &result, &error));
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("done", NULL);
}
END_TEST

/* ---- Limits ---- */

/* One that has no file. */
static gboolean
insert_recording(KcTx *tx, char *party_id, char *user_id, GError **error)
{
    KcId id = kc_app_new_id(fixture.app);
    g_autofree char *path = g_strdup_printf("%s/%s.kcv", scene.id, id.text), *sha256 = g_strnfill(64, 'a');
    KcObject object = {.id = id.text,
                       .case_id = scene.id,
                       .kind = (char *)"recording",
                       .party_id = party_id,
                       .user_id = user_id,
                       .path = path,
                       .status = (char *)"complete",
                       .sha256 = sha256,
                       .content_type = (char *)"video/webm",
                       .created_us = fixture.now_us,
                       .finished_us = fixture.now_us};
    KcRecording recording = {.object = &object, .started_us = fixture.now_us, .duration_ms = 1000};
    return kc_recording_store_insert(tx, &recording, error) &&
           kc_app_log(tx, NULL, scene.id, "recording.finished", fixture.now_us, NULL, error);
}

static void
write_with(KcTxFn fn, gpointer data)
{
    g_autoptr(GError) error = NULL;
    gboolean done = kc_store_write(fixture.app->store, fn, data, &error);
    kc_assert_no_error(error);
    ck_assert(done);
}

/* Two are there. */
static gboolean
insert_many(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    gboolean done = TRUE;
    for (guint i = 0; i < KC_COMPOSE_SOURCES_MAX - 1 && done; i++)
        done = insert_recording(tx, scene.party_id, NULL, error);
    return done;
}

START_TEST(more_recordings_than_go_into_one)
{
    write_with(insert_many, NULL);
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "too-many-recordings");
    ck_assert_uint_eq(kc_fake_composer_begun(fixture.composer), 0);
}
END_TEST

static gboolean
insert_of_party(KcTx *tx, gpointer party_id, GError **error)
{
    return insert_recording(tx, party_id, NULL, error);
}

static gboolean
insert_of_supervisor(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    return insert_recording(tx, NULL, supervisor->user_id, error);
}

START_TEST(more_people_than_go_into_one)
{
    /* With the first party and the officer they are nine. */
    ck_assert_uint_eq(KC_LIMIT_PARTIES_PER_CASE + 1, KC_COMPOSE_TILES_MAX);
    for (guint i = 1; i < KC_LIMIT_PARTIES_PER_CASE; i++) {
        g_autofree char *plate = g_strdup_printf("陕H5432%u", i);
        const KcParticulars one = {.name = "李四", .plate_number = plate};
        g_autoptr(KcPartyView) party = NULL;
        assert_done(kc_app_add_party(fixture.app, scene.officer, scene.id, &one, NULL, &party, &result, &error));
        write_with(insert_of_party, party->party->id);
    }
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "recording-damaged"); /* those have no file, but they are let in */
    write_with(insert_of_supervisor, NULL);
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "too-many-participants");
}
END_TEST

static gboolean
fill_queue(KcTx *tx, gpointer case_id, GError **error)
{
    for (guint i = 0; i < KC_LIMIT_COMPOSITIONS_QUEUED; i++) {
        KcId id = kc_app_new_id(fixture.app);
        KcComposition one = {.id = id.text,
                             .case_id = case_id,
                             .state = (char *)"queued",
                             .asked_by = auditor->user_id,
                             .asked_us = fixture.now_us};
        if (!kc_composition_store_insert(tx, &one, error))
            return FALSE;
    }
    return kc_app_log(tx, NULL, case_id, "composition.asked", fixture.now_us, NULL, error);
}

START_TEST(no_more_than_may_wait)
{
    Scene other = {0};
    KcCompositionView *view = NULL;
    scene_open(&fixture, &other);
    write_with(fill_queue, other.id);
    assert_refused(kc_app_ask_composition(fixture.app, auditor, scene.id, &view, &result, &error),
                   KC_RESULT_UNAVAILABLE, "busy");
    scene_clear(&other);
}
END_TEST

/* ---- What goes wrong ---- */

START_TEST(a_failure_says_why)
{
    guint files = count_files();
    kc_fake_composer_fail(fixture.composer, "recording-damaged", 1);
    g_autofree char *id = ask(auditor);
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "recording-damaged");
    ck_assert_uint_eq(count_files(), files);
    assert_sound();
    assert_done(kc_app_remove_composition(fixture.app, auditor, scene.id, id, &result, &error));
    g_autoptr(GPtrArray) views = list();
    ck_assert_uint_eq(views->len, 0);
    assert_sound();
}
END_TEST

START_TEST(a_recording_whose_file_is_gone_is_a_failure)
{
    g_autofree char *folder = g_build_filename(fixture.dir, "vault", scene.id, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autofree char *path = g_build_filename(folder, g_dir_read_name(dir), NULL);
    ck_assert_int_eq(g_unlink(path), 0);
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "recording-damaged");
}
END_TEST

START_TEST(a_composer_that_dies_once_is_tried_again)
{
    kc_fake_composer_fail(fixture.composer, KC_COMPOSE_DIED, 1);
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("done", NULL);
    ck_assert_uint_eq(kc_fake_composer_begun(fixture.composer), 2);
    ck_assert_uint_eq(count_entries("composition.interrupted"), 1);
    assert_sound();
}
END_TEST

START_TEST(a_composer_that_dies_twice_is_given_up)
{
    guint files = count_files();
    kc_fake_composer_fail(fixture.composer, KC_COMPOSE_DIED, 2);
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("failed", KC_COMPOSE_DIED);
    ck_assert_uint_eq(kc_fake_composer_begun(fixture.composer), 2);
    ck_assert_uint_eq(count_files(), files);
    assert_sound();
}
END_TEST

START_TEST(without_room_on_the_disk_it_fails)
{
    fixture.free_bytes = 0;
    KcCompositionView *view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gboolean asked = kc_app_ask_composition(fixture.app, auditor, scene.id, &view, &result, &error);
    kc_assert_no_error(error);
    ck_assert(asked);
    kc_composition_view_free(view);
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "disk-full");
}
END_TEST

START_TEST(it_is_stopped_while_it_is_made)
{
    guint files = count_files();
    kc_fake_composer_hold(fixture.composer);
    g_autofree char *id = ask(auditor);
    kc_fake_composer_wait(fixture.composer);
    assert_done(kc_app_remove_composition(fixture.app, supervisor, scene.id, id, &result, &error));
    kc_app_wait_idle(fixture.app);
    assert_state("stopped", NULL);
    ck_assert_uint_eq(count_files(), files);
    ck_assert_uint_eq(count_entries("composition.stopped"), 1);
    assert_sound();
    kc_fake_composer_let_go(fixture.composer);
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    assert_state("done", NULL);
}
END_TEST

START_TEST(a_restart_makes_it_from_the_beginning)
{
    kc_fake_composer_hold(fixture.composer);
    g_free(ask(auditor));
    kc_fake_composer_wait(fixture.composer);
    fixture_restart(&fixture);
    kc_fake_composer_wait(fixture.composer);
    assert_state("making", NULL);
    kc_fake_composer_let_go(fixture.composer);
    kc_app_wait_idle(fixture.app);
    assert_state("done", NULL);
    assert_sound();
}
END_TEST

/* In a process of its own, whose service is killed while something is made. */
static void
be_killed(void)
{
    fixture_start(&fixture);
    g_free(ask(auditor));
    kc_fake_composer_wait(fixture.composer);
    kill(getpid(), SIGKILL);
}

START_TEST(what_a_killed_service_was_making_is_made_by_the_next)
{
    guint files = count_files();
    int status;
    kc_app_free(fixture.app);
    kc_fake_media_free(fixture.media);
    kc_fake_composer_hold(fixture.composer);
    pid_t pid = fork();
    if (pid == 0)
        be_killed();
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ck_assert_uint_eq(count_files(), files + 1);
    kc_fake_composer_let_go(fixture.composer);
    fixture_start(&fixture);
    kc_app_wait_idle(fixture.app);
    assert_state("done", NULL);
    ck_assert_uint_eq(count_files(), files + 1);
    ck_assert_uint_eq(count_entries("object.abandoned"), 1);
    assert_sound();
}
END_TEST

/* ---- How it goes ---- */

START_TEST(it_is_removed_with_its_file)
{
    guint files = count_files();
    g_autofree char *id = ask(auditor);
    kc_app_wait_idle(fixture.app);
    ck_assert_uint_eq(count_files(), files + 1);
    assert_done(kc_app_remove_composition(fixture.app, auditor, scene.id, id, &result, &error));
    ck_assert_uint_eq(count_files(), files);
    ck_assert_uint_eq(count_entries("composition.removed"), 1);
    KcObjectReader *reader = NULL;
    assert_refused(kc_app_open_composition(fixture.app, auditor, scene.id, id, &reader, &result, &error),
                   KC_RESULT_NOT_FOUND, "composition-unknown");
    assert_sound();
}
END_TEST

START_TEST(a_hold_keeps_it)
{
    g_autofree char *id = ask(auditor);
    kc_app_wait_idle(fixture.app);
    g_autoptr(KcHoldView) hold = NULL;
    assert_done(kc_app_place_hold(fixture.app, supervisor, scene.id, 0, "法院调取", "民事诉讼法第六十七条", &hold,
                                  &result, &error));
    assert_refused(kc_app_remove_composition(fixture.app, auditor, scene.id, id, &result, &error), KC_RESULT_CONFLICT,
                   "on-hold");
    assert_state("done", NULL);
}
END_TEST

static gboolean
erase_recordings(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    const KcErasure erasure = {.case_id = scene.id, .rule = "test", .basis = "test", .at_us = fixture.now_us};
    return kc_app_erase_recordings(tx, &erasure, error);
}

static gboolean
erase_case(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    const KcErasure erasure = {.case_id = scene.id, .rule = "test", .basis = "test", .at_us = fixture.now_us};
    return kc_app_erase_case(tx, &erasure, error);
}

static void
erase(KcTxFn fn)
{
    g_autoptr(GError) error = NULL;
    ck_assert_msg(kc_store_write(fixture.app->store, fn, NULL, &error), "%s", error != NULL ? error->message : "");
    ck_assert(kc_app_destroy_erased(fixture.app, &error));
}

START_TEST(it_goes_with_the_recordings)
{
    g_autofree char *id = ask(auditor);
    kc_app_wait_idle(fixture.app);
    erase(erase_recordings);
    assert_state("erased", NULL);
    ck_assert_uint_eq(count_files(), 0);
    KcObjectReader *reader = NULL;
    assert_refused(kc_app_open_composition(fixture.app, auditor, scene.id, id, &reader, &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    assert_sound();
    assert_done(kc_app_remove_composition(fixture.app, auditor, scene.id, id, &result, &error));
    assert_sound();
}
END_TEST

START_TEST(one_that_is_made_of_what_is_erased_ends)
{
    kc_fake_composer_hold(fixture.composer);
    g_free(ask(auditor));
    kc_fake_composer_wait(fixture.composer);
    erase(erase_recordings);
    kc_app_wait_idle(fixture.app);
    assert_state("failed", "erased");
    ck_assert_uint_eq(count_files(), 0);
    assert_sound();
}
END_TEST

START_TEST(it_goes_with_its_case_also_while_it_is_made)
{
    g_free(ask(auditor));
    kc_app_wait_idle(fixture.app);
    kc_fake_composer_hold(fixture.composer);
    g_free(ask(auditor));
    kc_fake_composer_wait(fixture.composer);
    erase(erase_case);
    kc_app_wait_idle(fixture.app);
    ck_assert_uint_eq(count_files(), 0);
    GPtrArray *views = NULL;
    assert_refused(kc_app_list_compositions(fixture.app, auditor, scene.id, &views, &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    assert_sound();
}
END_TEST

static Suite *
compositions_suite(void)
{
    Suite *suite = suite_create("app/compositions");
    TCase *live = tcase_create("live"), *over = tcase_create("over");
    tcase_add_checked_fixture(live, setup, teardown);
    tcase_add_test(live, not_while_the_call_goes_on);
    suite_add_tcase(suite, live);
    tcase_add_checked_fixture(over, setup_over, teardown);
    tcase_set_timeout(over, 60);
    tcase_add_test(over, it_is_made_and_read);
    tcase_add_test(over, who_may_not);
    tcase_add_test(over, not_of_another_case_and_not_of_none);
    tcase_add_test(over, one_at_a_time_and_no_more_than_may_be_kept);
    tcase_add_test(over, more_recordings_than_go_into_one);
    tcase_add_test(over, more_people_than_go_into_one);
    tcase_add_test(over, no_more_than_may_wait);
    tcase_add_test(over, a_failure_says_why);
    tcase_add_test(over, a_recording_whose_file_is_gone_is_a_failure);
    tcase_add_test(over, a_composer_that_dies_once_is_tried_again);
    tcase_add_test(over, a_composer_that_dies_twice_is_given_up);
    tcase_add_test(over, without_room_on_the_disk_it_fails);
    tcase_add_test(over, it_is_stopped_while_it_is_made);
    tcase_add_test(over, a_restart_makes_it_from_the_beginning);
    tcase_add_test(over, what_a_killed_service_was_making_is_made_by_the_next);
    tcase_add_test(over, it_is_removed_with_its_file);
    tcase_add_test(over, a_hold_keeps_it);
    tcase_add_test(over, it_goes_with_the_recordings);
    tcase_add_test(over, one_that_is_made_of_what_is_erased_ends);
    tcase_add_test(over, it_goes_with_its_case_also_while_it_is_made);
    suite_add_tcase(suite, over);
    return suite;
}

KC_TEST_MAIN(compositions_suite())
