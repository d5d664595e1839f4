#include "src/app/injury_check.h"

#include "src/domain/local_time.h"

static gboolean
has_agreed(const GPtrArray *consents, const char *party_id)
{
    for (guint i = 0; i < consents->len; i++) {
        const KcConsent *consent = consents->pdata[i];
        if (g_strcmp0(consent->party_id, party_id) == 0 && strcmp(consent->kind, KC_CONSENT_SIMPLIFIED) == 0)
            return consent->withdrawn_us == 0;
    }
    return FALSE;
}

gboolean
kc_app_missing_consents(KcTx *tx, const char *case_id, char **ret_labels, GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, case_id, error);
    g_autoptr(GPtrArray) consents = parties != NULL ? kc_consent_store_list(tx, case_id, error) : NULL;
    g_autoptr(GString) labels = g_string_new(NULL);
    *ret_labels = NULL;
    if (consents == NULL)
        return FALSE;
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        if (!has_agreed(consents, party->id))
            g_string_append_printf(labels, "%s%s", labels->len > 0 ? "、" : "", party->label);
    }
    if (labels->len > 0)
        *ret_labels = g_string_free(g_steal_pointer(&labels), FALSE);
    return TRUE;
}

/* The rule that asks for a grade; a draft may know of the hurt what the triage doesn't yet. */
static KcEligibility *
decide(const KcApp *app, const KcCaseRow *row, gboolean somebody_hurt)
{
    KcTriage triage;
    g_autoptr(json_t) known = kc_json_parse(row->triage_json);
    g_autofree char *day = kc_local_date(row->occurred_us);
    const KcOccasion occasion = {.date = day, .minute_of_report = kc_local_minute(row->created_us)};
    kc_triage_from_json(known, &triage);
    if (somebody_hurt && triage.injury == KC_INJURY_NONE)
        triage.injury = KC_INJURY_SLIGHT;
    triage.all_parties_agree = TRUE; /* else it would not be handled by video at all */
    return kc_rules_decide(kc_app_rules_of(app, row), &triage, occasion);
}

static gboolean
suffices(const KcEligibilityRule *rule, const KcUser *user)
{
    KcGrade grade = KC_GRADE_NONE;
    if (user != NULL)
        kc_grade_from_string(user->grade, &grade);
    return grade >= rule->officer_grade;
}

gboolean
kc_app_has_grade(KcApp *app, const KcUser *user, const KcCaseRow *row)
{
    g_autoptr(KcEligibility) eligibility = decide(app, row, FALSE);
    const KcEligibilityRule *rule = kc_eligibility_graded(eligibility);
    KcRole role;
    gboolean auxiliary = kc_role_from_string(user->role, &role) && role == KC_ROLE_INTAKE_OPERATOR;
    return rule == NULL || auxiliary || suffices(rule, user);
}

gboolean
kc_app_check_grade(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, gboolean somebody_hurt,
                   KcResult *result, GError **error)
{
    g_autoptr(KcEligibility) eligibility = decide(app, row, somebody_hurt);
    const KcEligibilityRule *rule = kc_eligibility_graded(eligibility);
    g_autoptr(KcUser) user = NULL;
    if (rule == NULL || who->role == KC_ROLE_INTAKE_OPERATOR)
        return TRUE;
    if (!kc_user_store_get(tx, who->user_id, &user, error))
        return FALSE;
    if (suffices(rule, user))
        return TRUE;
    g_autofree char *detail =
        g_strdup_printf("有人受伤的事故，须由%s以上事故处理等级的民警处理（%s）。 / An accident in which somebody is hurt "
                        "is handled by an officer of the %s grade at least (%s).",
                        kc_grade_zh(rule->officer_grade), rule->grade_basis, kc_grade_to_string(rule->officer_grade),
                        rule->grade_basis);
    return kc_refuse(result, KC_RESULT_FORBIDDEN, "grade", detail);
}

gboolean
kc_app_check_injury(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const KcDetermination *draft,
                    KcResult *result, GError **error)
{
    KcTriage triage;
    g_autofree char *labels = NULL;
    g_autoptr(json_t) known = kc_json_parse(row->triage_json);
    kc_triage_from_json(known, &triage);
    if (triage.injury == KC_INJURY_NONE && draft->injured <= 0)
        return TRUE;
    if (!kc_app_check_grade(app, tx, who, row, TRUE, result, error) ||
        !kc_app_missing_consents(tx, row->id, &labels, error))
        return FALSE;
    if (labels == NULL)
        return TRUE;
    g_autofree char *detail = g_strdup_printf(
        "有人受伤，适用简易程序须各方当事人同意，还缺：%s（道路交通事故处理程序规定第23条）。 / Somebody is hurt: the "
        "simplified procedure needs every party's consent, still missing: %s (Order 146, art. 23).",
        labels, labels);
    return kc_refuse(result, KC_RESULT_CONFLICT, "consent-missing", detail);
}
