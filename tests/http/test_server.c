/* What MHD leaves to its users: limits, deadlines, lengths, and an orderly end. */
#include <string.h>
#include <unistd.h>

#include "src/base/limits.h"
#include "tests/http/fixture.h"

#define STOPS 100
#define SLOW_MS 4000 /* more than the one second that these tests set as deadline */

/* Sends raw bytes on a new connection and gives the reply. */
static Reply *
raw(Fixture *fixture, const char *text)
{
    int fd = client_connect(fixture->port);
    client_send(fd, text, strlen(text));
    Reply *reply = client_receive(fd);
    close(fd);
    return reply;
}

START_TEST(health_and_readiness_answer)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) health = fixture_expect(fixture, 200, (Call){.path = "/healthz"});
    ck_assert_str_eq(reply_text(health), "ok\n");
    g_autoptr(json_t) ready = fixture_json(fixture, 200, (Call){.path = "/readyz"});
    ck_assert(json_is_true(json_object_get(ready, "ready")));
    g_autoptr(Reply) metrics = fixture_expect(fixture, 200, (Call){.path = "/metrics"});
    ck_assert_ptr_nonnull(strstr(reply_text(metrics), "kuaichu_http_requests_total{status=\"2xx\"}"));
}
END_TEST

START_TEST(contract_and_codes_are_served)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(json_t) contract = fixture_json(fixture, 200, (Call){.path = "/openapi.json"});
    ck_assert_str_eq(text_at(contract, "openapi"), "3.1.0");
    g_autoptr(json_t) config = fixture_json(fixture, 200, (Call){.path = "/api/v1/config"});
    ck_assert(json_is_true(json_object_get(config, "demo")));
    g_autoptr(Reply) codes = fixture_expect(fixture, 200, (Call){.path = "/api/v1/codes"});
    g_autofree char *etag = reply_header(codes, "ETag");
    g_autofree char *condition = g_strdup_printf("If-None-Match: %s\r\n", etag);
    reply_free(fixture_expect(fixture, 304, (Call){.path = "/api/v1/codes", .headers = condition}));
}
END_TEST

START_TEST(pages_that_are_not_built_in_say_so)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *const paths[] = {"/", "/p/some-token", "/desk", "/audit", "/audit/anything"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(Reply) reply = fixture_expect(fixture, 404, (Call){.path = paths[i]});
        ck_assert_ptr_nonnull(strstr(reply_text(reply), "not built into"));
    }
    reply_free(fixture_expect(fixture, 404, (Call){.path = "/../../etc/passwd"}));
}
END_TEST

START_TEST(unknown_addresses_and_methods)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    reply_free(fixture_expect(fixture, 404, (Call){.path = "/api/v1/nothing"}));
    reply_free(fixture_expect(fixture, 404, (Call){.method = "POST", .path = "/api/v1/nothing"}));
    g_autoptr(Reply) wrong = fixture_expect(fixture, 405, (Call){.method = "DELETE", .path = "/api/v1/cases"});
    g_autofree char *allow = reply_header(wrong, "Allow");
    ck_assert_str_eq(allow, "POST, GET");
    reply_free(fixture_expect(fixture, 405, (Call){.method = "BREW", .path = "/desk"}));
    g_autoptr(Reply) head = fixture_expect(fixture, 200, (Call){.method = "HEAD", .path = "/healthz"});
    ck_assert_uint_eq(head->body->len, 0);
}
END_TEST

START_TEST(request_id_is_kept_if_harmless)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) kept =
        fixture_call(fixture, (Call){.path = "/healthz", .headers = "X-Request-Id: abc-123_XYZ\r\n"});
    g_autofree char *id = reply_header(kept, "X-Request-Id");
    ck_assert_str_eq(id, "abc-123_XYZ");
    g_autoptr(Reply) replaced =
        fixture_call(fixture, (Call){.path = "/healthz", .headers = "X-Request-Id: <script>alert(1)</script>\r\n"});
    g_autofree char *other = reply_header(replaced, "X-Request-Id");
    ck_assert_uint_eq(strlen(other), 36);
}
END_TEST

START_TEST(headers_of_security_are_on_every_reply)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *const wanted[] = {"Content-Security-Policy", "default-src 'none'",
                                  "Permissions-Policy",      "camera=(self), microphone=(self), geolocation=(self)",
                                  "X-Content-Type-Options",  "nosniff",
                                  "Referrer-Policy",         "no-referrer",
                                  "Cache-Control",           "no-store"};
    g_autoptr(Reply) reply = fixture_expect(fixture, 401, (Call){.path = "/api/v1/queue"});
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i += 2) {
        g_autofree char *value = reply_header(reply, wanted[i]);
        ck_assert_ptr_nonnull(value);
        ck_assert_ptr_nonnull(strstr(value, wanted[i + 1]));
    }
    g_autofree char *policy = reply_header(reply, "Content-Security-Policy");
    ck_assert_ptr_null(strstr(policy, "unsafe"));
}
END_TEST

START_TEST(one_connection_serves_many_requests)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    int fd = client_connect(fixture->port);
    const char request[] = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    for (guint i = 0; i < 20; i++) {
        ck_assert(client_send(fd, request, sizeof request - 1));
        g_autofree char *text = client_read_until(fd, "ok\n", 2000);
        ck_assert_ptr_nonnull(text);
    }
    close(fd);
}
END_TEST

START_TEST(a_header_that_never_ends_is_dropped)
{
    const KcHttpConfig config = {.header_deadline_s = 1};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    gint64 began = g_get_monotonic_time();
    int fd = client_connect(fixture->port);
    client_send(fd, "GET /healthz HTTP/1.1\r\nX-Slow: ", 31);
    gboolean closed = FALSE;
    while (!closed && g_get_monotonic_time() - began < SLOW_MS * 1000) {
        client_send(fd, "a", 1);
        closed = client_is_closed(fd, 100);
    }
    ck_assert(closed);
    ck_assert_int_ge(g_get_monotonic_time() - began, 900 * 1000);
    close(fd);
    reply_free(fixture_expect(fixture, 200, (Call){.path = "/healthz"}));
}
END_TEST

START_TEST(a_body_that_never_ends_is_dropped)
{
    const KcHttpConfig config = {.body_deadline_s = 1};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    const char head[] = "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        "Content-Length: 1000\r\n\r\n{";
    gint64 began = g_get_monotonic_time();
    int fd = client_connect(fixture->port);
    client_send(fd, head, sizeof head - 1);
    gboolean closed = FALSE;
    while (!closed && g_get_monotonic_time() - began < SLOW_MS * 1000) {
        client_send(fd, " ", 1);
        closed = client_is_closed(fd, 100);
    }
    ck_assert(closed);
    close(fd);
}
END_TEST

START_TEST(an_idle_connection_is_dropped)
{
    const KcHttpConfig config = {.idle_s = 1};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    int fd = client_connect(fixture->port);
    const char request[] = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    client_send(fd, request, sizeof request - 1);
    g_autofree char *text = client_read_until(fd, "ok\n", 2000);
    ck_assert_ptr_nonnull(text);
    ck_assert(client_is_closed(fd, SLOW_MS));
    close(fd);
}
END_TEST

START_TEST(two_lengths_are_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(Reply) reply = raw(fixture, "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                          "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                                          "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(reply->status, 400);
    ck_assert_ptr_null(strstr(reply_text(reply), "HTTP/1.1"));
}
END_TEST

START_TEST(odd_requests_are_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *const requests[] = {
        "GET /healthz HTTP/1.1\r\n\r\n",
        "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Length: nine\r\n\r\n",
        "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999999\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01\r\n\r\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autoptr(Reply) reply = raw(fixture, requests[i]);
        ck_assert(reply->status == 0 || (reply->status >= 400 && reply->status < 500));
    }
    reply_free(fixture_expect(fixture, 200, (Call){.path = "/healthz"}));
}
END_TEST

START_TEST(a_header_has_a_limit)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *long_value = g_strnfill(KC_LIMIT_REQUEST_HEADER_BYTES, 'x');
    g_autofree char *over = g_strdup_printf("X-Long: %s\r\n", long_value);
    reply_free(fixture_expect(fixture, 431, (Call){.path = "/healthz", .headers = over}));
    long_value[KC_LIMIT_REQUEST_HEADER_BYTES - 1024] = '\0';
    g_autofree char *within = g_strdup_printf("X-Long: %s\r\n", long_value);
    reply_free(fixture_expect(fixture, 200, (Call){.path = "/healthz", .headers = within}));
    g_autofree char *huge = g_strnfill(4 * KC_LIMIT_REQUEST_HEADER_BYTES, 'x');
    g_autofree char *request = g_strdup_printf("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Huge: %s\r\n\r\n", huge);
    g_autoptr(Reply) reply = raw(fixture, request);
    ck_assert(reply->status == 0 || reply->status == 431);
}
END_TEST

START_TEST(a_body_has_a_limit)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *body = g_strnfill(KC_LIMIT_JSON_BODY_BYTES + 1, ' ');
    reply_free(fixture_expect(fixture, 413, (Call){.path = "/api/v1/cases", .text = body}));
    body[KC_LIMIT_JSON_BODY_BYTES] = '\0';
    reply_free(fixture_expect(fixture, 400, (Call){.path = "/api/v1/cases", .text = body}));
    /* A length that nobody will wait for is refused before the body comes. */
    int fd = client_connect(fixture->port);
    const char head[] = "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        "Content-Length: 1000000000\r\n\r\n";
    client_send(fd, head, sizeof head - 1);
    g_autoptr(Reply) reply = client_receive(fd);
    ck_assert_int_eq(reply->status, 413);
    close(fd);
}
END_TEST

START_TEST(a_chunked_body_has_the_same_limit)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    int fd = client_connect(fixture->port);
    const char head[] = "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    client_send(fd, head, sizeof head - 1);
    g_autofree char *piece = g_strnfill(0x10000, ' ');
    for (guint i = 0; i < 6; i++) {
        client_send(fd, "10000\r\n", 7);
        client_send(fd, piece, 0x10000);
        client_send(fd, "\r\n", 2);
    }
    client_send(fd, "0\r\n\r\n", 5);
    g_autoptr(Reply) reply = client_receive(fd);
    ck_assert_int_eq(reply->status, 413);
    close(fd);
}
END_TEST

START_TEST(an_endless_chunked_body_is_cut_off)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    int fd = client_connect(fixture->port);
    const char head[] = "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n";
    client_send(fd, head, sizeof head - 1);
    g_autofree char *piece = g_strnfill(0x10000, ' ');
    gboolean open = TRUE;
    for (guint i = 0; i < 200 && open; i++)
        open = client_send(fd, "10000\r\n", 7) && client_send(fd, piece, 0x10000) && client_send(fd, "\r\n", 2);
    ck_assert(!open);
    close(fd);
}
END_TEST

START_TEST(an_address_has_a_limit_of_connections)
{
    const KcHttpConfig config = {.connections_per_address = 4};
    g_autoptr(Fixture) fixture = fixture_new(&config);
    int fds[4];
    for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
        fds[i] = client_connect(fixture->port);
    g_usleep(50 * 1000); /* accepting is the server's to do */
    int more = client_connect(fixture->port);
    ck_assert(client_is_closed(more, 2000));
    close(more);
    for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
}
END_TEST

static gpointer
hammer(gpointer data)
{
    Fixture *fixture = data;
    for (guint i = 0; i < 25; i++) {
        reply_free(fixture_expect(fixture, 200, (Call){.path = i % 2 == 0 ? "/readyz" : "/api/v1/config"}));
        reply_free(fixture_expect(fixture, 422, (Call){.path = "/api/v1/sessions", .text = "{}"}));
    }
    return NULL;
}

START_TEST(many_clients_at_once_are_served)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    GThread *threads[8];
    reply_free(fixture_call(fixture, (Call){.path = "/healthz"}));
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("hammer", hammer, fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}
END_TEST

START_TEST(stop_ends_streams_and_idle_connections)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *token = fixture_sign_in(fixture, "officer");
    g_autofree char *request =
        g_strdup_printf("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n", token);
    int streams[5], idle = client_connect(fixture->port);
    for (gsize i = 0; i < G_N_ELEMENTS(streams); i++) {
        streams[i] = client_connect(fixture->port);
        client_send(streams[i], request, strlen(request));
        g_autofree char *hello = client_read_until(streams[i], "event: hello", 2000);
        ck_assert_ptr_nonnull(hello);
    }
    gint64 began = g_get_monotonic_time();
    kc_http_server_stop(fixture->server);
    ck_assert_int_lt(g_get_monotonic_time() - began, 2 * G_USEC_PER_SEC);
    for (gsize i = 0; i < G_N_ELEMENTS(streams); i++) {
        ck_assert(client_is_closed(streams[i], 1000));
        close(streams[i]);
    }
    ck_assert(client_is_closed(idle, 1000));
    close(idle);
    kc_http_server_stop(fixture->server);
}
END_TEST

static gpointer
stop(gpointer fixture)
{
    kc_http_server_stop(((Fixture *)fixture)->server);
    return NULL;
}

START_TEST(who_comes_while_it_stops_is_told_to_come_again)
{
    static const char upload[] = "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                 "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    int slow = client_connect(fixture->port);
    client_send(slow, upload, strlen(upload));
    g_autofree char *begun = client_read_until(slow, "100 Continue", 2000);
    ck_assert_ptr_nonnull(begun);
    GThread *stopping = g_thread_new("stop", stop, fixture);
    for (;;) {
        g_autoptr(Reply) reply = fixture_call(fixture, (Call){.path = "/healthz"});
        if (reply->status == 200)
            continue;
        ck_assert_int_eq(reply->status, 503);
        ck_assert_ptr_nonnull(strstr(reply_text(reply), "stopping"));
        g_autofree char *after = reply_header(reply, "Retry-After");
        ck_assert_str_eq(after, "5");
        break;
    }
    client_send(slow, "{}", 2);
    g_autoptr(Reply) last = client_receive(slow);
    ck_assert_int_eq(last->status, 503);
    close(slow);
    g_thread_join(stopping);
}
END_TEST

/* A request that does not come to its end, byte by byte, until the connection does. */
static gpointer
dribble(gpointer data)
{
    int fd = GPOINTER_TO_INT(data);
    gboolean open = client_send(fd, "GET /", 5);
    while (open)
        open = client_send(fd, "a", 1);
    close(fd);
    return NULL;
}

/* Its threads are awake at every moment of the end, which not every way to end libmicrohttpd bears. */
START_TEST(it_stops_while_requests_come)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    for (guint i = 0; i < STOPS; i++) {
        g_autoptr(GError) error = NULL;
        const KcHttpConfig config = {.listen = "127.0.0.1:0"};
        g_autoptr(KcHttpServer) server = kc_http_server_new(&config, fixture->app, &error);
        kc_assert_no_error(error);
        GThread *threads[4];
        for (gsize j = 0; j < G_N_ELEMENTS(threads); j++)
            threads[j] = g_thread_new("dribble", dribble, GINT_TO_POINTER(client_connect(kc_http_server_port(server))));
        kc_http_server_stop(server);
        for (gsize j = 0; j < G_N_ELEMENTS(threads); j++)
            g_thread_join(threads[j]);
    }
}
END_TEST

static void
check_start_fails(Fixture *fixture, KcHttpConfig config, KcHttpError code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcHttpServer) server = kc_http_server_new(&config, fixture->app, &error);
    ck_assert_ptr_null(server);
    ck_assert(g_error_matches(error, KC_HTTP_ERROR, (gint)code));
}

START_TEST(what_cannot_be_listened_on_is_an_error)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    const char *const bad[] = {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http!", "::1:80", "[::1]"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        check_start_fails(fixture, (KcHttpConfig){.listen = bad[i]}, KC_HTTP_ERROR_ADDRESS);
    g_autofree char *taken = g_strdup_printf("127.0.0.1:%u", fixture->port);
    check_start_fails(fixture, (KcHttpConfig){.listen = taken}, KC_HTTP_ERROR_LISTEN);
    check_start_fails(fixture, (KcHttpConfig){.listen = "127.0.0.1:0", .tls_cert_path = "/nowhere.pem"},
                      KC_HTTP_ERROR_TLS);
    check_start_fails(fixture,
                      (KcHttpConfig){.listen = "127.0.0.1:0", .tls_cert_path = "/nowhere", .tls_key_path = "/nowhere"},
                      KC_HTTP_ERROR_TLS);
}
END_TEST

START_TEST(the_any_address_of_ipv6_takes_ipv4_too)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(GError) error = NULL;
    const KcHttpConfig config = {.listen = "[::]:0"};
    g_autoptr(KcHttpServer) server = kc_http_server_new(&config, fixture->app, &error);
    kc_assert_no_error(error);
    ck_assert(g_str_has_prefix(kc_http_server_url(server), "http://[::]:"));
    int fd = client_connect(kc_http_server_port(server));
    const char request[] = "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    client_send(fd, request, sizeof request - 1);
    g_autoptr(Reply) reply = client_receive(fd);
    ck_assert_int_eq(reply->status, 200); /* from this machine, in the form of IPv4 */
    close(fd);
}
END_TEST

/* A certificate for this test, by openssl; FALSE where that isn't installed. */
static gboolean
make_certificate(const char *dir, char **ret_cert, char **ret_key)
{
    *ret_cert = g_build_filename(dir, "cert.pem", NULL);
    *ret_key = g_build_filename(dir, "key.pem", NULL);
    const char *const argv[] = {"openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-nodes",
                                "-subj",
                                "/CN=localhost",
                                "-days",
                                "1",
                                "-keyout",
                                *ret_key,
                                "-out",
                                *ret_cert,
                                NULL};
    int status = -1;
    return g_spawn_sync(NULL, (char **)argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                        NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

START_TEST(tls_is_native)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *cert = NULL, *key = NULL, *output = NULL;
    if (!make_certificate(fixture->dir, &cert, &key))
        return;
    const KcHttpConfig config = {.listen = "127.0.0.1:0", .tls_cert_path = cert, .tls_key_path = key};
    g_autoptr(KcHttpServer) server = kc_http_server_new(&config, fixture->app, &error);
    kc_assert_no_error(error);
    ck_assert(g_str_has_prefix(kc_http_server_url(server), "https://"));
    g_autofree char *command =
        g_strdup_printf("(printf 'GET /readyz HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1) | "
                        "openssl s_client -quiet -connect 127.0.0.1:%u 2>/dev/null",
                        kc_http_server_port(server));
    const char *const argv[] = {"sh", "-c", command, NULL};
    output = kc_test_output(argv, NULL);
    ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 200"));
    ck_assert_ptr_nonnull(strstr(output, "Strict-Transport-Security"));
}
END_TEST

static Suite *
server_suite(void)
{
    Suite *suite = suite_create("http/server");
    TCase *plain = tcase_create("plain"), *limits = tcase_create("limits"), *life = tcase_create("life");
    tcase_set_timeout(limits, 60);
    tcase_set_timeout(life, 60);
    tcase_add_test(plain, health_and_readiness_answer);
    tcase_add_test(plain, contract_and_codes_are_served);
    tcase_add_test(plain, pages_that_are_not_built_in_say_so);
    tcase_add_test(plain, unknown_addresses_and_methods);
    tcase_add_test(plain, request_id_is_kept_if_harmless);
    tcase_add_test(plain, headers_of_security_are_on_every_reply);
    tcase_add_test(plain, one_connection_serves_many_requests);
    tcase_add_test(limits, a_header_that_never_ends_is_dropped);
    tcase_add_test(limits, a_body_that_never_ends_is_dropped);
    tcase_add_test(limits, an_idle_connection_is_dropped);
    tcase_add_test(limits, two_lengths_are_refused);
    tcase_add_test(limits, odd_requests_are_refused);
    tcase_add_test(limits, a_header_has_a_limit);
    tcase_add_test(limits, a_body_has_a_limit);
    tcase_add_test(limits, a_chunked_body_has_the_same_limit);
    tcase_add_test(limits, an_endless_chunked_body_is_cut_off);
    tcase_add_test(limits, an_address_has_a_limit_of_connections);
    tcase_add_test(life, many_clients_at_once_are_served);
    tcase_add_test(life, stop_ends_streams_and_idle_connections);
    tcase_add_test(life, who_comes_while_it_stops_is_told_to_come_again);
    tcase_add_test(life, it_stops_while_requests_come);
    tcase_add_test(life, what_cannot_be_listened_on_is_an_error);
    tcase_add_test(life, the_any_address_of_ipv6_takes_ipv4_too);
    tcase_add_test(life, tls_is_native);
    suite_add_tcase(suite, plain);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, life);
    return suite;
}

KC_TEST_MAIN(server_suite())
