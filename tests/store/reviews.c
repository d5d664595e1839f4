/* Reviews: one a case, each step once, and what was asked for stays as it was. */
#include "src/store/document_store.h"
#include "src/store/review_store.h"
#include "tests/store/fixture.h"

#define DOCUMENT FIXTURE_DOCUMENT
#define REVIEW "01935cd1-7f00-7000-8000-0000000000b1"

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
    fixture_write(fixture_document, NULL);
}

static gboolean
ask(KcTx *tx, gpointer id, GError **error)
{
    const KcReviewRow review = {.id = id,
                                .case_id = (char *)FIXTURE_CASE,
                                .party_id = (char *)FIXTURE_PARTY,
                                .document_id = (char *)DOCUMENT,
                                .request_json = (char *)"{\"request\":\"重新认定\"}",
                                .asked_us = FIXTURE_NOW_US + 1};
    return kc_review_store_insert(tx, &review, error);
}

static KcReviewRow
steps(void)
{
    return (KcReviewRow){.id = (char *)REVIEW,
                         .case_id = (char *)FIXTURE_CASE,
                         .forwarded_us = FIXTURE_NOW_US + 2,
                         .forwarded_by = (char *)FIXTURE_OFFICER,
                         .outcome = (char *)"upheld",
                         .conclusion_json = (char *)"{\"unit\":\"支队\"}",
                         .concluded_us = FIXTURE_NOW_US + 3,
                         .concluded_by = (char *)FIXTURE_OFFICER,
                         .served_us = FIXTURE_NOW_US + 4,
                         .served_by = (char *)FIXTURE_OFFICER,
                         .suit_us = FIXTURE_NOW_US + 5,
                         .suit_json = (char *)"{\"court\":\"商州区人民法院\"}"};
}

static gboolean
forward(KcTx *tx, gpointer unused, GError **error)
{
    const KcReviewRow review = steps();
    return kc_review_store_forward(tx, &review, error);
}

static gboolean
conclude(KcTx *tx, gpointer unused, GError **error)
{
    const KcReviewRow review = steps();
    return kc_review_store_conclude(tx, &review, error);
}

static gboolean
serve(KcTx *tx, gpointer unused, GError **error)
{
    const KcReviewRow review = steps();
    return kc_review_store_serve(tx, &review, error) && kc_review_store_note_suit(tx, &review, error);
}

static gboolean
check_all(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcReviewRow) review = NULL;
    ck_assert(kc_review_store_get(tx, FIXTURE_CASE, &review, error));
    ck_assert_str_eq(review->id, REVIEW);
    ck_assert_str_eq(review->request_json, "{\"request\":\"重新认定\"}");
    ck_assert_str_eq(review->conclusion_json, "{\"unit\":\"支队\"}");
    ck_assert_str_eq(review->suit_json, "{\"court\":\"商州区人民法院\"}");
    ck_assert_str_eq(review->outcome, "upheld");
    ck_assert_int_eq(review->served_us, FIXTURE_NOW_US + 4);
    g_autoptr(GPtrArray) open = kc_review_store_list(tx, FALSE, 10, error);
    g_autoptr(GPtrArray) all = kc_review_store_list(tx, TRUE, 10, error);
    ck_assert_uint_eq(open->len, 0);
    ck_assert_uint_eq(all->len, 1);
    return TRUE;
}

START_TEST(one_review_goes_its_way)
{
    fixture_write(ask, (gpointer)REVIEW);
    fixture_write_fails(ask, (gpointer) "another", KC_STORE_ERROR_CONFLICT);
    fixture_write_fails(conclude, NULL, KC_STORE_ERROR_REFUSED);
    fixture_write(forward, NULL);
    fixture_write(conclude, NULL);
    fixture_write(serve, NULL);
    fixture_read(check_all, NULL);
}
END_TEST

static const char *const frozen[] = {
    "UPDATE reviews SET asked_us = asked_us + 1",
    "UPDATE reviews SET sealed_request = x'00'",
    "UPDATE reviews SET party_id = 'another'",
    "UPDATE reviews SET forwarded_us = forwarded_us + 1",
    "UPDATE reviews SET outcome = 'anew'",
    "UPDATE reviews SET served_us = 0, served_by = NULL",
    "DELETE FROM reviews",
};

START_TEST(what_was_written_stays)
{
    fixture_write(ask, (gpointer)REVIEW);
    fixture_write(forward, NULL);
    fixture_write(conclude, NULL);
    fixture_write(serve, NULL);
    g_autofree char *refused = fixture_raw_sql(frozen[_i]);
    ck_assert_msg(refused != NULL, "%s was not refused", frozen[_i]);
    fixture_read(check_all, NULL);
}
END_TEST

static Suite *
reviews_suite(void)
{
    Suite *suite = suite_create("store/reviews");
    TCase *tc = tcase_create("reviews");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_add_test(tc, one_review_goes_its_way);
    tcase_add_loop_test(tc, what_was_written_stays, 0, (int)G_N_ELEMENTS(frozen));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(reviews_suite())
