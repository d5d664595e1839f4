/* Private to src/store: numbered steps from one schema to the next, forward only.
 *
 * The version of a file is its PRAGMA user_version; step N leads from N-1 to N, in one transaction with it. */
#pragma once

#include "src/store/db.h"

#include <sqlite3.h>

typedef struct {
    int version;
    const char *sql;
} KcMigration;

/* The steps embedded in this program, ascending from 1; of KcMigration, whose texts the array owns. */
GArray *kc_migrations_builtin(void);

/* Runs the steps that the file does not have yet. A file that has some is first copied to PATH.before-NNNN. */
gboolean kc_migrations_run(sqlite3 *db, const char *path, const GArray *migrations, GError **error);

/* A consistent copy under `target`, complete or absent. */
gboolean kc_migrations_copy(sqlite3 *db, const char *target, GError **error);
