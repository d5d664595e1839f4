/* Deadlines of connections, which MHD does not have: its time-out is for silence only, so that a client which sends
 * one byte every few seconds could hold a connection for ever (slow loris).
 *
 * Every open socket is in a register; a thread looks at it four times a second and shuts down those past their
 * deadline. MHD then sees the end of the stream and closes. The register's lock is held while a socket is shut down and
 * while it is taken out, and MHD takes it out before it closes, so a descriptor used again is never hit. */
#pragma once

#include <glib.h>

typedef struct KcHttpConnections KcHttpConnections;
typedef struct KcHttpConnection KcHttpConnection;

KcHttpConnections *kc_http_connections_new(guint header_deadline_s, guint body_deadline_s, guint idle_s);

/* Ends the thread; every connection must be closed. */
void kc_http_connections_free(KcHttpConnections *connections);

/* A new socket: its first header is awaited. Valid until kc_http_connection_closed. */
KcHttpConnection *kc_http_connection_opened(KcHttpConnections *connections, int fd);
void kc_http_connection_closed(KcHttpConnection *connection);

/* The header is whole; a body of that size may follow, and has until the deadline. */
void kc_http_connection_expect_body(KcHttpConnection *connection);
/* More of the body came: a second more for each 32 KiB. */
void kc_http_connection_body_came(KcHttpConnection *connection, gsize bytes);
/* The request is whole: no deadline while we work and answer. */
void kc_http_connection_working(KcHttpConnection *connection);
/* The answer was sent: the next request has the idle time. */
void kc_http_connection_idle(KcHttpConnection *connection);

/* Shuts the socket down now, from any thread: for a client that does not read what it asked for. */
void kc_http_connection_shut(KcHttpConnection *connection);

guint kc_http_connections_open(KcHttpConnections *connections);
