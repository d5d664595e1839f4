#include "tests/fault/vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
} File;

static sqlite3_vfs vfs;
static sqlite3_vfs *below;
static struct {
    gint kinds, at, code, seen, failed;
    gboolean lasting, torn;
} plan;

void
fault_vfs_plan(gint kinds, gint at, gint code, gboolean lasting, gboolean torn)
{
    g_atomic_int_set(&plan.kinds, 0);
    plan.at = at;
    plan.code = code;
    plan.lasting = lasting;
    plan.torn = torn;
    plan.seen = plan.failed = 0;
    g_atomic_int_set(&plan.kinds, kinds);
}

gint
fault_vfs_failed(void)
{
    return g_atomic_int_get(&plan.failed);
}

/* The code that this operation fails with, or SQLITE_OK. */
static int
fault(VfsKind kind)
{
    if ((g_atomic_int_get(&plan.kinds) & (gint)kind) == 0)
        return SQLITE_OK;
    gint number = g_atomic_int_add(&plan.seen, 1) + 1;
    if (number < plan.at || (number > plan.at && !plan.lasting))
        return SQLITE_OK;
    g_atomic_int_inc(&plan.failed);
    return plan.code;
}

static sqlite3_file *
real_of(sqlite3_file *file)
{
    return ((File *)file)->real;
}

static int
do_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int
do_read(sqlite3_file *file, void *data, int len, sqlite3_int64 offset)
{
    int code = fault(VFS_READ);
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xRead(real_of(file), data, len, offset);
}

static int
do_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 offset)
{
    int code = fault(VFS_WRITE);
    if (code == SQLITE_OK)
        return real_of(file)->pMethods->xWrite(real_of(file), data, len, offset);
    if (plan.torn)
        real_of(file)->pMethods->xWrite(real_of(file), data, len / 2, offset);
    return code;
}

static int
do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = fault(VFS_TRUNCATE);
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int
do_sync(sqlite3_file *file, int flags)
{
    int code = fault(VFS_SYNC);
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int
do_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int
do_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int
do_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int
do_check(sqlite3_file *file, int *reserved)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

static int
do_control(sqlite3_file *file, int op, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}

static int
do_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int
do_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int
do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    int code = fault(VFS_SHM);
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory);
}

static int
do_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void
do_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int
do_shm_unmap(sqlite3_file *file, int delete)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = do_close,
    .xRead = do_read,
    .xWrite = do_write,
    .xTruncate = do_truncate,
    .xSync = do_sync,
    .xFileSize = do_size,
    .xLock = do_lock,
    .xUnlock = do_unlock,
    .xCheckReservedLock = do_check,
    .xFileControl = do_control,
    .xSectorSize = do_sector,
    .xDeviceCharacteristics = do_characteristics,
    .xShmMap = do_shm_map,
    .xShmLock = do_shm_lock,
    .xShmBarrier = do_shm_barrier,
    .xShmUnmap = do_shm_unmap,
};

static int
do_open(sqlite3_vfs *self G_GNUC_UNUSED, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    File *mine = (File *)file;
    memset(mine, 0, (gsize)vfs.szOsFile);
    mine->real = (sqlite3_file *)&mine[1];
    int code = fault(VFS_OPEN);
    if (code == SQLITE_OK)
        code = below->xOpen(below, name, mine->real, flags, ret_flags);
    file->pMethods = mine->real->pMethods != NULL ? &methods : NULL;
    return code;
}

/* SQLite asks for the errno of the operation that failed; ours has none. */
static int
do_last_error(sqlite3_vfs *self G_GNUC_UNUSED, int size G_GNUC_UNUSED, char *text G_GNUC_UNUSED)
{
    return (plan.code & 0xff) == SQLITE_FULL ? ENOSPC : EIO;
}

void
fault_vfs_register(void)
{
    below = sqlite3_vfs_find(NULL);
    vfs = *below;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(File) + below->szOsFile;
    vfs.xOpen = do_open;
    vfs.xGetLastError = do_last_error;
    sqlite3_vfs_register(&vfs, TRUE);
}
