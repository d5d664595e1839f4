/* Finding cases: by every field, with filters, page by page; what is kept of it, and that nothing is scanned. */
#include "src/store/agreement_store.h"
#include "src/store/determination_store.h"
#include "src/store/document_store.h"
#include "src/store/search_sql.h"
#include "src/store/search_store.h"
#include "src/store/sql.h"
#include "tests/store/fixture.h"

#include <string.h>

#define ALL_FIELDS ((1U << KC_SEARCH_FIELD_COUNT) - 1)
#define MANY 300

static const char draft[] =
    "{\"accident_form\":\"11\",\"place_text\":\"商州区江滨大道\",\"facts\":\"甲车变更车道时刮擦乙车。\","
    "\"cause\":\"变更车道影响他人\",\"reasons\":[{\"text\":\"画面显示甲车越线\",\"evidence\":[]}]}";

static gboolean
put_texts(KcTx *tx, gpointer unused, GError **error)
{
    const KcDeterminationRow determination = {.case_id = (char *)FIXTURE_CASE,
                                              .draft_json = (char *)draft,
                                              .status = (char *)"draft",
                                              .updated_by = (char *)FIXTURE_OFFICER,
                                              .updated_us = FIXTURE_NOW_US};
    const KcSignature signature = {.id = (char *)"01935cd1-7f00-7000-8000-0000000000e1",
                                   .case_id = (char *)FIXTURE_CASE,
                                   .document_id = (char *)FIXTURE_DOCUMENT,
                                   .party_id = (char *)FIXTURE_PARTY,
                                   .decision = (char *)"refused",
                                   .statement = (char *)"我认为对方超速 speeding",
                                   .document_sha256 = (char *)FIXTURE_SHA256,
                                   .signed_us = FIXTURE_NOW_US};
    return kc_determination_store_put(tx, &determination, error) && kc_signature_store_insert(tx, &signature, error);
}

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
    fixture_write(fixture_document, NULL);
    fixture_write(put_texts, NULL);
}

/* ---- What is found ---- */

static guint
found_of(KcTx *tx, const char *q, KcSearch search, GError **error)
{
    KcSearchPiece pieces[KC_SEARCH_PIECES_MAX] = {{0}};
    g_autoptr(KcSearchQuery) query = kc_search_query_parse(q, FIXTURE_NOW_US);
    for (guint i = 0; i < query->pieces->len; i++)
        pieces[i] = (KcSearchPiece){.text = query->pieces->pdata[i], .fields = ALL_FIELDS};
    search.pieces = pieces;
    search.piece_count = query->pieces->len;
    search.from_us = query->from_us;
    search.to_us = query->to_us;
    search.limit = 50;
    search.count_to = 1000;
    KcFound found;
    ck_assert(kc_search_store_find(tx, &search, &found, error));
    guint count = found.rows->len;
    ck_assert_uint_eq(found.count, count);
    ck_assert(found.count_is_exact);
    ck_assert_int_eq(found.searched_us, 0);
    kc_found_clear(&found);
    return count;
}

static const struct {
    const char *q;
    guint found;
} asked[] = {
    {"", 2},
    {"C-20261123-000001", 1},
    {"000002", 1},
    {"C-20261123", 2},
    {"C%", 0},
    {"C_20261123", 0},
    {" 陕h·12345", 1},
    {"12345", 1},
    {"陕H1234", 0},
    {"+86 138 0000 0000", 1},
    {"13811112222", 2}, /* who reported */
    {"2222", 2},
    {"张三", 1},
    {"张", 1},
    {"北新街", 2},
    {"江滨大道", 1},
    {"变更车道", 1},
    {"画面显示", 1},
    {"speeding", 1},
    {"超速 张三 12345 今天", 1},
    {"超速 李四", 0},
    {"昨天", 0},
    {"' OR 1=1 --", 0},
    {"\"; DROP TABLE cases", 0},
};

static gboolean
find_asked(KcTx *tx, gpointer index, GError **error)
{
    guint count = found_of(tx, asked[GPOINTER_TO_INT(index)].q, (KcSearch){0}, error);
    ck_assert_msg(count == asked[GPOINTER_TO_INT(index)].found, "%s: %u", asked[GPOINTER_TO_INT(index)].q, count);
    return TRUE;
}

START_TEST(cases_are_found_by_what_is_typed)
{
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++)
        fixture_read(find_asked, GINT_TO_POINTER(i));
}
END_TEST

static const char *const waiting[] = {"waiting", NULL}, *const closed[] = {"closed", NULL},
                         *const form[] = {"11", NULL}, *const refused[] = {"refused", NULL},
                         *const issued[] = {"determination", NULL}, *const here[] = {"611002", NULL},
                         *const there[] = {"610000", NULL};

static const struct {
    const char *what;
    KcSearch search;
    guint found;
} filters[] = {
    {"a state", {.states = waiting}, 2},
    {"another state", {.states = closed}, 0},
    {"a form", {.forms = form}, 1},
    {"a refusal", {.decisions = refused}, 1},
    {"what was issued", {.outcomes = issued}, 1},
    {"a county", {.counties = here}, 2},
    {"counties that one sees", {.seen_counties = here}, 2},
    {"counties that one does not see", {.seen_counties = there, .own_id = FIXTURE_OFFICER}, 0},
    {"an officer", {.officer_id = FIXTURE_OFFICER}, 0},
    {"a malformed cursor", {.cursor = "nonsense"}, 0},
};

static gboolean
find_filtered(KcTx *tx, gpointer index, GError **error)
{
    guint count = found_of(tx, NULL, filters[GPOINTER_TO_INT(index)].search, error);
    ck_assert_msg(count == filters[GPOINTER_TO_INT(index)].found, "%s: %u", filters[GPOINTER_TO_INT(index)].what,
                  count);
    return TRUE;
}

START_TEST(cases_are_found_by_filters)
{
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
        fixture_read(find_filtered, GINT_TO_POINTER(i));
}
END_TEST

/* ---- What changes ---- */

static gboolean
rename_party(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    if (!kc_party_store_get(tx, FIXTURE_PARTY, &party, error))
        return FALSE;
    g_free(party->name);
    party->name = g_strdup("李四");
    return kc_party_store_update(tx, party, error) == KC_UPDATE_DONE;
}

static gboolean
check_renamed(KcTx *tx, gpointer unused, GError **error)
{
    ck_assert_uint_eq(found_of(tx, "张三", (KcSearch){0}, error), 0);
    ck_assert_uint_eq(found_of(tx, "李四", (KcSearch){0}, error), 1);
    ck_assert_uint_eq(found_of(tx, "12345", (KcSearch){0}, error), 1);
    return TRUE;
}

START_TEST(what_is_no_longer_said_is_no_longer_found)
{
    fixture_write(rename_party, NULL);
    fixture_read(check_renamed, NULL);
}
END_TEST

static gint64
number_of(KcTx *tx, const char *sql, GError **error)
{
    gint64 number = -1;
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    ck_assert(query != NULL && kc_query_number(query, &number, error));
    return number;
}

static gboolean
forget(KcTx *tx, gpointer unused, GError **error)
{
    return kc_search_forget(tx, FIXTURE_CASE, error);
}

static gboolean
check_forgotten(KcTx *tx, gpointer unused, GError **error)
{
    ck_assert_int_eq(number_of(tx,
                               "SELECT count(*) FROM case_terms WHERE row_us = (SELECT row_us FROM case_search WHERE "
                               "case_id = '" FIXTURE_CASE "')",
                               error),
                     0);
    ck_assert_uint_eq(found_of(tx, "张三", (KcSearch){0}, error), 0);
    ck_assert_uint_eq(found_of(tx, "北新街", (KcSearch){0}, error), 1);
    ck_assert_uint_eq(found_of(tx, "", (KcSearch){0}, error), 2);
    return TRUE;
}

START_TEST(an_erased_case_leaves_no_terms)
{
    fixture_write(forget, NULL);
    fixture_read(check_forgotten, NULL);
}
END_TEST

static gboolean
lose_index(KcTx *tx, gpointer unused, GError **error)
{
    gboolean complete = TRUE;
    ck_assert_uint_eq(found_of(tx, "speeding", (KcSearch){0}, error), 1);
    gint64 terms = number_of(tx, "SELECT count(*) FROM case_terms", error);
    ck_assert(kc_search_store_reset(tx, error));
    ck_assert_uint_eq(found_of(tx, "speeding", (KcSearch){0}, error), 0);
    ck_assert(kc_search_store_is_complete(tx, &complete, error));
    ck_assert(!complete);
    KcReindex pass = KC_REINDEX_INIT;
    for (gboolean more = TRUE; more;) {
        ck_assert(kc_search_store_reindex(tx, &pass, 1, &more, error));
        ck_assert_int_le(pass.done, 2);
    }
    ck_assert(kc_search_store_is_complete(tx, &complete, error));
    ck_assert(complete);
    ck_assert_int_eq(number_of(tx, "SELECT count(*) FROM case_terms", error), terms);
    ck_assert_uint_eq(found_of(tx, "speeding", (KcSearch){0}, error), 1);
    return TRUE;
}

START_TEST(an_index_is_made_again_the_same)
{
    fixture_write(lose_index, NULL);
}
END_TEST

static void
on_passed_over(const char *case_id, const GError *why, gpointer count)
{
    ck_assert_str_eq(case_id, FIXTURE_CASE);
    ck_assert(g_error_matches(why, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT));
    (*(guint *)count)++;
}

static GBytes *
particulars(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT sealed_particulars FROM parties WHERE id = '" FIXTURE_PARTY "'", error);
    ck_assert_int_eq(kc_query_step(query, error), KC_STEP_ROW);
    return kc_take_bytes(query);
}

static void
set_particulars(KcTx *tx, GBytes *value, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "UPDATE parties SET sealed_particulars = ? WHERE id = '" FIXTURE_PARTY "'", error);
    kc_bind_bytes(query, value);
    ck_assert(kc_query_run(query, NULL, error));
}

static gboolean
damage_a_party(KcTx *tx, gpointer unused, GError **error)
{
    guint count = 0;
    gboolean more = TRUE, complete;
    KcReindex pass = KC_REINDEX_INIT, again = KC_REINDEX_INIT;
    pass.passed_over = on_passed_over;
    pass.user_data = &count;
    g_autoptr(GBytes) kept = particulars(tx, error), damaged = g_bytes_new_static("?", 1);
    set_particulars(tx, damaged, error);
    ck_assert(kc_search_store_reset(tx, error));
    while (more)
        ck_assert(kc_search_store_reindex(tx, &pass, 1, &more, error));
    ck_assert_int_eq(pass.done, 1);
    ck_assert_uint_eq(count, 1);
    ck_assert(kc_search_store_is_complete(tx, &complete, error));
    ck_assert(!complete);
    ck_assert_uint_eq(found_of(tx, "speeding", (KcSearch){0}, error), 0);

    set_particulars(tx, kept, error);
    ck_assert(kc_search_store_reindex(tx, &again, 10, &more, error));
    ck_assert_int_eq(again.done, 1);
    ck_assert_uint_eq(found_of(tx, "speeding", (KcSearch){0}, error), 1);
    return TRUE;
}

START_TEST(a_damaged_case_keeps_no_other_from_being_found)
{
    fixture_write(damage_a_party, NULL);
}
END_TEST

/* ---- What the file gives away ---- */

START_TEST(the_file_holds_no_word_of_it)
{
    static const char *const words[] = {"张三", "北新街", "北新", "12345", "变更车道", "speeding", "13800000000"};
    g_clear_pointer(&fixture.store, kc_store_close);
    g_autofree char *bytes = NULL;
    gsize size = 0;
    ck_assert(g_file_get_contents(fixture.path, &bytes, &size, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        ck_assert_msg(memmem(bytes, size, words[i], strlen(words[i])) == NULL, "%s", words[i]);
}
END_TEST

static gboolean
check_keys(KcTx *tx, gpointer unused, GError **error)
{
    const KcKeyring *keyring = kc_tx_keyring(tx);
    ck_assert_int_ne(kc_keyring_search_term(keyring, "name", "张三"), kc_keyring_search_term(keyring, "words", "张三"));
    ck_assert_int_eq(kc_keyring_search_term(keyring, "name", "张三"), kc_keyring_search_term(keyring, "name", "张三"));
    return TRUE;
}

START_TEST(each_field_has_a_key_of_its_own)
{
    fixture_read(check_keys, NULL);
}
END_TEST

/* ---- Plans ---- */

static gboolean
check_plans(KcTx *tx, gpointer unused, GError **error)
{
    for (gsize i = 0; i < kc_search_sql_count; i++) {
        g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", kc_search_sql[i], NULL);
        sqlite3_stmt *stmt = NULL;
        ck_assert_int_eq(sqlite3_prepare_v2(kc_connection_db(tx->connection), sql, -1, &stmt, NULL), SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(stmt, 3);
            ck_assert_msg(strstr(step, "SCAN") == NULL && strstr(step, "TEMP B-TREE") == NULL, "%s: %s",
                          kc_search_sql[i], step);
        }
        sqlite3_finalize(stmt);
    }
    return TRUE;
}

START_TEST(no_search_scans_or_sorts)
{
    fixture_read(check_plans, NULL);
}
END_TEST

/* ---- Pages and bounds ---- */

/* Two words that never stand together, and one case in which they do, the oldest. */
static gboolean
insert_many(KcTx *tx, gpointer unused, GError **error)
{
    for (int i = 0; i < MANY; i++) {
        g_autofree char *id = g_strdup_printf("many-%04d", i);
        g_autofree char *number = g_strdup_printf("M-%04d", i);
        KcCaseRow row = {.id = id,
                         .number = number,
                         .state = (char *)"closed",
                         .channel = (char *)"web",
                         .created_us = FIXTURE_NOW_US + 10 + i / 4,
                         .updated_us = FIXTURE_NOW_US,
                         .place_text = (char *)(i == 0       ? "alpha beta"
                                                : i % 2 == 0 ? "alpha"
                                                             : "beta")};
        if (!kc_case_store_insert(tx, &row, error))
            return FALSE;
    }
    return TRUE;
}

static guint
page_through(KcTx *tx, const char *const *words, guint limit, guint *ret_pages, GError **error)
{
    KcSearchPiece pieces[2] = {{.text = words[0], .fields = ALL_FIELDS}, {.text = words[1], .fields = ALL_FIELDS}};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *cursor = NULL;
    gint64 last_us = G_MAXINT64;
    *ret_pages = 0;
    do {
        const KcSearch search = {
            .pieces = pieces, .piece_count = words[1] != NULL ? 2 : 1, .limit = limit, .cursor = cursor};
        KcFound found;
        ck_assert(kc_search_store_find(tx, &search, &found, error));
        for (guint i = 0; i < found.rows->len; i++) {
            const KcCaseRow *row = found.rows->pdata[i];
            ck_assert_int_le(row->created_us, last_us);
            last_us = row->created_us;
            ck_assert_msg(g_hash_table_add(seen, g_strdup(row->id)), "%s twice", row->id);
        }
        g_free(cursor);
        cursor = g_steal_pointer(&found.cursor);
        kc_found_clear(&found);
        ck_assert_uint_lt(++*ret_pages, MANY);
    } while (cursor != NULL);
    return g_hash_table_size(seen);
}

static gboolean
check_pages(KcTx *tx, gpointer unused, GError **error)
{
    static const char *const one[] = {"alpha", NULL}, *const both[] = {"alpha", "beta"},
                             *const none[] = {"gamma", NULL};
    guint pages;
    ck_assert_uint_eq(page_through(tx, one, 7, &pages, error), MANY / 2);
    ck_assert_uint_eq(pages, (MANY / 2 + 6) / 7);
    ck_assert_uint_eq(page_through(tx, both, 7, &pages, error), 1);
    ck_assert_uint_eq(page_through(tx, none, 7, &pages, error), 0);
    ck_assert_uint_eq(pages, 1);
    const KcSearchPiece piece = {.text = "alpha", .fields = ALL_FIELDS};
    const KcSearch search = {.pieces = &piece, .piece_count = 1, .limit = 10, .count_to = 100};
    KcFound found;
    ck_assert(kc_search_store_find(tx, &search, &found, error));
    ck_assert_uint_eq(found.count, 100);
    ck_assert(!found.count_is_exact);
    kc_found_clear(&found);
    return TRUE;
}

START_TEST(pages_hold_every_hit_once)
{
    fixture_write(insert_many, NULL);
    fixture_read(check_pages, NULL);
}
END_TEST

static Suite *
search_suite(void)
{
    Suite *suite = suite_create("store/search");
    TCase *tcase = tcase_create("search");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, fixture_teardown);
    tcase_add_test(tcase, cases_are_found_by_what_is_typed);
    tcase_add_test(tcase, cases_are_found_by_filters);
    tcase_add_test(tcase, what_is_no_longer_said_is_no_longer_found);
    tcase_add_test(tcase, an_erased_case_leaves_no_terms);
    tcase_add_test(tcase, an_index_is_made_again_the_same);
    tcase_add_test(tcase, a_damaged_case_keeps_no_other_from_being_found);
    tcase_add_test(tcase, the_file_holds_no_word_of_it);
    tcase_add_test(tcase, each_field_has_a_key_of_its_own);
    tcase_add_test(tcase, no_search_scans_or_sorts);
    tcase_add_test(tcase, pages_hold_every_hit_once);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(search_suite())
