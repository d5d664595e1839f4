/* A recording as an ordinary, seekable WebM file of known size, without a second copy of it:
 *
 *   EBML head, Segment of known size { SeekHead, Info with Duration, Tracks that were filled, Cues }    made here
 *   every Cluster, byte for byte as it lies in the vault                                               read from there
 *
 * The same index gives the same bytes, always, so that ranges and ETags hold over restarts and servers.
 *
 * Pure but for the read callback. A KcWebmVirtual never changes: any thread, also several at once. */
#pragma once

#include "media/webm/index.h"

/* Fills `out` with exactly `size` plaintext bytes of the vault object from `offset` on; FALSE with an error set
 * otherwise. Called with ranges that lie within the recording only. */
typedef gboolean (*KcWebmReadFunc)(guint64 offset, guint8 *out, gsize size, gpointer user_data, GError **error);

typedef struct _KcWebmVirtual KcWebmVirtual;

/* Keeps nothing of `index`, and reads nothing. A recording without Clusters gives a file with a head only. */
KcWebmVirtual *kc_webm_virtual_new(const KcWebmIndex *index);
void kc_webm_virtual_free(KcWebmVirtual *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWebmVirtual, kc_webm_virtual_free)

/* Bytes of the file. */
guint64 kc_webm_virtual_size(const KcWebmVirtual *file);

/* What the file is, by RFC 6381: `video/webm; codecs="vp8, opus"`, `audio/webm; codecs="opus"` … */
const char *kc_webm_virtual_content_type(const KcWebmVirtual *file);

/* Where one range begins: returns how many bytes from `offset` on lie together (0 at or after the end). They are at
 * `*ret_bytes` when it is not NULL (valid as long as the file), else in the vault from plaintext `*ret_vault_offset`
 * on. */
guint64 kc_webm_virtual_locate(const KcWebmVirtual *file, guint64 offset, const guint8 **ret_bytes,
                               guint64 *ret_vault_offset);

/* Fills `out` with `size` bytes of the file from `offset` on; RANGE when they are not all in it, or the callback's
 * error. */
gboolean kc_webm_virtual_read(const KcWebmVirtual *file, guint64 offset, guint8 *out, gsize size, KcWebmReadFunc read,
                              gpointer user_data, GError **error);

/* Where in the served file the Cluster with number `i` of the index begins (for GET …/recordings/ID/index). */
guint64 kc_webm_virtual_cluster_offset(const KcWebmVirtual *file, const KcWebmIndex *index, guint i);
