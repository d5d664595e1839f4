/* Ten calls share a worker (--media-calls-together) and it dies: all of them are back within 3 s, here on the one that
 * replaces it, as there is no other. The scripted people join one after the other, so the last one's time is an upper
 * bound. That calls of other workers hear nothing of it: tests/daemon/worker_pool.c, tests/e2e/kill.test.mjs. */
#include "tests/service/talk.h"
#include "tests/support/kc_test.h"
#include "tests/support/process.h"

#include <signal.h>
#include <stdio.h>

#define TOGETHER 10
#define TALK_US (1500 * 1000)
#define BACK_MAX_US (3 * G_USEC_PER_SEC)
#define WITHIN_US (40 * G_USEC_PER_SEC)

static GPtrArray *
talks_new(const Service *service, const GArray *clip, const char *admin)
{
    GPtrArray *talks = g_ptr_array_new_with_free_func((GDestroyNotify)talk_free);
    for (guint i = 0; i < TOGETHER; i++) {
        g_autofree char *officer = officer_new(service, admin, i);
        Talk *talk = talk_new(service, clip, admin, officer);
        talk_join(talk);
        g_ptr_array_add(talks, talk);
        talks_go_on(talks, 20 * 1000); /* or the first have been silent for too long when the last have joined */
    }
    return talks;
}

/* Every side of the call hears and sees the other one again. */
static void
await_media(GPtrArray *talks, const Talk *talk)
{
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    while (talk->sides[0].received == 0 || talk->sides[1].received == 0) {
        ck_assert_msg(g_get_monotonic_time() < until_us, "nothing comes in a call that is back");
        talks_go_on(talks, 5 * 1000);
    }
}

START_TEST(ten_calls_of_a_dead_worker_are_back)
{
    Service *service = service_new(1);
    g_autoptr(GArray) clip = clip_new();
    g_autofree char *admin = admin_sign_in(service);
    g_autoptr(GPtrArray) talks = talks_new(service, clip, admin);
    talks_go_on(talks, TALK_US);

    ck_assert(service_metric(service, "kuaichu_legs_live") == 2 * TOGETHER);

    g_autoptr(GArray) workers = service_workers(service);
    gint64 died_us = g_get_monotonic_time(), last_us = 0;
    kill(g_array_index(workers, pid_t, 0), SIGKILL);
    while (service_metric(service, "kuaichu_legs_lost_total") < 2 * TOGETHER) {
        ck_assert_msg(g_get_monotonic_time() < died_us + WITHIN_US, "a killed worker is not noticed");
        talks_go_on(talks, 5 * 1000);
    }
    gint64 noticed_us = g_get_monotonic_time() - died_us;
    for (guint i = 0; i < TOGETHER; i++) {
        talk_join(talks->pdata[i]);
        await_media(talks, talks->pdata[i]);
        last_us = g_get_monotonic_time() - died_us;
    }
    printf("ten calls: noticed after %" G_GINT64_FORMAT " ms, the last one back after %" G_GINT64_FORMAT " ms\n",
           noticed_us / 1000, last_us / 1000);
#ifndef KC_SANITIZED
    ck_assert_int_le(last_us, BACK_MAX_US);
#endif
    talks_go_on(talks, TALK_US);
    ck_assert(service_metric(service, "kuaichu_legs_live") == 2 * TOGETHER);
    ck_assert(service_metric(service, "kuaichu_legs_lost_total") == 2 * TOGETHER);
    g_ptr_array_set_size(talks, 0);
    service_free(service);
}
END_TEST

static Suite *
death_suite(void)
{
    Suite *suite = suite_create("death");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 180);
    tcase_add_test(all, ten_calls_of_a_dead_worker_are_back);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(death_suite())
