/* What a caller may see of a case, ready to be written down.
 *
 * A party sees its own case without what is internal to the police, and of other parties only label, plate and
 * decision: what it may not see is NULL here already. Times are µs, 0: never. */
#pragma once

#include "src/base/json.h"
#include "src/domain/agreement.h"
#include "src/domain/case.h"
#include "src/domain/deadlines.h"
#include "src/domain/determination.h"
#include "src/domain/eligibility.h"
#include "src/domain/service.h"
#include "src/rules/rules.h"
#include "src/domain/review.h"
#include "src/store/case_store.h"
#include "src/store/document_store.h"
#include "src/store/late_report_store.h"
#include "src/store/party_store.h"
#include "src/store/pause_store.h"
#include "src/store/review_store.h"
#include "src/store/service_store.h"

typedef struct {
    char *code, *legal_basis, *title_zh, *title_en;
    KcRuleKind kind;
} KcGroundView;

/* Where the hurt are taken. */
typedef struct {
    const char *emergency_phone;
    const KcHospital *hospital; /* the nearest; NULL: none is known, or nobody knows where the accident is */
    gint64 distance_m;          /* -1: only the county is known */
} KcHelpView;

typedef struct {
    KcParty *party;
    gboolean restricted; /* another party's: only id, label, plate_number and decision */
    gboolean connected;
    gint64 last_seen_us;
    KcDecision decision; /* on the document that stands; NONE: not yet */
} KcPartyView;

typedef struct {
    char *id;
    char *kind; /* "snapshot", "photo" or "live_still" */
    char *shot; /* may be NULL */
    char *party_id;
    gint64 taken_us;
    gint64 media_time_ms; /* -1: of no recording */
    gint64 width, height, bytes;
    char *sha256;
    char *content_type;
} KcStillView;

typedef struct {
    KcSignature *signature;
    char *label; /* of the party */
} KcSignatureView;

/* Somebody feels pressed to sign; only who may know of it has one. */
typedef struct {
    KcPause *pause; /* without its note to the party itself */
    char *label;    /* of the party */
    char *case_number;
    char *ended_by_name; /* NULL: by nobody at the desk, or it stands */
} KcPauseView;

/* How far a document's service on one party is. */
typedef struct {
    char *party_id, *label;
    KcServiceState state;
    KcService *service; /* NULL: not served yet */
    KcOpening *opening; /* when its own link first fetched it; NULL: not yet */
} KcServiceView;

typedef struct {
    KcDocumentRow *document;
    GPtrArray *signatures; /* KcSignatureView */
    GPtrArray *services;   /* KcServiceView, of each party; to a party its own. Empty for what is not served */
    gint64 revoked_us;     /* 0: it stands */
    char *replaced_by;     /* the document that does instead */
} KcDocumentView;

typedef struct {
    KcReviewRow *review;
    KcReviewState state;
    gboolean restricted; /* another party asked: nothing of what it wrote */
    char *case_number;
    char *party_label; /* of who asked */
    char *document_number;
    char *packet_sha256; /* NULL: not forwarded */
} KcReviewView;

typedef struct {
    char *leg_id;
    char *kind;  /* "party", "user" or "guest" */
    const char *guest_kind; /* "emergency", …; NULL: no guest */
    char *id;    /* of any of them */
    char *name;  /* may be NULL */
    char *label; /* of a party */
    gint64 joined_us;
    gboolean listens;      /* hears and sees, and is neither heard, seen nor recorded */
    const char *media;     /* "connecting" "connected" "warning" "gone" */
    const char *recording; /* "live" "stopped" "failed" */
    const char *mode;      /* "video", or "voice" while its network carries only sound */
    gint64 mode_since_us;
    KcStillView *still; /* the newest that came by itself instead of a picture; may be NULL */
    /* Only in kc_app_call_status: */
    gboolean has_stats;
    gint64 bitrate_in_bps, bitrate_out_bps, loss_in_permille, loss_out_permille, rtt_ms, age_last_packet_ms;
    gint64 width, height;
    gint64 nacks_sent, nacks_answered, plis_sent; /* since the leg began */
    gint64 bytes_durable;                         /* of its recording */
} KcParticipantView;

/* Where a participant's packets come to the caller's own leg. */
typedef struct {
    char *audio_mid, *video_mid;
    char *participant_id; /* NULL: nobody's now */
} KcSlotView;

/* The parties' own settlement. */
typedef struct {
    const char *status; /* "none" "draft" "proposed" "agreed" */
    GPtrArray *grounds; /* KcGroundView: why they may not; empty: they may */
    KcAgreement *draft; /* as it stands, begun from the case if nobody has written yet; of other parties a party sees
                           only what stands on the road */
    GPtrArray *missing; /* KcFinding: what a proposal still needs */
    char *document_id;  /* proposed or agreed; NULL: neither */
    gint64 updated_us, agreed_us;
} KcSettlementView;

/* What is to be photographed of this accident, and what has been. */
typedef struct {
    char *accident_form; /* NULL: nobody has named one */
    gboolean gate;       /* the road is cleared after it, by the centre's policy */
    GArray *items;       /* KcShotItem, of the rules */
} KcShotListView;

typedef struct {
    gboolean is_summary;     /* without stills, documents, determination */
    KcCaseRow *row;          /* triage_json and eligibility_json are read below */
    const char *county_name; /* borrowed from the rules; may be NULL */
    KcTriage triage;
    KcOutcome outcome;
    GPtrArray *grounds;                 /* KcGroundView */
    gint64 assessed_us;                 /* when that was decided last */
    gboolean needs_help;                /* somebody is hurt */
    KcHelpView help;                    /* borrowed from the rules; only where help is needed */
    GPtrArray *consents;                /* KcConsent */
    char *officer_name, *officer_badge; /* NULL while row->officer_id is */
    GPtrArray *parties;                 /* KcPartyView */
    GPtrArray *stills;                  /* KcStillView */
    KcShotListView *shot_list;          /* NULL in a summary */
    KcDetermination *determination;     /* NULL: none, or none that the caller may see */
    gboolean determination_issued;
    gint64 determination_updated_us;
    GPtrArray *documents;    /* KcDocumentView */
    KcSettlementView *settlement; /* NULL in a summary */
    gboolean is_late_report; /* made after the scene was cleared (art. 18) */
    KcLateReport *late_report; /* what was decided of it; NULL: nothing yet, or a summary */
    KcReviewView *review;    /* NULL: none was asked for, or a summary */
    GPtrArray *deadlines;    /* KcDeadline: to a party its own; NULL in a summary */
    GPtrArray *pauses;       /* KcPauseView: what the caller may know of; NULL in a summary */
    GPtrArray *participants; /* KcParticipantView; the call is live when there is one */
    gint64 queue_position;   /* 0: does not wait */
    gint64 expected_wait_s;
} KcCaseView;

/* As the API writes it, and as the store keeps it. */
json_t *kc_triage_to_json(const KcTriage *triage);

void kc_case_view_free(KcCaseView *view);
void kc_settlement_view_free(KcSettlementView *view);
void kc_participant_view_free(KcParticipantView *view);
void kc_slot_view_free(KcSlotView *view);
void kc_still_view_free(KcStillView *view);
void kc_shot_list_view_free(KcShotListView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcShotListView, kc_shot_list_view_free)
void kc_document_view_free(KcDocumentView *view);
void kc_service_view_free(KcServiceView *view);
void kc_pause_view_free(KcPauseView *view);
void kc_review_view_free(KcReviewView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCaseView, kc_case_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSettlementView, kc_settlement_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcParticipantView, kc_participant_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcStillView, kc_still_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDocumentView, kc_document_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReviewView, kc_review_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPauseView, kc_pause_view_free)
