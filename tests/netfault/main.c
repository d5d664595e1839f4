/* netfault: a bad network between browsers and the service, for the suites.
 *
 *   netfault --outer 127.0.0.2:30000 --inner 127.0.0.1:40000 [--count 2] [--seed 1] [--seconds 600]
 *
 * Says {"ready":true}, takes commands (relay.h) from stdin, a line each, answered by a line each, and ends when stdin
 * does or when its time is up. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/netfault/relay.h"

#define SECONDS_MAX 3600

typedef struct {
    char *outer, *inner;
    gint count, seconds;
    gint64 seed;
} Options;

static gboolean
options_parse(int argc, char **argv, Options *options)
{
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        {"outer", 0, 0, G_OPTION_ARG_STRING, &options->outer, "first port of the clients' side", "ADDRESS:PORT"},
        {"inner", 0, 0, G_OPTION_ARG_STRING, &options->inner, "first port of the service", "ADDRESS:PORT"},
        {"count", 0, 0, G_OPTION_ARG_INT, &options->count, "how many ports", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "of everything random", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_INT, &options->seconds, "after which it ends by itself", "N"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    gboolean ok = g_option_context_parse(context, &argc, &argv, &error) && options->outer != NULL &&
                  options->inner != NULL && options->count > 0 && options->seconds > 0 &&
                  options->seconds <= SECONDS_MAX;
    if (!ok)
        fprintf(stderr, "netfault: %s\n", error != NULL ? error->message : "see --help");
    return ok;
}

/* FALSE: stdin has ended. */
static gboolean
commands_take(KcFaultRelay *relay, GString *input)
{
    char block[1024];
    gssize n = read(STDIN_FILENO, block, sizeof block);
    if (n <= 0)
        return n < 0 && errno == EINTR;
    g_string_append_len(input, block, n);
    const char *end;
    while ((end = strchr(input->str, '\n')) != NULL) {
        g_autofree char *line = g_strndup(input->str, (gsize)(end - input->str));
        g_autofree char *answer = kc_fault_relay_command(relay, line);
        g_string_erase(input, 0, (gssize)strlen(line) + 1);
        puts(answer);
        fflush(stdout);
    }
    return input->len < sizeof block;
}

static void
serve(KcFaultRelay *relay, gint64 end_us)
{
    g_autoptr(GString) input = g_string_new(NULL);
    for (;;) {
        struct pollfd fds[KC_FAULT_POLL_MAX + 1];
        gint64 next_us = 0;
        guint n = kc_fault_relay_poll(relay, fds, &next_us);
        gint64 now_us = g_get_monotonic_time();
        gint64 wait_us = MAX(MIN(next_us, end_us) - now_us, 0);
        struct timespec wait = {wait_us / G_USEC_PER_SEC, wait_us % G_USEC_PER_SEC * 1000};
        fds[n] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
        ppoll(fds, n + 1, &wait, NULL);
        kc_fault_relay_run(relay);
        if (g_get_monotonic_time() >= end_us || (fds[n].revents != 0 && !commands_take(relay, input)))
            return;
    }
}

int
main(int argc, char **argv)
{
    Options options = {.count = 1, .seconds = 600, .seed = 1};
    if (!options_parse(argc, argv, &options))
        return 2;
    KcFaultRelay *relay = kc_fault_relay_new(options.outer, options.inner, (guint)options.count, (guint64)options.seed);
    if (relay != NULL) {
        puts("{\"ready\":true}");
        fflush(stdout);
        serve(relay, g_get_monotonic_time() + (gint64)options.seconds * G_USEC_PER_SEC);
    }
    kc_fault_relay_free(relay);
    g_free(options.outer);
    g_free(options.inner);
    return relay != NULL ? 0 : 1;
}
