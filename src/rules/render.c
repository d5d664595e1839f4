/* From codes to the words of the document. */
#include "src/rules/data.h"

#include <string.h>

typedef struct {
    const KcRules *rules;
    const KcDocumentFrame *frame;
} Context;

static const KcDocumentPerson *
person_of(const KcDocumentFrame *frame, const char *party_id)
{
    for (gsize i = 0; i < frame->people_count; i++)
        if (g_strcmp0(frame->people[i].party_id, party_id) == 0)
            return &frame->people[i];
    return NULL;
}

static KcDocumentViolation *
violations_of(const KcRules *rules, const GPtrArray *codes)
{
    KcDocumentViolation *violations = g_new0(KcDocumentViolation, codes->len + 1);
    for (guint i = 0; i < codes->len; i++) {
        const KcScenario *scenario = kc_rules_scenario(rules, codes->pdata[i], NULL);
        g_assert(scenario != NULL);
        violations[i] = (KcDocumentViolation){scenario->title_zh, scenario->legal_basis};
    }
    return violations;
}

static KcDocumentParty
describe_party(const Context *context, const KcDeterminationParty *party)
{
    const KcRules *rules = context->rules;
    const KcDocumentPerson *person = person_of(context->frame, party->party_id);
    const KcInsurer *insurer = kc_rules_insurer(rules, party->insurer);
    const KcCode *travel = kc_rules_code(rules, KC_CODES_VEHICLE_TYPE, party->vehicle_type, NULL);
    g_assert(travel != NULL);

    return (KcDocumentParty){
        .label = person == NULL ? "" : person->label,
        .name = person == NULL ? NULL : person->name,
        .phone = person == NULL ? NULL : person->phone,
        .id_number = person == NULL ? NULL : person->id_number,
        .shares_phone_label = person == NULL ? NULL : person->shares_phone_label,
        .licence_number = party->licence_number,
        .vehicle_type = travel->zh,
        .is_motor = strcmp(travel->class_name, "motor") == 0,
        .has_vehicle = strcmp(travel->class_name, "motor") == 0 || strcmp(travel->class_name, "non_motor") == 0,
        .plate_number = party->plate_number,
        .plate_type = kc_rules_label_zh(rules, KC_CODES_PLATE_TYPE, party->plate_type),
        .insurer = insurer == NULL ? party->insurer : insurer->zh,
        .insurance_certificate = party->insurance_certificate,
        .collision_part = kc_rules_label_zh(rules, KC_CODES_COLLISION_PART, party->collision_part),
        .violations = violations_of(rules, party->violations),
        .violation_count = party->violations->len,
        .liability = party->liability,
    };
}

static char *
describe_evidence(const KcEvidenceRef *ref)
{
    static const char *const names[] = {
        [KC_EVIDENCE_STILL] = "固定照片",
        [KC_EVIDENCE_RECORDING] = "录像",
        [KC_EVIDENCE_STATEMENT] = "当事人陈述",
    };
    const char *id = ref->id == NULL ? "" : ref->id;
    const char *tail = strlen(id) > 8 ? id + strlen(id) - 8 : id;

    if (ref->at_ms < 0)
        return g_strdup_printf("%s%s", names[ref->kind], tail);
    gint64 seconds = ref->at_ms / 1000;
    return g_strdup_printf("%s%s（%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT "）", names[ref->kind], tail,
                           seconds / 60, seconds % 60);
}

static GStrv
describe_all_evidence(const GPtrArray *refs)
{
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
    for (guint i = 0; i < refs->len; i++) {
        g_autofree char *text = describe_evidence(refs->pdata[i]);
        g_strv_builder_add(texts, text);
    }
    return g_strv_builder_end(texts);
}

static GArray *
describe_parties(const Context *context, const KcDetermination *determination)
{
    g_autoptr(GPtrArray) ranked = kc_determination_ranked_parties(determination);
    GArray *parties = g_array_new(FALSE, FALSE, sizeof(KcDocumentParty));
    for (guint i = 0; i < ranked->len; i++) {
        KcDocumentParty party = describe_party(context, ranked->pdata[i]);
        g_array_append_val(parties, party);
    }
    return parties;
}

static GArray *
describe_reasons(const KcDetermination *determination)
{
    GArray *reasons = g_array_new(FALSE, FALSE, sizeof(KcDocumentReason));
    for (guint i = 0; i < determination->reasons->len; i++) {
        const KcReason *reason = determination->reasons->pdata[i];
        KcDocumentReason described = {reason->text, (const char *const *)describe_all_evidence(reason->evidence)};
        g_array_append_val(reasons, described);
    }
    return reasons;
}

/* What does not apply has no line in the document, whether the draft left it out or empty. */
static const char *
label_or_null(const KcRules *rules, KcCodeList list, const char *code)
{
    return code == NULL || *code == '\0' ? NULL : kc_rules_label_zh(rules, list, code);
}

static KcDocument
describe(const Context *context, const KcDetermination *determination)
{
    const KcRules *rules = context->rules;
    const KcDocumentFrame *frame = context->frame;

    return (KcDocument){
        .demo = rules->demo,
        .document_number = frame->document_number,
        .case_number = frame->case_number,
        .authority = frame->authority == NULL ? rules->centre_zh : frame->authority,
        .county = frame->county,
        .officer_name = frame->officer_name,
        .officer_badge = frame->officer_badge,
        .issued_at_us = frame->issued_at_us,
        .occurred_at_us = determination->occurred_at_us,
        .place = determination->place_text,
        .weather = kc_rules_label_zh(rules, KC_CODES_WEATHER, determination->weather),
        .accident_form = kc_rules_label_zh(rules, KC_CODES_ACCIDENT_FORM, determination->accident_form),
        .collision_type = label_or_null(rules, KC_CODES_COLLISION_TYPE, determination->collision_type),
        .collision_object = label_or_null(rules, KC_CODES_COLLISION_OBJECT, determination->collision_object),
        .facts = determination->facts,
        .cause = determination->cause,
        .injured = determination->injured,
        .damage_cny = determination->damage_cny,
        .mediation = determination->mediation,
        .mediation_result = determination->mediation_result,
    };
}

static void
free_violations(GArray *parties)
{
    for (guint i = 0; i < parties->len; i++)
        g_free((gpointer)g_array_index(parties, KcDocumentParty, i).violations);
}

char *
kc_rules_render_determination(const KcRules *rules, const KcDetermination *determination, const KcDocumentFrame *frame)
{
    Context context = {rules, frame};
    KcDocument document = describe(&context, determination);
    g_autoptr(GArray) parties = describe_parties(&context, determination);
    g_autoptr(GArray) reasons = describe_reasons(determination);
    const KcDocumentWording wording = {
        .title = rules->determination.title,
        .basis = rules->determination.basis,
        .liability_basis = rules->determination.liability_basis,
        .mediated = rules->determination.mediated,
        .not_mediated = rules->determination.not_mediated,
        .rights = (const char *const *)rules->determination.rights,
        .footer = rules->determination.footer,
    };

    document.parties = (const KcDocumentParty *)parties->data;
    document.party_count = parties->len;
    document.reasons = (const KcDocumentReason *)reasons->data;
    document.reason_count = reasons->len;
    char *text = kc_document_render(&document, &wording);
    free_violations(parties);
    for (guint i = 0; i < reasons->len; i++)
        g_strfreev((GStrv)g_array_index(reasons, KcDocumentReason, i).evidence);
    return text;
}

/* ---- the agreement ---- */

/* In the order of the agreement: nobody stands first for bearing more. */
static GArray *
describe_settlers(const Context *context, const KcAgreement *agreement)
{
    GArray *parties = g_array_new(FALSE, FALSE, sizeof(KcDocumentParty));
    for (guint i = 0; i < agreement->settlers->len; i++) {
        const KcSettler *settler = agreement->settlers->pdata[i];
        KcDocumentParty party = describe_party(context, agreement->accident->parties->pdata[i]);
        gboolean licensed = party.licence_number != NULL && *party.licence_number != '\0';
        party.name = settler->name;
        party.phone = settler->phone;
        party.licence_number = licensed ? party.licence_number : settler->id_number;
        party.id_number = settler->id_number;
        g_array_append_val(parties, party);
    }
    return parties;
}

static GArray *
describe_payments(const KcAgreement *agreement)
{
    GArray *payments = g_array_new(FALSE, FALSE, sizeof(KcAgreementPayment));
    for (guint i = 0; i < agreement->payments->len; i++) {
        const KcPayment *payment = agreement->payments->pdata[i];
        int from = kc_agreement_find_party(agreement, payment->from_id);
        int to = kc_agreement_find_party(agreement, payment->to_id);
        g_assert(from >= 0 && to >= 0);
        KcAgreementPayment described = {(gsize)from, (gsize)to, payment->amount_cny};
        g_array_append_val(payments, described);
    }
    return payments;
}

static KcAgreementWording
agreement_wording(const KcAgreementWordingData *data)
{
    KcAgreementWording wording = {
        .title = data->title,
        .basis = data->basis,
        .liability_basis = data->liability_basis,
        .terms = (const char *const *)data->terms,
        .footer = data->footer,
    };
    for (guint way = 0; way < G_N_ELEMENTS(data->compensation); way++)
        wording.compensation[way] = data->compensation[way];
    return wording;
}

char *
kc_rules_render_agreement(const KcRules *rules, const KcAgreement *agreement, const KcDocumentFrame *frame,
                          const char *proposer)
{
    Context context = {rules, frame};
    g_autoptr(GArray) parties = describe_settlers(&context, agreement);
    g_autoptr(GArray) payments = describe_payments(agreement);
    g_autofree gint64 *damage_cny = g_new(gint64, parties->len);
    KcAgreementWording wording = agreement_wording(&rules->agreement);
    KcAgreementDocument document = {
        .document = describe(&context, agreement->accident),
        .damage_cny = damage_cny,
        .compensation = agreement->compensation,
        .payments = (const KcAgreementPayment *)(const void *)payments->data,
        .payment_count = payments->len,
        .proposer = proposer,
    };

    for (guint i = 0; i < parties->len; i++)
        damage_cny[i] = ((const KcSettler *)agreement->settlers->pdata[i])->damage_cny;
    document.document.parties = (const KcDocumentParty *)(const void *)parties->data;
    document.document.party_count = parties->len;
    char *text = kc_agreement_render(&document, &wording);
    free_violations(parties);
    return text;
}
