/* The rules over the wire: an admin looks, tries out and changes; a case and its document keep what they had. */
#include <string.h>

#include "tests/http/served.h"

static json_t *
file_text(Fixture *fixture, const char *token, const char *name)
{
    g_autofree char *path = g_strconcat("/api/v1/admin/rules/file?name=", name, NULL);
    return fixture_json(fixture, 200, (Call){.path = path, .token = token});
}

/* A body that replaces something in a file; `more`: further members. Owned. */
static char *
body_with(Fixture *fixture, const char *token, const char *name, const char *from, const char *to, const char *more)
{
    g_autoptr(json_t) file = file_text(fixture, token, name);
    g_autoptr(GString) text = g_string_new(text_at(file, "text"));
    ck_assert_uint_eq(g_string_replace(text, from, to, 1), 1);
    g_autoptr(json_t) body = json_pack("{s:[{s:s, s:s}]}", "files", "name", name, "text", text->str);
    if (more != NULL) {
        g_autoptr(json_t) others = json_loads(more, 0, NULL);
        json_object_update(body, others);
    }
    char *dumped = json_dumps(body, JSON_COMPACT), *owned = g_strdup(dumped);
    free(dumped);
    return owned;
}

static gint64
number_at(const json_t *root, const char *name)
{
    return json_integer_value(json_object_get(root, name));
}

START_TEST(an_admin_looks_tries_and_changes)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    TestCase old = fixture_open_case(fixture);
    g_autoptr(Reply) first = fixture_expect(fixture, 200, (Call){.path = "/api/v1/admin/rules", .token = admin});
    g_autofree char *etag = reply_header(first, "ETag");
    ck_assert_str_eq(etag, "\"v1\"");
    ck_assert_ptr_nonnull(strstr(reply_text(first), "calendars/2026.json"));
    ck_assert_ptr_nonnull(strstr(reply_text(first), "templates/agreement.json"));
    g_autofree char *tried = body_with(fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 30", NULL);
    g_autoptr(json_t) preview =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/admin/rules/preview", .token = admin, .text = tried});
    ck_assert_str_eq(text_at(preview, "changes.0.file"), "desk.json");
    ck_assert_str_eq(text_at(preview, "changes.0.kind"), "changed");
    ck_assert_str_eq(text_at(preview, "changes.0.before"), "60");
    ck_assert_str_eq(text_at(preview, "changes.0.after"), "30");
    ck_assert_int_eq(number_at(preview, "open_cases"), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(preview, "problems")), 0);
    g_autofree char *changed =
        body_with(fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 30", "{\"reason\":\"试行\"}");
    const Call change = {.path = "/api/v1/admin/rules", .token = admin, .text = changed, .headers = "If-Match: \"v1\"\r\n"};
    g_autoptr(json_t) made = fixture_json(fixture, 201, change);
    ck_assert_str_eq(text_at(made, "version.state"), "in_force");
    ck_assert_str_eq(text_at(made, "version.reason"), "试行");
    reply_free(fixture_expect(fixture, 412, change));
    g_autoptr(json_t) config = fixture_json(fixture, 200, (Call){.path = "/api/v1/config"});
    ck_assert_int_eq(number_at(config, "rules_number"), 2);
    ck_assert_int_eq(number_at(json_object_get(config, "targets"), "answer_s"), 30);
    g_autofree char *path = case_path(&old, "");
    g_autoptr(json_t) kept = fixture_json(fixture, 200, (Call){.path = path, .token = old.token});
    ck_assert_int_eq(number_at(kept, "rules_number"), 1);
    test_case_clear(&old);
}
END_TEST

START_TEST(a_wrong_text_is_refused_with_its_line)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    g_autofree char *tried = body_with(fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": \"soon\"", NULL);
    g_autoptr(json_t) preview =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/admin/rules/preview", .token = admin, .text = tried});
    const json_t *problem = json_array_get(json_object_get(preview, "problems"), 0);
    ck_assert_str_eq(text_at(problem, "file"), "desk.json");
    ck_assert_int_eq(number_at(problem, "line"), 6);
    ck_assert_str_eq(text_at(problem, "pointer"), "/targets_s/answer");
    g_autofree char *changed =
        body_with(fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": \"soon\"", "{\"reason\":\"x\"}");
    g_autoptr(json_t) refused =
        fixture_json(fixture, 422, (Call){.path = "/api/v1/admin/rules", .token = admin, .text = changed});
    ck_assert_str_eq(text_at(refused, "errors.0.pointer"), "/files/0/text");
    ck_assert_ptr_nonnull(strstr(text_at(refused, "errors.0.message"), "desk.json:6:27: "));
    g_autoptr(json_t) config = fixture_json(fixture, 200, (Call){.path = "/api/v1/config"});
    ck_assert_int_eq(number_at(config, "rules_number"), 1);
    ck_assert_int_eq(number_at(json_object_get(config, "targets"), "answer_s"), 60);
}
END_TEST

START_TEST(odd_bodies_and_queries_are_refused)
{
    static const struct {
        const char *body, *pointer;
    } bodies[] = {
        {"{}", "/files"},
        {"{\"files\":[],\"revert_to\":1}", NULL},
        {"{\"revert_to\":0}", "/revert_to"},
        {"{\"files\":[{\"name\":\"desk.json\"}]}", "/files/0/text"},
        {"{\"files\":[{\"name\":\"desk.json\",\"text\":\"{}\",\"remove\":true}]}", "/files/0/text"},
        {"{\"files\":[{\"name\":\"desk.json\",\"text\":\"{}\"}],\"revert_to\":1}", "/files"},
        {"{\"files\":[{\"name\":\"desk.json\",\"text\":\"{}\",\"mode\":1}]}", "/files/0/mode"},
        {"{\"files\":\"desk.json\"}", "/files"},
    };
    static const struct {
        const char *path;
        int status;
    } queries[] = {
        {"/api/v1/admin/rules?version=0", 400},        {"/api/v1/admin/rules?version=9", 404},
        {"/api/v1/admin/rules/versions?limit=0", 400}, {"/api/v1/admin/rules/versions?cursor=x", 400},
        {"/api/v1/admin/rules/file", 400},             {"/api/v1/admin/rules/file?name=..%2fdesk.json", 404},
        {"/api/v1/codes?rules=9", 404},                {"/api/v1/codes?rules=one", 400},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(json_t) refused =
            fixture_json(fixture, bodies[i].pointer != NULL ? 422 : 200,
                         (Call){.path = "/api/v1/admin/rules/preview", .token = admin, .text = bodies[i].body});
        if (bodies[i].pointer != NULL)
            ck_assert_str_eq(text_at(refused, "errors.0.pointer"), bodies[i].pointer);
    }
    for (guint i = 0; i < G_N_ELEMENTS(queries); i++)
        reply_free(fixture_expect(fixture, queries[i].status, (Call){.path = queries[i].path, .token = admin}));
}
END_TEST

START_TEST(history_is_paged_and_planned_versions_are_taken_back)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    g_autofree char *now =
        body_with(fixture, admin, "desk.json", "\"answer\": 60", "\"answer\": 30", "{\"reason\":\"a\"}");
    json_decref(fixture_json(fixture, 201, (Call){.path = "/api/v1/admin/rules", .token = admin, .text = now}));
    g_autofree char *later = body_with(fixture, admin, "desk.json", "\"answer\": 30", "\"answer\": 20",
                                       "{\"reason\":\"b\",\"valid_from\":\"2100-01-01\"}");
    g_autoptr(json_t) planned =
        fixture_json(fixture, 201, (Call){.path = "/api/v1/admin/rules", .token = admin, .text = later});
    ck_assert_str_eq(text_at(planned, "version.state"), "planned");
    g_autofree char *urgent =
        body_with(fixture, admin, "desk.json", "\"answer\": 20", "\"answer\": 10", "{\"reason\":\"c\"}");
    g_autoptr(json_t) conflict =
        fixture_json(fixture, 409, (Call){.path = "/api/v1/admin/rules", .token = admin, .text = urgent});
    ck_assert_str_eq(text_at(conflict, "code"), "rules-planned");
    reply_free(fixture_expect(fixture, 204, (Call){.path = "/api/v1/admin/rules/withdrawal", .token = admin,
                                                   .text = "{\"version\":3}"}));
    g_autoptr(json_t) back = fixture_json(
        fixture, 201, (Call){.path = "/api/v1/admin/rules", .token = admin, .text = "{\"revert_to\":1,\"reason\":\"d\"}"});
    ck_assert_int_eq(number_at(json_object_get(back, "version"), "equals"), 1);
    g_autoptr(json_t) page =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/admin/rules/versions?limit=3", .token = admin});
    ck_assert_str_eq(text_at(page, "items.0.state"), "in_force");
    ck_assert_str_eq(text_at(page, "items.1.state"), "withdrawn");
    ck_assert_str_eq(text_at(page, "items.2.state"), "past");
    ck_assert_str_eq(text_at(page, "next_cursor"), "2");
    g_autoptr(json_t) rest =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/admin/rules/versions?cursor=2", .token = admin});
    ck_assert_str_eq(text_at(rest, "items.0.origin"), "built_in");
    ck_assert(json_is_null(json_object_get(rest, "next_cursor")));
}
END_TEST

/* The signed copy is set anew each time; another layout is for other cases. */
START_TEST(a_document_keeps_its_layout)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *admin = fixture_sign_in(fixture, "admin");
    Served way = {.fixture = fixture};
    served_issue(&way);
    served_decide(&way, way.one.token, "signed");
    g_autofree char *rest = g_strconcat("/documents/", way.document, NULL), *path = case_path(&way.one, rest);
    const Call get = {.path = path, .token = way.officer, .headers = "Accept: application/pdf\r\n"};
    g_autoptr(Reply) before = fixture_expect(fixture, 200, get);
    g_autofree char *body = body_with(fixture, admin, "templates/determination.json", "\"top_mm\": 21", "\"top_mm\": 30",
                                      "{\"reason\":\"x\"}");
    json_decref(fixture_json(fixture, 201, (Call){.path = "/api/v1/admin/rules", .token = admin, .text = body}));
    g_autoptr(Reply) after = fixture_expect(fixture, 200, get);
    ck_assert_uint_eq(before->body->len, after->body->len);
    ck_assert_mem_eq(reply_text(before), reply_text(after), before->body->len);
    served_clear(&way);
}
END_TEST

static Suite *
rules_suite(void)
{
    Suite *suite = suite_create("http/rules");
    TCase *tc = tcase_create("rules");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_admin_looks_tries_and_changes);
    tcase_add_test(tc, a_wrong_text_is_refused_with_its_line);
    tcase_add_test(tc, odd_bodies_and_queries_are_refused);
    tcase_add_test(tc, history_is_paged_and_planned_versions_are_taken_back);
    tcase_add_test(tc, a_document_keeps_its_layout);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(rules_suite())
