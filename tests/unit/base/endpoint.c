#include "src/base/endpoint.h"
#include "tests/support/kc_test.h"

static const struct {
    const char *text, *address;
    guint16 port;
} good[] = {
    {"192.0.2.1", "192.0.2.1", 0},          {"192.0.2.1:1", "192.0.2.1", 1},
    {"192.0.2.1:65535", "192.0.2.1", 65535}, {"2001:db8::1", "2001:db8::1", 0},
    {"::1", "::1", 0},                       {"[2001:db8::1]", "2001:db8::1", 0},
    {"[2001:db8::1]:443", "2001:db8::1", 443},
};

START_TEST(addresses_with_and_without_a_port)
{
    g_autofree char *address = NULL;
    guint16 port = 7;
    ck_assert_msg(kc_endpoint_parse(good[_i].text, &address, &port), "%s", good[_i].text);
    ck_assert_str_eq(address, good[_i].address);
    ck_assert_uint_eq(port, good[_i].port);
}
END_TEST

static const char *const bad[] = {
    "",           "example.org",     "192.0.2",      "192.0.2.1:",      "192.0.2.1:0",     "192.0.2.1:65536", "192.0.2.1:+1",
    ":1",         "192.0.2.1:1:2",   "[192.0.2.1]:1", "[2001:db8::1",   "[2001:db8::1]1",  "[]:1",            "[2001:db8::1]:0",
    "192.0.2.1 ", "[2001:db8::1]: 1",
};

START_TEST(anything_else_is_refused)
{
    char *address = NULL;
    guint16 port = 7;
    ck_assert_msg(!kc_endpoint_parse(bad[_i], &address, &port), "\"%s\" is taken", bad[_i]);
    ck_assert_ptr_null(address);
}
END_TEST

static Suite *
endpoint_suite(void)
{
    Suite *suite = suite_create("base/endpoint");
    TCase *tcase = tcase_create("endpoint");
    tcase_add_loop_test(tcase, addresses_with_and_without_a_port, 0, G_N_ELEMENTS(good));
    tcase_add_loop_test(tcase, anything_else_is_refused, 0, G_N_ELEMENTS(bad));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(endpoint_suite())
