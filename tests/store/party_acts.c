/* What a party does is written once: its consents as a ledger, how a document was served on it, that it feels pressed,
 * what it wrote in the call. */
#include "src/store/consent_store.h"
#include "src/store/document_store.h"
#include "src/store/integration_store.h"
#include "src/store/message_store.h"
#include "src/store/pause_store.h"
#include "src/store/service_store.h"
#include "tests/store/fixture.h"

#include <string.h>

#define DOCUMENT FIXTURE_DOCUMENT
#define SERVICE "01935cd1-7f00-7000-8000-0000000000e1"
#define PAUSE "01935cd1-7f00-7000-8000-0000000000e2"
#define MESSAGE "01935cd1-7f00-7000-8000-0000000000e3"
#define LATER "01935cd1-7f00-7000-8000-0000000000e4"
#define WORDS "一直在催"

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
    fixture_write(fixture_document, NULL);
}

static void
assert_refused(const char *sql, const char *why)
{
    g_autofree char *refusal = fixture_raw_sql(sql);
    ck_assert_msg(refusal != NULL && strstr(refusal, why) != NULL, "%s: %s", sql, refusal != NULL ? refusal : "done");
}

/* ---- consents ---- */

static gboolean
say_consents(KcTx *tx, gpointer unused, GError **error)
{
    static const struct {
        const char *kind;
        gboolean given;
    } said[] = {{"recording", TRUE}, {"insurer", TRUE}, {"insurer", FALSE}, {"insurer", TRUE}, {"recording", FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        gint64 at_us = FIXTURE_NOW_US + (gint64)i;
        const KcConsent consent = {.case_id = (char *)FIXTURE_CASE,
                                   .party_id = (char *)FIXTURE_PARTY,
                                   .kind = (char *)said[i].kind,
                                   .at_us = at_us,
                                   .withdrawn_us = said[i].given ? 0 : at_us};
        if (!kc_consent_store_put(tx, &consent, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_consents(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(GPtrArray) now = kc_consent_store_list(tx, FIXTURE_CASE, error);
    g_autoptr(GPtrArray) history = kc_consent_store_history(tx, FIXTURE_CASE, FIXTURE_PARTY, error);
    ck_assert_uint_eq(history->len, 5);
    ck_assert_uint_eq(now->len, 2);
    const KcConsent *insurer = now->pdata[0], *recording = now->pdata[1];
    ck_assert_str_eq(insurer->kind, "insurer");
    ck_assert_int_eq(insurer->withdrawn_us, 0);
    ck_assert_int_eq(insurer->at_us, FIXTURE_NOW_US + 3);
    ck_assert_str_eq(recording->kind, "recording");
    ck_assert_int_eq(recording->withdrawn_us, FIXTURE_NOW_US + 4);
    return TRUE;
}

START_TEST(the_last_word_holds_and_none_is_lost)
{
    fixture_write(say_consents, NULL);
    fixture_read(check_consents, NULL);
    assert_refused("UPDATE consent_entries SET given = 1", "not changed");
    assert_refused("DELETE FROM consent_entries", "kept");
}
END_TEST

/* ---- service ---- */

static gboolean
insert_service(KcTx *tx, gpointer id, GError **error)
{
    const KcService service = {.id = id,
                               .case_id = (char *)FIXTURE_CASE,
                               .document_id = (char *)DOCUMENT,
                               .party_id = (char *)FIXTURE_PARTY,
                               .way = (char *)"paper",
                               .delivery = (char *)"posted",
                               .sha256 = (char *)FIXTURE_SHA256,
                               .served_us = FIXTURE_NOW_US + 1,
                               .recorded_us = FIXTURE_NOW_US + 2,
                               .recorded_by = (char *)FIXTURE_OFFICER,
                               .note = (char *)"EMS"};
    return kc_service_store_insert(tx, &service, error);
}

static gboolean
open_twice(KcTx *tx, gpointer unused, GError **error)
{
    gboolean first = FALSE, second = TRUE;
    KcOpening opening = {.document_id = (char *)DOCUMENT,
                         .party_id = (char *)FIXTURE_PARTY,
                         .case_id = (char *)FIXTURE_CASE,
                         .sha256 = (char *)FIXTURE_SHA256,
                         .opened_us = FIXTURE_NOW_US};
    ck_assert(kc_opening_store_add(tx, &opening, &first, error));
    opening.opened_us++;
    ck_assert(kc_opening_store_add(tx, &opening, &second, error));
    ck_assert(first && !second);
    return TRUE;
}

static gboolean
check_service(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcService) service = NULL;
    g_autoptr(KcOpening) opening = NULL;
    g_autoptr(GPtrArray) all = kc_service_store_list(tx, FIXTURE_CASE, NULL, error);
    g_autoptr(GPtrArray) none = kc_service_store_list(tx, FIXTURE_CASE, "another", error);
    ck_assert(kc_service_store_get(tx, DOCUMENT, FIXTURE_PARTY, &service, error));
    ck_assert(kc_opening_store_get(tx, DOCUMENT, FIXTURE_PARTY, &opening, error));
    ck_assert_str_eq(service->note, "EMS");
    ck_assert_int_eq(service->served_us, FIXTURE_NOW_US + 1);
    ck_assert_int_eq(opening->opened_us, FIXTURE_NOW_US);
    ck_assert_uint_eq(all->len, 1);
    ck_assert_uint_eq(none->len, 0);
    return TRUE;
}

START_TEST(a_document_is_served_on_a_party_once)
{
    fixture_write(insert_service, (gpointer)SERVICE);
    fixture_write(open_twice, NULL);
    fixture_read(check_service, NULL);
    fixture_write_fails(insert_service, (gpointer)PAUSE, KC_STORE_ERROR_CONFLICT);
    assert_refused("UPDATE services SET way = 'refused'", "not changed");
    assert_refused("DELETE FROM services", "kept");
    assert_refused("UPDATE document_openings SET opened_us = 1", "not changed");
}
END_TEST

/* ---- pauses ---- */

static gboolean
insert_pause(KcTx *tx, gpointer id, GError **error)
{
    const KcPause pause = {.id = id,
                           .case_id = (char *)FIXTURE_CASE,
                           .document_id = (char *)DOCUMENT,
                           .party_id = (char *)FIXTURE_PARTY,
                           .words_json = (char *)"{\"words\":\"" WORDS "\"}",
                           .said_us = FIXTURE_NOW_US};
    return kc_pause_store_insert(tx, &pause, error);
}

static gboolean
end_pause(KcTx *tx, gpointer unused, GError **error)
{
    const KcPause pause = {.id = (char *)PAUSE,
                           .case_id = (char *)FIXTURE_CASE,
                           .outcome = (char *)"goes_on",
                           .note = (char *)WORDS,
                           .ended_us = FIXTURE_NOW_US + 1,
                           .ended_by = (char *)FIXTURE_OFFICER};
    return kc_pause_store_end(tx, &pause, error) == KC_UPDATE_DONE;
}

static gboolean
check_pause(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcPause) pause = NULL;
    g_autoptr(GPtrArray) standing = kc_pause_store_list(tx, NULL, error);
    g_autoptr(GPtrArray) all = kc_pause_store_list(tx, FIXTURE_CASE, error);
    ck_assert(kc_pause_store_get(tx, PAUSE, &pause, error));
    ck_assert_uint_eq(standing->len, 0);
    ck_assert_uint_eq(all->len, 1);
    ck_assert_str_eq(pause->note, WORDS);
    ck_assert_ptr_nonnull(strstr(pause->words_json, WORDS));
    return TRUE;
}

START_TEST(a_pause_ends_once)
{
    fixture_write(insert_pause, (gpointer)PAUSE);
    fixture_write_fails(insert_pause, (gpointer)SERVICE, KC_STORE_ERROR_CONFLICT); /* one stands */
    fixture_write(end_pause, NULL);
    fixture_read(check_pause, NULL);
    assert_refused("UPDATE pauses SET outcome = 'lapsed', ended_by = NULL", "not changed");
    assert_refused("DELETE FROM pauses", "kept");
}
END_TEST

/* ---- messages ---- */

/* Both at one instant of the clock. */
static gboolean
insert_messages(KcTx *tx, gpointer unused, GError **error)
{
    const char *ids[] = {MESSAGE, LATER};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        KcChatMessage message = {.id = (char *)ids[i],
                                 .case_id = (char *)FIXTURE_CASE,
                                 .party_id = i == 0 ? (char *)FIXTURE_PARTY : NULL,
                                 .user_id = i == 1 ? (char *)FIXTURE_OFFICER : NULL,
                                 .text = (char *)WORDS,
                                 .sent_us = FIXTURE_NOW_US};
        if (!kc_message_store_insert(tx, &message, error))
            return FALSE;
        ck_assert_int_eq(message.sent_us, FIXTURE_NOW_US + (gint64)i);
    }
    return TRUE;
}

static gboolean
check_messages(KcTx *tx, gpointer unused, GError **error)
{
    gint64 count;
    g_autoptr(KcChatMessage) message = NULL, none = NULL;
    g_autoptr(GPtrArray) all = kc_message_store_list(tx, FIXTURE_CASE, NULL, error);
    g_autoptr(GPtrArray) later = kc_message_store_list(tx, FIXTURE_CASE, MESSAGE, error);
    ck_assert(kc_message_store_get(tx, LATER, &message, error));
    ck_assert(kc_message_store_get(tx, PAUSE, &none, error));
    ck_assert(kc_message_store_count(tx, FIXTURE_CASE, &count, error));
    ck_assert_uint_eq(all->len, 2);
    ck_assert_int_eq(count, 2);
    ck_assert_uint_eq(later->len, 1);
    ck_assert_str_eq(message->text, WORDS);
    ck_assert_str_eq(message->user_id, FIXTURE_OFFICER);
    ck_assert_ptr_null(none);
    return TRUE;
}

static gboolean
strip_messages(KcTx *tx, gpointer unused, GError **error)
{
    return kc_message_store_strip(tx, FIXTURE_CASE, error);
}

static gboolean
check_stripped(KcTx *tx, gpointer unused, GError **error)
{
    gint64 count;
    g_autoptr(GPtrArray) all = kc_message_store_list(tx, FIXTURE_CASE, NULL, error);
    ck_assert_uint_eq(all->len, 0);
    ck_assert(kc_message_store_count(tx, FIXTURE_CASE, &count, error));
    ck_assert_int_eq(count, 2); /* who wrote when stays */
    return TRUE;
}

START_TEST(a_message_is_written_once)
{
    fixture_write(insert_messages, NULL);
    fixture_read(check_messages, NULL);
    assert_refused("UPDATE messages SET sealed_text = x'00'", "not changed");
    assert_refused("UPDATE messages SET sent_us = sent_us + 5, sealed_text = NULL", "not changed");
    assert_refused("UPDATE messages SET party_id = NULL, user_id = '" FIXTURE_OFFICER "', sealed_text = NULL",
                   "not changed");
    assert_refused("DELETE FROM messages", "kept");
    fixture_write(strip_messages, NULL);
    fixture_read(check_stripped, NULL);
}
END_TEST

/* ---- integrations ---- */

static gboolean
insert_integration(KcTx *tx, gpointer name, GError **error)
{
    static const char *const scopes[] = {"cases:open", NULL};
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    const KcIntegration integration = {
        .id = name, .name = name, .key_hash = hash, .scopes = (GStrv)scopes, .created_us = FIXTURE_NOW_US};
    return kc_integration_store_insert(tx, &integration, error);
}

static gboolean
revoke_integration(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcIntegration) found = NULL;
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "122", -1);
    ck_assert(kc_integration_store_revoke(tx, "122", FIXTURE_NOW_US + 1, error));
    ck_assert(kc_integration_store_revoke(tx, "122", FIXTURE_NOW_US + 2, error)); /* the first time counts */
    ck_assert(kc_integration_store_find(tx, hash, &found, error));
    ck_assert_int_eq(found->revoked_us, FIXTURE_NOW_US + 1);
    ck_assert_str_eq(found->scopes[0], "cases:open");
    return TRUE;
}

START_TEST(an_integration_has_one_name_and_is_kept)
{
    fixture_write(insert_integration, (gpointer) "122");
    fixture_write_fails(insert_integration, (gpointer) "122", KC_STORE_ERROR_CONFLICT);
    fixture_write(revoke_integration, NULL);
    assert_refused("DELETE FROM integrations", "kept");
}
END_TEST

static Suite *
party_acts_suite(void)
{
    Suite *suite = suite_create("store/party_acts");
    TCase *all = tcase_create("party_acts");
    tcase_add_checked_fixture(all, setup, fixture_teardown);
    tcase_add_test(all, the_last_word_holds_and_none_is_lost);
    tcase_add_test(all, a_document_is_served_on_a_party_once);
    tcase_add_test(all, a_pause_ends_once);
    tcase_add_test(all, a_message_is_written_once);
    tcase_add_test(all, an_integration_has_one_name_and_is_kept);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(party_acts_suite())
