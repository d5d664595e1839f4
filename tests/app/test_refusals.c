/* What is refused, and what a party may not see. */
#include "src/app/internal.h"
#include "src/app/reindex.h"
#include "src/store/search_store.h"
#include "src/store/sql.h"
#include "tests/app/fixture.h"

#include <string.h>

#define NO_CASE "01890000-0000-7000-8000-000000000000"

START_TEST(a_request_is_checked_field_by_field)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    static const char *const consents[] = {"everything", NULL};
    KcOpenCase request = {
        .channel = "pigeon",
        .consents = consents,
        .party = {.phone = "12", .plate_number = "H1", .plate_type = "77"},
    };
    KcOpenedCase opened = {0};
    g_auto(KcResult) result = {0};
    ck_assert(!kc_app_open_case(fixture.app, nobody, &request, &opened, &result, NULL));
    static const char *const pointers[] = {"/channel",     "/consents/0",         "/place",
                                           "/party/phone", "/party/plate_number", "/party/plate_type"};
    for (guint i = 0; i < G_N_ELEMENTS(pointers); i++) {
        gboolean found = FALSE;
        for (guint n = 0; n < result.errors->len && !found; n++)
            found = strcmp(((KcFieldError *)result.errors->pdata[n])->pointer, pointers[i]) == 0;
        ck_assert_msg(found, "%s was not refused", pointers[i]);
    }
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_accident_for_the_scene_goes_there_at_once)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    KcOpenCase request = fixture_request();
    request.triage.alcohol_or_drugs = TRUE;
    g_auto(KcOpenedCase) opened = {0};
    assert_done(kc_app_open_case(fixture.app, nobody, &request, &opened, &result, &error));
    ck_assert_str_eq(opened.view->row->state, "on_scene");
    ck_assert_int_eq(opened.view->outcome, KC_OUTCOME_ON_SCENE);
    ck_assert_uint_ge(opened.view->grounds->len, 1);
    g_autoptr(KcPrincipal) party = fixture_party(&fixture, opened.token);
    KcQueuePlace place;
    g_auto(KcResult) result = {0};
    ck_assert(!kc_app_join_queue(fixture.app, party, opened.view->row->id, &place, &result, NULL));
    ck_assert_int_eq(result.kind, KC_RESULT_STATE);
    ck_assert_str_eq(result.state, "on_scene");
    fixture_close(&fixture);
}
END_TEST

START_TEST(the_same_request_twice_is_one_case)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    KcOpenCase request = fixture_request();
    KcIdempotency key = {"a-key", "00ff"}, other = {"a-key", "ffff"};
    g_auto(KcOpenedCase) first = {0}, second = {0}, third = {0};
    request.idempotency = &key;
    assert_done(kc_app_open_case(fixture.app, nobody, &request, &first, &result, &error));
    assert_done(kc_app_open_case(fixture.app, nobody, &request, &second, &result, &error));
    ck_assert_str_eq(first.view->row->id, second.view->row->id);
    ck_assert_str_eq(first.token, second.token);
    ck_assert_str_eq(first.view->row->number, "C-20261123-000001");
    request.idempotency = &other;
    assert_refused(kc_app_open_case(fixture.app, nobody, &request, &third, &result, &error), KC_RESULT_INVALID,
                   "idempotency-key-reused");
    fixture_close(&fixture);
}
END_TEST

START_TEST(tokens_expire_and_stay_in_their_case)
{
    Fixture fixture;
    Scene mine, other;
    fixture_open(&fixture);
    scene_open(&fixture, &mine);
    scene_open(&fixture, &other);
    g_autoptr(KcCaseView) view = NULL;
    assert_refused(kc_app_get_case(fixture.app, mine.party, other.id, &view, &result, &error), KC_RESULT_NOT_FOUND,
                   "case-unknown");
    assert_refused(kc_app_get_case(fixture.app, mine.officer, NO_CASE, &view, &result, &error), KC_RESULT_NOT_FOUND,
                   "case-unknown");
    assert_refused(kc_app_get_case(fixture.app, mine.officer, "../../etc", &view, &result, &error), KC_RESULT_NOT_FOUND,
                   "case-unknown");
    g_autoptr(KcPrincipal) nobody = NULL;
    assert_done(kc_app_authenticate(fixture.app, NULL, NULL, &nobody, &result, &error));
    assert_refused(kc_app_get_case(fixture.app, nobody, mine.id, &view, &result, &error), KC_RESULT_UNAUTHENTICATED,
                   "token-missing");
    g_autoptr(KcPrincipal) principal = NULL;
    assert_refused(kc_app_authenticate(fixture.app, "nonsense", NULL, &principal, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-unknown");
    KcSignedIn signed_in = {0};
    assert_done(kc_app_sign_in(fixture.app, "officer", "kuaichu-demo", NULL, &signed_in, &result, &error));
    fixture.now_us += 13 * G_TIME_SPAN_HOUR;
    assert_refused(kc_app_authenticate(fixture.app, signed_in.token, NULL, &principal, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-unknown");
    kc_signed_in_clear(&signed_in);
    scene_clear(&mine);
    scene_clear(&other);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_link_expires)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous(NULL);
    KcOpenCase request = fixture_request();
    g_auto(KcOpenedCase) opened = {0};
    g_autoptr(KcPrincipal) principal = NULL;
    assert_done(kc_app_open_case(fixture.app, nobody, &request, &opened, &result, &error));
    fixture.now_us += 73 * G_TIME_SPAN_HOUR;
    assert_refused(kc_app_authenticate(fixture.app, opened.token, NULL, &principal, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-expired");
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_party_sees_little_of_the_other)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    KcParticulars particulars = {
        .name = "李四", .phone = "13911112222", .plate_number = "陕H54321", .plate_type = "02"};
    g_autoptr(KcPartyView) added = NULL, denied = NULL;
    assert_done(kc_app_add_party(fixture.app, scene.officer, scene.id, &particulars, NULL, &added, &result, &error));
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.party, scene.id);
    const KcPartyView *self = view->parties->pdata[0], *other = view->parties->pdata[1];
    ck_assert(!self->restricted);
    ck_assert_str_eq(self->party->phone, "13800000000");
    ck_assert(other->restricted);
    ck_assert(other->party->phone == NULL && other->party->name == NULL);
    ck_assert_str_eq(other->party->plate_number, "陕H54321");
    assert_refused(kc_app_update_party(fixture.app, scene.party, scene.id, added->party->id, 0, &particulars, &denied,
                                       &result, &error),
                   KC_RESULT_FORBIDDEN, "not-yours");
    g_autoptr(GPtrArray) items = NULL;
    assert_refused(kc_app_timeline(fixture.app, scene.party, scene.id, &items, &result, &error), KC_RESULT_FORBIDDEN,
                   "role");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(only_who_claimed_may_act)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_open(&fixture, &scene);
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(KcDocumentView) document = NULL;
    assert_refused(kc_app_evacuate(fixture.app, scene.officer, scene.id, 0, NULL, &view, &result, &error),
                   KC_RESULT_FORBIDDEN, "not-yours");
    assert_refused(kc_app_claim_case(fixture.app, scene.officer, scene.id, 0, &view, &result, &error), KC_RESULT_STATE,
                   "wrong-state");
    KcQueuePlace place;
    assert_done(kc_app_join_queue(fixture.app, scene.party, scene.id, &place, &result, &error));
    assert_refused(kc_app_claim_case(fixture.app, scene.officer, scene.id, 1, &view, &result, &error), KC_RESULT_STALE,
                   "stale");
    assert_done(kc_app_claim_case(fixture.app, scene.officer, scene.id, 2, &view, &result, &error));
    g_autoptr(KcPrincipal) intake = fixture_staff(&fixture, "intake");
    g_autoptr(KcCaseView) late = NULL;
    assert_refused(kc_app_claim_case(fixture.app, intake, scene.id, 0, &late, &result, &error), KC_RESULT_STATE,
                   "wrong-state");
    assert_refused(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &document, &result, &error),
                   KC_RESULT_CONFLICT, "no-evidence");
    assert_refused(kc_app_evacuate(fixture.app, scene.officer, scene.id, 0, NULL, &late, &result, &error), KC_RESULT_CONFLICT,
                   "no-evidence");
    g_autoptr(KcCaseView) sent = NULL, again = NULL;
    assert_done(kc_app_send_on_scene(fixture.app, scene.party, scene.id, "请派警", &sent, &result, &error));
    assert_done(kc_app_send_on_scene(fixture.app, scene.party, scene.id, NULL, &again, &result, &error));
    ck_assert_int_eq(sent->row->version, again->row->version);
    ck_assert_ptr_null(sent->row->on_scene_reason); /* not for a party: the other one could be why */
    g_autoptr(KcCaseView) seen = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(seen->row->on_scene_reason, "请派警");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(no_determination_without_a_recording)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcStillView) still = NULL;
    assert_done(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = png}, &still, &result, &error));
    g_autoptr(KcCaseView) fixed = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(fixed->row->state, "evidence_fixed");
    g_autoptr(KcDocumentView) document = NULL;
    assert_refused(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &document, &result, &error),
                   KC_RESULT_CONFLICT, "no-recording");
    g_autoptr(KcDetermination) draft = fixture_draft(&scene, NO_CASE);
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    g_auto(KcResult) result = {0};
    ck_assert(
        !kc_app_put_determination(fixture.app, scene.officer, scene.id, 0, draft, &view, &missing, &result, NULL));
    ck_assert_str_eq(((KcFieldError *)result.errors->pdata[0])->pointer, "/reasons/0/evidence/0/id");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_photo_is_what_its_bytes_are)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_open(&fixture, &scene);
    const struct {
        const char *bytes;
        gsize len;
        KcResultKind kind;
        const char *code;
    } cases[] = {
        {"", 0, KC_RESULT_UNSUPPORTED, "not-a-picture"},
        {"GIF89a..........", 16, KC_RESULT_UNSUPPORTED, "not-a-picture"},
        {"\0\0\0\x18"
         "ftypheic........",
         20, KC_RESULT_UNSUPPORTED, "heic"},
        {"\xFF\xD8\xFF\xE0\x00\x04"
         "ab\xFF\xD9",
         10, KC_RESULT_INVALID, "picture-damaged"},
        {"\x89PNG\r\n\x1A\n", 8, KC_RESULT_INVALID, "picture-damaged"},
        {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 24, KC_RESULT_TOO_LARGE, "too-many-pixels"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) image = g_bytes_new(cases[i].bytes, cases[i].len);
        g_autoptr(KcStillView) still = NULL;
        assert_refused(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = image}, &still, &result, &error),
                       cases[i].kind, cases[i].code);
    }
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.party, scene.id);
    ck_assert_uint_eq(view->stills->len, 0);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static gboolean
lose_reports(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DROP TABLE report_progress", error);
    return kc_query_run(query, NULL, error);
}

static gboolean
all_is_indexed(KcTx *tx, gpointer complete, GError **error)
{
    return kc_search_store_is_complete(tx, complete, error);
}

START_TEST(a_chore_that_fails_keeps_no_other_from_being_done)
{
    Fixture fixture;
    Scene scene;
    gboolean complete = TRUE;
    fixture_open(&fixture);
    scene_open(&fixture, &scene);
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_reset_index(fixture.app, &error));
    ck_assert(kc_store_write(fixture.app->store, lose_reports, NULL, &error));
    ck_assert(kc_store_read(fixture.app->store, all_is_indexed, &complete, &error));
    ck_assert(!complete);
    ck_assert(!kc_app_housekeep(fixture.app, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "report_progress"));
    g_clear_error(&error);
    ck_assert(kc_store_read(fixture.app->store, all_is_indexed, &complete, &error));
    ck_assert(complete);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_case_that_nobody_comes_back_to_ends)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_open(&fixture, &scene);
    g_autoptr(GError) error = NULL;
    fixture.now_us += 3 * G_TIME_SPAN_HOUR;
    ck_assert(kc_app_housekeep(fixture.app, &error));
    g_autoptr(KcCaseView) abandoned = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(abandoned->row->state, "abandoned");
    fixture.now_us += 80 * G_TIME_SPAN_HOUR;
    ck_assert(kc_app_housekeep(fixture.app, &error));
    g_autoptr(KcCaseView) expired = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(expired->row->state, "expired");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
refusals_suite(void)
{
    Suite *suite = suite_create("app/refusals");
    TCase *tests = tcase_create("refusals");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_request_is_checked_field_by_field);
    tcase_add_test(tests, an_accident_for_the_scene_goes_there_at_once);
    tcase_add_test(tests, the_same_request_twice_is_one_case);
    tcase_add_test(tests, tokens_expire_and_stay_in_their_case);
    tcase_add_test(tests, a_link_expires);
    tcase_add_test(tests, a_party_sees_little_of_the_other);
    tcase_add_test(tests, only_who_claimed_may_act);
    tcase_add_test(tests, no_determination_without_a_recording);
    tcase_add_test(tests, a_photo_is_what_its_bytes_are);
    tcase_add_test(tests, a_chore_that_fails_keeps_no_other_from_being_done);
    tcase_add_test(tests, a_case_that_nobody_comes_back_to_ends);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(refusals_suite())
