/* Who looks a second time is drawn by the sample's seed, and drawn again from the log. */
#include "src/app/blind.h"
#include "src/app/findings.h"
#include "src/app/samples.h"
#include "tests/app/fixture.h"

#include <string.h>

#define WEEK (7 * 24 * G_TIME_SPAN_HOUR)
#define AUDITORS 5

typedef struct {
    Fixture fixture;
    KcPrincipal *first; /* who scores it */
    char *case_id;
    GPtrArray *others; /* of KcPrincipal: who may look a second time, but the supervisor */
} Audit;

static gboolean
log_closed(KcTx *tx, gpointer data, GError **error)
{
    const Audit *audit = data;
    json_t *entry = json_pack("{s:s}", "county", "611002");
    return kc_app_log(tx, NULL, audit->case_id, "case.closed", audit->fixture.now_us, entry, error);
}

static void
draw(Audit *audit)
{
    g_autoptr(GError) error = NULL;
    kc_app_draw_samples(audit->fixture.app, &error);
    kc_assert_no_error(error);
}

/* Written as the service's own, past the use cases that would not. */
static void
write_entry(Audit *audit, KcTxFn fn, gpointer data)
{
    g_autoptr(GError) error = NULL;
    kc_store_write(audit->fixture.app->store, fn, data, &error);
    kc_assert_no_error(error);
}

static void
add_auditors(Audit *audit)
{
    g_autoptr(KcPrincipal) admin = fixture_staff(&audit->fixture, "admin");
    audit->others = g_ptr_array_new_with_free_func((GDestroyNotify)kc_principal_free);
    for (guint i = 0; i < AUDITORS; i++) {
        g_autofree char *username = g_strdup_printf("auditor%u", i);
        g_autoptr(KcUser) user = NULL;
        const KcNewUser request = {
            .username = username, .password = "kuaichu-demo", .role = "auditor", .name = "审计员"};
        assert_done(kc_app_add_user(audit->fixture.app, admin, &request, &user, &result, &error));
        g_ptr_array_add(audit->others, fixture_staff(&audit->fixture, username));
    }
}

/* One case that was closed and drawn. */
static void
audit_open(Audit *audit)
{
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("192.0.2.1");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    fixture_open(&audit->fixture);
    audit->first = fixture_staff(&audit->fixture, "auditor");
    draw(audit);
    assert_done(kc_app_open_case(audit->fixture.app, nobody, &request, &opened, &result, &error));
    audit->case_id = g_strdup(opened.view->row->id);
    write_entry(audit, log_closed, audit);
    audit->fixture.now_us += WEEK;
    draw(audit);
    add_auditors(audit);
}

static void
audit_close(Audit *audit)
{
    g_ptr_array_unref(audit->others);
    kc_principal_free(audit->first);
    g_free(audit->case_id);
    fixture_close(&audit->fixture);
}

static void
score(Audit *audit, const KcPrincipal *who)
{
    const KcNewScore scores[] = {{"safety", 3}};
    assert_done(kc_app_score_case(audit->fixture.app, who, audit->case_id, scores, 1, &result, &error));
}

/* As the first auditor is told; owned. */
static KcBlindLookView *
newest_look(Audit *audit)
{
    g_auto(KcBlindList) list = {NULL};
    assert_done(kc_app_list_blind_looks(audit->fixture.app, audit->first, &list, &result, &error));
    ck_assert_uint_eq(list.looks->len, 1);
    return g_ptr_array_steal_index(list.looks, 0);
}

static char *
problem_of(Audit *audit, gint64 looks)
{
    g_auto(KcSamplesCheck) check = {0};
    g_autoptr(GError) error = NULL;
    kc_app_verify_samples(audit->fixture.app, &check, &error);
    kc_assert_no_error(error);
    if (check.problem == NULL)
        ck_assert_int_eq(check.looks, looks);
    return g_steal_pointer(&check.problem);
}

/* Who that is; among the others, or the supervisor. Owned. */
static KcPrincipal *
principal_of(Audit *audit, const char *user_id)
{
    for (guint i = 0; i < audit->others->len; i++) {
        KcPrincipal *who = audit->others->pdata[i];
        g_autofree char *username = g_strdup_printf("auditor%u", i);
        if (strcmp(who->user_id, user_id) == 0)
            return fixture_staff(&audit->fixture, username);
    }
    return fixture_staff(&audit->fixture, "supervisor");
}

START_TEST(each_turn_comes_to_somebody_who_knows_nothing)
{
    Audit audit = {0};
    g_autoptr(GHashTable) had = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    audit_open(&audit);
    score(&audit, audit.first);
    g_hash_table_add(had, g_strdup(audit.first->user_id));
    /* Five auditors and the supervisor: each has it once, then nobody is left. */
    for (gint64 turn = 1; turn <= AUDITORS + 1; turn++) {
        g_autoptr(KcBlindLookView) view = newest_look(&audit), back = NULL;
        ck_assert_int_eq(view->look->turn, turn);
        ck_assert_msg(g_hash_table_add(had, g_strdup(view->look->user_id)), "turn %d", (int)turn);
        g_autoptr(KcPrincipal) who = principal_of(&audit, view->look->user_id);
        assert_done(
            kc_app_give_back_blind_look(audit.fixture.app, who, view->look->id, "认识当事人", &back, &result, &error));
        g_autofree char *problem = problem_of(&audit, MIN(turn + 1, AUDITORS + 1));
        ck_assert_ptr_null(problem);
    }
    g_auto(KcBlindList) list = {NULL};
    assert_done(kc_app_list_blind_looks(audit.fixture.app, audit.first, &list, &result, &error));
    ck_assert_uint_eq(list.without_anybody, 1);
    audit_close(&audit);
}
END_TEST

/* ---- What the log would betray ---- */

typedef struct {
    const char *case_id;
    json_t *data; /* taken */
} Forged;

static gboolean
log_assigned(KcTx *tx, gpointer data, GError **error)
{
    const Forged *forged = data;
    return kc_app_log(tx, NULL, forged->case_id, "blind.assigned", 0, json_incref(forged->data), error);
}

static char *
problem_with(Audit *audit, gint64 turn, const char *const *candidates, const char *chosen)
{
    json_t *ids = json_array();
    for (gsize i = 0; candidates[i] != NULL; i++)
        json_array_append_new(ids, json_string(candidates[i]));
    g_autoptr(json_t) data = json_pack("{s:s, s:i, s:I, s:o, s:s}", "look_id", "forged", "sample", 1, "turn",
                                       (json_int_t)turn, "candidates", ids, "chosen", chosen);
    write_entry(audit, log_assigned, &(Forged){audit->case_id, data});
    return problem_of(audit, 0);
}

/* What is said of the first turn of a case that nobody has scored. */
static const struct {
    gint64 turn;
    gboolean other, disorder;
    const char *words;
} forgeries[] = {
    {1, TRUE, FALSE, "came to somebody else"},
    {2, FALSE, FALSE, "out of turn"},
    {1, FALSE, TRUE, "in the order of their ids"},
};

static const char *
auditor_id(const Audit *audit, guint place)
{
    return ((const KcPrincipal *)audit->others->pdata[place])->user_id;
}

START_TEST(a_lot_that_did_not_fall_is_found)
{
    for (gsize i = 0; i < G_N_ELEMENTS(forgeries); i++) {
        Audit audit = {0};
        audit_open(&audit);
        const char *a = auditor_id(&audit, 0), *b = auditor_id(&audit, 1);
        const char *low = strcmp(a, b) < 0 ? a : b, *high = low == a ? b : a;
        const char *one[] = {low, NULL}, *backwards[] = {high, low, NULL};
        g_autofree char *problem = problem_with(&audit, forgeries[i].turn, forgeries[i].disorder ? backwards : one,
                                                forgeries[i].other ? high : low);
        ck_assert_ptr_nonnull(problem);
        ck_assert_msg(strstr(problem, forgeries[i].words) != NULL, "%s", problem);
        audit_close(&audit);
    }
}
END_TEST

/* Whoever is drawn again until it suits is seen to be, and so is a lot among people who know the case. */
START_TEST(a_second_turn_needs_that_the_first_was_given_back)
{
    Audit audit = {0};
    audit_open(&audit);
    score(&audit, audit.first);
    const char *one[] = {audit.first->user_id, NULL};
    g_autofree char *early = problem_with(&audit, 2, one, one[0]);
    ck_assert_ptr_nonnull(early);
    ck_assert_ptr_nonnull(strstr(early, "while another had the case"));
    audit_close(&audit);
}
END_TEST

static gboolean
log_look(KcTx *tx, gpointer data, GError **error)
{
    const Audit *audit = data;
    return kc_app_log(tx, audit->first, audit->case_id, "document.viewed", audit->fixture.now_us, NULL, error);
}

START_TEST(a_lot_among_people_who_know_the_case_is_found)
{
    Audit audit = {0};
    audit_open(&audit);
    write_entry(&audit, log_look, &audit);
    const char *one[] = {audit.first->user_id, NULL};
    g_autofree char *problem = problem_with(&audit, 1, one, one[0]);
    ck_assert_ptr_nonnull(problem);
    ck_assert_ptr_nonnull(strstr(problem, "knew the case"));
    audit_close(&audit);
}
END_TEST

START_TEST(of_a_case_that_was_not_chosen_there_is_no_lot)
{
    Audit audit = {0};
    audit_open(&audit);
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("192.0.2.1");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    assert_done(kc_app_open_case(audit.fixture.app, nobody, &request, &opened, &result, &error));
    g_free(audit.case_id);
    audit.case_id = g_strdup(opened.view->row->id);
    const char *one[] = {((KcPrincipal *)audit.others->pdata[0])->user_id, NULL};
    g_autofree char *problem = problem_with(&audit, 1, one, one[0]);
    ck_assert_ptr_nonnull(strstr(problem, "did not choose"));
    audit_close(&audit);
}
END_TEST

static Suite *
blind_suite(void)
{
    Suite *suite = suite_create("app/blind");
    TCase *tcase = tcase_create("blind");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_turn_comes_to_somebody_who_knows_nothing);
    tcase_add_test(tcase, a_lot_that_did_not_fall_is_found);
    tcase_add_test(tcase, a_second_turn_needs_that_the_first_was_given_back);
    tcase_add_test(tcase, a_lot_among_people_who_know_the_case_is_found);
    tcase_add_test(tcase, of_a_case_that_was_not_chosen_there_is_no_lot);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(blind_suite())
