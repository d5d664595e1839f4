/* The file that goes to the higher unit with a request for a review (Order 146, art. 72). Included by src/app alone. */
#pragma once

#include "src/app/review_check.h"

/* A ZIP of the request, the documents (text, original, signed copy), what each party decided and said, the pictures, the
 * list of recordings, the case's entries of the log, and the SHA-256 of each file. Every look at evidence that this takes
 * is an entry of the log. Reads and sets pages: not in a transaction. Owned. */
GBytes *kc_app_review_packet(KcApp *app, const KcPrincipal *who, const KcReviewRow *review, KcResult *result,
                             GError **error);
