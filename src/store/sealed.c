#include "src/store/sealed.h"

#include <stdlib.h>
#include <string.h>

static KcCaseKey *
load_key(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT wrapped_key FROM cases WHERE id = ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    KcStep step = kc_query_step(query, error);
    if (step == KC_STEP_ERROR)
        return NULL;
    if (step == KC_STEP_DONE) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED, "there is no case %s", case_id);
        return NULL;
    }
    g_autoptr(GBytes) wrapped = kc_take_bytes(query);
    return kc_sealed_unwrap(tx, case_id, wrapped, error);
}

KcCaseKey *
kc_sealed_unwrap(KcTx *tx, const char *case_id, GBytes *wrapped, GError **error)
{
    g_autoptr(GError) local = NULL;
    KcCaseKey *key = wrapped == NULL ? NULL : kc_keyring_case_key_unwrap(tx->keyring, case_id, wrapped, &local);
    gboolean erased = wrapped == NULL || g_error_matches(local, KC_KEYS_ERROR, KC_KEYS_ERROR_DESTROYED);
    if (key == NULL)
        g_set_error(error, KC_STORE_ERROR, erased ? KC_STORE_ERROR_ERASED : KC_STORE_ERROR_CORRUPT,
                    "the key of case %s: %s", case_id, erased ? "was destroyed" : local->message);
    return key;
}

void
kc_sealed_forget(KcTx *tx)
{
    g_clear_pointer(&tx->key, kc_case_key_free);
    g_clear_pointer(&tx->key_case_id, g_free);
}

const KcCaseKey *
kc_sealed_key(KcTx *tx, const char *case_id, GError **error)
{
    if (tx->key != NULL && strcmp(tx->key_case_id, case_id) == 0)
        return tx->key;
    KcCaseKey *key = load_key(tx, case_id, error);
    if (key == NULL)
        return NULL;
    kc_case_key_free(tx->key);
    g_free(tx->key_case_id);
    tx->key = key;
    tx->key_case_id = g_strdup(case_id);
    return key;
}

gboolean
kc_seal_text(KcTx *tx, KcSealedPlace place, const char *text, GBytes **ret_sealed, GError **error)
{
    *ret_sealed = NULL;
    if (text == NULL)
        return TRUE;
    const KcCaseKey *key = kc_sealed_key(tx, place.case_id, error);
    if (key == NULL)
        return FALSE;
    *ret_sealed = kc_case_key_seal(key, place.table, place.column, place.row_id, text, strlen(text));
    return TRUE;
}

gboolean
kc_open_text(KcTx *tx, KcSealedPlace place, GBytes *sealed, char **ret_text, GError **error)
{
    *ret_text = NULL;
    if (sealed == NULL)
        return TRUE;
    const KcCaseKey *key = kc_sealed_key(tx, place.case_id, error);
    if (key == NULL)
        return FALSE;
    g_autoptr(GError) local = NULL;
    g_autoptr(GBytes) plain = kc_case_key_open(key, place.table, place.column, place.row_id, sealed, &local);
    if (plain == NULL) {
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, local->message);
        return FALSE;
    }
    gsize len;
    const char *bytes = g_bytes_get_data(plain, &len);
    *ret_text = g_strndup(bytes, len);
    return TRUE;
}

gboolean
kc_seal_json(KcTx *tx, KcSealedPlace place, const json_t *value, GBytes **ret_sealed, GError **error)
{
    char *text = json_dumps(value, JSON_COMPACT);
    gboolean ok = kc_seal_text(tx, place, text, ret_sealed, error);
    free(text);
    return ok;
}

json_t *
kc_open_json(KcTx *tx, KcSealedPlace place, GBytes *sealed, GError **error)
{
    g_autofree char *text = NULL;
    if (!kc_open_text(tx, place, sealed, &text, error))
        return NULL;
    json_t *value = text == NULL ? NULL : json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (value == NULL)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "%s.%s of %s is not JSON", place.table, place.column,
                    place.row_id);
    return value;
}

void
kc_json_put_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_string(text));
}

char *
kc_json_get_text(const json_t *object, const char *name)
{
    return g_strdup(json_string_value(json_object_get(object, name)));
}
