/* A case begins: who reports, where, what the triage says, and whether it can be handled by video at all. */
#include "src/app/internal.h"
#include "src/domain/local_time.h"
#include "src/evidence/tokens.h"

#define MAX_AGE_US (7 * G_TIME_SPAN_DAY)
#define CLOCK_SLACK_US (10 * G_TIME_SPAN_MINUTE)

static const char *const CHANNELS[] = {"web", "alarm_122", "app_12123", "desk", "kiosk", NULL};

void
kc_opened_case_clear(KcOpenedCase *opened)
{
    kc_case_view_free(opened->view);
    g_free(opened->party_id);
    g_free(opened->token);
    g_free(opened->url);
    *opened = (KcOpenedCase){0};
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const KcOpenCase *request;
    gint64 now_us;
    KcCaseRow *row;
    KcParty *party;
    KcToken token;
    KcEligibility *eligibility;
    KcResult *result;
    json_t *earlier; /* what the same request came to before */
} OpenCase;

static gboolean
check_request(const KcApp *app, const KcOpenCase *request, gint64 now_us, KcResult *result)
{
    if (request->channel == NULL || !g_strv_contains(CHANNELS, request->channel))
        kc_refuse_field(result, "/channel", "web, alarm_122, app_12123, desk or kiosk");
    if (request->occurred_us != 0 &&
        (request->occurred_us > now_us + CLOCK_SLACK_US || request->occurred_us < now_us - MAX_AGE_US))
        kc_refuse_field(result, "/occurred_at", "时间不合理 / in the future, or more than seven days ago");
    for (guint i = 0; request->consents != NULL && request->consents[i] != NULL; i++) {
        g_autofree char *pointer = g_strdup_printf("/consents/%u", i);
        KcConsentKind kind;
        if (!kc_consent_kind_from_string(request->consents[i], &kind))
            kc_refuse_field(result, pointer, KC_CONSENT_KINDS_TEXT);
    }
    if (request->alarm_number != NULL &&
        (request->alarm_number[0] == '\0' || g_utf8_strlen(request->alarm_number, -1) > KC_LIMIT_ALARM_NUMBER_CHARS))
        kc_refuse_field(result, "/alarm_number", "1 到 64 个字符 / of 1 to 64 characters");
    kc_app_check_place(request->place_text, request->has_position, request->latitude, request->longitude, "/place", result);
    kc_app_check_triage(kc_app_rules(app), &request->triage, "/triage", result);
    return result->kind == KC_RESULT_OK;
}

static void
fill_row(OpenCase *self)
{
    const KcOpenCase *request = self->request;
    KcCaseRow *row = self->row = g_new0(KcCaseRow, 1);
    row->id = g_strdup(kc_app_new_id(self->app).text);
    row->version = 1;
    row->rules_number = kc_app_rules_number(self->app);
    row->state = g_strdup(kc_case_state_to_string(KC_CASE_TRIAGED));
    row->county = kc_app_find_county(kc_app_rules(self->app), request->place_text, request->has_position,
                                     request->latitude, request->longitude);
    row->channel = g_strdup(request->channel);
    row->integration_id = g_strdup(self->who->integration_id);
    row->alarm_number = g_strdup(request->alarm_number);
    row->occurred_us = request->occurred_us != 0 ? request->occurred_us : self->now_us;
    row->created_us = row->updated_us = self->now_us;
    row->place_text = g_strdup(request->place_text);
    row->has_position = request->has_position;
    row->latitude = request->latitude;
    row->longitude = request->longitude;
    row->accuracy_m = request->accuracy_m;
    row->reporter_phone = g_strdup(request->reporter_phone != NULL ? request->reporter_phone : self->party->phone);
    self->eligibility = kc_app_assess(self->app, row, &request->triage, self->now_us);
}

static void
fill_party(OpenCase *self)
{
    KcParty *party = self->party = g_new0(KcParty, 1);
    party->id = g_strdup(kc_app_new_id(self->app).text);
    party->label = g_strdup("A");
    party->is_reporter = TRUE;
    party->created_us = party->last_seen_us = self->now_us;
    kc_app_apply_particulars(kc_app_rules(self->app), &self->request->party, "/party", party, self->result);
}

static gboolean
keep_party(OpenCase *self, KcTx *tx, GError **error)
{
    KcCapability link = {
        .token_hash = self->token.hash,
        .case_id = self->row->id,
        .party_id = self->party->id,
        .kind = (char *)"party",
        .created_us = self->now_us,
        .expires_us = self->now_us + self->app->party_link_us,
    };
    if (!kc_party_store_insert(tx, self->party, error) || !kc_capability_store_insert(tx, &link, error))
        return FALSE;
    for (guint i = 0; self->request->consents != NULL && self->request->consents[i] != NULL; i++) {
        KcConsent consent = {self->row->id, self->party->id, (char *)self->request->consents[i], self->now_us, 0, NULL};
        if (!kc_consent_store_add(tx, &consent, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
tell(OpenCase *self, KcTx *tx, GError **error)
{
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s?}", "channel", self->row->channel, "number", self->row->number,
                              "party_id", self->party->id, "county", self->row->county);
    const char *actor = self->who->user_id != NULL          ? "user"
                        : self->who->integration_id != NULL ? "integration"
                                                            : "party";
    const char *actor_id = self->who->user_id != NULL          ? self->who->user_id
                           : self->who->integration_id != NULL ? self->who->integration_id
                                                               : self->party->id;
    return kc_app_log_as(tx, actor, actor_id, self->row->id, "case.opened", self->now_us, entry, error) &&
           kc_app_emit(tx, "case.created", self->row->id, "case", NULL, self->now_us, NULL, error);
}

/* What can't be handled by video goes to the scene before anybody waits for it. */
static gboolean
settle(OpenCase *self, KcTx *tx, GError **error)
{
    if (self->eligibility->outcome == KC_OUTCOME_REMOTE)
        return TRUE;
    return kc_app_send_for_ground(tx, self->row, self->eligibility, self->now_us, self->result, error) &&
           kc_app_save_case(tx, self->row, self->now_us, error);
}

/* An alarm that is reported again is the case that it was: what is new is a link of its reporter. */
static gboolean
find_alarm(OpenCase *self, KcTx *tx, GError **error)
{
    g_autofree char *case_id = NULL;
    if (self->request->alarm_number == NULL)
        return TRUE;
    if (!kc_case_store_find_alarm(tx, self->who->integration_id, self->request->alarm_number, &case_id, error))
        return FALSE;
    if (case_id == NULL)
        return TRUE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, case_id, error);
    if (parties == NULL)
        return FALSE;
    const KcParty *reporter = NULL;
    for (guint i = 0; i < parties->len && reporter == NULL; i++)
        if (((const KcParty *)parties->pdata[i])->is_reporter)
            reporter = parties->pdata[i];
    g_assert(reporter != NULL);
    const KcCapability link = {
        .token_hash = self->token.hash,
        .case_id = case_id,
        .party_id = reporter->id,
        .kind = (char *)"party",
        .created_us = self->now_us,
        .expires_us = self->now_us + self->app->party_link_us,
    };
    self->earlier = json_pack("{s:s, s:s, s:s}", "case_id", case_id, "party_id", reporter->id, "token", self->token.text);
    json_t *entry = json_pack("{s:s}", "party_id", reporter->id);
    return kc_app_log(tx, self->who, case_id, "case.reported_again", self->now_us, entry, error) &&
           kc_capability_store_insert(tx, &link, error);
}

static gboolean
write_case(KcTx *tx, gpointer data, GError **error)
{
    OpenCase *self = data;
    const KcIdempotency *idempotency = self->request->idempotency;
    if (!kc_app_idempotency_find(tx, self->who, idempotency, &self->earlier, self->result, error))
        return FALSE;
    if (self->earlier != NULL)
        return TRUE;
    if (!find_alarm(self, tx, error))
        return FALSE;
    if (self->earlier != NULL)
        return TRUE;
    if (!kc_app_check_disk(self->app, KC_DISK_NEW, 0, self->result))
        return FALSE;
    g_autofree char *date = kc_local_date(self->now_us);
    g_auto(GStrv) parts = g_strsplit(date, "-", 3);
    g_autofree char *day = g_strjoinv("", parts);
    self->row->number = kc_case_store_next_number(tx, day, error);
    if (self->row->number == NULL)
        return FALSE;
    json_t *body =
        json_pack("{s:s, s:s, s:s}", "case_id", self->row->id, "party_id", self->party->id, "token", self->token.text);
    return kc_case_store_insert(tx, self->row, error) && keep_party(self, tx, error) && tell(self, tx, error) &&
           settle(self, tx, error) &&
           kc_app_prolong_links(self->app, tx, self->row, self->now_us, error) &&
           kc_app_idempotency_keep(tx, self->who, idempotency, self->now_us, body, error);
}

static gboolean
answer(OpenCase *self, KcOpenedCase *ret_opened, GError **error)
{
    const char *case_id = self->row->id, *party_id = self->party->id, *token = self->token.text;
    if (self->earlier != NULL) {
        case_id = json_string_value(json_object_get(self->earlier, "case_id"));
        party_id = json_string_value(json_object_get(self->earlier, "party_id"));
        token = json_string_value(json_object_get(self->earlier, "token"));
    }
    /* What is answered is what the new party may see. */
    KcPrincipal as_party = {.role = KC_ROLE_PARTY, .party_id = (char *)party_id, .case_id = (char *)case_id};
    const KcPrincipal *viewer = self->who->user_id != NULL ? self->who : &as_party;
    if (!kc_app_read_view(self->app, viewer, case_id, &ret_opened->view, error))
        return FALSE;
    const char *base = self->app->public_url != NULL ? self->app->public_url : "";
    ret_opened->party_id = g_strdup(party_id);
    ret_opened->token = g_strdup(token);
    ret_opened->url = g_strdup_printf("%s/p/%s", base, token);
    return TRUE;
}

static void
open_case_clear(OpenCase *self)
{
    kc_case_row_free(self->row);
    kc_party_free(self->party);
    kc_eligibility_free(self->eligibility);
    json_decref(self->earlier);
}

gboolean
kc_app_open_case(KcApp *app, const KcPrincipal *who, const KcOpenCase *request, KcOpenedCase *ret_opened,
                 KcResult *result, GError **error)
{
    OpenCase self = {.app = app, .who = who, .request = request, .now_us = kc_app_now(app), .result = result};
    if (!kc_app_check_role(who, KC_ACTION_OPEN_CASE, result))
        return FALSE;
    if (request->alarm_number != NULL && who->integration_id == NULL)
        return kc_refuse_field(result, "/alarm_number", "只有接入的系统才填写 / only of an integration");
    check_request(app, request, self.now_us, result);
    fill_party(&self);
    fill_row(&self);
    g_free(self.party->case_id);
    self.party->case_id = g_strdup(self.row->id);
    self.token = kc_token_new();
    gboolean done = result->kind == KC_RESULT_OK && kc_app_write(app, write_case, &self, result, error) &&
                    answer(&self, ret_opened, error);
    open_case_clear(&self);
    return done;
}
