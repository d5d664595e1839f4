/* Samples of closed cases: committed to before the week ends, drawn by county, the same again from the log. */
#include "src/app/samples.h"
#include "src/app/internal.h"
#include "tests/app/fixture.h"

#include <sqlite3.h>
#include <string.h>

#define WEEK (7 * 24 * G_TIME_SPAN_HOUR)
#define CASES 30

typedef struct {
    char *ids[CASES];
    gint64 now_us;
} Closed;

/* As their use cases log them. */
static gboolean
log_closed(KcTx *tx, gpointer data, GError **error)
{
    const Closed *closed = data;
    for (guint i = 0; i < CASES; i++) {
        json_t *entry = json_pack("{s:s}", "county", i % 3 == 0 ? "611002" : "611021");
        if (!kc_app_log(tx, NULL, closed->ids[i], "case.closed", closed->now_us, entry, error))
            return FALSE;
    }
    return kc_app_log(tx, NULL, closed->ids[1], "document.signed", closed->now_us,
                      json_pack("{s:s}", "decision", "refused"), error) &&
           kc_app_log(tx, NULL, closed->ids[2], "review.asked", closed->now_us, NULL, error);
}

static void
close_cases(Fixture *fixture, Closed *closed)
{
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("192.0.2.1");
    g_autoptr(GError) failure = NULL;
    for (guint i = 0; i < CASES; i++) {
        g_auto(KcOpenedCase) opened = {0};
        KcOpenCase request = fixture_request();
        assert_done(kc_app_open_case(fixture->app, nobody, &request, &opened, &result, &error));
        closed->ids[i] = g_strdup(opened.view->row->id);
    }
    closed->now_us = fixture->now_us;
    ck_assert(kc_store_write(fixture->app->store, log_closed, closed, &failure));
}

static void
closed_clear(Closed *closed)
{
    for (guint i = 0; i < CASES; i++)
        g_free(closed->ids[i]);
}

static void
draw(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_draw_samples(fixture->app, &error));
}

static guint
chosen_for(const KcSampleView *sample, const char *reason)
{
    guint count = 0;
    for (guint i = 0; i < sample->cases->len; i++)
        count += strcmp(((const KcSampleCaseView *)sample->cases->pdata[i])->reason, reason) == 0;
    return count;
}

static char *
problem_of(Fixture *fixture, gint64 samples)
{
    g_auto(KcSamplesCheck) check = {0};
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_verify_samples(fixture->app, &check, &error));
    if (check.problem == NULL)
        ck_assert_int_eq(check.samples, samples);
    return g_steal_pointer(&check.problem);
}

START_TEST(a_week_is_sampled_and_can_be_drawn_again)
{
    Fixture fixture;
    Closed closed = {0};
    g_autoptr(GPtrArray) samples = NULL;
    g_autoptr(KcSampleRow) before = NULL;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) auditor = fixture_staff(&fixture, "auditor");
    draw(&fixture);
    assert_done(kc_app_list_samples(fixture.app, auditor, &samples, &before, &result, &error));
    ck_assert_uint_eq(samples->len, 0);
    ck_assert_int_eq(before->number, 1);
    close_cases(&fixture, &closed);
    draw(&fixture); /* not due */
    fixture.now_us += WEEK;
    draw(&fixture);
    g_clear_pointer(&samples, g_ptr_array_unref);
    g_autoptr(KcSampleRow) next = NULL;
    assert_done(kc_app_list_samples(fixture.app, auditor, &samples, &next, &result, &error));
    ck_assert_uint_eq(samples->len, 1);
    ck_assert_int_eq(next->number, 2);
    const KcSampleView *sample = samples->pdata[0];
    ck_assert_str_eq(sample->row->commitment, before->commitment);
    ck_assert_int_eq(next->from_us, sample->row->to_us);
    ck_assert_int_eq(sample->row->candidates, CASES);
    ck_assert_uint_eq(chosen_for(sample, "refused"), 1);
    ck_assert_uint_eq(chosen_for(sample, "review"), 1);
    ck_assert_uint_eq(chosen_for(sample, "random"), 2); /* 5 % of 10 and of 18, rounded up */
    g_autofree char *problem = problem_of(&fixture, 1);
    ck_assert_ptr_null(problem);
    closed_clear(&closed);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_table_that_says_more_than_the_log_is_found)
{
    Fixture fixture;
    sqlite3 *db = NULL;
    fixture_open(&fixture);
    draw(&fixture);
    g_autofree char *path = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(
        sqlite3_exec(db,
                     "DROP TRIGGER samples_no_delete; DROP TRIGGER samples_committed; UPDATE samples SET number = 7",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    g_autofree char *problem = problem_of(&fixture, 0);
    ck_assert_ptr_nonnull(problem);
    ck_assert_ptr_nonnull(strstr(problem, "not in the log"));
    fixture_close(&fixture);
}
END_TEST

static Suite *
samples_suite(void)
{
    Suite *suite = suite_create("app/samples");
    TCase *tcase = tcase_create("samples");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_week_is_sampled_and_can_be_drawn_again);
    tcase_add_test(tcase, a_table_that_says_more_than_the_log_is_found);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(samples_suite())
