/* Service of a document on each party: by its own word and consent, on paper, or refused; limits run from the record of it
 * (Order 146, arts. 24, 71; procedure, art. 36). */
#include <string.h>

#include "src/evidence/digest.h"
#include "tests/http/served.h"

static json_t *
serve(Served *way, int status, const char *token, const char *body)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s/services", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    return fixture_json(way->fixture, status, (Call){.path = path, .token = token, .text = body});
}

static void
refused_with(Served *way, int status, const char *token, const char *body, const char *code)
{
    g_autoptr(json_t) problem = serve(way, status, token, body);
    ck_assert_str_eq(text_at(problem, "code"), code);
}

/* The first document's service on that party as this token sees it; NULL: not shown. Owned. */
static json_t *
seen(Served *way, const char *token, const char *party_id)
{
    g_autofree char *path = case_path(&way->one, "");
    g_autoptr(json_t) view = fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
    json_t *services = json_object_get(json_array_get(json_object_get(view, "documents"), 0), "services");
    size_t index;
    json_t *one;
    json_array_foreach(services, index, one) if (strcmp(text_at(one, "party_id"), party_id) == 0) return json_incref(one);
    return NULL;
}

static char *
state_of(Served *way, const char *party_id)
{
    g_autoptr(json_t) one = seen(way, way->officer, party_id);
    ck_assert_ptr_nonnull(one);
    return g_strdup(text_at(one, "state"));
}

static void
read_document(Served *way, const char *token)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    reply_free(fixture_expect(way->fixture, 200, (Call){.path = path, .token = token, .headers = "Accept: text/plain\r\n"}));
}

static char *
refusal_of_b(const Served *way, const char *what)
{
    return g_strdup_printf("{\"decision\":\"refused\",\"document_sha256\":\"%s\",\"party_id\":\"%s\",\"statement\":"
                           "\"不签\",\"refusal\":\"%s\"}",
                           way->sha256, way->party_b, what);
}

static void
note_refusal_of_b(Served *way, const char *what)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", way->document);
    g_autofree char *body = refusal_of_b(way, what);
    json_decref(served_by_officer(way, 201, "POST", rest, body));
}

START_TEST(a_decision_by_consent_is_service)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture, .b_wants_paper = TRUE};
    served_issue(&way);
    g_autofree char *before = state_of(&way, way.one.party_id), *paper = state_of(&way, way.party_b);
    ck_assert_str_eq(before, "to_confirm");
    ck_assert_str_eq(paper, "on_paper");
    served_decide(&way, way.one.token, "signed");
    served_decide(&way, way.token_b, "signed");
    g_autoptr(json_t) own = seen(&way, way.one.token, way.one.party_id);
    ck_assert_str_eq(text_at(own, "state"), "served");
    ck_assert_str_eq(text_at(own, "way"), "electronic");
    ck_assert_str_eq(text_at(own, "sha256"), way.sha256);
    ck_assert(json_is_null(json_object_get(own, "recorded_by")));
    ck_assert_ptr_null(seen(&way, way.one.token, way.party_b));
    /* Signed, but the paper is still to come: nothing runs. */
    g_autofree char *still = state_of(&way, way.party_b), *limits = served_limits(&way, way.token_b);
    ck_assert_str_eq(still, "on_paper");
    ck_assert_str_eq(limits, "");
    served_clear(&way);
}
END_TEST

/* Over the National Day of 2026: off from 1 to 7 October. */
START_TEST(on_paper_limits_run_from_the_day_it_was_received)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture, .b_wants_paper = TRUE};
    served_set_day(fixture, "2026-09-30", 9);
    served_issue(&way);
    served_decide(&way, way.one.token, "signed");
    note_refusal_of_b(&way, "signature");
    served_set_day(fixture, "2026-09-30", 18);
    g_autofree char *body = g_strdup_printf(
        "{\"party_id\":\"%s\",\"way\":\"paper\",\"delivery\":\"posted\",\"served_at\":\"2026-09-30T08:00:00Z\","
        "\"note\":\"回执已收到\"}",
        way.party_b);
    g_autoptr(json_t) done = serve(&way, 201, way.officer, body);
    g_autoptr(json_t) one = seen(&way, way.token_b, way.party_b);
    ck_assert_str_eq(text_at(one, "way"), "paper");
    ck_assert_str_eq(text_at(one, "delivery"), "posted");
    ck_assert_str_eq(text_at(one, "served_at"), "2026-09-30T08:00:00.000Z");
    ck_assert_str_eq(text_at(one, "note"), "回执已收到");
    g_autofree char *limits = served_limits(&way, way.token_b);
    ck_assert_str_eq(limits, "MEDIATION_REQUEST:B REVIEW_REQUEST:B SUIT:B");
    size_t index;
    json_t *limit;
    gboolean found = FALSE;
    json_array_foreach(json_object_get(json_object_get(done, "case"), "deadlines"), index, limit)
    {
        if (strcmp(text_at(limit, "code"), "REVIEW_REQUEST") != 0 ||
            strcmp(text_at(limit, "party_id"), way.party_b) != 0)
            continue;
        ck_assert_str_eq(text_at(limit, "due_on"), "2026-10-10");
        found = TRUE;
    }
    ck_assert(found);
    refused_with(&way, 409, way.officer, body, "served-already");
    served_clear(&way);
}
END_TEST

START_TEST(a_party_says_that_it_has_it_once_it_was_opened)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autofree char *body = g_strdup_printf("{\"document_sha256\":\"%s\"}", way.sha256);
    refused_with(&way, 409, way.token_b, body, "not-opened");
    read_document(&way, way.token_b);
    refused_with(&way, 409, way.token_b, "{\"document_sha256\":\"00\"}", "other-text");
    json_decref(serve(&way, 201, way.token_b, body));
    g_autoptr(json_t) one = seen(&way, way.officer, way.party_b);
    ck_assert_str_eq(text_at(one, "way"), "electronic");
    ck_assert_str_eq(text_at(one, "opened_sha256"), way.sha256);
    ck_assert_ptr_nonnull(text_at(one, "opened_at"));
    refused_with(&way, 409, way.token_b, body, "served-already");
    note_refusal_of_b(&way, "receipt"); /* too late: it has it */
    g_autoptr(json_t) same = seen(&way, way.officer, way.party_b);
    ck_assert_str_eq(text_at(same, "way"), "electronic");
    g_autofree char *path = case_path(&way.one, "/timeline");
    g_autoptr(Reply) timeline = fixture_expect(fixture, 200, (Call){.path = path, .token = way.officer});
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "document.opened"));
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "document.served"));
    served_clear(&way);
}
END_TEST

START_TEST(without_consent_it_is_paper)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture, .b_wants_paper = TRUE};
    served_issue(&way);
    read_document(&way, way.token_b);
    g_autofree char *body = g_strdup_printf("{\"document_sha256\":\"%s\"}", way.sha256);
    refused_with(&way, 409, way.token_b, body, "no-consent");
    note_refusal_of_b(&way, "signature"); /* who will not sign still has to get it */
    g_autofree char *state = state_of(&way, way.party_b);
    ck_assert_str_eq(state, "on_paper");
    served_clear(&way);
}
END_TEST

START_TEST(a_noted_refusal_to_receive_is_service)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    note_refusal_of_b(&way, "receipt");
    g_autoptr(json_t) one = seen(&way, way.officer, way.party_b);
    ck_assert_str_eq(text_at(one, "way"), "refused");
    ck_assert_str_eq(text_at(one, "note"), "不签");
    g_autofree char *limits = served_limits(&way, way.token_b);
    ck_assert_str_eq(limits, "MEDIATION_REQUEST:B REVIEW_REQUEST:B SUIT:B");
    served_clear(&way);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    static const struct {
        const char *body, *pointer;
    } desk[] = {
        {"{\"way\":\"paper\",\"delivery\":\"handed\"}", "/party_id"},
        {"{\"party_id\":\"%s\"}", "/way"},
        {"{\"party_id\":\"%s\",\"way\":\"electronic\"}", "/way"},
        {"{\"party_id\":\"%s\",\"way\":\"paper\"}", "/delivery"},
        {"{\"party_id\":\"%s\",\"way\":\"paper\",\"delivery\":\"thrown\"}", "/delivery"},
        {"{\"party_id\":\"%s\",\"way\":\"refused\",\"delivery\":\"handed\",\"note\":\"n\"}", "/delivery"},
        {"{\"party_id\":\"%s\",\"way\":\"refused\"}", "/note"},
        {"{\"party_id\":\"%s\",\"way\":\"paper\",\"delivery\":\"handed\",\"served_at\":\"2090-01-01T00:00:00Z\"}", "/served_at"},
        {"{\"party_id\":\"%s\",\"way\":\"paper\",\"delivery\":\"handed\",\"served_at\":\"2000-01-01T00:00:00Z\"}", "/served_at"},
        {"{\"party_id\":\"%s\",\"way\":\"paper\",\"delivery\":\"handed\",\"mood\":1}", "/mood"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    for (gsize i = 0; i < G_N_ELEMENTS(desk); i++) {
        g_autoptr(GString) body = g_string_new(desk[i].body);
        g_string_replace(body, "%s", way.party_b, 0);
        g_autoptr(json_t) problem = serve(&way, 422, way.officer, body->str);
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), desk[i].pointer);
    }
    json_decref(serve(&way, 422, way.token_b, "{}"));
    json_decref(serve(&way, 422, way.token_b, "{\"document_sha256\":\"0\",\"way\":\"paper\"}"));
    g_autofree char *foreign = g_strdup_printf("{\"document_sha256\":\"0\",\"party_id\":\"%s\"}", way.one.party_id);
    json_decref(serve(&way, 403, way.token_b, foreign));
    served_clear(&way);
}
END_TEST

static Suite *
services_suite(void)
{
    Suite *suite = suite_create("http/services");
    TCase *all = tcase_create("services");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_decision_by_consent_is_service);
    tcase_add_test(all, on_paper_limits_run_from_the_day_it_was_received);
    tcase_add_test(all, a_party_says_that_it_has_it_once_it_was_opened);
    tcase_add_test(all, without_consent_it_is_paper);
    tcase_add_test(all, a_noted_refusal_to_receive_is_service);
    tcase_add_test(all, what_is_wrong_is_named);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(services_suite())
