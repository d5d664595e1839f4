/* The audit log: order, chain, and what an intruder with the file can and can't do. Events and replies. */
#include "src/store/log_store.h"
#include "src/store/log_verify.h"
#include "src/base/json.h"
#include "src/store/event_store.h"
#include "src/store/idempotency_store.h"
#include "tests/store/fixture.h"

#include <string.h>

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
    fixture_forget_log();
}

static gboolean
append_ten(KcTx *tx, gpointer unused, GError **error)
{
    for (int i = 1; i <= 10; i++) {
        g_autoptr(json_t) data = json_pack("{s:i, s:s}", "n", i, "state", "waiting");
        KcLogEntry entry = {.at_us = FIXTURE_NOW_US + i,
                            .case_id = i % 2 == 0 ? (char *)FIXTURE_CASE : NULL,
                            .kind = (char *)"case.updated",
                            .actor_kind = (char *)"user",
                            .actor_id = (char *)FIXTURE_OFFICER,
                            .data = data};
        if (!kc_log_store_append(tx, &entry, error))
            return FALSE;
        ck_assert_int_eq(entry.seq, i);
    }
    return TRUE;
}

typedef struct {
    gint64 bad_seq;
    gint64 entries;
} Expected;

static gboolean
check_chain(KcTx *tx, gpointer data, GError **error)
{
    const Expected *expected = data;
    KcLogCheck check;
    ck_assert(kc_log_store_verify(tx, &check, error));
    ck_assert_msg(check.bad_seq == expected->bad_seq, "%s", check.problem == NULL ? "no problem" : check.problem);
    ck_assert_int_eq(check.entries, expected->entries);
    ck_assert_int_eq(check.problem != NULL, expected->bad_seq != 0);
    kc_log_check_clear(&check);
    return TRUE;
}

static gboolean
check_list(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(GPtrArray) of_case = kc_log_store_list(tx, FIXTURE_CASE, 0, 100, error);
    g_autoptr(GPtrArray) later = kc_log_store_list(tx, NULL, 7, 2, error);
    ck_assert_uint_eq(of_case->len, 5);
    ck_assert_uint_eq(later->len, 2);
    const KcLogEntry *entry = g_ptr_array_index(later, 0);
    ck_assert_int_eq(entry->seq, 8);
    ck_assert_str_eq(entry->kind, "case.updated");
    ck_assert_str_eq(entry->actor_id, FIXTURE_OFFICER);
    ck_assert_int_eq(json_integer_value(json_object_get(entry->data, "n")), 8);
    return TRUE;
}

START_TEST(entries_are_listed_and_the_chain_holds)
{
    fixture_write(append_ten, NULL);
    fixture_read(check_list, NULL);
    fixture_read(check_chain, &(Expected){.bad_seq = 0, .entries = 10});
}
END_TEST

static gboolean
append_real(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(json_t) data = json_pack("{s:f}", "n", 0.5);
    KcLogEntry entry = {.kind = (char *)"k", .actor_kind = (char *)"system", .data = data};
    return kc_log_store_append(tx, &entry, error);
}

START_TEST(what_has_no_canonical_form_is_refused)
{
    fixture_write_fails(append_real, NULL, KC_STORE_ERROR_REFUSED);
}
END_TEST

#define COPIED "at_us, case_id, kind, actor_kind, actor_id, data_json, hash FROM audit_log LIMIT 1"

static const char *const refused_sql[] = {
    "UPDATE audit_log SET kind = 'x' WHERE seq = 5",
    "DELETE FROM audit_log WHERE seq = 10",
    "DELETE FROM audit_log",
    "INSERT INTO audit_log SELECT 12, " COPIED,
    "REPLACE INTO audit_log SELECT 5, " COPIED,
};

START_TEST(the_log_is_append_only)
{
    fixture_write(append_ten, NULL);
    g_autofree char *refused = fixture_raw_sql(refused_sql[_i]);
    ck_assert_msg(refused != NULL, "%s was not refused", refused_sql[_i]);
    fixture_read(check_chain, &(Expected){.bad_seq = 0, .entries = 10});
}
END_TEST

/* An intruder can drop the triggers; the chain still tells. */
static const struct {
    const char *sql;
    Expected expected;
} tampering[] = {
    {"UPDATE audit_log SET kind = 'x' WHERE seq = 5", {5, 4}},
    {"UPDATE audit_log SET at_us = at_us + 1 WHERE seq = 1", {1, 0}},
    {"UPDATE audit_log SET actor_id = NULL WHERE seq = 10", {10, 9}},
    {"UPDATE audit_log SET case_id = '" FIXTURE_OTHER_CASE "' WHERE seq = 2", {2, 1}},
    {"UPDATE audit_log SET data_json = replace(data_json, 'waiting', 'closed') WHERE seq = 3", {3, 2}},
    {"UPDATE audit_log SET hash = zeroblob(32) WHERE seq = 7", {7, 6}},
    {"DELETE FROM audit_log WHERE seq = 4", {5, 3}},
    {"DELETE FROM audit_log WHERE seq = 1", {2, 0}},
    {"DELETE FROM audit_log WHERE seq = 4; UPDATE audit_log SET seq = seq - 1 WHERE seq > 4", {4, 3}},
    {"UPDATE audit_log SET seq = 99 WHERE seq = 3; UPDATE audit_log SET seq = 3 WHERE seq = 4; "
     "UPDATE audit_log SET seq = 4 WHERE seq = 99",
     {3, 2}},
};

START_TEST(tampering_with_the_log_is_found)
{
    fixture_write(append_ten, NULL);
    g_autofree char *sql =
        g_strconcat("PRAGMA foreign_keys = OFF; DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete; ", tampering[_i].sql, NULL);
    g_autofree char *refused = fixture_raw_sql(sql);
    ck_assert_msg(refused == NULL, "%s", refused);
    Expected expected = tampering[_i].expected;
    fixture_read(check_chain, &expected);
}
END_TEST

/* ---- Events ---- */

static gboolean
append_events(KcTx *tx, gpointer unused, GError **error)
{
    static const struct {
        const char *case_id, *audience, *audience_id;
    } rows[] = {
        {FIXTURE_CASE, "case", NULL},           {FIXTURE_OTHER_CASE, "case", NULL},      {NULL, "desk", NULL},
        {FIXTURE_CASE, "party", FIXTURE_PARTY}, {FIXTURE_CASE, "user", FIXTURE_OFFICER},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KcEvent event = {.at_us = FIXTURE_NOW_US + (gint64)i,
                         .type = (char *)"case.updated",
                         .case_id = (char *)rows[i].case_id,
                         .audience = (char *)rows[i].audience,
                         .audience_id = (char *)rows[i].audience_id};
        if (!kc_event_store_append(tx, &event, error))
            return FALSE;
        ck_assert_int_eq(event.seq, (gint64)i + 1);
    }
    return TRUE;
}

static const struct {
    KcEventReader reader;
    const char *seqs;
} readers[] = {
    {{.desk = TRUE, .user_id = FIXTURE_OFFICER}, "1 2 3 5 "},
    {{.desk = TRUE, .user_id = "another"}, "1 2 3 "},
    {{.case_id = FIXTURE_CASE, .party_id = FIXTURE_PARTY}, "1 4 "},
    {{.case_id = FIXTURE_CASE, .party_id = "another"}, "1 "},
    {{.case_id = FIXTURE_OTHER_CASE, .party_id = "another"}, "2 "},
    {{0}, ""},
};

static gboolean
check_reader(KcTx *tx, gpointer index, GError **error)
{
    const KcEventReader *reader = &readers[GPOINTER_TO_INT(index)].reader;
    g_autoptr(GString) listed = g_string_new(NULL);
    g_autoptr(GString) filtered = g_string_new(NULL);
    g_autoptr(GPtrArray) events = kc_event_store_list(tx, reader, 0, 100, error);
    g_autoptr(GPtrArray) all = kc_event_store_list_all(tx, 0, 100, error);
    for (guint i = 0; i < events->len; i++)
        g_string_append_printf(listed, "%" G_GINT64_FORMAT " ", ((KcEvent *)g_ptr_array_index(events, i))->seq);
    for (guint i = 0; i < all->len; i++) {
        const KcEvent *event = g_ptr_array_index(all, i);
        if (kc_event_reader_may_see(reader, event))
            g_string_append_printf(filtered, "%" G_GINT64_FORMAT " ", event->seq);
    }
    ck_assert_str_eq(listed->str, readers[GPOINTER_TO_INT(index)].seqs);
    ck_assert_str_eq(filtered->str, readers[GPOINTER_TO_INT(index)].seqs);
    return TRUE;
}

START_TEST(everybody_sees_the_events_meant_for_them)
{
    fixture_write(append_events, NULL);
    fixture_read(check_reader, GINT_TO_POINTER(_i));
}
END_TEST

static gboolean
prune_events(KcTx *tx, gpointer unused, GError **error)
{
    gint64 oldest, newest;
    ck_assert(kc_event_store_prune(tx, FIXTURE_NOW_US + 2, error));
    ck_assert(kc_event_store_range(tx, &oldest, &newest, error));
    ck_assert_int_eq(oldest, 3);
    ck_assert_int_eq(newest, 5);
    ck_assert(kc_event_store_prune(tx, G_MAXINT64, error));
    KcEvent event = {.at_us = FIXTURE_NOW_US, .type = (char *)"x", .audience = (char *)"desk"};
    ck_assert(kc_event_store_append(tx, &event, error));
    ck_assert_int_eq(event.seq, 6); /* never a number twice */
    return TRUE;
}

static void
note_events(gint64 newest_seq, gpointer user_data)
{
    *(gint64 *)user_data = newest_seq;
}

START_TEST(events_are_announced_and_pruned)
{
    gint64 announced = 0;
    kc_store_set_events_fn(fixture.store, note_events, &announced);
    fixture_write(append_events, NULL);
    ck_assert_int_eq(announced, 5);
    fixture_write(prune_events, NULL);
    ck_assert_int_eq(announced, 6);
}
END_TEST

/* ---- Replies ---- */

static gboolean
put_reply(KcTx *tx, gpointer unused, GError **error)
{
    const KcIdempotentReply reply = {.scope = (char *)"user:1",
                                     .key = (char *)"k",
                                     .request_hash = (char *)"h",
                                     .status = 201,
                                     .body = (char *)"{\"token\":\"very-secret\"}",
                                     .created_us = FIXTURE_NOW_US};
    return kc_idempotency_store_insert(tx, &reply, error);
}

static gboolean
check_reply(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcIdempotentReply) reply = NULL;
    g_autoptr(KcIdempotentReply) other = NULL;
    g_autoptr(KcIdempotentReply) pruned = NULL;
    ck_assert(kc_idempotency_store_get(tx, "user:1", "k", &reply, error));
    ck_assert_int_eq(reply->status, 201);
    ck_assert_str_eq(reply->body, "{\"token\":\"very-secret\"}");
    ck_assert(kc_idempotency_store_get(tx, "user:2", "k", &other, error));
    ck_assert_ptr_null(other);
    ck_assert(kc_idempotency_store_prune(tx, FIXTURE_NOW_US + 1, error));
    ck_assert(kc_idempotency_store_get(tx, "user:1", "k", &pruned, error));
    ck_assert_ptr_null(pruned);
    return TRUE;
}

START_TEST(replies_are_kept_sealed)
{
    g_autofree char *wal = g_strconcat(fixture.path, "-wal", NULL);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    fixture_write(put_reply, NULL);
    fixture_write_fails(put_reply, NULL, KC_STORE_ERROR_CONFLICT);
    ck_assert(g_file_get_contents(wal, &bytes, &len, NULL));
    ck_assert_ptr_null(memmem(bytes, len, "very-secret", 11));
    fixture_write(check_reply, NULL);
}
END_TEST

static Suite *
log_suite(void)
{
    Suite *suite = suite_create("store/log");
    TCase *tc = tcase_create("log");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_add_test(tc, entries_are_listed_and_the_chain_holds);
    tcase_add_test(tc, what_has_no_canonical_form_is_refused);
    tcase_add_loop_test(tc, the_log_is_append_only, 0, G_N_ELEMENTS(refused_sql));
    tcase_add_loop_test(tc, tampering_with_the_log_is_found, 0, G_N_ELEMENTS(tampering));
    tcase_add_loop_test(tc, everybody_sees_the_events_meant_for_them, 0, G_N_ELEMENTS(readers));
    tcase_add_test(tc, events_are_announced_and_pruned);
    tcase_add_test(tc, replies_are_kept_sealed);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(log_suite())
