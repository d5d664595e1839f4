/* Cases as a centre may have them in a year, made up: the entries of the log that each leaves behind. Counties, hours,
 * channels and outcomes are weighted as one would expect; nobody is in them. For benches, and for looking at reports.
 */
#pragma once

#include "src/store/log_store.h"

typedef struct {
    GRand *rand;
    char *const *officers; /* ids; NULL-terminated, at least one */
    gint64 year_us;        /* the beginning of the time that cases are spread over */
    gint64 span_us;
    guint serial;
} KcSynthetic;

typedef struct {
    char id[37], party_id[37], number[32];
    const char *county, *channel, *form, *scenario, *officer, *closing_code;
    const char *state; /* as the tables have it */
    gint64 opened_us, queued_us, claimed_us, evacuated_us, determined_us, closed_us, on_scene_us, abandoned_us;
    GPtrArray *entries; /* KcLogEntry *, in their order */
} KcSyntheticCase;

void kc_synthetic_case_free(KcSyntheticCase *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSyntheticCase, kc_synthetic_case_free)

/* The place of the next one in time: rush hours, weekdays, more in winter; by `share` (0 to 1) of the span. */
gint64 kc_synthetic_time(KcSynthetic *of, double share);
KcSyntheticCase *kc_synthetic_case(KcSynthetic *of, gint64 opened_us);
