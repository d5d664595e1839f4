#include "tests/support/kc_test.h"
#include "media/gst/kcrecorder_clock.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
#define ms(n) ((gint64)(n)*1000)

/* A sender of 50 packets a second whose clock runs at `drift` millionths too fast, over a path of `transit` and up to
 * `jitter`. */
typedef struct {
    guint32 first;
    gint64 transit_us;
    gint32 jitter_us;
    gint drift;
    guint rate;
} Path;

static guint32
stamp(const Path *path, gint64 sent_us)
{
    return path->first + (guint32)((sent_us + sent_us / SECOND * path->drift) * path->rate / SECOND);
}

/* Plays from `from_us` to `to_us`; returns the largest error against the time of sending plus transit in the last
 * second. */
static gint64
play(KcMediaClock *clock, const Path *path, gint64 from_us, gint64 to_us, GRand *rand)
{
    gint64 worst_us = 0;
    for (gint64 sent_us = from_us; sent_us < to_us; sent_us += ms(20)) {
        gint32 late_us = path->jitter_us > 0 ? g_rand_int_range(rand, 0, path->jitter_us) : 0;
        kc_media_clock_note(clock, stamp(path, sent_us), sent_us + path->transit_us + late_us);
        gint64 error_us = kc_media_clock_time(clock, stamp(path, sent_us)) - (sent_us + path->transit_us);
        if (sent_us >= to_us - SECOND)
            worst_us = MAX(worst_us, ABS(error_us));
    }
    return worst_us;
}

static const struct {
    const char *what;
    Path path;
    gint64 allowed_us;
} paths[] = {
    {"nothing wrong", {7, ms(30), 0, 0, 48000}, 100},
    {"jitter", {7, ms(30), ms(80), 0, 48000}, ms(10)},
    {"the number wraps", {0xffffff00, ms(30), 0, 0, 90000}, 100},
    {"a fast clock", {7, ms(30), ms(5), 200, 48000}, ms(10)},
    {"a slow clock", {7, ms(30), ms(5), -200, 90000}, ms(10)},
};

START_TEST(time_follows_the_earliest_arrivals)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    KcMediaClock clock;
    kc_media_clock_init(&clock, paths[_i].path.rate);
    gint64 worst_us = play(&clock, &paths[_i].path, SECOND, 60 * SECOND, rand);
    ck_assert_msg(worst_us <= paths[_i].allowed_us, "%s: off by %" G_GINT64_FORMAT " us", paths[_i].what, worst_us);
}
END_TEST

START_TEST(a_late_first_packet_is_made_up_for)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    const Path path = {7, ms(30), ms(5), 0, 48000};
    KcMediaClock clock;
    kc_media_clock_init(&clock, 48000);
    kc_media_clock_note(&clock, stamp(&path, SECOND), SECOND + ms(230));
    ck_assert_int_le(play(&clock, &path, SECOND + ms(20), 8 * SECOND, rand), ms(10));
}
END_TEST

START_TEST(a_clock_that_stood_still_is_noticed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    Path path = {7, ms(30), ms(5), 0, 48000};
    KcMediaClock clock;
    kc_media_clock_init(&clock, 48000);
    play(&clock, &path, SECOND, 5 * SECOND, rand);
    path.first -= 48000 * 10; /* ten seconds muted, and the numbers go on as if there had been none */
    ck_assert_int_le(play(&clock, &path, 15 * SECOND, 17 * SECOND, rand), ms(10));
}
END_TEST

START_TEST(a_network_that_stood_still_moves_nothing)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    const Path path = {7, ms(30), ms(5), 0, 48000};
    KcMediaClock clock;
    kc_media_clock_init(&clock, 48000);
    play(&clock, &path, SECOND, 5 * SECOND, rand);
    for (gint64 sent_us = 5 * SECOND; sent_us < 7 * SECOND; sent_us += ms(20))
        kc_media_clock_note(&clock, stamp(&path, sent_us), 7 * SECOND + ms(30));
    ck_assert_int_le(play(&clock, &path, 7 * SECOND, 9 * SECOND, rand), ms(10));
}
END_TEST

static guint64
ntp(gint64 us)
{
    return ((guint64)us / SECOND) << 32 | (((guint64)us % SECOND) << 32) / SECOND;
}

START_TEST(reports_lay_the_picture_to_the_sound)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    const Path sound = {7, ms(30), ms(5), 0, 48000};
    const Path picture = {99, ms(180), ms(5), 0, 90000}; /* encoding takes longer */
    KcMediaClock audio, video;
    kc_media_clock_init(&audio, 48000);
    kc_media_clock_init(&video, 90000);
    for (gint64 t = SECOND; t < 10 * SECOND; t += SECOND) {
        play(&audio, &sound, t, t + SECOND, rand);
        play(&video, &picture, t, t + SECOND, rand);
        kc_media_clock_report(&audio, ntp(3000 * SECOND + t), stamp(&sound, t));
        kc_media_clock_report(&video, ntp(3000 * SECOND + t), stamp(&picture, t));
        kc_media_clock_lay(&video, &audio);
    }
    gint64 apart_us = kc_media_clock_time(&video, stamp(&picture, 9 * SECOND)) -
                      kc_media_clock_time(&audio, stamp(&sound, 9 * SECOND));
    ck_assert_int_le(ABS(apart_us), ms(10));
}
END_TEST

START_TEST(reports_that_cannot_be_are_not_believed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    const Path path = {7, ms(30), 0, 0, 90000};
    KcMediaClock audio, video;
    kc_media_clock_init(&audio, 90000);
    kc_media_clock_init(&video, 90000);
    kc_media_clock_report(&video, ntp(SECOND), 0); /* before the first packet */
    ck_assert(!video.has_report);
    play(&audio, &path, SECOND, 2 * SECOND, rand);
    play(&video, &path, SECOND, 2 * SECOND, rand);
    kc_media_clock_report(&audio, ntp(3000 * SECOND), stamp(&path, SECOND));
    kc_media_clock_report(&video, ntp(3600 * SECOND), stamp(&path, SECOND));
    kc_media_clock_lay(&video, &audio);
    ck_assert_int_le(play(&video, &path, 2 * SECOND, 4 * SECOND, rand), 100);
}
END_TEST

static Suite *
clock_suite(void)
{
    Suite *suite = suite_create("recorder/clock");
    TCase *tc = tcase_create("clock");
    tcase_add_loop_test(tc, time_follows_the_earliest_arrivals, 0, G_N_ELEMENTS(paths));
    tcase_add_test(tc, a_late_first_packet_is_made_up_for);
    tcase_add_test(tc, a_clock_that_stood_still_is_noticed);
    tcase_add_test(tc, a_network_that_stood_still_moves_nothing);
    tcase_add_test(tc, reports_lay_the_picture_to_the_sound);
    tcase_add_test(tc, reports_that_cannot_be_are_not_believed);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(clock_suite())
