#include "src/store/sample_store.h"
#include "src/store/sql.h"

#include <string.h>

#define COLUMNS "number, from_us, to_us, percent, commitment, committed_us, seed, candidates, drawn_us, blind_percent"

void
kc_sample_row_free(KcSampleRow *row)
{
    if (row == NULL)
        return;
    g_free(row->commitment);
    g_free(row->seed);
    g_free(row);
}

static gpointer
read_sample(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcSampleRow *row = g_new0(KcSampleRow, 1);
    row->number = kc_take_int(query);
    row->from_us = kc_take_int(query);
    row->to_us = kc_take_int(query);
    row->percent = kc_take_int(query);
    row->commitment = kc_take_text(query);
    row->committed_us = kc_take_int(query);
    row->seed = kc_take_text(query);
    row->candidates = kc_take_int(query);
    row->drawn_us = kc_take_int(query);
    row->blind_percent = kc_take_int(query);
    return row;
}

static char *
row_id(gint64 number)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

gboolean
kc_sample_store_commit(KcTx *tx, const KcSampleRow *row, const guint8 seed[KC_DRAW_SEED_LEN], GError **error)
{
    g_autofree char *id = row_id(row->number);
    g_autoptr(GBytes) sealed = kc_keyring_seal(tx->keyring, "samples", "seed", id, seed, KC_DRAW_SEED_LEN);
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO samples (number, from_us, to_us, percent, commitment, "
                                            "committed_us, sealed_seed, blind_percent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, row->number);
    kc_bind_int(query, row->from_us);
    kc_bind_int(query, row->to_us);
    kc_bind_int(query, row->percent);
    kc_bind_text(query, row->commitment);
    kc_bind_int(query, row->committed_us);
    kc_bind_bytes(query, sealed);
    kc_bind_int(query, row->blind_percent);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_sample_store_get(KcTx *tx, gint64 number, KcSampleRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM samples WHERE number = ? AND drawn_us > 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    return kc_query_one(tx, query, read_sample, (gpointer *)ret_row, error);
}

gboolean
kc_sample_store_next(KcTx *tx, KcSampleRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS " FROM samples WHERE drawn_us = 0", error);
    return query != NULL && kc_query_one(tx, query, read_sample, (gpointer *)ret_row, error);
}

gboolean
kc_sample_store_newest(KcTx *tx, KcSampleRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS " FROM samples ORDER BY number DESC LIMIT 1", error);
    return query != NULL && kc_query_one(tx, query, read_sample, (gpointer *)ret_row, error);
}

static gpointer
read_sealed(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    return kc_take_bytes(query);
}

gboolean
kc_sample_store_seed(KcTx *tx, gint64 number, guint8 ret_seed[KC_DRAW_SEED_LEN], GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    g_autofree char *id = row_id(number);
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT sealed_seed FROM samples WHERE number = ? AND drawn_us = 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    if (!kc_query_one(tx, query, read_sealed, (gpointer *)&sealed, error))
        return FALSE;
    g_autoptr(GBytes) seed =
        sealed != NULL ? kc_keyring_unseal(tx->keyring, "samples", "seed", id, sealed, error) : NULL;
    if (seed != NULL && g_bytes_get_size(seed) == KC_DRAW_SEED_LEN) {
        memcpy(ret_seed, g_bytes_get_data(seed, NULL), KC_DRAW_SEED_LEN);
        return TRUE;
    }
    if (error != NULL && *error == NULL)
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "sample %s has no seed", id);
    return FALSE;
}

static gboolean
insert_case(KcTx *tx, gint64 number, const KcSampleCase *one, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO sample_cases (number, case_id, reason, blind) VALUES (?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, number);
    kc_bind_text(query, one->case_id);
    kc_bind_text(query, one->reason);
    kc_bind_int(query, one->blind != 0);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_sample_store_reveal(KcTx *tx, const KcSampleRow *row, const GPtrArray *cases, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "UPDATE samples SET sealed_seed = NULL, seed = ?, candidates = ?, drawn_us = ? "
                     "WHERE number = ? AND drawn_us = 0",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, row->seed);
    kc_bind_int(query, row->candidates);
    kc_bind_int(query, row->drawn_us);
    kc_bind_int(query, row->number);
    if (!kc_query_run(query, NULL, error))
        return FALSE;
    for (guint i = 0; i < cases->len; i++) {
        const KcSampleCase *one = cases->pdata[i];
        if (one->reason != NULL && !insert_case(tx, row->number, one, error))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *
kc_sample_store_list(KcTx *tx, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM samples WHERE drawn_us > 0 ORDER BY number DESC LIMIT ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_sample, (GDestroyNotify)kc_sample_row_free, error);
}

static gpointer
read_case(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    g_autofree char *id = kc_take_text(query);
    g_autofree char *reason = kc_take_text(query);
    KcSampleCase *one = kc_sample_case_new(id, NULL);
    one->reason = g_intern_string(reason);
    one->blind = kc_take_int(query) != 0;
    return one;
}

GPtrArray *
kc_sample_store_cases(KcTx *tx, gint64 number, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT case_id, reason, blind FROM sample_cases WHERE number = ? ORDER BY case_id", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, number);
    return kc_query_all(tx, query, read_case, (GDestroyNotify)kc_sample_case_free, error);
}
