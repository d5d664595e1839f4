/* Two states: not configured (only "configure" and "stop" are taken), and running. Invariant: requests reach the
 * transport's thread in the order in which they came. */
#include "media/worker/control.h"

#include "media/worker/calls.h"
#include "media/sandbox/sandbox.h"
#include "src/base/limits.h"

#include <glib-unix.h>
#include <string.h>

struct KcControl {
    KcChannel *channel;
    guint read_source;
    guint write_source; /* 0: nothing waits to be written */
    gboolean alone;     /* the daemon has gone: nobody is there to be told anything */
    void (*ended)(gpointer user);
    gpointer user;
    KcOutbox *outbox;
    KcTransport *transport; /* NULL: not configured */
    KcRecorderWriter *writer;
    KcSnapshotter *snapshotter;
    KcCalls *calls;
    DIR *own_fds;
};

/* ---- sending ------------------------------------------------------------------------------------------------------
 */

static void
end(KcControl *control)
{
    void (*ended)(gpointer user) = control->ended;
    control->ended = NULL;
    if (ended != NULL)
        ended(control->user);
}

static gboolean
on_writable(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer user)
{
    KcControl *control = user;
    g_autoptr(GError) error = NULL;
    if (kc_channel_flush(control->channel, &error) && kc_channel_wants_write(control->channel))
        return G_SOURCE_CONTINUE;
    control->write_source = 0;
    return G_SOURCE_REMOVE;
}

static void
deliver(const KcMessage *message, gpointer user)
{
    KcControl *control = user;
    g_autoptr(GError) error = NULL;
    if (control->alone)
        return;
    if (!kc_channel_send(control->channel, message, &error)) {
        g_warning("%s for the daemon is lost: %s", kc_message_type_name(message->type), error->message);
        return;
    }
    if (kc_channel_wants_write(control->channel) && control->write_source == 0)
        control->write_source = g_unix_fd_add(kc_channel_fd(control->channel), G_IO_OUT, on_writable, control);
}

static void
refuse(KcControl *control, const KcMessage *request, guint status, const char *code, const char *detail)
{
    kc_outbox_post(control->outbox, kc_message_refusal(request, status, code, detail));
}

/* ---- requests -----------------------------------------------------------------------------------------------------
 */

static void
configure(KcControl *control, const KcMessage *request)
{
    g_autoptr(GError) error = NULL;
    if (control->transport != NULL) {
        refuse(control, request, 409, "configured", "this worker is configured already");
        return;
    }
    KcTransportConfig config = {.udp = {
                                    .addresses = (const char *const *)request->configure.addresses,
                                    .port_min = (guint16)request->configure.port_min,
                                    .port_max = (guint16)request->configure.port_max,
                                },
                                .offered = (const char *const *)request->configure.offered,
                                .udp_only = request->configure.udp_only};
    control->transport = kc_transport_new(&config, &error);
    if (control->transport == NULL) {
        refuse(control, request, 503, "no-socket", error->message);
        return;
    }
    /* The sockets are bound, and nothing was read from them yet. */
    KcMessage *reply = kc_message_reply(KC_MESSAGE_CONFIGURED, request);
    const KcSandboxWish wish = {request->configure.sandbox, request->configure.uid, request->configure.gid};
    if (!kc_sandbox_enter(&wish, &reply->configured.sandbox, &error)) {
        refuse(control, request, 503, "no-sandbox", error->message);
        kc_message_free(reply);
        return;
    }
    control->writer = kc_recorder_writer_new();
    control->snapshotter = kc_snapshotter_new();
    KcCallsConfig calls = {control->transport, control->writer, control->snapshotter, control->outbox, control->own_fds};
    control->calls = kc_calls_new(&calls);
    kc_transport_start(control->transport);
    reply->configured.port = kc_transport_port(control->transport);
    kc_outbox_post(control->outbox, reply);
}

typedef struct {
    KcCalls *calls;
    KcMessage *request;
    KcSdpOffer *offer;
} Job;

static void
job_free(Job *job)
{
    kc_sdp_offer_free(job->offer);
    kc_message_free(job->request);
    g_free(job);
}

static gpointer
job_run(gpointer data)
{
    Job *job = data;
    kc_calls_request(job->calls, job->request, g_steal_pointer(&job->offer));
    job_free(job);
    return NULL;
}

/* Takes both over. */
static void
to_calls(KcControl *control, KcMessage *request, KcSdpOffer *offer)
{
    Job *job = g_new0(Job, 1);
    *job = (Job){control->calls, request, offer};
    if (!kc_udp_loop_post(kc_transport_loop(control->transport), job_run, job))
        job_free(job);
}

/* Offers are checked here, where a hostile one takes no time from the calls. */
static void
join(KcControl *control, KcMessage *request)
{
    g_auto(KcSdpRefusal) refusal = {0};
    gsize len = strlen(request->join.offer);
    KcSdpOffer *offer = NULL;
    if (len > KC_LIMIT_SDP_BYTES)
        refuse(control, request, 400, "sdp-too-large", "an offer has at most 64 KiB");
    else if ((offer = kc_sdp_offer_parse(request->join.offer, len, &refusal)) == NULL)
        refuse(control, request, refusal.status, refusal.code, refusal.detail);
    if (offer != NULL)
        to_calls(control, request, offer);
    else
        kc_message_free(request);
}

static void
dispatch(KcControl *control, KcMessage *message)
{
    g_autoptr(KcMessage) request = message;
    switch (request->type) {
    case KC_MESSAGE_CONFIGURE:
        configure(control, request);
        return;
    case KC_MESSAGE_STOP:
        end(control);
        return;
    case KC_MESSAGE_JOIN:
    case KC_MESSAGE_PATCH:
    case KC_MESSAGE_LEAVE:
    case KC_MESSAGE_SNAPSHOT:
    case KC_MESSAGE_KEYFRAME:
    case KC_MESSAGE_SHOW:
    case KC_MESSAGE_STATS:
        break;
    default:
        g_warning("%s is not for a worker", kc_message_type_name(request->type));
        return;
    }
    if (control->calls == NULL)
        refuse(control, request, 409, "not-configured", "this worker is not configured");
    else if (request->type == KC_MESSAGE_JOIN)
        join(control, g_steal_pointer(&request));
    else
        to_calls(control, g_steal_pointer(&request), NULL);
}

static gboolean
on_readable(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer user)
{
    KcControl *control = user;
    for (;;) {
        g_autoptr(GError) error = NULL;
        KcMessage *message = NULL;
        switch (kc_channel_recv(control->channel, &message, &error)) {
        case KC_CHANNEL_MESSAGE:
            dispatch(control, message);
            continue;
        case KC_CHANNEL_AGAIN:
            return G_SOURCE_CONTINUE;
        case KC_CHANNEL_ERROR:
            g_warning("from the daemon: %s", error->message);
            if (!g_error_matches(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_IO))
                continue;
            break;
        case KC_CHANNEL_END:
            break;
        }
        control->read_source = 0;
        control->alone = TRUE;
        end(control);
        return G_SOURCE_REMOVE;
    }
}

/* ---- beginning and end --------------------------------------------------------------------------------------------
 */

KcControl *
kc_control_new(KcChannel *channel, void (*ended)(gpointer user), gpointer user)
{
    KcControl *control = g_new0(KcControl, 1);
    control->channel = channel;
    control->ended = ended;
    control->user = user;
    control->outbox = kc_outbox_new(deliver, control);
    control->own_fds = opendir("/proc/self/fd");
    control->read_source = g_unix_fd_add(kc_channel_fd(channel), G_IO_IN | G_IO_HUP, on_readable, control);
    return control;
}

static gpointer
calls_end(gpointer calls)
{
    kc_calls_end(calls);
    return NULL;
}

void
kc_control_free(KcControl *control)
{
    if (control == NULL)
        return;
    if (control->transport != NULL) {
        kc_udp_loop_call(kc_transport_loop(control->transport), calls_end, control->calls);
        kc_udp_loop_stop(kc_transport_loop(control->transport));
    }
    /* Snapshots and recordings end by themselves here, and say so to the outbox. */
    kc_recorder_writer_free(control->writer); /* which may still hand frames to the snapshotter */
    kc_snapshotter_free(control->snapshotter);
    kc_calls_free(control->calls);
    kc_transport_free(control->transport);
    kc_outbox_deliver(control->outbox);
    kc_outbox_free(control->outbox);
    if (control->read_source != 0)
        g_source_remove(control->read_source);
    if (control->write_source != 0)
        g_source_remove(control->write_source);
    if (control->own_fds != NULL)
        closedir(control->own_fds);
    kc_channel_free(control->channel);
    g_free(control);
}
