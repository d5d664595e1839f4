#include "src/store/file_list.h"
#include "src/base/hex.h"
#include "src/store/log_store.h"
#include "src/store/object_row.h"
#include "src/store/sql.h"

#include <string.h>

static void
free_row(gpointer data)
{
    KcFileRow *row = data;
    g_free(row->id);
    g_free(row->case_id);
    g_free(row->kind);
    g_free(row->path);
    g_free(row->status);
    g_free(row->sha256);
    g_free(row);
}

static void
take_logged(KcFileList *list, KcQuery *query)
{
    KcLoggedTags tags = {.seq = kc_take_int(query)};
    char *id = kc_take_text(query);
    tags.chunks = (guint32)kc_take_int(query);
    g_autofree char *hex = kc_take_text(query);
    if (id == NULL || hex == NULL || !kc_hex_decode(hex, tags.sha256, sizeof tags.sha256)) {
        g_free(id);
        return;
    }
    g_hash_table_replace(list->logged, id, g_memdup2(&tags, sizeof tags));
}

KcFileList *
kc_file_list_new(KcTx *tx, GError **error)
{
    KcFileList *list = g_new0(KcFileList, 1);
    KcStep step = KC_STEP_ERROR;
    list->logged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT seq, data_json ->> '$.object_id', data_json ->> '$.chunks', data_json ->> '$.tags_sha256' FROM "
                     "audit_log WHERE kind = '" KC_LOG_RECORDING_PROGRESS "' ORDER BY seq",
                     error);
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW)
        take_logged(list, query);
    g_autoptr(KcQuery) count = step == KC_STEP_DONE ? kc_query_new(tx, "SELECT count(*) FROM objects", error) : NULL;
    if (count != NULL && kc_query_number(count, &list->files, error))
        return list;
    kc_file_list_free(list);
    return NULL;
}

void
kc_file_list_free(KcFileList *list)
{
    if (list == NULL)
        return;
    g_hash_table_unref(list->logged);
    g_free(list);
}

const KcLoggedTags *
kc_file_list_logged(const KcFileList *list, const char *id)
{
    return g_hash_table_lookup(list->logged, id);
}

static gpointer
read_row(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcFileRow *row = g_new0(KcFileRow, 1);
    row->id = kc_take_text(query);
    row->case_id = kc_take_text(query);
    row->kind = kc_take_text(query);
    row->path = kc_take_text(query);
    row->status = kc_take_text(query);
    row->sha256 = kc_take_text(query);
    row->size_bytes = kc_take_int(query);
    row->chunks = (guint32)kc_take_int(query);
    row->erased = kc_take_int(query) > 0;
    row->removing = kc_take_int(query) > 0;
    return row;
}

GPtrArray *
kc_file_list_page(KcTx *tx, const char *after, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT o.id, o.case_id, " KC_OBJECT_KIND ", o.path, o.status, o.sha256, o.size_bytes, "
                     "coalesce(r.chunks, 0), o.erased_us, (SELECT count(*) FROM file_removals f WHERE f.path = o.path) FROM "
                     "objects o LEFT JOIN recordings r ON r.object_id = o.id WHERE o.id > ? ORDER BY o.id LIMIT ?",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, after != NULL ? after : "");
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_row, free_row, error);
}

gboolean
kc_file_list_knows(KcTx *tx, const char *path, gboolean *ret_known, GError **error)
{
    gint64 count = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT (SELECT count(*) FROM objects WHERE path = ?1) + (SELECT count(*) FROM file_removals WHERE path = ?1)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, path);
    if (!kc_query_number(query, &count, error))
        return FALSE;
    *ret_known = count > 0;
    return TRUE;
}
