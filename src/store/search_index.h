/* Private to src/store: keeps what cases are found by, in the transaction of the change itself. Every function of a
 * store that saves a searchable text calls kc_search_index_texts with all of that text's row; what the row held before
 * and no longer holds is taken back.
 *
 * What the index gives away to who has the file and not the master key: for each field, which cases share a token
 * (a pair of characters, a plate, the end of a number), how many cases have it, and how many tokens a text has. Not the
 * tokens: they are keyed. Common pairs of a long text can be guessed by how frequent they are, as in every index of
 * this kind (Cash, Grubbs, Perry, Ristenpart 2015); against that stand a key for each field, so that frequencies of
 * names, places and statements can't be laid over each other, 64 bits without a trace of order or position, and that an
 * erased case leaves nothing (kc_search_forget). Of who bears what there are six codes in all: which cases have the same is
 * told, as the plain columns tell it of outcomes, and by how many they are, which is which. */
#pragma once

#include "src/domain/search_text.h"
#include "src/store/case_store.h"
#include "src/store/sql.h"

#include <jansson.h>

typedef struct {
    KcSearchField field;
    const char *text; /* NULL: none */
} KcSearchText;

/* The case's own row and texts; the first time it gets its place in the order of cases. */
gboolean kc_search_index_case(KcTx *tx, const KcCaseRow *row, GError **error);

/* `source` names one row of one table: "party:ID". Without texts, what it held is taken back. */
gboolean kc_search_index_texts(KcTx *tx, const char *case_id, const char *source, const KcSearchText *texts,
                               gsize count, GError **error);
/* Of every text in a stored JSON value that has a name which is searched: particulars, place, facts, reasons, requests.
 */
gboolean kc_search_index_json(KcTx *tx, const char *case_id, const char *source, const char *json, GError **error);

typedef enum {
    KC_SEARCH_FORM,
    KC_SEARCH_FORM_AGREED, /* counts until there is a determination */
    KC_SEARCH_OUTCOME,  /* "determination", "agreement" */
    KC_SEARCH_REVIEW,   /* "asked", "withdrawn", "upheld", "upheld_corrected", "anew" */
    KC_SEARCH_DECISION, /* "refused" stays before "objected", that before "signed" */
} KcSearchColumn;
/* NULL takes it away; a decision is only ever made worse. */
gboolean kc_search_set(KcTx *tx, const char *case_id, KcSearchColumn column, const char *value, GError **error);
