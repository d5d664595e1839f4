/* The seats of a desk: who is free, and how long callers waited.
 *
 * What a person says of the seat is one thing, what the service sees of it another: whoever has a case in hand is busy,
 * and whoever has not been heard of is away, whatever was said. Times are local policy, as data
 * (schema/rules/desk.json). Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef enum { KC_SEAT_AWAY, KC_SEAT_FREE, KC_SEAT_BUSY, KC_SEAT_STATUS_COUNT } KcSeatStatus;

typedef struct {
    gint64 answer_s; /* from joining the queue to the answer */
    gint64 clear_s;  /* from the answer to "clear the road" */
    gint64 close_s;  /* from joining the queue to the end */
    gint64 away_after_s;
    gint64 gone_after_s; /* a silent holder loses a case in which somebody waits in the call */
    gint64 offer_s;      /* how long a seat may think about taking a case */
} KcDeskPolicy;

typedef struct {
    gboolean has_said;
    KcSeatStatus said;
    gint64 seen_us;   /* the last request; 0: never */
    gboolean in_hand; /* a live call, or a case that is being handled */
} KcSeatFacts;

KcSeatStatus kc_seat_status(const KcSeatFacts *facts, const KcDeskPolicy *policy, gint64 now_us);

/* "free", "busy", "away" */
const char *kc_seat_status_to_string(KcSeatStatus status);
gboolean kc_seat_status_from_string(const char *text, KcSeatStatus *ret_status);

/* How long something took in many cases: by nearest rank, so that each figure is one that really occurred. */
typedef struct {
    guint count;
    guint within;           /* not longer than the target */
    gint64 median_s, p90_s; /* -1: there is none */
} KcSpread;

/* `durations_us`: of gint64; sorted here. */
KcSpread kc_spread_of(GArray *durations_us, gint64 target_s);
