/* The simplified determination (Order 146, art. 24) as data: what an officer fills in, draft or issued.
 *
 * Transparent structs; every text is owned and may be NULL while a draft is incomplete. Codes are those of
 * schema/rules/codes.json; whether they exist is asked of src/rules, whether they fit together of consistency.h. */
#pragma once

#include <glib.h>

typedef enum {
    KC_LIABILITY_UNSET, /* only in a draft */
    KC_LIABILITY_FULL,
    KC_LIABILITY_PRIMARY,
    KC_LIABILITY_EQUAL,
    KC_LIABILITY_SECONDARY,
    KC_LIABILITY_NONE,
    KC_LIABILITY_UNDETERMINABLE,
} KcLiability;

typedef enum {
    KC_EVIDENCE_STILL,
    KC_EVIDENCE_RECORDING,
    KC_EVIDENCE_STATEMENT,
} KcEvidenceKind;

typedef enum {
    KC_DECISION_NONE, /* not yet decided */
    KC_DECISION_SIGNED,
    KC_DECISION_REFUSED,
    KC_DECISION_OBJECTED,
} KcDecision;

/* Of the loss, on the spot (Order 146, arts. 25, 26). */
typedef enum {
    KC_MEDIATION_UNSET, /* nothing is said of it on the document */
    KC_MEDIATION_AGREED, /* asked for by all, with its result */
    KC_MEDIATION_DECLINED,
} KcMediation;

typedef struct {
    KcEvidenceKind kind;
    char *id;
    gint64 at_ms; /* into a recording; -1: the whole of it */
} KcEvidenceRef;

typedef struct {
    char *text;
    GPtrArray *evidence; /* KcEvidenceRef *; never NULL */
} KcReason;

typedef struct {
    char *party_id;
    char *vehicle_type;
    char *plate_number;
    char *plate_type;
    char *insurer;
    char *insurance_certificate;
    char *licence_number;
    char *collision_part;
    GPtrArray *violations; /* char *, scenario codes; never NULL */
    KcLiability liability;
} KcDeterminationParty;

typedef struct {
    gint64 occurred_at_us; /* 0: missing */
    char *place_text;
    char *weather;
    char *accident_form;
    char *collision_type;
    char *collision_object;
    char *road_type; /* these three: of the record alone, never missing */
    char *road_class;
    char *scene;
    char *facts;
    char *cause;
    int injured;        /* -1: missing */
    gint64 damage_cny;  /* -1: not estimated, which is allowed */
    KcMediation mediation;
    char *mediation_result; /* only of one that was agreed to */
    GPtrArray *parties; /* KcDeterminationParty *; never NULL */
    GPtrArray *reasons; /* KcReason *; never NULL */
} KcDetermination;

/* Empty: injured and damage_cny -1, at_ms -1, arrays empty and owning their elements. */
KcDetermination *kc_determination_new(void);
KcDeterminationParty *kc_determination_party_new(void);
KcReason *kc_reason_new(void);
KcEvidenceRef *kc_evidence_ref_new(KcEvidenceKind kind, const char *id, gint64 at_ms);

void kc_determination_free(KcDetermination *determination);
void kc_determination_party_free(KcDeterminationParty *party);
void kc_reason_free(KcReason *reason);
void kc_evidence_ref_free(KcEvidenceRef *ref);

/* The parties as the record lists them: the heaviest liability first, else in the order given. Owned array of borrowed
 * KcDeterminationParty *. */
GPtrArray *kc_determination_ranked_parties(const KcDetermination *determination);

/* "agreed", "declined"; KC_MEDIATION_UNSET is NULL. */
const char *kc_mediation_to_string(KcMediation mediation);
gboolean kc_mediation_from_string(const char *text, KcMediation *ret_mediation);
/* "full", …; KC_LIABILITY_UNSET is NULL. */
const char *kc_liability_to_string(KcLiability liability);
gboolean kc_liability_from_string(const char *text, KcLiability *ret_liability);
const char *kc_evidence_kind_to_string(KcEvidenceKind kind);
gboolean kc_evidence_kind_from_string(const char *text, KcEvidenceKind *ret_kind);
/* "signed", …; KC_DECISION_NONE is NULL. */
const char *kc_decision_to_string(KcDecision decision);
gboolean kc_decision_from_string(const char *text, KcDecision *ret_decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDetermination, kc_determination_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDeterminationParty, kc_determination_party_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReason, kc_reason_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEvidenceRef, kc_evidence_ref_free)
