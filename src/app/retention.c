/* Invariant: whether something is due is decided in the transaction that erases it. */
#include "src/app/retention.h"

#include "src/app/blind.h"

#include <string.h>

#include "src/store/document_store.h"
#include "src/store/hold_store.h"
#include "src/store/retention_store.h"
#include "src/store/review_store.h"

#define CASES_A_TURN 50
#define LOOK_AGAIN_US (7 * G_TIME_SPAN_DAY) /* rules, holds and limits change meanwhile */
#define LOOK_AGAIN_OFTEN_US G_TIME_SPAN_DAY /* what is held back */

void
kc_retention_item_free(KcRetentionItem *item)
{
    if (item == NULL)
        return;
    g_free(item->case_id);
    g_free(item->case_number);
    g_free(item->case_state);
    g_free(item->rule);
    g_free(item->legal_basis);
    g_free(item->title_zh);
    g_free(item->title_en);
    g_free(item);
}

/* ---- The facts of a case ---- */

typedef struct {
    KcCaseRow *row;
    GPtrArray *deadlines;
    KcRetentionFacts facts;
    gboolean has_recordings;
} Looked;

static void
looked_clear(Looked *looked)
{
    kc_case_row_free(looked->row);
    g_clear_pointer(&looked->deadlines, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Looked, looked_clear)

static gint64
ended_us(const KcCaseRow *row)
{
    if (strcmp(row->state, "closed") == 0)
        return row->closed_us;
    if (strcmp(row->state, "expired") == 0)
        return row->abandoned_us > 0 ? row->abandoned_us : row->updated_us;
    return 0;
}

static gboolean
was_injured(const KcCaseRow *row)
{
    g_autoptr(json_t) root = kc_json_parse(row->triage_json);
    const char *injury = json_string_value(json_object_get(root, "injury"));
    return injury != NULL && strcmp(injury, "none") != 0;
}

static gboolean
is_under_review(KcTx *tx, const char *case_id, gboolean *ret_open, GError **error)
{
    g_autoptr(KcReviewRow) review = NULL;
    if (!kc_review_store_get(tx, case_id, &review, error))
        return FALSE;
    *ret_open = review != NULL && review->served_us == 0 && review->withdrawn_us == 0;
    return TRUE;
}

/* NULL row: it was erased, or is not there. */
static gboolean
look_at(KcApp *app, KcTx *tx, const char *case_id, Looked *ret_looked, GError **error)
{
    gint64 holds = 0;
    if (!kc_case_store_get(tx, case_id, &ret_looked->row, error))
        return FALSE;
    const KcCaseRow *row = ret_looked->row;
    if (row == NULL || row->erased_us > 0) {
        g_clear_pointer(&ret_looked->row, kc_case_row_free);
        return TRUE;
    }
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, case_id, error);
    ret_looked->deadlines =
        documents != NULL ? kc_app_deadlines(app, tx, row, kc_app_served_id(documents), error) : NULL;
    if (ret_looked->deadlines == NULL || !kc_hold_store_count(tx, case_id, &holds, error) ||
        !is_under_review(tx, case_id, &ret_looked->facts.under_review, error) ||
        !kc_retention_store_has_recordings(tx, case_id, &ret_looked->has_recordings, error))
        return FALSE;
    ret_looked->facts.state = row->state;
    ret_looked->facts.closing_code = row->closing_code;
    ret_looked->facts.injured = was_injured(row);
    ret_looked->facts.ended_us = ended_us(row);
    ret_looked->facts.on_hold = holds > 0;
    ret_looked->facts.deadlines = ret_looked->deadlines;
    return TRUE;
}

static KcRetentionVerdict
verdict_of(KcApp *app, const Looked *looked, KcRetained what, gint64 at_us)
{
    const KcRules *rules = kc_app_rules(app);
    return kc_retention_of(kc_rules_retention(rules), kc_rules_calendar(rules), what, &looked->facts, at_us);
}

/* ---- Carrying it out ---- */

static gboolean
erase(KcTx *tx, const Looked *looked, KcRetained what, const KcRetentionRule *rule, gint64 now_us, GError **error)
{
    const KcErasure erasure = {looked->row->id, rule->code, rule->legal_basis, now_us};
    return what == KC_RETAINED_CASE ? kc_app_erase_case(tx, &erasure, error)
                                    : kc_app_erase_recordings(tx, &erasure, error);
}

static void
sooner(gint64 *at_us, gint64 other_us)
{
    if (other_us > 0 && (*at_us == 0 || other_us < *at_us))
        *at_us = other_us;
}

/* Writes when to look again. */
static gboolean
note_next(KcApp *app, KcTx *tx, const Looked *looked, GError **error)
{
    gint64 now_us = kc_app_now(app), due_us = 0, look_us = now_us + LOOK_AGAIN_US;
    for (KcRetained what = 0; what < KC_RETAINED_COUNT; what++) {
        KcRetentionVerdict verdict = verdict_of(app, looked, what, now_us);
        if (what == KC_RETAINED_RECORDINGS && !looked->has_recordings)
            continue;
        if (verdict.state == KC_RETENTION_RUNS)
            sooner(&due_us, verdict.at_us);
        else if (verdict.state != KC_RETENTION_NO_RULE)
            look_us = MIN(look_us, now_us + LOOK_AGAIN_OFTEN_US);
        if (verdict.state == KC_RETENTION_ON_HOLD || verdict.state == KC_RETENTION_UNDER_REVIEW ||
            verdict.state == KC_RETENTION_DEADLINE) /* so that a preview names it */
            sooner(&due_us, verdict.at_us > 0 ? verdict.at_us : now_us);
    }
    if (due_us > 0)
        look_us = MIN(look_us, MAX(due_us, now_us + G_TIME_SPAN_HOUR));
    return kc_retention_store_set(tx, looked->row->id, look_us, due_us, error);
}

/* Something of it is still being written, or the store knows of a hold: it is left for a day. Nothing was changed then.
 */
static gboolean
leave(KcApp *app, KcTx *tx, const Looked *looked, GError *why, GError **error)
{
    if (!g_error_matches(why, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED)) {
        g_propagate_error(error, why);
        return FALSE;
    }
    g_message("case %s is not erased yet: %s", looked->row->id, why->message);
    g_error_free(why);
    return kc_retention_store_set(tx, looked->row->id, kc_app_now(app) + LOOK_AGAIN_OFTEN_US, kc_app_now(app), error);
}

static gboolean
run_one(KcApp *app, KcTx *tx, const char *case_id, GError **error)
{
    GError *local = NULL;
    g_auto(Looked) looked = {0};
    gint64 now_us = kc_app_now(app);
    if (!look_at(app, tx, case_id, &looked, error))
        return FALSE;
    if (looked.row == NULL)
        return TRUE;
    KcRetentionVerdict all = verdict_of(app, &looked, KC_RETAINED_CASE, now_us);
    KcRetentionVerdict recordings = verdict_of(app, &looked, KC_RETAINED_RECORDINGS, now_us);
    /* A longer rule for recordings keeps the case, without which they mean nothing. */
    gboolean kept = looked.has_recordings && recordings.rule != NULL && recordings.state != KC_RETENTION_DUE;
    if (all.state == KC_RETENTION_DUE && !kept)
        return erase(tx, &looked, KC_RETAINED_CASE, all.rule, now_us, &local) || leave(app, tx, &looked, local, error);
    if (looked.has_recordings && recordings.state == KC_RETENTION_DUE) {
        if (!erase(tx, &looked, KC_RETAINED_RECORDINGS, recordings.rule, now_us, &local))
            return leave(app, tx, &looked, local, error);
        looked.has_recordings = FALSE;
    }
    return note_next(app, tx, &looked, error);
}

typedef struct {
    KcApp *app;
    guint looked;
} Turn;

static gboolean
run_turn(KcTx *tx, gpointer data, GError **error)
{
    Turn *self = data;
    g_autoptr(GPtrArray) ids = kc_retention_store_to_look(tx, kc_app_now(self->app), CASES_A_TURN, error);
    self->looked = ids != NULL ? ids->len : 0;
    for (guint i = 0; i < self->looked; i++)
        if (!run_one(self->app, tx, ids->pdata[i], error))
            return FALSE;
    return ids != NULL;
}

gboolean
kc_app_run_retention(KcApp *app, guint *ret_looked, GError **error)
{
    Turn turn = {.app = app};
    if (!kc_store_write(app->store, run_turn, &turn, error) || !kc_app_destroy_erased(app, error))
        return FALSE;
    if (ret_looked != NULL)
        *ret_looked = turn.looked;
    return TRUE;
}

/* ---- Looking ahead ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    gint64 until_us;
    GPtrArray *items;
    gboolean more;
} Preview;

static KcRetentionItem *
item_of(const Looked *looked, KcRetained what, const KcRetentionVerdict *verdict)
{
    KcRetentionItem *item = g_new0(KcRetentionItem, 1);
    item->case_id = g_strdup(looked->row->id);
    item->case_number = g_strdup(looked->row->number);
    item->case_state = g_strdup(looked->row->state);
    item->what = what;
    item->state = verdict->state;
    item->at_us = verdict->at_us;
    item->rule = g_strdup(verdict->rule->code);
    item->legal_basis = g_strdup(verdict->rule->legal_basis);
    item->title_zh = g_strdup(verdict->rule->title_zh);
    item->title_en = g_strdup(verdict->rule->title_en);
    return item;
}

static gboolean
preview_one(Preview *self, KcTx *tx, const char *case_id, GError **error)
{
    g_auto(Looked) looked = {0};
    if (!look_at(self->app, tx, case_id, &looked, error))
        return FALSE;
    for (KcRetained what = 0; looked.row != NULL && what < KC_RETAINED_COUNT; what++) {
        KcRetentionVerdict verdict = verdict_of(self->app, &looked, what, self->until_us);
        gboolean there = what == KC_RETAINED_CASE || looked.has_recordings;
        gboolean held = verdict.state == KC_RETENTION_ON_HOLD || verdict.state == KC_RETENTION_UNDER_REVIEW ||
                        verdict.state == KC_RETENTION_DEADLINE;
        if (there && verdict.rule != NULL && (verdict.state == KC_RETENTION_DUE || held))
            g_ptr_array_add(self->items, item_of(&looked, what, &verdict));
    }
    return TRUE;
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
    const KcRetentionItem *one = *(KcRetentionItem *const *)a, *other = *(KcRetentionItem *const *)b;
    if (one->at_us != other->at_us)
        return one->at_us < other->at_us ? -1 : 1;
    return strcmp(one->case_number, other->case_number);
}

static gboolean
preview(KcTx *tx, gpointer data, GError **error)
{
    Preview *self = data;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    g_autoptr(GPtrArray) ids =
        hidden != NULL ? kc_retention_store_until(tx, self->until_us, KC_RETENTION_PREVIEW_MAX + 1, error) : NULL;
    g_ptr_array_set_size(self->items, 0);
    self->more = ids != NULL && ids->len > KC_RETENTION_PREVIEW_MAX;
    for (guint i = 0; ids != NULL && i < MIN(ids->len, KC_RETENTION_PREVIEW_MAX); i++)
        if (!g_strv_contains((const char *const *)hidden, ids->pdata[i]) && !preview_one(self, tx, ids->pdata[i], error))
            return FALSE;
    g_ptr_array_sort(self->items, by_time);
    return ids != NULL;
}

gboolean
kc_app_preview_retention(KcApp *app, const KcPrincipal *who, guint days, GPtrArray **ret_items, gboolean *ret_more,
                         KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)kc_retention_item_free);
    Preview self = {app, who, kc_app_now(app) + (gint64)days * G_TIME_SPAN_DAY, items, FALSE};
    if ((who != NULL && !kc_app_check_role(who, KC_ACTION_READ_RETENTION, result)) ||
        !kc_app_read(app, preview, &self, result, error))
        return FALSE;
    *ret_more = self.more;
    *ret_items = g_steal_pointer(&items);
    return TRUE;
}

/* ---- As a table ---- */

/* No formula: a spreadsheet takes a field that begins so for one. */
static void
add_field(GString *csv, const char *text, const char *end)
{
    g_autofree char *safe =
        strchr("=+-@", text[0]) != NULL && text[0] != '\0' ? g_strconcat("'", text, NULL) : g_strdup(text);
    g_auto(GStrv) parts = g_strsplit(safe, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);
    g_string_append_printf(csv, "\"%s\"%s", doubled, end);
}

char *
kc_retention_csv(const GPtrArray *items)
{
    GString *csv = g_string_new("\xEF\xBB\xBF"
                                "at,case_number,what,state,rule,legal_basis,title_zh,title_en\r\n");
    for (guint i = 0; i < items->len; i++) {
        const KcRetentionItem *item = items->pdata[i];
        g_autofree char *at = item->at_us > 0 ? kc_timestamp_format(item->at_us) : g_strdup("");
        add_field(csv, at, ",");
        add_field(csv, item->case_number, ",");
        add_field(csv, kc_retained_to_string(item->what), ",");
        add_field(csv, kc_retention_state_to_string(item->state), ",");
        add_field(csv, item->rule, ",");
        add_field(csv, item->legal_basis, ",");
        add_field(csv, item->title_zh, ",");
        add_field(csv, item->title_en, "\r\n");
    }
    return g_string_free(csv, FALSE);
}
