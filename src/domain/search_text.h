/* What a case is found by: texts become tokens when they are kept, what somebody types becomes pieces, each of which
 * asks for tokens of the same making. Han text has no blanks between words, so it is cut into pairs of neighbouring
 * characters; Latin words and numbers are whole. Everything is compared in NFKC without case. Pure; thread-safe. */
#pragma once

#include <glib.h>

/* Where a token stands. Each has a key of its own in the index (kc_keyring_search_term): equal texts of two fields are
 * not seen to be equal. */
typedef enum {
    KC_SEARCH_NUMBER,     /* of a case or a document: whole, and its last six digits */
    KC_SEARCH_PLATE,      /* whole, and every end of three characters or more */
    KC_SEARCH_PHONE,      /* whole, and the last four digits */
    KC_SEARCH_IDENTIFIER, /* licence, identity, certificate of insurance: whole, and the last four and six characters */
    KC_SEARCH_NAME,       /* surname, and pairs; Latin names word by word */
    KC_SEARCH_PLACE,      /* pairs and words */
    KC_SEARCH_WORDS,      /* of statements, facts and reasons: the same */
    KC_SEARCH_LIABILITY,  /* "full", …: codes, which nobody types (KcSearchBy) */
    KC_SEARCH_FIELD_COUNT
} KcSearchField;

/* What a word may mean beside itself: that a case has one of some values there. Which words do is data (codes.json). */
typedef enum {
    KC_SEARCH_BY_NOTHING,
    KC_SEARCH_BY_OUTCOME,   /* "determination", "agreement" */
    KC_SEARCH_BY_DECISION,  /* "signed", "refused", "objected" */
    KC_SEARCH_BY_REVIEW,    /* "asked", … */
    KC_SEARCH_BY_CLOSING,   /* codes of closing_code */
    KC_SEARCH_BY_LIABILITY, /* "full", …: that any party bears */
    KC_SEARCH_BY_COUNT
} KcSearchBy;

/* "outcome", "decision", "review", "closing_code", "liability" */
gboolean kc_search_by_from_string(const char *text, KcSearchBy *ret_by);

/* Whether what was typed is that word: without case, in NFKC. */
gboolean kc_search_is_word(const char *typed, const char *word);

/* "number", "plate", … */
const char *kc_search_field_to_string(KcSearchField field);

/* At most so many tokens are kept of one text; what is longer is found by its beginning. */
#define KC_SEARCH_TOKENS_MAX 4000

/* Adds (owned) what `text` is found by; a token may come twice. NULL and what is not UTF-8 add nothing. */
void kc_search_tokens(KcSearchField field, const char *text, GPtrArray *tokens);

/* What a piece asks of a field: every one of these tokens; empty: the piece can't stand there. Owned, of owned texts.
 */
GPtrArray *kc_search_asked(KcSearchField field, const char *piece);

/* Where `piece` stands in `text`, in characters: as it is, else the longest beginning of it of two characters or more;
 * for numbers also between fillers. `*ret_whole`: it is all of it. FALSE: nowhere. */
gboolean kc_search_locate(const char *text, const char *piece, guint *ret_start, guint *ret_length, gboolean *ret_whole);

/* ---- What somebody typed ---- */

#define KC_SEARCH_PIECES_MAX 8

typedef struct {
    GPtrArray *pieces;     /* char *: each must be found; never NULL */
    gint64 from_us, to_us; /* [from, to) of days that were named; 0: open */
    char *day_text;        /* the words that named them; NULL: none */
} KcSearchQuery;

/* Blanks part pieces. Days: 2026-11-23, 20261123, 2026年11月23日, 11月23日 (the latest such day), 2026-11, two days
 * with ".." or "至" between them, 今天 昨天 前天 本周 上周 本月 上月, today yesterday "this week" "last week" "this
 * month" "last month"; a day is Beijing's. A week begins on Monday. `q` NULL: nothing is asked. */
KcSearchQuery *kc_search_query_parse(const char *q, gint64 now_us);
void kc_search_query_free(KcSearchQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSearchQuery, kc_search_query_free)
