/* What the parts of the check share. Included by src/app alone. */
#pragma once

#include "src/app/bundle_check.h"
#include "src/base/json.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"

typedef struct {
    KcBundleVerdict *verdict;
    GHashTable *files; /* bundle_files.h */
    json_t *manifest;
    const char *trusted_service; /* the key that was given, if it is a service's; NULL */
    KcNoteVerifier *trusted_log; /* … if it is the log's; NULL */
    GPtrArray *log_keys;         /* of KcNoteVerifier: those that the bundle names */
    KcCheckpoint head;           /* size 0: no checkpoint that holds */
    GPtrArray *entries;          /* of json_t: entries that are in the log */
} KcBundleCheck;

void kc_bundle_wrong(KcBundleVerdict *verdict, KcBundleCheckKind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);
const char *kc_bundle_text(const json_t *root, const char *name); /* NULL: there is none */

/* ---- bundle_check_log.c ---- */
void kc_bundle_check_load_log(KcBundleCheck *self); /* its keys and checkpoint, before anything is checked by them */
void kc_bundle_check_log(KcBundleCheck *self);
/* Nothing without a held checkpoint. */
gboolean kc_bundle_check_held(KcBundleCheck *self, const KcBundleTrust *trust, GError **error);

/* ---- bundle_check_evidence.c ---- */
void kc_bundle_check_evidence(KcBundleCheck *self);
