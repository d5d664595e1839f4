/* Private to src/evidence: what a keyring and a case key are made of. */
#pragma once

#include "src/evidence/key_safe.h"

typedef struct {
    guint8 master[KC_KEY_LEN];
    guint8 wrapping[KC_KEY_LEN]; /* of keys from before there were trees */
} KcMasterKeys;

struct KcKeyring {
    char *master_path, *next_path, *safe_path;
    gboolean is_credential;
    GRWLock *lock;
    KcMasterKeys *keys; /* sodium_malloc */
    KcSafeKeys *stable; /* sodium_malloc; as the safe has them, from when it is opened */
    KcKeySafe *safe;
    gboolean has_safe; /* on the disk */
};

/* Locked memory, zeroed when freed (sodium_free). */
gpointer kc_secure_new(gsize size);

/* Copies the bytes. */
KcCaseKey *kc_case_key_make(const guint8 bytes[KC_KEY_LEN]);
