/* When a worker is taken for hung, and when its place is filled again. */
#include "src/daemon/worker_watch.h"
#include "tests/support/kc_test.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS 1000
#define LOOK_US (50 * MS)

static const KcWorkerLimits limits = {
    .ask_every_us = 400 * MS, .hung_after_us = 1000 * MS, .ready_within_us = 5000 * MS,
    .pause_min_us = 250 * MS, .pause_max_us = 2000 * MS, .well_after_us = 10000 * MS,
};

/* Looks every 50 ms for as long as it is well; how long that was. */
static gint64
well_for(KcWorkerWatch *watch, gboolean ready, gint64 *now_us, KcWorkerVerdict *ret_verdict)
{
    gint64 began_us = *now_us;
    while ((*ret_verdict = kc_worker_watch_look(watch, &limits, ready, *now_us)) == KC_WORKER_WELL)
        *now_us += LOOK_US;
    return *now_us - began_us;
}

START_TEST(one_that_answers_is_asked_again_and_again)
{
    KcWorkerWatch watch = {0};
    KcWorkerVerdict verdict;
    gint64 now_us = 10000 * MS;
    well_for(&watch, TRUE, &now_us, &verdict);
    for (guint i = 0; i < 20; i++) {
        ck_assert_int_eq(verdict, KC_WORKER_ASK);
        kc_worker_watch_asked(&watch, 0, now_us);
        now_us += LOOK_US;
        ck_assert_int_eq(kc_worker_watch_look(&watch, &limits, TRUE, now_us), KC_WORKER_WELL);
        kc_worker_watch_answered(&watch);
        ck_assert_int_eq(well_for(&watch, TRUE, &now_us, &verdict), limits.ask_every_us - LOOK_US);
    }
}
END_TEST

START_TEST(one_that_is_silent_is_slow_then_suspect_then_hung)
{
    KcWorkerWatch watch = {0};
    KcWorkerVerdict verdict;
    gint64 now_us = 10000 * MS;
    well_for(&watch, TRUE, &now_us, &verdict);
    kc_worker_watch_asked(&watch, 0, now_us);
    ck_assert(!kc_worker_watch_is_slow(&watch, &limits));
    ck_assert_int_eq(well_for(&watch, TRUE, &now_us, &verdict), limits.hung_after_us);
    ck_assert_int_eq(verdict, KC_WORKER_SUSPECT);
    ck_assert(kc_worker_watch_is_slow(&watch, &limits));
    gint64 suspect_us = now_us;
    while ((verdict = kc_worker_watch_look(&watch, &limits, TRUE, now_us)) == KC_WORKER_SUSPECT)
        now_us += LOOK_US;
    ck_assert_int_eq(verdict, KC_WORKER_HUNG);
    ck_assert_int_eq(now_us - suspect_us, limits.hung_after_us * (KC_WORKER_STARVES_TIMES - 1));
}
END_TEST

START_TEST(one_that_never_becomes_ready_is_hung)
{
    KcWorkerWatch watch = {0};
    KcWorkerVerdict verdict;
    gint64 now_us = 10000 * MS;
    ck_assert_int_eq(well_for(&watch, FALSE, &now_us, &verdict), limits.ready_within_us);
    ck_assert_int_eq(verdict, KC_WORKER_HUNG);
}
END_TEST

START_TEST(time_in_which_the_daemon_stood_still_does_not_count)
{
    KcWorkerWatch watch = {0};
    KcWorkerVerdict verdict;
    gint64 now_us = 10000 * MS;
    well_for(&watch, TRUE, &now_us, &verdict);
    kc_worker_watch_asked(&watch, 0, now_us);
    now_us += 60 * G_USEC_PER_SEC;
    ck_assert_int_eq(kc_worker_watch_look(&watch, &limits, TRUE, now_us), KC_WORKER_WELL);
    ck_assert_int_eq(well_for(&watch, TRUE, &now_us, &verdict), limits.hung_after_us - KC_WORKER_LOOK_MAX_US);
}
END_TEST

START_TEST(pauses_grow_and_a_while_of_health_ends_them)
{
    static const gint64 pauses_ms[] = {0, 250, 500, 1000, 2000, 2000};
    KcWorkerRespawn respawn = {0};
    for (guint round = 0; round < 2; round++) {
        for (guint i = 0; i < G_N_ELEMENTS(pauses_ms); i++) {
            gint64 ready_us = i == 0 ? limits.well_after_us : 100 * MS;
            kc_worker_respawn_ended(&respawn, &limits, ready_us, 1000 * MS);
            ck_assert_int_eq(respawn.after_us, (1000 + pauses_ms[i]) * MS);
        }
    }
}
END_TEST

START_TEST(one_that_never_was_ready_is_not_replaced_at_once)
{
    KcWorkerRespawn respawn = {0};
    kc_worker_respawn_ended(&respawn, &limits, -1, 1000 * MS);
    ck_assert_int_eq(respawn.after_us, 1250 * MS);
    kc_worker_respawn_ended(&respawn, &limits, -1, 2000 * MS);
    ck_assert_int_eq(respawn.after_us, 2500 * MS);
}
END_TEST

/* ---- real processes ---- */

static void
spin(void)
{
    for (volatile guint i = 0;; i++)
        ;
}

/* A child on processor `cpu` alone, which spins or waits. */
static pid_t
child_on(int cpu, int policy, void (*run)(void))
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    sched_setscheduler(0, policy, &(struct sched_param){0});
    run();
    _exit(0);
}

static void
wait_here(void)
{
    for (;;)
        pause();
}

static int
first_cpu(void)
{
    cpu_set_t all;
    sched_getaffinity(0, sizeof all, &all);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &all))
        cpu++;
    return cpu;
}

static void
end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

START_TEST(only_one_that_wants_to_run_and_may_not_starves)
{
    int cpu = first_cpu();
    pid_t waiting = child_on(cpu, SCHED_OTHER, wait_here), busy = child_on(cpu, SCHED_OTHER, spin);
    pid_t starving = child_on(cpu, SCHED_IDLE, spin), stopped = child_on(cpu, SCHED_IDLE, spin);
    g_usleep(300 * MS); /* so that each is where it should be */
    kill(stopped, SIGSTOP);
    waitpid(stopped, NULL, WUNTRACED);
    gint64 began_us = g_get_monotonic_time(), had_us[] = {kc_worker_cpu_us(waiting), kc_worker_cpu_us(starving), kc_worker_cpu_us(stopped)};
    g_usleep(300 * MS);
    gint64 passed_us = g_get_monotonic_time() - began_us;
    ck_assert(!kc_worker_starves(waiting, had_us[0], passed_us));
    ck_assert(kc_worker_starves(starving, had_us[1], passed_us));
    ck_assert(!kc_worker_starves(stopped, had_us[2], passed_us));
    ck_assert_msg(!kc_worker_starves(starving, had_us[1] - passed_us, passed_us), "one that used its time spins");
    end(waiting);
    end(busy);
    end(starving);
    end(stopped);
    ck_assert(!kc_worker_starves(stopped, 0, passed_us));
}
END_TEST

static Suite *
watch_suite(void)
{
    Suite *suite = suite_create("daemon/watch");
    TCase *pure = tcase_create("pure");
    tcase_add_test(pure, one_that_answers_is_asked_again_and_again);
    tcase_add_test(pure, one_that_is_silent_is_slow_then_suspect_then_hung);
    tcase_add_test(pure, one_that_never_becomes_ready_is_hung);
    tcase_add_test(pure, time_in_which_the_daemon_stood_still_does_not_count);
    tcase_add_test(pure, pauses_grow_and_a_while_of_health_ends_them);
    tcase_add_test(pure, one_that_never_was_ready_is_not_replaced_at_once);
    suite_add_tcase(suite, pure);
    TCase *processes = tcase_create("processes");
    tcase_set_timeout(processes, 30); /* on a busy machine a child of the lowest class is slow to begin */
    tcase_add_test(processes, only_one_that_wants_to_run_and_may_not_starves);
    suite_add_tcase(suite, processes);
    return suite;
}

KC_TEST_MAIN(watch_suite())
