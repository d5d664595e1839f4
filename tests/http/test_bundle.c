/* A case as a ZIP: checked by Debian's sha256sum and minisign, what is in it for whom, damage, and clients that leave.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/limits.h"
#include "tests/http/bundled.h"

typedef struct {
    Fixture *fixture;
    Served served;
    char *auditor;
} World;

static void
world_begin(World *world, Fixture *fixture)
{
    *world = (World){.fixture = fixture};
    world->served.fixture = world->fixture;
    world->auditor = fixture_sign_in(world->fixture, "auditor");
    bundled_case(&world->served);
}

static void
world_open(World *world)
{
    world_begin(world, fixture_new(NULL));
}

static void
world_close(World *world)
{
    g_free(world->auditor);
    served_clear(&world->served);
    fixture_free(world->fixture);
}

static void
check_by_tools(const char *dir)
{
    g_autofree char *sums = NULL, *signature = NULL;
    int status = bundled_run(dir, (const char *const[]){"sha256sum", "--strict", "-c", "SHA256SUMS", NULL}, &sums);
    ck_assert_msg(status == 0, "sha256sum: %d %s", status, sums);
    status = bundled_run(dir, (const char *const[]){"minisign", "-Vm", "manifest.json", "-p", "service.pub", NULL},
                         &signature);
    ck_assert_msg(status == 0, "minisign: %d %s", status, signature);
    ck_assert_ptr_nonnull(strstr(signature, "Signature and comment signature verified"));
}

/* SHA256SUMS names each file but itself. */
static void
check_sums_name_all(const char *dir)
{
    g_autofree char *sums = bundled_text(dir, "SHA256SUMS"), *found = NULL;
    bundled_run(dir, (const char *const[]){"find", ".", "-type", "f", "-printf", "%P\n", NULL}, &found);
    g_auto(GStrv) names = g_strsplit(g_strchomp(found), "\n", -1);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *line = g_strdup_printf("  %s\n", names[i]);
        if (strcmp(names[i], "SHA256SUMS") != 0)
            ck_assert_msg(strstr(sums, line) != NULL, "%s is in no sum", names[i]);
    }
}

/* Every entry that was there is in it; the export itself is in the next one. */
static guint
count_entries(const json_t *manifest, const char *kind)
{
    guint count = 0;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(json_object_get(manifest, "log"), "entries"), i, item)
    {
        g_autoptr(json_t) entry = json_loads(text_at(item, "entry"), 0, NULL);
        count += strcmp(text_at(entry, "kind"), kind) == 0;
    }
    return count;
}

static void
check_whole(World *world, const char *dir, const json_t *manifest)
{
    ck_assert_str_eq(text_at(manifest, "kind"), "whole");
    ck_assert_str_eq(text_at(manifest, "made_by.role"), "auditor");
    ck_assert_uint_eq(json_array_size(json_object_get(manifest, "documents")), 1);
    ck_assert_ptr_nonnull(bundled_object(manifest, "recording", world->served.one.party_id));
    ck_assert_ptr_nonnull(bundled_object(manifest, "photo", world->served.party_b));
    ck_assert_ptr_nonnull(bundled_object(manifest, "signature", world->served.one.party_id));
    ck_assert_uint_eq(count_entries(manifest, "case.exported"), 0);
    ck_assert_uint_eq(count_entries(manifest, "document.signed"), 2);
    g_autofree char *text = bundled_text(dir, "manifest.json");
    ck_assert_ptr_nonnull(strstr(text, "13911112222"));
}

/* Its length is known and kept, and the export before it is an entry in it. */
static void
check_next(World *world)
{
    g_autofree char *path = case_path(&world->served.one, "/bundle");
    g_autofree char *supervisor = fixture_sign_in(world->fixture, "supervisor");
    g_autoptr(Reply) reply =
        fixture_expect(world->fixture, 200, (Call){.method = "POST", .path = path, .token = supervisor});
    g_autofree char *length = reply_header(reply, "Content-Length"), *type = reply_header(reply, "Content-Type"),
                    *content = reply_header(reply, "Kuaichu-Content-Bytes"),
                    *name = reply_header(reply, "Content-Disposition");
    ck_assert_str_eq(type, "application/zip");
    ck_assert_uint_eq(reply->body->len, g_ascii_strtoull(length, NULL, 10));
    ck_assert_uint_lt(g_ascii_strtoull(content, NULL, 10), reply->body->len);
    ck_assert(g_str_has_prefix(name, "attachment; filename=\"C-") && g_str_has_suffix(name, ".zip\""));
    /* Stored as it is, so it can be found in the ZIP. */
    const char exported[] = "\\\"kind\\\":\\\"case.exported\\\"";
    ck_assert_ptr_nonnull(memmem(reply->body->data, reply->body->len, exported, strlen(exported)));
}

START_TEST(standard_tools_check_it)
{
    World world;
    world_open(&world);
    char *dir = bundled_export(&world.served, world.auditor);
    check_by_tools(dir);
    check_sums_name_all(dir);
    g_autoptr(Reply) published = fixture_expect(world.fixture, 200, (Call){.path = "/log/service.pub"});
    g_autofree char *public = bundled_text(dir, "service.pub");
    ck_assert_str_eq(reply_text(published), public);
    g_autofree char *readme = bundled_text(dir, "README.txt");
    ck_assert_ptr_nonnull(strstr(readme, "minisign -Vm manifest.json -p service.pub"));
    ck_assert_ptr_null(strstr(readme, "!!"));
    g_autoptr(json_t) manifest = bundled_manifest(dir);
    check_whole(&world, dir, manifest);
    check_next(&world);
    kc_test_dir_remove(dir);
    world_close(&world);
}
END_TEST
/* ---- A party ---- */

static void
assert_nowhere(const char *dir, const char *secret)
{
    g_autofree char *found = NULL;
    int status = bundled_run(dir, (const char *const[]){"grep", "-rlaF", secret, ".", NULL}, &found);
    ck_assert_msg(status == 1, "%s is in %s", secret, found);
}

static void
check_excerpt_of_document(const World *world, const char *dir, const json_t *manifest)
{
    const json_t *document = json_array_get(json_object_get(manifest, "documents"), 0);
    const json_t *file = json_array_get(json_object_get(document, "files"), 0);
    ck_assert_str_eq(text_at(file, "derived_from.sha256"), world->served.sha256);
    ck_assert_str_eq(text_at(file, "derived_from.redaction"), "masked");
    g_autofree char *text = bundled_text(dir, text_at(file, "file"));
    ck_assert(g_str_has_prefix(text, "【摘录】"));
    ck_assert_ptr_nonnull(strstr(text, world->served.sha256));
    ck_assert_ptr_nonnull(strstr(text, "612501000001")); /* its own licence */
    ck_assert_ptr_nonnull(strstr(text, "61********02"));
}

START_TEST(a_party_gets_what_is_its_own)
{
    World world;
    world_open(&world);
    char *dir = bundled_export(&world.served, world.served.one.token);
    check_by_tools(dir);
    check_sums_name_all(dir);
    g_autoptr(json_t) manifest = bundled_manifest(dir);
    ck_assert_str_eq(text_at(manifest, "kind"), "excerpt");
    ck_assert_ptr_nonnull(bundled_object(manifest, "recording", world.served.one.party_id));
    const json_t *objects = json_object_get(manifest, "objects");
    for (gsize i = 0; i < json_array_size(objects); i++) {
        const json_t *object = json_array_get(objects, i);
        const char *by = json_string_value(json_object_get(json_object_get(object, "by"), "id"));
        gboolean own = g_strcmp0(by, world.served.one.party_id) == 0;
        if (strcmp(text_at(object, "kind"), "recording") == 0 || strcmp(text_at(object, "kind"), "signature") == 0)
            ck_assert(own);
        /* Another's picture is a derivative that names its original. */
        if (!own)
            ck_assert_str_eq(text_at(object, "derived_from.sha256"), text_at(object, "sealed.sha256"));
    }
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(manifest, "left_out"), "recording")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(manifest, "left_out"), "photo")), 1);
    assert_nowhere(dir, "13911112222");         /* B's telephone */
    assert_nowhere(dir, "612501000002");        /* its licence, in the document */
    assert_nowhere(dir, "PDAA202661000000001"); /* its insurance */
    check_excerpt_of_document(&world, dir, manifest);
    kc_test_dir_remove(dir);
    world_close(&world);
}
END_TEST

/* Everybody in the call read it: a party gets all of it, and others by what they are called there. */
START_TEST(what_was_written_in_the_call_is_in_it)
{
    World world;
    world_open(&world);
    g_autofree char *path = case_path(&world.served.one, "/messages");
    const char *writers[] = {world.served.one.token, world.served.token_b};
    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++)
        reply_free(fixture_expect(world.fixture, 201,
                                  (Call){.path = path, .token = writers[i], .text = "{\"text\":\"我听不见\"}"}));
    const char *readers[] = {world.auditor, world.served.one.token};
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        char *dir = bundled_export(&world.served, readers[i]);
        check_by_tools(dir);
        g_autoptr(json_t) manifest = bundled_manifest(dir);
        const json_t *messages = json_object_get(manifest, "messages");
        ck_assert_uint_eq(json_array_size(messages), 2);
        ck_assert_uint_eq(count_entries(manifest, "message.sent"), 2);
        ck_assert_str_eq(text_at(json_array_get(messages, 0), "text"), "我听不见");
        ck_assert_str_eq(text_at(json_array_get(messages, 0), "from.id"), world.served.one.party_id);
        const json_t *from = json_object_get(json_array_get(messages, 1), "from");
        ck_assert_str_eq(text_at(from, "label"), "B");
        ck_assert_int_eq(json_is_null(json_object_get(from, "name")), i == 1);
        kc_test_dir_remove(dir);
    }
    world_close(&world);
}
END_TEST

/* ---- Damage ---- */

static char *
path_of_object(const World *world, const char *object_id)
{
    g_autofree char *vault = g_build_filename(world->fixture->dir, "vault", NULL);
    g_autofree char *pattern = g_strconcat("*", object_id, "*", NULL);
    const char *argv[] = {"find", vault, "-name", pattern, "-type", "f", NULL};
    return g_strchomp(kc_test_output(argv, NULL));
}

static void
flip(const World *world, const char *object_id, double where)
{
    g_autofree char *path = path_of_object(world, object_id), *bytes = NULL;
    gsize size;
    ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
    bytes[(gsize)((double)size * where)] ^= 1;
    ck_assert(g_file_set_contents_full(path, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

START_TEST(what_is_damaged_is_named_and_the_rest_is_there)
{
    World world;
    world_begin(&world, fixture_new_text_only());
    char *before = bundled_export(&world.served, world.auditor);
    g_autoptr(json_t) good = bundled_manifest(before);
    g_autofree char *photo = g_strdup(text_at(bundled_object(good, "photo", world.served.one.party_id), "id"));
    g_autofree char *track = g_strdup(text_at(bundled_object(good, "recording", world.served.one.party_id), "id"));
    flip(&world, photo, 0.5);
    flip(&world, track, 0.6);
    char *dir = bundled_export(&world.served, world.auditor);
    check_by_tools(dir);
    g_autoptr(json_t) manifest = bundled_manifest(dir);
    const json_t *object = bundled_object(manifest, "photo", world.served.one.party_id);
    ck_assert_str_eq(text_at(object, "id"), photo);
    ck_assert(json_is_null(json_object_get(object, "file")));
    ck_assert_ptr_nonnull(text_at(object, "damage.detail"));
    /* What was recorded before the damage plays. */
    object = bundled_object(manifest, "recording", world.served.one.party_id);
    json_int_t readable = json_integer_value(json_object_get(json_object_get(object, "damage"), "readable_bytes"));
    ck_assert_int_gt(readable, 0);
    ck_assert_int_eq(readable, json_integer_value(json_object_get(object, "bytes")));
    g_autofree char *readme = bundled_text(dir, "README.txt");
    ck_assert_ptr_nonnull(strstr(readme, photo));
    ck_assert_ptr_nonnull(strstr(readme, track));
    kc_test_dir_remove(before);
    kc_test_dir_remove(dir);
    world_close(&world);
}
END_TEST

/* ---- Clients ---- */

/* More than the sockets between client and server hold. */
static void
add_large_photos(World *world, guint count)
{
    gsize size = 12 * 1024 * 1024;
    g_autofree guint8 *image = g_malloc0(size);
    memcpy(image, test_png, test_png_size);
    g_autofree char *path = case_path(&world->served.one, "/photos");
    for (guint i = 0; i < count; i++)
        reply_free(fixture_expect(
            world->fixture, 201,
            (Call){.path = path, .token = world->served.one.token, .bytes = image, .size = size, .type = "image/png"}));
}

static int
begin_export(const World *world)
{
    g_autofree char *path = case_path(&world->served.one, "/bundle");
    g_autofree char *request = g_strdup_printf("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                                               "Content-Length: 0\r\n\r\n",
                                               path, world->auditor);
    int fd = client_connect(world->fixture->port);
    client_send(fd, request, strlen(request));
    g_autofree char *head = client_read_until(fd, "\r\n\r\n", 20000);
    ck_assert_ptr_nonnull(head);
    return fd;
}

START_TEST(a_client_that_leaves_ends_it)
{
    World world;
    int fds[KC_LIMIT_BUNDLES_AT_ONCE];
    world_begin(&world, fixture_new_text_only());
    add_large_photos(&world, 2);
    for (guint i = 0; i < KC_LIMIT_BUNDLES_AT_ONCE; i++)
        fds[i] = begin_export(&world);
    g_autofree char *path = case_path(&world.served.one, "/bundle");
    Call call = {.method = "POST", .path = path, .token = world.auditor};
    g_autoptr(Reply) busy = fixture_expect(world.fixture, 503, call);
    g_autofree char *after = reply_header(busy, "Retry-After");
    ck_assert_ptr_nonnull(after);
    for (guint i = 0; i < KC_LIMIT_BUNDLES_AT_ONCE; i++)
        close(fds[i]);
    int status = 503;
    for (guint tries = 0; status == 503 && tries < 50; tries++) {
        g_autoptr(Reply) reply = fixture_call(world.fixture, call);
        status = reply->status;
        if (status == 503)
            g_usleep(100 * 1000);
    }
    ck_assert_int_eq(status, 200);
    world_close(&world);
}
END_TEST

static Suite *
bundle_suite(void)
{
    Suite *suite = suite_create("http/bundle");
    TCase *all = tcase_create("bundle");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, standard_tools_check_it);
    tcase_add_test(all, a_party_gets_what_is_its_own);
    tcase_add_test(all, what_was_written_in_the_call_is_in_it);
    tcase_add_test(all, what_is_damaged_is_named_and_the_rest_is_there);
    tcase_add_test(all, a_client_that_leaves_ends_it);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(bundle_suite())
