/* Between server.c and request.c: the steps of a request's life. */
#pragma once

#include "src/http/request.h"

/* The header is whole. Decides what can be decided without the body; `reply` is set if that is a refusal. */
KcHttpRequest *kc_http_request_new(KcHttpContext *context, struct MHD_Connection *mhd, const char *method,
                                   const char *path);
void kc_http_request_free(KcHttpRequest *request);

/* A refusal that must be sent before the body is read, since the body is too long to wait for. */
gboolean kc_http_request_refuses_early(KcHttpRequest *request);

/* A piece of the body. FALSE: the client goes on far beyond the limit; close. */
gboolean kc_http_request_take(KcHttpRequest *request, const char *bytes, gsize size);

/* The body is whole: parses it and calls the handler; sets `reply`. Any thread. */
void kc_http_request_run(KcHttpRequest *request);
