/* What is kept of a case goes by rule: recordings first, then the case; a hold keeps it; and a backup from before
 * brings nothing of it back, while other cases stay readable. */
#include "src/app/backup.h"
#include "src/app/bundles.h"
#include "src/app/holds.h"
#include "src/app/messages.h"
#include "src/app/public_log.h"
#include "src/app/retention.h"
#include "src/app/verification.h"
#include "src/store/case_store.h"
#include "src/store/object_store.h"
#include "tests/app/fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
    Fixture fixture;
    Scene scene;
    char *photo_id;
} Made;

static char *
add_photo(Fixture *fixture, const Scene *scene)
{
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcStillView) still = NULL;
    assert_done(
        kc_app_add_photo(fixture->app, scene->party, scene->id, &(KcNewPhoto){.image = png}, &still, &result, &error));
    return g_strdup(still->id);
}

static void
housekeep(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_housekeep(fixture->app, &error));
    kc_assert_no_error(error);
}

static void
pass(Fixture *fixture, gint64 span)
{
    fixture->now_us += span;
    housekeep(fixture);
}

/* A case with a recording and a photo, which its party has left. */
static void
setup_left(Made *made)
{
    *made = (Made){0};
    fixture_open(&made->fixture);
    scene_call(&made->fixture, &made->scene);
    kc_fake_media_record(made->fixture.media, made->scene.party_leg, 3);
    made->photo_id = add_photo(&made->fixture, &made->scene);
    g_autoptr(KcMessageView) message = NULL;
    assert_done(kc_app_send_message(made->fixture.app, made->scene.party, made->scene.id, "我听不见", NULL, &message, &result,
                                    &error));
    kc_fake_media_vanish(made->fixture.media, made->scene.party_leg);
    kc_fake_media_vanish(made->fixture.media, made->scene.officer_leg);
    kc_app_wait_idle(made->fixture.app);
    pass(&made->fixture, 3 * G_TIME_SPAN_HOUR);
    pass(&made->fixture, 80 * G_TIME_SPAN_HOUR);
    pass(&made->fixture, G_TIME_SPAN_DAY);
}

static void
teardown(Made *made)
{
    g_free(made->photo_id);
    scene_clear(&made->scene);
    fixture_close(&made->fixture);
}

static gint64
number(const char *folder, const char *sql, const char *text)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    g_autofree char *path = g_build_filename(folder, "kuaichu.db", NULL);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    if (text != NULL)
        sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    gint64 value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

static guint
files_of(const char *folder, const char *case_id)
{
    guint n = 0;
    g_autofree char *path = g_build_filename(folder, "vault", case_id, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void
log_is_right(Fixture *fixture)
{
    g_auto(KcLogVerdict) verdict = {0};
    assert_done(kc_app_verify_log(fixture->app, NULL, &verdict, &result, &error));
    ck_assert_msg(verdict.problem == NULL, "%s", verdict.problem);
}

static gboolean
photo_opens(Fixture *fixture, const Made *made)
{
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    g_autoptr(KcObjectReader) reader = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gboolean done = kc_app_open_still(fixture->app, auditor, made->scene.id, made->photo_id, &reader, &result, &error);
    kc_assert_no_error(error);
    return done;
}

/* ---- recordings, then the case ---- */

START_TEST(recordings_go_by_their_own_rule_and_the_case_by_its_own)
{
    Made made;
    setup_left(&made);
    Fixture *fixture = &made.fixture;
    ck_assert_uint_ge(files_of(fixture->dir, made.scene.id), 2);
    pass(fixture, 190 * G_TIME_SPAN_DAY);
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture->app, auditor, made.scene.id, &recordings, &result, &error));
    for (guint i = 0; i < recordings->len; i++) {
        g_autoptr(KcObjectReader) reader = NULL;
        const KcRecordingView *one = recordings->pdata[i];
        ck_assert_str_eq(one->status, "erased");
        assert_refused(kc_app_open_recording(fixture->app, auditor, one->id, &reader, &result, &error),
                       KC_RESULT_CONFLICT, "erased");
    }
    ck_assert_uint_ge(recordings->len, 1);
    ck_assert(photo_opens(fixture, &made));
    g_autoptr(KcBundle) bundle = NULL; /* of what is left */
    assert_done(kc_app_make_bundle(fixture->app, auditor, made.scene.id, NULL, &bundle, &result, &error));
    g_clear_pointer(&bundle, kc_bundle_free);
    ck_assert_int_eq(number(fixture->dir,
                            "SELECT count(*) FROM audit_log WHERE kind = 'recordings.erased' AND data_json ->> "
                            "'$.rule' = 'RECORDINGS_LEFT' AND case_id = ?",
                            made.scene.id),
                     1);
    log_is_right(fixture);
    guint before = files_of(fixture->dir, made.scene.id);
    pass(fixture, 200 * G_TIME_SPAN_DAY);
    ck_assert_int_eq(number(fixture->dir, "SELECT erased_us > 0 FROM cases WHERE id = ?", made.scene.id), 1);
    ck_assert_uint_ge(before, 1);
    ck_assert_uint_eq(files_of(fixture->dir, made.scene.id), 0);
    log_is_right(fixture);
    teardown(&made);
}
END_TEST

/* ---- what is left of it ---- */

static void
refuses_everything(Fixture *fixture, const Made *made)
{
    g_autoptr(KcPrincipal) supervisor = fixture_staff(fixture, "supervisor");
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    g_autoptr(KcPrincipal) officer = fixture_staff(fixture, "officer");
    g_autoptr(KcCaseView) view = NULL, claimed = NULL;
    g_autoptr(GPtrArray) recordings = NULL, stills = NULL, items = NULL;
    g_autoptr(KcStillView) still = NULL;
    g_autoptr(KcHoldView) hold = NULL;
    g_autoptr(GBytes) png = fixture_png();
    assert_refused(kc_app_list_recordings(fixture->app, auditor, made->scene.id, &recordings, &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    assert_refused(kc_app_list_live_stills(fixture->app, officer, made->scene.id, &stills, &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    assert_refused(kc_app_list_messages(fixture->app, officer, made->scene.id, NULL, &items, &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    assert_refused(kc_app_claim_case(fixture->app, officer, made->scene.id, 0, &claimed, &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    assert_refused(
        kc_app_add_photo(fixture->app, officer, made->scene.id, &(KcNewPhoto){.image = png}, &still, &result, &error),
        KC_RESULT_CONFLICT, "erased");
    assert_refused(kc_app_place_hold(fixture->app, supervisor, made->scene.id, 0, "诉讼", "民事诉讼法第67条", &hold,
                                     &result, &error),
                   KC_RESULT_CONFLICT, "erased");
    ck_assert(!photo_opens(fixture, made));
    assert_done(kc_app_get_case(fixture->app, auditor, made->scene.id, &view, &result, &error));
    ck_assert_int_gt(view->row->erased_us, 0);
    ck_assert_ptr_null(view->row->place_text);
    ck_assert_uint_eq(view->parties->len, 0);
    assert_done(kc_app_timeline(fixture->app, auditor, made->scene.id, &items, &result, &error));
    ck_assert_uint_ge(items->len, 5);
    const KcTimelineItem *last = items->pdata[items->len - 1];
    ck_assert_str_eq(last->kind, "case.erased");
    ck_assert_ptr_nonnull(strstr(last->data_json, "legal_basis"));
}

static void
is_found_by_nothing_personal(Fixture *fixture)
{
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    g_auto(KcCaseList) found = {0}, all = {0};
    KcCaseQuery by_plate = {.q = "陕H12345"}, everything = {0};
    assert_done(kc_app_list_cases(fixture->app, auditor, &by_plate, &found, &result, &error));
    ck_assert_uint_eq(found.cases->len, 0);
    assert_done(kc_app_list_cases(fixture->app, auditor, &everything, &all, &result, &error));
    ck_assert_uint_eq(all.cases->len, 1);
}

START_TEST(an_erased_case_answers_clearly_and_keeps_its_log)
{
    Made made;
    setup_left(&made);
    Fixture *fixture = &made.fixture;
    pass(fixture, 400 * G_TIME_SPAN_DAY);
    refuses_everything(fixture, &made);
    is_found_by_nothing_personal(fixture);
    static const char *const emptied[] = {"parties", "objects", "capabilities", "consent_entries", "events", "guests",
                                          "messages"};
    for (guint i = 0; i < G_N_ELEMENTS(emptied); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s WHERE case_id = ?", emptied[i]);
        ck_assert_msg(number(fixture->dir, sql, made.scene.id) == 0, "%s", emptied[i]);
    }
    ck_assert_int_eq(number(fixture->dir,
                            "SELECT count(*) FROM cases WHERE wrapped_key IS NULL AND sealed_facts IS NULL AND "
                            "erased_by_rule = 'CASE_LEFT' AND id = ?",
                            made.scene.id),
                     1);
    ck_assert_int_eq(number(fixture->dir, "SELECT count(*) FROM key_destructions", NULL), 0);
    fixture_restart(fixture);
    refuses_everything(fixture, &made);
    log_is_right(fixture);
    teardown(&made);
}
END_TEST

/* ---- a hold ---- */

START_TEST(a_case_on_hold_is_kept_until_the_hold_is_lifted)
{
    Made made;
    setup_left(&made);
    Fixture *fixture = &made.fixture;
    g_autoptr(KcPrincipal) supervisor = fixture_staff(fixture, "supervisor");
    g_autoptr(KcPrincipal) officer = fixture_staff(fixture, "officer");
    g_autoptr(KcHoldView) hold = NULL, no = NULL, lifted = NULL;
    assert_refused(kc_app_place_hold(fixture->app, officer, made.scene.id, 0, "a", "b", &no, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    assert_refused(kc_app_place_hold(fixture->app, supervisor, made.scene.id, 1, "a", "b", &no, &result, &error),
                   KC_RESULT_STALE, "stale");
    assert_refused(kc_app_place_hold(fixture->app, supervisor, made.scene.id, 0, "a", "", &no, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    assert_done(kc_app_place_hold(fixture->app, supervisor, made.scene.id, 0, "法院调取",
                                  "道路交通事故处理程序规定第106条", &hold, &result, &error));
    pass(fixture, 2000 * G_TIME_SPAN_DAY);
    ck_assert_int_eq(
        number(fixture->dir, "SELECT erased_us + recordings_erased_us FROM cases WHERE id = ?", made.scene.id), 0);
    g_autoptr(KcPrincipal) later = fixture_staff(fixture, "supervisor");
    g_autoptr(GPtrArray) items = NULL, holds = NULL;
    gboolean more;
    assert_done(kc_app_preview_retention(fixture->app, later, 30, &items, &more, &result, &error));
    ck_assert_uint_eq(items->len, 2);
    ck_assert_int_eq(((KcRetentionItem *)items->pdata[0])->state, KC_RETENTION_ON_HOLD);
    assert_done(kc_app_list_holds(fixture->app, later, NULL, &holds, &result, &error));
    ck_assert_uint_eq(holds->len, 1);
    ck_assert_str_eq(((KcHoldView *)holds->pdata[0])->hold->reason, "法院调取");
    assert_done(kc_app_lift_hold(fixture->app, later, hold->hold->id, 0, "已结案", &lifted, &result, &error));
    pass(fixture, 2 * G_TIME_SPAN_DAY);
    ck_assert_int_eq(number(fixture->dir, "SELECT erased_us > 0 FROM cases WHERE id = ?", made.scene.id), 1);
    log_is_right(fixture);
    teardown(&made);
}
END_TEST

/* ---- the backup from before ---- */

static void
copy_tree(const char *from, const char *to)
{
    g_autoptr(GError) error = NULL;
    char *argv[] = {(char *)"cp", (char *)"-a", (char *)from, (char *)to, NULL};
    int status = 1;
    ck_assert(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error));
    ck_assert_int_eq(status, 0);
}

typedef struct {
    const char *case_id, *object_id;
    gboolean row_opens, object_opens;
} Tried;

/* As somebody would who has all of the backup and all of the keys. */
static gboolean
try_case(KcTx *tx, gpointer data, GError **error)
{
    Tried *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    guint8 key[KC_KEY_LEN];
    g_autoptr(GError) a = NULL, b = NULL;
    self->row_opens = kc_case_store_get(tx, self->case_id, &row, &a);
    self->object_opens = kc_object_store_key(tx, self->case_id, self->object_id, key, &b);
    ck_assert(self->row_opens || g_error_matches(a, KC_STORE_ERROR, KC_STORE_ERROR_ERASED));
    ck_assert(self->object_opens || g_error_matches(b, KC_STORE_ERROR, KC_STORE_ERROR_ERASED));
    return TRUE;
}

static Tried
tried(const char *folder, const char *case_id, const char *object_id)
{
    g_autoptr(GError) error = NULL;
    Tried tried = {case_id, object_id, FALSE, FALSE};
    g_autofree char *master = g_build_filename(folder, "keys", "master.key", NULL);
    g_autofree char *safe = g_build_filename(folder, "keys", "case-keys", NULL);
    g_autofree char *database = g_build_filename(folder, "kuaichu.db", NULL);
    const KcKeyFiles files = {.master = master, .safe = safe};
    g_autoptr(KcKeyring) keyring = kc_keyring_open_files(&files, FALSE, &error);
    kc_assert_no_error(error);
    g_autoptr(KcStore) store = kc_store_open(database, keyring, &error);
    kc_assert_no_error(error);
    ck_assert(kc_store_read(store, try_case, &tried, &error));
    return tried;
}

/* The database and vault of the backup, and the keys as they are now; `*ret_other` was not erased. */
static char *
restore(Made *made, const char *backups, const char *name)
{
    char *folder = g_build_filename(backups, name, NULL);
    g_autofree char *taken = g_build_filename(backups, "taken", NULL),
                    *keys = g_build_filename(made->fixture.dir, "keys", NULL);
    copy_tree(taken, folder);
    g_autofree char *into = g_build_filename(folder, "keys", NULL);
    copy_tree(keys, into);
    return folder;
}

START_TEST(a_backup_from_before_brings_nothing_back)
{
    Made made;
    setup_left(&made);
    Fixture *fixture = &made.fixture;
    g_autofree char *backups = kc_test_dir_new(), *taken = g_build_filename(backups, "taken", NULL);
    g_autofree char *vault = g_build_filename(fixture->dir, "vault", NULL),
                    *kept = g_build_filename(taken, "vault", NULL);
    fixture->now_us += 180 * G_TIME_SPAN_DAY;
    Scene other;
    scene_open(fixture, &other);
    g_autofree char *other_photo = add_photo(fixture, &other);
    gint64 files = 0;
    assert_done(kc_app_backup(fixture->app, taken, &files, &result, &error));
    ck_assert_int_ge(files, 2);
    copy_tree(vault, kept);
    g_autofree char *key_in_backup = g_build_filename(taken, "keys", NULL);
    ck_assert(!g_file_test(key_in_backup, G_FILE_TEST_EXISTS));

    g_autofree char *first = restore(&made, backups, "first"); /* nothing is erased yet: all of it opens */
    Tried before = tried(first, made.scene.id, made.photo_id);
    ck_assert(before.row_opens && before.object_opens);
    pass(fixture, 200 * G_TIME_SPAN_DAY);
    ck_assert_int_eq(number(fixture->dir, "SELECT erased_us > 0 FROM cases WHERE id = ?", made.scene.id), 1);

    g_autofree char *second = restore(&made, backups, "second");
    ck_assert_int_eq(
        number(second, "SELECT count(*) FROM cases WHERE wrapped_key IS NOT NULL AND id = ?", made.scene.id), 1);
    Tried after = tried(second, made.scene.id, made.photo_id), young = tried(second, other.id, other_photo);
    ck_assert(!after.row_opens && !after.object_opens);
    ck_assert(young.row_opens && young.object_opens);

    /* The service that is started on it takes out again what can't be read, and says so in its log. */
    kc_app_free(fixture->app);
    kc_fake_media_free(fixture->media);
    Fixture restored = {.dir = second, .free_bytes = fixture->free_bytes, .now_us = fixture->now_us};
    fixture_start(&restored);
    refuses_everything(&restored, &made);
    ck_assert_int_eq(
        number(second,
               "SELECT count(*) FROM cases WHERE erased_by_rule = 'KEY_DESTROYED' AND erased_basis = "
               "'个人信息保护法第47条' AND id = ?",
               made.scene.id),
        1);
    ck_assert_uint_eq(files_of(second, made.scene.id), 0);
    log_is_right(&restored);
    kc_app_free(restored.app);
    kc_fake_media_free(restored.media);
    fixture_start(fixture);
    scene_clear(&other);
    teardown(&made);
    kc_test_dir_remove(g_steal_pointer(&backups));
}
END_TEST

static Suite *
erasure_suite(void)
{
    Suite *suite = suite_create("app/erasure");
    TCase *tc = tcase_create("erasure");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, recordings_go_by_their_own_rule_and_the_case_by_its_own);
    tcase_add_test(tc, an_erased_case_answers_clearly_and_keeps_its_log);
    tcase_add_test(tc, a_case_on_hold_is_kept_until_the_hold_is_lifted);
    tcase_add_test(tc, a_backup_from_before_brings_nothing_back);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(erasure_suite())
