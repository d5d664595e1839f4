/* A phone whose network carries only sound: everybody is told, stills come by themselves, and one of them is kept. */
#include "tests/app/fixture.h"

#include "src/base/limits.h"

#include <string.h>

typedef struct {
    Fixture fixture;
    Scene scene;
    GBytes *png;
} World;

static void
world_open(World *world)
{
    fixture_open(&world->fixture);
    scene_call(&world->fixture, &world->scene);
    world->png = fixture_png();
}

static void
world_close(World *world)
{
    g_bytes_unref(world->png);
    scene_clear(&world->scene);
    fixture_close(&world->fixture);
}

static void
set_mode(World *world, gboolean sound_only)
{
    world->fixture.now_us += 2 * G_TIME_SPAN_SECOND;
    assert_done(
        kc_app_set_call_mode(world->fixture.app, world->scene.party, world->scene.id, sound_only, &result, &error));
}

/* Owned id. */
static char *
send_still(World *world)
{
    g_autoptr(KcStillView) still = NULL;
    world->fixture.now_us += G_TIME_SPAN_SECOND;
    const KcNewPhoto photo = {.live = TRUE, .age_us = 300 * 1000, .image = world->png};
    assert_done(
        kc_app_add_photo(world->fixture.app, world->scene.party, world->scene.id, &photo, &still, &result, &error));
    ck_assert_str_eq(still->kind, "live_still");
    ck_assert_int_eq(still->taken_us, world->fixture.now_us - 300 * 1000);
    return g_strdup(still->id);
}

static char *
keep(World *world, const char *shot, const char *still_id)
{
    g_autoptr(KcStillView) still = NULL;
    const KcNewSnapshot wanted = {.party_id = world->scene.party_id, .shot = shot, .still_id = still_id};
    assert_done(
        kc_app_snapshot(world->fixture.app, world->scene.officer, world->scene.id, &wanted, &still, &result, &error));
    ck_assert_str_eq(still->kind, "photo");
    ck_assert_str_eq(still->shot, shot);
    return g_strdup(still->id);
}

static guint
entries(World *world, const char *kind, const char *part)
{
    g_autoptr(GPtrArray) timeline = NULL;
    guint count = 0;
    assert_done(kc_app_timeline(world->fixture.app, world->scene.officer, world->scene.id, &timeline, &result, &error));
    for (guint i = 0; i < timeline->len; i++) {
        const KcTimelineItem *item = timeline->pdata[i];
        count += strcmp(item->kind, kind) == 0 && strstr(item->data_json, part) != NULL;
    }
    return count;
}

static const KcParticipantView *
party_in(const KcCaseView *view)
{
    for (guint i = 0; i < view->participants->len; i++) {
        const KcParticipantView *one = view->participants->pdata[i];
        if (strcmp(one->kind, "party") == 0)
            return one;
    }
    return NULL;
}

START_TEST(a_mode_is_told_and_logged_once)
{
    World world;
    world_open(&world);
    KcApp *app = world.fixture.app;
    set_mode(&world, TRUE);
    set_mode(&world, TRUE);
    ck_assert_uint_eq(entries(&world, "call.mode", "voice"), 1);
    g_autoptr(KcCaseView) voice = fixture_case(&world.fixture, world.scene.officer, world.scene.id);
    ck_assert_str_eq(party_in(voice)->mode, "voice");
    ck_assert_int_eq(party_in(voice)->mode_since_us, world.fixture.now_us - 2 * G_TIME_SPAN_SECOND);
    set_mode(&world, FALSE);
    assert_refused(kc_app_set_call_mode(app, world.scene.party, world.scene.id, TRUE, &result, &error), KC_RESULT_RATE,
                   "too-often");
    ck_assert_uint_eq(entries(&world, "call.mode", "video"), 1);

    /* A leg that takes over goes on as it was; one that comes later begins with a picture. */
    set_mode(&world, TRUE);
    g_autofree char *newer = fixture_join(&world.fixture, world.scene.party, world.scene.id, "1002");
    g_autoptr(KcCaseView) again = fixture_case(&world.fixture, world.scene.officer, world.scene.id);
    ck_assert_str_eq(party_in(again)->leg_id, newer);
    ck_assert_str_eq(party_in(again)->mode, "voice");
    assert_done(kc_app_leave_call(app, world.scene.party, world.scene.id, newer, &result, &error));
    g_autofree char *later = fixture_join(&world.fixture, world.scene.party, world.scene.id, "1003");
    g_autoptr(KcCaseView) anew = fixture_case(&world.fixture, world.scene.officer, world.scene.id);
    ck_assert_str_eq(party_in(anew)->mode, "video");
    assert_done(kc_app_leave_call(app, world.scene.party, world.scene.id, later, &result, &error));
    assert_refused(kc_app_set_call_mode(app, world.scene.party, world.scene.id, TRUE, &result, &error),
                   KC_RESULT_CONFLICT, "not-in-call");
    world_close(&world);
}
END_TEST

START_TEST(a_live_still_is_evidence_that_changes_nothing)
{
    World world;
    world_open(&world);
    set_mode(&world, TRUE);
    g_autofree char *first = send_still(&world), *second = send_still(&world);
    g_autoptr(KcCaseView) view = fixture_case(&world.fixture, world.scene.officer, world.scene.id);
    ck_assert_str_eq(view->row->state, "in_call");
    ck_assert_uint_eq(view->stills->len, 0);
    ck_assert_str_eq(party_in(view)->still->id, second);
    ck_assert_uint_eq(entries(&world, "still.arrived", "sha256"), 2);
    g_autoptr(GPtrArray) stills = NULL;
    assert_done(
        kc_app_list_live_stills(world.fixture.app, world.scene.officer, world.scene.id, &stills, &result, &error));
    ck_assert_uint_eq(stills->len, 2);
    ck_assert_str_eq(((KcStillView *)stills->pdata[0])->id, first);

    /* Both are looked at in one sitting. */
    for (guint i = 0; i < 2; i++) {
        g_autoptr(KcObjectReader) reader = NULL;
        assert_done(kc_app_open_still(world.fixture.app, world.scene.officer, world.scene.id, i == 0 ? first : second,
                                      &reader, &result, &error));
        ck_assert_int_eq(kc_object_reader_size(reader), (gint64)g_bytes_get_size(world.png));
    }
    ck_assert_uint_eq(entries(&world, "live_stills.viewed", world.scene.party_id), 1);
    world_close(&world);
}
END_TEST

START_TEST(a_snapshot_keeps_the_still_that_is_shown)
{
    World world;
    world_open(&world);
    set_mode(&world, TRUE);
    const KcNewSnapshot newest = {.party_id = world.scene.party_id};
    g_autoptr(KcStillView) none = NULL;
    assert_refused(
        kc_app_snapshot(world.fixture.app, world.scene.officer, world.scene.id, &newest, &none, &result, &error),
        KC_RESULT_CONFLICT, "no-still");
    g_autofree char *first = send_still(&world), *second = send_still(&world);
    g_autofree char *kept = keep(&world, "front_overview", NULL);
    ck_assert_str_eq(kept, second);
    g_autoptr(KcCaseView) view = fixture_case(&world.fixture, world.scene.officer, world.scene.id);
    ck_assert_str_eq(view->row->state, "evidence_fixed");
    ck_assert_uint_eq(view->stills->len, 1);
    ck_assert_uint_eq(entries(&world, "still.created", second), 1);
    const KcNewSnapshot twice = {.party_id = world.scene.party_id, .still_id = second};
    assert_refused(
        kc_app_snapshot(world.fixture.app, world.scene.officer, world.scene.id, &twice, &none, &result, &error),
        KC_RESULT_CONFLICT, "still-kept");

    /* One that is old is kept only by its name; and by that also when the picture is back. */
    world.fixture.now_us += 40 * G_TIME_SPAN_SECOND;
    assert_refused(
        kc_app_snapshot(world.fixture.app, world.scene.officer, world.scene.id, &newest, &none, &result, &error),
        KC_RESULT_CONFLICT, "no-still");
    set_mode(&world, FALSE);
    g_autofree char *by_name = keep(&world, "rear_overview", first);
    ck_assert_str_eq(by_name, first);
    g_autoptr(GPtrArray) left = NULL;
    assert_done(
        kc_app_list_live_stills(world.fixture.app, world.scene.officer, world.scene.id, &left, &result, &error));
    ck_assert_uint_eq(left->len, 0);
    world_close(&world);
}
END_TEST

START_TEST(a_live_still_has_its_place_and_size)
{
    World world;
    world_open(&world);
    KcApp *app = world.fixture.app;
    g_autoptr(KcStillView) still = NULL;
    const KcNewPhoto photo = {.live = TRUE, .image = world.png};
    assert_refused(kc_app_add_photo(app, world.scene.officer, world.scene.id, &photo, &still, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    gsize size = KC_LIMIT_LIVE_STILL_BYTES + 1;
    g_autofree guint8 *large = g_malloc0(size);
    memcpy(large, g_bytes_get_data(world.png, NULL), g_bytes_get_size(world.png));
    g_autoptr(GBytes) over = g_bytes_new(large, size), at = g_bytes_new(large, size - 1);
    assert_refused(kc_app_add_photo(app, world.scene.party, world.scene.id, &(KcNewPhoto){.live = TRUE, .image = over},
                                    &still, &result, &error),
                   KC_RESULT_TOO_LARGE, "still-too-large");
    assert_done(kc_app_add_photo(app, world.scene.party, world.scene.id, &(KcNewPhoto){.live = TRUE, .image = at},
                                 &still, &result, &error));
    const KcNewSnapshot foreign = {.party_id = world.scene.party_id, .still_id = world.scene.id};
    g_autoptr(KcStillView) none = NULL;
    assert_refused(kc_app_snapshot(app, world.scene.officer, world.scene.id, &foreign, &none, &result, &error),
                   KC_RESULT_NOT_FOUND, "still-unknown");
    assert_done(kc_app_leave_call(app, world.scene.party, world.scene.id, world.scene.party_leg, &result, &error));
    assert_refused(kc_app_add_photo(app, world.scene.party, world.scene.id, &photo, &none, &result, &error),
                   KC_RESULT_CONFLICT, "not-in-call");
    world_close(&world);
}
END_TEST

START_TEST(live_stills_are_so_many_and_leave_room_for_photos)
{
    World world;
    world_open(&world);
    for (guint i = 0; i < KC_LIMIT_LIVE_STILLS_PER_CASE; i++)
        g_free(send_still(&world));
    g_autoptr(KcStillView) still = NULL;
    const KcNewPhoto live = {.live = TRUE, .image = world.png}, photo = {.image = world.png};
    assert_refused(
        kc_app_add_photo(world.fixture.app, world.scene.party, world.scene.id, &live, &still, &result, &error),
        KC_RESULT_CONFLICT, "too-many-stills");
    assert_done(
        kc_app_add_photo(world.fixture.app, world.scene.party, world.scene.id, &photo, &still, &result, &error));
    world_close(&world);
}
END_TEST

static Suite *
live_stills_suite(void)
{
    Suite *suite = suite_create("app/live_stills");
    TCase *tests = tcase_create("live stills");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_mode_is_told_and_logged_once);
    tcase_add_test(tests, a_live_still_is_evidence_that_changes_nothing);
    tcase_add_test(tests, a_snapshot_keeps_the_still_that_is_shown);
    tcase_add_test(tests, a_live_still_has_its_place_and_size);
    tcase_add_test(tests, live_stills_are_so_many_and_leave_room_for_photos);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(live_stills_suite())
