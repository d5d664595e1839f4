/* A still of the party's live picture, at its full resolution, sealed as evidence. Of a party whose network carries only
 * sound, the still that its phone sent by itself becomes one that was chosen. */
#include "src/app/internal.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const KcNewSnapshot *wanted;
    KcObject *object;
    KcStillView *view;
    KcResult *result;
} Snapshot;

static gboolean
earlier_still(Snapshot *self, KcTx *tx, GError **error)
{
    g_autoptr(json_t) earlier = NULL;
    g_autoptr(KcObject) object = NULL;
    if (!kc_app_idempotency_find(tx, self->who, self->wanted->idempotency, &earlier, self->result, error))
        return FALSE;
    if (earlier == NULL)
        return TRUE;
    if (!kc_object_store_get(tx, json_string_value(json_object_get(earlier, "still_id")), &object, error))
        return FALSE;
    self->view = object != NULL ? kc_app_still_view(object) : NULL;
    return TRUE;
}

static gboolean
check_snapshot(KcTx *tx, gpointer data, GError **error)
{
    Snapshot *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcParty) party = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_SNAPSHOT, self->case_id, &row, self->result, error))
        return FALSE;
    if (kc_id_is_valid(self->wanted->party_id) && !kc_party_store_get(tx, self->wanted->party_id, &party, error))
        return FALSE;
    if (party == NULL || strcmp(party->case_id, self->case_id) != 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "party-unknown", "There is no such party in this case.");
    if (self->wanted->shot != NULL && kc_rules_shot(kc_app_rules_of(self->app, row), self->wanted->shot, NULL) == NULL)
        return kc_refuse_field(self->result, "/shot", "没有这个拍摄项 / no such shot");
    return earlier_still(self, tx, error) &&
           (self->view != NULL || kc_app_apply(row, KC_CASE_FIX_EVIDENCE, NULL, 0, self->result));
}

static gboolean
commit_snapshot(KcTx *tx, gpointer data, GError **error)
{
    Snapshot *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    gint64 now = kc_app_now(self->app);
    return kc_app_load_case(tx, self->who, KC_ACTION_SNAPSHOT, self->case_id, &row, self->result, error) &&
           kc_app_commit_still(tx, self->who, row, self->object, now, self->result, error) &&
           kc_app_idempotency_keep(tx, self->who, self->wanted->idempotency, now,
                                   json_pack("{s:s}", "still_id", self->object->id), error);
}

static gboolean
take_picture(Snapshot *self, const KcLeg *leg, KcMediaSnapshot *ret_picture)
{
    KcApp *app = self->app;
    g_auto(KcMediaRefusal) refusal = {0};
    if (app->media.snapshot(app->media.self, leg->leg_id, ret_picture, &refusal))
        return TRUE;
    if (refusal.status == 503)
        return kc_refuse_retry(self->result, KC_RESULT_UNAVAILABLE, refusal.code, refusal.detail, 1);
    return kc_refuse(self->result, KC_RESULT_CONFLICT, refusal.code, refusal.detail);
}

static gboolean
seal_picture(Snapshot *self, const KcLeg *leg, GError **error)
{
    const KcNewSnapshot *wanted = self->wanted;
    g_auto(KcMediaSnapshot) picture = {0};
    if (!take_picture(self, leg, &picture))
        return FALSE;
    json_t *meta = json_pack("{s:I, s:I, s:I}", "width", (json_int_t)picture.width, "height",
                             (json_int_t)picture.height, "media_time_ms", (json_int_t)picture.media_time_ms);
    if (wanted->shot != NULL)
        json_object_set_new(meta, "shot", json_string(wanted->shot));
    KcSealRequest request = {self->case_id, "still", wanted->party_id, self->who->user_id, "image/jpeg", meta};
    return kc_app_seal_object(self->app, &request, picture.jpeg, &self->object, self->result, error);
}

/* Its bytes are sealed already: what changes is that somebody chose it, and for which shot. */
static gboolean
keep_still(KcTx *tx, gpointer data, GError **error)
{
    Snapshot *self = data;
    const KcNewSnapshot *wanted = self->wanted;
    if (!kc_app_find_live_still(self->app, tx, self->case_id, wanted->party_id, wanted->still_id, &self->object,
                                self->result, error))
        return FALSE;
    json_t *meta = kc_json_parse(self->object->meta_json);
    if (wanted->shot != NULL)
        json_object_set_new(meta, "shot", json_string(wanted->shot));
    g_free(self->object->meta_json);
    self->object->meta_json = kc_json_text(meta);
    g_free(self->object->kind);
    self->object->kind = g_strdup("photo");
    return commit_snapshot(tx, self, error);
}

static gboolean
take_snapshot(Snapshot *self, GError **error)
{
    if (!kc_app_read(self->app, check_snapshot, self, self->result, error))
        return FALSE;
    if (self->view != NULL)
        return TRUE;
    g_autoptr(KcLeg) leg =
        kc_call_table_find_participant(self->app->calls, self->case_id, self->wanted->party_id);
    if (self->wanted->still_id != NULL || (leg != NULL && leg->sound_only)) {
        if (!kc_app_write(self->app, keep_still, self, self->result, error))
            return FALSE;
        self->view = kc_app_still_view(self->object);
        return TRUE;
    }
    if (leg == NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-in-call", "This party is not in the call now.");
    if (!seal_picture(self, leg, error))
        return FALSE;
    if (!kc_app_write(self->app, commit_snapshot, self, self->result, error)) {
        kc_app_drop_object(self->app, self->object);
        return FALSE;
    }
    self->view = kc_app_still_view(self->object);
    return TRUE;
}

gboolean
kc_app_snapshot(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewSnapshot *snapshot,
                KcStillView **ret_still, KcResult *result, GError **error)
{
    Snapshot self = {app, who, case_id, snapshot, NULL, NULL, result};
    gboolean done = take_snapshot(&self, error);
    kc_object_free(self.object);
    if (!done) {
        kc_still_view_free(self.view);
        return FALSE;
    }
    *ret_still = self.view;
    return TRUE;
}
