/* AES-128-GCM against the vectors of its authors, against OpenSSL at every length up to a packet's, however it is cut,
 * and against whoever changes a bit. */
#include "media/transport/gcm.h"

#include <openssl/evp.h>
#include <string.h>

#include "tests/support/kc_test.h"

#define LEN_MAX 1500
#define AAD_MAX 80

/* McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", test case 4. */
START_TEST(seals_as_published)
{
    static const guint8 key[16] = {0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c,
                                   0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08};
    static const guint8 nonce[12] = {0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce, 0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88};
    static const guint8 aad[20] = {0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed,
                                   0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xab, 0xad, 0xda, 0xd2};
    static const guint8 plain[60] = {0xd9, 0x31, 0x32, 0x25, 0xf8, 0x84, 0x06, 0xe5, 0xa5, 0x59, 0x09, 0xc5,
                                     0xaf, 0xf5, 0x26, 0x9a, 0x86, 0xa7, 0xa9, 0x53, 0x15, 0x34, 0xf7, 0xda,
                                     0x2e, 0x4c, 0x30, 0x3d, 0x8a, 0x31, 0x8a, 0x72, 0x1c, 0x3c, 0x0c, 0x95,
                                     0x95, 0x68, 0x09, 0x53, 0x2f, 0xcf, 0x0e, 0x24, 0x49, 0xa6, 0xb5, 0x25,
                                     0xb1, 0x6a, 0xed, 0xf5, 0xaa, 0x0d, 0xe6, 0x57, 0xba, 0x63, 0x7b, 0x39};
    static const guint8 sealed[60] = {0x42, 0x83, 0x1e, 0xc2, 0x21, 0x77, 0x74, 0x24, 0x4b, 0x72, 0x21, 0xb7,
                                      0x84, 0xd0, 0xd4, 0x9c, 0xe3, 0xaa, 0x21, 0x2f, 0x2c, 0x02, 0xa4, 0xe0,
                                      0x35, 0xc1, 0x7e, 0x23, 0x29, 0xac, 0xa1, 0x2e, 0x21, 0xd5, 0x14, 0xb2,
                                      0x54, 0x66, 0x93, 0x1c, 0x7d, 0x8f, 0x6a, 0x5a, 0xac, 0x84, 0xaa, 0x05,
                                      0x1b, 0xa3, 0x0b, 0x39, 0x6a, 0x0a, 0xac, 0x97, 0x3d, 0x58, 0xe0, 0x91};
    static const guint8 tag[16] = {0x5b, 0xc9, 0x4f, 0xbc, 0x32, 0x21, 0xa5, 0xdb,
                                   0x94, 0xfa, 0xe9, 0x5a, 0xe7, 0x12, 0x1a, 0x47};
    g_autoptr(KcGcm) gcm = kc_gcm_new(key);
    guint8 out[60], computed[16];
    const struct iovec whole = {(gpointer)plain, sizeof plain};

    ck_assert(kc_gcm_seal(gcm, nonce, aad, sizeof aad, &whole, 1, out, computed));
    ck_assert_mem_eq(out, sealed, sizeof sealed);
    ck_assert_mem_eq(computed, tag, sizeof tag);
    ck_assert(kc_gcm_open(gcm, nonce, aad, sizeof aad, out, sizeof out, tag));
    ck_assert_mem_eq(out, plain, sizeof plain);
}
END_TEST

typedef struct {
    guint8 key[16], nonce[12], aad[AAD_MAX], plain[LEN_MAX], sealed[LEN_MAX], tag[16];
    gsize aad_len, len;
} Packet;

static void
fill(GRand *random, guint8 *bytes, gsize len)
{
    for (gsize i = 0; i < len; i++)
        bytes[i] = (guint8)g_rand_int(random);
}

/* As OpenSSL seals it. */
static void
packet_make(Packet *packet, GRand *random, gsize len)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int n = 0;

    fill(random, (guint8 *)packet, sizeof *packet);
    packet->len = len;
    packet->aad_len = (gsize)g_rand_int_range(random, 8, AAD_MAX + 1);
    ck_assert_int_eq(EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), NULL, packet->key, packet->nonce), 1);
    ck_assert_int_eq(EVP_EncryptUpdate(cipher, NULL, &n, packet->aad, (int)packet->aad_len), 1);
    ck_assert_int_eq(EVP_EncryptUpdate(cipher, packet->sealed, &n, packet->plain, (int)len), 1);
    ck_assert_int_eq(EVP_EncryptFinal_ex(cipher, packet->tag, &n), 1);
    ck_assert_int_eq(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, packet->tag), 1);
    EVP_CIPHER_CTX_free(cipher);
}

/* At the very end of what was allocated, so that a byte read or written beyond is seen. */
static guint8 *
at_the_end(const guint8 *bytes, gsize len)
{
    return g_memdup2(bytes, len);
}

START_TEST(is_that_of_openssl_at_every_length)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7714);
    Packet packet;

    for (gsize len = 0; len <= LEN_MAX; len++) {
        packet_make(&packet, random, len);
        g_autoptr(KcGcm) gcm = kc_gcm_new(packet.key);
        g_autofree guint8 *plain = at_the_end(packet.plain, len), *out = g_malloc(len);
        g_autofree guint8 *aad = at_the_end(packet.aad, packet.aad_len);
        gsize first = len == 0 ? 0 : (gsize)g_rand_int_range(random, 0, (gint)len + 1);
        struct iovec pieces[2] = {{plain, first}, {plain + first, len - first}}, whole = {plain, len};
        guint8 tag[16];

        ck_assert(kc_gcm_seal(gcm, packet.nonce, aad, packet.aad_len, &whole, 1, out, tag));
        ck_assert(len == 0 || memcmp(out, packet.sealed, len) == 0);
        ck_assert_mem_eq(tag, packet.tag, 16);
        ck_assert(kc_gcm_seal(gcm, packet.nonce, aad, packet.aad_len, pieces, 2, out, tag));
        ck_assert(len == 0 || memcmp(out, packet.sealed, len) == 0);
        ck_assert_mem_eq(tag, packet.tag, 16);
        ck_assert(kc_gcm_open(gcm, packet.nonce, aad, packet.aad_len, out, len, tag));
        ck_assert(len == 0 || memcmp(out, plain, len) == 0);
    }
}
END_TEST

static gboolean
opens(const Packet *packet)
{
    g_autoptr(KcGcm) gcm = kc_gcm_new(packet->key);
    guint8 data[LEN_MAX];

    memcpy(data, packet->sealed, packet->len);
    return kc_gcm_open(gcm, packet->nonce, packet->aad, packet->aad_len, data, packet->len, packet->tag);
}

START_TEST(any_bit_that_was_changed_is_seen)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    Packet packet;

    packet_make(&packet, random, 57);
    const struct {
        guint8 *bytes;
        gsize len;
    } parts[] = {
        {packet.key, 16}, {packet.nonce, 12}, {packet.aad, packet.aad_len}, {packet.sealed, 57}, {packet.tag, 16}};
    ck_assert(opens(&packet));
    for (guint part = 0; part < G_N_ELEMENTS(parts); part++) {
        for (gsize bit = 0; bit < parts[part].len * 8; bit++) {
            guint8 *byte = &parts[part].bytes[bit / 8], mask = (guint8)(1 << bit % 8);
            *byte ^= mask;
            ck_assert_msg(!opens(&packet), "bit %zu of part %u", bit, part);
            *byte ^= mask;
        }
    }
}
END_TEST

static Suite *
gcm_suite(void)
{
    Suite *suite = suite_create("media/transport/gcm");
    TCase *tcase = tcase_create("gcm");

    tcase_add_test(tcase, seals_as_published);
    tcase_add_test(tcase, is_that_of_openssl_at_every_length);
    tcase_add_test(tcase, any_bit_that_was_changed_is_seen);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(gcm_suite())
