#include "src/http/json_case.h"

#include "src/base/timestamp.h"
#include "src/http/json_deadline.h"
#include "src/http/json_pause.h"
#include "src/http/json_review.h"

json_t *
kc_json_text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *
kc_json_time_or_null(gint64 unix_us)
{
    g_autofree char *text = kc_timestamp_format(unix_us);
    return kc_json_text_or_null(text);
}

json_t *
kc_json_items(const GPtrArray *views, json_t *(*each)(gconstpointer view))
{
    json_t *items = json_array();
    for (guint i = 0; i < views->len; i++)
        json_array_append_new(items, each(views->pdata[i]));
    return json_pack("{s:o}", "items", items);
}

json_t *
kc_json_queue_place(gint64 position, gint64 expected_wait_s)
{
    return json_pack("{s:I, s:I}", "position", (json_int_t)position, "expected_wait_s", (json_int_t)expected_wait_s);
}

json_t *
kc_json_case_place(const KcCaseRow *row)
{
    gboolean known = row->has_position;
    return json_pack("{s:o, s:o, s:o, s:o}", "text", kc_json_text_or_null(row->place_text), "latitude",
                     known ? json_real(row->latitude) : json_null(), "longitude",
                     known ? json_real(row->longitude) : json_null(), "accuracy_m",
                     known && row->accuracy_m > 0 ? json_integer(row->accuracy_m) : json_null());
}

static json_t *
hospital_of(const KcHelpView *help)
{
    const KcHospital *hospital = help->hospital;
    if (hospital == NULL)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:b}", "code", hospital->code, "name_zh", hospital->zh, "name_en",
                     hospital->en, "phone", kc_json_text_or_null(hospital->phone), "distance_m",
                     help->distance_m >= 0 ? json_integer(help->distance_m) : json_null(), "green_channel",
                     hospital->green_channel, "example", hospital->example);
}

static json_t *
grounds_of(const GPtrArray *grounds)
{
    json_t *list = json_array();
    for (guint i = 0; i < grounds->len; i++) {
        const KcGroundView *ground = grounds->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", ground->code, "kind",
                                              kc_rule_kind_to_string(ground->kind), "legal_basis", ground->legal_basis,
                                              "title_zh", ground->title_zh, "title_en", ground->title_en));
    }
    return list;
}

json_t *
kc_json_eligibility(const KcCaseView *view)
{
    json_t *help = view->needs_help ? json_pack("{s:s, s:o}", "emergency_phone", view->help.emergency_phone, "hospital",
                                                hospital_of(&view->help))
                                    : json_null();
    return json_pack("{s:s, s:o, s:o, s:o}", "outcome", kc_outcome_to_string(view->outcome), "grounds",
                     grounds_of(view->grounds),
                     "assessed_at", kc_json_time_or_null(view->assessed_us), "help", help);
}

json_t *
kc_json_missing(const GPtrArray *findings)
{
    json_t *list = json_array();
    for (guint i = 0; findings != NULL && i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        g_autofree char *message = kc_finding_text(finding);
        json_array_append_new(list, json_pack("{s:s, s:s}", "pointer", finding->pointer, "message", message));
    }
    return list;
}

static json_t *
settlement_of(const KcSettlementView *view)
{
    return json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "status", view->status, "allowed",
                     view->grounds->len == 0, "grounds", grounds_of(view->grounds), "draft",
                     kc_agreement_to_json(view->draft), "missing", kc_json_missing(view->missing), "document_id",
                     kc_json_text_or_null(view->document_id), "updated_at", kc_json_time_or_null(view->updated_us),
                     "agreed_at", kc_json_time_or_null(view->agreed_us));
}

static json_t *
consents_of(const GPtrArray *consents)
{
    json_t *list = json_array();
    for (guint i = 0; i < consents->len; i++) {
        const KcConsent *consent = consents->pdata[i];
        if (consent->withdrawn_us == 0)
            json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "kind", consent->kind, "at",
                                                  kc_json_time_or_null(consent->at_us), "party_id",
                                                  kc_json_text_or_null(consent->party_id), "recorded_by",
                                                  kc_json_text_or_null(consent->recorded_by)));
    }
    return list;
}

static json_t *
officer_of(const KcCaseView *view)
{
    if (view->row->officer_id == NULL)
        return json_null();
    return json_pack("{s:s, s:s, s:o}", "id", view->row->officer_id, "name",
                     view->officer_name != NULL ? view->officer_name : "", "badge_number",
                     kc_json_text_or_null(view->officer_badge));
}

json_t *
kc_json_party(const KcPartyView *view)
{
    const KcParty *party = view->party;
    json_t *root = json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", party->id, "label", party->label, "kind",
                             kc_json_text_or_null(party->kind), "plate_number",
                             kc_json_text_or_null(party->plate_number), "decision",
                             kc_json_text_or_null(kc_decision_to_string(view->decision)));
    if (view->restricted)
        return root;
    const struct {
        const char *name;
        const char *value;
    } texts[] = {
        {"name", party->name},
        {"phone", party->phone},
        {"id_number", party->id_number},
        {"shares_phone_with", party->shares_phone_with},
        {"plate_type", party->plate_type},
        {"vehicle_type", party->vehicle_type},
        {"licence_number", party->licence_number},
        {"insurer", party->insurer},
        {"insurance_certificate", party->insurance_certificate},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        json_object_set_new(root, texts[i].name, kc_json_text_or_null(texts[i].value));
    json_object_set_new(root, "is_reporter", json_boolean(party->is_reporter));
    json_object_set_new(root, "connected", json_boolean(view->connected));
    json_object_set_new(root, "last_seen_at", kc_json_time_or_null(view->last_seen_us));
    return root;
}

static json_t *
parties_of(const GPtrArray *parties)
{
    json_t *list = json_array();
    for (guint i = 0; i < parties->len; i++)
        json_array_append_new(list, kc_json_party(parties->pdata[i]));
    return list;
}

static json_t *
call_of(const GPtrArray *participants)
{
    json_t *list = json_array();
    for (guint i = 0; participants != NULL && i < participants->len; i++)
        json_array_append_new(list, kc_json_participant(participants->pdata[i]));
    return json_pack("{s:b, s:o}", "live", json_array_size(list) > 0, "participants", list);
}

static void
set_times(json_t *root, const KcCaseRow *row)
{
    const struct {
        const char *name;
        gint64 unix_us;
    } times[] = {
        {"occurred_at", row->occurred_us}, {"created_at", row->created_us},     {"queued_at", row->queued_us},
        {"claimed_at", row->claimed_us},   {"evacuated_at", row->evacuated_us}, {"determined_at", row->determined_us},
        {"served_at", row->served_us},     {"closed_at", row->closed_us},       {"on_scene_at", row->on_scene_us},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++)
        json_object_set_new(root, times[i].name, kc_json_time_or_null(times[i].unix_us));
}

/* Null of a report that was made at the scene; `accepted` is null while it is not decided. */
static json_t *
late_report_of(const KcCaseView *view)
{
    const KcLateReport *decision = view->late_report;
    if (!view->is_late_report)
        return json_null();
    gboolean taken = decision == NULL && view->row->claimed_us > 0; /* by an officer, which accepts it */
    json_t *accepted = decision != NULL ? json_boolean(decision->accepted) : taken ? json_true() : json_null();
    gint64 decided_us = decision != NULL ? decision->decided_us : taken ? view->row->claimed_us : 0;
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "reported_at", kc_json_time_or_null(view->row->created_us), "accepted",
                     accepted, "ground", kc_json_text_or_null(decision != NULL ? decision->ground : NULL), "reason",
                     kc_json_text_or_null(decision != NULL ? decision->reason : NULL), "decided_at",
                     kc_json_time_or_null(decided_us));
}

static json_t *
pauses_of(const GPtrArray *pauses)
{
    json_t *list = json_array();
    for (guint i = 0; i < pauses->len; i++)
        json_array_append_new(list, kc_json_pause(pauses->pdata[i]));
    return list;
}

static json_t *
shot_list_of(const KcShotListView *view)
{
    json_t *items = json_array();
    for (guint i = 0; i < view->items->len; i++) {
        const KcShotItem *item = &g_array_index(view->items, KcShotItem, i);
        json_array_append_new(items, json_pack("{s:s, s:b, s:b}", "code", item->shot->code, "required", item->required,
                                               "taken", item->taken));
    }
    return json_pack("{s:o, s:b, s:o}", "accident_form", kc_json_text_or_null(view->accident_form), "gate", view->gate,
                     "items", items);
}

static void
set_details(json_t *root, const KcCaseView *view)
{
    json_t *stills = json_array(), *documents = json_array();
    for (guint i = 0; i < view->stills->len; i++)
        json_array_append_new(stills, kc_json_still(view->stills->pdata[i], view->row->id));
    for (guint i = 0; i < view->documents->len; i++)
        json_array_append_new(documents, kc_json_document(view->documents->pdata[i]));
    json_object_set_new(root, "stills", stills);
    json_object_set_new(root, "shot_list", shot_list_of(view->shot_list));
    json_object_set_new(root, "documents", documents);
    json_object_set_new(root, "agreement", settlement_of(view->settlement));
    json_object_set_new(root, "late_report", late_report_of(view));
    json_object_set_new(root, "review", view->review != NULL ? kc_json_review(view->review) : json_null());
    json_object_set_new(root, "deadlines", kc_json_deadlines(view->deadlines));
    json_object_set_new(root, "pauses", pauses_of(view->pauses));
    json_object_set_new(root, "determination",
                        view->determination != NULL ? kc_determination_to_json(view->determination) : json_null());
}

static json_t *
erased_of(const KcCaseRow *row)
{
    if (row->erased_us == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "at", kc_json_time_or_null(row->erased_us), "rule",
                     kc_json_text_or_null(row->erased_by_rule), "legal_basis", kc_json_text_or_null(row->erased_basis));
}

json_t *
kc_json_case(const KcCaseView *view)
{
    const KcCaseRow *row = view->row;
    json_t *root = json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:s, s:o}", "id", row->id, "number", row->number, "state",
                             row->state, "version", (json_int_t)row->version, "county",
                             kc_json_text_or_null(row->county), "county_name", kc_json_text_or_null(view->county_name),
                             "channel", row->channel, "closing_code", kc_json_text_or_null(row->closing_code));
    set_times(root, row);
    json_object_set_new(root, "erased", erased_of(row));
    json_object_set_new(root, "rules_number", json_integer(row->rules_number));
    json_object_set_new(root, "mediation_method", kc_json_text_or_null(row->mediation_method));
    json_object_set_new(root, "mediation_result", kc_json_text_or_null(row->mediation_result));
    json_object_set_new(root, "on_scene_reason", kc_json_text_or_null(row->on_scene_reason));
    json_object_set_new(root, "place", kc_json_case_place(row));
    json_object_set_new(root, "triage", kc_triage_to_json(&view->triage));
    json_object_set_new(root, "eligibility", kc_json_eligibility(view));
    json_object_set_new(root, "consents", consents_of(view->consents));
    json_object_set_new(root, "officer", officer_of(view));
    json_object_set_new(root, "parties", parties_of(view->parties));
    json_object_set_new(root, "call", call_of(view->participants));
    json_object_set_new(root, "queue",
                        view->queue_position > 0 ? kc_json_queue_place(view->queue_position, view->expected_wait_s)
                                                 : json_null());
    if (!view->is_summary)
        set_details(root, view);
    return root;
}

json_t *
kc_json_timeline_item(const KcTimelineItem *item)
{
    json_t *data = item->data_json != NULL ? json_loads(item->data_json, 0, NULL) : NULL;
    return json_pack("{s:I, s:o, s:s, s:{s:s, s:o, s:o}, s:o}", "seq", (json_int_t)item->seq, "at",
                     kc_json_time_or_null(item->at_us), "kind", item->kind, "actor", "kind", item->actor_kind, "id",
                     kc_json_text_or_null(item->actor_id), "name", kc_json_text_or_null(item->actor_name), "data",
                     data != NULL ? data : json_object());
}
