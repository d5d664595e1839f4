/* Contexts keep their keys; each packet gives only its IV, which costs no allocation. HMAC is Nettle's: OpenSSL 3 makes
 * three contexts for each packet. */
#include "media/transport/srtp_crypto.h"

#include "media/transport/packet.h"

#include <openssl/crypto.h>
#include <string.h>

static inline guint32
get32(const guint8 *at)
{
    return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static inline void
put32(guint8 *at, guint32 value)
{
    at[0] = (guint8)(value >> 24);
    at[1] = (guint8)(value >> 16);
    at[2] = (guint8)(value >> 8);
    at[3] = (guint8)value;
}

/* ---- keys (RFC 3711, 4.3; RFC 7714, 11) ---- */

static gboolean
derive(EVP_CIPHER_CTX *prf, const guint8 salt[14], guint8 label, guint8 *ret_key, gsize len)
{
    guint8 iv[16] = {0}, zeros[32] = {0};
    int n = 0;

    memcpy(iv, salt, 14);
    iv[7] ^= label;
    return EVP_EncryptInit_ex(prf, NULL, NULL, NULL, iv) == 1 &&
           EVP_EncryptUpdate(prf, ret_key, &n, zeros, (int)len) == 1;
}

static struct hmac_sha1_ctx *
new_mac(const guint8 key[20])
{
    struct hmac_sha1_ctx *mac = g_new(struct hmac_sha1_ctx, 1);

    hmac_sha1_set_key(mac, 20, key);
    return mac;
}

static void
free_mac(struct hmac_sha1_ctx *mac)
{
    OPENSSL_cleanse(mac, sizeof *mac);
    g_free(mac);
}

gboolean
kc_srtp_derive(const KcSrtpKeys *master, guint8 first_label, KcSrtpSessionKeys *ret_keys)
{
    gsize salt_len = master->profile == KC_SRTP_AEAD_AES_128_GCM ? 12 : 14;
    EVP_CIPHER_CTX *prf = EVP_CIPHER_CTX_new();
    guint8 salt[14] = {0};

    memcpy(salt, master->salt, salt_len);
    memset(ret_keys, 0, sizeof *ret_keys);
    gboolean ok = EVP_EncryptInit_ex(prf, EVP_aes_128_ctr(), NULL, master->key, NULL) == 1 &&
                  derive(prf, salt, first_label, ret_keys->key, 16) &&
                  derive(prf, salt, first_label + 1, ret_keys->auth, 20) &&
                  derive(prf, salt, first_label + 2, ret_keys->salt, salt_len);
    EVP_CIPHER_CTX_free(prf);
    OPENSSL_cleanse(salt, sizeof salt);
    return ok;
}

gboolean
kc_srtp_crypto_init(KcSrtpCrypto *crypto, KcSrtpProfile profile, const KcSrtpSessionKeys *keys)
{
    gboolean gcm = profile == KC_SRTP_AEAD_AES_128_GCM;

    memset(crypto, 0, sizeof *crypto);
    crypto->tag_len = gcm ? KC_SRTP_GCM_TAG_BYTES : KC_SRTP_HMAC_TAG_BYTES;
    memcpy(crypto->salt, keys->salt, gcm ? 12 : 14);
    if (gcm)
        return (crypto->gcm = kc_gcm_new(keys->key)) != NULL;
    crypto->cipher = EVP_CIPHER_CTX_new();
    crypto->mac = new_mac(keys->auth);
    return EVP_EncryptInit_ex(crypto->cipher, EVP_aes_128_ctr(), NULL, keys->key, NULL) == 1;
}

void
kc_srtp_crypto_clear(KcSrtpCrypto *crypto)
{
    g_clear_pointer(&crypto->gcm, kc_gcm_free);
    g_clear_pointer(&crypto->cipher, EVP_CIPHER_CTX_free);
    g_clear_pointer(&crypto->mac, free_mac);
    OPENSSL_cleanse(crypto->salt, sizeof crypto->salt);
}

/* ---- the ciphers ---- */

/* RFC 7714, 8.1 and 9.1: both have SSRC at 2; RTP has ROC and SEQ at 6, RTCP its index at 8. */
static void
gcm_iv(const KcSrtpCrypto *crypto, guint32 ssrc, guint64 index, gboolean rtcp, guint8 ret_iv[12])
{
    guint8 iv[12] = {0};

    put32(iv + 2, ssrc);
    if (rtcp) {
        put32(iv + 8, (guint32)index);
    } else {
        put32(iv + 6, (guint32)(index >> 16));
        iv[10] = (guint8)(index >> 8);
        iv[11] = (guint8)index;
    }
    for (guint i = 0; i < 12; i++)
        ret_iv[i] = iv[i] ^ crypto->salt[i];
}

/* RFC 3711, 4.1.1: (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16). */
static void
ctr_iv(const KcSrtpCrypto *crypto, guint32 ssrc, guint64 index, guint8 ret_iv[16])
{
    guint8 iv[16] = {0};

    put32(iv + 4, ssrc);
    put32(iv + 8, (guint32)(index >> 16));
    iv[12] = (guint8)(index >> 8);
    iv[13] = (guint8)index;
    for (guint i = 0; i < 16; i++)
        ret_iv[i] = iv[i] ^ crypto->salt[i];
}

static void
make_iv(const KcSrtpCrypto *crypto, guint32 ssrc, guint64 index, gboolean rtcp, guint8 ret_iv[16])
{
    if (crypto->gcm != NULL)
        gcm_iv(crypto, ssrc, index, rtcp, ret_iv);
    else
        ctr_iv(crypto, ssrc, index, ret_iv);
}

/* Counter mode: the same both ways. */
static gboolean
ctr(const KcSrtpCrypto *crypto, const guint8 *iv, const struct iovec *pieces, guint n_pieces, guint8 *out)
{
    int n = 0;

    if (EVP_EncryptInit_ex(crypto->cipher, NULL, NULL, NULL, iv) != 1)
        return FALSE;
    for (guint i = 0; i < n_pieces; i++) {
        if (pieces[i].iov_len == 0)
            continue;
        if (EVP_EncryptUpdate(crypto->cipher, out, &n, pieces[i].iov_base, (int)pieces[i].iov_len) != 1)
            return FALSE;
        out += pieces[i].iov_len;
    }
    return TRUE;
}

/* `roc` NULL for RTCP, whose index is in the data already. */
static void
hmac(const KcSrtpCrypto *crypto, const guint8 *data, gsize len, const guint8 *roc,
     guint8 ret_tag[KC_SRTP_HMAC_TAG_BYTES])
{
    hmac_sha1_update(crypto->mac, len, data);
    if (roc != NULL)
        hmac_sha1_update(crypto->mac, 4, roc);
    hmac_sha1_digest(crypto->mac, KC_SRTP_HMAC_TAG_BYTES, ret_tag);
}

static gboolean
hmac_matches(const KcSrtpCrypto *crypto, const guint8 *data, gsize len, const guint8 *roc, const guint8 *tag)
{
    guint8 expected[KC_SRTP_HMAC_TAG_BYTES];

    hmac(crypto, data, len, roc, expected);
    return CRYPTO_memcmp(expected, tag, sizeof expected) == 0;
}

/* ---- packets ---- */

gboolean
kc_srtp_seal_rtp(const KcSrtpCrypto *crypto, guint64 index, gsize header_len, const struct iovec *payload,
                 guint n_payload, guint8 *out, gsize clear_len)
{
    guint8 iv[16], roc[4];

    make_iv(crypto, get32(out + 8), index, FALSE, iv);
    if (crypto->gcm != NULL)
        return kc_gcm_seal(crypto->gcm, iv, out, header_len, payload, n_payload, out + header_len, out + clear_len);
    put32(roc, (guint32)(index >> 16));
    if (!ctr(crypto, iv, payload, n_payload, out + header_len))
        return FALSE;
    hmac(crypto, out, clear_len, roc, out + clear_len);
    return TRUE;
}

gboolean
kc_srtp_open_rtp(const KcSrtpCrypto *crypto, guint64 index, guint8 *data, gsize header_len, gsize clear_len)
{
    struct iovec payload = {data + header_len, clear_len - header_len};
    guint8 iv[16], roc[4];

    make_iv(crypto, get32(data + 8), index, FALSE, iv);
    if (crypto->gcm != NULL)
        return kc_gcm_open(crypto->gcm, iv, data, header_len, payload.iov_base, payload.iov_len, data + clear_len);
    put32(roc, (guint32)(index >> 16));
    return hmac_matches(crypto, data, clear_len, roc, data + clear_len) &&
           ctr(crypto, iv, &payload, 1, data + header_len);
}

gboolean
kc_srtp_seal_rtcp(const KcSrtpCrypto *crypto, guint32 index, const guint8 *data, gsize len, guint8 *out)
{
    struct iovec rest = {(guint8 *)data + 8, len - 8};
    guint8 iv[16], word[4];

    memcpy(out, data, 8);
    put32(word, index | 0x80000000u);
    make_iv(crypto, get32(out + 4), index, TRUE, iv);
    if (crypto->gcm != NULL) {
        guint8 aad[8 + sizeof word];

        memcpy(aad, data, 8);
        memcpy(aad + 8, word, sizeof word);
        memcpy(out + len + KC_SRTP_GCM_TAG_BYTES, word, sizeof word);
        return kc_gcm_seal(crypto->gcm, iv, aad, sizeof aad, &rest, 1, out + 8, out + len);
    }
    memcpy(out + len, word, sizeof word);
    if (!ctr(crypto, iv, &rest, 1, out + 8))
        return FALSE;
    hmac(crypto, out, len + sizeof word, NULL, out + len + sizeof word);
    return TRUE;
}

guint32
kc_srtp_rtcp_word(const KcSrtpCrypto *crypto, const guint8 *data, gsize clear_len)
{
    return get32(data + clear_len + (crypto->gcm != NULL ? KC_SRTP_GCM_TAG_BYTES : 0));
}

/* What isn't encrypted is authenticated (RFC 7714, 9.3), with the index word behind it. */
static gboolean
gcm_open_rtcp(const KcSrtpCrypto *crypto, const guint8 *iv, guint8 *data, gsize clear_len, const guint8 word[4],
              gboolean encrypted)
{
    guint8 aad[KC_PACKET_BYTES + 4];
    gsize in_clear = encrypted ? 8 : clear_len;

    if (in_clear + 4 > sizeof aad)
        return FALSE;
    memcpy(aad, data, in_clear);
    memcpy(aad + in_clear, word, 4);
    return kc_gcm_open(crypto->gcm, iv, aad, in_clear + 4, data + in_clear, clear_len - in_clear, data + clear_len);
}

gboolean
kc_srtp_open_rtcp(const KcSrtpCrypto *crypto, guint8 *data, gsize clear_len)
{
    guint32 word = kc_srtp_rtcp_word(crypto, data, clear_len);
    gboolean encrypted = (word & 0x80000000u) != 0;
    struct iovec rest = {data + 8, clear_len - 8};
    guint8 iv[16], text[4];

    put32(text, word);
    make_iv(crypto, get32(data + 4), word & KC_SRTP_RTCP_INDEX_MAX, TRUE, iv);
    if (crypto->gcm != NULL)
        return gcm_open_rtcp(crypto, iv, data, clear_len, text, encrypted);
    return hmac_matches(crypto, data, clear_len + sizeof text, NULL, data + clear_len + sizeof text) &&
           (!encrypted || ctr(crypto, iv, &rest, 1, data + 8));
}
