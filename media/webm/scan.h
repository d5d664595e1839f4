/* Makes the index of a recording again from its bytes: for a file whose writer died before it could seal one.
 *
 * Bytes are pushed in order, in pieces of any size (the chunks of the vault as they are decrypted). Whole Clusters are
 * kept; a last one that is cut short is left out. Any bytes are safe: memory is bounded by KC_WEBM_SCAN_MAX_ELEMENT,
 * and what is not written by media/webm/writer.h is refused as DAMAGED.
 *
 * Pure: no I/O, no clock. Not locked: one thread at a time. */
#pragma once

#include "media/webm/index.h"

#define KC_WEBM_SCAN_MAX_ELEMENT (4 * 1024 * 1024)

typedef struct _KcWebmScan KcWebmScan;

KcWebmScan *kc_webm_scan_new(void);
void kc_webm_scan_free(KcWebmScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWebmScan, kc_webm_scan_free)

/* Room for so many Clusters, before the first byte: a large block is mapped by itself and not touched before it is
 * needed, so that a recording which grows for hours leaves no outgrown halves in the heap. */
void kc_webm_scan_reserve(KcWebmScan *scan, guint clusters);

/* FALSE at the first byte that can't be; everything found before stays valid, later pushes fail the same way. */
gboolean kc_webm_scan_push(KcWebmScan *scan, const guint8 *data, gsize size, GError **error);

/* Of all whole Clusters so far; owned by the scan and changed by it. */
const KcWebmIndex *kc_webm_scan_index(const KcWebmScan *scan);

/* The index of all whole Clusters so far (it may have none). Hands over ownership and ends the scan: only free is
 * allowed after it. `ret_left_over` (may be NULL): bytes at the end that belong to no whole Cluster. */
KcWebmIndex *kc_webm_scan_finish(KcWebmScan *scan, guint64 *ret_left_over);
