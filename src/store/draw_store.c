#include "src/store/draw_store.h"
#include "src/store/sql.h"

#include <string.h>

#define SELECT                                                                                                         \
    "SELECT d.number, d.commitment, d.committed_us, d.seed, d.case_id, d.candidates_json, d.chosen, d.offer_id, "      \
    "d.drawn_us, o.outcome FROM draws d LEFT JOIN offers o ON o.id = d.offer_id "

void
kc_draw_row_free(KcDrawRow *row)
{
    if (row == NULL)
        return;
    g_free(row->commitment);
    g_free(row->seed);
    g_free(row->case_id);
    g_strfreev(row->candidates);
    g_free(row->chosen);
    g_free(row->offer_id);
    g_free(row->outcome);
    g_free(row);
}

static gpointer
read_draw(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcDrawRow *row = g_new0(KcDrawRow, 1);
    row->number = kc_take_int(query);
    row->commitment = kc_take_text(query);
    row->committed_us = kc_take_int(query);
    row->seed = kc_take_text(query);
    row->case_id = kc_take_text(query);
    row->candidates = kc_take_strv(query);
    row->chosen = kc_take_text(query);
    row->offer_id = kc_take_text(query);
    row->drawn_us = kc_take_int(query);
    row->outcome = kc_take_text(query);
    return row;
}

static char *
row_id(gint64 number)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

gboolean
kc_draw_store_commit(KcTx *tx, const KcDrawRow *row, const guint8 seed[KC_DRAW_SEED_LEN], GError **error)
{
    g_autofree char *id = row_id(row->number);
    g_autoptr(GBytes) sealed = kc_keyring_seal(tx->keyring, "draws", "seed", id, seed, KC_DRAW_SEED_LEN);
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO draws (number, commitment, committed_us, sealed_seed) VALUES (?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, row->number);
    kc_bind_text(query, row->commitment);
    kc_bind_int(query, row->committed_us);
    kc_bind_bytes(query, sealed);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_draw_store_next(KcTx *tx, KcDrawRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE d.drawn_us = 0", error);
    return query != NULL && kc_query_one(tx, query, read_draw, (gpointer *)ret_row, error);
}

static gpointer
read_sealed(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    GBytes *sealed = kc_take_bytes(query);
    if (sealed == NULL)
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "a draw that waits has no seed");
    return sealed;
}

gboolean
kc_draw_store_seed(KcTx *tx, gint64 number, guint8 ret_seed[KC_DRAW_SEED_LEN], GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    g_autofree char *id = row_id(number);
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT sealed_seed FROM draws WHERE number = ? AND drawn_us = 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    if (!kc_query_one(tx, query, read_sealed, (gpointer *)&sealed, error))
        return FALSE;
    g_autoptr(GBytes) seed =
        sealed != NULL ? kc_keyring_unseal(tx->keyring, "draws", "seed", id, sealed, error) : NULL;
    if (seed != NULL && g_bytes_get_size(seed) == KC_DRAW_SEED_LEN) {
        memcpy(ret_seed, g_bytes_get_data(seed, NULL), KC_DRAW_SEED_LEN);
        return TRUE;
    }
    if (error != NULL && *error == NULL)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "draw %s has no seed", id);
    return FALSE;
}

gboolean
kc_draw_store_count(KcTx *tx, gint64 *ret_count, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM draws", error);
    return query != NULL && kc_query_number(query, ret_count, error);
}

KcUpdate
kc_draw_store_reveal(KcTx *tx, const KcDrawRow *row, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE draws SET sealed_seed = NULL, seed = ?, case_id = ?, "
                                            "candidates_json = ?, chosen = ?, offer_id = ?, drawn_us = ? "
                                            "WHERE number = ? AND drawn_us = 0",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, row->seed);
    kc_bind_text(query, row->case_id);
    kc_bind_strv(query, (const char *const *)row->candidates);
    kc_bind_text(query, row->chosen);
    kc_bind_text(query, row->offer_id);
    kc_bind_int(query, row->drawn_us);
    kc_bind_int(query, row->number);
    return kc_query_update(query, error);
}

GPtrArray *
kc_draw_store_list(KcTx *tx, gint64 before, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, SELECT "WHERE d.drawn_us > 0 AND d.number < ? ORDER BY d.number DESC LIMIT ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, before > 0 ? before : G_MAXINT64);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_draw, (GDestroyNotify)kc_draw_row_free, error);
}

gboolean
kc_draw_store_get(KcTx *tx, gint64 number, KcDrawRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE d.number = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    return kc_query_one(tx, query, read_draw, (gpointer *)ret_row, error);
}
