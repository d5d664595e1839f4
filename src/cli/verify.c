/* kuaichu verify: an exported bundle, checked without a service or its data folder. Exit status: 0 all is right, 1 something
 * is wrong, each named on a line of its own, 2 it could not be checked. */
#include "src/app/bundle_check.h"
#include "src/cli/command.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const char *key, *checkpoint, *proof; /* files; NULL: none */
    gboolean json;
} Options;

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
print_text(const KcBundleVerdict *verdict, const Options *options)
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

static int
verify(const char *path, const Options *options)
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

static const KcCliVerb VERBS[] = {
    {NULL, "BUNDLE", 1, 1, "check an exported case; needs no data folder"},
    {0},
};

static int
run(KcCli *cli)
{
    g_autofree char *key = NULL, *checkpoint = NULL, *proof = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &key, "a service.pub or key of the log that is trusted", "FILE"},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &checkpoint, "a checkpoint that somebody kept", "FILE"},
        {"proof", 0, 0, G_OPTION_ARG_FILENAME, &proof, "that the log has grown between both checkpoints", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "the verdict as JSON", NULL},
        G_OPTION_ENTRY_NULL,
    };
    if (kc_cli_parse(cli, entries) == KC_CLI_NOT_UNDERSTOOD)
        return 2;
    const Options options = {key, checkpoint, proof, json};
    return verify(cli->rest[0], &options);
}

const KcCliNoun kc_cli_verify = {"verify", VERBS, run};
