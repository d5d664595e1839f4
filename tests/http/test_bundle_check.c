/* `kuaichu verify` finds what was done to a bundle, and names it: files changed, swapped, taken out, put in; a manifest
 * that somebody signed anew; a checkpoint of another log. */
#include <glib/gstdio.h>
#include <string.h>

#include "src/app/bundle_check.h"
#include "src/app/public_log.h"
#include "src/evidence/minisig.h"
#include "src/evidence/note.h"
#include "tests/http/bundled.h"

/* Made once: the service is gone when the tests run, as it is for whoever checks a bundle. */
static struct {
    char *dir, *excerpt;
    char *party_a, *party_b;
    char *service_pub, *log_key, *later, *proof;
} made;

/* One copy of the bundle to do something to. */
typedef struct {
    char *dir, *files;
} World;

static char *
checkpoint(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    kc_app_publish_checkpoint_at_once(fixture->app, &error);
    kc_assert_no_error(error);
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = "/log/checkpoint"});
    return g_strdup(reply_text(reply));
}

static char *
proof_between(Fixture *fixture, const char *a, const char *b)
{
    g_auto(GStrv) one = g_strsplit(a, "\n", 3);
    g_auto(GStrv) other = g_strsplit(b, "\n", 3);
    g_autofree char *path = g_strdup_printf("/api/v1/log/proof?from=%s&size=%s", one[1], other[1]);
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = path});
    return g_strdup(reply_text(reply));
}

static void
make(void)
{
    g_autoptr(Fixture) fixture = fixture_new_text_only();
    Served served = {.fixture = fixture};
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor");
    bundled_case(&served);
    json_decref(served_by_officer(&served, 201, "POST", "/messages", "{\"text\":\"请稍等\"}"));
    made.dir = bundled_export(&served, auditor);
    made.excerpt = bundled_export(&served, served.one.token);
    made.party_a = g_strdup(served.one.party_id);
    made.party_b = g_strdup(served.party_b);
    made.service_pub = bundled_text(made.dir, "service.pub");
    g_autoptr(json_t) keys = fixture_json(fixture, 200, (Call){.path = "/api/v1/log/keys"});
    g_autoptr(json_t) manifest = bundled_manifest(made.dir);
    made.log_key = g_strdup(text_at(keys, "items.0.public"));
    made.later = checkpoint(fixture);
    made.proof = proof_between(fixture, text_at(manifest, "log.checkpoint"), made.later);
    served_clear(&served);
}

static void
unmake(void)
{
    char *texts[] = {made.party_a, made.party_b, made.service_pub, made.log_key, made.later, made.proof};
    kc_test_dir_remove(made.dir);
    kc_test_dir_remove(made.excerpt);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

static void
world_open(World *world)
{
    world->dir = kc_test_dir_new();
    world->files = g_build_filename(world->dir, "files", NULL);
    g_autofree char *source = g_build_filename(made.dir, ".", NULL);
    g_free(kc_test_output((const char *const[]){"cp", "-r", source, world->dir, NULL}, NULL));
}

static void
world_close(World *world)
{
    g_free(world->files);
    kc_test_dir_remove(world->dir);
}

/* All that is wrong, a line each. Owned. */
static char *
check_with(const char *path, const KcBundleTrust *trust)
{
    g_auto(KcBundleVerdict) verdict = {0};
    g_autoptr(GError) error = NULL;
    GString *said = g_string_new(NULL);
    kc_bundle_check(path, trust, &verdict, &error);
    kc_assert_no_error(error);
    for (guint i = 0; i < KC_BUNDLE_CHECKS; i++)
        for (guint n = 0; verdict.wrong[i] != NULL && n < verdict.wrong[i]->len; n++)
            g_string_append_printf(said, "%s: %s\n", kc_bundle_check_name(i), (char *)verdict.wrong[i]->pdata[n]);
    return g_string_free(said, FALSE);
}

static char *
check(const World *world)
{
    return check_with(world->files, &(KcBundleTrust){NULL});
}

static void
assert_right(const char *path, KcBundleTrust trust)
{
    g_autofree char *said = check_with(path, &trust);
    ck_assert_str_eq(said, "");
}

static void
assert_says(const World *world, const char *part)
{
    g_autofree char *said = check(world);
    ck_assert_msg(strstr(said, part) != NULL, "wanted \"%s\", but: %s", part, said);
}

static void
put(const World *world, const char *name, const void *data, gsize size)
{
    g_autofree char *path = g_build_filename(world->files, name, NULL);
    ck_assert(g_file_set_contents(path, data, (gssize)size, NULL));
}

static GBytes *
get(const World *world, const char *name)
{
    g_autofree char *path = g_build_filename(world->files, name, NULL), *data = NULL;
    gsize size;
    ck_assert(g_file_get_contents(path, &data, &size, NULL));
    return g_bytes_new_take(g_steal_pointer(&data), size);
}

static GStrv
names_of(const World *world)
{
    g_autofree char *found = NULL;
    bundled_run(world->dir, (const char *const[]){"find", ".", "-type", "f", "-printf", "%P\n", NULL}, &found);
    return g_strsplit(g_strchomp(found), "\n", -1);
}

START_TEST(a_good_one_is_right)
{
    World world;
    world_open(&world);
    g_autofree char *zip = g_build_filename(world.dir, "bundle.zip", NULL);
    assert_right(zip, (KcBundleTrust){NULL});
    assert_right(world.files, (KcBundleTrust){NULL});
    assert_right(zip, (KcBundleTrust){.key = made.service_pub});
    assert_right(zip, (KcBundleTrust){.key = made.log_key});
    g_autofree char *own = g_build_filename(made.excerpt, "bundle.zip", NULL);
    assert_right(own, (KcBundleTrust){.key = made.service_pub});
    world_close(&world);
}
END_TEST

START_TEST(every_file_that_changes_or_goes_is_named)
{
    World world;
    world_open(&world);
    g_auto(GStrv) names = names_of(&world);
    ck_assert_uint_gt(g_strv_length(names), 10);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(GBytes) good = get(&world, names[i]);
        gsize size;
        const guint8 *data = g_bytes_get_data(good, &size);
        g_autofree guint8 *bad = g_memdup2(data, size);
        for (guint n = 0; n < 5; n++) { /* also the first and the last byte */
            gsize at = n * (size - 1) / 4;
            bad[at] ^= 0x01;
            put(&world, names[i], bad, size);
            bad[at] ^= 0x01;
            g_auto(KcBundleVerdict) verdict = {0};
            /* A manifest that is no JSON any more is no bundle. */
            if (kc_bundle_check(world.files, &(KcBundleTrust){NULL}, &verdict, NULL))
                ck_assert_msg(kc_bundle_verdict_count(&verdict) > 0, "%s byte %zu", names[i], at);
            else
                ck_assert_str_eq(names[i], "manifest.json");
        }
        g_autofree char *path = g_build_filename(world.files, names[i], NULL);
        g_unlink(path);
        if (strcmp(names[i], "manifest.json") != 0 && strcmp(names[i], "SHA256SUMS") != 0)
            assert_says(&world, names[i]);
        put(&world, names[i], data, size);
    }
    assert_right(world.files, (KcBundleTrust){NULL});
    world_close(&world);
}
END_TEST

START_TEST(every_byte_of_a_signature_counts)
{
    World world;
    world_open(&world);
    g_autoptr(GBytes) good = get(&world, "manifest.json.minisig");
    gsize size;
    const guint8 *data = g_bytes_get_data(good, &size);
    g_autofree guint8 *bad = g_memdup2(data, size);
    for (gsize i = 0; i < size; i++) {
        bad[i] ^= 0x02;
        put(&world, "manifest.json.minisig", bad, size);
        bad[i] ^= 0x02;
        assert_says(&world, "manifest.json.minisig");
    }
    world_close(&world);
}
END_TEST

START_TEST(files_swapped_or_put_in_are_named)
{
    World world;
    world_open(&world);
    g_autoptr(json_t) manifest = bundled_manifest(world.dir);
    const char *a = text_at(bundled_object(manifest, "recording", made.party_a), "file");
    const char *b = text_at(bundled_object(manifest, "photo", made.party_b), "file");
    g_autoptr(GBytes) one = get(&world, a);
    g_autoptr(GBytes) other = get(&world, b);
    put(&world, a, g_bytes_get_data(other, NULL), g_bytes_get_size(other));
    put(&world, b, g_bytes_get_data(one, NULL), g_bytes_get_size(one));
    assert_says(&world, a);
    assert_says(&world, b);
    put(&world, a, g_bytes_get_data(one, NULL), g_bytes_get_size(one));
    put(&world, b, g_bytes_get_data(other, NULL), g_bytes_get_size(other));
    put(&world, "photos/999-C.png", test_png, test_png_size);
    assert_says(&world, "photos/999-C.png: it is in no list");
    world_close(&world);
}
END_TEST

/* ---- Somebody with a key of their own ---- */

/* Everything is consistent again, but by another key. */
static void
sign_anew(const World *world, json_t *manifest, const guint8 seed[KC_MINISIG_SEED_LEN])
{
    g_autoptr(KcMinisigner) signer = kc_minisigner_new(seed);
    g_autofree char *public = kc_minisigner_public(signer), *line = kc_minisig_public_line(public, NULL);
    g_autofree char *sums = NULL;
    json_object_set_new(json_object_get(manifest, "service"), "public_key", json_string(line));
    put(world, "service.pub", public, strlen(public));
    size_t i;
    json_t *file;
    g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, public, -1);
    json_array_foreach(json_object_get(manifest, "files"), i, file)
    {
        if (strcmp(text_at(file, "name"), "service.pub") == 0)
            json_object_set_new(file, "sha256", json_string(sha256));
    }
    char *text = json_dumps(manifest, JSON_INDENT(1));
    g_autofree char *signature = kc_minisign(signer, text, strlen(text), "kuaichu bundle");
    put(world, "manifest.json", text, strlen(text));
    put(world, "manifest.json.minisig", signature, strlen(signature));
    free(text);
    bundled_run(
        world->dir,
        (const char *const[]){"sh", "-c",
                              "rm SHA256SUMS; find . -type f -printf '%P\\n' | xargs -d '\\n' sha256sum > ../sums; "
                              "mv ../sums SHA256SUMS",
                              NULL},
        &sums);
}

START_TEST(a_manifest_signed_by_another_key_is_found)
{
    World world;
    world_open(&world);
    g_autoptr(json_t) manifest = bundled_manifest(world.dir);
    json_object_set_new(json_object_get(manifest, "case"), "state", json_string("closed"));
    const guint8 seed[KC_MINISIG_SEED_LEN] = "somebody who is not the service";
    sign_anew(&world, manifest, seed);
    g_autofree char *said = check(&world);
    ck_assert_str_eq(said, "key: no key of the log vouches for service.pub\n");
    g_autofree char *trusting = check_with(world.files, &(KcBundleTrust){.key = made.service_pub});
    ck_assert_ptr_nonnull(strstr(trusting, "key: service.pub is not the key that was given"));
    world_close(&world);
}
END_TEST

/* Whoever has the service's own key can't change what the log knows. */
START_TEST(what_the_log_knows_is_not_changed_by_who_signs)
{
    World world;
    world_open(&world);
    const guint8 seed[KC_MINISIG_SEED_LEN] = "an insider who signs as it likes";
    g_autoptr(json_t) manifest = bundled_manifest(world.dir);
    json_t *entries = json_object_get(json_object_get(manifest, "log"), "entries");
    json_t *photo = bundled_object(manifest, "photo", made.party_a);
    json_object_set_new(json_object_get(photo, "sealed"), "sha256", json_string("00"));
    json_t *message = json_array_get(json_object_get(manifest, "messages"), 0);
    json_object_set_new(json_object_get(message, "from"), "id", json_string(made.party_a));
    g_autofree char *entry = g_strdup(text_at(json_array_get(entries, 2), "entry"));
    entry[strlen(entry) - 2] ^= 1; /* its number */
    json_object_set_new(json_array_get(entries, 2), "entry", json_string(entry));
    json_array_remove(entries, 4);
    sign_anew(&world, manifest, seed);
    assert_says(&world, "the log does not name it with this SHA-256");
    assert_says(&world, "the log does not name it with who wrote it");
    assert_says(&world, "entries: log entry at index");
    world_close(&world);
}
END_TEST

START_TEST(a_checkpoint_of_another_log_is_found)
{
    World world;
    world_open(&world);
    const guint8 seed[KC_MINISIG_SEED_LEN] = "another log with the same name..";
    g_autoptr(json_t) manifest = bundled_manifest(world.dir);
    json_t *log = json_object_get(manifest, "log");
    g_autoptr(KcNoteSigner) signer = kc_note_signer_new("kuaichu.localhost/log", KC_NOTE_ED25519, seed, NULL);
    g_autofree char *text = kc_note_text(text_at(log, "checkpoint"), NULL), *line = kc_note_sign(signer, text, 0);
    json_object_set_new(log, "checkpoint", json_sprintf("%s\n%s", text, line));
    sign_anew(&world, manifest, seed);
    assert_says(&world, "checkpoint: the checkpoint is not signed by a key of the log");
    world_close(&world);
}
END_TEST

/* ---- A checkpoint that somebody kept ---- */

START_TEST(a_kept_checkpoint_is_compared)
{
    World world;
    world_open(&world);
    g_autoptr(json_t) manifest = bundled_manifest(world.dir);
    const char *own = text_at(manifest, "log.checkpoint");
    assert_right(world.files, (KcBundleTrust){.checkpoint = own});
    assert_right(world.files, (KcBundleTrust){.checkpoint = made.later, .proof = made.proof});
    g_autofree char *unproven = check_with(world.files, &(KcBundleTrust){.checkpoint = made.later});
    ck_assert_ptr_nonnull(strstr(unproven, "held: to compare both checkpoints a proof is needed"));
    g_autoptr(json_t) wrong = json_loads(made.proof, 0, NULL);
    json_array_remove(json_object_get(wrong, "hashes"), 0);
    char *shorter = json_dumps(wrong, 0);
    g_autofree char *said = check_with(world.files, &(KcBundleTrust){.checkpoint = made.later, .proof = shorter});
    free(shorter);
    ck_assert_ptr_nonnull(strstr(said, "held: the log has not grown"));
    world_close(&world);
}
END_TEST

START_TEST(what_is_no_bundle_is_an_error)
{
    World world;
    world_open(&world);
    g_auto(KcBundleVerdict) verdict = {0};
    g_autoptr(GError) error = NULL;
    ck_assert(!kc_bundle_check("/nonexistent.zip", &(KcBundleTrust){NULL}, &verdict, &error));
    ck_assert(g_error_matches(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_UNREADABLE));
    g_clear_error(&error);
    g_autofree char *public = g_build_filename(world.files, "service.pub", NULL);
    ck_assert(!kc_bundle_check(public, &(KcBundleTrust){NULL}, &verdict, &error));
    ck_assert(g_error_matches(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_UNREADABLE));
    g_clear_error(&error);
    ck_assert(!kc_bundle_check(world.files, &(KcBundleTrust){.key = "no key"}, &verdict, &error));
    ck_assert(g_error_matches(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_TRUST));
    world_close(&world);
}
END_TEST

static Suite *
bundle_check_suite(void)
{
    Suite *suite = suite_create("http/bundle_check");
    TCase *all = tcase_create("bundle_check");
    tcase_set_timeout(all, 120);
    tcase_add_unchecked_fixture(all, make, unmake);
    tcase_add_test(all, a_good_one_is_right);
    tcase_add_test(all, every_file_that_changes_or_goes_is_named);
    tcase_add_test(all, every_byte_of_a_signature_counts);
    tcase_add_test(all, files_swapped_or_put_in_are_named);
    tcase_add_test(all, a_manifest_signed_by_another_key_is_found);
    tcase_add_test(all, what_the_log_knows_is_not_changed_by_who_signs);
    tcase_add_test(all, a_checkpoint_of_another_log_is_found);
    tcase_add_test(all, a_kept_checkpoint_is_compared);
    tcase_add_test(all, what_is_no_bundle_is_an_error);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(bundle_check_suite())
