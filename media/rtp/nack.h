/* What is missing of one incoming stream, and when to ask for it again (RFC 4585, 6.2.1).
 *
 * A packet is asked for KC_NACK_FIRST_US after a later one came (so that small disorder costs nothing), then once a
 * round trip, KC_NACK_TRIES times at most and never later than KC_NACK_AGE_US. What could not be had, or a hole wider
 * than KC_NACK_MISSING_MAX, counts as given up: time for a keyframe. Pure; times in monotonic microseconds. */
#pragma once

#include "media/rtp/header.h"

#define KC_NACK_MISSING_MAX 256
#define KC_NACK_TRIES 8
#define KC_NACK_FIRST_US 5000
#define KC_NACK_RETRY_MIN_US 20000
#define KC_NACK_AGE_US (1000 * 1000)

typedef struct {
    guint16 seq;
    guint8 tries;
    gint64 since_us;
    gint64 next_us;
} KcNackItem;

typedef struct {
    gboolean started;
    guint16 highest;
    guint n_missing;
    KcNackItem missing[KC_NACK_MISSING_MAX]; /* oldest first */
    guint64 given_up;
} KcNack;

void kc_nack_reset(KcNack *nack);

/* A packet has come, by itself or as a retransmission. TRUE: something was given up just now. */
gboolean kc_nack_packet(KcNack *nack, guint16 seq, gint64 now_us);

/* Fills `ret_seqs` (ascending) with what is to be asked for now. *ret_given_up: something was given up just now. */
guint kc_nack_poll(KcNack *nack, gint64 now_us, gint64 rtt_us, guint16 ret_seqs[KC_NACK_MISSING_MAX],
                   gboolean *ret_given_up);

/* When to poll next; G_MAXINT64: nothing is missing. */
gint64 kc_nack_next_us(const KcNack *nack);
