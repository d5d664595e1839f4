/* RTP headers (RFC 3550, 5.1) with header extensions (RFC 8285, both forms): read in place, written anew.
 *
 * Sequence numbers and timestamps wrap; compare them only by kc_seq_diff and kc_ts_diff. Pure; thread-safe. */
#pragma once

#include <glib.h>

#define KC_RTP_FIXED_BYTES 12
#define KC_RTP_HEADER_MAX_BYTES 64 /* of what kc_rtp_header_write makes */

typedef struct {
    guint8 payload_type;
    gboolean marker;
    guint16 seq;
    guint32 timestamp;
    guint32 ssrc;
    guint16 extension_profile; /* 0xBEDE, 0x100x, or 0: none */
    const guint8 *extension;   /* into the packet; NULL: none */
    guint16 extension_bytes;
    const guint8 *payload; /* into the packet; never NULL */
    guint16 payload_bytes; /* without padding */
    guint8 padding_bytes;  /* behind the payload, its count byte included; 0: none */
} KcRtpHeader;

/* How far `a` is ahead of `b`: negative when it is older. */
static inline gint
kc_seq_diff(guint16 a, guint16 b)
{
    return (gint16)(guint16)(a - b);
}

static inline gint
kc_ts_diff(guint32 a, guint32 b)
{
    return (gint32)(a - b);
}

static inline guint16
kc_get_u16(const guint8 *p)
{
    return (guint16)(p[0] << 8 | p[1]);
}

static inline guint32
kc_get_u24(const guint8 *p)
{
    return (guint32)p[0] << 16 | (guint32)p[1] << 8 | p[2];
}

static inline guint32
kc_get_u32(const guint8 *p)
{
    return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static inline void
kc_put_u16(guint8 *p, guint16 v)
{
    p[0] = (guint8)(v >> 8);
    p[1] = (guint8)v;
}

static inline void
kc_put_u32(guint8 *p, guint32 v)
{
    kc_put_u16(p, (guint16)(v >> 16));
    kc_put_u16(p + 2, (guint16)v);
}

/* FALSE: not an RTP packet of version 2 whose parts fit into `len` bytes. */
gboolean kc_rtp_header_parse(const guint8 *data, gsize len, KcRtpHeader *ret_header);

/* The value of the first extension element with `id` (1 to 255), or NULL. */
const guint8 *kc_rtp_extension_find(const KcRtpHeader *header, guint8 id, guint *ret_bytes);

/* One element to write. `id` 1 to 14, `bytes` 1 to 16. */
typedef struct {
    guint8 id;
    guint8 bytes;
    const guint8 *value;
} KcRtpExtension;

/* A header in the one-byte form with `n` elements, and the fields of `header` but for its extensions; the padding bit
 * is set if it has padding_bytes. Returns its length, or 0 if it doesn't fit into KC_RTP_HEADER_MAX_BYTES. */
gsize kc_rtp_header_write(const KcRtpHeader *header, const KcRtpExtension *extensions, guint n,
                          guint8 ret_data[KC_RTP_HEADER_MAX_BYTES]);
