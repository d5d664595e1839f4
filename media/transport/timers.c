/* A binary heap of pointers; each timer knows its place (slot - 1), so that it can be moved and removed.
 * Invariant: heap[slot - 1] == timer, and no parent is later than its children. */
#include "media/transport/timers.h"

void
kc_timers_init(KcTimers *timers)
{
    timers->heap = g_ptr_array_new();
}

void
kc_timers_clear(KcTimers *timers)
{
    if (timers->heap == NULL)
        return;
    for (guint i = 0; i < timers->heap->len; i++)
        ((KcTimer *)timers->heap->pdata[i])->slot = 0;
    g_clear_pointer(&timers->heap, g_ptr_array_unref);
}

static KcTimer *
at(const KcTimers *timers, guint slot)
{
    return timers->heap->pdata[slot - 1];
}

static void
place(KcTimers *timers, KcTimer *timer, guint slot)
{
    timers->heap->pdata[slot - 1] = timer;
    timer->slot = slot;
}

static void
sift_up(KcTimers *timers, KcTimer *timer)
{
    guint slot = timer->slot;

    while (slot > 1 && at(timers, slot / 2)->at_us > timer->at_us) {
        place(timers, at(timers, slot / 2), slot);
        slot /= 2;
    }
    place(timers, timer, slot);
}

static void
sift_down(KcTimers *timers, KcTimer *timer)
{
    guint slot = timer->slot, len = timers->heap->len;

    for (;;) {
        guint child = slot * 2;

        if (child > len)
            break;
        if (child < len && at(timers, child + 1)->at_us < at(timers, child)->at_us)
            child++;
        if (at(timers, child)->at_us >= timer->at_us)
            break;
        place(timers, at(timers, child), slot);
        slot = child;
    }
    place(timers, timer, slot);
}

void
kc_timers_set(KcTimers *timers, KcTimer *timer, gint64 at_us)
{
    if (timer->slot == 0) {
        g_ptr_array_add(timers->heap, timer);
        timer->slot = timers->heap->len;
    }
    timer->at_us = at_us;
    sift_up(timers, timer);
    sift_down(timers, timer);
}

void
kc_timers_cancel(KcTimers *timers, KcTimer *timer)
{
    guint slot = timer->slot;

    if (slot == 0)
        return;
    timer->slot = 0;
    KcTimer *last = at(timers, timers->heap->len);
    g_ptr_array_set_size(timers->heap, (gint)timers->heap->len - 1);
    if (last == timer)
        return;
    place(timers, last, slot);
    sift_up(timers, last);
    sift_down(timers, last);
}

gint64
kc_timers_next_us(const KcTimers *timers)
{
    return timers->heap->len == 0 ? G_MAXINT64 : at(timers, 1)->at_us;
}

void
kc_timers_run(KcTimers *timers, gint64 now_us)
{
    /* A timer's function may set or cancel any timer. One that sets itself for the past must not keep this going:
     * what is due is counted first, and no more than that is called. */
    guint due = 0;

    for (guint i = 0; i < timers->heap->len; i++)
        due += ((KcTimer *)timers->heap->pdata[i])->at_us <= now_us;
    while (due-- > 0 && kc_timers_next_us(timers) <= now_us) {
        KcTimer *timer = at(timers, 1);

        kc_timers_cancel(timers, timer);
        timer->func(now_us, timer->user);
    }
}
