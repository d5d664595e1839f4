#include "src/domain/search_text.h"

#include "tests/support/kc_test.h"

#define NOW_US 1795417200000000 /* 2026-11-23 15:00 in Beijing, a Monday */
#define DAY (24 * G_TIME_SPAN_HOUR)
#define MIDNIGHT (NOW_US - 15 * G_TIME_SPAN_HOUR)

static const struct {
    KcSearchField field;
    const char *text, *asked;
    gboolean found;
} pairs[] = {
    {KC_SEARCH_PLATE, "陕H12345", "陕H12345", TRUE},
    {KC_SEARCH_PLATE, "陕H12345", "陕h·12345", TRUE},
    {KC_SEARCH_PLATE, "陕H12345", "12345", TRUE},
    {KC_SEARCH_PLATE, "陕H12345", "345", TRUE},
    {KC_SEARCH_PLATE, "陕H12345", "45", FALSE},
    {KC_SEARCH_PLATE, "陕H12345", "陕H1234", FALSE},
    {KC_SEARCH_PHONE, "13800000000", "+86 138-0000-0000", TRUE},
    {KC_SEARCH_PHONE, "13800004321", "4321", TRUE},
    {KC_SEARCH_PHONE, "13800004321", "321", FALSE},
    {KC_SEARCH_NUMBER, "C-20261123-000042", "C-20261123-000042", TRUE},
    {KC_SEARCH_NUMBER, "C-20261123-000042", "20261123000042", TRUE},
    {KC_SEARCH_NUMBER, "C-20261123-000042", "000042", TRUE},
    {KC_SEARCH_NUMBER, "C-20261123-000042", "000043", FALSE},
    {KC_SEARCH_IDENTIFIER, "612501199001011239", "011239", TRUE},
    {KC_SEARCH_IDENTIFIER, "612501199001011239", "1239", TRUE},
    {KC_SEARCH_NAME, "欧阳修文", "欧阳", TRUE},
    {KC_SEARCH_NAME, "欧阳修文", "修文", TRUE},
    {KC_SEARCH_NAME, "张三", "张", TRUE},
    {KC_SEARCH_NAME, "张三", "三", FALSE},
    {KC_SEARCH_NAME, "Zhang San", "zhang", TRUE},
    {KC_SEARCH_PLACE, "商州区北新街与工农路路口", "北新街", TRUE},
    {KC_SEARCH_PLACE, "商州区北新街与工农路路口", "工农路", TRUE},
    {KC_SEARCH_PLACE, "商州区北新街与工农路路口", "南新街", FALSE},
    {KC_SEARCH_PLACE, "G40 沪陕高速 K1380", "g40", TRUE},
    {KC_SEARCH_WORDS, "甲车变更车道，影响乙车。", "变更车道", TRUE},
    {KC_SEARCH_WORDS, "甲车变更车道，影响乙车。", "车道影响", FALSE}, /* a comma parts them */
    {KC_SEARCH_WORDS, "The brakes failed", "BRAKES", TRUE},
    {KC_SEARCH_WORDS, "１２３号", "123", TRUE}, /* NFKC */
};

static gboolean
holds(GPtrArray *tokens, const char *token)
{
    return g_ptr_array_find_with_equal_func(tokens, token, g_str_equal, NULL);
}

START_TEST(a_word_is_itself_however_it_is_written)
{
    KcSearchBy by = KC_SEARCH_BY_NOTHING;
    ck_assert(kc_search_is_word("全责", "全责"));
    ck_assert(kc_search_is_word("Full Liability", "full liability"));
    ck_assert(kc_search_is_word("ＳＩＧＮＥＤ", "signed"));
    ck_assert(!kc_search_is_word("全责任", "全责"));
    ck_assert(!kc_search_is_word("\xff", "\xff"));
    ck_assert(kc_search_by_from_string("liability", &by));
    ck_assert_int_eq(by, KC_SEARCH_BY_LIABILITY);
    ck_assert(!kc_search_by_from_string("", &by));
    ck_assert(!kc_search_by_from_string("mood", &by));
}
END_TEST

START_TEST(what_is_asked_for_is_what_was_kept)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    kc_search_tokens(pairs[_i].field, pairs[_i].text, kept);
    g_autoptr(GPtrArray) asked = kc_search_asked(pairs[_i].field, pairs[_i].asked);
    gboolean found = asked->len > 0;
    for (guint i = 0; i < asked->len; i++)
        found = found && holds(kept, asked->pdata[i]);
    ck_assert_msg(found == pairs[_i].found, "%s in %s", pairs[_i].asked, pairs[_i].text);
}
END_TEST

START_TEST(nothing_is_kept_of_nothing_and_not_too_much_of_much)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) much = g_string_new(NULL);
    for (int i = 0; i < 3 * KC_SEARCH_TOKENS_MAX; i++)
        g_string_append(much, "词 ");
    kc_search_tokens(KC_SEARCH_WORDS, NULL, kept);
    kc_search_tokens(KC_SEARCH_WORDS, "", kept);
    kc_search_tokens(KC_SEARCH_WORDS, "\xff\xfe", kept);
    kc_search_tokens(KC_SEARCH_PLATE, " - ", kept);
    ck_assert_uint_eq(kept->len, 0);
    kc_search_tokens(KC_SEARCH_WORDS, much->str, kept);
    ck_assert_uint_le(kept->len, KC_SEARCH_TOKENS_MAX + 1);
}
END_TEST

static const struct {
    const char *q;
    gint64 from_us, to_us;
    guint pieces;
} typed[] = {
    {NULL, 0, 0, 0},
    {"", 0, 0, 0},
    {"今天", MIDNIGHT, MIDNIGHT + DAY, 0},
    {"昨天 追尾", MIDNIGHT - DAY, MIDNIGHT, 1},
    {"Yesterday", MIDNIGHT - DAY, MIDNIGHT, 0},
    {"本周", MIDNIGHT, MIDNIGHT + 7 * DAY, 0},
    {"last week 张三", MIDNIGHT - 7 * DAY, MIDNIGHT, 1},
    {"2026-11-22", MIDNIGHT - DAY, MIDNIGHT, 0},
    {"20261122", MIDNIGHT - DAY, MIDNIGHT, 0},
    {"C-20261122", MIDNIGHT - DAY, MIDNIGHT, 0},
    {"2026年11月22日", MIDNIGHT - DAY, MIDNIGHT, 0},
    {"11月22日", MIDNIGHT - DAY, MIDNIGHT, 0},
    {"11月24日", MIDNIGHT - 364 * DAY, MIDNIGHT - 363 * DAY, 0}, /* of last year */
    {"2026-11", MIDNIGHT - 22 * DAY, MIDNIGHT + 8 * DAY, 0},
    {"2026-11-20..2026-11-22", MIDNIGHT - 3 * DAY, MIDNIGHT, 0},
    {"11月20日至11月22日", MIDNIGHT - 3 * DAY, MIDNIGHT, 0},
    {"2026-02-30", 0, 0, 1},
    {"2026-13", 0, 0, 1},
    {"C-20261123-000042", 0, 0, 1},
    {"+86 138 0000 0000", 0, 0, 1},
    {"陕H 12345 北新街", 0, 0, 2},
    {"张三，李四、王五", 0, 0, 3},
    {"a b c d e f g h i j", 0, 0, KC_SEARCH_PIECES_MAX},
};

START_TEST(what_is_typed_is_understood)
{
    g_autoptr(KcSearchQuery) query = kc_search_query_parse(typed[_i].q, NOW_US);
    ck_assert_msg(query->pieces->len == typed[_i].pieces, "%s: %u pieces", typed[_i].q, query->pieces->len);
    ck_assert_msg(query->from_us == typed[_i].from_us && query->to_us == typed[_i].to_us, "%s: %+.2f to %+.2f days",
                  typed[_i].q, (double)(query->from_us - MIDNIGHT) / DAY, (double)(query->to_us - MIDNIGHT) / DAY);
    ck_assert((query->day_text != NULL) == (query->to_us != 0));
}
END_TEST

static const struct {
    const char *text, *piece;
    int start;
    guint length;
    gboolean whole;
} places[] = {
    {"商州区北新街", "北新街", 3, 3, TRUE},
    {"陕H12345", "h12345", 1, 6, TRUE},
    {"C-20261123-000042", "20261123000042", 2, 15, TRUE},
    {"变更车道时刮擦", "变更车道并行", 0, 4, FALSE},
    {"C-20261130-000001", "13800000000", 7, 2, FALSE},
    {"张三", "李", -1, 0, FALSE},
    {"", "李", -1, 0, FALSE},
};

START_TEST(where_it_stands_is_shown)
{
    guint start = 0, length = 0;
    gboolean whole = FALSE;
    gboolean found = kc_search_locate(places[_i].text, places[_i].piece, &start, &length, &whole);
    ck_assert_int_eq(found, places[_i].start >= 0);
    if (found) {
        ck_assert_int_eq((int)start, places[_i].start);
        ck_assert_uint_eq(length, places[_i].length);
        ck_assert_int_eq(whole, places[_i].whole);
    }
}
END_TEST

static Suite *
search_text_suite(void)
{
    Suite *suite = suite_create("domain/search_text");
    TCase *tcase = tcase_create("search_text");
    tcase_add_test(tcase, a_word_is_itself_however_it_is_written);
    tcase_add_loop_test(tcase, what_is_asked_for_is_what_was_kept, 0, G_N_ELEMENTS(pairs));
    tcase_add_test(tcase, nothing_is_kept_of_nothing_and_not_too_much_of_much);
    tcase_add_loop_test(tcase, what_is_typed_is_understood, 0, G_N_ELEMENTS(typed));
    tcase_add_loop_test(tcase, where_it_stands_is_shown, 0, G_N_ELEMENTS(places));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(search_text_suite())
