/* Finding cases. A search is a set of conditions, each of which is one ordered range of an index; they are walked
 * together from the newest case on until a page is full (row_set.h), so that what a search costs follows from how much
 * of the page's neighbourhood has to be looked at, not from how many cases there are. Work is bounded too: a page may
 * end early, with a cursor that goes on from there. */
#pragma once

#include "src/domain/search_text.h"
#include "src/store/case_store.h"

/* One piece of what was asked for: a case has it if any of this does. */
typedef struct {
    const char *text;               /* tokens of the fields of `fields`; NULL: none */
    guint fields;                   /* a bit for each KcSearchField */
    const char *const *officer_ids; /* NULL: none, as the next two */
    const char *const *forms;
    KcSearchBy by; /* what it means by one of `values`; else NOTHING */
    const char *const *values;
} KcSearchPiece;

/* Everything that is set must hold. */
typedef struct {
    const KcSearchPiece *pieces;
    gsize piece_count;
    const char *const *states,
        *const *channels, *const *closings, *const *forms, *const *outcomes, *const *reviews,
                                                                                 *const
                                                                                     *decisions; /* one of; NULL: any */
    const char *officer_id;
    const char *const *counties; /* of the case, one of; NULL: any */
    /* Who asks sees cases of these counties (NULL: of all), of none, and those that `own_id` has. */
    const char *const *seen_counties;
    const char *own_id;
    const char *const *hidden; /* ids of cases that are not found; NULL: none */
    gint64 from_us, to_us; /* created_us in [from, to); 0: open */
    guint limit;           /* 1 … 200 */
    const char *cursor;    /* NULL: the first page */
    guint count_to;        /* how far to count; 0: not at all */
} KcSearch;

typedef struct {
    GPtrArray *rows;    /* of KcCaseRow, newest first */
    char *cursor;       /* NULL: that was all */
    gint64 searched_us; /* the page ended early: cases since then were looked at; 0: it did not */
    guint count;        /* of all that match, from the cursor on */
    gboolean count_is_exact;
} KcFound;

void kc_found_clear(KcFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcFound, kc_found_clear)

/* A malformed cursor finds nothing. */
gboolean kc_search_store_find(KcTx *tx, const KcSearch *search, KcFound *ret_found, GError **error);

/* Which texts of a case hold all that `text` asks of one of `fields`: "case", "party:ID", "determination",
 * "signature:ID", "review", "late_report", "agreement", "document:ID". Owned strv. */
GStrv kc_search_store_sources(KcTx *tx, const char *case_id, const char *text, guint fields, GError **error);

/* What a case is found by is taken away, but for what is no personal data: for its erasure. */
gboolean kc_search_forget(KcTx *tx, const char *case_id, GError **error);

/* One pass over the cases that lack an index, the newest first, in as many calls as one likes. */
typedef struct {
    /* Told of each case that is passed over since a row of it is damaged: it lacks its index then as before. May be NULL. */
    void (*passed_over)(const char *case_id, const GError *why, gpointer user_data);
    gpointer user_data;
    gint64 done; /* cases that were indexed */
    gint64 before_us; /* private */
} KcReindex;

#define KC_REINDEX_INIT ((KcReindex){.before_us = G_MAXINT64})

/* Goes on with the next `limit` cases; write transactions only. `*ret_more`: there may be others. Of a case whose key is
 * gone there is nothing to index. */
gboolean kc_search_store_reindex(KcTx *tx, KcReindex *pass, guint limit, gboolean *ret_more, GError **error);
/* Everything is to be indexed anew, e.g. since the master key is another one. */
gboolean kc_search_store_reset(KcTx *tx, GError **error);
/* Whether every case is indexed. */
gboolean kc_search_store_is_complete(KcTx *tx, gboolean *ret_complete, GError **error);
