/* Invariant: a case's key is made with its row, and only its wrapped form is kept. */
#include "src/store/case_store.h"
#include "src/base/json.h"
#include "src/store/case_keys_store.h"
#include "src/store/case_row.h"
#include "src/store/sealed.h"
#include "src/store/search_index.h"

#include <stdlib.h>
#include <string.h>

void
kc_case_row_free(KcCaseRow *row)
{
    if (row == NULL)
        return;
    g_free(row->id);
    g_free(row->number);
    g_free(row->state);
    g_free(row->county);
    g_free(row->channel);
    g_free(row->officer_id);
    g_free(row->integration_id);
    g_free(row->alarm_number);
    g_free(row->closing_code);
    g_free(row->mediation_method);
    g_free(row->on_scene_reason);
    g_free(row->triage_json);
    g_free(row->eligibility_json);
    g_free(row->place_text);
    g_free(row->reporter_phone);
    g_free(row->mediation_result);
    g_free(row->erased_by_rule);
    g_free(row->erased_basis);
    g_free(row);
}

static KcSealedPlace
facts_of(const char *case_id)
{
    return (KcSealedPlace){.case_id = case_id, .table = "cases", .column = "facts", .row_id = case_id};
}

/* ---- Sealed facts ---- */

static json_t *
facts_to_json(const KcCaseRow *row)
{
    json_t *facts = json_object();
    kc_json_put_text(facts, "place_text", row->place_text);
    kc_json_put_text(facts, "reporter_phone", row->reporter_phone);
    kc_json_put_text(facts, "on_scene_reason", row->on_scene_reason);
    kc_json_put_text(facts, "mediation_result", row->mediation_result);
    if (row->has_position) {
        json_object_set_new(facts, "latitude", json_real(row->latitude));
        json_object_set_new(facts, "longitude", json_real(row->longitude));
        json_object_set_new(facts, "accuracy_m", json_integer(row->accuracy_m));
    }
    return facts;
}

static gboolean
facts_read(KcTx *tx, KcCaseRow *row, GBytes *sealed, GError **error)
{
    g_autoptr(json_t) facts = kc_open_json(tx, facts_of(row->id), sealed, error);
    if (facts == NULL)
        return FALSE;
    row->place_text = kc_json_get_text(facts, "place_text");
    row->reporter_phone = kc_json_get_text(facts, "reporter_phone");
    row->on_scene_reason = kc_json_get_text(facts, "on_scene_reason");
    row->mediation_result = kc_json_get_text(facts, "mediation_result");
    row->has_position = json_object_get(facts, "latitude") != NULL;
    row->latitude = json_number_value(json_object_get(facts, "latitude"));
    row->longitude = json_number_value(json_object_get(facts, "longitude"));
    row->accuracy_m = json_integer_value(json_object_get(facts, "accuracy_m"));
    return TRUE;
}

static GBytes *
seal_facts(const KcCaseKey *key, const KcCaseRow *row)
{
    g_autoptr(json_t) facts = facts_to_json(row);
    char *text = json_dumps(facts, JSON_COMPACT);
    KcSealedPlace place = facts_of(row->id);
    GBytes *sealed = kc_case_key_seal(key, place.table, place.column, place.row_id, text, strlen(text));
    free(text);
    return sealed;
}

/* ---- Rows ---- */

gpointer
kc_case_row_read(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcCaseRow) row = g_new0(KcCaseRow, 1);
    row->id = kc_take_text(query);
    row->number = kc_take_text(query);
    row->version = kc_take_int(query);
    row->state = kc_take_text(query);
    row->county = kc_take_text(query);
    row->channel = kc_take_text(query);
    row->officer_id = kc_take_text(query);
    row->occurred_us = kc_take_int(query);
    row->created_us = kc_take_int(query);
    row->updated_us = kc_take_int(query);
    row->queued_us = kc_take_int(query);
    row->claimed_us = kc_take_int(query);
    row->evidence_fixed_us = kc_take_int(query);
    row->evacuated_us = kc_take_int(query);
    row->determined_us = kc_take_int(query);
    row->served_us = kc_take_int(query);
    row->closed_us = kc_take_int(query);
    row->on_scene_us = kc_take_int(query);
    row->abandoned_us = kc_take_int(query);
    row->closing_code = kc_take_text(query);
    row->mediation_method = kc_take_text(query);
    row->triage_json = kc_take_text(query);
    row->eligibility_json = kc_take_text(query);
    row->rules_number = kc_take_int(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    row->integration_id = kc_take_text(query);
    row->alarm_number = kc_take_text(query);
    row->erased_us = kc_take_int(query);
    row->erased_by_rule = kc_take_text(query);
    row->erased_basis = kc_take_text(query);
    if (row->erased_us == 0 && !facts_read(tx, row, sealed, error))
        return NULL;
    return g_steal_pointer(&row);
}

/* The columns that insert and update share, from state to sealed_facts without channel and created_us. */
static void
bind_changing(KcQuery *query, const KcCaseRow *row, GBytes *sealed)
{
    kc_bind_text(query, row->state);
    kc_bind_text(query, row->county);
    kc_bind_text(query, row->officer_id);
    kc_bind_int(query, row->occurred_us);
    kc_bind_int(query, row->updated_us);
    kc_bind_int(query, row->queued_us);
    kc_bind_int(query, row->claimed_us);
    kc_bind_int(query, row->evidence_fixed_us);
    kc_bind_int(query, row->evacuated_us);
    kc_bind_int(query, row->determined_us);
    kc_bind_int(query, row->served_us);
    kc_bind_int(query, row->closed_us);
    kc_bind_int(query, row->on_scene_us);
    kc_bind_int(query, row->abandoned_us);
    kc_bind_text(query, row->closing_code);
    kc_bind_text(query, row->mediation_method);
    kc_bind_text(query, row->triage_json == NULL ? "{}" : row->triage_json);
    kc_bind_text(query, row->eligibility_json == NULL ? "{}" : row->eligibility_json);
    kc_bind_bytes(query, sealed);
}

gboolean
kc_case_store_insert(KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GBytes) wrapped = NULL, recordings = NULL;
    guint32 slot = kc_case_keys_next_slot(tx, error);
    if (slot == 0)
        return FALSE;
    g_autoptr(KcCaseKey) key = kc_case_keys_make(tx, KC_KEY_CASE, slot, row->id, &wrapped, error);
    g_autoptr(KcCaseKey) other = kc_case_keys_make(tx, KC_KEY_RECORDINGS, slot, row->id, &recordings, error);
    if (key == NULL || other == NULL)
        return FALSE;
    g_autoptr(GBytes) sealed = seal_facts(key, row);
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "INSERT INTO cases (id, number, channel, created_us, rules_number, wrapped_key, wrapped_recordings_key, key_slot, "
                     "key_tree, integration_id, alarm_number, version, state, county, "
                     "officer_id, occurred_us, updated_us, queued_us, claimed_us, evidence_fixed_us, evacuated_us, "
                     "determined_us, served_us, closed_us, on_scene_us, abandoned_us, closing_code, "
                     "mediation_method, triage_json, eligibility_json, sealed_facts) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, row->id);
    kc_bind_text(query, row->number);
    kc_bind_text(query, row->channel);
    kc_bind_int(query, row->created_us);
    kc_bind_int(query, MAX(row->rules_number, 1));
    kc_bind_bytes(query, wrapped);
    kc_bind_bytes(query, recordings);
    kc_bind_int(query, slot);
    kc_bind_int(query, kc_wrapped_tree(wrapped));
    kc_bind_text(query, row->integration_id);
    kc_bind_text(query, row->alarm_number);
    bind_changing(query, row, sealed);
    return kc_query_run(query, NULL, error) && kc_search_index_case(tx, row, error);
}

gboolean
kc_case_store_get(KcTx *tx, const char *id, KcCaseRow **ret_row, GError **error)
{
    *ret_row = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " KC_CASE_COLUMNS " FROM cases WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, kc_case_row_read, (gpointer *)ret_row, error);
}

static KcUpdate
stale_or_absent(KcTx *tx, const char *id, GError **error)
{
    gint64 count = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM cases WHERE id = ?", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, id);
    if (!kc_query_number(query, &count, error))
        return KC_UPDATE_FAILED;
    return count > 0 ? KC_UPDATE_STALE : KC_UPDATE_ABSENT;
}

KcUpdate
kc_case_store_update(KcTx *tx, KcCaseRow *row, GError **error)
{
    gint64 changes = 0;
    g_autoptr(GError) local = NULL;
    const KcCaseKey *key = kc_sealed_key(tx, row->id, &local);
    if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED))
        return KC_UPDATE_ABSENT;
    if (key == NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return KC_UPDATE_FAILED;
    }
    g_autoptr(GBytes) sealed = seal_facts(key, row);
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "UPDATE cases SET state = ?, county = ?, officer_id = ?, occurred_us = ?, updated_us = ?, "
                     "queued_us = ?, claimed_us = ?, evidence_fixed_us = ?, evacuated_us = ?, determined_us = ?, "
                     "served_us = ?, closed_us = ?, on_scene_us = ?, abandoned_us = ?, closing_code = ?, "
                     "mediation_method = ?, triage_json = ?, eligibility_json = ?, sealed_facts = ?, version = version + 1 "
                     "WHERE id = ? AND version = ?",
                     error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    bind_changing(query, row, sealed);
    kc_bind_text(query, row->id);
    kc_bind_int(query, row->version);
    if (!kc_query_run(query, &changes, error))
        return KC_UPDATE_FAILED;
    if (changes == 0)
        return stale_or_absent(tx, row->id, error);
    row->version++;
    return kc_search_index_case(tx, row, error) ? KC_UPDATE_DONE : KC_UPDATE_FAILED;
}

char *
kc_case_store_next_number(KcTx *tx, const char *day, GError **error)
{
    g_autofree char *name = g_strconcat("case:", day, NULL);
    gint64 n = kc_tx_counter_next(tx, name, error);
    return n == 0 ? NULL : g_strdup_printf("C-%s-%06" G_GINT64_FORMAT, day, n);
}

KcCaseKey *
kc_case_store_key(KcTx *tx, const char *case_id, GError **error)
{
    if (kc_sealed_key(tx, case_id, error) == NULL)
        return NULL;
    g_clear_pointer(&tx->key_case_id, g_free);
    return g_steal_pointer(&tx->key);
}

GPtrArray *
kc_case_store_to_minimise(KcTx *tx, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT id FROM cases WHERE state = 'expired' AND minimised_us = 0 ORDER BY id LIMIT ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, kc_read_text, g_free, error);
}

gboolean
kc_case_store_set_minimised(KcTx *tx, const char *case_id, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "UPDATE cases SET minimised_us = ? WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, at_us);
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_case_store_find_alarm(KcTx *tx, const char *integration_id, const char *alarm_number, char **ret_id, GError **error)
{
    *ret_id = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT id FROM cases WHERE integration_id = ? AND alarm_number = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, integration_id);
    kc_bind_text(query, alarm_number);
    return kc_query_one(tx, query, kc_read_text, (gpointer *)ret_id, error);
}

gboolean
kc_case_store_number(KcTx *tx, const char *case_id, char **ret_number, GError **error)
{
    *ret_number = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT number FROM cases WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_one(tx, query, kc_read_text, (gpointer *)ret_number, error);
}
