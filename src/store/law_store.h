/* The imported texts of laws: versions, and the passages of each. Never changed, never deleted (triggers). */
#pragma once

#include "src/domain/law_text.h"
#include "src/store/db.h"

typedef struct {
    char *id;
    char *name; /* short, as citations have it */
    char *title;
    char *dated;  /* YYYY-MM-DD */
    char *sha256; /* of the file, 64 hex digits */
    gint64 articles;
    gint64 imported_us;
} KcLawRow;

void kc_law_row_free(KcLawRow *law);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcLawRow, kc_law_row_free)

/* `passages` of KcLawPassage. KC_STORE_ERROR_REFUSED if a text of that hash is there. */
gboolean kc_law_store_insert(KcTx *tx, const KcLawRow *law, const GPtrArray *passages, GError **error);

/* NULL in `*ret_law`: none. */
gboolean kc_law_store_find(KcTx *tx, const char *sha256, KcLawRow **ret_law, GError **error);
/* The version of that short name with the newest date, of two the one imported last; with `on_date` not one that is
 * dated later. NULL: none. */
gboolean kc_law_store_current(KcTx *tx, const char *name, const char *on_date, KcLawRow **ret_law, GError **error);

/* Every version, by name, the newest first. */
GPtrArray *kc_law_store_list(KcTx *tx, GError **error);

/* Of one article, in order; owned, of KcLawPassage. */
GPtrArray *kc_law_store_passages(KcTx *tx, const char *law_id, guint article, guint article_sub, GError **error);
