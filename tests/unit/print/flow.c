/* Where pages break: pieces whole, headings with what they head, paragraphs by two lines at least. */
#include "src/print/flow.h"
#include "tests/support/kc_test.h"

#define WIDTH 200
#define LINE 10.0

static const KcStyle STYLE = {.size_pt = 10, .line_height = 1};
static const char *const FONTS = "Noto Serif CJK SC,WenQuanYi Micro Hei,serif";

static KcType *type;
/* What was drawn, in order: "name@y". */
static GString *drawn;

static void
set_up(void)
{
    type = kc_type_new(FONTS);
    drawn = g_string_new(NULL);
}

static void
tear_down(void)
{
    kc_type_free(type);
    g_string_free(drawn, TRUE);
}

static void
note(cairo_t *cr, gpointer name, double x, double y)
{
    g_string_append_printf(drawn, "%s@%.0f ", (const char *)name, y);
}

static void
piece(KcFlow *flow, const char *name, double height, gboolean keep)
{
    kc_flow_piece(flow, height, note, (gpointer)name, NULL);
    if (keep)
        kc_flow_keep(flow);
}

static void
assert_pages(KcFlow *flow, guint pages, const char *wanted)
{
    ck_assert_uint_eq(kc_flow_paginate(flow), pages);
    for (guint page = 0; page < pages; page++) {
        kc_flow_draw(flow, NULL, page, 0, 0);
        g_string_append(drawn, "| ");
    }
    ck_assert_str_eq(drawn->str, wanted);
}

START_TEST(a_piece_is_never_divided)
{
    g_autoptr(KcFlow) flow = kc_flow_new(type, WIDTH, 100);
    piece(flow, "a", 60, FALSE);
    piece(flow, "b", 60, FALSE);
    piece(flow, "c", 40, FALSE);
    assert_pages(flow, 2, "a@0 | b@0 c@60 | ");
}
END_TEST

START_TEST(a_heading_goes_with_what_it_heads)
{
    g_autoptr(KcFlow) flow = kc_flow_new(type, WIDTH, 100);
    piece(flow, "a", 70, FALSE);
    piece(flow, "heading", 20, TRUE);
    piece(flow, "b", 20, FALSE);
    assert_pages(flow, 2, "a@0 | heading@0 b@20 | ");
}
END_TEST

START_TEST(space_is_not_carried_to_the_next_page)
{
    g_autoptr(KcFlow) flow = kc_flow_new(type, WIDTH, 100);
    kc_flow_space(flow, 30);
    piece(flow, "a", 80, FALSE);
    kc_flow_space(flow, 10);
    kc_flow_space(flow, 5);
    piece(flow, "b", 10, FALSE);
    kc_flow_space(flow, 10);
    piece(flow, "c", 10, FALSE);
    assert_pages(flow, 2, "a@0 b@90 | c@0 | ");
}
END_TEST

START_TEST(what_is_bound_and_higher_than_a_page_is_parted)
{
    g_autoptr(KcFlow) flow = kc_flow_new(type, WIDTH, 100);
    for (guint i = 0; i < 4; i++)
        piece(flow, "row", 40, i < 3);
    piece(flow, "huge", 1000, FALSE);
    assert_pages(flow, 3, "row@0 row@40 | row@0 row@40 | huge@0 | ");
}
END_TEST

START_TEST(nothing_is_one_empty_page)
{
    g_autoptr(KcFlow) flow = kc_flow_new(type, WIDTH, 100);
    assert_pages(flow, 1, "| ");
}
END_TEST

/* Four lines that end one below the page: two go over, not one; and two stay, not one. */
START_TEST(a_paragraph_is_parted_by_two_lines)
{
    static const struct {
        double before; /* pieces before the paragraph */
        const char *marker;
    } cases[] = {{70, "two and two"}, {90, "none and four"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(KcFlow) flow = kc_flow_new(type, 5 * LINE, 100);
        g_string_truncate(drawn, 0);
        piece(flow, "a", cases[i].before, FALSE);
        kc_flow_paragraph(flow, &STYLE, "一二三四五一二三四五一二三四五一二三四五", 0);
        piece(flow, "end", 10, FALSE);
        ck_assert_uint_eq(kc_flow_paginate(flow), 2);
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
        cairo_t *cr = cairo_create(surface);
        kc_flow_draw(flow, cr, 1, 0, 0);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
        ck_assert_str_eq(drawn->str, i == 0 ? "end@20 " : "end@40 ");
    }
}
END_TEST

static Suite *
flow_suite(void)
{
    Suite *suite = suite_create("print/flow");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, a_piece_is_never_divided);
    tcase_add_test(all, a_heading_goes_with_what_it_heads);
    tcase_add_test(all, space_is_not_carried_to_the_next_page);
    tcase_add_test(all, what_is_bound_and_higher_than_a_page_is_parted);
    tcase_add_test(all, nothing_is_one_empty_page);
    tcase_add_test(all, a_paragraph_is_parted_by_two_lines);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(flow_suite())
