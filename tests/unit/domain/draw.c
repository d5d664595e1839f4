/* The lot: what it comes to, that nobody is likelier than another, and that a draw which was bent is found. */
#include "src/domain/draw.h"

#include "src/base/hex.h"
#include "tests/support/kc_test.h"

#include <jansson.h>

#define CASE "01935cd1-7f00-7000-8000-0000000000c1"

static const char *
text(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

START_TEST(it_is_what_another_program_works_out)
{
    json_error_t error;
    json_t *root = json_load_file(KC_VECTORS "/draw.json", JSON_REJECT_DUPLICATES, &error), *row;
    gsize index;
    ck_assert_msg(root != NULL, "%s", error.text);
    json_array_foreach(json_object_get(root, "draws"), index, row)
    {
        guint8 seed[KC_DRAW_SEED_LEN];
        ck_assert(kc_hex_decode(text(row, "seed"), seed, sizeof seed));
        g_autofree char *commitment = kc_draw_commitment(seed);
        ck_assert_str_eq(commitment, text(row, "commitment"));
        guint place = kc_draw_place(seed, json_integer_value(json_object_get(row, "number")), text(row, "case_id"),
                                    (guint)json_integer_value(json_object_get(row, "count")));
        ck_assert_msg(place == json_integer_value(json_object_get(row, "place")), "row %zu: %u", index, place);
    }
    ck_assert_uint_gt(index, 5);
    json_decref(root);
}
END_TEST

START_TEST(numbers_of_the_last_round_are_passed_over)
{
    static const struct {
        guint64 value;
        guint count;
        gboolean taken;
        guint place;
    } rows[] = {
        {0, 1, TRUE, 0},
        {G_MAXUINT64, 1, TRUE, 0},
        {G_MAXUINT64, 2, TRUE, 1},
        {G_MAXUINT64, 3, FALSE, 0}, /* 2^64 = 3 * n + 1 */
        {G_MAXUINT64 - 1, 3, TRUE, 2},
        {G_MAXUINT64, 7, FALSE, 0}, /* 2^64 = 7 * n + 2 */
        {G_MAXUINT64 - 1, 7, FALSE, 0},
        {G_MAXUINT64 - 2, 7, TRUE, 6},
        {G_MAXUINT64, 1u << 31, TRUE, (1u << 31) - 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint place = 0;
        gboolean taken = kc_draw_place_of(rows[i].value, rows[i].count, &place);
        ck_assert_msg(taken == rows[i].taken && (!taken || place == rows[i].place), "row %u: %d %u", i, taken, place);
    }
}
END_TEST

/* Pearson's statistic of so many draws; the seeds are fixed, so that the test is. */
static double
chi_square(guint count, guint draws, gboolean by_number)
{
    g_autofree guint *hits = g_new0(guint, count);
    guint8 seed[KC_DRAW_SEED_LEN] = {0};
    double expected = (double)draws / count, sum = 0;
    for (guint i = 0; i < draws; i++) {
        if (!by_number) {
            seed[0] = (guint8)i;
            seed[1] = (guint8)(i >> 8);
        }
        hits[kc_draw_place(seed, by_number ? (gint64)i + 1 : 1, CASE, count)]++;
    }
    for (guint i = 0; i < count; i++)
        sum += (hits[i] - expected) * (hits[i] - expected) / expected;
    return sum;
}

/* Bounds: what chance alone exceeds once in a thousand times. */
START_TEST(nobody_is_likelier_than_another)
{
    static const struct {
        guint count;
        double bound;
    } rows[] = {{2, 10.83}, {3, 13.82}, {5, 18.47}, {7, 22.46}, {10, 27.88}, {31, 59.70}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        double by_seed = chi_square(rows[i].count, 30000, FALSE), by_number = chi_square(rows[i].count, 30000, TRUE);
        ck_assert_msg(by_seed < rows[i].bound, "%u places, many seeds: %g", rows[i].count, by_seed);
        ck_assert_msg(by_number < rows[i].bound, "%u places, one seed: %g", rows[i].count, by_number);
    }
}
END_TEST

START_TEST(the_number_the_case_and_the_seed_all_count)
{
    guint8 seed[KC_DRAW_SEED_LEN] = {1}, other[KC_DRAW_SEED_LEN] = {2};
    guint many = 1u << 30, place = kc_draw_place(seed, 1, CASE, many);
    ck_assert_uint_eq(kc_draw_place(seed, 1, CASE, many), place);
    ck_assert_uint_ne(kc_draw_place(seed, 2, CASE, many), place);
    ck_assert_uint_ne(kc_draw_place(other, 1, CASE, many), place);
    ck_assert_uint_ne(kc_draw_place(seed, 1, "01935cd1-7f00-7000-8000-0000000000c2", many), place);
}
END_TEST

START_TEST(a_draw_that_was_bent_is_found)
{
    static const char *const ids[] = {"a", "b", "c", NULL}, *const swapped[] = {"b", "a", "c", NULL},
                            *const twice[] = {"a", "a", "c", NULL}, *const fewer[] = {"a", NULL}, *const none[] = {NULL};
    guint8 seed[KC_DRAW_SEED_LEN] = {7};
    g_autofree char *hex = kc_hex_encode(seed, sizeof seed), *commitment = kc_draw_commitment(seed);
    guint place = kc_draw_place(seed, 5, CASE, 3);
    const char *chosen = ids[place], *other = ids[(place + 1) % 3];
    ck_assert_str_ne(chosen, "a"); /* so that a list without the others comes to somebody else */
    const struct {
        KcDraw draw;
        KcDrawCheck wanted;
    } rows[] = {
        {{5, commitment, hex, CASE, ids, chosen}, KC_DRAW_RIGHT},
        {{5, commitment, hex, CASE, ids, other}, KC_DRAW_OTHER_CHOSEN},
        {{5, commitment, hex, CASE, ids, "d"}, KC_DRAW_OTHER_CHOSEN},
        {{5, commitment, hex, CASE, fewer, chosen}, KC_DRAW_OTHER_CHOSEN},
        {{5, commitment, hex, CASE, swapped, chosen}, KC_DRAW_DISORDER},
        {{5, commitment, hex, CASE, twice, chosen}, KC_DRAW_DISORDER},
        {{5, commitment, hex, CASE, none, chosen}, KC_DRAW_DISORDER},
        {{5, commitment, hex, CASE, NULL, chosen}, KC_DRAW_DISORDER},
        {{5, hex, hex, CASE, ids, chosen}, KC_DRAW_OTHER_SEED},
        {{5, NULL, hex, CASE, ids, chosen}, KC_DRAW_OTHER_SEED},
        {{5, commitment, "07", CASE, ids, chosen}, KC_DRAW_NO_SEED},
        {{5, commitment, NULL, CASE, ids, chosen}, KC_DRAW_NO_SEED},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KcDrawCheck found = kc_draw_check(&rows[i].draw);
        ck_assert_msg(found == rows[i].wanted, "row %u: %s", i, kc_draw_check_text(found));
    }
}
END_TEST

static Suite *
draw_suite(void)
{
    Suite *suite = suite_create("domain/draw");
    TCase *tcase = tcase_create("draw");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, it_is_what_another_program_works_out);
    tcase_add_test(tcase, numbers_of_the_last_round_are_passed_over);
    tcase_add_test(tcase, nobody_is_likelier_than_another);
    tcase_add_test(tcase, the_number_the_case_and_the_seed_all_count);
    tcase_add_test(tcase, a_draw_that_was_bent_is_found);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(draw_suite())
