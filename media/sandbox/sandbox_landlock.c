/* Landlock (Linux 5.13 and later): no file can be opened, made or removed by name, no TCP connection made or port bound,
 * nothing outside be signalled or reached by an abstract socket; each as far as this kernel's version of it knows it.
 * Descriptors that are open, or handed over, stay as they are. */
#include "media/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As of ABI 6; the header of Debian 12 ends at ABI 2, and a kernel takes as much of it as it knows. */
typedef struct {
    guint64 fs, net, scoped;
} Ruleset;

#define RULESET_BYTES(last) (G_STRUCT_OFFSET(Ruleset, last) + sizeof(guint64))

static gsize
ruleset_of(guint abi, Ruleset *ret_ruleset)
{
    static const guint fs_rights[] = {0, 13, 14, 15, 15, 16};
    guint known = MIN(abi, G_N_ELEMENTS(fs_rights) - 1);
    *ret_ruleset = (Ruleset){.fs = (1u << fs_rights[known]) - 1};
    if (abi >= 4)
        ret_ruleset->net = 3; /* bind and connect, of TCP */
    if (abi >= 6)
        ret_ruleset->scoped = 3; /* abstract UNIX sockets, signals */
    return abi >= 6 ? RULESET_BYTES(scoped) : abi >= 4 ? RULESET_BYTES(net) : RULESET_BYTES(fs);
}

#ifdef KC_SANITIZED
/* Sanitizers read /proc and the program itself for their reports. */
static void
allow_reading(int ruleset)
{
    struct landlock_path_beneath_attr all = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = open("/", O_PATH | O_CLOEXEC)};
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &all, 0);
    close(all.parent_fd);
}
#else
static void
allow_reading(int ruleset G_GNUC_UNUSED)
{
}
#endif

guint
kc_sandbox_landlock(void)
{
    Ruleset ruleset;
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi <= 0)
        return 0;
    gsize size = ruleset_of((guint)abi, &ruleset);
    int fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
    if (fd < 0)
        return 0;
    allow_reading(fd);
    gboolean entered = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    int failure = errno;
    close(fd);
    errno = failure;
    return entered ? (guint)abi : 0;
}
