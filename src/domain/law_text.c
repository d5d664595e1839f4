/* Invariant: the passages read so far are whole. Articles follow each other by one (or by 之一, 之二), items of a
 * paragraph too; what comes before the first article is head or heading and holds nothing but dates. */
#include "src/domain/law_text.h"

#include "src/domain/han_number.h"
#include "src/domain/local_time.h"

#include <string.h>

G_DEFINE_QUARK(kc - law - text - error - quark, kc_law_text_error)

typedef struct {
    KcLawText *law;
    KcLawPassage place; /* of the passage read last; article 0: none yet */
    gboolean in_comment;
    gboolean starts_next_line; /* an article whose text has not begun */
    guint line;
    GError **error;
} Reading;

KcLawPassage *
kc_law_passage_new(const KcLawPassage *place, const char *text)
{
    KcLawPassage *passage = g_memdup2(place, sizeof *place);
    passage->text = g_strdup(text);
    return passage;
}

void
kc_law_passage_free(KcLawPassage *passage)
{
    if (passage == NULL)
        return;
    g_free(passage->text);
    g_free(passage);
}

void
kc_law_text_free(KcLawText *law)
{
    if (law == NULL)
        return;
    g_free(law->title);
    g_free(law->name);
    g_free(law->dated);
    g_ptr_array_unref(law->passages);
    g_free(law);
}

static gboolean refuse(Reading *reading, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
refuse(Reading *reading, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *reason = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(reading->error, KC_LAW_TEXT_ERROR, KC_LAW_TEXT_ERROR_DAMAGED, "line %u: %s", reading->line, reason);
    return FALSE;
}

/* In place; also the ideographic space. */
static char *
strip(char *text)
{
    char *end = text + strlen(text);
    while (*text != '\0' && (g_unichar_isspace(g_utf8_get_char(text)) || g_utf8_get_char(text) == 0xfeff))
        text = g_utf8_next_char(text);
    while (end > text && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(end))))
        end = g_utf8_prev_char(end);
    *end = '\0';
    return text;
}

/* ---- dates ---- */

/* YYYY年M月D日 at `text`, owned; NULL: none that exists. */
static char *
scan_date(const char *text)
{
    static const char *const units[] = {"年", "月", "日"};
    guint parts[3];
    for (guint i = 0; i < 3; i++) {
        text = kc_han_number_scan(text, &parts[i]);
        if (text == NULL || !g_str_has_prefix(text, units[i]))
            return NULL;
        text += strlen(units[i]);
    }
    g_autofree char *date = g_strdup_printf("%04u-%02u-%02u", parts[0], parts[1], parts[2]);
    return kc_local_date_is_valid(date) ? g_steal_pointer(&date) : NULL;
}

static void
take_newest_date(KcLawText *law, const char *line)
{
    for (const char *p = line; *p != '\0'; p = g_utf8_next_char(p)) {
        gboolean inside = p > line && g_unichar_isdigit(g_utf8_get_char(g_utf8_prev_char(p)));
        g_autofree char *date = inside ? NULL : scan_date(p);
        if (date == NULL || (law->dated != NULL && strcmp(law->dated, date) >= 0))
            continue;
        g_free(law->dated);
        law->dated = g_steal_pointer(&date);
    }
}

/* "本法自2004年5月1日起施行" of the last article, where the head has no date. */
static void
take_entry_into_force(KcLawText *law)
{
    for (guint i = law->passages->len; i > 0 && law->dated == NULL; i--) {
        const KcLawPassage *passage = law->passages->pdata[i - 1];
        const char *from = strstr(passage->text, "自");
        if (passage->article != law->articles)
            return;
        for (; from != NULL && law->dated == NULL; from = strstr(from + strlen("自"), "自"))
            law->dated = scan_date(from + strlen("自"));
    }
}

/* ---- lines ---- */

static gboolean
add_passage(Reading *reading, const char *text)
{
    if (*text == '\0')
        return refuse(reading, "the text of 第%u条 is missing here", reading->place.article);
    g_ptr_array_add(reading->law->passages, kc_law_passage_new(&reading->place, text));
    return TRUE;
}

/* 第…条 at the beginning of a line and white space, or nothing, after it; `ret_text` is what follows. */
static gboolean
is_article(const char *line, guint *ret_article, guint *ret_sub, const char **ret_text)
{
    *ret_sub = 0;
    if (!g_str_has_prefix(line, "第"))
        return FALSE;
    const char *rest = kc_han_number_scan(line + strlen("第"), ret_article);
    if (rest == NULL || !g_str_has_prefix(rest, "条"))
        return FALSE;
    rest += strlen("条");
    if (g_str_has_prefix(rest, "之")) {
        rest = kc_han_number_scan(rest + strlen("之"), ret_sub);
        if (rest == NULL)
            return FALSE;
    }
    if (*rest != '\0' && !g_unichar_isspace(g_utf8_get_char(rest)))
        return FALSE;
    while (*rest != '\0' && g_unichar_isspace(g_utf8_get_char(rest)))
        rest = g_utf8_next_char(rest);
    *ret_text = rest;
    return TRUE;
}

static gboolean
read_article(Reading *reading, guint article, guint sub, const char *text)
{
    const KcLawPassage *before = &reading->place;
    gboolean follows =
        sub == 0 ? article == before->article + 1 : article == before->article && sub == before->article_sub + 1;
    if (reading->starts_next_line)
        return refuse(reading, "第%u条 has no text", before->article);
    if (!follows)
        return refuse(reading, "第%u条 stands here, but 第%u条 should: an article is missing, twice or damaged",
                      article, before->article + 1);
    reading->place = (KcLawPassage){.article = article, .article_sub = sub, .paragraph = 1};
    reading->law->articles = article;
    reading->starts_next_line = *text == '\0';
    return reading->starts_next_line || add_passage(reading, text);
}

static gboolean
is_item(const char *line, guint *ret_item, const char **ret_text)
{
    if (!g_str_has_prefix(line, "(") && !g_str_has_prefix(line, "（"))
        return FALSE;
    const char *rest = kc_han_number_scan(g_utf8_next_char(line), ret_item);
    if (rest == NULL || (!g_str_has_prefix(rest, ")") && !g_str_has_prefix(rest, "）")))
        return FALSE;
    *ret_text = g_utf8_next_char(rest);
    return TRUE;
}

static gboolean
read_item(Reading *reading, guint item, const char *text)
{
    if (reading->starts_next_line || item != reading->place.item + 1)
        return refuse(reading, "item %u stands in 第%u条 where item %u should", item, reading->place.article,
                      reading->place.item + 1);
    reading->place.item = item;
    while (*text != '\0' && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return add_passage(reading, text);
}

static gboolean
read_body(Reading *reading, const char *line)
{
    guint number, sub;
    const char *text;

    if (is_article(line, &number, &sub, &text))
        return read_article(reading, number, sub, text);
    if (reading->place.article == 0) {
        take_newest_date(reading->law, line);
        return TRUE;
    }
    if (is_item(line, &number, &text))
        return read_item(reading, number, text);
    reading->place.paragraph += !reading->starts_next_line;
    reading->place.item = 0;
    reading->starts_next_line = FALSE;
    return add_passage(reading, line);
}

static gboolean
read_title(Reading *reading, const char *title)
{
    KcLawText *law = reading->law;
    if (law->title != NULL)
        return refuse(reading, "a second title; one file holds one law");
    law->title = g_strdup(title);
    law->name = kc_law_short_name(title);
    return *law->name != '\0' || refuse(reading, "the title is empty");
}

/* Whether the line is, begins or ends a comment; it then holds nothing else. */
static gboolean
is_comment(Reading *reading, const char *line)
{
    gboolean comment = reading->in_comment || g_str_has_prefix(line, "<!--");
    reading->in_comment = comment && strstr(line, "-->") == NULL;
    return comment;
}

static gboolean
check_characters(Reading *reading, const char *line)
{
    for (const char *p = line; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == 0xfffd || (g_unichar_iscntrl(c) && !g_unichar_isspace(c)))
            return refuse(reading, "a damaged character (U+%04X)", c);
    }
    return TRUE;
}

static gboolean
read_line(Reading *reading, char *line)
{
    line = strip(line);
    if (*line == '\0' || is_comment(reading, line))
        return TRUE;
    if (!check_characters(reading, line))
        return FALSE;
    if (g_str_has_prefix(line, "##"))
        return !reading->starts_next_line || refuse(reading, "第%u条 has no text", reading->place.article);
    if (*line == '#')
        return read_title(reading, strip(line + 1));
    if (reading->law->title == NULL)
        return refuse(reading, "text before the title; the first line is \"# \" and the name of the law");
    return read_body(reading, line);
}

/* A law ends with the article that says from when it is in force (…起施行), and with the end of a sentence. */
static gboolean
is_whole(const KcLawText *law)
{
    static const char *const ends[] = {"。", "）", "》", "”", NULL};
    const KcLawPassage *last = law->passages->pdata[law->passages->len - 1];
    gboolean sentence = FALSE, in_force = FALSE;

    for (guint i = 0; ends[i] != NULL; i++)
        sentence = sentence || g_str_has_suffix(last->text, ends[i]);
    for (guint i = 0; i < law->passages->len; i++) {
        const KcLawPassage *passage = law->passages->pdata[i];
        in_force = in_force || (passage->article == law->articles && strstr(passage->text, "施行") != NULL);
    }
    return sentence && in_force;
}

static gboolean
check_end(Reading *reading)
{
    KcLawText *law = reading->law;

    if (reading->in_comment)
        return refuse(reading, "a comment that does not end");
    if (law->title == NULL)
        return refuse(reading, "there is no title");
    if (law->passages->len == 0)
        return refuse(reading, "there is no article");
    if (reading->starts_next_line || !is_whole(law))
        return refuse(reading,
                      "the text ends in 第%u条, which is not the end of a law (…起施行。): the file is cut off",
                      law->articles);
    take_entry_into_force(law);
    return law->dated != NULL ||
           refuse(reading, "no date in the head, and none of entry into force in the last article");
}

static gboolean
check_encoding(const char *text, gsize size, GError **error)
{
    const char *bad;
    guint line = 1;

    if (g_utf8_validate_len(text, size, &bad))
        return TRUE;
    for (const char *p = text; p < bad; p++)
        line += *p == '\n';
    g_set_error(error, KC_LAW_TEXT_ERROR, KC_LAW_TEXT_ERROR_DAMAGED, "line %u: not UTF-8 text", line);
    return FALSE;
}

KcLawText *
kc_law_text_parse(const char *text, gsize size, GError **error)
{
    if (!check_encoding(text, size, error))
        return NULL;
    g_autoptr(KcLawText) law = g_new0(KcLawText, 1);
    g_autofree char *copy = g_strndup(text, size);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    Reading reading = {.law = law, .line = 1, .error = error};

    law->passages = g_ptr_array_new_with_free_func((GDestroyNotify)kc_law_passage_free);
    for (guint i = 0; lines[i] != NULL; i++) {
        reading.line = i + 1;
        if (!read_line(&reading, lines[i]))
            return NULL;
    }
    return check_end(&reading) ? g_steal_pointer(&law) : NULL;
}

/* ---- citations ---- */

static guint
paragraph_of_item(const GPtrArray *passages, const KcCitation *citation)
{
    for (guint i = 0; i < passages->len; i++) {
        const KcLawPassage *passage = passages->pdata[i];
        if (passage->article == citation->article && passage->article_sub == citation->article_sub &&
            passage->item == citation->item)
            return passage->paragraph;
    }
    return 0;
}

GPtrArray *
kc_law_passages_of(const GPtrArray *passages, const KcCitation *citation)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    gboolean has_item = citation->item == 0;
    guint paragraph = citation->paragraph;

    if (paragraph == 0 && citation->item > 0)
        paragraph = paragraph_of_item(passages, citation);
    for (guint i = 0; i < passages->len; i++) {
        KcLawPassage *passage = passages->pdata[i];
        gboolean wanted = passage->article == citation->article && passage->article_sub == citation->article_sub &&
                          (paragraph == 0 || passage->paragraph == paragraph) &&
                          (citation->item == 0 || passage->item == 0 || passage->item == citation->item);
        if (!wanted)
            continue;
        has_item = has_item || passage->item == citation->item;
        g_ptr_array_add(found, passage);
    }
    if (!has_item)
        g_ptr_array_set_size(found, 0);
    return g_steal_pointer(&found);
}
