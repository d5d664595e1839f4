/* What a route answers: a status, headers and a body that is text, bytes, or read as it is sent.
 *
 * A reply is made by one thread and handed over; it is not shared. */
#pragma once

#include <gio/gio.h>
#include <jansson.h>
#include <microhttpd.h>

/* A body that is read in pieces while it is sent. `read` fills up to `len` bytes from `at` and returns their number;
 * 0 or less ends the connection, since the promised length can no longer be kept. Of KC_HTTP_SIZE_UNKNOWN 0 is the end, and
 * the client sees in the last chunk that there was no error. */
#define KC_HTTP_SIZE_UNKNOWN G_MAXUINT64
typedef struct {
    gint64 (*read)(gpointer data, guint64 at, guint8 *buffer, gsize len);
    GDestroyNotify free;
    gpointer data;
    guint64 size;
} KcHttpSource;

typedef struct {
    unsigned status;
    const char *content_type; /* lives as long as the content; NULL without a body, or if it is among the headers */
    GBytes *body;             /* owned */
    KcHttpSource source;      /* instead of `body`, when `read` is set; owned */
    gpointer stream;          /* instead of both: a KcSseClient, owned by sse.c */
    GPtrArray *headers;       /* owned names and values in turn */
    gboolean close;           /* no further request on this connection */
} KcHttpReply;

KcHttpReply *kc_http_reply_new(unsigned status);

/* Takes `root`. */
KcHttpReply *kc_http_reply_json(unsigned status, json_t *root);

/* Takes `bytes`. `content_type` must live as long as they do. */
KcHttpReply *kc_http_reply_bytes(unsigned status, const char *content_type, GBytes *bytes);
KcHttpReply *kc_http_reply_text(unsigned status, const char *content_type, const char *text);

/* Copies both; a value with a control character is left out, since it could only come from a mistake of ours. */
void kc_http_reply_header(KcHttpReply *reply, const char *name, const char *value);
void kc_http_reply_headerf(KcHttpReply *reply, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);

void kc_http_reply_free(KcHttpReply *reply);

/* The Content-Security-Policy of every reply, but that images of that URL's origin are allowed too; owned. A host that
 * begins with "{s}." stands for all of its kind. */
char *kc_http_policy_with_images(const char *url);

/* The MHD response; takes over source and body, so that `reply` may be freed at once. `secure`: over TLS. */
struct MHD_Response *kc_http_reply_to_mhd(KcHttpReply *reply, gboolean secure);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcHttpReply, kc_http_reply_free)
