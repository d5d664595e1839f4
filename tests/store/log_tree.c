/* The tree over the log: what it proves, and what an intruder with the file does to it. Time and ids are the fixture's. */
#include "src/store/log_tree.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"
#include "src/store/checkpoint_store.h"
#include "src/store/log_verify.h"
#include "tests/store/fixture.h"

#include <string.h>

#define ENTRIES 600 /* two rows of 256, and a rest */
#define PUBLISHED 500

static gboolean
append_entries(KcTx *tx, gpointer count, GError **error)
{
    for (int i = 1; i <= GPOINTER_TO_INT(count); i++) {
        KcLogEntry entry = {.at_us = FIXTURE_NOW_US + i,
                            .case_id = i % 3 == 0 ? (char *)FIXTURE_CASE : NULL,
                            .kind = (char *)"case.updated",
                            .actor_kind = (char *)"system"};
        if (!kc_log_store_append(tx, &entry, error))
            return FALSE;
    }
    return TRUE;
}

static KcMerkleHash
root_of(KcTx *tx, guint64 size)
{
    KcMerkleRows rows = kc_log_tree_rows(tx);
    KcMerkleHash root;
    g_autoptr(GError) error = NULL;
    ck_assert(kc_merkle_root(&rows, size, &root, &error));
    return root;
}

static gboolean
publish(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    guint8 seed[KC_NOTE_SEED_LEN] = {1};
    g_autoptr(KcNoteSigner) signer = kc_note_signer_new("kuaichu.test/log", KC_NOTE_ED25519, seed, error);
    KcCheckpoint head = {.origin = (char *)"kuaichu.test/log", .size = PUBLISHED, .root = root_of(tx, PUBLISHED)};
    g_autofree char *text = kc_checkpoint_text(&head);
    g_autofree char *line = kc_note_sign(signer, text, 0);
    g_autofree char *note = g_strconcat(text, "\n", line, NULL);
    KcCheckpointRow row = {.size = PUBLISHED, .at_us = FIXTURE_NOW_US, .note = note};
    return kc_checkpoint_store_insert(tx, &row, error);
}

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
    fixture_forget_log();
    fixture_write(append_entries, GINT_TO_POINTER(ENTRIES));
    fixture_write(publish, NULL);
}

/* ---- What it proves ---- */

static gboolean
prove(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    KcMerkleRows rows = kc_log_tree_rows(tx);
    KcMerkleHash root = root_of(tx, ENTRIES), old = root_of(tx, PUBLISHED);
    KcMerkleProof proof;
    g_autoptr(GPtrArray) leaves = kc_log_tree_leaves(tx, 0, ENTRIES, error);
    ck_assert_ptr_nonnull(leaves);
    for (guint i = 0; i < ENTRIES; i += 37) {
        const char *text = leaves->pdata[i];
        KcMerkleHash leaf = kc_merkle_leaf(text, strlen(text));
        ck_assert(kc_merkle_prove_leaf(&rows, i, ENTRIES, &proof, error));
        ck_assert(kc_merkle_check_leaf(&leaf, i, ENTRIES, &proof, &root));
    }
    ck_assert(kc_merkle_prove_growth(&rows, PUBLISHED, ENTRIES, &proof, error));
    ck_assert(kc_merkle_check_growth(PUBLISHED, &old, ENTRIES, &root, &proof));
    return TRUE;
}

START_TEST(every_entry_is_proven)
{
    fixture_read(prove, NULL);
}
END_TEST

/* What is published names neither the case nor anybody, and equal entries can't be told to be equal. */
static gboolean
look_at_leaves(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) leaves = kc_log_tree_leaves(tx, 0, ENTRIES, error);
    g_autoptr(GHashTable) commitments = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < leaves->len; i++) {
        const char *leaf = leaves->pdata[i];
        ck_assert_ptr_null(strstr(leaf, FIXTURE_CASE));
        ck_assert_ptr_nonnull(strstr(leaf, "\"commitment\":\""));
        g_hash_table_add(commitments, g_strndup(strstr(leaf, "\"commitment\":\"") + 14, 64));
    }
    ck_assert_uint_eq(g_hash_table_size(commitments), ENTRIES);
    return TRUE;
}

START_TEST(leaves_tell_nothing_personal)
{
    fixture_read(look_at_leaves, NULL);
}
END_TEST

static gboolean
open_commitment(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, NULL, 2, 1, error);
    g_autoptr(GPtrArray) leaves = kc_log_tree_leaves(tx, 2, 1, error);
    const KcLogEntry *entry = entries->pdata[0];
    g_autofree char *canonical = kc_log_entry_canonical(entry);
    guint8 salt[KC_KEY_LEN];
    KcMerkleHash commitment;
    ck_assert(kc_log_tree_commitment(tx, entry, canonical, salt, &commitment, error));
    g_autofree char *text = kc_log_leaf_text(entry->seq, entry->at_us, entry->kind, commitment.bytes);
    ck_assert_str_eq(text, leaves->pdata[0]);
    return TRUE;
}

START_TEST(who_has_the_salt_opens_a_leaf)
{
    fixture_read(open_commitment, NULL);
}
END_TEST

/* ---- From a version without a tree ---- */

static gboolean
complete(KcTx *tx, gpointer data, GError **error)
{
    return kc_log_tree_complete(tx, 250, data, error);
}

static gboolean
read_root(KcTx *tx, gpointer data, GError **error G_GNUC_UNUSED)
{
    *(KcMerkleHash *)data = root_of(tx, ENTRIES);
    return TRUE;
}

START_TEST(an_older_log_gets_its_tree)
{
    KcMerkleHash before, after;
    guint added, turns = 0;
    fixture_read(read_root, &before);
    g_autofree char *refused = fixture_raw_sql(
        "DROP TRIGGER log_leaves_no_delete; DROP TRIGGER log_rows_no_delete; DELETE FROM log_leaves; DELETE FROM log_rows");
    ck_assert_msg(refused == NULL, "%s", refused);
    do {
        fixture_write(complete, &added);
        turns++;
    } while (added > 0);
    fixture_read(read_root, &after);
    ck_assert_uint_eq(turns, 4);
    ck_assert_mem_eq(before.bytes, after.bytes, KC_MERKLE_HASH_LEN);
}
END_TEST

/* ---- An intruder with the file ---- */

typedef struct {
    const char *sql, *problem; /* NULL: none */
    gint64 bad_seq;
} Tampering;

static const Tampering tampering[] = {
    {"SELECT 1", NULL, 0},
    {"UPDATE log_leaves SET hash = zeroblob(32) WHERE seq = 300", "hash 299 of row 0", 0},
    {"UPDATE log_leaves SET commitment = zeroblob(32) WHERE seq = 300", "does not commit", 300},
    {"UPDATE log_rows SET hash = zeroblob(32) WHERE number = 1", "hash 1 of row 1", 0},
    {"DELETE FROM log_rows WHERE number = 0", "lacks hash 0 of row 1", 0},
    {"INSERT INTO log_rows VALUES (1, 2, zeroblob(32))", "3 hashes above its leaves, where 2", 0},
    {"DELETE FROM log_leaves WHERE seq = 600", "has no leaf", 600},
    {"DELETE FROM log_leaves WHERE seq = 600; DELETE FROM audit_log WHERE seq = 600", NULL, 0}, /* after the checkpoint */
    {"DELETE FROM audit_log WHERE seq = 600", "600 leaves for 599 entries", 600},
    {"DELETE FROM log_leaves WHERE seq >= 500; DELETE FROM audit_log WHERE seq >= 500; "
     "DELETE FROM log_rows WHERE number = 1",
     "the log was cut", 500},
    {"UPDATE log_checkpoints SET note = replace(note, x'0a' || '500' || x'0a', x'0a' || '499' || x'0a')",
     "the checkpoint at size 500 was changed", 0},
    {"UPDATE log_checkpoints SET note = 'kuaichu.test/log' || x'0a' || '500' || x'0a' || "
     "'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=' || x'0a0a' || '— a AAAA' || x'0a'",
     "was written anew", 0},
};

static gboolean
verify(KcTx *tx, gpointer data, GError **error)
{
    const Tampering *done = data;
    KcLogCheck check;
    ck_assert(kc_log_store_verify(tx, &check, error));
    const char *problem = check.problem != NULL ? check.problem : "none";
    ck_assert_msg((check.problem == NULL) == (done->problem == NULL), "%s: %s", done->sql, problem);
    ck_assert_msg(done->problem == NULL || strstr(problem, done->problem) != NULL, "%s: %s", done->sql, problem);
    ck_assert_int_eq(check.bad_seq, done->bad_seq);
    kc_log_check_clear(&check);
    return TRUE;
}

START_TEST(tampering_is_found)
{
    g_autofree char *sql = g_strconcat(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER audit_log_no_delete; DROP TRIGGER log_leaves_no_delete; "
        "DROP TRIGGER log_leaves_no_update; DROP TRIGGER log_rows_no_update; DROP TRIGGER log_rows_no_delete; "
        "DROP TRIGGER log_checkpoints_no_update; ",
        tampering[_i].sql, NULL);
    g_autofree char *refused = fixture_raw_sql(sql);
    ck_assert_msg(refused == NULL, "%s", refused);
    Tampering done = tampering[_i];
    fixture_read(verify, &done);
}
END_TEST

static const char *const refused_sql[] = {
    "UPDATE log_leaves SET hash = zeroblob(32)",      "DELETE FROM log_leaves",
    "INSERT INTO log_leaves VALUES (900, zeroblob(32), zeroblob(32))",
    "UPDATE log_rows SET hash = zeroblob(32)",        "DELETE FROM log_rows",
    "UPDATE log_checkpoints SET note = 'x'",          "DELETE FROM log_checkpoints",
};

START_TEST(the_tree_is_append_only)
{
    g_autofree char *refused = fixture_raw_sql(refused_sql[_i]);
    ck_assert_msg(refused != NULL, "%s was not refused", refused_sql[_i]);
}
END_TEST

/* ---- Keys and witnesses ---- */

static gboolean
begin_keys(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    return kc_log_key_begin(tx, "a+1+x", FIXTURE_NOW_US, error) &&
           kc_log_key_begin(tx, "a+2+x", FIXTURE_NOW_US + 5, error) &&
           kc_checkpoint_store_cosign(tx, PUBLISHED, "w", "— w AAAA\n", FIXTURE_NOW_US, error) &&
           kc_checkpoint_store_cosign(tx, PUBLISHED, "w", "— w BBBB\n", FIXTURE_NOW_US, error);
}

static gboolean
list_keys(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) keys = kc_log_key_list(tx, error);
    g_autoptr(GPtrArray) lines = kc_checkpoint_store_cosignatures(tx, PUBLISHED, error);
    const KcLogKey *old = keys->pdata[0], *in_force = keys->pdata[1];
    ck_assert_int_eq(old->until_us, FIXTURE_NOW_US + 5);
    ck_assert_int_eq(in_force->until_us, 0);
    ck_assert_uint_eq(lines->len, 1);
    ck_assert_str_eq(lines->pdata[0], "— w BBBB\n");
    return TRUE;
}

START_TEST(one_key_is_in_force)
{
    fixture_write(begin_keys, NULL);
    fixture_read(list_keys, NULL);
}
END_TEST

static Suite *
log_tree_suite(void)
{
    Suite *suite = suite_create("store/log_tree");
    TCase *tc = tcase_create("log_tree");
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_entry_is_proven);
    tcase_add_test(tc, leaves_tell_nothing_personal);
    tcase_add_test(tc, who_has_the_salt_opens_a_leaf);
    tcase_add_test(tc, an_older_log_gets_its_tree);
    tcase_add_loop_test(tc, tampering_is_found, 0, G_N_ELEMENTS(tampering));
    tcase_add_loop_test(tc, the_tree_is_append_only, 0, G_N_ELEMENTS(refused_sql));
    tcase_add_test(tc, one_key_is_in_force);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(log_tree_suite())
