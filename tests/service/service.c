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

Service *
service_new(guint workers)
{
    Service *service = g_new0(Service, 1);
    service->dir = kc_test_dir_new();
    g_autofree char *count = g_strdup_printf("%u", workers);
    const char *argv[] = {g_getenv("KC_DAEMON"), "--data", service->dir, "--demo", "--listen", "127.0.0.1:0",
                          "--media-address", "127.0.0.1", "--media-ports", "42000-42999", "--media-workers", count,
                          "--media-calls-together", "0",
                          "--media-worker", g_getenv("KC_MEDIA_WORKER"), "--media-sandbox", "require", NULL};
    int out = -1;
    g_autoptr(GError) error = NULL;
    g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &service->pid, NULL, &out,
                             NULL, &error);
    kc_assert_no_error(error);
    service->said = fdopen(out, "r");
    service->port = read_port(service->said);
    return service;
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
