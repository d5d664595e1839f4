/* The wall clock jumps between any two steps of a case, back an hour, forth a day, and home again: every step is done,
 * the log keeps its order, checkpoints are published, and what was recorded is as long as it was. */
#include "tests/fault/fault.h"
#include "tests/fault/life.h"

#include <stdio.h>

#include "src/app/public_log.h"

typedef struct {
    Life *life;
    guint step, offset;
    gint64 started_us;
} Jumps;

static void
jump(gpointer data)
{
    static const gint64 away_us[] = {-G_TIME_SPAN_HOUR, 0, G_TIME_SPAN_DAY, -5 * G_TIME_SPAN_SECOND};
    Jumps *jumps = data;
    gint64 away = away_us[(jumps->step++ + jumps->offset) % G_N_ELEMENTS(away_us)];
    jumps->life->fixture.now_us = jumps->started_us + (gint64)jumps->step * G_TIME_SPAN_SECOND + away;
}

static void
tend(Life *life)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_publish_checkpoint(life->fixture.app, &error));
    kc_assert_no_error(error);
}

START_TEST(jumps_between_any_two_steps)
{
    Life life;
    life_begin(&life, NULL);
    Jumps jumps = {&life, 0, (guint)_i, life.fixture.now_us};
    life.on_acked = jump;
    life.data = &jumps;
    ck_assert(life_open(&life, NULL));
    life_run(&life);
    ck_assert_uint_eq(life.faults, 0);
    /* More has been written since, and the clock is back: the next checkpoint waits for no time that is long gone. */
    life.fixture.now_us = jumps.started_us - G_TIME_SPAN_HOUR;
    g_autofree char *before = NULL, *after = NULL;
    g_autoptr(KcPrincipal) again = fixture_staff(&life.fixture, "supervisor");
    assert_done(kc_app_get_checkpoint(life.fixture.app, &before, &result, &error));
    tend(&life);
    assert_done(kc_app_get_checkpoint(life.fixture.app, &after, &result, &error));
    ck_assert_str_ne(before, after);
    life_stop(&life);
    life_check(&life.acked, life.fixture.dir, "clock");
    life_end(&life);
}
END_TEST

static Suite *
clock_suite(void)
{
    Suite *suite = suite_create("fault/clock");
    TCase *tests = tcase_create("clock");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, jumps_between_any_two_steps, 0, 4);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(clock_suite())
