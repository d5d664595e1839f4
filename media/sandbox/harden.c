#include "media/sandbox/harden.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void
descriptors_close(int keep_fd)
{
    if (keep_fd > 3)
        close_range(3, (unsigned)keep_fd - 1, 0);
    close_range((unsigned)keep_fd + 1, ~0U, 0);
    fcntl(keep_fd, F_SETFD, FD_CLOEXEC);
}

void
kc_harden(int keep_fd)
{
    descriptors_close(keep_fd);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef KC_SANITIZED /* looks for leaks by ptrace, which this forbids */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}
