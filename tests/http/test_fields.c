/* Route by route: whether a role is let in is what the table of actions says (domain/roles.h), and no reply to one party has a
 * number of another in it, except the document that has to carry it (domain/fields.h). */
#include <string.h>

#include "src/app/accounts.h"
#include "src/app/events.h"
#include "src/http/routes.h"
#include "tests/http/contract_check.h"
#include "tests/http/served.h"

#define NO_ID "01936d7e-0000-7000-8000-000000000001"

/* ---- every route × every role ---- */

typedef struct {
    KcRole role;
    char *token; /* NULL: none */
} Caller;

static char *
guest_of(Served *way, const char *kind)
{
    g_autofree char *of = strcmp(kind, "insurer") == 0 ? g_strdup_printf(",\"party_id\":\"%s\"", way->one.party_id)
                                                      : g_strdup("");
    g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",\"name\":\"来宾\"%s}", kind, of);
    g_autoptr(json_t) made = served_by_officer(way, 201, "POST", "/invitations", body);
    return g_strdup(text_at(made, "token"));
}

static char *
key_of(Served *way)
{
    g_autofree char *admin = fixture_sign_in(way->fixture, "admin");
    g_autoptr(json_t) made =
        fixture_json(way->fixture, 201, (Call){.path = "/api/v1/admin/integrations", .token = admin,
                                               .text = "{\"name\":\"122\",\"scopes\":[\"cases:open\",\"cases:read\","
                                                       "\"events:read\"]}"});
    return g_strdup(text_at(made, "key"));
}

static const char *
type_of(KcBodyKind kind)
{
    switch (kind) {
    case KC_BODY_SDP:
        return "application/sdp";
    case KC_BODY_SDP_FRAGMENT:
        return "application/trickle-ice-sdpfrag";
    case KC_BODY_IMAGE:
        return "image/png";
    default:
        return "application/json";
    }
}

/* Nothing that exists is named, so that nothing changes. */
static char *
path_of(const char *pattern)
{
    g_auto(GStrv) parts = g_strsplit(pattern, "/", -1);
    for (gsize i = 0; parts[i] != NULL; i++) {
        if (parts[i][0] != '{')
            continue;
        g_free(parts[i]);
        parts[i] = g_strdup(NO_ID);
    }
    return g_strjoinv("/", parts);
}

/* "role" or "token-missing" is what the table refuses with; whatever else is said is about the request itself. */
static gboolean
is_let_in(const Reply *reply)
{
    if (reply->status != 401 && reply->status != 403)
        return TRUE;
    g_autoptr(json_t) problem = json_loadb(reply_text(reply), reply->body->len, 0, NULL);
    const char *code = json_string_value(json_object_get(problem, "code"));
    return g_strcmp0(code, "role") != 0 && g_strcmp0(code, "token-missing") != 0;
}

static gboolean
should_be_let_in(const KcRoute *route, KcRole role)
{
    switch (route->access) {
    case KC_ACCESS_ANYONE:
    case KC_ACCESS_LOCAL: /* the test is on this machine */
        return TRUE;
    case KC_ACCESS_STAFF:
        return kc_role_is_staff(role);
    case KC_ACCESS_ACTION:
        return kc_role_may(role, route->action) || (route->also != 0 && kc_role_may(role, route->also));
    }
    return FALSE;
}

/* An event stream doesn't end, and signing out ends what the next route is asked with. */
static gboolean
is_left_out(const KcRoute *route, gboolean let_in)
{
    return let_in && (strcmp(route->pattern, "/api/v1/events") == 0 ||
                      (strcmp(route->method, "DELETE") == 0 && strcmp(route->pattern, "/api/v1/sessions/current") == 0));
}

static void
try_route(Fixture *fixture, const KcRoute *route, const Caller *caller, GString *wrong)
{
    gboolean wanted = should_be_let_in(route, caller->role);
    if (is_left_out(route, wanted) || strchr(route->pattern, '*') != NULL)
        return;
    g_autofree char *path = path_of(route->pattern);
    gboolean has_body = route->body != KC_BODY_NONE;
    g_autoptr(Reply) reply = fixture_call(fixture, (Call){.method = route->method,
                                                          .path = path,
                                                          .token = caller->token,
                                                          .text = has_body ? "{}" : NULL,
                                                          .type = type_of(route->body)});
    if (is_let_in(reply) != wanted)
        g_string_append_printf(wrong, "\n%s %s by %s: %d, but the table says %s", route->method, route->pattern,
                               kc_role_to_string(caller->role), reply->status, wanted ? "yes" : "no");
}

START_TEST(each_route_lets_in_whom_the_table_does)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_call(&way);
    Caller callers[] = {
        {KC_ROLE_ANONYMOUS, NULL},
        {KC_ROLE_INTAKE_OPERATOR, fixture_sign_in(fixture, "intake")},
        {KC_ROLE_OFFICER, g_strdup(way.officer)},
        {KC_ROLE_SUPERVISOR, fixture_sign_in(fixture, "supervisor")},
        {KC_ROLE_AUDITOR, fixture_sign_in(fixture, "auditor")},
        {KC_ROLE_ADMIN, fixture_sign_in(fixture, "admin")},
        {KC_ROLE_INTEGRATION, key_of(&way)},
        {KC_ROLE_PARTY, g_strdup(way.token_b)},
        {KC_ROLE_GUEST_EMERGENCY, guest_of(&way, "emergency")},
        {KC_ROLE_GUEST_INTERPRETER, guest_of(&way, "interpreter")},
        {KC_ROLE_GUEST_INSURER, guest_of(&way, "insurer")},
        {KC_ROLE_GUEST_SUPERVISOR, guest_of(&way, "supervisor")},
    };
    g_autoptr(GString) wrong = g_string_new(NULL);
    ck_assert_uint_gt(kc_routes_count, 80);
    for (gsize i = 0; i < kc_routes_count; i++)
        for (gsize k = 0; k < G_N_ELEMENTS(callers); k++)
            try_route(fixture, &kc_routes[i], &callers[k], wrong);
    if (wrong->len > 0)
        ck_abort_msg("%s", wrong->str);
    for (gsize k = 0; k < G_N_ELEMENTS(callers); k++)
        g_free(callers[k].token);
    served_clear(&way);
}
END_TEST

/* The table of routes and the contract are the same. */
START_TEST(each_operation_is_a_route)
{
    g_autoptr(GPtrArray) operations = contract_operations();
    for (guint i = 0; i < operations->len; i++) {
        g_auto(GStrv) words = g_strsplit(operations->pdata[i], " ", 2);
        g_autofree char *path = path_of(words[1]);
        KcRouteMatch match = kc_router_match(kc_routes, kc_routes_count, words[0], path);
        ck_assert_msg(match.route != NULL && strcmp(match.route->pattern, "/{*}") != 0, "no route for %s",
                      (const char *)operations->pdata[i]);
    }
}
END_TEST

/* ---- what one party is told of another ---- */

#define A_ID "612501198501010027"
#define A_PHONE "13800000000"
#define A_LICENCE "612501000001"
#define A_CERTIFICATE "PDZA202661100001"
#define A_STATEMENT "甲方自己的话"

static const char *const secrets[] = {A_ID, A_PHONE, A_LICENCE, A_CERTIFICATE, A_STATEMENT};

static const char *
secret_in(const void *bytes, gsize size)
{
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (memmem(bytes, size, secrets[i], strlen(secrets[i])) != NULL)
            return secrets[i];
    return NULL;
}

static void
check_reply(const Reply *reply, const char *what, const char *who, GString *wrong)
{
    const char *found = secret_in(reply->body->data, reply->body->len);
    if (found != NULL)
        g_string_append_printf(wrong, "\n%s tells %s %s", what, who, found);
}

/* Each is read with the ids of what there is. */
static char *
filled(const Served *way, const char *pattern, const char *signature_id)
{
    const struct {
        const char *name, *id;
    } ids[] = {
        {"{case_id}", way->one.id},       {"{party_id}", way->one.party_id}, {"{document_id}", way->document},
        {"{still_id}", way->still},       {"{object_id}", signature_id},     {"{review_id}", NO_ID},
        {"{recording_id}", NO_ID},        {"{guest_id}", NO_ID},             {"{leg_id}", NO_ID},
        {"{offer_id}", NO_ID},            {"{recusal_id}", NO_ID},           {"{user_id}", NO_ID},
        {"{integration_id}", NO_ID},      {"{path}", "0/000.p/1"},           {"{look_id}", NO_ID},
        {"{composition_id}", NO_ID},
    };
    g_autoptr(GString) path = g_string_new(pattern);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        g_string_replace(path, ids[i].name, ids[i].id, 0);
    ck_assert_msg(strchr(path->str, '{') == NULL, "no id for %s", path->str);
    return g_string_free(g_steal_pointer(&path), FALSE);
}

static guint
read_everything(Served *way, const char *token, const char *who, const char *signature_id, GString *wrong)
{
    g_autoptr(GPtrArray) operations = contract_operations();
    guint read = 0;
    for (guint i = 0; i < operations->len; i++) {
        const char *operation = operations->pdata[i];
        g_auto(GStrv) words = g_strsplit(operation, " ", 2);
        if (strcmp(words[0], "GET") != 0 || g_str_has_suffix(operation, "/documents/{document_id}") ||
            strcmp(words[1], "/api/v1/events") == 0)
            continue;
        g_autofree char *path = filled(way, words[1], signature_id);
        g_autoptr(Reply) reply = fixture_call(way->fixture, (Call){.path = path, .token = token});
        check_reply(reply, operation, who, wrong);
        read += reply->status == 200;
    }
    return read;
}

static void
check_events(Served *way, const char *token, const char *who, GString *wrong)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(KcPrincipal) principal = NULL;
    g_autoptr(GPtrArray) events = NULL;
    gint64 newest;
    ck_assert(kc_app_authenticate(way->fixture->app, token, NULL, &principal, &result, &error));
    g_auto(GStrv) blind = NULL;
    ck_assert(kc_app_events_since(way->fixture->app, principal, 0, 1000, &events, &newest, &blind, &result, &error));
    ck_assert_uint_gt(events->len, 0);
    for (guint i = 0; i < events->len; i++) {
        const KcEvent *event = events->pdata[i];
        if (secret_in(event->data_json, strlen(event->data_json)) != NULL)
            g_string_append_printf(wrong, "\nthe event %s tells %s too much", event->type, who);
    }
}

/* What it says and does itself is answered with the case as it sees it. */
static void
act(Served *way, const char *token, const char *party_id, GString *wrong)
{
    g_autofree char *image = g_base64_encode(test_png, test_png_size);
    g_autofree char *sign = g_strdup_printf("{\"decision\":\"signed\",\"document_sha256\":\"%s\",\"image_png\":\"%s\"}",
                                            way->sha256, image);
    g_autofree char *signatures = g_strdup_printf("/documents/%s/signatures", way->document);
    g_autofree char *pauses = g_strdup_printf("/documents/%s/pauses", way->document);
    g_autofree char *services = g_strdup_printf("/documents/%s/services", way->document);
    g_autofree char *consents = g_strdup_printf("/parties/%s/consents", party_id);
    g_autofree char *own = g_strdup_printf("/parties/%s", party_id);
    const struct {
        const char *method, *rest, *body;
    } acts[] = {
        {"PUT", consents, "{\"kind\":\"insurer\",\"given\":true}"},
        {"PATCH", own, "{\"name\":\"李四\"}"},
        {"POST", pauses, "{}"},
        {"POST", signatures, sign},
        {"POST", services, "{\"document_sha256\":\"0\"}"},
        {"POST", "/review-requests", "{\"request\":\"a\",\"reasons\":\"b\",\"evidence\":\"c\"}"},
        {"POST", "/recusals", "{\"reason\":\"亲属\"}"},
        {"PUT", "/agreement", "{}"},
        {"POST", "/queue", NULL},
        {"POST", "/on-scene", "{}"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        g_autofree char *path = case_path(&way->one, acts[i].rest);
        g_autoptr(Reply) reply = fixture_call(
            way->fixture, (Call){.method = acts[i].method, .path = path, .token = token, .text = acts[i].body});
        ck_assert_int_lt(reply->status, 500);
        check_reply(reply, acts[i].rest, "B", wrong);
    }
}

static void
fill_in_a(Served *way)
{
    g_autofree char *rest = g_strdup_printf("/parties/%s", way->one.party_id);
    g_autofree char *path = case_path(&way->one, rest);
    reply_free(fixture_expect(
        way->fixture, 200,
        (Call){.method = "PATCH", .path = path, .token = way->one.token,
               .text = "{\"id_number\":\"" A_ID "\",\"licence_number\":\"" A_LICENCE "\",\"insurer\":\"picc\","
                       "\"insurance_certificate\":\"" A_CERTIFICATE "\"}"}));
}

/* Owned path of a picture that party A uploads as that item of the shot list. */
static char *
upload(Served *way, const char *shot)
{
    g_autofree char *rest = g_strdup_printf("/photos?shot=%s", shot);
    g_autofree char *path = case_path(&way->one, rest);
    g_autoptr(json_t) made = fixture_json(way->fixture, 201,
                                          (Call){.path = path, .token = way->one.token, .bytes = test_png,
                                                 .size = test_png_size, .type = "image/png"});
    return g_strdup(text_at(made, "still.url"));
}

/* Order 146, art. 65: a party looks at the evidence, and not into the papers of another. */
START_TEST(papers_are_shown_to_their_own_party)
{
    static const struct {
        const char *shot;
        int for_b;
    } pictures[] = {{"front_overview", 200}, {"plate_own", 200},        {"other", 200},
                    {"driving_licence", 404}, {"vehicle_licence", 404}, {"insurance", 404}};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_call(&way);
    for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++) {
        g_autofree char *path = upload(&way, pictures[i].shot);
        reply_free(fixture_expect(fixture, 200, (Call){.path = path, .token = way.one.token}));
        reply_free(fixture_expect(fixture, 200, (Call){.path = path, .token = way.officer}));
        reply_free(fixture_expect(fixture, pictures[i].for_b, (Call){.path = path, .token = way.token_b}));
        g_autofree char *own = case_path(&way.one, "");
        g_autoptr(Reply) seen = fixture_expect(fixture, 200, (Call){.path = own, .token = way.token_b});
        ck_assert_msg((strstr(reply_text(seen), path) != NULL) == (pictures[i].for_b == 200), "%s", pictures[i].shot);
    }
    served_clear(&way);
}
END_TEST

/* Owned id of the drawn signature. */
static char *
decide_a(Served *way)
{
    g_autofree char *image = g_base64_encode(test_png, test_png_size);
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    g_autofree char *body = g_strdup_printf("{\"decision\":\"signed\",\"document_sha256\":\"%s\",\"image_png\":\"%s\","
                                            "\"statement\":\"" A_STATEMENT "\"}",
                                            way->sha256, image);
    g_autoptr(json_t) made =
        fixture_json(way->fixture, 201, (Call){.path = path, .token = way->one.token, .text = body});
    return g_strdup(text_at(made, "signature.signature_object_id"));
}

START_TEST(no_party_learns_a_number_of_another)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    g_autoptr(GString) wrong = g_string_new(NULL);
    served_call(&way);
    fill_in_a(&way);
    g_autofree char *emergency = guest_of(&way, "emergency"), *interpreter = guest_of(&way, "interpreter");
    g_autofree char *insurer = guest_of(&way, "insurer");
    TestCase foreign = fixture_open_case(fixture); /* the same phone: only this case's numbers are looked for below */
    served_issue(&way);
    g_autofree char *signature = decide_a(&way);
    const struct {
        const char *token, *who;
    } readers[] = {{way.token_b, "B"}, {emergency, "the emergency operator"}, {interpreter, "the interpreter"}, {insurer, "the insurer"}};
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        ck_assert_uint_gt(read_everything(&way, readers[i].token, readers[i].who, signature, wrong), 3);
        check_events(&way, readers[i].token, readers[i].who, wrong);
    }
    act(&way, way.token_b, way.party_b, wrong);
    read_everything(&way, way.token_b, "B", signature, wrong);
    if (wrong->len > 0)
        ck_abort_msg("%s", wrong->str);
    /* Whoever may see them does, or the search above would find nothing in anything. */
    g_autofree char *path = case_path(&way.one, "");
    g_autoptr(Reply) seen = fixture_expect(fixture, 200, (Call){.path = path, .token = way.officer});
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
        ck_assert_msg(strstr(reply_text(seen), secrets[i]) != NULL, "the officer does not see %s", secrets[i]);
    g_autoptr(Reply) own = fixture_expect(fixture, 200, (Call){.path = path, .token = way.one.token});
    ck_assert_ptr_nonnull(strstr(reply_text(own), A_LICENCE));
    reply_free(fixture_expect(fixture, 404, (Call){.path = path, .token = foreign.token}));
    test_case_clear(&foreign);
    served_clear(&way);
}
END_TEST

static Suite *
fields_suite(void)
{
    Suite *suite = suite_create("http/fields");
    TCase *all = tcase_create("fields");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, each_route_lets_in_whom_the_table_does);
    tcase_add_test(all, each_operation_is_a_route);
    tcase_add_test(all, no_party_learns_a_number_of_another);
    tcase_add_test(all, papers_are_shown_to_their_own_party);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(fields_suite())
