#include "src/print/type.h"

#define MARKS_ON_ONE_CHARACTER 3
/* The middle of a Han character above the baseline, of its size. */
#define MIDDLE 0.38

struct KcType {
    PangoFontMap *map;
    PangoContext *context;
    char *fonts;
};

KcType *
kc_type_new(const char *fonts)
{
    KcType *type = g_new0(KcType, 1);
    type->map = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(type->map), 72);
    type->context = pango_font_map_create_context(type->map);
    type->fonts = g_strdup(fonts);
    pango_context_set_language(type->context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(type->context, PANGO_DIRECTION_LTR);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(type->context, options);
    cairo_font_options_destroy(options);
    return type;
}

void
kc_type_free(KcType *type)
{
    if (type == NULL)
        return;
    g_object_unref(type->context);
    g_object_unref(type->map);
    g_free(type->fonts);
    g_free(type);
}

static gboolean
turns_direction(gunichar c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_mark(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK || type == G_UNICODE_SPACING_MARK;
}

/* Unicode has no character there and cairo does not take it, though GLib finds it valid. */
static gboolean
is_noncharacter(gunichar c)
{
    return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

/* How a character is set; 0: not at all. */
static gunichar
tame_character(gunichar c)
{
    if (turns_direction(c))
        return 0;
    if (is_noncharacter(c))
        return 0xFFFD;
    return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c;
}

/* Pango widens a line at its spaces if it has any, and in Chinese that is one gap behind a number: `fixed` ones of a
 * quarter of an em let it widen all characters alike. */
static char *
tame(const char *text, gboolean fixed)
{
    GString *out = g_string_new(NULL);
    guint marks = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = tame_character(g_utf8_get_char(p));
        marks = c != 0 && is_mark(c) ? marks + 1 : 0;
        if (c != 0 && marks <= MARKS_ON_ONE_CHARACTER)
            g_string_append_unichar(out, c == ' ' && fixed ? 0x2005 : c);
    }
    return g_string_free(out, FALSE);
}

static void
set_font(PangoLayout *layout, const char *fonts, const KcStyle *style)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, fonts);
    pango_font_description_set_size(font, (int)(style->size_pt * PANGO_SCALE));
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
}

PangoLayout *
kc_type_layout(KcType *type, const KcStyle *style, const char *text, double width_pt)
{
    static const PangoAlignment aligns[] = {[KC_ALIGN_LEFT] = PANGO_ALIGN_LEFT,
                                            [KC_ALIGN_CENTER] = PANGO_ALIGN_CENTER,
                                            [KC_ALIGN_RIGHT] = PANGO_ALIGN_RIGHT,
                                            [KC_ALIGN_JUSTIFY] = PANGO_ALIGN_LEFT};
    PangoLayout *layout = pango_layout_new(type->context);
    g_autofree char *tamed = tame(text, style->align == KC_ALIGN_JUSTIFY);
    set_font(layout, type->fonts, style);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, tamed, -1);
    if (width_pt < 0)
        return layout;
    pango_layout_set_width(layout, (int)(width_pt * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, aligns[style->align]);
    pango_layout_set_justify(layout, style->align == KC_ALIGN_JUSTIFY);
    return layout;
}

double
kc_type_line_pt(const KcStyle *style)
{
    return style->size_pt * style->line_height;
}

/* Where the line begins, for alignment and indent. */
static double
line_x(PangoLayout *layout, int wanted)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    PangoRectangle logical = {0};
    for (int i = 0; i < wanted; i++)
        pango_layout_iter_next_line(iter);
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    pango_layout_iter_free(iter);
    return (double)logical.x / PANGO_SCALE;
}

void
kc_type_draw_line(cairo_t *cr, PangoLayout *layout, int line, const KcStyle *style, double x, double y)
{
    double baseline = y + kc_type_line_pt(style) / 2 + style->size_pt * MIDDLE;
    cairo_set_source_rgb(cr, style->colour.red, style->colour.green, style->colour.blue);
    cairo_move_to(cr, x + line_x(layout, line), baseline);
    pango_cairo_show_layout_line(cr, pango_layout_get_line_readonly(layout, line));
}

void
kc_type_draw(cairo_t *cr, PangoLayout *layout, const KcStyle *style, double x, double y)
{
    for (int i = 0; i < pango_layout_get_line_count(layout); i++)
        kc_type_draw_line(cr, layout, i, style, x, y + i * kc_type_line_pt(style));
}

double
kc_type_height_pt(PangoLayout *layout, const KcStyle *style)
{
    return pango_layout_get_line_count(layout) * kc_type_line_pt(style);
}

double
kc_type_width_pt(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

gboolean
kc_type_has_chinese(const char *fonts)
{
    static const KcStyle style = {.size_pt = 10, .line_height = 1};
    g_autoptr(KcType) type = kc_type_new(fonts);
    g_autoptr(PangoLayout) layout = kc_type_layout(type, &style, "道路交通事故认定书甲乙丙陕，。（）", -1);
    return pango_layout_get_unknown_glyphs_count(layout) == 0;
}
