/* Cases assigned by lot: what is committed to, for everybody; what was drawn, for who watches over the desk. */
#include "src/app/draws.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 100

static json_t *
next_of(const KcDrawRow *row)
{
    if (row == NULL)
        return json_null();
    return json_pack("{s:I, s:s, s:o}", "number", (json_int_t)row->number, "commitment", row->commitment,
                     "committed_at", kc_json_time_or_null(row->committed_us));
}

KcHttpReply *
kc_get_next_draw(KcHttpRequest *request)
{
    KcAssignment assignment;
    g_autoptr(KcDrawRow) next = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(KcResult) result = {0};
    if (!kc_app_next_draw(request->app, &assignment, &next, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply =
        kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:s, s:o}", "assignment", kc_assignment_to_string(assignment),
                                                  "next", next_of(next)));
    kc_http_reply_header(reply, "Cache-Control", "no-cache");
    return reply;
}

static json_t *
person(const char *id, const char *name)
{
    return json_pack("{s:s, s:s}", "id", id, "name", name);
}

static json_t *
draw_of(gconstpointer item)
{
    const KcDrawView *view = item;
    const KcDrawRow *row = view->row;
    json_t *candidates = json_array();
    for (guint i = 0; row->candidates[i] != NULL; i++)
        json_array_append_new(candidates, person(row->candidates[i], view->candidate_names[i]));
    return json_pack("{s:I, s:s, s:o, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:b}", "number", (json_int_t)row->number,
                     "commitment", row->commitment, "committed_at", kc_json_time_or_null(row->committed_us), "seed",
                     row->seed, "drawn_at", kc_json_time_or_null(row->drawn_us), "case_id", row->case_id, "case_number",
                     view->case_number, "candidates", candidates, "chosen", person(row->chosen, view->chosen_name),
                     "outcome", kc_json_text_or_null(row->outcome), "right", view->check == KC_DRAW_RIGHT);
}

/* FALSE: it is there, and no whole number from 1 to `most`. */
static gboolean
number_of(KcHttpRequest *request, const char *name, guint64 most, guint64 *ret_number)
{
    const char *text = kc_http_request_query(request, name);
    return text == NULL || g_ascii_string_to_unsigned(text, 10, 1, most, ret_number, NULL);
}

KcHttpReply *
kc_get_draws(KcHttpRequest *request)
{
    guint64 before = 0, limit = DEFAULT_LIMIT;
    gint64 next = 0;
    g_autoptr(GPtrArray) views = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!number_of(request, "cursor", G_MAXINT64, &before) || !number_of(request, "limit", MAX_LIMIT, &limit))
        return kc_problem(MHD_HTTP_BAD_REQUEST, "query",
                          "cursor must be what an earlier page gave, and limit a number from 1 to 100.");
    if (!kc_app_list_draws(request->app, request->caller.principal, (gint64)before, (guint)limit, &views, &next,
                           &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(views, draw_of);
    g_autofree char *cursor = next > 0 ? g_strdup_printf("%" G_GINT64_FORMAT, next) : NULL;
    json_object_set_new(root, "next_cursor", kc_json_text_or_null(cursor));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}
