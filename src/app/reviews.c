/* Invariant: whoever did not ask sees that a review runs and what it came to, not what was written for it. */
#include "src/app/reviews.h"

#include "src/app/review_check.h"
#include "src/domain/deadlines.h"

#include <string.h>

#define LIST_MAX 500

/* ---- what a caller sees ---- */

void
kc_review_view_free(KcReviewView *view)
{
    if (view == NULL)
        return;
    kc_review_row_free(view->review);
    g_free(view->case_number);
    g_free(view->party_label);
    g_free(view->document_number);
    g_free(view->packet_sha256);
    g_free(view);
}

static gboolean
name_things(KcTx *tx, KcReviewView *view, GError **error)
{
    const KcReviewRow *review = view->review;
    g_autoptr(KcParty) party = NULL;
    g_autoptr(KcDocumentRow) document = NULL;
    g_autoptr(KcObject) packet = NULL;
    if (!kc_party_store_get(tx, review->party_id, &party, error) ||
        !kc_document_store_get(tx, review->document_id, &document, error) ||
        (review->packet_object_id != NULL && !kc_object_store_get(tx, review->packet_object_id, &packet, error)))
        return FALSE;
    view->party_label = party != NULL ? g_strdup(party->label) : NULL;
    view->document_number = document != NULL ? g_strdup(document->number) : NULL;
    view->packet_sha256 = packet != NULL ? g_strdup(packet->sha256) : NULL;
    return TRUE;
}

gboolean
kc_app_load_review_view(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, KcReviewRow *review,
                        KcReviewView **ret_view, GError **error)
{
    g_autoptr(KcReviewView) view = g_new0(KcReviewView, 1);
    view->review = review;
    view->state = kc_review_row_state(review);
    view->case_number = g_strdup(row->number);
    view->restricted = !kc_app_sees_field(who, KC_FIELD_REVIEW_REQUEST, review->party_id);
    if (!name_things(tx, view, error))
        return FALSE;
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}

/* ---- asking ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *review_id; /* of a withdrawal */
    const KcAskReview *request;
    gint64 now_us;
    char *late_on; /* the last day that was missed */
    KcReviewView *view;
    KcResult *result;
} Ask;

static gboolean
check_text(const char *text, const char *pointer, const char *missing, KcResult *result)
{
    g_autofree char *copy = g_strstrip(g_strdup(text != NULL ? text : ""));
    if (*copy == '\0')
        return kc_refuse_field(result, pointer, missing);
    if (g_utf8_strlen(text, -1) > KC_LIMIT_TEXT_CHARS)
        return kc_refuse_field(result, pointer, "内容过长 / too long");
    return TRUE;
}

static gboolean
check_request(const KcAskReview *request, KcResult *result)
{
    check_text(request->request, "/request", "请写明复核请求 / what is asked for is missing", result);
    check_text(request->reasons, "/reasons", "请写明理由 / the reasons are missing", result);
    check_text(request->evidence, "/evidence", "请写明主要证据 / the main evidence is missing", result);
    return result->kind == KC_RESULT_OK;
}

/* The party's newest limit that a request would end; NULL: none has begun. Borrowed. */
static const KcDeadline *
limit_of(const GPtrArray *deadlines, const char *party_id)
{
    for (guint i = 0; i < deadlines->len; i++) {
        const KcDeadline *one = deadlines->pdata[i];
        gboolean by_asking = (one->rule->ends & G_GUINT64_CONSTANT(1) << KC_DEADLINE_REVIEW_ASKED) != 0;
        if (by_asking && g_strcmp0(one->party_id, party_id) == 0)
            return one;
    }
    return NULL;
}

static gboolean
refuse_late(Ask *self, const KcDeadline *limit)
{
    g_autofree char *due_on = kc_day_to_text(limit->due.day);
    const char *basis = limit->rule->legal_basis;
    g_autofree char *detail =
        g_strdup_printf("申请复核的期限到 %s 为止，已经逾期，不予受理（%s） / a review could be asked for until %s; a late "
                        "request is not accepted (%s)",
                        due_on, basis, due_on, basis);
    self->late_on = g_steal_pointer(&due_on);
    return kc_refuse(self->result, KC_RESULT_CONFLICT, "review-late", detail);
}

static gboolean
check_limit(Ask *self, KcTx *tx, const KcCaseRow *row, const KcDocumentRow *document, GError **error)
{
    g_autoptr(GPtrArray) deadlines = kc_app_deadlines(self->app, tx, row, document->id, error);
    if (deadlines == NULL)
        return FALSE;
    const KcDeadline *limit = limit_of(deadlines, self->who->party_id);
    if (limit == NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-served",
                         "认定书还没有送达您 / the determination has not been served on you yet");
    return limit->state != KC_DEADLINE_PAST || refuse_late(self, limit);
}

static KcReviewRow *
make_review(Ask *self, const KcDocumentRow *document)
{
    const KcAskReview *request = self->request;
    KcReviewRow *review = g_new0(KcReviewRow, 1);
    review->id = g_strdup(kc_app_new_id(self->app).text);
    review->case_id = g_strdup(document->case_id);
    review->party_id = g_strdup(self->who->party_id);
    review->document_id = g_strdup(document->id);
    review->request_json = kc_json_text(json_pack("{s:s, s:s, s:s}", "request", request->request, "reasons",
                                                  request->reasons, "evidence", request->evidence));
    review->asked_us = self->now_us;
    return review;
}

static gboolean
keep(Ask *self, KcTx *tx, KcCaseRow *row, const KcDocumentRow *document, GError **error)
{
    g_autoptr(KcReviewRow) review = make_review(self, document);
    json_t *entry = json_pack("{s:s, s:s, s:s}", "review_id", review->id, "party_id", review->party_id, "document_id",
                              review->document_id);
    json_t *body = json_pack("{s:s}", "review_id", review->id);
    if (!kc_review_store_insert(tx, review, error)) {
        json_decref(entry);
        json_decref(body);
        return FALSE;
    }
    return kc_app_idempotency_keep(tx, self->who, self->request->idempotency, self->now_us, body, error) &&
           kc_app_tell_review(self->app, tx, self->who, row, review, "review.asked", self->now_us, entry, error) &&
           kc_app_load_review_view(tx, self->who, row, g_steal_pointer(&review), &self->view, error);
}

static gboolean
ask(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) there = NULL;
    g_autoptr(json_t) earlier = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ASK_REVIEW, self->case_id, &row, self->result, error) ||
        !kc_app_idempotency_find(tx, self->who, self->request->idempotency, &earlier, self->result, error) ||
        !kc_review_store_get(tx, row->id, &there, error))
        return FALSE;
    if (earlier != NULL && there != NULL)
        return kc_app_load_review_view(tx, self->who, row, g_steal_pointer(&there), &self->view, error);
    if (there != NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "review-asked",
                         "同一事故的复核以一次为限，本事故已经申请过（道路交通事故处理程序规定第71条第2款） / there is one review "
                         "of an accident, and it has been asked for (道路交通事故处理程序规定第71条第2款)");
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, row->id, error);
    if (documents == NULL)
        return FALSE;
    const KcDocumentRow *document = kc_document_rows_standing(documents);
    if (document == NULL || strcmp(document->kind, "determination") != 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-served",
                         "还没有认定书 / there is no determination yet");
    return check_limit(self, tx, row, document, error) && keep(self, tx, row, document, error);
}

/* Art. 71(1): whoever is late is told so in writing, and the record says that they were. */
static gboolean
note_late(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    json_t *entry = json_pack("{s:s, s:s}", "party_id", self->who->party_id, "due_on", self->late_on);
    return kc_app_log(tx, self->who, self->case_id, "review.refused_late", self->now_us, entry, error);
}

gboolean
kc_app_ask_review(KcApp *app, const KcPrincipal *who, const char *case_id, const KcAskReview *request,
                  KcReviewView **ret_review, KcResult *result, GError **error)
{
    Ask self = {.app = app,
                .who = who,
                .case_id = case_id,
                .request = request,
                .now_us = kc_app_now(app),
                .result = result};
    if (!kc_app_check_role(who, KC_ACTION_ASK_REVIEW, result) || !check_request(request, result))
        return FALSE;
    gboolean done = kc_app_write(app, ask, &self, result, error);
    g_autofree char *late_on = self.late_on;
    if (late_on != NULL)
        return kc_store_write(app->store, note_late, &self, error) && FALSE;
    if (done)
        *ret_review = self.view;
    else
        kc_review_view_free(self.view);
    return done;
}

/* ---- taking it back ---- */

static gboolean
withdraw(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    if (!kc_app_load_review(tx, self->who, KC_ACTION_ASK_REVIEW, self->case_id, self->review_id, KC_REVIEW_WITHDRAW,
                            &row, &review, self->result, error))
        return FALSE;
    if (strcmp(review->party_id, self->who->party_id) != 0)
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "not-yours", "Only whoever asked may take it back.");
    review->withdrawn_us = self->now_us;
    json_t *entry = json_pack("{s:s}", "review_id", review->id);
    return kc_review_store_withdraw(tx, review, error) &&
           kc_app_tell_review(self->app, tx, self->who, row, review, "review.withdrawn", self->now_us, entry, error) &&
           kc_app_load_review_view(tx, self->who, row, g_steal_pointer(&review), &self->view, error);
}

gboolean
kc_app_withdraw_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                       KcReviewView **ret_review, KcResult *result, GError **error)
{
    Ask self = {.app = app,
                .who = who,
                .case_id = case_id,
                .review_id = review_id,
                .now_us = kc_app_now(app),
                .result = result};
    if (!kc_app_write(app, withdraw, &self, result, error)) {
        kc_review_view_free(self.view);
        return FALSE;
    }
    *ret_review = self.view;
    return TRUE;
}

/* ---- the list ---- */

typedef struct {
    const KcPrincipal *who;
    gboolean all;
    GPtrArray *views;
    KcResult *result;
} List;

/* A case of a county that is not theirs is left out. */
static gboolean
add(List *self, KcTx *tx, KcReviewRow *taken, GError **error)
{
    g_autoptr(KcReviewRow) review = taken;
    g_autoptr(KcCaseRow) row = NULL;
    g_auto(KcResult) unseen = {0};
    KcReviewView *view = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_REVIEWS, review->case_id, &row, &unseen, error))
        return unseen.kind != KC_RESULT_OK;
    if (!kc_app_load_review_view(tx, self->who, row, g_steal_pointer(&review), &view, error))
        return FALSE;
    g_ptr_array_add(self->views, view);
    return TRUE;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(GPtrArray) rows = kc_review_store_list(tx, self->all, LIST_MAX, error);
    g_ptr_array_set_size(self->views, 0);
    while (rows != NULL && rows->len > 0) {
        if (!add(self, tx, g_ptr_array_steal_index(rows, 0), error))
            return FALSE;
    }
    return rows != NULL;
}

gboolean
kc_app_list_reviews(KcApp *app, const KcPrincipal *who, gboolean all, GPtrArray **ret_reviews, KcResult *result,
                    GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_review_view_free);
    List self = {who, all, views, result};
    if (!kc_app_check_role(who, KC_ACTION_READ_REVIEWS, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_reviews = g_steal_pointer(&views);
    return TRUE;
}
