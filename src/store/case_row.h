/* Private to src/store: how a case is read, for the files that select one. */
#pragma once

#include "src/store/case_store.h"
#include "src/store/sql.h"

#define KC_CASE_COLUMNS                                                                                                \
    "id, number, version, state, county, channel, officer_id, occurred_us, created_us, updated_us, queued_us, "        \
    "claimed_us, evidence_fixed_us, evacuated_us, determined_us, served_us, closed_us, on_scene_us, abandoned_us, "    \
    "closing_code, mediation_method, triage_json, eligibility_json, rules_number, "                \
    "sealed_facts, integration_id, alarm_number, erased_us, erased_by_rule, erased_basis"

/* A KcReadFn for a row of KC_CASE_COLUMNS. */
gpointer kc_case_row_read(KcTx *tx, KcQuery *query, GError **error);
