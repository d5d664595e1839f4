#include "tests/store/fixture.h"
#include "src/store/document_store.h"

#include <sqlite3.h>

Fixture fixture;

static void
open_store(void)
{
    g_autoptr(GError) error = NULL;
    fixture.store = kc_store_open(fixture.path, fixture.keyring, &error);
    kc_assert_no_error(error);
}

void
fixture_setup(void)
{
    g_autoptr(GError) error = NULL;
    fixture.dir = kc_test_dir_new();
    fixture.path = g_build_filename(fixture.dir, "kuaichu.db", NULL);
    g_autofree char *key_path = g_build_filename(fixture.dir, "master.key", NULL);
    fixture.keyring = kc_keyring_open(key_path, TRUE, &error);
    kc_assert_no_error(error);
    open_store();
}

void
fixture_teardown(void)
{
    g_clear_pointer(&fixture.store, kc_store_close);
    g_clear_pointer(&fixture.keyring, kc_keyring_free);
    g_clear_pointer(&fixture.path, g_free);
    kc_test_dir_remove(g_steal_pointer(&fixture.dir));
}

void
fixture_reopen(void)
{
    g_clear_pointer(&fixture.store, kc_store_close);
    open_store();
}

void
fixture_write(KcTxFn fn, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean ok = kc_store_write(fixture.store, fn, user_data, &error);
    kc_assert_no_error(error);
    ck_assert(ok);
}

void
fixture_read(KcTxFn fn, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean ok = kc_store_read(fixture.store, fn, user_data, &error);
    kc_assert_no_error(error);
    ck_assert(ok);
}

void
fixture_write_fails(KcTxFn fn, gpointer user_data, KcStoreError code)
{
    g_autoptr(GError) error = NULL;
    ck_assert(!kc_store_write(fixture.store, fn, user_data, &error));
    ck_assert_msg(g_error_matches(error, KC_STORE_ERROR, (int)code), "another error: %s", error->message);
}

gboolean
fixture_insert_case(KcTx *tx, const char *id, const char *number, gint64 created_us, GError **error)
{
    KcCaseRow row = {
        .id = (char *)id,
        .number = (char *)number,
        .state = (char *)"waiting",
        .county = (char *)"611002",
        .channel = (char *)"web",
        .created_us = created_us,
        .updated_us = created_us,
        .queued_us = created_us,
        .triage_json = (char *)"{\"injury\":\"none\"}",
        .place_text = (char *)"商州区北新街与工农路路口",
        .has_position = TRUE,
        .latitude = 33.8704,
        .longitude = 109.9187,
        .accuracy_m = 12,
        .reporter_phone = (char *)"13811112222",
    };
    return kc_case_store_insert(tx, &row, error);
}

gboolean
fixture_rows(KcTx *tx, gpointer unused, GError **error)
{
    const KcUser officer = {
        .id = (char *)FIXTURE_OFFICER,
        .username = (char *)"officer",
        .name = (char *)"Officer Li",
        .role = (char *)"officer",
        .badge_number = (char *)"061234",
        .password_hash = (char *)"$argon2id$",
        .created_us = FIXTURE_NOW_US,
    };
    const KcParty party = {
        .id = (char *)FIXTURE_PARTY,
        .case_id = (char *)FIXTURE_CASE,
        .label = (char *)"A",
        .is_reporter = TRUE,
        .created_us = FIXTURE_NOW_US,
        .name = (char *)"张三",
        .phone = (char *)"13800000000",
        .plate_number = (char *)"陕H12345",
        .plate_type = (char *)"02",
    };
    return kc_user_store_insert(tx, &officer, error) &&
           fixture_insert_case(tx, FIXTURE_CASE, "C-20261123-000001", FIXTURE_NOW_US, error) &&
           fixture_insert_case(tx, FIXTURE_OTHER_CASE, "C-20261123-000002", FIXTURE_NOW_US + 1, error) &&
           kc_party_store_insert(tx, &party, error);
}

char *
fixture_raw_sql(const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    ck_assert_int_eq(sqlite3_open(fixture.path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    sqlite3_exec(db, sql, NULL, NULL, &message);
    char *owned = g_strdup(message);
    sqlite3_free(message);
    sqlite3_close(db);
    return owned;
}

gboolean
fixture_document(KcTx *tx, gpointer unused, GError **error)
{
    const KcDocumentRow document = {.id = (char *)FIXTURE_DOCUMENT,
                                    .case_id = (char *)FIXTURE_CASE,
                                    .kind = (char *)"determination",
                                    .number = (char *)"D1",
                                    .text = (char *)"张三负全部责任。\n",
                                    .sha256 = (char *)FIXTURE_SHA256,
                                    .issued_by = (char *)FIXTURE_OFFICER,
                                    .issued_us = FIXTURE_NOW_US};
    return kc_document_store_insert(tx, &document, error);
}

static char *
trigger_sql(sqlite3 *db, const char *name)
{
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema WHERE name = ?", -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    char *sql = g_strdup((const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return sql;
}

void
fixture_forget_log(void)
{
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(fixture.path, &db), SQLITE_OK);
    g_autofree char *entries = trigger_sql(db, "audit_log_no_delete");
    g_autofree char *leaves = trigger_sql(db, "log_leaves_no_delete");
    g_autofree char *sql = g_strconcat("DROP TRIGGER audit_log_no_delete; DROP TRIGGER log_leaves_no_delete; "
                                       "DELETE FROM log_leaves; DELETE FROM audit_log; ",
                                       entries, ";", leaves, NULL);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}
