/* Invariants: arrivals[0] and arrivals[n - 1] have come (n = 0: nothing is waiting); base + n is the next number. */
#include "media/rtp/transport_cc.h"

#include "media/rtp/header.h"

#include <string.h>

#define DELTA_US 250
#define REFERENCE_US 64000
#define SYMBOLS_PER_CHUNK 7 /* two-bit status vector */

enum { SYMBOL_MISSING = 0, SYMBOL_SMALL = 1, SYMBOL_LARGE = 2 };

void
kc_transport_cc_packet(KcTransportCc *cc, guint16 number, gint64 arrived_us)
{
    if (!cc->started || cc->n == 0) {
        /* Between two feedbacks: numbers before the next base were reported as missing, or not at all. */
        if (cc->started && kc_seq_diff(number, cc->base) < 0)
            return;
        if (!cc->started || kc_seq_diff(number, cc->base) >= KC_TRANSPORT_CC_PACKETS)
            cc->base = number;
        cc->started = TRUE;
    }
    gint at = kc_seq_diff(number, cc->base);
    if (at < 0 || at >= KC_TRANSPORT_CC_PACKETS)
        return;
    while (cc->n <= (guint)at)
        cc->arrivals[cc->n++] = 0;
    if (cc->arrivals[at] == 0)
        cc->arrivals[at] = arrived_us;
}

void
kc_transport_cc_passed(KcTransportCc *cc, gint64 now_us)
{
    cc->passed_us = now_us;
}

void
kc_transport_cc_take_over(KcTransportCc *cc)
{
    cc->passed_us = 0;
}

/* The symbol and delta of one packet. *last_us moves by whole deltas, so that rounding doesn't add up. */
static guint
symbol_of(gint64 arrived_us, gint64 *last_us, gint16 *ret_delta)
{
    if (arrived_us == 0)
        return SYMBOL_MISSING;
    gint64 delta = (arrived_us - *last_us) / DELTA_US;
    delta = CLAMP(delta, G_MININT16, G_MAXINT16);
    *last_us += delta * DELTA_US;
    *ret_delta = (gint16)delta;
    return delta >= 0 && delta <= 255 ? SYMBOL_SMALL : SYMBOL_LARGE;
}

static gint64
first_arrival(const KcTransportCc *cc)
{
    for (guint i = 0; i < cc->n; i++) {
        if (cc->arrivals[i] != 0)
            return cc->arrivals[i];
    }
    return 0;
}

static gsize
fci_write(const KcTransportCc *cc, guint8 *fci)
{
    guint8 deltas[2 * KC_TRANSPORT_CC_PACKETS];
    gsize n_deltas = 0;
    gsize used = 8;
    gint64 reference = first_arrival(cc) / REFERENCE_US;
    gint64 last_us = reference * REFERENCE_US;
    guint i = 0;
    while (i < cc->n && used + 2 + n_deltas + 2 * SYMBOLS_PER_CHUNK + 3 <= KC_TRANSPORT_CC_FCI_MAX) {
        guint16 chunk = 0xc000;
        for (guint s = 0; s < SYMBOLS_PER_CHUNK && i < cc->n; s++, i++) {
            gint16 delta = 0;
            guint symbol = symbol_of(cc->arrivals[i], &last_us, &delta);
            chunk |= (guint16)(symbol << (2 * (SYMBOLS_PER_CHUNK - 1 - s)));
            if (symbol == SYMBOL_LARGE)
                deltas[n_deltas++] = (guint8)((guint16)delta >> 8);
            if (symbol != SYMBOL_MISSING)
                deltas[n_deltas++] = (guint8)delta;
        }
        kc_put_u16(fci + used, chunk);
        used += 2;
    }
    kc_put_u16(fci, cc->base);
    kc_put_u16(fci + 2, (guint16)i);
    kc_put_u32(fci + 4, (guint32)(reference & 0xffffff) << 8 | cc->feedbacks);
    memcpy(fci + used, deltas, n_deltas);
    used += n_deltas;
    while (used % 4 != 0)
        fci[used++] = 0;
    return used;
}

gsize
kc_transport_cc_write(KcTransportCc *cc, gint64 now_us, guint8 ret_fci[KC_TRANSPORT_CC_FCI_MAX])
{
    if (now_us - cc->written_us < KC_TRANSPORT_CC_INTERVAL_US)
        return 0;
    cc->written_us = now_us;
    gboolean other_answers = cc->passed_us != 0 && now_us - cc->passed_us < KC_TRANSPORT_CC_SILENCE_US;
    gsize bytes = cc->n > 0 && !other_answers ? fci_write(cc, ret_fci) : 0;
    if (bytes > 0)
        cc->feedbacks++;
    cc->base = (guint16)(cc->base + cc->n);
    cc->n = 0;
    return bytes;
}
