/* A client of one request a connection, over a plain socket: what the tests send is exactly what goes out. Blocking,
 * with thirty seconds for anything. */
#pragma once

#include <glib.h>

typedef struct {
    int status;       /* 0: the server closed without a reply */
    char *head;       /* status line and header fields */
    GByteArray *body; /* decoded if it came in chunks; ends in a NUL that is not counted */
} Reply;

void reply_free(Reply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

/* Owned value of a header field; NULL if it is absent. */
char *reply_header(const Reply *reply, const char *name);
const char *reply_text(const Reply *reply);

/* A connection to 127.0.0.1; fails the test if there is none. */
int client_connect(guint16 port);
/* FALSE if the server has closed meanwhile. */
gboolean client_send(int fd, const void *bytes, gsize size);
/* Reads up to the end of the connection (or for as long as `until` is not in what came) and takes it apart. */
Reply *client_receive(int fd);
/* Reads until `text` came, at most `timeout_ms`; owned text of all that came so far in this call, or NULL. */
char *client_read_until(int fd, const char *text, guint timeout_ms);
/* Whether the server closes the connection within that time. */
gboolean client_is_closed(int fd, guint timeout_ms);
