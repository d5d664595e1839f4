/* The parties' agreement over the wire: every reply is checked against the contract. */
#include <string.h>

#include "tests/http/fixture.h"

typedef struct {
    Fixture *fixture;
    TestCase one;
    char *other_id, *other;
} Two;

static Two
two_new(void)
{
    Two two = {.fixture = fixture_new(NULL)};
    two.one = fixture_open_case(two.fixture);
    g_autofree char *parties = case_path(&two.one, "/parties"), *photos = case_path(&two.one, "/photos");
    g_autofree char *invitations = case_path(&two.one, "/invitations");
    const char *who = "{\"name\":\"李四\",\"phone\":\"13900000000\",\"plate_number\":\"陕H54321\",\"plate_type\":\"02\"}";
    g_autoptr(json_t) added =
        fixture_json(two.fixture, 201, (Call){.path = parties, .token = two.one.token, .text = who});
    two.other_id = g_strdup(text_at(added, "party.id"));
    g_autofree char *body = g_strdup_printf("{\"kind\":\"party\",\"party_id\":\"%s\"}", two.other_id);
    g_autoptr(json_t) invited =
        fixture_json(two.fixture, 201, (Call){.path = invitations, .token = two.one.token, .text = body});
    two.other = g_strdup(text_at(invited, "token"));
    reply_free(fixture_expect(two.fixture, 201, (Call){.path = photos, .token = two.one.token, .bytes = test_png,
                                                       .size = test_png_size, .type = "image/png"}));
    return two;
}

static void
two_clear(Two *two)
{
    g_free(two->other_id);
    g_free(two->other);
    test_case_clear(&two->one);
    fixture_free(two->fixture);
}

/* `extra_a`, `extra_b`: further members of each party, each after a comma. */
static char *
body_of(const Two *two, const char *extra_a, const char *extra_b)
{
    return g_strdup_printf(
        "{\"occurred_at\":\"2026-11-23T07:50:00Z\",\"place_text\":\"北新街\",\"weather\":\"1\",\"accident_form\":\"11\","
        "\"collision_type\":\"1\",\"facts\":null,\"parties\":[{\"party_id\":\"%s\",\"collision_part\":\"front\","
        "\"violations\":[\"REAR_END\"],\"liability\":\"full\"%s},{\"party_id\":\"%s\",\"collision_part\":\"rear\","
        "\"damage_cny\":800,\"liability\":\"none\"%s}],\"compensation\":\"private\",\"payments\":"
        "[{\"from_party_id\":\"%s\",\"to_party_id\":\"%s\",\"amount_cny\":800}]}",
        two->one.party_id, extra_a, two->other_id, extra_b, two->one.party_id, two->other_id);
}

static json_t *
put(Two *two, int status, const char *token, const char *extra_a, const char *extra_b)
{
    g_autofree char *path = case_path(&two->one, "/agreement"), *body = body_of(two, extra_a, extra_b);
    return fixture_json(two->fixture, status, (Call){.method = "PUT", .path = path, .token = token, .text = body});
}

#define SELF                                                                                                           \
    ",\"name\":\"张三\",\"phone\":\"13800000000\",\"vehicle_type\":\"K3\",\"plate_number\":\"陕H12345\",\"plate_type\":\"02\"," \
    "\"insurer\":\"picc\",\"insurance_certificate\":\"PDZA202661100001\",\"licence_number\":\"612501198501010027\""
#define OTHER ",\"vehicle_type\":\"K3\",\"insurer\":\"picc\",\"insurance_certificate\":\"PDZA202661100002\",\"licence_number\":\"612501198501010027\""

static json_t *
sign(Two *two, int status, const char *token, const char *document_id, const char *sha256)
{
    g_autofree char *png = g_base64_encode(test_png, test_png_size);
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", document_id);
    g_autofree char *path = case_path(&two->one, rest);
    g_autofree char *body = g_strdup_printf(
        "{\"decision\":\"signed\",\"document_sha256\":\"%s\",\"image_png\":\"%s\"}", sha256, png);
    return fixture_json(two->fixture, status, (Call){.path = path, .token = token, .text = body});
}

START_TEST(two_phones_settle_a_case)
{
    Two two = two_new();
    g_autofree char *propose = case_path(&two.one, "/agreement/propose"), *path = case_path(&two.one, "");
    g_autoptr(json_t) first = put(&two, 200, two.one.token, SELF, "");
    ck_assert_uint_gt(json_array_size(json_object_get(first, "missing")), 0);
    reply_free(fixture_expect(two.fixture, 422, (Call){.method = "POST", .path = propose, .token = two.one.token}));
    g_autoptr(json_t) second = put(&two, 200, two.other, "", OTHER);
    ck_assert_uint_eq(json_array_size(json_object_get(second, "missing")), 0);
    g_autoptr(json_t) proposed =
        fixture_json(two.fixture, 201, (Call){.method = "POST", .path = propose, .token = two.other});
    const char *document = text_at(proposed, "document.id"), *sha256 = text_at(proposed, "document.sha256");
    ck_assert_str_eq(text_at(proposed, "document.kind"), "agreement");
    ck_assert_str_eq(text_at(proposed, "document.proposal.status"), "open");
    ck_assert_str_eq(text_at(proposed, "document.proposal.party_id"), two.other_id);
    reply_free(fixture_expect(two.fixture, 409, (Call){.method = "POST", .path = propose, .token = two.one.token}));
    json_decref(sign(&two, 201, two.one.token, document, sha256));
    json_decref(sign(&two, 409, two.one.token, document, sha256));
    g_autoptr(json_t) done = sign(&two, 201, two.other, document, sha256);
    ck_assert_str_eq(text_at(done, "case.state"), "closed");
    ck_assert_str_eq(text_at(done, "case.closing_code"), "1");
    ck_assert_str_eq(text_at(done, "case.mediation_method"), "1");
    g_autoptr(json_t) of_other = fixture_json(two.fixture, 200, (Call){.path = path, .token = two.other});
    ck_assert_str_eq(text_at(of_other, "agreement.status"), "agreed");
    ck_assert_str_eq(text_at(of_other, "agreement.document_id"), document);
    two_clear(&two);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    static const struct {
        const char *extra, *pointer;
    } rows[] = {
        {",\"liability\":\"equal\"", ""}, /* twice the same key: malformed */
        {",\"plate_number\":\"H1\"", "/parties/0/plate_number"},
        {",\"phone\":\"12\"", "/parties/0/phone"},
        {",\"licence_number\":\"612501198501010021\"", "/parties/0/licence_number"},
        {",\"id_number\":\"1\"", "/parties/0/id_number"},
        {",\"damage_cny\":-1", "/parties/0/damage_cny"},
        {",\"mood\":\"bad\"", "/parties/0/mood"},
    };
    Two two = two_new();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        int status = rows[i].pointer[0] == '\0' ? 400 : 422;
        g_autoptr(json_t) problem = put(&two, status, two.one.token, rows[i].extra, "");
        if (status == 422)
            ck_assert_str_eq(json_string_value(json_object_get(
                                 json_array_get(json_object_get(problem, "errors"), 0), "pointer")),
                             rows[i].pointer);
    }
    g_autoptr(json_t) foreign = put(&two, 422, two.other, SELF, "");
    ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(
                                     json_array_get(json_object_get(foreign, "errors"), 0), "message")),
                                 "请由对方本人填写"));
    two_clear(&two);
}
END_TEST

START_TEST(an_older_version_is_not_overwritten)
{
    Two two = two_new();
    g_autofree char *path = case_path(&two.one, "/agreement"), *body = body_of(&two, "", "");
    reply_free(fixture_expect(two.fixture, 412, (Call){.method = "PUT", .path = path, .token = two.one.token, .text = body,
                                                       .headers = "If-Match: \"v1\"\r\n"}));
    two_clear(&two);
}
END_TEST

static Suite *
agreement_suite(void)
{
    Suite *suite = suite_create("http/agreement");
    TCase *all = tcase_create("agreement");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, two_phones_settle_a_case);
    tcase_add_test(all, what_is_wrong_is_named);
    tcase_add_test(all, an_older_version_is_not_overwritten);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(agreement_suite())
