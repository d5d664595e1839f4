#include "tests/support/kc_test.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
kc_test_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

char *
kc_test_dir_new(void)
{
    g_autoptr(GError) error = NULL;
    char *dir = g_dir_make_tmp("kuaichu-test-XXXXXX", &error);
    if (dir == NULL)
        ck_abort_msg("no temporary folder: %s", error->message);
    return dir;
}

void
kc_assert_same_text(const char *one, const char *other)
{
    enum { BEFORE = 200, SHOWN = 400 };
    gsize same = 0;
    while (one[same] != '\0' && one[same] == other[same])
        same++;
    gsize from = same < BEFORE ? 0 : same - BEFORE;
    if (one[same] != other[same])
        ck_abort_msg("they part at byte %zu:\n%.*s\nand\n%.*s", same, SHOWN, one + from, SHOWN, other + from);
}

static int
remove_entry(const char *path, const struct stat *st G_GNUC_UNUSED, int type G_GNUC_UNUSED, struct FTW *ftw G_GNUC_UNUSED)
{
    return remove(path);
}

void
kc_test_dir_remove(char *dir)
{
    if (dir == NULL)
        return;
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    g_free(dir);
}

static void
copy_file(const char *source, const char *target, const char *from, const char *to)
{
    g_autofree char *text = NULL;
    gsize size;
    ck_assert_msg(g_file_get_contents(source, &text, &size, NULL), "%s can't be read", source);
    g_autoptr(GString) changed = g_string_new_len(text, (gssize)size);
    if (from != NULL)
        ck_assert_msg(g_string_replace(changed, from, to, 1) == 1, "%s has no %s", source, from);
    ck_assert(g_file_set_contents(target, changed->str, (gssize)changed->len, NULL));
}

static void
copy_dir(const char *source, const char *target, const char *file, const char *from, const char *to)
{
    g_autoptr(GDir) dir = g_dir_open(source, 0, NULL);
    ck_assert_msg(dir != NULL, "%s can't be read", source);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *here = g_build_filename(source, name, NULL), *there = g_build_filename(target, name, NULL);
        g_autofree char *inner = g_strconcat(name, "/", NULL);
        gboolean meant = g_strcmp0(file, name) == 0, within = file != NULL && g_str_has_prefix(file, inner);
        if (!g_file_test(here, G_FILE_TEST_IS_DIR)) {
            copy_file(here, there, meant ? from : NULL, to);
            continue;
        }
        ck_assert_int_eq(g_mkdir(there, 0700), 0);
        copy_dir(here, there, within ? file + strlen(inner) : NULL, from, to);
    }
}

char *
kc_test_dir_copy(const char *source, const char *file, const char *from, const char *to)
{
    char *dir = kc_test_dir_new();
    copy_dir(source, dir, file, from, to);
    return dir;
}

char *
kc_test_output(const char *const *argv, char **ret_errors)
{
    char *output = NULL;
    gint status;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) environment = g_environ_unsetenv(g_get_environ(), "LD_PRELOAD");
    g_spawn_sync(NULL, (char **)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, ret_errors, &status, &error);
    kc_assert_no_error(error);
    g_spawn_check_wait_status(status, &error);
    kc_assert_no_error(error);
    return output;
}
