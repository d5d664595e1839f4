/* What a party may agree to, each by itself, and what follows when it no longer does (PIPL, arts. 14, 15, 23, 29; procedure,
 * arts. 36, 52; Order 146, arts. 7, 23). Pure. */
#pragma once

#include "src/domain/case.h"

typedef enum {
    KC_CONSENT_KIND_RECORDING,
    KC_CONSENT_KIND_LOCATION,
    KC_CONSENT_KIND_ELECTRONIC_SERVICE,
    KC_CONSENT_KIND_INSURER,
    KC_CONSENT_KIND_FACE,
    KC_CONSENT_KIND_SIMPLIFIED_PROCEDURE,
    KC_CONSENT_KIND_COUNT
} KcConsentKind;

typedef enum {
    KC_WITHDRAWAL_CHANGES_NOTHING, /* of the case: only what comes later is done otherwise */
    KC_WITHDRAWAL_ENDS_REMOTE,     /* no recording, no handling by video: an officer is sent */
    KC_WITHDRAWAL_HIDES_POSITION,
} KcWithdrawal;

/* By the party whose the position is (`is_reporter`), while the case is in that state. The simplified procedure has rules of
 * its own (Order 146, art. 23). */
KcWithdrawal kc_consent_withdrawal(KcConsentKind kind, KcCaseState state, gboolean is_reporter);

/* "recording" "location" … */
const char *kc_consent_kind_to_string(KcConsentKind kind);
gboolean kc_consent_kind_from_string(const char *text, KcConsentKind *ret_kind);
