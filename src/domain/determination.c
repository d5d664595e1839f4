#include "src/domain/determination.h"

#include "src/base/names.h"

static const char *const LIABILITIES[] = {
    [KC_LIABILITY_FULL] = "full",   [KC_LIABILITY_PRIMARY] = "primary",
    [KC_LIABILITY_EQUAL] = "equal", [KC_LIABILITY_SECONDARY] = "secondary",
    [KC_LIABILITY_NONE] = "none",   [KC_LIABILITY_UNDETERMINABLE] = "undeterminable",
};

static const char *const EVIDENCE_KINDS[] = {
    [KC_EVIDENCE_STILL] = "still",
    [KC_EVIDENCE_RECORDING] = "recording",
    [KC_EVIDENCE_STATEMENT] = "statement",
};

static const char *const MEDIATIONS[] = {
    [KC_MEDIATION_AGREED] = "agreed",
    [KC_MEDIATION_DECLINED] = "declined",
};

static const char *const DECISIONS[] = {
    [KC_DECISION_SIGNED] = "signed",
    [KC_DECISION_REFUSED] = "refused",
    [KC_DECISION_OBJECTED] = "objected",
};

KcDetermination *
kc_determination_new(void)
{
    KcDetermination *determination = g_new0(KcDetermination, 1);
    determination->injured = -1;
    determination->damage_cny = -1;
    determination->parties = g_ptr_array_new_with_free_func((GDestroyNotify)kc_determination_party_free);
    determination->reasons = g_ptr_array_new_with_free_func((GDestroyNotify)kc_reason_free);
    return determination;
}

KcDeterminationParty *
kc_determination_party_new(void)
{
    KcDeterminationParty *party = g_new0(KcDeterminationParty, 1);
    party->violations = g_ptr_array_new_with_free_func(g_free);
    return party;
}

KcReason *
kc_reason_new(void)
{
    KcReason *reason = g_new0(KcReason, 1);
    reason->evidence = g_ptr_array_new_with_free_func((GDestroyNotify)kc_evidence_ref_free);
    return reason;
}

KcEvidenceRef *
kc_evidence_ref_new(KcEvidenceKind kind, const char *id, gint64 at_ms)
{
    KcEvidenceRef *ref = g_new0(KcEvidenceRef, 1);
    ref->kind = kind;
    ref->id = g_strdup(id);
    ref->at_ms = at_ms;
    return ref;
}

void
kc_determination_free(KcDetermination *determination)
{
    if (determination == NULL)
        return;
    g_free(determination->place_text);
    g_free(determination->weather);
    g_free(determination->accident_form);
    g_free(determination->collision_type);
    g_free(determination->collision_object);
    g_free(determination->road_type);
    g_free(determination->road_class);
    g_free(determination->scene);
    g_free(determination->facts);
    g_free(determination->cause);
    g_free(determination->mediation_result);
    g_clear_pointer(&determination->parties, g_ptr_array_unref);
    g_clear_pointer(&determination->reasons, g_ptr_array_unref);
    g_free(determination);
}

void
kc_determination_party_free(KcDeterminationParty *party)
{
    if (party == NULL)
        return;
    g_free(party->party_id);
    g_free(party->vehicle_type);
    g_free(party->plate_number);
    g_free(party->plate_type);
    g_free(party->insurer);
    g_free(party->insurance_certificate);
    g_free(party->licence_number);
    g_free(party->collision_part);
    g_clear_pointer(&party->violations, g_ptr_array_unref);
    g_free(party);
}

void
kc_reason_free(KcReason *reason)
{
    if (reason == NULL)
        return;
    g_free(reason->text);
    g_clear_pointer(&reason->evidence, g_ptr_array_unref);
    g_free(reason);
}

void
kc_evidence_ref_free(KcEvidenceRef *ref)
{
    if (ref == NULL)
        return;
    g_free(ref->id);
    g_free(ref);
}

GPtrArray *
kc_determination_ranked_parties(const KcDetermination *determination)
{
    static const KcLiability ORDER[] = {KC_LIABILITY_FULL,      KC_LIABILITY_PRIMARY, KC_LIABILITY_EQUAL,
                                        KC_LIABILITY_SECONDARY, KC_LIABILITY_NONE,    KC_LIABILITY_UNDETERMINABLE,
                                        KC_LIABILITY_UNSET};
    GPtrArray *ranked = g_ptr_array_new();

    for (guint rank = 0; rank < G_N_ELEMENTS(ORDER); rank++)
        for (guint i = 0; i < determination->parties->len; i++) {
            KcDeterminationParty *party = determination->parties->pdata[i];
            if (party->liability == ORDER[rank])
                g_ptr_array_add(ranked, party);
        }
    return ranked;
}

/* The index of `text` among `count` names of which some may be NULL, or -1. */
const char *
kc_mediation_to_string(KcMediation mediation)
{
    return MEDIATIONS[mediation];
}

gboolean
kc_mediation_from_string(const char *text, KcMediation *ret_mediation)
{
    int index = kc_names_find(MEDIATIONS, G_N_ELEMENTS(MEDIATIONS), text);
    if (index >= 0)
        *ret_mediation = (KcMediation)index;
    return index >= 0;
}

const char *
kc_liability_to_string(KcLiability liability)
{
    return LIABILITIES[liability];
}

gboolean
kc_liability_from_string(const char *text, KcLiability *ret_liability)
{
    int index = kc_names_find(LIABILITIES, G_N_ELEMENTS(LIABILITIES), text);
    if (index >= 0)
        *ret_liability = (KcLiability)index;
    return index >= 0;
}

const char *
kc_evidence_kind_to_string(KcEvidenceKind kind)
{
    return EVIDENCE_KINDS[kind];
}

gboolean
kc_evidence_kind_from_string(const char *text, KcEvidenceKind *ret_kind)
{
    int index = kc_names_find(EVIDENCE_KINDS, G_N_ELEMENTS(EVIDENCE_KINDS), text);
    if (index >= 0)
        *ret_kind = (KcEvidenceKind)index;
    return index >= 0;
}

const char *
kc_decision_to_string(KcDecision decision)
{
    return DECISIONS[decision];
}

gboolean
kc_decision_from_string(const char *text, KcDecision *ret_decision)
{
    int index = kc_names_find(DECISIONS, G_N_ELEMENTS(DECISIONS), text);
    if (index >= 0)
        *ret_decision = (KcDecision)index;
    return index >= 0;
}
