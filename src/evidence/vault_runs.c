/* The file is read and not mapped: who can write to it could otherwise change a chunk between the check of its tag and
 * its decryption. */
#include "src/evidence/vault_runs.h"

#include "src/evidence/vault_scan.h"

/* Read from the file at once, if it is more than one chunk: so little that it is still near the processor when it is
 * opened. */
#define SPAN_BYTES (128 * 1024)

guint32
kc_vault_runs_cut(const guint64 *offsets, guint32 first, guint32 end, guint64 bytes)
{
    guint32 cut = first + 1;
    while (cut < end && offsets[cut + 1] - offsets[first] <= bytes)
        cut++;
    return cut;
}

/* One read of the file. */
static gboolean
read_span(const KcVaultHand *hand, guint32 first, guint32 end, guint8 *out, GError **error)
{
    guint64 from = kc_vault_file_offset(hand->offsets[first], first);
    guint64 to = kc_vault_file_offset(hand->offsets[end], end);
    g_byte_array_set_size(hand->record, (guint)(to - from));
    const guint8 *record = hand->record->data;
    if (!kc_vault_pread(hand->fd, hand->record->data, hand->record->len, from, error))
        return FALSE;
    for (guint32 number = first; number < end; number++) {
        KcVaultPrefix prefix = {.len = (guint32)(hand->offsets[number + 1] - hand->offsets[number]), .last = FALSE};
        if (!kc_vault_open_record(hand->cipher, number, prefix, record, out, error))
            return FALSE;
        record += prefix.len + KC_VAULT_OVERHEAD;
        out += prefix.len;
    }
    return TRUE;
}

gboolean
kc_vault_runs_read(const KcVaultHand *hand, guint32 first, guint32 end, guint8 *out, GError **error)
{
    while (first < end) {
        guint32 next = kc_vault_runs_cut(hand->offsets, first, end, SPAN_BYTES);
        if (!read_span(hand, first, next, out, error))
            return FALSE;
        out += hand->offsets[next] - hand->offsets[first];
        first = next;
    }
    return TRUE;
}
