/* Text beside the voices of a call: who writes and reads it, by what name each is called, and what is refused. */
#include <string.h>

#include "src/app/messages.h"
#include "src/base/limits.h"
#include "tests/http/served.h"

#define NO_ID "01935cd1-7f00-7000-8000-0000000000ff"
#define HEARS "我听不见，请打字"

typedef struct {
    Fixture *fixture;
    Served served;
    char *path;
} World;

static void
world_open(World *world)
{
    world->fixture = fixture_new_text_only();
    world->served = (Served){.fixture = world->fixture};
    served_call(&world->served);
    world->path = case_path(&world->served.one, "/messages");
}

static void
world_close(World *world)
{
    g_free(world->path);
    served_clear(&world->served);
    fixture_free(world->fixture);
}

static json_t *
say(World *world, int status, const char *token, const char *text, const char *headers)
{
    g_autoptr(json_t) root = json_pack("{s:s}", "text", text);
    g_autofree char *body = json_dumps(root, 0);
    return fixture_json(world->fixture, status,
                        (Call){.path = world->path, .token = token, .text = body, .headers = headers});
}

static json_t *
read_all(World *world, const char *token)
{
    return fixture_json(world->fixture, 200, (Call){.path = world->path, .token = token});
}

static json_t *
member(const json_t *root, guint at, const char *name)
{
    return json_object_get(json_array_get(json_object_get(root, "items"), at), name);
}

/* Owned token. */
static char *
invite(World *world, const char *kind, const char *name)
{
    g_autofree char *path = case_path(&world->served.one, "/invitations");
    g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",\"name\":\"%s\"}", kind, name);
    g_autoptr(json_t) made =
        fixture_json(world->fixture, 201, (Call){.path = path, .token = world->served.officer, .text = body});
    return g_strdup(text_at(made, "token"));
}

START_TEST(everybody_in_the_call_writes_and_reads)
{
    World world;
    world_open(&world);
    const char *a = world.served.one.token, *b = world.served.token_b;
    g_autofree char *interpreter = invite(&world, "interpreter", "王译");
    g_autoptr(json_t) first = say(&world, 201, a, "  " HEARS "\n", NULL);
    ck_assert_str_eq(text_at(first, "message.text"), HEARS);
    ck_assert_str_eq(text_at(first, "message.from.label"), "A");
    ck_assert(json_is_true(json_object_get(json_object_get(first, "message"), "own")));
    json_decref(say(&world, 201, world.served.officer, "请稍等", NULL));
    json_decref(say(&world, 201, interpreter, "One moment", NULL));
    json_decref(say(&world, 201, b, "第一行\n第二行", NULL));
    g_autoptr(json_t) seen = read_all(&world, b);
    ck_assert_uint_eq(json_array_size(json_object_get(seen, "items")), 4);
    ck_assert_str_eq(text_at(seen, "items.0.text"), HEARS);
    ck_assert_str_eq(text_at(seen, "items.1.from.kind"), "user");
    ck_assert_ptr_nonnull(text_at(seen, "items.1.from.name"));
    ck_assert_str_eq(text_at(seen, "items.2.from.guest_kind"), "interpreter");
    ck_assert_str_eq(text_at(seen, "items.2.from.name"), "王译");
    ck_assert_str_eq(text_at(seen, "items.3.text"), "第一行\n第二行");
    ck_assert(json_is_true(member(seen, 3, "own")) && json_is_false(member(seen, 0, "own")));
    for (guint i = 1; i < 4; i++)
        ck_assert_int_lt(
            strcmp(json_string_value(member(seen, i - 1, "sent_at")), json_string_value(member(seen, i, "sent_at"))),
            0);
    g_autofree char *on = g_strdup_printf("%s?after=%s", world.path, json_string_value(member(seen, 1, "id")));
    g_autoptr(json_t) rest = fixture_json(world.fixture, 200, (Call){.path = on, .token = interpreter});
    ck_assert_uint_eq(json_array_size(json_object_get(rest, "items")), 2);
    ck_assert_str_eq(text_at(rest, "items.0.text"), "One moment");
    world_close(&world);
}
END_TEST

/* The name of a party is for itself and for who reads cases; what it is called in the call is everybody's. */
START_TEST(a_party_is_named_to_who_may_see_its_name)
{
    World world;
    world_open(&world);
    g_autofree char *rest = g_strdup_printf("/parties/%s", world.served.one.party_id);
    g_autofree char *party = case_path(&world.served.one, rest);
    reply_free(fixture_expect(
        world.fixture, 200,
        (Call){.method = "PATCH", .path = party, .token = world.served.one.token, .text = "{\"name\":\"张三\"}"}));
    g_autofree char *interpreter = invite(&world, "interpreter", "王译"),
                    *emergency = invite(&world, "emergency", "120");
    json_decref(say(&world, 201, world.served.one.token, HEARS, NULL));
    const char *named[] = {world.served.one.token, world.served.officer};
    const char *not_named[] = {world.served.token_b, interpreter, emergency};
    for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
        g_autoptr(json_t) seen = read_all(&world, named[i]);
        ck_assert_str_eq(text_at(seen, "items.0.from.name"), "张三");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(not_named); i++) {
        g_autoptr(json_t) seen = read_all(&world, not_named[i]);
        ck_assert_str_eq(text_at(seen, "items.0.from.label"), "A");
        ck_assert(json_is_null(json_object_get(member(seen, 0, "from"), "name")));
    }
    world_close(&world);
}
END_TEST

START_TEST(the_same_key_writes_once)
{
    World world;
    world_open(&world);
    const char *token = world.served.one.token, *key = "Idempotency-Key: m1\r\n";
    g_autofree char *interpreter = invite(&world, "interpreter", "王译"),
                    *emergency = invite(&world, "emergency", "120");
    g_autoptr(json_t) first = say(&world, 201, token, "甲", key), again = say(&world, 201, token, "甲", key);
    ck_assert_str_eq(text_at(first, "message.id"), text_at(again, "message.id"));
    json_decref(say(&world, 422, token, "乙", key));
    /* A key is of who sent it: guests behind one address do not share it. */
    g_autoptr(json_t) one = say(&world, 201, interpreter, "甲", key), other = say(&world, 201, emergency, "甲", key);
    ck_assert_str_ne(text_at(one, "message.id"), text_at(other, "message.id"));
    g_autoptr(json_t) seen = read_all(&world, token);
    ck_assert_uint_eq(json_array_size(json_object_get(seen, "items")), 3);
    reply_free(fixture_expect(
        world.fixture, 400,
        (Call){.path = world.path, .token = token, .text = "{\"text\":\"a\"}", .headers = "Idempotency-Key: \r\n"}));
    world_close(&world);
}
END_TEST

START_TEST(what_is_no_message_is_refused)
{
    World world;
    world_open(&world);
    static const struct {
        int status;
        const char *body, *part;
    } bad[] = {
        {400, "{", "malformed"},
        {400, "[]", "malformed"},
        {422, "{}", "/text"},
        {422, "{\"text\":null}", "/text"},
        {422, "{\"text\":7}", "/text"},
        {422, "{\"text\":\"\"}", "/text"},
        {422, "{\"text\":\" \\n \"}", "/text"},
        {422, "{\"text\":\"a\\u0007b\"}", "/text"},
        {422, "{\"text\":\"a\",\"more\":1}", "/more"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(Reply) reply = fixture_call(
            world.fixture, (Call){.path = world.path, .token = world.served.one.token, .text = bad[i].body});
        ck_assert_msg(reply->status == bad[i].status || (bad[i].status == 400 && reply->status == 422), "%s: %d %s",
                      bad[i].body, reply->status, reply_text(reply));
    }
    g_autofree char *after = g_strconcat(world.path, "?after=x", NULL);
    reply_free(fixture_expect(world.fixture, 400, (Call){.path = after, .token = world.served.one.token}));
    reply_free(fixture_expect(world.fixture, 404,
                              (Call){.path = "/api/v1/cases/" NO_ID "/messages", .token = world.served.officer}));
    reply_free(fixture_expect(
        world.fixture, 404,
        (Call){.path = "/api/v1/cases/" NO_ID "/messages", .token = world.served.officer, .text = "{\"text\":\"a\"}"}));
    g_autoptr(json_t) none = read_all(&world, world.served.one.token);
    ck_assert_uint_eq(json_array_size(json_object_get(none, "items")), 0);
    world_close(&world);
}
END_TEST

/* By who writes: the others of the call are not held up by one. */
START_TEST(one_who_writes_too_much_waits)
{
    World world;
    world_open(&world);
    for (int i = 0; i < KC_LIMIT_MESSAGES_PER_MINUTE; i++)
        json_decref(say(&world, 201, world.served.one.token, "快点", NULL));
    g_autoptr(Reply) refused = fixture_expect(
        world.fixture, 429, (Call){.path = world.path, .token = world.served.one.token, .text = "{\"text\":\"快点\"}"});
    g_autofree char *wait = reply_header(refused, "Retry-After");
    ck_assert_ptr_nonnull(wait);
    json_decref(say(&world, 201, world.served.token_b, "请冷静", NULL));
    world_close(&world);
}
END_TEST

/* A supervisor who listens, and an auditor, read and do not write; the look of each is in the log. */
START_TEST(who_only_listens_does_not_write)
{
    World world;
    world_open(&world);
    g_autofree char *supervisor = fixture_sign_in(world.fixture, "supervisor");
    json_decref(say(&world, 201, world.served.one.token, HEARS, NULL));
    json_decref(say(&world, 403, supervisor, "听得见吗", NULL));
    for (int i = 0; i < 2; i++) {
        g_autoptr(json_t) seen = read_all(&world, supervisor);
        ck_assert_str_eq(text_at(seen, "items.0.text"), HEARS);
    }
    g_autofree char *path = case_path(&world.served.one, "/timeline");
    g_autoptr(Reply) timeline = fixture_expect(world.fixture, 200, (Call){.path = path, .token = world.served.officer});
    const char *look = strstr(reply_text(timeline), "messages.viewed");
    ck_assert_ptr_nonnull(look);
    ck_assert_ptr_null(strstr(look + 1, "messages.viewed"));
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "message.sent"));
    ck_assert_ptr_null(strstr(reply_text(timeline), HEARS)); /* ids alone */
    world_close(&world);
}
END_TEST

START_TEST(a_case_without_a_call_takes_no_message)
{
    g_autoptr(Fixture) fixture = fixture_new_text_only();
    g_auto(TestCase) one = fixture_open_case(fixture);
    g_autofree char *path = case_path(&one, "/messages");
    g_autoptr(json_t) refused =
        fixture_json(fixture, 409, (Call){.path = path, .token = one.token, .text = "{\"text\":\"a\"}"});
    ck_assert_str_eq(text_at(refused, "code"), "wrong-state");
    reply_free(fixture_expect(fixture, 200, (Call){.path = path, .token = one.token}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = path}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = path, .text = "{\"text\":\"a\"}"}));
}
END_TEST

static Suite *
messages_suite(void)
{
    Suite *suite = suite_create("http/messages");
    TCase *all = tcase_create("messages");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, everybody_in_the_call_writes_and_reads);
    tcase_add_test(all, a_party_is_named_to_who_may_see_its_name);
    tcase_add_test(all, the_same_key_writes_once);
    tcase_add_test(all, what_is_no_message_is_refused);
    tcase_add_test(all, one_who_writes_too_much_waits);
    tcase_add_test(all, who_only_listens_does_not_write);
    tcase_add_test(all, a_case_without_a_call_takes_no_message);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(messages_suite())
