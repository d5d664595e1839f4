/* A slight injury: everybody's consent (art. 23), and an officer of the grade (art. 5). */
#include <string.h>

#include "tests/app/fixture.h"

#define AGREED "simplified_procedure"

static void
open_hurt(Fixture *fixture, Scene *scene)
{
    static const char *const consents[] = {"recording", AGREED, NULL};
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    g_auto(KcOpenedCase) opened = {0};
    KcQueuePlace place;
    KcOpenCase request = fixture_request();
    request.triage.injury = KC_INJURY_SLIGHT;
    request.triage.all_parties_agree = TRUE;
    request.consents = consents;
    assert_done(kc_app_open_case(fixture->app, nobody, &request, &opened, &result, &error));
    ck_assert_int_eq(opened.view->outcome, KC_OUTCOME_REMOTE);
    ck_assert(opened.view->needs_help);
    *scene = (Scene){.id = g_strdup(opened.view->row->id), .party_id = g_strdup(opened.party_id)};
    scene->party = fixture_party(fixture, opened.token);
    scene->officer = fixture_staff(fixture, "officer");
    assert_done(kc_app_join_queue(fixture->app, scene->party, scene->id, &place, &result, &error));
}

static void
claim(Fixture *fixture, const Scene *scene)
{
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_claim_case(fixture->app, scene->officer, scene->id, 0, &view, &result, &error));
}

/* A cyclist; its id, owned. */
static char *
add_cyclist(Fixture *fixture, const Scene *scene)
{
    const KcParticulars particulars = {.kind = "non_motor", .name = "李四", .vehicle_type = "F1"};
    g_autoptr(KcPartyView) added = NULL;
    assert_done(kc_app_add_party(fixture->app, scene->officer, scene->id, &particulars, NULL, &added, &result, &error));
    return g_strdup(added->party->id);
}

START_TEST(who_leads_it_needs_the_grade)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    open_hurt(&fixture, &scene);
    g_autoptr(KcCaseView) view = NULL, by_intake = NULL;
    g_autoptr(KcPrincipal) intake = fixture_staff(&fixture, "intake");
    KcUser *user = NULL;
    assert_done(kc_app_set_grade(fixture.app, NULL, "officer", NULL, NULL, &result, &error));
    g_auto(KcResult) refused = {0};
    ck_assert(!kc_app_claim_case(fixture.app, scene.officer, scene.id, 0, &view, &refused, NULL));
    ck_assert_int_eq(refused.kind, KC_RESULT_FORBIDDEN);
    ck_assert_str_eq(refused.code, "grade");
    ck_assert_ptr_nonnull(strstr(refused.detail, "第5条"));
    assert_refused(kc_app_set_grade(fixture.app, NULL, "officer", "chief", &user, &result, &error), KC_RESULT_INVALID,
                   "invalid");
    assert_refused(kc_app_set_grade(fixture.app, NULL, "intake", "junior", &user, &result, &error), KC_RESULT_INVALID,
                   "invalid");
    assert_refused(kc_app_set_grade(fixture.app, NULL, "nobody", "junior", &user, &result, &error),
                   KC_RESULT_NOT_FOUND, "user-unknown");
    assert_refused(kc_app_set_grade(fixture.app, scene.officer, "officer", "senior", &user, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    /* An auxiliary collects; it is no claim to lead. */
    assert_done(kc_app_claim_case(fixture.app, intake, scene.id, 0, &by_intake, &result, &error));
    g_autoptr(KcCaseView) released = NULL;
    assert_done(kc_app_release_case(fixture.app, intake, scene.id, 0, &released, &result, &error));
    assert_done(kc_app_set_grade(fixture.app, NULL, "officer", "junior", &user, &result, &error));
    ck_assert_str_eq(user->grade, "junior");
    kc_user_free(user);
    claim(&fixture, &scene);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(nothing_is_issued_without_everybodys_consent)
{
    Fixture fixture;
    Scene scene;
    KcNewSnapshot wanted = {0};
    fixture_open(&fixture);
    open_hurt(&fixture, &scene);
    claim(&fixture, &scene);
    scene.party_leg = fixture_join(&fixture, scene.party, scene.id, "1001");
    scene.officer_leg = fixture_join(&fixture, scene.officer, scene.id, "2001");
    g_autofree char *cyclist = add_cyclist(&fixture, &scene);
    g_autoptr(KcStillView) still = NULL;
    wanted.party_id = scene.party_id;
    assert_done(kc_app_snapshot(fixture.app, scene.officer, scene.id, &wanted, &still, &result, &error));
    g_autoptr(KcDetermination) draft = fixture_draft(&scene, still->id);
    KcDeterminationParty *other = kc_determination_party_new();
    other->party_id = g_strdup(cyclist);
    other->vehicle_type = g_strdup("F1");
    other->collision_part = g_strdup("front");
    other->liability = KC_LIABILITY_NONE;
    g_ptr_array_add(draft->parties, other);
    g_free(draft->accident_form);
    draft->accident_form = g_strdup("11");
    draft->collision_type = g_strdup("3");
    g_clear_pointer(&draft->collision_object, g_free);
    draft->injured = 1;
    g_autoptr(GPtrArray) missing = NULL;
    g_autoptr(KcDocumentView) document = NULL;
    assert_done(kc_app_put_determination(fixture.app, scene.officer, scene.id, 0, draft, NULL, &missing, &result,
                                         &error));
    g_auto(KcResult) refused = {0};
    ck_assert(!kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &document, &refused, NULL));
    ck_assert_str_eq(refused.code, "consent-missing");
    ck_assert_ptr_nonnull(strstr(refused.detail, "B"));
    ck_assert_ptr_nonnull(strstr(refused.detail, "第23条"));
    g_autoptr(KcCaseView) said = NULL;
    assert_done(kc_app_set_consent(fixture.app, scene.officer, scene.id, cyclist, AGREED, TRUE, &said, &result, &error));
    const KcConsent *last = said->consents->pdata[said->consents->len - 1];
    ck_assert_str_eq(last->party_id, cyclist);
    ck_assert_str_eq(last->recorded_by, scene.officer->user_id);
    /* What is still asked for is the supervisor's approval: the consents are there. */
    assert_refused(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &document, &result, &error),
                   KC_RESULT_CONFLICT, "approval-needed");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(one_refusal_sends_an_officer)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    open_hurt(&fixture, &scene);
    claim(&fixture, &scene);
    g_autofree char *cyclist = add_cyclist(&fixture, &scene);
    g_autofree char *token = NULL, *url = NULL;
    assert_done(kc_app_invite_party(fixture.app, scene.officer, scene.id, cyclist, FALSE, NULL, &token, &url, &result,
                                    &error));
    g_autoptr(KcPrincipal) rider = fixture_party(&fixture, token);
    g_autoptr(KcCaseView) view = NULL, after = NULL;
    assert_refused(kc_app_set_consent(fixture.app, scene.party, scene.id, cyclist, AGREED, TRUE, &view, &result, &error),
                   KC_RESULT_FORBIDDEN, "not-yours");
    assert_refused(kc_app_set_consent(fixture.app, rider, scene.id, cyclist, "everything", TRUE, &view, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_done(kc_app_set_consent(fixture.app, rider, scene.id, cyclist, AGREED, FALSE, &after, &result, &error));
    ck_assert_str_eq(after->row->state, "on_scene");
    ck_assert_int_eq(after->outcome, KC_OUTCOME_ON_SCENE);
    ck_assert_str_eq(((KcGroundView *)after->grounds->pdata[0])->code, "INJURY_SLIGHT");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* Whose phone it is is known of whoever invites; the document and the log say it. */
START_TEST(a_party_joins_on_the_same_phone)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_autofree char *cyclist = add_cyclist(&fixture, &scene);
    g_autofree char *token = NULL, *url = NULL;
    assert_done(kc_app_invite_party(fixture.app, scene.party, scene.id, cyclist, TRUE, NULL, &token, &url, &result,
                                    &error));
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.officer, scene.id);
    const KcParty *party = ((KcPartyView *)view->parties->pdata[1])->party;
    ck_assert_str_eq(party->shares_phone_with, scene.party_id);
    ck_assert_str_eq(party->kind, "non_motor");
    g_autoptr(GPtrArray) items = NULL;
    assert_done(kc_app_timeline(fixture.app, scene.officer, scene.id, &items, &result, &error));
    const KcTimelineItem *last = items->pdata[items->len - 1];
    ck_assert_str_eq(last->kind, "party.invited");
    ck_assert_ptr_nonnull(strstr(last->data_json, "\"same_phone\":true"));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(without_a_motor_vehicle_there_is_no_plate)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    static const struct {
        KcParticulars particulars;
        const char *pointer; /* NULL: taken */
    } cases[] = {
        {{.kind = "pedestrian", .plate_number = "陕H12345"}, "/plate_number"},
        {{.kind = "non_motor", .licence_number = "612501199001011239"}, "/licence_number"},
        {{.kind = "non_motor", .vehicle_type = "K3"}, "/vehicle_type"},
        {{.kind = "tractor"}, "/kind"},
        {{.vehicle_type = "F6", .insurer = "人保财险"}, "/insurer"},
        {{.kind = "motor", .id_number = "612501199001011238"}, "/id_number"},
        {{.kind = "motor", .insurance_certificate = "12"}, "/insurance_certificate"},
        {{.kind = "motor", .insurer = "7"}, "/insurer"},
        {{.kind = "pedestrian", .id_number = "6125O1199OO1O11239"}, NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(KcResult) refused = {0};
        g_autoptr(KcPartyView) added = NULL;
        gboolean done =
            kc_app_add_party(fixture.app, scene.officer, scene.id, &cases[i].particulars, NULL, &added, &refused, NULL);
        ck_assert_msg(done == (cases[i].pointer == NULL), "row %u", i);
        if (!done)
            ck_assert_str_eq(((KcFieldError *)refused.errors->pdata[0])->pointer, cases[i].pointer);
        else
            ck_assert_str_eq(added->party->id_number, "612501199001011239");
    }
    /* A driver who turns out to have walked has no plate any more. */
    g_autoptr(KcPartyView) walked = NULL, insured = NULL;
    assert_done(kc_app_update_party(fixture.app, scene.party, scene.id, scene.party_id, 0,
                                    &(KcParticulars){.insurer = "PICC"}, &insured, &result, &error));
    ck_assert_str_eq(insured->party->insurer, "人保财险");
    assert_done(kc_app_update_party(fixture.app, scene.party, scene.id, scene.party_id, 0,
                                    &(KcParticulars){.kind = "pedestrian"}, &walked, &result, &error));
    ck_assert(walked->party->plate_number == NULL && walked->party->insurer == NULL);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
injury_suite(void)
{
    Suite *suite = suite_create("app/injury");
    TCase *tests = tcase_create("injury");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, who_leads_it_needs_the_grade);
    tcase_add_test(tests, nothing_is_issued_without_everybodys_consent);
    tcase_add_test(tests, one_refusal_sends_an_officer);
    tcase_add_test(tests, a_party_joins_on_the_same_phone);
    tcase_add_test(tests, without_a_motor_vehicle_there_is_no_plate);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(injury_suite())
