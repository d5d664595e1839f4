/* The unit's own part in a review: to the higher unit with the file, and from it to the parties. */
#include "src/app/object_reader.h"
#include "src/app/review_check.h"
#include "src/app/review_packet.h"
#include "src/app/sealed_bytes.h"

#include <string.h>

#define ZIP_CONTENT_TYPE "application/zip"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *review_id;
    const char *court, *accepted_on;
    gint64 now_us;
    KcReviewRow *review; /* as it is forwarded */
    KcObject *packet;
    KcReviewView *view;
    KcResult *result;
} Handle;

static gboolean
load(Handle *self, KcTx *tx, KcReviewStep step, KcCaseRow **ret_row, KcReviewRow **ret_review, GError **error)
{
    return kc_app_load_review(tx, self->who, KC_ACTION_HANDLE_REVIEW, self->case_id, self->review_id, step, ret_row,
                              ret_review, self->result, error);
}

/* Takes `review` and `entry`. */
static gboolean
tell(Handle *self, KcTx *tx, KcCaseRow *row, KcReviewRow *review, const char *kind, json_t *entry, GError **error)
{
    g_autoptr(KcReviewRow) taken = review;
    return kc_app_tell_review(self->app, tx, self->who, row, taken, kind, self->now_us, entry, error) &&
           kc_app_load_review_view(tx, self->who, row, g_steal_pointer(&taken), &self->view, error);
}

static gboolean
answer(Handle *self, gboolean done, KcReviewView **ret_review)
{
    if (done)
        *ret_review = self->view;
    else
        kc_review_view_free(self->view);
    return done;
}

/* ---- forward ---- */

static gboolean
may_forward(KcTx *tx, gpointer data, GError **error)
{
    Handle *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_clear_pointer(&self->review, kc_review_row_free);
    return load(self, tx, KC_REVIEW_FORWARD, &row, &self->review, error);
}

static gboolean
seal_packet(Handle *self, GError **error)
{
    g_autoptr(GBytes) packet = kc_app_review_packet(self->app, self->who, self->review, self->result, error);
    if (packet == NULL)
        return FALSE;
    KcSealRequest request = {self->case_id,      "document",       NULL,
                             self->who->user_id, ZIP_CONTENT_TYPE, json_pack("{s:s}", "packet_of", self->review_id)};
    return kc_app_seal_object(self->app, &request, packet, &self->packet, self->result, error);
}

static gboolean
forward(KcTx *tx, gpointer data, GError **error)
{
    Handle *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    if (!load(self, tx, KC_REVIEW_FORWARD, &row, &review, error) ||
        kc_object_store_update(tx, self->packet, error) != KC_UPDATE_DONE)
        return FALSE;
    review->forwarded_us = self->now_us;
    review->forwarded_by = g_strdup(self->who->user_id);
    review->packet_object_id = g_strdup(self->packet->id);
    json_t *entry = json_pack("{s:s, s:s, s:s}", "review_id", review->id, "packet_object_id", self->packet->id,
                              "packet_sha256", self->packet->sha256);
    return kc_review_store_forward(tx, review, error) &&
           tell(self, tx, row, g_steal_pointer(&review), "review.forwarded", entry, error);
}

static gboolean
run_forward(Handle *self, GError **error)
{
    if (!kc_app_read(self->app, may_forward, self, self->result, error) || !seal_packet(self, error))
        return FALSE;
    if (kc_app_write(self->app, forward, self, self->result, error))
        return TRUE;
    kc_app_drop_object(self->app, self->packet);
    return FALSE;
}

gboolean
kc_app_forward_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                      KcReviewView **ret_review, KcResult *result, GError **error)
{
    Handle self = {.app = app,
                   .who = who,
                   .case_id = case_id,
                   .review_id = review_id,
                   .now_us = kc_app_now(app),
                   .result = result};
    gboolean done = run_forward(&self, error);
    kc_review_row_free(self.review);
    kc_object_free(self.packet);
    return answer(&self, done, ret_review);
}

/* ---- the packet again ---- */

typedef struct {
    const KcPrincipal *who;
    const char *case_id, *review_id;
    GArray *sealed;
    KcResult *result;
} OpenPacket;

static gboolean
find_packet(KcTx *tx, gpointer data, GError **error)
{
    OpenPacket *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    g_array_set_size(self->sealed, 0);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_HANDLE_REVIEW, self->case_id, &row, self->result, error) ||
        !kc_review_store_get(tx, row->id, &review, error))
        return FALSE;
    if (review == NULL || strcmp(review->id, self->review_id) != 0 || review->packet_object_id == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "packet-unknown", "There is no such packet of this case.");
    return kc_sealed_find(tx, self->case_id, review->packet_object_id, self->sealed, error);
}

gboolean
kc_app_open_review_packet(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                          KcObjectReader **ret_reader, KcResult *result, GError **error)
{
    g_autoptr(GArray) sealed = kc_sealed_new();
    OpenPacket self = {who, case_id, review_id, sealed, result};
    if (!kc_app_read(app, find_packet, &self, result, error))
        return FALSE;
    const KcSealed *packet = &g_array_index(sealed, KcSealed, 0);
    if (!kc_app_log_access(app, who, case_id, "packet.viewed", packet->object->id, result, error))
        return FALSE;
    *ret_reader = kc_object_reader_open(app, packet->object, packet->key, FALSE, NULL, error);
    return *ret_reader != NULL;
}

/* ---- serve, and a suit ---- */

static gboolean
serve(KcTx *tx, gpointer data, GError **error)
{
    Handle *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    if (!load(self, tx, KC_REVIEW_SERVE, &row, &review, error))
        return FALSE;
    review->served_us = self->now_us;
    review->served_by = g_strdup(self->who->user_id);
    json_t *entry = json_pack("{s:s}", "review_id", review->id);
    return kc_review_store_serve(tx, review, error) &&
           tell(self, tx, row, g_steal_pointer(&review), "review.served", entry, error);
}

gboolean
kc_app_serve_review(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id,
                    KcReviewView **ret_review, KcResult *result, GError **error)
{
    Handle self = {.app = app,
                   .who = who,
                   .case_id = case_id,
                   .review_id = review_id,
                   .now_us = kc_app_now(app),
                   .result = result};
    return answer(&self, kc_app_write(app, serve, &self, result, error), ret_review);
}

static gboolean
note_suit(KcTx *tx, gpointer data, GError **error)
{
    Handle *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcReviewRow) review = NULL;
    if (!load(self, tx, KC_REVIEW_NOTE_SUIT, &row, &review, error))
        return FALSE;
    if (review->suit_us > 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "suit-noted", "已经记录过 / a suit is on record already");
    review->suit_us = self->now_us;
    review->suit_json = kc_json_text(json_pack("{s:s, s:s, s:s}", "court", self->court, "accepted_on",
                                               self->accepted_on, "told_by", self->who->name));
    json_t *entry = json_pack("{s:s}", "review_id", review->id);
    return kc_review_store_note_suit(tx, review, error) &&
           tell(self, tx, row, g_steal_pointer(&review), "review.suit", entry, error);
}

gboolean
kc_app_note_suit(KcApp *app, const KcPrincipal *who, const char *case_id, const char *review_id, const char *court,
                 const char *accepted_on, KcReviewView **ret_review, KcResult *result, GError **error)
{
    KcDay day;
    g_autofree char *name = g_strstrip(g_strdup(court != NULL ? court : ""));
    Handle self = {.app = app,
                   .who = who,
                   .case_id = case_id,
                   .review_id = review_id,
                   .court = name,
                   .accepted_on = accepted_on,
                   .now_us = kc_app_now(app),
                   .result = result};
    if (*name == '\0')
        kc_refuse_field(result, "/court", "请填写法院 / which court is missing");
    if (accepted_on == NULL || !kc_day_from_text(accepted_on, &day) || day > kc_day_of_time(self.now_us))
        kc_refuse_field(result, "/accepted_on", "请填写受理日期 / a day up to today is needed");
    return answer(&self, result->kind == KC_RESULT_OK && kc_app_write(app, note_suit, &self, result, error),
                  ret_review);
}
