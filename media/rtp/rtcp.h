/* RTCP (RFC 3550, 6; RFC 4585; RFC 5104; draft-holmer-rmcat-transport-wide-cc-extensions-01): compound packets read
 * part by part, and written part by part. Pure; thread-safe. */
#pragma once

#include "media/rtp/header.h"

#define KC_RTCP_MAX_BYTES 1200

enum {
    KC_RTCP_SR = 200,
    KC_RTCP_RR = 201,
    KC_RTCP_SDES = 202,
    KC_RTCP_BYE = 203,
    KC_RTCP_RTPFB = 205,
    KC_RTCP_PSFB = 206,
};

enum {
    KC_RTPFB_NACK = 1,
    KC_RTPFB_TRANSPORT_CC = 15,
    KC_PSFB_PLI = 1,
    KC_PSFB_FIR = 4,
};

/* One packet of a compound. */
typedef struct {
    guint8 type;
    guint8 count;       /* report count, source count or feedback message type */
    const guint8 *body; /* behind the four bytes of the common header */
    gsize bytes;        /* of the body, without padding */
} KcRtcpPart;

/* The next part at *offset, which moves on. FALSE: the end, or what follows is not RTCP. */
gboolean kc_rtcp_next(const guint8 *data, gsize len, gsize *offset, KcRtcpPart *ret_part);

typedef struct {
    guint32 ssrc;
    guint64 ntp; /* 32.32 seconds since 1900 */
    guint32 rtp;
    guint32 packets;
    guint32 bytes;
} KcRtcpSenderInfo;

typedef struct {
    guint32 ssrc; /* of the stream reported on */
    guint8 fraction_lost;
    gint32 lost; /* 24 bits */
    guint32 highest_seq;
    guint32 jitter;
    guint32 last_sr; /* middle 32 bits of the NTP time of the last report seen */
    guint32 delay;   /* since then, in 1/65536 s */
} KcRtcpBlock;

/* FALSE: the part is not a sender report, or cut short. */
gboolean kc_rtcp_sender_info(const KcRtcpPart *part, KcRtcpSenderInfo *ret_info);

/* Report block `index` of a sender or receiver report; FALSE behind the last. */
gboolean kc_rtcp_block(const KcRtcpPart *part, guint index, KcRtcpBlock *ret_block);

/* Of RTPFB and PSFB parts: the SSRC that the feedback is about, and what follows it. FALSE when cut short. */
gboolean kc_rtcp_feedback(const KcRtcpPart *part, guint32 *ret_media_ssrc, const guint8 **ret_fci, gsize *ret_bytes);

/* Calls `func` for each sequence number of a NACK's FCI. */
void kc_rtcp_nack_each(const guint8 *fci, gsize bytes, void (*func)(guint16 seq, gpointer user), gpointer user);

/* TRUE if a FIR's FCI asks for `ssrc`. */
gboolean kc_rtcp_fir_names(const guint8 *fci, gsize bytes, guint32 ssrc);

/* A compound being written. What doesn't fit any more is left out, whole. */
typedef struct {
    guint8 data[KC_RTCP_MAX_BYTES];
    gsize len;
} KcRtcpWriter;

void kc_rtcp_write_sr(KcRtcpWriter *writer, const KcRtcpSenderInfo *info, const KcRtcpBlock *blocks, guint n_blocks);
void kc_rtcp_write_rr(KcRtcpWriter *writer, guint32 ssrc, const KcRtcpBlock *blocks, guint n_blocks);
void kc_rtcp_write_sdes(KcRtcpWriter *writer, guint32 ssrc, const char *cname);
void kc_rtcp_write_bye(KcRtcpWriter *writer, guint32 ssrc);
void kc_rtcp_write_pli(KcRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc);
/* `seqs` ascending. */
void kc_rtcp_write_nack(KcRtcpWriter *writer, guint32 ssrc, guint32 media_ssrc, const guint16 *seqs, guint n);
/* Any transport-layer feedback whose FCI is ready-made. One of no whole words is filled with zeros, which transport-cc
 * allows after its deltas; a browser pads its own (P bit), and a part cut short says that nothing has a time. */
void kc_rtcp_write_rtpfb(KcRtcpWriter *writer, guint8 fmt, guint32 ssrc, guint32 media_ssrc, const guint8 *fci,
                         gsize bytes);
