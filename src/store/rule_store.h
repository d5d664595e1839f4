/* Versions of the rules and their texts (schema/sql). Never changed, but that one may be withdrawn once; never
 * deleted (triggers). */
#pragma once

#include "src/store/db.h"

typedef struct {
    gint64 number; /* 1, 2, 3 … in the order in which they were made */
    char *origin;  /* "built_in", "folder", "edited", "reverted" */
    char *reason;
    gint64 equals; /* the version that it goes back to; 0: none */
    char *created_by; /* a user; NULL: the service itself */
    char *creator_name; /* read only; NULL: the service itself */
    gint64 created_us;
    gint64 valid_from_us;
    char *withdrawn_by;
    gint64 withdrawn_us;
    gint64 cases, open_cases; /* read only: that keep it */
} KcRuleVersion;

typedef struct {
    char *name;
    char *sha256;
    gint64 size;
    gint64 since; /* read only: the oldest version of the unbroken row up to this one that has the very text */
} KcRuleVersionFile;

void kc_rule_version_free(KcRuleVersion *version);
void kc_rule_version_file_free(KcRuleVersionFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRuleVersion, kc_rule_version_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRuleVersionFile, kc_rule_version_file_free)

/* Gives it the next number. */
gboolean kc_rule_store_insert(KcTx *tx, KcRuleVersion *version, GError **error);
/* A text that is there already is kept once. */
gboolean kc_rule_store_add_file(KcTx *tx, gint64 number, const char *name, const char *sha256, GBytes *bytes,
                                GError **error);

gboolean kc_rule_store_get(KcTx *tx, gint64 number, KcRuleVersion **ret_version, GError **error);
/* The newest of that origin, NULL of any, that wasn't withdrawn. NULL in `*ret_version`: none. */
gboolean kc_rule_store_newest(KcTx *tx, const char *origin, KcRuleVersion **ret_version, GError **error);
/* of KcRuleVersion, the newest first; at most `limit` below `below` (0: all). */
GPtrArray *kc_rule_store_list(KcTx *tx, gint64 below, guint limit, GError **error);
/* of KcRuleVersion, by number: what may still be asked for: all that weren't withdrawn and are not yet followed by one in
 * force at `now_us`, and all that a case keeps. */
GPtrArray *kc_rule_store_needed(KcTx *tx, gint64 now_us, GError **error);

/* of KcRuleVersionFile, by name. */
GPtrArray *kc_rule_store_files(KcTx *tx, gint64 number, GError **error);
/* Owned; NULL in `*ret_bytes`: the version has no such file. */
gboolean kc_rule_store_text(KcTx *tx, gint64 number, const char *name, GBytes **ret_bytes, GError **error);

KcUpdate kc_rule_store_withdraw(KcTx *tx, gint64 number, const char *user_id, gint64 now_us, GError **error);

/* A number that another one has once a version was made or withdrawn: cheap to look at often. */
gboolean kc_rule_store_stamp(KcTx *tx, gint64 *ret_stamp, GError **error);
/* Cases that are neither closed nor over otherwise. */
gboolean kc_rule_store_open_cases(KcTx *tx, gint64 *ret_count, GError **error);

/* What the service was started with last: file -> SHA-256, both owned. */
GHashTable *kc_rule_store_given(KcTx *tx, GError **error);
/* `first`: forget what was there. */
gboolean kc_rule_store_give(KcTx *tx, const char *name, const char *sha256, gboolean first, GError **error);
