/* kill -9 in the middle of writes: whatever was acknowledged is there, and the file is whole. */
#include "src/store/log_store.h"
#include "src/store/log_verify.h"
#include "src/store/sql.h"
#include "tests/store/fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 3

static gboolean
append_one(KcTx *tx, gpointer ret_seq, GError **error)
{
    KcLogEntry entry = {.at_us = FIXTURE_NOW_US, .kind = (char *)"test", .actor_kind = (char *)"system"};
    if (!kc_log_store_append(tx, &entry, error))
        return FALSE;
    *(gint64 *)ret_seq = entry.seq;
    return TRUE;
}

typedef struct {
    KcStore *store;
    int out;
} Child;

/* Writes for ever, and tells each acknowledged entry to the parent. */
static gpointer
write_for_ever(gpointer data)
{
    const Child *child = data;
    for (;;) {
        gint64 seq = 0;
        if (!kc_store_write(child->store, append_one, &seq, NULL) || write(child->out, &seq, sizeof seq) < 0)
            _exit(1);
    }
    return NULL;
}

static void
run_child(int out)
{
    Child child = {.store = kc_store_open(fixture.path, fixture.keyring, NULL), .out = out};
    if (child.store == NULL)
        _exit(2);
    for (int i = 1; i < WRITERS; i++)
        g_thread_new("writes", write_for_ever, &child);
    write_for_ever(&child);
}

/* Reads acknowledgements until `enough`, kills, reads the rest; the highest. */
static gint64
kill_after(int enough)
{
    int ends[2], status = 0;
    gint64 highest = 0, seq;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        run_child(ends[1]);
    }
    close(ends[1]);
    for (int n = 0; read(ends[0], &seq, sizeof seq) == sizeof seq; n++) {
        highest = MAX(highest, seq);
        if (n == enough)
            kill(pid, SIGKILL);
    }
    close(ends[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    return highest;
}

static gboolean
check_after_crash(KcTx *tx, gpointer data, GError **error)
{
    gint64 *acknowledged = data;
    KcLogCheck check;
    ck_assert(kc_log_store_verify(tx, &check, error));
    ck_assert_int_eq(check.bad_seq, 0);
    ck_assert_msg(check.entries >= *acknowledged, "%d entries, but %d were acknowledged", (int)check.entries,
                  (int)*acknowledged);
    *acknowledged = check.entries;
    kc_log_check_clear(&check);
    g_autoptr(KcQuery) query = kc_query_new(tx, "PRAGMA integrity_check", error);
    ck_assert_int_eq(kc_query_step(query, error), KC_STEP_ROW);
    g_autofree char *integrity = kc_take_text(query);
    ck_assert_str_eq(integrity, "ok");
    return TRUE;
}

START_TEST(what_was_acknowledged_survives_a_kill)
{
    g_clear_pointer(&fixture.store, kc_store_close); /* threads do not survive a fork */
    gint64 entries = 0;
    for (int round = 0; round < 5; round++) {
        gint64 acknowledged = kill_after(7 + round * 13);
        ck_assert_int_gt(acknowledged, entries);
        fixture_reopen();
        fixture_read(check_after_crash, &acknowledged);
        entries = acknowledged;
        g_clear_pointer(&fixture.store, kc_store_close);
    }
}
END_TEST

static Suite *
crash_suite(void)
{
    Suite *suite = suite_create("store/crash");
    TCase *tc = tcase_create("crash");
    tcase_set_timeout(tc, 100);
    tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
    tcase_add_test(tc, what_was_acknowledged_survives_a_kill);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(crash_suite())
