/* Checking a printed document without an account: who has it has its hash, and learns whether this service issued it and
 * whether it stands. Nothing of its content, its parties or its officer is told. */
#pragma once

#include "src/app/app.h"
#include "src/store/verify_store.h"

/* "in_force", "proposed" (not all have signed), "withdrawn", "corrected", "revoked" */
const char *kc_verified_status(const KcVerified *verified);

/* `sha256`: 64 hexadecimal digits, small or capital; of the text, of the PDF, or of a signed copy. NOT_FOUND
 * "document-unknown". */
gboolean kc_app_verify_document(KcApp *app, const char *sha256, KcVerified **ret_verified, KcResult *result,
                                GError **error);
