/* SRTP and SRTCP with keys: nothing comes out but what was protected with the right ones, and that comes out whole. */
#include <stdint.h>
#include <string.h>

#include "media/transport/srtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
refuses(KcSrtp *srtp, const uint8_t *data, size_t size)
{
    g_autofree guint8 *copy = g_memdup2(data, size);

    g_assert(kc_srtp_unprotect_rtp(srtp, copy, size) < 0);
    memcpy(copy, data, size);
    g_assert(kc_srtp_unprotect_rtcp(srtp, copy, size) < 0);
}

static void
round_trip(KcSrtp *out, KcSrtp *in, const uint8_t *data, size_t size)
{
    gsize room = size + KC_SRTP_OVERHEAD_BYTES, header_len = kc_srtp_rtp_header_len(data, size);
    g_autofree guint8 *sealed = g_malloc(room);
    struct iovec payload = {(guint8 *)data + header_len, size - header_len};
    gssize len = -1;

    if (header_len > 0 && header_len <= KC_SRTP_HEADER_BYTES_MAX)
        len = kc_srtp_protect_rtp(out, data, header_len, &payload, 1, sealed, room);
    g_assert(len < 0 || kc_srtp_unprotect_rtp(in, sealed, (gsize)len) == (gssize)size);
    g_assert(len < 0 || memcmp(sealed, data, size) == 0);
    len = kc_srtp_protect_rtcp(out, data, size, sealed, room);
    g_assert(len < 0 || kc_srtp_unprotect_rtcp(in, sealed, (gsize)len) == (gssize)size);
    g_assert(len < 0 || memcmp(sealed, data, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KcSrtpKeys keys = {.key = {1}, .salt = {2}};

    if (size == 0)
        return 0;
    keys.profile = (data[size - 1] & 1) != 0 ? KC_SRTP_AEAD_AES_128_GCM : KC_SRTP_AES128_CM_SHA1_80;
    KcSrtp *in = kc_srtp_new(&keys), *out = kc_srtp_new(&keys);
    refuses(in, data, size);
    round_trip(out, in, data, size);
    kc_srtp_free(in);
    kc_srtp_free(out);
    return 0;
}
