/* A supervisor who listens: announced, silent, not recorded. */
#include "tests/app/heard.h"

#include "src/app/offers.h"

#include <string.h>

static gboolean
listen_in(Fixture *fixture, const KcPrincipal *who, const char *case_id, const char *o_id, char **ret_leg,
          KcResult *result, GError **error)
{
    g_autofree char *offer = kc_fake_media_silent_offer(o_id);
    g_auto(KcJoinedCall) joined = {0};
    if (!kc_app_listen_in(fixture->app, who, case_id, offer, &joined, result, error))
        return FALSE;
    kc_fake_media_connect(fixture->media, joined.leg_id);
    *ret_leg = g_steal_pointer(&joined.leg_id);
    return TRUE;
}

static guint
logged(Fixture *fixture, const KcPrincipal *who, const char *case_id, const char *kind, const char *part)
{
    g_autoptr(GPtrArray) items = NULL;
    guint n = 0;
    assert_done(kc_app_timeline(fixture->app, who, case_id, &items, &result, &error));
    for (guint i = 0; i < items->len; i++) {
        const KcTimelineItem *item = items->pdata[i];
        n += strcmp(item->kind, kind) == 0 && strstr(item->data_json, part) != NULL;
    }
    return n;
}

START_TEST(a_supervisor_who_listens_is_announced_and_not_recorded)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    g_autofree char *leg = NULL, *again = NULL;
    char *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    g_autoptr(KcPrincipal) auditor = fixture_staff(&fixture, "auditor");
    const KcPrincipal *others[] = {scene.officer, scene.party, auditor};
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        assert_refused(listen_in(&fixture, others[i], scene.id, "5000", &none, &result, &error), KC_RESULT_FORBIDDEN,
                       "role");
    KcJoinedCall joined = {0};
    g_autofree char *loud = kc_fake_media_offer("5001");
    g_autofree char *half = g_strconcat(loud, "a=recvonly\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\n", NULL);
    const char *sounding[] = {loud, half};
    for (guint i = 0; i < G_N_ELEMENTS(sounding); i++)
        assert_refused(
            kc_app_listen_in(fixture.app, supervisor, scene.id, sounding[i], &joined, &result, &error),
            KC_RESULT_INVALID, "not-silent");

    assert_done(listen_in(&fixture, supervisor, scene.id, "5002", &leg, &result, &error));
    ck_assert(heard_has(&heard, "call.joined case", "\"listens\":true"));
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.party, scene.id);
    guint listening = 0;
    for (guint i = 0; i < view->participants->len; i++) {
        const KcParticipantView *one = view->participants->pdata[i];
        listening += one->listens;
        ck_assert(one->listens == (strcmp(one->id, supervisor->user_id) == 0));
        ck_assert_str_eq(one->recording, one->listens ? "stopped" : "live");
    }
    ck_assert_uint_eq(listening, 1);
    ck_assert_uint_eq(logged(&fixture, supervisor, scene.id, "call.listening", leg), 1);
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture.app, auditor, scene.id, &recordings, &result, &error));
    ck_assert_uint_eq(recordings->len, 2);

    /* Left, and back, until nobody is there to be heard any more. */
    assert_done(kc_app_leave_call(fixture.app, supervisor, scene.id, leg, &result, &error));
    assert_done(kc_app_leave_call(fixture.app, supervisor, scene.id, leg, &result, &error)); /* it has ended already */
    ck_assert(heard_has(&heard, "call.left case", leg));
    assert_done(listen_in(&fixture, supervisor, scene.id, "5003", &again, &result, &error));
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    kc_fake_media_vanish(fixture.media, scene.officer_leg);
    ck_assert(heard_has(&heard, "call.left case", "call-over"));
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 0);
    assert_refused(listen_in(&fixture, supervisor, scene.id, "5004", &none, &result, &error), KC_RESULT_CONFLICT,
                   "no-call");
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(who_listens_is_not_yet_there_for_a_case_that_is_handed_over)
{
    Fixture fixture;
    Scene scene;
    g_autofree char *leg = NULL;
    char *none = NULL;
    g_autoptr(KcOfferView) asked = NULL;
    g_autoptr(KcCaseView) taken = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(KcPrincipal) supervisor = fixture_staff(&fixture, "supervisor");
    assert_done(listen_in(&fixture, supervisor, scene.id, "5000", &leg, &result, &error));
    assert_done(
        kc_app_offer_case(fixture.app, scene.officer, scene.id, supervisor->user_id, &asked, &result, &error));
    assert_done(kc_app_accept_offer(fixture.app, supervisor, asked->offer->id, &taken, &result, &error));
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 3); /* the officer stays until somebody speaks */
    assert_refused(listen_in(&fixture, supervisor, scene.id, "5001", &none, &result, &error), KC_RESULT_CONFLICT,
                   "own-call");
    g_autofree char *own = fixture_join(&fixture, supervisor, scene.id, "5002");
    fixture_settle(&fixture);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2); /* the party, and the supervisor's new leg */
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
listening_suite(void)
{
    Suite *suite = suite_create("app listening");
    TCase *tests = tcase_create("listening");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_supervisor_who_listens_is_announced_and_not_recorded);
    tcase_add_test(tests, who_listens_is_not_yet_there_for_a_case_that_is_handed_over);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(listening_suite())
