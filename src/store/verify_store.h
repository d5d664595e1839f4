/* What anybody may know of a document whose hash they have: that it was issued, and whether it stands. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *number, *kind;
    char *matched;       /* "text", "original" or "copy": what has that hash */
    char *proposal;      /* of an agreement: open agreed withdrawn; else NULL */
    char *replaced_by;   /* number of the document that stands in its place; NULL: it was not revoked */
    char *corrected_by;  /* number of the correction that a review made; NULL: none */
    gint64 issued_us, copied_us, revoked_us, withdrawn_us, corrected_us;
} KcVerified;

void kc_verified_free(KcVerified *verified);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcVerified, kc_verified_free)

/* NULL in `*ret_verified`: nothing that was issued has that hash. Of two of the same text the newest. */
gboolean kc_verify_store_find(KcTx *tx, const char *sha256, KcVerified **ret_verified, GError **error);
/* A signed copy is handed out; the same bytes again change nothing. */
gboolean kc_verify_store_add_copy(KcTx *tx, const char *sha256, const char *document_id, gint64 now_us, GError **error);
