/* Invariants: next - KC_TRANSPORT_CC_PACKETS <= base <= next; arrivals has every number of the last
 * KC_TRANSPORT_CC_PACKETS before `next`, at its place modulo that. */
#include "media/rtp/transport_cc.h"

#include "media/rtp/header.h"

#include <string.h>

#define DELTA_US 250
#define REFERENCE_US 64000
#define REFERENCE_DELTAS (REFERENCE_US / DELTA_US)
#define SYMBOLS_PER_CHUNK 7                          /* two-bit status vector */
#define EARLY_DELTAS (G_USEC_PER_SEC / DELTA_US)     /* more before its arrival here: another clock */
#define LATE_DELTAS (10 * G_USEC_PER_SEC / DELTA_US) /* so much later: another clock, or of no use */

enum { SYMBOL_MISSING = 0, SYMBOL_SMALL = 1, SYMBOL_LARGE = 2 };

/* ---- arrivals ---- */

static gint64 *
arrival_of(KcTransportCc *cc, guint16 number)
{
    return &cc->arrivals[number % KC_TRANSPORT_CC_PACKETS];
}

static void
restart_at(KcTransportCc *cc, guint16 number)
{
    memset(cc->arrivals, 0, sizeof cc->arrivals);
    cc->base = cc->next = number;
    cc->started = TRUE;
}

static void
advance_to(KcTransportCc *cc, guint16 number)
{
    while (cc->next != number)
        *arrival_of(cc, cc->next++) = 0;
    *arrival_of(cc, cc->next++) = 0;
    if ((guint16)(cc->next - cc->base) > KC_TRANSPORT_CC_PACKETS)
        cc->base = (guint16)(cc->next - KC_TRANSPORT_CC_PACKETS);
}

void
kc_transport_cc_packet(KcTransportCc *cc, guint16 number, gint64 arrived_us)
{
    if (!cc->started || ABS(kc_seq_diff(number, cc->next)) > KC_TRANSPORT_CC_PACKETS)
        restart_at(cc, number);
    if (cc->base == cc->next) /* the other side had nothing to report until now */
        cc->waited_us = arrived_us;
    if (kc_seq_diff(number, cc->next) >= 0)
        advance_to(cc, number);
    gint64 *arrival = arrival_of(cc, number);
    if (*arrival == 0)
        *arrival = arrived_us;
}

void
kc_transport_cc_expect(KcTransportCc *cc)
{
    cc->flush = cc->base != cc->next;
    cc->other = TRUE;
    cc->laid = FALSE;
}

void
kc_transport_cc_take_over(KcTransportCc *cc)
{
    cc->other = FALSE;
}

/* ---- the relay's own ---- */

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
first_arrival(KcTransportCc *cc)
{
    for (guint16 number = cc->base; number != cc->next; number++) {
        if (*arrival_of(cc, number) != 0)
            return *arrival_of(cc, number);
    }
    return 0;
}

static gsize
fci_write(KcTransportCc *cc, guint8 *fci)
{
    guint8 deltas[2 * KC_TRANSPORT_CC_PACKETS];
    gsize n_deltas = 0;
    gsize used = 8;
    gint64 reference = first_arrival(cc) / REFERENCE_US;
    gint64 last_us = reference * REFERENCE_US;
    guint16 number = cc->base;
    while (number != cc->next && used + 2 + n_deltas + 2 * SYMBOLS_PER_CHUNK + 3 <= KC_TRANSPORT_CC_FCI_MAX) {
        guint16 chunk = 0xc000;
        for (guint s = 0; s < SYMBOLS_PER_CHUNK && number != cc->next; s++, number++) {
            gint16 delta = 0;
            guint symbol = symbol_of(*arrival_of(cc, number), &last_us, &delta);
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
    kc_put_u16(fci + 2, (guint16)(number - cc->base));
    kc_put_u32(fci + 4, (guint32)(reference & 0xffffff) << 8 | cc->feedbacks++);
    memcpy(fci + used, deltas, n_deltas);
    used += n_deltas;
    while (used % 4 != 0)
        fci[used++] = 0;
    cc->base = number;
    return used;
}

gsize
kc_transport_cc_write(KcTransportCc *cc, gint64 now_us, guint8 ret_fci[KC_TRANSPORT_CC_FCI_MAX])
{
    if (cc->base == cc->next)
        return 0;
    if (!cc->flush && cc->other) {
        if (now_us - cc->waited_us < KC_TRANSPORT_CC_SILENCE_US)
            return 0;
        cc->other = FALSE;
    }
    if (!cc->flush && now_us - cc->written_us < KC_TRANSPORT_CC_INTERVAL_US)
        return 0;
    cc->written_us = now_us;
    gsize bytes = fci_write(cc, ret_fci);
    cc->flush = cc->flush && cc->base != cc->next;
    return bytes;
}

/* ---- the other side's ---- */

/* Goes through what a feedback says has come. */
typedef struct {
    const guint8 *fci;
    gsize bytes;
    guint base, count, at; /* at: packets of `count` that were gone through */
    gsize chunk_at, delta_at;
    guint16 chunk;
    guint in_chunk, of_chunk; /* symbols of the chunk: gone through, and in all */
    guint32 time;             /* in deltas */
} Reader;

typedef struct {
    guint16 number;
    guint32 time;
    gsize delta_at; /* place of its delta, and how long that is */
    guint delta_bytes;
} Arrival;

static guint
chunk_symbols(guint16 chunk)
{
    if ((chunk & 0x8000) == 0)
        return chunk & 0x1fff;
    return (chunk & 0x4000) == 0 ? 14 : 7;
}

static guint
chunk_symbol(guint16 chunk, guint at)
{
    if ((chunk & 0x8000) == 0)
        return chunk >> 13 & 3;
    return (chunk & 0x4000) == 0 ? (chunk >> (13 - at) & 1) : (chunk >> (12 - 2 * at) & 3);
}

/* FALSE: it is not whole. */
static gboolean
reader_begin(Reader *reader, const guint8 *fci, gsize bytes)
{
    if (bytes < 8)
        return FALSE;
    *reader =
        (Reader){.fci = fci, .bytes = bytes, .base = kc_get_u16(fci), .count = kc_get_u16(fci + 2), .chunk_at = 8};
    reader->time = kc_get_u24(fci + 4) * REFERENCE_DELTAS;
    gsize at = 8;
    for (guint n = 0; n < reader->count; at += 2) {
        if (at + 2 > bytes || chunk_symbols(kc_get_u16(fci + at)) == 0)
            return FALSE;
        n += chunk_symbols(kc_get_u16(fci + at));
    }
    reader->delta_at = at;
    return TRUE;
}

static void
chunk_next(Reader *reader)
{
    reader->chunk = kc_get_u16(reader->fci + reader->chunk_at);
    reader->chunk_at += 2;
    reader->in_chunk = 0;
    reader->of_chunk = MIN(chunk_symbols(reader->chunk), reader->count - reader->at);
    if ((reader->chunk & 0xe000) == 0) { /* a run of missing ones takes no time to go through */
        reader->at += reader->of_chunk;
        reader->of_chunk = 0;
    }
}

/* FALSE: that was all (*ret_whole), or it is not whole. */
static gboolean
reader_next(Reader *reader, Arrival *ret, gboolean *ret_whole)
{
    while (reader->at < reader->count) {
        if (reader->in_chunk == reader->of_chunk) {
            chunk_next(reader);
            continue;
        }
        guint bytes = chunk_symbol(reader->chunk, reader->in_chunk++); /* 0, 1 or 2, as it happens */
        guint16 number = (guint16)(reader->base + reader->at++);
        if (bytes == SYMBOL_MISSING)
            continue;
        if (bytes > SYMBOL_LARGE || reader->delta_at + bytes > reader->bytes)
            return FALSE;
        const guint8 *delta = reader->fci + reader->delta_at;
        reader->time += bytes == SYMBOL_SMALL ? *delta : (guint32)(gint16)kc_get_u16(delta);
        *ret = (Arrival){number, reader->time, reader->delta_at, bytes};
        reader->delta_at += bytes;
        return TRUE;
    }
    *ret_whole = TRUE;
    return FALSE;
}

/* When a packet came here, in deltas; FALSE: it did not, or is forgotten. */
static gboolean
came_here(KcTransportCc *cc, guint16 number, guint32 *ret_time)
{
    gint ago = kc_seq_diff(cc->next, number);
    if (!cc->started || ago <= 0 || ago > KC_TRANSPORT_CC_PACKETS || *arrival_of(cc, number) == 0)
        return FALSE;
    *ret_time = (guint32)(*arrival_of(cc, number) / DELTA_US);
    return TRUE;
}

typedef struct {
    gboolean any;
    Arrival first;
    guint32 last_time;
    gboolean known; /* at least one that came here */
    guint32 least;  /* its time there minus its time here, of the one that is least delayed */
} Digest;

static gboolean
digest(KcTransportCc *cc, Reader *reader, Digest *ret)
{
    gboolean whole = FALSE;
    Arrival arrival;
    *ret = (Digest){.any = FALSE};
    while (reader_next(reader, &arrival, &whole)) {
        guint32 here = 0;
        if (!ret->any)
            ret->first = arrival;
        ret->any = TRUE;
        ret->last_time = arrival.time;
        if (!came_here(cc, arrival.number, &here))
            continue;
        if (!ret->known || (gint32)(arrival.time - here - ret->least) < 0)
            ret->least = arrival.time - here;
        ret->known = TRUE;
    }
    return whole;
}

/* Where the other side's clock is laid. */
static void
lay(KcTransportCc *cc, const Digest *what, gint64 now_us)
{
    gint32 delay = (gint32)(what->least + cc->offset);
    if (cc->laid && (!what->known || (delay >= -EARLY_DELTAS && delay <= LATE_DELTAS)))
        return;
    cc->offset = what->known ? -what->least : (guint32)(now_us / DELTA_US) - what->last_time;
    cc->laid = TRUE;
}

/* The first delta takes what the reference time can't: 64 ms are as many deltas as it has room for. */
static void
shift(const KcTransportCc *cc, guint8 *fci, const Digest *what)
{
    guint32 time = kc_get_u24(fci + 4) * REFERENCE_DELTAS;
    time = what->any ? what->first.time + cc->offset : time + cc->offset;
    kc_put_u32(fci + 4, (time / REFERENCE_DELTAS) << 8 | fci[7]);
    if (!what->any)
        return;
    guint8 *delta = fci + what->first.delta_at;
    if (what->first.delta_bytes == SYMBOL_SMALL)
        *delta = (guint8)(time % REFERENCE_DELTAS);
    else
        kc_put_u16(delta, (guint16)(time % REFERENCE_DELTAS));
}

gboolean
kc_transport_cc_pass(KcTransportCc *cc, guint8 *fci, gsize bytes, gint64 now_us)
{
    Reader reader;
    Digest what;
    if (!reader_begin(&reader, fci, bytes) || !digest(cc, &reader, &what))
        return FALSE;
    if (what.any)
        lay(cc, &what, now_us);
    shift(cc, fci, &what);
    guint16 end = (guint16)(reader.base + reader.count);
    if (kc_seq_diff(end, cc->next) > 0)
        end = cc->next;
    if (kc_seq_diff(end, cc->base) > 0)
        cc->base = end;
    cc->other = TRUE;
    cc->waited_us = now_us;
    return TRUE;
}
