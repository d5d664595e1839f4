/* Second looks: each is drawn once and ends once, and what both said stays. */
#include "src/store/blind_store.h"
#include "src/store/erasure_store.h"
#include "src/store/sample_store.h"
#include "tests/store/fixture.h"

#include <string.h>

#define LOOK "01935cd1-7f00-7000-8000-0000000000b1"
#define NEXT_LOOK "01935cd1-7f00-7000-8000-0000000000b2"
#define REFUSED(sql) ck_assert_msg((problem = fixture_raw_sql(sql)) != NULL, "%s", sql), g_free(problem)

static gboolean
sample(KcTx *tx, gpointer unused, GError **error)
{
    const guint8 seed[KC_DRAW_SEED_LEN] = {1};
    g_autofree char *commitment = kc_draw_commitment(seed);
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)kc_sample_case_free);
    KcSampleCase *one = kc_sample_case_new(FIXTURE_CASE, NULL);
    one->reason = "random";
    one->blind = TRUE;
    g_ptr_array_add(cases, one);
    KcSampleRow row = {.number = 1,
                       .from_us = FIXTURE_NOW_US,
                       .to_us = FIXTURE_NOW_US + 10,
                       .percent = 5,
                       .blind_percent = 20,
                       .commitment = commitment,
                       .committed_us = FIXTURE_NOW_US};
    if (!kc_sample_store_commit(tx, &row, seed, error))
        return FALSE;
    row.seed = (char *)FIXTURE_SHA256;
    row.drawn_us = FIXTURE_NOW_US + 10;
    return kc_sample_store_reveal(tx, &row, cases, error);
}

static KcBlindLook
look_of(const char *id, gint64 turn)
{
    return (KcBlindLook){.id = (char *)id,
                         .case_id = (char *)FIXTURE_CASE,
                         .sample = 1,
                         .turn = turn,
                         .user_id = (char *)FIXTURE_OFFICER,
                         .first_id = (char *)FIXTURE_OFFICER,
                         .assigned_us = FIXTURE_NOW_US + 20,
                         .due_us = FIXTURE_NOW_US + 30};
}

static gboolean
insert(KcTx *tx, gpointer unused, GError **error)
{
    const KcBlindLook look = look_of(LOOK, 1);
    return kc_blind_store_insert(tx, &look, error);
}

/* The same person has it already. */
static gboolean
insert_next(KcTx *tx, gpointer unused, GError **error)
{
    const KcBlindLook look = look_of(NEXT_LOOK, 2);
    return kc_blind_store_insert(tx, &look, error);
}

static gboolean
end(KcTx *tx, gpointer outcome, GError **error)
{
    KcBlindLook look = look_of(LOOK, 1);
    look.outcome = outcome;
    look.ended_us = FIXTURE_NOW_US + 25;
    look.words = (char *)"认识当事人";
    return kc_blind_store_end(tx, &look, error) == KC_UPDATE_DONE;
}

static gboolean
end_again(KcTx *tx, gpointer unused, GError **error)
{
    KcBlindLook look = look_of(LOOK, 1);
    look.outcome = (char *)"handed_in";
    look.ended_us = FIXTURE_NOW_US + 26;
    ck_assert_int_eq(kc_blind_store_end(tx, &look, error), KC_UPDATE_ABSENT);
    return TRUE;
}

static gboolean
answer(KcTx *tx, gpointer unused, GError **error)
{
    const KcBlindAnswer answers[] = {{KC_BLIND_MANNER, NULL, (char *)"3"},
                                     {KC_BLIND_LIABILITY, (char *)"A=full", (char *)"A=none"}};
    return kc_blind_store_answer(tx, LOOK, &answers[0], error) && kc_blind_store_answer(tx, LOOK, &answers[1], error);
}

/* How many are due, and how often the first was given back already. */
static gboolean
check_due(KcTx *tx, gpointer expected, GError **error)
{
    const gint64 *wanted = expected;
    g_autoptr(GPtrArray) due = kc_blind_store_list_due(tx, error);
    ck_assert_ptr_nonnull(due);
    ck_assert_int_eq(due->len, wanted[0]);
    if (due->len > 0)
        ck_assert_int_eq(((const KcBlindDue *)due->pdata[0])->turns, wanted[1]);
    return TRUE;
}

static gboolean
check_open(KcTx *tx, gpointer expected, GError **error)
{
    gboolean open = FALSE;
    ck_assert(kc_blind_store_is_open(tx, FIXTURE_OFFICER, FIXTURE_CASE, &open, error));
    ck_assert_int_eq(open, GPOINTER_TO_INT(expected));
    g_auto(GStrv) cases = kc_blind_store_open_cases(tx, FIXTURE_OFFICER, error);
    ck_assert_uint_eq(g_strv_length(cases), open ? 1 : 0);
    return TRUE;
}

static gboolean
check_pairs(KcTx *tx, gpointer unused, GError **error)
{
    static const char *const elsewhere[] = {"000000", NULL};
    g_autoptr(KcBlindLook) look = NULL;
    g_autoptr(GPtrArray) answers = kc_blind_store_answers(tx, LOOK, error);
    g_autoptr(GPtrArray) pairs = kc_blind_store_pairs(tx, FIXTURE_NOW_US, FIXTURE_NOW_US + 26, NULL, error);
    g_autoptr(GPtrArray) later = kc_blind_store_pairs(tx, FIXTURE_NOW_US + 26, G_MAXINT64, NULL, error);
    g_autoptr(GPtrArray) other = kc_blind_store_pairs(tx, 0, G_MAXINT64, elsewhere, error);
    ck_assert_uint_eq(answers->len, 2);
    ck_assert_int_eq(((const KcBlindAnswer *)answers->pdata[0])->question, KC_BLIND_LIABILITY);
    ck_assert_uint_eq(pairs->len, 1); /* where the first said nothing there is nothing to compare */
    ck_assert_str_eq(((const KcBlindPair *)pairs->pdata[0])->answer.second, "A=none");
    ck_assert_uint_eq(later->len, 0);
    ck_assert_uint_le(other->len, 1); /* a case of no county is everybody's */
    ck_assert(kc_blind_store_get(tx, LOOK, &look, error));
    ck_assert_str_eq(look->words, "认识当事人");
    return TRUE;
}

START_TEST(a_look_ends_once_and_what_was_said_stays)
{
    char *problem;
    fixture_write(sample, NULL);
    fixture_read(check_due, (gint64[]){1, 0});
    fixture_write(insert, NULL);
    fixture_read(check_due, (gint64[]){0, 0});
    fixture_read(check_open, GINT_TO_POINTER(TRUE));
    fixture_write_fails(insert_next, NULL, KC_STORE_ERROR_CONFLICT);
    fixture_write(answer, NULL);
    fixture_write(end, (gpointer) "handed_in");
    fixture_write(end_again, NULL);
    fixture_read(check_open, GINT_TO_POINTER(FALSE));
    fixture_read(check_due, (gint64[]){0, 0});
    fixture_read(check_pairs, NULL);
    REFUSED("UPDATE blind_looks SET user_id = 'another'");
    REFUSED("UPDATE blind_looks SET outcome = 'given_back'");
    REFUSED("DELETE FROM blind_looks");
    REFUSED("UPDATE blind_answers SET second = 'A=full'");
    REFUSED("DELETE FROM blind_answers");
    REFUSED("UPDATE samples SET blind_percent = 0");
}
END_TEST

START_TEST(what_was_given_back_is_due_again)
{
    fixture_write(sample, NULL);
    fixture_write(insert, NULL);
    fixture_write(end, (gpointer) "given_back");
    fixture_read(check_due, (gint64[]){1, 1});
    fixture_write(insert_next, NULL);
    fixture_read(check_due, (gint64[]){0, 0});
}
END_TEST

static gboolean
erase(KcTx *tx, gpointer unused, GError **error)
{
    const KcErasure erasure = {
        .case_id = FIXTURE_CASE, .rule = "simple", .basis = "保存期满", .at_us = FIXTURE_NOW_US + 40};
    return kc_erasure_store_case(tx, &erasure, error);
}

static gboolean
check_erased(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcBlindLook) look = NULL;
    g_autoptr(GPtrArray) answers = kc_blind_store_answers(tx, LOOK, error);
    ck_assert(kc_blind_store_get(tx, LOOK, &look, error));
    ck_assert_ptr_null(look->words);
    ck_assert_str_eq(look->outcome, "given_back");
    ck_assert_int_eq(look->ended_us, FIXTURE_NOW_US + 40);
    ck_assert_uint_eq(answers->len, 2);
    return TRUE;
}

START_TEST(an_erased_case_is_nobody_s_to_look_at)
{
    fixture_write(sample, NULL);
    fixture_write(insert, NULL);
    fixture_write(answer, NULL);
    fixture_write(erase, NULL);
    fixture_read(check_erased, NULL);
    fixture_read(check_open, GINT_TO_POINTER(FALSE));
    fixture_read(check_due, (gint64[]){0, 0});
}
END_TEST

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
}

static Suite *
blind_suite(void)
{
    Suite *suite = suite_create("store/blind");
    TCase *tcase = tcase_create("blind");
    tcase_add_checked_fixture(tcase, setup, fixture_teardown);
    tcase_add_test(tcase, a_look_ends_once_and_what_was_said_stays);
    tcase_add_test(tcase, what_was_given_back_is_due_again);
    tcase_add_test(tcase, an_erased_case_is_nobody_s_to_look_at);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(blind_suite())
