/* Reports over HTTP: figures as JSON and as CSV, the cases behind each, a year as prose and as PDF, and what is
 * refused. */
#include <string.h>

#include "src/app/accounts.h"
#include "src/domain/report.h"
#include "tests/http/served.h"

static gint64
number_at(const json_t *root, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, ".", 0);
    for (guint i = 0; names[i] != NULL; i++)
        root = json_object_get(root, names[i]);
    ck_assert_msg(json_is_integer(root), "%s is no number", path);
    return json_integer_value(root);
}

static const json_t *
group_of(const json_t *report, const char *by, const char *key)
{
    gsize i, k;
    json_t *breakdown, *group;
    json_array_foreach(json_object_get(report, "breakdowns"), i,
                       breakdown) if (strcmp(text_at(breakdown, "by"), by) == 0)
        json_array_foreach(json_object_get(breakdown, "groups"), k,
                           group) if (strcmp(text_at(group, "key"), key) == 0) return group;
    return NULL;
}

START_TEST(figures_are_of_the_cases_there_are)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor");
    g_auto(TestCase) other = fixture_open_case(fixture);
    g_autoptr(json_t) report = fixture_json(
        fixture, 200,
        (Call){.path = "/api/v1/reports/summary?by=county,form,officer,hour,outcome", .token = supervisor});
    ck_assert_int_eq(number_at(report, "total.figures.cases"), 2);
    ck_assert_int_eq(number_at(report, "total.figures.remote"), 1);
    ck_assert_int_eq(number_at(report, "total.figures.open"), 1);
    ck_assert_int_eq(number_at(report, "total.times.answer.count"), 1);
    ck_assert_int_eq(number_at(report, "total.times.answer.target_s"), 60);
    ck_assert(json_is_null(json_object_get(
        json_object_get(json_object_get(json_object_get(report, "total"), "times"), "close"), "median_s")));
    ck_assert_int_gt(number_at(report, "total.people.called"), 0);
    ck_assert_int_gt(number_at(report, "through_seq"), 5);
    const json_t *here = group_of(report, "county", "611002");
    ck_assert_ptr_nonnull(here);
    ck_assert_str_eq(text_at(here, "title.zh"), "商州区");
    ck_assert_int_eq(number_at(group_of(report, "outcome", "determined"), "figures.determined"), 1);

    g_autoptr(json_t) cases = fixture_json(
        fixture, 200, (Call){.path = "/api/v1/reports/cases?figure=remote&by=county&key=611002", .token = supervisor});
    ck_assert_uint_eq(json_array_size(json_object_get(cases, "items")), 1);
    const json_t *one = json_array_get(json_object_get(cases, "items"), 0);
    ck_assert_str_eq(text_at(one, "id"), served.one.id);
    ck_assert_str_eq(text_at(one, "outcome"), "determined");
    ck_assert_str_eq(text_at(one, "county.title.en"), "Shangzhou District");
    g_autoptr(json_t) first =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/reports/cases?limit=1", .token = supervisor});
    g_autofree char *next = g_strconcat("/api/v1/reports/cases?limit=1&cursor=", text_at(first, "next_cursor"), NULL);
    g_autoptr(json_t) second = fixture_json(fixture, 200, (Call){.path = next, .token = supervisor});
    ck_assert_str_ne(text_at(json_array_get(json_object_get(first, "items"), 0), "id"),
                     text_at(json_array_get(json_object_get(second, "items"), 0), "id"));
    ck_assert(json_is_null(json_object_get(second, "next_cursor")));
    served_clear(&served);
}
END_TEST

START_TEST(a_spreadsheet_gets_no_formula)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor"), *admin = fixture_sign_in(fixture, "admin");
    json_decref(fixture_json(fixture, 201,
                             (Call){.path = "/api/v1/admin/users",
                                    .token = admin,
                                    .text = "{\"username\":\"evil\",\"password\":\"a-long-password\",\"role\":"
                                            "\"officer\",\"name\":\"=cmd|' \\\"x\\\",1\"}"}));
    g_autoptr(json_t) session = fixture_json(
        fixture, 201,
        (Call){.path = "/api/v1/sessions", .text = "{\"username\":\"evil\",\"password\":\"a-long-password\"}"});
    g_auto(TestCase) one = fixture_case_in_call(fixture, text_at(session, "token"));
    g_autoptr(Reply) by_format =
        fixture_expect(fixture, 200, (Call){.path = "/api/v1/reports/summary?by=officer&format=csv", .token = auditor});
    g_autoptr(Reply) by_accept = fixture_expect(
        fixture, 200,
        (Call){.path = "/api/v1/reports/summary?by=officer", .token = auditor, .headers = "Accept: text/csv\r\n"});
    g_autofree char *type = reply_header(by_format, "Content-Type"),
                    *name = reply_header(by_format, "Content-Disposition");
    ck_assert_ptr_nonnull(strstr(type, "text/csv"));
    ck_assert_ptr_nonnull(strstr(name, "report.csv"));
    ck_assert_str_eq(reply_text(by_format), reply_text(by_accept));
    ck_assert(g_str_has_prefix(reply_text(by_format), "\xef\xbb\xbf"
                                                      "by,key,title,cases,remote,"));
    ck_assert_ptr_nonnull(strstr(reply_text(by_format), ",\"'=cmd|' \"\"x\"\",1\","));
    g_auto(GStrv) lines = g_strsplit(reply_text(by_format), "\r\n", 0);
    guint columns = 0;
    for (const char *at = lines[0]; *at != '\0'; at++)
        columns += *at == ',';
    ck_assert_uint_eq(columns, 2 + KC_FIGURE_COUNT + 9 + 6);
    ck_assert_str_eq(lines[g_strv_length(lines) - 1], "");
}
END_TEST

START_TEST(a_year_is_prose_and_pages)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor");
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *path = g_strdup_printf("/api/v1/reports/year?year=%d", g_date_time_get_year(now));
    g_autofree char *pages = g_strconcat(path, "&format=pdf", NULL);
    g_autoptr(json_t) year = fixture_json(fixture, 200, (Call){.path = path, .token = auditor});
    ck_assert_ptr_nonnull(strstr(text_at(year, "zh.title"), "工作报告"));
    ck_assert_int_eq(number_at(year, "now.total.figures.remote"), 1);
    ck_assert_int_eq(number_at(year, "before.total.figures.cases"), 0);
    g_autofree char *text = json_dumps(year, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"figure\": \"remote\""));
    g_autoptr(Reply) pdf = fixture_expect(fixture, 200, (Call){.path = pages, .token = auditor});
    ck_assert(g_str_has_prefix(reply_text(pdf), "%PDF-"));
    g_autoptr(Reply) accepted =
        fixture_expect(fixture, 200, (Call){.path = path, .token = auditor, .headers = "Accept: application/pdf\r\n"});
    ck_assert(g_str_has_prefix(reply_text(accepted), "%PDF-"));
    served_clear(&served);
}
END_TEST

START_TEST(what_is_not_understood_is_named)
{
    static const struct {
        const char *path, *pointer;
        int status;
    } rows[] = {
        {"summary?from=yesterday", "/from", 422},
        {"summary?from=2026-02-30", "/from", 422},
        {"summary?to=2026", "/to", 422},
        {"summary?from=2026-02-02&to=2026-02-01", "/to", 422},
        {"summary?from=1999-01-01&to=2026-02-01", "/to", 422},
        {"summary?by=colour", "/by", 422},
        {"summary?by=county,county", "/by", 422},
        {"summary?by=county,", "/by", 422},
        {"summary?from=%ff%fe", "/from", 422},
        {"summary?format=xml", "/format", 422},
        {"cases?figure=none", "/figure", 422},
        {"cases?by=county", "/key", 422},
        {"cases?key=x", "/key", 422},
        {"cases?by=county,hour&key=x", "/key", 422},
        {"cases?limit=0", "/limit", 422},
        {"cases?limit=201", "/limit", 422},
        {"cases?from=x", "/from", 422},
        {"year", "/year", 422},
        {"year?year=26", "/year", 422},
        {"year?year=2026&format=csv", "/format", 422},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/api/v1/reports/", rows[i].path, NULL);
        g_autoptr(json_t) problem = fixture_json(fixture, rows[i].status, (Call){.path = path, .token = auditor});
        const json_t *error = json_array_get(json_object_get(problem, "errors"), 0);
        ck_assert_str_eq(text_at(error, "pointer"), rows[i].pointer);
    }
    reply_free(fixture_expect(
        fixture, 406, (Call){.path = "/api/v1/reports/summary", .token = auditor, .headers = "Accept: image/png\r\n"}));
    g_autoptr(json_t) nothing =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/reports/cases?cursor=x&by=county&key=", .token = auditor});
    ck_assert_uint_eq(json_array_size(json_object_get(nothing, "items")), 0);
    g_autoptr(json_t) empty = fixture_json(
        fixture, 200, (Call){.path = "/api/v1/reports/summary?from=2020-01-01&to=2020-01-31&by=day", .token = auditor});
    ck_assert_int_eq(number_at(empty, "total.figures.cases"), 0);
}
END_TEST

static Suite *
reports_suite(void)
{
    Suite *suite = suite_create("http/reports");
    TCase *all = tcase_create("reports");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, figures_are_of_the_cases_there_are);
    tcase_add_test(all, a_spreadsheet_gets_no_formula);
    tcase_add_test(all, a_year_is_prose_and_pages);
    tcase_add_test(all, what_is_not_understood_is_named);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(reports_suite())
