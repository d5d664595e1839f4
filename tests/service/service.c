#include "tests/service/service.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/kc_test.h"
#include "tests/support/process.h"

static guint16
read_port(FILE *said)
{
    char line[400];
    guint port = 0;
    while (fgets(line, sizeof line, said) != NULL) {
        const char *colon = strrchr(line, ':');
        if (g_str_has_prefix(line, "kuaichud ready ") && colon != NULL && sscanf(colon, ":%u", &port) == 1)
            return (guint16)port;
    }
    ck_abort_msg("the service does not start");
}

/* What begins with it runs on that file system. */
static void
add_mount(const Service *service, GPtrArray *command)
{
    const char *const words[] = {"unshare", geteuid() == 0 ? "-m" : "-rm", "sh", "-c",
                                 "mount -t tmpfs -o size=\"$0\",mode=700 tmpfs \"$1\" && shift && exec \"$@\"",
                                 service->disk, service->dir};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_ptr_array_add(command, g_strdup(words[i]));
}

static GPtrArray *
command_of(const Service *service)
{
    g_autofree char *count = g_strdup_printf("%u", service->workers);
    const char *argv[] = {g_getenv("KC_DAEMON"), "--data", service->dir, "--demo", "--listen", "127.0.0.1:0",
                          "--media-address", "127.0.0.1", "--media-ports", "42000-42999", "--media-workers", count,
                          "--media-calls-together", "0",
                          "--media-worker", g_getenv("KC_MEDIA_WORKER"), "--media-sandbox", "require"};
    GPtrArray *command = g_ptr_array_new_with_free_func(g_free);
    if (service->disk != NULL)
        add_mount(service, command);
    for (gsize i = 0; i < G_N_ELEMENTS(argv); i++)
        g_ptr_array_add(command, g_strdup(argv[i]));
    for (char **more = service->arguments; more != NULL && *more != NULL; more++)
        g_ptr_array_add(command, g_strdup(*more));
    g_ptr_array_add(command, NULL);
    return command;
}

static GStrv
environment_of(const Service *service)
{
    GStrv environment = g_get_environ();
    for (char **more = service->environment; more != NULL && *more != NULL; more++) {
        g_auto(GStrv) pair = g_strsplit(*more, "=", 2);
        environment = g_environ_setenv(environment, pair[0], pair[1], TRUE);
    }
    return environment;
}

void
service_start(Service *service)
{
    int out = -1;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) command = command_of(service);
    g_auto(GStrv) environment = environment_of(service);
    g_spawn_async_with_pipes(NULL, (char **)command->pdata, environment,
                             G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL, NULL,
                             &service->pid, NULL, &out, NULL, &error);
    kc_assert_no_error(error);
    service->said = fdopen(out, "r");
    service->port = read_port(service->said);
}

Service *
service_new_with(guint workers, const char *const *arguments, const char *const *environment)
{
    Service *service = g_new0(Service, 1);
    service->dir = kc_test_dir_new();
    service->workers = workers;
    service->arguments = g_strdupv((GStrv)arguments);
    service->environment = g_strdupv((GStrv)environment);
    service_start(service);
    return service;
}

Service *
service_new_on_disk(guint workers, const char *size, const char *const *arguments)
{
    int status = -1;
    Service *service = g_new0(Service, 1);
    service->dir = kc_test_dir_new();
    service->workers = workers;
    service->arguments = g_strdupv((GStrv)arguments);
    service->disk = g_strdup(size);
    g_autoptr(GPtrArray) probe = g_ptr_array_new_with_free_func(g_free);
    add_mount(service, probe);
    g_ptr_array_add(probe, g_strdup("true"));
    g_ptr_array_add(probe, NULL);
    if (!g_spawn_sync(NULL, (char **)probe->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                      NULL, &status, NULL) ||
        status != 0) {
        kc_test_dir_remove(service->dir);
        g_strfreev(service->arguments);
        g_free(service->disk);
        g_free(service);
        return NULL;
    }
    service_start(service);
    return service;
}

Service *
service_new(guint workers)
{
    return service_new_with(workers, NULL, NULL);
}

void
service_kill(Service *service)
{
    kill(service->pid, SIGKILL);
    waitpid(service->pid, NULL, 0);
    fclose(g_steal_pointer(&service->said));
}

char *
service_refused(const Service *service)
{
    char *said = NULL;
    int status = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) command = command_of(service);
    g_spawn_sync(NULL, (char **)command->pdata, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said, &status,
                 &error);
    kc_assert_no_error(error);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) != 0, "it ends with status %x", status);
    return said;
}

void
service_free(Service *service)
{
    int status = -1;
    kill(service->pid, SIGTERM);
    ck_assert_int_eq(waitpid(service->pid, &status, 0), service->pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the service ends with status %x", status);
    fclose(service->said);
    kc_test_dir_remove(service->dir);
    g_strfreev(service->arguments);
    g_strfreev(service->environment);
    g_free(service->disk);
    g_free(service);
}

Reply *
service_call(const Service *service, int status, const char *method, const char *path, const char *token,
             const char *type, const char *body)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %zu\r\n", method,
                           path, body != NULL ? strlen(body) : 0);
    if (token != NULL)
        g_string_append_printf(text, "Authorization: Bearer %s\r\n", token);
    if (body != NULL)
        g_string_append_printf(text, "Content-Type: %s\r\n", type != NULL ? type : "application/json");
    g_string_append_printf(text, "\r\n%s", body != NULL ? body : "");
    int fd = client_connect(service->port);
    client_send(fd, text->str, text->len);
    Reply *reply = client_receive(fd);
    close(fd);
    ck_assert_msg(reply->status == status, "%s %s: %d instead of %d\n%s", method, path, reply->status, status,
                  reply_text(reply));
    return reply;
}

json_t *
service_json(const Service *service, int status, const char *method, const char *path, const char *token,
             const char *body)
{
    g_autoptr(Reply) reply = service_call(service, status, method, path, token, NULL, body);
    json_t *root = json_loadb(reply_text(reply), reply->body->len, 0, NULL);
    ck_assert_ptr_nonnull(root);
    return root;
}

double
service_metric(const Service *service, const char *name)
{
    g_autoptr(Reply) reply = service_call(service, 200, "GET", "/metrics", NULL, NULL, NULL);
    g_auto(GStrv) lines = g_strsplit(reply_text(reply), "\n", -1);
    gsize len = strlen(name);
    double sum = 0;
    for (char **line = lines; *line != NULL; line++) {
        if (strncmp(*line, name, len) == 0 && ((*line)[len] == ' ' || (*line)[len] == '{'))
            sum += g_ascii_strtod(strrchr(*line, ' '), NULL);
    }
    return sum;
}

GArray *
service_workers(const Service *service)
{
    return process_children(service->pid, "kuaichu-media");
}
