/* The transparency log as C2SP tlog-tiles serves it, and proofs as JSON. What is full never changes and may be kept by
 * every cache; a checkpoint is asked for again. */
#include "src/app/public_log.h"
#include "src/base/timestamp.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN "text/plain; charset=utf-8"
#define BINARY "application/octet-stream"
#define FOR_EVER "public, max-age=31536000, immutable"
#define MAX_LEVEL 6 /* 256^7 leaves are more than are ever written */

KcHttpReply *
kc_get_log_checkpoint(KcHttpRequest *request)
{
    g_autofree char *note = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_checkpoint(request->app, &note, &result, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply = kc_http_reply_text(MHD_HTTP_OK, PLAIN, note);
    kc_http_reply_header(reply, "Cache-Control", "no-cache");
    return reply;
}

/* ---- Tiles: <level|entries>/<number>[.p/<width>], the number in groups of three digits, all but the last with an x ---- */

typedef struct {
    gboolean leaves;
    guint level;
    guint64 number;
    guint width;
} TilePath;

static gboolean
parse_number(const char *text, guint64 max, guint64 *ret_number)
{
    return (text[0] != '0' || text[1] == '\0') && g_ascii_string_to_unsigned(text, 10, 0, max, ret_number, NULL);
}

static gboolean
parse_group(const char *group, gboolean last, guint64 *number)
{
    const char *digits = last ? group : group + 1;
    if ((!last && group[0] != 'x') || strlen(digits) != 3 || strspn(digits, "0123456789") != 3)
        return FALSE;
    if (*number > (guint64)G_MAXINT64 / KC_MERKLE_ROW_WIDTH / 1000 - 1)
        return FALSE;
    *number = *number * 1000 + (guint64)atoi(digits);
    return TRUE;
}

/* `groups` up to the last one, which may end in ".p" when a width follows. */
static gboolean
parse_groups(char **groups, guint count, TilePath *path)
{
    for (guint i = 0; i < count; i++)
        if (!parse_group(groups[i], i == count - 1, &path->number))
            return FALSE;
    return count == 1 || (count > 1 && strcmp(groups[0], "x000") != 0); /* as it is written, and no other way */
}

static gboolean
parse_tile(const char *text, TilePath *path)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", -1);
    guint count = g_strv_length(parts);
    guint64 number;
    *path = (TilePath){.width = KC_MERKLE_ROW_WIDTH, .leaves = count > 0 && strcmp(parts[0], "entries") == 0};
    if (count < 2 || (!path->leaves && !parse_number(parts[0], MAX_LEVEL, &number)))
        return FALSE;
    path->level = path->leaves ? 0 : (guint)number;
    if (count >= 3 && g_str_has_suffix(parts[count - 2], ".p")) {
        if (!parse_number(parts[count - 1], KC_MERKLE_ROW_WIDTH - 1, &number) || number == 0)
            return FALSE;
        path->width = (guint)number;
        count--;
        parts[count - 1][strlen(parts[count - 1]) - 2] = '\0';
    }
    return parse_groups(parts + 1, count - 1, path);
}

KcHttpReply *
kc_get_log_tile(KcHttpRequest *request)
{
    static const char prefix[] = "/log/tile/";
    TilePath path;
    g_autoptr(GBytes) bytes = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!parse_tile(request->path + strlen(prefix), &path))
        return kc_problem(MHD_HTTP_NOT_FOUND, "no-such-tile", "This is not the path of a tile.");
    if (path.leaves
            ? !kc_app_get_log_leaves(request->app, path.number, path.width, &bytes, &result, &error)
            : !kc_app_get_log_tile(request->app, path.level, path.number, path.width, &bytes, &result, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply = kc_http_reply_bytes(MHD_HTTP_OK, BINARY, g_steal_pointer(&bytes));
    kc_http_reply_header(reply, "Cache-Control", FOR_EVER);
    return reply;
}

/* ---- Keys ---- */

static json_t *
key_of(gconstpointer data)
{
    const KcLogKey *key = data;
    g_autofree char *from = kc_timestamp_format(key->from_us);
    g_autofree char *until = key->until_us > 0 ? kc_timestamp_format(key->until_us) : NULL;
    return json_pack("{s:s, s:s, s:o}", "public", key->public, "from", from, "until", kc_json_text_or_null(until));
}

KcHttpReply *
kc_get_log_keys(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_log_keys(request->app, &keys, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(keys, key_of));
}

/* ---- Proofs ---- */

static json_t *
hashes_of(const KcMerkleProof *proof)
{
    json_t *list = json_array();
    for (guint i = 0; i < proof->count; i++) {
        g_autofree char *base64 = g_base64_encode(proof->hashes[i].bytes, KC_MERKLE_HASH_LEN);
        json_array_append_new(list, json_string(base64));
    }
    return list;
}

static gboolean
take_number(KcHttpRequest *request, const char *name, gboolean *ret_given, guint64 *ret_number)
{
    const char *text = kc_http_request_query(request, name);
    *ret_given = text != NULL;
    *ret_number = 0;
    return text == NULL || parse_number(text, G_MAXINT64, ret_number);
}

KcHttpReply *
kc_get_log_proof(KcHttpRequest *request)
{
    g_auto(KcLogProof) proof = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint64 leaf, from, size;
    gboolean of_leaf, of_growth, sized;
    if (!take_number(request, "leaf", &of_leaf, &leaf))
        return kc_problem_field("/leaf", "应为数字 / a number");
    if (!take_number(request, "from", &of_growth, &from))
        return kc_problem_field("/from", "应为数字 / a number");
    if (!take_number(request, "size", &sized, &size))
        return kc_problem_field("/size", "应为数字 / a number");
    if (of_leaf == of_growth)
        return kc_problem_field("/leaf", "leaf与from二选一 / either leaf or from");
    if (of_leaf ? !kc_app_prove_leaf(request->app, leaf, size, &proof, &result, &error)
                : !kc_app_prove_growth(request->app, from, size, &proof, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = json_pack("{s:I, s:o}", "size", (json_int_t)proof.size, "hashes", hashes_of(&proof.proof));
    json_object_set_new(root, of_leaf ? "index" : "from", json_integer((json_int_t)proof.index));
    if (of_leaf)
        json_object_set_new(root, "leaf", json_string(proof.leaf));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}
