/* Who may see what: one table of field × role, which everything that makes a view asks (PIPL, art. 6: no more than is needed;
 * Order 146, art. 65: what a party may see). Roles that read no case are in no row. What an issued document carries is in the
 * document, whoever reads that; in a call each is shown to the others by name. Pure; thread-safe. */
#pragma once

#include "src/domain/roles.h"

typedef enum {
    /* Of a party. */
    KC_FIELD_NAME,
    KC_FIELD_PHONE,
    KC_FIELD_ID_NUMBER,
    KC_FIELD_LICENCE_NUMBER,
    KC_FIELD_INSURER,
    KC_FIELD_INSURANCE_CERTIFICATE,
    KC_FIELD_KIND,         /* driver of a motor vehicle, rider, on foot */
    KC_FIELD_PLATE_NUMBER, /* as those that follow, it stands on the road */
    KC_FIELD_PLATE_TYPE,
    KC_FIELD_VEHICLE_TYPE,
    KC_FIELD_PRESENCE, /* whether and when its phone was there, and whose it shares */
    KC_FIELD_STATEMENT, /* what it said when it decided on a document */
    KC_FIELD_SIGNATURE, /* the drawn one; everybody's stands in the signed copy */
    KC_FIELD_PAPERS,    /* pictures of its licences and its certificate of insurance */
    KC_FIELD_CONSENTS,
    KC_FIELD_SERVICE,        /* how far a document's service on it is */
    KC_FIELD_REVIEW_REQUEST, /* what it wrote when it asked for a review */
    KC_FIELD_PAUSE,          /* that it feels pressed */
    KC_FIELD_DEADLINES,      /* that run for it */
    /* Of the case. */
    KC_FIELD_POSITION,
    KC_FIELD_REPORTER_PHONE,
    KC_FIELD_ON_SCENE_REASON, /* why an officer was asked for, in the words of who asked */
    KC_FIELD_DRAFT,           /* of the determination, before it is issued */
    KC_FIELD_POLICE_DEADLINES,
    KC_FIELD_COUNT
} KcField;

/* OWN: a party, of itself; staff, of a case that this person has. */
KcGrant kc_field_grant(KcRole role, KcField field);
gboolean kc_field_is_visible(KcRole role, KcField field, gboolean own);

/* "name", "phone", …: for a particular of a party, its name in the API. */
const char *kc_field_to_string(KcField field);
gboolean kc_field_from_string(const char *text, KcField *ret_field);
