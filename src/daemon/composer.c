#include "src/daemon/composer.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "media/protocol/captions.h"
#include "media/protocol/channel.h"
#include "src/daemon/worker.h"
#include "src/print/caption.h"

#define BEIJING_S (8 * 3600) /* as src/domain/local_time.h */
#define HEAD_PX 24
#define MARK_PX 20
#define LABEL_PX 20
#define MIDDLE_PX 26
#define LABEL_MARGIN 24

G_STATIC_ASSERT(KC_COMPOSE_TILES_MAX == KC_PROTOCOL_TILES_MAX);
G_STATIC_ASSERT(KC_COMPOSE_SOURCES_MAX == KC_PROTOCOL_SOURCES_MAX);

struct KcComposer {
    char *program;
    KcSandboxMode sandbox;
    guint uid, gid;
    KcComposePort port;
};

typedef struct {
    const KcComposer *composer;
    const KcComposeOrder *order;
    KcComposeProgressFn progress;
    gpointer data;
    GCancellable *cancel;
    KcChannel *channel;
    KcComposeResult *result;
    KcComposeFailure *failure;
} Run;

/* Always FALSE. */
static gboolean
fail(Run *run, const char *code, const char *detail)
{
    kc_compose_failure_clear(run->failure);
    *run->failure = (KcComposeFailure){g_strdup(code), g_strdup(detail)};
    return FALSE;
}

/* ---- What is written ---- */

static void
draw(KcCaption *caption, const char *text, guint size_px, guint max_width)
{
    KcDrawnText drawn = kc_print_caption(text, size_px, FALSE, max_width);
    *caption = (KcCaption){drawn.width, drawn.height, drawn.cover};
}

static void
draw_all(const KcComposeOrder *order, KcCaption *captions)
{
    KcDrawnText cells[sizeof KC_CAPTION_CLOCK - 1];
    guint tile_width = KC_COMPOSED_WIDTH / kc_composed_columns(order->n_labels) - LABEL_MARGIN;
    draw(&captions[KC_CAPTION_MARK], "非原始证据 · 派生件 / derivative, not the original", MARK_PX, 560);
    draw(&captions[KC_CAPTION_NUMBER], order->case_number, HEAD_PX, 340);
    draw(&captions[KC_CAPTION_NO_PICTURE], "无画面 / no picture", MIDDLE_PX, tile_width);
    draw(&captions[KC_CAPTION_ABSENT], "无录像 / not recorded", MIDDLE_PX, tile_width);
    draw(&captions[KC_CAPTION_LEFT_OUT], "此后一段无任何录像，略去 / left out: nobody is recorded for a while",
         MIDDLE_PX, KC_COMPOSED_WIDTH - LABEL_MARGIN);
    kc_print_cells(KC_CAPTION_CLOCK, HEAD_PX, cells);
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
        captions[KC_CAPTION_DIGITS + i] = (KcCaption){cells[i].width, cells[i].height, cells[i].cover};
    for (guint i = 0; i < order->n_labels; i++)
        draw(&captions[KC_CAPTION_LABELS + i], order->labels[i], LABEL_PX, tile_width);
}

/* ---- What is sent ---- */

static KcMessage *
compose_message(const Run *run)
{
    const KcComposeOrder *order = run->order;
    KcMessage *message = kc_message_new(KC_MESSAGE_COMPOSE);
    message->id = 1;
    message->fd = dup(order->object_fd);
    message->compose = (KcCompose){.object = g_strdup(order->object_id),
                                   .tiles = order->n_labels,
                                   .sources = order->n_sources,
                                   .utc_offset_s = BEIJING_S,
                                   .sandbox = run->composer->sandbox,
                                   .uid = run->composer->uid,
                                   .gid = run->composer->gid};
    memcpy(message->compose.key, order->object_key, sizeof message->compose.key);
    return message;
}

static KcMessage *
captions_message(const Run *run, GError **error)
{
    KcCaption captions[KC_CAPTION_MAX] = {0};
    gsize bytes = 0;
    draw_all(run->order, captions);
    int fd = kc_captions_write(captions, KC_CAPTION_LABELS + run->order->n_labels, &bytes, error);
    kc_captions_clear(captions, G_N_ELEMENTS(captions));
    if (fd < 0)
        return NULL;
    KcMessage *message = kc_message_new(KC_MESSAGE_CAPTIONS);
    message->fd = fd;
    message->captions.bytes = (gint64)bytes;
    return message;
}

static KcMessage *
source_message(const KcComposeSource *source)
{
    KcMessage *message = kc_message_new(KC_MESSAGE_SOURCE);
    message->fd = dup(source->fd);
    message->source = (KcSourceSent){.object = g_strdup(source->object_id),
                                     .tile = source->tile,
                                     .started_at_us = source->started_us,
                                     .sha256 = g_strdup(source->sha256)};
    memcpy(message->source.key, source->key, sizeof message->source.key);
    return message;
}

static gboolean
send_order(Run *run, GError **error)
{
    g_autoptr(KcMessage) compose = compose_message(run), captions = captions_message(run, error);
    if (captions == NULL || !kc_channel_send(run->channel, compose, error) ||
        !kc_channel_send(run->channel, captions, error))
        return FALSE;
    for (guint i = 0; i < run->order->n_sources; i++) {
        g_autoptr(KcMessage) source = source_message(&run->order->sources[i]);
        if (!kc_channel_send(run->channel, source, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- What comes back ---- */

static void
take_result(Run *run, KcComposed *composed)
{
    *run->result = (KcComposeResult){.sha256 = g_steal_pointer(&composed->sha256),
                                     .bytes = composed->bytes,
                                     .duration_ms = composed->duration_ms,
                                     .width = composed->width,
                                     .height = composed->height,
                                     .cpu_ms = composed->cpu_ms,
                                     .broken_frames = composed->broken_frames};
}

typedef enum { GOES_ON, MADE, FAILED } Step;

static Step
take_message(Run *run, KcMessage *message)
{
    switch (message->type) {
    case KC_MESSAGE_COMPOSING:
        run->progress((guint)message->composing.permille, run->data);
        return GOES_ON;
    case KC_MESSAGE_COMPOSED:
        take_result(run, &message->composed);
        return MADE;
    case KC_MESSAGE_REFUSED:
        fail(run, message->refused.code, message->refused.detail);
        return FAILED;
    default:
        fail(run, "not-made", "the composer says what it should not");
        return FAILED;
    }
}

static Step
receive(Run *run)
{
    g_autoptr(KcMessage) message = NULL;
    g_autoptr(GError) error = NULL;
    switch (kc_channel_recv(run->channel, &message, &error)) {
    case KC_CHANNEL_MESSAGE:
        return take_message(run, message);
    case KC_CHANNEL_AGAIN:
        return GOES_ON;
    default:
        fail(run, KC_COMPOSE_DIED, "the composer ended without a word");
        return FAILED;
    }
}

static gboolean
wait_for_it(Run *run)
{
    GPollFD polled[2] = {{kc_channel_fd(run->channel), 0, 0}};
    guint n = g_cancellable_make_pollfd(run->cancel, &polled[1]) ? 2 : 1;
    Step step = GOES_ON;
    while (step == GOES_ON && !g_cancellable_is_cancelled(run->cancel)) {
        polled[0].events = G_IO_IN | (kc_channel_wants_write(run->channel) ? G_IO_OUT : 0);
        g_poll(polled, n, -1);
        if ((polled[0].revents & G_IO_OUT) != 0)
            kc_channel_flush(run->channel, NULL); /* a broken socket is read as its end */
        if ((polled[0].revents & ~G_IO_OUT) != 0)
            step = receive(run);
    }
    if (n == 2)
        g_cancellable_release_fd(run->cancel);
    return step == GOES_ON ? fail(run, KC_COMPOSE_STOPPED, "it was stopped") : step == MADE;
}

static gboolean
compose(gpointer self, const KcComposeOrder *order, KcComposeProgressFn progress, gpointer data, GCancellable *cancel,
        KcComposeResult *ret_result, KcComposeFailure *ret_failure)
{
    Run run = {self, order, progress, data, cancel, NULL, ret_result, ret_failure};
    g_autoptr(GError) error = NULL;
    int fds[2];
    GPid pid;
    *ret_result = (KcComposeResult){0};
    *ret_failure = (KcComposeFailure){0};
    if (!kc_channel_pair(fds, &error))
        return fail(&run, "not-made", error->message);
    run.channel = kc_channel_new(fds[0]);
    gboolean done = kc_program_start(run.composer->program, fds[1], &pid, &error);
    close(fds[1]);
    if (done) {
        done = send_order(&run, &error) ? wait_for_it(&run) : fail(&run, KC_COMPOSE_DIED, error->message);
        if (!done) /* until nobody has the file */
            kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        g_spawn_close_pid(pid);
    } else {
        fail(&run, "not-made", error->message);
    }
    kc_channel_free(run.channel);
    return done;
}

KcComposer *
kc_composer_new(const KcComposerConfig *config)
{
    KcComposer *composer = g_new0(KcComposer, 1);
    composer->program = g_strdup(config->program);
    composer->sandbox = config->sandbox;
    composer->uid = config->uid;
    composer->gid = config->gid;
    composer->port = (KcComposePort){composer, compose};
    return composer;
}

void
kc_composer_free(KcComposer *composer)
{
    if (composer == NULL)
        return;
    g_free(composer->program);
    g_free(composer);
}

const KcComposePort *
kc_composer_port(KcComposer *composer)
{
    return &composer->port;
}
