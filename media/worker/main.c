/* kuaichu-media --fd N: bridges and records calls for kuaichud, at the other end of socket N.
 *
 * Ends when the daemon closes its end (or dies), sends "stop", or with SIGTERM or SIGINT; always after every open
 * recording was finished. */
#include "media/gst/kccall.h"
#include "media/worker/control.h"
#include "media/worker/harden.h"

#include <glib-unix.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

static gboolean
on_signal(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
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

int
main(int argc, char **argv)
{
    int fd = -1;
    if (!arguments_parse(&argc, &argv, &fd))
        return 2;
    kc_harden(fd);
    signal(SIGPIPE, SIG_IGN);
    gst_init(NULL, NULL);
    kc_gst_register();
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    KcControl *control = kc_control_new(kc_channel_new(fd), on_ended, loop);
    g_main_loop_run(loop);
    kc_control_free(control);
    return EXIT_SUCCESS;
}
