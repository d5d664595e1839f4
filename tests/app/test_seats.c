/* The seats of the desk: said, seen, in hand; and how long the callers of today waited. */
#include "src/app/seats.h"
#include "tests/app/fixture.h"

#include <string.h>

#define SECONDS(n) ((gint64)(n)*G_USEC_PER_SEC)

static KcSeatStatus
status_of(Fixture *fixture, const KcPrincipal *who, const KcPrincipal *of)
{
    g_autoptr(GPtrArray) seats = NULL;
    assert_done(kc_app_list_seats(fixture->app, who, &seats, &result, &error));
    for (guint i = 0; i < seats->len; i++) {
        const KcSeatView *seat = seats->pdata[i];
        if (strcmp(seat->user_id, of->user_id) == 0)
            return seat->status;
    }
    ck_abort_msg("%s has no seat", of->username);
}

static void
say(Fixture *fixture, const KcPrincipal *who, KcSeatStatus status)
{
    g_autoptr(KcSeatView) seat = NULL;
    assert_done(kc_app_set_seat(fixture->app, who, status, &seat, &result, &error));
    ck_assert_str_eq(seat->user_id, who->user_id);
}

/* As a request of a page does. */
static KcPrincipal *
request_of(Fixture *fixture, const char *username, char **ret_token)
{
    KcSignedIn signed_in = {0};
    KcPrincipal *principal = NULL;
    assert_done(kc_app_sign_in(fixture->app, username, "kuaichu-demo", "192.0.2.1", &signed_in, &result, &error));
    assert_done(kc_app_authenticate(fixture->app, signed_in.token, "192.0.2.1", &principal, &result, &error));
    *ret_token = g_steal_pointer(&signed_in.token);
    kc_signed_in_clear(&signed_in);
    return principal;
}

START_TEST(who_is_not_heard_of_is_away)
{
    Fixture fixture;
    g_autofree char *token = NULL;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    g_autoptr(KcPrincipal) officer = request_of(&fixture, "officer", &token);
    ck_assert_int_eq(status_of(&fixture, supervisor, officer), KC_SEAT_AWAY); /* nothing said yet */
    say(&fixture, officer, KC_SEAT_FREE);
    ck_assert_int_eq(status_of(&fixture, supervisor, officer), KC_SEAT_FREE);
    fixture.now_us += SECONDS(91);
    ck_assert_int_eq(status_of(&fixture, supervisor, officer), KC_SEAT_AWAY);
    g_autoptr(KcPrincipal) again = NULL;
    assert_done(kc_app_authenticate(fixture.app, token, NULL, &again, &result, &error));
    ck_assert_int_eq(status_of(&fixture, supervisor, officer), KC_SEAT_FREE);
    assert_done(kc_app_sign_out(fixture.app, again, &result, &error));
    ck_assert_int_eq(status_of(&fixture, supervisor, officer), KC_SEAT_AWAY);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_case_in_hand_is_work)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    scene_claim(&fixture, &scene);
    g_autoptr(GPtrArray) seats = NULL;
    assert_done(kc_app_list_seats(fixture.app, supervisor, &seats, &result, &error));
    for (guint i = 0; i < seats->len; i++) {
        const KcSeatView *seat = seats->pdata[i];
        gboolean own = strcmp(seat->user_id, scene.officer->user_id) == 0;
        ck_assert_int_eq(seat->status, own ? KC_SEAT_BUSY : KC_SEAT_AWAY);
        ck_assert(own == (seat->case_id != NULL));
        ck_assert(!own || strcmp(seat->case_id, scene.id) == 0);
        ck_assert(!seat->in_call);
        ck_assert(!own || seat->since_us == fixture.now_us);
    }
    ck_assert_uint_eq(seats->len, 3);
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_release_case(fixture.app, scene.officer, scene.id, 0, &view, &result, &error));
    ck_assert_int_eq(status_of(&fixture, supervisor, scene.officer), KC_SEAT_AWAY);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(the_day_counts_its_callers)
{
    Fixture fixture;
    Scene scene;
    KcQueuePlace place;
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcDeskDay) before = {NULL}, after = {NULL}, tomorrow = {NULL};
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    scene_open(&fixture, &scene);
    assert_done(kc_app_join_queue(fixture.app, scene.party, scene.id, &place, &result, &error));
    fixture.now_us += SECONDS(75);
    assert_done(kc_app_desk_today(fixture.app, supervisor, &before, &result, &error));
    ck_assert(before.waiting == 1 && before.longest_wait_s == 75 && before.answer.count == 0);
    assert_done(kc_app_claim_case(fixture.app, scene.officer, scene.id, 0, &view, &result, &error));
    assert_done(kc_app_desk_today(fixture.app, supervisor, &after, &result, &error));
    ck_assert(after.waiting == 0 && after.longest_wait_s == 0);
    ck_assert(after.answer.count == 1 && after.answer.median_s == 75 && after.answer.within == 0);
    ck_assert_uint_eq(after.clear.count, 0);
    fixture.now_us += 24 * G_TIME_SPAN_HOUR;
    assert_done(kc_app_desk_today(fixture.app, supervisor, &tomorrow, &result, &error));
    ck_assert_uint_eq(tomorrow.answer.count, 0);
    ck_assert_str_eq(tomorrow.day, "2026-11-24");
    KcDeskDay none = {NULL};
    assert_refused(kc_app_desk_today(fixture.app, scene.officer, &none, &result, &error), KC_RESULT_FORBIDDEN, "role");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
seats_suite(void)
{
    Suite *suite = suite_create("app/seats");
    TCase *tcase = tcase_create("seats");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, who_is_not_heard_of_is_away);
    tcase_add_test(tcase, a_case_in_hand_is_work);
    tcase_add_test(tcase, the_day_counts_its_callers);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(seats_suite())
