/* Puts RTP packets (RFC 3550, 5.1) in order and waits for missing ones, for the recording only: the live path does not
 * go through here. Internal to kcrecorder.
 *
 * A packet that is next in order goes straight through, without a copy; one that comes early is copied. Pure: time is a
 * parameter. Takes any bytes. */
#pragma once

#include "media/rtp/header.h"

#define KC_REORDER_PACKETS 1024 /* how far a packet may be ahead of the one that is waited for */
#define KC_REORDER_JUMP 4096    /* further away than this is a sender that began anew */

typedef struct {
    guint16 seq;
    guint32 timestamp;
    guint32 ssrc; /* 0: that of the packets before it */
    gboolean marker;
    gint64 arrival_us;
    const guint8 *payload; /* without padding; may be empty */
    gsize size;
} KcRtpView;

/* A packet in order. `lost`: packets before it never came. `view` is valid during the call. */
typedef void (*KcReorderFunc)(const KcRtpView *view, gboolean lost, gpointer user_data);

typedef struct _KcReorder KcReorder;

KcReorder *kc_reorder_new(KcReorderFunc func, gpointer user_data);
void kc_reorder_free(KcReorder *reorder);

/* Late copies are dropped. */
void kc_reorder_push(KcReorder *reorder, const KcRtpView *view);

/* Gives up on packets that have been missing for `wait_us` and hands out what waits behind them; 0 gives up on all. */
void kc_reorder_expire(KcReorder *reorder, gint64 now_us, gint64 wait_us);

/* Whether packets wait behind a missing one. */
gboolean kc_reorder_is_blocked(const KcReorder *reorder);

/* Forgets everything; the next packet is the first. */
void kc_reorder_reset(KcReorder *reorder);
