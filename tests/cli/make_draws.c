/* A service's folder at the path given, in which two cases were drawn by lot and a third draw is committed to. */
#include "src/app/draws.h"
#include "src/app/offers.h"
#include "src/app/seats.h"
#include "tests/app/fixture.h"

#include <stdio.h>
#include <stdlib.h>

static void
draw_two(Fixture *fixture)
{
    KcSignedIn officer = {0};
    g_autoptr(KcPrincipal) heard = NULL;
    g_autoptr(KcSeatView) seat = NULL;
    g_autoptr(GError) tending = NULL;
    ck_assert(kc_app_tend_desk(fixture->app, &tending));
    assert_done(kc_app_sign_in(fixture->app, "officer", "kuaichu-demo", "192.0.2.1", &officer, &result, &error));
    for (guint i = 0; i < 2; i++) {
        Scene scene;
        KcQueuePlace place;
        g_clear_pointer(&heard, kc_principal_free);
        g_clear_pointer(&seat, kc_seat_view_free);
        scene_open(fixture, &scene);
        assert_done(kc_app_authenticate(fixture->app, officer.token, NULL, &heard, &result, &error));
        assert_done(kc_app_set_seat(fixture->app, heard, KC_SEAT_FREE, &seat, &result, &error));
        assert_done(kc_app_join_queue(fixture->app, scene.party, scene.id, &place, &result, &error));
        fixture->now_us += 60 * G_USEC_PER_SEC; /* nobody accepts */
        ck_assert(kc_app_tend_desk(fixture->app, &tending));
        assert_done(kc_app_leave_queue(fixture->app, scene.party, scene.id, &result, &error));
        scene_clear(&scene);
    }
    kc_signed_in_clear(&officer);
}

START_TEST(make)
{
    Fixture fixture;
    fixture_open_with(&fixture, "desk.json", "\"pick\"", "\"draw\"");
    draw_two(&fixture);
    g_autofree char *kept = g_strdup(fixture.dir);
    fixture.dir = NULL; /* is kept */
    fixture_close(&fixture);
    ck_assert_int_eq(rename(kept, g_getenv("KC_DRAWS_DIR")), 0);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("cli/make_draws");
    TCase *tcase = tcase_create("make");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, make);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(make_suite())
