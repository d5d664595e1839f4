#include "src/evidence/witness_request.h"
#include "src/evidence/note.h"

#include <string.h>

#define OLD "old "

void
kc_witness_request_clear(KcWitnessRequest *request)
{
    g_clear_pointer(&request->note, g_free);
}

char *
kc_witness_request_text(const KcWitnessRequest *request)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, OLD "%" G_GUINT64_FORMAT "\n", request->old_size);
    for (guint i = 0; i < request->proof.count; i++) {
        g_autofree char *base64 = g_base64_encode(request->proof.hashes[i].bytes, KC_MERKLE_HASH_LEN);
        g_string_append_printf(text, "%s\n", base64);
    }
    g_string_append_printf(text, "\n%s", request->note);
    return g_string_free(text, FALSE);
}

static gboolean
malformed(GError **error, const char *why)
{
    g_set_error_literal(error, KC_NOTE_ERROR, KC_NOTE_ERROR_MALFORMED, why);
    return FALSE;
}

gboolean
kc_witness_size_parse(const char *text, guint64 *ret_size)
{
    return (text[0] != '0' || text[1] == '\0') && strspn(text, "0123456789") == strlen(text) &&
           g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, ret_size, NULL);
}

/* One spelling only: what decodes to 32 bytes and encodes to the same text. */
static gboolean
parse_hash(const char *line, KcMerkleHash *ret_hash)
{
    gsize len;
    g_autofree guint8 *bytes = g_base64_decode(line, &len);
    if (len != KC_MERKLE_HASH_LEN)
        return FALSE;
    g_autofree char *again = g_base64_encode(bytes, len);
    memcpy(ret_hash->bytes, bytes, len);
    return strcmp(again, line) == 0;
}

static gboolean
parse_head(char **lines, KcWitnessRequest *ret_request, GError **error)
{
    if (lines[0] == NULL || !g_str_has_prefix(lines[0], OLD) ||
        !kc_witness_size_parse(lines[0] + strlen(OLD), &ret_request->old_size))
        return malformed(error, "the first line must be \"old <size>\"");
    for (char **line = lines + 1; *line != NULL; line++) {
        if (ret_request->proof.count == KC_MERKLE_MAX_PROOF - 1)
            return malformed(error, "a proof has at most 63 hashes");
        if (!parse_hash(*line, &ret_request->proof.hashes[ret_request->proof.count++]))
            return malformed(error, "a hash of the proof is not the base64 of 32 bytes");
    }
    return TRUE;
}

gboolean
kc_witness_request_parse(const char *text, KcWitnessRequest *ret_request, GError **error)
{
    const char *blank = strstr(text, "\n\n");
    *ret_request = (KcWitnessRequest){0};
    if (blank == NULL)
        return malformed(error, "a blank line and the checkpoint must follow the proof");
    g_autofree char *head = g_strndup(text, (gsize)(blank - text));
    g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
    if (!parse_head(lines, ret_request, error))
        return FALSE;
    ret_request->note = g_strdup(blank + 2);
    return TRUE;
}
