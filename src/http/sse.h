/* Event streams (text/event-stream): each client has a bounded queue; one that does not read is dropped, and resumes
 * with Last-Event-ID.
 *
 * A client whose queue is empty suspends its MHD connection; publishing resumes it. A comment goes out when nothing
 * else did for the heartbeat, so that a dead client is found. All suspended connections are resumed by
 * kc_sse_hub_stop, which must come before MHD is stopped. Thread-safe. */
#pragma once

#include <glib.h>
#include <microhttpd.h>

#include "src/http/connection.h"
#include "src/store/event_store.h"

typedef struct KcSseHub KcSseHub;
typedef struct KcSseClient KcSseClient;

/* Who listens; copied, but the list of types, which must be static. `session` names the token, so that signing out ends its streams. */
typedef struct {
    KcEventReader reader;
    const char *session;
    gint64 expires_us; /* 0: never */
} KcSseAudience;

KcSseHub *kc_sse_hub_new(guint heartbeat_s);

/* Ends all streams, resuming their connections; later clients end at once. */
void kc_sse_hub_stop(KcSseHub *hub);

/* After MHD is stopped, when no client is left. */
void kc_sse_hub_free(KcSseHub *hub);

/* One event to all who may see it. Events must come in the order of seq; one at or below a client's last is not sent
 * to it again. */
void kc_sse_hub_publish(KcSseHub *hub, const KcEvent *event);

/* Ends the streams of a session that was signed out. */
void kc_sse_hub_end_session(KcSseHub *hub, const char *session);

/* The sessions of staff that have streams; owned, each once. */
GStrv kc_sse_hub_staff_sessions(KcSseHub *hub);

guint kc_sse_hub_clients(KcSseHub *hub);

/* A client that holds live events back until kc_sse_client_start, so that the missed ones can be put before them.
 * NULL if there are KC_LIMIT_SSE_STREAMS already. Copies the audience; `connection` outlives the client. */
KcSseClient *kc_sse_client_new(KcSseHub *hub, struct MHD_Connection *mhd, KcHttpConnection *connection,
                               KcSseAudience audience);

/* Nothing more of these cases but what is for that user alone, until KC_EVENT_BLIND_ENDS. */
void kc_sse_client_hide(KcSseClient *client, const char *const *case_ids);

/* A missed event that this client may see, in order, before start. FALSE when there are too many. */
gboolean kc_sse_client_replay(KcSseClient *client, const KcEvent *event);

/* The first words of the stream (`hello`, with `from_seq` as its id), then what was replayed, then what is live and
 * newer than `from_seq`. */
void kc_sse_client_start(KcSseClient *client, gint64 from_seq, gboolean resync);

/* For the reply: the response owns the client from here on. */
struct MHD_Response *kc_sse_client_response(KcSseClient *client);
void kc_sse_client_free(KcSseClient *client);
