#include "src/evidence/checkpoint.h"
#include "src/evidence/note.h"

#include <string.h>

void
kc_checkpoint_clear(KcCheckpoint *checkpoint)
{
    g_clear_pointer(&checkpoint->origin, g_free);
}

char *
kc_checkpoint_text(const KcCheckpoint *checkpoint)
{
    g_autofree char *root = g_base64_encode(checkpoint->root.bytes, KC_MERKLE_HASH_LEN);
    return g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n", checkpoint->origin, checkpoint->size, root);
}

/* A decimal number as it is written: no sign, no leading zero. */
static gboolean
parse_size(const char *text, guint64 *ret_size)
{
    return (text[0] != '0' || text[1] == '\0') &&
           g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, ret_size, NULL);
}

gboolean
kc_checkpoint_parse(const char *text, KcCheckpoint *ret_checkpoint, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 5);
    gsize len = 0;
    *ret_checkpoint = (KcCheckpoint){0};
    if (g_strv_length(lines) >= 4 && lines[0][0] != '\0' && parse_size(lines[1], &ret_checkpoint->size)) {
        g_autofree guint8 *root = g_base64_decode(lines[2], &len);
        g_autofree char *again = g_base64_encode(root, len);
        if (len == KC_MERKLE_HASH_LEN && strcmp(again, lines[2]) == 0) {
            memcpy(ret_checkpoint->root.bytes, root, len);
            ret_checkpoint->origin = g_strdup(lines[0]);
            return TRUE;
        }
    }
    g_set_error_literal(error, KC_NOTE_ERROR, KC_NOTE_ERROR_MALFORMED,
                        "this is no checkpoint: an origin, a size and a root, each on a line");
    return FALSE;
}
