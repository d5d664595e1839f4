/* Cases and parties: open, look, change, end. */
#pragma once

#include "src/app/app.h"
#include "src/app/views.h"
#include "src/domain/search_text.h"

/* Particulars of a party; NULL: not said, "" takes a value away. Checked for form, and normalised. */
typedef struct {
    const char *kind; /* "motor", "non_motor", "pedestrian" */
    const char *name, *phone, *id_number, *plate_number, *plate_type, *vehicle_type, *licence_number, *insurer,
        *insurance_certificate;
} KcParticulars;

typedef struct {
    const char *channel; /* "web", "alarm_122", "app_12123", "desk", "kiosk" */
    const char *alarm_number; /* by an integration: one alarm is one case. NULL: none */
    const char *reporter_phone;
    gint64 occurred_us; /* 0: now */
    const char *place_text;
    gboolean has_position;
    double latitude, longitude;
    gint64 accuracy_m;
    KcTriage triage;
    const char *const *consents; /* NULL: none */
    KcParticulars party;         /* party A, the reporter */
    const KcIdempotency *idempotency;
} KcOpenCase;

typedef struct {
    KcCaseView *view;
    char *party_id;
    char *token;
    char *url; /* "/p/TOKEN", absolute when the public URL is known */
} KcOpenedCase;
void kc_opened_case_clear(KcOpenedCase *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcOpenedCase, kc_opened_case_clear)

gboolean kc_app_open_case(KcApp *app, const KcPrincipal *who, const KcOpenCase *request, KcOpenedCase *ret_opened,
                          KcResult *result, GError **error);

gboolean kc_app_get_case(KcApp *app, const KcPrincipal *who, const char *case_id, KcCaseView **ret_case,
                         KcResult *result, GError **error);

/* Everything that is set must hold; lists: any of them. NULL: any. */
typedef struct {
    const char *const *states, *const *channels, *const *closings, *const *forms, *const *outcomes, *const *reviews,
        *const *decisions; /* as in src/store/search_store.h */
    const char *county;
    const char *officer_id;
    const char *q; /* what somebody typed: src/domain/search_text.h */
    gint64 from_us, to_us;
    guint limit; /* 0: 50; at most 200 */
    const char *cursor;
    gboolean mine; /* only those of the officer who asks */
} KcCaseQuery;

/* Where one piece of what was asked for stands in a case. */
typedef struct {
    const char *field;     /* number plate phone identifier name place officer form outcome reason statement agreement review
                              late_report document message on_scene_reason mediation_result */
    char *label;           /* of the party; or NULL */
    char *text;            /* of which a part, where it is long */
    guint start, length;   /* of the piece in it, in characters; length 0: in no one place */
    gboolean begins_within, ends_within; /* text was cut there */
} KcWhyFound;
void kc_why_found_free(KcWhyFound *why);

typedef struct {
    GPtrArray *cases; /* of KcCaseView (summaries), newest first */
    GPtrArray *whys;  /* for each case a GPtrArray of KcWhyFound */
    char *cursor;     /* NULL: the last page */
    gint64 searched_us; /* the page ended before it was full: cases from there on were looked at; 0: it did not */
    guint count;        /* of all on the first page, up to a bound */
    gboolean count_is_exact;
    gboolean is_complete;  /* every case can be found; else cases of an older version are still being indexed */
    KcSearchQuery *asked;  /* how `q` was read */
} KcCaseList;
void kc_case_list_clear(KcCaseList *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcCaseList, kc_case_list_clear)

/* Cases of the counties that `who` may see, of no county yet, and its own. A party gets its own case. */
gboolean kc_app_list_cases(KcApp *app, const KcPrincipal *who, const KcCaseQuery *query, KcCaseList *ret_list,
                           KcResult *result, GError **error);

typedef struct {
    gint64 seq;
    gint64 at_us;
    char *kind;       /* "case.opened", "recording.viewed", … */
    char *actor_kind; /* "party", "guest", "user", "system" */
    char *actor_id;
    char *actor_name; /* of a user or guest; label of a party; else NULL */
    char *data_json;  /* an object */
} KcTimelineItem;
void kc_timeline_item_free(KcTimelineItem *item);

gboolean kc_app_timeline(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_items,
                         KcResult *result, GError **error);

/* In what follows `expected_version` is what If-Match named, 0 for any. `*ret_case` is the case after it. */

gboolean kc_app_add_party(KcApp *app, const KcPrincipal *who, const char *case_id, const KcParticulars *particulars,
                          const KcIdempotency *idempotency, KcPartyView **ret_party, KcResult *result, GError **error);
gboolean kc_app_update_party(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                             gint64 expected_version, const KcParticulars *particulars, KcPartyView **ret_party,
                             KcResult *result, GError **error);
void kc_party_view_free(KcPartyView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPartyView, kc_party_view_free)

/* A link for one party of the case. Older links stay valid until they expire. `same_phone`: the party joins on the phone
 * of the one who invites, which is noted on it, in the log and on the document. */
gboolean kc_app_invite_party(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                             gboolean same_phone, const KcIdempotency *idempotency, char **ret_token, char **ret_url, KcResult *result,
                             GError **error);

typedef struct {
    const char *text; /* NULL: not said; "": there are no words for it */
    gboolean has_position;
    double latitude, longitude;
    gint64 accuracy_m;
} KcNewPlace;

/* Where it happened, corrected by the desk; what is not said stays. The county follows. */
gboolean kc_app_change_place(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                             const KcNewPlace *place, KcCaseView **ret_case, KcResult *result, GError **error);

/* The officer has learned more: decides anew whether the case can be handled by video. Where it can't, an officer is
 * sent at once, as at the triage; what has gone to the scene stays there. */
gboolean kc_app_assess_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                            const KcLearned *learned, KcCaseView **ret_case, KcResult *result, GError **error);

/* What a party agrees to, or no longer ("recording", …, "simplified_procedure"): by itself, or written down by whoever
 * has claimed the case. A slight injury without everybody's consent goes to the scene (art. 23). */
gboolean kc_app_set_consent(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                            const char *kind, gboolean given, KcCaseView **ret_case, KcResult *result, GError **error);

typedef struct {
    char *kind;
    gboolean given; /* else withdrawn, or refused */
    gint64 at_us;
    char *recorded_by; /* name of whom of the staff the party told; NULL: by its own hand */
} KcConsentEntry;
void kc_consent_entry_free(KcConsentEntry *entry);

/* of KcConsentEntry, in order; a party's own alone */
gboolean kc_app_list_consents(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id,
                              GPtrArray **ret_entries, KcResult *result, GError **error);

/* Refused in no state to a party or the desk (art. 20); a second time changes nothing. `reason` may be NULL. */
gboolean kc_app_send_on_scene(KcApp *app, const KcPrincipal *who, const char *case_id, const char *reason,
                              KcCaseView **ret_case, KcResult *result, GError **error);
/* CONFLICT "shots-missing" while required shots of the accident form are, each named in the errors of the result, unless
 * `reason` (a code of the rules; may be NULL) says why the road is cleared without them. */
gboolean kc_app_evacuate(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                         const char *reason, KcCaseView **ret_case, KcResult *result, GError **error);

/* jafs, and with it tjfs and the result of a mediation; where the document has a result, that is it. */
typedef struct {
    const char *closing_code;
    const char *mediation_method; /* NULL: none */
    const char *mediation_result; /* NULL: none, or as the document has it */
} KcCloseCase;

/* Ends the call too. INVALID for what does not fit what the parties did (Order 146, arts. 25, 26). */
gboolean kc_app_close_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                           const KcCloseCase *request, KcCaseView **ret_case, KcResult *result, GError **error);
gboolean kc_app_reopen_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                            KcCaseView **ret_case, KcResult *result, GError **error);
