#include "src/app/laws.h"
#include "src/base/timestamp.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
law_of(gconstpointer data)
{
    const KcLawRow *law = data;
    g_autofree char *imported = kc_timestamp_format(law->imported_us);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s}", "id", law->id, "name", law->name, "title", law->title,
                     "dated", law->dated, "sha256", law->sha256, "articles", (json_int_t)law->articles, "imported_at",
                     imported);
}

KcHttpReply *
kc_get_laws(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) laws = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_laws(request->app, request->caller.principal, &laws, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(laws, law_of));
}

static json_t *
passages_of(const GPtrArray *passages)
{
    json_t *list = json_array();
    for (guint i = 0; i < passages->len; i++) {
        const KcLawPassage *passage = passages->pdata[i];
        json_array_append_new(list, json_pack("{s:I, s:I, s:s}", "paragraph", (json_int_t)passage->paragraph, "item",
                                              (json_int_t)passage->item, "text", passage->text));
    }
    return list;
}

static json_t *
place_of(gconstpointer data)
{
    const KcWordingView *view = data;
    g_autofree char *citation = kc_citation_to_string(view->citation);
    const char *status = view->law == NULL ? "not_imported" : view->passages->len == 0 ? "absent" : "found";
    return json_pack("{s:s, s:s, s:o, s:o}", "citation", citation, "status", status, "law",
                     view->law != NULL ? law_of(view->law) : json_null(), "passages", passages_of(view->passages));
}

KcHttpReply *
kc_get_wording(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) places = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_find_wording(request->app, request->caller.principal, kc_http_request_query(request, "citation"),
                             kc_http_request_query(request, "on"), &places, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(places, place_of));
}
