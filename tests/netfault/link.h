/* One direction of a bad network, as a model: what becomes of a packet of so many bytes that comes now.
 *
 * A packet is first lost or not, then waits for the line (a rate with a queue of bounded time before it, drop tail),
 * then travels (delay, and jitter drawn for each packet alone). Without `reorder` no packet overtakes another. Each
 * packet takes two draws, whatever the settings are: one seed gives one run.
 *
 * Pure; times in monotonic microseconds. */
#pragma once

#include <glib.h>

#define KC_FAULT_OVERHEAD_BYTES 28 /* IPv4 and UDP, which the line carries too */

typedef struct {
    gdouble loss_percent;
    gint64 delay_us;
    gint64 jitter_us; /* evenly between 0 and this, on top of the delay */
    gboolean reorder; /* packets may overtake each other */
    guint rate_kbps;  /* 0: as fast as it comes */
    gint64 queue_us;  /* longest wait for the line */
} KcFault;

typedef struct {
    guint64 came, came_bytes, passed, passed_bytes;
    guint64 lost, overflowed, blacked_out;
    gint64 longest_wait_us; /* for the line */
} KcFaultCounts;

typedef struct {
    KcFault fault;
    KcFaultCounts counts;
    guint64 random;
    gint64 line_free_us;
    gint64 last_us; /* when the last one arrives */
    gint64 dark_until_us;
} KcFaultLink;

void kc_fault_link_init(KcFaultLink *link, guint64 seed);

/* Everything that comes before `until_us` is lost. */
void kc_fault_link_blackout(KcFaultLink *link, gint64 until_us);

/* When the packet arrives, or -1: it doesn't. */
gint64 kc_fault_link_packet(KcFaultLink *link, guint bytes, gint64 now_us);

/* Applies "loss=3", "delay=100", "jitter=50", "reorder=1", "rate=700", "queue=300" (percent, ms, ms, 0 or 1, kbit/s,
 * ms). FALSE: no such word, or a value out of its range; nothing is changed then. */
gboolean kc_fault_set(KcFault *fault, const char *word);
