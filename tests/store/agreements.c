/* The parties' agreement: its draft, its proposals, and the table of documents that was made anew for it. */
#include "src/store/agreement_store.h"
#include "src/store/document_store.h"
#include "src/store/migrations.h"
#include "src/store/sql.h"
#include "tests/store/fixture.h"

#include <string.h>

#define FIRST "01935cd1-7f00-7000-8000-0000000000d1"
#define SECOND "01935cd1-7f00-7000-8000-0000000000d2"

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
}

static gboolean
put_draft(KcTx *tx, gpointer json, GError **error)
{
    const KcAgreementRow draft = {(char *)FIXTURE_CASE, json, FIXTURE_NOW_US};
    return kc_agreement_store_put(tx, &draft, error);
}

static gboolean
check_draft(KcTx *tx, gpointer json, GError **error)
{
    g_autoptr(KcAgreementRow) draft = NULL;
    g_autoptr(KcAgreementRow) none = NULL;
    ck_assert(kc_agreement_store_get(tx, FIXTURE_CASE, &draft, error));
    ck_assert_str_eq(draft->draft_json, json);
    ck_assert_int_eq(draft->updated_us, FIXTURE_NOW_US);
    ck_assert(kc_agreement_store_get(tx, FIXTURE_OTHER_CASE, &none, error));
    ck_assert_ptr_null(none);
    return TRUE;
}

START_TEST(a_draft_is_replaced)
{
    fixture_write(put_draft, (gpointer) "{\"weather\":\"2\"}");
    fixture_write(put_draft, (gpointer) "{\"weather\":\"1\"}");
    fixture_read(check_draft, (gpointer) "{\"weather\":\"1\"}");
}
END_TEST

static gboolean
propose(KcTx *tx, gpointer id, GError **error)
{
    const KcDocumentRow document = {.id = id,
                                    .case_id = (char *)FIXTURE_CASE,
                                    .kind = (char *)"agreement",
                                    .number = id,
                                    .text = (char *)"各方同意。\n",
                                    .sha256 = (char *)FIXTURE_SHA256,
                                    .content_json = (char *)"{}",
                                    .issued_by_party = (char *)FIXTURE_PARTY,
                                    .issued_us = FIXTURE_NOW_US + (strcmp(id, SECOND) == 0)};
    return kc_document_store_insert(tx, &document, error) && kc_proposal_store_open(tx, id, FIXTURE_CASE, error);
}

static gboolean
withdraw(KcTx *tx, gpointer id, GError **error)
{
    ck_assert_int_eq(kc_proposal_store_end(tx, id, "changed", FIXTURE_NOW_US + 5, error), KC_UPDATE_DONE);
    ck_assert_int_eq(kc_proposal_store_end(tx, id, "changed", FIXTURE_NOW_US + 6, error), KC_UPDATE_ABSENT);
    return TRUE;
}

static gboolean
agree(KcTx *tx, gpointer id, GError **error)
{
    return kc_proposal_store_end(tx, id, NULL, FIXTURE_NOW_US + 7, error) == KC_UPDATE_DONE;
}

static gboolean
check_withdrawn(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, FIXTURE_CASE, error);
    ck_assert_uint_eq(documents->len, 1);
    const KcDocumentRow *first = documents->pdata[0];
    ck_assert_str_eq(first->proposal, "withdrawn");
    ck_assert_str_eq(first->proposal_reason, "changed");
    ck_assert_int_eq(first->proposal_ended_us, FIXTURE_NOW_US + 5);
    ck_assert_str_eq(first->issued_by_party, FIXTURE_PARTY);
    ck_assert_ptr_null(first->issued_by);
    ck_assert_ptr_null(kc_document_rows_standing(documents));
    ck_assert_ptr_null(kc_document_rows_proposed(documents));
    return TRUE;
}

static gboolean
check_second(KcTx *tx, gpointer proposal, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, FIXTURE_CASE, error);
    ck_assert_uint_eq(documents->len, 2);
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    ck_assert_str_eq(standing->id, SECOND);
    ck_assert_str_eq(standing->proposal, proposal);
    ck_assert((kc_document_rows_proposed(documents) != NULL) == (strcmp(proposal, "open") == 0));
    return TRUE;
}

START_TEST(one_proposal_is_open_at_a_time)
{
    fixture_write(propose, (gpointer)FIRST);
    fixture_write_fails(propose, (gpointer)SECOND, KC_STORE_ERROR_CONFLICT);
    fixture_write(withdraw, (gpointer)FIRST);
    fixture_read(check_withdrawn, NULL);
    fixture_write(propose, (gpointer)SECOND);
    fixture_read(check_second, (gpointer) "open");
    fixture_write(agree, (gpointer)SECOND);
    fixture_read(check_second, (gpointer) "agreed");
}
END_TEST

static const char *const frozen[] = {
    "UPDATE proposals SET status = 'open', reason = NULL, ended_us = 0",
    "DELETE FROM proposals",
    "UPDATE documents SET issued_by_party = NULL",
    "DELETE FROM documents",
    ("INSERT INTO documents SELECT 'x', case_id, 'determination', 'x', sealed_text, sha256, NULL, NULL, issued_by_party, 1, "
     "NULL, NULL FROM documents"), /* a party determines nothing */
};

START_TEST(what_has_ended_stays)
{
    fixture_write(propose, (gpointer)FIRST);
    fixture_write(withdraw, (gpointer)FIRST);
    g_autofree char *refused = fixture_raw_sql(frozen[_i]);
    ck_assert_msg(refused != NULL, "%s was not refused", frozen[_i]);
}
END_TEST

/* ---- the table that was made anew ---- */

static gint64
number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
    gint64 value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return value;
}

/* A case with a signed document, as the schema before this one had it. */
static const char OLDER[] =
    "INSERT INTO users VALUES ('u', 'o', 'O', 'officer', NULL, '[]', 'h', 0, 1);"
    "INSERT INTO cases (id, number, version, state, channel, created_us, updated_us, triage_json, eligibility_json, "
    "wrapped_key, sealed_facts) VALUES ('c', 'C-1', 1, 'served', 'web', 1, 1, '{}', '{}', x'00', x'00');"
    "INSERT INTO parties (id, case_id, label, is_reporter, created_us, sealed_particulars) VALUES ('p', 'c', 'A', 1, 1, "
    "x'00');"
    "INSERT INTO documents (id, case_id, kind, number, sealed_text, sha256, issued_by, issued_us) "
    "VALUES ('d', 'c', 'determination', 'C-1-D1', x'0102', printf('%064d', 0), 'u', 5);"
    "INSERT INTO determinations VALUES ('c', 'issued', x'00', 'd', 'u', 5);"
    "INSERT INTO signatures (id, case_id, document_id, party_id, decision, document_sha256, signed_us) "
    "VALUES ('s', 'c', 'd', 'p', 'signed', printf('%064d', 0), 6);";

START_TEST(documents_of_an_older_schema_are_kept)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fixture.dir, "older.db", NULL);
    g_autoptr(KcConnection) connection = kc_connection_open(path, TRUE, &error);
    kc_assert_no_error(error);
    g_autoptr(GArray) migrations = kc_migrations_builtin();
    g_autoptr(GArray) older = g_array_new(FALSE, FALSE, sizeof(KcMigration));
    for (guint i = 0; strstr(g_array_index(migrations, KcMigration, i).sql, "CREATE TABLE agreements") == NULL; i++)
        g_array_append_val(older, g_array_index(migrations, KcMigration, i));
    sqlite3 *db = kc_connection_db(connection);
    ck_assert(kc_migrations_run(db, path, older, &error));
    ck_assert_msg(sqlite3_exec(db, OLDER, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    gboolean ran = kc_migrations_run(db, path, migrations, &error);
    kc_assert_no_error(error);
    ck_assert(ran);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM documents WHERE id = 'd' AND number = 'C-1-D1' AND issued_by = 'u' "
                                "AND sealed_text = x'0102' AND issued_by_party IS NULL AND issued_us = 5"),
                     1);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM signatures JOIN documents ON documents.id = document_id"), 1);
    ck_assert_int_ne(sqlite3_exec(db, "DELETE FROM documents", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_ne(sqlite3_exec(db, "UPDATE documents SET number = 'X'", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_ne(sqlite3_exec(db, "UPDATE determinations SET document_id = 'nowhere'", NULL, NULL, NULL), SQLITE_OK);
}
END_TEST

static Suite *
agreements_suite(void)
{
    Suite *suite = suite_create("store/agreements");
    TCase *tc = tcase_create("agreements");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_add_test(tc, a_draft_is_replaced);
    tcase_add_test(tc, one_proposal_is_open_at_a_time);
    tcase_add_loop_test(tc, what_has_ended_stays, 0, G_N_ELEMENTS(frozen));
    tcase_add_test(tc, documents_of_an_older_schema_are_kept);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(agreements_suite())
