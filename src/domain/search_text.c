#include "src/domain/search_text.h"

#include "src/base/names.h"

#include <string.h>

#define SURNAME_MARK "^" /* stands in no text that was cut: a surname alone is not a pair */
#define WORD_CHARS_MAX 64

const char *
kc_search_field_to_string(KcSearchField field)
{
    static const char *const names[KC_SEARCH_FIELD_COUNT] = {
        [KC_SEARCH_NUMBER] = "number",         [KC_SEARCH_PLATE] = "plate", [KC_SEARCH_PHONE] = "phone",
        [KC_SEARCH_IDENTIFIER] = "identifier", [KC_SEARCH_NAME] = "name",   [KC_SEARCH_PLACE] = "place",
        [KC_SEARCH_WORDS] = "words",           [KC_SEARCH_LIABILITY] = "liability",
    };
    g_assert(field < KC_SEARCH_FIELD_COUNT);
    return names[field];
}

gboolean
kc_search_by_from_string(const char *text, KcSearchBy *ret_by)
{
    static const char *const names[KC_SEARCH_BY_COUNT] = {
        [KC_SEARCH_BY_NOTHING] = "",      [KC_SEARCH_BY_OUTCOME] = "outcome",      [KC_SEARCH_BY_DECISION] = "decision",
        [KC_SEARCH_BY_REVIEW] = "review", [KC_SEARCH_BY_CLOSING] = "closing_code", [KC_SEARCH_BY_LIABILITY] = "liability",
    };
    int place = kc_names_find(names, KC_SEARCH_BY_COUNT, text);
    if (place > KC_SEARCH_BY_NOTHING)
        *ret_by = (KcSearchBy)place;
    return place > KC_SEARCH_BY_NOTHING;
}

/* Owned; NULL for what is not UTF-8. */
static char *
normal(const char *text)
{
    g_autofree char *compatible = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    return compatible != NULL ? g_utf8_strdown(compatible, -1) : NULL;
}

gboolean
kc_search_is_word(const char *typed, const char *word)
{
    g_autofree char *a = normal(typed), *b = normal(word);
    return a != NULL && g_strcmp0(a, b) == 0;
}

static gboolean
is_han(gunichar c)
{
    return g_unichar_get_script(c) == G_UNICODE_SCRIPT_HAN;
}

/* ---- Numbers ---- */

static gboolean
is_filler(gunichar c)
{
    return g_unichar_isspace(c) || c == '-' || c == '.' || c == 0x00B7;
}

/* Without fillers; a telephone number also without +86 or 0086, a case's number without its C. */
static char *
compact(KcSearchField field, const char *text)
{
    g_autofree char *lower = normal(text);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = lower; p != NULL && *p != '\0'; p = g_utf8_next_char(p))
        if (!is_filler(g_utf8_get_char(p)))
            g_string_append_unichar(out, g_utf8_get_char(p));
    if (field == KC_SEARCH_PHONE && g_str_has_prefix(out->str, "+86"))
        g_string_erase(out, 0, 3);
    else if (field == KC_SEARCH_PHONE && g_str_has_prefix(out->str, "0086"))
        g_string_erase(out, 0, 4);
    else if (field == KC_SEARCH_NUMBER && out->str[0] == 'c')
        g_string_erase(out, 0, 1);
    return g_strdup(out->str);
}

/* The last `chars` characters, where there are more. */
static void
add_end(GPtrArray *tokens, const char *text, glong chars)
{
    glong all = g_utf8_strlen(text, -1);
    if (all > chars)
        g_ptr_array_add(tokens, g_strdup(g_utf8_offset_to_pointer(text, all - chars)));
}

static void
add_number(KcSearchField field, const char *text, GPtrArray *tokens)
{
    char *whole = compact(field, text);
    if (*whole == '\0') {
        g_free(whole);
        return;
    }
    g_ptr_array_add(tokens, whole);
    if (field == KC_SEARCH_PLATE) {
        for (glong chars = g_utf8_strlen(whole, -1) - 1; chars >= 3; chars--)
            add_end(tokens, whole, chars);
        return;
    }
    if (field != KC_SEARCH_NUMBER)
        add_end(tokens, whole, 4);
    if (field != KC_SEARCH_PHONE)
        add_end(tokens, whole, 6);
}

static gboolean
is_number(KcSearchField field)
{
    return field <= KC_SEARCH_IDENTIFIER;
}

/* ---- Words ---- */

typedef struct {
    KcSearchField field;
    GPtrArray *tokens;
    GString *run; /* of Han characters, or of letters and digits */
    gboolean han;
} Cut;

static void
end_han(Cut *self)
{
    const char *p = self->run->str, *end = p + self->run->len;
    if (self->field == KC_SEARCH_NAME)
        g_ptr_array_add(self->tokens, g_strdup_printf(SURNAME_MARK "%.*s", (int)(g_utf8_next_char(p) - p), p));
    else if (g_utf8_next_char(p) == end)
        g_ptr_array_add(self->tokens, g_strdup(p));
    for (const char *next = g_utf8_next_char(p); next < end; p = next, next = g_utf8_next_char(next))
        g_ptr_array_add(self->tokens, g_strndup(p, (gsize)(g_utf8_next_char(next) - p)));
}

static void
end_run(Cut *self)
{
    if (self->run->len == 0)
        return;
    if (self->han)
        end_han(self);
    else
        g_ptr_array_add(self->tokens,
                        g_utf8_substring(self->run->str, 0, MIN(WORD_CHARS_MAX, g_utf8_strlen(self->run->str, -1))));
    g_string_truncate(self->run, 0);
}

static void
cut(KcSearchField field, const char *text, GPtrArray *tokens)
{
    g_autofree char *lower = normal(text);
    Cut self = {field, tokens, g_string_new(NULL), FALSE};
    for (const char *p = lower; p != NULL && *p != '\0' && tokens->len < KC_SEARCH_TOKENS_MAX;
         p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        gboolean han = is_han(c);
        if (!g_unichar_isalnum(c)) {
            end_run(&self);
            continue;
        }
        if (han != self.han)
            end_run(&self);
        self.han = han;
        g_string_append_unichar(self.run, c);
    }
    end_run(&self);
    g_string_free(self.run, TRUE);
}

void
kc_search_tokens(KcSearchField field, const char *text, GPtrArray *tokens)
{
    if (text == NULL || *text == '\0')
        return;
    if (is_number(field))
        add_number(field, text, tokens);
    else
        cut(field, text, tokens);
}

/* ---- Asking ---- */

/* Letters, digits and, for a plate, its province: at least three characters of them. */
static gboolean
looks_like_number(KcSearchField field, const char *text)
{
    glong digits = 0, chars = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p), chars++) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isdigit(c))
            digits++;
        else if (!g_unichar_isalpha(c) || (is_han(c) && field != KC_SEARCH_PLATE))
            return FALSE;
    }
    switch (field) {
    case KC_SEARCH_NUMBER:
        return digits >= 6;
    case KC_SEARCH_PHONE:
        return digits == chars && digits >= 4;
    case KC_SEARCH_IDENTIFIER:
        return digits > 0 && chars >= 4;
    default:
        return digits > 0 && chars >= 3 && chars <= 12;
    }
}

GPtrArray *
kc_search_asked(KcSearchField field, const char *piece)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(g_free);
    if (is_number(field)) {
        char *whole = compact(field, piece);
        if (looks_like_number(field, whole))
            g_ptr_array_add(tokens, whole);
        else
            g_free(whole);
        return g_steal_pointer(&tokens);
    }
    cut(field, piece, tokens);
    /* A surname is asked for by itself alone: it is part of no pair that is asked for. */
    if (field == KC_SEARCH_NAME && tokens->len > 1)
        for (guint i = tokens->len; i > 0; i--)
            if (g_str_has_prefix(tokens->pdata[i - 1], SURNAME_MARK))
                g_ptr_array_remove_index(tokens, i - 1);
    return g_steal_pointer(&tokens);
}

/* ---- Showing why ---- */

static gboolean
starts_here(const char *p, const char *piece, guint *ret_length)
{
    guint length = 0;
    while (*piece != '\0') {
        if (*p == '\0')
            return FALSE;
        if (g_unichar_tolower(g_utf8_get_char(p)) == g_unichar_tolower(g_utf8_get_char(piece)))
            piece = g_utf8_next_char(piece);
        else if (length == 0 || !is_filler(g_utf8_get_char(p)))
            return FALSE;
        p = g_utf8_next_char(p);
        length++;
    }
    *ret_length = length;
    return length > 0;
}

gboolean
kc_search_locate(const char *text, const char *piece, guint *ret_start, guint *ret_length, gboolean *ret_whole)
{
    g_autofree char *sought = compact(KC_SEARCH_PLATE, piece);
    glong chars = text != NULL ? g_utf8_strlen(sought, -1) : 0;
    for (glong part = chars; part > 0 && (part == chars || part >= 2); part--) {
        *g_utf8_offset_to_pointer(sought, part) = '\0';
        guint start = 0;
        for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p), start++) {
            if (starts_here(p, sought, ret_length)) {
                *ret_start = start;
                *ret_whole = part == chars;
                return TRUE;
            }
        }
    }
    return FALSE;
}
