/* The simplified determination as the exact UTF-8 text that is shown, hashed and signed (Order 146, art. 24).
 *
 * Takes human labels, no codes; the wording that cites the law comes in as data (schema/rules/documents.json). The
 * same values give the same bytes for ever. Lines end in LF, the last one too. Pure; thread-safe. */
#pragma once

#include "src/domain/determination.h"

/* All borrowed, none NULL unless said so. */
typedef struct {
    const char *title;
    const char *basis;           /* why this procedure applies */
    const char *liability_basis; /* stands before the liability of each */
    const char *mediated;        /* stands before the result of a mediation */
    const char *not_mediated;    /* why there is none */
    const char *const *rights;   /* NULL-terminated: review, mediation, suit, evidence */
    const char *footer;          /* what this text is and is not */
} KcDocumentWording;

typedef struct {
    const char *title_zh;
    const char *legal_basis;
} KcDocumentViolation;

typedef struct {
    const char *label; /* "A", "B", … shown as 甲, 乙, … */
    const char *name;
    const char *phone; /* NULL: unknown, as every field below */
    const char *shares_phone_label; /* of the party on whose phone this one took part */
    const char *licence_number;
    const char *id_number;    /* of who drives no motor vehicle; NULL: not asked */
    const char *vehicle_type; /* label of the way of travel */
    gboolean has_vehicle;     /* FALSE: a pedestrian or passenger */
    gboolean is_motor;        /* only then plate, licence and insurance are listed */
    const char *plate_number;
    const char *plate_type; /* label */
    const char *insurer;
    const char *insurance_certificate;
    const char *collision_part; /* label */
    const KcDocumentViolation *violations;
    gsize violation_count;
    KcLiability liability;
} KcDocumentParty;

typedef struct {
    const char *text;
    const char *const *evidence; /* NULL-terminated labels: "照片 1 (sha256 …)"; NULL for none */
} KcDocumentReason;

typedef struct {
    gboolean demo; /* says on the document that it has no force */
    const char *document_number;
    const char *case_number;
    const char *authority; /* the centre */
    const char *county;
    const char *officer_name;
    const char *officer_badge;
    gint64 issued_at_us;
    gint64 occurred_at_us;
    const char *place;
    const char *weather;
    const char *accident_form;
    const char *collision_type;   /* NULL: does not apply */
    const char *collision_object; /* NULL: does not apply */
    const char *facts;
    const char *cause;
    int injured;
    gint64 damage_cny;              /* -1: not estimated */
    KcMediation mediation;
    const char *mediation_result; /* NULL: none */
    const KcDocumentParty *parties; /* as the record lists them, see kc_determination_ranked_parties */
    gsize party_count;
    const KcDocumentReason *reasons;
    gsize reason_count;
} KcDocument;

/* Owned. */
char *kc_document_render(const KcDocument *document, const KcDocumentWording *wording);

/* "全部责任", …; static. */
const char *kc_liability_zh(KcLiability liability);

/* "甲" for "A", … "癸" for "J"; what is not such a letter is returned as it is. */
const char *kc_party_label_zh(const char *label);
