/* What is served, and what is still to do for it. */
#include "src/domain/service.h"
#include "tests/support/kc_test.h"

START_TEST(what_is_served)
{
    ck_assert(kc_service_is_of("determination"));
    ck_assert(kc_service_is_of("review_conclusion"));
    ck_assert(kc_service_is_of("correction"));
    ck_assert(!kc_service_is_of("agreement"));
    ck_assert(!kc_service_is_of(NULL));
}
END_TEST

START_TEST(how_far_it_is)
{
    static const struct {
        gboolean recorded, consents;
        const char *state;
    } rows[] = {
        {FALSE, FALSE, "on_paper"},
        {FALSE, TRUE, "to_confirm"},
        {TRUE, FALSE, "served"},
        {TRUE, TRUE, "served"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_str_eq(kc_service_state_to_string(kc_service_state(rows[i].recorded, rows[i].consents)), rows[i].state);
}
END_TEST

START_TEST(ways_read_back)
{
    KcServiceWay way = KC_SERVICE_WAY_COUNT;
    for (guint i = 0; i < KC_SERVICE_WAY_COUNT; i++) {
        ck_assert(kc_service_way_from_string(kc_service_way_to_string(i), &way));
        ck_assert_uint_eq(way, i);
    }
    ck_assert(!kc_service_way_from_string("pigeon", &way));
    ck_assert(!kc_service_way_from_string(NULL, &way));
}
END_TEST

static Suite *
service_suite(void)
{
    Suite *suite = suite_create("domain/service");
    TCase *all = tcase_create("service");
    tcase_add_test(all, what_is_served);
    tcase_add_test(all, how_far_it_is);
    tcase_add_test(all, ways_read_back);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(service_suite())
