/* What the use cases share. Included by src/app alone. */
#pragma once

#include "src/app/calls.h"
#include "src/app/cases.h"
#include "src/app/events.h"
#include "src/app/rule_shelf.h"
#include "src/app/witnesses.h"
#include "src/base/id.h"
#include "src/base/json.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/domain/fields.h"
#include "src/evidence/note.h"
#include "src/store/erasure_store.h"
#include "src/store/idempotency_store.h"
#include "src/store/log_store.h"
#include "src/store/object_store.h"
#include "src/store/offer_store.h"
#include "src/store/rule_store.h"
#include "src/store/user_store.h"

typedef struct KcEventBus KcEventBus;
typedef struct KcCallTable KcCallTable;
typedef struct KcComposeQueue KcComposeQueue;
typedef struct KcLeg KcLeg;
typedef struct KcChange KcChange;

struct KcApp {
    char *data_dir;
    char *vault_dir;
    char *public_url;
    KcRuleShelf *shelf;
    KcTurn turn;
    gboolean demo;
    gboolean purpose_required; /* accesses.h */
    gint64 (*now_us)(gpointer clock_data);
    gint64 (*free_bytes)(const char *dir, gpointer clock_data);
    gpointer clock_data;
    gint64 reserve_bytes;
    gboolean hold_reserve;
    KcPasswordCost password_cost;
    gint64 staff_session_us;
    gint64 party_link_us;
    int lock_fd; /* -1: the folder is shared with whoever has the lock */
    KcKeyring *keyring;
    KcStore *store;
    KcNoteSigner *log_signer; /* of whoever has the lock; else NULL */
    KcWitnessOptions witness;
    GPtrArray *witnesses; /* of KcWitnessPeer (witness_list.h) */
    KcEventBus *bus;
    gboolean has_media;
    KcMediaPort media;
    KcCallTable *calls;
    KcComposePort compose;     /* .compose NULL: there is none */
    KcComposeQueue *composing; /* compose_queue.h; NULL: nothing is made */
    GThreadPool *background; /* of KcRecoveryJob, recovery.c */
    GMutex lock;             /* over what follows */
    GCond idle;
    guint jobs;               /* waiting or running in `background`, and one while anything is composed */
    GQueue unrecovered;       /* of KcRecoveryJob, to be tried again */
    struct KcStanding *standing; /* standing.h; has a lock of its own */
    GHashTable *recent_looks; /* "session recording" -> gint64 *: when the log last got an entry for it */
    GHashTable *seen;         /* party or user id -> gint64 *: when a request last came with its token */
    GPtrArray *photo_requests; /* of KcPhotoRequest */
    GPtrArray *idle_readers;   /* of KcObjectReader, the longest idle first (reader_shelf.h) */
    gint64 reserve_held_bytes; /* in the file of the reserve */
    gint64 rules_stamp; /* of the store when the rules were loaded last (kc_rule_store_stamp) */
    gint64 opened_us; /* when the service began */
    gint64 calls_started, legs_lost, objects_recovered;
    gint bundles; /* under way; atomic */
};

gint64 kc_app_now(const KcApp *app);
KcId kc_app_new_id(const KcApp *app);

/* ---- disk_reserve.c ---- */

typedef enum {
    KC_DISK_NEW,     /* a call, a photo, a case: the reserve must be left */
    KC_DISK_RUNNING, /* of a case that is being handled: into the reserve, but for the last of it */
} KcDiskUse;

/* FALSE with DISK_FULL when less would be left than must be. */
gboolean kc_app_check_disk(KcApp *app, KcDiskUse use, gint64 wanted_bytes, KcResult *result);
/* A write has found the disk full: lets the held reserve go. Always FALSE, with DISK_FULL. */
gboolean kc_app_refuse_full(KcApp *app, KcResult *result);
gboolean kc_app_release_reserve(KcApp *app);
void kc_app_open_reserve(KcApp *app);

/* The rules that a case keeps; those in force where its version can't be read any more. As long as the app. */
const KcRules *kc_app_rules_of(const KcApp *app, const KcCaseRow *row);
const KcRuleSet *kc_app_rule_set(const KcApp *app, gint64 number);

/* ---- load_rules.c ---- */

/* Texts of a version. Owned. */
KcRuleFiles *kc_app_read_rule_files(KcTx *tx, gint64 number, GError **error);
/* Gives `version` its number, and logs which files are other than `before` (NULL: there were none). */
gboolean kc_app_keep_rules(KcTx *tx, const KcPrincipal *who, KcRuleVersion *version, const KcRuleFiles *files,
                           const KcRuleFiles *before, GError **error);
/* What the service is started with becomes a version where it is new; folders NULL: what is built in. */
gboolean kc_app_adopt_rules(KcApp *app, const char *rules_dir, const char *templates_dir, GError **error);
/* As kc_app_refresh_rules, if there is something new. */
gboolean kc_app_watch_rules(KcApp *app, GError **error);

/* When a request last came with the token of that party or user, since the service began; 0: none did. */
gint64 kc_app_seen_us(KcApp *app, const char *id);

/* ---- tx.c ---- */

/* As kc_store_write and kc_store_read, but that `fn` may return FALSE for a refusal in `result` too, which takes
 * everything back. A full disk becomes a refusal. */
gboolean kc_app_write(KcApp *app, KcTxFn fn, gpointer data, KcResult *result, GError **error);
gboolean kc_app_read(KcApp *app, KcTxFn fn, gpointer data, KcResult *result, GError **error);

/* An entry of the audit log by `who` (NULL: the service itself). Takes `data` (an object without personal data, or
 * NULL). */
gboolean kc_app_log(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *kind, gint64 now_us,
                    json_t *data, GError **error);
gboolean kc_app_log_as(KcTx *tx, const char *actor_kind, const char *actor_id, const char *case_id, const char *kind,
                       gint64 now_us, json_t *data, GError **error);

/* An event; `audience` as in src/store/event_store.h. Takes `data` (an object or NULL). */
gboolean kc_app_emit(KcTx *tx, const char *type, const char *case_id, const char *audience, const char *audience_id,
                     gint64 now_us, json_t *data, GError **error);

/* `*ret_body` (an object) is what the same request came to before; NULL: it is new. FALSE: another request had the key.
 */
gboolean kc_app_idempotency_find(KcTx *tx, const KcPrincipal *who, const KcIdempotency *idempotency, json_t **ret_body,
                                 KcResult *result, GError **error);
/* Takes `body`. Nothing happens without a key. */
gboolean kc_app_idempotency_keep(KcTx *tx, const KcPrincipal *who, const KcIdempotency *idempotency, gint64 now_us,
                                 json_t *body, GError **error);

/* ---- access.c ---- */

/* The case if `who` may do that with it; else NOT_FOUND or FORBIDDEN. */
gboolean kc_app_load_case(KcTx *tx, const KcPrincipal *who, KcAction action, const char *case_id, KcCaseRow **ret_row,
                          KcResult *result, GError **error);
/* The document or party of that case; else NOT_FOUND. `id` may be any text, or NULL. */
gboolean kc_app_find_document(KcTx *tx, const char *case_id, const char *id, KcDocumentRow **ret_document,
                              KcResult *result, GError **error);
gboolean kc_app_find_party(KcTx *tx, const char *case_id, const char *id, KcParty **ret_party, KcResult *result,
                           GError **error);
/* The name of an account, owned; NULL of none. */
gboolean kc_app_user_name(KcTx *tx, const char *user_id, char **ret_name, GError **error);
/* FORBIDDEN (or UNAUTHENTICATED for nobody) if the role never may. */
gboolean kc_app_check_role(const KcPrincipal *who, KcAction action, KcResult *result);
gboolean kc_app_check_version(const KcCaseRow *row, gint64 expected_version, KcResult *result);
#define KC_ERASED_TEXT "保存期满，内容已依规删除 / the content was erased when its time to be kept had ended"
/* Asks the domain; sets the state and the time that belongs to it. FALSE: STATE or CONFLICT. */
gboolean kc_app_apply(KcCaseRow *row, KcCaseEvent event, const KcCaseFacts *facts, gint64 now_us, KcResult *result);
/* Writes the row and emits case.updated. */
gboolean kc_app_save_case(KcTx *tx, KcCaseRow *row, gint64 now_us, GError **error);

/* ---- view.c ---- */

/* Whether `who` sees that field of that party (NULL: of the case), by domain/fields.h. */
gboolean kc_app_sees_field(const KcPrincipal *who, KcField field, const char *party_id);
/* Whether a still or photo is for this person's eyes. */
gboolean kc_app_sees_picture(KcApp *app, const KcPrincipal *who, const KcCaseRow *row, const KcObject *object);

/* Takes `row`. */
gboolean kc_app_load_view(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, gboolean summary,
                          KcCaseView **ret_view, GError **error);
/* The case as it is now, in a read of its own. */
gboolean kc_app_read_view(KcApp *app, const KcPrincipal *who, const char *case_id, KcCaseView **ret_view,
                          GError **error);
KcPartyView *kc_app_party_view(KcApp *app, const KcPrincipal *who, KcParty *party, GPtrArray *signatures,
                               const char *document_id);
/* Borrowed; NULL: there is none of that id. `parties`: of KcParty. */
const char *kc_app_party_label(const GPtrArray *parties, const char *party_id);
KcStillView *kc_app_still_view(const KcObject *object);
KcStillView *kc_still_view_copy(const KcStillView *view); /* NULL of NULL */
/* KcDocumentView of a document with its signatures; takes `document`. */
KcDocumentView *kc_app_document_view(KcDocumentRow *document, GPtrArray *signatures, GPtrArray *parties);
/* services.c: fills view->services. */
gboolean kc_app_load_services(KcTx *tx, const KcPrincipal *who, const GPtrArray *parties, KcDocumentView *view,
                              GError **error);
/* A decision is its service too: a party's own where it has agreed to electronic service, and a refusal to receive that an
 * officer noted. */
gboolean kc_app_serve_by_decision(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row,
                                  const KcDocumentRow *document, const KcSignature *signature, GError **error);
/* reviews.c; takes `review`. */
gboolean kc_app_load_review_view(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, KcReviewRow *review,
                                 KcReviewView **ret_view, GError **error);
gint64 kc_app_expected_wait_s(gint64 mean_wait_us, gint64 position);
gboolean kc_app_party_decided(GPtrArray *signatures, const char *document_id, const char *party_id,
                              KcDecision *ret_decision);

/* ---- change_place.c ---- */

/* By the county's name in the words, else by the nearest centre; owned, NULL: in none. */
char *kc_app_find_county(const KcRules *rules, const char *place_text, gboolean has_position, double latitude,
                         double longitude);
/* Field errors under `prefix` ("/place"). */
void kc_app_check_place(const char *place_text, gboolean has_position, double latitude, double longitude,
                        const char *prefix, KcResult *result);

/* ---- shot_list.c ---- */
gboolean kc_app_load_shot_list(KcApp *app, KcTx *tx, const KcCaseRow *row, KcShotListView **ret_view, GError **error);

/* ---- settlement_view.c ---- */
gboolean kc_app_load_settlement(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row,
                                const GPtrArray *parties, const GPtrArray *documents, KcSettlementView **ret_view,
                                GError **error);

/* ---- get_document.c ---- */

/* A document of the case if `who` may read it; else NOT_FOUND or FORBIDDEN. */
gboolean kc_app_load_document(KcTx *tx, const KcPrincipal *who, const char *case_id, const char *document_id,
                              KcDocumentView **ret_view, KcResult *result, GError **error);

/* ---- late_reports.c ---- */

/* Made after the scene was cleared (art. 18). */
gboolean kc_app_is_late_report(const KcCaseRow *row);

/* ---- case_deadlines.c ---- */

/* The document that is served on the parties: the determination that stands; an agreement is their own, and nothing runs
 * from it. Borrowed; NULL: none. */
const char *kc_app_served_id(const GPtrArray *documents);
/* of KcDeadline, as domain/deadlines.h has them; `document_id`: of kc_app_served_id. Owned. */
GPtrArray *kc_app_deadlines(KcApp *app, KcTx *tx, const KcCaseRow *row, const char *document_id, GError **error);
/* Takes out what a party isn't told; staff keeps all. */
void kc_app_keep_told(GPtrArray *deadlines, const KcPrincipal *who);
/* Until when the party's link has to live for its deadlines; 0: they ask for nothing. */
gboolean kc_app_told_until(KcApp *app, KcTx *tx, const KcCaseRow *row, const char *party_id, gint64 *ret_until_us,
                           GError **error);
/* Each party's page shows its limits for as long as they run, so its link lives at least as long. */
gboolean kc_app_prolong_links(KcApp *app, KcTx *tx, const KcCaseRow *row, gint64 now_us, GError **error);

/* ---- codec.c: what is stored as JSON ---- */
void kc_triage_from_json(const json_t *root, KcTriage *ret_triage);
json_t *kc_triage_field_to_json(const KcTriage *triage, KcTriageField field);
json_t *kc_eligibility_to_json(const KcEligibility *eligibility, const char *rules_version, gint64 at_us);
GPtrArray *kc_grounds_from_json(const json_t *root, KcOutcome *ret_outcome); /* of KcGroundView */
char *kc_json_text(json_t *taken);                                           /* owned compact text; takes the value */
json_t *kc_json_parse(const char *text);                                     /* an object in any case */

/* ---- assess_case.c ---- */

/* Decides by what is known of the case: its triage, day and time of report; keeps the outcome in the row. Owned. */
KcEligibility *kc_app_assess(const KcApp *app, KcCaseRow *row, const KcTriage *triage, gint64 now_us);
/* The service itself sends an officer, for the first ground: state, log and events. The row is saved by the caller. */
gboolean kc_app_send_for_ground(KcTx *tx, KcCaseRow *row, const KcEligibility *eligibility, gint64 now_us,
                                KcResult *result, GError **error);
/* FALSE with a field error under `prefix` where a code of the triage doesn't exist. */
gboolean kc_app_check_triage(const KcRules *rules, const KcTriage *triage, const char *prefix, KcResult *result);

/* The parties have agreed to the simplified procedure, or one has not: decides anew where that is news. */
gboolean kc_app_learn_agreement(KcChange *change, KcTx *tx, KcCaseRow *row, gboolean all_agree, GError **error);

/* ---- particulars.c ---- */

/* Checks and normalises into `party` what is said; errors under `prefix` ("/party"). */
gboolean kc_app_apply_particulars(const KcRules *rules, const KcParticulars *particulars, const char *prefix,
                                  KcParty *party, KcResult *result);

/* The names of those that are said, never the values. */
json_t *kc_app_particulars_named(const KcParticulars *particulars);

typedef struct {
    const char *name; /* NULL ends the list */
    gsize said;       /* offset of a const char * in KcParticulars */
    gsize known;      /* of a char * in KcParty */
} KcParticularField;
extern const KcParticularField kc_app_particular_fields[];

/* ---- change_case.c: use cases that are one transition ---- */

struct KcChange {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gint64 expected_version;
    KcAction action;
    KcCaseEvent event;
    const char *log_kind; /* NULL: `finish` writes the entry itself, where others follow from it */
    /* Before the domain is asked: what only this use case refuses; may set `skip` for "it is so already". */
    gboolean (*check)(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error);
    /* After it: further fields, log data and events. */
    gboolean (*finish)(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error);
    gpointer data;
    json_t *log_data; /* taken by the log */
    gboolean skip;
    gint64 now_us;
    KcCaseRow *row; /* as it is afterwards */
    KcResult *result;
};
gboolean kc_app_change_case(KcChange *change, KcCaseView **ret_case, KcResult *result, GError **error);

/* ---- seal_object.c ---- */

typedef struct {
    const char *case_id, *kind, *party_id, *user_id, *content_type;
    json_t *meta; /* taken; an object */
} KcSealRequest;

/* Seals bytes into a new vault object: its row is live before the file exists. `*ret_object` is not complete in the
 * store yet: the caller's own transaction writes it with kc_object_store_update. */
gboolean kc_app_seal_object(KcApp *app, const KcSealRequest *request, GBytes *bytes, KcObject **ret_object,
                            KcResult *result, GError **error);
/* The caller's transaction did not come about: the object is marked failed and its file removed. */
void kc_app_drop_object(KcApp *app, KcObject *object);
char *kc_app_object_path(const KcApp *app, const char *relative);
/* The folder of a case in the vault, made, its name durable; returns the path relative to the vault of a new object in
 * it. Owned. Errors of KC_VAULT_ERROR. */
char *kc_app_object_new_path(const KcApp *app, const char *case_id, const char *object_id, GError **error);
/* Of an error of the vault what a caller is told. Takes `local`. Always FALSE. */
gboolean kc_app_vault_failed(KcApp *app, GError *local, KcResult *result, GError **error);
/* A still or photo is complete: its row, the log, the event and the case's state, in one transaction. */
gboolean kc_app_commit_still(KcTx *tx, const KcPrincipal *who, KcCaseRow *row, KcObject *object, gint64 now_us,
                             KcResult *result, GError **error);

/* ---- live_stills.c ---- */
/* Whether a phone may send one now; its leg, owned. */
gboolean kc_app_check_live_still(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, KcLeg **ret_leg,
                                 KcResult *result, GError **error);
gboolean kc_app_commit_live_still(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, KcObject *object,
                                  gint64 now_us, GError **error);
/* The one of that id; NULL: the newest of the party, if it is from the last half minute. NOT_FOUND, or CONFLICT. */
gboolean kc_app_find_live_still(KcApp *app, KcTx *tx, const char *case_id, const char *party_id, const char *still_id,
                                KcObject **ret_object, KcResult *result, GError **error);

/* ---- photo_requests.c ---- */
gboolean kc_app_photo_request_is_open(KcApp *app, const char *case_id, const char *request_id, const char *party_id);
void kc_app_photo_request_arrived(KcApp *app, const char *case_id, const char *request_id, const char *party_id,
                                  const char *still_id);

/* ---- recovery.c ---- */
void kc_app_recovery_start(KcApp *app);
/* Every object that is live in the store now. */
gboolean kc_app_recover_live(KcApp *app, GError **error);
void kc_app_recover_recording(KcApp *app, const char *object_id, const char *reason);
/* What the disk kept from being recovered before. */
void kc_app_recover_again(KcApp *app);
void kc_app_recovery_stop(KcApp *app);

/* ---- seats.c ---- */
/* of KcSeatView, by name: the seats that share one of `counties` (NULL or empty: all). */
GPtrArray *kc_app_seats(KcApp *app, KcTx *tx, const GStrv counties, GError **error);

/* The service itself: who does not answer is not there. The case is why. */
gboolean kc_app_set_away(KcTx *tx, const char *user_id, const char *case_id, gint64 now_us, GError **error);

/* ---- draw_cases.c ---- */
/* Everything that can be drawn now; nothing, where cases are picked. */
gboolean kc_app_draw_cases(KcApp *app, GError **error);
/* The same, after something that may have made a draw possible; a failure is logged, and tried again a second later. */
void kc_app_draw_at_once(KcApp *app);

/* ---- claim_case.c ---- */
/* Evidence may be there already: the case is then further on than `in_call`. */
gboolean kc_app_fix_evidence(KcTx *tx, KcCaseRow *row, gint64 now_us, KcResult *result, GError **error);
void kc_app_end_leg_of(KcApp *app, const char *case_id, const char *user_id, const char *reason);

/* ---- offers.c ---- */
#define KC_LEFT_HANDED_OVER "handed-over"
/* Of that county, or of all. */
gboolean kc_app_covers(const KcUser *user, const KcCaseRow *row);
/* `who` NULL: drawn by lot. */
gboolean kc_app_make_offer(KcApp *app, KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const char *to_user,
                           KcOffer **ret_offer, GError **error);
/* `who` NULL: the service itself. Who was drawn and declines, or lets it lapse, is away from then on. */
gboolean kc_app_end_offer(KcTx *tx, const KcPrincipal *who, const KcOffer *offer, const char *outcome, gint64 now_us,
                          GError **error);

/* ---- recusals.c ---- */
/* CONFLICT "recusal-pending" while one of the case's holder waits for a decision. */
gboolean kc_app_check_no_recusal(KcTx *tx, const KcCaseRow *row, KcResult *result, GError **error);

/* ---- app_keys.c ---- */
KcKeyring *kc_app_open_keyring(const KcAppOptions *options, gboolean fresh, GError **error);
/* The safe and the database are of one installation; makes the safe for one from before there was any. */
gboolean kc_app_match_keys(KcApp *app, GError **error);
/* By whoever has the lock, at the start: keys from before there were trees, a copy that was put back, what was cut off. */
gboolean kc_app_settle_keys(KcApp *app, GError **error);

/* ---- erase_case.c ---- */
/* In the transaction of whoever decided it, with its log entry; carried out by kc_app_destroy_erased. */
gboolean kc_app_erase_case(KcTx *tx, const KcErasure *erasure, GError **error);
gboolean kc_app_erase_recordings(KcTx *tx, const KcErasure *erasure, GError **error);
/* What committed erasures left to do: keys destroyed in the safe, files gone, nothing left in the write-ahead log. */
gboolean kc_app_destroy_erased(KcApp *app, GError **error);

/* ---- minimise_case.c ---- */
/* A KcTxFn of the app: cases that have expired since the last time. */
gboolean kc_app_minimise_expired(KcTx *tx, gpointer app, GError **error);

/* ---- set_consent.c ---- */
#define KC_CONSENT_KINDS_TEXT "recording, location, electronic_service, insurer, face or simplified_procedure"
void kc_app_forget_position(KcCaseRow *row);

/* ---- pauses.c ---- */
/* CONFLICT "signing-paused" while somebody has said that it feels pressed, in words that say nothing of that. */
gboolean kc_app_check_not_paused(KcTx *tx, const char *case_id, const char *document_id, KcResult *result,
                                 GError **error);
/* The document is no longer to be signed: of all (`party_id` NULL), or of that party. */
gboolean kc_app_lapse_pauses(KcTx *tx, const char *case_id, const char *document_id, const char *party_id,
                             gint64 now_us, GError **error);
/* Its own to a party; to others only where they have the case or oversee it. */
gboolean kc_app_load_pauses(KcTx *tx, const KcPrincipal *who, KcCaseView *view, GError **error);

/* ---- send_on_scene.c ---- */
/* Within the transaction of something else that sends an officer; saves the row. Nothing if one has been sent. */
gboolean kc_app_send_officer(KcTx *tx, const KcPrincipal *who, KcCaseRow *row, const char *reason, gint64 now_us,
                             KcResult *result, GError **error);

/* ---- event_bus.c ---- */
KcEventBus *kc_event_bus_new(KcStore *store, gint64 newest_seq);
void kc_event_bus_wake(gint64 newest_seq, gpointer bus); /* KcStoreEventsFn */
void kc_event_bus_free(KcEventBus *bus);

/* ---- legs.c: the table of live legs ---- */

typedef enum { KC_LEG_TAKEN, KC_LEG_SAME_OFFER, KC_LEG_CALL_FULL, KC_LEG_ELSEWHERE } KcLegAdmission;
typedef enum { KC_TRACK_STOPPED, KC_TRACK_LIVE, KC_TRACK_BROKEN } KcTrackState;

struct KcLeg {
    char *leg_id, *case_id;
    char *object_id;        /* NULL: not recorded, since it sends nothing */
    gboolean listens;       /* hears and sees, and is neither heard nor seen */
    const char *kind;       /* "party", "user" or "guest" */
    const char *guest_kind; /* NULL: no guest */
    char *participant_id, *name, *label;
    char *offer_id; /* o= session id and fingerprint of the offer */
    gint64 joined_us;
    gint64 epoch_us;
    gboolean joining; /* the worker has not answered yet */
    gboolean connected, warned;
    KcTrackState track;
    gboolean sound_only; /* its phone sends stills instead of a picture */
    gint64 mode_us;      /* since when; 0: from the start */
    KcStillView *still;  /* the newest live one; may be NULL */
    char *ending;        /* why the service ends it, whoever notices that it has ended; NULL: it doesn't */
    char *relieved_by;   /* the user whose connected leg ends this one; NULL: nobody */
};

KcCallTable *kc_call_table_new(void);
void kc_call_table_free(KcCallTable *table);
void kc_leg_free(KcLeg *leg);
KcLeg *kc_leg_copy(const KcLeg *leg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcLeg, kc_leg_free)

/* Takes `leg` into the table if it may join, and sets its epoch and the mode of the leg that it will take over from;
 * else it is not taken. */
KcLegAdmission kc_call_table_admit(KcCallTable *table, KcLeg *leg);
/* FALSE: the leg has ended meanwhile. */
gboolean kc_call_table_joined(KcCallTable *table, const char *leg_id);
/* Owned copy, or NULL. */
KcLeg *kc_call_table_find(KcCallTable *table, const char *leg_id);
KcLeg *kc_call_table_find_participant(KcCallTable *table, const char *case_id, const char *participant_id);
/* Owned; the table forgets it. NULL: it was not there. */
KcLeg *kc_call_table_remove(KcCallTable *table, const char *leg_id);
/* Changes one leg, and returns a copy of what it is then; NULL: not there. */
KcLeg *kc_call_table_set_media(KcCallTable *table, const char *leg_id, KcMediaLegState state);
KcLeg *kc_call_table_set_track(KcCallTable *table, const char *object_id, KcTrackState state);
/* A leg that the service is about to end; NULL takes it back. */
void kc_call_table_set_ending(KcCallTable *table, const char *leg_id, const char *reason);
/* Two changes of one leg are KC_LIMIT_MODE_CHANGE_MS apart. */
typedef enum { KC_MODE_CHANGED, KC_MODE_SAME, KC_MODE_TOO_SOON, KC_MODE_NO_LEG } KcModeChange;
KcModeChange kc_call_table_set_mode(KcCallTable *table, const char *leg_id, gboolean sound_only, gint64 now_us);
/* Takes `still`, unless a newer one is there. */
void kc_call_table_set_still(KcCallTable *table, const char *leg_id, KcStillView *still);
/* Copies, by joined_us. NULL: all. */
GPtrArray *kc_call_table_list(KcCallTable *table, const char *case_id);
/* Who is in the slots of a leg. FALSE: it is not there. */
gboolean kc_call_table_set_slots(KcCallTable *table, const char *leg_id, const KcMediaSlot *slots, guint n);
/* of KcSlotView; empty where nothing is known */
GPtrArray *kc_call_table_slots(KcCallTable *table, const char *leg_id);
/* Nobody is in the call, or about to be, but who only listens. */
gboolean kc_call_table_is_empty(KcCallTable *table, const char *case_id);
guint kc_call_table_party_tracks(KcCallTable *table, const char *case_id);
gboolean kc_call_table_user_elsewhere(KcCallTable *table, const char *user_id, const char *case_id);
/* The case went from one user to another: the leg of the first that is to end now, owned, because the second is
 * connected, or there is no room for both; NULL: it ends when the second is (kc_call_table_take_relieved), or is not
 * there. */
char *kc_call_table_relieve(KcCallTable *table, const char *case_id, const char *old_user, const char *new_user);
/* The leg that ends now that this one is connected; owned, NULL: none does. */
char *kc_call_table_take_relieved(KcCallTable *table, const KcLeg *connected);
/* Recordings that are not finished: begun by a join, ended by the worker's report or its loss. */
void kc_call_table_open_track(KcCallTable *table, const char *object_id);
void kc_call_table_close_track(KcCallTable *table, const char *object_id);
guint kc_call_table_open_tracks(KcCallTable *table);
/* Waits until there is none; FALSE after `timeout_us`. */
gboolean kc_call_table_wait_tracks(KcCallTable *table, gint64 timeout_us);

KcParticipantView *kc_leg_view(const KcLeg *leg);

/* ---- call_reports.c ---- */
KcMediaListener kc_app_media_listener(KcApp *app);
/* The end of every leg of a case. */
void kc_app_end_call(KcApp *app, const char *case_id, const char *reason);
/* Ends one leg and tells why; the worker, which is told to let go of it, knows no reason. */
void kc_app_end_leg(KcApp *app, const char *leg_id, const char *reason);
/* Whoever listens to a call that nobody is in any more, has listened to its end. */
gboolean kc_app_emit_left(KcApp *app, const KcLeg *leg, const char *reason, GError **error);
