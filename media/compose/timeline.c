#include "media/compose/timeline.h"

#include <stdlib.h>

static int
by_start(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const KcInterval *)a)->from_us, y = ((const KcInterval *)b)->from_us;
    return (x > y) - (x < y);
}

static void
add_span(GArray *spans, gint64 from_us, gint64 until_us)
{
    gint64 ms = (until_us - from_us + 999) / 1000;
    gint64 packets = MAX((ms + KC_PACKET_MS - 1) / KC_PACKET_MS, 1);
    const KcSpan span = {from_us, packets * KC_PACKET_MS, FALSE};
    g_array_append_val(spans, span);
}

GArray *
kc_timeline_new(const KcInterval *intervals, guint n)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(KcSpan));
    g_autofree KcInterval *sorted = g_memdup2(intervals, n * sizeof *intervals);
    if (n == 0)
        return spans;
    qsort(sorted, n, sizeof *sorted, by_start);
    KcInterval open = sorted[0];
    for (guint i = 1; i < n; i++) {
        if (sorted[i].from_us - open.until_us <= KC_LEFT_OUT_AFTER_MS * 1000) {
            open.until_us = MAX(open.until_us, sorted[i].until_us);
            continue;
        }
        const KcSpan card = {open.until_us, KC_LEFT_OUT_CARD_MS, TRUE};
        add_span(spans, open.from_us, open.until_us);
        g_array_append_val(spans, card);
        open = sorted[i];
    }
    add_span(spans, open.from_us, open.until_us);
    return spans;
}

gint64
kc_timeline_length_ms(const GArray *spans)
{
    gint64 ms = 0;
    for (guint i = 0; i < spans->len; i++)
        ms += g_array_index(spans, KcSpan, i).length_ms;
    return ms;
}
