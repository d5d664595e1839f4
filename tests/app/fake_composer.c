#include "tests/app/fake_composer.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "media/webm/scan.h"
#include "media/webm/writer.h"
#include "src/base/hex.h"
#include "src/evidence/vault.h"

#define STEP_US 2000

struct KcFakeComposer {
    GMutex lock;
    gboolean held, standing;
    char *fail_code;
    guint fail_times, begun;
    char *order;
    KcComposePort port;
};

static void
note(KcFakeComposer *self, const KcComposeOrder *order)
{
    g_autoptr(GString) text = g_string_new(order->case_number);
    for (guint i = 0; i < order->n_labels; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "|" : " ", order->labels[i]);
    g_string_append_printf(text, ": %u", order->n_sources);
    g_mutex_lock(&self->lock);
    self->begun++;
    g_free(self->order);
    self->order = g_strdup(text->str);
    g_mutex_unlock(&self->lock);
}

/* TRUE: it is to fail, with `*ret_code`. */
static gboolean
takes_failure(KcFakeComposer *self, char **ret_code)
{
    g_mutex_lock(&self->lock);
    gboolean fails = self->fail_times > 0;
    self->fail_times -= fails ? 1 : 0;
    *ret_code = fails ? g_strdup(self->fail_code) : NULL;
    g_mutex_unlock(&self->lock);
    return fails;
}

static void
stand(KcFakeComposer *self, GCancellable *cancel)
{
    for (gboolean standing = TRUE; standing; g_usleep(STEP_US)) {
        g_mutex_lock(&self->lock);
        standing = self->standing = self->held && !g_cancellable_is_cancelled(cancel);
        g_mutex_unlock(&self->lock);
    }
}

static gboolean
check_source(const KcComposeSource *source)
{
    g_autoptr(KcVaultReader) reader =
        kc_vault_reader_open(fcntl(source->fd, F_DUPFD_CLOEXEC, 3), source->key, source->object_id, NULL);
    if (reader == NULL)
        return FALSE;
    g_autofree char *sha256 = kc_hex_encode(kc_vault_reader_sha256(reader), KC_VAULT_SHA256_LEN);
    return strcmp(sha256, source->sha256) == 0;
}

static void
seal(const KcComposeOrder *order, KcComposeResult *ret_result)
{
    static const guint8 keyframe[] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02, 0, 0};
    g_autoptr(KcWebmWriter) webm = kc_webm_writer_new(order->sources[0].started_us);
    g_autoptr(KcWebmScan) scan = kc_webm_scan_new();
    g_autoptr(KcVaultWriter) vault =
        kc_vault_writer_new(fcntl(order->object_fd, F_DUPFD_CLOEXEC, 3), order->object_key, order->object_id, NULL);
    kc_webm_writer_add(webm, &(KcWebmFrame){KC_WEBM_VIDEO, 0, keyframe, sizeof keyframe});
    kc_webm_writer_flush(webm);
    for (GBytes *piece; (piece = kc_webm_writer_take(webm)) != NULL; g_bytes_unref(piece)) {
        gsize len;
        const guint8 *data = g_bytes_get_data(piece, &len);
        g_assert(kc_webm_scan_push(scan, data, len, NULL) && kc_vault_writer_append(vault, data, len, NULL));
    }
    guint8 sha256[KC_VAULT_SHA256_LEN];
    g_autoptr(GBytes) index = kc_webm_index_encode(kc_webm_scan_index(scan));
    g_assert(kc_vault_writer_finish(vault, index, sha256, NULL));
    *ret_result = (KcComposeResult){.sha256 = kc_hex_encode(sha256, sizeof sha256),
                                    .bytes = (gint64)kc_vault_writer_size(vault),
                                    .duration_ms = 3000,
                                    .width = 1280,
                                    .height = 720};
}

static gboolean
compose(gpointer data, const KcComposeOrder *order, KcComposeProgressFn progress, gpointer progress_data,
        GCancellable *cancel, KcComposeResult *ret_result, KcComposeFailure *ret_failure)
{
    KcFakeComposer *self = data;
    g_autofree char *code = NULL;
    note(self, order);
    if (takes_failure(self, &code)) {
        *ret_failure = (KcComposeFailure){g_strdup(code), g_strdup("as the test wants it")};
        return FALSE;
    }
    for (guint i = 0; i < order->n_sources; i++)
        if (!check_source(&order->sources[i])) {
            *ret_failure = (KcComposeFailure){g_strdup("recording-damaged"), g_strdup(order->sources[i].object_id)};
            return FALSE;
        }
    progress(500, progress_data);
    stand(self, cancel);
    if (g_cancellable_is_cancelled(cancel)) {
        *ret_failure = (KcComposeFailure){g_strdup(KC_COMPOSE_STOPPED), g_strdup("stopped")};
        return FALSE;
    }
    seal(order, ret_result);
    return TRUE;
}

KcFakeComposer *
kc_fake_composer_new(void)
{
    KcFakeComposer *self = g_new0(KcFakeComposer, 1);
    g_mutex_init(&self->lock);
    self->port = (KcComposePort){self, compose};
    return self;
}

void
kc_fake_composer_free(KcFakeComposer *self)
{
    if (self == NULL)
        return;
    g_mutex_clear(&self->lock);
    g_free(self->fail_code);
    g_free(self->order);
    g_free(self);
}

const KcComposePort *
kc_fake_composer_port(KcFakeComposer *self)
{
    return self != NULL ? &self->port : NULL;
}

static void
set_held(KcFakeComposer *self, gboolean held)
{
    g_mutex_lock(&self->lock);
    self->held = held;
    g_mutex_unlock(&self->lock);
}

void
kc_fake_composer_hold(KcFakeComposer *self)
{
    set_held(self, TRUE);
}

void
kc_fake_composer_let_go(KcFakeComposer *self)
{
    set_held(self, FALSE);
}

void
kc_fake_composer_wait(KcFakeComposer *self)
{
    gboolean standing = FALSE;
    while (!standing) {
        g_usleep(STEP_US);
        g_mutex_lock(&self->lock);
        standing = self->standing;
        g_mutex_unlock(&self->lock);
    }
}

void
kc_fake_composer_fail(KcFakeComposer *self, const char *code, guint times)
{
    g_mutex_lock(&self->lock);
    g_free(self->fail_code);
    self->fail_code = g_strdup(code);
    self->fail_times = times;
    g_mutex_unlock(&self->lock);
}

guint
kc_fake_composer_begun(KcFakeComposer *self)
{
    g_mutex_lock(&self->lock);
    guint begun = self->begun;
    g_mutex_unlock(&self->lock);
    return begun;
}

char *
kc_fake_composer_order(KcFakeComposer *self)
{
    g_mutex_lock(&self->lock);
    char *order = g_strdup(self->order);
    g_mutex_unlock(&self->lock);
    return order;
}
