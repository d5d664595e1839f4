#include "src/domain/consents.h"

#include "src/base/names.h"

static const char *const KINDS[KC_CONSENT_KIND_COUNT] = {
    [KC_CONSENT_KIND_RECORDING] = "recording",
    [KC_CONSENT_KIND_LOCATION] = "location",
    [KC_CONSENT_KIND_ELECTRONIC_SERVICE] = "electronic_service",
    [KC_CONSENT_KIND_INSURER] = "insurer",
    [KC_CONSENT_KIND_FACE] = "face",
    [KC_CONSENT_KIND_SIMPLIFIED_PROCEDURE] = "simplified_procedure",
};

/* Something is still to be recorded. */
static gboolean
is_remote(KcCaseState state)
{
    switch (state) {
    case KC_CASE_TRIAGED:
    case KC_CASE_WAITING:
    case KC_CASE_IN_CALL:
    case KC_CASE_EVIDENCE_FIXED:
    case KC_CASE_DETERMINED:
    case KC_CASE_REOPENED:
        return TRUE;
    default:
        return FALSE;
    }
}

KcWithdrawal
kc_consent_withdrawal(KcConsentKind kind, KcCaseState state, gboolean is_reporter)
{
    if (kind == KC_CONSENT_KIND_RECORDING && is_remote(state))
        return KC_WITHDRAWAL_ENDS_REMOTE;
    if (kind == KC_CONSENT_KIND_LOCATION && is_reporter)
        return KC_WITHDRAWAL_HIDES_POSITION;
    return KC_WITHDRAWAL_CHANGES_NOTHING;
}

const char *
kc_consent_kind_to_string(KcConsentKind kind)
{
    g_assert(kind < KC_CONSENT_KIND_COUNT);
    return KINDS[kind];
}

gboolean
kc_consent_kind_from_string(const char *text, KcConsentKind *ret_kind)
{
    gint place = kc_names_find(KINDS, KC_CONSENT_KIND_COUNT, text);
    if (place >= 0)
        *ret_kind = (KcConsentKind)place;
    return place >= 0;
}
