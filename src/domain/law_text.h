/* The official wording of one law, as passages that citations can name.
 *
 * Read from Markdown: `# title`; a head with its dates; `##` chapters; 第…条 and its text, a further line being the
 * next 款, and (一)… its 项. Nothing is guessed: an article that is missing, an item out of order, a damaged character
 * or an end cut off is refused with the line and what is wrong there. Pure; thread-safe. */
#pragma once

#include "src/domain/citation.h"

#define KC_LAW_TEXT_ERROR (kc_law_text_error_quark())
GQuark kc_law_text_error_quark(void);
typedef enum {
    KC_LAW_TEXT_ERROR_DAMAGED, /* "line 37: …" */
} KcLawTextError;

typedef struct {
    guint article;
    guint article_sub;
    guint paragraph; /* from 1 */
    guint item;      /* 0: the paragraph itself */
    char *text;      /* one line; without the number of article or item */
} KcLawPassage;

typedef struct {
    char *title; /* as the text has it */
    char *name;  /* short, as citations have it */
    char *dated; /* YYYY-MM-DD: the newest date of its head, else the day its last articles say it enters into force */
    guint articles;
    GPtrArray *passages; /* KcLawPassage *, in order */
} KcLawText;

KcLawText *kc_law_text_parse(const char *text, gsize size, GError **error);
void kc_law_text_free(KcLawText *law);

KcLawPassage *kc_law_passage_new(const KcLawPassage *place, const char *text);
void kc_law_passage_free(KcLawPassage *passage);

/* Those of `passages` (of one law) that the citation means: a whole article; a paragraph with its items; or one item
 * with the words before it, in the first paragraph that has such an item where none is said. Owned array of borrowed
 * KcLawPassage *; empty: the law has no such place. */
GPtrArray *kc_law_passages_of(const GPtrArray *passages, const KcCitation *citation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcLawText, kc_law_text_free)
