/* What a witness cosigns and what it does not: a log as a table of leaves, and every wrong request to add-checkpoint. */
#include "src/witness/witness.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"
#include "src/evidence/witness_request.h"
#include "tests/support/kc_test.h"

#include <glib/gstdio.h>
#include <string.h>

#define ORIGIN "kuaichu.test/log"
#define NOW_S 1795000000

static char *dir, *log_key;
static KcNoteSigner *log_signer;
static KcWitness *witness;
static const char *branch; /* what the leaves are made of: another text is another log */

static void
open_witness(void)
{
    const char *const logs[] = {log_key, NULL};
    g_autoptr(GError) error = NULL;
    witness = kc_witness_new(dir, "witness.test", logs, &error);
    kc_assert_no_error(error);
}

static void
setup(void)
{
    static const guint8 seed[KC_NOTE_SEED_LEN] = {1};
    dir = kc_test_dir_new();
    branch = "leaf";
    log_signer = kc_note_signer_new(ORIGIN, KC_NOTE_ED25519, seed, NULL);
    log_key = kc_note_signer_public(log_signer);
    open_witness();
}

static void
teardown(void)
{
    kc_witness_free(witness);
    kc_note_signer_free(log_signer);
    g_free(log_key);
    kc_test_dir_remove(dir);
}

/* ---- A log ---- */

static gboolean
read_leaves(gpointer data G_GNUC_UNUSED, guint row, guint64 first, guint count, KcMerkleHash *ret_hashes,
            GError **error G_GNUC_UNUSED)
{
    ck_assert_uint_eq(row, 0); /* none of these logs is longer than 255 */
    for (guint i = 0; i < count; i++) {
        g_autofree char *leaf = g_strdup_printf("%s %" G_GUINT64_FORMAT, branch, first + i);
        ret_hashes[i] = kc_merkle_leaf(leaf, strlen(leaf));
    }
    return TRUE;
}

static const KcMerkleRows rows = {.read = read_leaves};

static char *
note_of(const KcNoteSigner *signer, const char *origin, guint64 size)
{
    KcCheckpoint head = {.origin = (char *)origin, .size = size};
    ck_assert(kc_merkle_root(&rows, size, &head.root, NULL));
    g_autofree char *text = kc_checkpoint_text(&head);
    g_autofree char *line = kc_note_sign(signer, text, 0);
    return g_strconcat(text, "\n", line, NULL);
}

static KcWitnessRequest
request(guint64 old_size, guint64 size)
{
    KcWitnessRequest made = {.old_size = old_size, .note = note_of(log_signer, ORIGIN, size)};
    if (old_size > 0 && old_size < size)
        ck_assert(kc_merkle_prove_growth(&rows, old_size, size, &made.proof, NULL));
    return made;
}

static KcWitnessReply
send(const KcWitnessRequest *asked)
{
    g_autofree char *text = kc_witness_request_text(asked);
    return kc_witness_add_checkpoint(witness, text, NOW_S);
}

static void
expect(const KcWitnessRequest *asked, guint status)
{
    g_auto(KcWitnessReply) reply = send(asked);
    ck_assert_msg(reply.status == status, "%u, not %u: %s", reply.status, status, reply.body);
}

static void
grow(guint64 old_size, guint64 size, guint status)
{
    g_auto(KcWitnessRequest) asked = request(old_size, size);
    expect(&asked, status);
}

/* ---- What it signs ---- */

START_TEST(cosigns_what_has_grown)
{
    g_autofree char *public = kc_witness_public(witness);
    g_autoptr(KcNoteVerifier) key = kc_note_verifier_new(public, NULL);
    static const guint64 sizes[] = {0, 1, 2, 7, 8, 100, 255};
    for (gsize i = 1; i < G_N_ELEMENTS(sizes); i++) {
        g_auto(KcWitnessRequest) asked = request(sizes[i - 1], sizes[i]);
        g_auto(KcWitnessReply) reply = send(&asked);
        ck_assert_msg(reply.status == 200, "%u: %s", reply.status, reply.body);
        g_autofree char *cosigned = g_strconcat(asked.note, reply.body, NULL);
        gint64 time_s;
        g_autofree char *text = kc_note_open(cosigned, key, &time_s, NULL);
        ck_assert_ptr_nonnull(text);
        ck_assert_int_eq(time_s, NOW_S);
    }
    grow(255, 255, 200); /* the same once more */
}
END_TEST

START_TEST(says_what_it_knows)
{
    grow(0, 8, 200);
    for (guint64 old = 0; old <= 9; old++) {
        g_auto(KcWitnessRequest) asked = request(old, 9);
        g_auto(KcWitnessReply) reply = send(&asked);
        if (old == 8) {
            kc_witness_reply_clear(&reply);
            break;
        }
        ck_assert_uint_eq(reply.status, 409);
        ck_assert_str_eq(reply.type, KC_WITNESS_SIZE_TYPE);
        ck_assert_str_eq(reply.body, "8\n");
    }
}
END_TEST

START_TEST(never_cosigns_two_histories)
{
    grow(0, 8, 200);
    branch = "another";
    grow(8, 8, 409);
    grow(8, 12, 422);
    grow(0, 12, 409);
    branch = "leaf";
    grow(8, 12, 200);
    grow(12, 8, 400); /* shorter than it says to have grown from */
    grow(8, 8, 409);  /* put back */
}
END_TEST

START_TEST(remembers)
{
    grow(0, 8, 200);
    kc_witness_free(witness);
    open_witness();
    branch = "another";
    grow(0, 8, 409);
    grow(8, 9, 422);
    branch = "leaf";
    grow(8, 9, 200);
}
END_TEST

START_TEST(what_it_can_not_write_it_does_not_sign)
{
    grow(0, 8, 200);
    g_autofree char *away = g_strconcat(dir, ".away", NULL);
    ck_assert_int_eq(g_rename(dir, away), 0);
    grow(8, 9, 500);
    ck_assert_int_eq(g_rename(away, dir), 0);
    grow(9, 9, 409);
    grow(8, 9, 200);
}
END_TEST

START_TEST(foreign_state_is_refused)
{
    g_autoptr(GError) error = NULL;
    const char *const logs[] = {log_key, NULL};
    grow(0, 8, 200);
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(files)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        if (g_str_has_suffix(name, ".checkpoint"))
            ck_assert(g_file_set_contents(path, "forgotten\n", -1, NULL));
    }
    ck_assert_ptr_null(kc_witness_new(dir, "witness.test", logs, &error));
    ck_assert(g_error_matches(error, KC_WITNESS_ERROR, KC_WITNESS_ERROR_STATE));
}
END_TEST

/* ---- What is no request ---- */

START_TEST(foreign_logs_and_signatures_are_refused)
{
    static const guint8 seed[KC_NOTE_SEED_LEN] = {2};
    g_autoptr(KcNoteSigner) other = kc_note_signer_new(ORIGIN, KC_NOTE_ED25519, seed, NULL);
    g_autoptr(KcNoteSigner) foreign = kc_note_signer_new("other.test/log", KC_NOTE_ED25519, seed, NULL);
    g_auto(KcWitnessRequest) forged = {.note = note_of(other, ORIGIN, 8)};
    g_auto(KcWitnessRequest) unknown = {.note = note_of(foreign, "other.test/log", 8)};
    g_auto(KcWitnessRequest) unproven = request(0, 8);
    unproven.proof.count = 1;
    expect(&forged, 403);
    expect(&unknown, 404);
    expect(&unproven, 422);
}
END_TEST

static const char *const no_requests[] = {
    "", "\n\n", "old\n\nx", "old x\n\nx", "old -1\n\nx", "old 01\n\nx", "old 0", "old 0\n", "old 0\nAAAA\n\nx",
    "old 99999999999999999999\n\nx", "old 0\n\n", "old 0\n\nno checkpoint\n", "old 0\n\na\n1\nAAAA\n\n— a AAAA\n",
    "old 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\nx", /* base64 of 32 bytes in another spelling */
};

START_TEST(other_texts_are_no_requests)
{
    g_auto(KcWitnessReply) reply = kc_witness_add_checkpoint(witness, no_requests[_i], NOW_S);
    ck_assert_msg(reply.status == 400, "%u: %s", reply.status, reply.body);
}
END_TEST

START_TEST(a_proof_has_an_end)
{
    GString *text = g_string_new("old 1\n");
    for (guint i = 0; i < KC_MERKLE_MAX_PROOF; i++)
        g_string_append(text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    g_string_append(text, "\nx");
    g_auto(KcWitnessReply) reply = kc_witness_add_checkpoint(witness, text->str, NOW_S);
    ck_assert_uint_eq(reply.status, 400);
    g_string_free(text, TRUE);
}
END_TEST

static Suite *
witness_suite(void)
{
    Suite *suite = suite_create("witness/witness");
    TCase *tc = tcase_create("witness");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, cosigns_what_has_grown);
    tcase_add_test(tc, says_what_it_knows);
    tcase_add_test(tc, never_cosigns_two_histories);
    tcase_add_test(tc, remembers);
    tcase_add_test(tc, what_it_can_not_write_it_does_not_sign);
    tcase_add_test(tc, foreign_state_is_refused);
    tcase_add_test(tc, foreign_logs_and_signatures_are_refused);
    tcase_add_loop_test(tc, other_texts_are_no_requests, 0, G_N_ELEMENTS(no_requests));
    tcase_add_test(tc, a_proof_has_an_end);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(witness_suite())
