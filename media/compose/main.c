/* kuaichu-compose --fd N: makes one video out of the recordings of a case for kuaichud, at the other end of socket N,
 * and ends.
 *
 * A process of its own, since it decodes what strangers sent: it has one thread, the lowest class of the scheduler, and
 * from before the first byte of a recording on no file system (media/sandbox/sandbox.h). It ends at once when the
 * daemon closes its end, or dies; what it was writing is then an interrupted object. */
#include "media/compose/compose.h"
#include "media/protocol/channel.h"
#include "media/sandbox/harden.h"
#include "media/sandbox/sandbox.h"
#include "src/evidence/vault.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define IOPRIO_IDLE (3 << 13)
#define TELL_EVERY_US (200 * 1000)
#define MEMORY_BYTES (2LL << 30) /* nine decoders, and what they were given */

typedef struct {
    KcChannel *channel;
    KcMessage *compose;
    KcSandbox sandbox;
    KcCaption captions[KC_CAPTION_MAX];
    GPtrArray *tracks;
    gint64 told_us;
} Work;

/* Only what is left of the machine by everybody else, of its processors and of its disk; and no more memory than it can
 * need. */
static void
step_back(void)
{
    const struct sched_param none = {0};
    setpriority(PRIO_PROCESS, 0, 19);
    sched_setscheduler(0, SCHED_IDLE, &none);
    syscall(SYS_ioprio_set, 1, 0, IOPRIO_IDLE);
#ifndef KC_SANITIZED /* which maps terabytes */
    const struct rlimit memory = {MEMORY_BYTES, MEMORY_BYTES};
    setrlimit(RLIMIT_AS, &memory);
#endif
}

static gboolean
arguments_parse(int *argc, char ***argv, int *ret_fd)
{
    const GOptionEntry entries[] = {
        {"fd", 0, 0, G_OPTION_ARG_INT, ret_fd, "socket to kuaichud", "N"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- makes one video of a case for kuaichud");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    struct stat st;
    if (g_option_context_parse(context, argc, argv, &error) && *ret_fd >= 3 && fstat(*ret_fd, &st) == 0 &&
        S_ISSOCK(st.st_mode))
        return TRUE;
    g_printerr("kuaichu-compose: %s\n",
               error != NULL ? error->message : "--fd must name the socket to kuaichud, which starts this program");
    return FALSE;
}

/* NULL: the daemon is gone, or speaks otherwise. */
static KcMessage *
next_message(KcChannel *channel)
{
    for (;;) {
        KcMessage *message = NULL;
        g_autoptr(GError) error = NULL;
        switch (kc_channel_recv(channel, &message, &error)) {
        case KC_CHANNEL_MESSAGE:
            return message;
        case KC_CHANNEL_AGAIN: {
            GPollFD wait = {kc_channel_fd(channel), G_IO_IN, 0};
            g_poll(&wait, 1, -1);
            break;
        }
        case KC_CHANNEL_ERROR:
            g_printerr("kuaichu-compose: %s\n", error->message);
            return NULL;
        default:
            return NULL;
        }
    }
}

static KcMessage *
expect(Work *work, KcMessageType type, GError **error)
{
    g_autoptr(KcMessage) message = next_message(work->channel);
    if (message != NULL && message->type == type)
        return g_steal_pointer(&message);
    g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "\"%s\" was expected",
                kc_message_type_name(type));
    return NULL;
}

static gboolean
enter_sandbox(Work *work, GError **error)
{
    const KcCompose *compose = &work->compose->compose;
    const KcSandboxWish wish = {compose->sandbox, compose->uid, compose->gid};
    return kc_sandbox_enter(&wish, &work->sandbox, error);
}

static gboolean
take_captions(Work *work, GError **error)
{
    g_autoptr(KcMessage) sent = expect(work, KC_MESSAGE_CAPTIONS, error);
    return sent != NULL && kc_captions_read(sent->fd, (gsize)sent->captions.bytes, work->captions,
                                            KC_CAPTION_LABELS + work->compose->compose.tiles, error);
}

/* `*ret_damaged`: owned id of the recording that can't be read. */
static gboolean
take_sources(Work *work, char **ret_damaged, GError **error)
{
    for (guint i = 0; i < work->compose->compose.sources; i++) {
        g_autoptr(KcMessage) sent = expect(work, KC_MESSAGE_SOURCE, error);
        if (sent == NULL)
            return FALSE;
        KcTrack *track = sent->source.tile < work->compose->compose.tiles ? kc_track_new(sent, error) : NULL;
        if (track == NULL) {
            *ret_damaged = g_strdup(sent->source.object);
            return FALSE;
        }
        g_ptr_array_add(work->tracks, track);
    }
    return TRUE;
}

/* Also looks whether the daemon is still there. */
static gboolean
on_progress(guint permille, gpointer data)
{
    Work *work = data;
    gint64 now_us = g_get_monotonic_time();
    g_autoptr(KcMessage) unexpected = NULL;
    if (now_us - work->told_us < TELL_EVERY_US)
        return TRUE;
    work->told_us = now_us;
    g_autoptr(KcMessage) told = kc_message_new(KC_MESSAGE_COMPOSING);
    told->composing.permille = permille;
    return kc_channel_recv(work->channel, &unexpected, NULL) == KC_CHANNEL_AGAIN &&
           kc_channel_send(work->channel, told, NULL);
}

static gint64
cpu_ms(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (gint64)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static const char *
code_of(const GError *error, gboolean damaged)
{
    if (g_error_matches(error, KC_COMPOSE_ERROR, KC_COMPOSE_ERROR_EMPTY))
        return "nothing-recorded";
    if (g_error_matches(error, KC_COMPOSE_ERROR, KC_COMPOSE_ERROR_TOO_LONG))
        return "too-long";
    if (g_error_matches(error, KC_VAULT_ERROR, KC_VAULT_ERROR_FULL))
        return "disk-full";
    if (error->domain == KC_SANDBOX_ERROR)
        return "no-sandbox";
    return damaged ? "recording-damaged" : "not-made";
}

static void
refuse(Work *work, const char *damaged, const GError *error)
{
    g_autofree char *detail =
        damaged != NULL ? g_strdup_printf("recording %s: %s", damaged, error->message) : g_strdup(error->message);
    g_autoptr(KcMessage) refusal = kc_message_refusal(work->compose, 422, code_of(error, damaged != NULL), detail);
    kc_channel_send(work->channel, refusal, NULL);
    kc_channel_flush(work->channel, NULL);
}

static gboolean
run(Work *work, KcMessage *composed, char **ret_damaged, GError **error)
{
    const char *damaged = NULL;
    /* Before a byte of anybody else is read. */
    if (!enter_sandbox(work, error) || !take_captions(work, error) || !take_sources(work, ret_damaged, error))
        return FALSE;
    const KcComposeJob job = {work->compose, work->tracks, work->captions, on_progress, work};
    if (!kc_compose(&job, &composed->composed, &damaged, error)) {
        *ret_damaged = g_strdup(damaged);
        return FALSE;
    }
    composed->composed.sandbox = work->sandbox;
    composed->composed.cpu_ms = cpu_ms();
    return TRUE;
}

static int
work_until_done(KcChannel *channel)
{
    Work work = {.channel = channel, .tracks = g_ptr_array_new_with_free_func((GDestroyNotify)kc_track_free)};
    g_autoptr(GError) error = NULL;
    g_autofree char *damaged = NULL;
    work.compose = expect(&work, KC_MESSAGE_COMPOSE, &error);
    g_autoptr(KcMessage) composed = work.compose != NULL ? kc_message_reply(KC_MESSAGE_COMPOSED, work.compose) : NULL;
    gboolean done = composed != NULL && run(&work, composed, &damaged, &error);
    if (done)
        done = kc_channel_send(channel, composed, &error) && kc_channel_flush(channel, &error);
    else if (composed != NULL)
        refuse(&work, damaged, error);
    if (!done)
        g_printerr("kuaichu-compose: %s\n", error->message);
    kc_captions_clear(work.captions, G_N_ELEMENTS(work.captions));
    g_ptr_array_unref(work.tracks);
    kc_message_free(work.compose);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
    int fd = -1;
    if (!arguments_parse(&argc, &argv, &fd))
        return 2;
    step_back();
    kc_harden(fd);
    signal(SIGPIPE, SIG_IGN);
    kc_message_wipe_json();
    tzset();
    g_random_int();
    g_autoptr(KcChannel) channel = kc_channel_new(fd);
    return work_until_done(channel);
}
