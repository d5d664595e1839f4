/* The agreement of the parties as the exact UTF-8 text that is shown, hashed and signed (Order 146, arts. 19-22; a form
 * of one's own is allowed by art. 111 if it has what art. 21 asks for).
 *
 * As document_text.h: labels instead of codes, wording as data, the same bytes for the same values, LF. The grammar is
 * that of document_outline.h. Pure; thread-safe. */
#pragma once

#include "src/domain/agreement.h"
#include "src/domain/document_text.h"

/* All borrowed, none NULL. */
typedef struct {
    const char *title;
    const char *basis;                               /* what the parties declare, and by which articles */
    const char *liability_basis;                     /* stands before the liability of each */
    const char *compensation[KC_COMPENSATION_NONE + 1]; /* what each way means; [UNSET] NULL */
    const char *const *terms;                        /* NULL-terminated: truth, performance, what else is open */
    const char *footer;
} KcAgreementWording;

typedef struct {
    gsize from, to; /* places in `document.parties` */
    gint64 amount_cny;
} KcAgreementPayment;

typedef struct {
    KcDocument document;     /* head and parties; facts may be NULL; cause, reasons, injured and damage are not used */
    const gint64 *damage_cny; /* of each party; -1: not estimated */
    KcCompensation compensation;
    const KcAgreementPayment *payments;
    gsize payment_count;
    const char *proposer; /* label of the party that proposed it; NULL: the desk, `document.officer_name` */
} KcAgreementDocument;

/* Owned. */
char *kc_agreement_render(const KcAgreementDocument *agreement, const KcAgreementWording *wording);
