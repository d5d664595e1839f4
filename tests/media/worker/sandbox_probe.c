/* sandbox_probe PART ATTEMPT: enters a part of the worker's sandbox (all, privileges, landlock, seccomp), as it is
 * without sanitizers, and tries something. Ends with 0: it was refused; 1: it was done; 2: no such part here; or by
 * SIGSYS. An attempt that a worker needs ends with 1. */
#include "media/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Made before. */
static int tcp_fd, listener_fd, file_fd;
static struct sockaddr_in listening;
static int go_pipe[2], other_done = -1;
static pthread_t other;

/* What fails for another reason was let through. */
static int
refused(gboolean failed)
{
    return failed && (errno == EPERM || errno == EACCES) ? 0 : 1;
}

static int open_file(void) { return refused(open("/etc/passwd", O_RDONLY) < 0); }
static int make_file(void) { return refused(open("/tmp", O_WRONLY | O_TMPFILE, 0600) < 0); }
static int read_folder(void) { return refused(open("/", O_RDONLY | O_DIRECTORY) < 0); }
static int remove_file(void) { return refused(unlink("/tmp/kuaichu-sandbox-probe-none") < 0); }
static int run_program(void) { execl("/bin/sh", "sh", "-c", "exit 1", NULL); return refused(TRUE); }

static int
start_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return refused(pid < 0);
}

static int trace(void) { return refused(ptrace(PTRACE_TRACEME, 0, 0, 0) < 0); }
static int mount_something(void) { return refused(mount("none", "/kuaichu-sandbox-probe-none", "tmpfs", 0, NULL) < 0); }
static int make_tcp_socket(void) { return refused(socket(AF_INET, SOCK_STREAM, 0) < 0); }
static int make_udp_socket(void) { return refused(socket(AF_INET, SOCK_DGRAM, 0) < 0); }
static int become_root(void) { return refused(setuid(0) < 0); }
static int kill_daemon(void) { return refused(kill(getppid(), 0) < 0); }
static int be_unshared(void) { return refused(unshare(CLONE_NEWUSER) < 0); }

static int
connect_tcp(void)
{
    return refused(connect(tcp_fd, (struct sockaddr *)&listening, sizeof listening) < 0);
}

static int
connect_by_sending(void)
{
    return refused(sendto(tcp_fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&listening, sizeof listening) < 0);
}

static int
make_memory_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return refused(mprotect(page, 4096, PROT_READ | PROT_EXEC) < 0);
}

static int
map_executable_memory(void)
{
    return refused(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
}

static int
read_daemons_memory(void)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    return refused(process_vm_readv(getppid(), &here, 1, &there, 1, 0) < 0);
}

static int
regain_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct all[2] = {{1, 1, 0}, {0}};
    return refused(syscall(SYS_capset, &header, all) < 0);
}

/* A thread that was there before, which landlock does not reach. */
static void *
other_run(void *data)
{
    char byte;
    if (read(go_pipe[0], &byte, 1) == 1)
        other_done = open_file();
    return NULL;
}

static int
open_in_older_thread(void)
{
    if (write(go_pipe[1], "x", 1) != 1)
        return 3;
    pthread_join(other, NULL);
    return other_done;
}

/* ---- what a worker does ---- */

static void *
nothing(void *data)
{
    return data;
}

static int
serve(void)
{
    pthread_t thread;
    int memory = memfd_create("picture", MFD_CLOEXEC), pair[2];
    gboolean ok = pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0 &&
                  pwrite(file_fd, "x", 1, 0) == 1 && ftruncate(file_fd, 0) == 0 && fdatasync(file_fd) == 0 &&
                  write(memory, "x", 1) == 1 && lseek(memory, 0, SEEK_SET) == 0 &&
                  socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && malloc(1 << 24) != NULL &&
                  setsockopt(tcp_fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) == 0 &&
                  accept4(listener_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK) < 0 && errno == EAGAIN &&
                  shutdown(listener_fd, SHUT_RDWR) == 0;
    return ok ? 1 : 0;
}

static int
end_by_abort(void)
{
    signal(SIGABRT, SIG_DFL);
    abort();
}

static const struct {
    const char *name;
    int (*func)(void);
} attempts[] = {
    {"open_file", open_file}, {"make_file", make_file}, {"read_folder", read_folder}, {"remove_file", remove_file},
    {"run_program", run_program}, {"start_process", start_process}, {"trace", trace},
    {"mount_something", mount_something}, {"make_tcp_socket", make_tcp_socket}, {"make_udp_socket", make_udp_socket},
    {"become_root", become_root}, {"kill_daemon", kill_daemon}, {"be_unshared", be_unshared},
    {"connect_tcp", connect_tcp}, {"connect_by_sending", connect_by_sending},
    {"make_memory_executable", make_memory_executable}, {"map_executable_memory", map_executable_memory},
    {"read_daemons_memory", read_daemons_memory}, {"regain_capabilities", regain_capabilities},
    {"open_in_older_thread", open_in_older_thread}, {"serve", serve}, {"end_by_abort", end_by_abort},
};

static void
make_things(gboolean older_thread)
{
    socklen_t len = sizeof listening;
    listening = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    listener_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    tcp_fd = socket(AF_INET, SOCK_STREAM, 0);
    file_fd = open("/tmp", O_RDWR | O_TMPFILE, 0600);
    if (bind(listener_fd, (struct sockaddr *)&listening, sizeof listening) != 0 || listen(listener_fd, 1) != 0 ||
        getsockname(listener_fd, (struct sockaddr *)&listening, &len) != 0 || pipe(go_pipe) != 0)
        exit(3);
    if (older_thread && pthread_create(&other, NULL, other_run, NULL) != 0)
        exit(3);
}

static gboolean
enter(const char *part)
{
    const KcSandboxWish wish = {KC_SANDBOX_REQUIRE, 65534, 65534};
    KcSandbox sandbox;
    g_autoptr(GError) error = NULL;
    if (g_str_equal(part, "privileges"))
        return kc_sandbox_drop_privileges(&wish);
    if (g_str_equal(part, "landlock"))
        return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && kc_sandbox_landlock() > 0;
    if (g_str_equal(part, "seccomp"))
        return kc_sandbox_seccomp();
    if (g_str_equal(part, "all") && kc_sandbox_enter(&wish, &sandbox, &error))
        return TRUE;
    if (error != NULL)
        fprintf(stderr, "%s\n", error->message);
    return g_str_equal(part, "none");
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 3;
    make_things(g_str_equal(argv[2], "open_in_older_thread"));
    if (!enter(argv[1]))
        return 2;
    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++) {
        if (g_str_equal(argv[2], attempts[i].name))
            return attempts[i].func();
    }
    return 3;
}
