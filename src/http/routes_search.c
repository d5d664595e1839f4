/* Search: what is typed in one field, and filters beside it. */
#include <string.h>

#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#define VALUES_MAX 32

static KcHttpReply *
odd_query(const char *name)
{
    g_autofree char *detail = g_strdup_printf("The query parameter %s is not understood.", name);
    return kc_problem(MHD_HTTP_BAD_REQUEST, "query", detail);
}

/* ---- Lists of values, separated by commas ---- */

typedef struct {
    const char *name;
    gsize offset; /* of a const char *const * in KcCaseQuery */
} ListFilter;

static const ListFilter list_filters[] = {
    {"state", G_STRUCT_OFFSET(KcCaseQuery, states)},          {"channel", G_STRUCT_OFFSET(KcCaseQuery, channels)},
    {"closing_code", G_STRUCT_OFFSET(KcCaseQuery, closings)}, {"accident_form", G_STRUCT_OFFSET(KcCaseQuery, forms)},
    {"outcome", G_STRUCT_OFFSET(KcCaseQuery, outcomes)},      {"review", G_STRUCT_OFFSET(KcCaseQuery, reviews)},
    {"decision", G_STRUCT_OFFSET(KcCaseQuery, decisions)},
};

static gboolean
are_states(const GStrv states)
{
    KcCaseState state;
    for (gsize i = 0; states[i] != NULL; i++) {
        if (!kc_case_state_from_string(states[i], &state))
            return FALSE;
    }
    return TRUE;
}

/* What is read stays in `lists`. */
static KcHttpReply *
read_lists(KcHttpRequest *request, KcCaseQuery *query, GPtrArray *lists)
{
    for (gsize i = 0; i < G_N_ELEMENTS(list_filters); i++) {
        const char *text = kc_http_request_query(request, list_filters[i].name);
        if (text == NULL || *text == '\0')
            continue;
        GStrv values = g_strsplit(text, ",", VALUES_MAX + 1);
        g_ptr_array_add(lists, values);
        if (g_strv_length(values) > VALUES_MAX || !g_utf8_validate(text, -1, NULL) || (i == 0 && !are_states(values)))
            return odd_query(list_filters[i].name);
        G_STRUCT_MEMBER(const char *const *, query, list_filters[i].offset) = (const char *const *)values;
    }
    return NULL;
}

/* ---- The rest ---- */

static KcHttpReply *
read_texts(KcHttpRequest *request, KcCaseQuery *query)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = {
        {"county", &query->county}, {"officer", &query->officer_id}, {"q", &query->q}, {"cursor", &query->cursor}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *text = kc_http_request_query(request, texts[i].name);
        if (text == NULL || *text == '\0')
            continue;
        if (!g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) > KC_LIMIT_SHORT_TEXT_CHARS)
            return odd_query(texts[i].name);
        *texts[i].text = text;
    }
    return NULL;
}

static KcHttpReply *
read_query(KcHttpRequest *request, KcCaseQuery *query, GPtrArray *lists)
{
    const char *from = kc_http_request_query(request, "from"), *to = kc_http_request_query(request, "to");
    const char *limit = kc_http_request_query(request, "limit");
    guint64 number = 0;
    query->mine = g_strcmp0(kc_http_request_query(request, "mine"), "true") == 0;
    if (limit != NULL && !g_ascii_string_to_unsigned(limit, 10, 1, 200, &number, NULL))
        return odd_query("limit");
    query->limit = (guint)number;
    if (from != NULL && *from != '\0' && !kc_timestamp_parse(from, &query->from_us))
        return odd_query("from");
    if (to != NULL && *to != '\0' && !kc_timestamp_parse(to, &query->to_us))
        return odd_query("to");
    KcHttpReply *refusal = read_lists(request, query, lists);
    return refusal != NULL ? refusal : read_texts(request, query);
}

/* ---- The reply ---- */

static json_t *
why_of(const KcWhyFound *why)
{
    return json_pack("{s:s, s:o, s:s, s:i, s:i, s:b, s:b}", "field", why->field, "label",
                     kc_json_text_or_null(why->label), "text", why->text, "start", (int)why->start, "length",
                     (int)why->length, "begins_within", why->begins_within, "ends_within", why->ends_within);
}

static json_t *
found_of(const KcCaseList *list)
{
    json_t *found = json_object();
    for (guint i = 0; i < list->cases->len; i++) {
        const KcCaseView *view = list->cases->pdata[i];
        const GPtrArray *whys = list->whys->pdata[i];
        json_t *items = json_array();
        for (guint j = 0; j < whys->len; j++)
            json_array_append_new(items, why_of(whys->pdata[j]));
        json_object_set_new(found, view->row->id, items);
    }
    return found;
}

static json_t *
asked_of(const KcSearchQuery *asked)
{
    json_t *words = json_array(), *days = json_null();
    for (guint i = 0; i < asked->pieces->len; i++)
        json_array_append_new(words, json_string(asked->pieces->pdata[i]));
    if (asked->day_text != NULL)
        days = json_pack("{s:s, s:o, s:o}", "text", asked->day_text, "from", kc_json_time_or_null(asked->from_us), "to",
                         kc_json_time_or_null(asked->to_us));
    return json_pack("{s:o, s:o}", "words", words, "days", days);
}

static json_t *
case_item(gconstpointer view)
{
    return kc_json_case(view);
}

static json_t *
list_of(const KcCaseList *list, gboolean first)
{
    json_t *root = kc_json_items(list->cases, case_item);
    json_object_set_new(root, "next_cursor", kc_json_text_or_null(list->cursor));
    json_object_set_new(root, "total",
                        first ? json_pack("{s:i, s:b}", "count", (int)list->count, "exact", list->count_is_exact)
                              : json_null());
    json_object_set_new(root, "searched_to", kc_json_time_or_null(list->searched_us));
    json_object_set_new(root, "complete", json_boolean(list->is_complete));
    json_object_set_new(root, "asked", asked_of(list->asked));
    json_object_set_new(root, "found", found_of(list));
    return root;
}

KcHttpReply *
kc_get_cases(KcHttpRequest *request)
{
    KcCaseQuery query = {0};
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(KcCaseList) list = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = read_query(request, &query, lists);
    if (refusal != NULL)
        return refusal;
    if (!kc_app_list_cases(request->app, request->caller.principal, &query, &list, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, list_of(&list, query.cursor == NULL));
}
