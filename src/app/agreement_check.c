#include "src/app/agreement_check.h"

#include "src/domain/local_time.h"

/* The day by whose rules it is judged. */
static char *
day_of(const KcCaseRow *row)
{
    return kc_local_date(row->occurred_us > 0 ? row->occurred_us : row->created_us);
}

KcEligibility *
kc_app_settlement(const KcApp *app, const KcCaseRow *row)
{
    KcTriage triage = {0};
    g_autoptr(json_t) json = kc_json_parse(row->triage_json);
    g_autofree char *day = day_of(row);
    kc_triage_from_json(json, &triage);
    return kc_rules_decide_settlement(kc_app_rules_of(app, row), &triage, (KcOccasion){day, kc_local_minute(row->created_us)});
}

gboolean
kc_app_check_settlement(const KcApp *app, const KcCaseRow *row, KcResult *result)
{
    g_autoptr(KcEligibility) settlement = kc_app_settlement(app, row);
    if (settlement->grounds->len == 0)
        return TRUE;
    g_autoptr(GString) zh = g_string_new("不能自行协商：");
    g_autoptr(GString) en = g_string_new("The parties can't settle this by themselves: ");
    for (guint i = 0; i < settlement->grounds->len; i++) {
        const KcEligibilityRule *rule = settlement->grounds->pdata[i];
        g_string_append_printf(zh, "%s%s（%s）", i > 0 ? "；" : "", rule->title_zh, rule->legal_basis);
        g_string_append_printf(en, "%s%s (%s)", i > 0 ? "; " : "", rule->title_en, rule->legal_basis);
    }
    g_autofree char *detail = g_strdup_printf("%s / %s", zh->str, en->str);
    return kc_refuse(result, KC_RESULT_CONFLICT, "not-settleable", detail);
}

/* ---- the draft ---- */

static void
replace(char **slot, const char *value)
{
    g_free(*slot);
    *slot = g_strdup(value);
}

/* Plate, licence and insurer belong to a motor vehicle: of another they would be a contradiction that only the party
 * itself could mend. */
static void
fill_party(const KcRules *rules, KcDeterminationParty *record, KcSettler *settler, const KcParty *party)
{
    const KcCode *travel = kc_rules_code(rules, KC_CODES_VEHICLE_TYPE, party->vehicle_type, NULL);
    gboolean motor = travel == NULL || g_strcmp0(travel->class_name, "motor") == 0;

    replace(&settler->name, party->name);
    replace(&settler->phone, party->phone);
    replace(&settler->id_number, party->id_number);
    replace(&record->vehicle_type, party->vehicle_type);
    replace(&record->plate_number, motor ? party->plate_number : NULL);
    replace(&record->plate_type, motor ? party->plate_type : NULL);
    replace(&record->licence_number, motor ? party->licence_number : NULL);
    replace(&record->insurer, motor ? party->insurer : NULL);
    replace(&record->insurance_certificate, motor ? party->insurance_certificate : NULL);
}

void
kc_app_fill_agreement(const KcApp *app, const KcCaseRow *row, KcAgreement *agreement, const GPtrArray *parties)
{
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        int place = kc_agreement_find_party(agreement, party->id);
        if (place < 0) {
            KcDeterminationParty *record = kc_determination_party_new();
            record->party_id = g_strdup(party->id);
            kc_agreement_add_party(agreement, record, kc_settler_new());
            place = (int)agreement->settlers->len - 1;
        }
        fill_party(kc_app_rules_of(app, row), agreement->accident->parties->pdata[place], agreement->settlers->pdata[place], party);
    }
}

static KcAgreement *
begin(const KcCaseRow *row)
{
    KcAgreement *agreement = kc_agreement_new();
    agreement->accident->occurred_at_us = row->occurred_us > 0 ? row->occurred_us : row->created_us;
    agreement->accident->place_text = g_strdup(row->place_text);
    return agreement;
}

gboolean
kc_app_load_agreement(const KcApp *app, KcTx *tx, const KcCaseRow *row, const GPtrArray *parties,
                      KcAgreement **ret_agreement, gint64 *ret_updated_us, GError **error)
{
    g_autoptr(KcAgreementRow) kept = NULL;
    if (!kc_agreement_store_get(tx, row->id, &kept, error))
        return FALSE;
    g_autoptr(json_t) json = kept != NULL ? kc_json_parse(kept->draft_json) : NULL;
    g_autoptr(KcAgreement) agreement = kept != NULL ? kc_agreement_from_json(json, NULL) : begin(row);
    if (agreement == NULL) {
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "an agreement that can't be read");
        return FALSE;
    }
    kc_app_fill_agreement(app, row, agreement, parties);
    if (ret_updated_us != NULL)
        *ret_updated_us = kept != NULL ? kept->updated_us : 0;
    *ret_agreement = g_steal_pointer(&agreement);
    return TRUE;
}

GPtrArray *
kc_app_check_agreement(const KcApp *app, const KcCaseRow *row, const KcAgreement *agreement)
{
    gint64 occurred_us = agreement->accident->occurred_at_us;
    g_autofree char *day = occurred_us != 0 ? kc_local_date(occurred_us) : day_of(row);
    return kc_rules_check_agreement(kc_app_rules_of(app, row), agreement, day);
}
