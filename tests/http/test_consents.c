/* The ledger of what a party agrees to, what follows when it withdraws it, and what is kept of a case that it has left. */
#include <string.h>

#include "src/app/app.h"
#include "tests/http/served.h"

static json_t *
ledger_of(Served *way, int status, const char *token, const char *party_id)
{
    g_autofree char *rest = g_strdup_printf("/parties/%s/consents", party_id);
    g_autofree char *path = case_path(&way->one, rest);
    return fixture_json(way->fixture, status, (Call){.path = path, .token = token});
}

static json_t *
case_of(Served *way, const char *token)
{
    g_autofree char *path = case_path(&way->one, "");
    return fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
}

/* "kind+ kind-" of a ledger; owned. */
static char *
words_of(const json_t *ledger)
{
    g_autoptr(GString) words = g_string_new(NULL);
    size_t index;
    json_t *one;
    json_array_foreach(json_object_get(ledger, "items"), index, one)
        g_string_append_printf(words, "%s%s%s", index > 0 ? " " : "", text_at(one, "kind"),
                               json_is_true(json_object_get(one, "given")) ? "+" : "-");
    return g_string_free(g_steal_pointer(&words), FALSE);
}

START_TEST(nothing_that_was_said_is_lost)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_call(&way);
    served_consent(&way, way.one.token, way.one.party_id, "insurer", TRUE);
    served_consent(&way, way.one.token, way.one.party_id, "insurer", FALSE);
    served_consent(&way, way.officer, way.one.party_id, "face", TRUE); /* as the party told the officer */
    g_autoptr(json_t) own = ledger_of(&way, 200, way.one.token, way.one.party_id);
    g_autofree char *words = words_of(own);
    ck_assert_str_eq(words, "recording+ location+ electronic_service+ insurer+ insurer- face+");
    ck_assert(json_is_null(json_object_get(json_array_get(json_object_get(own, "items"), 4), "recorded_by")));
    ck_assert_ptr_nonnull(text_at(own, "items.5.recorded_by"));
    g_autoptr(json_t) of_desk = ledger_of(&way, 200, way.officer, way.one.party_id);
    ck_assert(json_equal(own, of_desk));
    json_decref(ledger_of(&way, 403, way.token_b, way.one.party_id));
    g_autoptr(json_t) seen_by_b = case_of(&way, way.token_b);
    size_t index;
    json_t *one;
    json_array_foreach(json_object_get(seen_by_b, "consents"), index, one)
        ck_assert_str_eq(text_at(one, "party_id"), way.party_b);
    served_clear(&way);
}
END_TEST

START_TEST(without_recording_an_officer_comes)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_call(&way);
    served_consent(&way, way.one.token, way.one.party_id, "recording", FALSE);
    kc_fake_media_settle(fixture->media);
    g_autoptr(json_t) seen = case_of(&way, way.officer), other = case_of(&way, way.token_b);
    ck_assert_str_eq(text_at(seen, "state"), "on_scene");
    ck_assert_ptr_nonnull(strstr(text_at(seen, "on_scene_reason"), "录音录像"));
    ck_assert(json_is_false(json_object_get(json_object_get(seen, "call"), "live")));
    /* Whose consent it was is no matter of the other party's. */
    ck_assert(json_is_null(json_object_get(other, "on_scene_reason")));
    served_clear(&way);
}
END_TEST

START_TEST(what_is_done_already_stays_done)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    served_decide(&way, way.one.token, "signed");
    served_decide(&way, way.token_b, "signed");
    served_consent(&way, way.one.token, way.one.party_id, "recording", FALSE);
    served_consent(&way, way.token_b, way.party_b, "electronic_service", FALSE);
    g_autoptr(json_t) seen = case_of(&way, way.officer);
    ck_assert_str_eq(text_at(seen, "state"), "served");
    ck_assert_str_eq(text_at(seen, "documents.0.services.1.state"), "served");
    served_clear(&way);
}
END_TEST

START_TEST(later_documents_come_on_paper)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    served_consent(&way, way.token_b, way.party_b, "electronic_service", FALSE);
    served_decide(&way, way.token_b, "signed");
    g_autoptr(json_t) seen = case_of(&way, way.officer);
    ck_assert_str_eq(text_at(seen, "documents.0.services.1.state"), "on_paper");
    served_clear(&way);
}
END_TEST

START_TEST(without_location_there_are_no_coordinates)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_call(&way);
    served_consent(&way, way.token_b, way.party_b, "location", FALSE); /* not whose position it is */
    g_autoptr(json_t) before = case_of(&way, way.officer);
    ck_assert(json_is_real(json_object_get(json_object_get(before, "place"), "latitude")));
    served_consent(&way, way.one.token, way.one.party_id, "location", FALSE);
    const char *const tokens[] = {way.officer, way.one.token, way.token_b};
    for (gsize i = 0; i < G_N_ELEMENTS(tokens); i++) {
        g_autoptr(json_t) seen = case_of(&way, tokens[i]);
        ck_assert(json_is_null(json_object_get(json_object_get(seen, "place"), "latitude")));
        ck_assert(json_is_null(json_object_get(json_object_get(seen, "place"), "longitude")));
        ck_assert_str_eq(text_at(seen, "place.text"), "商州区北新街与工农路路口");
    }
    served_clear(&way);
}
END_TEST

/* Where only the coordinates said it, the county is left. */
START_TEST(the_county_is_left_of_a_position)
{
    static const char words[] = "\"text\":\"商州区北新街与工农路路口\",";
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(GString) body = g_string_new(test_new_case);
    ck_assert_uint_eq(g_string_replace(body, words, "", 1), 1);
    g_autoptr(json_t) opened = fixture_json(fixture, 201, (Call){.path = "/api/v1/cases", .text = body->str});
    Served way = {.fixture = fixture};
    way.one = (TestCase){g_strdup(text_at(opened, "case.id")), g_strdup(text_at(opened, "token")),
                         g_strdup(text_at(opened, "party.id"))};
    served_consent(&way, way.one.token, way.one.party_id, "location", FALSE);
    g_autoptr(json_t) seen = case_of(&way, way.one.token);
    ck_assert_str_eq(text_at(seen, "place.text"), text_at(seen, "county_name"));
    served_clear(&way);
}
END_TEST

static void
pass_hours(Fixture *fixture, int hours)
{
    g_autoptr(GError) error = NULL;
    fixture->skew_us += hours * G_TIME_SPAN_HOUR;
    ck_assert(kc_app_housekeep(fixture->app, &error));
    kc_assert_no_error(error);
}

START_TEST(little_is_kept_of_a_case_that_was_left)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture, .one = fixture_open_case(fixture)};
    g_autofree char *rest = g_strdup_printf("/parties/%s", way.one.party_id);
    g_autofree char *own = case_path(&way.one, rest);
    reply_free(fixture_expect(fixture, 200, (Call){.method = "PATCH", .path = own, .token = way.one.token,
                                                   .text = "{\"kind\":\"motor\"}"}));
    pass_hours(fixture, 3);
    g_autofree char *early = fixture_sign_in(fixture, "auditor");
    g_autoptr(json_t) abandoned = case_of(&way, early);
    ck_assert_str_eq(text_at(abandoned, "state"), "abandoned"); /* its party may still come back */
    ck_assert_str_eq(text_at(abandoned, "parties.0.phone"), "13800000000");
    pass_hours(fixture, 73);
    g_autofree char *late = fixture_sign_in(fixture, "auditor");
    g_autoptr(json_t) expired = case_of(&way, late);
    ck_assert_str_eq(text_at(expired, "state"), "expired");
    static const char *const gone[] = {"name", "phone", "plate_number", "plate_type", "insurer"};
    const json_t *party = json_array_get(json_object_get(expired, "parties"), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(gone); i++)
        ck_assert_msg(json_is_null(json_object_get(party, gone[i])), "%s is kept", gone[i]);
    ck_assert_str_eq(text_at(party, "kind"), "motor");
    ck_assert(json_is_null(json_object_get(json_object_get(expired, "place"), "latitude")));
    ck_assert_str_eq(text_at(expired, "place.text"), "商州区北新街与工农路路口");
    static const char *const asked[] = {"13800000000", "%E9%99%95H12345"};
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *path = g_strdup_printf("/api/v1/cases?q=%s", asked[i]);
        g_autoptr(json_t) found = fixture_json(fixture, 200, (Call){.path = path, .token = late});
        ck_assert_uint_eq(json_array_size(json_object_get(found, "items")), 0);
    }
    g_autofree char *path = case_path(&way.one, "/timeline");
    g_autoptr(Reply) timeline = fixture_expect(fixture, 200, (Call){.path = path, .token = late});
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "case.minimised"));
    gint64 version = json_integer_value(json_object_get(expired, "version"));
    pass_hours(fixture, 1);
    g_autoptr(json_t) again = case_of(&way, late);
    ck_assert_int_eq(json_integer_value(json_object_get(again, "version")), version); /* once */
    served_clear(&way);
}
END_TEST

static Suite *
consents_suite(void)
{
    Suite *suite = suite_create("http/consents");
    TCase *all = tcase_create("consents");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, nothing_that_was_said_is_lost);
    tcase_add_test(all, without_recording_an_officer_comes);
    tcase_add_test(all, what_is_done_already_stays_done);
    tcase_add_test(all, later_documents_come_on_paper);
    tcase_add_test(all, without_location_there_are_no_coordinates);
    tcase_add_test(all, the_county_is_left_of_a_position);
    tcase_add_test(all, little_is_kept_of_a_case_that_was_left);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(consents_suite())
