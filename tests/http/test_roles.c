/* Every route × who asks. One case, claimed by the officer and in a call; "other" is an officer who did not claim it,
 * "stranger" the party of another case; the last four are guests of this one.
 *
 *   1  401, there is no identity      3  403, this role may not, or only who claimed the case
 *   4  404, not visible to it         +  let in: whatever the answer is then, it is about the request itself */
#include <string.h>

#include "tests/http/contract_check.h"
#include "tests/http/fixture.h"

typedef enum { ANONYMOUS, INTAKE, OFFICER, OTHER, SUPERVISOR, AUDITOR, ADMIN, PARTY, STRANGER,
               EMERGENCY, INTERPRETER, INSURER, GUEST_SUPERVISOR, CALLERS } Caller;

static const char *const caller_names[CALLERS] = {"anonymous", "intake", "officer", "other",   "supervisor",
                                                  "auditor",   "admin",  "party",   "stranger",
                                                  "emergency", "interpreter", "insurer", "guest supervisor"};

#define NO_ID "01936d7e-0000-7000-8000-000000000001"
#define JSON "application/json"

/* {case} and {party} in paths and bodies are those of the case. In an order in which no row spoils a later one. */
static const struct {
    const char *method;
    const char *path;
    const char *type; /* of the body; NULL: none */
    const char *body;
    const char *wanted; /* one sign for each caller */
} rows[] = {
    {"GET", "/healthz", NULL, NULL, "+++++++++++++"},
    {"GET", "/readyz", NULL, NULL, "+++++++++++++"},
    {"GET", "/openapi.json", NULL, NULL, "+++++++++++++"},
    {"GET", "/api/v1/config", NULL, NULL, "+++++++++++++"},
    {"GET", "/log/checkpoint", NULL, NULL, "4444444444444"},
    {"GET", "/log/service.pub", NULL, NULL, "+++++++++++++"},
    {"GET", "/log/tile/none", NULL, NULL, "4444444444444"}, /* there is no such tile */
    {"GET", "/api/v1/log/keys", NULL, NULL, "+++++++++++++"},
    {"GET", "/api/v1/log/proof", NULL, NULL, "+++++++++++++"},
    {"GET", "/api/v1/log/witnesses", NULL, NULL, "+++++++++++++"},
    {"POST", "/api/v1/log/cosignatures", JSON, "{}", "+++++++++++++"},
    {"GET", "/api/v1/codes", NULL, NULL, "+++++++++++++"},
    {"GET", "/api/v1/verification", NULL, NULL, "+++++++++++++"},
    {"GET", "/api/v1/law", NULL, NULL, "1++++++333333"},
    {"GET", "/api/v1/law/wording", NULL, NULL, "1++++++333333"},
    {"GET", "/metrics", NULL, NULL, "+++++++++++++"}, /* from this machine */
    {"GET", "/", NULL, NULL, "4444444444444"},        /* no page is built into the test */
    {"POST", "/api/v1/sessions", JSON, "{}", "+++++++++++++"},
    {"GET", "/api/v1/sessions/current", NULL, NULL, "1++++++333333"},
    {"GET", "/api/v1/admin/users", NULL, NULL, "133333+333333"},
    {"POST", "/api/v1/admin/users", JSON, "{}", "133333+333333"},
    {"PUT", "/api/v1/admin/users/" NO_ID "/grade", JSON, "{\"grade\":\"junior\"}", "1333334333333"},
    {"PUT", "/api/v1/admin/users/" NO_ID "/disabled", JSON, "{\"disabled\":true}", "1333334333333"},
    {"GET", "/api/v1/admin/retention", NULL, NULL, "1333+++333333"},
    {"POST", "/api/v1/cases/{case}/holds", JSON, "{}", "1333+3+333333"},
    {"GET", "/api/v1/cases/{case}/holds", NULL, NULL, "13+++++333333"},
    {"GET", "/api/v1/holds", NULL, NULL, "13+++++333333"},
    {"POST", "/api/v1/holds/" NO_ID "/lift", JSON, "{\"reason\":\"a\"}", "1333434333333"},
    {"GET", "/api/v1/admin/rules", NULL, NULL, "1333+++333333"},
    {"GET", "/api/v1/admin/rules/versions", NULL, NULL, "1333+++333333"},
    {"GET", "/api/v1/admin/rules/file", NULL, NULL, "1333+++333333"},
    {"POST", "/api/v1/admin/rules/preview", JSON, "{}", "133333+333333"},
    {"POST", "/api/v1/admin/rules", JSON, "{}", "133333+333333"},
    {"POST", "/api/v1/admin/rules/withdrawal", JSON, "{}", "133333+333333"},
    {"GET", "/api/v1/admin/integrations", NULL, NULL, "133333+333333"},
    {"POST", "/api/v1/admin/integrations", JSON, "{}", "133333+333333"},
    {"DELETE", "/api/v1/admin/integrations/" NO_ID, NULL, NULL, "1333334333333"},
    {"POST", "/api/v1/cases", JSON, "{}", "+++++++++3333"},
    {"GET", "/api/v1/cases", NULL, NULL, "1+++++3++3333"},
    {"GET", "/api/v1/cases/{case}", NULL, NULL, "1+++++3+4333+"},
    {"PATCH", "/api/v1/cases/{case}", JSON, "{\"place\":{\"text\":\"北新街\"}}", "13+3333333333"},
    {"GET", "/api/v1/cases/{case}/timeline", NULL, NULL, "13++++333333+"},
    {"POST", "/api/v1/cases/{case}/parties", JSON, "{}", "13+3333+43333"},
    {"PATCH", "/api/v1/cases/{case}/parties/{party}", JSON, "{}", "13+3333+43333"},
    {"PUT", "/api/v1/cases/{case}/parties/{party}/consents", JSON, "{\"kind\":\"insurer\",\"given\":true}",
     "13+3333+43333"},
    {"GET", "/api/v1/cases/{case}/parties/{party}/consents", NULL, NULL, "1+++++3+4333+"},
    {"POST", "/api/v1/cases/{case}/invitations", JSON, "{\"kind\":\"party\",\"party_id\":\"{party}\"}",
     "13+3333343333"}, /* the party is here already, and invites only others */
    {"POST", "/api/v1/cases/{case}/invitations", JSON, "{\"kind\":\"interpreter\",\"name\":\"王译\"}", "13+3333333333"},
    {"GET", "/api/v1/cases/{case}/guests", NULL, NULL, "13+3333333333"},
    {"DELETE", "/api/v1/cases/{case}/guests/" NO_ID, NULL, NULL, "1343333333333"},
    {"GET", "/api/v1/guest", NULL, NULL, "133333333++++"},
    {"GET", "/api/v1/queue", NULL, NULL, "1++++33333333"},
    {"GET", "/api/v1/offers", NULL, NULL, "1++++33333333"},
    {"POST", "/api/v1/cases/{case}/offers", JSON, "{\"user_id\":\"" NO_ID "\"}", "13+3+33333333"},
    {"POST", "/api/v1/offers/" NO_ID "/accept", NULL, NULL, "1444433333333"},
    {"POST", "/api/v1/offers/" NO_ID "/decline", NULL, NULL, "1444433333333"},
    {"DELETE", "/api/v1/offers/" NO_ID, NULL, NULL, "1444433333333"},
    {"POST", "/api/v1/cases/{case}/recusals", JSON, "{\"reason\":\"亲属\"}", "13+3333+43333"},
    {"GET", "/api/v1/cases/{case}/recusals", NULL, NULL, "13+3++3+43333"},
    {"GET", "/api/v1/recusals", NULL, NULL, "1333+33333333"},
    {"POST", "/api/v1/recusals/" NO_ID "/decision", JSON, "{\"decision\":\"upheld\"}", "1333433333333"},
    {"GET", "/api/v1/seats", NULL, NULL, "1++++33333333"},
    {"PUT", "/api/v1/seats/own", JSON, "{\"status\":\"free\"}", "1++++33333333"},
    {"GET", "/api/v1/seats/today", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/draws", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/reports/summary", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/reports/cases", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/reports/year", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/draws/next", NULL, NULL, "+++++++++++++"},
    {"GET", "/api/v1/ice-servers", NULL, NULL, "1++++++++++++"},
    {"GET", "/api/v1/cases/{case}/call", NULL, NULL, "1++++33+4++++"},
    {"POST", "/api/v1/cases/{case}/call", "application/sdp", "v=0\r\n", "13+3333+4++++"},
    {"PUT", "/api/v1/cases/{case}/call/view", JSON, "{\"large\":[],\"hidden\":[\"nobody\"]}", "13+3333+4++++"},
    {"PUT", "/api/v1/cases/{case}/call/mode", JSON, "{\"mode\":\"video\"}", "13+3333+4++++"},
    {"POST", "/api/v1/cases/{case}/call/" NO_ID, "application/sdp", "v=0\r\n", "1++++33++++++"},
    {"POST", "/api/v1/cases/{case}/snapshots", JSON, "{\"party_id\":\"{party}\"}", "13+3333333333"},
    {"POST", "/api/v1/cases/{case}/photo-requests", JSON, "{\"party_id\":\"{party}\"}", "13+3333333333"},
    {"GET", "/api/v1/cases/{case}/photo-requests", NULL, NULL, "1++++33+43333"},
    {"PATCH", "/api/v1/cases/{case}/photo-requests/" NO_ID, JSON, "{\"state\":\"failed\"}", "1343333443333"},
    {"POST", "/api/v1/cases/{case}/photos", "image/png", "no image", "13+3333+43333"},
    {"POST", "/api/v1/cases/{case}/messages", JSON, "{\"text\":\"您好\"}", "13+3333+4++++"},
    {"GET", "/api/v1/cases/{case}/messages", NULL, NULL, "1+++++3+4++++"},
    {"GET", "/api/v1/cases/{case}/live-stills", NULL, NULL, "1+++++3+433++"},
    {"GET", "/api/v1/cases/{case}/recordings", NULL, NULL, "13+33+3333333"},
    {"POST", "/api/v1/cases/{case}/compositions", JSON, "{}", "13+3++3333333"},
    {"GET", "/api/v1/cases/{case}/compositions", NULL, NULL, "13+3++3333333"},
    {"DELETE", "/api/v1/cases/{case}/compositions/" NO_ID, NULL, NULL, "1343443333333"},
    {"GET", "/api/v1/cases/{case}/compositions/" NO_ID "/media", NULL, NULL, "1343443333333"},
    {"POST", "/api/v1/cases/{case}/bundle", NULL, NULL, "1333++3+43333"},
    {"PUT", "/api/v1/cases/{case}/determination", JSON, "{}", "13+3333333333"},
    {"GET", "/api/v1/cases/{case}/determination/approval", NULL, NULL, "13++++3333333"},
    {"POST", "/api/v1/cases/{case}/determination/approval", JSON, "{\"draft_sha256\":\"0\"}", "1333+33333333"},
    {"POST", "/api/v1/cases/{case}/determination/approval-request", NULL, NULL, "13+3333333333"},
    {"GET", "/api/v1/approvals", NULL, NULL, "1333+33333333"},
    {"PUT", "/api/v1/cases/{case}/agreement", JSON, "{}", "13+3333+43333"},
    {"POST", "/api/v1/cases/{case}/agreement/propose", NULL, NULL, "13+3333+43333"},
    {"POST", "/api/v1/cases/{case}/determination/issue", NULL, NULL, "13+3333333333"},
    {"POST", "/api/v1/cases/{case}/queue", NULL, NULL, "1333333+43333"},
    {"DELETE", "/api/v1/cases/{case}/queue", NULL, NULL, "1333333+43333"},
    {"POST", "/api/v1/cases/{case}/claim", NULL, NULL, "1++++33333333"},
    {"POST", "/api/v1/cases/{case}/eligibility", JSON, "{\"weather\":\"3\"}", "13+3+33333333"},
    {"POST", "/api/v1/cases/{case}/evacuate", NULL, NULL, "13+3333333333"},
    {"POST", "/api/v1/cases/{case}/close", JSON, "{\"closing_code\":\"1\"}", "13+3+33333333"},
    {"POST", "/api/v1/cases/{case}/reopen", NULL, NULL, "1333+33333333"},
    {"POST", "/api/v1/cases/{case}/documents/" NO_ID "/services", JSON,
     "{\"party_id\":\"{party}\",\"way\":\"paper\",\"delivery\":\"handed\"}", "1343433+33333"},
    {"POST", "/api/v1/cases/{case}/documents/" NO_ID "/pauses", JSON, "{}", "1333333443333"},
    {"DELETE", "/api/v1/cases/{case}/pauses/" NO_ID, NULL, NULL, "1333333443333"},
    {"POST", "/api/v1/cases/{case}/pauses/" NO_ID "/resolution", JSON, "{\"outcome\":\"goes_on\",\"note\":\"谈过\"}",
     "1343433333333"},
    {"GET", "/api/v1/pauses", NULL, NULL, "1++++33333333"},
    {"GET", "/api/v1/late-reports", NULL, NULL, "13+++33333333"},
    {"POST", "/api/v1/cases/{case}/acceptance", JSON, "{\"accepted\":true}", "13+++33333333"},
    {"POST", "/api/v1/cases/{case}/review-requests", JSON, "{\"request\":\"a\",\"reasons\":\"b\",\"evidence\":\"c\"}",
     "1333333+43333"},
    {"POST", "/api/v1/cases/{case}/review-requests/" NO_ID "/withdraw", NULL, NULL, "1333333443333"},
    {"POST", "/api/v1/cases/{case}/review-requests/" NO_ID "/forward", NULL, NULL, "1343433333333"},
    {"GET", "/api/v1/cases/{case}/review-requests/" NO_ID "/packet", NULL, NULL, "1343433333333"},
    {"POST", "/api/v1/cases/{case}/review-requests/" NO_ID "/conclude", JSON, "{}", "1333+33333333"},
    {"POST", "/api/v1/cases/{case}/review-requests/" NO_ID "/serve", NULL, NULL, "1343433333333"},
    {"POST", "/api/v1/cases/{case}/review-requests/" NO_ID "/suit", JSON, "{}", "13+++33333333"},
    {"GET", "/api/v1/review-requests", NULL, NULL, "13++++3333333"},
    {"POST", "/api/v1/cases/{case}/accesses", JSON, "{\"purpose\":\"review\"}", "1333++3333333"},
    {"GET", "/api/v1/cases/{case}/accesses", NULL, NULL, "13+3++3+43333"},
    {"POST", "/api/v1/cases/{case}/reviews", JSON, "{\"kind\":\"finding\"}", "1333++3333333"},
    {"GET", "/api/v1/cases/{case}/reviews", NULL, NULL, "13+3++3333333"},
    {"POST", "/api/v1/cases/{case}/reviews/" NO_ID "/answer", JSON, "{\"answer\":\"accepted\"}", "1344433333333"},
    {"POST", "/api/v1/cases/{case}/reviews/" NO_ID "/closing", JSON, "{\"closing\":\"upheld\"}", "1333443333333"},
    {"GET", "/api/v1/audit/samples", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/audit/blind-looks", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/audit/blind-looks/" NO_ID, NULL, NULL, "1333443333333"},
    {"POST", "/api/v1/audit/blind-looks/" NO_ID "/answer", JSON, "{}", "1333++3333333"},
    {"POST", "/api/v1/audit/blind-looks/" NO_ID "/return", JSON, "{\"reason\":\"a\"}", "1333443333333"},
    {"GET", "/api/v1/audit/agreement", NULL, NULL, "1333++3333333"},
    {"GET", "/api/v1/findings", NULL, NULL, "13++++3333333"},
    {"POST", "/api/v1/cases/{case}/on-scene", NULL, NULL, "1++++33+43333"},
};

typedef struct {
    Fixture *fixture;
    TestCase own, foreign;
    char *tokens[CALLERS]; /* NULL: none */
} World;

static char *
other_officer(Fixture *fixture, const char *admin)
{
    const char *body = "{\"username\":\"other\",\"password\":\"kuaichu-demo\",\"role\":\"officer\",\"name\":\"李四\"}";
    g_autoptr(json_t) user =
        fixture_json(fixture, 201, (Call){.path = "/api/v1/admin/users", .token = admin, .text = body});
    ck_assert_str_eq(text_at(user, "role"), "officer");
    return fixture_sign_in(fixture, "other");
}

static void
invite_guests(World *world)
{
    static const char *const kinds[] = {"emergency", "interpreter", "insurer", "supervisor"};
    g_autofree char *path = case_path(&world->own, "/invitations");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *of = strcmp(kinds[i], "insurer") == 0
                                  ? g_strdup_printf(",\"party_id\":\"%s\"", world->own.party_id)
                                  : g_strdup("");
        g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",\"name\":\"来宾\"%s}", kinds[i], of);
        g_autoptr(json_t) made = fixture_json(
            world->fixture, 201, (Call){.path = path, .token = world->tokens[OFFICER], .text = body});
        world->tokens[EMERGENCY + i] = g_strdup(text_at(made, "token"));
    }
}

static World
world_new(void)
{
    World world = {.fixture = fixture_new(NULL)};
    const Caller demo[] = {INTAKE, OFFICER, SUPERVISOR, AUDITOR, ADMIN};
    for (gsize i = 0; i < G_N_ELEMENTS(demo); i++)
        world.tokens[demo[i]] = fixture_sign_in(world.fixture, caller_names[demo[i]]);
    world.tokens[OTHER] = other_officer(world.fixture, world.tokens[ADMIN]);
    world.own = fixture_case_in_call(world.fixture, world.tokens[OFFICER]);
    world.foreign = fixture_open_case(world.fixture);
    world.tokens[PARTY] = g_strdup(world.own.token);
    world.tokens[STRANGER] = g_strdup(world.foreign.token);
    invite_guests(&world);
    return world;
}

static void
world_clear(World *world)
{
    for (gsize i = 0; i < CALLERS; i++)
        g_free(world->tokens[i]);
    test_case_clear(&world->own);
    test_case_clear(&world->foreign);
    fixture_free(world->fixture);
}

static char *
fill(const World *world, const char *text)
{
    if (text == NULL)
        return NULL;
    g_autoptr(GString) filled = g_string_new(text);
    g_string_replace(filled, "{case}", world->own.id, 0);
    g_string_replace(filled, "{party}", world->own.party_id, 0);
    return g_string_free(g_steal_pointer(&filled), FALSE);
}

static char
sign_of(int status)
{
    switch (status) {
    case 401:
        return '1';
    case 403:
        return '3';
    case 404:
        return '4';
    default:
        return status < 500 ? '+' : '5';
    }
}

START_TEST(each_role_may_what_its_row_says)
{
    World world = world_new();
    g_autoptr(GString) wrong = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = fill(&world, rows[i].path), *body = fill(&world, rows[i].body);
        for (gsize caller = 0; caller < CALLERS; caller++) {
            g_autoptr(Reply) reply = fixture_call(world.fixture, (Call){.method = rows[i].method,
                                                                        .path = path,
                                                                        .token = world.tokens[caller],
                                                                        .text = body,
                                                                        .type = rows[i].type});
            if (sign_of(reply->status) != rows[i].wanted[caller])
                g_string_append_printf(wrong, "\n%s %s by %s: %d instead of '%c': %s", rows[i].method, rows[i].path,
                                       caller_names[caller], reply->status, rows[i].wanted[caller], reply_text(reply));
        }
    }
    if (wrong->len > 0)
        ck_abort_msg("%s", wrong->str);
    world_clear(&world);
}
END_TEST

/* What is not visible to a role is 403 or 404 also for an object that does not exist, so that nobody can probe. */
static const struct {
    const char *path;
    const char *wanted;
} objects[] = {
    {"/api/v1/cases/" NO_ID, "1444443443334"},
    {"/api/v1/cases/" NO_ID "/timeline", "1344443333334"},
    {"/api/v1/cases/{case}/stills/" NO_ID, "1444443443344"},
    {"/api/v1/cases/{case}/objects/" NO_ID, "1344443443334"},
    {"/api/v1/cases/{case}/documents/" NO_ID, "1444443443434"},
    {"/api/v1/recordings/" NO_ID "/media", "1344443333333"},
    {"/api/v1/recordings/" NO_ID "/index", "1344443333333"},
    {"/api/v1/recordings/" NO_ID "/receipt", "1344443333333"},
};

START_TEST(what_does_not_exist_is_not_found)
{
    World world = world_new();
    g_autoptr(GString) wrong = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(objects); i++) {
        g_autofree char *path = fill(&world, objects[i].path);
        for (gsize caller = 0; caller < CALLERS; caller++) {
            g_autoptr(Reply) reply = fixture_call(world.fixture, (Call){.path = path, .token = world.tokens[caller]});
            if (sign_of(reply->status) != objects[i].wanted[caller])
                g_string_append_printf(wrong, "\nGET %s by %s: %d instead of '%c'", objects[i].path,
                                       caller_names[caller], reply->status, objects[i].wanted[caller]);
        }
    }
    if (wrong->len > 0)
        ck_abort_msg("%s", wrong->str);
    world_clear(&world);
}
END_TEST

/* No route can be added without a row: every operation of the contract is in a table above, or in this list of those
 * that other tests try for every role. */
static const char *const elsewhere[] = {
    "DELETE /api/v1/sessions/current",
    "GET /api/v1/events",
    "POST /api/v1/cases/{case_id}/release",
    "PATCH /api/v1/cases/{case_id}/call/{leg_id}",
    "DELETE /api/v1/cases/{case_id}/call/{leg_id}",
    "POST /api/v1/cases/{case_id}/documents/{document_id}/signatures",
};

static gboolean
same_shape(const char *operation, const char *method, const char *path)
{
    g_auto(GStrv) words = g_strsplit(operation, " ", 2);
    g_auto(GStrv) wanted = g_strsplit(words[1], "/", -1);
    g_auto(GStrv) given = g_strsplit(path, "/", -1);
    if (strcmp(words[0], method) != 0 || g_strv_length(wanted) != g_strv_length(given))
        return FALSE;
    for (gsize i = 0; wanted[i] != NULL; i++) {
        if (wanted[i][0] != '{' && strcmp(wanted[i], given[i]) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_covered(const char *operation)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (same_shape(operation, rows[i].method, rows[i].path))
            return TRUE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(objects); i++) {
        if (same_shape(operation, "GET", objects[i].path))
            return TRUE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
        if (strcmp(operation, elsewhere[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

START_TEST(every_operation_has_a_row)
{
    g_autoptr(GPtrArray) operations = contract_operations();
    ck_assert_uint_gt(operations->len, 40);
    for (guint i = 0; i < operations->len; i++) {
        if (!is_covered(operations->pdata[i]))
            ck_abort_msg("no row for %s", (const char *)operations->pdata[i]);
    }
}
END_TEST

/* The rest, each of which ends or needs something: asked by those who may not, which changes nothing. */
static const struct {
    const char *method;
    const char *path;
    const char *type;
    const char *body;
    const char *wanted; /* ' ': not asked here */
} guarded[] = {
    {"DELETE", "/api/v1/sessions/current", NULL, NULL, "1      333333"},
    {"POST", "/api/v1/cases/{case}/release", NULL, NULL, "13 3 33333333"},
    {"PATCH", "/api/v1/cases/{case}/call/" NO_ID, "application/trickle-ice-sdpfrag", "a=end-of-candidates\r\n",
     "1444433444444"},
    {"DELETE", "/api/v1/cases/{case}/call/" NO_ID, NULL, NULL, "1444433444444"},
    {"POST", "/api/v1/cases/{case}/documents/" NO_ID "/signatures", JSON,
     "{\"decision\":\"refused\",\"document_sha256\":\"00\",\"party_id\":\"{party}\"}", "1343333433333"},
};

START_TEST(who_may_not_is_refused)
{
    World world = world_new();
    g_autoptr(GString) wrong = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(guarded); i++) {
        g_autofree char *path = fill(&world, guarded[i].path), *body = fill(&world, guarded[i].body);
        for (gsize caller = 0; caller < CALLERS; caller++) {
            if (guarded[i].wanted[caller] == ' ')
                continue;
            g_autoptr(Reply) reply = fixture_call(world.fixture, (Call){.method = guarded[i].method,
                                                                        .path = path,
                                                                        .token = world.tokens[caller],
                                                                        .text = body,
                                                                        .type = guarded[i].type});
            char sign = sign_of(reply->status);
            if (sign != guarded[i].wanted[caller])
                g_string_append_printf(wrong, "\n%s %s by %s: %d instead of '%c': %s", guarded[i].method,
                                       guarded[i].path, caller_names[caller], reply->status, guarded[i].wanted[caller],
                                       reply_text(reply));
        }
    }
    if (wrong->len > 0)
        ck_abort_msg("%s", wrong->str);
    world_clear(&world);
}
END_TEST

static Suite *
roles_suite(void)
{
    Suite *suite = suite_create("http/roles");
    TCase *all = tcase_create("roles");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, each_role_may_what_its_row_says);
    tcase_add_test(all, what_does_not_exist_is_not_found);
    tcase_add_test(all, who_may_not_is_refused);
    tcase_add_test(all, every_operation_has_a_row);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(roles_suite())
