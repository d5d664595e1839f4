/* How far two places on earth are from each other, as the crow flies. Pure; thread-safe. */
#pragma once

#include <glib.h>

/* Metres by the haversine formula on a sphere of 6,371 km, half a percent off at most. Degrees. */
double kc_distance_m(double latitude, double longitude, double other_latitude, double other_longitude);
