/* kuaichu-media --fd N: bridges and records calls for kuaichud, at the other end of socket N.
 *
 * Ends when the daemon closes its end (or dies), sends "stop", or with SIGTERM or SIGINT; always after every open
 * recording was finished. */
#include "media/gst/kccall.h"
#include "media/gst/snapshot.h"
#include "media/transport/srtp.h"
#include "media/worker/control.h"
#include "media/sandbox/harden.h"

#include <glib-unix.h>
#include <gst/gst.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* By a descriptor: GLib's own way starts a thread, which would be outside of the sandbox. */
static int
signals_open(void)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigprocmask(SIG_BLOCK, &ending, NULL);
    return signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

static gboolean
on_signal(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static void
on_ended(gpointer loop)
{
    g_main_loop_quit(loop);
}

static gboolean
arguments_parse(int *argc, char ***argv, int *ret_fd)
{
    const GOptionEntry entries[] = {
        {"fd", 0, 0, G_OPTION_ARG_INT, ret_fd, "socket to kuaichud", "N"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- a worker of kuaichud");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        g_printerr("kuaichu-media: %s\n", error->message);
        return FALSE;
    }
    struct stat st;
    if (*ret_fd < 3 || fstat(*ret_fd, &st) != 0 || !S_ISSOCK(st.st_mode)) {
        g_printerr("kuaichu-media: --fd must name the socket to kuaichud, which starts this program\n");
        return FALSE;
    }
    return TRUE;
}

/* From "configure" on no file can be opened (sandbox/sandbox.h). */
static gboolean
load_all(GError **error)
{
    /* Without a just-in-time compiler for pictures no memory has to become executable. */
    g_setenv("ORC_CODE", "backup", TRUE);
    gst_init(NULL, NULL);
    kc_gst_register();
    kc_message_wipe_json();
    tzset();        /* of log lines */
    g_random_int(); /* reads its seed */
    if (!kc_srtp_prepare()) {
        g_set_error(error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "the ciphers of SRTP are missing");
        return FALSE;
    }
    return kc_snapshot_prepare(error);
}

int
main(int argc, char **argv)
{
    int fd = -1;
    g_autoptr(GError) error = NULL;
    if (!arguments_parse(&argc, &argv, &fd))
        return 2;
    /* What one thread gives back another takes: with an arena for each, memory wanders up and down by half. */
    mallopt(M_ARENA_MAX, 1);
    /* A decoded still is given back to the system at once, and the index of a long recording is mapped by itself: by
     * default the first still raises the threshold, and all of that stays in the heap. */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    kc_harden(fd);
    signal(SIGPIPE, SIG_IGN);
    if (!load_all(&error)) {
        g_printerr("kuaichu-media: %s\n", error->message);
        return EXIT_FAILURE;
    }
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    int signals = signals_open();
    g_unix_fd_add(signals, G_IO_IN, on_signal, loop);
    KcControl *control = kc_control_new(kc_channel_new(fd), on_ended, loop);
    g_main_loop_run(loop);
    kc_control_free(control);
    close(signals);
    return EXIT_SUCCESS;
}
