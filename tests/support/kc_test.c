#include "tests/support/kc_test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

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
