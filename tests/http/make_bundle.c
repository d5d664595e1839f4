/* Writes the bundle of a made-up case to a file: MAKE_BUNDLE=FILE make_bundle. tests/vectors/bundle.zip is one of
 * these. */
#include "tests/http/bundled.h"

START_TEST(make_bundle)
{
    const char *path = g_getenv("MAKE_BUNDLE");
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    ck_assert_ptr_nonnull(path);
    bundled_case(&served);
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor");
    char *dir = bundled_export(&served, auditor);
    g_autofree char *zip = g_build_filename(dir, "bundle.zip", NULL), *bytes = NULL;
    gsize size;
    ck_assert(g_file_get_contents(zip, &bytes, &size, NULL));
    ck_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
    kc_test_dir_remove(dir);
    served_clear(&served);
}
END_TEST

static Suite *
make_bundle_suite(void)
{
    Suite *suite = suite_create("make_bundle");
    TCase *one = tcase_create("make_bundle");
    tcase_set_timeout(one, 60);
    tcase_add_test(one, make_bundle);
    suite_add_tcase(suite, one);
    return suite;
}

KC_TEST_MAIN(make_bundle_suite())
