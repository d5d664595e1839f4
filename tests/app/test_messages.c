/* What is written in a call stays with its case: found by its words, checked against the log, and gone when little is
 * kept. */
#include "src/app/check.h"
#include "src/app/messages.h"
#include "src/base/limits.h"
#include "tests/app/fixture.h"

#include <string.h>

#define WORDS "对方说是闯红灯"

static Fixture fixture;
static Scene scene;

static void
setup(void)
{
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
}

static void
teardown(void)
{
    scene_clear(&scene);
    fixture_close(&fixture);
}

static void
say(const KcPrincipal *who, const char *text)
{
    g_autoptr(KcMessageView) view = NULL;
    assert_done(kc_app_send_message(fixture.app, who, scene.id, text, NULL, &view, &result, &error));
    ck_assert_str_eq(view->message->text, text);
}

static guint
count(const KcPrincipal *who)
{
    g_autoptr(GPtrArray) views = NULL;
    assert_done(kc_app_list_messages(fixture.app, who, scene.id, NULL, &views, &result, &error));
    return views->len;
}

/* How many cases those words find, and that the first is found by a message. */
static guint
found_by(const char *words)
{
    g_autoptr(KcPrincipal) auditor = fixture_staff(&fixture, "auditor");
    g_auto(KcCaseList) found = {0};
    const KcCaseQuery query = {.q = words};
    assert_done(kc_app_list_cases(fixture.app, auditor, &query, &found, &result, &error));
    if (found.cases->len > 0) {
        const KcWhyFound *why = ((const GPtrArray *)found.whys->pdata[0])->pdata[0];
        ck_assert_str_eq(why->field, "message");
        ck_assert_str_eq(why->label, "A");
    }
    return found.cases->len;
}

static void
on_found(const KcDamage *damage, gpointer user_data)
{
    g_string_append_printf(user_data, "%s\n", damage->text);
}

static void
is_undamaged(void)
{
    g_autoptr(GString) said = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    const KcCheckOptions options = {.data_dir = fixture.dir, .found = on_found, .user_data = said};
    KcCheckTotals totals;
    gboolean done = kc_app_check_folder(&options, &totals, &error);
    kc_assert_no_error(error);
    ck_assert(done);
    ck_assert_str_eq(said->str, "");
}

START_TEST(a_case_is_found_by_what_was_written_in_its_call)
{
    say(scene.party, WORDS);
    say(scene.officer, "请稍等");
    ck_assert_uint_eq(count(scene.party), 2);
    ck_assert_uint_eq(found_by("闯红灯"), 1);
    ck_assert_uint_eq(found_by("超速"), 0);
    is_undamaged();
}
END_TEST

/* The same instant twice: who reads on after one misses none. */
START_TEST(each_has_a_time_of_its_own)
{
    g_autoptr(GPtrArray) all = NULL;
    for (int i = 0; i < 3; i++)
        say(scene.party, "一");
    assert_done(kc_app_list_messages(fixture.app, scene.officer, scene.id, NULL, &all, &result, &error));
    for (guint i = 0; i < all->len; i++) {
        g_autoptr(GPtrArray) later = NULL;
        const KcMessageView *one = all->pdata[i];
        assert_done(
            kc_app_list_messages(fixture.app, scene.officer, scene.id, one->message->id, &later, &result, &error));
        ck_assert_uint_eq(later->len, all->len - 1 - i);
    }
}
END_TEST

START_TEST(a_case_holds_so_many)
{
    g_autoptr(KcMessageView) none = NULL;
    for (int i = 0; i < KC_LIMIT_MESSAGES_PER_CASE; i++)
        say(scene.party, "一");
    assert_refused(kc_app_send_message(fixture.app, scene.officer, scene.id, "二", NULL, &none, &result, &error),
                   KC_RESULT_CONFLICT, "too-many-messages");
    ck_assert_uint_eq(count(scene.officer), KC_LIMIT_MESSAGES_PER_CASE);
}
END_TEST

START_TEST(nothing_is_written_once_the_call_is_over)
{
    g_autoptr(KcCaseView) sent = NULL;
    g_autoptr(KcMessageView) none = NULL;
    say(scene.party, WORDS);
    assert_done(kc_app_send_on_scene(fixture.app, scene.officer, scene.id, NULL, &sent, &result, &error));
    assert_refused(kc_app_send_message(fixture.app, scene.party, scene.id, "还在吗", NULL, &none, &result, &error),
                   KC_RESULT_STATE, "wrong-state");
    ck_assert_uint_eq(count(scene.party), 1);
}
END_TEST

/* PIPL, art. 19: of a case that its party has left the words go, as its names do. */
START_TEST(of_a_case_that_was_left_the_words_go)
{
    g_autoptr(KcCaseView) released = NULL;
    say(scene.party, WORDS);
    kc_fake_media_vanish(fixture.media, scene.party_leg);
    kc_fake_media_vanish(fixture.media, scene.officer_leg);
    kc_app_wait_idle(fixture.app);
    assert_done(kc_app_release_case(fixture.app, scene.officer, scene.id, 0, &released, &result, &error));
    for (int hours = 3; hours < 100; hours += 77) {
        g_autoptr(GError) error = NULL;
        fixture.now_us += hours * G_TIME_SPAN_HOUR;
        ck_assert(kc_app_housekeep(fixture.app, &error));
    }
    g_autoptr(KcPrincipal) auditor = fixture_staff(&fixture, "auditor");
    g_autoptr(KcCaseView) view = fixture_case(&fixture, auditor, scene.id);
    ck_assert_str_eq(view->row->state, "expired");
    ck_assert_uint_eq(count(auditor), 0);
    ck_assert_uint_eq(found_by("闯红灯"), 0);
    is_undamaged();
}
END_TEST

static Suite *
messages_suite(void)
{
    Suite *suite = suite_create("app messages");
    TCase *all = tcase_create("messages");
    tcase_set_timeout(all, 120);
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, a_case_is_found_by_what_was_written_in_its_call);
    tcase_add_test(all, each_has_a_time_of_its_own);
    tcase_add_test(all, a_case_holds_so_many);
    tcase_add_test(all, nothing_is_written_once_the_call_is_over);
    tcase_add_test(all, of_a_case_that_was_left_the_words_go);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(messages_suite())
