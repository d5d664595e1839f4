/* The settings, from flags and from the packaged file. */
#include "src/daemon/config.h"
#include "tests/support/kc_test.h"

#include <string.h>

static KcConfig *
parse(const char *const *flags, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_ptr_array_add(words, (gpointer) "kuaichud");
    for (; *flags != NULL; flags++)
        g_ptr_array_add(words, (gpointer)*flags);
    int argc = (int)words->len;
    g_ptr_array_add(words, NULL);
    char **argv = (char **)words->pdata;
    return kc_config_parse(&argc, &argv, error);
}

START_TEST(the_packaged_file)
{
    const char *const flags[] = {"--config", g_getenv("KC_SAMPLE_CONFIG"), NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(KcConfig) config = parse(flags, &error);
    kc_assert_no_error(error);
    ck_assert_str_eq(config->media_address[0], "10.0.0.5");
    ck_assert_str_eq(config->media_offered[0], "203.0.113.7:50000");
    ck_assert_str_eq(config->media_offered[1], "[2001:db8::7]:50000");
    g_autofree char *text = kc_config_describe(config);
    ck_assert_ptr_nonnull(strstr(text, "\nmedia-offered=203.0.113.7:50000;[2001:db8::7]:50000\n"));
}
END_TEST

static const struct {
    const char *flags[8];
    const char *named; /* NULL: taken */
} rows[] = {
    {{"--media-offered", "192.0.2.1"}, NULL},
    {{"--media-offered", "192.0.2.1:65336"}, NULL}, /* 200 ports: the last is 65535 */
    {{"--media-offered", "192.0.2.1:65337"}, "media-offered"},
    {{"--media-offered", "192.0.2.1:0"}, "media-offered"},
    {{"--media-offered", "example.org"}, "media-offered"},
    {{"--media-offered", "192.0.2.1", "--media-offered", "[2001:db8::1]:1000"}, NULL},
    {{"--media-address", "192.0.2.1:4"}, "media-address"},
};

START_TEST(flags_taken_and_refused)
{
    const char *flags[12] = {"--data", "/nowhere"};
    g_autoptr(GError) error = NULL;
    memcpy(flags + 2, rows[_i].flags, sizeof rows[_i].flags);
    g_autoptr(KcConfig) config = parse(flags, &error);
    if (rows[_i].named == NULL)
        kc_assert_no_error(error);
    else
        ck_assert_msg(error != NULL && g_str_has_prefix(error->message, rows[_i].named), "%s", rows[_i].flags[1]);
}
END_TEST

static Suite *
config_suite(void)
{
    Suite *suite = suite_create("daemon/config");
    TCase *tcase = tcase_create("config");
    tcase_add_test(tcase, the_packaged_file);
    tcase_add_loop_test(tcase, flags_taken_and_refused, 0, G_N_ELEMENTS(rows));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(config_suite())
