/* Calls: who may join, what a newer connection does to an older one, what a lost worker leaves. */
#include "tests/app/heard.h"

#include "src/base/limits.h"

#include <string.h>

static gboolean
connected(Fixture *fixture, const Scene *scene)
{
    g_autoptr(KcCaseView) view = fixture_case(fixture, scene->officer, scene->id);
    return ((KcPartyView *)view->parties->pdata[0])->connected;
}

START_TEST(a_newer_tab_takes_over)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    kc_fake_media_record(fixture.media, scene.party_leg, 1);

    g_autofree char *newer = fixture_join(&fixture, scene.party, scene.id, "1002");
    ck_assert_str_ne(newer, scene.party_leg);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    ck_assert(heard_has(&heard, "call.replaced party", scene.party_leg));
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_uint_eq(view->participants->len, 2);
    ck_assert(connected(&fixture, &scene));
    ck_assert_str_eq(view->row->state, "in_call");

    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_second_offer_on_a_leg_is_refused)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autofree char *offer = kc_fake_media_offer("1001");
    g_auto(KcJoinedCall) joined = {0};
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_CONFLICT, "same-offer");
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static void
tend(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_tend_calls(fixture->app, &error));
    kc_fake_media_settle(fixture->media);
}

START_TEST(who_may_no_longer_sign_in_is_out_of_the_call)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    tend(&fixture);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    assert_done(kc_app_set_disabled(fixture.app, NULL, "officer", TRUE, NULL, &result, &error));
    tend(&fixture);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 1);
    ck_assert(heard_has(&heard, "call.left case", scene.officer_leg));
    ck_assert(connected(&fixture, &scene)); /* the party is still there */
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_officer_is_in_one_call_at_a_time)
{
    Fixture fixture;
    Scene first, second;
    fixture_open(&fixture);
    scene_call(&fixture, &first);
    scene_open(&fixture, &second);
    KcQueuePlace place;
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_join_queue(fixture.app, second.party, second.id, &place, &result, &error));
    ck_assert_int_eq(place.position, 1);
    assert_refused(kc_app_claim_case(fixture.app, second.officer, second.id, 0, &view, &result, &error),
                   KC_RESULT_CONFLICT, "busy-elsewhere");
    scene_clear(&first);
    scene_clear(&second);
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_offer_that_is_none_leaves_nothing_behind)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_auto(KcJoinedCall) joined = {0};
    g_autofree char *huge = g_strnfill(1024 * 1024, 'a'), *offer = kc_fake_media_offer("1");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, "hello", &joined, &result, &error),
                   KC_RESULT_MALFORMED, "sdp-invalid");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, huge, &joined, &result, &error),
                   KC_RESULT_TOO_LARGE, "sdp-too-large");
    assert_refused(
        kc_app_join_call(fixture.app, scene.party, scene.id, "v=0\r\no=- 1 1 IN IP4 0\r\n", &joined, &result, &error),
        KC_RESULT_MALFORMED, "sdp-invalid");
    kc_fake_media_refuse(fixture.media, 503, "no-room");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_UNAVAILABLE, "no-room");
    kc_fake_media_refuse(fixture.media, 0, NULL);
    KcAppMetrics metrics;
    ck_assert(kc_app_metrics(fixture.app, &metrics, NULL));
    ck_assert_int_eq(metrics.live_legs, 0);
    ck_assert_int_eq(metrics.live_recordings, 0);
    kc_app_metrics_clear(&metrics);
    g_autofree char *leg = fixture_join(&fixture, scene.party, scene.id, "1");
    ck_assert(leg != NULL);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_vanished_driver_takes_up_where_it_stopped)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    kc_fake_media_warn(fixture.media, scene.party_leg);
    ck_assert(heard_has(&heard, "call.media case", "warning"));
    fixture.now_us += 20 * G_USEC_PER_SEC;
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    ck_assert(heard_has(&heard, "call.left case", "consent-lost"));
    ck_assert(!connected(&fixture, &scene));
    g_autoptr(KcCaseView) alone = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(alone->row->state, "in_call");
    ck_assert_int_eq(((KcPartyView *)alone->parties->pdata[0])->last_seen_us, fixture.now_us);
    g_autofree char *leg = fixture_join(&fixture, scene.party, scene.id, "1009");
    ck_assert_str_ne(leg, scene.party_leg);
    ck_assert(connected(&fixture, &scene));
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_lost_worker_costs_no_second_that_was_durable)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    kc_fake_media_record(fixture.media, scene.party_leg, 4);
    kc_fake_media_crash(fixture.media);
    ck_assert(heard_has(&heard, "call.lost case", scene.party_leg));
    ck_assert(heard_has(&heard, "call.lost case", scene.officer_leg));
    kc_app_wait_idle(fixture.app);
    assert_done(kc_app_leave_call(fixture.app, scene.officer, scene.id, scene.officer_leg, &result, &error));
    assert_refused(kc_app_leave_call(fixture.app, scene.officer, scene.id, scene.party_leg, &result, &error),
                   KC_RESULT_NOT_FOUND, "leg-unknown");

    g_autofree char *again = fixture_join(&fixture, scene.party, scene.id, "1002");
    ck_assert_str_ne(again, scene.party_leg);
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture.app, scene.officer, scene.id, &recordings, &result, &error));
    const KcRecordingView *first = recordings->pdata[0], *last = recordings->pdata[recordings->len - 1];
    ck_assert_str_eq(first->status, "recovered");
    ck_assert_int_eq(first->duration_ms, 4000);
    ck_assert(first->sha256 != NULL);
    ck_assert_str_eq(last->status, "live");
    ck_assert_int_eq(last->segment, 2);
    g_autoptr(KcObjectReader) reader = NULL;
    assert_refused(kc_app_open_recording(fixture.app, scene.officer, last->id, &reader, &result, &error),
                   KC_RESULT_CONFLICT, "recording-live");
    assert_done(kc_app_open_recording(fixture.app, scene.officer, first->id, &reader, &result, &error));
    g_clear_pointer(&reader, kc_object_reader_free); /* goes back to the app */
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_leg_belongs_to_who_joined_it)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autofree char *fragment = NULL;
    assert_refused(kc_app_patch_call(fixture.app, scene.party, scene.id, scene.officer_leg, "a=ice-ufrag:x", &fragment,
                                     &result, &error),
                   KC_RESULT_NOT_FOUND, "leg-unknown");
    assert_refused(kc_app_leave_call(fixture.app, scene.party, scene.id, scene.officer_leg, &result, &error),
                   KC_RESULT_NOT_FOUND, "leg-unknown");
    assert_done(kc_app_patch_call(fixture.app, scene.party, scene.id, scene.party_leg, "a=ice-ufrag:x\r\n", &fragment,
                                  &result, &error));
    g_autoptr(GPtrArray) participants = NULL, slots = NULL;
    assert_done(kc_app_call_status(fixture.app, scene.party, scene.id, &participants, &slots, &result, &error));
    ck_assert_uint_eq(participants->len, 2);
    const KcParticipantView *first = participants->pdata[0];
    ck_assert(first->has_stats);
    ck_assert_str_eq(first->media, "connected");
    ck_assert_str_eq(first->recording, "live");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static gboolean
disk_is_ok(Fixture *fixture)
{
    g_autoptr(GPtrArray) parts = kc_app_parts(fixture->app);
    for (guint i = 0; i < parts->len; i++) {
        const KcAppPart *part = parts->pdata[i];
        if (strcmp(part->part, "disk") == 0)
            return part->ok;
    }
    return FALSE;
}

START_TEST(a_full_disk_takes_no_call_and_no_photo)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    fixture.free_bytes = 1024;
    g_auto(KcJoinedCall) joined = {0};
    g_autoptr(KcStillView) still = NULL;
    g_auto(KcOpenedCase) opened = {0};
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    KcOpenCase request = fixture_request();
    g_autofree char *offer = kc_fake_media_offer("1");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    assert_refused(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = png}, &still, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    assert_refused(kc_app_open_case(fixture.app, nobody, &request, &opened, &result, &error), KC_RESULT_DISK_FULL,
                   "disk-full");
    ck_assert(!disk_is_ok(&fixture));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* What is running may use the reserve, but for its last part. */
START_TEST(a_running_call_goes_on_in_the_reserve)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    fixture.free_bytes = KC_LIMIT_DISK_RESERVE_BYTES / 2;
    g_autofree char *again = fixture_join(&fixture, scene.party, scene.id, "1002");
    g_autoptr(KcStillView) still = NULL, photo = NULL;
    g_autoptr(GBytes) png = fixture_png();
    const KcNewSnapshot wanted = {.party_id = scene.party_id};
    assert_done(kc_app_snapshot(fixture.app, scene.officer, scene.id, &wanted, &still, &result, &error));
    assert_refused(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = png}, &photo, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    fixture.free_bytes = KC_LIMIT_DISK_RESERVE_BYTES / 10;
    g_autoptr(KcStillView) late = NULL;
    assert_refused(kc_app_snapshot(fixture.app, scene.officer, scene.id, &wanted, &late, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* Running calls need what they may still record, which may be more than the reserve. */
START_TEST(many_running_calls_keep_more_than_the_reserve)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    fixture.free_bytes = 4 * KC_LIMIT_TRACK_EXPECTED_BYTES;
    KcAppDisk before = kc_app_disk(fixture.app);
    ck_assert_int_eq(before.kept_bytes, KC_LIMIT_DISK_RESERVE_BYTES);
    ck_assert_int_eq(before.calls_left, 1);
    scene_call(&fixture, &scene);
    KcAppDisk after = kc_app_disk(fixture.app);
    ck_assert_int_eq(after.kept_bytes, 2 * KC_LIMIT_TRACK_EXPECTED_BYTES);
    ck_assert_int_eq(after.calls_left, 1);
    fixture.free_bytes = 2 * KC_LIMIT_TRACK_EXPECTED_BYTES - 1;
    ck_assert_int_eq(kc_app_disk(fixture.app).calls_left, 0);
    ck_assert(!disk_is_ok(&fixture));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
calls_suite(void)
{
    Suite *suite = suite_create("app/calls");
    TCase *tests = tcase_create("calls");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_newer_tab_takes_over);
    tcase_add_test(tests, a_second_offer_on_a_leg_is_refused);
    tcase_add_test(tests, who_may_no_longer_sign_in_is_out_of_the_call);
    tcase_add_test(tests, an_officer_is_in_one_call_at_a_time);
    tcase_add_test(tests, an_offer_that_is_none_leaves_nothing_behind);
    tcase_add_test(tests, a_vanished_driver_takes_up_where_it_stopped);
    tcase_add_test(tests, a_lost_worker_costs_no_second_that_was_durable);
    tcase_add_test(tests, a_leg_belongs_to_who_joined_it);
    tcase_add_test(tests, a_full_disk_takes_no_call_and_no_photo);
    tcase_add_test(tests, a_running_call_goes_on_in_the_reserve);
    tcase_add_test(tests, many_running_calls_keep_more_than_the_reserve);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(calls_suite())
