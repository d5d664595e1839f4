/* What a participant does with its own leg: patch it, end it, choose what it shows; and what the desk sees of all of them. */
#include "src/app/internal.h"

typedef struct {
    const KcPrincipal *who;
    const char *case_id;
    KcAction action;
    KcResult *result;
} Check;

static gboolean
check_case(KcTx *tx, gpointer data, GError **error)
{
    Check *check = data;
    g_autoptr(KcCaseRow) row = NULL;
    return kc_app_load_case(tx, check->who, check->action, check->case_id, &row, check->result, error);
}

static gboolean
refuse_unknown(KcResult *result)
{
    return kc_refuse(result, KC_RESULT_NOT_FOUND, "leg-unknown", "This connection has ended; offer a new one.");
}

static gboolean
is_own(const KcLeg *leg, const KcPrincipal *who, const char *case_id)
{
    return strcmp(leg->case_id, case_id) == 0 && g_strcmp0(leg->participant_id, kc_principal_id(who)) == 0;
}

static KcLeg *
own_leg(KcApp *app, const KcPrincipal *who, const char *case_id, const char *leg_id, KcResult *result)
{
    g_autoptr(KcLeg) leg = kc_call_table_find(app->calls, leg_id);
    if (leg != NULL && is_own(leg, who, case_id))
        return g_steal_pointer(&leg);
    refuse_unknown(result);
    return NULL;
}

gboolean
kc_app_patch_call(KcApp *app, const KcPrincipal *who, const char *case_id, const char *leg_id, const char *sdpfrag,
                  char **ret_sdpfrag, KcResult *result, GError **error)
{
    if (!kc_app_check_role(who, KC_ACTION_JOIN_CALL, result))
        return FALSE;
    if (strlen(sdpfrag) > KC_LIMIT_SDP_BYTES)
        return kc_refuse(result, KC_RESULT_TOO_LARGE, "sdp-too-large", "The fragment is larger than 64 KiB.");
    g_autoptr(KcLeg) leg = own_leg(app, who, case_id, leg_id, result);
    g_auto(KcMediaRefusal) refusal = {0};
    if (leg == NULL)
        return FALSE;
    if (app->media.patch(app->media.self, leg_id, sdpfrag, ret_sdpfrag, &refusal))
        return TRUE;
    KcResultKind kind = refusal.status == 400   ? KC_RESULT_MALFORMED
                        : refusal.status == 404 ? KC_RESULT_NOT_FOUND
                        : refusal.status == 409 ? KC_RESULT_CONFLICT
                        : refusal.status == 422 ? KC_RESULT_INVALID
                                                : KC_RESULT_UNAVAILABLE;
    return kc_refuse(result, kind, refusal.code, refusal.detail);
}

typedef struct {
    const KcPrincipal *who;
    const char *case_id, *leg_id;
    gboolean joined;
} Past;

static gboolean
look_back(KcTx *tx, gpointer data, GError **error)
{
    Past *past = data;
    return kc_log_store_has_joined(tx, past->case_id, kc_principal_id(past->who), past->leg_id, &past->joined, error);
}

/* Who hangs up may be told of the end later than it came: a leg that was the caller's own has ended as asked for. */
static gboolean
has_left(KcApp *app, const KcPrincipal *who, const char *case_id, const char *leg_id, KcResult *result, GError **error)
{
    Past past = {who, case_id, leg_id, FALSE};
    return kc_app_read(app, look_back, &past, result, error) && (past.joined || refuse_unknown(result));
}

gboolean
kc_app_leave_call(KcApp *app, const KcPrincipal *who, const char *case_id, const char *leg_id, KcResult *result,
                  GError **error)
{
    if (!kc_app_check_role(who, KC_ACTION_JOIN_CALL, result))
        return FALSE;
    g_autoptr(KcLeg) leg = kc_call_table_find(app->calls, leg_id);
    if (leg == NULL)
        return has_left(app, who, case_id, leg_id, result, error);
    if (!is_own(leg, who, case_id))
        return refuse_unknown(result);
    kc_call_table_set_ending(app->calls, leg_id, "left");
    app->media.leave(app->media.self, leg_id, "left");
    g_autoptr(KcLeg) removed = kc_call_table_remove(app->calls, leg_id);
    return removed == NULL || kc_app_emit_left(app, removed, "left", error);
}

static void
add_stats(KcParticipantView *view, GPtrArray *stats)
{
    for (guint i = 0; stats != NULL && i < stats->len; i++) {
        const KcMediaLegStats *from = stats->pdata[i];
        if (strcmp(from->leg_id, view->leg_id) != 0)
            continue;
        view->has_stats = TRUE;
        view->bitrate_in_bps = from->bitrate_in_bps;
        view->bitrate_out_bps = from->bitrate_out_bps;
        view->loss_in_permille = from->loss_in_permille;
        view->loss_out_permille = from->loss_out_permille;
        view->rtt_ms = from->rtt_ms;
        view->age_last_packet_ms = from->age_last_packet_ms;
        view->nacks_sent = from->nacks_sent;
        view->nacks_answered = from->nacks_answered;
        view->plis_sent = from->plis_sent;
        view->bytes_durable = from->bytes_durable;
        view->width = from->width;
        view->height = from->height;
    }
}

static GPtrArray *
ask_stats(KcApp *app, GPtrArray *legs)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < legs->len; i++)
        g_ptr_array_add(ids, ((KcLeg *)legs->pdata[i])->leg_id);
    g_ptr_array_add(ids, NULL);
    return app->media.stats(app->media.self, (const char *const *)ids->pdata);
}

gboolean
kc_app_call_status(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_participants,
                   GPtrArray **ret_slots, KcResult *result, GError **error)
{
    Check check = {who, case_id, KC_ACTION_READ_CALL, result};
    if (!kc_app_read(app, check_case, &check, result, error))
        return FALSE;
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, case_id);
    g_autoptr(GPtrArray) stats = legs->len > 0 ? ask_stats(app, legs) : NULL;
    GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_participant_view_free);
    for (guint i = 0; i < legs->len; i++) {
        KcParticipantView *view = kc_leg_view(legs->pdata[i]);
        add_stats(view, stats);
        g_ptr_array_add(views, view);
    }
    *ret_participants = views;
    g_autoptr(KcLeg) own = kc_call_table_find_participant(app->calls, case_id, kc_principal_id(who));
    *ret_slots = kc_call_table_slots(app->calls, own != NULL ? own->leg_id : "");
    return TRUE;
}

/* The legs of the participants that are named; the array owns nothing. NULL: one is not in the call. */
static GPtrArray *
legs_named(GPtrArray *legs, const KcLeg *own, const char *const *ids, const char *field, KcResult *result)
{
    g_autoptr(GPtrArray) named = g_ptr_array_new();
    for (guint i = 0; ids[i] != NULL; i++) {
        const KcLeg *found = NULL;
        for (guint n = 0; n < legs->len; n++) {
            const KcLeg *leg = legs->pdata[n];
            if (strcmp(leg->participant_id, ids[i]) == 0 && strcmp(leg->participant_id, own->participant_id) != 0)
                found = leg;
        }
        if (found == NULL) {
            g_autofree char *pointer = g_strdup_printf("/%s/%u", field, i);
            kc_refuse_field(result, pointer, "不在通话中 / not in the call");
            return NULL;
        }
        g_ptr_array_add(named, found->leg_id);
    }
    g_ptr_array_add(named, NULL);
    return g_steal_pointer(&named);
}

gboolean
kc_app_choose_view(KcApp *app, const KcPrincipal *who, const char *case_id, const char *const *large,
                   const char *const *hidden, KcResult *result, GError **error)
{
    Check check = {who, case_id, KC_ACTION_JOIN_CALL, result};
    g_auto(KcMediaRefusal) refusal = {0};
    if (!kc_app_read(app, check_case, &check, result, error))
        return FALSE;
    g_autoptr(KcLeg) own = kc_call_table_find_participant(app->calls, case_id, kc_principal_id(who));
    if (own == NULL)
        return kc_refuse(result, KC_RESULT_CONFLICT, "not-in-call", "You are not in the call now.");
    g_autoptr(GPtrArray) legs = kc_call_table_list(app->calls, case_id);
    g_autoptr(GPtrArray) shown = legs_named(legs, own, large, "large", result);
    g_autoptr(GPtrArray) unseen = shown != NULL ? legs_named(legs, own, hidden, "hidden", result) : NULL;
    if (unseen == NULL)
        return FALSE;
    if (app->media.show == NULL)
        return kc_refuse(result, KC_RESULT_UNAVAILABLE, "no-choice", "Pictures can't be chosen here.");
    if (app->media.show(app->media.self, own->leg_id, (const char *const *)shown->pdata,
                        (const char *const *)unseen->pdata, &refusal))
        return TRUE;
    return kc_refuse_retry(result, KC_RESULT_UNAVAILABLE, refusal.code, refusal.detail, 1);
}
