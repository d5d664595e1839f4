#include "tests/http/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/kc_test.h"

#define TIMEOUT_MS 30000

void
reply_free(Reply *reply)
{
    if (reply == NULL)
        return;
    g_free(reply->head);
    g_byte_array_unref(reply->body);
    g_free(reply);
}

const char *
reply_text(const Reply *reply)
{
    return (const char *)reply->body->data;
}

char *
reply_header(const Reply *reply, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(reply->head, "\r\n", -1);
    gsize length = strlen(name);
    for (gsize i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
        if (g_ascii_strncasecmp(lines[i], name, length) == 0 && lines[i][length] == ':')
            return g_strstrip(g_strdup(lines[i] + length + 1));
    }
    return NULL;
}

int
client_connect(guint16 port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = g_htons(port), .sin_addr = {g_htonl(INADDR_LOOPBACK)}};
    const struct timeval timeout = {.tv_sec = TIMEOUT_MS / 1000};
    ck_assert_int_ge(fd, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        ck_abort_msg("no connection: %s", g_strerror(errno));
    return fd;
}

gboolean
client_send(int fd, const void *bytes, gsize size)
{
    const char *cursor = bytes;
    while (size > 0) {
        ssize_t sent = send(fd, cursor, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return FALSE;
        cursor += sent;
        size -= (gsize)sent;
    }
    return TRUE;
}

static GByteArray *
read_all(int fd)
{
    GByteArray *all = g_byte_array_new();
    guint8 buffer[16384];
    ssize_t got;
    while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0)
        g_byte_array_append(all, buffer, (guint)got);
    if (got < 0 && errno == EAGAIN)
        ck_abort_msg("no end of the reply within %d ms", TIMEOUT_MS);
    g_byte_array_append(all, (const guint8 *)"", 1);
    return all;
}

static void
add_chunks(GByteArray *body, const char *cursor, const char *end)
{
    while (cursor < end) {
        char *line_end = NULL;
        guint64 size = g_ascii_strtoull(cursor, &line_end, 16);
        if (line_end == cursor || size == 0)
            return;
        cursor = line_end + 2;
        size = MIN(size, (guint64)(end - cursor));
        g_byte_array_append(body, (const guint8 *)cursor, (guint)size);
        cursor += size + 2;
    }
}

Reply *
client_receive(int fd)
{
    g_autoptr(GByteArray) all = read_all(fd);
    Reply *reply = g_new0(Reply, 1);
    const char *text = (const char *)all->data, *end = text + all->len - 1;
    const char *body = strstr(text, "\r\n\r\n");
    reply->body = g_byte_array_new();
    reply->head = body != NULL ? g_strndup(text, (gsize)(body - text)) : g_strdup("");
    if (body != NULL) {
        reply->status = (int)g_ascii_strtoll(reply->head + strlen("HTTP/1.1 "), NULL, 10);
        g_autofree char *coding = reply_header(reply, "Transfer-Encoding");
        if (coding != NULL)
            add_chunks(reply->body, body + 4, end);
        else
            g_byte_array_append(reply->body, (const guint8 *)body + 4, (guint)(end - body - 4));
    }
    g_byte_array_append(reply->body, (const guint8 *)"", 1);
    reply->body->len--;
    return reply;
}

static gboolean
wait_readable(int fd, gint64 until)
{
    gint64 left_ms = (until - g_get_monotonic_time()) / 1000;
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    return left_ms > 0 && poll(&wanted, 1, (int)left_ms) > 0;
}

char *
client_read_until(int fd, const char *text, guint timeout_ms)
{
    g_autoptr(GString) all = g_string_new(NULL);
    gint64 until = g_get_monotonic_time() + timeout_ms * 1000LL;
    while (strstr(all->str, text) == NULL) {
        char buffer[4096];
        if (!wait_readable(fd, until))
            return NULL;
        ssize_t got = recv(fd, buffer, sizeof buffer, 0);
        if (got <= 0)
            return NULL;
        g_string_append_len(all, buffer, got);
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

gboolean
client_is_closed(int fd, guint timeout_ms)
{
    gint64 until = g_get_monotonic_time() + timeout_ms * 1000LL;
    char buffer[4096];
    while (wait_readable(fd, until)) {
        if (recv(fd, buffer, sizeof buffer, 0) <= 0)
            return TRUE;
    }
    return FALSE;
}
