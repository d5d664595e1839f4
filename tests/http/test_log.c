/* The transparency log over the wire: what a client of C2SP tlog-tiles asks for, and paths that are none. */
#include <string.h>

#include "src/app/public_log.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"
#include "tests/http/fixture.h"

/* More than one tile: sign-ins are entries too. */
static void
fill(Fixture *fixture, guint cases)
{
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < cases; i++) {
        g_auto(TestCase) test_case = fixture_open_case(fixture);
    }
    kc_app_publish_checkpoint(fixture->app, &error);
    kc_assert_no_error(error);
}

static KcCheckpoint
checkpoint(Fixture *fixture)
{
    g_autoptr(json_t) keys = fixture_json(fixture, 200, (Call){.path = "/api/v1/log/keys"});
    g_autoptr(KcNoteVerifier) verifier = kc_note_verifier_new(text_at(keys, "items.0.public"), NULL);
    Reply *reply = fixture_expect(fixture, 200, (Call){.path = "/log/checkpoint"});
    g_autofree char *note = g_strdup(reply_text(reply));
    g_autofree char *text = kc_note_open(note, verifier, NULL, NULL);
    KcCheckpoint head;
    ck_assert_ptr_nonnull(text);
    ck_assert(kc_checkpoint_parse(text, &head, NULL));
    reply_free(reply);
    return head;
}

static Reply *
tile(Fixture *fixture, int status, const char *path)
{
    g_autofree char *whole = g_strconcat("/log/tile/", path, NULL);
    return fixture_expect(fixture, status, (Call){.path = whole});
}

START_TEST(tiles_come_to_the_checkpoint)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    fill(fixture, 5);
    g_auto(KcCheckpoint) head = checkpoint(fixture);
    g_autofree char *hashes_path = g_strdup_printf("0/000.p/%" G_GUINT64_FORMAT, head.size);
    g_autofree char *leaves_path = g_strdup_printf("entries/000.p/%" G_GUINT64_FORMAT, head.size);
    Reply *hashes = tile(fixture, 200, hashes_path), *leaves = tile(fixture, 200, leaves_path);
    ck_assert_uint_eq(hashes->body->len, head.size * KC_MERKLE_HASH_LEN);
    const guint8 *at = leaves->body->data;
    for (guint64 i = 0; i < head.size; i++) {
        gsize len = (gsize)at[0] << 8 | at[1];
        KcMerkleHash leaf = kc_merkle_leaf(at + 2, len);
        ck_assert_mem_eq(leaf.bytes, hashes->body->data + i * KC_MERKLE_HASH_LEN, KC_MERKLE_HASH_LEN);
        at += 2 + len;
    }
    ck_assert_ptr_eq(at, leaves->body->data + leaves->body->len);
    reply_free(hashes);
    reply_free(leaves);
}
END_TEST

START_TEST(proofs_hold_against_the_checkpoint)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    fill(fixture, 3);
    g_auto(KcCheckpoint) head = checkpoint(fixture);
    g_autoptr(json_t) body = fixture_json(fixture, 200, (Call){.path = "/api/v1/log/proof?leaf=2"});
    const char *text = text_at(body, "leaf");
    KcMerkleHash leaf = kc_merkle_leaf(text, strlen(text));
    KcMerkleProof proof = {0};
    json_t *hash;
    size_t i;
    json_array_foreach(json_object_get(body, "hashes"), i, hash) {
        gsize len;
        g_autofree guint8 *bytes = g_base64_decode(json_string_value(hash), &len);
        memcpy(proof.hashes[proof.count++].bytes, bytes, KC_MERKLE_HASH_LEN);
    }
    ck_assert_int_eq(json_integer_value(json_object_get(body, "size")), (gint64)head.size);
    ck_assert(kc_merkle_check_leaf(&leaf, 2, head.size, &proof, &head.root));
}
END_TEST

static const char *const no_tiles[] = {
    "0/001",       "0/000",         "0/000.p/0",    "0/000.p/256",      "0/000.p/255",     "7/000.p/1",
    "-1/000.p/1",  "0/0",           "0/x000/000.p/1", "0/x001",         "0/x001/x001.p/1", "entries/001",
    "entries",     "0",             "",             "0/000.p",          "0/000/1",         "00/000.p/1",
    "0/x999/x999/x999/x999/x999/x999/999.p/1",      "0/000.p/1/2",      "entries/../000.p/1",
};

START_TEST(other_paths_are_no_tiles)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    fill(fixture, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(no_tiles); i++)
        reply_free(tile(fixture, 404, no_tiles[i]));
}
END_TEST

static const char *const no_proofs[] = {"",        "?leaf=-1",        "?leaf=x",          "?leaf=1&from=1", "?leaf=99999",
                                        "?from=0", "?from=2&size=1",  "?leaf=0&size=9999", "?from=9999",    "?size=1",
                                        "?leaf=99999999999999999999"};

START_TEST(other_questions_are_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    fill(fixture, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(no_proofs); i++) {
        g_autofree char *path = g_strconcat("/api/v1/log/proof", no_proofs[i], NULL);
        reply_free(fixture_expect(fixture, 422, (Call){.path = path}));
    }
}
END_TEST

START_TEST(there_is_no_checkpoint_before_the_first)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    reply_free(fixture_expect(fixture, 404, (Call){.path = "/log/checkpoint"}));
}
END_TEST

START_TEST(a_log_without_witnesses_says_so)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    fill(fixture, 1);
    g_autoptr(json_t) body = fixture_json(fixture, 200, (Call){.path = "/api/v1/log/witnesses"});
    ck_assert_uint_eq(json_array_size(json_object_get(body, "items")), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(body, "quorum")), 0);
}
END_TEST

static const struct {
    int status;
    const char *body;
} no_cosignatures[] = {
    {400, "{"},
    {422, "{}"},
    {422, "{\"size\": -1, \"lines\": \"\"}"},
    {422, "{\"size\": \"1\", \"lines\": \"\"}"},
    {422, "{\"size\": 1}"},
    {422, "{\"size\": 1, \"lines\": [\"\"]}"},
    {404, "{\"size\": 999999, \"lines\": \"— witness.test AAAA\\n\"}"},
};

START_TEST(other_cosignatures_are_refused)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    fill(fixture, 1);
    g_auto(KcCheckpoint) head = checkpoint(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(no_cosignatures); i++)
        reply_free(fixture_expect(fixture, no_cosignatures[i].status,
                                  (Call){.method = "POST", .path = "/api/v1/log/cosignatures",
                                         .text = no_cosignatures[i].body}));
    g_autofree char *foreign =
        g_strdup_printf("{\"size\": %" G_GUINT64_FORMAT ", \"lines\": \"— witness.test AAAA\\n\"}", head.size);
    reply_free(fixture_expect(fixture, 422,
                              (Call){.method = "POST", .path = "/api/v1/log/cosignatures", .text = foreign}));
}
END_TEST

static Suite *
log_suite(void)
{
    Suite *suite = suite_create("http/log");
    TCase *tc = tcase_create("log");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, tiles_come_to_the_checkpoint);
    tcase_add_test(tc, proofs_hold_against_the_checkpoint);
    tcase_add_test(tc, other_paths_are_no_tiles);
    tcase_add_test(tc, other_questions_are_refused);
    tcase_add_test(tc, there_is_no_checkpoint_before_the_first);
    tcase_add_test(tc, a_log_without_witnesses_says_so);
    tcase_add_test(tc, other_cosignatures_are_refused);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(log_suite())
