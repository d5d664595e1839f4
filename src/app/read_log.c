#include "src/app/internal.h"
#include "src/app/public_log.h"
#include "src/store/log_tree.h"

#include <string.h>

#define MAX_LEAF_BYTES 65535 /* what 16 bits tell */

/* ---- Checkpoint ---- */

typedef struct {
    guint quorum;
    char *note;
} Checkpoint;

static gboolean
read_checkpoint(KcTx *tx, gpointer data, GError **error)
{
    Checkpoint *self = data;
    g_autoptr(KcCheckpointRow) newest = NULL;
    if (!kc_checkpoint_store_newest_cosigned(tx, self->quorum, &newest, error))
        return FALSE;
    if (newest == NULL)
        return TRUE;
    g_autoptr(GPtrArray) lines = kc_checkpoint_store_cosignatures(tx, newest->size, error);
    if (lines == NULL)
        return FALSE;
    g_autoptr(GString) note = g_string_new(newest->note);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(note, lines->pdata[i]);
    self->note = g_strdup(note->str);
    return TRUE;
}

gboolean
kc_app_get_checkpoint(KcApp *app, char **ret_note, KcResult *result, GError **error)
{
    Checkpoint self = {.quorum = app->witness.quorum};
    *ret_note = NULL;
    if (!kc_app_read(app, read_checkpoint, &self, result, error))
        return FALSE;
    *ret_note = self.note;
    return *ret_note != NULL || kc_refuse(result, KC_RESULT_NOT_FOUND, "no-checkpoint",
                                          "No checkpoint has been published yet; ask again in some seconds.");
}

/* ---- Keys ---- */

static gboolean
read_keys(KcTx *tx, gpointer data, GError **error)
{
    GPtrArray **ret_keys = data;
    *ret_keys = kc_log_key_list(tx, error);
    return *ret_keys != NULL;
}

gboolean
kc_app_list_log_keys(KcApp *app, GPtrArray **ret_keys, KcResult *result, GError **error)
{
    return kc_app_read(app, read_keys, ret_keys, result, error);
}

/* ---- Tiles ---- */

typedef struct {
    guint level;
    guint64 number;
    guint width;
    GByteArray *bytes;
    KcResult *result;
} Tile;

static gboolean
refuse_tile(Tile *self)
{
    return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "no-such-tile", "The log is not so large.");
}

/* Whether `width` hashes of the tile exist, of a log of `size` leaves. */
static gboolean
is_within(const Tile *self, guint64 size)
{
    guint shift = self->level * KC_MERKLE_ROW_LEVELS;
    guint64 hashes = shift < 64 ? size >> shift : 0;
    return self->number <= hashes / KC_MERKLE_ROW_WIDTH &&
           self->number * KC_MERKLE_ROW_WIDTH + self->width <= hashes;
}

static gboolean
read_tile(KcTx *tx, gpointer data, GError **error)
{
    Tile *self = data;
    guint64 size;
    KcMerkleHash hashes[KC_MERKLE_ROW_WIDTH];
    KcMerkleRows rows = kc_log_tree_rows(tx);
    if (!kc_log_tree_size(tx, &size, error))
        return FALSE;
    if (!is_within(self, size))
        return refuse_tile(self);
    if (!rows.read(rows.data, self->level, self->number * KC_MERKLE_ROW_WIDTH, self->width, hashes, error))
        return FALSE;
    g_byte_array_append(self->bytes, hashes[0].bytes, self->width * (guint)sizeof hashes[0]);
    return TRUE;
}

static gboolean
read_leaves(KcTx *tx, gpointer data, GError **error)
{
    Tile *self = data;
    guint64 size;
    if (!kc_log_tree_size(tx, &size, error))
        return FALSE;
    if (!is_within(self, size))
        return refuse_tile(self);
    g_autoptr(GPtrArray) leaves =
        kc_log_tree_leaves(tx, self->number * KC_MERKLE_ROW_WIDTH, self->width, error);
    if (leaves == NULL)
        return FALSE;
    for (guint i = 0; i < leaves->len; i++) {
        const char *leaf = leaves->pdata[i];
        g_assert(strlen(leaf) <= MAX_LEAF_BYTES);
        guint16 len_be = GUINT16_TO_BE((guint16)strlen(leaf));
        g_byte_array_append(self->bytes, (const guint8 *)&len_be, sizeof len_be);
        g_byte_array_append(self->bytes, (const guint8 *)leaf, (guint)strlen(leaf));
    }
    return TRUE;
}

static gboolean
take_tile(KcApp *app, KcTxFn read, Tile *self, GBytes **ret_bytes, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    self->bytes = bytes;
    if (!kc_app_read(app, read, self, self->result, error))
        return FALSE;
    *ret_bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    return TRUE;
}

gboolean
kc_app_get_log_tile(KcApp *app, guint level, guint64 number, guint width, GBytes **ret_tile, KcResult *result,
                    GError **error)
{
    Tile self = {.level = level, .number = number, .width = width, .result = result};
    return take_tile(app, read_tile, &self, ret_tile, error);
}

gboolean
kc_app_get_log_leaves(KcApp *app, guint64 number, guint width, GBytes **ret_leaves, KcResult *result, GError **error)
{
    Tile self = {.level = 0, .number = number, .width = width, .result = result};
    return take_tile(app, read_leaves, &self, ret_leaves, error);
}
