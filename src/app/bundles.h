/* A case as one ZIP file that anyone can check without this service (evidence.md, "Exported bundle"): manifest.json
 * with its signature, SHA256SUMS, the media as ordinary files, the documents, the case's entries of the log with their
 * proofs, verify.html and README.txt. schema/bundle.md says what each holds.
 *
 * Staff gets all of it; a party gets an excerpt: what Order 146, art. 65 lets it see, as its page shows it
 * (domain/fields.h), with what is personal to others masked. */
#pragma once

#include "src/app/app.h"

typedef struct KcBundle KcBundle;

/* `page`: verify.html without a manifest, or NULL: the bundle has none. Every object is read and checked first; what is
 * damaged is named in the manifest and in README.txt, and does not stop the rest. The export is an entry of the log,
 * which names the SHA-256 of the manifest. UNAVAILABLE "busy" while KC_LIMIT_BUNDLES_AT_ONCE are under way. Takes as
 * long as reading does: not for a thread that serves. */
gboolean kc_app_make_bundle(KcApp *app, const KcPrincipal *who, const char *case_id, GBytes *page,
                            KcBundle **ret_bundle, KcResult *result, GError **error);

const char *kc_bundle_name(const KcBundle *bundle); /* "C-20261123-000042" or "C-20261123-000042-A" */
gint64 kc_bundle_size(const KcBundle *bundle);      /* -1: not known before it is written, from 4 GiB on */
gint64 kc_bundle_content_bytes(const KcBundle *bundle);

/* The next bytes of the ZIP: how many; 0 at the end. -1 with an error if an object can't be read any more. */
gint64 kc_bundle_read(KcBundle *bundle, guint8 *buffer, gsize len, GError **error);
void kc_bundle_free(KcBundle *bundle); /* NULL is fine; also in the middle of it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcBundle, kc_bundle_free)
