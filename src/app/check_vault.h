/* Included by src/app/check.c and tests: the files of the vault against their rows. */
#pragma once

#include "src/app/check.h"

/* The row of a file, as far as it is checked. Any text but the id may be NULL, in a database that was damaged. */
typedef struct {
    char *id, *case_id, *kind, *path, *status, *sha256;
    gint64 size_bytes;
    guint32 chunks; /* of a recording: known to be synced */
    guint32 logged_chunks; /* the log knows a hash over the tags of so many */
    gint64 logged_seq;
    guint8 logged_tags[32];
    guint8 key[KC_KEY_LEN];
    gboolean has_key; /* FALSE: it does not open */
    gboolean erased;  /* and by right: that it was is bound with the rows */
    gboolean removing; /* its file is still to be removed */
} KcCheckedFile;

void kc_checked_file_free(KcCheckedFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCheckedFile, kc_checked_file_free)

/* One file. TRUE: it is what its row says; else at least one finding was reported. */
gboolean kc_check_vault_file(const char *vault_dir, const KcCheckedFile *file, KcDamageFn found, gpointer user_data,
                             KcCheckTotals *totals);

/* All of them, and those that no row knows. */
gboolean kc_check_vault(KcStore *store, const char *vault_dir, const KcCheckOptions *options, KcCheckTotals *totals,
                        GError **error);
