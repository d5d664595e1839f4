/* Calls made and ended, some by people who vanish, some by a worker that is killed; and five that go on for long. In
 * between, when nobody is in a call, memory, descriptors and threads are what they were.
 *
 *   KC_GROWTH_CALLS   calls made and ended (500)           KC_SOAK_MINUTES   how long the five go on (120) */
#include "tests/service/figures.h"
#include "tests/service/talk.h"
#include "tests/support/kc_test.h"

#include <signal.h>
#include <stdlib.h>

#define AT_ONCE 10
#define WORKERS 2
#define TALK_US (2500 * 1000)
#define WITHIN_US (40 * G_USEC_PER_SEC)

/* Of every hundred calls ten end by vanishing; of every hundred and twenty, ten have a worker killed beside them, which
 * about half of them are on. */
#define VANISH_EVERY 10
#define CRASH_EVERY 12
#define CRASH_AT 6

#define SAMPLE_EVERY 5 /* rounds */
#define WARM_SAMPLES 4 /* that count for nothing, 200 calls: caches fill, pools grow to what ten calls at once take */

/* SQLite's connections for readers, two descriptors each, are opened when they are needed at once, eight at most, and kept;
 * a still or a request that is just being served has some. */
#define FDS_MORE_MAX 16

/* SQLite's memory at its fullest: nine connections with 2 MB of pages each, and their statements. */
#define STORE_MAX_KB (20 * 1024)

/* Anonymous memory besides that, in kB for each hundred calls, and for each hour of five calls: their ten recordings keep an entry of
 * the index for each cluster until they are finished. */
#define SLOPE_MAX_KB 100
#define SOAK_SLOPE_MAX_KB 2048

typedef struct {
    Service *service;
    GArray *clip;
    char *admin;
    GPtrArray *officers; /* tokens */
    Watched *daemon, *steady; /* steady: the worker that is never killed */
} Scene;

static gint64
setting(const char *name, gint64 otherwise)
{
    const char *text = g_getenv(name);
    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

static Scene *
scene_new(guint officers)
{
    Scene *scene = g_new0(Scene, 1);
    scene->service = service_new(WORKERS);
    scene->clip = clip_new();
    scene->admin = admin_sign_in(scene->service);
    scene->officers = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < officers; i++)
        g_ptr_array_add(scene->officers, officer_new(scene->service, scene->admin, i));
    g_autoptr(GArray) workers = service_workers(scene->service);
    ck_assert_uint_eq(workers->len, WORKERS);
    scene->daemon = watched_new("daemon", scene->service->pid);
    scene->steady = watched_new("worker", g_array_index(workers, pid_t, 0));
    return scene;
}

static void
scene_free(Scene *scene)
{
    service_free(scene->service);
    watched_free(scene->daemon);
    watched_free(scene->steady);
    g_ptr_array_unref(scene->officers);
    g_array_unref(scene->clip);
    g_free(scene->admin);
    g_free(scene);
}

/* ---- a round of calls ---------------------------------------------------------------------------------------------- */

static GPtrArray *
talks_begin(const Scene *scene)
{
    GPtrArray *talks = g_ptr_array_new_with_free_func((GDestroyNotify)talk_free);
    for (guint i = 0; i < scene->officers->len; i++) {
        Talk *talk = talk_new(scene->service, scene->clip, scene->admin, scene->officers->pdata[i]);
        talk_join(talk);
        g_ptr_array_add(talks, talk);
    }
    return talks;
}

static double
metric(const Scene *scene, const char *name)
{
    return service_metric(scene->service, name);
}

static void
await_metric(const Scene *scene, const char *name, double value)
{
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    for (double now; (now = metric(scene, name)) != value; g_usleep(100 * 1000))
        ck_assert_msg(g_get_monotonic_time() < until_us, "%s is %g, not %g", name, now, value);
}

/* The other worker dies; those who were on it come back, as their pages do by themselves. */
static void
crash(const Scene *scene, GPtrArray *talks)
{
    double lost = metric(scene, "kuaichu_legs_lost_total");
    g_autoptr(GArray) workers = service_workers(scene->service);
    for (guint i = 0; i < workers->len; i++) {
        pid_t pid = g_array_index(workers, pid_t, i);
        if (pid != scene->steady->pid)
            kill(pid, SIGKILL);
    }
    for (gint64 until_us = g_get_monotonic_time() + WITHIN_US; metric(scene, "kuaichu_legs_lost_total") == lost;)
        ck_assert_msg(g_get_monotonic_time() < until_us, "a killed worker is not noticed");
    await_metric(scene, "kuaichu_media_worker_up", WORKERS);
    for (guint i = 0; i < talks->len; i++)
        talk_join(talks->pdata[i]);
    talks_go_on(talks, TALK_US);
}

/* GLib keeps a thread that has nothing to do for 15 s. */
static void
await_threads(const Watched *watched)
{
    guint idle = (guint)g_array_index(watched->samples, Figures, 0).threads, now = idle + 1;
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    while (now > idle) {
        g_autoptr(GArray) threads = process_threads(watched->pid);
        now = threads->len;
        ck_assert_msg(g_get_monotonic_time() < until_us, "%s: %u threads, %u at first", watched->name, now, idle);
        g_usleep(100 * 1000);
    }
}

/* Nobody is in a call, nothing is being written, and nobody lingers. */
static void
settle(const Scene *scene)
{
    static const char *const none[] = {"kuaichu_legs_live", "kuaichu_recordings_live", "kuaichu_media_legs"};
    for (guint i = 0; i < G_N_ELEMENTS(none); i++)
        await_metric(scene, none[i], 0);
    await_threads(scene->daemon);
    await_threads(scene->steady);
}

static void
sample(const Scene *scene, double at)
{
    watched_sample(scene->daemon, at, (gint64)metric(scene, "kuaichu_store_memory_bytes") / 1024);
    watched_sample(scene->steady, at, 0);
}

static void
one_round(const Scene *scene, guint number)
{
    g_autoptr(GPtrArray) talks = talks_begin(scene);
    talks_go_on(talks, TALK_US);
    for (guint i = 0; i < talks->len; i++)
        ck_assert_msg(((Talk *)talks->pdata[i])->sides[0].received > 0, "nothing comes in a call");
    talk_still(talks->pdata[number % talks->len]);
    if (number % CRASH_EVERY == CRASH_AT)
        crash(scene, talks);
    for (guint i = 0; number % VANISH_EVERY != VANISH_EVERY - 1 && i < talks->len; i++)
        talk_leave(talks->pdata[i]);
    if (number % VANISH_EVERY == VANISH_EVERY - 1)
        g_ptr_array_set_size(talks, 0);
    await_metric(scene, "kuaichu_legs_live", 0); /* within 15 s of their last sign of life */
}

/* ---- verdicts ------------------------------------------------------------------------------------------------------ */

static void
assert_flat(const Watched *watched, double slope_max_kb, double units, const char *unit)
{
    guint from = MIN(WARM_SAMPLES, watched->samples->len - 1);
    const Figures *first = &g_array_index(watched->samples, Figures, from);
    double slope_kb = watched_slope_kb(watched, from) * units;
    printf("%s: %+.0f kB for each %s, descriptors %+d\n", watched->name, slope_kb, unit,
           (int)(watched_fds_max(watched, from) - first->fds));
#ifndef KC_SANITIZED /* sanitizers keep what was freed */
    ck_assert_msg(slope_kb <= slope_max_kb, "%s grows by %.0f kB for each %s", watched->name, slope_kb, unit);
#endif
    ck_assert_msg(watched_store_kb_max(watched) <= STORE_MAX_KB, "%s: SQLite's memory grows", watched->name);
    ck_assert_msg(watched_fds_max(watched, from) <= first->fds + FDS_MORE_MAX, "%s: descriptors grow", watched->name);
}

START_TEST(many_calls_leave_nothing_behind)
{
    guint rounds = (guint)setting("KC_GROWTH_CALLS", 500) / AT_ONCE;
    Scene *scene = scene_new(AT_ONCE);
    figures_head("calls");
    sample(scene, 0);
    for (guint i = 0; i < rounds; i++) {
        one_round(scene, i);
        if ((i + 1) % SAMPLE_EVERY == 0 || i + 1 == rounds) {
            settle(scene);
            sample(scene, (i + 1) * AT_ONCE);
        }
    }
    printf("calls %u, of which %.0f lost their worker; legs lost with it %.0f, recordings recovered %.0f\n", rounds * AT_ONCE,
           metric(scene, "kuaichu_legs_lost_total") / 2, metric(scene, "kuaichu_legs_lost_total"),
           metric(scene, "kuaichu_objects_recovered_total"));
    assert_flat(scene->daemon, SLOPE_MAX_KB, 100, "hundred calls");
    assert_flat(scene->steady, SLOPE_MAX_KB, 100, "hundred calls");
    scene_free(scene);
}
END_TEST

START_TEST(five_calls_that_go_on)
{
    gint64 minutes = setting("KC_SOAK_MINUTES", 120);
    Scene *scene = scene_new(5);
    figures_head("hours");
    GPtrArray *talks = talks_begin(scene);
    for (gint64 minute = 0; minute <= minutes; minute++) {
        sample(scene, (double)minute / 60);
        if (minute < minutes)
            talks_go_on(talks, 60 * G_USEC_PER_SEC);
        talk_still(talks->pdata[minute % talks->len]);
        ck_assert_msg(metric(scene, "kuaichu_legs_live") == 2 * talks->len, "a leg was lost");
        ck_assert_msg(metric(scene, "kuaichu_recordings_live") == 2 * talks->len, "a recording has ended");
    }
    printf("lost packets %.0f, late turns of the network's loop %.0f\n", metric(scene, "kuaichu_media_lost_packets_total"),
           metric(scene, "kuaichu_media_late_loops_total"));
    for (guint i = 0; i < talks->len; i++)
        talk_leave(talks->pdata[i]);
    g_ptr_array_unref(talks);
    settle(scene);
    assert_flat(scene->daemon, SOAK_SLOPE_MAX_KB, 1, "hour");
    assert_flat(scene->steady, SOAK_SLOPE_MAX_KB, 1, "hour");
    scene_free(scene);
}
END_TEST

static Suite *
growth_suite(void)
{
    Suite *suite = suite_create("growth");
    TCase *growth = tcase_create("growth"), *soak = tcase_create("soak");
    tcase_set_timeout(growth, 0);
    tcase_add_test(growth, many_calls_leave_nothing_behind);
    suite_add_tcase(suite, growth);
    tcase_set_timeout(soak, 0);
    tcase_add_test(soak, five_calls_that_go_on);
    suite_add_tcase(suite, soak);
    return suite;
}

KC_TEST_MAIN(growth_suite())
