#include "src/cli/verify.h"

#include "src/app/bundle_check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define COULD_NOT 2

static const char *const said[KC_BUNDLE_CHECKS] = {
    [KC_BUNDLE_SIGNATURE] = "the manifest is signed",
    [KC_BUNDLE_KEY] = "the log's key vouches for the key that signed",
    [KC_BUNDLE_SUMS] = "every file is as SHA256SUMS says",
    [KC_BUNDLE_FILES] = "every file is as the manifest says, and no other is there",
    [KC_BUNDLE_PAGE] = "verify.html is the signed page with this manifest",
    [KC_BUNDLE_CHECKPOINT] = "the checkpoint is signed by the log",
    [KC_BUNDLE_ENTRIES] = "every entry of the case is in the log",
    [KC_BUNDLE_OBJECTS] = "every piece of evidence is what the log named when it was made",
    [KC_BUNDLE_DOCUMENTS] = "every document is as issued, and what was signed is it",
    [KC_BUNDLE_DAMAGE] = "nothing was damaged when it was exported",
    [KC_BUNDLE_HELD] = "the log has only grown between the given checkpoint and the bundle's",
};

static void
print_check(const KcBundleVerdict *verdict, KcBundleCheckKind kind)
{
    const GPtrArray *wrong = verdict->wrong[kind];
    if (verdict->looked_at[kind] == 0 && wrong == NULL)
        return;
    printf("%s  %-10s  %s (%u)\n", wrong == NULL ? "right" : "WRONG", kc_bundle_check_name(kind), said[kind],
           verdict->looked_at[kind]);
    for (guint i = 0; wrong != NULL && i < wrong->len; i++)
        printf("       - %s\n", (const char *)wrong->pdata[i]);
}

static void
print_text(const KcBundleVerdict *verdict, const KcCliVerify *options)
{
    guint wrong = kc_bundle_verdict_count(verdict);
    printf("%s, %s, made %s; key %s; log %s, %" G_GINT64_FORMAT " entries\n", verdict->number, verdict->kind,
           verdict->made_at, verdict->key_id != NULL ? verdict->key_id : "none",
           verdict->origin != NULL ? verdict->origin : "unknown", verdict->tree_size);
    for (guint i = 0; i < KC_BUNDLE_CHECKS; i++)
        print_check(verdict, i);
    if (wrong > 0)
        printf("WRONG: %u\n", wrong);
    else if (options->key == NULL)
        printf("right, by the key that came with it: compare service.pub with /log/service.pub, or give --key\n");
    else
        printf("right, by the key that was given\n");
}

static void
print_json(const KcBundleVerdict *verdict)
{
    json_t *checks = json_array();
    for (guint i = 0; i < KC_BUNDLE_CHECKS; i++) {
        json_t *list = json_array();
        for (guint n = 0; verdict->wrong[i] != NULL && n < verdict->wrong[i]->len; n++)
            json_array_append_new(list, json_string(verdict->wrong[i]->pdata[n]));
        json_array_append_new(checks, json_pack("{s:s, s:i, s:o}", "check", kc_bundle_check_name(i), "looked_at",
                                                (int)verdict->looked_at[i], "wrong", list));
    }
    json_t *root = json_pack("{s:b, s:s?, s:s?, s:s?, s:s?, s:s?, s:I, s:o}", "right",
                             kc_bundle_verdict_count(verdict) == 0, "number", verdict->number, "kind", verdict->kind,
                             "made_at", verdict->made_at, "key_id", verdict->key_id, "log", verdict->origin,
                             "log_entries", (json_int_t)verdict->tree_size, "checks", checks);
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

static gboolean
read_file(const char *path, char **ret_text, GError **error)
{
    return path == NULL || g_file_get_contents(path, ret_text, NULL, error);
}

int
kc_cli_verify(const char *path, const KcCliVerify *options)
{
    g_autofree char *key = NULL, *checkpoint = NULL, *proof = NULL;
    g_auto(KcBundleVerdict) verdict = {0};
    g_autoptr(GError) error = NULL;
    if (!read_file(options->key, &key, &error) || !read_file(options->checkpoint, &checkpoint, &error) ||
        !read_file(options->proof, &proof, &error) ||
        !kc_bundle_check(path, &(KcBundleTrust){key, checkpoint, proof}, &verdict, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return COULD_NOT;
    }
    if (options->json)
        print_json(&verdict);
    else
        print_text(&verdict, options);
    return kc_bundle_verdict_count(&verdict) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
