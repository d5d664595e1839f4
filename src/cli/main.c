/* kuaichu: accounts, rules, laws and lots from the command line, on the service's data folder. The service may be running: it
 * takes up what is made here.
 *
 *     kuaichu --data DIR fsck [--checkpoint FILE]… [--json]   (everything; 0 right, 1 damaged, 2 not checked)
 *     kuaichu [--data DIR] rules check FILE...|DIR
 *     kuaichu --data DIR rules diff FILE...|DIR
 *     kuaichu --data DIR rules install FILE...|DIR --reason TEXT [--from YYYY-MM-DD]
 *     kuaichu --data DIR draws verify            (draws every case again that was assigned by lot)
 *     kuaichu --data DIR integration add --name N [--scopes S,S]                  (prints its key, once)
 *     kuaichu --data DIR integration list
 *     kuaichu --data DIR integration revoke --name N
 *     kuaichu --data DIR law import FILE...      (Markdown; all of them or none)
 *     kuaichu --data DIR law list
 *     kuaichu --data DIR log verify [CHECKPOINT]  (against a checkpoint that somebody kept, too)
 *     kuaichu --data DIR log keys
 *     kuaichu --data DIR user add --username U --role R [--name N] [--badge B]     (the password is read)
 *     kuaichu --data DIR user password --username U
 *     kuaichu --data DIR user grade --username U --grade junior|middle|senior|none
 *     kuaichu --data DIR user list */
#include "src/app/accounts.h"
#include "src/cli/draws.h"
#include "src/cli/fsck.h"
#include "src/cli/integration.h"
#include "src/cli/law.h"
#include "src/cli/log.h"
#include "src/cli/report.h"
#include "src/cli/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

typedef struct {
    char *data, *username, *role, *name, *badge, *grade, *reason, *from, *scopes;
    char **checkpoints;
    gboolean json;
} Arguments;

static void
clear_arguments(Arguments *arguments)
{
    g_strfreev(arguments->checkpoints);
    g_free(arguments->data);
    g_free(arguments->username);
    g_free(arguments->role);
    g_free(arguments->name);
    g_free(arguments->badge);
    g_free(arguments->grade);
    g_free(arguments->reason);
    g_free(arguments->from);
    g_free(arguments->scopes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arguments, clear_arguments)

/* From the terminal without an echo, or the first line of a pipe. */
static char *
read_password(void)
{
    struct termios before;
    gboolean terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        struct termios quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        fputs("Password: ", stderr);
    }
    char *line = NULL;
    size_t size = 0;
    ssize_t n = getline(&line, &size, stdin);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    char *password = n > 0 ? g_strdup(g_strchomp(line)) : NULL;
    free(line);
    return password;
}

static int
add(KcApp *app, const Arguments *arguments)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *password = read_password();
    if (password == NULL || arguments->username == NULL || arguments->role == NULL) {
        g_printerr("kuaichu: user add needs --username, --role and a password\n");
        return 2;
    }
    KcNewUser user = {
        .username = arguments->username,
        .password = password,
        .role = arguments->role,
        .name = arguments->name != NULL ? arguments->name : arguments->username,
        .badge_number = arguments->badge,
    };
    KcUser *made = NULL;
    gboolean done = kc_app_add_user(app, NULL, &user, &made, &result, &error);
    kc_user_free(made);
    return kc_cli_report(done, &result, error, "The account is made.");
}

static int
password(KcApp *app, const Arguments *arguments)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_password();
    if (text == NULL || arguments->username == NULL) {
        g_printerr("kuaichu: user password needs --username and a password\n");
        return 2;
    }
    gboolean done = kc_app_set_password(app, NULL, arguments->username, text, &result, &error);
    return kc_cli_report(done, &result, error, "The password is set; the account's sessions have ended.");
}

static int
grade(KcApp *app, const Arguments *arguments)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (arguments->username == NULL || arguments->grade == NULL) {
        g_printerr("kuaichu: user grade needs --username and --grade\n");
        return 2;
    }
    const char *wanted = strcmp(arguments->grade, "none") == 0 ? NULL : arguments->grade;
    gboolean done = kc_app_set_grade(app, NULL, arguments->username, wanted, NULL, &result, &error);
    return kc_cli_report(done, &result, error, "The grade is set.");
}

static int
list(KcApp *app)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) users = NULL;
    if (!kc_app_list_users(app, NULL, &users, &result, &error))
        return kc_cli_report(FALSE, &result, error, "");
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = g_ptr_array_index(users, i);
        printf("%-20s %-16s %-7s %s\n", user->username, user->role, user->grade != NULL ? user->grade : "-",
               user->name);
    }
    return EXIT_SUCCESS;
}

/* What follows the options: a noun, a verb, and files where the verb takes them. */
typedef struct {
    const char *noun, *verb;
    gboolean takes_files, needs_no_data;
    int (*run)(KcApp *app, const Arguments *arguments, char **files);
    gboolean opens_itself; /* the folder: it gets no app */
} Command;

static int
run_user_add(KcApp *app, const Arguments *arguments, char **files G_GNUC_UNUSED)
{
    return add(app, arguments);
}

static int
run_user_password(KcApp *app, const Arguments *arguments, char **files G_GNUC_UNUSED)
{
    return password(app, arguments);
}

static int
run_user_grade(KcApp *app, const Arguments *arguments, char **files G_GNUC_UNUSED)
{
    return grade(app, arguments);
}

static int
run_user_list(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files G_GNUC_UNUSED)
{
    return list(app);
}

static int
run_law_import(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files)
{
    return kc_cli_law_import(app, (const char *const *)files);
}

static int
run_law_list(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files G_GNUC_UNUSED)
{
    return kc_cli_law_list(app);
}

static int
run_draws_verify(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files G_GNUC_UNUSED)
{
    return kc_cli_draws_verify(app);
}

static int
run_integration_add(KcApp *app, const Arguments *arguments, char **files G_GNUC_UNUSED)
{
    return kc_cli_integration_add(app, arguments->name, arguments->scopes);
}

static int
run_integration_list(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files G_GNUC_UNUSED)
{
    return kc_cli_integration_list(app);
}

static int
run_integration_revoke(KcApp *app, const Arguments *arguments, char **files G_GNUC_UNUSED)
{
    return kc_cli_integration_revoke(app, arguments->name);
}

static int
run_log_verify(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files)
{
    return kc_cli_log_verify(app, files[0]);
}

static int
run_log_keys(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files G_GNUC_UNUSED)
{
    return kc_cli_log_keys(app);
}

static int
run_rules_check(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files)
{
    return kc_cli_rules_check(app, (const char *const *)files);
}

static int
run_rules_diff(KcApp *app, const Arguments *arguments G_GNUC_UNUSED, char **files)
{
    return kc_cli_rules_diff(app, (const char *const *)files);
}

static int
run_rules_install(KcApp *app, const Arguments *arguments, char **files)
{
    return kc_cli_rules_install(app, (const char *const *)files, arguments->reason, arguments->from);
}

/* Opens the folder by itself, and changes nothing in it. */
static int
run_fsck(KcApp *app G_GNUC_UNUSED, const Arguments *arguments, char **files G_GNUC_UNUSED)
{
    return kc_cli_fsck(arguments->data, (const char *const *)arguments->checkpoints, arguments->json);
}

static const Command COMMANDS[] = {
    {"user", "add", FALSE, FALSE, run_user_add},    {"user", "password", FALSE, FALSE, run_user_password},
    {"user", "list", FALSE, FALSE, run_user_list},  {"law", "import", TRUE, FALSE, run_law_import},
    {"law", "list", FALSE, FALSE, run_law_list},    {"user", "grade", FALSE, FALSE, run_user_grade},
    {"rules", "check", TRUE, TRUE, run_rules_check}, {"rules", "diff", TRUE, FALSE, run_rules_diff},
    {"rules", "install", TRUE, FALSE, run_rules_install}, {"draws", "verify", FALSE, FALSE, run_draws_verify},
    {"log", "verify", FALSE, FALSE, run_log_verify},
    {"log", "verify", TRUE, FALSE, run_log_verify},
    {"log", "keys", FALSE, FALSE, run_log_keys},
    {"fsck", NULL, FALSE, FALSE, run_fsck, .opens_itself = TRUE},
    {"integration", "add", FALSE, FALSE, run_integration_add},
    {"integration", "list", FALSE, FALSE, run_integration_list},
    {"integration", "revoke", FALSE, FALSE, run_integration_revoke},
};

/* NULL: no such command, or files where none belong, or none where some do. */
static const Command *
find_command(int argc, char **argv)
{
    for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS(COMMANDS); i++) {
        const Command *command = &COMMANDS[i];
        int words = command->verb != NULL ? 3 : 2;
        if (argc >= words && strcmp(argv[1], command->noun) == 0 &&
            (command->verb == NULL || strcmp(argv[2], command->verb) == 0) && (argc > words) == command->takes_files)
            return command;
    }
    return NULL;
}

static int
run(const Arguments *arguments, const Command *command, char **files)
{
    g_autoptr(GError) error = NULL;
    if (arguments->data == NULL || command->opens_itself)
        return command->run(NULL, arguments, files);
    KcAppOptions options = {.data_dir = arguments->data, .text_only = TRUE};
    g_autoptr(KcApp) app = kc_app_new(&options, &error);
    if (app == NULL) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    return command->run(app, arguments, files);
}

int
main(int argc, char **argv)
{
    g_auto(Arguments) arguments = {0};
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &arguments.data, "data folder of the service", "DIR"},
        {"username", 0, 0, G_OPTION_ARG_STRING, &arguments.username, "name to sign in with", "U"},
        {"role", 0, 0, G_OPTION_ARG_STRING, &arguments.role, "intake_operator, officer, supervisor, auditor or admin", "R"},
        {"name", 0, 0, G_OPTION_ARG_FILENAME /* bytes as they are: UTF-8 in any locale */, &arguments.name, "the person's name, or the other system's", "N"},
        {"grade", 0, 0, G_OPTION_ARG_STRING, &arguments.grade, "junior, middle, senior or none: who may lead a case with injuries", "G"},
        {"reason", 0, 0, G_OPTION_ARG_FILENAME /* as the name */, &arguments.reason, "why the rules change", "TEXT"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &arguments.from, "the day from which they are in force", "YYYY-MM-DD"},
        {"scopes", 0, 0, G_OPTION_ARG_STRING, &arguments.scopes, "what the key may be used for: cases:open,cases:read,events:read", "S"},
        {"badge", 0, 0, G_OPTION_ARG_STRING, &arguments.badge, "badge number", "B"},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments.checkpoints, "fsck: a checkpoint that somebody kept", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &arguments.json, "fsck: the findings as JSON", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("user add|password|grade|list, integration add|list|revoke, law import FILE…|list, rules "
                             "check|diff|install FILE…|DIR, draws verify, log verify|keys, fsck - accounts, keys, laws, rules, lots "
                             "and log of kuaichu");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    gboolean parsed = g_option_context_parse(context, &argc, &argv, &error);
    const Command *command = parsed ? find_command(argc, argv) : NULL;
    if (command == NULL || (arguments.data == NULL && !command->needs_no_data)) {
        g_printerr("kuaichu: %s\n",
                   parsed ? "say: kuaichu --data DIR user add|password|grade|list, integration add|list|revoke, law "
                            "import FILE…|list, rules check|diff|install FILE…|DIR, draws verify, log verify|keys, or fsck (see "
                            "--help)"
                          : error->message);
        return 2;
    }
    return run(&arguments, command, argv + MIN(argc, 3));
}
