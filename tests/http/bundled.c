#include "tests/http/bundled.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

static void
add_photo(const Served *served, const char *token, const char *shot)
{
    g_autofree char *rest = g_strconcat("/photos?shot=", shot, NULL);
    g_autofree char *path = case_path(&served->one, rest);
    reply_free(fixture_expect(
        served->fixture, 201,
        (Call){.path = path, .token = token, .bytes = test_png, .size = test_png_size, .type = "image/png"}));
}

static void
particulars_of_b(const Served *served)
{
    g_autofree char *rest = g_strdup_printf("/parties/%s", served->party_b);
    json_decref(served_by_officer((Served *)served, 200, "PATCH", rest,
                                  "{\"phone\":\"13911112222\",\"licence_number\":\"612501198001010012\","
                                  "\"insurance_certificate\":\"PDAA202661000000001\"}"));
}

/* The live legs end, so that their recordings are whole. */
static void
end_call(const Served *served)
{
    g_autofree char *path = case_path(&served->one, "/call");
    g_autoptr(json_t) call = fixture_json(served->fixture, 200, (Call){.path = path, .token = served->officer});
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(call, "participants"), i, one)
    {
        kc_fake_media_record(served->fixture->media, text_at(one, "leg_id"), 3);
        kc_fake_media_vanish(served->fixture->media, text_at(one, "leg_id"));
    }
    kc_app_wait_idle(served->fixture->app);
}

void
bundled_case(Served *served)
{
    served_call(served);
    fixture_join_call(served->fixture, &(TestCase){.id = served->one.id, .token = served->token_b}, "2");
    particulars_of_b(served);
    add_photo(served, served->one.token, "front_overview");
    add_photo(served, served->token_b, "rear_overview");
    add_photo(served, served->token_b, "driving_licence");
    served_issue(served);
    served_decide(served, served->one.token, "signed");
    served_decide(served, served->token_b, "objected");
    end_call(served);
}

int
bundled_run(const char *dir, const char *const *argv, char **ret_output)
{
    g_autofree char *files = g_build_filename(dir, "files", NULL);
    g_autofree char *errors = NULL, *output = NULL;
    g_autoptr(GError) error = NULL;
    int status = -1;
    g_spawn_sync(files, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors, &status, &error);
    kc_assert_no_error(error);
    if (ret_output != NULL)
        *ret_output = g_strconcat(output, errors, NULL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *
bundled_export(Served *served, const char *token)
{
    char *dir = kc_test_dir_new();
    g_autofree char *path = case_path(&served->one, "/bundle");
    g_autofree char *zip = g_build_filename(dir, "bundle.zip", NULL), *files = g_build_filename(dir, "files", NULL);
    g_autoptr(Reply) reply =
        fixture_expect(served->fixture, 200, (Call){.method = "POST", .path = path, .token = token});
    ck_assert(g_file_set_contents(zip, (const char *)reply->body->data, reply->body->len, NULL));
    ck_assert_int_eq(g_mkdir(files, 0700), 0);
    g_autofree char *output = NULL;
    int status = bundled_run(dir, (const char *const[]){"unzip", "-q", "../bundle.zip", NULL}, &output);
    ck_assert_msg(status == 0 && *output == '\0', "unzip: %d %s", status, output);
    return dir;
}

char *
bundled_text(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, "files", name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    kc_assert_no_error(error);
    return text;
}

json_t *
bundled_manifest(const char *dir)
{
    g_autofree char *text = bundled_text(dir, "manifest.json");
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(root);
    return root;
}

json_t *
bundled_object(const json_t *manifest, const char *kind, const char *party_id)
{
    size_t i;
    json_t *object;
    json_array_foreach(json_object_get(manifest, "objects"), i, object)
    {
        const char *by = json_string_value(json_object_get(json_object_get(object, "by"), "id"));
        if (strcmp(text_at(object, "kind"), kind) == 0 && (party_id == NULL || g_strcmp0(by, party_id) == 0))
            return object;
    }
    return NULL;
}
