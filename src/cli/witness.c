/* kuaichu witness: another's log is cosigned (src/witness). Needs no data folder of a service. */
#include "src/cli/command.h"
#include "src/witness/witness_server.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_LISTEN "127.0.0.1:8090"

static KcWitness *
open_witness(const char *state_dir, const char *name, const char *const *logs)
{
    g_autoptr(GError) error = NULL;
    if (state_dir == NULL || name == NULL) {
        g_printerr("kuaichu: a witness needs --state DIR and --name NAME, e.g. witness.example.org\n");
        return NULL;
    }
    KcWitness *witness = kc_witness_new(state_dir, name, logs, &error);
    if (witness == NULL)
        g_printerr("kuaichu: %s\n", error->message);
    return witness;
}

static gboolean
on_signal(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static int
serve(const char *state_dir, const char *name, const char *listen, const char *const *logs)
{
    g_autoptr(GError) error = NULL;
    if (logs == NULL || logs[0] == NULL)
        return kc_cli_usage("witness serve needs --log KEY of each log that it is to witness (kuaichu log keys)");
    g_autoptr(KcWitness) witness = open_witness(state_dir, name, logs);
    if (witness == NULL)
        return EXIT_FAILURE;
    g_autoptr(KcWitnessServer) server =
        kc_witness_server_new(witness, listen != NULL ? listen : DEFAULT_LISTEN, &error);
    if (server == NULL) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    g_autofree char *public = kc_witness_public(witness);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    printf("kuaichu witness ready %s\n%s\n", kc_witness_server_url(server), public);
    fflush(stdout);
    g_main_loop_run(loop);
    return EXIT_SUCCESS;
}

static int
print_key(const char *state_dir, const char *name)
{
    g_autoptr(KcWitness) witness = open_witness(state_dir, name, NULL);
    if (witness == NULL)
        return EXIT_FAILURE;
    g_autofree char *public = kc_witness_public(witness);
    printf("%s\n", public);
    return EXIT_SUCCESS;
}

enum { SERVE, KEY };

static const KcCliVerb VERBS[] = {
    [SERVE] = {"serve", "--state DIR --name N --log KEY…", 0, 0, "cosign the logs of others until it is told to stop"},
    [KEY] = {"key", "--state DIR --name N", 0, 0, "the key of a witness; made if there is none yet"},
    {0},
};

static int
run(KcCli *cli)
{
    g_autofree char *state = NULL, *name = NULL, *listen = NULL;
    g_auto(GStrv) logs = NULL;
    const GOptionEntry entries[] = {
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &state, "folder of what it knows, and of its key", "DIR"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &name, "its name, e.g. witness.example.org", "N"},
        {"log", 0, 0, G_OPTION_ARG_STRING_ARRAY, &logs, "key of a log (kuaichu log keys); may be repeated", "KEY"},
        {"listen", 0, 0, G_OPTION_ARG_STRING, &listen, "where it answers (" DEFAULT_LISTEN ")", "ADDRESS:PORT"},
        G_OPTION_ENTRY_NULL,
    };
    int verb = kc_cli_parse(cli, entries);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    return verb == SERVE ? serve(state, name, listen, (const char *const *)logs) : print_key(state, name);
}

const KcCliNoun kc_cli_witness = {"witness", VERBS, run};
