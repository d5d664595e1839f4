/* The files of the vault as their rows and the log have them, for checking them all. */
#pragma once

#include "src/store/db.h"

/* Any text but the id may be NULL, in a file that was damaged. */
typedef struct {
    char *id, *case_id, *kind, *path, *status, *sha256;
    gint64 size_bytes;
    guint32 chunks; /* of a recording: known to be synced */
    gboolean erased;
    gboolean removing; /* the file is still to be removed */
} KcFileRow;

/* From the newest entry recording.progress of a recording. */
typedef struct {
    gint64 seq;
    guint32 chunks;
    guint8 sha256[32]; /* over their tags (kc_vault_hash_tags) */
} KcLoggedTags;

typedef struct {
    GHashTable *logged; /* id -> KcLoggedTags */
    gint64 files;
} KcFileList;

KcFileList *kc_file_list_new(KcTx *tx, GError **error);
void kc_file_list_free(KcFileList *list);

/* NULL: none. */
const KcLoggedTags *kc_file_list_logged(const KcFileList *list, const char *id);

/* of KcFileRow, by id after `after` (NULL: from the first). */
GPtrArray *kc_file_list_page(KcTx *tx, const char *after, guint limit, GError **error);

/* Whether a row has that path, or it is one that is being removed. */
gboolean kc_file_list_knows(KcTx *tx, const char *path, gboolean *ret_known, GError **error);
