/* The dated data of schema/rules as domain types: code lists, eligibility, scenarios, shots, counties, wording.
 *
 * Loaded once, immutable and thread-safe afterwards, handed down as a const pointer. A file that is not right is
 * refused whole, with its name, line, a JSON pointer and the reason; nothing is guessed. Everything returned is borrowed
 * from the rules and lives as long as they do, unless said otherwise. */
#pragma once

#include "src/domain/agreement_text.h"
#include "src/domain/approval.h"
#include "src/domain/consents.h"
#include "src/domain/consistency.h"
#include "src/domain/deadlines.h"
#include "src/domain/retention.h"
#include "src/domain/search_text.h"
#include "src/domain/document_text.h"
#include "src/domain/eligibility.h"
#include "src/domain/seats.h"
#include "src/domain/shots.h"
#include "src/domain/review_text.h"
#include "src/rules/files.h"

typedef struct KcRules KcRules;

#define KC_RULES_ERROR (kc_rules_error_quark())
GQuark kc_rules_error_quark(void);
typedef enum {
    KC_RULES_ERROR_READ,    /* a file is absent or can't be read */
    KC_RULES_ERROR_SYNTAX,  /* not JSON: file:line:column */
    KC_RULES_ERROR_INVALID, /* JSON of the wrong shape or meaning: file:line:column, pointer, reason */
} KcRulesError;

/* Where a text is wrong, and why. */
typedef struct {
    char *file;    /* NULL: none in particular (KC_RULES_ERROR_READ) */
    guint line, column; /* from 1; columns in characters */
    char *pointer; /* RFC 6901; "" where it isn't even JSON */
    char *reason;
} KcRulesProblem;

/* Of a KC_RULES_ERROR; borrowed from it. */
KcRulesProblem *kc_rules_problem(const GError *error);

typedef enum {
    KC_CODES_WEATHER,
    KC_CODES_ACCIDENT_FORM,
    KC_CODES_COLLISION_TYPE,
    KC_CODES_COLLISION_OBJECT,
    KC_CODES_VEHICLE_TYPE,
    KC_CODES_PLATE_TYPE,
    KC_CODES_COLLISION_PART,
    KC_CODES_CLOSING_CODE,
    KC_CODES_MEDIATION_METHOD,
    KC_CODES_LIABILITY,
    KC_CODES_ROAD_TYPE,
    KC_CODES_ROAD_CLASS,
    KC_CODES_SCENE,
    KC_CODES_LIST_COUNT
} KcCodeList;

typedef struct {
    char *code;
    char *zh;
    char *en;
    char *official;   /* the code of the national record where ours differs (liability: "1" for "full"); else NULL */
    char *class_name; /* "motor", "fixed", "highway", "mediated", …; NULL where a list has no classes */
    gboolean needs_collision_type;
    gboolean needs_collision_object;
    KcObjectClass form_hits; /* of an accident form: what kind of object it needs */
    char *effective_from;    /* YYYY-MM-DD */
    char *effective_to;   /* NULL: still in force */
} KcCode;

/* How it usually came about, to be proposed with a scenario; each NULL: no proposal. */
typedef struct {
    char *accident_form;
    char *collision_type;
    char *own_part; /* collision part of who did it */
    char *other_part;
} KcUsualFacts;

typedef struct {
    char *code;
    char *title_zh;
    char *title_en;
    char *legal_basis;
    char *summary_zh;
    char *summary_en;
    char *usual_split; /* "full", "equal" or "contributing" */
    KcUsualFacts usual;
    KcRuleKind kind;
    char *effective_from;
    char *effective_to;
} KcScenario;

typedef struct {
    char *code; /* GB/T 2260 */
    char *name;
    char *name_en;
    double latitude;
    double longitude;
    gboolean approximate; /* the centre is rough: good for the nearest county, not for a border */
} KcCounty;

/* Designated for the hurt of accidents. */
typedef struct {
    char *code;
    char *zh;
    char *en;
    char *phone; /* may be NULL */
    double latitude;
    double longitude;
    gboolean green_channel; /* treats first, asks for payment later */
    gboolean example;       /* made up, until an installation names its own */
} KcHospital;

typedef struct {
    char *code;
    char *zh;
    char *en;
} KcInsurer;

/* A template of the first draft: {name} is filled in by whoever drafts, a [group] goes when one of its names has
 * nothing to say. */
typedef struct {
    char *name; /* "facts.motor", "cause.full", … */
    char *text;
} KcDraftText;

/* What a consent is for, and what follows when it is withdrawn, in plain words. */
typedef struct {
    KcConsentKind kind;
    char *legal_basis, *title_zh, *title_en, *what_zh, *what_en, *after_zh, *after_en;
} KcConsentRule;

/* What becomes of a case that its party has left (PIPL, art. 19). */
typedef struct {
    gint64 abandoned_after_us, expires_after_us;
    GStrv keeps; /* names of particulars, "position", "place_text" */
    char *legal_basis;
} KcAbortedRule;

/* `dir`: a folder with the files and calendars/YEAR.json; NULL: those built into the program. `demo` is kept and put on
 * documents. */
KcRules *kc_rules_load(const char *dir, gboolean demo, GError **error);
/* The same of a set that was read before; calendars and all, but no templates. */
KcRules *kc_rules_parse(const KcRuleFiles *files, gboolean demo, GError **error);
void kc_rules_free(KcRules *rules);

gboolean kc_rules_is_demo(const KcRules *rules);

/* What is meant by one of `words` when somebody searches: cases that have one of `values` there. */
typedef struct {
    GStrv words;
    KcSearchBy by;
    GStrv values;
} KcSearchWord;
void kc_search_word_free(KcSearchWord *word);

/* SHA-256 over all files, 64 hex digits: what a case was judged by. */
const char *kc_rules_version(const KcRules *rules);

/* Lists, of const pointers to the structs above, in the order of the files, in force or not. */
const GPtrArray *kc_rules_codes(const KcRules *rules, KcCodeList list); /* KcCode * */
const GPtrArray *kc_rules_eligibility(const KcRules *rules);            /* KcEligibilityRule * */
const GPtrArray *kc_rules_scenarios(const KcRules *rules);              /* KcScenario * */
const GPtrArray *kc_rules_shots(const KcRules *rules);                  /* KcShot * */
const GPtrArray *kc_rules_shot_reasons(const KcRules *rules);           /* KcShotReason * */
const GPtrArray *kc_rules_counties(const KcRules *rules);               /* KcCounty * */
const GPtrArray *kc_rules_hospitals(const KcRules *rules);              /* KcHospital * */
const GPtrArray *kc_rules_insurers(const KcRules *rules);               /* KcInsurer * */
const GPtrArray *kc_rules_deadlines(const KcRules *rules);              /* KcDeadlineRule * */
const GPtrArray *kc_rules_retention(const KcRules *rules);              /* KcRetentionRule * */
const GPtrArray *kc_rules_search_words(const KcRules *rules); /* KcSearchWord * */
/* The legal basis of erasing what can't be read any more, since its key is destroyed; "": the set says none. */
const char *kc_rules_key_destroyed_basis(const KcRules *rules);
const KcCalendar *kc_rules_calendar(const KcRules *rules);
const GPtrArray *kc_rules_draft_texts(const KcRules *rules);            /* KcDraftText * */
const GPtrArray *kc_rules_approval(const KcRules *rules);               /* KcApprovalRule * */
const KcDeskPolicy *kc_rules_desk(const KcRules *rules);
const KcConsentRule *kc_rules_consent(const KcRules *rules, KcConsentKind kind);
const KcAbortedRule *kc_rules_aborted(const KcRules *rules);

/* NULL: no such code in force on that day. `on_date` NULL: any day. */
const KcCode *kc_rules_code(const KcRules *rules, KcCodeList list, const char *code, const char *on_date);
/* The first of that class in force on that day ("mediated", "self"); NULL: none. */
const KcCode *kc_rules_code_of_class(const KcRules *rules, KcCodeList list, const char *class_name,
                                     const char *on_date);
const KcScenario *kc_rules_scenario(const KcRules *rules, const char *code, const char *on_date);
const KcShot *kc_rules_shot(const KcRules *rules, const char *code, const char *on_date);
const KcShotReason *kc_rules_shot_reason(const KcRules *rules, const char *code);
/* Whether the shots of an accident form come before the road is cleared, by the centre's policy. */
gboolean kc_rules_shot_gate(const KcRules *rules);
const KcCounty *kc_rules_county(const KcRules *rules, const char *code);
/* By code or by either name, small or capital letters. */
const KcInsurer *kc_rules_insurer(const KcRules *rules, const char *text);

/* The label of a code on any day; the code itself if unknown, NULL for NULL. */
const char *kc_rules_label_zh(const KcRules *rules, KcCodeList list, const char *code);
const char *kc_rules_label_en(const KcRules *rules, KcCodeList list, const char *code);

/* The name of a list in codes.json and in GET /api/v1/codes: "weather", … */
const char *kc_code_list_to_string(KcCodeList list);

/* The county whose centre is nearest and within 80 km, else NULL. Degrees, WGS 84 or GCJ-02 alike: centres are rough.
 */
const KcCounty *kc_rules_county_near(const KcRules *rules, double latitude, double longitude);
/* The county whose name stands in a place text ("商州区北新街…"), else NULL. */
const KcCounty *kc_rules_county_in_text(const KcRules *rules, const char *place_text);

/* The nearest hospital, as the crow flies; NULL: the rules name none. */
const KcHospital *kc_rules_hospital_near(const KcRules *rules, double latitude, double longitude, gint64 *ret_metres);
/* "120" */
const char *kc_rules_emergency_phone(const KcRules *rules);

/* Owned. */
KcEligibility *kc_rules_decide(const KcRules *rules, const KcTriage *triage, KcOccasion occasion);

/* Why the parties may not settle by themselves what was answered in the triage (Order 146, arts. 13, 19); no grounds:
 * they may. The outcome is what is left: an officer by video, or one who comes. Owned. */
KcEligibility *kc_rules_decide_settlement(const KcRules *rules, const KcTriage *triage, KcOccasion occasion);

/* As kc_rules_check_determination, of an agreement of the parties. */
GPtrArray *kc_rules_check_agreement(const KcRules *rules, const KcAgreement *agreement, const char *on_date);

/* Everything that can be said of a draft: unknown codes, bad particulars, and all of consistency.h. `on_date`: the day
 * of the accident, NULL while unknown. Owned, of KcFinding *. */
GPtrArray *kc_rules_check_determination(const KcRules *rules, const KcDetermination *determination,
                                        const char *on_date);

/* The closing code exists, and fits the decisions of the parties. Owned, of KcFinding *. */
GPtrArray *kc_rules_check_closing(const KcRules *rules, const char *closing_code, const KcClosingFacts *facts,
                                  const char *on_date);

/* What a document says beside the determination itself; all borrowed. */
typedef struct {
    const char *party_id;
    const char *label;
    const char *name;  /* NULL: unknown */
    const char *phone; /* NULL: unknown */
    const char *id_number;          /* NULL: unknown */
    const char *shares_phone_label; /* of the party on whose phone this one took part; NULL: on one of its own */
} KcDocumentPerson;

typedef struct {
    const char *document_number;
    const char *case_number;
    const char *authority; /* NULL: the name in documents.json */
    const char *county;    /* name */
    const char *officer_name;
    const char *officer_badge;
    gint64 issued_at_us;
    const KcDocumentPerson *people;
    gsize people_count;
} KcDocumentFrame;

/* The exact text of the determination; owned. The determination must have no findings. Evidence is named by kind,
 * the last 8 characters of its id (the first are the time) and, in a recording, the moment. */
char *kc_rules_render_determination(const KcRules *rules, const KcDetermination *determination,
                                    const KcDocumentFrame *frame);

/* The exact text of the agreement; owned. It must have no findings. Names and telephone numbers are those in it; `people`
 * of the frame give the labels; `proposer`: a label, NULL: the officer of the frame. */
char *kc_rules_render_agreement(const KcRules *rules, const KcAgreement *agreement, const KcDocumentFrame *frame,
                                const char *proposer);
/* The words of the papers of a review. */
const KcReviewWording *kc_rules_review_wording(const KcRules *rules);

/* The name of the centre, for the pages. */
const char *kc_rules_centre_zh(const KcRules *rules);
const char *kc_rules_centre_en(const KcRules *rules);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRules, kc_rules_free)
