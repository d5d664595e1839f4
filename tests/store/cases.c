/* Cases and parties: versions, search, queue, sealed columns. */
#include "tests/store/fixture.h"

#include <string.h>

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
}

static gboolean
check_case(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcCaseRow) absent = NULL;
    ck_assert(kc_case_store_get(tx, FIXTURE_CASE, &row, error));
    ck_assert_str_eq(row->number, "C-20261123-000001");
    ck_assert_int_eq(row->version, 1);
    ck_assert_str_eq(row->state, "waiting");
    ck_assert_str_eq(row->county, "611002");
    ck_assert_str_eq(row->place_text, "商州区北新街与工农路路口");
    ck_assert(row->has_position);
    ck_assert_double_eq(row->latitude, 33.8704);
    ck_assert_double_eq(row->longitude, 109.9187);
    ck_assert_int_eq(row->accuracy_m, 12);
    ck_assert_str_eq(row->reporter_phone, "13811112222");
    ck_assert_str_eq(row->triage_json, "{\"injury\":\"none\"}");
    ck_assert_str_eq(row->eligibility_json, "{}");
    ck_assert_int_eq(row->queued_us, FIXTURE_NOW_US);
    ck_assert_ptr_null(row->officer_id);
    ck_assert(kc_case_store_get(tx, "no such id", &absent, error));
    ck_assert_ptr_null(absent);
    return TRUE;
}

START_TEST(a_case_is_read_as_it_was_written)
{
    fixture_read(check_case, NULL);
    fixture_reopen();
    fixture_read(check_case, NULL);
}
END_TEST

static gboolean
update_cases(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcCaseRow) mine = NULL;
    g_autoptr(KcCaseRow) theirs = NULL;
    ck_assert(kc_case_store_get(tx, FIXTURE_CASE, &mine, error));
    ck_assert(kc_case_store_get(tx, FIXTURE_CASE, &theirs, error));
    g_free(mine->state);
    mine->state = g_strdup("in_call");
    mine->officer_id = g_strdup(FIXTURE_OFFICER);
    mine->claimed_us = FIXTURE_NOW_US + 30000000;
    g_free(mine->place_text);
    mine->place_text = g_strdup("elsewhere");
    ck_assert_int_eq(kc_case_store_update(tx, mine, error), KC_UPDATE_DONE);
    ck_assert_int_eq(mine->version, 2);
    ck_assert_int_eq(kc_case_store_update(tx, theirs, error), KC_UPDATE_STALE);
    ck_assert_int_eq(theirs->version, 1);
    g_free(theirs->id);
    theirs->id = g_strdup("no such id");
    ck_assert_int_eq(kc_case_store_update(tx, theirs, error), KC_UPDATE_ABSENT);
    return TRUE;
}

static gboolean
check_updated(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    gint64 wait_us = 0;
    g_autoptr(GHashTable) counts = NULL;
    ck_assert(kc_case_store_get(tx, FIXTURE_CASE, &row, error));
    ck_assert_int_eq(row->version, 2);
    ck_assert_str_eq(row->state, "in_call");
    ck_assert_str_eq(row->officer_id, FIXTURE_OFFICER);
    ck_assert_str_eq(row->place_text, "elsewhere");
    ck_assert(kc_case_store_mean_wait(tx, 20, &wait_us, error));
    ck_assert_int_eq(wait_us, 30000000);
    ck_assert(kc_case_store_count_by_state(tx, &counts, error));
    ck_assert_int_eq(GPOINTER_TO_INT(g_hash_table_lookup(counts, "in_call")), 1);
    ck_assert_int_eq(GPOINTER_TO_INT(g_hash_table_lookup(counts, "waiting")), 1);
    return TRUE;
}

START_TEST(an_update_names_the_version_it_changes)
{
    fixture_write(update_cases, NULL);
    fixture_read(check_updated, NULL);
}
END_TEST

static gboolean
insert_same_number(KcTx *tx, gpointer unused, GError **error)
{
    return fixture_insert_case(tx, "another id", "C-20261123-000001", FIXTURE_NOW_US, error);
}

static gboolean
insert_false_state(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_case_store_get(tx, FIXTURE_CASE, &row, error))
        return FALSE;
    g_free(row->state);
    row->state = g_strdup("lost");
    return kc_case_store_update(tx, row, error) == KC_UPDATE_DONE;
}

static gboolean
insert_orphan(KcTx *tx, gpointer unused, GError **error)
{
    const KcParty party = {.id = (char *)"x", .case_id = (char *)"no such case", .label = (char *)"A"};
    return kc_party_store_insert(tx, &party, error);
}

static gboolean
insert_second_a(KcTx *tx, gpointer unused, GError **error)
{
    const KcParty party = {.id = (char *)"x", .case_id = (char *)FIXTURE_CASE, .label = (char *)"A"};
    return kc_party_store_insert(tx, &party, error);
}

START_TEST(the_schema_refuses_what_cannot_be)
{
    fixture_write_fails(insert_same_number, NULL, KC_STORE_ERROR_CONFLICT);
    fixture_write_fails(insert_false_state, NULL, KC_STORE_ERROR_REFUSED);
    fixture_write_fails(insert_orphan, NULL, KC_STORE_ERROR_REFUSED);
    fixture_write_fails(insert_second_a, NULL, KC_STORE_ERROR_CONFLICT);
    fixture_read(check_case, NULL);
}
END_TEST

static gboolean
number_cases(KcTx *tx, gpointer unused, GError **error)
{
    g_autofree char *first = kc_case_store_next_number(tx, "20261124", error);
    g_autofree char *second = kc_case_store_next_number(tx, "20261124", error);
    g_autofree char *other_day = kc_case_store_next_number(tx, "20261125", error);
    ck_assert_str_eq(first, "C-20261124-000001");
    ck_assert_str_eq(second, "C-20261124-000002");
    ck_assert_str_eq(other_day, "C-20261125-000001");
    return TRUE;
}

START_TEST(numbers_count_each_day)
{
    fixture_write(number_cases, NULL);
}
END_TEST

static const char *const waiting[] = {"waiting", NULL};
static const char *const closed[] = {"closed", "served", NULL};
static const char *const this_county[] = {"611002", NULL};
static const char *const other_county[] = {"610000", "610001", NULL};

static const struct {
    const char *what;
    KcCaseFilter filter;
    guint found;
} searches[] = {
    {"everything", {0}, 2},
    {"a state", {.states = waiting}, 2},
    {"other states", {.states = closed}, 0},
    {"a county", {.counties = this_county}, 2},
    {"other counties", {.counties = other_county}, 0},
    {"from the second", {.from_us = FIXTURE_NOW_US + 1}, 1},
    {"to the second, without it", {.to_us = FIXTURE_NOW_US + 1}, 1},
    {"an officer", {.officer_id = FIXTURE_OFFICER}, 0},
    {"a malformed cursor", {.cursor = "nonsense"}, 0},
};

static gboolean
search_case(KcTx *tx, gpointer index, GError **error)
{
    g_autofree char *cursor = NULL;
    KcCaseFilter filter = searches[GPOINTER_TO_INT(index)].filter;
    filter.limit = 50;
    g_autoptr(GPtrArray) rows = kc_case_store_list(tx, &filter, &cursor, error);
    if (rows == NULL)
        return FALSE;
    ck_assert_msg(rows->len == searches[GPOINTER_TO_INT(index)].found, "%s: %u found",
                  searches[GPOINTER_TO_INT(index)].what, rows->len);
    ck_assert_ptr_null(cursor);
    return TRUE;
}

START_TEST(cases_are_found)
{
    fixture_read(search_case, GINT_TO_POINTER(_i));
}
END_TEST

static gboolean
insert_many(KcTx *tx, gpointer unused, GError **error)
{
    for (int i = 0; i < 23; i++) {
        g_autofree char *id = g_strdup_printf("many-%02d", i);
        g_autofree char *number = g_strdup_printf("M-%02d", i);
        /* Some share a moment, so that pages must also cut by id. */
        if (!fixture_insert_case(tx, id, number, FIXTURE_NOW_US + 100 + i / 4, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
page_through(KcTx *tx, gpointer unused, GError **error)
{
    g_autofree char *cursor = NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gint64 last_us = G_MAXINT64;
    do {
        KcCaseFilter filter = {.limit = 4, .cursor = cursor};
        char *next = NULL;
        g_autoptr(GPtrArray) rows = kc_case_store_list(tx, &filter, &next, error);
        if (rows == NULL)
            return FALSE;
        for (guint i = 0; i < rows->len; i++) {
            const KcCaseRow *row = g_ptr_array_index(rows, i);
            ck_assert_int_le(row->created_us, last_us);
            last_us = row->created_us;
            ck_assert_msg(g_hash_table_add(seen, g_strdup(row->id)), "%s twice", row->id);
        }
        g_free(cursor);
        cursor = next;
    } while (cursor != NULL);
    ck_assert_uint_eq(g_hash_table_size(seen), 25);
    return TRUE;
}

START_TEST(pages_hold_every_case_once)
{
    fixture_write(insert_many, NULL);
    fixture_read(page_through, NULL);
}
END_TEST

static gboolean
check_queue(KcTx *tx, gpointer unused, GError **error)
{
    gint64 first = -1, second = -1, absent = -1;
    g_autoptr(GPtrArray) all = kc_case_store_queue(tx, NULL, error);
    g_autoptr(GPtrArray) here = kc_case_store_queue(tx, this_county, error);
    g_autoptr(GPtrArray) there = kc_case_store_queue(tx, other_county, error);
    ck_assert_uint_eq(all->len, 2);
    ck_assert_uint_eq(here->len, 2);
    ck_assert_uint_eq(there->len, 0);
    ck_assert_str_eq(((KcCaseRow *)g_ptr_array_index(all, 0))->id, FIXTURE_CASE);
    ck_assert(kc_case_store_queue_position(tx, FIXTURE_CASE, &first, error));
    ck_assert(kc_case_store_queue_position(tx, FIXTURE_OTHER_CASE, &second, error));
    ck_assert(kc_case_store_queue_position(tx, "no such id", &absent, error));
    ck_assert_int_eq(first, 1);
    ck_assert_int_eq(second, 2);
    ck_assert_int_eq(absent, 0);
    return TRUE;
}

START_TEST(the_queue_is_first_come_first_served)
{
    fixture_read(check_queue, NULL);
}
END_TEST

static gboolean
change_party(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    if (!kc_party_store_get(tx, FIXTURE_PARTY, &party, error))
        return FALSE;
    ck_assert_str_eq(party->name, "张三");
    ck_assert_str_eq(party->plate_number, "陕H12345");
    ck_assert_ptr_null(party->insurer);
    ck_assert(party->is_reporter);
    g_free(party->plate_number);
    party->plate_number = g_strdup("陕H99999");
    party->insurer = g_strdup("PICC");
    ck_assert_int_eq(kc_party_store_update(tx, party, error), KC_UPDATE_DONE);
    ck_assert(kc_party_store_seen(tx, FIXTURE_PARTY, FIXTURE_NOW_US + 5, error));
    ck_assert(kc_party_store_seen(tx, FIXTURE_PARTY, FIXTURE_NOW_US + 3, error)); /* never backwards */
    g_free(party->id);
    party->id = g_strdup("no such id");
    ck_assert_int_eq(kc_party_store_update(tx, party, error), KC_UPDATE_ABSENT);
    return TRUE;
}

static gboolean
check_party(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, FIXTURE_CASE, error);
    ck_assert_uint_eq(parties->len, 1);
    const KcParty *party = g_ptr_array_index(parties, 0);
    ck_assert_str_eq(party->plate_number, "陕H99999");
    ck_assert_str_eq(party->insurer, "PICC");
    ck_assert_int_eq(party->last_seen_us, FIXTURE_NOW_US + 5);
    return TRUE;
}

START_TEST(particulars_change)
{
    fixture_write(change_party, NULL);
    fixture_read(check_party, NULL);
}
END_TEST

static gboolean
add_consents_and_link(KcTx *tx, gpointer unused, GError **error)
{
    const KcConsent consent = {.case_id = (char *)FIXTURE_CASE,
                               .party_id = (char *)FIXTURE_PARTY,
                               .kind = (char *)"recording",
                               .at_us = FIXTURE_NOW_US};
    KcConsent later = consent;
    later.at_us++;
    const KcCapability link = {.token_hash = (char *)FIXTURE_SHA256,
                               .case_id = (char *)FIXTURE_CASE,
                               .party_id = (char *)FIXTURE_PARTY,
                               .kind = (char *)"party",
                               .created_us = FIXTURE_NOW_US,
                               .expires_us = FIXTURE_NOW_US + 1};
    return kc_consent_store_add(tx, &consent, error) && kc_consent_store_add(tx, &later, error) &&
           kc_capability_store_insert(tx, &link, error);
}

static gboolean
check_consents_and_link(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcCapability) link = NULL;
    g_autoptr(KcCapability) absent = NULL;
    g_autoptr(GPtrArray) consents = kc_consent_store_list(tx, FIXTURE_CASE, error);
    ck_assert_uint_eq(consents->len, 1);
    ck_assert_int_eq(((KcConsent *)g_ptr_array_index(consents, 0))->at_us, FIXTURE_NOW_US);
    ck_assert(kc_capability_store_get(tx, FIXTURE_SHA256, &link, error));
    ck_assert_str_eq(link->party_id, FIXTURE_PARTY);
    ck_assert_int_eq(link->expires_us, FIXTURE_NOW_US + 1);
    ck_assert(kc_capability_store_get(tx, "another", &absent, error));
    ck_assert_ptr_null(absent);
    return TRUE;
}

START_TEST(consents_and_links)
{
    fixture_write(add_consents_and_link, NULL);
    fixture_read(check_consents_and_link, NULL);
}
END_TEST

/* Only longer, only while it lives, only of this party. */
static gboolean
prolong_link(KcTx *tx, gpointer unused, GError **error)
{
    static const struct {
        const char *party;
        gint64 now, until, then; /* after FIXTURE_NOW_US */
    } tries[] = {
        {FIXTURE_PARTY, 0, 1000, 1000},    {FIXTURE_PARTY, 0, 500, 1000},    {"another", 0, 2000, 1000},
        {FIXTURE_PARTY, 1000, 2000, 1000}, {FIXTURE_PARTY, 999, 2000, 2000},
    };
    for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(KcCapability) link = NULL;
        if (!kc_capability_store_prolong(tx, tries[i].party, FIXTURE_NOW_US + tries[i].now,
                                         FIXTURE_NOW_US + tries[i].until, error) ||
            !kc_capability_store_get(tx, FIXTURE_SHA256, &link, error))
            return FALSE;
        ck_assert_int_eq(link->expires_us, FIXTURE_NOW_US + tries[i].then);
    }
    return TRUE;
}

START_TEST(a_living_link_is_prolonged)
{
    fixture_write(add_consents_and_link, NULL);
    fixture_write(prolong_link, NULL);
}
END_TEST

static void
assert_not_in_file(const char *path)
{
    static const char *const personal[] = {"陕H12345", "张三", "13800000000", "13811112222", "北新街", "33.87"};
    g_autofree char *bytes = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &bytes, &len, NULL))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(personal); i++)
        ck_assert_msg(memmem(bytes, len, personal[i], strlen(personal[i])) == NULL, "%s is in %s", personal[i], path);
}

START_TEST(personal_data_is_not_in_the_files)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *wal = g_strconcat(fixture.path, "-wal", NULL);
    g_autofree char *backup = g_strconcat(fixture.path, ".backup", NULL);
    ck_assert(g_file_test(wal, G_FILE_TEST_EXISTS));
    assert_not_in_file(fixture.path);
    assert_not_in_file(wal);
    ck_assert(kc_store_backup(fixture.store, backup, &error));
    assert_not_in_file(backup);
    g_clear_pointer(&fixture.store, kc_store_close);
    assert_not_in_file(fixture.path);
}
END_TEST

static gboolean
read_moved_party(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    ck_assert(!kc_party_store_get(tx, FIXTURE_PARTY, &party, error));
    return FALSE;
}

START_TEST(a_sealed_column_that_was_moved_is_noticed)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *refused =
        fixture_raw_sql("UPDATE parties SET case_id = '" FIXTURE_OTHER_CASE "' WHERE id = '" FIXTURE_PARTY "'");
    ck_assert_ptr_null(refused);
    ck_assert(!kc_store_read(fixture.store, read_moved_party, NULL, &error));
    ck_assert(g_error_matches(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT));
}
END_TEST

static Suite *
cases_suite(void)
{
    Suite *suite = suite_create("store/cases");
    TCase *tc = tcase_create("cases");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_add_test(tc, a_case_is_read_as_it_was_written);
    tcase_add_test(tc, an_update_names_the_version_it_changes);
    tcase_add_test(tc, the_schema_refuses_what_cannot_be);
    tcase_add_test(tc, numbers_count_each_day);
    tcase_add_loop_test(tc, cases_are_found, 0, G_N_ELEMENTS(searches));
    tcase_add_test(tc, pages_hold_every_case_once);
    tcase_add_test(tc, the_queue_is_first_come_first_served);
    tcase_add_test(tc, particulars_change);
    tcase_add_test(tc, consents_and_links);
    tcase_add_test(tc, a_living_link_is_prolonged);
    tcase_add_test(tc, personal_data_is_not_in_the_files);
    tcase_add_test(tc, a_sealed_column_that_was_moved_is_noticed);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(cases_suite())
