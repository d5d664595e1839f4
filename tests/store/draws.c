/* A draw is committed to once, drawn once, and never changed; its seed is sealed until then. */
#include "src/store/draw_store.h"

#include "src/base/hex.h"
#include "src/store/offer_store.h"
#include "tests/store/fixture.h"

#include <string.h>

#define OFFER "01935cd1-7f00-7000-8000-0000000000e1"

static const guint8 SEED[KC_DRAW_SEED_LEN] = "a seed of thirty-two bytes, no 0";

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
}

static gboolean
commit(KcTx *tx, gpointer number, GError **error)
{
    g_autofree char *commitment = kc_draw_commitment(SEED);
    const KcDrawRow row = {
        .number = GPOINTER_TO_INT(number), .commitment = commitment, .committed_us = FIXTURE_NOW_US};
    return kc_draw_store_commit(tx, &row, SEED, error);
}

static gboolean
check_next(KcTx *tx, gpointer number, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    g_autoptr(KcDrawRow) next = NULL;
    ck_assert(kc_draw_store_next(tx, &next, error));
    ck_assert(next->number == GPOINTER_TO_INT(number) && next->committed_us == FIXTURE_NOW_US);
    ck_assert(next->seed == NULL && next->case_id == NULL && next->chosen == NULL && next->drawn_us == 0);
    ck_assert(kc_draw_store_seed(tx, next->number, seed, error));
    ck_assert_mem_eq(seed, SEED, sizeof seed);
    return TRUE;
}

static gboolean
reveal(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    static const char *const candidates[] = {FIXTURE_OFFICER, NULL};
    const KcOffer offer = {
        .id = (char *)OFFER,
        .case_id = (char *)FIXTURE_CASE,
        .kind = (char *)"draw",
        .to_user = (char *)FIXTURE_OFFICER,
        .offered_us = FIXTURE_NOW_US + 1,
        .expires_us = FIXTURE_NOW_US + 2,
    };
    g_autofree char *hex = kc_hex_encode(SEED, sizeof SEED);
    const KcDrawRow row = {
        .number = 1,
        .seed = hex,
        .case_id = (char *)FIXTURE_CASE,
        .candidates = (GStrv)candidates,
        .chosen = (char *)FIXTURE_OFFICER,
        .offer_id = (char *)OFFER,
        .drawn_us = FIXTURE_NOW_US + 1,
    };
    ck_assert(kc_offer_store_insert(tx, &offer, error));
    ck_assert_int_eq(kc_draw_store_reveal(tx, &row, error), KC_UPDATE_DONE);
    ck_assert_int_eq(kc_draw_store_reveal(tx, &row, error), KC_UPDATE_ABSENT);
    return TRUE;
}

static gboolean
check_drawn(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    g_autoptr(GPtrArray) drawn = kc_draw_store_list(tx, 0, 10, error);
    g_autoptr(GPtrArray) below = kc_draw_store_list(tx, 1, 10, error);
    g_autoptr(KcDrawRow) absent = NULL;
    gint64 count = 0;
    ck_assert(drawn->len == 1 && below->len == 0);
    const KcDrawRow *row = drawn->pdata[0];
    g_autofree char *hex = kc_hex_encode(SEED, sizeof SEED);
    ck_assert_str_eq(row->seed, hex);
    ck_assert_str_eq(row->candidates[0], FIXTURE_OFFICER);
    ck_assert_ptr_null(row->candidates[1]);
    ck_assert_str_eq(row->offer_id, OFFER);
    ck_assert_ptr_null(row->outcome);
    ck_assert(kc_draw_store_get(tx, 3, &absent, error) && absent == NULL);
    ck_assert(kc_draw_store_count(tx, &count, error));
    ck_assert_int_eq(count, 2);
    g_autoptr(GError) gone = NULL;
    ck_assert(!kc_draw_store_seed(tx, 1, seed, &gone)); /* it is sealed nowhere any more */
    ck_assert_ptr_nonnull(gone);
    return TRUE;
}

static gboolean
check_nothing(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(KcDrawRow) next = NULL;
    ck_assert(kc_draw_store_next(tx, &next, error) && next == NULL);
    return TRUE;
}

START_TEST(a_draw_is_committed_to_and_drawn_once)
{
    static const char *const attempts[] = {
        "UPDATE draws SET chosen = 'x' WHERE number = 1",
        "UPDATE draws SET commitment = printf('%064d', 0) WHERE number = 2",
        "UPDATE draws SET committed_us = 1 WHERE number = 2",
        "UPDATE draws SET seed = printf('%064d', 0), sealed_seed = NULL WHERE number = 2", /* and nothing else of a draw */
        "DELETE FROM draws WHERE number = 1",
        "DELETE FROM draws",
        "INSERT INTO draws (number, commitment, committed_us, sealed_seed) VALUES (4, printf('%064d', 0), 1, x'00')",
    };
    fixture_read(check_nothing, NULL);
    fixture_write_fails(commit, GINT_TO_POINTER(2), KC_STORE_ERROR_REFUSED); /* there was no 1 */
    fixture_write(commit, GINT_TO_POINTER(1));
    fixture_write_fails(commit, GINT_TO_POINTER(2), KC_STORE_ERROR_CONFLICT); /* one waits */
    fixture_read(check_next, GINT_TO_POINTER(1));
    fixture_write(reveal, NULL);
    fixture_write(commit, GINT_TO_POINTER(2));
    fixture_read(check_next, GINT_TO_POINTER(2));
    fixture_read(check_drawn, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autofree char *refused = fixture_raw_sql(attempts[i]);
        ck_assert_msg(refused != NULL, "\"%s\" was let through", attempts[i]);
    }
    fixture_read(check_drawn, NULL);
}
END_TEST

START_TEST(a_seed_that_waits_can_not_be_read_from_the_file)
{
    g_autofree char *text = NULL;
    gsize size = 0;
    fixture_write(commit, GINT_TO_POINTER(1));
    fixture_reopen(); /* what was written stands in the file itself */
    ck_assert(g_file_get_contents(fixture.path, &text, &size, NULL));
    g_autofree char *commitment = kc_draw_commitment(SEED);
    ck_assert_ptr_nonnull(memmem(text, size, commitment, strlen(commitment)));
    ck_assert_ptr_null(memmem(text, size, SEED, sizeof SEED));
    fixture_read(check_next, GINT_TO_POINTER(1));
}
END_TEST

static Suite *
draws_suite(void)
{
    Suite *suite = suite_create("store/draws");
    TCase *tcase = tcase_create("draws");
    tcase_add_checked_fixture(tcase, setup, fixture_teardown);
    tcase_add_test(tcase, a_draw_is_committed_to_and_drawn_once);
    tcase_add_test(tcase, a_seed_that_waits_can_not_be_read_from_the_file);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(draws_suite())
