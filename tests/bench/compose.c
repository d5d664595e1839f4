/* What a composed video costs:  compose_bench COMPOSER PARTICIPANTS REPEAT FILE.webm
 *
 * Each participant plays the file REPEAT times. Prints minutes of the processor for each minute of call. */
#include <fcntl.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/hex.h"
#include "src/daemon/composer.h"
#include "tests/support/clip.h"

#define BEGAN_US G_GINT64_CONSTANT(1793000000000000)

static const guint8 key[KC_KEY_LEN] = {7};

/* A file that has no name any more. */
static int
nameless(void)
{
    g_autofree char *path = g_strdup_printf("%s/kuaichu-compose-bench-%d", g_get_tmp_dir(), getpid());
    g_autoptr(GError) error = NULL;
    int fd = kc_vault_create(path, &error);
    kc_clip_require(fd >= 0, &error, path);
    unlink(path);
    return fd;
}

static KcComposeSource
make_source(const KcClip *clip, guint tile, gint64 repeat)
{
    g_autoptr(GError) error = NULL;
    const KcClipUse use = {.repeat = repeat};
    guint8 sha256[KC_VAULT_SHA256_LEN];
    char *id = g_strdup_printf("0193aaaa-0000-7000-8000-00000000%04u", tile);
    int fd = nameless();
    g_autoptr(KcVaultWriter) vault = kc_vault_writer_new(fcntl(fd, F_DUPFD_CLOEXEC, 3), key, id, &error);
    kc_clip_require(vault != NULL, &error, "a source");
    g_autoptr(KcWebmIndex) index = kc_clip_seal(clip, &use, BEGAN_US, vault);
    g_autoptr(GBytes) sealed = kc_webm_index_encode(index);
    kc_clip_require(kc_vault_writer_finish(vault, sealed, sha256, &error), &error, "a source");
    return (KcComposeSource){id, key, fd, tile, BEGAN_US, kc_hex_encode(sha256, sizeof sha256)};
}

static void
on_progress(guint permille, gpointer unused G_GNUC_UNUSED)
{
    fprintf(stderr, "\r%3u %%", permille / 10);
}

int
main(int argc, char **argv)
{
    static const char *const labels[KC_COMPOSE_TILES_MAX] = {"甲方", "乙方", "民警", "4", "5", "6", "7", "8", "9"};
    gst_init(NULL, NULL);
    kc_clip_require(argc == 5, NULL, "COMPOSER PARTICIPANTS REPEAT FILE.webm");
    guint n = CLAMP((guint)atoi(argv[2]), 1, KC_COMPOSE_TILES_MAX);
    g_autoptr(KcClip) clip = kc_clip_read(argv[4]);
    KcComposeSource sources[KC_COMPOSE_TILES_MAX];
    for (guint i = 0; i < n; i++)
        sources[i] = make_source(clip, i, atoi(argv[3]));
    const KcComposerConfig config = {.program = argv[1]};
    g_autoptr(KcComposer) composer = kc_composer_new(&config);
    const KcComposeOrder order = {
        "C-20261123-000042", labels, n, sources, n, "0193aaaa-0000-7000-8000-0000000000ff", key, nameless()};
    const KcComposePort *port = kc_composer_port(composer);
    g_auto(KcComposeResult) made = {0};
    g_auto(KcComposeFailure) failure = {0};
    gint64 began_us = g_get_monotonic_time();
    gboolean done = port->compose(port->self, &order, on_progress, NULL, NULL, &made, &failure);
    kc_clip_require(done, NULL, failure.detail != NULL ? failure.detail : "the composer");
    double call_s = (double)made.duration_ms / 1000, cpu_s = (double)made.cpu_ms / 1000;
    printf("\r%u participants, %.0f s of call: %.1f s of the processor, %.2f minutes for each minute; %.1f s by the "
           "clock; "
           "%.1f MB an hour\n",
           n, call_s, cpu_s, cpu_s / call_s, (double)(g_get_monotonic_time() - began_us) / G_USEC_PER_SEC,
           (double)made.bytes / 1e6 / call_s * 3600);
    return EXIT_SUCCESS;
}
