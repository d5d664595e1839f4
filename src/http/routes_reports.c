/* Reports: figures as JSON or CSV, the cases behind each, and the year as prose, on a page or on paper. */
#include "src/app/report_codec.h"
#include "src/app/reports.h"
#include "src/http/forms.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#include <string.h>

#define PDF_TYPE "application/pdf"

static KcReportLanguage
language_of(KcHttpRequest *request)
{
    const char *language = kc_http_request_query(request, "language");
    return language != NULL && g_str_has_prefix(language, "en") ? KC_REPORT_EN : KC_REPORT_ZH;
}

/* ---- figures ---- */

static KcHttpReply *
csv_of(KcHttpRequest *request, const KcReportView *view)
{
    char *csv = kc_report_to_csv(view->report, view->names, language_of(request));
    return kc_http_file_reply(KC_CSV_TYPE, g_bytes_new_take(csv, strlen(csv)), "report.csv");
}

KcHttpReply *
kc_get_report_summary(KcHttpRequest *request)
{
    g_auto(KcReportView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = NULL;
    const KcReportRequest wanted = {kc_http_query_text(request, "from"), kc_http_query_text(request, "to"), kc_http_query_text(request, "by")};
    KcForm form = kc_http_form(request, "csv", "text/csv", &refusal);
    if (form == KC_FORM_NONE)
        return refusal;
    if (!kc_app_report(request->app, request->caller.principal, &wanted, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    if (form == KC_FORM_SECOND)
        return csv_of(request, &view);
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, kc_report_to_json(view.report, view.names));
    kc_http_reply_header(reply, "Vary", "Accept");
    return reply;
}

/* ---- which cases ---- */

static json_t *
seconds_or_null(gint64 us)
{
    return us < 0 ? json_null() : json_integer(us / G_USEC_PER_SEC);
}

static json_t *
named(KcReportBy by, const char *key, KcReportNames *names)
{
    const char *zh = kc_report_name(by, key, KC_REPORT_ZH, names), *en = kc_report_name(by, key, KC_REPORT_EN, names);
    json_t *title = zh != NULL && en != NULL ? json_pack("{s:s, s:s}", "zh", zh, "en", en) : json_null();
    return *key == '\0' ? (json_decref(title), json_null()) : json_pack("{s:s, s:o}", "key", key, "title", title);
}

static json_t *
case_of(const KcReportCase *one, KcReportNames *names)
{
    return json_pack(
        "{s:s, s:s, s:o, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", one->id, "number", one->number,
        "opened_at", kc_json_time_or_null(one->opened_us), "outcome", kc_report_outcome_to_string(one->outcome),
        "closed", one->closed, "review", kc_report_review_to_string(one->review), "county",
        named(KC_REPORT_BY_COUNTY, one->county, names), "channel", named(KC_REPORT_BY_CHANNEL, one->channel, names),
        "officer", named(KC_REPORT_BY_OFFICER, one->officer, names), "form", named(KC_REPORT_BY_FORM, one->form, names),
        "closing_code", named(KC_REPORT_BY_CLOSING_CODE, one->closing_code, names), "answer_s",
        seconds_or_null(one->answer_us), "clear_s", seconds_or_null(one->clear_us), "close_s",
        seconds_or_null(one->close_us));
}

static gboolean
limit_of(KcHttpRequest *request, guint *ret_limit, KcResult *result)
{
    const char *text = kc_http_request_query(request, "limit");
    guint64 limit = 0;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, 200, &limit, NULL))
        return kc_refuse_field(result, "/limit", "1 到 200 / from 1 to 200");
    *ret_limit = (guint)limit;
    return TRUE;
}

KcHttpReply *
kc_get_report_cases(KcHttpRequest *request)
{
    g_auto(KcReportCasesView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcReportCasesRequest wanted = {.from = kc_http_query_text(request, "from"),
                                   .to = kc_http_query_text(request, "to"),
                                   .by = kc_http_query_text(request, "by"),
                                   .key = kc_http_query_text(request, "key"),
                                   .figure = kc_http_query_text(request, "figure"),
                                   .cursor = kc_http_query_text(request, "cursor")};
    if (!limit_of(request, &wanted.limit, &result) ||
        !kc_app_report_cases(request->app, request->caller.principal, &wanted, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *items = json_array();
    for (guint i = 0; i < view.cases->len; i++)
        json_array_append_new(items, case_of(view.cases->pdata[i], view.names));
    return kc_http_reply_json(
        MHD_HTTP_OK, json_pack("{s:o, s:o}", "items", items, "next_cursor", kc_json_text_or_null(view.cursor)));
}

/* ---- a year ---- */

static json_t *
part_of(const KcReportPart *part)
{
    json_t *root = json_pack("{s:s}", "text", part->text);
    if (!part->is_figure)
        return root;
    json_object_set_new(root, "figure", json_string(kc_figure_to_string(part->figure)));
    json_object_set_new(root, "before", json_boolean(part->before));
    if (part->key != NULL) {
        json_object_set_new(root, "by", json_string(kc_report_by_to_string(part->by)));
        json_object_set_new(root, "key", json_string(part->key));
    }
    return root;
}

static json_t *
prose_of(const KcReportYear *year, KcReportLanguage language)
{
    g_autoptr(GPtrArray) paragraphs = kc_report_prose(year, language);
    g_autofree char *title = kc_report_prose_title(year, language);
    json_t *list = json_array();
    for (guint i = 0; i < paragraphs->len; i++) {
        const KcReportParagraph *paragraph = paragraphs->pdata[i];
        json_t *parts = json_array();
        for (guint k = 0; k < paragraph->parts->len; k++)
            json_array_append_new(parts, part_of(paragraph->parts->pdata[k]));
        json_array_append_new(list, json_pack("{s:b, s:o}", "heading", paragraph->is_heading, "parts", parts));
    }
    return json_pack("{s:s, s:o}", "title", title, "paragraphs", list);
}

KcHttpReply *
kc_get_report_year(KcHttpRequest *request)
{
    g_auto(KcReportYearView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = NULL;
    KcForm form = kc_http_form(request, "pdf", PDF_TYPE, &refusal);
    if (form == KC_FORM_NONE)
        return refusal;
    if (!kc_app_report_year(request->app, request->caller.principal, kc_http_query_text(request, "year"), &view, &result,
                            &error))
        return kc_outcome_reply(request, &result, error);
    if (form == KC_FORM_SECOND) {
        GBytes *pdf = kc_app_report_year_pdf(request->app, &view, &result, &error);
        g_autofree char *name = g_strdup_printf("report-%d.pdf", view.year.year);
        return pdf != NULL ? kc_http_file_reply(PDF_TYPE, pdf, name)
                           : kc_outcome_reply(request, &result, error);
    }
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:i, s:o, s:o, s:o, s:o}", "year", view.year.year,
                                                                   "zh", prose_of(&view.year, KC_REPORT_ZH), "en",
                                                                   prose_of(&view.year, KC_REPORT_EN), "now",
                                                                   kc_report_to_json(view.now, view.names), "before",
                                                                   kc_report_to_json(view.before, view.names)));
    kc_http_reply_header(reply, "Vary", "Accept");
    return reply;
}
