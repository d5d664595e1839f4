#include "src/app/object_reader.h"
#include "src/app/receipts.h"
#include "src/store/log_tree.h"

#define PAGE 500

void
kc_receipt_clear(KcReceipt *receipt)
{
    g_clear_pointer(&receipt->recording_id, g_free);
    g_clear_pointer(&receipt->sha256, g_free);
    g_clear_pointer(&receipt->head, g_bytes_unref);
    g_clear_pointer(&receipt->entry, g_free);
    kc_key_wipe(receipt->salt, sizeof receipt->salt);
    *receipt = (KcReceipt){0};
}

typedef struct {
    const char *case_id;
    KcReceipt *receipt;
} FindEntry;

/* The entry that says what a recording came to. */
static gboolean
is_end_of(const KcLogEntry *entry, const char *recording_id)
{
    static const char *const ends[] = {"recording.finished", "recording.recovered", "composition.finished", NULL};
    return g_strv_contains(ends, entry->kind) &&
           g_strcmp0(json_string_value(json_object_get(entry->data, "object_id")), recording_id) == 0;
}

static gboolean
take_entry(KcTx *tx, const KcLogEntry *entry, KcReceipt *receipt, GError **error)
{
    KcMerkleHash commitment;
    receipt->entry = kc_log_entry_canonical(entry);
    receipt->leaf = entry->seq - 1;
    return kc_log_tree_commitment(tx, entry, receipt->entry, receipt->salt, &commitment, error);
}

static gboolean
find_entry(KcTx *tx, gpointer data, GError **error)
{
    FindEntry *self = data;
    for (gint64 after = 0;;) {
        g_autoptr(GPtrArray) entries = kc_log_store_list(tx, self->case_id, after, PAGE, error);
        if (entries == NULL)
            return FALSE;
        for (guint i = 0; i < entries->len; i++) {
            const KcLogEntry *entry = entries->pdata[i];
            if (is_end_of(entry, self->receipt->recording_id))
                return take_entry(tx, entry, self->receipt, error);
            after = entry->seq;
        }
        if (entries->len < PAGE)
            return TRUE;
    }
}

static gboolean
read_head(KcObjectReader *reader, KcReceipt *receipt, GError **error)
{
    gsize len = (gsize)kc_object_reader_index(reader)->head_size;
    g_autofree guint8 *head = g_malloc(len + 1);
    if (!kc_object_reader_read_sealed(reader, head, len, error))
        return FALSE;
    receipt->head = g_bytes_new_take(g_steal_pointer(&head), len);
    receipt->size = kc_object_reader_size(reader);
    receipt->media_from = receipt->size - (gint64)(kc_webm_index_total_bytes(kc_object_reader_index(reader)) - len);
    return TRUE;
}

gboolean
kc_app_recording_receipt(KcApp *app, const KcPrincipal *who, const char *recording_id, gboolean check,
                         KcReceipt *ret_receipt, KcResult *result, GError **error)
{
    g_autoptr(KcObjectReader) reader = NULL;
    g_auto(KcReceipt) receipt = {0};
    if (!kc_app_open_recording(app, who, recording_id, &reader, result, error))
        return FALSE;
    receipt.recording_id = g_strdup(recording_id);
    receipt.sha256 = g_strdup(kc_object_reader_sha256(reader));
    FindEntry find = {kc_object_reader_case_id(reader), &receipt};
    if (!read_head(reader, &receipt, error) || !kc_app_read(app, find_entry, &find, result, error) ||
        (check && !kc_object_reader_verify(reader, error)))
        return FALSE;
    receipt.checked_us = check ? kc_app_now(app) : 0;
    *ret_receipt = receipt;
    receipt = (KcReceipt){0};
    return TRUE;
}
