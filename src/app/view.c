/* Makes what a caller sees of a case, field by field as domain/fields.h has it.
 *
 * Invariant: a party's view of another party holds nothing but id, label, plate and decision; its view of the case
 * holds no determination before it is issued, no telephone number of the reporter but its own, not why an officer
 * was asked for, no deadline of another party or of the police alone, and no consent of another party. */
#include "src/app/internal.h"
#include "src/store/determination_store.h"
#include "src/store/user_store.h"

#include "src/app/determinations.h"

void
kc_party_view_free(KcPartyView *view)
{
    if (view == NULL)
        return;
    kc_party_free(view->party);
    g_free(view);
}

void
kc_still_view_free(KcStillView *view)
{
    if (view == NULL)
        return;
    g_free(view->id);
    g_free(view->kind);
    g_free(view->shot);
    g_free(view->party_id);
    g_free(view->sha256);
    g_free(view->content_type);
    g_free(view);
}

KcStillView *
kc_still_view_copy(const KcStillView *view)
{
    if (view == NULL)
        return NULL;
    KcStillView *copy = g_new(KcStillView, 1);
    *copy = *view;
    copy->id = g_strdup(view->id);
    copy->kind = g_strdup(view->kind);
    copy->shot = g_strdup(view->shot);
    copy->party_id = g_strdup(view->party_id);
    copy->sha256 = g_strdup(view->sha256);
    copy->content_type = g_strdup(view->content_type);
    return copy;
}

void
kc_signature_view_free(KcSignatureView *view)
{
    if (view == NULL)
        return;
    kc_signature_free(view->signature);
    g_free(view->label);
    g_free(view);
}

void
kc_document_view_free(KcDocumentView *view)
{
    if (view == NULL)
        return;
    kc_document_row_free(view->document);
    g_free(view->replaced_by);
    g_clear_pointer(&view->signatures, g_ptr_array_unref);
    g_clear_pointer(&view->services, g_ptr_array_unref);
    g_free(view);
}

void
kc_participant_view_free(KcParticipantView *view)
{
    if (view == NULL)
        return;
    g_free(view->leg_id);
    g_free(view->kind);
    g_free(view->id);
    g_free(view->name);
    g_free(view->label);
    kc_still_view_free(view->still);
    g_free(view);
}

void
kc_slot_view_free(KcSlotView *view)
{
    if (view == NULL)
        return;
    g_free(view->audio_mid);
    g_free(view->video_mid);
    g_free(view->participant_id);
    g_free(view);
}

void
kc_case_view_free(KcCaseView *view)
{
    if (view == NULL)
        return;
    kc_case_row_free(view->row);
    g_clear_pointer(&view->grounds, g_ptr_array_unref);
    g_clear_pointer(&view->consents, g_ptr_array_unref);
    g_free(view->officer_name);
    g_free(view->officer_badge);
    g_clear_pointer(&view->parties, g_ptr_array_unref);
    g_clear_pointer(&view->stills, g_ptr_array_unref);
    kc_shot_list_view_free(view->shot_list);
    kc_determination_free(view->determination);
    g_clear_pointer(&view->documents, g_ptr_array_unref);
    kc_settlement_view_free(view->settlement);
    kc_late_report_free(view->late_report);
    kc_review_view_free(view->review);
    g_clear_pointer(&view->deadlines, g_ptr_array_unref);
    g_clear_pointer(&view->pauses, g_ptr_array_unref);
    g_clear_pointer(&view->participants, g_ptr_array_unref);
    g_free(view);
}

gboolean
kc_app_party_decided(GPtrArray *signatures, const char *document_id, const char *party_id, KcDecision *ret_decision)
{
    for (guint i = 0; document_id != NULL && signatures != NULL && i < signatures->len; i++) {
        const KcSignature *signature = signatures->pdata[i];
        if (strcmp(signature->document_id, document_id) == 0 && strcmp(signature->party_id, party_id) == 0)
            return kc_decision_from_string(signature->decision, ret_decision);
    }
    return FALSE;
}

static gint64
seen_us(KcApp *app, const KcParty *party)
{
    return MAX(party->last_seen_us, kc_app_seen_us(app, party->id));
}

gboolean
kc_app_sees_field(const KcPrincipal *who, KcField field, const char *party_id)
{
    gboolean own = party_id != NULL && g_strcmp0(who->party_id, party_id) == 0;
    return kc_field_is_visible(who->role, field, own);
}

static gboolean
shows_papers(const KcRules *rules, const KcObject *object)
{
    g_autoptr(json_t) meta = kc_json_parse(object->meta_json);
    const char *code = json_string_value(json_object_get(meta, "shot"));
    const GPtrArray *shots = kc_rules_shots(rules);
    for (guint i = 0; code != NULL && i < shots->len; i++) {
        const KcShot *shot = shots->pdata[i];
        if (shot->papers && strcmp(shot->code, code) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
kc_app_sees_picture(KcApp *app, const KcPrincipal *who, const KcCaseRow *row, const KcObject *object)
{
    /* An insurer sees what its own party shows of the damage. */
    if (who->role == KC_ROLE_GUEST_INSURER)
        return g_strcmp0(object->party_id, who->insured_id) == 0;
    return who->role != KC_ROLE_PARTY || kc_app_sees_field(who, KC_FIELD_PAPERS, object->party_id) ||
           !shows_papers(kc_app_rules_of(app, row), object);
}

static KcParty *
restricted_party(const KcPrincipal *who, const KcParty *party)
{
    KcParty *copy = g_new0(KcParty, 1);
    copy->id = g_strdup(party->id);
    copy->case_id = g_strdup(party->case_id);
    copy->label = g_strdup(party->label);
    copy->is_reporter = party->is_reporter;
    for (const KcParticularField *one = kc_app_particular_fields; one->name != NULL; one++) {
        KcField field;
        if (kc_field_from_string(one->name, &field) && kc_app_sees_field(who, field, party->id))
            G_STRUCT_MEMBER(char *, copy, one->known) = g_strdup(G_STRUCT_MEMBER(char *, party, one->known));
    }
    return copy;
}

KcPartyView *
kc_app_party_view(KcApp *app, const KcPrincipal *who, KcParty *party, GPtrArray *signatures, const char *document_id)
{
    KcPartyView *view = g_new0(KcPartyView, 1);
    view->restricted = !kc_app_sees_field(who, KC_FIELD_NAME, party->id);
    kc_app_party_decided(signatures, document_id, party->id, &view->decision);
    if (view->restricted) {
        view->party = restricted_party(who, party);
        kc_party_free(party);
        return view;
    }
    g_autoptr(KcLeg) leg = kc_call_table_find_participant(app->calls, party->case_id, party->id);
    view->connected = leg != NULL && leg->connected;
    view->last_seen_us = view->connected ? kc_app_now(app) : seen_us(app, party);
    view->party = party;
    return view;
}

KcStillView *
kc_app_still_view(const KcObject *object)
{
    g_autoptr(json_t) meta = kc_json_parse(object->meta_json);
    const json_t *media_time = json_object_get(meta, "media_time_ms"), *taken = json_object_get(meta, "taken_us");
    KcStillView *view = g_new0(KcStillView, 1);
    view->id = g_strdup(object->id);
    view->kind = g_strdup(strcmp(object->kind, "still") == 0 ? "snapshot" : object->kind);
    view->shot = g_strdup(json_string_value(json_object_get(meta, "shot")));
    view->party_id = g_strdup(object->party_id);
    view->taken_us = json_is_integer(taken) ? json_integer_value(taken) : object->created_us;
    view->media_time_ms = json_is_integer(media_time) ? json_integer_value(media_time) : -1;
    view->width = json_integer_value(json_object_get(meta, "width"));
    view->height = json_integer_value(json_object_get(meta, "height"));
    view->bytes = object->size_bytes;
    view->sha256 = g_strdup(object->sha256);
    view->content_type = g_strdup(object->content_type);
    return view;
}

const char *
kc_app_party_label(const GPtrArray *parties, const char *party_id)
{
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        if (g_strcmp0(party->id, party_id) == 0)
            return party->label;
    }
    return NULL;
}

KcDocumentView *
kc_app_document_view(KcDocumentRow *document, GPtrArray *signatures, GPtrArray *parties)
{
    KcDocumentView *view = g_new0(KcDocumentView, 1);
    view->document = document;
    view->signatures = g_ptr_array_new_with_free_func((GDestroyNotify)kc_signature_view_free);
    view->services = g_ptr_array_new_with_free_func((GDestroyNotify)kc_service_view_free);
    for (guint i = 0; i < signatures->len; i++) {
        const KcSignature *from = signatures->pdata[i];
        if (strcmp(from->document_id, document->id) != 0)
            continue;
        KcSignatureView *item = g_new0(KcSignatureView, 1);
        item->signature = g_new0(KcSignature, 1);
        item->signature->id = g_strdup(from->id);
        item->signature->case_id = g_strdup(from->case_id);
        item->signature->document_id = g_strdup(from->document_id);
        item->signature->party_id = g_strdup(from->party_id);
        item->signature->decision = g_strdup(from->decision);
        item->signature->statement = g_strdup(from->statement);
        item->signature->object_id = g_strdup(from->object_id);
        item->signature->document_sha256 = g_strdup(from->document_sha256);
        item->signature->pdf_sha256 = g_strdup(from->pdf_sha256);
        item->signature->recorded_by = g_strdup(from->recorded_by);
        item->signature->refused_what = g_strdup(from->refused_what);
        item->signature->signed_us = from->signed_us;
        item->label = g_strdup(kc_app_party_label(parties, from->party_id));
        g_ptr_array_add(view->signatures, item);
    }
    return view;
}

gint64
kc_app_expected_wait_s(gint64 mean_wait_us, gint64 position)
{
    const gint64 first_s = mean_wait_us > 0 ? CLAMP(mean_wait_us / G_USEC_PER_SEC, 10, 1800) : 30;
    return MIN(first_s * MAX(position, 1), 2 * 3600);
}

static gboolean
load_queue(KcTx *tx, KcCaseView *view, GError **error)
{
    if (strcmp(view->row->state, "waiting") != 0)
        return TRUE;
    gint64 mean_us;
    if (!kc_case_store_queue_position(tx, view->row->id, &view->queue_position, error) ||
        !kc_case_store_mean_wait(tx, 20, &mean_us, error))
        return FALSE;
    view->expected_wait_s = kc_app_expected_wait_s(mean_us, view->queue_position);
    return TRUE;
}

static gboolean
load_officer(KcTx *tx, KcCaseView *view, GError **error)
{
    if (view->row->officer_id == NULL)
        return TRUE;
    g_autoptr(KcUser) user = NULL;
    if (!kc_user_store_get(tx, view->row->officer_id, &user, error))
        return FALSE;
    if (user == NULL)
        return TRUE;
    view->officer_name = g_strdup(user->name);
    view->officer_badge = g_strdup(user->badge_number);
    return TRUE;
}

/* Last of all: it takes the parties out of their list. */
static void
take_parties(KcApp *app, const KcPrincipal *who, KcCaseView *view, GPtrArray *parties, const char *document_id,
             GPtrArray *signatures)
{
    view->parties = g_ptr_array_new_with_free_func((GDestroyNotify)kc_party_view_free);
    while (parties->len > 0) {
        KcParty *party = g_ptr_array_steal_index(parties, 0);
        g_ptr_array_add(view->parties, kc_app_party_view(app, who, party, signatures, document_id));
    }
}

/* The document carries them; what is read beside it does not. */
static void
hide_numbers(KcDetermination *determination, const KcPrincipal *who)
{
    for (guint i = 0; determination != NULL && i < determination->parties->len; i++) {
        KcDeterminationParty *party = determination->parties->pdata[i];
        if (!kc_app_sees_field(who, KC_FIELD_LICENCE_NUMBER, party->party_id))
            g_clear_pointer(&party->licence_number, g_free);
        if (!kc_app_sees_field(who, KC_FIELD_INSURER, party->party_id))
            g_clear_pointer(&party->insurer, g_free);
        if (!kc_app_sees_field(who, KC_FIELD_INSURANCE_CERTIFICATE, party->party_id))
            g_clear_pointer(&party->insurance_certificate, g_free);
    }
}

static gboolean
load_determination(KcTx *tx, const KcPrincipal *who, KcCaseView *view, GError **error)
{
    g_autoptr(KcDeterminationRow) row = NULL;
    if (!kc_determination_store_get(tx, view->row->id, &row, error))
        return FALSE;
    if (row == NULL)
        return TRUE;
    gboolean issued = strcmp(row->status, "issued") == 0;
    if (!issued && !kc_app_sees_field(who, KC_FIELD_DRAFT, NULL))
        return TRUE;
    g_autoptr(json_t) draft = kc_json_parse(row->draft_json);
    view->determination = kc_determination_from_json(draft, NULL);
    hide_numbers(view->determination, who);
    view->determination_issued = issued;
    view->determination_updated_us = row->updated_us;
    return TRUE;
}

static void
hide_statements(KcDocumentView *view, const KcPrincipal *who)
{
    for (guint i = 0; i < view->signatures->len; i++) {
        KcSignature *signature = ((KcSignatureView *)view->signatures->pdata[i])->signature;
        if (!kc_app_sees_field(who, KC_FIELD_STATEMENT, signature->party_id))
            g_clear_pointer(&signature->statement, g_free);
        if (!kc_app_sees_field(who, KC_FIELD_SIGNATURE, signature->party_id))
            g_clear_pointer(&signature->object_id, g_free);
    }
}

static void
mark_revoked(KcDocumentView *view, const GPtrArray *revocations)
{
    for (guint i = 0; i < revocations->len; i++) {
        const KcRevocation *revocation = revocations->pdata[i];
        if (strcmp(revocation->document_id, view->document->id) != 0)
            continue;
        view->revoked_us = revocation->at_us;
        view->replaced_by = g_strdup(revocation->replaced_by);
    }
}

static gboolean
load_evidence(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseView *view, GPtrArray *parties,
              GPtrArray *documents, GPtrArray *signatures, GError **error)
{
    static const char *const kinds[] = {"still", "photo", NULL};
    view->stills = g_ptr_array_new_with_free_func((GDestroyNotify)kc_still_view_free);
    view->documents = g_ptr_array_new_with_free_func((GDestroyNotify)kc_document_view_free);
    if (view->is_summary)
        return TRUE;
    g_autoptr(GPtrArray) objects = kc_object_store_list(tx, view->row->id, kinds, error);
    g_autoptr(GPtrArray) revocations = objects != NULL ? kc_revocation_store_list(tx, view->row->id, error) : NULL;
    if (revocations == NULL || !load_determination(tx, who, view, error) ||
        !kc_app_load_shot_list(app, tx, view->row, &view->shot_list, error) ||
        !kc_app_load_settlement(app, tx, who, view->row, parties, documents, &view->settlement, error))
        return FALSE;
    for (guint i = 0; i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        if (strcmp(object->status, "complete") == 0 && kc_app_sees_picture(app, who, view->row, object))
            g_ptr_array_add(view->stills, kc_app_still_view(object));
    }
    while (documents->len > 0) {
        KcDocumentView *document = kc_app_document_view(g_ptr_array_steal_index(documents, 0), signatures, parties);
        hide_statements(document, who);
        mark_revoked(document, revocations);
        g_ptr_array_add(view->documents, document);
        if (!kc_app_load_services(tx, who, parties, document, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
load_deadlines(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseView *view, const char *document_id,
               GError **error)
{
    if (view->is_summary)
        return TRUE;
    view->deadlines = kc_app_deadlines(app, tx, view->row, document_id, error);
    if (view->deadlines == NULL)
        return FALSE;
    kc_app_keep_told(view->deadlines, who);
    return TRUE;
}

static gboolean
load_review(KcTx *tx, const KcPrincipal *who, KcCaseView *view, GError **error)
{
    KcReviewRow *review = NULL;
    view->is_late_report = kc_app_is_late_report(view->row);
    if (view->is_summary)
        return TRUE;
    if (view->is_late_report && !kc_late_report_store_get(tx, view->row->id, &view->late_report, error))
        return FALSE;
    if (!kc_review_store_get(tx, view->row->id, &review, error))
        return FALSE;
    return review == NULL || kc_app_load_review_view(tx, who, view->row, review, &view->review, error);
}

static void
load_participants(KcApp *app, KcCaseView *view)
{
    view->participants = g_ptr_array_new_with_free_func((GDestroyNotify)kc_participant_view_free);
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, view->row->id);
    for (guint i = 0; i < legs->len; i++)
        g_ptr_array_add(view->participants, kc_leg_view(legs->pdata[i]));
}

/* From the place, or roughly from the county if nobody knows it better. */
static KcHelpView
help_of(const KcApp *app, const KcCaseRow *row)
{
    /* Not those of the case: who is hurt needs the hospital that is there today. */
    const KcRules *rules = kc_app_rules(app);
    const KcCounty *county = row->county != NULL ? kc_rules_county(rules, row->county) : NULL;
    KcHelpView help = {.emergency_phone = kc_rules_emergency_phone(rules), .distance_m = -1};
    gint64 metres = -1;
    if (row->has_position) {
        help.hospital = kc_rules_hospital_near(rules, row->latitude, row->longitude, &metres);
        help.distance_m = metres;
    } else if (county != NULL) {
        help.hospital = kc_rules_hospital_near(rules, county->latitude, county->longitude, &metres);
    }
    return help;
}

static void
load_eligibility(KcApp *app, KcCaseView *view)
{
    const KcCaseRow *row = view->row;
    g_autoptr(json_t) triage = kc_json_parse(row->triage_json);
    g_autoptr(json_t) eligibility = kc_json_parse(row->eligibility_json);
    const json_t *at = json_object_get(eligibility, "at_us");
    kc_triage_from_json(triage, &view->triage);
    view->grounds = kc_grounds_from_json(eligibility, &view->outcome);
    view->assessed_us = json_is_integer(at) ? json_integer_value(at) : row->created_us;
    view->needs_help = kc_triage_needs_help(&view->triage);
    if (view->needs_help)
        view->help = help_of(app, row);
}

static void
keep_own_consents(GPtrArray *consents, const KcPrincipal *who)
{
    for (guint i = consents != NULL ? consents->len : 0; i > 0; i--) {
        const KcConsent *consent = consents->pdata[i - 1];
        if (!kc_app_sees_field(who, KC_FIELD_CONSENTS, consent->party_id))
            g_ptr_array_remove_index(consents, i - 1);
    }
}

gboolean
kc_app_load_view(KcApp *app, KcTx *tx, const KcPrincipal *who, KcCaseRow *row, gboolean summary, KcCaseView **ret_view,
                 GError **error)
{
    g_autoptr(KcCaseView) view = g_new0(KcCaseView, 1);
    view->row = row;
    view->is_summary = summary;
    if (!kc_app_sees_field(who, KC_FIELD_REPORTER_PHONE, NULL))
        g_clear_pointer(&row->reporter_phone, g_free);
    if (!kc_app_sees_field(who, KC_FIELD_ON_SCENE_REASON, NULL))
        g_clear_pointer(&row->on_scene_reason, g_free);
    if (!kc_app_sees_field(who, KC_FIELD_POSITION, NULL))
        kc_app_forget_position(row);
    const KcCounty *county = row->county != NULL ? kc_rules_county(kc_app_rules_of(app, row), row->county) : NULL;
    view->county_name = county != NULL ? county->name : NULL;
    load_eligibility(app, view);
    view->consents = kc_consent_store_list(tx, row->id, error);
    keep_own_consents(view->consents, who);
    if (view->consents == NULL || !load_officer(tx, view, error) || !load_queue(tx, view, error))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    g_autoptr(GPtrArray) documents = parties != NULL ? kc_document_store_list(tx, row->id, error) : NULL;
    g_autoptr(GPtrArray) signatures = documents != NULL ? kc_signature_store_list(tx, row->id, NULL, error) : NULL;
    if (signatures == NULL)
        return FALSE;
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    g_autofree char *standing_id = standing != NULL ? g_strdup(standing->id) : NULL;
    if (!load_deadlines(app, tx, who, view, kc_app_served_id(documents), error) ||
        !load_review(tx, who, view, error) || (!summary && !kc_app_load_pauses(tx, who, view, error)) ||
        !load_evidence(app, tx, who, view, parties, documents, signatures, error))
        return FALSE;
    take_parties(app, who, view, parties, standing_id, signatures);
    load_participants(app, view);
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    KcCaseView *view;
} ReadView;

static gboolean
read_view(KcTx *tx, gpointer data, GError **error)
{
    ReadView *read = data;
    KcCaseRow *row = NULL;
    if (!kc_case_store_get(tx, read->case_id, &row, error))
        return FALSE;
    if (row == NULL) {
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "a case that was just written is absent");
        return FALSE;
    }
    return kc_app_load_view(read->app, tx, read->who, row, FALSE, &read->view, error);
}

gboolean
kc_app_read_view(KcApp *app, const KcPrincipal *who, const char *case_id, KcCaseView **ret_view, GError **error)
{
    ReadView read = {app, who, case_id, NULL};
    if (!kc_store_read(app->store, read_view, &read, error))
        return FALSE;
    *ret_view = read.view;
    return TRUE;
}
