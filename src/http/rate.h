/* A limit of how often one address may do one thing: a token bucket each, refilled evenly over the period.
 *
 * Bounded: at most KC_RATE_ADDRESSES buckets; the oldest full ones give way. An IPv6 address counts by its /64, since
 * one subscriber has at least that. Time is a parameter. Thread-safe. */
#pragma once

#include <glib.h>

#define KC_RATE_ADDRESSES 65536

typedef struct KcRateLimit KcRateLimit;

KcRateLimit *kc_rate_limit_new(guint amount, gint64 period_us);
void kc_rate_limit_free(KcRateLimit *limit);

/* Takes one if there is one; otherwise the seconds until there is (at least 1). 0: taken. */
guint kc_rate_limit_take(KcRateLimit *limit, const char *address, gint64 now_us);

/* As take, but only looks: for things that count only when they fail. */
guint kc_rate_limit_peek(KcRateLimit *limit, const char *address, gint64 now_us);
