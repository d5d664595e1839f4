/* kuaichu fsck: is everything in a data folder what the service put there?
 *
 * It needs no running service and disturbs none; it opens nothing for writing and brings no schema up. Every finding names
 * its place; the check goes on after each. */
#pragma once

#include "src/app/app.h"
#include "src/store/check.h"

typedef struct {
    const char *data_dir;
    const char *master_key;  /* its file; NULL: where the service looks for it */
    const char *const *held; /* checkpoints that somebody kept, as notes; may be NULL */
    KcDamageFn found;
    void (*progress)(const char *what, gint64 done, gint64 of, gpointer user_data); /* `of` 0: unknown; may be NULL */
    gpointer user_data;
} KcCheckOptions;

typedef struct {
    gint64 findings;
    gint64 entries, checkpoints;             /* of the log */
    gint64 rows, cases, sealed, documents;   /* that were compared, or opened */
    gint64 files, bytes;                     /* of the vault, whole and authentic; plaintext */
    gint64 unfinished;                       /* files that are being written, or were left by a process that died */
    gboolean unbound;                        /* the log does not say yet what the rows must be: start the service once */
} KcCheckTotals;

/* FALSE: something could not be checked at all (no such folder, no key). */
gboolean kc_app_check_folder(const KcCheckOptions *options, KcCheckTotals *ret_totals, GError **error);
