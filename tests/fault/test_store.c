/* The store under an SQLite whose n-th operation fails, and whose n-th allocation fails: for every n in turn, until
 * none is struck. A write that was acknowledged is there, one that failed has left nothing; the next one succeeds.
 *
 *   KC_FAULT_EVERY   only each n-th (1: all of them) */
#include "src/store/checkpoint_store.h"
#include "src/store/log_store.h"
#include "src/store/log_verify.h"
#include "src/store/sql.h"
#include "tests/fault/fault.h"
#include "tests/fault/vfs.h"
#include "tests/store/fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRITES 12

static guint
every(void)
{
    const char *text = g_getenv("KC_FAULT_EVERY");
    return text != NULL ? MAX((guint)atoi(text), 1) : 23;
}

/* ---- a folder ---- */

static char *opened; /* one with an empty database */

static void
keep_opened(void)
{
    fixture_setup();
    g_clear_pointer(&fixture.store, kc_store_close);
    opened = g_steal_pointer(&fixture.dir);
    g_clear_pointer(&fixture.keyring, kc_keyring_free);
    g_clear_pointer(&fixture.path, g_free);
}

static void
forget_opened(void)
{
    kc_test_dir_remove(opened);
}

static void
no_disk(const FaultOp *op G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
}

/* A copy of it; nothing waits for a real disk. */
static void
setup(void)
{
    g_autoptr(GError) error = NULL;
    fault_observe(no_disk, NULL);
    fixture.dir = kc_test_dir_copy(opened, NULL, NULL, NULL);
    fixture.path = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    g_autofree char *key = g_build_filename(fixture.dir, "master.key", NULL);
    g_chmod(key, 0600);
    fixture.keyring = kc_keyring_open(key, FALSE, &error);
    kc_assert_no_error(error);
    fixture.store = kc_store_open(fixture.path, fixture.keyring, &error);
    kc_assert_no_error(error);
}

/* ---- one life ---- */

typedef struct {
    gint64 numbers[WRITES]; /* 1: acknowledged */
    guint number;
} Ledger;

/* A case and its log entry, or neither. */
static gboolean
write_one(KcTx *tx, gpointer data, GError **error)
{
    const Ledger *ledger = data;
    g_autofree char *id = g_strdup_printf("01935cd1-7f00-7000-8000-%012x", ledger->number);
    g_autofree char *number = g_strdup_printf("C-20261123-%06u", ledger->number);
    KcLogEntry entry = {.at_us = FIXTURE_NOW_US + ledger->number,
                        .case_id = id,
                        .kind = (char *)"case.opened",
                        .actor_kind = (char *)"system"};
    return fixture_insert_case(tx, id, number, FIXTURE_NOW_US + ledger->number, error) &&
           kc_log_store_append(tx, &entry, error);
}

static gboolean
read_one(KcTx *tx, gpointer data, GError **error)
{
    g_autofree char *id = g_strdup_printf("01935cd1-7f00-7000-8000-%012x", *(guint *)data);
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, id, &row, error))
        return FALSE;
    *(guint *)data = row != NULL;
    if (row != NULL)
        ck_assert_str_eq(row->place_text, "商州区北新街与工农路路口");
    return TRUE;
}

/* FALSE: the fault struck. */
static gboolean
try_write(Ledger *ledger, guint number)
{
    g_autoptr(GError) error = NULL;
    ledger->number = number;
    gboolean done = kc_store_write(fixture.store, write_one, ledger, &error);
    ck_assert(done == (error == NULL));
    ledger->numbers[number] = done;
    guint there = number;
    g_clear_error(&error);
    if (kc_store_read(fixture.store, read_one, &there, &error))
        ck_assert_msg(there == (guint)done, "write %u: %s, but %s", number, done ? "acknowledged" : "failed",
                      there ? "there" : "not there");
    else
        ck_assert_ptr_nonnull(error);
    return done;
}

static gboolean
check_whole(KcTx *tx, gpointer data, GError **error)
{
    const Ledger *ledger = data;
    KcLogCheck check;
    gint64 acknowledged = 0;
    ck_assert(kc_log_store_verify(tx, &check, error));
    ck_assert_msg(check.problem == NULL, "%s", check.problem);
    for (guint i = 0; i < WRITES; i++) {
        guint there = i;
        ck_assert(read_one(tx, &there, error));
        ck_assert_msg(there == (guint)ledger->numbers[i], "write %u of %d is %u", i, (int)ledger->numbers[i], there);
        acknowledged += ledger->numbers[i];
    }
    ck_assert_int_eq(check.entries, acknowledged);
    kc_log_check_clear(&check);
    g_autoptr(KcQuery) query = kc_query_new(tx, "PRAGMA integrity_check", error);
    ck_assert_int_eq(kc_query_step(query, error), KC_STEP_ROW);
    g_autofree char *integrity = kc_take_text(query);
    ck_assert_str_eq(integrity, "ok");
    return TRUE;
}

/* The fault is gone: what failed is done now, before and after another start. */
static void
settle(Ledger *ledger)
{
    for (guint i = 0; i < WRITES; i++) {
        g_autoptr(GError) error = NULL;
        ledger->number = i;
        if (ledger->numbers[i])
            continue;
        ledger->numbers[i] = kc_store_write(fixture.store, write_one, ledger, &error);
        ck_assert_msg(ledger->numbers[i], "write %u fails after the fault is gone: %s", i,
                      error != NULL ? error->message : "");
    }
    fixture_read(check_whole, ledger);
    fixture_reopen();
    fixture_read(check_whole, ledger);
}

static void
live(Ledger *ledger)
{
    for (guint i = 0; i < WRITES; i++)
        try_write(ledger, i);
}

/* ---- operations ---- */

static const struct {
    const char *name;
    gint kinds, code;
    gboolean lasting, torn;
} faults[] = {
    {"one write, EIO", VFS_WRITE, SQLITE_IOERR_WRITE, FALSE, FALSE},
    {"all writes, EIO, torn", VFS_WRITE, SQLITE_IOERR_WRITE, TRUE, TRUE},
    {"one write, full", VFS_WRITE, SQLITE_FULL, FALSE, TRUE},
    {"all writes, full", VFS_WRITE, SQLITE_FULL, TRUE, FALSE},
    {"one sync", VFS_SYNC, SQLITE_IOERR_FSYNC, FALSE, FALSE},
    {"all syncs", VFS_SYNC, SQLITE_IOERR_FSYNC, TRUE, FALSE},
    {"one read", VFS_READ, SQLITE_IOERR_READ, FALSE, FALSE},
    {"truncate", VFS_TRUNCATE, SQLITE_IOERR_TRUNCATE, TRUE, FALSE},
    {"open", VFS_OPEN, SQLITE_CANTOPEN, TRUE, FALSE},
    {"shared memory", VFS_SHM, SQLITE_IOERR_SHMMAP, TRUE, FALSE},
};

static void
register_vfs(void)
{
    fault_vfs_register();
}

START_TEST(every_operation_fails_in_turn)
{
    guint tried = 0, step = every();
    for (guint at = 1;; at += step) {
        Ledger ledger = {{0}};
        setup();
        fault_vfs_plan(faults[_i].kinds, (gint)at, faults[_i].code, faults[_i].lasting, faults[_i].torn);
        live(&ledger);
        gboolean struck = fault_vfs_failed() > 0;
        fault_vfs_plan(0, 0, 0, FALSE, FALSE);
        settle(&ledger);
        fixture_teardown();
        if (!struck)
            break;
        tried++;
    }
    printf("store, %s: %u points, nothing lost, nothing half\n", faults[_i].name, tried);
    fflush(stdout);
}
END_TEST

/* The errno of a disk that was full once is not the reason of what fails later. */
START_TEST(an_old_full_disk_is_no_new_one)
{
    Ledger ledger = {{0}};
    g_autoptr(GError) error = NULL;
    setup();
    fault_vfs_plan(VFS_WRITE, 1, SQLITE_FULL, TRUE, FALSE);
    ck_assert(!kc_store_write(fixture.store, write_one, &ledger, &error));
    ck_assert(g_error_matches(error, KC_STORE_ERROR, KC_STORE_ERROR_FULL));
    g_clear_error(&error);
    fault_vfs_plan(VFS_WRITE, 1, SQLITE_IOERR_WRITE, TRUE, FALSE);
    ck_assert(!kc_store_write(fixture.store, write_one, &ledger, &error));
    ck_assert(g_error_matches(error, KC_STORE_ERROR, KC_STORE_ERROR_FAILED));
    fault_vfs_plan(0, 0, 0, FALSE, FALSE);
    fixture_teardown();
}
END_TEST

/* ---- memory ---- */

static sqlite3_mem_methods memory_below;
static gint allocations, fail_at, fail_lasting, fail_count;

static gboolean
starves(void)
{
    gint at = g_atomic_int_get(&fail_at);
    if (at == 0)
        return FALSE;
    gint number = g_atomic_int_add(&allocations, 1) + 1;
    gboolean fails = number == at || (fail_lasting && number > at);
    if (fails)
        g_atomic_int_inc(&fail_count);
    return fails;
}

static void *
starving_malloc(int size)
{
    return starves() ? NULL : memory_below.xMalloc(size);
}

static void *
starving_realloc(void *memory, int size)
{
    return starves() ? NULL : memory_below.xRealloc(memory, size);
}

static void
plan_memory(gint at, gboolean lasting)
{
    g_atomic_int_set(&fail_at, 0);
    allocations = fail_count = 0;
    fail_lasting = lasting;
    g_atomic_int_set(&fail_at, at);
}

static void
register_memory(void)
{
    sqlite3_shutdown();
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory_below), SQLITE_OK);
    sqlite3_mem_methods mine = memory_below;
    mine.xMalloc = starving_malloc;
    mine.xRealloc = starving_realloc;
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &mine), SQLITE_OK);
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
    ck_assert_int_eq(sqlite3_initialize(), SQLITE_OK);
}

START_TEST(every_allocation_fails_in_turn)
{
    guint tried = 0, step = every() * (every() > 1 ? 40 : 7);
    for (guint at = 1;; at += step) {
        Ledger ledger = {{0}};
        setup();
        plan_memory((gint)at, _i == 1);
        live(&ledger);
        gboolean struck = fail_count > 0;
        plan_memory(0, FALSE);
        settle(&ledger);
        fixture_teardown();
        if (!struck)
            break;
        tried++;
    }
    printf("store, %s allocation of SQLite: %u points, nothing lost, nothing half\n", _i == 1 ? "every later" : "one",
           tried);
    fflush(stdout);
}
END_TEST

static Suite *
store_suite(void)
{
    Suite *suite = suite_create("fault/store");
    TCase *disk = tcase_create("disk"), *memory = tcase_create("memory");
    tcase_set_timeout(disk, 3000);
    tcase_add_unchecked_fixture(disk, keep_opened, forget_opened);
    tcase_add_checked_fixture(disk, register_vfs, NULL);
    tcase_add_loop_test(disk, every_operation_fails_in_turn, 0, G_N_ELEMENTS(faults));
    tcase_add_test(disk, an_old_full_disk_is_no_new_one);
    suite_add_tcase(suite, disk);
    tcase_set_timeout(memory, 3000);
    tcase_add_unchecked_fixture(memory, keep_opened, forget_opened);
    tcase_add_checked_fixture(memory, register_memory, NULL);
    tcase_add_loop_test(memory, every_allocation_fails_in_turn, 0, 2);
    suite_add_tcase(suite, memory);
    return suite;
}

KC_TEST_MAIN(store_suite())
