/* The settings, from flags and from the packaged file. */
#include "src/daemon/config.h"
#include "src/daemon/secret_file.h"
#include "tests/support/kc_test.h"

#include <string.h>
#include <sys/stat.h>

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

/* A demo holds no disk that nobody asked it to. */
START_TEST(who_holds_a_reserve)
{
    static const struct {
        const char *flags[6];
        guint mib;
        gboolean held;
    } cases[] = {
        {{"--data", "d"}, 1024, TRUE},
        {{"--data", "d", "--demo"}, 1024, FALSE},
        {{"--data", "d", "--demo", "--disk-reserve", "64"}, 64, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KcConfig) config = parse(cases[i].flags, &error);
        kc_assert_no_error(error);
        ck_assert_uint_eq(config->disk_reserve_mib, cases[i].mib);
        ck_assert_int_eq(config->hold_reserve, cases[i].held);
    }
}
END_TEST

START_TEST(the_packaged_file)
{
    const char *const flags[] = {"--config", g_getenv("KC_SAMPLE_CONFIG"), NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(KcConfig) config = parse(flags, &error);
    kc_assert_no_error(error);
    ck_assert_str_eq(config->media_address[0], "10.0.0.5");
    ck_assert_str_eq(config->media_offered[0], "203.0.113.7:50000");
    ck_assert_str_eq(config->media_offered[1], "[2001:db8::7]:50000");
    ck_assert_str_eq(config->turn_uri[0], "turn:turn.example.org:3478?transport=udp");
    ck_assert_uint_eq(config->turn_ttl_s, 3600);
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
    {{"--media-udp-only"}, NULL},
    {{"--disk-reserve", "16"}, NULL},
    {{"--disk-reserve", "15"}, "disk-reserve"},
    {{"--disk-reserve", "1048577"}, "disk-reserve"},
    {{"--rules", "/etc/kuaichu/rules"}, NULL},
    {{"--templates", "/etc/kuaichu/templates"}, NULL},
    {{"--map-tiles", "https://tiles.example.org/{z}/{x}/{y}.png", "--map-attribution", "(c) x"}, NULL},
    {{"--map-tiles", "http://{s}.tiles.example.org:8081/{z}/{x}/{y}.png?key=a"}, NULL},
    {{"--map-tiles", "https://tiles.example.org/{z}/{x}.png"}, "map-tiles"},
    {{"--map-tiles", "//tiles.example.org/{z}/{x}/{y}.png"}, "map-tiles"},
    {{"--map-tiles", "https://a;script-src *;/{z}/{x}/{y}.png"}, "map-tiles"},
    {{"--map-tiles", "https://a/{z}/{x}/{y}.png\n"}, "map-tiles"},
    {{"--map-attribution", "(c) x"}, "map-attribution"},
    {{"--turn-uri", "turn:turn.example.org", "--turn-secret-file", "/s"}, NULL},
    {{"--turn-uri", "turns:[2001:db8::1]:443?transport=tcp", "--turn-secret-file", "/s", "--turn-ttl", "60"}, NULL},
    {{"--turn-uri", "turn:turn.example.org"}, "turn-uri"},
    {{"--turn-secret-file", "/s"}, "turn-uri"},
    {{"--turn-uri", "stun:turn.example.org", "--turn-secret-file", "/s"}, "turn-uri"},
    {{"--turn-uri", "turn:a>; rel=\"x\"", "--turn-secret-file", "/s"}, "turn-uri"},
    {{"--turn-uri", "turn:turn.example.org\r\nSet-Cookie: a", "--turn-secret-file", "/s"}, "turn-uri"},
    {{"--turn-uri", "turn:turn.example.org\n", "--turn-secret-file", "/s"}, "turn-uri"},
    {{"--turn-uri", "turn:a?transport=sctp", "--turn-secret-file", "/s"}, "turn-uri"},
    {{"--turn-ttl", "59"}, "turn-ttl"},
    {{"--media-sandbox", "require"}, NULL},
    {{"--media-sandbox", "on"}, "media-sandbox"},
    {{"--media-sandbox", "off", "--media-user", "no such user"}, NULL},
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

/* ---- the secret's file ---- */

static const struct {
    const char *text; /* NULL: there is no file */
    mode_t mode;
    gboolean taken;
} secrets[] = {
    {"sixteen-and-more", 0600, TRUE},        {"sixteen-and-more\n", 0640, TRUE}, {"sixteen-and-more\r\n", 0600, TRUE},
    {"sixteen-and-more\nx\n", 0600, FALSE}, {"too-short\n", 0600, FALSE},       {"", 0600, FALSE},
    {"sixteen-and-more\n", 0644, FALSE},     {NULL, 0, FALSE},
};

START_TEST(the_secret_stays_in_its_file)
{
    g_autofree char *dir = kc_test_dir_new(), *path = g_build_filename(dir, "secret", NULL);
    g_autoptr(GError) error = NULL;
    if (secrets[_i].text != NULL) {
        ck_assert(g_file_set_contents(path, secrets[_i].text, -1, NULL));
        ck_assert_int_eq(chmod(path, secrets[_i].mode), 0);
    }
    g_autoptr(GBytes) secret = kc_secret_file_read(path, &error);
    ck_assert_int_eq(secret != NULL, secrets[_i].taken);
    if (secret != NULL) {
        gsize len;
        const char *text = g_bytes_get_data(secret, &len);
        ck_assert_uint_eq(len, 16);
        ck_assert_mem_eq(text, secrets[_i].text, len);
    } else {
        ck_assert_ptr_nonnull(strstr(error->message, path));
        ck_assert_ptr_null(strstr(error->message, "sixteen"));
    }
    kc_test_dir_remove(g_steal_pointer(&dir));
}
END_TEST

static Suite *
config_suite(void)
{
    Suite *suite = suite_create("daemon/config");
    TCase *tcase = tcase_create("config");
    tcase_add_test(tcase, the_packaged_file);
    tcase_add_test(tcase, who_holds_a_reserve);
    tcase_add_loop_test(tcase, flags_taken_and_refused, 0, G_N_ELEMENTS(rows));
    tcase_add_loop_test(tcase, the_secret_stays_in_its_file, 0, G_N_ELEMENTS(secrets));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(config_suite())
