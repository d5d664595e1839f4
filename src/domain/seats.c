#include "src/domain/seats.h"

#include "src/base/names.h"

static const char *const STATUS_NAMES[KC_SEAT_STATUS_COUNT] = {
    [KC_SEAT_AWAY] = "away",
    [KC_SEAT_FREE] = "free",
    [KC_SEAT_BUSY] = "busy",
};

static const char *const ASSIGNMENT_NAMES[KC_ASSIGNMENT_COUNT] = {
    [KC_ASSIGN_PICK] = "pick",
    [KC_ASSIGN_DRAW] = "draw",
};

KcSeatStatus
kc_seat_status(const KcSeatFacts *facts, const KcDeskPolicy *policy, gint64 now_us)
{
    if (facts->in_hand)
        return KC_SEAT_BUSY;
    gboolean heard = facts->seen_us > 0 && now_us - facts->seen_us <= policy->away_after_s * G_USEC_PER_SEC;
    return facts->has_said && heard ? facts->said : KC_SEAT_AWAY;
}

const char *
kc_seat_status_to_string(KcSeatStatus status)
{
    g_assert(status < KC_SEAT_STATUS_COUNT);
    return STATUS_NAMES[status];
}

gboolean
kc_seat_status_from_string(const char *text, KcSeatStatus *ret_status)
{
    gint place = kc_names_find(STATUS_NAMES, KC_SEAT_STATUS_COUNT, text);
    if (place >= 0)
        *ret_status = (KcSeatStatus)place;
    return place >= 0;
}

const char *
kc_assignment_to_string(KcAssignment assignment)
{
    g_assert(assignment < KC_ASSIGNMENT_COUNT);
    return ASSIGNMENT_NAMES[assignment];
}

gboolean
kc_assignment_from_string(const char *text, KcAssignment *ret_assignment)
{
    gint place = kc_names_find(ASSIGNMENT_NAMES, KC_ASSIGNMENT_COUNT, text);
    if (place >= 0)
        *ret_assignment = (KcAssignment)place;
    return place >= 0;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
    return left < right ? -1 : left > right;
}

/* The smallest one that `percent` of all do not exceed, in whole seconds. */
static gint64
rank_s(const GArray *sorted, guint percent)
{
    if (sorted->len == 0)
        return -1;
    guint rank = (sorted->len * percent + 99) / 100;
    return g_array_index(sorted, gint64, MAX(rank, 1) - 1) / G_USEC_PER_SEC;
}

KcSpread
kc_spread_of(GArray *durations_us, gint64 target_s)
{
    g_array_sort(durations_us, compare);
    KcSpread spread = {
        .count = durations_us->len, .median_s = rank_s(durations_us, 50), .p90_s = rank_s(durations_us, 90)};
    for (guint i = 0; i < durations_us->len; i++)
        spread.within += g_array_index(durations_us, gint64, i) <= target_s * G_USEC_PER_SEC;
    return spread;
}
