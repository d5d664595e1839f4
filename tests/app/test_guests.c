/* Guests of a call: whom they may see, how they are announced, recorded and sent away; and how many there may be. */
#include "tests/app/heard.h"

#include "src/app/guests.h"
#include "src/base/limits.h"

#include <string.h>

/* A guest of that kind, invited by the officer. */
static KcPrincipal *
invite(Fixture *fixture, const Scene *scene, const char *kind, char **ret_guest_id)
{
    g_auto(KcInvitedGuest) invited = {0};
    KcInviteGuest request = {kind, "王译", strcmp(kind, "insurer") == 0 ? scene->party_id : NULL, NULL};
    assert_done(
        kc_app_invite_guest(fixture->app, scene->officer, scene->id, &request, &invited, &result, &error));
    if (ret_guest_id != NULL)
        *ret_guest_id = g_strdup(invited.guest_id);
    return fixture_party(fixture, invited.token);
}

START_TEST(four_may_be_in_and_the_fifth_finds_the_call_full)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    KcParticulars other = {.plate_number = "陕H54321", .plate_type = "02"};
    g_autoptr(KcPartyView) added = NULL;
    g_autofree char *token = NULL, *url = NULL;
    assert_done(kc_app_add_party(fixture.app, scene.officer, scene.id, &other, NULL, &added, &result, &error));
    ck_assert_str_eq(added->party->label, "B");
    assert_done(kc_app_invite_party(fixture.app, scene.officer, scene.id, added->party->id, FALSE, NULL, &token, &url, &result,
                                    &error));
    g_autoptr(KcPrincipal) party_b = fixture_party(&fixture, token);
    g_autoptr(KcPrincipal) interpreter = invite(&fixture, &scene, "interpreter", NULL);
    g_autoptr(KcPrincipal) emergency = invite(&fixture, &scene, "emergency", NULL);
    g_autofree char *leg_b = fixture_join(&fixture, party_b, scene.id, "3001");
    g_autofree char *leg_i = fixture_join(&fixture, interpreter, scene.id, "4001");
    g_autofree char *offer = kc_fake_media_offer("5001");
    g_auto(KcJoinedCall) joined = {0};
    assert_refused(kc_app_join_call(fixture.app, emergency, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_CONFLICT, "call-full");
    /* A place is free once somebody has left. */
    assert_done(kc_app_leave_call(fixture.app, scene.party, scene.id, scene.party_leg, &result, &error));
    g_autofree char *leg_e = fixture_join(&fixture, emergency, scene.id, "5001");
    ck_assert(leg_b != NULL && leg_i != NULL && leg_e != NULL);
    const char *const legs[] = {scene.officer_leg, leg_b, leg_i, leg_e};
    for (guint i = 0; i < G_N_ELEMENTS(legs); i++)
        kc_fake_media_record(fixture.media, legs[i], 1);
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture.app, scene.officer, scene.id, &recordings, &result, &error));
    for (guint i = 0; i < recordings->len; i++)
        ck_assert_int_eq(((KcRecordingView *)recordings->pdata[i])->segment, 1);
    ck_assert_uint_ge(recordings->len, G_N_ELEMENTS(legs));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_invitation_fits_its_kind)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_auto(KcInvitedGuest) invited = {0};
    KcInviteGuest nameless = {"interpreter", "", NULL, NULL}, loose = {"insurer", "李保", NULL, NULL},
                  bound = {"emergency", "120", scene.party_id, NULL}, good = {"interpreter", "王译", NULL, NULL};
    assert_refused(
        kc_app_invite_guest(fixture.app, scene.officer, scene.id, &nameless, &invited, &result, &error),
        KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &loose, &invited, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_refused(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &bound, &invited, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    for (guint i = 0; i < KC_LIMIT_GUESTS_PER_CASE; i++) {
        kc_invited_guest_clear(&invited);
        assert_done(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &good, &invited, &result, &error));
    }
    g_auto(KcInvitedGuest) more = {0};
    assert_refused(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &good, &more, &result, &error),
                   KC_RESULT_CONFLICT, "too-many-guests");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_guest_is_announced_recorded_and_named)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    g_autofree char *guest_id = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    g_autoptr(KcPrincipal) guest = invite(&fixture, &scene, "interpreter", &guest_id);
    ck_assert_str_eq(kc_principal_kind(guest), "guest");
    fixture.now_us += G_USEC_PER_SEC;
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001");
    ck_assert(heard_has(&heard, "call.joined case", guest_id));
    kc_fake_media_record(fixture.media, leg, 2);
    g_autofree char *again = fixture_join(&fixture, guest, scene.id, "4002");
    ck_assert(heard_has(&heard, "call.replaced case", leg));
    kc_fake_media_record(fixture.media, again, 1);

    g_autoptr(GPtrArray) participants = NULL, slots = NULL, recordings = NULL, timeline = NULL;
    assert_done(kc_app_call_status(fixture.app, scene.party, scene.id, &participants, &slots, &result, &error));
    const KcParticipantView *last = participants->pdata[participants->len - 1];
    ck_assert_uint_eq(participants->len, 3);
    ck_assert_str_eq(last->kind, "guest");
    ck_assert_str_eq(last->guest_kind, "interpreter");
    ck_assert_str_eq(last->name, "王译");
    assert_done(kc_app_leave_call(fixture.app, guest, scene.id, again, &result, &error));
    ck_assert(heard_has(&heard, "call.left case", guest_id));
    assert_done(kc_app_list_recordings(fixture.app, scene.officer, scene.id, &recordings, &result, &error));
    guint segments = 0;
    for (guint i = 0; i < recordings->len; i++) {
        const KcRecordingView *one = recordings->pdata[i];
        if (g_strcmp0(one->guest_id, guest_id) != 0)
            continue;
        ck_assert_int_eq(one->segment, ++segments);
        ck_assert_str_eq(one->name, "王译");
        ck_assert_str_eq(one->guest_kind, "interpreter");
    }
    ck_assert_uint_eq(segments, 2);
    assert_done(kc_app_timeline(fixture.app, scene.officer, scene.id, &timeline, &result, &error));
    guint joins = 0, leaves = 0;
    for (guint i = 0; i < timeline->len; i++) {
        const KcTimelineItem *item = timeline->pdata[i];
        gboolean by_guest = strcmp(item->actor_kind, "guest") == 0 && g_strcmp0(item->actor_name, "王译") == 0;
        joins += by_guest && strcmp(item->kind, "call.joined") == 0;
        leaves += by_guest && strcmp(item->kind, "call.left") == 0;
    }
    ck_assert_uint_eq(joins, 2);
    ck_assert_uint_eq(leaves, 1);
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* Whoever notices first that it has ended: the worker, or who ended it. */
START_TEST(why_a_leg_ended_is_told_once_and_right)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    g_auto(KcInvitedGuest) invited = {0};
    KcInviteGuest request = {"emergency", "120 调度", NULL, NULL};
    assert_done(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &request, &invited, &result, &error));
    g_autoptr(KcPrincipal) guest = fixture_party(&fixture, invited.token);
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001"), *session = NULL;
    kc_fake_media_close_first(fixture.media);
    assert_done(kc_app_revoke_guest(fixture.app, scene.officer, scene.id, invited.guest_id, &session, &result, &error));
    assert_done(kc_app_leave_call(fixture.app, scene.party, scene.id, scene.party_leg, &result, &error));
    ck_assert(heard_has(&heard, "call.left case", "revoked"));
    ck_assert(heard_has(&heard, "call.left case", "\"left\""));
    guint told = 0, wrong = 0;
    g_mutex_lock(&heard.lock);
    for (guint i = 0; i < heard.lines->len; i++) {
        told += g_str_has_prefix(heard.lines->pdata[i], "call.left case");
        wrong += strstr(heard.lines->pdata[i], "closed") != NULL;
    }
    g_mutex_unlock(&heard.lock);
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(wrong, 0);
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_guest_who_is_sent_away_is_gone_and_stays_away)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    g_autofree char *guest_id = NULL, *session = NULL, *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    g_auto(KcInvitedGuest) invited = {0};
    KcInviteGuest request = {"emergency", "120 调度", NULL, NULL};
    assert_done(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &request, &invited, &result, &error));
    guest_id = g_strdup(invited.guest_id);
    g_autoptr(KcPrincipal) guest = fixture_party(&fixture, invited.token);
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001");
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 3);
    assert_refused(kc_app_revoke_guest(fixture.app, scene.party, scene.id, guest_id, &none, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    assert_done(kc_app_revoke_guest(fixture.app, scene.officer, scene.id, guest_id, &session, &result, &error));
    ck_assert_str_eq(session, guest->session);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    ck_assert(heard_has(&heard, "guest.revoked case", guest_id));
    ck_assert(heard_has(&heard, "call.left case", "revoked"));
    KcPrincipal *nobody = NULL;
    assert_refused(kc_app_authenticate(fixture.app, invited.token, NULL, &nobody, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "link-revoked");
    /* Who was authenticated just before finds the door shut too. */
    g_autofree char *offer = kc_fake_media_offer("4002");
    g_auto(KcJoinedCall) joined = {0};
    assert_refused(kc_app_join_call(fixture.app, guest, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "link-revoked");
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    assert_done(kc_app_revoke_guest(fixture.app, scene.officer, scene.id, guest_id, &none, &result, &error));
    ck_assert_ptr_null(none);
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_insurer_sees_the_pictures_of_its_own_party)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcStillView) own = NULL, other = NULL;
    assert_done(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = png}, &own, &result, &error));
    assert_done(kc_app_add_photo(fixture.app, scene.officer, scene.id, &(KcNewPhoto){.image = png}, &other, &result, &error));
    static const struct {
        const char *kind;
        guint stills;
    } kinds[] = {{"emergency", 0}, {"interpreter", 0}, {"insurer", 1}, {"supervisor", 2}};
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(KcPrincipal) guest = invite(&fixture, &scene, kinds[i].kind, NULL);
        g_autoptr(KcGuestView) view = NULL;
        assert_done(kc_app_get_guest(fixture.app, guest, &view, &result, &error));
        ck_assert_str_eq(view->guest->kind, kinds[i].kind);
        ck_assert_uint_eq(view->stills->len, kinds[i].stills);
    }
    g_autoptr(KcPrincipal) insurer = invite(&fixture, &scene, "insurer", NULL);
    g_autoptr(KcObjectReader) reader = NULL, none = NULL;
    assert_done(kc_app_open_still(fixture.app, insurer, scene.id, own->id, &reader, &result, &error));
    assert_refused(kc_app_open_still(fixture.app, insurer, scene.id, other->id, &none, &result, &error),
                   KC_RESULT_NOT_FOUND, "object-unknown");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(each_sees_its_own_slots_and_chooses_what_is_large)
{
    Fixture fixture;
    Scene scene;
    Heard heard;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    heard_begin(&heard, fixture.app);
    g_autofree char *guest_id = NULL;
    g_autoptr(KcPrincipal) guest = invite(&fixture, &scene, "interpreter", &guest_id);
    g_autoptr(GPtrArray) participants = NULL, slots = NULL, none = NULL, left = NULL;
    assert_done(kc_app_call_status(fixture.app, guest, scene.id, &participants, &none, &result, &error));
    ck_assert_uint_eq(none->len, 0);
    g_clear_pointer(&participants, g_ptr_array_unref);
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001");
    const KcMediaSlot now[] = {{"0", "1", scene.party_leg}, {"2", "3", leg}, {"4", "5", NULL}};
    kc_fake_media_slots(fixture.media, scene.officer_leg, now, G_N_ELEMENTS(now));
    ck_assert(heard_has(&heard, "call.slots case", scene.officer_leg));
    assert_done(kc_app_call_status(fixture.app, scene.officer, scene.id, &participants, &slots, &result, &error));
    g_clear_pointer(&participants, g_ptr_array_unref);
    ck_assert_uint_eq(slots->len, 3);
    const KcSlotView *first = slots->pdata[0], *second = slots->pdata[1], *third = slots->pdata[2];
    ck_assert_str_eq(first->participant_id, scene.party_id);
    ck_assert_str_eq(second->participant_id, guest_id);
    ck_assert_str_eq(second->video_mid, "3");
    ck_assert_ptr_null(third->participant_id);

    const char *large[] = {scene.party_id, NULL}, *hidden[] = {guest_id, NULL}, *me[] = {scene.party_id, NULL};
    assert_done(kc_app_choose_view(fixture.app, scene.officer, scene.id, large, hidden, &result, &error));
    g_autofree char *shown = kc_fake_media_shown(fixture.media);
    g_autofree char *wanted = g_strdup_printf("%s: %s; %s", scene.officer_leg, scene.party_leg, leg);
    ck_assert_str_eq(shown, wanted);
    assert_refused(kc_app_choose_view(fixture.app, scene.party, scene.id, me, hidden, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_done(kc_app_leave_call(fixture.app, guest, scene.id, leg, &result, &error));
    assert_refused(kc_app_choose_view(fixture.app, guest, scene.id, large, hidden + 1, &result, &error),
                   KC_RESULT_CONFLICT, "not-in-call");
    assert_done(kc_app_call_status(fixture.app, scene.officer, scene.id, &participants, &left, &result, &error));
    ck_assert_ptr_null(((KcSlotView *)left->pdata[1])->participant_id);
    heard_end(&heard);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
guests_suite(void)
{
    Suite *suite = suite_create("app guests");
    TCase *tests = tcase_create("guests");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, four_may_be_in_and_the_fifth_finds_the_call_full);
    tcase_add_test(tests, an_invitation_fits_its_kind);
    tcase_add_test(tests, a_guest_is_announced_recorded_and_named);
    tcase_add_test(tests, why_a_leg_ended_is_told_once_and_right);
    tcase_add_test(tests, a_guest_who_is_sent_away_is_gone_and_stays_away);
    tcase_add_test(tests, an_insurer_sees_the_pictures_of_its_own_party);
    tcase_add_test(tests, each_sees_its_own_slots_and_chooses_what_is_large);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(guests_suite())
