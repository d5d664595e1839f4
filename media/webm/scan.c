/*  HEAD ──Segment──▶ SEGMENT (Info, Tracks, Void) ──first Cluster──▶ CLUSTERS (nothing else)
 *    └───────────────── bytes that can't be ──────────────────┴──────────▶ failed, for good
 *
 * Invariant: `pending` begins at an element of the level that `state` names, and is never longer than one element of
 * KC_WEBM_SCAN_MAX_ELEMENT and the piece that was pushed last. */
#include "media/webm/scan.h"
#include "media/webm/cluster.h"
#include "media/webm/ebml.h"

#include <string.h>

#define DATE_EPOCH_US (G_GINT64_CONSTANT(978307200) * G_USEC_PER_SEC)

typedef enum {
    HEAD,
    SEGMENT,
    CLUSTERS,
} State;

struct _KcWebmScan {
    State state;
    GByteArray *pending;
    guint64 offset; /* of pending's first byte */
    gboolean seen_ebml;
    KcWebmIndex *index;
    KcWebmTally tally;
    GError *failure;
};

KcWebmScan *
kc_webm_scan_new(void)
{
    KcWebmScan *scan = g_new0(KcWebmScan, 1);
    scan->pending = g_byte_array_new();
    scan->index = kc_webm_index_new();
    return scan;
}

void
kc_webm_scan_reserve(KcWebmScan *scan, guint clusters)
{
    g_return_if_fail(scan->index->clusters->len == 0);
    g_array_unref(scan->index->clusters);
    scan->index->clusters = g_array_sized_new(FALSE, FALSE, sizeof(KcWebmCluster), clusters);
}

void
kc_webm_scan_free(KcWebmScan *scan)
{
    if (scan == NULL)
        return;
    g_byte_array_unref(scan->pending);
    kc_webm_index_free(scan->index);
    g_clear_error(&scan->failure);
    g_free(scan);
}

static gboolean
damaged(const KcWebmScan *scan, gsize pos, const char *what, GError **error)
{
    g_set_error(error, KC_WEBM_ERROR, KC_WEBM_ERROR_DAMAGED, "%s at byte %" G_GUINT64_FORMAT, what, scan->offset + pos);
    return FALSE;
}

static void
read_info(KcWebmScan *scan, const guint8 *data, gsize size)
{
    KcEbmlElement element;
    const guint8 *content;
    gsize pos = 0;
    while (kc_ebml_next(data, size, &pos, &element, &content))
        if (element.id == KC_EBML_ID_DATE_UTC && element.size == 8)
            scan->index->started_at_us = (gint64)kc_ebml_uint(content, 8) / 1000 + DATE_EPOCH_US;
}

/* Whether an element may stand here, known before all of it has come. */
static gboolean
belongs_here(const KcWebmScan *scan, guint32 id)
{
    switch (scan->state) {
    case HEAD:
        return scan->seen_ebml ? id == KC_EBML_ID_SEGMENT : id == KC_EBML_ID_HEAD;
    case SEGMENT:
        return id == KC_EBML_ID_INFO || id == KC_EBML_ID_TRACKS || id == KC_EBML_ID_VOID || id == KC_EBML_ID_CLUSTER;
    default:
        return id == KC_EBML_ID_CLUSTER;
    }
}

/* Takes one whole element at `pos`. */
static gboolean
take(KcWebmScan *scan, const guint8 *start, const KcEbmlElement *element, GError **error)
{
    switch (element->id) {
    case KC_EBML_ID_HEAD:
        scan->seen_ebml = TRUE;
        return TRUE;
    case KC_EBML_ID_INFO:
        read_info(scan, start + element->head_size, (gsize)element->size);
        return TRUE;
    case KC_EBML_ID_CLUSTER:
        scan->state = CLUSTERS;
        return kc_webm_cluster_note(scan->index, &scan->tally, start, element->head_size + (gsize)element->size, error);
    default:
        return TRUE;
    }
}

/* Consumes whole elements from the front of `data`. */
static gboolean
consume(KcWebmScan *scan, const guint8 *data, gsize size, gsize *pos, GError **error)
{
    for (;;) {
        gsize left = size - *pos;
        KcEbmlElement element;
        KcEbmlResult result = kc_ebml_read(data + *pos, left, &element);
        if (result == KC_EBML_SHORT)
            return TRUE;
        if (result == KC_EBML_BAD)
            return damaged(scan, *pos, "no element", error);
        if (!belongs_here(scan, element.id))
            return damaged(scan, *pos, "an element that no recording has", error);
        if (element.id == KC_EBML_ID_SEGMENT) {
            scan->state = SEGMENT;
            *pos += element.head_size;
            scan->index->head_size = scan->offset + *pos;
            continue;
        }
        if (element.size > KC_WEBM_SCAN_MAX_ELEMENT)
            return damaged(scan, *pos, "an element of impossible size", error);
        if (element.size > left - element.head_size)
            return TRUE;
        if (!take(scan, data + *pos, &element, error))
            return FALSE;
        *pos += element.head_size + (gsize)element.size;
        if (scan->state == SEGMENT)
            scan->index->head_size = scan->offset + *pos;
    }
}

/* Whole elements are read where they lie; only a part of one is kept. */
static void
push_piece(KcWebmScan *scan, const guint8 *data, gsize size)
{
    gsize pos = 0;
    if (scan->pending->len == 0) {
        consume(scan, data, size, &pos, &scan->failure);
        g_byte_array_append(scan->pending, data + pos, (guint)(size - pos));
    } else {
        g_byte_array_append(scan->pending, data, (guint)size);
        consume(scan, scan->pending->data, scan->pending->len, &pos, &scan->failure);
        g_byte_array_remove_range(scan->pending, 0, (guint)pos);
    }
    scan->offset += pos;
}

gboolean
kc_webm_scan_push(KcWebmScan *scan, const guint8 *data, gsize size, GError **error)
{
    while (scan->failure == NULL && size > 0) {
        gsize piece = MIN(size, KC_WEBM_SCAN_MAX_ELEMENT);
        push_piece(scan, data, piece);
        data += piece;
        size -= piece;
    }
    if (scan->failure != NULL && error != NULL)
        *error = g_error_copy(scan->failure);
    return scan->failure == NULL;
}

const KcWebmIndex *
kc_webm_scan_index(const KcWebmScan *scan)
{
    return scan->index;
}

KcWebmIndex *
kc_webm_scan_finish(KcWebmScan *scan, guint64 *ret_left_over)
{
    if (ret_left_over != NULL)
        *ret_left_over = scan->pending->len;
    return g_steal_pointer(&scan->index);
}
