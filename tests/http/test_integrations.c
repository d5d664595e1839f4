/* Another system reports accidents by its key: one alarm is one case; it sees its own cases, and of people nothing. */
#include <string.h>

#include "src/app/accounts.h"
#include "src/app/events.h"
#include "tests/http/fixture.h"

#define ADMIN "/api/v1/admin/integrations"

typedef struct {
    Fixture *fixture;
    char *admin;
} World;

static json_t *
key_with(World *world, const char *name, const char *scopes)
{
    g_autofree char *body = g_strdup_printf("{\"name\":\"%s\",\"scopes\":[%s]}", name, scopes);
    return fixture_json(world->fixture, 201, (Call){.path = ADMIN, .token = world->admin, .text = body});
}

/* `test_new_case` with an alarm number; owned. */
static char *
alarm_body(const char *number)
{
    return g_strdup_printf("{\"alarm_number\":\"%s\",%s", number, test_new_case + 1);
}

static json_t *
report(World *world, int status, const char *key, const char *number)
{
    g_autofree char *body = alarm_body(number);
    return fixture_json(world->fixture, status, (Call){.path = "/api/v1/cases", .token = key, .text = body});
}

static World
world_new(void)
{
    World world = {.fixture = fixture_new(NULL)};
    world.admin = fixture_sign_in(world.fixture, "admin");
    return world;
}

static void
world_clear(World *world)
{
    g_free(world->admin);
    fixture_free(world->fixture);
}

START_TEST(one_alarm_is_one_case)
{
    World world = world_new();
    g_autoptr(json_t) made = key_with(&world, "122", "\"cases:open\",\"cases:read\"");
    g_autoptr(json_t) other = key_with(&world, "12123", "\"cases:open\",\"cases:read\"");
    const char *key = text_at(made, "key");
    g_autoptr(json_t) first = report(&world, 201, key, "122-20261123-000042");
    g_autoptr(json_t) again = report(&world, 201, key, "122-20261123-000042");
    g_autoptr(json_t) next = report(&world, 201, key, "122-20261123-000043");
    g_autoptr(json_t) elsewhere = report(&world, 201, text_at(other, "key"), "122-20261123-000042");
    ck_assert_str_eq(text_at(again, "case.id"), text_at(first, "case.id"));
    ck_assert_str_eq(text_at(again, "party.id"), text_at(first, "party.id"));
    ck_assert_str_ne(text_at(next, "case.id"), text_at(first, "case.id"));
    ck_assert_str_ne(text_at(elsewhere, "case.id"), text_at(first, "case.id"));
    /* Both links are good. */
    const char *const tokens[] = {text_at(first, "token"), text_at(again, "token")};
    g_autofree char *path = g_strdup_printf("/api/v1/cases/%s", text_at(first, "case.id"));
    ck_assert_str_ne(tokens[0], tokens[1]);
    for (gsize i = 0; i < G_N_ELEMENTS(tokens); i++)
        reply_free(fixture_expect(world.fixture, 200, (Call){.path = path, .token = tokens[i]}));
    world_clear(&world);
}
END_TEST

START_TEST(it_sees_its_own_cases_and_nobody_in_them)
{
    World world = world_new();
    g_autoptr(json_t) made = key_with(&world, "122", "\"cases:open\",\"cases:read\",\"events:read\"");
    g_autoptr(json_t) other = key_with(&world, "12123", "\"cases:read\",\"events:read\"");
    const char *key = text_at(made, "key");
    g_autoptr(json_t) opened = report(&world, 201, key, "1");
    g_autofree char *path = g_strdup_printf("/api/v1/cases/%s", text_at(opened, "case.id"));
    g_autoptr(Reply) seen = fixture_expect(world.fixture, 200, (Call){.path = path, .token = key});
    ck_assert_ptr_null(strstr(reply_text(seen), "13800000000"));
    ck_assert_ptr_null(strstr(reply_text(seen), "张三"));
    ck_assert_ptr_nonnull(strstr(reply_text(seen), "陕H12345"));
    reply_free(fixture_expect(world.fixture, 404, (Call){.path = path, .token = text_at(other, "key")}));
    TestCase foreign = fixture_open_case(world.fixture);
    g_autofree char *not_its = case_path(&foreign, "");
    reply_free(fixture_expect(world.fixture, 404, (Call){.path = not_its, .token = key}));
    const char *const keys[] = {key, text_at(other, "key")};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_auto(KcResult) result = {0};
        g_autoptr(GError) error = NULL;
        g_autoptr(KcPrincipal) who = NULL;
        g_autoptr(GPtrArray) events = NULL;
        gint64 newest;
        ck_assert(kc_app_authenticate(world.fixture->app, keys[i], NULL, &who, &result, &error));
        g_auto(GStrv) blind = NULL;
        ck_assert(kc_app_events_since(world.fixture->app, who, 0, 100, &events, &newest, &blind, &result, &error));
        ck_assert_uint_eq(events->len > 0, i == 0);
        KcEventReader reader = kc_event_reader_of(who);
        for (guint k = 0; k < events->len; k++) {
            ck_assert_str_eq(((const KcEvent *)events->pdata[k])->case_id, text_at(opened, "case.id"));
            ck_assert(kc_event_reader_may_see(&reader, events->pdata[k]));
        }
    }
    test_case_clear(&foreign);
    world_clear(&world);
}
END_TEST

START_TEST(a_key_does_what_its_scopes_name)
{
    World world = world_new();
    g_autoptr(json_t) opens = key_with(&world, "opens", "\"cases:open\"");
    g_autoptr(json_t) reads = key_with(&world, "reads", "\"cases:read\"");
    g_autoptr(json_t) opened = report(&world, 201, text_at(opens, "key"), "1");
    g_autofree char *path = g_strdup_printf("/api/v1/cases/%s", text_at(opened, "case.id"));
    g_autoptr(json_t) no_read = fixture_json(world.fixture, 403, (Call){.path = path, .token = text_at(opens, "key")});
    ck_assert_str_eq(text_at(no_read, "code"), "scope");
    g_autoptr(json_t) no_open = report(&world, 403, text_at(reads, "key"), "2");
    ck_assert_str_eq(text_at(no_open, "code"), "scope");
    reply_free(fixture_expect(world.fixture, 403, (Call){.path = "/api/v1/events", .token = text_at(opens, "key")}));
    /* A key that is revoked is dead, and its name stays taken. */
    g_autofree char *one = g_strdup_printf(ADMIN "/%s", text_at(opens, "integration.id"));
    reply_free(fixture_expect(world.fixture, 204, (Call){.method = "DELETE", .path = one, .token = world.admin}));
    reply_free(fixture_expect(world.fixture, 204, (Call){.method = "DELETE", .path = one, .token = world.admin}));
    g_autoptr(json_t) dead = report(&world, 401, text_at(opens, "key"), "3");
    ck_assert_str_eq(text_at(dead, "code"), "key-revoked");
    g_autoptr(json_t) list = fixture_json(world.fixture, 200, (Call){.path = ADMIN, .token = world.admin});
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 2);
    char *text = json_dumps(list, 0);
    ck_assert_ptr_null(strstr(text, text_at(opens, "key")));
    free(text);
    world_clear(&world);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    static const struct {
        const char *body;
        int status;
        const char *pointer;
    } rows[] = {
        {"{\"scopes\":[\"cases:open\"]}", 422, "/name"},
        {"{\"name\":\"\",\"scopes\":[\"cases:open\"]}", 422, "/name"},
        {"{\"name\":\"x\",\"scopes\":[]}", 422, "/scopes"},
        {"{\"name\":\"x\",\"scopes\":[\"cases:open\",\"all\"]}", 422, "/scopes/1"},
        {"{\"name\":\"x\",\"scopes\":\"all\"}", 422, "/scopes"},
    };
    World world = world_new();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(json_t) problem =
            fixture_json(world.fixture, rows[i].status, (Call){.path = ADMIN, .token = world.admin, .text = rows[i].body});
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), rows[i].pointer);
    }
    json_decref(key_with(&world, "122", "\"cases:open\""));
    g_autoptr(json_t) taken = fixture_json(world.fixture, 409, (Call){.path = ADMIN, .token = world.admin,
                                                                      .text = "{\"name\":\"122\",\"scopes\":[\"cases:open\"]}"});
    ck_assert_str_eq(text_at(taken, "code"), "name-taken");
    /* An alarm number is said by another system, not by anybody. */
    json_decref(report(&world, 422, NULL, "1"));
    world_clear(&world);
}
END_TEST

static Suite *
integrations_suite(void)
{
    Suite *suite = suite_create("http/integrations");
    TCase *all = tcase_create("integrations");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, one_alarm_is_one_case);
    tcase_add_test(all, it_sees_its_own_cases_and_nobody_in_them);
    tcase_add_test(all, a_key_does_what_its_scopes_name);
    tcase_add_test(all, what_is_wrong_is_named);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(integrations_suite())
