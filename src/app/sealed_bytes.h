/* Whole objects of the vault, read into memory: found in a transaction, read after it. Included by src/app alone. */
#pragma once

#include "src/app/internal.h"

/* An object of a case with the key that opens it. */
typedef struct {
    KcObject *object;
    guint8 key[KC_KEY_LEN];
} KcSealed;

/* Of KcSealed; wipes the keys. */
GArray *kc_sealed_new(void);

/* Adds it. An object that is not there is a fault, since a row names it. */
gboolean kc_sealed_find(KcTx *tx, const char *case_id, const char *object_id, GArray *into, GError **error);
/* Owned. */
GBytes *kc_sealed_read(KcApp *app, const KcSealed *sealed, GError **error);
