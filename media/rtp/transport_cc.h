/* Transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 *
 * With two in a call the relay is transparent: the sender's transport-wide numbers go to the receiver as they are, each
 * packet one to one, and the receiver's feedback goes back as it is, so that the sender's estimate covers both legs.
 * Only while no such feedback comes (nobody else is there, the other side can't, or there is more than one other side)
 * the relay answers by itself, by this: else the sender would fall back to a few kbit/s, and the recording with it.
 *
 * Pure; times in monotonic microseconds. */
#pragma once

#include <glib.h>

#define KC_TRANSPORT_CC_PACKETS 512 /* in one feedback */
#define KC_TRANSPORT_CC_INTERVAL_US (100 * 1000)
#define KC_TRANSPORT_CC_SILENCE_US (2 * 1000 * 1000) /* without feedback from the other side, the relay answers */
#define KC_TRANSPORT_CC_FCI_MAX 1100

typedef struct {
    gboolean started;
    guint16 base; /* number of arrivals[0] */
    guint n;
    gint64 arrivals[KC_TRANSPORT_CC_PACKETS]; /* 0: has not come */
    guint8 feedbacks;                         /* sent so far */
    gint64 written_us;
    gint64 passed_us; /* when feedback from the other side last went through */
} KcTransportCc;

/* A packet with this transport-wide number has come. */
void kc_transport_cc_packet(KcTransportCc *cc, guint16 number, gint64 arrived_us);

/* Feedback from the other side went through. */
void kc_transport_cc_passed(KcTransportCc *cc, gint64 now_us);

/* From now on the relay answers, whatever went through before: there are more than two. */
void kc_transport_cc_take_over(KcTransportCc *cc);

/* The FCI of a feedback if one is due, else 0. Begins the next. */
gsize kc_transport_cc_write(KcTransportCc *cc, gint64 now_us, guint8 ret_fci[KC_TRANSPORT_CC_FCI_MAX]);
