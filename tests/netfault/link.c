#include "tests/netfault/link.h"

#include <string.h>

#define QUEUE_US (300 * 1000)
#define MS 1000

void
kc_fault_link_init(KcFaultLink *link, guint64 seed)
{
    *link = (KcFaultLink){.random = seed, .fault = {.queue_us = QUEUE_US}};
}

void
kc_fault_link_blackout(KcFaultLink *link, gint64 until_us)
{
    link->dark_until_us = until_us;
}

/* splitmix64: [0, 1) */
static gdouble
draw(KcFaultLink *link)
{
    guint64 z = link->random += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return (gdouble)((z ^ (z >> 31)) >> 11) / (gdouble)(G_GUINT64_CONSTANT(1) << 53);
}

/* When the line has carried it; -1: the queue before the line is full. */
static gint64
carried_us(KcFaultLink *link, guint bytes, gint64 now_us)
{
    if (link->fault.rate_kbps == 0)
        return now_us;
    gint64 wait_us = MAX(link->line_free_us - now_us, 0);
    if (wait_us > link->fault.queue_us)
        return -1;
    gint64 takes_us = (gint64)(bytes + KC_FAULT_OVERHEAD_BYTES) * 8 * MS / link->fault.rate_kbps;
    link->counts.longest_wait_us = MAX(link->counts.longest_wait_us, wait_us);
    link->line_free_us = now_us + wait_us + takes_us;
    return link->line_free_us;
}

gint64
kc_fault_link_packet(KcFaultLink *link, guint bytes, gint64 now_us)
{
    KcFaultCounts *counts = &link->counts;
    gboolean lost = draw(link) * 100 < link->fault.loss_percent;
    gint64 jitter_us = (gint64)(draw(link) * (gdouble)link->fault.jitter_us);
    counts->came++;
    counts->came_bytes += bytes;
    if (now_us < link->dark_until_us) {
        counts->blacked_out++;
        return -1;
    }
    if (lost) {
        counts->lost++;
        return -1;
    }
    gint64 at_us = carried_us(link, bytes, now_us);
    if (at_us < 0) {
        counts->overflowed++;
        return -1;
    }
    at_us += link->fault.delay_us + jitter_us;
    if (!link->fault.reorder)
        at_us = MAX(at_us, link->last_us);
    link->last_us = MAX(at_us, link->last_us);
    counts->passed++;
    counts->passed_bytes += bytes;
    return at_us;
}

/* ---- settings ---- */

gboolean
kc_fault_set(KcFault *fault, const char *word)
{
    const char *equals = strchr(word, '=');
    char *end = NULL;
    if (equals == NULL || equals[1] == '\0')
        return FALSE;
    g_autofree char *name = g_strndup(word, (gsize)(equals - word));
    gdouble value = g_ascii_strtod(equals + 1, &end);
    if (*end != '\0' || !(value >= 0 && value <= 1e6))
        return FALSE;
    if (strcmp(name, "loss") == 0 && value <= 100)
        fault->loss_percent = value;
    else if (strcmp(name, "delay") == 0 && value <= 10000)
        fault->delay_us = (gint64)(value * MS);
    else if (strcmp(name, "jitter") == 0 && value <= 10000)
        fault->jitter_us = (gint64)(value * MS);
    else if (strcmp(name, "reorder") == 0 && value <= 1)
        fault->reorder = value != 0;
    else if (strcmp(name, "rate") == 0)
        fault->rate_kbps = (guint)value;
    else if (strcmp(name, "queue") == 0 && value <= 10000)
        fault->queue_us = (gint64)(value * MS);
    else
        return FALSE;
    return TRUE;
}
