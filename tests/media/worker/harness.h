/* A real kuaichu-media at the other end of a socket, and scripted participants on 127.0.0.1 that join its calls. */
#pragma once

#include "media/protocol/channel.h"
#include "media/rtp/rtcp.h"
#include "tests/media/transport/peer.h"

#define WAIT_MS 5000

typedef struct {
    GPid pid;
    KcChannel *channel;
    guint64 last_id;
    guint port;
    GPtrArray *events; /* of KcMessage: leg and recording */
    char *dir;         /* for objects */
} Worker;

/* Started and configured on 127.0.0.1. The program is $KC_MEDIA_WORKER. */
Worker *worker_new(void);
/* Waits for the worker to end by itself; its exit status. */
int worker_wait(Worker *worker);
/* Ends it if it runs. */
void worker_free(Worker *worker);

/* Sends a request (taken over, numbered here) and waits for its reply. Events that come before are kept. */
KcMessage *worker_request(Worker *worker, KcMessage *request);
/* Reads until an event of this leg with this state came; it stays in worker->events. */
void worker_await_leg(Worker *worker, const char *leg, KcLegState state);
/* The same for a recording; borrowed. */
const KcRecordingEvent *worker_await_recording(Worker *worker, const char *object, KcObjectState state);
/* Reads what is there. FALSE: the worker has closed its end. */
gboolean worker_read(Worker *worker);

/* A participant. */
typedef struct {
    Worker *worker;
    Peer *peer;
    char *leg;
    char *answer;
    guint32 audio_ssrc, video_ssrc, rtx_ssrc; /* that it will be sent */
    guint16 seq, rtx_seq, transport_seq;
    GPtrArray *rtp; /* of GBytes: what it was sent, in order; RTCP is in `rtcp` */
    GPtrArray *rtcp;
} Member;

#define MEMBER_AUDIO_PT 111
#define MEMBER_VIDEO_PT 96
#define MEMBER_RTX_PT 97
#define MEMBER_VIDEO_SSRC 2001
#define MEMBER_RTX_SSRC 2002
#define MEMBER_EXT_TRANSPORT_CC 3

/* Owned offer of a fresh peer, with everything that a browser offers: RTX, NACK, PLI, transport-cc. */
char *member_offer(Peer *peer, const char *session_id);
/* A join request, recorded into an object of the leg's name when `recorded`. */
KcMessage *member_join_request(Worker *worker, const char *call, const char *leg, const char *participant,
                               const char *offer, gboolean recorded);
/* Joins with `peer` (taken over), and does not connect yet. */
Member *member_enter(Worker *worker, Peer *peer, const char *call, const char *leg, const char *participant,
                     gboolean recorded);
/* Joins, connects, and waits for the "connected" event. */
Member *member_join(Worker *worker, const char *call, const char *leg, const char *participant, gboolean recorded);
/* The same with an offer that receives by `slots` pairs of sections, 1 to 3. */
Member *member_join_slots(Worker *worker, const char *call, const char *leg, const char *participant, guint slots,
                          gboolean recorded);
/* Joins by three pairs of sections that only receive, and is not recorded. */
Member *member_listen(Worker *worker, const char *call, const char *leg, const char *participant);
void member_free(Member *member);

/* Reads what has come, of this one. */
void member_read(Member *member);

/* One packet of video: number member->seq (which goes on), a transport-wide number, and `payload`. */
void member_send_video(Member *member, guint32 timestamp, gboolean marker, const void *payload, gsize bytes);
/* The packet of number `seq` again, as RTX. */
void member_send_rtx(Member *member, guint16 seq, guint32 timestamp, const void *payload, gsize bytes);
void member_send_rtcp(Member *member, KcRtcpWriter *writer);

/* The key that objects are sealed with, and the path of one. */
extern const guint8 member_key[KC_PROTOCOL_KEY_BYTES];
char *worker_object_path(const Worker *worker, const char *object);

/* Lets everybody read until `condition`, at most WAIT_MS; then the test fails. */
#define AWAIT(condition, ...)                                                                                          \
    do {                                                                                                               \
        Member *members_[] = {__VA_ARGS__, NULL};                                                                      \
        gint64 deadline_ = g_get_monotonic_time() + WAIT_MS * 1000;                                                    \
        while (!(condition)) {                                                                                         \
            ck_assert_msg(g_get_monotonic_time() < deadline_, "waited in vain for %s", #condition);                    \
            members_wait(members_, 20);                                                                                \
        }                                                                                                              \
    } while (0)

void members_wait(Member **members, int timeout_ms);
