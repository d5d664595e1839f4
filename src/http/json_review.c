#include "src/http/json_review.h"

#include "src/http/json_case.h"

/* An object that was stored as such; null where there is none, or none for this caller. */
static json_t *
stored(const char *text)
{
    json_t *object = text != NULL ? json_loads(text, 0, NULL) : NULL;
    return object != NULL ? object : json_null();
}

static json_t *
conclusion_of(const KcReviewRow *review)
{
    if (review->conclusion_json == NULL)
        return json_null();
    json_t *root = stored(review->conclusion_json);
    json_object_set_new(root, "outcome", json_string(review->outcome));
    json_object_set_new(root, "concluded_at", kc_json_time_or_null(review->concluded_us));
    json_object_set_new(root, "document_id", kc_json_text_or_null(review->conclusion_document_id));
    json_object_set_new(root, "correction_document_id", kc_json_text_or_null(review->correction_document_id));
    return root;
}

json_t *
kc_json_review(const KcReviewView *view)
{
    const KcReviewRow *review = view->review;
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:s}", "id", review->id, "case_id", review->case_id,
                             "case_number", view->case_number, "party_id", review->party_id, "party_label",
                             kc_json_text_or_null(view->party_label), "document_id", review->document_id,
                             "document_number", kc_json_text_or_null(view->document_number), "state",
                             kc_review_state_to_string(view->state));
    const struct {
        const char *name;
        gint64 unix_us;
    } times[] = {
        {"asked_at", review->asked_us},
        {"forwarded_at", review->forwarded_us},
        {"withdrawn_at", review->withdrawn_us},
        {"served_at", review->served_us},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++)
        json_object_set_new(root, times[i].name, kc_json_time_or_null(times[i].unix_us));
    json_object_set_new(root, "request", stored(view->restricted ? NULL : review->request_json));
    json_object_set_new(root, "packet_sha256", kc_json_text_or_null(view->packet_sha256));
    json_object_set_new(root, "conclusion", conclusion_of(review));
    json_object_set_new(root, "suit", stored(review->suit_json));
    return root;
}
