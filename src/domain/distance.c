#include "src/domain/distance.h"

#include <math.h>

#define EARTH_RADIUS_M 6371008.8

static double
radians(double degrees)
{
    return degrees * G_PI / 180.0;
}

/* Haversine, since the law of cosines has no digits left between neighbours. */
double
kc_distance_m(double latitude, double longitude, double other_latitude, double other_longitude)
{
    double north = sin(radians(other_latitude - latitude) / 2);
    double east = sin(radians(other_longitude - longitude) / 2);
    double h = north * north + cos(radians(latitude)) * cos(radians(other_latitude)) * east * east;
    return 2 * EARTH_RADIUS_M * asin(sqrt(MIN(h, 1)));
}
