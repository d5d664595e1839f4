/* Two passes: the entries with their leaves and the rows over them, in order and without keeping more than one row's
 * width of each; then the checkpoints against the rows, which are known to be right by then. */
#include "src/store/log_verify.h"
#include "src/evidence/audit_chain.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"
#include "src/store/checkpoint_store.h"
#include "src/store/log_tree.h"
#include "src/store/sql.h"

#include <string.h>

#define ROWS 7        /* 256^7 leaves are more than a gint64 counts in a lifetime */
#define ENTRIES_A_TURN 1000

typedef struct {
    KcTx *tx;
    KcLogCheck *check;
    KcMerkleHash under[ROWS][KC_MERKLE_ROW_WIDTH]; /* of each row, since the last hash of the row above */
    gint64 row_hashes[ROWS];                       /* that must be in log_rows; 0 of row 0 */
} Pass;

void
kc_log_check_clear(KcLogCheck *check)
{
    g_clear_pointer(&check->problem, g_free);
}

/* Always FALSE: the pass is over. */
static gboolean
found(Pass *pass, gint64 seq, char *problem)
{
    pass->check->bad_seq = seq;
    pass->check->problem = problem;
    return FALSE;
}

/* ---- Entries ---- */

static gboolean
check_entry(Pass *pass, const KcLogEntry *entry, const char *canonical)
{
    gint64 expected = pass->check->entries + 1;
    if (entry->seq != expected)
        return found(pass, entry->seq,
                     g_strdup_printf("entry %" G_GINT64_FORMAT " stands where %" G_GINT64_FORMAT
                                     " should: some are missing",
                                     entry->seq, expected));
    if (canonical == NULL || !kc_audit_chain_check(pass->check->newest_hash, canonical, entry->hash))
        return found(pass, entry->seq,
                     g_strdup_printf("entry %" G_GINT64_FORMAT " does not follow from the one before it: one of the "
                                     "two was changed",
                                     entry->seq));
    return TRUE;
}

/* ---- Rows ---- */

/* FALSE without a problem only with an error. */
static gboolean
check_row_hash(Pass *pass, guint row, guint64 number, const KcMerkleHash *expected, GError **error)
{
    KcMerkleRows rows = kc_log_tree_rows(pass->tx);
    g_autoptr(GError) local = NULL;
    KcMerkleHash stored;
    if (!rows.read(rows.data, row, number, 1, &stored, &local)) {
        if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT))
            return found(pass, 0, g_strdup(local->message));
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (memcmp(stored.bytes, expected->bytes, KC_MERKLE_HASH_LEN) == 0)
        return TRUE;
    return found(pass, 0,
                 g_strdup_printf("hash %" G_GUINT64_FORMAT " of row %u of the log's tree was changed", number, row));
}

/* `hash` is right and stands at `number` of `row`; checks every row that it completes. */
static gboolean
add_hash(Pass *pass, guint row, guint64 number, KcMerkleHash hash, GError **error)
{
    for (;; row++, number /= KC_MERKLE_ROW_WIDTH) {
        pass->under[row][number % KC_MERKLE_ROW_WIDTH] = hash;
        if ((number + 1) % KC_MERKLE_ROW_WIDTH != 0)
            return TRUE;
        hash = kc_merkle_fold(pass->under[row], KC_MERKLE_ROW_WIDTH);
        pass->row_hashes[row + 1]++;
        if (!check_row_hash(pass, row + 1, number / KC_MERKLE_ROW_WIDTH, &hash, error))
            return FALSE;
    }
}

/* ---- Leaves ---- */

static gboolean
read_commitment(Pass *pass, gint64 seq, KcMerkleHash *ret_commitment, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(pass->tx, "SELECT commitment FROM log_leaves WHERE seq = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, seq);
    KcStep step = kc_query_step(query, error);
    if (step == KC_STEP_DONE)
        return found(pass, seq, g_strdup_printf("entry %" G_GINT64_FORMAT " has no leaf in the log's tree", seq));
    if (step != KC_STEP_ROW)
        return FALSE;
    g_autoptr(GError) local = NULL;
    return kc_take_exactly(query, ret_commitment->bytes, KC_MERKLE_HASH_LEN, &local) ||
           found(pass, seq, g_strdup(local->message));
}

/* With the key of an erased case went the salts of what was logged of it until then: those leaves keep that something of
 * their kind was done, and no longer commit to more. */
static gboolean
is_hidden(Pass *pass, const KcLogEntry *entry, gboolean *ret_hidden, GError **error)
{
    *ret_hidden = FALSE;
    gint64 erased_at = 0;
    g_autoptr(KcQuery) query = kc_query_new(pass->tx,
                                            "SELECT min(l.seq) FROM audit_log l JOIN cases c ON c.id = l.case_id "
                                            "WHERE c.id = ? AND c.erased_us > 0 AND l.kind = 'case.erased'",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, entry->case_id);
    if (!kc_query_number(query, &erased_at, error))
        return FALSE;
    *ret_hidden = entry->seq < erased_at;
    return TRUE;
}

static gboolean
check_leaf(Pass *pass, const KcLogEntry *entry, const char *canonical, GError **error)
{
    guint8 salt[KC_KEY_LEN];
    KcMerkleHash stored, commitment;
    if (!read_commitment(pass, entry->seq, &stored, error) ||
        !kc_log_tree_commitment(pass->tx, entry, canonical, salt, &commitment, error))
        return FALSE;
    kc_key_wipe(salt, sizeof salt);
    gboolean differs = memcmp(stored.bytes, commitment.bytes, KC_MERKLE_HASH_LEN) != 0, hidden = FALSE;
    if (differs && entry->case_id != NULL && !is_hidden(pass, entry, &hidden, error))
        return FALSE;
    if (hidden)
        commitment = stored;
    if (differs && !hidden)
        return found(pass, entry->seq,
                     g_strdup_printf("the leaf of entry %" G_GINT64_FORMAT " does not commit to it: one of the two was "
                                     "changed",
                                     entry->seq));
    g_autofree char *text = kc_log_leaf_text(entry->seq, entry->at_us, entry->kind, commitment.bytes);
    KcMerkleHash hash = kc_merkle_leaf(text, strlen(text));
    return check_row_hash(pass, 0, (guint64)entry->seq - 1, &hash, error) &&
           add_hash(pass, 0, (guint64)entry->seq - 1, hash, error);
}

static gboolean
check_entries(Pass *pass, const GPtrArray *entries, GError **error)
{
    for (guint i = 0; i < entries->len; i++) {
        const KcLogEntry *entry = entries->pdata[i];
        g_autofree char *canonical = kc_log_entry_canonical(entry);
        if (!check_entry(pass, entry, canonical) || !check_leaf(pass, entry, canonical, error))
            return FALSE;
        pass->check->entries++;
        memcpy(pass->check->newest_hash, entry->hash, sizeof entry->hash);
    }
    return TRUE;
}

/* An entry that can't even be read is found by reading one at a time. */
static gboolean
check_all_entries(Pass *pass, GError **error)
{
    guint turn = ENTRIES_A_TURN;
    for (gint64 after = 0;; after = pass->check->entries) {
        g_autoptr(GError) local = NULL;
        g_autoptr(GPtrArray) entries = kc_log_store_list(pass->tx, NULL, after, turn, &local);
        if (entries == NULL && !g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (entries == NULL && turn == 1)
            return found(pass, after + 1, g_strdup(local->message));
        if (entries == NULL) {
            turn = 1;
            continue;
        }
        if (!check_entries(pass, entries, error))
            return FALSE;
        if (entries->len < turn)
            return TRUE;
    }
}

/* ---- What must not be there ---- */

static gboolean
check_nothing_more(Pass *pass, GError **error)
{
    guint64 leaves;
    gint64 rows = 0, expected = 0;
    g_autoptr(KcQuery) query = kc_query_new(pass->tx, "SELECT count(*) FROM log_rows", error);
    if (query == NULL || !kc_query_number(query, &rows, error) || !kc_log_tree_size(pass->tx, &leaves, error))
        return FALSE;
    if ((gint64)leaves != pass->check->entries)
        return found(pass, pass->check->entries + 1,
                     g_strdup_printf("the log's tree has %" G_GUINT64_FORMAT " leaves for %" G_GINT64_FORMAT
                                     " entries: the newest entries are missing",
                                     leaves, pass->check->entries));
    for (guint row = 1; row < ROWS; row++)
        expected += pass->row_hashes[row];
    return rows == expected || found(pass, 0,
                                     g_strdup_printf("the log's tree has %" G_GINT64_FORMAT " hashes above its leaves, "
                                                     "where %" G_GINT64_FORMAT " belong",
                                                     rows, expected));
}

/* ---- Checkpoints ---- */

static gboolean
check_checkpoint(Pass *pass, const KcCheckpointRow *row, GError **error)
{
    g_auto(KcCheckpoint) published = {0};
    g_autofree char *text = kc_note_text(row->note, NULL);
    KcMerkleHash root;
    if (text == NULL || !kc_checkpoint_parse(text, &published, NULL) || published.size != row->size)
        return found(pass, 0,
                     g_strdup_printf("the checkpoint at size %" G_GUINT64_FORMAT " was changed", row->size));
    if (row->size > (guint64)pass->check->entries)
        return found(pass, pass->check->entries + 1,
                     g_strdup_printf("a checkpoint was published over %" G_GUINT64_FORMAT " entries, and there are "
                                     "only %" G_GINT64_FORMAT ": the log was cut, or is of an older copy",
                                     row->size, pass->check->entries));
    KcMerkleRows rows = kc_log_tree_rows(pass->tx);
    if (!kc_merkle_root(&rows, row->size, &root, error))
        return FALSE;
    if (memcmp(root.bytes, published.root.bytes, KC_MERKLE_HASH_LEN) != 0)
        return found(pass, 0,
                     g_strdup_printf("the log is not what was published at size %" G_GUINT64_FORMAT
                                     ": it was written anew",
                                     row->size));
    pass->check->checkpoints++;
    return TRUE;
}

static gboolean
check_checkpoints(Pass *pass, GError **error)
{
    g_autoptr(GPtrArray) rows = kc_checkpoint_store_list(pass->tx, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        if (!check_checkpoint(pass, rows->pdata[i], error))
            return FALSE;
    return rows != NULL;
}

gboolean
kc_log_store_verify(KcTx *tx, KcLogCheck *ret_check, GError **error)
{
    g_autofree Pass *pass = g_new0(Pass, 1);
    *ret_check = (KcLogCheck){0};
    pass->tx = tx;
    pass->check = ret_check;
    return (check_all_entries(pass, error) && check_nothing_more(pass, error) && check_checkpoints(pass, error)) ||
           ret_check->problem != NULL;
}
