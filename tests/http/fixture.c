#include "tests/http/fixture.h"

#include <string.h>
#include <unistd.h>

#include "src/base/timestamp.h"
#include "tests/http/contract_check.h"

#define DEMO_PASSWORD "kuaichu-demo"

const char test_new_case[] =
    "{\"channel\":\"web\",\"place\":{\"text\":\"商州区北新街与工农路路口\",\"latitude\":33.8704,\"longitude\":109.9187,"
    "\"accuracy_m\":12.4},\"triage\":{\"death\":false,\"injury\":\"none\",\"licence_problem\":false,"
    "\"alcohol_or_drugs\":false,\"overloaded_or_speeding_passenger_vehicle\":false,\"plate_problem\":false,"
    "\"cannot_move\":false,\"party_left\":false,\"intent\":false,\"no_inspection_or_insurance_mark\":false,"
    "\"facility_damage\":false,\"hazardous_goods\":false},\"consents\":[\"recording\",\"location\","
    "\"electronic_service\"],\"party\":{\"name\":\"张三\",\"phone\":\"13800000000\",\"plate_number\":\"陕H12345\","
    "\"plate_type\":\"02\"}}";

const guint8 test_png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
    0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00,
    0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x64, 0xf8, 0xcf, 0x50, 0x0f, 0x00, 0x03, 0x86, 0x01, 0x80,
    0x5a, 0x34, 0x7d, 0x6b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};
const gsize test_png_size = sizeof test_png;

static gint64
skewed_now(gpointer data)
{
    const Fixture *fixture = data;
    return kc_timestamp_now_us() + fixture->skew_us;
}

static void
start_app(Fixture *fixture, const KcTurn *turn, const char *rules, gboolean text_only)
{
    g_autoptr(GError) error = NULL;
    fixture->media = kc_fake_media_new();
    fixture->composer = kc_fake_composer_new();
    const KcAppOptions options = {
        .data_dir = fixture->dir,
        .rules_dir = rules,
        .media = kc_fake_media_port(fixture->media),
        .compose = kc_fake_composer_port(fixture->composer),
        .demo = TRUE,
        .purpose_asked = TRUE,
        .text_only = text_only,
        .turn = turn != NULL ? *turn : (KcTurn){NULL},
        .now_us = skewed_now,
        .clock_data = fixture,
        .password_cost = KC_PASSWORD_COST_TEST,
    };
    fixture->app = kc_app_new(&options, &error);
    kc_assert_no_error(error);
}

static Fixture *
start(const KcHttpConfig *given, const KcTurn *turn, const char *rules, gboolean text_only)
{
    g_autoptr(GError) error = NULL;
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->dir = kc_test_dir_new();
    start_app(fixture, turn, rules, text_only);
    KcHttpConfig config = given != NULL ? *given : (KcHttpConfig){0};
    config.listen = "127.0.0.1:0";
    fixture->server = kc_http_server_new(&config, fixture->app, &error);
    kc_assert_no_error(error);
    fixture->port = kc_http_server_port(fixture->server);
    return fixture;
}

Fixture *
fixture_new(const KcHttpConfig *config)
{
    return start(config, NULL, NULL, FALSE);
}

Fixture *
fixture_new_text_only(void)
{
    return start(NULL, NULL, NULL, TRUE);
}

Fixture *
fixture_new_with_turn(const KcTurn *turn)
{
    return start(NULL, turn, NULL, FALSE);
}

Fixture *
fixture_new_with_lots(void)
{
    char *rules = kc_test_dir_copy(KC_RULES_DIR, "desk.json", "\"pick\"", "\"draw\"");
    Fixture *fixture = start(NULL, NULL, rules, FALSE);
    kc_test_dir_remove(rules);
    return fixture;
}

void
fixture_free(Fixture *fixture)
{
    if (fixture == NULL)
        return;
    kc_http_server_free(fixture->server);
    kc_app_free(fixture->app);
    kc_fake_media_free(fixture->media);
    kc_fake_composer_free(fixture->composer);
    kc_test_dir_remove(fixture->dir);
    g_free(fixture);
}

static const char *
method_of(const Call *call)
{
    if (call->method != NULL)
        return call->method;
    return call->text != NULL || call->bytes != NULL ? "POST" : "GET";
}

static GString *
head_of(const Call *call, gsize size)
{
    GString *head = g_string_new(NULL);
    g_string_append_printf(head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n", method_of(call),
                           call->path);
    if (call->token != NULL)
        g_string_append_printf(head, "Authorization: Bearer %s\r\n", call->token);
    if (call->text != NULL || call->bytes != NULL)
        g_string_append_printf(head, "Content-Type: %s\r\n", call->type != NULL ? call->type : "application/json");
    if (strcmp(method_of(call), "GET") != 0)
        g_string_append_printf(head, "Content-Length: %zu\r\n", size);
    if (call->headers != NULL)
        g_string_append(head, call->headers);
    g_string_append(head, "\r\n");
    return head;
}

static void
check_reply(const Call *call, const Reply *reply)
{
    g_auto(GStrv) parts = g_strsplit(call->path, "?", 2);
    g_autofree char *problem = contract_check(method_of(call), parts[0], reply);
    g_autofree char *policy = reply_header(reply, "Content-Security-Policy");
    g_autofree char *request_id = reply_header(reply, "X-Request-Id");
    if (problem != NULL)
        ck_abort_msg("%s %s answered %d: %s\n%s", method_of(call), call->path, reply->status, problem,
                     reply_text(reply));
    ck_assert_ptr_nonnull(policy);
    ck_assert_ptr_nonnull(request_id);
}

Reply *
fixture_call(Fixture *fixture, Call call)
{
    gsize size = call.text != NULL ? strlen(call.text) : call.size;
    g_autoptr(GString) head = head_of(&call, size);
    int fd = client_connect(fixture->port);
    if (client_send(fd, head->str, head->len) && size > 0)
        client_send(fd, call.text != NULL ? call.text : call.bytes, size);
    Reply *reply = client_receive(fd);
    close(fd);
    if (reply->status == 0)
        ck_abort_msg("%s %s: no reply", method_of(&call), call.path);
    check_reply(&call, reply);
    return reply;
}

Reply *
fixture_expect(Fixture *fixture, int status, Call call)
{
    Reply *reply = fixture_call(fixture, call);
    if (reply->status != status)
        ck_abort_msg("%s %s: %d instead of %d\n%s", method_of(&call), call.path, reply->status, status,
                     reply_text(reply));
    return reply;
}

json_t *
fixture_json(Fixture *fixture, int status, Call call)
{
    g_autoptr(Reply) reply = fixture_expect(fixture, status, call);
    json_t *root = json_loadb(reply_text(reply), reply->body->len, 0, NULL);
    ck_assert_ptr_nonnull(root);
    return root;
}

const char *
text_at(const json_t *root, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, ".", -1);
    for (gsize i = 0; names[i] != NULL; i++) {
        if (json_is_array(root))
            root = json_array_get(root, (size_t)g_ascii_strtoull(names[i], NULL, 10));
        else
            root = json_object_get(root, names[i]);
    }
    if (!json_is_string(root))
        ck_abort_msg("no text at %s", path);
    return json_string_value(root);
}

char *
fixture_sign_in(Fixture *fixture, const char *username)
{
    g_autofree char *body = g_strdup_printf("{\"username\":\"%s\",\"password\":\"" DEMO_PASSWORD "\"}", username);
    g_autoptr(json_t) session = fixture_json(fixture, 201, (Call){.path = "/api/v1/sessions", .text = body});
    return g_strdup(text_at(session, "token"));
}

void
test_case_clear(TestCase *test_case)
{
    g_free(test_case->id);
    g_free(test_case->token);
    g_free(test_case->party_id);
}

TestCase
fixture_open_case(Fixture *fixture)
{
    g_autoptr(json_t) opened = fixture_json(fixture, 201, (Call){.path = "/api/v1/cases", .text = test_new_case});
    return (TestCase){.id = g_strdup(text_at(opened, "case.id")),
                      .token = g_strdup(text_at(opened, "token")),
                      .party_id = g_strdup(text_at(opened, "party.id"))};
}

char *
case_path(const TestCase *test_case, const char *rest)
{
    return g_strconcat("/api/v1/cases/", test_case->id, rest, NULL);
}

void
fixture_join_call(Fixture *fixture, const TestCase *test_case, const char *offer_id)
{
    g_autofree char *call = case_path(test_case, "/call"), *offer = kc_fake_media_offer(offer_id);
    g_autoptr(Reply) joined = fixture_expect(
        fixture, 201, (Call){.path = call, .token = test_case->token, .text = offer, .type = "application/sdp"});
    g_autofree char *location = reply_header(joined, "Location");
    kc_fake_media_connect(fixture->media, strrchr(location, '/') + 1);
}

TestCase
fixture_case_in_call(Fixture *fixture, const char *officer)
{
    TestCase opened = fixture_open_case(fixture);
    g_autofree char *queue = case_path(&opened, "/queue"), *claim = case_path(&opened, "/claim");
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = queue, .token = opened.token}));
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = claim, .token = officer}));
    fixture_join_call(fixture, &opened, "1");
    return opened;
}
