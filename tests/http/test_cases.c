/* From the report to the closed case, and every way in which a request for it can be wrong. */
#include <string.h>

#include "src/evidence/digest.h"
#include "tests/http/fixture.h"

#define CASES "/api/v1/cases"
#define NO_ID "01936d7e-0000-7000-8000-000000000001"

/* The good body with one thing replaced; owned. */
static char *
variant(const char *from, const char *to)
{
    g_autoptr(GString) body = g_string_new(test_new_case);
    ck_assert_uint_ge(g_string_replace(body, from, to, 1), 1);
    return g_string_free(g_steal_pointer(&body), FALSE);
}

static const struct {
    const char *from;
    const char *to;
    const char *pointer;
} bad_cases[] = {
    {"\"channel\":\"web\"", "\"channel\":\"fax\"", "/channel"},
    {"\"channel\":\"web\"", "\"channel\":5", "/channel"},
    {"\"channel\":\"web\",", "", "/channel"},
    {"\"channel\":\"web\"", "\"channel\":\"web\",\"surprise\":1", "/surprise"},
    {"\"latitude\":33.8704", "\"latitude\":133", "/place/latitude"},
    {"\"latitude\":33.8704", "\"latitude\":\"33\"", "/place/latitude"},
    {"\"latitude\":33.8704,", "", "/place/latitude"},
    {"\"accuracy_m\":12.4", "\"accuracy_m\":-1", "/place/accuracy_m"},
    {"\"injury\":\"none\"", "\"injury\":\"perhaps\"", "/triage/injury"},
    {"\"death\":false", "\"death\":0", "/triage/death"},
    {"\"death\":false", "\"death\":false,\"weather\":\"77\"", "/triage/weather"},
    {"\"death\":false", "\"death\":false,\"loss_cny\":\"much\"", "/triage/loss_cny"},
    {"\"death\":false,", "", "/triage/death"},
    {"\"intent\":false", "\"intent\":null", "/triage/intent"},
    {"[\"recording\"", "[7", "/consents/0"},
    {"\"phone\":\"13800000000\"", "\"phone\":13800000000", "/party/phone"},
    {"\"phone\":\"13800000000\"", "\"phone\":\"12\"", "/party/phone"},
    {"\"plate_number\":\"陕H12345\"", "\"plate_number\":\"H\"", "/party/plate_number"},
    {"\"party\":{", "\"occurred_at\":\"yesterday\",\"party\":{", "/occurred_at"},
};

START_TEST(a_wrong_field_is_named)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
        g_autofree char *body = variant(bad_cases[i].from, bad_cases[i].to);
        g_autoptr(json_t) problem = fixture_json(fixture, 422, (Call){.path = CASES, .text = body});
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), bad_cases[i].pointer);
    }
}
END_TEST

START_TEST(a_case_is_opened_and_read)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(json_t) opened = fixture_json(fixture, 201, (Call){.path = CASES, .text = test_new_case});
    ck_assert_str_eq(text_at(opened, "case.state"), "triaged");
    ck_assert_str_eq(text_at(opened, "eligibility.outcome"), "remote");
    ck_assert_str_eq(text_at(opened, "party.label"), "A");
    const char *token = text_at(opened, "token");
    ck_assert_ptr_nonnull(strstr(text_at(opened, "url"), token));
    g_autofree char *path = g_strdup_printf(CASES "/%s", text_at(opened, "case.id"));
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = path, .token = token});
    g_autofree char *etag = reply_header(reply, "ETag");
    ck_assert(g_str_has_prefix(etag, "\"v"));
    g_autoptr(json_t) own = fixture_json(fixture, 200, (Call){.path = CASES, .token = token});
    ck_assert_uint_eq(json_array_size(json_object_get(own, "items")), 1);
    g_autofree char *no_link = g_strdup_printf("%s?token=%s", path, token);
    reply_free(fixture_expect(fixture, 401, (Call){.path = no_link}));
}
END_TEST

START_TEST(a_grave_accident_is_for_the_scene)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *body = variant("\"death\":false", "\"death\":true");
    g_autoptr(json_t) opened = fixture_json(fixture, 201, (Call){.path = CASES, .text = body});
    ck_assert_str_eq(text_at(opened, "eligibility.outcome"), "on_scene");
    ck_assert_uint_ge(strlen(text_at(opened, "eligibility.grounds.0.legal_basis")), 1);
}
END_TEST

/* The desk says only what is new; the answer has the outcome, its grounds and, for the hurt, where they are taken. */
START_TEST(the_desk_learns_more)
{
    static const struct {
        const char *body;
        const char *pointer;
    } bad[] = {
        {"{\"weather\":\"rainy day\"}", "/weather"}, {"{\"weather\":\"77\"}", "/weather"},
        {"{\"road_type\":7}", "/road_type"},         {"{\"loss_cny\":-1}", "/loss_cny"},
        {"{\"injury\":\"fatal\"}", "/injury"},       {"{\"mood\":true}", "/mood"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autofree char *path = case_path(&one, "/eligibility");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(json_t) problem =
            fixture_json(fixture, 422, (Call){.path = path, .token = officer, .text = bad[i].body});
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), bad[i].pointer);
    }
    g_autoptr(json_t) dry = fixture_json(
        fixture, 200,
        (Call){.path = path, .token = officer, .text = "{\"weather\":\"3\",\"road_type\":\"22\",\"loss_cny\":900}"});
    ck_assert_str_eq(text_at(dry, "case.eligibility.outcome"), "remote");
    ck_assert_str_eq(text_at(dry, "case.triage.weather"), "3");
    g_autoptr(json_t) hurt = fixture_json(
        fixture, 200, (Call){.path = path, .token = officer, .text = "{\"weather\":null,\"injury\":\"slight\"}"});
    ck_assert_str_eq(text_at(hurt, "case.state"), "on_scene");
    ck_assert_str_eq(text_at(hurt, "case.eligibility.grounds.0.code"), "INJURY_SLIGHT");
    ck_assert_str_eq(text_at(hurt, "case.eligibility.grounds.0.kind"), "law");
    ck_assert_str_eq(text_at(hurt, "case.eligibility.help.emergency_phone"), "120");
    ck_assert_str_eq(text_at(hurt, "case.eligibility.help.hospital.code"), "EX1");
    ck_assert(json_is_null(json_object_get(json_object_get(json_object_get(hurt, "case"), "triage"), "weather")));
}
END_TEST

START_TEST(the_same_key_gives_the_same_case)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *key = "Idempotency-Key: 7f1c\r\n";
    g_autofree char *other = variant("\"channel\":\"web\"", "\"channel\":\"kiosk\"");
    g_autoptr(json_t) first = fixture_json(fixture, 201, (Call){.path = CASES, .text = test_new_case, .headers = key});
    g_autoptr(json_t) second = fixture_json(fixture, 201, (Call){.path = CASES, .text = test_new_case, .headers = key});
    ck_assert_str_eq(text_at(first, "case.id"), text_at(second, "case.id"));
    ck_assert_str_eq(text_at(first, "token"), text_at(second, "token"));
    reply_free(fixture_expect(fixture, 422, (Call){.path = CASES, .text = other, .headers = key}));
    reply_free(fixture_expect(fixture, 400,
                              (Call){.path = CASES, .text = test_new_case, .headers = "Idempotency-Key: a b\r\n"}));
}
END_TEST

START_TEST(reports_of_one_address_are_limited)
{
    const KcHttpConfig config = {.cases_per_address_per_hour = 3};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    g_autofree char *intake = fixture_sign_in(fixture, "intake");
    for (guint i = 0; i < 3; i++)
        reply_free(fixture_expect(fixture, 201, (Call){.path = CASES, .text = test_new_case}));
    g_autoptr(Reply) limited = fixture_expect(fixture, 429, (Call){.path = CASES, .text = test_new_case});
    g_autofree char *after = reply_header(limited, "Retry-After");
    ck_assert_int_gt(g_ascii_strtoll(after, NULL, 10), 0);
    for (guint i = 0; i < 5; i++)
        reply_free(fixture_expect(fixture, 201, (Call){.path = CASES, .text = test_new_case, .token = intake}));
}
END_TEST

START_TEST(lists_are_paged)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    for (guint i = 0; i < 5; i++)
        reply_free(fixture_expect(fixture, 201, (Call){.path = CASES, .text = test_new_case}));
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *path = g_strdup(CASES "?limit=2");
    for (guint pages = 0; path != NULL && pages < 10; pages++) {
        g_autoptr(json_t) page = fixture_json(fixture, 200, (Call){.path = path, .token = officer});
        size_t index;
        json_t *item;
        json_array_foreach(json_object_get(page, "items"), index, item)
            ck_assert(g_hash_table_add(seen, g_strdup(text_at(item, "id"))));
        const char *cursor = json_string_value(json_object_get(page, "next_cursor"));
        g_autofree char *escaped = cursor != NULL ? g_uri_escape_string(cursor, NULL, FALSE) : NULL;
        g_free(path);
        path = escaped != NULL ? g_strdup_printf(CASES "?limit=2&cursor=%s", escaped) : NULL;
    }
    ck_assert_uint_eq(g_hash_table_size(seen), 5);
}
END_TEST

static const struct {
    const char *query;
    int status;
    gsize found;
} searches[] = {
    {"", 200, 1},
    {"?state=triaged", 200, 1},
    {"?state=triaged,waiting", 200, 1},
    {"?state=closed", 200, 0},
    {"?state=nonsense", 400, 0},
    {"?q=%E9%99%95H12345", 200, 1},
    {"?q=13800000000", 200, 1},
    {"?q=13800000001", 200, 0},
    {"?q=%27%20OR%201=1%20--", 200, 0},
    {"?q=%25", 200, 0},
    {"?q=%ff%fe", 400, 0},
    {"?from=2020-01-01T00:00:00Z", 200, 1},
    {"?to=2020-01-01T00:00:00Z", 200, 0},
    {"?from=soon", 400, 0},
    {"?limit=0", 400, 0},
    {"?limit=201", 400, 0},
    {"?limit=many", 400, 0},
    {"?cursor=nonsense", 200, 0},
    {"?mine=true", 200, 0},
};

START_TEST(searches_find_and_refuse)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    reply_free(fixture_expect(fixture, 201, (Call){.path = CASES, .text = test_new_case}));
    for (gsize i = 0; i < G_N_ELEMENTS(searches); i++) {
        g_autofree char *path = g_strconcat(CASES, searches[i].query, NULL);
        g_autoptr(json_t) reply = fixture_json(fixture, searches[i].status, (Call){.path = path, .token = officer});
        if (searches[i].status == 200 && json_array_size(json_object_get(reply, "items")) != searches[i].found)
            ck_abort_msg("%s: %zu found", path, json_array_size(json_object_get(reply, "items")));
    }
}
END_TEST

START_TEST(parties_are_added_changed_and_invited)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autofree char *parties = case_path(&one, "/parties"), *invitations = case_path(&one, "/invitations");
    g_autofree char *case_itself = case_path(&one, "");
    g_autoptr(json_t) added = fixture_json(
        fixture, 201,
        (Call){.path = parties, .token = officer, .text = "{\"name\":\"李四\",\"plate_number\":\"陕H54321\"}"});
    ck_assert_str_eq(text_at(added, "party.label"), "B");
    g_autofree char *party = g_strdup_printf("%s/%s", parties, text_at(added, "party.id"));
    const Call rename = {
        .method = "PATCH", .path = party, .token = officer, .text = "{\"name\":\"李思\",\"insurer\":null}"};
    g_autoptr(json_t) renamed = fixture_json(fixture, 200, rename);
    ck_assert_str_eq(text_at(renamed, "party.name"), "李思");
    ck_assert_str_eq(text_at(renamed, "party.plate_number"), "陕H54321");
    Call stale = rename;
    stale.headers = "If-Match: \"v1\"\r\n";
    reply_free(fixture_expect(fixture, 412, stale));
    stale.headers = "If-Match: W/\"whatever\"\r\n";
    reply_free(fixture_expect(fixture, 412, stale));
    g_autofree char *invite = g_strdup_printf("{\"kind\":\"party\",\"party_id\":\"%s\"}", text_at(added, "party.id"));
    g_autoptr(json_t) link =
        fixture_json(fixture, 201, (Call){.path = invitations, .token = one.token, .text = invite});
    /* B sees the case, but of A only what is on the road to see. */
    g_autoptr(json_t) seen = fixture_json(fixture, 200, (Call){.path = case_itself, .token = text_at(link, "token")});
    const json_t *first = json_array_get(json_object_get(seen, "parties"), 0);
    ck_assert_str_eq(text_at(first, "plate_number"), "陕H12345");
    ck_assert_ptr_null(json_object_get(first, "phone"));
    ck_assert_ptr_null(json_object_get(first, "name"));
    g_autofree char *not_self = g_strdup_printf("%s/%s", parties, one.party_id);
    reply_free(fixture_expect(
        fixture, 403,
        (Call){.method = "PATCH", .path = not_self, .token = text_at(link, "token"), .text = "{\"name\":\"X\"}"}));
}
END_TEST

START_TEST(a_foreign_link_opens_nothing)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_auto(TestCase) two = fixture_open_case(fixture);
    g_autofree char *path = case_path(&one, ""), *queue = case_path(&one, "/queue");
    reply_free(fixture_expect(fixture, 404, (Call){.path = path, .token = two.token}));
    reply_free(fixture_expect(fixture, 404, (Call){.method = "POST", .path = queue, .token = two.token}));
    fixture->skew_us = 73 * G_TIME_SPAN_HOUR;
    g_autoptr(json_t) expired = fixture_json(fixture, 401, (Call){.path = path, .token = one.token});
    ck_assert_str_eq(text_at(expired, "code"), "token-expired");
}
END_TEST

START_TEST(the_queue_has_an_order_and_one_winner)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor");
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_auto(TestCase) two = fixture_open_case(fixture);
    g_autofree char *queue_one = case_path(&one, "/queue"), *queue_two = case_path(&two, "/queue");
    g_autofree char *claim = case_path(&one, "/claim"), *release = case_path(&one, "/release");
    g_autofree char *close = case_path(&one, "/close"), *case_two = case_path(&two, "");
    g_autoptr(json_t) first =
        fixture_json(fixture, 200, (Call){.method = "POST", .path = queue_one, .token = one.token});
    ck_assert_int_eq(json_integer_value(json_object_get(first, "position")), 1);
    g_autoptr(json_t) second =
        fixture_json(fixture, 200, (Call){.method = "POST", .path = queue_two, .token = two.token});
    ck_assert_int_eq(json_integer_value(json_object_get(second, "position")), 2);
    g_autoptr(json_t) queue = fixture_json(fixture, 200, (Call){.path = "/api/v1/queue", .token = officer});
    ck_assert_str_eq(text_at(queue, "items.0.case.id"), one.id);
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = claim, .token = officer}));
    g_autoptr(json_t) late = fixture_json(fixture, 409, (Call){.method = "POST", .path = claim, .token = supervisor});
    ck_assert_str_eq(text_at(late, "state"), "in_call");
    reply_free(
        fixture_expect(fixture, 409, (Call){.path = close, .token = officer, .text = "{\"closing_code\":\"2\"}"}));
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = release, .token = officer}));
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = queue_two, .token = two.token}));
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = queue_two, .token = two.token}));
    g_autoptr(json_t) left = fixture_json(fixture, 200, (Call){.path = case_two, .token = two.token});
    ck_assert_str_eq(text_at(left, "state"), "triaged");
}
END_TEST

START_TEST(an_officer_is_always_sent_when_asked_for)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_autofree char *path = case_path(&one, "/on-scene");
    g_autoptr(json_t) sent =
        fixture_json(fixture, 200, (Call){.path = path, .token = one.token, .text = "{\"reason\":\"怕\"}"});
    ck_assert_str_eq(text_at(sent, "case.state"), "on_scene");
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = path, .token = one.token}));
    reply_free(fixture_expect(fixture, 422, (Call){.path = path, .token = one.token, .text = "{\"why\":1}"}));
}
END_TEST

/* ---- The whole way ---- */

static json_t *
draft_for(const char *party_a, const char *party_b, const char *still)
{
    json_error_t fault;
    json_t *draft = json_pack_ex(
        &fault, 0,
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:[{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:s}, "
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[], s:s}], s:[{s:s, s:[{s:s, s:s}]}]}",
        "occurred_at", "2026-11-23T08:30:00.000Z", "place_text", "商州区北新街与工农路路口", "weather", "1",
        "accident_form", "11", "collision_type", "1", "facts", "甲车追尾乙车。", "cause", "甲车未保持安全距离。",
        "injured", 0, "damage_cny", 800, "parties", "party_id", party_a, "vehicle_type", "K3", "plate_number",
        "陕H12345", "plate_type", "02", "insurer", "picc", "licence_number", "612501000001", "collision_part", "front",
        "violations", "REAR_END", "liability", "full", "party_id", party_b, "vehicle_type", "K3", "plate_number",
        "陕H54321", "plate_type", "02", "insurer", "picc", "licence_number", "612501000002", "collision_part", "rear",
        "violations", "liability", "none", "reasons", "text", "照片显示甲车前部与乙车后部接触。", "evidence", "kind",
        "still", "id", still);
    if (draft == NULL)
        ck_abort_msg("the test's own draft: %s", fault.text);
    return draft;
}

typedef struct {
    Fixture *fixture;
    char *officer;
    TestCase one;
    char *party_b, *token_b;
    char *still;
    char *document, *sha256, *pdf_sha256;
} Way;

static void
add_second_party(Way *way)
{
    g_autofree char *parties = case_path(&way->one, "/parties"), *invitations = case_path(&way->one, "/invitations");
    g_autoptr(json_t) added =
        fixture_json(way->fixture, 201, (Call){.path = parties, .token = way->officer, .text = "{\"name\":\"李四\"}"});
    way->party_b = g_strdup(text_at(added, "party.id"));
    g_autofree char *invite = g_strdup_printf("{\"kind\":\"party\",\"party_id\":\"%s\"}", way->party_b);
    g_autoptr(json_t) link =
        fixture_json(way->fixture, 201, (Call){.path = invitations, .token = way->officer, .text = invite});
    way->token_b = g_strdup(text_at(link, "token"));
}

static void
fix_evidence(Way *way)
{
    g_autofree char *snapshots = case_path(&way->one, "/snapshots"), *evacuate = case_path(&way->one, "/evacuate");
    g_autofree char *body = g_strdup_printf("{\"party_id\":\"%s\",\"shot\":null}", way->one.party_id);
    const Call clear = {.method = "POST", .path = evacuate, .token = way->officer};
    reply_free(fixture_expect(way->fixture, 409, clear));
    g_autoptr(json_t) still =
        fixture_json(way->fixture, 201, (Call){.path = snapshots, .token = way->officer, .text = body});
    way->still = g_strdup(text_at(still, "still.id"));
    g_autoptr(json_t) cleared = fixture_json(way->fixture, 200, clear);
    ck_assert_str_eq(text_at(cleared, "case.state"), "evidence_fixed");
    ck_assert_uint_gt(strlen(text_at(cleared, "case.evacuated_at")), 10);
}

static void
put_draft(Way *way, int status, json_t *draft, const char *pointer)
{
    g_autofree char *path = case_path(&way->one, "/determination");
    char *text = json_dumps(draft, 0);
    g_autoptr(json_t) reply =
        fixture_json(way->fixture, status, (Call){.method = "PUT", .path = path, .token = way->officer, .text = text});
    if (pointer != NULL)
        ck_assert_str_eq(text_at(reply, status == 200 ? "missing.0.pointer" : "errors.0.pointer"), pointer);
    free(text);
}

/* Somebody was hurt: nothing is issued before each party has agreed to the simplified procedure. */
static void
agree(Way *way, const char *party_id, const char *token)
{
    g_autofree char *rest = g_strdup_printf("/parties/%s/consents", party_id);
    g_autofree char *path = case_path(&way->one, rest);
    const char *body = "{\"kind\":\"simplified_procedure\",\"given\":true}";
    reply_free(fixture_expect(way->fixture, 200,
                              (Call){.method = "PUT", .path = path, .token = token, .text = body}));
    reply_free(fixture_expect(way->fixture, 422,
                              (Call){.method = "PUT", .path = path, .token = token, .text = "{\"kind\":\"x\",\"given\":true}"}));
}

/* Somebody was hurt: the issue waits for a supervisor, who approves the draft that was shown. */
static void
approve(Way *way, json_t *draft)
{
    g_autofree char *issue = case_path(&way->one, "/determination/issue");
    g_autofree char *ask = case_path(&way->one, "/determination/approval-request");
    g_autofree char *path = case_path(&way->one, "/determination/approval");
    g_autofree char *supervisor = fixture_sign_in(way->fixture, "supervisor");
    json_object_set_new(draft, "injured", json_integer(1));
    put_draft(way, 200, draft, NULL);
    agree(way, way->one.party_id, way->one.token);
    g_autoptr(json_t) missing =
        fixture_json(way->fixture, 409, (Call){.method = "POST", .path = issue, .token = way->officer});
    ck_assert_ptr_nonnull(strstr(text_at(missing, "detail"), "还缺：B"));
    agree(way, way->party_b, way->officer);
    g_autoptr(json_t) refused =
        fixture_json(way->fixture, 409, (Call){.method = "POST", .path = issue, .token = way->officer});
    ck_assert_ptr_nonnull(strstr(text_at(refused, "detail"), "有人员受伤"));
    reply_free(fixture_expect(way->fixture, 201, (Call){.method = "POST", .path = ask, .token = way->officer}));
    g_autoptr(json_t) waiting =
        fixture_json(way->fixture, 200, (Call){.path = "/api/v1/approvals", .token = supervisor});
    ck_assert_str_eq(text_at(waiting, "items.0.case_id"), way->one.id);
    ck_assert_str_eq(text_at(waiting, "items.0.grounds.0.code"), "INJURY");
    g_autofree char *body = g_strdup_printf("{\"draft_sha256\":\"%s\"}", text_at(waiting, "items.0.draft_sha256"));
    g_autoptr(json_t) approved =
        fixture_json(way->fixture, 201, (Call){.path = path, .token = supervisor, .text = body});
    ck_assert_uint_gt(strlen(text_at(approved, "approval.approved_at")), 10);
    g_autoptr(json_t) seen = fixture_json(way->fixture, 200, (Call){.path = path, .token = way->officer});
    ck_assert_uint_gt(strlen(text_at(seen, "approval.approved_by.name")), 0);
    reply_free(fixture_expect(way->fixture, 409,
                              (Call){.path = path, .token = supervisor, .text = "{\"draft_sha256\":\"0\"}"}));
}

static void
determine(Way *way)
{
    g_autofree char *issue = case_path(&way->one, "/determination/issue");
    const Call issue_it = {.method = "POST", .path = issue, .token = way->officer};
    g_autoptr(json_t) draft = draft_for(way->one.party_id, way->party_b, way->still);
    g_autoptr(json_t) twice_full = draft_for(way->one.party_id, way->party_b, way->still);
    json_object_set_new(json_array_get(json_object_get(twice_full, "parties"), 1), "liability", json_string("full"));
    put_draft(way, 422, twice_full, NULL);
    g_autoptr(json_t) foreign = draft_for(way->one.party_id, NO_ID, way->still);
    put_draft(way, 422, foreign, NULL);
    json_t *facts = json_incref(json_object_get(draft, "facts"));
    json_object_set_new(draft, "facts", json_null());
    put_draft(way, 200, draft, "/facts");
    reply_free(fixture_expect(way->fixture, 422, issue_it));
    json_object_set_new(draft, "facts", facts);
    put_draft(way, 200, draft, NULL);
    approve(way, draft);
    json_object_set_new(draft, "facts", json_integer(5));
    put_draft(way, 422, draft, "/facts");
    g_autoptr(json_t) issued = fixture_json(way->fixture, 201, issue_it);
    way->document = g_strdup(text_at(issued, "document.id"));
    way->sha256 = g_strdup(text_at(issued, "document.sha256"));
    way->pdf_sha256 = g_strdup(text_at(issued, "document.pdf_sha256"));
    reply_free(fixture_expect(way->fixture, 409, issue_it));
}

static void
read_document(Way *way)
{
    g_autofree char *rest = g_strconcat("/documents/", way->document, NULL);
    g_autofree char *path = case_path(&way->one, rest);
    g_autoptr(Reply) text = fixture_expect(
        way->fixture, 200, (Call){.path = path, .token = way->one.token, .headers = "Accept: text/plain\r\n"});
    g_autofree char *sha256 = kc_sha256_hex(text->body->data, text->body->len);
    g_autofree char *condition = g_strdup_printf("Accept: text/plain\r\nIf-None-Match: \"%s\"\r\n", sha256);
    ck_assert_str_eq(sha256, way->sha256);
    reply_free(fixture_expect(way->fixture, 304, (Call){.path = path, .token = way->officer, .headers = condition}));
    reply_free(fixture_expect(way->fixture, 406,
                              (Call){.path = path, .token = way->officer, .headers = "Accept: image/png\r\n"}));
}

/* The PDF; its SHA-256 is its ETag. Owned. */
static char *
pdf_of(Way *way, const char *token, const char *query, const char *headers)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s%s", way->document, query);
    g_autofree char *path = case_path(&way->one, rest);
    g_autoptr(Reply) reply = fixture_expect(way->fixture, 200, (Call){.path = path, .token = token, .headers = headers});
    g_autofree char *type = reply_header(reply, "Content-Type"), *etag = reply_header(reply, "ETag");
    g_autofree char *vary = reply_header(reply, "Vary"), *name = reply_header(reply, "Content-Disposition");
    ck_assert_str_eq(type, "application/pdf");
    ck_assert_str_eq(vary, "Accept");
    ck_assert(g_str_has_prefix(name, "inline; filename=\"") && g_str_has_suffix(name, ".pdf\""));
    ck_assert(reply->body->len > 1000 && memcmp(reply->body->data, "%PDF-", 5) == 0);
    char *sha256 = kc_sha256_hex(reply->body->data, reply->body->len);
    g_autofree char *wanted = g_strdup_printf("\"%s\"", sha256);
    ck_assert_str_eq(etag, wanted);
    g_autofree char *condition = g_strdup_printf("If-None-Match: %s\r\n", etag);
    reply_free(fixture_expect(way->fixture, 304, (Call){.path = path, .token = token, .headers = condition}));
    return sha256;
}

/* Before anybody has decided there is one PDF: the one that was frozen with the text. */
static void
read_pdf(Way *way)
{
    g_autofree char *unknown = g_strdup_printf("/documents/%s?form=third", way->document);
    g_autofree char *path = case_path(&way->one, unknown);
    g_autofree char *by_default = pdf_of(way, way->one.token, "", NULL);
    g_autofree char *wanted = pdf_of(way, way->token_b, "", "Accept: text/html, application/pdf;q=0.9, text/plain;q=0.1\r\n");
    g_autofree char *of_browser = pdf_of(way, way->officer, "", "Accept: text/html,application/xml;q=0.9,*/*;q=0.8\r\n");
    g_autofree char *signed_copy = pdf_of(way, way->officer, "?form=signed", NULL);
    ck_assert_str_eq(by_default, way->pdf_sha256);
    ck_assert_str_eq(wanted, way->pdf_sha256);
    ck_assert_str_eq(of_browser, way->pdf_sha256);
    ck_assert_str_eq(signed_copy, way->pdf_sha256);
    reply_free(fixture_expect(way->fixture, 400, (Call){.path = path, .token = way->officer}));
    reply_free(fixture_expect(way->fixture, 401, (Call){.path = path}));
}

/* Afterwards there is a copy as well, the same for the same reader; the original stays what it was. */
static void
read_signed_copy(Way *way)
{
    g_autofree char *copy = pdf_of(way, way->officer, "", NULL), *again = pdf_of(way, way->officer, "", NULL);
    g_autofree char *of_party = pdf_of(way, way->one.token, "", NULL);
    g_autofree char *original = pdf_of(way, way->one.token, "?form=original", NULL);
    ck_assert_str_eq(copy, again);
    ck_assert_str_ne(copy, way->pdf_sha256);
    ck_assert_str_ne(of_party, copy); /* without what the other said */
    ck_assert_str_eq(original, way->pdf_sha256);
}

/* `extra`: further members, each after a comma. */
static json_t *
decide(Way *way, int status, const char *token, const char *decision, const char *sha256, const char *extra)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    g_autofree char *body =
        g_strdup_printf("{\"decision\":\"%s\",\"document_sha256\":\"%s\"%s}", decision, sha256, extra);
    return fixture_json(way->fixture, status, (Call){.path = path, .token = token, .text = body});
}

static void
sign(Way *way)
{
    g_autofree char *png = g_base64_encode(test_png, test_png_size);
    g_autofree char *image = g_strdup_printf(",\"image_png\":\"%s\"", png);
    json_decref(decide(way, 409, way->one.token, "signed", "0000", image));
    json_decref(decide(way, 422, way->one.token, "signed", way->sha256, ""));
    json_decref(decide(way, 422, way->one.token, "signed", way->sha256, ",\"image_png\":\"not base64!\""));
    json_decref(decide(way, 422, way->one.token, "signed", way->sha256, ",\"image_png\":\"bm8gcG5n\""));
    json_decref(decide(way, 422, way->one.token, "perhaps", way->sha256, ""));
    g_autoptr(json_t) signed_a = decide(way, 201, way->one.token, "signed", way->sha256, image);
    ck_assert_str_eq(text_at(signed_a, "case.state"), "determined");
    ck_assert_str_eq(text_at(signed_a, "signature.document_sha256"), way->sha256);
    ck_assert_str_eq(text_at(signed_a, "signature.pdf_sha256"), way->pdf_sha256);
    json_decref(decide(way, 409, way->one.token, "refused", way->sha256, ""));
    g_autofree char *rest = g_strconcat("/objects/", text_at(signed_a, "signature.signature_object_id"), NULL);
    g_autofree char *picture = case_path(&way->one, rest);
    g_autoptr(Reply) bytes = fixture_expect(way->fixture, 200, (Call){.path = picture, .token = way->officer});
    ck_assert_uint_eq(bytes->body->len, test_png_size);
    ck_assert_mem_eq(bytes->body->data, test_png, test_png_size);
    reply_free(fixture_expect(way->fixture, 200, (Call){.path = picture, .token = way->one.token}));
    g_autoptr(Reply) of_other = fixture_call(way->fixture, (Call){.path = picture, .token = way->token_b});
    ck_assert(of_other->status == 403 || of_other->status == 404);
    g_autoptr(json_t) signed_b =
        decide(way, 201, way->token_b, "objected", way->pdf_sha256, ",\"statement\":\"我不同意。\"");
    ck_assert_str_eq(text_at(signed_b, "signature.document_sha256"), way->pdf_sha256);
    ck_assert_str_eq(text_at(signed_b, "case.state"), "served");
}

static void
close_and_reopen(Way *way)
{
    g_autofree char *close = case_path(&way->one, "/close"), *reopen = case_path(&way->one, "/reopen");
    g_autofree char *timeline = case_path(&way->one, "/timeline");
    g_autofree char *supervisor = fixture_sign_in(way->fixture, "supervisor");
    const char *const bad[] = {"{\"closing_code\":\"9\"}", "{\"closing_code\":2}", "{}", "{\"closing_code\":\"2\"}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        reply_free(fixture_expect(way->fixture, 422, (Call){.path = close, .token = way->officer, .text = bad[i]}));
    g_autoptr(json_t) closed = fixture_json(
        way->fixture, 200, (Call){.path = close, .token = way->officer, .text = "{\"closing_code\":\"3\"}"});
    ck_assert_str_eq(text_at(closed, "case.state"), "closed");
    reply_free(fixture_expect(way->fixture, 409,
                              (Call){.path = close, .token = way->officer, .text = "{\"closing_code\":\"3\"}"}));
    g_autoptr(json_t) again =
        fixture_json(way->fixture, 200, (Call){.method = "POST", .path = reopen, .token = supervisor});
    ck_assert_str_eq(text_at(again, "case.state"), "reopened");
    g_autoptr(json_t) entries = fixture_json(way->fixture, 200, (Call){.path = timeline, .token = supervisor});
    ck_assert_uint_ge(json_array_size(json_object_get(entries, "items")), 10);
}

START_TEST(a_case_goes_all_the_way)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Way way = {.fixture = fixture, .officer = fixture_sign_in(fixture, "officer")};
    way.one = fixture_case_in_call(fixture, way.officer);
    add_second_party(&way);
    fix_evidence(&way);
    determine(&way);
    read_document(&way);
    read_pdf(&way);
    sign(&way);
    read_signed_copy(&way);
    close_and_reopen(&way);
    char *texts[] = {way.officer, way.party_b, way.token_b, way.still, way.document, way.sha256, way.pdf_sha256};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    test_case_clear(&way.one);
}
END_TEST

static Suite *
cases_suite(void)
{
    Suite *suite = suite_create("http/cases");
    TCase *all = tcase_create("cases");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_wrong_field_is_named);
    tcase_add_test(all, a_case_is_opened_and_read);
    tcase_add_test(all, a_grave_accident_is_for_the_scene);
    tcase_add_test(all, the_desk_learns_more);
    tcase_add_test(all, the_same_key_gives_the_same_case);
    tcase_add_test(all, reports_of_one_address_are_limited);
    tcase_add_test(all, lists_are_paged);
    tcase_add_test(all, searches_find_and_refuse);
    tcase_add_test(all, parties_are_added_changed_and_invited);
    tcase_add_test(all, a_foreign_link_opens_nothing);
    tcase_add_test(all, the_queue_has_an_order_and_one_winner);
    tcase_add_test(all, an_officer_is_always_sent_when_asked_for);
    tcase_add_test(all, a_case_goes_all_the_way);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(cases_suite())
