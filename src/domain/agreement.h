/* The agreement by which the parties settle an accident themselves (Order 146, arts. 19-22) as data: draft or proposed.
 *
 * What it shares with a determination (when, where and how; each party's vehicle, insurer and liability) is a
 * KcDetermination of which what only an officer states stays empty, so that one set of rules judges both
 * (consistency.h). Beside it: who the parties are, and what becomes of the damage. Transparent structs; every text is
 * owned and may be NULL while a draft is incomplete. Pure; thread-safe. */
#pragma once

#include "src/domain/consistency.h"

typedef enum {
    KC_COMPENSATION_UNSET,     /* only in a draft */
    KC_COMPENSATION_INSURANCE, /* each turns to the insurers (art. 22) */
    KC_COMPENSATION_PRIVATE,   /* no insurer is asked: one pays another */
    KC_COMPENSATION_NONE,      /* each bears its own damage */
} KcCompensation;

typedef struct {
    char *from_id;
    char *to_id;
    gint64 amount_cny; /* 0: missing */
} KcPayment;

/* Who a party is, beside what the accident says of its vehicle. */
typedef struct {
    char *name;
    char *phone;
    char *id_number;   /* of who has no driving licence to show */
    gint64 damage_cny; /* what its own damage comes to; -1: not estimated, which is allowed */
} KcSettler;

typedef struct {
    KcDetermination *accident; /* `facts` are the parties' own words and may be missing; never NULL */
    GPtrArray *settlers;       /* KcSettler *, one for each of accident->parties, in that order; never NULL */
    KcCompensation compensation;
    GPtrArray *payments; /* KcPayment *; never NULL */
} KcAgreement;

KcAgreement *kc_agreement_new(void);
KcSettler *kc_settler_new(void);
KcPayment *kc_payment_new(const char *from_id, const char *to_id, gint64 amount_cny);
void kc_agreement_free(KcAgreement *agreement);
void kc_settler_free(KcSettler *settler);
void kc_payment_free(KcPayment *payment);

/* One more party; both are taken. */
void kc_agreement_add_party(KcAgreement *agreement, KcDeterminationParty *party, KcSettler *settler);
/* The place of a party, or -1. */
int kc_agreement_find_party(const KcAgreement *agreement, const char *party_id);

/* What an agreement must say beside the accident, and how it may not contradict itself:
 *
 *  people        M NAME, PHONE; LICENCE_OR_ID of who drives a motor vehicle, ID_NUMBER of who does not;
 *                  INSURANCE_CERTIFICATE of a motor vehicle; SECOND_PARTY: nobody settles alone
 *  liability     C UNDETERMINABLE: who can't tell asks an officer (art. 20)
 *  compensation  M COMPENSATION, PAYMENTS, PAYMENT_PARTY, PAYMENT_AMOUNT
 *                C PAYMENTS_ALIEN    only who asks no insurer pays privately
 *                C PAYMENT_TO_SELF   C PAYMENT_TWICE    C NOT_A_PARTY
 *                C PAYER_NOT_LIABLE  who bears nothing pays nothing, whatever is said at the roadside
 *
 * Pointers are into the body of PUT …/agreement. `travel`: of each party, in order. Owned, of KcFinding *. */
GPtrArray *kc_agreement_check(const KcAgreement *agreement, const KcTravelClass *travel);

/* What differs between two agreements, in the order in which they are read. */
typedef struct {
    char *party_id; /* NULL: of the accident or the compensation */
    const char *zh; /* static: "责任", … */
    const char *en;
} KcAgreementChange;

/* Owned, of KcAgreementChange *; empty: they say the same. */
GPtrArray *kc_agreement_changes(const KcAgreement *before, const KcAgreement *after);
void kc_agreement_change_free(KcAgreementChange *change);

/* "insurance", …; UNSET is NULL. */
const char *kc_compensation_to_string(KcCompensation compensation);
gboolean kc_compensation_from_string(const char *text, KcCompensation *ret_compensation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcAgreement, kc_agreement_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSettler, kc_settler_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPayment, kc_payment_free)
