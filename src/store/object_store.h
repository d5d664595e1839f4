/* What the vault holds: a row for each sealed file, and for a recording what is known of its track.
 *
 * A row is `live` from before its file is made until its file is finished; at start, every live row is recovered. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *case_id;
    char *kind;     /* recording derivative still photo live_still signature document; a live_still may become a photo */
    char *party_id; /* whom it shows or who made it; NULL if a user, a guest or nobody */
    char *user_id;
    char *guest_id;     /* whose track it is */
    char *path;         /* relative to the vault */
    char *status;       /* live complete recovered failed */
    char *sha256;       /* of the plaintext, hexadecimal; NULL until finished */
    gint64 size_bytes;  /* plaintext */
    char *content_type; /* e.g. image/jpeg */
    char *meta_json;    /* an object, sealed; NULL: none */
    gint64 created_us;
    gint64 finished_us;
    gint64 erased_us; /* its content is gone by rule, its file and key with it; 0: it is there */
} KcObject;

void kc_object_free(KcObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcObject, kc_object_free)

gboolean kc_object_store_insert(KcTx *tx, const KcObject *object, GError **error);
/* Status, sha256, size_bytes, content_type, meta_json, finished_us, and of a live_still the kind. KC_UPDATE_DONE or _ABSENT. */
KcUpdate kc_object_store_update(KcTx *tx, const KcObject *object, GError **error);
gboolean kc_object_store_get(KcTx *tx, const char *id, KcObject **ret_object, GError **error);
/* of KcObject, by time. `kinds` NULL: all. */
GPtrArray *kc_object_store_list(KcTx *tx, const char *case_id, const char *const *kinds, GError **error);
gboolean kc_object_store_count(KcTx *tx, const char *case_id, const char *kind, gint64 *ret_count, GError **error);

/* Appends the path of every finished file, one a line, with "vault/" before it. */
gboolean kc_object_store_each_path(KcTx *tx, GString *list, GError **error);

/* The key of one object of a case, whose row is there; a recording's may go before the others. ERASED. Wipe it after use (kc_key_wipe). */
gboolean kc_object_store_key(KcTx *tx, const char *case_id, const char *object_id, guint8 ret_key[KC_KEY_LEN],
                             GError **error);

typedef struct {
    KcObject *object; /* owned; kind "recording" */
    gint64 segment;   /* 1, 2 … of the same participant in the same case */
    gint64 started_us;
    gint64 ended_us;
    gint64 duration_ms;
    gint64 chunks; /* known to be synced */
    gboolean has_audio, has_video;
    gint64 width, height;
    char *gaps_json; /* [[from_ms,to_ms],…]; never NULL when read */
} KcRecording;

void kc_recording_free(KcRecording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRecording, kc_recording_free)

/* Inserts the object and the recording. recording->segment 0: the next one, counted by the store. */
gboolean kc_recording_store_insert(KcTx *tx, KcRecording *recording, GError **error);
/* The object as kc_object_store_update does, and every field of the recording but segment. */
KcUpdate kc_recording_store_update(KcTx *tx, const KcRecording *recording, GError **error);
gboolean kc_recording_store_get(KcTx *tx, const char *id, KcRecording **ret_recording, GError **error);
/* of KcRecording, by start and segment */
GPtrArray *kc_recording_store_list(KcTx *tx, const char *case_id, GError **error);
/* of KcRecording whose object is live, in every case: what a start must recover */
GPtrArray *kc_recording_store_list_live(KcTx *tx, GError **error);
/* of KcObject other than recordings that are live: their file was never finished */
GPtrArray *kc_object_store_list_live(KcTx *tx, GError **error);
