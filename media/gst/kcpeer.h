/* kcpeer: one participant of a call, as an element.
 *
 *     network ── kc_peer_receive_rtp ──▶ audio_src, video_src     what the participant sends, every packet as it came
 *     network ◀── output.send_rtp ────── audio_sink_N, video_sink_N   what the participant is sent, by slot
 *
 * In: reads headers, counts, asks for what is missing (NACK) and for keyframes (PLI, at most one a second), writes
 * receiver reports, and answers congestion control itself while nobody else does, or always when there are more than two
 * (kc_peer_set_relayed). The n-th audio and the n-th video section that the offer receives by are slot n. Out: sends what kcroute has
 * rewritten, keeps the last packets and answers NACKs by RTX, writes sender reports by the server's clock. Feedback
 * from the participant about what it is sent travels upstream as events (kcevents.h).
 *
 * There is no thread and no queue: a push happens inside kc_peer_receive_rtp, and a packet has been handed to the
 * transport when it returns. All functions and pads belong to the transport's thread. Times: monotonic µs. */
#pragma once

#include "media/gst/kcformat.h"
#include "media/gst/kcrtpbuffer.h"
#include "media/transport/sdp.h"
#include "media/transport/timers.h"

#include <sys/uio.h>

#define KC_PEER_TICK_US (100 * 1000) /* how often kc_peer_tick is meant to be called */
#define KC_PEER_REPORT_US (1000 * 1000)
#define KC_PEER_SLOTS 3 /* more are not used */
#define KC_PEER_THIN_KEYFRAME_US (4 * 1000 * 1000) /* a receiver that loses much asks for keyframes at most this often */

#define KC_TYPE_PEER (kc_peer_get_type())
G_DECLARE_FINAL_TYPE(KcPeer, kc_peer, KC, PEER, GstElement)

/* The way to the network. */
typedef struct {
    gboolean (*send_rtp)(gpointer user, const guint8 *header, gsize header_bytes, const struct iovec *payload,
                         guint n_payload);
    gboolean (*send_rtcp)(gpointer user, const guint8 *data, gsize bytes);
    /* A sender report of the participant, as it came, and a new round trip time: for the recorder. May be NULL. */
    void (*sender_report)(gpointer user, KcMedia media, guint64 ntp, guint32 rtp);
    void (*round_trip)(gpointer user, gint64 rtt_us);
    gpointer user;
} KcPeerOutput;

typedef struct {
    guint64 packets_in, packets_out;
    guint64 bytes_in, bytes_out; /* of RTP */
    guint64 nacks_sent;          /* packets asked for */
    guint64 nacks_answered;      /* packets sent again */
    guint64 plis_sent;
    guint64 lost_for_good;   /* packets of video given up */
    guint loss_in_permille;  /* of the last report interval, the worse of sound and picture */
    guint loss_out_permille; /* as the participant last reported */
    gint64 rtt_us;           /* -1: unknown */
    gint64 last_rtp_us;      /* 0: none yet */
    guint width, height;     /* of the last keyframe that came */
} KcPeerStats;

/* A floating element. `pool`: kcrtpbuffer.h, a reference is taken. `timers` outlive it; NULL: kc_peer_tick must be
 * called often enough for retransmissions to be asked for in time. */
KcPeer *kc_peer_new(const char *name, const KcSdpOffer *offer, GstBufferPool *pool, KcTimers *timers,
                    const KcPeerOutput *output);

/* What the answer must say that we will send, by index of the offer's sections; `stream_id` and `track_id` are static.
 */
void kc_peer_sends(KcPeer *peer, const KcSdpOffer *offer, KcSdpSend ret_sends[KC_SDP_SECTIONS_MAX]);

/* How many slots the offer has, 0 to KC_PEER_SLOTS. */
guint kc_peer_slots(const KcPeer *peer);

/* The section of `offer` that a medium of a slot is sent in; NULL: it has none. Borrowed. */
const KcSdpSection *kc_peer_slot_section(const KcSdpOffer *offer, KcMedia media, guint slot);

/* There are more than two: the participant as a sender is answered by this element alone, and as a receiver it is
 * thinned out (media/rtp/thinning.h) rather than wait for others. */
void kc_peer_set_relayed(KcPeer *peer, gboolean relayed);

/* From now on `other`, the only one, gets what `peer` sends, and gives feedback about it if it can. */
void kc_peer_expect_feedback(KcPeer *peer, const KcPeer *other, gint64 now_us);

/* 0 unless relayed: how much less than everything the participant is to be sent. */
guint kc_peer_thinning(const KcPeer *peer);

/* Media may flow from here on: asks for keyframes both ways. */
void kc_peer_connected(KcPeer *peer, gint64 now_us);

void kc_peer_receive_rtp(KcPeer *peer, KcPacket *packet, gint64 now_us);
void kc_peer_receive_rtcp(KcPeer *peer, const guint8 *data, gsize bytes, gint64 now_us);

/* Reports, keyframe requests that had to wait, congestion feedback. `now_unix_us`: the wall clock. */
void kc_peer_tick(KcPeer *peer, gint64 now_us, gint64 now_unix_us);

/* Tells the participant that its sources are no more (BYE), sends the last reports; before the transport goes. */
void kc_peer_goodbye(KcPeer *peer);

/* Wants a keyframe from this participant. */
void kc_peer_want_keyframe(KcPeer *peer, gint64 now_us);

const KcPeerStats *kc_peer_stats(const KcPeer *peer);

/* TRUE if the offer lets the participant send anything at all. */
gboolean kc_peer_may_send(const KcPeer *peer);
