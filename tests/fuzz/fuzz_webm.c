/* A recording's bytes, and an index's, from a disk that may hold anything: how the bytes are cut into pieces changes
 * nothing, an index is written as it was read, and the file that is served holds together. */
#include <stdint.h>
#include <string.h>

#include "media/webm/frame.h"
#include "media/webm/index.h"
#include "media/webm/scan.h"
#include "media/webm/virtual.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *data;
    size_t size;
} Plain;

static gboolean
read_plain(guint64 offset, guint8 *out, gsize size, gpointer user_data, GError **error)
{
    const Plain *plain = user_data;

    g_assert(offset <= plain->size && size <= plain->size - offset);
    memcpy(out, plain->data + offset, size);
    return TRUE;
}

static KcWebmIndex *
scan(const Plain *plain, gsize piece, gboolean *ret_good)
{
    g_autoptr(KcWebmScan) reader = kc_webm_scan_new();
    guint64 left_over = 0;

    *ret_good = TRUE;
    for (gsize at = 0; at < plain->size; at += piece)
        *ret_good &= kc_webm_scan_push(reader, plain->data + at, MIN(piece, plain->size - at), NULL);
    KcWebmIndex *index = kc_webm_scan_finish(reader, &left_over);
    g_assert(kc_webm_index_total_bytes(index) <= plain->size);
    return index;
}

static void
serve(const KcWebmIndex *index, Plain *plain)
{
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(index);
    guint64 size = kc_webm_virtual_size(file);
    g_autofree guint8 *all = g_malloc(size + 1), *half = g_malloc(size + 1);

    g_assert(kc_webm_virtual_content_type(file) != NULL);
    g_assert(size < plain->size + 4096 + 64 * (guint64)index->clusters->len);
    g_assert(kc_webm_virtual_read(file, 0, all, size, read_plain, plain, NULL));
    g_assert(kc_webm_virtual_read(file, size / 2, half, size - size / 2, read_plain, plain, NULL));
    g_assert(memcmp(all + size / 2, half, size - size / 2) == 0);
    g_assert(!kc_webm_virtual_read(file, size, half, 1, read_plain, plain, NULL));
    for (guint i = 0; i < index->clusters->len; i++) {
        const KcWebmCluster *cluster = &g_array_index(index->clusters, KcWebmCluster, i);
        guint64 at = kc_webm_virtual_cluster_offset(file, index, i);

        g_assert(at + cluster->size <= size && memcmp(all + at, plain->data + cluster->offset, cluster->size) == 0);
    }
}

static void
recording(Plain *plain)
{
    gboolean good, good_in_pieces;
    g_autoptr(KcWebmIndex) index = scan(plain, MAX(plain->size, 1), &good);
    g_autoptr(KcWebmIndex) same = scan(plain, 7, &good_in_pieces);
    g_autoptr(GBytes) bytes = kc_webm_index_encode(index), same_bytes = kc_webm_index_encode(same);

    g_assert(good == good_in_pieces && g_bytes_equal(bytes, same_bytes));
    serve(index, plain);
    g_autoptr(KcWebmIndex) decoded = kc_webm_index_decode(bytes, NULL);
    g_assert(decoded != NULL);
    g_autoptr(GBytes) again = kc_webm_index_encode(decoded);
    g_assert(g_bytes_equal(bytes, again));
}

static void
sealed_index(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(KcWebmIndex) index = kc_webm_index_decode(bytes, &error);
    const guint8 *at;
    guint64 vault;

    g_assert((index == NULL) == (error != NULL));
    if (index == NULL)
        return;
    g_assert(index->clusters->len <= size && index->gaps->len <= size);
    g_autoptr(GBytes) again = kc_webm_index_encode(index);
    g_assert(g_bytes_equal(bytes, again));
    g_autoptr(KcWebmVirtual) file = kc_webm_virtual_new(index);
    guint64 total = kc_webm_virtual_size(file);
    g_assert(kc_webm_virtual_locate(file, total, &at, &vault) == 0);
    g_assert(kc_webm_virtual_locate(file, 0, &at, &vault) <= total);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint32 width, height;
    Plain plain = {data, size};

    g_assert(!kc_webm_vp8_keyframe(data, size, &width, &height) || (width > 0 && height > 0));
    g_assert(kc_webm_opus_duration_us(data, size) >= 0);
    recording(&plain);
    sealed_index(data, size);
    return 0;
}
