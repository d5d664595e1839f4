/* The ICE-lite agent without sockets: checks written by libnice's STUN library as a full agent would. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#include "media/transport/ice_lite.h"
#include "tests/support/kc_test.h"

#define PWD "0123456789abcdefghijklmn"
#define HIGH 2000u
#define LOW 1000u

typedef struct {
    const char *username, *pwd;
    bool nominate, controlling;
    guint32 priority;
    StunAgentUsageFlags flags;
} Check;

static StunAgent peer;
static const uint16_t known_attributes[] = {STUN_ATTRIBUTE_USERNAME,           STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
                                            STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, STUN_ATTRIBUTE_ERROR_CODE,
                                            STUN_ATTRIBUTE_FINGERPRINT,        0};

static gsize
make_check(const Check *check, guint8 *buffer, gsize cap)
{
    StunMessage message;

    stun_agent_init(&peer, known_attributes, STUN_COMPATIBILITY_RFC5389, check->flags);
    return stun_usage_ice_conncheck_create(&peer, &message, buffer, cap, (const uint8_t *)check->username,
                                           strlen(check->username), (const uint8_t *)check->pwd, strlen(check->pwd),
                                           check->nominate, check->controlling, check->priority, 77, NULL,
                                           STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
}

static KcUdpPath
path_of(const char *ip, guint16 port)
{
    KcUdpPath path = {0};

    ck_assert(kc_udp_addr_parse(ip, port, &path.remote));
    return path;
}

static const Check good = {
    "ours1234:peer", PWD, true, true, HIGH, STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT};

static KcIceOutcome
deliver(KcIceLite *ice, Check check, const KcUdpPath *path, gint64 now_us)
{
    guint8 request[500], reply[KC_ICE_REPLY_BYTES];
    gsize len = make_check(&check, request, sizeof request), reply_len;
    KcIceOutcome outcome = kc_ice_lite_receive(ice, request, len, path, now_us, reply, &reply_len);

    ck_assert_int_eq(outcome == KC_ICE_DROP, reply_len == 0);
    return outcome;
}

static KcIceLite *
agent(void)
{
    return kc_ice_lite_new("ours1234", PWD, "peer", 0);
}

/* The class of the reply: 0x01 success, 0x11 error. */
static guint
reply_type(KcIceLite *ice, Check check, guint *ret_code)
{
    guint8 request[500], reply[KC_ICE_REPLY_BYTES];
    KcUdpPath path = path_of("192.0.2.7", 5000);
    gsize len = make_check(&check, request, sizeof request), reply_len = 0;
    StunMessage message;
    int code = 0;

    kc_ice_lite_receive(ice, request, len, &path, 0, reply, &reply_len);
    if (reply_len == 0)
        return 0;
    message.buffer = reply;
    message.buffer_len = reply_len;
    message.agent = NULL;
    if (stun_message_find_error(&message, &code) == STUN_MESSAGE_RETURN_SUCCESS)
        *ret_code = (guint)code;
    return (guint)(reply[0] << 8 | reply[1]);
}

START_TEST(a_check_is_answered_with_the_mapped_address)
{
    KcIceLite *ice = agent();
    KcUdpPath path = path_of("192.0.2.7", 5000);
    guint8 request[500], reply[KC_ICE_REPLY_BYTES];
    gsize len = make_check(&good, request, sizeof request), reply_len;
    struct sockaddr_storage mapped;
    socklen_t mapped_len = sizeof mapped;
    StunMessage message;
    KcUdpAddr addr;

    ck_assert_ptr_null(kc_ice_lite_selected(ice));
    ck_assert_int_eq(kc_ice_lite_receive(ice, request, len, &path, 1, reply, &reply_len), KC_ICE_SELECTED);
    ck_assert_int_eq(stun_agent_validate(&peer, &message, reply, reply_len, NULL, NULL), STUN_VALIDATION_SUCCESS);
    ck_assert_int_eq(
        stun_usage_ice_conncheck_process(&message, &mapped, &mapped_len, STUN_USAGE_ICE_COMPATIBILITY_RFC5245),
        STUN_USAGE_ICE_RETURN_SUCCESS);
    kc_udp_addr_from_sockaddr(&mapped, &addr);
    ck_assert(kc_udp_addr_equal(&addr, &path.remote));
    ck_assert(kc_udp_addr_equal(&kc_ice_lite_selected(ice)->remote, &path.remote));
    kc_ice_lite_free(ice);
}
END_TEST

START_TEST(false_checks_change_nothing)
{
    KcIceLite *ice = agent();
    Check wrong_pwd = good, wrong_name = good, wrong_peer = good, no_fingerprint = good;
    KcUdpPath path = path_of("192.0.2.7", 5000);
    guint code = 0;

    wrong_pwd.pwd = "0123456789abcdefghijklmX";
    wrong_name.username = "ours1235:peer";
    wrong_peer.username = "ours1234:other";
    no_fingerprint.flags = STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS;
    ck_assert_uint_eq(reply_type(ice, wrong_pwd, &code), 0x0111);
    ck_assert_uint_eq(code, 401);
    ck_assert_uint_eq(reply_type(ice, wrong_name, &code), 0x0111);
    ck_assert_uint_eq(reply_type(ice, wrong_peer, &code), 0x0111);
    ck_assert_uint_ne(reply_type(ice, no_fingerprint, &code), 0x0101);
    ck_assert_ptr_null(kc_ice_lite_selected(ice));
    ck_assert(!kc_ice_lite_touch(ice, &path, 0));
    kc_ice_lite_free(ice);
}
END_TEST

START_TEST(a_peer_that_thinks_it_is_controlled_is_told)
{
    KcIceLite *ice = agent();
    Check controlled = good;
    guint code = 0;

    controlled.controlling = false;
    controlled.nominate = false;
    ck_assert_uint_eq(reply_type(ice, controlled, &code), 0x0111);
    ck_assert_uint_eq(code, 487);
    ck_assert_ptr_null(kc_ice_lite_selected(ice));
    kc_ice_lite_free(ice);
}
END_TEST

START_TEST(nomination_and_moving)
{
    KcIceLite *ice = agent();
    KcUdpPath first = path_of("192.0.2.7", 5000), wifi = path_of("192.0.2.8", 5001), cell = path_of("2001:db8::9", 7);
    Check probe = good, lesser = good;

    probe.nominate = false;
    lesser.priority = LOW;
    /* The first valid path serves until one is nominated. */
    ck_assert_int_eq(deliver(ice, probe, &first, 0), KC_ICE_SELECTED);
    ck_assert(kc_udp_addr_equal(&kc_ice_lite_selected(ice)->remote, &first.remote));
    ck_assert_int_eq(deliver(ice, good, &wifi, 10), KC_ICE_SELECTED);
    ck_assert(kc_udp_addr_equal(&kc_ice_lite_selected(ice)->remote, &wifi.remote));
    ck_assert_int_eq(deliver(ice, good, &wifi, 20), KC_ICE_REPLY);

    /* A lesser nomination is valid, but does not take over from a path that is alive... */
    ck_assert_int_eq(deliver(ice, lesser, &cell, 30), KC_ICE_SELECTED);
    ck_assert(kc_udp_addr_equal(&kc_ice_lite_selected(ice)->remote, &wifi.remote));
    ck_assert(kc_ice_lite_touch(ice, &cell, 40));
    /* ...and does when that went silent. */
    ck_assert_int_eq(deliver(ice, lesser, &cell, 20 + G_USEC_PER_SEC + 1), KC_ICE_SELECTED);
    ck_assert(kc_udp_addr_equal(&kc_ice_lite_selected(ice)->remote, &cell.remote));
    kc_ice_lite_free(ice);
}
END_TEST

static void
count_path(const KcUdpPath *path, gpointer user)
{
    (*(guint *)user)++;
}

START_TEST(paths_have_a_limit)
{
    KcIceLite *ice = agent();
    Check probe = good;
    guint n = 0;

    deliver(ice, good, &(KcUdpPath){0}, 0);
    probe.nominate = false;
    for (guint16 port = 1; port < 50; port++) {
        KcUdpPath path = path_of("192.0.2.7", port);
        deliver(ice, probe, &path, port);
    }
    kc_ice_lite_foreach_path(ice, count_path, &n);
    ck_assert_uint_eq(n, KC_ICE_PATHS_MAX);
    ck_assert_uint_eq(kc_ice_lite_selected(ice)->remote.port, 0);
    kc_ice_lite_free(ice);
}
END_TEST

START_TEST(consent_is_fresh_for_15_seconds)
{
    KcIceLite *ice = agent();
    KcUdpPath path = path_of("192.0.2.7", 5000);
    Check false_pwd = good;

    deliver(ice, good, &path, 1000);
    false_pwd.pwd = "0123456789abcdefghijklmX";
    deliver(ice, false_pwd, &path, 1000 + KC_ICE_CONSENT_US / 2);
    kc_ice_lite_touch(ice, &path, 1000 + KC_ICE_CONSENT_US - 1);
    ck_assert(!kc_ice_lite_consent_lost(ice, 1000 + KC_ICE_CONSENT_US - 1));
    ck_assert(kc_ice_lite_consent_lost(ice, 1000 + KC_ICE_CONSENT_US));
    deliver(ice, good, &path, 1000 + KC_ICE_CONSENT_US);
    ck_assert(!kc_ice_lite_consent_lost(ice, 1000 + KC_ICE_CONSENT_US));
    kc_ice_lite_free(ice);
}
END_TEST

START_TEST(restart)
{
    KcIceLite *ice = agent();
    KcUdpPath old = path_of("192.0.2.7", 5000), new = path_of("192.0.2.9", 5001);
    Check fresh = good;

    deliver(ice, good, &old, 0);
    kc_ice_lite_restart(ice, "fresh123", "newpwdnewpwdnewpwdnewpwd", "peer2", 10);
    ck_assert(kc_ice_lite_has_ufrag(ice, "ours1234"));
    ck_assert_int_eq(deliver(ice, good, &old, 20), KC_ICE_REPLY); /* goes on until the new one works */
    fresh.username = "fresh123:peer2";
    fresh.pwd = "newpwdnewpwdnewpwdnewpwd";
    ck_assert_int_eq(deliver(ice, fresh, &new, 30), KC_ICE_SELECTED);
    ck_assert(kc_udp_addr_equal(&kc_ice_lite_selected(ice)->remote, &new.remote));
    ck_assert(!kc_ice_lite_has_ufrag(ice, "ours1234"));
    kc_ice_lite_free(ice);
}
END_TEST

START_TEST(ufrag_is_peeked_at_without_trust)
{
    guint8 request[500], copy[500];
    gsize len = make_check(&good, request, sizeof request);
    char ufrag[KC_ICE_UFRAG_CHARS + 1];

    ck_assert(kc_ice_peek_ufrag(request, len, ufrag));
    ck_assert_str_eq(ufrag, "ours1234");
    for (gsize cut = 0; cut < len; cut++)
        ck_assert(!kc_ice_peek_ufrag(request, cut, ufrag));
    for (gsize at = 0; at < len; at++) {
        memcpy(copy, request, len);
        copy[at] = 0xff;
        kc_ice_peek_ufrag(copy, len, ufrag);
    }
}
END_TEST

START_TEST(credentials_are_legal_and_differ)
{
    char ufrag[2][KC_ICE_UFRAG_CHARS + 1], pwd[2][KC_ICE_PWD_CHARS + 1];

    for (guint i = 0; i < 2; i++)
        kc_ice_make_credentials(ufrag[i], pwd[i]);
    ck_assert_uint_eq(strlen(ufrag[0]), KC_ICE_UFRAG_CHARS);
    ck_assert_uint_eq(strlen(pwd[0]), KC_ICE_PWD_CHARS);
    ck_assert_str_ne(ufrag[0], ufrag[1]);
    ck_assert_str_ne(pwd[0], pwd[1]);
}
END_TEST

static guint
selected_port(const KcIceLite *ice)
{
    const KcUdpPath *path = kc_ice_lite_selected(ice);

    return path != NULL ? path->remote.port : 0;
}

/* A connection that closed: of what is left a nominated path comes before any other, then the one heard of last. */
START_TEST(a_path_goes_away)
{
    KcIceLite *ice = agent();
    KcUdpPath paths[4];
    Check plain = good;

    plain.nominate = false;
    for (guint i = 0; i < 4; i++) {
        paths[i] = path_of("192.0.2.7", (guint16)(5000 + i));
        deliver(ice, i == 1 || i == 3 ? good : plain, &paths[i], i);
    }
    ck_assert_uint_eq(selected_port(ice), 5003);
    kc_ice_lite_remove_path(ice, &paths[0]); /* the selected one takes its place in the table */
    ck_assert_uint_eq(selected_port(ice), 5003);
    kc_ice_lite_remove_path(ice, &paths[0]);
    kc_ice_lite_remove_path(ice, &paths[3]);
    ck_assert_uint_eq(selected_port(ice), 5001);
    ck_assert(!kc_ice_lite_touch(ice, &paths[3], 9));
    kc_ice_lite_remove_path(ice, &paths[1]);
    ck_assert_uint_eq(selected_port(ice), 5002);
    kc_ice_lite_remove_path(ice, &paths[2]);
    ck_assert_uint_eq(selected_port(ice), 0);
    deliver(ice, good, &paths[0], 10);
    ck_assert_uint_eq(selected_port(ice), 5000);
    kc_ice_lite_free(ice);
}
END_TEST

/* The same address and port by UDP, and over one connection or another, are different paths. */
START_TEST(a_connection_is_a_path_of_its_own)
{
    KcIceLite *ice = agent();
    KcUdpPath path = path_of("192.0.2.7", 5000), first = path, second = path;

    first.remote.stream = 1;
    second.remote.stream = 2;
    deliver(ice, good, &first, 1);
    ck_assert(kc_ice_lite_touch(ice, &first, 2));
    ck_assert(!kc_ice_lite_touch(ice, &second, 2));
    ck_assert(!kc_ice_lite_touch(ice, &path, 2));
    kc_ice_lite_free(ice);
}
END_TEST

static Suite *
ice_suite(void)
{
    Suite *suite = suite_create("transport/ice_lite");
    TCase *tests = tcase_create("agent");

    tcase_add_test(tests, a_check_is_answered_with_the_mapped_address);
    tcase_add_test(tests, false_checks_change_nothing);
    tcase_add_test(tests, a_peer_that_thinks_it_is_controlled_is_told);
    tcase_add_test(tests, nomination_and_moving);
    tcase_add_test(tests, paths_have_a_limit);
    tcase_add_test(tests, a_path_goes_away);
    tcase_add_test(tests, a_connection_is_a_path_of_its_own);
    tcase_add_test(tests, consent_is_fresh_for_15_seconds);
    tcase_add_test(tests, restart);
    tcase_add_test(tests, ufrag_is_peeked_at_without_trust);
    tcase_add_test(tests, credentials_are_legal_and_differ);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(ice_suite())
