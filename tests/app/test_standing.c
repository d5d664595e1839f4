/* Decisions that stand: used again as long as nothing was written, and never longer. */
#include "src/app/standing.h"

#include "src/evidence/tokens.h"
#include "tests/app/fixture.h"

#include <sqlite3.h>

static KcSignedIn
sign_in(Fixture *fixture)
{
    KcSignedIn signed_in = {0};
    assert_done(kc_app_sign_in(fixture->app, "officer", "kuaichu-demo", "192.0.2.1", &signed_in, &result, &error));
    return signed_in;
}

static gboolean
stands(Fixture *fixture, const char *key)
{
    gint64 version;
    return kc_standing_find(fixture->app, key, NULL, &version);
}

/* As another program that has the database open. */
static void
write_past_the_app(const Fixture *fixture, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    g_autofree char *path = g_build_filename(fixture->dir, "kuaichu.db", NULL);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    sqlite3_exec(db, sql, NULL, NULL, &message);
    ck_assert_msg(message == NULL, "%s", message);
    sqlite3_close(db);
}

START_TEST(a_token_is_looked_up_once)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_auto(KcSignedIn) officer = sign_in(&fixture);
    g_autofree char *hash = kc_token_hash(officer.token);
    g_autoptr(KcPrincipal) first = NULL, second = NULL;
    assert_done(kc_app_authenticate(fixture.app, officer.token, "192.0.2.1", &first, &result, &error));
    ck_assert(stands(&fixture, hash));
    assert_done(kc_app_authenticate(fixture.app, officer.token, "192.0.2.2", &second, &result, &error));
    ck_assert_int_eq(first->role, second->role);
    ck_assert_str_eq(first->user_id, second->user_id);
    ck_assert_str_eq(first->session, second->session);
    ck_assert_str_eq(first->csrf_token, second->csrf_token);
    ck_assert_str_eq(second->address, "192.0.2.2");
    fixture_close(&fixture);
}
END_TEST

START_TEST(a_session_that_ended_or_expired_is_nobodys_at_once)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_auto(KcSignedIn) ended = sign_in(&fixture), expired = sign_in(&fixture);
    g_autoptr(KcPrincipal) who = NULL, nobody = NULL;
    assert_done(kc_app_authenticate(fixture.app, ended.token, NULL, &who, &result, &error));
    assert_done(kc_app_sign_out(fixture.app, who, &result, &error));
    assert_refused(kc_app_authenticate(fixture.app, ended.token, NULL, &nobody, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-unknown");
    g_clear_pointer(&who, kc_principal_free);
    assert_done(kc_app_authenticate(fixture.app, expired.token, NULL, &who, &result, &error));
    fixture.now_us = who->expires_us; /* nothing is written by that */
    assert_refused(kc_app_authenticate(fixture.app, expired.token, NULL, &nobody, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-unknown");
    fixture_close(&fixture);
}
END_TEST

START_TEST(what_another_program_writes_takes_effect_at_once)
{
    Fixture fixture;
    fixture_open(&fixture);
    g_auto(KcSignedIn) officer = sign_in(&fixture);
    g_autofree char *hash = kc_token_hash(officer.token);
    g_autoptr(KcPrincipal) who = NULL, nobody = NULL;
    assert_done(kc_app_authenticate(fixture.app, officer.token, NULL, &who, &result, &error));
    ck_assert(stands(&fixture, hash));
    write_past_the_app(&fixture, "UPDATE users SET disabled = 1 WHERE username = 'officer'");
    ck_assert(!stands(&fixture, hash));
    assert_refused(kc_app_authenticate(fixture.app, officer.token, NULL, &nobody, &result, &error),
                   KC_RESULT_UNAUTHENTICATED, "token-unknown");
    fixture_close(&fixture);
}
END_TEST

static void
open_and_close(Fixture *fixture, const Scene *scene, const char *recording)
{
    g_autoptr(KcObjectReader) reader = NULL;
    assert_done(kc_app_open_recording(fixture->app, scene->officer, recording, &reader, &result, &error));
}

START_TEST(a_recording_may_be_read_until_that_is_decided_otherwise)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    kc_fake_media_record(fixture.media, scene.party_leg, 4);
    kc_fake_media_crash(fixture.media);
    kc_app_wait_idle(fixture.app);
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture.app, scene.officer, scene.id, &recordings, &result, &error));
    const char *id = ((const KcRecordingView *)recordings->pdata[0])->id;
    g_autofree char *key = g_strconcat("recording ", scene.officer->session, " ", id, NULL);

    open_and_close(&fixture, &scene, id); /* is logged, which is written */
    ck_assert(!stands(&fixture, key));
    open_and_close(&fixture, &scene, id);
    ck_assert(stands(&fixture, key));
    open_and_close(&fixture, &scene, id);

    write_past_the_app(&fixture, "UPDATE cases SET officer_id = (SELECT id FROM users WHERE username = 'officer2')");
    g_autoptr(KcObjectReader) reader = NULL;
    assert_refused(kc_app_open_recording(fixture.app, scene.officer, id, &reader, &result, &error),
                   KC_RESULT_FORBIDDEN, "not-yours");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
standing_suite(void)
{
    Suite *suite = suite_create("app/standing");
    TCase *tc = tcase_create("standing");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_token_is_looked_up_once);
    tcase_add_test(tc, a_session_that_ended_or_expired_is_nobodys_at_once);
    tcase_add_test(tc, what_another_program_writes_takes_effect_at_once);
    tcase_add_test(tc, a_recording_may_be_read_until_that_is_decided_otherwise);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(standing_suite())
