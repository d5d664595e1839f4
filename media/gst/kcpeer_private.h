/* What kcpeer.c (the element), kcpeer_in.c (from the participant) and kcpeer_out.c (to it) share. */
#pragma once

#include "media/gst/kcevents.h"
#include "media/gst/kcpeer.h"
#include "media/rtp/keyframe.h"
#include "media/rtp/nack.h"
#include "media/rtp/reports.h"
#include "media/rtp/rtcp.h"
#include "media/rtp/rtx_cache.h"
#include "media/rtp/thinning.h"
#include "media/rtp/transport_cc.h"

#define KC_PEER_CNAME "kuaichu"
#define KC_PEER_LOSS_AGE_US (10 * 1000 * 1000) /* after which a report says nothing about now */
#define KC_PEER_SILENCE_US (1500 * 1000)       /* after which what comes is another beginning */

/* What the participant sends of one medium. */
typedef struct {
    KcRtpFormat format; /* ssrc and rtx_ssrc as learned */
    gboolean wants_nack;
    gboolean announced; /* stream-start, caps and segment went out for this ssrc */
    GstPad *pad;
    KcReceiverReport report;
    KcSenderPoint point;
    guint lost_beyond; /* what its receiver loses of it, in 256ths */
    gint64 lost_beyond_us; /* when that was said; 0: never */
} KcPeerIn;

/* What it is sent of one medium of one slot. */
typedef struct {
    KcRtpFormat format;
    GstPad *pad;
    KcRtxCache *cache; /* NULL: it takes no retransmissions */
    guint16 rtx_seq;   /* of the next */
    gboolean has_time;
    KcSenderTime time; /* in the numbering that the participant sees */
    guint32 packets;
    guint32 bytes;
    guint fraction_lost;
    gint64 lost_us; /* when that was said */
    gint64 keyframe_us; /* when the participant's wish for one last went upstream; 0: never */
} KcPeerOut;

struct _KcPeer {
    GstElement parent;
    KcPeerOutput output;
    GstBufferPool *pool;
    KcTimers *timers;
    KcTimer nack_timer;
    gboolean connected;
    gboolean reduced_size; /* feedback may go without a report before it */
    guint32 own_ssrc;      /* that our reports and feedback are from */
    KcPeerIn in[KC_N_MEDIA];
    KcPeerOut out[KC_PEER_SLOTS][KC_N_MEDIA];
    guint n_slots;
    gboolean relayed;
    KcThinning thinning;
    KcNack nack; /* of video */
    KcKeyframePolicy keyframe;
    KcSenderClock clock;
    KcTransportCc transport_cc;
    gint64 now_us; /* of the last call in */
    gint64 heard_us; /* when anything last came; 0: never */
    gint64 reported_us;
    KcPeerStats stats;
};

/* kcpeer_in.c */
void kc_peer_in_poll_nack(KcPeer *peer, gint64 now_us);
void kc_peer_in_poll_keyframe(KcPeer *peer, gint64 now_us);
void kc_peer_in_poll_transport_cc(KcPeer *peer, gint64 now_us);
void kc_peer_in_sender_report(KcPeer *peer, const KcRtcpSenderInfo *info, gint64 now_us, gint64 now_unix_us);
guint kc_peer_in_blocks(KcPeer *peer, gint64 now_us, KcRtcpBlock ret_blocks[KC_N_MEDIA]);
gboolean kc_peer_in_event(GstPad *pad, GstObject *parent, GstEvent *event);

/* kcpeer_out.c */
GstFlowReturn kc_peer_out_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer);
gboolean kc_peer_out_event(GstPad *pad, GstObject *parent, GstEvent *event);
gboolean kc_peer_out_query(GstPad *pad, GstObject *parent, GstQuery *query);
void kc_peer_out_feedback(KcPeer *peer, const KcRtcpPart *part, gint64 now_us);
void kc_peer_out_block(KcPeer *peer, const KcRtcpBlock *block, gint64 now_us, gint64 now_unix_us);
/* Writes a sender report for each stream that has a time; FALSE: there was none. */
gboolean kc_peer_out_reports(KcPeer *peer, KcRtcpWriter *writer, gint64 now_unix_us, const KcRtcpBlock *blocks,
                             guint n_blocks);
void kc_peer_out_want_keyframe(KcPeer *peer);

/* Something has come from the participant. */
void kc_peer_heard(KcPeer *peer, gint64 now_us);

/* Begins feedback: with an empty receiver report before it where the participant needs one. */
void kc_peer_feedback_begin(const KcPeer *peer, KcRtcpWriter *writer);
void kc_peer_send_rtcp(KcPeer *peer, const KcRtcpWriter *writer);
