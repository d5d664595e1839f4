/* Does a determination contradict itself, and what does it still lack?
 *
 * The rules of the national accident record: liability, accident form, parties and violations must fit together.
 * A contradiction is refused already in a draft; what is missing is refused at the issue. Which class a code belongs
 * to is data and comes in as a value (src/rules resolves it). Pure; thread-safe. */
#pragma once

#include "src/domain/determination.h"

typedef enum {
    KC_FINDING_MISSING,
    KC_FINDING_CONTRADICTION,
} KcFindingKind;

typedef struct {
    KcFindingKind kind;
    char *code;    /* "TWO_FULL", …: stable, for programs */
    char *pointer; /* RFC 6901, into the body of PUT …/determination: "/parties/1/liability" */
    char *message_zh;
    char *message_en;
} KcFinding;

typedef enum {
    KC_FORM_UNKNOWN,
    KC_FORM_BETWEEN_VEHICLES,
    KC_FORM_VEHICLE_PERSON,
    KC_FORM_SINGLE_VEHICLE,
} KcFormClass;

typedef enum {
    KC_TRAVEL_UNKNOWN,
    KC_TRAVEL_MOTOR,
    KC_TRAVEL_NON_MOTOR,
    KC_TRAVEL_PEDESTRIAN,
    KC_TRAVEL_PASSENGER,
} KcTravelClass;

typedef enum {
    KC_OBJECT_UNKNOWN, /* also: any, none */
    KC_OBJECT_FIXED,
    KC_OBJECT_MOVABLE,
} KcObjectClass;

typedef enum {
    KC_ROAD_UNKNOWN,
    KC_ROAD_HIGHWAY,
    KC_ROAD_URBAN,
} KcRoadClass;

/* What the codes of one determination mean. */
typedef struct {
    KcFormClass form;
    gboolean needs_collision_type;
    gboolean needs_collision_object;
    KcObjectClass form_hits; /* what the form says was hit */
    KcObjectClass object;    /* what the collision object is */
    KcRoadClass road;
    const KcTravelClass *travel; /* one for each party, in order */
} KcCodeMeaning;

/* Every finding, contradictions first; an empty array when all is well. Owned, of KcFinding *. */
GPtrArray *kc_consistency_check(const KcDetermination *determination, const KcCodeMeaning *meaning);

/* Only what a determination and an agreement of the parties both say: when, where and how, who, who bears what. */
GPtrArray *kc_consistency_check_accident(const KcDetermination *accident, const KcCodeMeaning *meaning);

/* The closing code (jafs), which is Order 146, arts. 25 and 26. */
typedef enum {
    KC_CLOSING_MEDIATED,
    KC_CLOSING_NO_MEDIATION,
    KC_CLOSING_OBJECTED,
    KC_CLOSING_REFUSED,
} KcClosing;

typedef struct {
    gboolean has_document; /* a determination was issued; without one (on the scene) decisions are not looked at */
    guint signed_count;
    guint refused_count;
    guint objected_count;
    const char *mediation_method; /* tjfs code; NULL or "" for none */
    const char *mediation_result; /* NULL or "" for none */
    gboolean mediated_on_document; /* its text has the result of a mediation (art. 25) */
} KcClosingFacts;

/* Mediated <=> method and result are filled, and nobody refused or objected; objected needs an objection; refused
 * needs a refusal. Pointers: /closing_code, /mediation_method, /mediation_result. Owned. */
GPtrArray *kc_consistency_check_closing(KcClosing closing, const KcClosingFacts *facts);

/* Any contradiction, any missing, in an array of findings. */
gboolean kc_findings_have(const GPtrArray *findings, KcFindingKind kind);

/* An empty array that owns its findings; one more finding. `pointer` and the messages are copied. */
GPtrArray *kc_findings_new(void);
void kc_findings_add(GPtrArray *findings, KcFindingKind kind, const char *code, const char *pointer, const char *zh,
                     const char *en);

const char *kc_finding_kind_to_string(KcFindingKind kind);
/* "中文 / English", as every message of the service. Owned. */
char *kc_finding_text(const KcFinding *finding);
void kc_finding_free(KcFinding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcFinding, kc_finding_free)
