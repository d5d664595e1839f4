#include "src/store/migrations.h"
#include "src/store/sql.h"
#include "src/store/kc_migrations_resource.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
clear_migration(gpointer data)
{
    g_free((char *)((KcMigration *)data)->sql);
}

static gint
compare_versions(gconstpointer a, gconstpointer b)
{
    return ((const KcMigration *)a)->version - ((const KcMigration *)b)->version;
}

GArray *
kc_migrations_builtin(void)
{
    GArray *migrations = g_array_new(FALSE, FALSE, sizeof(KcMigration));
    GResource *resource = kc_migrations_get_resource();
    g_auto(GStrv) names = g_resource_enumerate_children(resource, "/kuaichu/sql", 0, NULL);
    g_array_set_clear_func(migrations, clear_migration);
    for (char **name = names; *name != NULL; name++) {
        g_autofree char *path = g_strconcat("/kuaichu/sql/", *name, NULL);
        g_autoptr(GBytes) bytes = g_resource_lookup_data(resource, path, 0, NULL);
        gsize len;
        const char *text = g_bytes_get_data(bytes, &len);
        KcMigration migration = {.version = atoi(*name), .sql = g_strndup(text, len)};
        g_array_append_val(migrations, migration);
    }
    g_array_sort(migrations, compare_versions);
    return migrations;
}

static gboolean
exec(sqlite3 *db, const char *sql, GError **error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || kc_sql_set_error(db, error);
}

static gboolean
read_version(sqlite3 *db, int *ret_version, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) != SQLITE_OK)
        return kc_sql_set_error(db, error);
    gboolean ok = sqlite3_step(stmt) == SQLITE_ROW;
    if (ok)
        *ret_version = sqlite3_column_int(stmt, 0);
    else
        kc_sql_set_error(db, error);
    sqlite3_finalize(stmt);
    return ok;
}

static gboolean
sync_path(const char *path, int flags, GError **error)
{
    int fd = open(path, flags | O_CLOEXEC);
    gboolean ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        g_set_error(error, KC_STORE_ERROR, errno == ENOSPC ? KC_STORE_ERROR_FULL : KC_STORE_ERROR_FAILED,
                    "cannot sync %s: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static gboolean
vacuum_into(sqlite3 *db, const char *target, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "VACUUM INTO ?", -1, &stmt, NULL) != SQLITE_OK)
        return kc_sql_set_error(db, error);
    sqlite3_bind_text(stmt, 1, target, -1, SQLITE_STATIC);
    gboolean ok = sqlite3_step(stmt) == SQLITE_DONE;
    if (!ok)
        kc_sql_set_error(db, error);
    sqlite3_finalize(stmt);
    return ok;
}

gboolean
kc_migrations_copy(sqlite3 *db, const char *target, GError **error)
{
    g_autofree char *part = g_strconcat(target, ".part", NULL);
    g_autofree char *folder = g_path_get_dirname(target);
    g_unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* VACUUM INTO takes an empty file */
    if (fd >= 0)
        close(fd);
    if (!vacuum_into(db, part, error) || !sync_path(part, O_RDONLY, error)) {
        g_unlink(part);
        return FALSE;
    }
    if (g_rename(part, target) != 0) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_FAILED, "cannot name the copy %s: %s", target,
                    g_strerror(errno));
        return FALSE;
    }
    return sync_path(folder, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
run_step(sqlite3 *db, const KcMigration *migration, GError **error)
{
    g_autofree char *set_version = g_strdup_printf("PRAGMA user_version = %d", migration->version);
    if (exec(db, "BEGIN IMMEDIATE", error) && exec(db, migration->sql, error) && exec(db, set_version, error) &&
        exec(db, "COMMIT", error))
        return TRUE;
    g_prefix_error(error, "schema step %d: ", migration->version);
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

gboolean
kc_migrations_run(sqlite3 *db, const char *path, const GArray *migrations, GError **error)
{
    int version = 0;
    if (!read_version(db, &version, error))
        return FALSE;
    int newest = (int)migrations->len;
    if (version > newest) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_TOO_NEW,
                    "the database has schema %d, and this program knows %d: start the newer version, or restore the "
                    "copy that it made",
                    version, newest);
        return FALSE;
    }
    if (version > 0 && version < newest) {
        g_autofree char *copy = g_strdup_printf("%s.before-%04d", path, version);
        if (!kc_migrations_copy(db, copy, error))
            return FALSE;
    }
    for (int i = version; i < newest; i++) {
        const KcMigration *migration = &g_array_index(migrations, KcMigration, i);
        g_assert(migration->version == i + 1);
        if (!run_step(db, migration, error))
            return FALSE;
    }
    return TRUE;
}
