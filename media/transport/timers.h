/* Timers in a heap; time comes in as a value. A timer is embedded in the object that it belongs to.
 *
 * Single thread. Adding, moving and removing cost O(log n); no allocation but the growth of the heap. */
#pragma once

#include <glib.h>

typedef struct KcTimer KcTimer;
typedef void (*KcTimerFunc)(gint64 now_us, gpointer user);

/* Zero, set `func` and `user`, then kc_timers_set. Private otherwise. */
struct KcTimer {
    KcTimerFunc func;
    gpointer user;
    gint64 at_us;
    guint slot; /* 1 + place in the heap; 0: not set */
};

typedef struct {
    GPtrArray *heap;
} KcTimers;

void kc_timers_init(KcTimers *timers);
void kc_timers_clear(KcTimers *timers); /* forgets every timer, calling none */

/* Once, at or after `at_us`. A timer already set is moved. */
void kc_timers_set(KcTimers *timers, KcTimer *timer, gint64 at_us);

/* No effect on a timer that is not set. */
void kc_timers_cancel(KcTimers *timers, KcTimer *timer);

/* When the next one is due; G_MAXINT64 if none is set. */
gint64 kc_timers_next_us(const KcTimers *timers);

/* Calls each that was due at `now_us`, earliest first; one that sets itself again for a time already past waits for the
 * next run, so that a run always ends. */
void kc_timers_run(KcTimers *timers, gint64 now_us);
