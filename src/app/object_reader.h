/* A sealed object opened for reading. Included by src/app alone. */
#pragma once

#include "media/webm/virtual.h"
#include "src/app/internal.h"
#include "src/app/objects.h"
#include "src/evidence/vault.h"

/* Opens the file of a finished object. With `as_recording` it reads as the seekable WebM that its index describes;
 * `ret_index` (may be NULL) is that index, owned. */
KcObjectReader *kc_object_reader_open(KcApp *app, const KcObject *object, const guint8 key[KC_KEY_LEN],
                                      gboolean as_recording, KcWebmIndex **ret_index, GError **error);
/* A recording, or one video made of several: what opens `as_recording`. */
gboolean kc_object_is_webm(const KcObject *object);
const KcWebmVirtual *kc_object_reader_webm(const KcObjectReader *reader);
const KcWebmIndex *kc_object_reader_index(const KcObjectReader *reader); /* of a recording */
const char *kc_object_reader_case_id(const KcObjectReader *reader);
/* The recording's first `len` bytes as they were sealed. */
gboolean kc_object_reader_read_sealed(KcObjectReader *reader, guint8 *buffer, gsize len, GError **error);
/* Reads all of it, and compares the SHA-256 with the sealed one and with the row's. */
gboolean kc_object_reader_verify(KcObjectReader *reader, GError **error);

/* What a whole object is, of its sealed original and of the file that is served. Of a recording the file has another head
 * than the original (media/webm/virtual.h): `sealed_sha256` = SHA-256(`sealed_head` || the file from `head_bytes` on). */
typedef struct {
    char *sealed_sha256, *file_sha256; /* hexadecimal */
    gint64 sealed_bytes, file_bytes;
    GBytes *sealed_head; /* NULL: the file is the original */
    gint64 head_bytes;
    char *damage; /* NULL: all of it opened and is what its row and its last chunk say. Else why not; then `file_bytes` and
                     `file_sha256` are of what can be read before that place, and the sealed ones of nothing */
} KcObjectCheck;

void kc_object_check_clear(KcObjectCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcObjectCheck, kc_object_check_clear)

/* Reads everything. Damage is in the audit log too. */
void kc_object_reader_check(KcObjectReader *reader, KcObjectCheck *ret_check);

#define KC_LOOK_LIVE_STILLS "live_stills.viewed"
#define KC_LOOK_MESSAGES "messages.viewed"
#define KC_LOOK_DISCLOSED "blind.disclosed" /* what both looks at a sampled case came to */

/* One entry in the audit log for a look at evidence; the same look by the same session within a quarter of an hour is
 * none. */
gboolean kc_app_log_access(KcApp *app, const KcPrincipal *who, const char *case_id, const char *kind,
                           const char *object_id, KcResult *result, GError **error);
/* Whether such a look would be one of a sitting that goes on. */
gboolean kc_app_is_sitting(KcApp *app, const KcPrincipal *who, const char *kind, const char *object_id);

#define KC_LOOK_RECORDING "recording.viewed"
