/* One video of a case over HTTP: asked for, followed, played by ranges, in the bundle, taken away. */
#include <string.h>

#include "src/app/bundle_check.h"
#include "tests/http/bundled.h"

typedef struct {
    Fixture *fixture;
    Served served; /* a case whose call is over */
    char *officer, *auditor, *supervisor;
} World;

static World
world_new(void)
{
    World world = {.fixture = fixture_new_text_only()};
    world.served.fixture = world.fixture;
    bundled_case(&world.served);
    world.officer = fixture_sign_in(world.fixture, "officer");
    world.auditor = fixture_sign_in(world.fixture, "auditor");
    world.supervisor = fixture_sign_in(world.fixture, "supervisor");
    return world;
}

static void
world_clear(World *world)
{
    served_clear(&world->served);
    g_free(world->officer);
    g_free(world->auditor);
    g_free(world->supervisor);
    fixture_free(world->fixture);
}

static json_t *
call(World *world, int status, const char *method, const char *rest, const char *token, const char *body)
{
    g_autofree char *path = case_path(&world->served.one, rest);
    return fixture_json(world->fixture, status, (Call){.method = method, .path = path, .token = token, .text = body});
}

static void
expect(World *world, int status, const char *method, const char *rest, const char *token, const char *body)
{
    g_autofree char *path = case_path(&world->served.one, rest);
    reply_free(
        fixture_expect(world->fixture, status, (Call){.method = method, .path = path, .token = token, .text = body}));
}

static void
expect_problem(World *world, int status, const char *code, const char *method, const char *rest, const char *token)
{
    g_autoptr(json_t) problem = call(world, status, method, rest, token, NULL);
    ck_assert_ptr_nonnull(strstr(text_at(problem, "type"), code));
}

static void
state_purpose(World *world)
{
    g_autoptr(json_t) stated = call(world, 201, "POST", "/accesses", world->auditor, "{\"purpose\":\"court\"}");
}

/* Owned "/compositions/ID". */
static char *
make(World *world)
{
    g_autoptr(json_t) asked = call(world, 202, "POST", "/compositions", world->auditor, NULL);
    ck_assert_str_eq(text_at(asked, "composition.state"), "queued");
    kc_app_wait_idle(world->fixture->app);
    return g_strconcat("/compositions/", text_at(asked, "composition.id"), NULL);
}

START_TEST(asked_for_and_played)
{
    World world = world_new();
    state_purpose(&world);
    g_autofree char *one = make(&world), *media = g_strconcat(one, "/media", NULL);
    g_autoptr(json_t) list = call(&world, 200, "GET", "/compositions", world.officer, NULL);
    const json_t *item = json_array_get(json_object_get(list, "items"), 0);
    ck_assert_str_eq(text_at(item, "state"), "done");
    ck_assert_int_gt(json_integer_value(json_object_get(item, "bytes")), 0);
    ck_assert_int_ge(json_integer_value(json_object_get(item, "sources")), 2);
    ck_assert_str_eq(text_at(item, "url") + strlen(text_at(item, "url")) - strlen(media), media);

    g_autofree char *path = case_path(&world.served.one, media);
    g_autoptr(Reply) whole = fixture_expect(world.fixture, 200, (Call){.path = path, .token = world.auditor});
    g_autofree char *type = reply_header(whole, "Content-Type"), *etag = reply_header(whole, "ETag");
    ck_assert(g_str_has_prefix(type, "video/webm"));
    ck_assert_ptr_nonnull(strstr(etag, text_at(item, "sha256")));
    g_autoptr(Reply) part = fixture_expect(
        world.fixture, 206, (Call){.path = path, .token = world.auditor, .headers = "Range: bytes=2-5\r\n"});
    ck_assert_uint_eq(part->body->len, 4);
    ck_assert_mem_eq(part->body->data, whole->body->data + 2, 4);
    reply_free(fixture_expect(world.fixture, 416,
                              (Call){.path = path, .token = world.auditor, .headers = "Range: bytes=99999999-\r\n"}));
    g_autofree char *fresh = g_strdup_printf("If-None-Match: %s\r\n", etag);
    reply_free(fixture_expect(world.fixture, 304, (Call){.path = path, .token = world.auditor, .headers = fresh}));

    /* The party sees who looked. */
    g_autoptr(json_t) looks = call(&world, 200, "GET", "/accesses", world.auditor, NULL);
    g_autofree char *said = json_dumps(looks, 0);
    ck_assert_ptr_nonnull(strstr(said, "composition.viewed"));
    expect(&world, 204, "DELETE", one, world.auditor, NULL);
    expect(&world, 404, "GET", media, world.auditor, NULL);
    expect(&world, 404, "DELETE", one, world.auditor, NULL);
    world_clear(&world);
}
END_TEST

START_TEST(what_is_refused)
{
    World world = world_new();
    g_autofree char *one = NULL, *media = NULL;
    expect(&world, 400, "POST", "/compositions", world.officer, "{");
    expect(&world, 400, "POST", "/compositions", world.officer, "[]");
    expect(&world, 422, "POST", "/compositions", world.officer, "{\"size\":\"4k\"}");
    expect(&world, 401, "POST", "/compositions", NULL, NULL);
    expect(&world, 403, "POST", "/compositions", world.served.one.token, NULL);
    expect(&world, 403, "GET", "/compositions", world.served.one.token, NULL);
    expect(&world, 404, "DELETE", "/compositions/01936d7e-0000-7000-8000-000000000001", world.officer, NULL);
    expect(&world, 404, "GET", "/compositions/01936d7e-0000-7000-8000-000000000001/media", world.officer, NULL);
    kc_fake_composer_hold(world.fixture->composer);
    g_autoptr(json_t) asked = call(&world, 202, "POST", "/compositions", world.officer, "{}");
    one = g_strconcat("/compositions/", text_at(asked, "composition.id"), NULL);
    media = g_strconcat(one, "/media", NULL);
    kc_fake_composer_wait(world.fixture->composer);
    g_autoptr(json_t) list = call(&world, 200, "GET", "/compositions", world.officer, NULL);
    const json_t *item = json_array_get(json_object_get(list, "items"), 0);
    ck_assert_str_eq(text_at(item, "state"), "making");
    ck_assert_int_eq(json_integer_value(json_object_get(item, "permille")), 500);
    expect_problem(&world, 409, "composition-pending", "POST", "/compositions", world.officer);
    expect_problem(&world, 409, "composition-not-done", "GET", media, world.officer);
    expect(&world, 204, "DELETE", one, world.officer, NULL);
    kc_app_wait_idle(world.fixture->app);
    g_autoptr(json_t) after = call(&world, 200, "GET", "/compositions", world.officer, NULL);
    ck_assert_str_eq(text_at(json_array_get(json_object_get(after, "items"), 0), "state"), "stopped");
    world_clear(&world);
}
END_TEST

START_TEST(the_bundle_has_it_as_a_derivative)
{
    World world = world_new();
    state_purpose(&world);
    g_autofree char *one = make(&world);
    char *dir = bundled_export(&world.served, world.auditor);
    g_autoptr(json_t) manifest = bundled_manifest(dir);
    json_t *object = bundled_object(manifest, "derivative", NULL);
    ck_assert_ptr_nonnull(object);
    ck_assert_str_eq(text_at(object, "file"), "derivatives/001.webm");
    const json_t *sources = json_object_get(object, "made_from");
    ck_assert_uint_ge(json_array_size(sources), 2);
    for (size_t i = 0; i < json_array_size(sources); i++) {
        const json_t *source = json_array_get(sources, i);
        gboolean known = FALSE;
        size_t n;
        json_t *other;
        json_array_foreach(json_object_get(manifest, "objects"), n, other) known |=
            strcmp(text_at(other, "id"), text_at(source, "object_id")) == 0 &&
            strcmp(text_at(other, "sealed.sha256"), text_at(source, "sha256")) == 0;
        ck_assert(known);
    }
    g_auto(KcBundleVerdict) verdict = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *files = g_build_filename(dir, "files", NULL);
    ck_assert(kc_bundle_check(files, &(KcBundleTrust){NULL}, &verdict, &error));
    ck_assert_uint_eq(kc_bundle_verdict_count(&verdict), 0);
    kc_test_dir_remove(dir);
    /* A party's excerpt has only its own track. */
    dir = bundled_export(&world.served, world.served.one.token);
    g_autoptr(json_t) excerpt = bundled_manifest(dir);
    ck_assert_ptr_null(bundled_object(excerpt, "derivative", NULL));
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(excerpt, "left_out"), "derivative")), 1);
    kc_test_dir_remove(dir);
    /* One that was taken away did not go because its time had ended. */
    expect(&world, 204, "DELETE", one, world.auditor, NULL);
    dir = bundled_export(&world.served, world.auditor);
    g_autoptr(json_t) after = bundled_manifest(dir);
    ck_assert_ptr_null(bundled_object(after, "derivative", NULL));
    ck_assert_uint_eq(json_object_size(json_object_get(after, "left_out")), 0);
    kc_test_dir_remove(dir);
    world_clear(&world);
}
END_TEST

static Suite *
compositions_suite(void)
{
    Suite *suite = suite_create("http/compositions");
    TCase *tcase = tcase_create("compositions");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, asked_for_and_played);
    tcase_add_test(tcase, what_is_refused);
    tcase_add_test(tcase, the_bundle_has_it_as_a_derivative);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(compositions_suite())
