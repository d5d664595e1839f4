/* Calls: who may join, what a newer connection does to an older one, what a lost worker leaves. */
#include "tests/app/fixture.h"

#include "src/app/guests.h"
#include "src/app/offers.h"
#include "src/base/limits.h"

#include <string.h>

typedef struct {
    GMutex lock;
    GPtrArray *lines; /* "type audience data" */
} Heard;

static void
hear(const KcEvent *event, gpointer data)
{
    Heard *heard = data;
    g_mutex_lock(&heard->lock);
    g_ptr_array_add(heard->lines, g_strjoin(" ", event->type, event->audience, event->data_json, NULL));
    g_mutex_unlock(&heard->lock);
}

/* What is delivered comes after its commit, by another thread: waits up to five seconds for it. */
static gboolean
has_heard(Heard *heard, const char *type, const char *part)
{
    gboolean found = FALSE;
    for (guint tries = 0; tries < 500 && !found; tries++) {
        g_mutex_lock(&heard->lock);
        for (guint i = 0; i < heard->lines->len && !found; i++)
            found = g_str_has_prefix(heard->lines->pdata[i], type) && strstr(heard->lines->pdata[i], part) != NULL;
        g_mutex_unlock(&heard->lock);
        if (!found)
            g_usleep(10 * 1000);
    }
    return found;
}

static gboolean
connected(Fixture *fixture, const Scene *scene)
{
    g_autoptr(KcCaseView) view = fixture_case(fixture, scene->officer, scene->id);
    return ((KcPartyView *)view->parties->pdata[0])->connected;
}

START_TEST(a_newer_tab_takes_over)
{
    Fixture fixture;
    Scene scene;
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
    kc_fake_media_record(fixture.media, scene.party_leg, 1);

    g_autofree char *newer = fixture_join(&fixture, scene.party, scene.id, "1002");
    ck_assert_str_ne(newer, scene.party_leg);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    ck_assert(has_heard(&heard, "call.replaced party", scene.party_leg));
    g_autoptr(KcCaseView) view = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_uint_eq(view->participants->len, 2);
    ck_assert(connected(&fixture, &scene));
    ck_assert_str_eq(view->row->state, "in_call");

    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_second_offer_on_a_leg_is_refused)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autofree char *offer = kc_fake_media_offer("1001");
    g_auto(KcJoinedCall) joined = {0};
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_CONFLICT, "same-offer");
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

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

START_TEST(a_guest_is_announced_recorded_and_named)
{
    Fixture fixture;
    Scene scene;
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    g_autofree char *guest_id = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
    g_autoptr(KcPrincipal) guest = invite(&fixture, &scene, "interpreter", &guest_id);
    ck_assert_str_eq(kc_principal_kind(guest), "guest");
    fixture.now_us += G_USEC_PER_SEC;
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001");
    ck_assert(has_heard(&heard, "call.joined case", guest_id));
    kc_fake_media_record(fixture.media, leg, 2);
    g_autofree char *again = fixture_join(&fixture, guest, scene.id, "4002");
    ck_assert(has_heard(&heard, "call.replaced case", leg));
    kc_fake_media_record(fixture.media, again, 1);

    g_autoptr(GPtrArray) participants = NULL, slots = NULL, recordings = NULL, timeline = NULL;
    assert_done(kc_app_call_status(fixture.app, scene.party, scene.id, &participants, &slots, &result, &error));
    const KcParticipantView *last = participants->pdata[participants->len - 1];
    ck_assert_uint_eq(participants->len, 3);
    ck_assert_str_eq(last->kind, "guest");
    ck_assert_str_eq(last->guest_kind, "interpreter");
    ck_assert_str_eq(last->name, "王译");
    assert_done(kc_app_leave_call(fixture.app, guest, scene.id, again, &result, &error));
    ck_assert(has_heard(&heard, "call.left case", guest_id));
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
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* Whoever notices first that it has ended: the worker, or who ended it. */
START_TEST(why_a_leg_ended_is_told_once_and_right)
{
    Fixture fixture;
    Scene scene;
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
    g_auto(KcInvitedGuest) invited = {0};
    KcInviteGuest request = {"emergency", "120 调度", NULL, NULL};
    assert_done(kc_app_invite_guest(fixture.app, scene.officer, scene.id, &request, &invited, &result, &error));
    g_autoptr(KcPrincipal) guest = fixture_party(&fixture, invited.token);
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001"), *session = NULL;
    kc_fake_media_close_first(fixture.media);
    assert_done(kc_app_revoke_guest(fixture.app, scene.officer, scene.id, invited.guest_id, &session, &result, &error));
    assert_done(kc_app_leave_call(fixture.app, scene.party, scene.id, scene.party_leg, &result, &error));
    ck_assert(has_heard(&heard, "call.left case", "revoked"));
    ck_assert(has_heard(&heard, "call.left case", "\"left\""));
    guint told = 0, wrong = 0;
    g_mutex_lock(&heard.lock);
    for (guint i = 0; i < heard.lines->len; i++) {
        told += g_str_has_prefix(heard.lines->pdata[i], "call.left case");
        wrong += strstr(heard.lines->pdata[i], "closed") != NULL;
    }
    g_mutex_unlock(&heard.lock);
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(wrong, 0);
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_guest_who_is_sent_away_is_gone_and_stays_away)
{
    Fixture fixture;
    Scene scene;
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    g_autofree char *guest_id = NULL, *session = NULL, *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
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
    ck_assert(has_heard(&heard, "guest.revoked case", guest_id));
    ck_assert(has_heard(&heard, "call.left case", "revoked"));
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
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
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
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
    g_autofree char *guest_id = NULL;
    g_autoptr(KcPrincipal) guest = invite(&fixture, &scene, "interpreter", &guest_id);
    g_autoptr(GPtrArray) participants = NULL, slots = NULL, none = NULL, left = NULL;
    assert_done(kc_app_call_status(fixture.app, guest, scene.id, &participants, &none, &result, &error));
    ck_assert_uint_eq(none->len, 0);
    g_clear_pointer(&participants, g_ptr_array_unref);
    g_autofree char *leg = fixture_join(&fixture, guest, scene.id, "4001");
    const KcMediaSlot now[] = {{"0", "1", scene.party_leg}, {"2", "3", leg}, {"4", "5", NULL}};
    kc_fake_media_slots(fixture.media, scene.officer_leg, now, G_N_ELEMENTS(now));
    ck_assert(has_heard(&heard, "call.slots case", scene.officer_leg));
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
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

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
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    g_autofree char *leg = NULL, *again = NULL;
    char *none = NULL;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
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
    ck_assert(has_heard(&heard, "call.joined case", "\"listens\":true"));
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
    ck_assert(has_heard(&heard, "call.left case", leg));
    assert_done(listen_in(&fixture, supervisor, scene.id, "5003", &again, &result, &error));
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2);
    kc_fake_media_vanish(fixture.media, scene.officer_leg);
    ck_assert(has_heard(&heard, "call.left case", "call-over"));
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 0);
    assert_refused(listen_in(&fixture, supervisor, scene.id, "5004", &none, &result, &error), KC_RESULT_CONFLICT,
                   "no-call");
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
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
    kc_app_wait_idle(fixture.app);
    kc_fake_media_warn(fixture.media, own);
    ck_assert_uint_eq(kc_fake_media_legs(fixture.media), 2); /* the party, and the supervisor's new leg */
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

START_TEST(an_officer_is_in_one_call_at_a_time)
{
    Fixture fixture;
    Scene first, second;
    fixture_open(&fixture);
    scene_call(&fixture, &first);
    scene_open(&fixture, &second);
    KcQueuePlace place;
    g_autoptr(KcCaseView) view = NULL;
    assert_done(kc_app_join_queue(fixture.app, second.party, second.id, &place, &result, &error));
    ck_assert_int_eq(place.position, 1);
    assert_refused(kc_app_claim_case(fixture.app, second.officer, second.id, 0, &view, &result, &error),
                   KC_RESULT_CONFLICT, "busy-elsewhere");
    scene_clear(&first);
    scene_clear(&second);
    fixture_close(&fixture);
}
END_TEST

START_TEST(an_offer_that_is_none_leaves_nothing_behind)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    g_auto(KcJoinedCall) joined = {0};
    g_autofree char *huge = g_strnfill(1024 * 1024, 'a'), *offer = kc_fake_media_offer("1");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, "hello", &joined, &result, &error),
                   KC_RESULT_MALFORMED, "sdp-invalid");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, huge, &joined, &result, &error),
                   KC_RESULT_TOO_LARGE, "sdp-too-large");
    assert_refused(
        kc_app_join_call(fixture.app, scene.party, scene.id, "v=0\r\no=- 1 1 IN IP4 0\r\n", &joined, &result, &error),
        KC_RESULT_MALFORMED, "sdp-invalid");
    kc_fake_media_refuse(fixture.media, 503, "no-room");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_UNAVAILABLE, "no-room");
    kc_fake_media_refuse(fixture.media, 0, NULL);
    KcAppMetrics metrics;
    ck_assert(kc_app_metrics(fixture.app, &metrics, NULL));
    ck_assert_int_eq(metrics.live_legs, 0);
    ck_assert_int_eq(metrics.live_recordings, 0);
    kc_app_metrics_clear(&metrics);
    g_autofree char *leg = fixture_join(&fixture, scene.party, scene.id, "1");
    ck_assert(leg != NULL);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_vanished_driver_takes_up_where_it_stopped)
{
    Fixture fixture;
    Scene scene;
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
    kc_fake_media_warn(fixture.media, scene.party_leg);
    ck_assert(has_heard(&heard, "call.media case", "warning"));
    fixture.now_us += 20 * G_USEC_PER_SEC;
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    ck_assert(has_heard(&heard, "call.left case", "consent-lost"));
    ck_assert(!connected(&fixture, &scene));
    g_autoptr(KcCaseView) alone = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(alone->row->state, "in_call");
    ck_assert_int_eq(((KcPartyView *)alone->parties->pdata[0])->last_seen_us, fixture.now_us);
    g_autofree char *leg = fixture_join(&fixture, scene.party, scene.id, "1009");
    ck_assert_str_ne(leg, scene.party_leg);
    ck_assert(connected(&fixture, &scene));
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_lost_worker_costs_no_second_that_was_durable)
{
    Fixture fixture;
    Scene scene;
    Heard heard = {.lines = g_ptr_array_new_with_free_func(g_free)};
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    guint subscription = kc_app_subscribe(fixture.app, hear, &heard);
    kc_fake_media_record(fixture.media, scene.party_leg, 4);
    kc_fake_media_crash(fixture.media);
    ck_assert(has_heard(&heard, "call.lost case", scene.party_leg));
    ck_assert(has_heard(&heard, "call.lost case", scene.officer_leg));
    kc_app_wait_idle(fixture.app);
    assert_done(kc_app_leave_call(fixture.app, scene.officer, scene.id, scene.officer_leg, &result, &error));
    assert_refused(kc_app_leave_call(fixture.app, scene.officer, scene.id, scene.party_leg, &result, &error),
                   KC_RESULT_NOT_FOUND, "leg-unknown");

    g_autofree char *again = fixture_join(&fixture, scene.party, scene.id, "1002");
    ck_assert_str_ne(again, scene.party_leg);
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture.app, scene.officer, scene.id, &recordings, &result, &error));
    const KcRecordingView *first = recordings->pdata[0], *last = recordings->pdata[recordings->len - 1];
    ck_assert_str_eq(first->status, "recovered");
    ck_assert_int_eq(first->duration_ms, 4000);
    ck_assert(first->sha256 != NULL);
    ck_assert_str_eq(last->status, "live");
    ck_assert_int_eq(last->segment, 2);
    g_autoptr(KcObjectReader) reader = NULL;
    assert_refused(kc_app_open_recording(fixture.app, scene.officer, last->id, &reader, &result, &error),
                   KC_RESULT_CONFLICT, "recording-live");
    assert_done(kc_app_open_recording(fixture.app, scene.officer, first->id, &reader, &result, &error));
    g_clear_pointer(&reader, kc_object_reader_free); /* goes back to the app */
    kc_app_unsubscribe(fixture.app, subscription);
    g_ptr_array_unref(heard.lines);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_leg_belongs_to_who_joined_it)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    g_autofree char *fragment = NULL;
    assert_refused(kc_app_patch_call(fixture.app, scene.party, scene.id, scene.officer_leg, "a=ice-ufrag:x", &fragment,
                                     &result, &error),
                   KC_RESULT_NOT_FOUND, "leg-unknown");
    assert_refused(kc_app_leave_call(fixture.app, scene.party, scene.id, scene.officer_leg, &result, &error),
                   KC_RESULT_NOT_FOUND, "leg-unknown");
    assert_done(kc_app_patch_call(fixture.app, scene.party, scene.id, scene.party_leg, "a=ice-ufrag:x\r\n", &fragment,
                                  &result, &error));
    g_autoptr(GPtrArray) participants = NULL, slots = NULL;
    assert_done(kc_app_call_status(fixture.app, scene.party, scene.id, &participants, &slots, &result, &error));
    ck_assert_uint_eq(participants->len, 2);
    const KcParticipantView *first = participants->pdata[0];
    ck_assert(first->has_stats);
    ck_assert_str_eq(first->media, "connected");
    ck_assert_str_eq(first->recording, "live");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static gboolean
disk_is_ok(Fixture *fixture)
{
    g_autoptr(GPtrArray) parts = kc_app_parts(fixture->app);
    for (guint i = 0; i < parts->len; i++) {
        const KcAppPart *part = parts->pdata[i];
        if (strcmp(part->part, "disk") == 0)
            return part->ok;
    }
    return FALSE;
}

START_TEST(a_full_disk_takes_no_call_and_no_photo)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    fixture.free_bytes = 1024;
    g_auto(KcJoinedCall) joined = {0};
    g_autoptr(KcStillView) still = NULL;
    g_auto(KcOpenedCase) opened = {0};
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    KcOpenCase request = fixture_request();
    g_autofree char *offer = kc_fake_media_offer("1");
    assert_refused(kc_app_join_call(fixture.app, scene.party, scene.id, offer, &joined, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    assert_refused(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = png}, &still, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    assert_refused(kc_app_open_case(fixture.app, nobody, &request, &opened, &result, &error), KC_RESULT_DISK_FULL,
                   "disk-full");
    ck_assert(!disk_is_ok(&fixture));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* What is running may use the reserve, but for its last part. */
START_TEST(a_running_call_goes_on_in_the_reserve)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    fixture.free_bytes = KC_LIMIT_DISK_RESERVE_BYTES / 2;
    g_autofree char *again = fixture_join(&fixture, scene.party, scene.id, "1002");
    g_autoptr(KcStillView) still = NULL, photo = NULL;
    g_autoptr(GBytes) png = fixture_png();
    const KcNewSnapshot wanted = {.party_id = scene.party_id};
    assert_done(kc_app_snapshot(fixture.app, scene.officer, scene.id, &wanted, &still, &result, &error));
    assert_refused(kc_app_add_photo(fixture.app, scene.party, scene.id, &(KcNewPhoto){.image = png}, &photo, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    fixture.free_bytes = KC_LIMIT_DISK_RESERVE_BYTES / 10;
    g_autoptr(KcStillView) late = NULL;
    assert_refused(kc_app_snapshot(fixture.app, scene.officer, scene.id, &wanted, &late, &result, &error),
                   KC_RESULT_DISK_FULL, "disk-full");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* Running calls need what they may still record, which may be more than the reserve. */
START_TEST(many_running_calls_keep_more_than_the_reserve)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    fixture.free_bytes = 4 * KC_LIMIT_TRACK_EXPECTED_BYTES;
    KcAppDisk before = kc_app_disk(fixture.app);
    ck_assert_int_eq(before.kept_bytes, KC_LIMIT_DISK_RESERVE_BYTES);
    ck_assert_int_eq(before.calls_left, 1);
    scene_call(&fixture, &scene);
    KcAppDisk after = kc_app_disk(fixture.app);
    ck_assert_int_eq(after.kept_bytes, 2 * KC_LIMIT_TRACK_EXPECTED_BYTES);
    ck_assert_int_eq(after.calls_left, 1);
    fixture.free_bytes = 2 * KC_LIMIT_TRACK_EXPECTED_BYTES - 1;
    ck_assert_int_eq(kc_app_disk(fixture.app).calls_left, 0);
    ck_assert(!disk_is_ok(&fixture));
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
calls_suite(void)
{
    Suite *suite = suite_create("app/calls");
    TCase *tests = tcase_create("calls");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_newer_tab_takes_over);
    tcase_add_test(tests, a_second_offer_on_a_leg_is_refused);
    tcase_add_test(tests, four_may_be_in_and_the_fifth_finds_the_call_full);
    tcase_add_test(tests, a_guest_is_announced_recorded_and_named);
    tcase_add_test(tests, why_a_leg_ended_is_told_once_and_right);
    tcase_add_test(tests, a_guest_who_is_sent_away_is_gone_and_stays_away);
    tcase_add_test(tests, an_insurer_sees_the_pictures_of_its_own_party);
    tcase_add_test(tests, each_sees_its_own_slots_and_chooses_what_is_large);
    tcase_add_test(tests, an_invitation_fits_its_kind);
    tcase_add_test(tests, an_officer_is_in_one_call_at_a_time);
    tcase_add_test(tests, an_offer_that_is_none_leaves_nothing_behind);
    tcase_add_test(tests, a_vanished_driver_takes_up_where_it_stopped);
    tcase_add_test(tests, a_lost_worker_costs_no_second_that_was_durable);
    tcase_add_test(tests, a_supervisor_who_listens_is_announced_and_not_recorded);
    tcase_add_test(tests, who_listens_is_not_yet_there_for_a_case_that_is_handed_over);
    tcase_add_test(tests, a_leg_belongs_to_who_joined_it);
    tcase_add_test(tests, a_full_disk_takes_no_call_and_no_photo);
    tcase_add_test(tests, a_running_call_goes_on_in_the_reserve);
    tcase_add_test(tests, many_running_calls_keep_more_than_the_reserve);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(calls_suite())
