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
const KcWebmVirtual *kc_object_reader_webm(const KcObjectReader *reader);
const KcWebmIndex *kc_object_reader_index(const KcObjectReader *reader); /* of a recording */
const char *kc_object_reader_case_id(const KcObjectReader *reader);
/* The recording's first `len` bytes as they were sealed. */
gboolean kc_object_reader_read_sealed(KcObjectReader *reader, guint8 *buffer, gsize len, GError **error);
/* Reads all of it, and compares the SHA-256 with the sealed one and with the row's. */
gboolean kc_object_reader_verify(KcObjectReader *reader, GError **error);

#define KC_LOOK_LIVE_STILLS "live_stills.viewed"

/* One entry in the audit log for a look at evidence; the same look by the same session within a quarter of an hour is
 * none. */
gboolean kc_app_log_access(KcApp *app, const KcPrincipal *who, const char *case_id, const char *kind,
                           const char *object_id, KcResult *result, GError **error);
