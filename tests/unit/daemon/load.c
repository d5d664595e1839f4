/* When a worker is full, by what it reports. */
#include "src/daemon/worker_load.h"
#include "tests/support/kc_test.h"

#define PING_US (500 * 1000)

/* As many reports as come in `seconds`, the counters growing evenly. */
static void
run(KcWorkerLoad *load, gint64 seconds, double cpu_share, gint64 late_per_s)
{
    gint64 now_us = load->at_us != 0 ? load->at_us : 1000, cpu_us = load->cpu_us, late = load->late_loops;
    for (gint64 passed = 0; passed < seconds * G_USEC_PER_SEC; passed += PING_US) {
        now_us += PING_US;
        cpu_us += (gint64)(cpu_share * PING_US);
        late += late_per_s / 2;
        kc_worker_load_update(load, cpu_us, late, now_us);
    }
}

START_TEST(a_thread_that_works_most_of_its_time_is_full)
{
    KcWorkerLoad load = {0};
    run(&load, 20, 0.7, 0);
    ck_assert(!kc_worker_load_is_full(&load, 10, 200));
    run(&load, 1, 1.0, 0);
    ck_assert_msg(!kc_worker_load_is_full(&load, 10, 200), "not for a moment's work");
    run(&load, 20, 0.9, 0);
    ck_assert(kc_worker_load_is_full(&load, 10, 200));
    run(&load, 20, 0.3, 0);
    ck_assert(!kc_worker_load_is_full(&load, 10, 200));
}
END_TEST

START_TEST(late_loops_and_legs_fill_it_too)
{
    KcWorkerLoad load = {0};
    run(&load, 20, 0.2, 10);
    ck_assert(!kc_worker_load_is_full(&load, 10, 200));
    run(&load, 20, 0.2, 40);
    ck_assert(kc_worker_load_is_full(&load, 10, 200));
    KcWorkerLoad idle = {0};
    ck_assert(!kc_worker_load_is_full(&idle, 199, 200));
    ck_assert(kc_worker_load_is_full(&idle, 200, 200));
}
END_TEST

START_TEST(the_first_report_says_nothing_of_now)
{
    KcWorkerLoad load = {0};
    kc_worker_load_update(&load, 3600 * (gint64)G_USEC_PER_SEC, 100000, 5000);
    ck_assert(!kc_worker_load_is_full(&load, 0, 200));
}
END_TEST

static double
weight(const KcWorkerLoad *load, guint calls, guint legs, guint together)
{
    KcWorkerCrowd crowd = {.calls = calls, .legs = legs, .legs_max = 200, .together = together};
    return kc_worker_load_weight(load, &crowd);
}

START_TEST(the_weight_knows_time_and_legs)
{
    KcWorkerLoad busy = {0}, idle = {0};
    run(&busy, 20, 0.5, 0);
    run(&idle, 20, 0.1, 0);
    ck_assert(weight(&idle, 5, 10, 0) < weight(&busy, 5, 10, 0));
    ck_assert(weight(&idle, 5, 10, 0) < weight(&idle, 5, 12, 0));
}
END_TEST

/* Ten calls come one after another to two workers, then ten more. */
START_TEST(calls_share_a_worker_up_to_a_number)
{
    KcWorkerLoad load[2] = {0};
    guint calls[2] = {0, 1};
    run(&load[0], 20, 0.01, 0);
    run(&load[1], 20, 0.02, 0);
    for (guint n = 1; n < 20; n++) {
        guint to = weight(&load[0], calls[0], 2 * calls[0], 10) < weight(&load[1], calls[1], 2 * calls[1], 10) ? 0 : 1;
        calls[to]++;
        if (n == 9)
            ck_assert_msg(calls[0] == 0 && calls[1] == 10, "%u and %u", calls[0], calls[1]);
    }
    ck_assert_uint_eq(calls[0], 10);
    ck_assert_uint_eq(calls[1], 10);
    ck_assert_msg(weight(&load[0], 11, 22, 10) < weight(&load[1], 12, 24, 10), "beyond that, the least loaded");
}
END_TEST

START_TEST(a_busy_worker_is_not_shared_further)
{
    KcWorkerLoad busy = {0}, idle = {0};
    run(&busy, 20, 0.5, 0);
    ck_assert(weight(&idle, 0, 0, 10) < weight(&busy, 3, 6, 10));
}
END_TEST

static Suite *
load_suite(void)
{
    Suite *suite = suite_create("daemon/load");
    TCase *all = tcase_create("load");
    tcase_add_test(all, a_thread_that_works_most_of_its_time_is_full);
    tcase_add_test(all, late_loops_and_legs_fill_it_too);
    tcase_add_test(all, the_first_report_says_nothing_of_now);
    tcase_add_test(all, the_weight_knows_time_and_legs);
    tcase_add_test(all, calls_share_a_worker_up_to_a_number);
    tcase_add_test(all, a_busy_worker_is_not_shared_further);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(load_suite())
