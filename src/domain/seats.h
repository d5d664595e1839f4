/* The seats of a desk: who is free, and how long callers waited.
 *
 * What a person says of the seat is one thing, what the service sees of it another: whoever has a case in hand is busy,
 * and whoever has not been heard of is away, whatever was said. Times are local policy, as data
 * (schema/rules/desk.json). Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef enum { KC_SEAT_AWAY, KC_SEAT_FREE, KC_SEAT_BUSY, KC_SEAT_STATUS_COUNT } KcSeatStatus;

/* Who waits is picked from the queue, or goes by lot to one of those who are free. */
typedef enum { KC_ASSIGN_PICK, KC_ASSIGN_DRAW, KC_ASSIGNMENT_COUNT } KcAssignment;

typedef struct {
    gint64 answer_s; /* from joining the queue to the answer */
    gint64 clear_s;  /* from the answer to "clear the road" */
    gint64 close_s;  /* from joining the queue to the end */
    gint64 away_after_s;
    gint64 gone_after_s; /* a silent holder loses a case in which somebody waits in the call */
    gint64 offer_s;      /* how long a seat may think about taking a case */
    KcAssignment assignment;
    guint draw_among; /* the roles that a lot may come to: bit n is KcRole n */
    gint64 accept_s;  /* how long who was drawn may take to accept */
    guint sample_percent; /* of a week's closed cases of each county that are looked at again (sample.h) */
    guint blind_percent;  /* of a sample, that get a second look by somebody who knows nothing of the first (blind.h) */
    guint blind_days;     /* until such a look is late */
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

/* "pick", "draw" */
const char *kc_assignment_to_string(KcAssignment assignment);
gboolean kc_assignment_from_string(const char *text, KcAssignment *ret_assignment);

/* How long something took in many cases: by nearest rank, so that each figure is one that really occurred. */
typedef struct {
    guint count;
    guint within;           /* not longer than the target */
    gint64 median_s, p90_s; /* -1: there is none */
} KcSpread;

/* `durations_us`: of gint64; sorted here. */
KcSpread kc_spread_of(GArray *durations_us, gint64 target_s);
