/* Take a case out of the queue, or give it back. */
#include "src/app/injury_check.h"
#include "src/app/internal.h"
#include "src/app/queue.h"
#include "src/store/recusal_store.h"

/* Where the lot decides, nobody helps oneself; a supervisor, who answers for the desk, may. */
static gboolean
check_lot(const KcChange *change, const KcCaseRow *row, KcResult *result)
{
    gboolean drawn = kc_rules_desk(kc_app_rules(change->app))->assignment == KC_ASSIGN_DRAW;
    return !drawn || change->who->role == KC_ROLE_SUPERVISOR || strcmp(row->state, "waiting") != 0 ||
           kc_refuse(result, KC_RESULT_CONFLICT, "drawn-by-lot",
                     "本席位的案件由抽签派发，不能自行选取。请把席位设为“空闲”，抽中后在时限内接听；值班长可以直接指派。 / Cases "
                     "are assigned by lot here and can't be picked. Set your seat to free, and accept within the time "
                     "given when you are drawn; a supervisor may assign a case.");
}

static gboolean
check_claim(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    change->skip = g_strcmp0(row->officer_id, change->who->user_id) == 0 && strcmp(row->state, "waiting") != 0 &&
                   strcmp(row->state, "reopened") != 0;
    if (!change->skip && !check_lot(change, row, result))
        return FALSE;
    if (!change->skip && kc_call_table_user_elsewhere(change->app->calls, change->who->user_id, row->id))
        return kc_refuse(result, KC_RESULT_CONFLICT, "busy-elsewhere", "You are in a call of another case.");
    gboolean barred = FALSE;
    if (!change->skip && !kc_recusal_store_is_barred(tx, row->id, change->who->user_id, &barred, error))
        return FALSE;
    if (barred)
        return kc_refuse(result, KC_RESULT_CONFLICT, "recused", "You were recused from this case.");
    return change->skip || kc_app_check_grade(change->app, tx, change->who, row, FALSE, result, error);
}

gboolean
kc_app_fix_evidence(KcTx *tx, KcCaseRow *row, gint64 now_us, KcResult *result, GError **error)
{
    gint64 stills, photos;
    return kc_object_store_count(tx, row->id, "still", &stills, error) &&
           kc_object_store_count(tx, row->id, "photo", &photos, error) &&
           (stills + photos == 0 || kc_app_apply(row, KC_CASE_FIX_EVIDENCE, NULL, now_us, result));
}

static gboolean
finish_claim(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    if (!kc_app_fix_evidence(tx, row, change->now_us, change->result, error))
        return FALSE;
    g_free(row->officer_id);
    row->officer_id = g_strdup(change->who->user_id);
    return kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error);
}

gboolean
kc_app_claim_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                  KcCaseView **ret_case, KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_CLAIM,
        .event = KC_CASE_CLAIM,
        .log_kind = "case.claimed",
        .check = check_claim,
        .finish = finish_claim,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}

static gboolean
note_officer(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    change->data = g_strdup(row->officer_id);
    return TRUE;
}

/* Who gives a case back that the lot brought would be drawn for it again at once. */
static gboolean
rest_after(KcChange *change, KcTx *tx, const KcCaseRow *row, GError **error)
{
    gboolean own = g_strcmp0(row->officer_id, change->who->user_id) == 0;
    return kc_rules_desk(kc_app_rules(change->app))->assignment != KC_ASSIGN_DRAW || !own ||
           kc_app_set_away(tx, row->officer_id, row->id, change->now_us, error);
}

static gboolean
finish_release(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    if (!rest_after(change, tx, row, error))
        return FALSE;
    g_clear_pointer(&row->officer_id, g_free);
    return kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error);
}

void
kc_app_end_leg_of(KcApp *app, const char *case_id, const char *user_id, const char *reason)
{
    g_autoptr(KcLeg) leg = user_id != NULL ? kc_call_table_find_participant(app->calls, case_id, user_id) : NULL;
    if (leg != NULL)
        kc_app_end_leg(app, leg->leg_id, reason);
}

gboolean
kc_app_release_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                    KcCaseView **ret_case, KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_RELEASE,
        .event = KC_CASE_RELEASE,
        .log_kind = "case.released",
        .check = note_officer,
        .finish = finish_release,
    };
    gboolean done = kc_app_change_case(&change, ret_case, result, error);
    g_autofree char *officer_id = change.data;
    if (done)
        kc_app_end_leg_of(app, case_id, officer_id, "released");
    return done;
}
