/* The shot list of the accident form comes before the road is cleared; a reason goes before it. */
#include "tests/app/fixture.h"

#include <string.h>

typedef struct {
    Fixture fixture;
    Scene scene;
} World;

static void
world_open(World *world)
{
    fixture_open(&world->fixture);
    scene_call(&world->fixture, &world->scene);
    kc_fake_media_record(world->fixture.media, world->scene.party_leg, 2);
}

static void
world_close(World *world)
{
    scene_clear(&world->scene);
    fixture_close(&world->fixture);
}

/* Owned id. */
static char *
freeze(World *world, const char *shot)
{
    g_autoptr(KcStillView) still = NULL;
    const KcNewSnapshot wanted = {.party_id = world->scene.party_id, .shot = shot};
    assert_done(
        kc_app_snapshot(world->fixture.app, world->scene.officer, world->scene.id, &wanted, &still, &result, &error));
    return g_strdup(still->id);
}

/* A draft that has the form "35": something fixed was hit. */
static void
name_form(World *world, const char *still_id)
{
    g_autoptr(KcDetermination) draft = fixture_draft(&world->scene, still_id);
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    assert_done(kc_app_put_determination(world->fixture.app, world->scene.officer, world->scene.id, 0, draft, &view,
                                         &missing, &result, &error));
    ck_assert_str_eq(view->shot_list->accident_form, "35");
}

/* The data of the one entry, which the caller frees. */
static char *
entry(World *world)
{
    g_autoptr(GPtrArray) timeline = NULL;
    char *data = NULL;
    assert_done(kc_app_timeline(world->fixture.app, world->scene.officer, world->scene.id, &timeline, &result, &error));
    for (guint i = 0; i < timeline->len; i++) {
        const KcTimelineItem *item = timeline->pdata[i];
        if (strcmp(item->kind, "case.evacuated") != 0)
            continue;
        ck_assert_ptr_null(data);
        data = g_strdup(item->data_json);
    }
    ck_assert_ptr_nonnull(data);
    return data;
}

START_TEST(without_a_form_nobody_is_held_to_it)
{
    World world;
    world_open(&world);
    g_autofree char *still = freeze(&world, "impact_point");
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_evacuate(world.fixture.app, world.scene.officer, world.scene.id, 0, NULL, &view, &result, &error));
    ck_assert_ptr_null(view->shot_list->accident_form);
    g_autofree char *data = entry(&world);
    ck_assert_msg(strstr(data, "front_overview") != NULL && strstr(data, "impact_point") == NULL, "%s", data);
    ck_assert_ptr_null(strstr(data, "reason"));
    world_close(&world);
}
END_TEST

static void
assert_missing(World *world, const char *const *pointers)
{
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(KcResult) result = {0};
    ck_assert(!kc_app_evacuate(world->fixture.app, world->scene.officer, world->scene.id, 0, NULL, &view, &result, &error));
    kc_assert_no_error(error);
    ck_assert_int_eq(result.kind, KC_RESULT_CONFLICT);
    ck_assert_str_eq(result.code, "shots-missing");
    ck_assert_uint_eq(result.errors->len, g_strv_length((char **)pointers));
    for (guint i = 0; pointers[i] != NULL; i++)
        ck_assert_str_eq(((KcFieldError *)result.errors->pdata[i])->pointer, pointers[i]);
}

START_TEST(the_form_s_shots_come_first)
{
    World world;
    world_open(&world);
    g_autofree char *nameless = freeze(&world, NULL);
    name_form(&world, nameless);
    assert_missing(&world, (const char *const[]){"/shots/front_overview", "/shots/rear_overview", "/shots/impact_point",
                                                 "/shots/object_hit", NULL});
    static const char *const first[] = {"front_overview", "rear_overview", "impact_point"};
    for (guint i = 0; i < G_N_ELEMENTS(first); i++) {
        g_autofree char *still = freeze(&world, first[i]);
        ck_assert_ptr_nonnull(still);
    }
    assert_missing(&world, (const char *const[]){"/shots/object_hit", NULL});
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcStillView) photo = NULL; /* the party's own counts as well */
    assert_done(kc_app_add_photo(world.fixture.app, world.scene.party, world.scene.id,
                                 &(KcNewPhoto){.shot = "object_hit", .image = png}, &photo, &result, &error));
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_evacuate(world.fixture.app, world.scene.officer, world.scene.id, 0, NULL, &view, &result, &error));
    ck_assert(view->row->evacuated_us != 0);
    g_autofree char *data = entry(&world);
    ck_assert_ptr_null(strstr(data, "shots_missing"));
    world_close(&world);
}
END_TEST

START_TEST(a_live_still_that_was_named_counts)
{
    World world;
    world_open(&world);
    KcApp *app = world.fixture.app;
    g_autofree char *nameless = freeze(&world, NULL);
    name_form(&world, nameless);
    world.fixture.now_us += 2 * G_TIME_SPAN_SECOND;
    assert_done(kc_app_set_call_mode(app, world.scene.party, world.scene.id, TRUE, &result, &error));
    g_autoptr(GBytes) png = fixture_png();
    static const char *const wanted[] = {"front_overview", "rear_overview", "impact_point", "object_hit"};
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autoptr(KcStillView) live = NULL;
        world.fixture.now_us += G_TIME_SPAN_SECOND;
        assert_done(kc_app_add_photo(app, world.scene.party, world.scene.id,
                                     &(KcNewPhoto){.live = TRUE, .image = png}, &live, &result, &error));
        if (i == 3) /* it lies there, but nobody has said what it shows */
            assert_missing(&world, (const char *const[]){"/shots/object_hit", NULL});
        g_autofree char *kept = freeze(&world, wanted[i]);
        ck_assert_str_eq(kept, live->id);
    }
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_evacuate(app, world.scene.officer, world.scene.id, 0, NULL, &view, &result, &error));
    world_close(&world);
}
END_TEST

START_TEST(a_reason_goes_before_it_and_is_kept)
{
    World world;
    world_open(&world);
    g_autofree char *still = freeze(&world, "front_overview");
    name_form(&world, still);
    g_autoptr(KcCaseView) none = NULL, view = NULL, again = NULL;
    assert_refused(kc_app_evacuate(world.fixture.app, world.scene.officer, world.scene.id, 0, "in_a_hurry", &none, &result,
                                   &error),
                   KC_RESULT_INVALID, "invalid");
    assert_done(kc_app_evacuate(world.fixture.app, world.scene.officer, world.scene.id, 0, "road_danger", &view, &result,
                                &error));
    g_autofree char *data = entry(&world);
    ck_assert_msg(strstr(data, "\"reason\":\"road_danger\"") != NULL && strstr(data, "object_hit") != NULL, "%s", data);
    assert_done(kc_app_evacuate(world.fixture.app, world.scene.officer, world.scene.id, 0, NULL, &again, &result, &error));
    ck_assert_int_eq(again->row->version, view->row->version);
    world_close(&world);
}
END_TEST

/* What has been filmed was enough to decide by. */
START_TEST(once_it_is_determined_nobody_asks)
{
    World world;
    world_open(&world);
    g_autofree char *still = freeze(&world, NULL);
    name_form(&world, still);
    g_autoptr(KcDocumentView) document = NULL;
    assert_done(kc_app_issue_determination(world.fixture.app, world.scene.officer, world.scene.id, 0, &document, &result,
                                           &error));
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_evacuate(world.fixture.app, world.scene.officer, world.scene.id, 0, NULL, &view, &result, &error));
    world_close(&world);
}
END_TEST

static Suite *
evacuate_suite(void)
{
    Suite *suite = suite_create("app/evacuate");
    TCase *tests = tcase_create("shots");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, without_a_form_nobody_is_held_to_it);
    tcase_add_test(tests, the_form_s_shots_come_first);
    tcase_add_test(tests, a_live_still_that_was_named_counts);
    tcase_add_test(tests, a_reason_goes_before_it_and_is_kept);
    tcase_add_test(tests, once_it_is_determined_nobody_asks);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(evacuate_suite())
