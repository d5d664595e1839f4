/* AES-128-GCM (NIST SP 800-38D) as SRTP wants it (RFC 7714): a nonce of 12 bytes, a tag of 16. One key each way.
 *
 * Two libraries can do it; meson takes Intel's Multi-Buffer Crypto (libipsec-mb, on x86) where it is installed, since a
 * packet then costs a third, and else OpenSSL. Not for use outside media/transport. */
#pragma once

#include <glib.h>
#include <sys/uio.h>

#define KC_GCM_KEY_BYTES 16
#define KC_GCM_NONCE_BYTES 12
#define KC_GCM_TAG_BYTES 16

typedef struct KcGcm KcGcm;

/* For one thread at a time. NULL: there is no such cipher. */
KcGcm *kc_gcm_new(const guint8 key[KC_GCM_KEY_BYTES]);
void kc_gcm_free(KcGcm *gcm);

/* Encrypts the pieces one after another to `out`. `aad` is authenticated in clear. No nonce may come twice. */
gboolean kc_gcm_seal(KcGcm *gcm, const guint8 nonce[KC_GCM_NONCE_BYTES], const guint8 *aad, gsize aad_len,
                     const struct iovec *pieces, guint n_pieces, guint8 *out, guint8 ret_tag[KC_GCM_TAG_BYTES]);

/* In place. FALSE: it is not what was sealed; the data is spoilt then. */
gboolean kc_gcm_open(KcGcm *gcm, const guint8 nonce[KC_GCM_NONCE_BYTES], const guint8 *aad, gsize aad_len, guint8 *data,
                     gsize len, const guint8 tag[KC_GCM_TAG_BYTES]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcGcm, kc_gcm_free)
