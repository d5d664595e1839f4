/* Private to src/evidence: the file beside the master key that holds what the master key protects
 * (DATA/keys/case-keys).
 *
 *   magic (16) | id of the master key (8) | sealed under the master key: counter, keys of the installation, trees
 *
 * It is written anew as a whole and put in place by a rename, synced; what it replaces is overwritten before it goes.
 * Whoever reads or writes holds its lock (FILE.lock), so that two programs never lose each other's destruction of a
 * key. */
#pragma once

#include "src/evidence/key_tree.h"

#define KC_MASTER_ID_LEN 8

typedef struct {
    guint64 destroyed; /* leaves destroyed so far; never counts back, so it tells an older copy */
    guint8 sealing[KC_KEY_LEN], indexing[KC_KEY_LEN], salting[KC_KEY_LEN];
} KcSafeKeys;

typedef struct {
    KcSafeKeys *keys; /* sodium_malloc */
    GPtrArray *trees; /* of KcKeyTree; the last one is in use */
} KcKeySafe;

KcKeySafe *kc_key_safe_new(void); /* without a tree */
KcKeySafe *kc_key_safe_copy(const KcKeySafe *safe);
void kc_key_safe_free(KcKeySafe *safe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcKeySafe, kc_key_safe_free)

/* Names a master key without telling it. */
void kc_master_id(const guint8 master[KC_KEY_LEN], guint8 ret_id[KC_MASTER_ID_LEN]);

/* The descriptor that holds it until it is closed; -1 with an error. */
int kc_key_safe_lock(const char *path, gboolean exclusive, GError **error);

/* ABSENT, DAMAGED, SEALED (another master key), IO. */
gboolean kc_key_safe_master(const char *path, guint8 ret_id[KC_MASTER_ID_LEN], GError **error);
KcKeySafe *kc_key_safe_read(const char *path, const guint8 master[KC_KEY_LEN], GError **error);
gboolean kc_key_safe_write(const char *path, const guint8 master[KC_KEY_LEN], const KcKeySafe *safe, GError **error);
