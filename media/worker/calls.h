/* Every call of a worker: who is in, on which seat, with which transport session, peer and recorder.
 *
 *   join ─▶ connecting ─DTLS done─▶ connected ─5 s without RTP─▶ warning ─RTP─▶ connected
 *              └────────────┴─── leave, takeover, consent lost, closed ──┴──▶ gone (forgotten)
 *
 * Requests come as messages and are answered by one message each, through the outbox; what happens by itself goes there
 * as events. All functions belong to the transport's thread, but kc_calls_new and kc_calls_free. */
#pragma once

#include "media/gst/kcrecorder.h"
#include "media/gst/snapshot.h"
#include "media/transport/transport.h"
#include "media/worker/outbox.h"

#include <dirent.h>

#define KC_CALLS_SILENCE_US (5 * 1000 * 1000)       /* without RTP: a warning */
#define KC_CALLS_SNAPSHOT_WAIT_US (3 * 1000 * 1000) /* for a picture, after a keyframe was asked for */
#define KC_CALLS_PROGRESS_US (5 * 1000 * 1000)      /* between two progress events of a recording */
#define KC_CALLS_LEGS_MAX 256                       /* of a worker: then joins are refused with 503 */

typedef struct KcCalls KcCalls;

/* All of these outlive the calls. */
typedef struct {
    KcTransport *transport;
    KcRecorderWriter *writer;
    KcSnapshotter *snapshotter;
    KcOutbox *outbox;
    DIR *own_fds; /* /proc/self/fd, which can't be opened any more; NULL: not known */
} KcCallsConfig;

KcCalls *kc_calls_new(const KcCallsConfig *config);

/* After kc_calls_end, when the transport's thread has stopped. */
void kc_calls_free(KcCalls *calls);

/* JOIN, PATCH, LEAVE, SNAPSHOT, KEYFRAME, SHOW, STATS. `offer` with JOIN only, parsed, owned from here on. The message
 * is lent; of JOIN the fd is taken, of SHOW the lists. */
void kc_calls_request(KcCalls *calls, KcMessage *request, KcSdpOffer *offer);

/* Ends every leg and finishes every recording, without "gone" events. */
void kc_calls_end(KcCalls *calls);
