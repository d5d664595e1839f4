/* An SQLite VFS between SQLite and the real one, whose n-th operation fails as SQLite itself would tell it. The default
 * of the process once it is registered: the store needs to know nothing of it. */
#pragma once

#include <glib.h>

typedef enum { VFS_OPEN = 1, VFS_READ = 2, VFS_WRITE = 4, VFS_SYNC = 8, VFS_TRUNCATE = 16, VFS_SHM = 32 } VfsKind;

void fault_vfs_register(void);
/* From now on: the n-th operation (from 1) of these kinds fails with that code of SQLite (SQLITE_IOERR_WRITE,
 * SQLITE_FULL …), and all behind it if `lasting`. `torn`: a write has done its first half. kinds 0: none. */
void fault_vfs_plan(gint kinds, gint at, gint code, gboolean lasting, gboolean torn);
gint fault_vfs_failed(void);
