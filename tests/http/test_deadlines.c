/* What runs out, as officer and parties see it over HTTP; and that a party's link lives as long as it is told of a
 * limit. */
#include <string.h>

#include "tests/http/served.h"

/* The deadline of that code and party; owned. */
static json_t *
one_of(Served *way, const char *token, const char *code, const char *party_id)
{
    g_autofree char *path = case_path(&way->one, "");
    g_autoptr(json_t) view = fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(view, "deadlines"), index,
                       item) if (strcmp(text_at(item, "code"), code) == 0 &&
                                 g_strcmp0(json_string_value(json_object_get(item, "party_id")), party_id) ==
                                     0) return json_incref(item);
    ck_abort_msg("there is no %s", code);
    return NULL;
}

START_TEST(each_sees_what_concerns_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autofree char *before = served_limits(&way, way.one.token);
    ck_assert_str_eq(before, ""); /* nothing is served yet */
    served_decide(&way, way.one.token, "objected");
    g_autofree char *own = served_limits(&way, way.one.token), *other = served_limits(&way, way.token_b);
    ck_assert_str_eq(own, "MEDIATION_REQUEST:A REVIEW_REQUEST:A SUIT:A");
    ck_assert_str_eq(other, "");
    served_decide(&way, way.token_b, "objected");
    g_autofree char *second = served_limits(&way, way.token_b), *staff = served_limits(&way, way.officer);
    ck_assert_str_eq(second, "MEDIATION_REQUEST:B REVIEW_REQUEST:B SUIT:B");
    ck_assert_str_eq(staff, "MEDIATION_REQUEST:A MEDIATION_REQUEST:B REVIEW_REQUEST:A REVIEW_REQUEST:B SUIT:A SUIT:B "
                            "-SIMPLIFIED_DETERMINATION");
    g_autoptr(json_t) determined = one_of(&way, way.officer, "SIMPLIFIED_DETERMINATION", NULL);
    ck_assert_str_eq(text_at(determined, "state"), "ended");
    served_clear(&way);
}
END_TEST

/* Over the National Day of 2026: off from 1 to 7 October, Saturday the 10th is worked. */
START_TEST(a_review_can_be_asked_for_until_its_date)
{
    static const struct {
        const char *day;
        int days_left;
        const char *state;
    } times[] = {
        {"2026-09-30", 3, "running"},  {"2026-10-07", 3, "running"}, {"2026-10-09", 1, "due_soon"},
        {"2026-10-10", 0, "due_soon"}, {"2026-10-11", -1, "past"},   {"2026-10-20", -7, "past"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_set_day(fixture, "2026-09-30", 9);
    served_issue(&way);
    served_decide(&way, way.one.token, "objected");
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        served_set_day(fixture, times[i].day, 12);
        g_autoptr(json_t) then = one_of(&way, way.one.token, "REVIEW_REQUEST", way.one.party_id);
        ck_assert_str_eq(text_at(then, "due_on"), "2026-10-10");
        ck_assert_int_eq(json_integer_value(json_object_get(then, "days_left")), times[i].days_left);
        ck_assert_str_eq(text_at(then, "state"), times[i].state);
        ck_assert_str_eq(text_at(then, "bound"), "party");
        ck_assert(json_is_false(json_object_get(then, "provisional")));
        ck_assert_ptr_nonnull(strstr(text_at(then, "legal_basis"), "第71条"));
    }
    g_autoptr(json_t) mediation = one_of(&way, way.one.token, "MEDIATION_REQUEST", way.one.party_id);
    ck_assert_str_eq(text_at(mediation, "due_on"), "2026-10-20");
    served_clear(&way);
}
END_TEST

START_TEST(a_link_lives_as_long_as_its_limits_run)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_set_day(fixture, "2026-09-30", 9);
    served_issue(&way);
    served_decide(&way, way.one.token, "objected");
    g_autofree char *path = case_path(&way.one, "");
    served_set_day(fixture, "2026-10-20", 23);
    reply_free(fixture_expect(fixture, 200, (Call){.path = path, .token = way.one.token}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = path, .token = way.token_b}));
    served_set_day(fixture, "2026-10-21", 0);
    reply_free(fixture_expect(fixture, 401, (Call){.path = path, .token = way.one.token}));
    served_clear(&way);
}
END_TEST

START_TEST(giving_a_case_back_wins_no_time)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    Served way = {.fixture = fixture, .officer = officer, .one = fixture_case_in_call(fixture, officer)};
    way.party_b = (char *)"";
    g_autofree char *hidden = served_limits(&way, way.one.token);
    ck_assert_str_eq(hidden, "");
    g_autoptr(json_t) first = one_of(&way, officer, "SIMPLIFIED_DETERMINATION", NULL);
    json_decref(served_by_officer(&way, 200, "POST", "/release", NULL));
    fixture->skew_us = G_TIME_SPAN_HOUR;
    json_decref(served_by_officer(&way, 200, "POST", "/claim", NULL));
    g_autoptr(json_t) second = one_of(&way, officer, "SIMPLIFIED_DETERMINATION", NULL);
    ck_assert_str_eq(text_at(second, "started_at"), text_at(first, "started_at"));
    ck_assert_str_eq(text_at(second, "due_on"), text_at(first, "due_on"));
    test_case_clear(&way.one);
}
END_TEST

static Suite *
deadlines_suite(void)
{
    Suite *suite = suite_create("http/deadlines");
    TCase *all = tcase_create("deadlines");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, each_sees_what_concerns_it);
    tcase_add_test(all, a_review_can_be_asked_for_until_its_date);
    tcase_add_test(all, a_link_lives_as_long_as_its_limits_run);
    tcase_add_test(all, giving_a_case_back_wins_no_time);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(deadlines_suite())
