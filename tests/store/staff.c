/* Accounts and sessions. */
#include "src/store/session_store.h"
#include "src/store/sql.h"
#include "tests/store/fixture.h"

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
}

static gboolean
check_users(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcUser) user = NULL;
    g_autoptr(KcUser) same = NULL;
    g_autoptr(KcUser) absent = NULL;
    gint64 count = 0;
    ck_assert(kc_user_store_find(tx, "OFFICER", &user, error));
    ck_assert_str_eq(user->id, FIXTURE_OFFICER);
    ck_assert_str_eq(user->badge_number, "061234");
    ck_assert_uint_eq(g_strv_length(user->counties), 0);
    ck_assert(kc_user_store_get(tx, FIXTURE_OFFICER, &same, error));
    ck_assert_str_eq(same->username, "officer");
    ck_assert(kc_user_store_find(tx, "nobody", &absent, error));
    ck_assert_ptr_null(absent);
    g_autoptr(GPtrArray) all = kc_user_store_list(tx, error);
    ck_assert_uint_eq(all->len, 1);
    ck_assert(kc_user_store_count(tx, &count, error));
    ck_assert_int_eq(count, 1);
    return TRUE;
}

static gboolean
insert_again(KcTx *tx, gpointer role, GError **error)
{
    const KcUser user = {.id = (char *)"other",
                         .username = (char *)"Officer",
                         .name = (char *)"x",
                         .role = role,
                         .password_hash = (char *)"x"};
    return kc_user_store_insert(tx, &user, error);
}

START_TEST(users_are_found_by_name_without_case)
{
    fixture_read(check_users, NULL);
    fixture_write_fails(insert_again, (gpointer) "officer", KC_STORE_ERROR_CONFLICT);
    fixture_write_fails(insert_again, (gpointer) "chief", KC_STORE_ERROR_REFUSED);
}
END_TEST

static gboolean
sign_in(KcTx *tx, gpointer unused, GError **error)
{
    const KcSession session = {.token_hash = (char *)FIXTURE_SHA256,
                               .csrf_token = (char *)"csrf",
                               .user_id = (char *)FIXTURE_OFFICER,
                               .created_us = FIXTURE_NOW_US,
                               .expires_us = FIXTURE_NOW_US + 100};
    return kc_session_store_insert(tx, &session, error);
}

static gboolean
has_session(KcTx *tx, gint64 now_us)
{
    g_autoptr(KcSession) session = NULL;
    g_autoptr(GError) error = NULL;
    ck_assert(kc_session_store_get(tx, FIXTURE_SHA256, now_us, &session, &error));
    if (session != NULL)
        ck_assert_str_eq(session->csrf_token, "csrf");
    return session != NULL;
}

static gboolean
expect_session(KcTx *tx, gpointer wanted, GError **error G_GNUC_UNUSED)
{
    ck_assert_int_eq(has_session(tx, FIXTURE_NOW_US), GPOINTER_TO_INT(wanted));
    return TRUE;
}

/* Who writes the file and has no key. */
static gboolean
forge(KcTx *tx, gpointer sql, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    return query != NULL && kc_query_run(query, NULL, error);
}

START_TEST(a_session_that_the_service_did_not_begin_is_none)
{
    static const char *const forged[] = {
        "UPDATE sessions SET expires_us = expires_us + 1000000",
        "UPDATE sessions SET created_us = created_us - 1",
        "UPDATE sessions SET csrf_token = 'mine'",
        "UPDATE sessions SET seal = NULL",
    };
    for (guint i = 0; i < G_N_ELEMENTS(forged); i++) {
        fixture_write(sign_in, NULL);
        fixture_read(expect_session, GINT_TO_POINTER(TRUE));
        fixture_write(forge, (gpointer)forged[i]);
        fixture_read(expect_session, GINT_TO_POINTER(FALSE));
        fixture_write(forge, (gpointer) "DELETE FROM sessions");
    }
}
END_TEST

static gboolean
use_session(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcUser) user = NULL;
    ck_assert(has_session(tx, FIXTURE_NOW_US + 99));
    ck_assert(!has_session(tx, FIXTURE_NOW_US + 100));

    ck_assert(kc_user_store_get(tx, FIXTURE_OFFICER, &user, error));
    user->disabled = TRUE;
    g_strfreev(user->counties);
    user->counties = g_strsplit("611002,611021", ",", -1);
    ck_assert_int_eq(kc_user_store_update(tx, user, error), KC_UPDATE_DONE);
    ck_assert(!has_session(tx, FIXTURE_NOW_US));
    g_autoptr(KcUser) again = NULL;
    ck_assert(kc_user_store_get(tx, FIXTURE_OFFICER, &again, error));
    ck_assert(again->disabled);
    ck_assert_str_eq(again->counties[1], "611021");

    user->disabled = FALSE;
    ck_assert_int_eq(kc_user_store_update(tx, user, error), KC_UPDATE_DONE);
    ck_assert(kc_session_store_prune(tx, FIXTURE_NOW_US + 99, error));
    ck_assert(has_session(tx, FIXTURE_NOW_US));
    ck_assert(kc_session_store_delete(tx, FIXTURE_SHA256, error));
    ck_assert(!has_session(tx, FIXTURE_NOW_US));
    ck_assert(sign_in(tx, NULL, error));
    ck_assert(kc_session_store_delete_of_user(tx, FIXTURE_OFFICER, error));
    ck_assert(!has_session(tx, FIXTURE_NOW_US));
    return TRUE;
}

START_TEST(a_session_ends_with_its_time_or_its_user)
{
    fixture_write(sign_in, NULL);
    fixture_write(use_session, NULL);
}
END_TEST

static Suite *
staff_suite(void)
{
    Suite *suite = suite_create("store/staff");
    TCase *tc = tcase_create("staff");
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_add_test(tc, a_session_that_the_service_did_not_begin_is_none);
    tcase_add_test(tc, users_are_found_by_name_without_case);
    tcase_add_test(tc, a_session_ends_with_its_time_or_its_user);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(staff_suite())
