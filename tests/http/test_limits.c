/* Every field that people write, at its limit and one past it: a number, a length in characters (of Chinese, so that bytes
 * are not mistaken for them), a list. What is past is refused by its name, and changes nothing. */
#include <string.h>

#include "src/base/limits.h"
#include "tests/http/served.h"

typedef enum { BY_ANYONE, BY_PARTY, BY_OFFICER } By;

typedef struct {
    By by;
    const char *method;
    const char *rest;    /* of the case's path; NULL: POST /api/v1/cases */
    const char *body;    /* a good one */
    const char *pointer; /* of the field */
    int chars;           /* that it may have; 0: a number, by `at` and `past` */
    double at, past;
} Row;

#define SHORT KC_LIMIT_SHORT_TEXT_CHARS
#define LONG KC_LIMIT_TEXT_CHARS
#define NAME 50
#define REVIEW "{\"request\":\"甲\",\"reasons\":\"乙\",\"evidence\":\"丙\"}"
#define REASONS "{\"reasons\":[{\"text\":\"照片\",\"evidence\":[]}]}"

static const Row in_call[] = {
    {BY_ANYONE, "POST", NULL, test_new_case, "/place/text", SHORT},
    {BY_ANYONE, "POST", NULL, test_new_case, "/place/latitude", 0, 90, 90.001},
    {BY_ANYONE, "POST", NULL, test_new_case, "/place/longitude", 0, -180, -180.001},
    {BY_ANYONE, "POST", NULL, test_new_case, "/place/accuracy_m", 0, 1e7, 1.1e7},
    {BY_ANYONE, "POST", NULL, test_new_case, "/place/accuracy_m", 0, 0, -1},
    {BY_ANYONE, "POST", NULL, test_new_case, "/party/name", NAME},
    {BY_OFFICER, "PATCH", "", "{\"place\":{\"text\":\"路口\"}}", "/place/text", SHORT},
    {BY_OFFICER, "POST", "/parties", "{\"name\":\"王五\"}", "/name", NAME},
    {BY_PARTY, "PATCH", "/parties/{party}", "{\"name\":\"王五\"}", "/name", NAME},
    {BY_OFFICER, "PUT", "/determination", "{\"place_text\":\"路口\"}", "/place_text", SHORT},
    {BY_OFFICER, "PUT", "/determination", "{\"facts\":\"甲\"}", "/facts", LONG},
    {BY_OFFICER, "PUT", "/determination", "{\"cause\":\"甲\"}", "/cause", LONG},
    {BY_OFFICER, "PUT", "/determination", "{\"injured\":0}", "/injured", 0, 0, -1},
    {BY_OFFICER, "PUT", "/determination", "{\"damage_cny\":0}", "/damage_cny", 0, 0, -1},
    {BY_OFFICER, "PUT", "/determination", REASONS, "/reasons/0/text", LONG},
    {BY_OFFICER, "POST", "/recusals", "{\"reason\":\"亲属\"}", "/reason", LONG},
    {BY_PARTY, "POST", "/messages", "{\"text\":\"您好\"}", "/text", KC_LIMIT_MESSAGE_CHARS},
    {BY_PARTY, "PUT", "/agreement", "{\"facts\":\"甲\"}", "/facts", LONG},
    {BY_PARTY, "PUT", "/agreement", "{\"place_text\":\"甲\"}", "/place_text", SHORT},
    {BY_PARTY, "POST", "/on-scene", "{\"reason\":\"害怕\"}", "/reason", LONG}, /* the last: it ends the video handling */
};

static const Row issued[] = {
    {BY_PARTY, "POST", "/documents/{document}/pauses", "{\"words\":\"催\"}", "/words", LONG},
    {BY_PARTY, "POST", "/documents/{document}/signatures",
     "{\"decision\":\"objected\",\"document_sha256\":\"{sha256}\",\"statement\":\"不同意\"}", "/statement", LONG},
    {BY_PARTY, "POST", "/review-requests", REVIEW, "/request", LONG},
    {BY_PARTY, "POST", "/review-requests", REVIEW, "/reasons", LONG},
    {BY_PARTY, "POST", "/review-requests", REVIEW, "/evidence", LONG},
    {BY_OFFICER, "POST", "/close", "{\"closing_code\":\"1\",\"mediation_method\":\"3\",\"mediation_result\":\"甲\"}", "/mediation_result", LONG},
};

/* ---- A body with one value in the place of another ---- */

static void
put(json_t *root, const char *pointer, json_t *value)
{
    g_auto(GStrv) names = g_strsplit(pointer + 1, "/", -1);
    json_t *at = root;
    guint last = g_strv_length(names) - 1;
    for (guint i = 0; i < last; i++)
        at = json_is_array(at) ? json_array_get(at, (size_t)g_ascii_strtoull(names[i], NULL, 10))
                               : json_object_get(at, names[i]);
    ck_assert_msg(json_is_object(at), "%s", pointer);
    json_object_set_new(at, names[last], value);
}

static json_t *
value_of(const Row *row, gboolean past)
{
    double number = past ? row->past : row->at;
    if (row->chars == 0)
        return number == (double)(gint64)number ? json_integer((gint64)number) : json_real(number);
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < row->chars + past; i++)
        g_string_append(text, "路");
    return json_string(text->str);
}

static char *
filled(const Served *way, const char *template)
{
    g_autoptr(GString) text = g_string_new(template);
    g_string_replace(text, "{party}", way->one.party_id, 0);
    g_string_replace(text, "{document}", way->document != NULL ? way->document : "", 0);
    g_string_replace(text, "{sha256}", way->sha256 != NULL ? way->sha256 : "", 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- Sending it ---- */

static gboolean
names(const Reply *reply, const char *pointer)
{
    g_autoptr(json_t) problem = json_loads(reply_text(reply), 0, NULL);
    size_t index;
    json_t *item;
    if (reply->status != 422)
        return FALSE;
    json_array_foreach(json_object_get(problem, "errors"), index, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "pointer")), pointer) == 0)
            return TRUE;
    }
    return FALSE;
}

static Reply *
send_row(Served *way, const Row *row, gboolean past)
{
    g_autofree char *good = filled(way, row->body);
    g_autoptr(json_t) body = json_loads(good, 0, NULL);
    g_autofree char *rest = row->rest != NULL ? filled(way, row->rest) : NULL;
    g_autofree char *path = rest != NULL ? case_path(&way->one, rest) : g_strdup("/api/v1/cases");
    const char *token = row->by == BY_OFFICER ? way->officer : row->by == BY_PARTY ? way->one.token : NULL;
    put(body, row->pointer, value_of(row, past));
    g_autofree char *text = json_dumps(body, 0);
    return fixture_call(way->fixture, (Call){.method = row->method, .path = path, .token = token, .text = text});
}

static gint64
version_of(Served *way)
{
    g_autofree char *path = case_path(&way->one, "");
    g_autoptr(json_t) view = fixture_json(way->fixture, 200, (Call){.path = path, .token = way->officer});
    return json_integer_value(json_object_get(view, "version"));
}

static void
try_rows(Served *way, const Row *rows, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        const char *rest = rows[i].rest != NULL ? rows[i].rest : "POST /cases";
        gint64 before = version_of(way);
        g_autoptr(Reply) past = send_row(way, &rows[i], TRUE);
        ck_assert_msg(names(past, rows[i].pointer), "%s past %s: %d %s", rest, rows[i].pointer, past->status,
                      reply_text(past));
        ck_assert_int_eq(version_of(way), before);
        g_autoptr(Reply) at = send_row(way, &rows[i], FALSE);
        ck_assert_msg(at->status < 500 && !names(at, rows[i].pointer), "%s at %s: %d %s", rest, rows[i].pointer,
                      at->status, reply_text(at));
    }
}

START_TEST(while_the_call_runs)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_call(&way);
    try_rows(&way, in_call, G_N_ELEMENTS(in_call));
    served_clear(&way);
}
END_TEST

START_TEST(once_a_document_is_issued)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    try_rows(&way, issued, G_N_ELEMENTS(issued));
    served_clear(&way);
}
END_TEST

static Suite *
limits_suite(void)
{
    Suite *suite = suite_create("http/limits");
    TCase *tc = tcase_create("limits");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, while_the_call_runs);
    tcase_add_test(tc, once_a_document_is_issued);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(limits_suite())
