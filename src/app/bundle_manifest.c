#include "src/app/bundle_draft.h"

#include "src/app/codec_private.h"
#include "src/app/determinations.h"
#include "src/evidence/minisig.h"

#define set_text(root, name, text) json_object_set_new(root, name, kc_codec_text_or_null(text))
#define set_time(root, name, at_us) json_object_set_new(root, name, kc_codec_time_or_null(at_us))

static void
set_place(json_t *root, const KcCaseRow *row)
{
    json_t *place = json_object();
    set_text(place, "text", row->place_text);
    if (row->has_position) { /* hashed texts hold no real numbers */
        char latitude[G_ASCII_DTOSTR_BUF_SIZE], longitude[G_ASCII_DTOSTR_BUF_SIZE];
        set_text(place, "latitude", g_ascii_formatd(latitude, sizeof latitude, "%.6f", row->latitude));
        set_text(place, "longitude", g_ascii_formatd(longitude, sizeof longitude, "%.6f", row->longitude));
        json_object_set_new(place, "accuracy_m", json_integer(row->accuracy_m));
    }
    json_object_set_new(root, "place", place);
}

static void
set_times(json_t *root, const KcCaseRow *row)
{
    set_time(root, "occurred_at", row->occurred_us);
    set_time(root, "opened_at", row->created_us);
    set_time(root, "claimed_at", row->claimed_us);
    set_time(root, "evidence_fixed_at", row->evidence_fixed_us);
    set_time(root, "evacuated_at", row->evacuated_us);
    set_time(root, "determined_at", row->determined_us);
    set_time(root, "served_at", row->served_us);
    set_time(root, "closed_at", row->closed_us);
    set_time(root, "on_scene_at", row->on_scene_us);
    set_time(root, "abandoned_at", row->abandoned_us);
}

static json_t *
officer_of(const KcCaseView *view)
{
    if (view->row->officer_id == NULL)
        return json_null();
    json_t *root = json_object();
    set_text(root, "id", view->row->officer_id);
    set_text(root, "name", view->officer_name);
    set_text(root, "badge_number", view->officer_badge);
    return root;
}

static json_t *
case_of(const KcCaseView *view)
{
    const KcCaseRow *row = view->row;
    json_t *root = json_object();
    set_text(root, "id", row->id);
    set_text(root, "number", row->number);
    set_text(root, "state", row->state);
    set_text(root, "channel", row->channel);
    set_text(root, "county", row->county);
    set_text(root, "county_name", view->county_name);
    set_place(root, row);
    set_times(root, row);
    set_text(root, "closing_code", row->closing_code);
    set_text(root, "reporter_phone", row->reporter_phone);
    json_object_set_new(root, "triage", kc_triage_to_json(&view->triage));
    json_object_set_new(root, "officer", officer_of(view));
    json_object_set_new(root, "determination",
                        view->determination != NULL && view->determination_issued
                            ? kc_determination_to_json(view->determination)
                            : json_null());
    return root;
}

static json_t *
party_of(const KcPartyView *view)
{
    const KcParty *party = view->party;
    json_t *root = json_object();
    set_text(root, "id", party->id);
    set_text(root, "label", party->label);
    json_object_set_new(root, "masked", json_boolean(view->restricted));
    for (const KcParticularField *one = kc_app_particular_fields; one->name != NULL; one++)
        set_text(root, one->name, G_STRUCT_MEMBER(char *, party, one->known));
    return root;
}

static json_t *
consents_of(const KcCaseView *view)
{
    json_t *list = json_array();
    for (guint i = 0; i < view->consents->len; i++) {
        const KcConsent *consent = view->consents->pdata[i];
        json_t *root = json_object();
        set_text(root, "party_id", consent->party_id);
        set_text(root, "kind", consent->kind);
        set_time(root, "at", consent->at_us);
        set_time(root, "withdrawn_at", consent->withdrawn_us);
        json_array_append_new(list, root);
    }
    return list;
}

static json_t *
messages_of(const KcBundleDraft *draft)
{
    json_t *list = json_array();
    for (guint i = 0; i < draft->messages->len; i++) {
        const KcMessageView *view = draft->messages->pdata[i];
        json_t *root = json_object(), *from = json_object();
        set_text(from, "kind", view->kind);
        set_text(from, "id", view->from_id);
        set_text(from, "label", view->label);
        set_text(from, "name", view->name);
        set_text(root, "id", view->message->id);
        json_object_set_new(root, "from", from);
        set_text(root, "text", view->message->text);
        set_time(root, "sent_at", view->message->sent_us);
        json_array_append_new(list, root);
    }
    return list;
}

static json_t *
files_of(const KcBundleDraft *draft)
{
    json_t *list = json_array();
    for (guint i = 0; i < draft->parts->len; i++) {
        const KcBundlePart *part = draft->parts->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "name", part->name, "sha256", part->sha256, "bytes",
                                              (json_int_t)part->size));
    }
    return list;
}

static json_t *
left_out_of(const KcBundleDraft *draft)
{
    GHashTableIter iter;
    gpointer kind, count;
    json_t *root = json_object();
    g_hash_table_iter_init(&iter, draft->left_out);
    while (g_hash_table_iter_next(&iter, &kind, &count))
        json_object_set_new(root, kind, json_integer(GPOINTER_TO_INT(count)));
    if (draft->entries_left_out > 0)
        json_object_set_new(root, "log_entries", json_integer(draft->entries_left_out));
    return root;
}

static json_t *
made_by(const KcPrincipal *who)
{
    json_t *root = json_object();
    set_text(root, "kind", kc_principal_kind(who));
    set_text(root, "id", kc_principal_id(who));
    set_text(root, "role", kc_role_to_string(who->role));
    set_text(root, "name", who->user_id != NULL ? who->name : NULL);
    return root;
}

static json_t *
service_of(const char *service_pub, const char *vouched)
{
    json_t *root = json_object();
    g_autofree char *line = kc_minisig_public_line(service_pub, NULL), *id = kc_minisig_key_id(service_pub, NULL);
    set_text(root, "program", "kuaichu " KC_VERSION);
    set_text(root, "public_key", line);
    set_text(root, "key_id", id);
    set_text(root, "vouched_by_log", vouched);
    return root;
}

char *
kc_bundle_manifest(const KcBundleDraft *draft, const char *service_pub, const char *vouched, const char *page_sha256)
{
    g_autoptr(json_t) root = json_object();
    json_t *parties = json_array();
    for (guint i = 0; i < draft->view->parties->len; i++)
        json_array_append_new(parties, party_of(draft->view->parties->pdata[i]));
    set_text(root, "format", KC_BUNDLE_FORMAT);
    json_object_set_new(root, "version", json_integer(KC_BUNDLE_VERSION));
    set_text(root, "kind", draft->excerpt ? "excerpt" : "whole");
    json_object_set_new(root, "demo", json_boolean(draft->app->demo));
    set_time(root, "made_at", draft->now_us);
    json_object_set_new(root, "made_by", made_by(draft->who));
    json_object_set_new(root, "service", service_of(service_pub, vouched));
    json_object_set_new(root, "case", case_of(draft->view));
    json_object_set_new(root, "parties", parties);
    json_object_set_new(root, "consents", consents_of(draft->view));
    json_object_set_new(root, "messages", messages_of(draft));
    json_object_set(root, "objects", draft->objects);
    json_object_set(root, "documents", draft->documents);
    json_object_set_new(root, "left_out", left_out_of(draft));
    json_object_set(root, "log", draft->log);
    set_text(root, "page_sha256", page_sha256);
    json_object_set_new(root, "files", files_of(draft));
    char *text = json_dumps(root, JSON_INDENT(1));
    g_assert(text != NULL);
    char *owned = g_strconcat(text, "\n", NULL);
    free(text);
    return owned;
}
