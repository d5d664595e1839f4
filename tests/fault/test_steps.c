/* The life of a case under every fault of the disk: each call that writes fails in turn, in each of its ways, once and
 * for as long as it takes the step to fail. What fails says so; it is done when the fault is gone; and afterwards, with
 * a disk that has lost what was never synced, everything that was acknowledged is there.
 *
 *   KC_FAULT_EVERY   only each n-th call (1: all of them); without it, one call a fault */
#include "tests/fault/disk.h"
#include "tests/fault/fault.h"
#include "tests/fault/life.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const char *name;
    gint kinds, error;
    gboolean half;
    gint times;
} Fault;

static const Fault faults[] = {
    {"write fails (EIO)", FAULT_WRITE, EIO, FALSE, 0},
    {"disk is full (ENOSPC)", FAULT_WRITE | FAULT_CREATE | FAULT_MKDIR, ENOSPC, FALSE, 0},
    {"short write, then full", FAULT_WRITE, ENOSPC, TRUE, 0},
    {"one short write", FAULT_WRITE, ENOSPC, TRUE, 1},
    {"one sync fails (EIO)", FAULT_SYNC, EIO, FALSE, 1},
    {"syncs fail (EIO)", FAULT_SYNC, EIO, FALSE, 0},
    {"write and cut fail (EIO)", FAULT_WRITE | FAULT_TRUNCATE, EIO, FALSE, 0},
    {"no file can be made (EIO)", FAULT_CREATE | FAULT_MKDIR | FAULT_RENAME, EIO, FALSE, 0},
    {"read fails (EIO)", FAULT_READ, EIO, FALSE, 0},
};

static char *opened; /* a folder that a service has been started on */

static void
open_once(void)
{
    Life life;
    g_autoptr(GError) error = NULL;
    life_begin(&life, NULL);
    ck_assert(life_open(&life, &error));
    life_stop(&life);
    opened = life.fixture.dir;
    life.fixture.dir = kc_test_dir_new();
    life_end(&life);
}

static void
forget(void)
{
    kc_test_dir_remove(opened);
}

static guint
every(void)
{
    const char *text = g_getenv("KC_FAULT_EVERY");
    return text != NULL ? MAX((guint)atoi(text), 1) : 400;
}

static gboolean
in_short(void)
{
    return g_getenv("KC_FAULT_EVERY") == NULL;
}

static void
check_disks(const Life *life, Disk *disk, const char *name, guint at)
{
    for (guint variant = DISK_SYNCED; variant <= (in_short() ? DISK_SYNCED : DISK_TORN); variant++) {
        g_autofree char *when = g_strdup_printf("%s at call %u, disk %u", name, at, variant);
        char *folder = kc_test_dir_new();
        disk_build(disk, disk_points(disk), variant, folder);
        life_check(&life->acked, folder, when);
        kc_test_dir_remove(folder);
    }
}

/* A disk that dies behind the last acknowledgement: the service is never told to stop. */
static gboolean
live_with(const Fault *fault, guint at, guint *ret_failed)
{
    Life life;
    g_autoptr(GError) error = NULL;
    life_begin(&life, opened);
    Disk *disk = disk_begin(life.fixture.dir);
    ck_assert(life_open(&life, &error));
    fault_plan(life.fixture.dir, fault->kinds, (gint)at, fault->times, fault->error, fault->half);
    life_run(&life);
    gboolean struck = fault_control()->failed > 0 || life.faults > 0;
    fault_clear();
    disk_end(disk);
    life_stop(&life);
    if (struck)
        check_disks(&life, disk, fault->name, at);
    *ret_failed += life.faults > 0;
    disk_free(disk);
    life_end(&life);
    return struck;
}

START_TEST(each_call_fails_in_turn)
{
    const Fault *fault = &faults[_i];
    gboolean often = (fault->kinds & (FAULT_WRITE | FAULT_READ)) != 0;
    guint step = often ? every() : MAX(every() / 16, 1), tried = 0, failed = 0;
    if (in_short()) /* one life, each fault at another moment of it */
        tried = live_with(fault, often ? 40 * ((guint)_i + 1) : 10, &failed);
    for (guint at = 1; !in_short() && live_with(fault, at, &failed); at += step)
        tried++;
    printf("%s: %u lives, %u in which a step failed and was done again; nothing lost\n", fault->name, tried, failed);
    fflush(stdout);
}
END_TEST

/* The first start of all: it may fail, and then the next one does not. */
START_TEST(the_first_start_fails_in_turn)
{
    guint step = every(), tried = 0, failed = 0;
    for (guint at = 1;; at += step, tried++) {
        Life life;
        g_autoptr(GError) error = NULL, again = NULL;
        life_begin(&life, NULL);
        fault_plan(life.fixture.dir, FAULT_ALL_WRITES, (gint)at, 0, EIO, FALSE);
        gboolean started = life_open(&life, &error);
        gboolean struck = fault_control()->failed > 0;
        fault_clear();
        failed += !started;
        ck_assert(started || error != NULL);
        if (!started)
            ck_assert_msg(life_open(&life, &again), "after a start that failed (%s): %s", error->message,
                          again != NULL ? again->message : "");
        life_end(&life);
        if (!struck)
            break;
    }
    printf("first start: %u starts, %u failed and succeeded later\n", tried, failed);
}
END_TEST

static Suite *
steps_suite(void)
{
    Suite *suite = suite_create("fault/steps");
    TCase *tests = tcase_create("steps");
    tcase_set_timeout(tests, 3000);
    tcase_add_unchecked_fixture(tests, open_once, forget);
    tcase_add_loop_test(tests, each_call_fails_in_turn, 0, G_N_ELEMENTS(faults));
    tcase_add_test(tests, the_first_start_fails_in_turn);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(steps_suite())
