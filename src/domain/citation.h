/* Where a rule stands in the law: 道路交通安全法实施条例第44条第2款 as a value.
 *
 * Read are the forms in use: several provisions of one law (第26条、第38条), of several (…；…), a row of articles
 * (第25、26条), a range (第23条至第26条), 款 and 项 of the article before, 《 》 around the name, 中华人民共和国 before
 * it, digits or Chinese numerals. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef struct {
    char *law;         /* short, as kc_law_short_name makes it */
    guint article;     /* 条 */
    guint article_sub; /* 第133条之一: 1; else 0 */
    guint paragraph;   /* 款, from 1; 0: not said */
    guint item;        /* 项, from 1; 0: not said */
} KcCitation;

/* Owned, of KcCitation, in the order of the text. NULL: this is no citation, in whole or in part. */
GPtrArray *kc_citations_parse(const char *text);
void kc_citation_free(KcCitation *citation);

/* Owned "道路交通安全法实施条例第44条第2款". */
char *kc_citation_to_string(const KcCitation *citation);

/* Owned: without 《 》 around and 中华人民共和国 before, as citations name a law. */
char *kc_law_short_name(const char *title);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCitation, kc_citation_free)
