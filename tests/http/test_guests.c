/* Guests over HTTP: the forms of an invitation, the list, the own link, the choice of pictures. */
#include <string.h>

#include "tests/http/fixture.h"

#define NO_ID "01936d7e-0000-7000-8000-000000000001"

typedef struct {
    Fixture *fixture;
    char *officer;
    TestCase one;
    char *invitations, *guests, *call, *view;
} World;

static World
world_new(void)
{
    World world = {.fixture = fixture_new(NULL)};
    world.officer = fixture_sign_in(world.fixture, "officer");
    world.one = fixture_case_in_call(world.fixture, world.officer);
    world.invitations = case_path(&world.one, "/invitations");
    world.guests = case_path(&world.one, "/guests");
    world.call = case_path(&world.one, "/call");
    world.view = case_path(&world.one, "/call/view");
    return world;
}

static void
world_clear(World *world)
{
    g_free(world->officer);
    g_free(world->invitations);
    g_free(world->guests);
    g_free(world->call);
    g_free(world->view);
    test_case_clear(&world->one);
    fixture_free(world->fixture);
}

static json_t *
invite(World *world, const char *body, const char *headers)
{
    return fixture_json(
        world->fixture, 201,
        (Call){.path = world->invitations, .token = world->officer, .text = body, .headers = headers});
}

START_TEST(an_invitation_says_what_is_wrong_with_it)
{
    World world = world_new();
    static const struct {
        int status;
        const char *body, *pointer;
    } rows[] = {
        {422, "{\"kind\":\"judge\",\"name\":\"X\"}", "/kind"},
        {422, "{\"kind\":\"emergency\"}", "/name"},
        {422, "{\"kind\":\"interpreter\",\"name\":\"\"}", "/name"},
        {422, "{\"kind\":\"insurer\",\"name\":\"李保\"}", "/party_id"},
        {422, "{\"kind\":\"supervisor\",\"name\":\"督\",\"party_id\":\"" NO_ID "\"}", "/party_id"},
        {422, "{\"kind\":\"party\"}", "/party_id"},
        {422, "{\"kind\":\"party\",\"party_id\":\"" NO_ID "\",\"name\":\"X\"}", "/name"},
        {404, "{\"kind\":\"insurer\",\"name\":\"李保\",\"party_id\":\"" NO_ID "\"}", "party"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Reply) reply = fixture_expect(
            world.fixture, rows[i].status,
            (Call){.path = world.invitations, .token = world.officer, .text = rows[i].body});
        ck_assert_msg(strstr(reply_text(reply), rows[i].pointer) != NULL, "%s: %s", rows[i].body, reply_text(reply));
    }
    world_clear(&world);
}
END_TEST

START_TEST(a_repeated_invitation_is_the_same_link)
{
    World world = world_new();
    const char *body = "{\"kind\":\"emergency\",\"name\":\"120\"}", *key = "Idempotency-Key: k1\r\n";
    g_autoptr(json_t) first = invite(&world, body, key), again = invite(&world, body, key);
    ck_assert_str_eq(text_at(first, "token"), text_at(again, "token"));
    ck_assert_str_eq(text_at(first, "guest_id"), text_at(again, "guest_id"));
    g_autoptr(json_t) list = fixture_json(world.fixture, 200, (Call){.path = world.guests, .token = world.officer});
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 1);
    world_clear(&world);
}
END_TEST

START_TEST(the_list_remembers_who_was_sent_away)
{
    World world = world_new();
    g_autoptr(json_t) made = invite(&world, "{\"kind\":\"interpreter\",\"name\":\"王译\"}", NULL);
    g_autofree char *path = g_strconcat(world.guests, "/", text_at(made, "guest_id"), NULL);
    const char *token = text_at(made, "token");
    g_autoptr(json_t) own = fixture_json(world.fixture, 200, (Call){.path = "/api/v1/guest", .token = token});
    ck_assert_str_eq(text_at(own, "guest.name"), "王译");
    ck_assert_str_eq(text_at(own, "case.id"), world.one.id);
    ck_assert_str_eq(text_at(own, "case.state"), "in_call");
    ck_assert_ptr_nonnull(text_at(own, "officer.name"));
    for (guint i = 0; i < 2; i++)
        reply_free(
            fixture_expect(world.fixture, 204, (Call){.method = "DELETE", .path = path, .token = world.officer}));
    g_autoptr(json_t) list = fixture_json(world.fixture, 200, (Call){.path = world.guests, .token = world.officer});
    ck_assert_ptr_nonnull(text_at(list, "items.0.revoked_at"));
    reply_free(fixture_expect(world.fixture, 401, (Call){.path = "/api/v1/guest", .token = token}));
    world_clear(&world);
}
END_TEST

START_TEST(pictures_are_chosen_by_who_is_in_the_call)
{
    World world = world_new();
    g_autofree char *offer = kc_fake_media_offer("77");
    g_autofree char *good = g_strdup_printf("{\"large\":[\"%s\"]}", world.one.party_id);
    const Call choose = {.method = "PUT", .path = world.view, .token = world.officer, .text = good};
    reply_free(fixture_expect(world.fixture, 409, choose));
    reply_free(fixture_expect(
        world.fixture, 201,
        (Call){.path = world.call, .token = world.officer, .text = offer, .type = "application/sdp"}));
    reply_free(fixture_expect(world.fixture, 204, choose));
    g_autofree char *shown = kc_fake_media_shown(world.fixture->media);
    ck_assert_ptr_nonnull(shown);
    static const struct {
        const char *body, *pointer;
    } bad[] = {
        {"{}", "/large"},
        {"{\"large\":[\"nobody\"]}", "/large/0"},
        {"{\"large\":[],\"hidden\":[\"nobody\"]}", "/hidden/0"},
        {"{\"large\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}", "/large"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        Call call = choose;
        call.text = bad[i].body;
        g_autoptr(Reply) reply = fixture_expect(world.fixture, 422, call);
        ck_assert_msg(strstr(reply_text(reply), bad[i].pointer) != NULL, "%s: %s", bad[i].body, reply_text(reply));
    }
    world_clear(&world);
}
END_TEST

static Suite *
guests_suite(void)
{
    Suite *suite = suite_create("http/guests");
    TCase *all = tcase_create("guests");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, an_invitation_says_what_is_wrong_with_it);
    tcase_add_test(all, a_repeated_invitation_is_the_same_link);
    tcase_add_test(all, the_list_remembers_who_was_sent_away);
    tcase_add_test(all, pictures_are_chosen_by_who_is_in_the_call);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(guests_suite())
