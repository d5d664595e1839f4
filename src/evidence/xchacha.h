/* Private to src/evidence: opening XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) fast.
 *
 * By its definition: libsodium's HChaCha20 makes the chunk's key, OpenSSL's ChaCha20-Poly1305 (RFC 8439), which uses
 * the processor's vector units, opens what was sealed. The same bytes as libsodium's own, in a quarter of the time;
 * replay reads every byte of an hour through here. Sealing stays libsodium's. */
#pragma once

#include <glib.h>

typedef struct KcXChaCha KcXChaCha;

KcXChaCha *kc_xchacha_new(void);
void kc_xchacha_free(KcXChaCha *opener); /* NULL is fine */

/* `sealed`: `len` bytes and their tag of 16. FALSE if they don't authenticate; `plain` is then all zero. */
gboolean kc_xchacha_open(KcXChaCha *opener, const guint8 key[32], const guint8 nonce[24], const guint8 *associated,
                         gsize associated_len, const guint8 *sealed, gsize len, guint8 *plain);
