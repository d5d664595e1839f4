#include "src/domain/distance.h"
#include "tests/support/kc_test.h"

#include <math.h>

START_TEST(places_are_apart)
{
    static const struct {
        double latitude, longitude, other_latitude, other_longitude, metres;
    } cases[] = {
        {33.87, 109.94, 33.87, 109.94, 0},
        {0, 0, 1, 0, 111195},           /* a degree of the meridian */
        {0, 0, 0, 1, 111195},           /* and of the equator */
        {60, 10, 60, 11, 55597},        /* half of it at 60 degrees */
        {0, 179.5, 0, -179.5, 111195},  /* over the date line */
        {90, 0, -90, 0, 20015115},      /* from pole to pole */
        {39.9042, 116.4074, 31.2304, 121.4737, 1067311}, /* Beijing, Shanghai */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        double metres = kc_distance_m(cases[i].latitude, cases[i].longitude, cases[i].other_latitude,
                                      cases[i].other_longitude);
        double back = kc_distance_m(cases[i].other_latitude, cases[i].other_longitude, cases[i].latitude,
                                    cases[i].longitude);
        ck_assert_msg(fabs(metres - cases[i].metres) <= 0.001 * cases[i].metres + 1, "row %u: %f", i, metres);
        ck_assert(fabs(metres - back) < 1);
    }
}
END_TEST

static Suite *
distance_suite(void)
{
    Suite *suite = suite_create("domain/distance");
    TCase *tcase = tcase_create("haversine");
    tcase_add_test(tcase, places_are_apart);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(distance_suite())
