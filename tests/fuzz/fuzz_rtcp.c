/* RTCP from anyone: parts lie in the packet, one after the other; reports and requests that are written again are read
 * as the same. */
#include <stdint.h>
#include <string.h>

#include "media/rtp/reports.h"
#include "media/rtp/rtcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    guint16 seqs[31 * 17 * 4];
    guint n;
} Asked;

static void
note(guint16 seq, gpointer user)
{
    Asked *asked = user;

    if (asked->n < G_N_ELEMENTS(asked->seqs))
        asked->seqs[asked->n] = seq;
    asked->n++;
}

static guint
blocks_read(const KcRtcpPart *part, KcRtcpBlock blocks[31])
{
    guint n = 0;

    while (n < 31 && kc_rtcp_block(part, n, &blocks[n])) {
        g_assert(blocks[n].lost >= -0x800000 && blocks[n].lost <= 0x7fffff);
        kc_round_trip_us(&blocks[n], 0x123456789abcdef);
        n++;
    }
    g_assert(n <= part->count);
    return n;
}

static void
report(const KcRtcpPart *part)
{
    static KcReceiverReport received;
    KcRtcpBlock blocks[31] = {0}, again[31] = {0};
    KcRtcpSenderInfo info = {0}, same = {0};
    KcRtcpWriter writer = {.len = 0};
    KcSenderClock clock = {0};
    KcSenderPoint point = {0};
    KcRtcpPart read;
    gsize offset = 0;
    guint32 rtp;
    guint n = blocks_read(part, blocks);

    if (!kc_rtcp_sender_info(part, &info))
        return;
    g_assert(part->type == KC_RTCP_SR);
    kc_receiver_report_init(&received, info.ssrc, 90000);
    kc_receiver_report_sr(&received, &info, 1);
    kc_sender_clock_report(&clock, &point, &info, G_GINT64_CONSTANT(1700000000000000));
    kc_sender_clock_timestamp(&clock, &point, 90000, G_GINT64_CONSTANT(1700000001000000), &rtp);
    kc_rtcp_write_sr(&writer, &info, blocks, n);
    if (writer.len == 0)
        return;
    g_assert(writer.len <= sizeof writer.data && kc_rtcp_next(writer.data, writer.len, &offset, &read));
    g_assert(offset == writer.len && kc_rtcp_sender_info(&read, &same) && blocks_read(&read, again) == n);
    g_assert(same.ssrc == info.ssrc && same.ntp == info.ntp && same.rtp == info.rtp &&
             same.packets == info.packets && same.bytes == info.bytes);
    for (guint i = 0; i < n; i++)
        g_assert(again[i].ssrc == blocks[i].ssrc && again[i].lost == blocks[i].lost &&
                 again[i].highest_seq == blocks[i].highest_seq && again[i].delay == blocks[i].delay);
}

static void
nack(const guint8 *fci, gsize bytes)
{
    static Asked asked, again;
    const guint8 *written_fci;
    KcRtcpWriter writer = {.len = 0};
    KcRtcpPart part;
    gsize offset = 0, written_bytes;
    guint32 ssrc;

    asked.n = again.n = 0;
    kc_rtcp_nack_each(fci, bytes, note, &asked);
    g_assert(asked.n <= bytes / 4 * 17);
    /* Ascending is what the writer wants: one item's numbers are. */
    guint n = MIN(asked.n, bytes >= 4 ? 17u : 0u);
    for (guint i = 1; i < n; i++)
        if ((gint16)(asked.seqs[i] - asked.seqs[i - 1]) <= 0)
            n = i;
    if (n == 0)
        return;
    kc_rtcp_write_nack(&writer, 1, 2, asked.seqs, n);
    g_assert(kc_rtcp_next(writer.data, writer.len, &offset, &part) && offset == writer.len);
    g_assert(kc_rtcp_feedback(&part, &ssrc, &written_fci, &written_bytes) && ssrc == 2);
    kc_rtcp_nack_each(written_fci, written_bytes, note, &again);
    g_assert(again.n == n && memcmp(again.seqs, asked.seqs, n * sizeof *asked.seqs) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const guint8 *end = data;
    gsize offset = 0;
    KcRtcpPart part;

    while (kc_rtcp_next(data, size, &offset, &part)) {
        const guint8 *fci = NULL;
        gsize bytes = 0;
        guint32 ssrc = 0;

        g_assert(offset <= size && part.count < 32 && part.body >= end + 4 && part.body + part.bytes <= data + offset);
        end = data + offset;
        report(&part);
        if (!kc_rtcp_feedback(&part, &ssrc, &fci, &bytes))
            continue;
        g_assert(fci >= part.body && fci + bytes == part.body + part.bytes);
        kc_rtcp_fir_names(fci, bytes, ssrc);
        nack(fci, bytes);
    }
    g_assert(offset <= size);
    return 0;
}
