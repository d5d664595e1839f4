/* A phone says that its network carries only sound, so that nobody looks at a frozen picture without knowing why. */
#include "src/app/internal.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const KcLeg *leg;
    gboolean sound_only;
    KcResult *result;
} SetMode;

static gboolean
check_case(KcTx *tx, gpointer data, GError **error)
{
    SetMode *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    return kc_app_load_case(tx, self->who, KC_ACTION_JOIN_CALL, self->case_id, &row, self->result, error);
}

static gboolean
write_mode(KcTx *tx, gpointer data, GError **error)
{
    SetMode *self = data;
    gint64 now = kc_app_now(self->app);
    const char *leg_id = self->leg->leg_id, *mode = self->sound_only ? "voice" : "video";
    json_t *event = json_pack("{s:s, s:s, s:{s:s, s:s}}", "leg_id", leg_id, "mode", mode, "participant", "kind",
                              self->leg->kind, "id", self->leg->participant_id);
    if (kc_app_log(tx, self->who, self->case_id, "call.mode", now,
                   json_pack("{s:s, s:s}", "leg_id", leg_id, "mode", mode), error))
        return kc_app_emit(tx, "call.mode", self->case_id, "case", NULL, now, event, error);
    json_decref(event);
    return FALSE;
}

gboolean
kc_app_set_call_mode(KcApp *app, const KcPrincipal *who, const char *case_id, gboolean sound_only, KcResult *result,
                     GError **error)
{
    SetMode self = {app, who, case_id, NULL, sound_only, result};
    if (!kc_app_read(app, check_case, &self, result, error))
        return FALSE;
    g_autoptr(KcLeg) own = kc_call_table_find_participant(app->calls, case_id, kc_principal_id(who));
    KcModeChange change =
        own == NULL ? KC_MODE_NO_LEG : kc_call_table_set_mode(app->calls, own->leg_id, sound_only, kc_app_now(app));
    switch (change) {
    case KC_MODE_NO_LEG:
        return kc_refuse(result, KC_RESULT_CONFLICT, "not-in-call", "You are not in the call now.");
    case KC_MODE_TOO_SOON:
        return kc_refuse_retry(result, KC_RESULT_RATE, "too-often", "This changed just now.", 1);
    case KC_MODE_SAME:
        return TRUE;
    default:
        self.leg = own;
        return kc_app_write(app, write_mode, &self, result, error);
    }
}
