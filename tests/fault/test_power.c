/* Power fails after any operation on the disk: what was acknowledged is there, and nothing is half.
 *
 *   KC_FAULT_EVERY   only each n-th moment (1: all of them) */
#include "tests/fault/disk.h"
#include "tests/fault/fault.h"
#include "tests/fault/life.h"

#include <stdio.h>
#include <stdlib.h>

#define VARIANTS 3 /* synced alone, all, and one choice of some */

typedef struct {
    Disk *disk;
    Life *life;
    GArray *points; /* guint: operations when each of `acked` was */
    GArray *acked;  /* LifeAcked */
} Lived;

static guint
every(void)
{
    const char *text = g_getenv("KC_FAULT_EVERY");
    return text != NULL ? MAX((guint)atoi(text), 1) : 250;
}

static void
note_acked(gpointer data)
{
    Lived *lived = data;
    guint point = disk_points(lived->disk);
    g_array_append_val(lived->points, point);
    g_array_append_val(lived->acked, lived->life->acked);
}

static LifeAcked
acked_at(const Lived *lived, guint point)
{
    LifeAcked acked = {0};
    for (guint i = 0; i < lived->points->len && g_array_index(lived->points, guint, i) <= point; i++)
        acked = g_array_index(lived->acked, LifeAcked, i);
    return acked;
}

static void
look_after(const Lived *lived, guint point, guint variant)
{
    LifeAcked acked = acked_at(lived, point);
    char *folder = kc_test_dir_new();
    g_autofree char *op = disk_describe(lived->disk, point);
    g_autofree char *when = g_strdup_printf("power cut after operation %u (%s), variant %u", point, op, variant);
    disk_build(lived->disk, point, variant, folder);
    life_check(&acked, folder, when);
    kc_test_dir_remove(folder);
}

START_TEST(power_fails_at_any_moment)
{
    Life life;
    g_autoptr(GError) error = NULL;
    life_begin(&life, NULL);
    Lived lived = {disk_begin(life.fixture.dir), &life, g_array_new(FALSE, FALSE, sizeof(guint)),
                   g_array_new(FALSE, FALSE, sizeof(LifeAcked))};
    life.on_acked = note_acked;
    life.data = &lived;
    ck_assert(life_open(&life, &error));
    life_run(&life);
    life_stop(&life);
    disk_end(lived.disk);
    ck_assert_uint_eq(life.faults, 0);

    guint points = disk_points(lived.disk), step = every(), tried = 0;
    for (guint point = step / 2; point <= points; point += step) {
        for (guint variant = 0; variant < VARIANTS; variant++, tried++)
            look_after(&lived, point, variant);
    }
    printf("power: %u operations, %u disks looked at, nothing lost\n", points, tried);
    disk_free(lived.disk);
    g_array_unref(lived.points);
    g_array_unref(lived.acked);
    life_end(&life);
}
END_TEST

static Suite *
power_suite(void)
{
    Suite *suite = suite_create("fault/power");
    TCase *tests = tcase_create("power");
    tcase_set_timeout(tests, 3000);
    tcase_add_test(tests, power_fails_at_any_moment);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(power_suite())
