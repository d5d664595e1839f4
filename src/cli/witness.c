#include "src/cli/witness.h"
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

int
kc_cli_witness_serve(const char *state_dir, const char *name, const char *listen, const char *const *logs)
{
    g_autoptr(GError) error = NULL;
    if (logs == NULL || logs[0] == NULL) {
        g_printerr("kuaichu: witness serve needs --log KEY of each log that it is to witness (kuaichu log keys)\n");
        return 2;
    }
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

int
kc_cli_witness_key(const char *state_dir, const char *name)
{
    g_autoptr(KcWitness) witness = open_witness(state_dir, name, NULL);
    if (witness == NULL)
        return EXIT_FAILURE;
    g_autofree char *public = kc_witness_public(witness);
    printf("%s\n", public);
    return EXIT_SUCCESS;
}
