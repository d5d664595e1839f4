/* Private to src/app: why a case was found, in its own words. */
#pragma once

#include "src/app/internal.h"
#include "src/store/search_store.h"

/* One piece of what was asked for, and what it may mean beside words. */
typedef struct {
    KcSearchPiece asked;
    GPtrArray *officer_ids, *officer_names; /* char *; the first ends with NULL */
    GPtrArray *forms, *form_names;
    char *text; /* owned: asked.text */
} KcAskedPiece;

void kc_asked_piece_free(KcAskedPiece *piece);

/* Adds KcWhyFound to `whys`: for each piece where it stands in the case. */
gboolean kc_app_why_found(KcTx *tx, const KcCaseView *view, const GPtrArray *pieces, GPtrArray *whys, GError **error);
