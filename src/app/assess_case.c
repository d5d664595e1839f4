/* May this case be handled by video? Asked when it is opened, and again whenever the desk learns more. */
#include "src/app/internal.h"
#include "src/domain/local_time.h"

KcEligibility *
kc_app_assess(const KcApp *app, KcCaseRow *row, const KcTriage *triage, gint64 now_us)
{
    g_autofree char *day = kc_local_date(row->occurred_us);
    const KcOccasion occasion = {.date = day, .minute_of_report = kc_local_minute(row->created_us)};
    const KcRules *rules = kc_app_rules_of(app, row);
    KcEligibility *eligibility = kc_rules_decide(rules, triage, occasion);
    g_free(row->triage_json);
    g_free(row->eligibility_json);
    row->triage_json = kc_json_text(kc_triage_to_json(triage));
    row->eligibility_json = kc_json_text(kc_eligibility_to_json(eligibility, kc_rules_version(rules), now_us));
    return eligibility;
}

gboolean
kc_app_send_for_ground(KcTx *tx, KcCaseRow *row, const KcEligibility *eligibility, gint64 now_us, KcResult *result,
                       GError **error)
{
    const KcEligibilityRule *ground = eligibility->grounds->pdata[0];
    return kc_app_apply(row, KC_CASE_SEND_ON_SCENE, NULL, now_us, result) &&
           kc_app_log(tx, NULL, row->id, "case.on_scene", now_us, json_pack("{s:s}", "ground", ground->code), error) &&
           kc_app_emit(tx, "case.on_scene", row->id, "case", NULL, now_us, NULL, error);
}

gboolean
kc_app_check_triage(const KcRules *rules, const KcTriage *triage, const char *prefix, KcResult *result)
{
    const struct {
        const char *field, *code;
        KcCodeList list;
    } codes[] = {{"weather", triage->weather, KC_CODES_WEATHER}, {"road_type", triage->road_type, KC_CODES_ROAD_TYPE}};
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autofree char *pointer = g_strconcat(prefix, "/", codes[i].field, NULL);
        if (codes[i].code[0] != '\0' && kc_rules_code(rules, codes[i].list, codes[i].code, NULL) == NULL)
            kc_refuse_field(result, pointer, "代码不存在 / no such code");
    }
    return result->kind == KC_RESULT_OK;
}

typedef struct {
    const KcLearned *learned;
    KcTriage triage;
    gboolean changed[KC_TRIAGE_FIELD_COUNT];
} Assess;

static gboolean
learn(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    Assess *self = change->data;
    g_autoptr(json_t) known = kc_json_parse(row->triage_json);
    kc_triage_from_json(known, &self->triage);
    change->skip = !kc_triage_learn(&self->triage, self->learned, self->changed);
    return kc_app_check_triage(kc_app_rules_of(change->app, row), &self->triage, "", result);
}

/* What is new, what follows and why: answers and codes, nothing personal. */
static json_t *
entry_of(const Assess *self, const KcEligibility *eligibility)
{
    json_t *learned = json_object(), *grounds = json_array();
    for (guint i = 0; i < KC_TRIAGE_FIELD_COUNT; i++)
        if (self->changed[i])
            json_object_set_new(learned, kc_triage_field_to_string(i), kc_triage_field_to_json(&self->triage, i));
    for (guint i = 0; i < eligibility->grounds->len; i++)
        json_array_append_new(grounds, json_string(((KcEligibilityRule *)eligibility->grounds->pdata[i])->code));
    return json_pack("{s:o, s:s, s:o}", "learned", learned, "outcome", kc_outcome_to_string(eligibility->outcome),
                     "grounds", grounds);
}

static gboolean
decide(KcChange *change, const Assess *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    g_autoptr(KcEligibility) eligibility = kc_app_assess(change->app, row, &self->triage, change->now_us);
    const char *outcome = kc_outcome_to_string(eligibility->outcome);
    if (!kc_app_log(tx, change->who, row->id, "case.assessed", change->now_us, entry_of(self, eligibility), error) ||
        !kc_app_emit(tx, "case.assessed", row->id, "case", NULL, change->now_us, json_pack("{s:s}", "outcome", outcome),
                     error))
        return FALSE;
    if (eligibility->outcome == KC_OUTCOME_REMOTE || strcmp(row->state, "on_scene") == 0)
        return TRUE;
    return kc_app_send_for_ground(tx, row, eligibility, change->now_us, change->result, error) &&
           kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error);
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    return decide(change, change->data, tx, row, error);
}

gboolean
kc_app_learn_agreement(KcChange *change, KcTx *tx, KcCaseRow *row, gboolean all_agree, GError **error)
{
    const KcLearned learned = {.triage = {.all_parties_agree = all_agree}, .said = {[KC_TRIAGE_ALL_PARTIES_AGREE] = TRUE}};
    Assess self = {.learned = &learned};
    g_autoptr(json_t) known = kc_json_parse(row->triage_json);
    kc_triage_from_json(known, &self.triage);
    return !kc_triage_learn(&self.triage, &learned, self.changed) || decide(change, &self, tx, row, error);
}

gboolean
kc_app_assess_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                   const KcLearned *learned, KcCaseView **ret_case, KcResult *result, GError **error)
{
    Assess self = {.learned = learned};
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_ASSESS,
        .event = KC_CASE_ASSESS,
        .check = learn,
        .finish = finish,
        .data = &self,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
