/* STUN datagrams from anyone: as they are, and with the bytes as attributes of a check that is signed with the right
 * password, as a participant that means harm would send it. Only a check with the right password may make a path. */
#include <stdint.h>
#include <string.h>

#include "media/transport/ice_lite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OURS "ours1234"
#define PASSWORD "0123456789abcdefghijklmn"
#define ATTRIBUTES_MAX 1000

static guint32
crc32(const GByteArray *bytes)
{
    guint32 crc = ~0u;

    for (guint i = 0; i < bytes->len; i++) {
        crc ^= bytes->data[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

/* The head of an attribute of `bytes` bytes, which are to follow; the message's length counts them already. */
static void
append_head(GByteArray *message, guint16 type, guint16 bytes)
{
    const guint8 head[] = {(guint8)(type >> 8), (guint8)type, (guint8)(bytes >> 8), (guint8)bytes};
    guint total = message->len - 20 + sizeof head + bytes;

    g_byte_array_append(message, head, sizeof head);
    message->data[2] = (guint8)(total >> 8);
    message->data[3] = (guint8)total;
}

/* RFC 8489, 14.5 and 14.7 */
static GByteArray *
signed_check(const uint8_t *attributes, size_t size)
{
    static const guint8 head[20] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 't', 'r', 'a', 'n', 's', 'a', 'c', 't', 'i', 'o',
                                    'n', '1'};
    static const char user[] = OURS ":peer\0\0";
    GByteArray *message = g_byte_array_append(g_byte_array_new(), head, sizeof head);
    guint8 digest[20];
    gsize digest_len = sizeof digest;

    append_head(message, 0x0006, 13);
    g_byte_array_append(message, (const guint8 *)user, 16);
    g_byte_array_append(message, attributes, (guint)size);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)PASSWORD, strlen(PASSWORD));
    guint before = message->len;
    append_head(message, 0x0008, sizeof digest);
    g_hmac_update(hmac, message->data, before);
    g_hmac_get_digest(hmac, digest, &digest_len);
    g_byte_array_append(message, digest, sizeof digest);
    before = message->len;
    append_head(message, 0x8028, 4);
    g_byte_array_set_size(message, before);
    guint32 print = GUINT32_TO_BE(crc32(message) ^ 0x5354554Eu);
    append_head(message, 0x8028, 4);
    return g_byte_array_append(message, (const guint8 *)&print, sizeof print);
}

static KcIceOutcome
receive(const uint8_t *data, size_t size)
{
    KcIceLite *ice = kc_ice_lite_new(OURS, PASSWORD, "peer", 0);
    char ufrag[KC_ICE_UFRAG_CHARS + 1];
    guint8 reply[KC_ICE_REPLY_BYTES];
    KcUdpPath path = {0};
    gsize len;

    kc_udp_addr_parse("192.0.2.1", 9, &path.remote);
    if (kc_ice_peek_ufrag(data, size, ufrag))
        g_assert(strlen(ufrag) > 0 && strlen(ufrag) <= KC_ICE_UFRAG_CHARS);
    KcIceOutcome outcome = kc_ice_lite_receive(ice, data, size, &path, 1, reply, &len);
    g_assert(len <= sizeof reply && (outcome == KC_ICE_DROP) == (len == 0));
    g_assert((outcome == KC_ICE_SELECTED) == (kc_ice_lite_selected(ice) != NULL));
    kc_ice_lite_free(ice);
    return outcome;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    receive(data, size);
    size_t attributes = MIN(size, (size_t)ATTRIBUTES_MAX) & ~(size_t)3;
    g_autoptr(GByteArray) check = signed_check(data, attributes);
    KcIceOutcome outcome = receive(check->data, check->len);
    g_assert(attributes > 0 || outcome == KC_ICE_SELECTED);
    return 0;
}
