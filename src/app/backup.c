/* Invariant: the list is made after the copy, so that every finished file that the copy knows of is in it, but those
 * that were erased in between. */
#include "src/app/backup.h"

#include "src/app/internal.h"

#include <errno.h>
#include <glib/gstdio.h>

static gboolean
list_files(KcTx *tx, gpointer data, GError **error)
{
    return kc_object_store_each_path(tx, (GString *)data, error);
}

static gboolean
log_backup(KcTx *tx, gpointer data, GError **error)
{
    return kc_app_log(tx, NULL, NULL, "backup.made", kc_app_now(data), NULL, error);
}

static gint64
count_lines(const GString *list)
{
    gint64 lines = 0;
    for (gsize i = 0; i < list->len; i++)
        lines += list->str[i] == '\n';
    return lines;
}

gboolean
kc_app_backup(KcApp *app, const char *folder, gint64 *ret_files, KcResult *result, GError **error)
{
    g_autofree char *database = g_build_filename(folder, "kuaichu.db", NULL);
    g_autofree char *names = g_build_filename(folder, "vault.list", NULL);
    g_autoptr(GString) list = g_string_new(NULL);
    if (g_mkdir(folder, 0700) != 0) {
        g_autofree char *why = g_strdup_printf(
            "%s: %s. A backup is made in a folder of its own, which is not there yet.", folder, g_strerror(errno));
        return kc_refuse(result, KC_RESULT_INVALID, "backup-folder", why);
    }
    if (!kc_store_write(app->store, log_backup, app, error) || !kc_store_backup(app->store, database, error) ||
        !kc_store_read(app->store, list_files, list, error))
        return FALSE;
    *ret_files = count_lines(list);
    return g_file_set_contents_full(names, list->str, (gssize)list->len, G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}
