/* The pool with real workers: whatever becomes of one of them, its calls are lost and can come back at once, and the
 * calls of the other don't notice. */
#include "tests/daemon/callers.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/daemon/worker_pool_private.h"
#include "tests/media/worker/harness.h"
#include "tests/support/kc_test.h"

#define STEP_US 5000
#define WITHIN_US (20 * G_USEC_PER_SEC)

/* ---- two who talk all the while, in a thread of their own ---- */

/* Below what it takes to find a hung worker out. */
#ifdef KC_SANITIZED
#define GAP_MAX_US (1000 * 1000)
#else
#define GAP_MAX_US (500 * 1000)
#endif

typedef struct {
    Pair *pair;
    GThread *thread;
    gint ended; /* atomic */
    gint64 longest_us; /* in which nothing came */
    guint came;
} Bystanders;

static gpointer
bystanders_run(gpointer data)
{
    Bystanders *bystanders = data;
    Peer *sender = bystanders->pair->peers[0], *receiver = bystanders->pair->peers[1];
    for (gint64 last_us = g_get_monotonic_time(); !g_atomic_int_get(&bystanders->ended); g_usleep(STEP_US)) {
        peer_send_rtp(sender, MEMBER_VIDEO_SSRC, bystanders->pair->seq++, 0x11, 500);
        peer_read(sender);
        peer_read(receiver);
        gint64 now_us = g_get_monotonic_time();
        bystanders->longest_us = MAX(bystanders->longest_us, now_us - last_us);
        if (receiver->packets->len > 0)
            last_us = now_us;
        bystanders->came += receiver->packets->len;
        g_ptr_array_set_size(receiver->packets, 0);
    }
    return NULL;
}

static void
bystanders_start(Bystanders *bystanders, Pair *pair)
{
    *bystanders = (Bystanders){.pair = pair};
    bystanders->thread = g_thread_new("bystanders", bystanders_run, bystanders);
}

static void
bystanders_noticed_nothing(Bystanders *bystanders)
{
    g_atomic_int_set(&bystanders->ended, TRUE);
    g_thread_join(bystanders->thread);
    printf("the other call: %u packets, never nothing for longer than %d ms\n", bystanders->came,
           (int)(bystanders->longest_us / 1000));
    ck_assert_uint_gt(bystanders->came, 10);
    ck_assert_int_lt(bystanders->longest_us, GAP_MAX_US);
}

/* ---- faults ---- */

/* Its legs are lost, and the two come back with new ones. */
static Pair *
lost_and_back(Callers *callers, Pair *pair, const char *reason, const char *what, gint64 within_us)
{
    gint64 began_us = g_get_monotonic_time();
    g_autofree char *said = NULL;
    while ((said = callers_lost(callers, pair->legs[1])) == NULL) {
        ck_assert_msg(g_get_monotonic_time() - began_us < WITHIN_US, "%s goes unnoticed", what);
        pair_send(pair);
        g_usleep(STEP_US);
    }
    gint64 lost_us = g_get_monotonic_time() - began_us;
    ck_assert_str_eq(said, reason);
    g_autofree char *id = g_strdup(pair->id);
    pair_free(pair);
    Pair *back = pair_new(callers, id);
    pair_flows(back);
#ifndef KC_SANITIZED
    ck_assert_int_lt(g_get_monotonic_time() - began_us, within_us);
#endif
    printf("%s: lost after %d ms, back after %d ms\n", what, (int)(lost_us / 1000),
           (int)((g_get_monotonic_time() - began_us) / 1000));
    return back;
}

static void
await_object_lost(Callers *callers, const char *leg, const char *reason)
{
    g_autofree char *key = g_strconcat("object ", leg, NULL);
    g_autofree char *said = NULL;
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    while ((said = callers_lost(callers, key)) == NULL) {
        ck_assert_msg(g_get_monotonic_time() < until_us, "its recording is not reported");
        g_usleep(STEP_US);
    }
    ck_assert_str_eq(said, reason);
}

static void
untouched(Callers *callers, Pair *pair)
{
    for (guint side = 0; side < 2; side++) {
        g_autofree char *reason = callers_lost(callers, pair->legs[side]);
        ck_assert_ptr_null(reason);
        ck_assert_int_ne(callers_worker_of(callers, pair->legs[side]), 0);
    }
    pair_flows(pair);
}

static const struct {
    const char *what;
    int signal;
    const char *reason;
    gint64 within_us; /* back */
} faults[] = {
    {"killed", SIGKILL, "worker-died", 3 * G_USEC_PER_SEC},
    {"stopped", SIGSTOP, "worker-hung", 3 * G_USEC_PER_SEC},
    {"aborted in an element", SIGUSR1, "worker-died", 3 * G_USEC_PER_SEC},
    {"waits in an element", SIGUSR2, "worker-hung", 3 * G_USEC_PER_SEC},
    /* On a machine without a free processor it looks like one that starves, which is given more time. */
    {"spins in an element", SIGURG, "worker-hung", 9 * G_USEC_PER_SEC},
};

START_TEST(a_fault_ends_only_its_own_calls)
{
    Callers *callers = callers_new(2, NULL);
    Pair *one = pair_new(callers, "one"), *other = pair_new(callers, "other");
    pair_flows(one);
    pair_flows(other);
    GPid pid = callers_worker_of(callers, one->legs[0]);
    ck_assert_int_ne(pid, callers_worker_of(callers, other->legs[0]));
    g_autofree char *leg = g_strdup(one->legs[0]);
    Bystanders bystanders;
    bystanders_start(&bystanders, other);
    kill(pid, faults[_i].signal);
    one = lost_and_back(callers, one, faults[_i].reason, faults[_i].what, faults[_i].within_us);
    bystanders_noticed_nothing(&bystanders);
    await_object_lost(callers, leg, faults[_i].reason);
    untouched(callers, other);
    ck_assert_int_ne(callers_worker_of(callers, one->legs[0]), pid);
    pair_free(one);
    pair_free(other);
    callers_free(callers);
}
END_TEST

/* ---- who comes while a worker is silent ---- */

START_TEST(a_new_call_does_not_wait_for_a_stopped_worker)
{
    static const KcWorkerLimits patient = {
        .ask_every_us = 100 * 1000, .hung_after_us = 3 * G_USEC_PER_SEC, .ready_within_us = 10 * G_USEC_PER_SEC,
        .pause_min_us = 250 * 1000, .pause_max_us = G_USEC_PER_SEC, .well_after_us = G_USEC_PER_SEC};
    Callers *callers = callers_new(2, &patient);
    Pair *one = pair_new(callers, "one");
    GPid pid = callers_worker_of(callers, one->legs[0]);
    KcWorkerPool *pool = callers->pool;
    kill(pid, SIGSTOP);
    for (gboolean slow = FALSE; !slow; g_usleep(STEP_US)) {
        g_mutex_lock(&pool->mutex);
        for (guint i = 0; i < 2; i++)
            slow |= pool->workers[i] != NULL && pool->workers[i]->pid == pid &&
                    kc_worker_watch_is_slow(&pool->workers[i]->watch, &pool->limits);
        g_mutex_unlock(&pool->mutex);
    }
    Pair *more[3];
    for (guint i = 0; i < G_N_ELEMENTS(more); i++) {
        g_autofree char *id = g_strdup_printf("more-%u", i);
        more[i] = pair_new(callers, id);
        ck_assert_int_ne(callers_worker_of(callers, more[i]->legs[0]), pid);
    }
    for (guint i = 0; i < G_N_ELEMENTS(more); i++)
        pair_free(more[i]);
    pair_free(one);
    callers_free(callers);
}
END_TEST

/* Everything stands still for longer than a worker may be silent, as when the machine was suspended; the daemon comes
 * back first. */
START_TEST(a_daemon_that_stood_still_blames_no_worker)
{
    Callers *callers = callers_new(2, NULL);
    Pair *pair = pair_new(callers, "one");
    pair_flows(pair);
    GPid workers[] = {callers->pool->workers[0]->pid, callers->pool->workers[1]->pid}, self = getpid();
    pid_t helper = fork();
    if (helper == 0) {
        for (guint i = 0; i < 2; i++)
            kill(workers[i], SIGSTOP);
        kill(self, SIGSTOP);
        usleep(3 * kc_worker_limits.hung_after_us);
        kill(self, SIGCONT);
        usleep(kc_worker_limits.hung_after_us / 4);
        for (guint i = 0; i < 2; i++)
            kill(workers[i], SIGCONT);
        _exit(0);
    }
    while (waitpid(helper, NULL, 0) < 0)
        ;
    pair_flows(pair);
    untouched(callers, pair);
    ck_assert_int_eq(callers->pool->workers[0]->pid, workers[0]);
    ck_assert_int_eq(callers->pool->workers[1]->pid, workers[1]);
    pair_free(pair);
    callers_free(callers);
}
END_TEST

/* ---- one that does not come up ---- */

/* A program that notes each of its starts. */
static char *
hopeless_program(const char *dir, const char *then)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(dir, "worker", NULL);
    g_autofree char *script = g_strdup_printf("#!/bin/sh\necho start >>%s/starts\n%s\n", dir, then);
    g_file_set_contents_full(path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
    kc_assert_no_error(error);
    return path;
}

static guint
starts_in(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "starts", NULL), *text = NULL;
    gsize size = 0;
    g_file_get_contents(path, &text, &size, NULL);
    return (guint)(size / strlen("start\n"));
}

START_TEST(a_worker_that_does_not_come_up_is_not_started_without_a_pause)
{
    static const KcWorkerLimits limits = {
        .ask_every_us = 400 * 1000, .hung_after_us = G_USEC_PER_SEC, .ready_within_us = 2 * G_USEC_PER_SEC,
        .pause_min_us = 100 * 1000, .pause_max_us = 10 * G_USEC_PER_SEC, .well_after_us = G_USEC_PER_SEC};
    g_autoptr(GError) error = NULL;
    char *dir = kc_test_dir_new();
    g_autofree char *program = hopeless_program(dir, "exit 1");
    char *addresses[] = {(char *)"127.0.0.1", NULL};
    KcWorkerPoolConfig config = {.program = program, .workers = 1, .addresses = addresses, .port_min = 30000,
                                 .port_max = 39999, .limits = &limits};
    ck_assert_ptr_null(kc_worker_pool_new(&config, &error));
    ck_assert(g_error_matches(error, KC_WORKER_POOL_ERROR, KC_WORKER_POOL_ERROR_START));
    /* At 0, 0.1, 0.3, 0.7 and 1.5 s. */
    ck_assert_uint_ge(starts_in(dir), 2);
    ck_assert_uint_le(starts_in(dir), 5);
    kc_test_dir_remove(dir);
}
END_TEST

static Suite *
pool_suite(void)
{
    Suite *suite = suite_create("daemon/worker_pool");
    TCase *fault = tcase_create("faults");
    tcase_set_timeout(fault, 60);
    tcase_add_loop_test(fault, a_fault_ends_only_its_own_calls, 0, G_N_ELEMENTS(faults));
    tcase_add_test(fault, a_new_call_does_not_wait_for_a_stopped_worker);
    tcase_add_test(fault, a_daemon_that_stood_still_blames_no_worker);
    tcase_add_test(fault, a_worker_that_does_not_come_up_is_not_started_without_a_pause);
    suite_add_tcase(suite, fault);
    return suite;
}

KC_TEST_MAIN(pool_suite())
