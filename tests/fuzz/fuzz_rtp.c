/* RTP from anyone: every part that is found lies in the packet, what is written is read as the same, and what counts
 * numbers stays in its bounds, whatever numbers come. */
#include <stdint.h>
#include <string.h>

#include "media/rtp/header.h"
#include "media/rtp/nack.h"
#include "media/rtp/reports.h"
#include "media/rtp/rewrite.h"
#include "media/rtp/rtx_cache.h"
#include "media/rtp/transport_cc.h"
#include "media/rtp/vp8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEP_BYTES 5 /* of one packet of the sequence: number, µs since the last one in units of 1 ms, what to do */

static void
read_back(const KcRtpHeader *header)
{
    static const guint8 value[16];
    guint8 written[KC_RTP_HEADER_MAX_BYTES + 1] = {0};
    KcRtpExtension extensions[] = {{1, 1, value}, {14, (guint8)(1 + header->seq % 16), value}};
    KcRtpHeader again;
    guint bytes = 0;
    KcRtpHeader plain = *header;

    plain.padding_bytes = 0;
    gsize len = kc_rtp_header_write(&plain, extensions, G_N_ELEMENTS(extensions), written);
    g_assert(len > 0 && len <= KC_RTP_HEADER_MAX_BYTES);
    g_assert(kc_rtp_header_parse(written, len, &again));
    g_assert(again.payload_type == header->payload_type && again.marker == header->marker && again.seq == header->seq &&
             again.timestamp == header->timestamp && again.ssrc == header->ssrc && again.payload_bytes == 0);
    g_assert(kc_rtp_extension_find(&again, 14, &bytes) != NULL && bytes == extensions[1].bytes);
}

static void
one_packet(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    KcRtpHeader header;
    guint width, height;
    guint16 seq;

    kc_vp8_begins_keyframe(data, size, &width, &height);
    if (!kc_rtp_header_parse(data, size, &header))
        return;
    g_assert(header.payload_type < 128);
    g_assert(header.payload >= data + 12 && header.payload + header.payload_bytes + header.padding_bytes == end);
    if (header.extension != NULL)
        g_assert(header.extension >= data + 12 && header.extension + header.extension_bytes <= header.payload);
    for (guint id = 1; id <= 255; id++) {
        guint bytes = 0;
        const guint8 *value = kc_rtp_extension_find(&header, (guint8)id, &bytes);

        g_assert(value == NULL ||
                 (value >= header.extension && value + bytes <= header.extension + header.extension_bytes));
    }
    kc_vp8_begins_keyframe(header.payload, header.payload_bytes, &width, &height);
    if (kc_rtx_original_seq(&header, &seq))
        g_assert(header.payload_bytes >= 2 && seq == kc_get_u16(header.payload));
    read_back(&header);
}

typedef struct {
    KcNack nack;
    KcRewrite rewrite;
    KcReceiverReport report;
    KcTransportCc cc;
} Stream;

static void
poll_all(Stream *stream, gint64 now_us)
{
    guint16 seqs[KC_NACK_MISSING_MAX];
    guint8 fci[KC_TRANSPORT_CC_FCI_MAX];
    gboolean given_up;
    KcRtcpBlock block;
    guint n = kc_nack_poll(&stream->nack, now_us, 50000, seqs, &given_up);

    g_assert(n <= stream->nack.n_missing && stream->nack.n_missing <= KC_NACK_MISSING_MAX);
    for (guint i = 1; i < n; i++)
        g_assert(kc_seq_diff(seqs[i], seqs[i - 1]) > 0);
    gsize len = kc_transport_cc_write(&stream->cc, now_us, fci);
    g_assert(len <= sizeof fci && len % 4 == 0);
    if (kc_receiver_report_block(&stream->report, now_us, &block))
        g_assert(block.lost >= -0x800000 && block.lost <= 0x7fffff);
}

/* The rest of the input as congestion feedback from the other side: nothing but its times may change. */
static void
feedback(Stream *stream, const uint8_t *data, size_t size, gint64 now_us)
{
    guint8 fci[1500];

    memcpy(fci, data, size);
    if (kc_transport_cc_pass(&stream->cc, fci, size, now_us))
        g_assert(memcmp(fci, data, 4) == 0 && fci[7] == data[7]);
    else
        g_assert(memcmp(fci, data, size) == 0);
}

static void
sequence(const uint8_t *data, size_t size)
{
    static Stream stream;
    gint64 now_us = G_USEC_PER_SEC;

    memset(&stream, 0, sizeof stream);
    kc_nack_reset(&stream.nack);
    kc_rewrite_init(&stream.rewrite, 90000, 65000, 1);
    kc_receiver_report_init(&stream.report, 1, 90000);
    for (; size >= STEP_BYTES; data += STEP_BYTES, size -= STEP_BYTES) {
        KcRtpHeader header = {.seq = kc_get_u16(data), .timestamp = kc_get_u16(data) * 3000u, .ssrc = data[4] >> 6};
        guint16 seq, same;
        guint32 timestamp;

        now_us += kc_get_u16(data + 2) * G_GINT64_CONSTANT(1000);
        kc_nack_packet(&stream.nack, header.seq, now_us);
        kc_receiver_report_packet(&stream.report, &header, now_us);
        kc_transport_cc_packet(&stream.cc, header.seq, now_us);
        if (kc_rewrite_apply(&stream.rewrite, header.ssrc, header.seq, header.timestamp, now_us, &seq, &timestamp))
            g_assert(kc_rewrite_map_seq(&stream.rewrite, header.ssrc, header.seq, &same) && same == seq);
        if ((data[4] & 2) != 0)
            feedback(&stream, data, size, now_us);
        if ((data[4] & 1) != 0)
            poll_all(&stream, now_us);
    }
    poll_all(&stream, now_us);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1500)
        return 0;
    one_packet(data, size);
    sequence(data, size);
    return 0;
}
