/* The context keeps the key; each packet gives only its nonce, which in OpenSSL 3 costs no allocation. */
#include "media/transport/gcm.h"

#include <openssl/evp.h>

struct KcGcm {
    EVP_CIPHER_CTX *cipher;
};

KcGcm *
kc_gcm_new(const guint8 key[KC_GCM_KEY_BYTES])
{
    KcGcm *gcm = g_new0(KcGcm, 1);
    gcm->cipher = EVP_CIPHER_CTX_new();
    if (EVP_EncryptInit_ex(gcm->cipher, EVP_aes_128_gcm(), NULL, key, NULL) != 1)
        g_clear_pointer(&gcm, kc_gcm_free);
    return gcm;
}

void
kc_gcm_free(KcGcm *gcm)
{
    if (gcm == NULL)
        return;
    EVP_CIPHER_CTX_free(gcm->cipher);
    g_free(gcm);
}

gboolean
kc_gcm_seal(KcGcm *gcm, const guint8 nonce[KC_GCM_NONCE_BYTES], const guint8 *aad, gsize aad_len,
            const struct iovec *pieces, guint n_pieces, guint8 *out, guint8 ret_tag[KC_GCM_TAG_BYTES])
{
    guint8 none[16];
    int n = 0;

    if (EVP_EncryptInit_ex(gcm->cipher, NULL, NULL, NULL, nonce) != 1 ||
        EVP_EncryptUpdate(gcm->cipher, NULL, &n, aad, (int)aad_len) != 1)
        return FALSE;
    for (guint i = 0; i < n_pieces; i++) {
        if (pieces[i].iov_len == 0)
            continue;
        if (EVP_EncryptUpdate(gcm->cipher, out, &n, pieces[i].iov_base, (int)pieces[i].iov_len) != 1)
            return FALSE;
        out += pieces[i].iov_len;
    }
    return EVP_EncryptFinal_ex(gcm->cipher, none, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(gcm->cipher, EVP_CTRL_AEAD_GET_TAG, KC_GCM_TAG_BYTES, ret_tag) == 1;
}

gboolean
kc_gcm_open(KcGcm *gcm, const guint8 nonce[KC_GCM_NONCE_BYTES], const guint8 *aad, gsize aad_len, guint8 *data,
            gsize len, const guint8 tag[KC_GCM_TAG_BYTES])
{
    guint8 none[16];
    int n = 0;

    return EVP_DecryptInit_ex(gcm->cipher, NULL, NULL, NULL, nonce) == 1 &&
           EVP_DecryptUpdate(gcm->cipher, NULL, &n, aad, (int)aad_len) == 1 &&
           (len == 0 || EVP_DecryptUpdate(gcm->cipher, data, &n, data, (int)len) == 1) &&
           EVP_CIPHER_CTX_ctrl(gcm->cipher, EVP_CTRL_AEAD_SET_TAG, KC_GCM_TAG_BYTES, (gpointer)tag) == 1 &&
           EVP_DecryptFinal_ex(gcm->cipher, none, &n) == 1;
}
