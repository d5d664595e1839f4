/* Conditional requests (RFC 9110, 13) by the version of a case, and keys of repeated requests. */
#pragma once

#include "src/app/app.h"
#include "src/http/request.h"

/* `"v12"`; owned. */
char *kc_etag_of_version(gint64 version);

/* The version that If-Match names; 0 without the header or for `*`. NULL when all is well; a tag that no case has is a
 * 412 at once. */
KcHttpReply *kc_precondition_if_match(KcHttpRequest *request, gint64 *ret_version);

/* Whether If-None-Match names `etag`, so that 304 is the answer. */
gboolean kc_precondition_is_fresh(KcHttpRequest *request, const char *etag);

/* 304 with the tag. */
KcHttpReply *kc_precondition_not_modified(const char *etag);

/* What a use case that creates wants to know of Idempotency-Key. */
typedef struct {
    KcIdempotency value; /* points into the request and to `hash` */
    char *hash;
    const KcIdempotency *use; /* NULL: no key was given */
} KcRequestKey;

/* NULL when all is well, else 400 for an odd key. */
KcHttpReply *kc_precondition_key(KcHttpRequest *request, KcRequestKey *ret_key);
void kc_request_key_clear(KcRequestKey *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcRequestKey, kc_request_key_clear)
