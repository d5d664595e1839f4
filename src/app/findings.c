#include "src/app/findings.h"

#include "src/app/blind.h"

#define MAX_OPEN 200

static const char *const severities[] = {"note", "minor", "major", "critical", NULL};
static const char *const criteria[] = {"safety",    "evidence", "procedure", "determination",
                                       "documents", "manner",   "other",     NULL};

void
kc_finding_view_free(KcFindingView *view)
{
    if (view == NULL)
        return;
    kc_finding_row_free(view->row);
    g_free(view->case_number);
    g_free(view->found_by_name);
    g_free(view->answered_by_name);
    g_free(view->closed_by_name);
    g_free(view->officer_name);
    g_free(view);
}

void
kc_score_view_free(KcScoreView *view)
{
    if (view == NULL)
        return;
    g_free(view->name);
    g_free(view->criterion);
    g_free(view);
}

void
kc_case_findings_clear(KcCaseFindings *findings)
{
    g_clear_pointer(&findings->findings, g_ptr_array_unref);
    g_clear_pointer(&findings->scores, g_ptr_array_unref);
}

/* ---- Views ---- */

/* Takes `row`. */
static gboolean
view_of(KcTx *tx, KcFindingRow *row, KcFindingView **ret_view, GError **error)
{
    g_autoptr(KcFindingView) view = g_new0(KcFindingView, 1);
    g_autoptr(KcCaseRow) file = NULL;
    view->row = row;
    if (!kc_app_user_name(tx, row->found_by, &view->found_by_name, error) ||
        !kc_app_user_name(tx, row->answered_by, &view->answered_by_name, error) ||
        !kc_app_user_name(tx, row->closed_by, &view->closed_by_name, error) ||
        !kc_app_user_name(tx, row->officer_id, &view->officer_name, error) ||
        !kc_case_store_get(tx, row->case_id, &file, error))
        return FALSE;
    view->case_number = g_strdup(file != NULL ? file->number : "");
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}

/* Takes `rows`. */
static gboolean
add_views(KcTx *tx, GPtrArray *rows, GPtrArray *views, GError **error)
{
    gboolean done = rows != NULL;
    while (done && rows->len > 0) {
        KcFindingView *view = NULL;
        done = view_of(tx, g_ptr_array_steal_index(rows, 0), &view, error);
        if (done)
            g_ptr_array_add(views, view);
    }
    g_clear_pointer(&rows, g_ptr_array_unref);
    return done;
}

/* ---- One step ---- */

typedef struct Kind Kind;

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *finding_id;
    const KcNewFinding *request;
    const Kind *kind;
    const char *choice, *text; /* of an answer or a closing */
    gint64 now_us;
    KcFindingView *view;
    KcResult *result;
} Step;

static gboolean
is_own(const KcPrincipal *who, const char *officer_id)
{
    return officer_id != NULL && g_strcmp0(who->user_id, officer_id) == 0;
}

/* The officer hears of it, and who watches the case. */
static gboolean
tell(const Step *self, KcTx *tx, const KcFindingRow *row, const char *type, GError **error)
{
    if (row->officer_id != NULL && !kc_app_emit(tx, type, row->case_id, "user", row->officer_id, self->now_us,
                                                json_pack("{s:s}", "finding_id", row->id), error))
        return FALSE;
    return g_strcmp0(row->found_by, row->officer_id) == 0 ||
           kc_app_emit(tx, type, row->case_id, "user", row->found_by, self->now_us,
                       json_pack("{s:s}", "finding_id", row->id), error);
}

static gboolean
check_text(const char *text, gboolean needed, const char *pointer, KcResult *result)
{
    if (text != NULL && g_utf8_strlen(text, -1) > KC_LIMIT_TEXT_CHARS)
        return kc_refuse_field(result, pointer, "内容过长 / too long");
    return !needed || (text != NULL && *text != '\0') || kc_refuse_field(result, pointer, "请说明理由 / say why");
}

static gboolean
add(KcTx *tx, gpointer data, GError **error)
{
    Step *self = data;
    g_autoptr(KcCaseRow) file = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_WRITE_FINDING, self->case_id, &file, self->result, error))
        return FALSE;
    if (is_own(self->who, file->officer_id))
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "own-case", "Nobody audits a case of their own.");
    KcFindingRow *row = g_new0(KcFindingRow, 1);
    row->id = g_strdup(kc_app_new_id(self->app).text);
    row->case_id = g_strdup(file->id);
    row->officer_id = g_strdup(file->officer_id);
    row->severity = g_strdup(self->request->severity);
    row->criterion = g_strdup(self->request->criterion);
    row->mark_us = self->request->mark_us;
    row->text = g_strdup(self->request->text);
    row->found_by = g_strdup(self->who->user_id);
    row->found_us = self->now_us;
    json_t *entry =
        json_pack("{s:s, s:s, s:s}", "finding_id", row->id, "severity", row->severity, "criterion", row->criterion);
    if (!kc_finding_store_insert(tx, row, error) ||
        !kc_app_log(tx, self->who, file->id, "finding.written", self->now_us, entry, error) ||
        !tell(self, tx, row, "finding.written", error)) {
        kc_finding_row_free(row);
        return FALSE;
    }
    return view_of(tx, row, &self->view, error);
}

static gboolean
check_new(const KcNewFinding *request, KcResult *result)
{
    if (request->severity == NULL || !g_strv_contains(severities, request->severity))
        kc_refuse_field(result, "/severity", "note, minor, major, critical");
    if (request->criterion == NULL || !g_strv_contains(criteria, request->criterion))
        kc_refuse_field(result, "/criterion", "safety, evidence, procedure, determination, documents, manner, other");
    if (request->mark_us < 0)
        kc_refuse_field(result, "/mark_at", "早于记录 / before any record");
    check_text(request->text, TRUE, "/text", result);
    return result->kind == KC_RESULT_OK;
}

gboolean
kc_app_add_finding(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewFinding *request,
                   KcFindingView **ret_finding, KcResult *result, GError **error)
{
    Step self = {
        .app = app, .who = who, .case_id = case_id, .request = request, .now_us = kc_app_now(app), .result = result};
    if (!kc_app_check_role(who, KC_ACTION_WRITE_FINDING, result) || !check_new(request, result) ||
        !kc_app_write(app, add, &self, result, error)) {
        kc_finding_view_free(self.view);
        return FALSE;
    }
    *ret_finding = self.view;
    return TRUE;
}

/* The finding of that case, open. */
static gboolean
load_open(Step *self, KcTx *tx, KcAction action, KcFindingRow **ret_row, GError **error)
{
    g_autoptr(KcCaseRow) file = NULL;
    g_autoptr(KcFindingRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, action, self->case_id, &file, self->result, error) ||
        (kc_id_is_valid(self->finding_id) && !kc_finding_store_get(tx, self->finding_id, &row, error)))
        return FALSE;
    if (row == NULL || strcmp(row->case_id, file->id) != 0)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "finding-unknown",
                         "There is no such finding in this case.");
    if (row->closed_us > 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "finding-closed", "已经结束 / this finding is closed");
    *ret_row = g_steal_pointer(&row);
    return TRUE;
}

static gboolean
save(Step *self, KcTx *tx, KcFindingRow *row, const char *kind, GError **error)
{
    json_t *entry = json_pack("{s:s, s:s}", "finding_id", row->id, "choice", self->choice);
    if (kc_finding_store_update(tx, row, error) != KC_UPDATE_DONE) {
        json_decref(entry);
        return FALSE;
    }
    return kc_app_log(tx, self->who, row->case_id, kind, self->now_us, entry, error) &&
           tell(self, tx, row, kind, error);
}

/* What the two steps of a finding after its writing have of their own. */
struct Kind {
    const char *log_kind, *pointer;
    const char *const *choices;
    const char *needs_words; /* the choice that does; NULL: none */
    KcAction action;
    gboolean by_owner;          /* by whose case it was, and nobody else; else by nobody whose case it was */
    gsize choice, text, by, at; /* offsets in KcFindingRow */
};

static const char *const answers[] = {"accepted", "contested", NULL};
static const char *const closings[] = {"upheld", "withdrawn", NULL};

static const Kind ANSWER = {
    .log_kind = "finding.answered",
    .pointer = "/answer",
    .choices = answers,
    .needs_words = "contested",
    .action = KC_ACTION_ANSWER_FINDING,
    .by_owner = TRUE,
    .choice = G_STRUCT_OFFSET(KcFindingRow, answer),
    .text = G_STRUCT_OFFSET(KcFindingRow, answer_text),
    .by = G_STRUCT_OFFSET(KcFindingRow, answered_by),
    .at = G_STRUCT_OFFSET(KcFindingRow, answered_us),
};
static const Kind CLOSING = {
    .log_kind = "finding.closed",
    .pointer = "/closing",
    .choices = closings,
    .action = KC_ACTION_WRITE_FINDING,
    .choice = G_STRUCT_OFFSET(KcFindingRow, closing),
    .text = G_STRUCT_OFFSET(KcFindingRow, closing_text),
    .by = G_STRUCT_OFFSET(KcFindingRow, closed_by),
    .at = G_STRUCT_OFFSET(KcFindingRow, closed_us),
};

static gboolean
may_step(const Step *self, const KcFindingRow *row)
{
    gboolean own = is_own(self->who, row->officer_id);
    if (self->kind->by_owner && !own)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours", "Whose case it was answers.");
    if (!self->kind->by_owner && own)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "own-case", "Nobody audits a case of their own.");
    /* A closed one is refused before. */
    return G_STRUCT_MEMBER(gint64, row, self->kind->at) == 0 ||
           kc_refuse(self->result, KC_RESULT_CONFLICT, "finding-answered", "已经答复 / it was answered already");
}

static gboolean
step(KcTx *tx, gpointer data, GError **error)
{
    Step *self = data;
    const Kind *kind = self->kind;
    g_autoptr(KcFindingRow) row = NULL;
    if (!load_open(self, tx, kind->action, &row, error) || !may_step(self, row))
        return FALSE;
    G_STRUCT_MEMBER(char *, row, kind->choice) = g_strdup(self->choice);
    G_STRUCT_MEMBER(char *, row, kind->text) = g_strdup(self->text);
    G_STRUCT_MEMBER(char *, row, kind->by) = g_strdup(self->who->user_id);
    G_STRUCT_MEMBER(gint64, row, kind->at) = self->now_us;
    return save(self, tx, row, kind->log_kind, error) && view_of(tx, g_steal_pointer(&row), &self->view, error);
}

static gboolean
check_step(const Step *self)
{
    const Kind *kind = self->kind;
    g_autofree char *all = g_strjoinv(", ", (GStrv)kind->choices);
    if (!kc_app_check_role(self->who, kind->action, self->result))
        return FALSE;
    if (self->choice == NULL || !g_strv_contains(kind->choices, self->choice))
        return kc_refuse_field(self->result, kind->pointer, all);
    return check_text(self->text, g_strcmp0(self->choice, kind->needs_words) == 0, "/text", self->result);
}

static gboolean
take_step(Step *self, KcFindingView **ret_finding, GError **error)
{
    self->now_us = kc_app_now(self->app);
    if (!check_step(self) || !kc_app_write(self->app, step, self, self->result, error)) {
        kc_finding_view_free(self->view);
        return FALSE;
    }
    *ret_finding = self->view;
    return TRUE;
}

gboolean
kc_app_answer_finding(KcApp *app, const KcPrincipal *who, const char *case_id, const char *finding_id,
                      const char *choice, const char *text, KcFindingView **ret_finding, KcResult *result,
                      GError **error)
{
    Step self = {.app = app,
                 .who = who,
                 .case_id = case_id,
                 .finding_id = finding_id,
                 .kind = &ANSWER,
                 .choice = choice,
                 .text = text,
                 .result = result};
    return take_step(&self, ret_finding, error);
}

gboolean
kc_app_close_finding(KcApp *app, const KcPrincipal *who, const char *case_id, const char *finding_id,
                     const char *choice, const char *text, KcFindingView **ret_finding, KcResult *result,
                     GError **error)
{
    Step self = {.app = app,
                 .who = who,
                 .case_id = case_id,
                 .finding_id = finding_id,
                 .kind = &CLOSING,
                 .choice = choice,
                 .text = text,
                 .result = result};
    return take_step(&self, ret_finding, error);
}

/* ---- Scores ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const KcNewScore *scores;
    gsize count;
    KcResult *result;
} Scoring;

static gboolean
score(KcTx *tx, gpointer data, GError **error)
{
    Scoring *self = data;
    gint64 now_us = kc_app_now(self->app);
    g_autoptr(KcCaseRow) file = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_WRITE_FINDING, self->case_id, &file, self->result, error))
        return FALSE;
    if (is_own(self->who, file->officer_id))
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "own-case", "Nobody audits a case of their own.");
    json_t *entry = json_object();
    for (gsize i = 0; i < self->count; i++) {
        const KcScore row = {.user_id = self->who->user_id,
                             .criterion = (char *)self->scores[i].criterion,
                             .score = self->scores[i].score,
                             .scored_us = now_us};
        json_object_set_new(entry, row.criterion, json_integer(row.score));
        if (!kc_score_store_put(tx, file->id, &row, error)) {
            json_decref(entry);
            return FALSE;
        }
    }
    return kc_app_log(tx, self->who, file->id, "case.scored", now_us, entry, error) &&
           kc_app_draw_blind_looks(self->app, tx, error);
}

gboolean
kc_app_score_case(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewScore *scores, gsize count,
                  KcResult *result, GError **error)
{
    Scoring self = {app, who, case_id, scores, count, result};
    if (!kc_app_check_role(who, KC_ACTION_WRITE_FINDING, result))
        return FALSE;
    for (gsize i = 0; i < count; i++) {
        if (scores[i].criterion == NULL || !g_strv_contains(criteria, scores[i].criterion) ||
            strcmp(scores[i].criterion, "other") == 0 || scores[i].score < 1 || scores[i].score > 5)
            return kc_refuse_field(result, "/scores",
                                   "1 … 5 / safety, evidence, procedure, determination, documents, manner");
    }
    if (count == 0)
        return kc_refuse_field(result, "/scores", "请至少评一项 / at least one");
    return kc_app_write(app, score, &self, result, error);
}

/* ---- Lists ---- */

typedef struct {
    const KcPrincipal *who;
    const char *case_id;
    KcCaseFindings *list;
    KcResult *result;
} List;

static gboolean
add_scores(List *self, KcTx *tx, gboolean to_officer, GError **error)
{
    g_autoptr(GPtrArray) rows = kc_score_store_list(tx, self->case_id, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const KcScore *row = rows->pdata[i];
        KcScoreView *view = g_new0(KcScoreView, 1);
        g_ptr_array_add(self->list->scores, view);
        view->criterion = g_strdup(row->criterion);
        view->score = row->score;
        view->scored_us = row->scored_us;
        view->own = strcmp(row->user_id, self->who->user_id) == 0;
        if (!to_officer && !kc_app_user_name(tx, row->user_id, &view->name, error))
            return FALSE;
    }
    return rows != NULL;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(KcCaseRow) file = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_FINDINGS, self->case_id, &file, self->result, error))
        return FALSE;
    return add_views(tx, kc_finding_store_list(tx, file->id, error), self->list->findings, error) &&
           add_scores(self, tx, self->who->role == KC_ROLE_OFFICER, error);
}

gboolean
kc_app_list_findings(KcApp *app, const KcPrincipal *who, const char *case_id, KcCaseFindings *ret_findings,
                     KcResult *result, GError **error)
{
    *ret_findings = (KcCaseFindings){
        .findings = g_ptr_array_new_with_free_func((GDestroyNotify)kc_finding_view_free),
        .scores = g_ptr_array_new_with_free_func((GDestroyNotify)kc_score_view_free),
    };
    List self = {who, case_id, ret_findings, result};
    if (kc_app_read(app, list, &self, result, error))
        return TRUE;
    kc_case_findings_clear(ret_findings);
    return FALSE;
}

typedef struct {
    const KcPrincipal *who;
    GPtrArray *views;
} Open;

/* A case to which the caller is blind is left out. Of `rows` those that stay; takes them. */
static GPtrArray *
without_hidden(GPtrArray *rows, GStrv hidden)
{
    for (guint i = rows != NULL ? rows->len : 0; i > 0; i--) {
        KcFindingRow *row = rows->pdata[i - 1];
        if (g_strv_contains((const char *const *)hidden, row->case_id))
            kc_finding_row_free(g_ptr_array_steal_index(rows, i - 1));
    }
    return rows;
}

static gboolean
list_open(KcTx *tx, gpointer data, GError **error)
{
    Open *self = data;
    const char *officer = self->who->role == KC_ROLE_OFFICER ? self->who->user_id : NULL;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    return hidden != NULL &&
           add_views(tx, without_hidden(kc_finding_store_list_open(tx, officer, MAX_OPEN, error), hidden), self->views,
                     error);
}

gboolean
kc_app_list_open_findings(KcApp *app, const KcPrincipal *who, GPtrArray **ret_findings, KcResult *result,
                          GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_finding_view_free);
    Open self = {who, views};
    if (!kc_app_check_role(who, KC_ACTION_READ_FINDINGS, result) || !kc_app_read(app, list_open, &self, result, error))
        return FALSE;
    *ret_findings = g_steal_pointer(&views);
    return TRUE;
}
