/* Packets cut out of a stream. */
#include <string.h>

#include "media/transport/tcp_framing.h"
#include "tests/support/kc_test.h"

/* Packets of 0, 1, 2, … and the greatest length, in pieces of `cut` bytes. */
static void
check_pieces(gsize cut)
{
    static const gsize lens[] = {0, 1, 2, 255, 256, 1200, KC_PACKET_BYTES, 3};
    g_autoptr(GByteArray) stream = g_byte_array_new();
    gsize n = 0, packet_len;
    KcTcpFraming framing = {0};
    const guint8 *packet;
    guint8 body[KC_PACKET_BYTES];

    for (gsize i = 0; i < G_N_ELEMENTS(lens); i++) {
        guint8 head[KC_TCP_HEAD_BYTES];

        memset(body, (int)i, sizeof body);
        kc_tcp_framing_head(head, lens[i]);
        g_byte_array_append(stream, head, sizeof head);
        g_byte_array_append(stream, body, (guint)lens[i]);
    }
    for (gsize at = 0; at < stream->len; at += cut) {
        gsize len = MIN(cut, stream->len - at);
        g_autofree guint8 *piece = g_memdup2(stream->data + at, len);
        const guint8 *data = piece;

        while (kc_tcp_framing_take(&framing, &data, &len, &packet, &packet_len) == KC_TCP_PACKET) {
            ck_assert_uint_lt(n, G_N_ELEMENTS(lens));
            ck_assert_uint_eq(packet_len, lens[n]);
            memset(body, (int)n, sizeof body);
            ck_assert(memcmp(packet, body, packet_len) == 0);
            n++;
        }
        ck_assert_uint_eq(len, 0);
    }
    ck_assert_uint_eq(n, G_N_ELEMENTS(lens));
}

START_TEST(packets_in_any_pieces)
{
    for (gsize cut = 1; cut < 2 * KC_PACKET_BYTES; cut += cut < 70 ? 1 : 37)
        check_pieces(cut);
    for (gsize cut = KC_PACKET_BYTES - 3; cut < KC_PACKET_BYTES + 5; cut++)
        check_pieces(cut);
}
END_TEST

START_TEST(a_packet_too_long_ends_the_stream)
{
    static const guint8 head[] = {(KC_PACKET_BYTES + 1) >> 8, (KC_PACKET_BYTES + 1) & 0xff, 0x80};
    KcTcpFraming framing = {0};
    const guint8 *data = head, *packet;
    gsize len = sizeof head, packet_len;

    ck_assert_int_eq(kc_tcp_framing_take(&framing, &data, &len, &packet, &packet_len), KC_TCP_TOO_LONG);
}
END_TEST

static Suite *
framing_suite(void)
{
    Suite *suite = suite_create("transport/framing");
    TCase *tests = tcase_create("framing");

    tcase_add_test(tests, packets_in_any_pieces);
    tcase_add_test(tests, a_packet_too_long_ends_the_stream);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(framing_suite())
