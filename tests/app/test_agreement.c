/* The parties' own settlement: two drivers on two phones, with and without an officer. */
#include "src/app/agreements.h"
#include "src/base/timestamp.h"
#include "tests/app/fixture.h"

#include <string.h>

/* A case with two parties and a photo. */
typedef struct {
    Fixture fixture;
    Scene scene;
    char *other_id;
    KcPrincipal *other;
} Two;

static void
add_photo(Two *two)
{
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcStillView) still = NULL;
    KcNewPhoto photo = {.image = png};
    assert_done(kc_app_add_photo(two->fixture.app, two->scene.party, two->scene.id, &photo, &still, &result, &error));
}

static void
add_other(Two *two)
{
    const KcParticulars who = {.name = "李四", .phone = "13900000000", .plate_number = "陕H54321", .plate_type = "02"};
    g_autoptr(KcPartyView) view = NULL;
    g_autofree char *token = NULL, *url = NULL;
    assert_done(kc_app_add_party(two->fixture.app, two->scene.party, two->scene.id, &who, NULL, &view, &result, &error));
    two->other_id = g_strdup(view->party->id);
    assert_done(kc_app_invite_party(two->fixture.app, two->scene.party, two->scene.id, two->other_id, FALSE, NULL, &token, &url,
                                    &result, &error));
    two->other = fixture_party(&two->fixture, token);
}

static void
two_open(Two *two)
{
    *two = (Two){0};
    fixture_open(&two->fixture);
    scene_open(&two->fixture, &two->scene);
    add_other(two);
    add_photo(two);
}

static void
two_close(Two *two)
{
    g_free(two->other_id);
    kc_principal_free(two->other);
    scene_clear(&two->scene);
    fixture_close(&two->fixture);
}

/* What they write together; nobody's particulars. */
static KcAgreement *
draft(const Two *two)
{
    KcAgreement *agreement = kc_agreement_new();
    const char *ids[] = {two->scene.party_id, two->other_id};
    kc_timestamp_parse("2026-11-23T07:50:00Z", &agreement->accident->occurred_at_us);
    agreement->accident->place_text = g_strdup("商州区北新街与工农路路口");
    agreement->accident->weather = g_strdup("1");
    agreement->accident->accident_form = g_strdup("11");
    agreement->accident->collision_type = g_strdup("1");
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        KcDeterminationParty *party = kc_determination_party_new();
        party->party_id = g_strdup(ids[i]);
        party->collision_part = g_strdup(i == 0 ? "front" : "rear");
        party->liability = i == 0 ? KC_LIABILITY_FULL : KC_LIABILITY_NONE;
        kc_agreement_add_party(agreement, party, kc_settler_new());
    }
    agreement->compensation = KC_COMPENSATION_PRIVATE;
    g_ptr_array_add(agreement->payments, kc_payment_new(ids[0], ids[1], 800));
    return agreement;
}

static void
say_oneself(KcAgreement *agreement, guint place)
{
    KcDeterminationParty *party = agreement->accident->parties->pdata[place];
    party->vehicle_type = g_strdup("K3");
    party->insurer = g_strdup("picc");
    party->insurance_certificate = g_strdup_printf("PDZA20266110000%u", place);
    party->licence_number = g_strdup("612501198501010027");
}

static guint
put(Two *two, const KcPrincipal *who, const KcAgreement *agreement)
{
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_put_agreement(two->fixture.app, who, two->scene.id, 0, agreement, &view, &result, &error));
    return view->settlement->missing->len;
}

static void
write_it(Two *two)
{
    g_autoptr(KcAgreement) by_first = draft(two);
    g_autoptr(KcAgreement) by_other = draft(two);
    say_oneself(by_first, 0);
    say_oneself(by_other, 1);
    ck_assert_uint_gt(put(two, two->scene.party, by_first), 0);
    ck_assert_uint_eq(put(two, two->other, by_other), 0);
}

static KcDocumentView *
propose(Two *two, const KcPrincipal *who)
{
    KcDocumentView *document = NULL;
    assert_done(kc_app_propose_agreement(two->fixture.app, who, two->scene.id, 0, &document, &result, &error));
    return document;
}

static char *
decide(Two *two, const KcPrincipal *who, const KcDocumentView *document, KcDecision decision)
{
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcSignatureView) signature = NULL;
    g_autoptr(KcCaseView) after = NULL;
    KcSignDocument request = {decision, decision == KC_DECISION_SIGNED ? png : NULL, NULL, document->document->sha256,
                              NULL};
    assert_done(kc_app_sign_document(two->fixture.app, who, two->scene.id, document->document->id, &request, &signature,
                                     &after, &result, &error));
    return g_strdup(after->row->state);
}

static KcCaseView *
look(Two *two)
{
    return fixture_case(&two->fixture, two->scene.party, two->scene.id);
}

static void
assert_logged(Two *two, const char *const *kinds)
{
    g_autoptr(KcPrincipal) auditor = fixture_staff(&two->fixture, "auditor");
    g_autoptr(GPtrArray) items = NULL;
    assert_done(kc_app_timeline(two->fixture.app, auditor, two->scene.id, &items, &result, &error));
    guint next = 0;
    for (guint i = 0; i < items->len && kinds[next] != NULL; i++)
        next += strcmp(((const KcTimelineItem *)items->pdata[i])->kind, kinds[next]) == 0;
    ck_assert_msg(kinds[next] == NULL, "%s is not in the log, or not in its place", kinds[next]);
}

START_TEST(two_drivers_settle_by_themselves)
{
    static const char *const log[] = {"agreement.drafted", "agreement.proposed", "document.signed", "document.signed",
                                      "agreement.agreed",  "case.served",        "case.closed",     NULL};
    Two two;
    two_open(&two);
    write_it(&two);
    g_autoptr(KcDocumentView) document = propose(&two, two.other);
    ck_assert_str_eq(document->document->kind, "agreement");
    ck_assert(g_str_has_suffix(document->document->number, "-A1"));
    ck_assert_ptr_nonnull(strstr(document->document->text, "当事人甲（张三）向当事人乙（李四）赔付人民币800元。"));
    ck_assert_ptr_nonnull(strstr(document->document->text, "提出方：当事人乙\n"));
    ck_assert_ptr_nonnull(document->document->pdf_sha256);
    g_autofree char *half = decide(&two, two.scene.party, document, KC_DECISION_SIGNED);
    ck_assert_str_eq(half, "triaged");
    g_autofree char *whole = decide(&two, two.other, document, KC_DECISION_SIGNED);
    ck_assert_str_eq(whole, "closed");
    g_autoptr(KcCaseView) view = look(&two);
    ck_assert_str_eq(view->row->closing_code, "1");
    ck_assert_str_eq(view->row->mediation_method, "1");
    ck_assert_str_eq(view->settlement->status, "agreed");
    ck_assert_int_gt(view->settlement->agreed_us, 0);
    ck_assert_int_gt(view->row->served_us, 0);
    for (guint i = 0; i < view->deadlines->len; i++) /* nothing that a determination begins */
        ck_assert_str_ne(((const KcDeadline *)view->deadlines->pdata[i])->rule->code, "REVIEW_REQUEST");
    assert_logged(&two, log);
    g_auto(KcDocumentPdf) original = {NULL};
    g_auto(KcDocumentPdf) copy = {NULL};
    assert_done(kc_app_get_document_pdf(two.fixture.app, two.other, two.scene.id, document->document->id, TRUE, &original,
                                        &result, &error));
    assert_done(kc_app_get_document_pdf(two.fixture.app, two.other, two.scene.id, document->document->id, FALSE, &copy,
                                        &result, &error));
    ck_assert_str_eq(original.sha256, document->document->pdf_sha256);
    ck_assert(copy.is_copy && !original.is_copy);
    two_close(&two);
}
END_TEST

/* Each says of itself what it is; of the other it sees what stands on the road, until the text is proposed. */
START_TEST(each_speaks_for_itself)
{
    Two two;
    two_open(&two);
    g_autoptr(KcAgreement) own = draft(&two);
    say_oneself(own, 0);
    put(&two, two.scene.party, own);
    g_autoptr(KcCaseView) seen = fixture_case(&two.fixture, two.other, two.scene.id);
    const KcDeterminationParty *record = seen->settlement->draft->accident->parties->pdata[0];
    const KcSettler *settler = seen->settlement->draft->settlers->pdata[0];
    ck_assert_str_eq(record->plate_number, "陕H12345");
    ck_assert_str_eq(record->vehicle_type, "K3");
    ck_assert(record->licence_number == NULL && record->insurer == NULL && record->insurance_certificate == NULL);
    ck_assert(settler->name == NULL && settler->phone == NULL);
    g_autoptr(KcAgreement) foreign = draft(&two);
    say_oneself(foreign, 1);
    g_autoptr(KcCaseView) none = NULL;
    g_auto(KcResult) result = {0};
    ck_assert(!kc_app_put_agreement(two.fixture.app, two.scene.party, two.scene.id, 0, foreign, &none, &result, NULL));
    ck_assert_int_eq(result.kind, KC_RESULT_INVALID);
    ck_assert_str_eq(((KcFieldError *)result.errors->pdata[0])->pointer, "/parties/1/vehicle_type");
    two_close(&two);
}
END_TEST

START_TEST(a_draft_is_begun_from_the_case)
{
    Two two;
    two_open(&two);
    g_autoptr(KcCaseView) view = look(&two);
    ck_assert_str_eq(view->settlement->status, "none");
    ck_assert_uint_eq(view->settlement->grounds->len, 0);
    ck_assert_str_eq(view->settlement->draft->accident->place_text, "商州区北新街与工农路路口");
    ck_assert_uint_eq(view->settlement->draft->settlers->len, 2);
    ck_assert_str_eq(((KcSettler *)view->settlement->draft->settlers->pdata[0])->name, "张三");
    two_close(&two);
}
END_TEST

START_TEST(who_does_not_agree_withdraws_it)
{
    static const char *const log[] = {"agreement.proposed", "document.signed", "document.signed", "agreement.withdrawn",
                                      "agreement.proposed", NULL};
    Two two;
    two_open(&two);
    write_it(&two);
    g_autoptr(KcDocumentView) first = propose(&two, two.scene.party);
    g_autofree char *signed_state = decide(&two, two.scene.party, first, KC_DECISION_SIGNED);
    g_autofree char *state = decide(&two, two.other, first, _i == 0 ? KC_DECISION_REFUSED : KC_DECISION_OBJECTED);
    ck_assert_str_eq(state, "triaged");
    g_autoptr(KcCaseView) view = look(&two);
    ck_assert_str_eq(view->settlement->status, "draft");
    ck_assert_str_eq(((KcDocumentView *)view->documents->pdata[0])->document->proposal_reason,
                     _i == 0 ? "refused" : "objected");
    g_autoptr(KcDocumentView) second = propose(&two, two.other);
    ck_assert(g_str_has_suffix(second->document->number, "-A2"));
    assert_logged(&two, log);
    two_close(&two);
}
END_TEST

/* Nobody signs what has been changed since; they are told what was. */
START_TEST(a_change_withdraws_what_was_proposed)
{
    Two two;
    two_open(&two);
    write_it(&two);
    g_autoptr(KcDocumentView) first = propose(&two, two.scene.party);
    g_autoptr(KcAgreement) same = draft(&two);
    put(&two, two.other, same);
    g_autoptr(KcCaseView) still = look(&two);
    ck_assert_str_eq(still->settlement->status, "proposed");
    g_autoptr(KcAgreement) other = draft(&two);
    ((KcPayment *)other->payments->pdata[0])->amount_cny = 900;
    put(&two, two.other, other);
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcSignatureView) signature = NULL;
    g_autoptr(KcCaseView) after = NULL;
    const KcSignDocument request = {KC_DECISION_SIGNED, png, NULL, first->document->sha256, NULL};
    g_auto(KcResult) result = {0};
    ck_assert(!kc_app_sign_document(two.fixture.app, two.scene.party, two.scene.id, first->document->id, &request,
                                    &signature, &after, &result, NULL));
    ck_assert_int_eq(result.kind, KC_RESULT_CONFLICT);
    ck_assert_str_eq(result.code, "withdrawn");
    ck_assert_ptr_nonnull(strstr(result.detail, "已经修改：赔偿"));
    ck_assert_ptr_nonnull(strstr(result.detail, "changed: compensation"));
    two_close(&two);
}
END_TEST

START_TEST(new_particulars_withdraw_it_too)
{
    Two two;
    two_open(&two);
    write_it(&two);
    g_autoptr(KcDocumentView) first = propose(&two, two.scene.party);
    g_autoptr(KcPartyView) party = NULL;
    assert_done(kc_app_update_party(two.fixture.app, two.other, two.scene.id, two.other_id, 0,
                                    &(KcParticulars){.phone = "13900000001"}, &party, &result, &error));
    g_autoptr(KcCaseView) view = look(&two);
    ck_assert_str_eq(view->settlement->status, "draft");
    ck_assert_str_eq(((KcDocumentView *)view->documents->pdata[0])->document->proposal_reason, "changed");
    two_close(&two);
}
END_TEST

START_TEST(an_officer_who_is_sent_ends_it)
{
    Two two;
    two_open(&two);
    write_it(&two);
    g_autoptr(KcDocumentView) first = propose(&two, two.scene.party);
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_send_on_scene(two.fixture.app, two.other, two.scene.id, NULL, &view, &result, &error));
    ck_assert_str_eq(((KcDocumentView *)view->documents->pdata[0])->document->proposal_reason, "on_scene");
    g_autoptr(KcAgreement) late = draft(&two);
    g_autoptr(KcCaseView) none = NULL;
    assert_refused(
        kc_app_put_agreement(two.fixture.app, two.scene.party, two.scene.id, 0, late, &none, &result, &error),
        KC_RESULT_STATE, "wrong-state");
    two_close(&two);
}
END_TEST

START_TEST(what_is_missing_is_not_proposed)
{
    Two two;
    two_open(&two);
    g_autoptr(KcAgreement) agreement = draft(&two);
    g_autoptr(KcDocumentView) none = NULL;
    put(&two, two.scene.party, agreement);
    assert_refused(kc_app_propose_agreement(two.fixture.app, two.scene.party, two.scene.id, 0, &none, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    write_it(&two);
    g_autoptr(KcDocumentView) first = propose(&two, two.scene.party);
    assert_refused(kc_app_propose_agreement(two.fixture.app, two.other, two.scene.id, 0, &none, &result, &error),
                   KC_RESULT_CONFLICT, "proposed");
    two_close(&two);
}
END_TEST

START_TEST(without_a_photo_nothing_is_proposed)
{
    Two two = {0};
    fixture_open(&two.fixture);
    scene_open(&two.fixture, &two.scene);
    add_other(&two);
    write_it(&two);
    g_autoptr(KcDocumentView) none = NULL;
    assert_refused(kc_app_propose_agreement(two.fixture.app, two.scene.party, two.scene.id, 0, &none, &result, &error),
                   KC_RESULT_CONFLICT, "no-evidence");
    two_close(&two);
}
END_TEST

START_TEST(an_injury_is_not_settled)
{
    Two two = {0};
    fixture_open(&two.fixture);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    KcOpenCase request = fixture_request();
    request.triage.injury = KC_INJURY_SLIGHT;
    request.triage.all_parties_agree = TRUE;
    g_auto(KcOpenedCase) opened = {0};
    assert_done(kc_app_open_case(two.fixture.app, nobody, &request, &opened, &result, &error));
    g_autoptr(KcPrincipal) party = fixture_party(&two.fixture, opened.token);
    g_autoptr(KcAgreement) agreement = kc_agreement_new();
    g_autoptr(KcCaseView) view = NULL;
    g_auto(KcResult) result = {0};
    ck_assert_uint_eq(opened.view->settlement->grounds->len, 1);
    ck_assert(!kc_app_put_agreement(two.fixture.app, party, opened.view->row->id, 0, agreement, &view, &result, NULL));
    ck_assert_str_eq(result.code, "not-settleable");
    ck_assert_ptr_nonnull(strstr(result.detail, "第13条第1款、第19条"));
    fixture_close(&two.fixture);
}
END_TEST

/* Guided by an officer in a call: agreed and served, and closed by the officer, with no other code than the one. */
START_TEST(an_officer_guides_and_closes)
{
    Two two = {0};
    fixture_open(&two.fixture);
    scene_call(&two.fixture, &two.scene);
    add_other(&two);
    add_photo(&two);
    g_autoptr(KcAgreement) all = draft(&two);
    say_oneself(all, 0);
    say_oneself(all, 1);
    ck_assert_uint_eq(put(&two, two.scene.officer, all), 0);
    g_autoptr(KcDocumentView) document = propose(&two, two.scene.officer);
    ck_assert_ptr_nonnull(strstr(document->document->text, "指导人员："));
    g_autofree char *half = decide(&two, two.scene.party, document, KC_DECISION_SIGNED);
    ck_assert_str_eq(half, "evidence_fixed");
    g_autofree char *whole = decide(&two, two.other, document, KC_DECISION_SIGNED);
    ck_assert_str_eq(whole, "served");
    g_autoptr(KcCaseView) view = NULL;
    assert_refused(kc_app_close_case(two.fixture.app, two.scene.officer, two.scene.id, 0, &(KcCloseCase){"2"}, &view, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_done(kc_app_close_case(two.fixture.app, two.scene.officer, two.scene.id, 0, &(KcCloseCase){"1"}, &view, &result, &error));
    ck_assert_str_eq(view->row->state, "closed");
    ck_assert_str_eq(view->row->mediation_method, "1");
    two_close(&two);
}
END_TEST

static Suite *
agreement_suite(void)
{
    Suite *suite = suite_create("app/agreement");
    TCase *tests = tcase_create("agreement");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, two_drivers_settle_by_themselves);
    tcase_add_test(tests, each_speaks_for_itself);
    tcase_add_test(tests, a_draft_is_begun_from_the_case);
    tcase_add_loop_test(tests, who_does_not_agree_withdraws_it, 0, 2);
    tcase_add_test(tests, a_change_withdraws_what_was_proposed);
    tcase_add_test(tests, new_particulars_withdraw_it_too);
    tcase_add_test(tests, an_officer_who_is_sent_ends_it);
    tcase_add_test(tests, what_is_missing_is_not_proposed);
    tcase_add_test(tests, without_a_photo_nothing_is_proposed);
    tcase_add_test(tests, an_injury_is_not_settled);
    tcase_add_test(tests, an_officer_guides_and_closes);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(agreement_suite())
