/* Samples of closed cases: what was drawn, and what is committed to for the week that runs. */
#include "src/app/samples.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
period_of(const KcSampleRow *row)
{
    return json_pack("{s:I, s:o, s:o, s:I, s:s, s:o}", "number", (json_int_t)row->number, "from",
                     kc_json_time_or_null(row->from_us), "to", kc_json_time_or_null(row->to_us), "percent",
                     (json_int_t)row->percent, "commitment", row->commitment, "committed_at",
                     kc_json_time_or_null(row->committed_us));
}

static json_t *
case_of(const KcSampleCaseView *one)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:b}", "case_id", one->case_id, "case_number", one->case_number, "county",
                     kc_json_text_or_null(one->county), "reason", one->reason, "judged", one->judged);
}

static json_t *
sample_of(gconstpointer item)
{
    const KcSampleView *view = item;
    json_t *root = period_of(view->row), *cases = json_array();
    for (guint i = 0; i < view->cases->len; i++)
        json_array_append_new(cases, case_of(view->cases->pdata[i]));
    json_object_set_new(root, "seed", json_string(view->row->seed));
    json_object_set_new(root, "candidates", json_integer(view->row->candidates));
    json_object_set_new(root, "drawn_at", kc_json_time_or_null(view->row->drawn_us));
    json_object_set_new(root, "cases", cases);
    return root;
}

KcHttpReply *
kc_get_samples(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) views = NULL;
    g_autoptr(KcSampleRow) next = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_samples(request->app, request->caller.principal, &views, &next, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(views, sample_of);
    json_object_set_new(root, "next", next != NULL ? period_of(next) : json_null());
    return kc_http_reply_json(MHD_HTTP_OK, root);
}
