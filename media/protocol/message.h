/* The messages between kuaichud and its helpers kuaichu-media and kuaichu-compose: one JSON object a packet.
 *
 * A request carries "id" (chosen by the daemon, never 0), its reply the same number in "re"; an event has neither.
 * "type" names the message. Decoding is strict: an unknown type or key, a missing key, a wrong type or a number out of
 * range is an error that names the key, so that a daemon and a worker of different versions notice at once.
 *
 *     daemon -> worker                      worker -> daemon
 *     configure                             configured | refused
 *     join (+ 1 fd if it is recorded)       joined | refused
 *     patch                                 patched | refused
 *     leave                                 left | refused
 *     snapshot                              snapshot_taken (+ 1 fd) | refused
 *     keyframe                              done | refused
 *     show                                  done | refused
 *     stats                                 stats_report
 *     stop                                  (events, then the end of the connection)
 *                                           leg, slots, recording (events)
 *
 *     daemon -> composer                    composer -> daemon
 *     compose (+ 1 fd)                      composed | refused, when it is done
 *     captions, source (events, + 1 fd)     composing (event)
 *
 * Thread-safe: nothing is shared. Strings are owned by the message, UTF-8, and NULL only where said. */
#pragma once

#include <glib.h>

#define KC_PROTOCOL_KEY_BYTES 32
#define KC_PROTOCOL_ID_MAX 64    /* characters of a call, leg, object or participant id */
#define KC_PROTOCOL_LEGS_MAX 200 /* of one stats_report: what fits into a packet with room to spare */
#define KC_PROTOCOL_GAPS_MAX 256 /* of one recording event; the rest are in the sealed index */
#define KC_PROTOCOL_ADDRESSES_MAX 16
#define KC_PROTOCOL_SLOTS_MAX 3 /* of one leg: the others of a full call */
#define KC_PROTOCOL_TILES_MAX 9    /* participants of a composed video */
#define KC_PROTOCOL_SOURCES_MAX 100 /* recordings in it */

#define KC_PROTOCOL_ERROR (kc_protocol_error_quark())
GQuark kc_protocol_error_quark(void);

typedef enum {
    KC_PROTOCOL_ERROR_MALFORMED, /* not JSON, not an object, or a key is wrong; the message says which */
    KC_PROTOCOL_ERROR_TOO_LARGE, /* over KC_LIMIT_PROTOCOL_MESSAGE_BYTES */
    KC_PROTOCOL_ERROR_FDS,       /* a file descriptor is missing or one too many */
    KC_PROTOCOL_ERROR_IO,        /* the socket failed */
} KcProtocolError;

typedef enum {
    KC_MESSAGE_CONFIGURE,
    KC_MESSAGE_JOIN,
    KC_MESSAGE_PATCH,
    KC_MESSAGE_LEAVE,
    KC_MESSAGE_SNAPSHOT,
    KC_MESSAGE_KEYFRAME,
    KC_MESSAGE_SHOW,
    KC_MESSAGE_STATS,
    KC_MESSAGE_STOP,
    KC_MESSAGE_COMPOSE,
    KC_MESSAGE_CONFIGURED,
    KC_MESSAGE_JOINED,
    KC_MESSAGE_PATCHED,
    KC_MESSAGE_LEFT,
    KC_MESSAGE_SNAPSHOT_TAKEN,
    KC_MESSAGE_DONE,
    KC_MESSAGE_STATS_REPORT,
    KC_MESSAGE_COMPOSED,
    KC_MESSAGE_REFUSED,
    KC_MESSAGE_LEG,
    KC_MESSAGE_SLOTS,
    KC_MESSAGE_RECORDING,
    KC_MESSAGE_CAPTIONS,
    KC_MESSAGE_SOURCE,
    KC_MESSAGE_COMPOSING,
    KC_MESSAGE_N_TYPES
} KcMessageType;

/* Of what a worker gives up (media/sandbox/sandbox.h). */
typedef enum {
    KC_SANDBOX_AUTO,    /* what the system has */
    KC_SANDBOX_REQUIRE, /* all of it, or the worker refuses to serve */
    KC_SANDBOX_OFF,
} KcSandboxMode;

/* "configure": first message of a connection, once. The worker binds one UDP port in [port_min, port_max], listens at a
 * TCP port of the same range unless `udp_only`, and offers `offered` in its ICE candidates. With one address the socket is bound to exactly that, with more to any.
 *
 * Behind NAT `offered` differs from `addresses`: each is "ADDRESS" or "ADDRESS:PORT" (src/base/endpoint.h), where PORT
 * is what reaches port_min here, and each further port of the range is mapped as far above it.
 *
 * As soon as the sockets are bound the worker goes into its sandbox. */
typedef struct {
    char **addresses; /* NULL-terminated, 1 to KC_PROTOCOL_ADDRESSES_MAX numeric addresses, to be bound */
    guint port_min;   /* 1 to 65535 */
    guint port_max;   /* not below port_min */
    char **offered;   /* NULL-terminated, up to KC_PROTOCOL_ADDRESSES_MAX; NULL or empty: the addresses themselves */
    gboolean udp_only;
    KcSandboxMode sandbox;
    guint uid, gid;   /* what a worker that is root becomes; 0: stays */
} KcConfigure;

/* "join": a participant's offer. `call` groups the legs; a second leg of the same participant of the same call takes
 * over from the first, unless its offer is the first one's (same o= session id and fingerprint): then refused, 409. */
typedef struct {
    char *call;
    char *leg;
    char *participant_kind; /* "party", "user" or "guest" */
    char *participant_id;
    char *offer;                       /* SDP */
    char *object;                      /* id of the vault object that the recording goes into; NULL: not recorded */
    guint8 key[KC_PROTOCOL_KEY_BYTES]; /* key of that object */
    gint64 epoch_us;                   /* wall clock that media time 0 of the recordings of this call stands for */
} KcJoin;

/* "patch": an ICE fragment (RFC 8840) for a leg: trickled candidates or an ICE restart. "patched" answers in kind. */
typedef struct {
    char *leg;
    char *sdpfrag;
} KcPatch;

/* "leave": ends a leg and finishes its recording; answered by "left" when the leg is out of the call (the recording's
 * "finished" event may come later). */
typedef struct {
    char *leg;
    char *reason; /* "left", "replaced", "closed", …: for the log */
} KcLeave;

/* "show": which other legs of the call this one wants large; a hidden one comes without pictures, one in neither list
 * with fewer bits. Before the first such choice everybody is large. Names that are not in the call count for nothing
 * until they are. */
typedef struct {
    char *leg;
    char **large, **hidden; /* NULL-terminated legs, at most KC_PROTOCOL_ADDRESSES_MAX */
} KcShow;

/* "snapshot", "keyframe", "joined" and "left" name a leg. */
typedef struct {
    char *leg;
} KcLegName;

/* "configured": what is in force of the sandbox. */
typedef struct {
    gboolean unprivileged; /* not root, no capabilities, and no way to any */
    gboolean seccomp;
    guint landlock; /* version of its ABI; 0: the system has none */
} KcSandbox;

typedef struct {
    guint port;
    KcSandbox sandbox;
} KcConfigured;

typedef struct {
    char *answer;      /* SDP, complete: all candidates */
    char *o_id;        /* session id of the offer's o= line */
    char *fingerprint; /* of the offer: "sha-256 AA:BB:…" */
    char *replaced;    /* leg that this one took over from; NULL: none */
} KcJoined;

/* "refused": `status` and `code` go into the problem that the client sees. */
typedef struct {
    guint status; /* 400 bad SDP, 404 no such leg, 409 conflict, 422 can't be served, 503 no room */
    char *code;   /* stable, kebab-case: "sdp-invalid", "call-full", "same-offer", "leg-unknown", "no-frame", … */
    char *detail; /* a sentence */
} KcRefused;

/* "snapshot_taken": a JPEG of `bytes` bytes in the memfd that comes with it. */
typedef struct {
    char *leg;
    guint width;
    guint height;
    gint64 media_time_ms; /* since the call's epoch */
    gint64 bytes;
} KcSnapshotTaken;

/* One leg of a "stats_report". In = from the participant to the server. Loss in permille of the last seconds. */
typedef struct {
    char *call;
    char *leg;
    char *media;     /* "connecting", "connected", "warning", "gone" */
    char *recording; /* "live", "stopped", "failed" */
    gint64 joined_at_us;
    gint64 packets_in, packets_out;
    gint64 bytes_in, bytes_out;
    gint64 bitrate_in_bps, bitrate_out_bps;
    gint64 loss_in_permille, loss_out_permille;
    gint64 nacks_sent, nacks_answered, plis_sent;
    gint64 rtt_ms;             /* -1: unknown */
    gint64 age_last_packet_ms; /* -1: none yet */
    gint64 width, height;      /* of the newest picture; 0: none */
    gint64 bytes_durable;      /* of its recording */
} KcLegStats;

/* Since the worker began, of the legs that have ended as well: none of these ever falls. */
typedef struct {
    gint64 packets_in, packets_out; /* of RTP */
    gint64 bytes_in, bytes_out;
    gint64 packets_lost; /* of video from a participant, given up */
    gint64 nacks_sent, nacks_answered, plis_sent;
    gint64 bytes_recorded;  /* sealed and written */
    gint64 bytes_durable;   /* of them, synced to the disk */
    gint64 late_loops;      /* turns of the transport's loop that began more than 20 ms late */
    gint64 tcp_dropped;     /* media packets for which a slow reader by TCP had no room */
    gint64 packets_refused; /* garbage, unauthenticated or unknown datagrams */
    gint64 transport_cpu_us; /* that the transport's thread has used */
} KcWorkerTotals;

typedef struct {
    KcLegStats *legs; /* n_legs, at most KC_PROTOCOL_LEGS_MAX */
    guint n_legs;
    gint64 calls;
    gint64 open_fds;
    gint64 tcp_connections;
    KcWorkerTotals totals;
} KcStatsReport;

/* "leg" event. connected: media flows under DTLS; warning: no RTP for 5 s; ok: it flows again; gone: the leg has ended
 * (consent lost, DTLS refused, the participant closed it). After "gone" the worker has forgotten the leg. */
typedef enum {
    KC_LEG_CONNECTED,
    KC_LEG_WARNING,
    KC_LEG_OK,
    KC_LEG_GONE,
} KcLegState;

typedef struct {
    char *leg;
    KcLegState state;
    char *reason; /* "" or a word: "consent-lost", "dtls-failed", "closed", "replaced" */
} KcLegEvent;

/* "slots" event: who comes to a leg in which of its sections, whenever that changes, and right after it joined. */
typedef struct {
    char *audio_mid;  /* NULL: the offer has no such section */
    char *video_mid;
    char *source_leg; /* NULL: nobody */
} KcSlotRow;

typedef struct {
    char *leg;
    KcSlotRow *slots; /* n_slots, at most KC_PROTOCOL_SLOTS_MAX */
    guint n_slots;
} KcSlotsEvent;

typedef enum {
    KC_OBJECT_STARTED,  /* head and first chunk are durable */
    KC_OBJECT_PROGRESS, /* about every 5 s: what is durable */
    KC_OBJECT_FAILED,   /* the object takes no more; the call goes on */
    KC_OBJECT_FINISHED, /* sealed, indexed, durable */
} KcObjectState;

typedef struct {
    gint64 from_ms, to_ms;
} KcRecordingGap;

typedef struct {
    char *object;
    KcObjectState state;
    gint64 chunks;
    gint64 bytes; /* of plaintext */
    gint64 duration_ms;
    gint64 started_at_us; /* wall clock of the recording's media time 0 */
    char *sha256;         /* hex, of the plaintext; NULL unless finished */
    gboolean has_audio, has_video;
    gint64 width, height; /* largest picture */
    KcRecordingGap *gaps; /* n_gaps, at most KC_PROTOCOL_GAPS_MAX */
    guint n_gaps;
} KcRecordingEvent;

/* "compose": first message to a kuaichu-compose, once: the empty file of a vault object, which one video is made into of
 * `sources` recordings in `tiles` pictures side by side. Then "captions", then each "source"; then it begins. It goes into
 * its sandbox before it reads any of them. */
typedef struct {
    char *object;
    guint8 key[KC_PROTOCOL_KEY_BYTES];
    guint tiles;         /* 1 to KC_PROTOCOL_TILES_MAX */
    guint sources;       /* 1 to KC_PROTOCOL_SOURCES_MAX */
    gint64 utc_offset_s; /* of the clock in the picture */
    KcSandboxMode sandbox;
    guint uid, gid; /* as in "configure" */
} KcCompose;

/* "captions": what is written into the picture, drawn already, in the memfd that comes with it (captions.h). */
typedef struct {
    gint64 bytes;
} KcCaptionsSent;

/* "source": a finished recording; its file comes with it. */
typedef struct {
    char *object;
    guint8 key[KC_PROTOCOL_KEY_BYTES];
    guint tile;           /* whose it is: 0 to tiles - 1 */
    gint64 started_at_us; /* wall clock of its media time 0 */
    char *sha256;         /* of its plaintext, hexadecimal: other bytes are refused */
} KcSourceSent;

typedef struct {
    gint64 permille;
} KcComposing;

/* "composed": the object is sealed, indexed and durable. */
typedef struct {
    gint64 bytes; /* of plaintext */
    gint64 duration_ms;
    gint64 width, height;
    gint64 cpu_ms;         /* that it took */
    gint64 broken_frames; /* that did not decode; the last good picture stood for them */
    char *sha256;          /* hex, of the plaintext */
    KcSandbox sandbox;
} KcComposed;

typedef struct {
    KcMessageType type;
    guint64 id; /* requests; 0 otherwise */
    guint64 re; /* replies; 0 otherwise */
    int fd;     /* comes along with join (recorded), snapshot_taken, compose, captions and source; -1: none. Owned by the
                   message. */
    union {
        KcConfigure configure;
        KcJoin join;
        KcPatch patch; /* PATCH, PATCHED */
        KcLeave leave;
        KcShow show;
        KcLegName leg_name; /* SNAPSHOT, KEYFRAME, LEFT */
        KcConfigured configured;
        KcJoined joined;
        KcRefused refused;
        KcSnapshotTaken snapshot_taken;
        KcStatsReport stats_report;
        KcLegEvent leg;
        KcSlotsEvent slots;
        KcRecordingEvent recording;
        KcCompose compose;
        KcCaptionsSent captions;
        KcSourceSent source;
        KcComposing composing;
        KcComposed composed;
    };
} KcMessage;

/* A zeroed message of this type, with fd -1. Free with kc_message_free, which frees every string set, wipes the key and
 * closes the fd. */
KcMessage *kc_message_new(KcMessageType type);
KcMessage *kc_message_reply(KcMessageType type, const KcMessage *request);
KcMessage *kc_message_refusal(const KcMessage *request, guint status, const char *code, const char *detail);
void kc_message_free(KcMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcMessage, kc_message_free)

/* The name on the wire: "join", "snapshot_taken", … */
const char *kc_message_type_name(KcMessageType type);
/* "connected", …; "started", … */
const char *kc_leg_state_name(KcLegState state);
const char *kc_object_state_name(KcObjectState state);

/* Owned text (without the fd), or NULL with an error if a required string is NULL or the text would be too large. */
char *kc_message_encode(const KcMessage *message, gsize *ret_len, GError **error);

/* NULL with an error for anything but exactly one well-formed message. `fd` is taken over by the message (-1: none)
 * also on failure: then it is closed. */
KcMessage *kc_message_decode(const char *text, gsize len, int fd, GError **error);

/* From now on what JSON was read into is wiped when it is given back: for a process that is sent keys. Once, before any
 * message. */
void kc_message_wipe_json(void);

/* TRUE for messages that must come with a file descriptor: a recorded join, snapshot_taken, compose, captions, source. */
gboolean kc_message_wants_fd(const KcMessage *message);
