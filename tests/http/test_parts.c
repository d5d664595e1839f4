/* The parts of the HTTP layer that need no socket: ranges, rates, routes, binding of bodies. */
#include <string.h>

#include "src/base/json.h"
#include "src/http/accept.h"
#include "src/http/bind.h"
#include "src/http/range.h"
#include "src/http/rate.h"
#include "src/http/router.h"
#include "tests/support/kc_test.h"

static const struct {
    const char *range;
    const char *if_range;
    guint64 size;
    KcRangeKind kind;
    guint64 first;
    guint64 length;
} ranges[] = {
    {NULL, NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=0-0", NULL, 100, KC_RANGE_PART, 0, 1},
    {"bytes=0-", NULL, 100, KC_RANGE_PART, 0, 100},
    {"bytes=99-", NULL, 100, KC_RANGE_PART, 99, 1},
    {"bytes=10-19", NULL, 100, KC_RANGE_PART, 10, 10},
    {"bytes=90-1000", NULL, 100, KC_RANGE_PART, 90, 10},
    {"bytes=-1", NULL, 100, KC_RANGE_PART, 99, 1},
    {"bytes=-1000", NULL, 100, KC_RANGE_PART, 0, 100},
    {"Bytes=5-5", NULL, 100, KC_RANGE_PART, 5, 1},
    {"bytes=100-", NULL, 100, KC_RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=-0", NULL, 100, KC_RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=0-", NULL, 0, KC_RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=999999999999999999-", NULL, 100, KC_RANGE_UNSATISFIABLE, 0, 0},
    /* What is not understood is not there (RFC 9110, 14.2). */
    {"bytes=20-10", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=0-1,5-6", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=99999999999999999999999-", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=-", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=a-b", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"lines=1-2", NULL, 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=1-2", "\"etag\"", 100, KC_RANGE_PART, 1, 2},
    {"bytes=1-2", "\"other\"", 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=1-2", "W/\"etag\"", 100, KC_RANGE_WHOLE, 0, 100},
    {"bytes=1-2", "Sat, 29 Oct 2022 19:43:31 GMT", 100, KC_RANGE_WHOLE, 0, 100},
};

START_TEST(range_is_as_the_rfc_says)
{
    KcRange range = kc_range_parse(ranges[_i].range, ranges[_i].if_range, "\"etag\"", ranges[_i].size);
    ck_assert_int_eq(range.kind, ranges[_i].kind);
    if (range.kind == KC_RANGE_UNSATISFIABLE)
        return;
    ck_assert_uint_eq(range.first, ranges[_i].first);
    ck_assert_uint_eq(range.length, ranges[_i].length);
}
END_TEST

static const struct {
    const char *header;
    int chosen; /* of PDF and text */
} accepts[] = {
    {NULL, 0},
    {"", 0},
    {"*/*", 0},
    {"application/pdf", 0},
    {"text/plain", 1},
    {"TEXT/Plain; charset=utf-8", 1},
    {"text/*", 1},
    {"application/*", 0},
    {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", 0},
    {"application/pdf;q=0.5, text/plain", 1},
    {"text/plain;q=0.5, application/pdf;q=0.50", 0},
    {"application/pdf;q=0, */*", 1},
    {"*/*, application/pdf;q=0", 1},
    {"text/plain;q=0, application/pdf;q=0", -1},
    {"image/png", -1},
    {"application/json", -1},
    {"text", -1},
    {",;,;q=1,", -1},
    {"application/pdf;q=nonsense, text/plain;q=0.1", 1},
};

START_TEST(accept_chooses_what_is_wanted_most)
{
    static const char *const offered[] = {"application/pdf", "text/plain", NULL};
    ck_assert_msg(kc_accept_choose(accepts[_i].header, offered) == accepts[_i].chosen, "%s", accepts[_i].header);
}
END_TEST

START_TEST(rate_is_refilled_evenly)
{
    KcRateLimit *limit = kc_rate_limit_new(3, 3 * G_USEC_PER_SEC);
    for (guint i = 0; i < 3; i++)
        ck_assert_uint_eq(kc_rate_limit_take(limit, "192.0.2.1", 1000), 0);
    ck_assert_uint_ge(kc_rate_limit_peek(limit, "192.0.2.1", 1000), 1);
    ck_assert_uint_ge(kc_rate_limit_take(limit, "192.0.2.1", 1000), 1);
    ck_assert_uint_eq(kc_rate_limit_take(limit, "192.0.2.2", 1000), 0);
    ck_assert_uint_eq(kc_rate_limit_take(limit, "192.0.2.1", 1000 + G_USEC_PER_SEC), 0);
    ck_assert_uint_ge(kc_rate_limit_take(limit, "192.0.2.1", 1000 + G_USEC_PER_SEC), 1);
    kc_rate_limit_free(limit);
}
END_TEST

START_TEST(rate_counts_a_subscriber_of_ipv6_as_one)
{
    KcRateLimit *limit = kc_rate_limit_new(1, 60 * G_USEC_PER_SEC);
    ck_assert_uint_eq(kc_rate_limit_take(limit, "2001:db8:1:2::1", 0), 0);
    ck_assert_uint_ge(kc_rate_limit_take(limit, "2001:db8:1:2:ffff::9", 0), 1);
    ck_assert_uint_eq(kc_rate_limit_take(limit, "2001:db8:1:3::1", 0), 0);
    kc_rate_limit_free(limit);
}
END_TEST

START_TEST(rate_stays_bounded)
{
    KcRateLimit *limit = kc_rate_limit_new(1, 60 * G_USEC_PER_SEC);
    for (guint i = 0; i < KC_RATE_ADDRESSES + 10; i++) {
        g_autofree char *address = g_strdup_printf("a%u", i);
        ck_assert_uint_eq(kc_rate_limit_take(limit, address, i), 0);
    }
    kc_rate_limit_free(limit);
}
END_TEST

#define SOME_ID "01936d7e-0000-7000-8000-000000000001"
#define OTHER_ID "01936d7e-0000-7000-8000-000000000002"

static const KcRoute some_routes[] = {
    {.method = "GET", .pattern = "/api/v1/cases"},
    {.method = "POST", .pattern = "/api/v1/cases"},
    {.method = "GET", .pattern = "/api/v1/cases/{case_id}"},
    {.method = "PATCH", .pattern = "/api/v1/cases/{case_id}/parties/{party_id}"},
    {.method = "GET", .pattern = "/{*}"},
};

static const struct {
    const char *method;
    const char *path;
    int route; /* -1: none */
    const char *allow;
} matches[] = {
    {"GET", "/api/v1/cases", 0, ""},
    {"HEAD", "/api/v1/cases", 0, ""},
    {"POST", "/api/v1/cases", 1, ""},
    {"DELETE", "/api/v1/cases", -1, "GET, POST"},
    {"GET", "/api/v1/cases/", -1, ""},
    {"GET", "/api/v1/cases/" SOME_ID, 2, ""},
    {"GET", "/api/v1/cases/" SOME_ID "/", -1, ""},
    {"GET", "/api/v1/cases/not-an-id", -1, ""},
    {"GET", "/api/v1/cases/01936D7E-0000-7000-8000-000000000001", -1, ""},
    {"PATCH", "/api/v1/cases/" SOME_ID "/parties/" OTHER_ID, 3, ""},
    {"GET", "/api/v1/nothing", -1, ""},
    {"GET", "/", 4, ""},
    {"GET", "/p/token", 4, ""},
    {"PUT", "/desk", -1, "GET"},
    {"GET", "", -1, ""},
};

START_TEST(router_finds_the_route)
{
    KcRouteMatch match = kc_router_match(some_routes, G_N_ELEMENTS(some_routes), matches[_i].method, matches[_i].path);
    const KcRoute *wanted = matches[_i].route >= 0 ? &some_routes[matches[_i].route] : NULL;
    ck_assert_ptr_eq(match.route, wanted);
    ck_assert_str_eq(match.allow, matches[_i].allow);
    if (matches[_i].route == 3) {
        ck_assert_str_eq(match.params[0], SOME_ID);
        ck_assert_str_eq(match.params[1], OTHER_ID);
    }
}
END_TEST

typedef struct {
    int unused;
    const char *text;
    gint64 number;
    double real;
    gboolean yes;
    gboolean has_yes;
    int choice;
    const char *id;
    gint64 at_us;
    GPtrArray *words;
    GArray *parts;
} Body;

typedef struct {
    const char *name;
} PartOfBody;

static const char *const choices[] = {"red", "green", NULL};
static const KcBindField part_fields[] = {{"name", KC_BIND_TEXT, G_STRUCT_OFFSET(PartOfBody, name), KC_BIND_REQUIRED},
                                          {NULL}};
static const KcBindField fields[] = {
    {"text", KC_BIND_TEXT, G_STRUCT_OFFSET(Body, text), KC_BIND_REQUIRED, .max = 5},
    {"number", KC_BIND_INT, G_STRUCT_OFFSET(Body, number), KC_BIND_OPTIONAL, .min = -3, .max = 3},
    {"real", KC_BIND_REAL, G_STRUCT_OFFSET(Body, real), KC_BIND_NULLABLE, .min = -1, .max = 1},
    {"yes", KC_BIND_BOOL, G_STRUCT_OFFSET(Body, yes), KC_BIND_OPTIONAL, .present = G_STRUCT_OFFSET(Body, has_yes)},
    {"choice", KC_BIND_CHOICE, G_STRUCT_OFFSET(Body, choice), KC_BIND_OPTIONAL, .choices = choices},
    {"id", KC_BIND_ID, G_STRUCT_OFFSET(Body, id), KC_BIND_OPTIONAL},
    {"at", KC_BIND_TIME, G_STRUCT_OFFSET(Body, at_us), KC_BIND_OPTIONAL},
    {"words", KC_BIND_TEXTS, G_STRUCT_OFFSET(Body, words), KC_BIND_OPTIONAL, .max = 2},
    {"parts", KC_BIND_OBJECTS, G_STRUCT_OFFSET(Body, parts), KC_BIND_OPTIONAL, .max = 2, .fields = part_fields,
     .size = sizeof(PartOfBody)},
    {NULL},
};

static const struct {
    const char *json;
    const char *pointer; /* of the first error; NULL: none */
} bodies[] = {
    {"{\"text\":\"五个汉字好\"}", NULL},
    {"{\"text\":\"六个汉字不好\"}", "/text"},
    {"{\"text\":\"\"}", "/text"},
    {"{\"text\":5}", "/text"},
    {"{\"text\":null}", "/text"},
    {"{\"text\":\"a\\nb\"}", "/text"},
    {"{\"text\":\"a\\u0000b\"}", "/text"},
    {"{}", "/text"},
    {"{\"text\":\"a\",\"a/b~c\":1}", "/a~1b~0c"},
    {"{\"text\":\"a\",\"number\":3}", NULL},
    {"{\"text\":\"a\",\"number\":4}", "/number"},
    {"{\"text\":\"a\",\"number\":1.0}", "/number"},
    {"{\"text\":\"a\",\"number\":\"1\"}", "/number"},
    {"{\"text\":\"a\",\"number\":null}", "/number"},
    {"{\"text\":\"a\",\"real\":null}", NULL},
    {"{\"text\":\"a\",\"real\":1}", NULL},
    {"{\"text\":\"a\",\"real\":1.5}", "/real"},
    {"{\"text\":\"a\",\"yes\":true}", NULL},
    {"{\"text\":\"a\",\"yes\":1}", "/yes"},
    {"{\"text\":\"a\",\"choice\":\"green\"}", NULL},
    {"{\"text\":\"a\",\"choice\":\"blue\"}", "/choice"},
    {"{\"text\":\"a\",\"choice\":[]}", "/choice"},
    {"{\"text\":\"a\",\"id\":\"" SOME_ID "\"}", NULL},
    {"{\"text\":\"a\",\"id\":\"x\"}", "/id"},
    {"{\"text\":\"a\",\"at\":\"2026-11-23T08:30:00.000Z\"}", NULL},
    {"{\"text\":\"a\",\"at\":\"yesterday\"}", "/at"},
    {"{\"text\":\"a\",\"words\":[\"x\",\"y\"]}", NULL},
    {"{\"text\":\"a\",\"words\":[\"x\",\"y\",\"z\"]}", "/words"},
    {"{\"text\":\"a\",\"words\":[\"x\",7]}", "/words/1"},
    {"{\"text\":\"a\",\"parts\":[{\"name\":\"x\"}]}", NULL},
    {"{\"text\":\"a\",\"parts\":[{\"name\":\"x\"},{}]}", "/parts/1/name"},
    {"{\"text\":\"a\",\"parts\":{}}", "/parts"},
};

START_TEST(body_is_bound_or_its_fault_is_named)
{
    Body body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(json_t) root = json_loads(bodies[_i].json, JSON_ALLOW_NUL, NULL);
    ck_assert_ptr_nonnull(root);
    gboolean bound = kc_bind(root, fields, &body, &errors);
    ck_assert_int_eq(bound, bodies[_i].pointer == NULL);
    if (bodies[_i].pointer != NULL)
        ck_assert_str_eq(errors.items->pdata[0], bodies[_i].pointer);
    kc_bind_clear(fields, &body);
}
END_TEST

START_TEST(body_reaches_the_struct)
{
    Body body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(json_t) root =
        json_loads("{\"text\":\"a\",\"number\":-2,\"real\":0.5,\"yes\":false,\"choice\":\"green\",\"words\":[\"x\"],"
                   "\"parts\":[{\"name\":\"p\"}],\"at\":\"1970-01-01T00:00:01Z\"}",
                   0, NULL);
    ck_assert(kc_bind(root, fields, &body, &errors));
    ck_assert_str_eq(body.text, "a");
    ck_assert_int_eq(body.number, -2);
    ck_assert_double_eq(body.real, 0.5);
    ck_assert(body.has_yes && !body.yes);
    ck_assert_int_eq(body.choice, 1);
    ck_assert_int_eq(body.at_us, G_USEC_PER_SEC);
    ck_assert_str_eq(body.words->pdata[0], "x");
    ck_assert_str_eq(g_array_index(body.parts, PartOfBody, 0).name, "p");
    kc_bind_clear(fields, &body);
    ck_assert_ptr_null(body.words);
}
END_TEST

START_TEST(many_faults_are_cut_off)
{
    Body body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(json_t) root = json_object();
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *name = g_strdup_printf("unknown-%u", i);
        json_object_set_new(root, name, json_null());
    }
    ck_assert(!kc_bind(root, fields, &body, &errors));
    ck_assert_uint_eq(errors.items->len, 2 * KC_PROBLEM_FIELDS);
}
END_TEST

static Suite *
parts_suite(void)
{
    Suite *suite = suite_create("http/parts");
    TCase *all = tcase_create("parts");
    tcase_add_loop_test(all, range_is_as_the_rfc_says, 0, G_N_ELEMENTS(ranges));
    tcase_add_test(all, rate_is_refilled_evenly);
    tcase_add_loop_test(all, accept_chooses_what_is_wanted_most, 0, G_N_ELEMENTS(accepts));
    tcase_add_test(all, rate_counts_a_subscriber_of_ipv6_as_one);
    tcase_add_test(all, rate_stays_bounded);
    tcase_add_loop_test(all, router_finds_the_route, 0, G_N_ELEMENTS(matches));
    tcase_add_loop_test(all, body_is_bound_or_its_fault_is_named, 0, G_N_ELEMENTS(bodies));
    tcase_add_test(all, body_reaches_the_struct);
    tcase_add_test(all, many_faults_are_cut_off);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(parts_suite())
