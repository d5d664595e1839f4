/* The call: offers good and hostile, legs, takeover, the still from the live picture. */
#include <string.h>

#include "src/base/hex.h"
#include "src/base/id.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "tests/http/fixture.h"

#define SDP "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define NO_ID "01936d7e-0000-7000-8000-000000000001"

typedef struct {
    Fixture *fixture;
    char *officer;
    TestCase one;
    char *call;
} World;

static World
world_of(Fixture *fixture)
{
    World world = {.fixture = fixture};
    world.officer = fixture_sign_in(world.fixture, "officer");
    world.one = fixture_case_in_call(world.fixture, world.officer);
    world.call = case_path(&world.one, "/call");
    return world;
}

static World
world_new(void)
{
    return world_of(fixture_new(NULL));
}

static void
world_clear(World *world)
{
    g_free(world->officer);
    g_free(world->call);
    test_case_clear(&world->one);
    fixture_free(world->fixture);
}

/* Path of the leg that the reply names. */
static char *
leg_path(const Reply *reply)
{
    g_autofree char *location = reply_header(reply, "Location");
    ck_assert(g_str_has_prefix(location, "http://127.0.0.1/api/v1/cases/"));
    return g_strdup(location + strlen("http://127.0.0.1"));
}

static Reply *
join(World *world, int status, const char *token, const char *o_id)
{
    g_autofree char *offer = kc_fake_media_offer(o_id);
    return fixture_expect(world->fixture, status,
                          (Call){.path = world->call, .token = token, .text = offer, .type = SDP});
}

START_TEST(both_join_and_one_hangs_up)
{
    World world = world_new();
    g_autoptr(Reply) joined = join(&world, 201, world.officer, "77");
    g_autofree char *leg = leg_path(joined), *etag = reply_header(joined, "ETag");
    ck_assert_ptr_nonnull(etag);
    ck_assert_ptr_nonnull(strstr(reply_text(joined), "v=0"));
    g_autoptr(json_t) both = fixture_json(world.fixture, 200, (Call){.path = world.call, .token = world.officer});
    ck_assert_uint_eq(json_array_size(json_object_get(both, "participants")), 2);
    for (guint i = 0; i < 2; i++)
        reply_free(fixture_expect(world.fixture, 204, (Call){.method = "DELETE", .path = leg, .token = world.officer}));
    g_autofree char *never = g_strconcat(world.call, "/0198d3a0-0000-7000-8000-000000000000", NULL);
    reply_free(fixture_expect(world.fixture, 404, (Call){.method = "DELETE", .path = never, .token = world.officer}));
    reply_free(fixture_expect(world.fixture, 404, (Call){.method = "DELETE", .path = leg, .token = world.one.token}));
    g_autoptr(json_t) one = fixture_json(world.fixture, 200, (Call){.path = world.call, .token = world.one.token});
    ck_assert_uint_eq(json_array_size(json_object_get(one, "participants")), 1);
    world_clear(&world);
}
END_TEST

START_TEST(a_supervisor_listens)
{
    World world = world_new();
    g_autofree char *supervisor = fixture_sign_in(world.fixture, "supervisor");
    g_autofree char *path = g_strconcat(world.call, "?listen=true", NULL), *odd = g_strconcat(world.call, "?listen=yes", NULL);
    g_autofree char *silent = kc_fake_media_silent_offer("88"), *loud = kc_fake_media_offer("89");
    const Call listen = {.path = path, .token = supervisor, .text = silent, .type = SDP};
    Call other = listen;
    other.token = world.officer;
    reply_free(fixture_expect(world.fixture, 403, other));
    other = (Call){.path = path, .token = supervisor, .text = loud, .type = SDP};
    reply_free(fixture_expect(world.fixture, 422, other));
    other = (Call){.path = odd, .token = supervisor, .text = silent, .type = SDP};
    reply_free(fixture_expect(world.fixture, 400, other));
    g_autoptr(Reply) joined = fixture_expect(world.fixture, 201, listen);
    g_autofree char *leg = leg_path(joined);
    g_autoptr(json_t) seen = fixture_json(world.fixture, 200, (Call){.path = world.call, .token = world.one.token});
    guint listening = 0;
    gsize at;
    json_t *one;
    json_array_foreach(json_object_get(seen, "participants"), at, one) listening += json_is_true(json_object_get(one, "listens"));
    ck_assert_uint_eq(listening, 1);
    reply_free(fixture_expect(world.fixture, 204, (Call){.method = "DELETE", .path = leg, .token = supervisor}));
    world_clear(&world);
}
END_TEST

START_TEST(a_leg_takes_one_offer)
{
    World world = world_new();
    g_autoptr(Reply) joined = join(&world, 201, world.officer, "77");
    g_autofree char *leg = leg_path(joined), *offer = kc_fake_media_offer("78");
    reply_free(
        fixture_expect(world.fixture, 409, (Call){.path = leg, .token = world.officer, .text = offer, .type = SDP}));
    reply_free(
        fixture_expect(world.fixture, 409,
                       (Call){.method = "PATCH", .path = leg, .token = world.officer, .text = offer, .type = SDP}));
    reply_free(join(&world, 409, world.officer, "77"));
    /* A new offer is a new tab: it takes over, and the older leg is gone. */
    g_autoptr(Reply) newer = join(&world, 201, world.officer, "79");
    g_autofree char *other = leg_path(newer);
    ck_assert_str_ne(leg, other);
    reply_free(fixture_expect(world.fixture, 204, (Call){.method = "DELETE", .path = leg, .token = world.officer}));
    world_clear(&world);
}
END_TEST

START_TEST(ice_goes_by_patch)
{
    World world = world_new();
    g_autoptr(Reply) joined = join(&world, 201, world.officer, "77");
    g_autofree char *leg = leg_path(joined);
    Call patch = {.method = "PATCH",
                  .path = leg,
                  .token = world.officer,
                  .text = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\na=end-of-candidates\r\n",
                  .type = FRAGMENT};
    g_autoptr(Reply) taken = fixture_call(world.fixture, patch);
    ck_assert(taken->status == 200 || taken->status == 204);
    Call wrong = patch;
    wrong.headers = "If-Match: \"another\"\r\n";
    reply_free(fixture_expect(world.fixture, 412, wrong));
    wrong = patch;
    wrong.token = world.one.token;
    reply_free(fixture_expect(world.fixture, 404, wrong));
    wrong = patch;
    wrong.type = "text/plain";
    reply_free(fixture_expect(world.fixture, 415, wrong));
    wrong = patch;
    wrong.text = "";
    reply_free(fixture_expect(world.fixture, 400, wrong));
    world_clear(&world);
}
END_TEST

START_TEST(a_hostile_offer_is_refused)
{
    World world = world_new();
    const struct {
        gsize size;
        int status;
    } sizes[] = {{0, 400}, {KC_LIMIT_SDP_BYTES, 400}, {KC_LIMIT_SDP_BYTES + 1, 413}, {1024 * 1024, 413}};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *text = g_strnfill(sizes[i].size, 'a');
        reply_free(fixture_expect(world.fixture, sizes[i].status,
                                  (Call){.path = world.call, .token = world.officer, .text = text, .type = SDP}));
    }
    const Call binary = {.path = world.call, .token = world.officer, .bytes = "v=0\r\n\0\xff", .size = 7, .type = SDP};
    reply_free(fixture_expect(world.fixture, 400, binary));
    const Call json = {.path = world.call, .token = world.officer, .text = "{}"};
    reply_free(fixture_expect(world.fixture, 415, json));
    world_clear(&world);
}
END_TEST

static const struct {
    guint status;
    const char *code;
    int wanted;
} refusals[] = {
    {400, "sdp-invalid", 400},
    {409, "call-full", 409},
    {422, "fingerprint", 422},
    {503, "no-port", 503},
};

START_TEST(what_the_media_plane_refuses_is_passed_on)
{
    World world = world_new();
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        kc_fake_media_refuse(world.fixture->media, refusals[i].status, refusals[i].code);
        g_autoptr(Reply) reply = join(&world, refusals[i].wanted, world.officer, "90");
        g_autofree char *after = reply_header(reply, "Retry-After");
        ck_assert_int_eq(after != NULL, refusals[i].wanted == 503);
    }
    kc_fake_media_refuse(world.fixture->media, 0, NULL);
    reply_free(join(&world, 201, world.officer, "91"));
    world_clear(&world);
}
END_TEST

START_TEST(a_call_needs_its_state)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_autofree char *call = case_path(&one, "/call"), *offer = kc_fake_media_offer("5");
    g_autoptr(json_t) refused =
        fixture_json(fixture, 409, (Call){.path = call, .token = one.token, .text = offer, .type = SDP});
    ck_assert_str_eq(text_at(refused, "state"), "triaged");
}
END_TEST

START_TEST(a_snapshot_is_sealed)
{
    World world = world_new();
    g_autofree char *snapshots = case_path(&world.one, "/snapshots");
    g_autofree char *body = g_strdup_printf("{\"party_id\":\"%s\"}", world.one.party_id);
    const char *const bad[] = {"{}", "{\"party_id\":5}", "{\"party_id\":\"x\"}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        reply_free(
            fixture_expect(world.fixture, 422, (Call){.path = snapshots, .token = world.officer, .text = bad[i]}));
    g_autoptr(json_t) still =
        fixture_json(world.fixture, 201, (Call){.path = snapshots, .token = world.officer, .text = body});
    g_autoptr(Reply) picture =
        fixture_expect(world.fixture, 200, (Call){.path = text_at(still, "still.url"), .token = world.officer});
    g_autofree char *type = reply_header(picture, "Content-Type");
    ck_assert_str_eq(type, "image/jpeg");
    ck_assert_uint_eq(picture->body->len,
                      json_integer_value(json_object_get(json_object_get(still, "still"), "bytes")));
    world_clear(&world);
}
END_TEST

/* POST of the photo as the answer to a request. */
static Reply *
answer_photo(World *world, const char *request_id, int status)
{
    g_autofree char *rest = g_strdup_printf("/photos?request=%s", request_id);
    g_autofree char *path = case_path(&world->one, rest);
    return fixture_expect(world->fixture, status,
                          (Call){.path = path, .token = world->one.token, .bytes = test_png, .size = test_png_size,
                                 .type = "image/png"});
}

static json_t *
newest_request(World *world, const char *token)
{
    g_autofree char *path = case_path(&world->one, "/photo-requests");
    g_autoptr(json_t) list = fixture_json(world->fixture, 200, (Call){.path = path, .token = token});
    json_t *items = json_object_get(list, "items");
    return json_incref(json_array_get(items, json_array_size(items) - 1));
}

static char *
ask_photo(World *world)
{
    g_autofree char *path = case_path(&world->one, "/photo-requests");
    g_autofree char *body = g_strdup_printf("{\"party_id\":\"%s\"}", world->one.party_id);
    g_autoptr(json_t) asked =
        fixture_json(world->fixture, 201, (Call){.path = path, .token = world->officer, .text = body});
    ck_assert_str_eq(text_at(asked, "photo_request.state"), "pending");
    return g_strdup(text_at(asked, "photo_request.id"));
}

START_TEST(a_photo_is_asked_for_and_arrives)
{
    World world = world_new();
    g_autofree char *id = ask_photo(&world);
    g_autoptr(json_t) pending = newest_request(&world, world.one.token);
    ck_assert_str_eq(text_at(pending, "id"), id);
    reply_free(answer_photo(&world, NO_ID, 404));
    reply_free(answer_photo(&world, "x", 400));
    reply_free(answer_photo(&world, id, 201));
    g_autoptr(json_t) arrived = newest_request(&world, world.officer);
    ck_assert_str_eq(text_at(arrived, "state"), "arrived");
    ck_assert(kc_id_is_valid(text_at(arrived, "still_id")));
    reply_free(answer_photo(&world, id, 404));
    world_clear(&world);
}
END_TEST

START_TEST(a_photo_may_be_declined_and_come_after_all)
{
    World world = world_new();
    g_autofree char *id = ask_photo(&world), *rest = g_strdup_printf("/photo-requests/%s", id);
    g_autofree char *path = case_path(&world.one, rest);
    Call answer = {.method = "PATCH", .path = path, .token = world.one.token, .text = "{\"state\":\"arrived\"}"};
    reply_free(fixture_expect(world.fixture, 422, answer));
    answer.text = "{\"state\":\"failed\",\"reason\":\"camera\"}";
    reply_free(fixture_expect(world.fixture, 204, answer));
    g_autoptr(json_t) failed = newest_request(&world, world.officer);
    ck_assert_str_eq(text_at(failed, "state"), "failed");
    ck_assert_str_eq(text_at(failed, "reason"), "camera");
    answer.token = world.officer;
    reply_free(fixture_expect(world.fixture, 404, answer));
    reply_free(answer_photo(&world, id, 201));
    world_clear(&world);
}
END_TEST

START_TEST(requests_of_a_case_are_few)
{
    World world = world_new();
    for (guint i = 0; i < 25; i++)
        g_free(ask_photo(&world));
    g_autofree char *path = case_path(&world.one, "/photo-requests");
    g_autoptr(json_t) list = fixture_json(world.fixture, 200, (Call){.path = path, .token = world.officer});
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 20);
    world_clear(&world);
}
END_TEST

/* ---- TURN ---- */

static const char *const uris[] = {"turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:443?transport=tcp", NULL};
static const char secret[] = "north of the old bridge";

/* Whoever knows the secret finds the credential good, and until when. */
static void
check_credentials(const char *username, const char *credential, gint64 expires_us)
{
    g_autofree char *hex = g_compute_hmac_for_string(G_CHECKSUM_SHA1, (const guchar *)secret, strlen(secret), username, -1);
    guint8 wanted[20];
    gsize len;
    g_autofree guchar *given = g_base64_decode(credential, &len);
    ck_assert(kc_hex_decode(hex, wanted, sizeof wanted));
    ck_assert_uint_eq(len, sizeof wanted);
    ck_assert_mem_eq(given, wanted, len);
    g_auto(GStrv) parts = g_strsplit(username, ":", 2);
    ck_assert_int_eq(g_ascii_strtoll(parts[0], NULL, 10), expires_us / G_USEC_PER_SEC);
    ck_assert_uint_eq(strlen(parts[1]), 16);
}

static char *
turn_name_of(World *world, const char *token)
{
    gint64 expires_us = 0;
    g_autoptr(json_t) reply = fixture_json(world->fixture, 200, (Call){.path = "/api/v1/ice-servers", .token = token});
    const json_t *server = json_array_get(json_object_get(reply, "ice_servers"), 0);
    const char *username = text_at(server, "username");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(server, "urls"), 1)), uris[1]);
    ck_assert(kc_timestamp_parse(text_at(reply, "expires_at"), &expires_us));
    check_credentials(username, text_at(server, "credential"), expires_us);
    gint64 left_s = (expires_us - kc_timestamp_now_us()) / G_USEC_PER_SEC;
    ck_assert_int_ge(left_s, 590);
    ck_assert_int_le(left_s, 600);
    return g_strdup(strchr(username, ':'));
}

START_TEST(turn_servers_for_whoever_has_a_token)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(secret, strlen(secret));
    const KcTurn turn = {uris, bytes, 600};
    World world = world_of(fixture_new_with_turn(&turn));
    g_autofree char *officer = turn_name_of(&world, world.officer), *again = turn_name_of(&world, world.officer);
    g_autofree char *party = turn_name_of(&world, world.one.token);
    ck_assert_str_eq(officer, again); /* the quota of one person */
    ck_assert_str_ne(officer, party);
    world.fixture->skew_us = 7 * G_USEC_PER_SEC;
    g_autoptr(Reply) joined = join(&world, 201, world.officer, "77");
    guint n = 0;
    for (const char *link = joined->head; (link = strstr(link, "\r\nLink: <")) != NULL; link++, n++) {
        g_auto(GStrv) parts = g_strsplit(link + strlen("\r\nLink: <"), "\"", 9);
        g_autofree char *target = g_strdup_printf("%s>; rel=", uris[n]);
        ck_assert_str_eq(parts[0], target);
        ck_assert_str_eq(parts[1], "ice-server");
        ck_assert_str_eq(parts[2], "; username=");
        ck_assert_str_eq(parts[4], "; credential=");
        ck_assert_str_eq(parts[6], "; credential-type=");
        ck_assert_str_eq(parts[7], "password");
        check_credentials(parts[3], parts[5], g_ascii_strtoll(parts[3], NULL, 10) * G_USEC_PER_SEC);
    }
    ck_assert_uint_eq(n, 2);
    world_clear(&world);
}
END_TEST

START_TEST(without_a_turn_server_the_list_is_empty)
{
    World world = world_new();
    g_autoptr(json_t) reply =
        fixture_json(world.fixture, 200, (Call){.path = "/api/v1/ice-servers", .token = world.one.token});
    ck_assert_uint_eq(json_array_size(json_object_get(reply, "ice_servers")), 0);
    ck_assert(json_is_null(json_object_get(reply, "expires_at")));
    g_autoptr(Reply) joined = join(&world, 201, world.officer, "77");
    g_autofree char *link = reply_header(joined, "Link");
    ck_assert_ptr_null(link);
    world_clear(&world);
}
END_TEST

/* POST of a live still; its id, owned, if it is taken. */
static char *
send_live_still(World *world, int status)
{
    g_autofree char *path = case_path(&world->one, "/photos?live=true");
    Call call = {.path = path, .token = world->one.token, .bytes = test_png, .size = test_png_size, .type = "image/png"};
    if (status != 201) {
        reply_free(fixture_expect(world->fixture, status, call));
        return NULL;
    }
    g_autoptr(json_t) still = fixture_json(world->fixture, 201, call);
    ck_assert_str_eq(text_at(still, "still.kind"), "live_still");
    return g_strdup(text_at(still, "still.id"));
}

START_TEST(a_phone_that_sends_sound_alone)
{
    World world = world_new();
    g_autofree char *mode = case_path(&world.one, "/call/mode"), *call = case_path(&world.one, "/call");
    g_autofree char *stills = case_path(&world.one, "/live-stills"), *snapshots = case_path(&world.one, "/snapshots");
    g_autofree char *odd = case_path(&world.one, "/photos?live=yes");
    const char *const bad[] = {"{}", "{\"mode\":\"none\"}", "{\"mode\":1}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        reply_free(fixture_expect(
            world.fixture, 422, (Call){.method = "PUT", .path = mode, .token = world.one.token, .text = bad[i]}));
    Call voice = {.method = "PUT", .path = mode, .token = world.one.token, .text = "{\"mode\":\"voice\"}"};
    reply_free(fixture_expect(world.fixture, 204, voice));
    voice.text = "{\"mode\":\"video\"}";
    reply_free(fixture_expect(world.fixture, 429, voice));
    reply_free(fixture_expect(world.fixture, 400, (Call){.path = odd, .token = world.one.token, .bytes = test_png,
                                                         .size = test_png_size, .type = "image/png"}));
    g_autofree char *id = send_live_still(&world, 201);
    g_autoptr(json_t) status = fixture_json(world.fixture, 200, (Call){.path = call, .token = world.officer});
    const json_t *one = json_array_get(json_object_get(status, "participants"), 0);
    ck_assert_str_eq(text_at(one, "mode"), "voice");
    ck_assert_str_eq(text_at(one, "live_still.id"), id);
    g_autoptr(json_t) list = fixture_json(world.fixture, 200, (Call){.path = stills, .token = world.officer});
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 1);
    g_autofree char *body = g_strdup_printf("{\"party_id\":\"%s\",\"still_id\":\"%s\"}", world.one.party_id, id);
    g_autoptr(json_t) kept =
        fixture_json(world.fixture, 201, (Call){.path = snapshots, .token = world.officer, .text = body});
    ck_assert_str_eq(text_at(kept, "still.id"), id);
    reply_free(fixture_expect(world.fixture, 409, (Call){.path = snapshots, .token = world.officer, .text = body}));
    world_clear(&world);
}
END_TEST

static Suite *
call_suite(void)
{
    Suite *suite = suite_create("http/call");
    TCase *all = tcase_create("call");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, both_join_and_one_hangs_up);
    tcase_add_test(all, a_supervisor_listens);
    tcase_add_test(all, a_leg_takes_one_offer);
    tcase_add_test(all, ice_goes_by_patch);
    tcase_add_test(all, a_hostile_offer_is_refused);
    tcase_add_test(all, what_the_media_plane_refuses_is_passed_on);
    tcase_add_test(all, a_call_needs_its_state);
    tcase_add_test(all, a_snapshot_is_sealed);
    tcase_add_test(all, a_photo_is_asked_for_and_arrives);
    tcase_add_test(all, a_photo_may_be_declined_and_come_after_all);
    tcase_add_test(all, requests_of_a_case_are_few);
    tcase_add_test(all, turn_servers_for_whoever_has_a_token);
    tcase_add_test(all, without_a_turn_server_the_list_is_empty);
    tcase_add_test(all, a_phone_that_sends_sound_alone);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(call_suite())
