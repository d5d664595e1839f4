/* Transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 *
 * With two in a call the relay is transparent: the sender's transport-wide numbers go to the receiver as they are, each
 * packet one to one, and the receiver's feedback goes back, so that the sender's estimate covers both legs. Only while
 * no such feedback can be had (nobody else is there, the other side can't or is silent, or there is more than one other
 * side) the relay answers by itself, by this: else the sender would fall back to a few kbit/s, and the recording with
 * it.
 *
 * To the sender the two must be one receiver, or what it has just learned of the path (its first probe, most of all) is
 * worth nothing. So each packet is reported by one of them only, in order, and all times are of the relay's clock: the
 * receiver's are laid beside it where one takes over, the least delayed packet of its first feedback arriving when it
 * came here.
 *
 * Pure; times in monotonic microseconds. */
#pragma once

#include <glib.h>

#define KC_TRANSPORT_CC_PACKETS 512 /* arrivals that are remembered; in one feedback at most so many */
#define KC_TRANSPORT_CC_INTERVAL_US (100 * 1000)
#define KC_TRANSPORT_CC_SILENCE_US (2 * 1000 * 1000) /* without feedback from the other side, the relay answers */
#define KC_TRANSPORT_CC_FCI_MAX 1100

typedef struct {
    gboolean started;
    guint16 base; /* of the next feedback: everything before is reported, or never will be */
    guint16 next; /* highest number that came, + 1 */
    gint64 arrivals[KC_TRANSPORT_CC_PACKETS]; /* by number, of the last so many; 0: has not come */
    guint8 feedbacks;                         /* written so far */
    gint64 written_us;
    gboolean other;   /* the other side answers, or is expected to */
    gint64 waited_us; /* since when it is waited for */
    gboolean flush;   /* what has come until now is the relay's to report, at once */
    gboolean laid;    /* `offset` holds */
    guint32 offset;   /* to be added to the other side's times, in 250 µs, mod 2^32 as they are */
} KcTransportCc;

/* A packet with this transport-wide number has come. */
void kc_transport_cc_packet(KcTransportCc *cc, guint16 number, gint64 arrived_us);

/* From the next packet on somebody gets them who gives feedback: it is waited for. What came before is due at once. */
void kc_transport_cc_expect(KcTransportCc *cc);

/* From now on the relay answers, whatever went through before: there are more than two. */
void kc_transport_cc_take_over(KcTransportCc *cc);

/* Feedback from the other side goes through: its times in `fci` become the relay's. FALSE: it is none, and must not. */
gboolean kc_transport_cc_pass(KcTransportCc *cc, guint8 *fci, gsize bytes, gint64 now_us);

/* The FCI of a feedback if one is due, else 0. */
gsize kc_transport_cc_write(KcTransportCc *cc, gint64 now_us, guint8 ret_fci[KC_TRANSPORT_CC_FCI_MAX]);
