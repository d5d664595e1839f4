/* Private to src/store: columns sealed with the key of their case. */
#pragma once

#include "src/store/sql.h"

#include <jansson.h>

/* Borrowed until another case is looked at in this transaction. */
const KcCaseKey *kc_sealed_key(KcTx *tx, const char *case_id, GError **error);

/* Owned. ERASED for NULL, and where the keys no longer open it. */
KcCaseKey *kc_sealed_unwrap(KcTx *tx, const char *case_id, GBytes *wrapped, GError **error);
/* The key that was looked at last is not to be used any more in this transaction. */
void kc_sealed_forget(KcTx *tx);

/* Where a sealed value lives. */
typedef struct {
    const char *case_id;
    const char *table;
    const char *column;
    const char *row_id;
} KcSealedPlace;

/* NULL without an error for a NULL text. */
gboolean kc_seal_text(KcTx *tx, KcSealedPlace place, const char *text, GBytes **ret_sealed, GError **error);
gboolean kc_open_text(KcTx *tx, KcSealedPlace place, GBytes *sealed, char **ret_text, GError **error);

gboolean kc_seal_json(KcTx *tx, KcSealedPlace place, const json_t *value, GBytes **ret_sealed, GError **error);
json_t *kc_open_json(KcTx *tx, KcSealedPlace place, GBytes *sealed, GError **error);

/* Fields of a JSON object that may be absent. */
void kc_json_put_text(json_t *object, const char *name, const char *text);
char *kc_json_get_text(const json_t *object, const char *name);
