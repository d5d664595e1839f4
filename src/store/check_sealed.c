/* Every sealed value opens with the key of the case of its row; a value is authenticated with case, table, column and
 * row, so that one which was moved does not. Nothing opened is kept. Rows of a case whose key was destroyed can't be
 * opened by anybody: that the key may be gone is bound like the rest of the case. */
#include "src/store/check.h"
#include "src/evidence/digest.h"
#include "src/store/sealed.h"
#include "src/store/state_tables.h"

#include <string.h>

#define PREFIX "sealed_"

typedef struct {
    const KcStateTable *table;
    const char *column; /* sealed_… */
} Place;

static KcQuery *
values_query(KcTx *tx, const Place *place, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT t.case_id, t.%s, t.%s, (SELECT wrapped_key IS NULL FROM cases WHERE id = t.case_id) FROM %s t "
        "WHERE t.%s IS NOT NULL AND t.case_id IS NOT NULL ORDER BY t.case_id",
        place->table->key[0], place->column, place->table->name, place->column);
    if (strcmp(place->table->name, "cases") == 0) {
        g_free(sql);
        sql = g_strdup_printf("SELECT t.id, t.id, t.%s, t.wrapped_key IS NULL FROM cases t", place->column);
    }
    return kc_query_new(tx, g_intern_string(sql), error);
}

static void
open_value(KcTx *tx, KcStoreCheck *check, const Place *place, KcQuery *query)
{
    g_autofree char *case_id = kc_take_text(query);
    g_autofree char *row = kc_take_text(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    gboolean erased = kc_take_int(query) != 0;
    g_autofree char *text = NULL;
    g_autoptr(GError) local = NULL;
    if (erased || case_id == NULL || row == NULL || sealed == NULL)
        return;
    const KcSealedPlace where = {case_id, place->table->name, place->column + strlen(PREFIX), row};
    check->count.sealed++;
    if (!kc_open_text(tx, where, sealed, &text, &local))
        kc_check_found(
            check,
            (KcDamage){.kind = "sealed", .table = place->table->name, .row = row, .case_id = case_id, .chunk = -1},
            "%s of row %s of %s does not open: %s", place->column, row, place->table->name, local->message);
    else if (text != NULL)
        kc_key_wipe(text, strlen(text));
}

static gboolean
open_column(KcTx *tx, KcStoreCheck *check, const Place *place, GError **error)
{
    g_autoptr(KcQuery) query = values_query(tx, place, error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW)
        open_value(tx, check, place, query);
    return step == KC_STEP_DONE;
}

/* The seed of a draw or sample that waits: under the installation's key, and what was committed to. */
static gboolean
open_seeds(KcTx *tx, KcStoreCheck *check, const char *table, const char *sql, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *number = kc_take_text(query);
        g_autofree char *commitment = kc_take_text(query);
        g_autoptr(GBytes) sealed = kc_take_bytes(query);
        g_autoptr(GBytes) seed = kc_keyring_unseal(tx->keyring, table, "seed", number, sealed, NULL);
        gsize len = 0;
        const void *bytes = seed != NULL ? g_bytes_get_data(seed, &len) : NULL;
        g_autofree char *hash = bytes != NULL ? kc_sha256_hex(bytes, len) : NULL;
        check->count.sealed++;
        if (g_strcmp0(hash, commitment) != 0)
            kc_check_found(check, (KcDamage){.kind = "sealed", .table = table, .row = number, .chunk = -1},
                           "the seed of row %s of %s %s", number, table,
                           hash == NULL ? "does not open" : "is not what was committed to");
    }
    return step == KC_STEP_DONE;
}

/* Rows that no entry binds. */
static gboolean
open_whole(KcTx *tx, KcStoreCheck *check, GError **error)
{
    return kc_check_checkpoints(tx, check, error) && kc_check_sessions(tx, check, error) &&
           kc_check_replies(tx, check, error) && kc_check_events(tx, check, error);
}

gboolean
kc_check_sealed(KcTx *tx, gpointer check, GError **error)
{
    for (guint i = 0; i < kc_n_state_tables; i++)
        for (const char *const *column = kc_state_tables[i].columns; *column != NULL; column++) {
            const Place place = {&kc_state_tables[i], *column};
            gboolean sealed = g_str_has_prefix(*column, PREFIX) && strcmp(*column, "sealed_seed") != 0;
            if (sealed && !open_column(tx, check, &place, error))
                return FALSE;
        }
    return open_seeds(tx, check, "draws",
                      "SELECT CAST(number AS TEXT), commitment, sealed_seed FROM draws WHERE sealed_seed IS NOT NULL",
                      error) &&
           open_seeds(tx, check, "samples",
                      "SELECT CAST(number AS TEXT), commitment, sealed_seed FROM samples WHERE sealed_seed IS NOT NULL",
                      error) &&
           open_whole(tx, check, error);
}
