/* Straight calls of Intel's assembly, chosen once for the processor. */
#include "media/transport/gcm.h"

#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#define KEY_ALIGNMENT 64 /* of struct gcm_key_data, which its header asks for on some systems only */

struct KcGcm {
    struct gcm_key_data key;
};

/* Only a table of functions, read by any thread; never freed. */
static const IMB_MGR *
functions(void)
{
    static IMB_MGR *manager;
    static gsize once;

    if (g_once_init_enter(&once)) {
        manager = alloc_mb_mgr(0);
        if (manager != NULL)
            init_mb_mgr_auto(manager, NULL);
        g_once_init_leave(&once, 1);
    }
    return manager;
}

KcGcm *
kc_gcm_new(const guint8 key[KC_GCM_KEY_BYTES])
{
    const IMB_MGR *imb = functions();
    if (imb == NULL)
        return NULL;
    KcGcm *gcm = g_aligned_alloc0(1, sizeof *gcm, KEY_ALIGNMENT);
    IMB_AES128_GCM_PRE(imb, key, &gcm->key);
    return gcm;
}

void
kc_gcm_free(KcGcm *gcm)
{
    if (gcm == NULL)
        return;
    OPENSSL_cleanse(gcm, sizeof *gcm);
    g_aligned_free(gcm);
}

gboolean
kc_gcm_seal(KcGcm *gcm, const guint8 nonce[KC_GCM_NONCE_BYTES], const guint8 *aad, gsize aad_len,
            const struct iovec *pieces, guint n_pieces, guint8 *out, guint8 ret_tag[KC_GCM_TAG_BYTES])
{
    const IMB_MGR *imb = functions();
    struct gcm_context_data context;

    if (n_pieces == 1) {
        IMB_AES128_GCM_ENC(imb, &gcm->key, &context, out, pieces->iov_base, pieces->iov_len, nonce, aad, aad_len,
                           ret_tag, KC_GCM_TAG_BYTES);
        return TRUE;
    }
    IMB_AES128_GCM_INIT(imb, &gcm->key, &context, nonce, aad, aad_len);
    for (guint i = 0; i < n_pieces; i++) {
        if (pieces[i].iov_len > 0)
            IMB_AES128_GCM_ENC_UPDATE(imb, &gcm->key, &context, out, pieces[i].iov_base, pieces[i].iov_len);
        out += pieces[i].iov_len;
    }
    IMB_AES128_GCM_ENC_FINALIZE(imb, &gcm->key, &context, ret_tag, KC_GCM_TAG_BYTES);
    return TRUE;
}

gboolean
kc_gcm_open(KcGcm *gcm, const guint8 nonce[KC_GCM_NONCE_BYTES], const guint8 *aad, gsize aad_len, guint8 *data,
            gsize len, const guint8 tag[KC_GCM_TAG_BYTES])
{
    struct gcm_context_data context;
    guint8 computed[KC_GCM_TAG_BYTES];

    IMB_AES128_GCM_DEC(functions(), &gcm->key, &context, data, data, len, nonce, aad, aad_len, computed,
                       sizeof computed);
    return CRYPTO_memcmp(computed, tag, sizeof computed) == 0;
}
