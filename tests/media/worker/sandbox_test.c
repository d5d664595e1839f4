/* What a worker can't do, by each part of its sandbox alone and by all together; and what it does inside. */
#include "src/evidence/vault_format.h"
#include "tests/media/recorder/rtp_source.h"
#include "tests/media/worker/harness.h"
#include "tests/support/kc_test.h"
#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- attempts ------------------------------------------------------------------------------------------------------ */

enum { REFUSED = 0, DONE = 1, KILLED = -SIGSYS, ABORTED = -SIGABRT };

static int
probe(const char *part, const char *attempt)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        execl(g_getenv("KC_SANDBOX_PROBE"), "sandbox_probe", part, attempt, NULL);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The parts that stop it, each alone. */
enum { PRIVILEGES = 1, LANDLOCK = 2, SECCOMP = 4 };
static const char *const parts[] = {"privileges", "landlock", "seccomp"};

static const struct {
    const char *attempt;
    int outside, inside; /* of the whole sandbox */
    guint stopped_by;
    gboolean root; /* nobody else could do it anyway */
} rows[] = {
    {"open_file", DONE, REFUSED, LANDLOCK | SECCOMP},
    {"make_file", DONE, REFUSED, LANDLOCK | SECCOMP},
    {"read_folder", DONE, REFUSED, LANDLOCK | SECCOMP},
    {"remove_file", DONE, REFUSED, SECCOMP},
    {"open_in_older_thread", DONE, REFUSED, SECCOMP},
    {"run_program", DONE, KILLED, LANDLOCK | SECCOMP},
    {"start_process", DONE, REFUSED, SECCOMP},
    {"trace", DONE, KILLED, SECCOMP},
    {"mount_something", DONE, KILLED, SECCOMP},
    {"be_unshared", DONE, KILLED, SECCOMP},
    {"read_daemons_memory", DONE, KILLED, PRIVILEGES | SECCOMP, TRUE},
    {"become_root", DONE, KILLED, PRIVILEGES | SECCOMP, TRUE},
    {"regain_capabilities", DONE, KILLED, PRIVILEGES | SECCOMP, TRUE},
    {"kill_daemon", DONE, REFUSED, PRIVILEGES | SECCOMP, TRUE},
    {"make_tcp_socket", DONE, REFUSED, SECCOMP},
    {"make_udp_socket", DONE, REFUSED, SECCOMP},
    {"connect_tcp", DONE, REFUSED, SECCOMP},
    {"connect_by_sending", DONE, REFUSED, SECCOMP},
    {"make_memory_executable", DONE, REFUSED, SECCOMP},
    {"map_executable_memory", DONE, REFUSED, SECCOMP},
    {"serve", DONE, DONE, 0},
    {"end_by_abort", ABORTED, ABORTED, 0},
};

START_TEST(what_a_worker_does_not_need_is_refused_or_ends_it)
{
    if (rows[_i].root && geteuid() != 0)
        return;
    const char *attempt = rows[_i].attempt;
    ck_assert_msg(probe("none", attempt) == rows[_i].outside, "%s: outside", attempt);
    ck_assert_msg(probe("all", attempt) == rows[_i].inside, "%s: inside, %d", attempt, probe("all", attempt));
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        int result = (rows[_i].stopped_by & 1u << i) != 0 ? probe(parts[i], attempt) : REFUSED;
        ck_assert_msg(result == REFUSED || result == KILLED, "%s: not stopped by %s alone, %d", attempt, parts[i], result);
    }
}
END_TEST

/* ---- a real worker ------------------------------------------------------------------------------------------------- */

static void
assert_status(pid_t pid, pid_t task, const char *name, const char *value)
{
    g_autofree char *said = process_status(pid, task, name);
    ck_assert_str_eq(said, value);
}

/* Its first picture is a keyframe. */
static void
send_video(Member *member, GArray *packets)
{
    for (guint i = 0; i < packets->len; i++) {
        const Packet *packet = &g_array_index(packets, Packet, i);
        gsize len = 0;
        const guint8 *data = g_bytes_get_data(packet->data, &len);
        member_send_video(member, packet_timestamp(packet), packet_marker(packet), data + 12, len - 12);
        members_wait((Member *[]){member, NULL}, 1);
    }
}

static void
assert_still(Worker *worker, const char *leg)
{
    guint8 start[2] = {0};
    KcMessage *request = kc_message_new(KC_MESSAGE_SNAPSHOT);
    request->leg_name.leg = g_strdup(leg);
    g_autoptr(KcMessage) still = worker_request(worker, request);
    ck_assert_msg(still->type == KC_MESSAGE_SNAPSHOT_TAKEN, "%s", still->refused.detail);
    ck_assert_uint_eq(still->snapshot_taken.width, 320);
    ck_assert_int_eq(pread(still->fd, start, 2, 0), 2);
    ck_assert(start[0] == 0xff && start[1] == 0xd8);
}

START_TEST(a_worker_is_confined_in_all_its_threads_and_serves)
{
    const VideoSource source = {.width = 320, .height = 240, .frames = 10};
    g_autoptr(GArray) packets = video_packets(&source);
    Worker *worker = worker_new();
    Member *a = member_join(worker, "call", "leg-a", "a", TRUE), *b = member_join(worker, "call", "leg-b", "b", TRUE);
    send_video(a, packets);
    AWAIT(b->rtp->len >= packets->len, a, b);
    assert_still(worker, "leg-a");
    g_autoptr(KcMessage) stats = worker_request(worker, kc_message_new(KC_MESSAGE_STATS));
    /* 0, 1, 2, the daemon, signals, its own list, wake-ups, network, timers, two recordings */
    ck_assert_int_ge(stats->stats_report.open_fds, 9);
    g_autoptr(GArray) threads = process_threads(worker->pid);
    ck_assert_uint_ge(threads->len, 4);
    for (guint i = 0; i < threads->len; i++) {
        pid_t task = g_array_index(threads, pid_t, i);
        assert_status(worker->pid, task, "NoNewPrivs", "1");
        assert_status(worker->pid, task, "Seccomp", "2");
        assert_status(worker->pid, task, "CapEff", "0000000000000000");
        assert_status(worker->pid, task, "CapPrm", "0000000000000000");
        if (geteuid() == 0) {
            assert_status(worker->pid, task, "Uid", "65534\t65534\t65534\t65534");
            assert_status(worker->pid, task, "Gid", "65534\t65534\t65534\t65534");
            assert_status(worker->pid, task, "Groups", "");
        }
    }
    member_free(a);
    member_free(b);
    worker_free(worker);
}
END_TEST

/* ---- keys ---------------------------------------------------------------------------------------------------------- */

/* The key that the chunks of an object are sealed with; made from the object's key and the file's header. */
static KcVaultCipher *
cipher_of(const Worker *worker, const char *object)
{
    guint8 header[KC_VAULT_HEADER_LEN];
    g_autoptr(GError) error = NULL;
    g_autofree char *path = worker_object_path(worker, object);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(pread(fd, header, sizeof header, 0), sizeof header);
    close(fd);
    KcVaultCipher *cipher = kc_vault_cipher_from_header(header, member_key, object, &error);
    kc_assert_no_error(error);
    return cipher;
}

typedef struct {
    Worker *worker;
    Member *a, *b;
} Call;

/* To look through its memory takes seconds, and who sends no check for fifteen of them is gone from the call. */
static gint64
count_of(const Call *call, const void *bytes, gsize len)
{
    peer_check(call->a->peer, TRUE);
    peer_check(call->b->peer, TRUE);
    gint64 n = process_memory_count(call->worker->pid, bytes, len);
    ck_assert_int_ge(n, 0);
    return n;
}

/* The object's key itself, in whatever form it came, is never kept; not in its later half either, which an allocator
 * does not write over when it is given the memory back. */
static void
assert_no_object_key(const Call *call)
{
    const gsize half = sizeof member_key / 2;
    g_autofree char *text = g_base64_encode(member_key, sizeof member_key);
    ck_assert_int_eq(count_of(call, member_key + half, half), 0);
    ck_assert_int_eq(count_of(call, text + strlen(text) / 2, strlen(text) / 2), 0);
}

START_TEST(a_worker_holds_no_key_but_of_what_it_writes)
{
    if (geteuid() != 0) /* nobody else can look */
        return;
    Worker *worker = worker_new();
    Member *a = member_join(worker, "call", "leg-a", "a", TRUE), *b = member_join(worker, "call", "leg-b", "b", TRUE);
    const Call call = {worker, a, b};
    g_autoptr(KcVaultCipher) of_a = cipher_of(worker, "leg-a"), of_b = cipher_of(worker, "leg-b");
    ck_assert_int_ge(count_of(&call, of_a->key, sizeof of_a->key), 1);
    ck_assert_int_ge(count_of(&call, "leg-a", sizeof "leg-a"), 1); /* so the heap is looked through */
    assert_no_object_key(&call);
    KcMessage *leave = kc_message_new(KC_MESSAGE_LEAVE);
    leave->leave.leg = g_strdup("leg-a");
    leave->leave.reason = g_strdup("closed");
    kc_message_free(worker_request(worker, leave));
    worker_await_recording(worker, "leg-a", KC_OBJECT_FINISHED);
    ck_assert_int_eq(count_of(&call, of_a->key, sizeof of_a->key), 0);
    ck_assert_int_ge(count_of(&call, of_b->key, sizeof of_b->key), 1);
    assert_no_object_key(&call);
    member_free(a);
    member_free(b);
    worker_free(worker);
}
END_TEST

static Suite *
sandbox_suite(void)
{
    Suite *suite = suite_create("media/sandbox");
    TCase *tcase = tcase_create("sandbox");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, what_a_worker_does_not_need_is_refused_or_ends_it, 0, G_N_ELEMENTS(rows));
    tcase_add_test(tcase, a_worker_is_confined_in_all_its_threads_and_serves);
    tcase_add_test(tcase, a_worker_holds_no_key_but_of_what_it_writes);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(sandbox_suite())
