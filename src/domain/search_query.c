/* What somebody typed, read: the days in it, and what is left. */
#include "src/domain/local_time.h"
#include "src/domain/search_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY (24 * G_TIME_SPAN_HOUR)

typedef struct {
    gint64 from_us, to_us;
} Span;

static gint64
midnight_of(const GDate *date)
{
    /* GDate counts the 1st of January of year 1 as day 1; 1970-01-01 is day 719163. */
    return ((gint64)g_date_get_julian(date) - 719163) * DAY - 8 * G_TIME_SPAN_HOUR;
}

static gboolean
day_span(int year, int month, int day, Span *ret_span)
{
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return FALSE;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    ret_span->from_us = midnight_of(&date);
    ret_span->to_us = ret_span->from_us + DAY;
    return TRUE;
}

static gboolean
month_span(int year, int month, Span *ret_span)
{
    Span last;
    if (month < 1 || month > 12 || !day_span(year, month, 1, ret_span) ||
        !day_span(year, month, g_date_get_days_in_month((GDateMonth)month, (GDateYear)year), &last))
        return FALSE;
    ret_span->to_us = last.to_us;
    return TRUE;
}

static void
today_of(gint64 now_us, int *ret_year, int *ret_month, int *ret_day)
{
    g_autofree char *date = kc_local_date(now_us);
    *ret_year = atoi(date);
    *ret_month = atoi(date + 5);
    *ret_day = atoi(date + 8);
}

/* ---- named spans ---- */

static int
weekday_of(gint64 midnight_us) /* Monday 0 */
{
    return (int)(((midnight_us + 8 * G_TIME_SPAN_HOUR) / DAY + 3) % 7);
}

static gboolean
named_span(const char *word, gint64 now_us, Span *ret_span)
{
    static const struct {
        const char *zh, *en;
        char unit;
        int back;
    } names[] = {
        {"今天", "today", 'd', 0},      {"昨天", "yesterday", 'd', 1}, {"前天", "", 'd', 2},
        {"本周", "this week", 'w', 0},  {"上周", "last week", 'w', 1}, {"本月", "this month", 'm', 0},
        {"上月", "last month", 'm', 1}, {"上个月", "", 'm', 1},        {"这周", "", 'w', 0},
        {"今日", "", 'd', 0},           {"昨日", "", 'd', 1},
    };
    gint64 midnight = kc_local_midnight(now_us);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(word, names[i].zh) != 0 && (*names[i].en == '\0' || g_ascii_strcasecmp(word, names[i].en) != 0))
            continue;
        int year, month, day;
        today_of(now_us, &year, &month, &day);
        if (names[i].unit == 'm')
            return month_span(month > names[i].back ? year : year - 1,
                              month > names[i].back ? month - names[i].back : 12, ret_span);
        gint64 length = names[i].unit == 'w' ? 7 * DAY : DAY;
        gint64 first = names[i].unit == 'w' ? midnight - weekday_of(midnight) * DAY : midnight;
        *ret_span = (Span){first - names[i].back * length, first - (names[i].back - 1) * length};
        return TRUE;
    }
    return FALSE;
}

/* ---- written dates ---- */

/* "11月23日": the latest such day that is not to come. */
static gboolean
day_of_year_span(int month, int day, gint64 now_us, Span *ret_span)
{
    int year, this_month, this_day;
    today_of(now_us, &year, &this_month, &this_day);
    gboolean to_come = month > this_month || (month == this_month && day > this_day);
    return day_span(to_come ? year - 1 : year, month, day, ret_span);
}

static gboolean
written_span(const char *word, gint64 now_us, Span *ret_span)
{
    int a, b, c, end = 0;
    if (sscanf(word, "%4d年%2d月%2d日%n", &a, &b, &c, &end) == 3 && end > 0 && word[end] == '\0')
        return day_span(a, b, c, ret_span);
    end = 0;
    if (sscanf(word, "%4d年%2d月%n", &a, &b, &end) == 2 && end > 0 && word[end] == '\0')
        return month_span(a, b, ret_span);
    end = 0;
    if (sscanf(word, "%2d月%2d日%n", &a, &b, &end) == 2 && end > 0 && word[end] == '\0')
        return day_of_year_span(a, b, now_us, ret_span);
    end = 0;
    if (sscanf(word, "%4d-%2d-%2d%n", &a, &b, &c, &end) == 3 && word[end] == '\0' && a > 999)
        return day_span(a, b, c, ret_span);
    end = 0;
    if (sscanf(word, "%4d-%2d%n", &a, &b, &end) == 2 && word[end] == '\0' && a > 999)
        return month_span(a, b, ret_span);
    end = 0;
    if (strlen(word) == 8 && g_str_has_prefix(word, "20") && strspn(word, "0123456789") == 8 &&
        sscanf(word, "%4d%2d%2d%n", &a, &b, &c, &end) == 3)
        return day_span(a, b, c, ret_span);
    return FALSE;
}

static gboolean
span_of(const char *word, gint64 now_us, Span *ret_span)
{
    /* "C-20261123": the cases of that day. */
    const char *day = g_ascii_strncasecmp(word, "C-", 2) == 0 && strlen(word) == 10 ? word + 2 : word;
    return named_span(word, now_us, ret_span) || written_span(day, now_us, ret_span);
}

/* Two days with a sign between them. */
static gboolean
range_of(const char *word, gint64 now_us, Span *ret_span)
{
    static const char *const signs[] = {"..", "至", "~"};
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        const char *sign = strstr(word, signs[i]);
        if (sign == NULL)
            continue;
        Span first, last;
        g_autofree char *before = g_strndup(word, (gsize)(sign - word));
        if (!span_of(before, now_us, &first) || !span_of(sign + strlen(signs[i]), now_us, &last) ||
            last.to_us <= first.from_us)
            return FALSE;
        *ret_span = (Span){first.from_us, last.to_us};
        return TRUE;
    }
    return FALSE;
}

/* ---- all of it ---- */

static void
narrow(KcSearchQuery *query, const Span *span, const char *words)
{
    query->from_us = MAX(query->from_us, span->from_us);
    query->to_us = query->to_us == 0 ? span->to_us : MIN(query->to_us, span->to_us);
    char *text = query->day_text != NULL ? g_strjoin(" ", query->day_text, words, NULL) : g_strdup(words);
    g_free(query->day_text);
    query->day_text = text;
}

/* How many of `words` name days; 0: the first does not. */
static guint
take_days(KcSearchQuery *query, char **words, gint64 now_us)
{
    Span span;
    if (words[1] != NULL) {
        g_autofree char *both = g_strjoin(" ", words[0], words[1], NULL);
        if (named_span(both, now_us, &span)) {
            narrow(query, &span, both);
            return 2;
        }
    }
    if (!span_of(words[0], now_us, &span) && !range_of(words[0], now_us, &span))
        return 0;
    narrow(query, &span, words[0]);
    return 1;
}

static gboolean
parts_words(gunichar c)
{
    return g_unichar_isspace(c) || c == ',' || c == ';' || c == 0x3001 /* 、 */;
}

/* "+86 138 0000 0000" is one number, and "陕H 12345" one plate, though written with blanks. */
static gboolean
goes_on(const char *word, const char *next)
{
    if (strspn(next, "0123456789-") != strlen(next) || strlen(next) > 8)
        return FALSE;
    if (*word == '+' || (strspn(word, "0123456789-") == strlen(word) && strlen(word) >= 3 && strlen(next) == 4))
        return TRUE;
    const char *letter = g_utf8_next_char(word);
    return g_unichar_get_script(g_utf8_get_char(word)) == G_UNICODE_SCRIPT_HAN && g_ascii_isalpha(*letter) &&
           letter[1] == '\0';
}

/* Owned, ends with NULL. */
static GPtrArray *
words_of(const char *q)
{
    g_autofree char *text = q != NULL ? g_utf8_normalize(q, -1, G_NORMALIZE_NFKC) : NULL;
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = text; p != NULL && *p != '\0';) {
        const char *end = p;
        while (*end != '\0' && !parts_words(g_utf8_get_char(end)))
            end = g_utf8_next_char(end);
        if (end > p)
            g_ptr_array_add(words, g_strndup(p, (gsize)(end - p)));
        p = *end != '\0' ? g_utf8_next_char(end) : end;
    }
    g_ptr_array_add(words, NULL);
    return words;
}

static void
add_piece(KcSearchQuery *query, char *piece)
{
    if (query->pieces->len < KC_SEARCH_PIECES_MAX)
        g_ptr_array_add(query->pieces, piece);
    else
        g_free(piece);
}

KcSearchQuery *
kc_search_query_parse(const char *q, gint64 now_us)
{
    KcSearchQuery *query = g_new0(KcSearchQuery, 1);
    query->pieces = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) words = words_of(q);
    for (guint i = 0; words->pdata[i] != NULL;) {
        guint taken = take_days(query, (char **)&words->pdata[i], now_us);
        i += taken;
        if (taken > 0)
            continue;
        g_autoptr(GString) piece = g_string_new(words->pdata[i++]);
        while (words->pdata[i] != NULL && goes_on(piece->str, words->pdata[i]))
            g_string_append(piece, words->pdata[i++]);
        add_piece(query, g_strdup(piece->str));
    }
    return query;
}

void
kc_search_query_free(KcSearchQuery *query)
{
    if (query == NULL)
        return;
    g_ptr_array_unref(query->pieces);
    g_free(query->day_text);
    g_free(query);
}
