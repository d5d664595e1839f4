/* The shot list over HTTP: as every page sees it, and as clearing the road is held to it. */
#include <string.h>

#include "tests/http/served.h"

/* The item of that code as this token sees the case. */
static char *
item(Served *served, const char *token, const char *code)
{
    g_autofree char *path = case_path(&served->one, "");
    g_autoptr(json_t) view = fixture_json(served->fixture, 200, (Call){.path = path, .token = token});
    const json_t *one;
    size_t index;
    json_array_foreach(json_object_get(json_object_get(view, "shot_list"), "items"), index, one)
        if (strcmp(text_at(one, "code"), code) == 0)
            return json_dumps(one, JSON_COMPACT);
    return NULL;
}

static void
assert_item(Served *served, const char *token, const char *code, const char *wanted)
{
    char *text = item(served, token, code);
    if (wanted == NULL)
        ck_assert_ptr_null(text);
    else
        ck_assert_str_eq(text, wanted);
    free(text);
}

static void
freeze(Served *served, const char *shot)
{
    g_autofree char *body =
        g_strdup_printf("{\"party_id\":\"%s\",\"shot\":\"%s\"}", served->one.party_id, shot);
    json_decref(served_by_officer(served, 201, "POST", "/snapshots", body));
}

START_TEST(the_list_follows_the_form_and_the_road_waits_for_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_call(&served);
    assert_item(&served, served.officer, "object_hit", "{\"code\":\"object_hit\",\"required\":false,\"taken\":false}");
    g_autofree char *draft = served_draft(&served);
    json_decref(served_by_officer(&served, 200, "PUT", "/determination", draft));
    assert_item(&served, served.officer, "object_hit", NULL); /* two vehicles met */
    assert_item(&served, served.one.token, "object_hit", NULL);
    assert_item(&served, served.one.token, "impact_point", "{\"code\":\"impact_point\",\"required\":true,\"taken\":false}");

    g_autoptr(json_t) refused = served_by_officer(&served, 409, "POST", "/evacuate", NULL);
    ck_assert_str_eq(text_at(refused, "type"), "urn:kuaichu:problem:shots-missing");
    ck_assert_str_eq(text_at(refused, "errors.0.pointer"), "/shots/front_overview");
    ck_assert_str_eq(text_at(refused, "errors.2.pointer"), "/shots/impact_point");
    freeze(&served, "front_overview");
    freeze(&served, "rear_overview");
    g_autoptr(json_t) still = served_by_officer(&served, 409, "POST", "/evacuate", "{\"reason\":null}");
    ck_assert_str_eq(text_at(still, "errors.0.pointer"), "/shots/impact_point");
    freeze(&served, "impact_point");
    assert_item(&served, served.token_b, "impact_point", "{\"code\":\"impact_point\",\"required\":true,\"taken\":true}");
    json_decref(served_by_officer(&served, 200, "POST", "/evacuate", "{}"));
    served_clear(&served);
}
END_TEST

START_TEST(a_reason_is_one_of_the_rules_and_in_the_timeline)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_call(&served);
    g_autofree char *draft = served_draft(&served);
    json_decref(served_by_officer(&served, 200, "PUT", "/determination", draft));
    json_decref(served_by_officer(&served, 422, "POST", "/evacuate", "{\"reason\":\"in_a_hurry\"}"));
    json_decref(served_by_officer(&served, 422, "POST", "/evacuate", "{\"reason\":7}"));
    json_decref(served_by_officer(&served, 422, "POST", "/evacuate", "{\"why\":\"road_danger\"}"));
    json_decref(served_by_officer(&served, 400, "POST", "/evacuate", "{\"reason\""));
    g_autoptr(json_t) codes = fixture_json(fixture, 200, (Call){.path = "/api/v1/codes", .token = served.officer});
    g_autofree char *body = g_strdup_printf("{\"reason\":\"%s\"}", text_at(codes, "shot_reasons.0.code"));
    json_decref(served_by_officer(&served, 200, "POST", "/evacuate", body));
    g_autoptr(json_t) timeline = served_by_officer(&served, 200, "GET", "/timeline", NULL);
    g_autofree char *text = json_dumps(timeline, JSON_COMPACT);
    ck_assert_ptr_nonnull(strstr(text, "\"reason\":\"road_danger\""));
    ck_assert_ptr_nonnull(strstr(text, "\"shots_missing\":[\"front_overview\",\"rear_overview\",\"impact_point\"]"));
    served_clear(&served);
}
END_TEST

static Suite *
shots_suite(void)
{
    Suite *suite = suite_create("http/shots");
    TCase *tests = tcase_create("shots");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_list_follows_the_form_and_the_road_waits_for_it);
    tcase_add_test(tests, a_reason_is_one_of_the_rules_and_in_the_timeline);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(shots_suite())
