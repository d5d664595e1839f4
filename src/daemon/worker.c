#include "src/daemon/worker.h"

#include <string.h>
#include <unistd.h>

#define WORKER_FD 3

static KcMessage *
configure_message(const KcConfigure *configure)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_CONFIGURE);
    message->configure = *configure;
    message->configure.addresses = g_strdupv(configure->addresses);
    message->configure.offered = g_strdupv(configure->offered);
    message->configure.udp_only = configure->udp_only;
    return message;
}

gboolean
kc_program_start(const char *program, int socket_fd, GPid *ret_pid, GError **error)
{
    g_autofree char *fd_text = g_strdup_printf("%d", WORKER_FD);
    const char *argv[] = {program, "--fd", fd_text, NULL};
    const int source = socket_fd, target = WORKER_FD;
    return g_spawn_async_with_pipes_and_fds(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, -1, -1, -1, &source,
                                            &target, 1, ret_pid, NULL, NULL, NULL, error);
}

KcWorker *
kc_worker_spawn(const char *program, guint slot, const KcConfigure *configure, GError **error)
{
    int fds[2];
    if (!kc_channel_pair(fds, error))
        return NULL;
    GPid pid;
    gboolean started = kc_program_start(program, fds[1], &pid, error);
    close(fds[1]);
    if (!started) {
        close(fds[0]);
        return NULL;
    }
    KcWorker *worker = g_new0(KcWorker, 1);
    worker->slot = slot;
    worker->pid = pid;
    worker->channel = kc_channel_new(fds[0]);
    worker->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    worker->legs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    worker->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    worker->fate = "worker-died";
    /* A worker that can't take it shows as one that never becomes ready, and is replaced. */
    kc_worker_send(worker, configure_message(configure), NULL);
    return worker;
}

guint64
kc_worker_send(KcWorker *worker, KcMessage *request, GError **error)
{
    g_autoptr(KcMessage) message = request;
    message->id = ++worker->last_id;
    return kc_channel_send(worker->channel, message, error) ? message->id : 0;
}

void
kc_worker_abandon(KcWorker *worker)
{
    GHashTableIter iter;
    gpointer reply;
    g_hash_table_iter_init(&iter, worker->waiting);
    while (g_hash_table_iter_next(&iter, NULL, &reply))
        ((KcWorkerReply *)reply)->done = TRUE;
    g_hash_table_remove_all(worker->waiting);
}

void
kc_worker_free(KcWorker *worker)
{
    if (worker == NULL)
        return;
    g_spawn_close_pid(worker->pid);
    kc_channel_free(worker->channel);
    g_hash_table_unref(worker->waiting);
    g_hash_table_unref(worker->legs);
    g_hash_table_unref(worker->objects);
    kc_message_free(worker->stats_message);
    g_free(worker);
}
