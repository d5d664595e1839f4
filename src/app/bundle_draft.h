/* A bundle while it is put together. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"
#include "src/app/messages.h"
#include "src/app/object_reader.h"
#include "src/app/sealed_bytes.h"

#define KC_BUNDLE_FORMAT "kuaichu-bundle"
#define KC_BUNDLE_VERSION 1

/* A file of the bundle: an object of the vault, or bytes that were made for it. */
typedef struct {
    KcApp *app;
    char *name;
    const KcSealed *sealed; /* of the draft; NULL: `bytes` */
    GBytes *bytes;
    char *sha256;
    gint64 size, at_us;
} KcBundlePart;

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gint64 now_us;
    const char *purpose; /* that an auditor stated (purpose.h); NULL: none is needed */
    gboolean excerpt; /* of a party */
    KcCaseView *view;
    GArray *sealed;         /* KcSealed: every object that `who` may have */
    GHashTable *recordings; /* object id -> KcRecording */
    GHashTable *names;      /* id of a user or guest -> name */
    GHashTable *left_out;   /* kind, or "erased" -> GINT_TO_POINTER: how many objects are not in it */
    GHashTable *numbers;    /* folder -> GINT_TO_POINTER: the last number in a name */
    guint entries_left_out;
    json_t *log; /* as in the manifest, as are those that follow */
    json_t *objects;
    json_t *documents;
    GPtrArray *messages; /* of KcMessageView */
    GPtrArray *parts;    /* of KcBundlePart */
    GPtrArray *problems; /* of char *: what README.txt says is damaged */
    KcResult *result;
} KcBundleDraft;

/* ---- bundle_draft.c ---- */
void kc_bundle_draft_clear(KcBundleDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcBundleDraft, kc_bundle_draft_clear)

/* Everything that is in the store, in one read. */
gboolean kc_bundle_draft_load(KcBundleDraft *draft, GError **error);

/* "A" of a party of the case; NULL: there is none of that id. */
const char *kc_bundle_label(const KcBundleDraft *draft, const char *party_id);
/* "photos/003-A.jpg": the next of its folder. Owned. */
char *kc_bundle_next_name(KcBundleDraft *draft, const char *folder, const char *label, const char *content_type);
const char *kc_bundle_suffix(const char *content_type);

/* Takes `bytes`. */
void kc_bundle_add_bytes(KcBundleDraft *draft, const char *name, GBytes *bytes, gint64 at_us);
void kc_bundle_add_problem(KcBundleDraft *draft, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* ---- bundle_objects.c ---- */

/* Checks each object, names it and describes it. */
gboolean kc_bundle_add_objects(KcBundleDraft *draft, GError **error);

/* ---- bundle_documents.c ---- */

/* Text, original, signed copy; of an excerpt masked ones. Sets pages. */
gboolean kc_bundle_add_documents(KcBundleDraft *draft, GError **error);
/* Whether that object is the PDF of a document of the case, which bears that one's name. */
const KcDocumentRow *kc_bundle_document_of(const KcBundleDraft *draft, const char *object_id);

/* ---- bundle_excerpt.c ---- */

/* Whether an excerpt has that object. Staff has all. */
gboolean kc_bundle_has_object(const KcBundleDraft *draft, const KcCaseRow *row, const KcObject *object);
/* Whether an excerpt shows that entry of the log: those of the party itself, and those of what it is given. */
gboolean kc_bundle_has_entry(const KcBundleDraft *draft, const KcLogEntry *entry);

/* ---- bundle_log.c ---- */

/* The case's entries with salt and proof, against the newest checkpoint, which covers them. */
gboolean kc_bundle_load_log(KcBundleDraft *draft, KcTx *tx, GError **error);

/* ---- bundle_manifest.c ---- */

/* The text of manifest.json; owned. `vouched`: of service_key.h. `page_sha256`: of verify.html without a manifest, or
 * NULL. */
char *kc_bundle_manifest(const KcBundleDraft *draft, const char *service_pub, const char *vouched,
                         const char *page_sha256);

/* ---- bundle_readme.c ---- */
char *kc_bundle_readme(const KcBundleDraft *draft, const char *key_id);
