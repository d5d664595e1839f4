#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Parsing ---- */

/* "kuaichu [--data DIR] law import FILE…" */
static void
say_verbs(const KcCliNoun *noun)
{
    for (const KcCliVerb *verb = noun->verbs; verb->help != NULL; verb++)
        g_printerr("  kuaichu [--data DIR] %s%s%s%s%s\n", noun->noun, verb->verb != NULL ? " " : "",
                   verb->verb != NULL ? verb->verb : "", verb->takes != NULL ? " " : "",
                   verb->takes != NULL ? verb->takes : "");
}

static int
find_verb(KcCli *cli)
{
    for (int i = 0; cli->noun->verbs[i].help != NULL; i++) {
        const KcCliVerb *verb = &cli->noun->verbs[i];
        int words = verb->verb != NULL ? 2 : 1;
        if (cli->argc < words || (verb->verb != NULL && strcmp(cli->argv[1], verb->verb) != 0))
            continue;
        guint more = (guint)(cli->argc - words);
        if (more < verb->least || more > verb->most)
            continue;
        cli->rest = cli->argv + words;
        return i;
    }
    g_printerr("kuaichu: say\n");
    say_verbs(cli->noun);
    return KC_CLI_NOT_UNDERSTOOD;
}

static char *
describe(const KcCliNoun *noun)
{
    GString *text = g_string_new(NULL);
    for (const KcCliVerb *verb = noun->verbs; verb->help != NULL; verb++)
        g_string_append_printf(text, "  %s%s%s\n      %s\n", verb->verb != NULL ? verb->verb : noun->noun,
                               verb->takes != NULL ? " " : "", verb->takes != NULL ? verb->takes : "", verb->help);
    return g_string_free(text, FALSE);
}

int
kc_cli_parse(KcCli *cli, const GOptionEntry *options)
{
    char *data = NULL;
    const GOptionEntry general[] = {{"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "data folder of the service", "DIR"},
                                    G_OPTION_ENTRY_NULL};
    g_autofree char *verbs = describe(cli->noun);
    g_autofree char *words = g_strdup_printf("%s… - see the verbs below", cli->noun->noun);
    g_autoptr(GOptionContext) context = g_option_context_new(words);
    g_autoptr(GError) error = NULL;
    g_option_context_set_description(context, verbs);
    g_option_context_add_main_entries(context, general, NULL);
    if (options != NULL)
        g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &cli->argc, &cli->argv, &error)) {
        g_free(data);
        kc_cli_usage(error->message);
        return KC_CLI_NOT_UNDERSTOOD;
    }
    if (data != NULL) {
        g_free(cli->data);
        cli->data = data;
    }
    return find_verb(cli);
}

/* ---- The service's folder ---- */

KcApp *
kc_cli_open(const KcCli *cli, const KcAppOptions *options)
{
    KcAppOptions chosen = options != NULL ? *options : (KcAppOptions){0};
    g_autoptr(GError) error = NULL;
    if (cli->data == NULL) {
        kc_cli_usage("this needs --data DIR");
        return NULL;
    }
    chosen.data_dir = cli->data;
    chosen.text_only = TRUE;
    chosen.master_key = cli->master_key;
    KcApp *app = kc_app_new(&chosen, &error);
    if (app == NULL) {
        gboolean runs = g_error_matches(error, KC_APP_ERROR, KC_APP_ERROR_LOCKED);
        g_printerr("kuaichu: %s%s\n", error->message, runs ? ": stop it first, since it holds the keys" : "");
    }
    return app;
}

int
kc_cli_no_app(const KcCli *cli)
{
    return cli->data == NULL ? 2 : EXIT_FAILURE;
}

/* ---- Ends ---- */

int
kc_cli_end(gboolean done, const KcResult *result, const GError *error, const char *words)
{
    if (done) {
        printf("%s\n", words);
        return EXIT_SUCCESS;
    }
    g_printerr("kuaichu: %s\n", error != NULL            ? error->message
                                : result->detail != NULL ? result->detail
                                                         : result->code);
    for (guint i = 0; result->errors != NULL && i < result->errors->len; i++) {
        const KcFieldError *field = g_ptr_array_index(result->errors, i);
        g_printerr("  %s: %s\n", field->pointer, field->message);
    }
    return EXIT_FAILURE;
}

int
kc_cli_usage(const char *what)
{
    g_printerr("kuaichu: %s\n", what);
    return 2;
}
