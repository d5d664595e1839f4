#include "src/print/caption.h"

#include "tests/support/kc_test.h"

static guint
inked(const KcDrawnText *drawn)
{
    gsize len;
    const guint8 *cover = g_bytes_get_data(drawn->cover, &len);
    guint count = 0;
    ck_assert_uint_eq(len, (gsize)drawn->width * drawn->height);
    for (gsize i = 0; i < len; i++)
        count += cover[i] > 128 ? 1 : 0;
    return count;
}

static const struct {
    const char *text;
    gboolean shows;
} texts[] = {
    {"甲方 张三", TRUE},
    {"derivative, not the original", TRUE},
    {"", FALSE},
    {" ", FALSE},
    {"two\nlines\r\nand a \t tab", TRUE},
    {"\xe2\x80\xae\xd7\xa9\xd7\x9c", TRUE},                              /* turns the direction */
    {"a\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80\xcc\x80", TRUE}, /* heaped */
    {"\xf0\x9f\x9a\x97 \xef\xbf\xbe", TRUE},                             /* a car; no character */
};

START_TEST(any_text_is_a_line_that_fits)
{
    KcDrawnText drawn = kc_print_caption(texts[_i].text, 20, FALSE, 300);
    ck_assert_uint_ge(drawn.width, 1);
    ck_assert_uint_le(drawn.width, 300);
    ck_assert_uint_eq(drawn.height, 26);
    ck_assert_int_eq(inked(&drawn) > 0, texts[_i].shows);
    g_bytes_unref(drawn.cover);
}
END_TEST

START_TEST(what_is_too_long_is_cut)
{
    g_autofree char *name = g_strnfill(2000, 'W');
    KcDrawnText whole = kc_print_caption("WWWW", 20, FALSE, 300), cut = kc_print_caption(name, 20, FALSE, 300);
    ck_assert_uint_lt(whole.width, 300);
    ck_assert_uint_le(cut.width, 300);
    ck_assert_uint_gt(cut.width, 250);
    ck_assert_uint_gt(inked(&cut), inked(&whole));
    g_bytes_unref(whole.cover);
    g_bytes_unref(cut.cover);
}
END_TEST

START_TEST(cells_are_all_alike)
{
    KcDrawnText cells[4];
    kc_print_cells("01: ", 24, cells);
    for (guint i = 0; i < 4; i++) {
        ck_assert_uint_eq(cells[i].width, cells[0].width);
        ck_assert_uint_eq(cells[i].height, cells[0].height);
        ck_assert_int_eq(inked(&cells[i]) > 0, i < 3);
        g_bytes_unref(cells[i].cover);
    }
}
END_TEST

static Suite *
caption_suite(void)
{
    Suite *suite = suite_create("print/caption");
    TCase *tcase = tcase_create("caption");
    tcase_add_loop_test(tcase, any_text_is_a_line_that_fits, 0, G_N_ELEMENTS(texts));
    tcase_add_test(tcase, what_is_too_long_is_cut);
    tcase_add_test(tcase, cells_are_all_alike);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(caption_suite())
