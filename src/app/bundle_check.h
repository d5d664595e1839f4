/* Checks an exported bundle by itself, without a service or a data folder: its signature, every file, the case's
 * entries of the log and what they say of the evidence. Whoever wants to trust no key that came with it gives one. Pure
 * but for the file; thread-safe. */
#pragma once

#include <glib.h>

#define KC_BUNDLE_ERROR (kc_bundle_error_quark())
GQuark kc_bundle_error_quark(void);
typedef enum {
    KC_BUNDLE_ERROR_UNREADABLE, /* no such file, or neither a ZIP nor a folder */
    KC_BUNDLE_ERROR_OTHER,      /* there is no manifest in it, or one of a newer format */
    KC_BUNDLE_ERROR_TRUST,      /* what was given to check it by is no key, checkpoint or proof */
} KcBundleError;

/* Texts from elsewhere; each may be NULL. */
typedef struct {
    const char *key;        /* a service.pub, or a key of the log as `kuaichu log keys` prints it */
    const char *checkpoint; /* one that somebody kept */
    const char *proof;      /* of GET /api/v1/log/proof, between that checkpoint and the bundle's */
} KcBundleTrust;

/* What was looked at, in this order. */
typedef enum {
    KC_BUNDLE_SIGNATURE,  /* of the manifest, by service.pub */
    KC_BUNDLE_KEY,        /* service.pub: the log's key vouches for it; it is the one that is trusted */
    KC_BUNDLE_SUMS,       /* SHA256SUMS */
    KC_BUNDLE_FILES,      /* all that the manifest lists, and nothing else */
    KC_BUNDLE_PAGE,       /* verify.html shows this manifest */
    KC_BUNDLE_CHECKPOINT, /* signed by a key of the log */
    KC_BUNDLE_ENTRIES,    /* of the case, each in the tree of the checkpoint */
    KC_BUNDLE_OBJECTS,    /* each is what the log says of it */
    KC_BUNDLE_DOCUMENTS,  /* as issued, and what was signed is this text */
    KC_BUNDLE_DAMAGE,     /* nothing was damaged before it was exported */
    KC_BUNDLE_HELD,       /* the log has grown from the checkpoint that was given */
    KC_BUNDLE_CHECKS,
} KcBundleCheckKind;

const char *kc_bundle_check_name(KcBundleCheckKind kind); /* "signature", … */

typedef struct {
    guint looked_at[KC_BUNDLE_CHECKS];  /* files, entries, objects …; 0: there was nothing to look at */
    GPtrArray *wrong[KC_BUNDLE_CHECKS]; /* of char *: a sentence each that names its place */
    char *kind, *number, *made_at, *key_id, *origin;
    gint64 tree_size;
} KcBundleVerdict;

void kc_bundle_verdict_clear(KcBundleVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcBundleVerdict, kc_bundle_verdict_clear)
guint kc_bundle_verdict_count(const KcBundleVerdict *verdict); /* of what is wrong */

/* `path`: a ZIP file, or a folder that it was unpacked to. TRUE: it was checked, whatever came out. */
gboolean kc_bundle_check(const char *path, const KcBundleTrust *trust, KcBundleVerdict *ret_verdict, GError **error);
