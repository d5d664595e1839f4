/* The system calls of a worker that runs, in all its threads. A call that is not in the list fails with EPERM, as it does
 * for whoever lacks a privilege: libraries fall back or report it, and a library that is newer than this list does not
 * end the calls of a worker. Only what has no place in any program like this, and every place in an attack, ends it at
 * once (`deadly`).
 *
 * Nothing opens a file, makes a socket or starts a program; no memory becomes executable. */
#include "media/sandbox/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <fcntl.h>
#include <unistd.h>

#define NAME(name) SCMP_SYS(name)

static const int allowed[] = {
    /* memory (with mmap and mprotect below); mlock: libsodium */
    NAME(brk), NAME(munmap), NAME(mremap), NAME(madvise), NAME(mlock), NAME(munlock), NAME(membarrier),
    /* threads (with clone below) */
    NAME(futex), NAME(set_robust_list), NAME(rseq), NAME(set_tid_address), NAME(gettid), NAME(getpid),
    NAME(sched_yield), NAME(sched_getaffinity), NAME(sched_getparam), NAME(sched_getscheduler), NAME(getcpu),
    NAME(exit), NAME(exit_group),
    /* signals, to itself only (with tgkill below) */
    NAME(rt_sigaction), NAME(rt_sigprocmask), NAME(rt_sigreturn), NAME(rt_sigtimedwait), NAME(sigaltstack),
    NAME(restart_syscall),
    /* descriptors that are open */
    NAME(read), NAME(readv), NAME(write), NAME(writev), NAME(pread64), NAME(pwrite64), NAME(lseek), NAME(close),
    NAME(fstat), NAME(fcntl), NAME(fsync), NAME(fdatasync), NAME(sync_file_range), NAME(ftruncate), NAME(getdents64),
    NAME(memfd_create),
    /* waiting */
    NAME(poll), NAME(ppoll), NAME(epoll_create1), NAME(epoll_ctl), NAME(epoll_wait), NAME(epoll_pwait), NAME(eventfd2),
    NAME(timerfd_settime), NAME(nanosleep), NAME(clock_nanosleep),
    /* sockets that are open; accept4 of TCP candidates (with those that send below) */
    NAME(recvmmsg), NAME(recvmsg), NAME(recvfrom), NAME(accept4), NAME(listen), NAME(shutdown), NAME(getsockname),
    NAME(getpeername), NAME(getsockopt), NAME(setsockopt),
    /* what time it is, who it is */
    NAME(clock_gettime), NAME(clock_getres), NAME(gettimeofday), NAME(time), NAME(times), NAME(getrusage),
    NAME(getrandom), NAME(uname), NAME(sysinfo), NAME(getuid), NAME(geteuid), NAME(getgid), NAME(getegid),
};

static const int deadly[] = {
    NAME(execve), NAME(execveat), NAME(fork), NAME(vfork), NAME(ptrace), NAME(process_vm_readv),
    NAME(process_vm_writev), NAME(setuid), NAME(setgid), NAME(setreuid), NAME(setregid), NAME(setresuid),
    NAME(setresgid), NAME(setgroups), NAME(capset), NAME(mount), NAME(umount2), NAME(pivot_root), NAME(chroot),
    NAME(unshare), NAME(setns), NAME(bpf), NAME(perf_event_open), NAME(userfaultfd), NAME(io_uring_setup),
    NAME(init_module), NAME(finit_module), NAME(delete_module), NAME(kexec_load), NAME(kexec_file_load),
    NAME(reboot), NAME(keyctl), NAME(add_key), NAME(request_key), NAME(swapon), NAME(swapoff), NAME(acct),
    NAME(settimeofday), NAME(clock_settime), NAME(open_by_handle_at),
};

/* What sanitizers do on top: thread stacks, reports with source lines, and at the end a thread that stops the others
 * with ptrace and looks for leaks. */
static const int sanitizers[] = {
#ifdef KC_SANITIZED
    NAME(ptrace), NAME(clone), NAME(wait4), NAME(kill), NAME(openat), NAME(open), NAME(readlink), NAME(readlinkat),
    NAME(stat), NAME(newfstatat), NAME(access), NAME(prctl), NAME(prlimit64), NAME(getrlimit), NAME(process_vm_readv),
    NAME(pipe), NAME(pipe2), NAME(ioctl), NAME(personality), NAME(getppid), NAME(mincore), NAME(tgkill), NAME(mmap),
    NAME(mprotect), NAME(arch_prctl), NAME(msync), NAME(sched_getattr), NAME(getdents),
#endif
    __NR_SCMP_ERROR /* the end */
};

static gboolean
is_of_sanitizers(int name)
{
    gsize i = 0;
    while (sanitizers[i] != __NR_SCMP_ERROR && sanitizers[i] != name)
        i++;
    return sanitizers[i] == name;
}

/* One condition on one argument; of a call that libseccomp or this machine does not know, none. */
static int
allow_if(scmp_filter_ctx filter, int name, struct scmp_arg_cmp condition)
{
    return is_of_sanitizers(name) ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, name, 1, &condition);
}

static int
add_conditions(scmp_filter_ctx filter)
{
    const scmp_datum_t thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
    return allow_if(filter, NAME(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) |
           allow_if(filter, NAME(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) |
           allow_if(filter, NAME(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread)) |
           allow_if(filter, NAME(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) |
           allow_if(filter, NAME(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) |
           allow_if(filter, NAME(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0)) | /* asks only */
           allow_if(filter, NAME(newfstatat), SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) |
           /* a connection can also be made by sending */
           allow_if(filter, NAME(sendto), SCMP_A3(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0)) |
           allow_if(filter, NAME(sendmsg), SCMP_A2(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0)) |
           allow_if(filter, NAME(sendmmsg), SCMP_A3(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0));
}

/* GStreamer's way to wake a thread that polls. No datagrams, which could be addressed to others. */
static int
add_socketpair(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp conditions[] = {SCMP_A0(SCMP_CMP_EQ, AF_UNIX),
                                              SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM)};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, NAME(socketpair), G_N_ELEMENTS(conditions), conditions);
}

static int
add_all(scmp_filter_ctx filter, guint32 action, const int *names, gsize n)
{
    int failed = 0;
    for (gsize i = 0; i < n; i++) {
        if (action == SCMP_ACT_ALLOW || !is_of_sanitizers(names[i]))
            failed |= seccomp_rule_add_array(filter, action, names[i], 0, NULL);
    }
    return failed;
}

gboolean
kc_sandbox_seccomp(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) {
        errno = ENOMEM;
        return FALSE;
    }
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) |
                 seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) | /* a search tree: one filter run a call */
                 add_all(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed)) |
                 add_all(filter, SCMP_ACT_ALLOW, sanitizers, G_N_ELEMENTS(sanitizers) - 1) | add_conditions(filter) |
                 add_socketpair(filter) |
                 add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, G_N_ELEMENTS(deadly)) |
                 /* its flags are in memory, out of reach of a filter: the C library falls back to clone */
                 seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), NAME(clone3), 0, NULL);
    if (failed == 0)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    errno = failed < 0 ? -failed : 0;
    return failed == 0;
}
