/* Evidence in the vault: photos in, everything out again. Each look at it is an entry of the audit log. */
#pragma once

#include "src/app/cases.h"

typedef struct {
    const char *shot;       /* may be NULL */
    const char *request_id; /* the open photo request that it answers, else NOT_FOUND; may be NULL */
    /* Sent by the phone itself instead of a live picture: evidence, but nothing that anybody chose, so that it changes
     * no case and answers nothing. Only of a party in the call (CONFLICT "not-in-call"), smaller, and of a number of
     * its own. */
    gboolean live;
    gint64 age_us; /* how long ago it began to be sent */
    GBytes *image;
    const KcIdempotency *idempotency;
} KcNewPhoto;

/* The type is found by content: JPEG, PNG, WebP; HEIC and others are UNSUPPORTED. Limits of src/base/limits.h. */
gboolean kc_app_add_photo(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewPhoto *photo,
                          KcStillView **ret_still, KcResult *result, GError **error);

/* of KcStillView: those that phones sent by themselves, by time; an insurer sees its own party's. */
gboolean kc_app_list_live_stills(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_stills,
                                 KcResult *result, GError **error);

/* Bytes of a sealed thing as a file of known size. A reader belongs to one thread at a time. */
typedef struct KcObjectReader KcObjectReader;
gint64 kc_object_reader_size(const KcObjectReader *reader);
const char *kc_object_reader_content_type(const KcObjectReader *reader);
const char *kc_object_reader_sha256(const KcObjectReader *reader); /* of the sealed original; names the content */
/* A range that will be read soon, from its beginning on: a hint (kc_vault_reader_expect). */
void kc_object_reader_expect(KcObjectReader *reader, gint64 offset, gint64 len);
/* Exactly `len` bytes from `offset`, all within the size. An error of KC_VAULT_ERROR is also in the audit log. */
gboolean kc_object_reader_read(KcObjectReader *reader, gint64 offset, guint8 *buffer, gsize len, GError **error);
void kc_object_reader_free(KcObjectReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcObjectReader, kc_object_reader_free)

/* A still or photo of the case. */
gboolean kc_app_open_still(KcApp *app, const KcPrincipal *who, const char *case_id, const char *still_id,
                           KcObjectReader **ret_reader, KcResult *result, GError **error);
/* The picture of a signature. */
gboolean kc_app_open_signature(KcApp *app, const KcPrincipal *who, const char *case_id, const char *object_id,
                               KcObjectReader **ret_reader, KcResult *result, GError **error);

typedef struct {
    char *id, *case_id, *party_id, *user_id, *guest_id;
    char *guest_kind; /* NULL: no guest's */
    char *label; /* of the party */
    char *name;  /* of the person; may be NULL */
    gint64 segment, started_us, ended_us, duration_ms, bytes;
    char *status; /* "live" "complete" "recovered" "failed" "erased" (by rule) */
    char *sha256; /* NULL while live */
    gboolean has_audio, has_video;
    gint64 width, height;
    GArray *gaps; /* KcMediaGap */
} KcRecordingView;
void kc_recording_view_free(KcRecordingView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRecordingView, kc_recording_view_free)

/* of KcRecordingView, by start. Tracks without any content are left out. */
gboolean kc_app_list_recordings(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_recordings,
                                KcResult *result, GError **error);

/* The recording as a seekable WebM. While it is live: CONFLICT "recording-live". A player asks for many ranges: a
 * caller's looks at one recording within a quarter of an hour are one entry of the audit log. */
gboolean kc_app_open_recording(KcApp *app, const KcPrincipal *who, const char *recording_id,
                               KcObjectReader **ret_reader, KcResult *result, GError **error);

/* Whether opening it would write nothing and open no file: the caller looked at it just now, and its reader waits. A guess,
 * which may be wrong a moment later; it gives no right. */
gboolean kc_app_recording_is_at_hand(KcApp *app, const KcPrincipal *who, const char *recording_id);

typedef struct {
    gint64 at_ms;
    gint64 offset; /* in the served file */
} KcKeyframe;

typedef struct {
    gint64 duration_ms;
    gint64 width, height;
    GArray *keyframes; /* KcKeyframe */
} KcRecordingIndex;
void kc_recording_index_clear(KcRecordingIndex *index);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcRecordingIndex, kc_recording_index_clear)

gboolean kc_app_recording_index(KcApp *app, const KcPrincipal *who, const char *recording_id,
                                KcRecordingIndex *ret_index, KcResult *result, GError **error);
