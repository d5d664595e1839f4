/* Private to src/app: the key that signs what leaves the service as files (bundles), in the format of minisign.
 *
 * It follows from the log's key (kc_note_signer_derive), so that there is one secret to keep and to change. The log's
 * key vouches for it by a signed note, whose text is
 *
 *     kuaichu service key v1
 *     <name of the log>
 *     <the second line of service.pub>
 *
 * so that whoever trusts the log's key, as its witnesses and the receipts on documents do, need not trust service.pub.
 */
#pragma once

#include "src/app/app.h"
#include "src/evidence/minisig.h"
#include "src/evidence/note.h"

/* As it is in force. */
typedef struct {
    KcMinisigner *signer;
    char *public; /* service.pub */
    char *note;   /* by which the log's key vouches for it */
} KcServiceKey;

/* FALSE with NOT_FOUND where this process signs nothing (the command line). */
gboolean kc_app_open_service_key(KcApp *app, KcServiceKey *ret_key, KcResult *result);
void kc_service_key_clear(KcServiceKey *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcServiceKey, kc_service_key_clear)

/* Whether `note` is by `verifier` and vouches for `service_pub` (a file, or its second line). */
gboolean kc_service_key_is_vouched(const char *note, const KcNoteVerifier *verifier, const char *service_pub,
                                   GError **error);
