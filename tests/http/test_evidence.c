/* Photos in, sealed things out: types by content, ranges, recordings, and what was tampered with. */
#include <string.h>

#include "src/base/hex.h"
#include "src/base/limits.h"
#include "src/evidence/digest.h"
#include "src/evidence/keys.h"
#include "tests/http/fixture.h"

typedef struct {
    Fixture *fixture;
    char *officer, *auditor;
    TestCase one;
    char *photos;
} World;

static World
world_new(void)
{
    World world = {.fixture = fixture_new(NULL)};
    world.officer = fixture_sign_in(world.fixture, "officer");
    world.auditor = fixture_sign_in(world.fixture, "auditor");
    world.one = fixture_case_in_call(world.fixture, world.officer);
    world.photos = case_path(&world.one, "/photos");
    return world;
}

static void
world_clear(World *world)
{
    g_free(world->officer);
    g_free(world->auditor);
    g_free(world->photos);
    test_case_clear(&world->one);
    fixture_free(world->fixture);
}

static Call
photo(const World *world)
{
    return (Call){.path = world->photos,
                  .token = world->one.token,
                  .bytes = test_png,
                  .size = test_png_size,
                  .type = "image/png"};
}

START_TEST(a_photo_is_sealed_and_read)
{
    World world = world_new();
    Call call = photo(&world);
    call.headers = "Idempotency-Key: photo-1\r\n";
    g_autoptr(json_t) still = fixture_json(world.fixture, 201, call);
    g_autoptr(json_t) again = fixture_json(world.fixture, 201, call);
    ck_assert_str_eq(text_at(still, "still.id"), text_at(again, "still.id"));
    ck_assert_str_eq(text_at(still, "still.kind"), "photo");
    ck_assert_str_eq(text_at(still, "still.content_type"), "image/png");
    const char *url = text_at(still, "still.url");
    g_autoptr(Reply) bytes = fixture_expect(world.fixture, 200, (Call){.path = url, .token = world.auditor});
    ck_assert_uint_eq(bytes->body->len, test_png_size);
    ck_assert_mem_eq(bytes->body->data, test_png, test_png_size);
    g_autofree char *etag = reply_header(bytes, "ETag");
    g_autofree char *condition = g_strdup_printf("If-None-Match: %s\r\n", etag);
    reply_free(fixture_expect(world.fixture, 304, (Call){.path = url, .token = world.auditor, .headers = condition}));
    world_clear(&world);
}
END_TEST

START_TEST(an_image_that_is_not_one_is_refused)
{
    World world = world_new();
    const struct {
        const char *bytes;
        gsize size;
        const char *type;
        int low, high; /* the answer is one of both */
    } images[] = {
        {"no image at all", 15, "image/jpeg", 415, 422},
        {"<svg xmlns='http://www.w3.org/2000/svg'/>", 41, "image/svg+xml", 415, 422},
        {"\xff\xd8\xff", 3, "image/jpeg", 415, 422},
        {(const char *)test_png, 20, "image/png", 415, 422},
        {"\0\0\0\x18"
         "ftypheic\0\0\0\0mif1heic",
         24, "image/heic", 415, 415},
        {"", 0, "image/png", 400, 400},
        {"{}", 2, "application/json", 415, 415},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(images); i++) {
        g_autoptr(Reply) reply = fixture_call(world.fixture, (Call){.path = world.photos,
                                                                    .token = world.one.token,
                                                                    .bytes = images[i].bytes,
                                                                    .size = images[i].size,
                                                                    .type = images[i].type});
        if (reply->status != images[i].low && reply->status != images[i].high)
            ck_abort_msg("image %zu: %d", i, reply->status);
    }
    Call shot = photo(&world);
    g_autofree char *bad_shot = g_strconcat(world.photos, "?shot=%ff", NULL);
    shot.path = bad_shot;
    reply_free(fixture_expect(world.fixture, 400, shot));
    world_clear(&world);
}
END_TEST

START_TEST(a_photo_has_a_limit)
{
    World world = world_new();
    g_autofree char *request = g_strdup_printf("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                                               "Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n",
                                               world.photos, world.one.token, KC_LIMIT_PHOTO_BYTES + 1);
    int fd = client_connect(world.fixture->port);
    client_send(fd, request, strlen(request));
    g_autoptr(Reply) reply = client_receive(fd);
    ck_assert_int_eq(reply->status, 413);
    world_clear(&world);
}
END_TEST

static const struct {
    const char *range;
    int status;
    gsize first, length;
} ranges[] = {
    {"bytes=0-7", 206, 0, 8},        {"bytes=-4", 206, 66, 4}, {"bytes=10-", 206, 10, 60},
    {"bytes=0-1000000", 206, 0, 70}, {"bytes=70-", 416, 0, 0}, {"bytes=0-1,3-4", 200, 0, 70},
    {"bytes=9-1", 200, 0, 70},
};

START_TEST(ranges_of_a_sealed_thing)
{
    World world = world_new();
    g_autoptr(json_t) still = fixture_json(world.fixture, 201, photo(&world));
    const char *url = text_at(still, "still.url");
    ck_assert_uint_eq(test_png_size, 70);
    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
        g_autofree char *header = g_strdup_printf("Range: %s\r\n", ranges[i].range);
        g_autoptr(Reply) part = fixture_expect(world.fixture, ranges[i].status,
                                               (Call){.path = url, .token = world.officer, .headers = header});
        g_autofree char *range = reply_header(part, "Content-Range");
        ck_assert_int_eq(range != NULL, ranges[i].status != 200);
        if (ranges[i].status == 416)
            continue;
        ck_assert_uint_eq(part->body->len, ranges[i].length);
        ck_assert_mem_eq(part->body->data, test_png + ranges[i].first, ranges[i].length);
    }
    const Call other = {.path = url, .token = world.officer, .headers = "Range: bytes=0-7\r\nIf-Range: \"x\"\r\n"};
    reply_free(fixture_expect(world.fixture, 200, other));
    world_clear(&world);
}
END_TEST

/* The recording of the party, after it left. */
static json_t *
recorded(World *world)
{
    g_autofree char *call = case_path(&world->one, "/call"), *recordings = case_path(&world->one, "/recordings");
    g_autoptr(json_t) live = fixture_json(world->fixture, 200, (Call){.path = call, .token = world->officer});
    const char *leg = text_at(live, "participants.0.leg_id");
    kc_fake_media_record(world->fixture->media, leg, 3);
    kc_fake_media_vanish(world->fixture->media, leg);
    kc_app_wait_idle(world->fixture->app);
    return fixture_json(world->fixture, 200, (Call){.path = recordings, .token = world->auditor});
}

START_TEST(a_recording_is_replayed)
{
    World world = world_new();
    g_autoptr(json_t) list = recorded(&world);
    ck_assert_str_eq(text_at(list, "items.0.status"), "complete");
    const char *url = text_at(list, "items.0.url");
    g_autofree char *index = g_strdup_printf("/api/v1/recordings/%s/index", text_at(list, "items.0.id"));
    g_autoptr(Reply) whole = fixture_expect(world.fixture, 200, (Call){.path = url, .token = world.auditor});
    g_autofree char *type = reply_header(whole, "Content-Type"), *accepts = reply_header(whole, "Accept-Ranges");
    ck_assert(g_str_has_prefix(type, "video/webm"));
    ck_assert_str_eq(accepts, "bytes");
    ck_assert_mem_eq(whole->body->data, "\x1a\x45\xdf\xa3", 4);
    gsize middle = whole->body->len / 2;
    g_autofree char *header = g_strdup_printf("Range: bytes=%zu-\r\n", middle);
    g_autoptr(Reply) part =
        fixture_expect(world.fixture, 206, (Call){.path = url, .token = world.auditor, .headers = header});
    ck_assert_uint_eq(part->body->len, whole->body->len - middle);
    ck_assert_mem_eq(part->body->data, whole->body->data + middle, part->body->len);
    /* From now on its reader is at hand. */
    for (gsize at = 0; at < whole->body->len; at += MAX(whole->body->len / 5, 1)) {
        g_autofree char *next = g_strdup_printf("Range: bytes=%zu-%zu\r\n", at, at + 700);
        const Call call = {.path = url, .token = world.auditor, .headers = next};
        g_autoptr(Reply) range = fixture_expect(world.fixture, 206, call);
        ck_assert_uint_eq(range->body->len, MIN(701, whole->body->len - at));
        ck_assert_mem_eq(range->body->data, whole->body->data + at, range->body->len);
    }
    g_autoptr(json_t) frames = fixture_json(world.fixture, 200, (Call){.path = index, .token = world.auditor});
    ck_assert_uint_ge(json_array_size(json_object_get(frames, "keyframes")), 1);
    world_clear(&world);
}
END_TEST

static gint64
number_of(const json_t *root, const char *name)
{
    return json_integer_value(json_object_get(root, name));
}

START_TEST(a_receipt_proves_what_is_served)
{
    World world = world_new();
    g_autoptr(json_t) list = recorded(&world);
    const char *id = text_at(list, "items.0.id");
    g_autofree char *path = g_strdup_printf("/api/v1/recordings/%s/receipt?check=true", id);
    g_autoptr(json_t) receipt = fixture_json(world.fixture, 200, (Call){.path = path, .token = world.auditor});
    g_autoptr(Reply) whole =
        fixture_expect(world.fixture, 200, (Call){.path = text_at(list, "items.0.url"), .token = world.auditor});
    ck_assert_int_eq(number_of(receipt, "size"), (gint64)whole->body->len);
    ck_assert_str_eq(text_at(receipt, "sha256"), text_at(list, "items.0.sha256"));
    ck_assert(text_at(receipt, "checked_at") != NULL);

    gsize head_len = 0, from = (gsize)number_of(receipt, "media_from");
    g_autofree guchar *head = g_base64_decode(text_at(receipt, "head"), &head_len);
    g_autoptr(KcSha256) hash = kc_sha256_new();
    guint8 sum[KC_SHA256_LEN], salt[KC_KEY_LEN];
    kc_sha256_update(hash, head, head_len);
    kc_sha256_update(hash, whole->body->data + from, whole->body->len - from);
    kc_sha256_peek(hash, sum);
    g_autofree char *served = kc_hex_encode(sum, sizeof sum);
    ck_assert_str_eq(served, text_at(receipt, "sha256"));

    /* The entry names it, and the leaf commits to the entry. */
    const char *entry = text_at(receipt, "entry");
    ck_assert_ptr_nonnull(strstr(entry, served));
    ck_assert(kc_hex_decode(text_at(receipt, "salt"), salt, sizeof salt));
    g_autoptr(KcSha256) opened = kc_sha256_new();
    kc_sha256_update(opened, salt, sizeof salt);
    kc_sha256_update(opened, entry, strlen(entry));
    kc_sha256_peek(opened, sum);
    g_autofree char *commitment = kc_hex_encode(sum, sizeof sum);
    g_autofree char *proof_path = g_strdup_printf("/api/v1/log/proof?leaf=%" G_GINT64_FORMAT "&size=%" G_GINT64_FORMAT,
                                                  number_of(receipt, "leaf"), number_of(receipt, "leaf") + 1);
    g_autoptr(json_t) proof = fixture_json(world.fixture, 200, (Call){.path = proof_path});
    ck_assert_ptr_nonnull(strstr(text_at(proof, "leaf"), commitment));
    world_clear(&world);
}
END_TEST

START_TEST(a_receipt_is_for_who_may_replay)
{
    World world = world_new();
    g_autoptr(json_t) list = recorded(&world);
    g_autofree char *intake = fixture_sign_in(world.fixture, "intake");
    g_autofree char *path = g_strdup_printf("/api/v1/recordings/%s/receipt", text_at(list, "items.0.id"));
    g_autofree char *odd = g_strconcat(path, "?check=perhaps", NULL);
    reply_free(fixture_expect(world.fixture, 403, (Call){.path = path, .token = intake}));
    reply_free(fixture_expect(world.fixture, 403, (Call){.path = path, .token = world.one.token}));
    reply_free(fixture_expect(world.fixture, 401, (Call){.path = path}));
    reply_free(fixture_expect(world.fixture, 400, (Call){.path = odd, .token = world.auditor}));
    g_autoptr(json_t) quick = fixture_json(world.fixture, 200, (Call){.path = path, .token = world.officer});
    ck_assert(json_is_null(json_object_get(quick, "checked_at")));
    world_clear(&world);
}
END_TEST

/* Flips a bit in the middle of every file of the vault. */
static void
tamper(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *bytes = NULL;
        gsize size = 0;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            tamper(path);
        } else if (g_file_get_contents(path, &bytes, &size, NULL)) {
            bytes[size / 2] ^= 1;
            g_file_set_contents_full(path, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
        }
    }
}

START_TEST(what_was_tampered_with_is_a_clear_error)
{
    World world = world_new();
    g_autoptr(json_t) list = recorded(&world);
    g_autofree char *vault = g_build_filename(world.fixture->dir, "vault", NULL);
    g_autofree char *receipt =
        g_strdup_printf("/api/v1/recordings/%s/receipt?check=true", text_at(list, "items.0.id"));
    /* A reader that is kept for the next range does not hide it. */
    reply_free(fixture_expect(world.fixture, 200, (Call){.path = receipt, .token = world.auditor}));
    tamper(vault);
    reply_free(fixture_expect(world.fixture, 500, (Call){.path = receipt, .token = world.auditor}));
    g_autoptr(Reply) reply =
        fixture_call(world.fixture, (Call){.path = text_at(list, "items.0.url"), .token = world.auditor});
    if (reply->status == 200) {
        /* The damage lies behind the first byte: the promised length is not reached, and nothing false is sent. */
        g_autofree char *length = reply_header(reply, "Content-Length");
        ck_assert_uint_lt(reply->body->len, g_ascii_strtoull(length, NULL, 10));
    } else {
        ck_assert_int_eq(reply->status, 500);
        ck_assert_ptr_null(strstr(reply_text(reply), world.fixture->dir));
    }
    world_clear(&world);
}
END_TEST

static Suite *
evidence_suite(void)
{
    Suite *suite = suite_create("http/evidence");
    TCase *all = tcase_create("evidence");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, a_photo_is_sealed_and_read);
    tcase_add_test(all, an_image_that_is_not_one_is_refused);
    tcase_add_test(all, a_photo_has_a_limit);
    tcase_add_test(all, ranges_of_a_sealed_thing);
    tcase_add_test(all, a_recording_is_replayed);
    tcase_add_test(all, a_receipt_proves_what_is_served);
    tcase_add_test(all, a_receipt_is_for_who_may_replay);
    tcase_add_test(all, what_was_tampered_with_is_a_clear_error);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(evidence_suite())
