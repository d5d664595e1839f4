/* kuaichu: accounts, rules, laws, evidence and reports from the command line, on the service's data folder. The service
 * may be running where a verb does not say otherwise: it takes up what is made here. `kuaichu NOUN --help` tells each.
 */
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const KcCliNoun *const NOUNS[] = {
    &kc_cli_user,   &kc_cli_integration, &kc_cli_law,    &kc_cli_rules,  &kc_cli_draws,     &kc_cli_samples, &kc_cli_search,
    &kc_cli_report, &kc_cli_log,         &kc_cli_verify, &kc_cli_fsck, &kc_cli_backup, &kc_cli_retention, &kc_cli_keys,    &kc_cli_witness,
};

static const KcCliNoun *
find_noun(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(NOUNS); i++)
        if (strcmp(NOUNS[i]->noun, word) == 0)
            return NOUNS[i];
    return NULL;
}

static void
help(FILE *to)
{
    fputs("kuaichu [--data DIR] NOUN VERB [OPTIONS]\n\n", to);
    for (gsize i = 0; i < G_N_ELEMENTS(NOUNS); i++) {
        for (const KcCliVerb *verb = NOUNS[i]->verbs; verb->help != NULL; verb++) {
            g_autofree char *words = g_strjoin(" ", NOUNS[i]->noun, verb->verb != NULL ? verb->verb : verb->takes,
                                               verb->verb != NULL ? verb->takes : NULL, NULL);
            fprintf(to, "  %-34s %s\n", words, verb->help);
        }
    }
    fputs("\nOptions of each: kuaichu NOUN --help\n", to);
}

/* "--NAME VALUE" or "--NAME=VALUE" at `*at`; moves past it. */
static gboolean
take_option(int argc, char **argv, int *at, const char *name, char **value)
{
    gsize len = strlen(name);
    const char *found = NULL;
    if (strcmp(argv[*at], name) == 0 && *at + 1 < argc)
        found = argv[++*at];
    else if (strncmp(argv[*at], name, len) == 0 && argv[*at][len] == '=')
        found = argv[*at] + len + 1;
    if (found == NULL)
        return FALSE;
    g_free(*value);
    *value = g_strdup(found);
    ++*at;
    return TRUE;
}

/* Takes what may stand before the noun; the noun's place, or argc if there is none. */
static int
take_general(int argc, char **argv, KcCli *cli)
{
    int at = 1;
    while (at < argc && (take_option(argc, argv, &at, "--data", &cli->data) ||
                         take_option(argc, argv, &at, "--master-key", &cli->master_key)))
        continue;
    return at;
}

static int
run(KcCli *cli, int argc, char **argv)
{
    int at = take_general(argc, argv, cli);
    gboolean asked = at < argc && (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0);
    cli->noun = at < argc ? find_noun(argv[at]) : NULL;
    if (cli->noun == NULL) {
        help(asked ? stdout : stderr);
        return asked ? EXIT_SUCCESS : 2;
    }
    cli->argc = argc - at;
    cli->argv = argv + at;
    return cli->noun->run(cli);
}

int
main(int argc, char **argv)
{
    KcCli cli = {0};
    int status = run(&cli, argc, argv);
    g_free(cli.data);
    g_free(cli.master_key);
    return status;
}
