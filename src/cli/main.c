/* kuaichu: accounts, rules, laws, evidence and reports from the command line, on the service's data folder. The service
 * may be running where a verb does not say otherwise: it takes up what is made here. `kuaichu NOUN --help` tells each.
 */
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const KcCliNoun *const NOUNS[] = {
    &kc_cli_user,  &kc_cli_integration, &kc_cli_law, &kc_cli_rules,
    &kc_cli_draws, &kc_cli_report,      &kc_cli_log, &kc_cli_witness,
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

/* Takes what may stand before the noun; the noun's place, or argc if there is none. */
static int
take_data(int argc, char **argv, char **ret_data)
{
    static const char joined[] = "--data=";
    int at = 1;
    while (at < argc) {
        if (strcmp(argv[at], "--data") == 0 && at + 1 < argc)
            *ret_data = argv[++at];
        else if (g_str_has_prefix(argv[at], joined))
            *ret_data = argv[at] + strlen(joined);
        else
            break;
        at++;
    }
    return at;
}

int
main(int argc, char **argv)
{
    char *data = NULL;
    int at = take_data(argc, argv, &data);
    const KcCliNoun *noun = at < argc ? find_noun(argv[at]) : NULL;
    gboolean asked = at < argc && (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0);
    if (noun == NULL) {
        help(asked ? stdout : stderr);
        return asked ? EXIT_SUCCESS : 2;
    }
    KcCli cli = {.noun = noun, .argc = argc - at, .argv = argv + at, .data = g_strdup(data)};
    int status = noun->run(&cli);
    g_free(cli.data);
    return status;
}
