/* Stills: the newest picture of a leg, read back from its recording on the recordings' thread, decoded on the snapshot
 * thread, sent in a memfd. */
#include "media/worker/calls_private.h"

#include <sys/mman.h>
#include <unistd.h>

typedef struct {
    KcOutbox *outbox;
    KcSnapshotter *snapshotter;
    guint64 request;
    char *leg;
} SnapshotJob;

static void
job_free(SnapshotJob *job)
{
    g_free(job->leg);
    g_free(job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SnapshotJob, job_free)

static void
refuse(KcOutbox *outbox, guint64 request, guint status, const char *code, const char *detail)
{
    KcMessage about = {.id = request};
    kc_outbox_post(outbox, kc_message_refusal(&about, status, code, detail));
}

/* A sealed-off copy in memory that only its descriptor names; -1 on failure. */
static int
memfd_of(GBytes *bytes)
{
    gsize len = 0;
    const guint8 *data = g_bytes_get_data(bytes, &len);
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    gsize written = 0;
    while (fd >= 0 && written < len) {
        ssize_t n = write(fd, data + written, len - written);
        if (n <= 0) {
            close(fd);
            return -1;
        }
        written += (gsize)n;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static void
snapshot_done(KcSnapshot *snapshot, const GError *error, gpointer user)
{
    g_autoptr(SnapshotJob) job = user;
    g_autoptr(KcSnapshot) owned = snapshot;
    if (owned == NULL) {
        refuse(job->outbox, job->request, 503, "no-frame", error->message);
        return;
    }
    int fd = memfd_of(owned->jpeg);
    if (fd < 0) {
        refuse(job->outbox, job->request, 503, "no-memory", "the picture can't be kept in memory");
        return;
    }
    KcMessage *reply = kc_message_new(KC_MESSAGE_SNAPSHOT_TAKEN);
    reply->re = job->request;
    reply->fd = fd;
    reply->snapshot_taken = (KcSnapshotTaken){
        .leg = g_strdup(job->leg),
        .width = owned->width,
        .height = owned->height,
        .media_time_ms = owned->media_time_ms,
        .bytes = (gint64)g_bytes_get_size(owned->jpeg),
    };
    kc_outbox_post(job->outbox, reply);
}

/* On the recordings' thread. */
static void
frames_read(KcGop *gop, const GError *error, gpointer user)
{
    g_autoptr(SnapshotJob) job = user;
    g_autoptr(GError) busy = NULL;
    if (gop == NULL)
        refuse(job->outbox, job->request, 503, "no-frame", error->message);
    else if (!kc_snapshotter_take(job->snapshotter, gop, snapshot_done, job, &busy))
        refuse(job->outbox, job->request, 503, "busy", busy->message);
    else
        g_steal_pointer(&job);
}

/* FALSE: there is no picture to take yet. */
static gboolean
take(Leg *leg, guint64 request)
{
    const KcCallsConfig *config = &leg->call->calls->config;
    SnapshotJob *job = g_new0(SnapshotJob, 1);
    *job = (SnapshotJob){config->outbox, config->snapshotter, request, g_strdup(leg->id)};
    if (kc_recorder_read_gop(leg->recorder, frames_read, job))
        return TRUE;
    job_free(job);
    return FALSE;
}

void
kc_leg_snapshot_request(Leg *leg, const KcMessage *request, gint64 now_us)
{
    KcOutbox *outbox = leg->call->calls->config.outbox;
    if (leg->recorder == NULL) {
        refuse(outbox, request->id, 409, "not-recorded", "only of a recorded participant a still can be taken");
        return;
    }
    if (take(leg, request->id))
        return;
    if (leg->snapshots->len >= KC_SNAPSHOT_QUEUE) {
        refuse(outbox, request->id, 503, "busy", "too many stills are waiting for a picture");
        return;
    }
    SnapshotWait wait = {request->id, now_us + KC_CALLS_SNAPSHOT_WAIT_US};
    g_array_append_val(leg->snapshots, wait);
    kc_peer_want_keyframe(leg->peer, now_us);
}

void
kc_leg_snapshot_tick(Leg *leg, gint64 now_us)
{
    while (leg->snapshots->len > 0) {
        SnapshotWait wait = g_array_index(leg->snapshots, SnapshotWait, 0);
        if (!take(leg, wait.request)) {
            if (now_us < wait.deadline_us)
                return;
            refuse(leg->call->calls->config.outbox, wait.request, 409, "no-frame", "no picture has come from there");
        }
        g_array_remove_index(leg->snapshots, 0);
    }
}

void
kc_leg_snapshot_refuse_all(Leg *leg)
{
    for (guint i = 0; i < leg->snapshots->len; i++)
        refuse(leg->call->calls->config.outbox, g_array_index(leg->snapshots, SnapshotWait, i).request, 404,
               "leg-unknown", "the participant has left");
    g_array_set_size(leg->snapshots, 0);
}
