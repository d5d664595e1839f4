/* Event streams: who sees what, resuming, slow readers, the end of a session. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/app/accounts.h"
#include "src/base/limits.h"
#include "src/http/connection.h"
#include "src/http/sse.h"
#include "tests/http/fixture.h"

#define WAIT_MS 3000

/* `last`: the id to resume after; NULL: from now. The head of the reply and the first event are read. */
static int
open_stream(Fixture *fixture, const char *token, const char *last, char **ret_hello)
{
    g_autofree char *resume = last != NULL ? g_strdup_printf("Last-Event-ID: %s\r\n", last) : g_strdup("");
    g_autofree char *request =
        g_strdup_printf("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n%s\r\n", token, resume);
    int fd = client_connect(fixture->port);
    client_send(fd, request, strlen(request));
    g_autofree char *hello = client_read_until(fd, "}\n\n", WAIT_MS);
    ck_assert_ptr_nonnull(hello);
    ck_assert(g_str_has_prefix(hello, "HTTP/1.1 200"));
    ck_assert_ptr_nonnull(strstr(hello, "Content-Type: text/event-stream"));
    ck_assert_ptr_nonnull(strstr(hello, "retry: 1000"));
    ck_assert_ptr_nonnull(strstr(hello, "event: hello"));
    if (ret_hello != NULL)
        *ret_hello = g_steal_pointer(&hello);
    return fd;
}

static void
queue(Fixture *fixture, const TestCase *one)
{
    g_autofree char *path = case_path(one, "/queue");
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = path, .token = one->token}));
}

static char *
id_in(const char *text)
{
    const char *at = strstr(text, "\nid: ");
    ck_assert_ptr_nonnull(at);
    return g_strndup(at + 5, strspn(at + 5, "0123456789"));
}

START_TEST(a_guest_s_stream_ends_when_it_is_sent_away)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autofree char *invitations = case_path(&one, "/invitations");
    g_autoptr(json_t) made =
        fixture_json(fixture, 201, (Call){.path = invitations, .token = officer,
                                          .text = "{\"kind\":\"emergency\",\"name\":\"120 调度\"}"});
    const char *token = text_at(made, "token");
    g_autofree char *rest = g_strconcat("/guests/", text_at(made, "guest_id"), NULL);
    g_autofree char *guest = case_path(&one, rest);
    int fd = open_stream(fixture, token, NULL, NULL);
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = guest, .token = officer}));
    g_autofree char *last = client_read_until(fd, "0\r\n\r\n", WAIT_MS);
    ck_assert_ptr_nonnull(last);
    ck_assert_ptr_null(strstr(last, "120 调度"));
    reply_free(fixture_expect(fixture, 401, (Call){.path = "/api/v1/guest", .token = token}));
    close(fd);
}
END_TEST

static char *
invite_guest(Fixture *fixture, const TestCase *one, const char *officer, const char *kind, char **ret_guest_path)
{
    g_autofree char *invitations = case_path(one, "/invitations");
    g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",\"name\":\"来宾\"}", kind);
    g_autoptr(json_t) made =
        fixture_json(fixture, 201, (Call){.path = invitations, .token = officer, .text = body});
    g_autofree char *rest = g_strconcat("/guests/", text_at(made, "guest_id"), NULL);
    if (ret_guest_path != NULL)
        *ret_guest_path = case_path(one, rest);
    return g_strdup(text_at(made, "token"));
}

START_TEST(a_guest_hears_of_what_its_kind_may_know)
{
    static const struct {
        const char *kind;
        gboolean still, photo;
    } rows[] = {{"emergency", FALSE, FALSE}, {"interpreter", FALSE, FALSE}, {"supervisor", TRUE, TRUE}};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autofree char *photos = case_path(&one, "/photos"), *requests = case_path(&one, "/photo-requests");
    g_autofree char *ask = g_strdup_printf("{\"party_id\":\"%s\"}", one.party_id);
    g_autofree char *last_guest = NULL;
    int fds[G_N_ELEMENTS(rows)];
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *token = invite_guest(fixture, &one, officer, rows[i].kind, NULL);
        fds[i] = open_stream(fixture, token, NULL, NULL);
    }
    g_autofree char *unused = invite_guest(fixture, &one, officer, "emergency", &last_guest);
    reply_free(fixture_expect(fixture, 201, (Call){.path = requests, .token = officer, .text = ask}));
    reply_free(fixture_expect(
        fixture, 201,
        (Call){.path = photos, .token = one.token, .bytes = test_png, .size = test_png_size, .type = "image/png"}));
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = last_guest, .token = officer}));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *heard = client_read_until(fds[i], "event: guest.revoked\n", WAIT_MS);
        ck_assert_msg(heard != NULL, "%s", rows[i].kind);
        ck_assert_ptr_nonnull(strstr(heard, "event: case.updated\n"));
        ck_assert_msg((strstr(heard, "still.created") != NULL) == rows[i].still, "%s: %s", rows[i].kind, heard);
        ck_assert_msg((strstr(heard, "photo.requested") != NULL) == rows[i].photo, "%s: %s", rows[i].kind, heard);
        close(fds[i]);
    }
}
END_TEST

START_TEST(the_desk_hears_of_a_new_case)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    int fd = open_stream(fixture, officer, NULL, NULL);
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_autofree char *created = client_read_until(fd, "event: case.created\ndata: ", WAIT_MS);
    ck_assert_ptr_nonnull(created);
    queue(fixture, &one);
    g_autofree char *changed = client_read_until(fd, "event: queue.changed\ndata: ", WAIT_MS);
    ck_assert_ptr_nonnull(changed);
    ck_assert_ptr_null(strstr(changed, "13800000000"));
    ck_assert_ptr_null(strstr(changed, "张三"));
    close(fd);
}
END_TEST

START_TEST(a_party_hears_of_its_own_case_only)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_auto(TestCase) two = fixture_open_case(fixture);
    int fd = open_stream(fixture, one.token, NULL, NULL);
    queue(fixture, &two);
    queue(fixture, &one);
    g_autofree char *heard = client_read_until(fd, "\"state\":\"waiting\"", WAIT_MS);
    ck_assert_ptr_nonnull(heard);
    ck_assert_ptr_nonnull(strstr(heard, one.id));
    ck_assert_ptr_null(strstr(heard, two.id));
    close(fd);
}
END_TEST

START_TEST(a_stream_resumes_where_it_stopped)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer"), *hello = NULL, *again = NULL;
    int fd = open_stream(fixture, officer, NULL, &hello);
    close(fd);
    g_autofree char *last = id_in(hello);
    g_auto(TestCase) one = fixture_open_case(fixture); /* missed */
    fd = open_stream(fixture, officer, last, &again);
    ck_assert_ptr_nonnull(strstr(again, "\"resync\":false"));
    if (strstr(again, one.id) == NULL) {
        g_autofree char *missed = client_read_until(fd, one.id, WAIT_MS);
        ck_assert_ptr_nonnull(missed);
    }
    close(fd);
    /* An id of another history can't be resumed. */
    g_autofree char *unknown = NULL;
    fd = open_stream(fixture, officer, "999999999", &unknown);
    ck_assert_ptr_nonnull(strstr(unknown, "\"resync\":true"));
    close(fd);
}
END_TEST

START_TEST(too_much_missed_is_said)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *intake = fixture_sign_in(fixture, "intake"), *hello = NULL;
    for (guint i = 0; i < KC_LIMIT_SSE_QUEUE_EVENTS / 2; i++)
        reply_free(
            fixture_expect(fixture, 201, (Call){.path = "/api/v1/cases", .text = test_new_case, .token = intake}));
    int fd = open_stream(fixture, intake, "0", &hello);
    ck_assert_ptr_nonnull(strstr(hello, "\"resync\":true"));
    close(fd);
}
END_TEST

START_TEST(a_silent_stream_has_a_heartbeat)
{
    const KcHttpConfig config = {.heartbeat_s = 1};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    int fd = open_stream(fixture, officer, NULL, NULL);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *comment = client_read_until(fd, ":\n\n", WAIT_MS);
        ck_assert_ptr_nonnull(comment);
    }
    close(fd);
}
END_TEST

START_TEST(signing_out_ends_the_stream)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    int fd = open_stream(fixture, officer, NULL, NULL);
    reply_free(
        fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = "/api/v1/sessions/current", .token = officer}));
    g_autofree char *end = client_read_until(fd, "0\r\n\r\n", WAIT_MS);
    ck_assert_ptr_nonnull(end);
    close(fd);
}
END_TEST

/* As the command line does it beside the service: in the database, without a word to the streams. */
START_TEST(a_stream_ends_soon_after_its_account_is_disabled)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(GError) error = NULL;
    g_auto(KcResult) result = {0};
    g_autofree char *officer = fixture_sign_in(fixture, "officer"), *supervisor = fixture_sign_in(fixture, "supervisor");
    int fd = open_stream(fixture, officer, NULL, NULL), other = open_stream(fixture, supervisor, NULL, NULL);
    ck_assert(kc_app_set_disabled(fixture->app, NULL, "officer", TRUE, NULL, &result, &error));
    kc_http_server_tend(fixture->server);
    g_autofree char *end = client_read_until(fd, "0\r\n\r\n", WAIT_MS);
    ck_assert_ptr_nonnull(end);
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_autofree char *heard = client_read_until(other, "event: case.created\ndata: ", WAIT_MS);
    ck_assert_ptr_nonnull(heard);
    close(fd);
    close(other);
}
END_TEST

START_TEST(a_stream_ends_with_its_session)
{
    const KcHttpConfig config = {.heartbeat_s = 1};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    fixture->skew_us = -12 * G_TIME_SPAN_HOUR + 1500 * G_TIME_SPAN_MILLISECOND;
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    int fd = open_stream(fixture, officer, NULL, NULL);
    g_autofree char *end = client_read_until(fd, "0\r\n\r\n", 5000);
    ck_assert_ptr_nonnull(end);
    close(fd);
}
END_TEST

START_TEST(nobody_listens_without_a_token)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    reply_free(fixture_expect(fixture, 401, (Call){.path = "/api/v1/events"}));
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    reply_free(fixture_expect(fixture, 405, (Call){.method = "HEAD", .path = "/api/v1/events", .token = officer}));
}
END_TEST

/* ---- The hub alone, with a client that does not read ---- */

START_TEST(a_client_that_does_not_read_is_dropped)
{
    int pair[2];
    char buffer[16];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    KcHttpConnections *connections = kc_http_connections_new(60, 60, 60);
    KcHttpConnection *connection = kc_http_connection_opened(connections, pair[0]);
    KcSseHub *hub = kc_sse_hub_new(15);
    const KcSseAudience audience = {.reader = {.desk = TRUE}};
    KcSseClient *client = kc_sse_client_new(hub, NULL, connection, audience);
    kc_sse_client_start(client, 0, FALSE);
    for (gint64 seq = 1; seq <= KC_LIMIT_SSE_QUEUE_EVENTS + 1; seq++) {
        const KcEvent event = {.seq = seq,
                               .type = (char *)"queue.changed",
                               .audience = (char *)"desk",
                               .data_json = (char *)"{\"type\":\"queue.changed\"}"};
        kc_sse_hub_publish(hub, &event);
    }
    ck_assert_int_eq(recv(pair[1], buffer, sizeof buffer, MSG_DONTWAIT), 0); /* shut down */
    kc_sse_client_free(client);
    kc_sse_hub_free(hub);
    kc_http_connection_closed(connection);
    kc_http_connections_free(connections);
    close(pair[0]);
    close(pair[1]);
}
END_TEST

START_TEST(streams_are_limited)
{
    KcHttpConnections *connections = kc_http_connections_new(60, 60, 60);
    KcSseHub *hub = kc_sse_hub_new(15);
    const KcSseAudience audience = {.reader = {.desk = TRUE}};
    g_autoptr(GPtrArray) clients = g_ptr_array_new_with_free_func((GDestroyNotify)kc_sse_client_free);
    for (guint i = 0; i < KC_LIMIT_SSE_STREAMS; i++) {
        g_ptr_array_add(clients, kc_sse_client_new(hub, NULL, NULL, audience));
        ck_assert_ptr_nonnull(clients->pdata[i]);
    }
    ck_assert_ptr_null(kc_sse_client_new(hub, NULL, NULL, audience));
    ck_assert_uint_eq(kc_sse_hub_clients(hub), KC_LIMIT_SSE_STREAMS);
    g_ptr_array_set_size(clients, 0);
    kc_sse_hub_free(hub);
    kc_http_connections_free(connections);
}
END_TEST

static Suite *
events_suite(void)
{
    Suite *suite = suite_create("http/events");
    TCase *all = tcase_create("events");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_guest_hears_of_what_its_kind_may_know);
    tcase_add_test(all, a_guest_s_stream_ends_when_it_is_sent_away);
    tcase_add_test(all, the_desk_hears_of_a_new_case);
    tcase_add_test(all, a_party_hears_of_its_own_case_only);
    tcase_add_test(all, a_stream_resumes_where_it_stopped);
    tcase_add_test(all, too_much_missed_is_said);
    tcase_add_test(all, a_silent_stream_has_a_heartbeat);
    tcase_add_test(all, signing_out_ends_the_stream);
    tcase_add_test(all, a_stream_ends_soon_after_its_account_is_disabled);
    tcase_add_test(all, a_stream_ends_with_its_session);
    tcase_add_test(all, nobody_listens_without_a_token);
    tcase_add_test(all, a_client_that_does_not_read_is_dropped);
    tcase_add_test(all, streams_are_limited);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(events_suite())
