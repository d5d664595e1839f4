/* kuaichu fsck beside a running service: recordings that are being made, or were left by a process that died, are no damage;
 * what was cut off them is. */
#include "src/app/check.h"
#include "src/app/internal.h"
#include "src/store/sql.h"
#include "tests/app/fixture.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static Fixture fixture;
static Scene scene;

typedef struct {
    guint findings;
    GString *said;
} Said;

static void
on_found(const KcDamage *damage, gpointer user_data)
{
    Said *said = user_data;
    said->findings++;
    g_string_append_printf(said->said, "%s [%s %s]\n", damage->text, damage->case_number, damage->file);
}

/* What is found must hold `wanted`; NULL: nothing is. */
static KcCheckTotals
check(const char *wanted)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    Said said = {0, text};
    KcCheckOptions options = {.data_dir = fixture.dir, .found = on_found, .user_data = &said};
    KcCheckTotals totals;
    gboolean done = kc_app_check_folder(&options, &totals, &error);
    kc_assert_no_error(error);
    ck_assert(done);
    ck_assert_msg((wanted == NULL) == (said.findings == 0), "found:\n%s", text->str);
    ck_assert_msg(wanted == NULL || strstr(text->str, wanted) != NULL, "found:\n%s", text->str);
    ck_assert(!totals.unbound);
    return totals;
}

static void
setup(void)
{
    fixture_open(&fixture);
    scene_call(&fixture, &scene);
    kc_fake_media_record(fixture.media, scene.party_leg, 65);
    kc_fake_media_record(fixture.media, scene.officer_leg, 5);
}

static void
teardown(void)
{
    scene_clear(&scene);
    fixture_close(&fixture);
}

/* The party's live file. */
static char *
live_path(void)
{
    g_autofree char *folder = g_build_filename(fixture.dir, "vault", scene.id, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    char *largest = NULL;
    gsize most = 0;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *bytes = NULL;
        gsize len;
        ck_assert(g_file_get_contents(path, &bytes, &len, NULL));
        if (len > most) {
            most = len;
            g_free(largest);
            largest = g_steal_pointer(&path);
        }
    }
    return largest;
}

START_TEST(a_running_service_is_not_damaged)
{
    KcCheckTotals totals = check(NULL);
    ck_assert_int_eq(totals.unfinished, 2);
    ck_assert_int_eq(totals.cases, 1);
    kc_fake_media_crash(fixture.media);
    kc_app_wait_idle(fixture.app);
    totals = check(NULL);
    ck_assert_int_eq(totals.unfinished, 0);
    ck_assert_int_eq(totals.files, 2);
    fixture_restart(&fixture);
    check(NULL);
}
END_TEST

START_TEST(a_live_recording_that_was_cut_is_told_from_one_that_was_interrupted)
{
    g_autofree char *path = live_path();
    g_autofree char *bytes = NULL;
    gsize len;
    ck_assert(g_file_get_contents(path, &bytes, &len, NULL));
    ck_assert_int_eq(truncate(path, (off_t)len - 3), 0); /* a torn end, of the last chunk that was told */
    check("chunks are whole, but");
    ck_assert_int_eq(truncate(path, 200), 0);
    check("chunks are whole, but");
    ck_assert_int_eq(unlink(path), 0);
    check("is missing");
    ck_assert(g_file_set_contents(path, bytes, (gssize)len, NULL));
    check(NULL);
    bytes[300] ^= 1;
    ck_assert(g_file_set_contents(path, bytes, (gssize)len, NULL));
    check("chunk 0 was changed");
}
END_TEST

/* Who also has the database makes the row of the recording say less; the log knows better. */
static gboolean
forget_chunks(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) recordings = kc_recording_store_list(tx, scene.id, error);
    for (guint i = 0; i < recordings->len; i++) {
        KcRecording *recording = recordings->pdata[i];
        recording->chunks = 0;
        ck_assert_int_eq(kc_recording_store_update(tx, recording, error), KC_UPDATE_DONE);
    }
    return TRUE;
}

START_TEST(the_log_knows_what_a_live_recording_had)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = live_path();
    ck_assert(kc_store_write(fixture.app->store, forget_chunks, NULL, &error));
    check(NULL);
    ck_assert_int_eq(truncate(path, 128), 0);
    check("has lost what entry");
}
END_TEST

/* Past the service, whose writer sums up what it does itself. */
static void
run_past_service(const char *sql)
{
    g_autofree char *path = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

START_TEST(what_the_service_takes_away_is_summed_up)
{
    g_autoptr(GError) error = NULL;
    fixture.now_us += 49 * G_TIME_SPAN_HOUR; /* events and sessions are old then */
    ck_assert(kc_app_housekeep(fixture.app, &error));
    check(NULL);
}
END_TEST

static const struct {
    const char *sql, *wanted;
} gone[] = {
    {"DELETE FROM events WHERE seq = (SELECT min(seq) FROM events)", "events: rows"},
    {"DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "events: rows"},
    {"DELETE FROM sessions WHERE token_hash = (SELECT min(token_hash) FROM sessions)", "sessions: rows"},
    {"INSERT INTO seats (user_id, said, said_us) SELECT min(id), 'free', 1 FROM users", "seats: rows"},
    {"UPDATE parties SET last_seen_us = last_seen_us + 1 WHERE id = (SELECT min(id) FROM parties)", "rows of parties"},
    {"UPDATE cases SET retention_look_us = 1 WHERE id = (SELECT min(id) FROM cases)", "rows of cases"},
    {"UPDATE cases SET key_tree = key_tree + 1 WHERE id = (SELECT min(id) FROM cases)", "rows of cases"},
    {"UPDATE counters SET value = value + 1 WHERE name = (SELECT min(name) FROM counters)", "rows of counters"},
    {"UPDATE counters SET value = value + 1 WHERE name = 'events'", "rows of counters"},
    {"INSERT INTO sqlite_sequence (name, seq) VALUES ('events', 1)", "counts for itself no more"},
    {"UPDATE cases SET wrapped_recordings_key = zeroblob(length(wrapped_recordings_key))", "wrapped_recordings_key of case"},
    {"UPDATE cases SET wrapped_recordings_key = x''", "wrapped_recordings_key of case"},
    {"UPDATE case_search SET row_us = row_us + 1", "is not where its words stand"},
    {"PRAGMA ignore_check_constraints = ON; UPDATE case_search SET indexed = 2", "neither waits for its words nor has them"},
    {"INSERT INTO row_states (scope, tbl, key, digest) VALUES ('nobody', 'cases', 'x', zeroblob(32))",
     "row_states tells of rows of 'nobody'"},
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'seats'",
     "the table seats of the database was changed"},
    {"DELETE FROM row_sums", "is not kept any more"},
    {"UPDATE row_sums SET seal = zeroblob(length(seal))", "was changed past it"},
};

/* And it does not come right by what the service writes next. */
START_TEST(what_went_past_the_service_is_missed)
{
    Scene other;
    run_past_service(gone[_i].sql);
    check(gone[_i].wanted);
    scene_open(&fixture, &other);
    check(gone[_i].wanted);
    fixture_restart(&fixture);
    check(gone[_i].wanted);
    scene_clear(&other);
}
END_TEST

/* All of them at once, with what is kept of them, so that they agree with each other. */
static const char *const put_back[] = {"counters", "events",  "idempotency",     "log_checkpoints", "log_cosignatures",
                                       "seats",    "sessions", "report_progress", "row_sums"};

START_TEST(what_is_put_back_with_its_sums_is_of_another_moment)
{
    g_autofree char *path = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    g_autofree char *earlier = g_build_filename(fixture.dir, "earlier.db", NULL);
    g_autofree char *keep = g_strdup_printf("VACUUM INTO '%s'", earlier);
    g_autofree char *attach = g_strdup_printf("PRAGMA foreign_keys = OFF; ATTACH '%s' AS earlier; BEGIN", earlier);
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, keep, NULL, NULL, NULL), SQLITE_OK);
    kc_principal_free(fixture_staff(&fixture, "auditor")); /* nothing else than a session, and an entry of it */
    check(NULL);
    ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(put_back); i++) {
        g_autofree char *sql = g_strdup_printf("DELETE FROM main.%1$s; INSERT INTO main.%1$s SELECT * FROM earlier.%1$s",
                                               put_back[i]);
        ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    ck_assert_int_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    check("one of them was put back");
}
END_TEST

static char *other_id;

static void
run_sql(KcTx *tx, const char *sql, const char *id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    kc_bind_text(query, id);
    ck_assert(kc_query_run(query, NULL, error));
}

static gboolean
damage_rows(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    run_sql(tx, "UPDATE parties SET sealed_particulars = x'00' WHERE id = ?", scene.party_id, error);
    run_sql(tx, "UPDATE case_search SET county = 'elsewhere' WHERE case_id = ?", other_id, error);
    return TRUE;
}

START_TEST(damage_of_one_case_hides_none_of_another)
{
    g_autoptr(GError) error = NULL;
    Scene other;
    scene_open(&fixture, &other);
    other_id = other.id;
    check(NULL);
    ck_assert(kc_store_write(fixture.app->store, damage_rows, NULL, &error));
    g_autofree char *damaged = g_strdup_printf("what case %s is found by can't be compared", scene.id);
    g_autofree char *changed = g_strdup_printf("what case_search keeps of case %s is not what its rows say", other.id);
    check(damaged);
    check(changed);
    scene_clear(&other);
}
END_TEST

static Suite *
check_suite(void)
{
    Suite *suite = suite_create("app/check");
    TCase *tests = tcase_create("check");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_running_service_is_not_damaged);
    tcase_add_test(tests, a_live_recording_that_was_cut_is_told_from_one_that_was_interrupted);
    tcase_add_test(tests, the_log_knows_what_a_live_recording_had);
    tcase_add_test(tests, what_the_service_takes_away_is_summed_up);
    tcase_add_loop_test(tests, what_went_past_the_service_is_missed, 0, G_N_ELEMENTS(gone));
    tcase_add_test(tests, what_is_put_back_with_its_sums_is_of_another_moment);
    tcase_add_test(tests, damage_of_one_case_hides_none_of_another);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(check_suite())
