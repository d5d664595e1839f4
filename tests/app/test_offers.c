/* A case from one seat to another while its call runs on; recusal; and a holder who is gone. */
#include "src/app/offers.h"
#include "src/app/accounts.h"
#include "src/app/recusals.h"
#include "src/app/seats.h"
#include "tests/app/fixture.h"

#include <string.h>

#define SECONDS(n) ((gint64)(n)*G_USEC_PER_SEC)

/* One more officer, signed in. */
static KcPrincipal *
colleague(Fixture *fixture, const char *username, const char *const *counties)
{
    const KcNewUser user = {.username = username,
                            .password = "kuaichu-demo",
                            .role = "officer",
                            .name = "李四",
                            .badge_number = "611099",
                            .counties = counties};
    assert_done(kc_app_add_user(fixture->app, NULL, &user, NULL, &result, &error));
    return fixture_staff(fixture, username);
}

static char *
offer(Fixture *fixture, const Scene *scene, const KcPrincipal *to)
{
    g_autoptr(KcOfferView) view = NULL;
    assert_done(kc_app_offer_case(fixture->app, scene->officer, scene->id, to->user_id, &view, &result, &error));
    ck_assert_str_eq(view->to_name, to->name);
    return g_strdup(view->offer->id);
}

static guint
offers_of(Fixture *fixture, const KcPrincipal *who)
{
    g_autoptr(GPtrArray) views = NULL;
    assert_done(kc_app_list_offers(fixture->app, who, &views, &result, &error));
    return views->len;
}

static gboolean
in_call(Fixture *fixture, const KcPrincipal *who, const char *case_id, const char *participant)
{
    g_autoptr(KcCaseView) view = fixture_case(fixture, who, case_id);
    for (guint i = 0; i < view->participants->len; i++) {
        const KcParticipantView *one = view->participants->pdata[i];
        if (strcmp(one->id, participant) == 0)
            return TRUE;
    }
    return FALSE;
}

START_TEST(the_call_goes_on_and_the_old_seat_leaves_when_the_new_one_is_there)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) taker = colleague(&fixture, "li.si", NULL);
    g_autofree char *id = offer(&fixture, &scene, taker);
    ck_assert_uint_eq(offers_of(&fixture, taker), 1);
    ck_assert_uint_eq(offers_of(&fixture, scene.officer), 1);

    g_autoptr(KcCaseView) taken = NULL;
    assert_done(kc_app_accept_offer(fixture.app, taker, id, &taken, &result, &error));
    ck_assert_str_eq(taken->row->officer_id, taker->user_id);
    ck_assert_str_eq(taken->row->state, "in_call");
    ck_assert(in_call(&fixture, taker, scene.id, scene.officer->user_id)); /* until the other is connected */
    ck_assert_uint_eq(offers_of(&fixture, taker), 0);

    g_free(fixture_join(&fixture, taker, scene.id, "3001"));
    fixture_settle(&fixture);
    ck_assert(!in_call(&fixture, taker, scene.id, scene.officer->user_id));
    ck_assert(in_call(&fixture, taker, scene.id, taker->user_id));
    ck_assert(in_call(&fixture, taker, scene.id, scene.party_id));

    /* What was the one's own is the other's now. */
    g_autoptr(KcCaseView) none = NULL;
    assert_refused(kc_app_release_case(fixture.app, scene.officer, scene.id, 0, &none, &result, &error),
                   KC_RESULT_FORBIDDEN, "not-yours");
    KcCaseView *again = NULL;
    assert_refused(kc_app_accept_offer(fixture.app, taker, id, &again, &result, &error), KC_RESULT_CONFLICT,
                   "offer-over");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(one_may_decline_or_be_too_late)
{
    Fixture fixture;
    Scene scene;
    KcCaseView *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) taker = colleague(&fixture, "li.si", NULL);
    g_autofree char *first = offer(&fixture, &scene, taker);
    KcOfferView *twice = NULL;
    assert_refused(kc_app_offer_case(fixture.app, scene.officer, scene.id, taker->user_id, &twice, &result, &error),
                   KC_RESULT_CONFLICT, "offer-standing");
    assert_done(kc_app_decline_offer(fixture.app, taker, first, &result, &error));

    g_autofree char *second = offer(&fixture, &scene, taker);
    assert_refused(kc_app_withdraw_offer(fixture.app, taker, second, &result, &error), KC_RESULT_NOT_FOUND,
                   "offer-unknown");
    assert_done(kc_app_withdraw_offer(fixture.app, scene.officer, second, &result, &error));
    assert_refused(kc_app_accept_offer(fixture.app, taker, second, &none, &result, &error), KC_RESULT_CONFLICT,
                   "offer-over");

    g_autofree char *third = offer(&fixture, &scene, taker);
    fixture.now_us += SECONDS(30);
    assert_refused(kc_app_accept_offer(fixture.app, taker, third, &none, &result, &error), KC_RESULT_CONFLICT,
                   "offer-over");
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_tend_desk(fixture.app, &error));
    g_autofree char *fourth = offer(&fixture, &scene, taker); /* one that has run out is in nobody's way */
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(view->row->officer_id, scene.officer->user_id);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(only_who_can_take_it_is_asked)
{
    static const char *const elsewhere[] = {"611023", NULL};
    Fixture fixture;
    Scene scene, other;
    KcOfferView *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) auditor = fixture_staff(&fixture, "auditor");
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.officer, scene.id);
    g_autoptr(KcPrincipal) far_away =
        kc_rules_county(kc_app_rules(fixture.app), elsewhere[0]) != NULL && g_strcmp0(view->row->county, elsewhere[0]) != 0
            ? colleague(&fixture, "wang.wu", elsewhere)
            : NULL;
    ck_assert_ptr_nonnull(far_away);
    const char *wrong[] = {auditor->user_id, far_away->user_id, scene.officer->user_id, scene.party_id};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(kc_app_offer_case(fixture.app, scene.officer, scene.id, wrong[i], &none, &result, &error),
                       KC_RESULT_INVALID, "invalid");
    /* Somebody in a call of another case. */
    g_autoptr(KcPrincipal) busy = colleague(&fixture, "li.si", NULL);
    KcQueuePlace place;
    g_autoptr(KcCaseView) claimed = NULL;
    scene_open(&fixture, &other);
    assert_done(kc_app_join_queue(fixture.app, other.party, other.id, &place, &result, &error));
    assert_done(kc_app_claim_case(fixture.app, busy, other.id, 0, &claimed, &result, &error));
    g_autofree char *leg = fixture_join(&fixture, busy, other.id, "4001");
    assert_refused(kc_app_offer_case(fixture.app, scene.officer, scene.id, busy->user_id, &none, &result, &error),
                   KC_RESULT_CONFLICT, "colleague-busy");
    scene_clear(&other);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(the_posts_pass_a_case_on)
{
    Fixture fixture;
    Scene scene;
    KcQueuePlace place;
    g_autoptr(KcCaseView) claimed = NULL, taken = NULL;
    g_autoptr(KcOfferView) asked = NULL;
    fixture_open(&fixture);
    scene_open(&fixture, &scene);
    g_autoptr(KcPrincipal) intake = fixture_staff(&fixture, "intake");
    assert_done(kc_app_join_queue(fixture.app, scene.party, scene.id, &place, &result, &error));
    assert_done(kc_app_claim_case(fixture.app, intake, scene.id, 0, &claimed, &result, &error));
    assert_done(kc_app_offer_case(fixture.app, intake, scene.id, scene.officer->user_id, &asked, &result, &error));
    assert_done(kc_app_accept_offer(fixture.app, scene.officer, asked->offer->id, &taken, &result, &error));
    ck_assert_str_eq(taken->row->officer_id, scene.officer->user_id);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* ---- gone ---- */

static const char *
state_after(Fixture *fixture, const Scene *scene, gint64 seconds, const KcPrincipal *looker)
{
    static char state[32];
    g_autoptr(GError) error = NULL;
    fixture->now_us += SECONDS(seconds);
    ck_assert(kc_app_tend_desk(fixture->app, &error));
    g_autoptr(KcCaseView) view = fixture_case(fixture, looker, scene->id);
    g_strlcpy(state, view->row->state, sizeof state);
    return state;
}

START_TEST(a_case_whose_holder_is_gone_goes_back_to_its_place)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    g_autoptr(KcCaseView) before = fixture_case(&fixture, supervisor, scene.id);
    ck_assert_str_eq(state_after(&fixture, &scene, 600, supervisor), "in_call"); /* the officer is in the call */
    kc_fake_media_vanish(fixture.media, scene.officer_leg);
    /* The officer's last request is as old as the case: what counts is that nothing was heard for long. */
    ck_assert_str_eq(state_after(&fixture, &scene, 0, supervisor), "waiting");
    g_autoptr(KcCaseView) after = fixture_case(&fixture, supervisor, scene.id);
    ck_assert_ptr_null(after->row->officer_id);
    ck_assert_int_eq(after->row->queued_us, before->row->queued_us);
    ck_assert(in_call(&fixture, supervisor, scene.id, scene.party_id));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_dropped_call_stays_with_its_officer)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    kc_fake_media_vanish(fixture.media, scene.officer_leg);
    ck_assert_str_eq(state_after(&fixture, &scene, 120, supervisor), "in_call");
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    ck_assert_str_eq(state_after(&fixture, &scene, 600, supervisor), "in_call"); /* nobody waits in the call */
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* ---- recusal ---- */

START_TEST(a_party_asks_and_somebody_else_goes_on)
{
    Fixture fixture;
    Scene scene;
    g_autoptr(KcRecusalView) asked = NULL, decided = NULL;
    KcRecusalView *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    assert_refused(kc_app_ask_recusal(fixture.app, scene.party, scene.id, "", &none, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_done(kc_app_ask_recusal(fixture.app, scene.party, scene.id, "民警是对方的亲属", &asked, &result, &error));
    assert_refused(kc_app_ask_recusal(fixture.app, scene.party, scene.id, "还是他", &none, &result, &error),
                   KC_RESULT_CONFLICT, "recusal-pending");
    ck_assert_str_eq(asked->user_name, scene.officer->name);
    ck_assert_str_eq(asked->party_label, "A");

    /* Two working days, and no determination meanwhile. */
    g_autoptr(KcCaseView) pending = fixture_case(&fixture, scene.party, scene.id);
    gboolean runs = FALSE;
    for (guint i = 0; i < pending->deadlines->len; i++) {
        const KcDeadline *one = pending->deadlines->pdata[i];
        runs = runs || (strcmp(one->rule->code, "RECUSAL_DECISION") == 0 && one->state == KC_DEADLINE_RUNNING &&
                        one->rule->period.count == 2 && one->rule->period.unit == KC_UNIT_WORKING_DAY);
    }
    ck_assert(runs);

    assert_done(
        kc_app_decide_recusal(fixture.app, supervisor, asked->recusal->id, TRUE, "属实", &decided, &result, &error));
    g_autoptr(KcCaseView) view = fixture_case(&fixture, supervisor, scene.id);
    ck_assert_str_eq(view->row->state, "waiting");
    ck_assert_ptr_null(view->row->officer_id);
    kc_fake_media_warn(fixture.media, scene.party_leg);
    ck_assert(!in_call(&fixture, supervisor, scene.id, scene.officer->user_id));
    ck_assert(in_call(&fixture, supervisor, scene.id, scene.party_id));
    KcCaseView *barred = NULL;
    assert_refused(kc_app_claim_case(fixture.app, scene.officer, scene.id, 0, &barred, &result, &error),
                   KC_RESULT_CONFLICT, "recused");
    assert_refused(
        kc_app_decide_recusal(fixture.app, supervisor, asked->recusal->id, FALSE, NULL, &none, &result, &error),
        KC_RESULT_CONFLICT, "recusal-decided");
    g_autoptr(KcCaseView) taken = NULL;
    assert_done(kc_app_claim_case(fixture.app, supervisor, scene.id, 0, &taken, &result, &error));
    KcOfferView *no_offer = NULL;
    assert_refused(
        kc_app_offer_case(fixture.app, supervisor, scene.id, scene.officer->user_id, &no_offer, &result, &error),
        KC_RESULT_CONFLICT, "recused");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(nothing_is_issued_while_a_request_waits)
{
    Fixture fixture;
    Scene scene;
    g_autoptr(KcStillView) still = NULL;
    g_autoptr(KcRecusalView) asked = NULL, decided = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    KcNewSnapshot wanted = {0};
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    wanted.party_id = scene.party_id;
    assert_done(kc_app_snapshot(fixture.app, scene.officer, scene.id, &wanted, &still, &result, &error));
    g_autoptr(KcDetermination) draft = fixture_draft(&scene, still->id);
    g_autoptr(KcCaseView) before = fixture_case(&fixture, scene.officer, scene.id);
    assert_done(kc_app_put_determination(fixture.app, scene.officer, scene.id, before->row->version, draft, NULL,
                                         &missing, &result, &error));
    assert_done(kc_app_ask_recusal(fixture.app, scene.officer, scene.id, "认识当事人", &asked, &result, &error));
    ck_assert_ptr_null(asked->party_label);
    KcDocumentView *none = NULL;
    assert_refused(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &none, &result, &error),
                   KC_RESULT_CONFLICT, "recusal-pending");
    assert_done(
        kc_app_decide_recusal(fixture.app, supervisor, asked->recusal->id, FALSE, NULL, &decided, &result, &error));
    g_autoptr(KcDocumentView) issued = NULL;
    assert_done(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &issued, &result, &error));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
offers_suite(void)
{
    Suite *suite = suite_create("app/offers");
    TCase *tcase = tcase_create("offers");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_call_goes_on_and_the_old_seat_leaves_when_the_new_one_is_there);
    tcase_add_test(tcase, one_may_decline_or_be_too_late);
    tcase_add_test(tcase, only_who_can_take_it_is_asked);
    tcase_add_test(tcase, the_posts_pass_a_case_on);
    tcase_add_test(tcase, a_case_whose_holder_is_gone_goes_back_to_its_place);
    tcase_add_test(tcase, a_dropped_call_stays_with_its_officer);
    tcase_add_test(tcase, a_party_asks_and_somebody_else_goes_on);
    tcase_add_test(tcase, nothing_is_issued_while_a_request_waits);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(offers_suite())
