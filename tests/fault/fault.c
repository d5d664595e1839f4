/* Both names of each call are ours: without and with 64 at its end. */
#undef _FILE_OFFSET_BITS
#include "tests/fault/fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static FaultControl own;
static FaultControl *control = &own;
static FaultObserver observer;
static gpointer observer_data;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

/* The next of that name in the process, looked for once. */
#define REAL(type, name, arguments)                                                                                    \
    static type(*found) arguments;                                                                                     \
    type(*real) arguments = __atomic_load_n(&found, __ATOMIC_RELAXED);                                                 \
    if (real == NULL)                                                                                                  \
    __atomic_store_n(&found, real = (type(*) arguments)dlsym(RTLD_NEXT, #name), __ATOMIC_RELAXED)

__attribute__((constructor)) static void
map_control(void)
{
    const char *path = getenv("KC_FAULT_CONTROL");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *memory = fd >= 0 ? mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (memory != MAP_FAILED)
        control = memory;
    if (fd >= 0)
        close(fd);
}

FaultControl *
fault_control(void)
{
    return control;
}

void
fault_clear(void)
{
    gint64 clock_us = control->clock_us;
    __atomic_store_n(&control->kinds, 0, __ATOMIC_SEQ_CST);
    memset(control, 0, sizeof *control);
    control->clock_us = clock_us;
}

void
fault_plan(const char *folder, gint kinds, gint at, gint times, gint error, gboolean half)
{
    fault_clear();
    snprintf(control->folder, sizeof control->folder, "%s/", folder);
    control->at = at;
    control->times = times;
    control->error = error;
    control->half = half;
    __atomic_store_n(&control->kinds, kinds, __ATOMIC_SEQ_CST);
}

void
fault_observe(FaultObserver new_observer, gpointer data)
{
    pthread_mutex_lock(&lock);
    observer = new_observer;
    observer_data = data;
    pthread_mutex_unlock(&lock);
}

/* ---- whether it fails ---- */

/* A confined worker can't be asked for the name of its descriptors: any regular file of it is a recording. */
static const char *
path_of(int fd, char buffer[PATH_MAX])
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, buffer, PATH_MAX - 1);
    struct stat st;
    if (len < 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)))
        return NULL;
    if (len < 0)
        snprintf(buffer, PATH_MAX, "%srecording.kcv", control->folder);
    else
        buffer[len] = '\0';
    return buffer;
}

static gboolean
is_meant(const char *path)
{
    return path != NULL && strncmp(path, control->folder, strlen(control->folder)) == 0 &&
           (control->match[0] == '\0' || strstr(path, control->match) != NULL);
}

/* The fault that this call comes to, as errno; 0: none. */
static int
fault_of(FaultKind kind, const char *path)
{
    if ((__atomic_load_n(&control->kinds, __ATOMIC_SEQ_CST) & (gint)kind) == 0 || !is_meant(path))
        return 0;
    gint number = __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
    gint at = control->at, times = control->times;
    if (at == 0 || number < at || (times > 0 && number >= at + times))
        return 0;
    __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    return control->error;
}

static gboolean
is_watched(void)
{
    return __atomic_load_n(&control->kinds, __ATOMIC_SEQ_CST) != 0 || observer != NULL || control->full;
}

static int
fails(int error)
{
    errno = error;
    return -1;
}

static void
tell(FaultOp op)
{
    int saved = errno;
    pthread_mutex_lock(&lock);
    if (observer != NULL)
        observer(&op, observer_data);
    pthread_mutex_unlock(&lock);
    errno = saved;
}

/* ---- writing ---- */

static ssize_t
pwrite_real(int fd, const void *data, size_t len, off_t offset)
{
    REAL(ssize_t, pwrite64, (int, const void *, size_t, off_t));
    return real(fd, data, len, offset);
}

/* How much of it there is room for. */
static size_t
take_room(int fd, size_t len, off_t offset)
{
    struct stat st;
    if (!control->full || fstat(fd, &st) != 0)
        return len;
    gint64 grows = MAX((gint64)offset + (gint64)len - st.st_size, 0);
    gint64 left = __atomic_sub_fetch(&control->room, grows, __ATOMIC_SEQ_CST);
    if (left >= 0)
        return len;
    __atomic_add_fetch(&control->room, grows, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static void
give_room(gint64 bytes)
{
    if (control->full)
        __atomic_add_fetch(&control->room, bytes, __ATOMIC_SEQ_CST);
}

static ssize_t
write_at(int fd, const void *data, size_t len, off_t offset)
{
    char buffer[PATH_MAX];
    const char *path = is_watched() ? path_of(fd, buffer) : NULL;
    int error = path != NULL ? fault_of(FAULT_WRITE, path) : 0;
    if (error != 0 && !(control->half && len > 1))
        return fails(error);
    if (path != NULL && is_meant(path) && take_room(fd, len, offset) < len)
        return fails(ENOSPC);
    if (error != 0)
        len /= 2;
    if (path != NULL)
        pthread_mutex_lock(&lock);
    ssize_t done = pwrite_real(fd, data, len, offset);
    if (path != NULL && done > 0)
        tell((FaultOp){.kind = OP_WRITE, .path = path, .offset = offset, .data = data, .len = (gsize)done});
    if (path != NULL)
        pthread_mutex_unlock(&lock);
    return done;
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
    return write_at(fd, data, len, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset);
ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
    return write_at(fd, data, len, offset);
}

static gboolean
is_regular(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

ssize_t
write(int fd, const void *data, size_t len)
{
    REAL(ssize_t, write, (int, const void *, size_t));
    if (!is_watched() || !is_regular(fd))
        return real(fd, data, len);
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = write_at(fd, data, len, offset);
    if (done > 0)
        lseek(fd, offset + done, SEEK_SET);
    return done;
}

static int
sync_with(int (*real)(int), int fd)
{
    char buffer[PATH_MAX];
    const char *path = is_watched() ? path_of(fd, buffer) : NULL;
    int error = path != NULL ? fault_of(FAULT_SYNC, path) : 0;
    if (path == NULL)
        return real(fd);
    pthread_mutex_lock(&lock);
    tell((FaultOp){.kind = OP_SYNC, .path = path, .done = error == 0});
    pthread_mutex_unlock(&lock);
    return error != 0 ? fails(error) : 0; /* a test needs no disk that has really got it */
}

int
fsync(int fd)
{
    REAL(int, fsync, (int));
    return sync_with(real, fd);
}

int
fdatasync(int fd)
{
    REAL(int, fdatasync, (int));
    return sync_with(real, fd);
}

static int
truncate_to(int fd, off_t size)
{
    REAL(int, ftruncate64, (int, off_t));
    char buffer[PATH_MAX];
    const char *path = is_watched() ? path_of(fd, buffer) : NULL;
    int error = path != NULL ? fault_of(FAULT_TRUNCATE, path) : 0;
    if (error != 0)
        return fails(error);
    if (path == NULL)
        return real(fd, size);
    struct stat st;
    pthread_mutex_lock(&lock);
    gint64 before = fstat(fd, &st) == 0 ? st.st_size : 0;
    int done = real(fd, size);
    if (done == 0 && is_meant(path) && before > size)
        give_room(before - size);
    if (done == 0)
        tell((FaultOp){.kind = OP_TRUNCATE, .path = path, .offset = size});
    pthread_mutex_unlock(&lock);
    return done;
}

int
ftruncate(int fd, off_t size)
{
    return truncate_to(fd, size);
}

int ftruncate64(int fd, off64_t size);
int
ftruncate64(int fd, off64_t size)
{
    return truncate_to(fd, size);
}

static int
allocate(int fd, int mode, off_t offset, off_t len)
{
    REAL(int, fallocate64, (int, int, off_t, off_t));
    char buffer[PATH_MAX];
    const char *path = is_watched() ? path_of(fd, buffer) : NULL;
    int error = path != NULL ? fault_of(FAULT_WRITE, path) : 0;
    if (error != 0)
        return fails(error);
    if (path != NULL && is_meant(path) && take_room(fd, (size_t)len, offset) < (size_t)len)
        return fails(ENOSPC);
    return real(fd, mode, offset, len);
}

int
fallocate(int fd, int mode, off_t offset, off_t len)
{
    return allocate(fd, mode, offset, len);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t len);
int
fallocate64(int fd, int mode, off64_t offset, off64_t len)
{
    return allocate(fd, mode, offset, len);
}

/* ---- reading ---- */

static ssize_t
read_at(int fd, void *data, size_t len, off_t offset)
{
    REAL(ssize_t, pread64, (int, void *, size_t, off_t));
    char buffer[PATH_MAX];
    gboolean counted = (__atomic_load_n(&control->kinds, __ATOMIC_SEQ_CST) & FAULT_READ) != 0;
    int error = counted ? fault_of(FAULT_READ, path_of(fd, buffer)) : 0;
    return error != 0 ? fails(error) : real(fd, data, len, offset);
}

ssize_t
pread(int fd, void *data, size_t len, off_t offset)
{
    return read_at(fd, data, len, offset);
}

ssize_t pread64(int fd, void *data, size_t len, off64_t offset);
ssize_t
pread64(int fd, void *data, size_t len, off64_t offset)
{
    return read_at(fd, data, len, offset);
}

/* ---- names ---- */

static int
open_with(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode)
{
    gboolean creates = (flags & O_CREAT) != 0 && is_watched() && access(path, F_OK) != 0;
    int error = creates ? fault_of(FAULT_CREATE, path) : 0;
    if (error != 0)
        return fails(error);
    if (!creates)
        return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = real(path, flags, mode);
    if (fd >= 0)
        tell((FaultOp){.kind = OP_CREATE, .path = path});
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE_OF(flags)                                                                                                 \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    mode_t mode = ((flags) & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;                                   \
    va_end(rest)

int
open(const char *path, int flags, ...)
{
    REAL(int, open64, (const char *, int, ...));
    MODE_OF(flags);
    return open_with(real, path, flags, mode);
}

int open64(const char *path, int flags, ...);
int
open64(const char *path, int flags, ...)
{
    REAL(int, open64, (const char *, int, ...));
    MODE_OF(flags);
    return open_with(real, path, flags, mode);
}

int
mkdir(const char *path, mode_t mode)
{
    REAL(int, mkdir, (const char *, mode_t));
    int error = fault_of(FAULT_MKDIR, path);
    if (error != 0)
        return fails(error);
    pthread_mutex_lock(&lock);
    int done = real(path, mode);
    if (done == 0)
        tell((FaultOp){.kind = OP_MKDIR, .path = path});
    pthread_mutex_unlock(&lock);
    return done;
}

int
rename(const char *from, const char *to)
{
    REAL(int, rename, (const char *, const char *));
    int error = fault_of(FAULT_RENAME, to);
    if (error != 0)
        return fails(error);
    pthread_mutex_lock(&lock);
    int done = real(from, to);
    if (done == 0)
        tell((FaultOp){.kind = OP_RENAME, .path = from, .to = to});
    pthread_mutex_unlock(&lock);
    return done;
}

int
link(const char *from, const char *to)
{
    REAL(int, link, (const char *, const char *));
    int error = fault_of(FAULT_RENAME, to);
    if (error != 0)
        return fails(error);
    pthread_mutex_lock(&lock);
    int done = real(from, to);
    if (done == 0)
        tell((FaultOp){.kind = OP_LINK, .path = from, .to = to});
    pthread_mutex_unlock(&lock);
    return done;
}

int
unlink(const char *path)
{
    REAL(int, unlink, (const char *));
    struct stat st;
    gint64 bytes = control->full && is_meant(path) && stat(path, &st) == 0 ? st.st_size : 0;
    pthread_mutex_lock(&lock);
    int done = real(path);
    if (done == 0)
        tell((FaultOp){.kind = OP_UNLINK, .path = path});
    pthread_mutex_unlock(&lock);
    give_room(done == 0 ? bytes : 0);
    return done;
}

/* ---- room and time ---- */

static void
limit_room(const char *path, struct statvfs *fs)
{
    g_autofree char *folder = g_strconcat(path, "/", NULL);
    if (control->full && g_str_has_prefix(folder, control->folder))
        fs->f_bavail = (fsblkcnt_t)(MAX(control->room, 0) / (gint64)fs->f_frsize);
}

int
statvfs(const char *path, struct statvfs *fs)
{
    REAL(int, statvfs64, (const char *, struct statvfs *));
    int done = real(path, fs);
    if (done == 0)
        limit_room(path, fs);
    return done;
}

int statvfs64(const char *path, struct statvfs64 *fs);
int
statvfs64(const char *path, struct statvfs64 *fs)
{
    return statvfs(path, (struct statvfs *)fs);
}

int
clock_gettime(clockid_t id, struct timespec *at)
{
    REAL(int, clock_gettime, (clockid_t, struct timespec *));
    int done = real(id, at);
    gint64 shift_us = __atomic_load_n(&control->clock_us, __ATOMIC_SEQ_CST);
    if (id == CLOCK_REALTIME && done == 0 && shift_us != 0) {
        at->tv_sec += shift_us / G_USEC_PER_SEC;
        at->tv_nsec += shift_us % G_USEC_PER_SEC * 1000;
    }
    if (at->tv_nsec >= 1000000000 || at->tv_nsec < 0) {
        gint64 carry = at->tv_nsec < 0 ? -1 : 1;
        at->tv_sec += carry;
        at->tv_nsec -= carry * 1000000000;
    }
    return done;
}

int
gettimeofday(struct timeval *at, void *zone)
{
    struct timespec now;
    int done = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return done;
}

time_t
time(time_t *ret_at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (ret_at != NULL)
        *ret_at = now.tv_sec;
    return now.tv_sec;
}

/* ---- memory ---- */

static void
count_allocation(void)
{
    if (__atomic_load_n(&control->allocations, __ATOMIC_RELAXED) > 0 &&
        __atomic_sub_fetch(&control->allocations, 1, __ATOMIC_SEQ_CST) == 0)
        abort();
}

#undef g_malloc
#undef g_malloc0
#undef g_realloc
gpointer
g_malloc(gsize size)
{
    REAL(gpointer, g_malloc, (gsize));
    count_allocation();
    return real(size);
}

gpointer
g_malloc0(gsize size)
{
    REAL(gpointer, g_malloc0, (gsize));
    count_allocation();
    return real(size);
}

gpointer
g_realloc(gpointer memory, gsize size)
{
    REAL(gpointer, g_realloc, (gpointer, gsize));
    count_allocation();
    return real(memory, size);
}

#ifndef KC_SANITIZED /* sanitizers have an allocator of their own */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

/* Whether the one who calls is of the library that is to find none. */
static gboolean
starves(const void *caller)
{
    Dl_info info;
    if (__atomic_load_n(&control->starved, __ATOMIC_RELAXED) <= 0 || dladdr(caller, &info) == 0 ||
        info.dli_fname == NULL || strstr(info.dli_fname, control->library) == NULL)
        return FALSE;
    gboolean now = __atomic_sub_fetch(&control->starved, 1, __ATOMIC_SEQ_CST) == 0;
    if (now)
        __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    return now;
}

void *
malloc(size_t size)
{
    return starves(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
    return starves(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *memory, size_t size)
{
    return starves(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}

#endif
