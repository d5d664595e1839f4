/* The ciphers of SRTP with session keys: key derivation, IVs, encryption and authentication of one packet whose index
 * is known. What an index is, and whether it may be used, is srtp.c's matter. Not for use outside media/transport. */
#pragma once

#include <nettle/hmac.h>
#include <openssl/evp.h>

#include "media/transport/gcm.h"
#include "media/transport/srtp.h"

#define KC_SRTP_GCM_TAG_BYTES KC_GCM_TAG_BYTES
#define KC_SRTP_HMAC_TAG_BYTES 10
#define KC_SRTP_RTCP_INDEX_BYTES 4
#define KC_SRTP_RTCP_INDEX_MAX 0x7fffffffu

typedef struct {
    guint8 key[16];
    guint8 auth[20]; /* AES-CM only */
    guint8 salt[14]; /* 12 bytes with GCM */
} KcSrtpSessionKeys;

typedef struct {
    KcGcm *gcm;                /* NULL with AES-CM, for which are … */
    EVP_CIPHER_CTX *cipher;    /* … this … */
    struct hmac_sha1_ctx *mac; /* … and this */
    gsize tag_len;
    guint8 salt[16]; /* padded with zeros */
} KcSrtpCrypto;

/* RFC 3711, 4.3; RFC 7714, 11. `first_label`: 0 for RTP, 3 for RTCP. */
gboolean kc_srtp_derive(const KcSrtpKeys *master, guint8 first_label, KcSrtpSessionKeys *ret_keys);

gboolean kc_srtp_crypto_init(KcSrtpCrypto *crypto, KcSrtpProfile profile, const KcSrtpSessionKeys *keys);
void kc_srtp_crypto_clear(KcSrtpCrypto *crypto);

/* `out` has the header already and room for `clear_len` (header and payload) and a tag. */
gboolean kc_srtp_seal_rtp(const KcSrtpCrypto *crypto, guint64 index, gsize header_len, const struct iovec *payload,
                          guint n_payload, guint8 *out, gsize clear_len);

/* In place; the tag follows the `clear_len` bytes. FALSE leaves the data spoilt. */
gboolean kc_srtp_open_rtp(const KcSrtpCrypto *crypto, guint64 index, guint8 *data, gsize header_len, gsize clear_len);

/* A header of 8 bytes in clear, the encrypted rest, then with GCM the tag and the index word, with AES-CM the index
 * word and the tag. */
gboolean kc_srtp_seal_rtcp(const KcSrtpCrypto *crypto, guint32 index, const guint8 *data, gsize len, guint8 *out);
gboolean kc_srtp_open_rtcp(const KcSrtpCrypto *crypto, guint8 *data, gsize clear_len);

/* The index word of a protected RTCP packet: bit 31 says "encrypted". */
guint32 kc_srtp_rtcp_word(const KcSrtpCrypto *crypto, const guint8 *data, gsize clear_len);
