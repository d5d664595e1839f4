/* kuaichu user: accounts. */
#include "src/app/accounts.h"
#include "src/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

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

typedef struct {
    char *username, *role, *name, *badge, *grade;
} UserOptions;

static void
user_options_clear(UserOptions *options)
{
    g_free(options->username);
    g_free(options->role);
    g_free(options->name);
    g_free(options->badge);
    g_free(options->grade);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UserOptions, user_options_clear)

static int
add(KcApp *app, const UserOptions *options)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *password = read_password();
    if (password == NULL || options->username == NULL || options->role == NULL)
        return kc_cli_usage("user add needs --username, --role and a password");
    KcNewUser user = {
        .username = options->username,
        .password = password,
        .role = options->role,
        .name = options->name != NULL ? options->name : options->username,
        .badge_number = options->badge,
    };
    KcUser *made = NULL;
    gboolean done = kc_app_add_user(app, NULL, &user, &made, &result, &error);
    kc_user_free(made);
    return kc_cli_end(done, &result, error, "The account is made.");
}

static int
set_password(KcApp *app, const UserOptions *options)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_password();
    if (text == NULL || options->username == NULL)
        return kc_cli_usage("user password needs --username and a password");
    gboolean done = kc_app_set_password(app, NULL, options->username, text, &result, &error);
    return kc_cli_end(done, &result, error, "The password is set; the account's sessions have ended.");
}

static int
set_grade(KcApp *app, const UserOptions *options)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (options->username == NULL || options->grade == NULL)
        return kc_cli_usage("user grade needs --username and --grade");
    const char *wanted = strcmp(options->grade, "none") == 0 ? NULL : options->grade;
    gboolean done = kc_app_set_grade(app, NULL, options->username, wanted, NULL, &result, &error);
    return kc_cli_end(done, &result, error, "The grade is set.");
}

static int
set_disabled(KcApp *app, const UserOptions *options, gboolean disabled)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (options->username == NULL)
        return kc_cli_usage(disabled ? "user disable needs --username" : "user enable needs --username");
    gboolean done = kc_app_set_disabled(app, NULL, options->username, disabled, NULL, &result, &error);
    return kc_cli_end(done, &result, error,
                      disabled ? "The account is disabled and its sessions have ended. A supervisor can take over its open cases."
                               : "The account is enabled; it signs in with its password.");
}

static int
list(KcApp *app)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) users = NULL;
    if (!kc_app_list_users(app, NULL, &users, &result, &error))
        return kc_cli_end(FALSE, &result, error, "");
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = g_ptr_array_index(users, i);
        printf("%-20s %-16s %-7s %s%s\n", user->username, user->role, user->grade != NULL ? user->grade : "-",
               user->name, user->disabled ? " (disabled)" : "");
    }
    return EXIT_SUCCESS;
}

enum { ADD, PASSWORD, GRADE, DISABLE, ENABLE, LIST };

static const KcCliVerb VERBS[] = {
    [ADD] = {"add", "--username U --role R", 0, 0, "make an account; the password is read"},
    [PASSWORD] = {"password", "--username U", 0, 0, "set its password, which is read"},
    [GRADE] = {"grade", "--username U --grade G", 0, 0, "who may lead a case with injuries"},
    [DISABLE] = {"disable", "--username U", 0, 0, "let it sign in no more, and end its sessions"},
    [ENABLE] = {"enable", "--username U", 0, 0, "let it sign in again"},
    [LIST] = {"list", NULL, 0, 0, "list accounts"},
    {0},
};

static int
run(KcCli *cli)
{
    g_auto(UserOptions) options = {0};
    const GOptionEntry entries[] = {
        {"username", 0, 0, G_OPTION_ARG_STRING, &options.username, "name to sign in with", "U"},
        {"role", 0, 0, G_OPTION_ARG_STRING, &options.role, "intake_operator, officer, supervisor, auditor or admin",
         "R"},
        /* Bytes as they are: UTF-8 in any locale. */
        {"name", 0, 0, G_OPTION_ARG_FILENAME, &options.name, "the person's name", "N"},
        {"badge", 0, 0, G_OPTION_ARG_STRING, &options.badge, "badge number", "B"},
        {"grade", 0, 0, G_OPTION_ARG_STRING, &options.grade, "junior, middle, senior or none", "G"},
        G_OPTION_ENTRY_NULL,
    };
    int verb = kc_cli_parse(cli, entries);
    if (verb == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    g_autoptr(KcApp) app = kc_cli_open(cli, NULL);
    if (app == NULL)
        return kc_cli_no_app(cli);
    switch (verb) {
    case ADD:
        return add(app, &options);
    case PASSWORD:
        return set_password(app, &options);
    case GRADE:
        return set_grade(app, &options);
    case DISABLE:
    case ENABLE:
        return set_disabled(app, &options, verb == DISABLE);
    default:
        return list(app);
    }
}

const KcCliNoun kc_cli_user = {"user", VERBS, run};
