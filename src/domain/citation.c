/* A citation is read from left to right. What was said last stays in force until said anew: the law for its articles,
 * the article for its 款, the 款 for its 项. A part that follows at once narrows the citation before it (第44条第2款);
 * one after a separator is a citation of its own (第3项、第4项). */
#include "src/domain/citation.h"

#include "src/domain/han_number.h"

#include <string.h>

#define MOST_CITATIONS 64
#define MOST_IN_A_ROW 16

typedef struct {
    const char *at;
    char *law;
    KcCitation place; /* what is in force; its law is not used */
    gboolean apart;   /* a separator stood before this */
    GPtrArray *citations;
} Reading;

void
kc_citation_free(KcCitation *citation)
{
    if (citation == NULL)
        return;
    g_free(citation->law);
    g_free(citation);
}

char *
kc_citation_to_string(const KcCitation *citation)
{
    g_autoptr(GString) text = g_string_new(citation->law);
    g_string_append_printf(text, "第%u条", citation->article);
    if (citation->article_sub > 0)
        g_string_append_printf(text, "之%u", citation->article_sub);
    if (citation->paragraph > 0)
        g_string_append_printf(text, "第%u款", citation->paragraph);
    if (citation->item > 0)
        g_string_append_printf(text, "第%u项", citation->item);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
kc_law_short_name(const char *title)
{
    static const char state[] = "中华人民共和国";
    g_autoptr(GString) name = g_string_new(title);
    g_string_replace(name, "《", "", 0);
    g_string_replace(name, "》", "", 0);
    g_strstrip(name->str);
    const char *rest = g_str_has_prefix(name->str, state) ? name->str + strlen(state) : name->str;
    return g_strdup(*rest != '\0' ? rest : name->str);
}

static gboolean
skip(Reading *reading, const char *word)
{
    if (!g_str_has_prefix(reading->at, word))
        return FALSE;
    reading->at += strlen(word);
    return TRUE;
}

static void
skip_separators(Reading *reading)
{
    static const char *const separators[] = {"；", ";", "、", "，", ",", "和", "及", " ", "　", "》", NULL};
    for (gboolean again = TRUE; again;) {
        again = FALSE;
        for (guint i = 0; separators[i] != NULL && !again; i++)
            again = skip(reading, separators[i]);
        reading->apart = reading->apart || again;
    }
}

static gboolean
scan_number(Reading *reading, guint *ret_number)
{
    gboolean braced = skip(reading, "（") || skip(reading, "(");
    const char *rest = kc_han_number_scan(reading->at, ret_number);
    if (rest == NULL)
        return FALSE;
    reading->at = rest;
    return !braced || skip(reading, "）") || skip(reading, ")");
}

/* The name of a law stands before the first 第 that a number follows. */
static gboolean
scan_law(Reading *reading)
{
    guint number;
    const char *end = reading->at;
    while ((end = strstr(end, "第")) != NULL && kc_han_number_scan(end + strlen("第"), &number) == NULL &&
           !g_str_has_prefix(end, "第（") && !g_str_has_prefix(end, "第("))
        end += strlen("第");
    if (end == NULL || end == reading->at)
        return end != NULL;
    g_autofree char *title = g_strndup(reading->at, (gsize)(end - reading->at));
    g_free(reading->law);
    reading->law = kc_law_short_name(title);
    reading->place = (KcCitation){0};
    reading->at = end;
    return reading->law[0] != '\0';
}

static gboolean
add(Reading *reading)
{
    if (reading->law == NULL || reading->place.article == 0 || reading->citations->len >= MOST_CITATIONS)
        return FALSE;
    KcCitation *citation = g_memdup2(&reading->place, sizeof reading->place);
    citation->law = g_strdup(reading->law);
    g_ptr_array_add(reading->citations, citation);
    return TRUE;
}

/* 款 or 项 of what stands before, or a further one beside it. */
static gboolean
narrow(Reading *reading)
{
    if (!reading->apart && reading->citations->len > 0)
        g_ptr_array_remove_index(reading->citations, reading->citations->len - 1);
    return add(reading);
}

/* 第23条至第26条: the articles between as well. */
static gboolean
add_range(Reading *reading, guint last)
{
    const guint count = reading->citations->len;
    const KcCitation *first = count > 0 ? reading->citations->pdata[count - 1] : NULL;
    if (first == NULL || first->article >= last || first->paragraph != 0 || first->item != 0)
        return FALSE;
    for (guint article = first->article + 1; article <= last; article++) {
        reading->place = (KcCitation){.article = article};
        if (!add(reading))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_article(Reading *reading, guint article)
{
    reading->place = (KcCitation){.article = article};
    return (!skip(reading, "之") || scan_number(reading, &reading->place.article_sub)) && add(reading);
}

static gboolean
add_paragraph(Reading *reading, guint paragraph)
{
    reading->place.paragraph = paragraph;
    reading->place.item = 0;
    return narrow(reading);
}

static gboolean
add_item(Reading *reading, guint item)
{
    reading->place.item = item;
    return narrow(reading);
}

/* One number, or a row of them with the unit at its end: 第25、26条. */
static gboolean
scan_numbers(Reading *reading, guint numbers[MOST_IN_A_ROW], guint *ret_count)
{
    guint count = 0;
    do {
        if (count == MOST_IN_A_ROW || !scan_number(reading, &numbers[count]))
            return FALSE;
        count++;
    } while (skip(reading, "、"));
    *ret_count = count;
    return TRUE;
}

static gboolean
scan_part(Reading *reading)
{
    static const struct {
        const char *name;
        gboolean (*add)(Reading *reading, guint number);
    } units[] = {{"条", add_article}, {"款", add_paragraph}, {"项", add_item}};
    gboolean is_range = skip(reading, "至");
    guint numbers[MOST_IN_A_ROW], count = 0;

    if (!scan_law(reading) || !skip(reading, "第") || !scan_numbers(reading, numbers, &count))
        return FALSE;
    if (is_range)
        return count == 1 && skip(reading, "条") && add_range(reading, numbers[0]);
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        if (!skip(reading, units[i].name))
            continue;
        gboolean good = TRUE;
        for (guint n = 0; n < count && good; n++) {
            good = units[i].add(reading, numbers[n]);
            reading->apart = TRUE;
        }
        return good;
    }
    return FALSE;
}

GPtrArray *
kc_citations_parse(const char *text)
{
    g_autoptr(GPtrArray) citations = g_ptr_array_new_with_free_func((GDestroyNotify)kc_citation_free);
    Reading reading = {.at = text, .citations = citations};
    gboolean good = text != NULL && g_utf8_validate(text, -1, NULL);

    if (good)
        skip_separators(&reading);
    while (good && *reading.at != '\0') {
        good = scan_part(&reading);
        reading.apart = FALSE;
        if (good)
            skip_separators(&reading);
    }
    g_free(reading.law);
    return good && citations->len > 0 ? g_steal_pointer(&citations) : NULL;
}
