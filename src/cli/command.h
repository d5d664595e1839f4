/* The words of the command line: kuaichu [--data DIR] NOUN [VERB] [FILE…] [OPTIONS].
 *
 * Each noun is a file of its own: its verbs as a table, for the help and for finding them, and a function that parses
 * its own options and carries the verb out. Exit codes: 0 done, 1 refused or failed, 2 not understood. */
#pragma once

#include "src/app/app.h"

typedef struct {
    const char *verb;  /* NULL: the noun stands alone */
    const char *takes; /* for the help, e.g. "FILE…"; NULL: nothing */
    guint least, most; /* how many words may follow */
    const char *help;
} KcCliVerb;

typedef struct KcCli KcCli;

typedef struct {
    const char *noun;
    const KcCliVerb *verbs; /* the last one has no help */
    int (*run)(KcCli *cli);
} KcCliNoun;

struct KcCli {
    const KcCliNoun *noun;
    int argc;
    char **argv; /* from the noun on */
    char *data;  /* --data, from before the noun or among its options; NULL: none */
    char *master_key; /* --master-key; NULL: where it always is */
    char **rest; /* after kc_cli_parse: the words after the verb, NULL-terminated */
};

#define KC_CLI_NOT_UNDERSTOOD (-1)

/* Parses the options of the noun (`options` may be NULL; --data and --master-key are known to all) and finds the verb: its place in the
 * table, or KC_CLI_NOT_UNDERSTOOD when what is wrong was said. */
int kc_cli_parse(KcCli *cli, const GOptionEntry *options);

/* The service's folder as the command line opens it; with `options`, as they say (their data_dir is set here). NULL
 * when what is wrong was said: kc_cli_no_app is then the exit code. */
KcApp *kc_cli_open(const KcCli *cli, const KcAppOptions *options);
int kc_cli_no_app(const KcCli *cli);

/* How a command ends: EXIT_SUCCESS with `words`, or EXIT_FAILURE with what was refused or failed. */
int kc_cli_end(gboolean done, const KcResult *result, const GError *error, const char *words);
/* Says `what` is wrong with the words; always 2. */
int kc_cli_usage(const char *what);

/* ---- The nouns ---- */

extern const KcCliNoun kc_cli_backup, kc_cli_draws, kc_cli_fsck, kc_cli_integration, kc_cli_keys, kc_cli_law, kc_cli_log,
    kc_cli_report, kc_cli_retention, kc_cli_rules, kc_cli_samples, kc_cli_search, kc_cli_user, kc_cli_verify, kc_cli_witness;
