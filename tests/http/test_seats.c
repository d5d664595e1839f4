/* The seats over HTTP: one's own, everybody's, and the day's figures. */
#include <string.h>

#include "tests/http/fixture.h"

static const json_t *
seat_named(const json_t *list, const char *role)
{
    gsize at;
    json_t *seat;
    json_array_foreach(json_object_get(list, "items"), at, seat)
    {
        if (strcmp(text_at(seat, "role"), role) == 0)
            return seat;
    }
    ck_abort_msg("no seat of %s", role);
}

START_TEST(a_seat_says_what_it_is)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer"), *intake = fixture_sign_in(fixture, "intake");
    const Call say = {.method = "PUT", .path = "/api/v1/seats/own", .token = intake, .text = "{\"status\":\"free\"}"};
    g_autoptr(json_t) own = fixture_json(fixture, 200, say);
    ck_assert_str_eq(text_at(own, "seat.status"), "free");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autoptr(json_t) list = fixture_json(fixture, 200, (Call){.path = "/api/v1/seats", .token = intake});
    const json_t *busy = seat_named(list, "officer");
    ck_assert_str_eq(text_at(busy, "status"), "busy");
    ck_assert_str_eq(text_at(busy, "case.id"), one.id);
    ck_assert_str_eq(text_at(seat_named(list, "intake_operator"), "status"), "free");
    ck_assert_str_eq(text_at(seat_named(list, "supervisor"), "status"), "away");
    for (const char *const *bad = (const char *const[]){"{}", "{\"status\":\"asleep\"}", "{\"status\":1}", NULL};
         *bad != NULL; bad++) {
        Call call = say;
        call.text = *bad;
        reply_free(fixture_expect(fixture, 422, call));
    }
}
END_TEST

START_TEST(the_day_is_beside_its_targets)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autoptr(json_t) day = fixture_json(fixture, 200, (Call){.path = "/api/v1/seats/today", .token = supervisor});
    const json_t *answer = json_object_get(day, "answer"), *close = json_object_get(day, "close");
    ck_assert_int_eq(json_integer_value(json_object_get(answer, "target_s")), 60);
    ck_assert_int_eq(json_integer_value(json_object_get(answer, "count")), 1);
    ck_assert(json_is_integer(json_object_get(answer, "median_s")));
    ck_assert(json_is_null(json_object_get(close, "median_s")));
}
END_TEST

static Suite *
seats_suite(void)
{
    Suite *suite = suite_create("http/seats");
    TCase *all = tcase_create("seats");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_seat_says_what_it_is);
    tcase_add_test(all, the_day_is_beside_its_targets);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(seats_suite())
