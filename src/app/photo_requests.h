/* An officer asks a party for a photo with the phone's own camera, while the call goes on.
 *
 *   pending ─photo sealed with this request─▶ arrived     pending ─the phone says so─▶ declined | failed ─▶ (a photo after all) arrived
 *
 * The requests are in memory, as the call itself: the newest KC_PHOTO_REQUESTS_MAX of a case. What was asked, refused
 * and sent is in the audit log. */
#pragma once

#include "src/app/cases.h"

#define KC_PHOTO_REQUESTS_MAX 20

typedef struct {
    char *id, *case_id, *party_id;
    char *shot;   /* may be NULL */
    char *state;  /* "pending", "arrived", "declined", "failed" */
    char *reason; /* of the phone, why not; may be NULL */
    char *still_id; /* once it has arrived */
    gint64 requested_us;
} KcPhotoRequest;
void kc_photo_request_free(KcPhotoRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPhotoRequest, kc_photo_request_free)

/* CONFLICT "not-in-call". Emits photo.requested. */
gboolean kc_app_request_photo(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                              const char *shot, KcPhotoRequest **ret_request, KcResult *result, GError **error);
/* Of KcPhotoRequest, oldest first; a party sees its own. */
gboolean kc_app_list_photo_requests(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_requests,
                                    KcResult *result, GError **error);
/* The phone can't or may not: `state` "declined" or "failed". Emits photo.answered. NOT_FOUND unless it is the party's
 * own. */
gboolean kc_app_answer_photo_request(KcApp *app, const KcPrincipal *who, const char *case_id, const char *request_id,
                                     const char *state, const char *reason, KcResult *result, GError **error);
