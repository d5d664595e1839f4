/* STUN datagrams from anyone. Only a check with the right password may make a path. */
#include <stdint.h>
#include <string.h>

#include "media/transport/ice_lite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KcIceLite *ice = kc_ice_lite_new("ours1234", "0123456789abcdefghijklmn", "peer", 0);
    char ufrag[KC_ICE_UFRAG_CHARS + 1];
    guint8 reply[KC_ICE_REPLY_BYTES];
    KcUdpPath path = {0};
    gsize len;

    kc_udp_addr_parse("192.0.2.1", 9, &path.remote);
    if (kc_ice_peek_ufrag(data, size, ufrag))
        g_assert(strlen(ufrag) > 0 && strlen(ufrag) <= KC_ICE_UFRAG_CHARS);
    KcIceOutcome outcome = kc_ice_lite_receive(ice, data, size, &path, 1, reply, &len);
    g_assert(len <= sizeof reply);
    g_assert((outcome == KC_ICE_SELECTED) == (kc_ice_lite_selected(ice) != NULL));
    kc_ice_lite_free(ice);
    return 0;
}
