/* A stream of packets (RFC 4571) from anyone: whatever its pieces are, the same packets come out as of the whole, each
 * lies in what was given or begun, and what is too long ends the stream at the same packet.
 *
 * The first byte of an input chooses the pieces' lengths; the rest is the stream. */
#include <stdint.h>
#include <string.h>

#include "media/transport/tcp_framing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    guint64 packets, bytes, sum;
    gboolean ended;
} Seen;

static void
see(Seen *seen, const guint8 *packet, gsize len)
{
    g_assert(len <= KC_PACKET_BYTES);
    seen->packets++;
    seen->bytes += len;
    for (gsize i = 0; i < len; i++)
        seen->sum = seen->sum * 31 + packet[i];
    seen->sum = seen->sum * 31 + len;
}

/* A piece in memory of its own, so that a sanitizer sees any step beyond. */
static void
take_piece(KcTcpFraming *framing, const guint8 *from, gsize len, Seen *seen)
{
    g_autofree guint8 *piece = g_memdup2(from, len);
    const guint8 *data = piece, *packet;
    gsize packet_len;

    while (!seen->ended) {
        KcTcpFramingResult result = kc_tcp_framing_take(framing, &data, &len, &packet, &packet_len);

        if (result == KC_TCP_MORE)
            break;
        if (result == KC_TCP_TOO_LONG)
            seen->ended = TRUE;
        else
            see(seen, packet, packet_len);
    }
    g_assert(seen->ended || (len == 0 && framing->have < sizeof framing->begun));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static KcTcpFraming whole, cut;
    Seen at_once = {0}, in_pieces = {0};
    guint32 state = size > 0 ? data[0] : 0;

    whole.have = cut.have = 0;
    if (size == 0)
        return 0;
    take_piece(&whole, data + 1, size - 1, &at_once);
    for (size_t at = 1; at < size && !in_pieces.ended;) {
        state = state * 1103515245 + 12345;
        size_t n = MIN(1 + (state >> 16) % (data[0] < 128 ? 7 : 700), size - at);

        take_piece(&cut, data + at, n, &in_pieces);
        at += n;
    }
    g_assert(at_once.packets == in_pieces.packets && at_once.bytes == in_pieces.bytes);
    g_assert(at_once.sum == in_pieces.sum && at_once.ended == in_pieces.ended);
    g_assert(at_once.ended || whole.have == cut.have);
    return 0;
}
