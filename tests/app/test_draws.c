/* Cases assigned by lot: committed to, drawn, offered, drawn again; and a draw that was bent is found. */
#include "src/app/draws.h"
#include "src/app/accounts.h"
#include "src/app/offers.h"
#include "src/app/recusals.h"
#include "src/app/seats.h"
#include "tests/app/fixture.h"

#include <sqlite3.h>
#include <string.h>

#define SECONDS(n) ((gint64)(n)*G_USEC_PER_SEC)
#define OFFICERS 3

/* Officers li.0, li.1 … beside the demo's own, all seen just now. */
typedef struct {
    Fixture fixture;
    KcPrincipal *officers[OFFICERS];
    char *tokens[OFFICERS];
    KcPrincipal *supervisor;
} Desk;

static void
add_officer(Desk *desk, guint i, const char *const *counties, const char *grade)
{
    g_autofree char *username = g_strdup_printf("li.%u", i);
    const KcNewUser user = {.username = username,
                            .password = "kuaichu-demo",
                            .role = "officer",
                            .name = username,
                            .counties = counties,
                            .grade = grade};
    KcSignedIn signed_in = {0};
    assert_done(kc_app_add_user(desk->fixture.app, NULL, &user, NULL, &result, &error));
    assert_done(kc_app_sign_in(desk->fixture.app, username, "kuaichu-demo", "192.0.2.1", &signed_in, &result, &error));
    desk->officers[i] = g_steal_pointer(&signed_in.principal);
    desk->tokens[i] = g_steal_pointer(&signed_in.token);
    kc_signed_in_clear(&signed_in);
}

static void
desk_open(Desk *desk)
{
    *desk = (Desk){0};
    fixture_open_with(&desk->fixture, "desk.json", "\"pick\"", "\"draw\"");
    desk->supervisor = fixture_staff(&desk->fixture, "supervisor");
}

static void
desk_close(Desk *desk)
{
    for (guint i = 0; i < OFFICERS; i++) {
        kc_principal_free(desk->officers[i]);
        g_free(desk->tokens[i]);
    }
    kc_principal_free(desk->supervisor);
    fixture_close(&desk->fixture);
}

static void
tend(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_tend_desk(desk->fixture.app, &error));
    kc_assert_no_error(error);
}

/* As a page does all the while. */
static void
be_free(Desk *desk, guint i)
{
    g_autoptr(KcPrincipal) heard = NULL;
    g_autoptr(KcSeatView) seat = NULL;
    assert_done(kc_app_authenticate(desk->fixture.app, desk->tokens[i], NULL, &heard, &result, &error));
    assert_done(kc_app_set_seat(desk->fixture.app, heard, KC_SEAT_FREE, &seat, &result, &error));
}

static void
queue_case(Desk *desk, Scene *scene)
{
    KcQueuePlace place;
    scene_open(&desk->fixture, scene);
    assert_done(kc_app_join_queue(desk->fixture.app, scene->party, scene->id, &place, &result, &error));
}

static GPtrArray *
draws(Desk *desk)
{
    GPtrArray *views = NULL;
    gint64 before = 0;
    assert_done(kc_app_list_draws(desk->fixture.app, desk->supervisor, 0, 100, &views, &before, &result, &error));
    ck_assert_int_eq(before, 0);
    return views;
}

static KcDrawRow *
next_draw(Desk *desk)
{
    KcAssignment assignment;
    KcDrawRow *next = NULL;
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_next_draw(desk->fixture.app, &assignment, &next, &error));
    ck_assert_int_eq(assignment, KC_ASSIGN_DRAW);
    return next;
}

/* Who is asked now, and the offer; OFFICERS: nobody. */
static guint
asked(Desk *desk, char **ret_offer)
{
    guint who = OFFICERS;
    for (guint i = 0; i < OFFICERS && desk->officers[i] != NULL; i++) {
        g_autoptr(GPtrArray) offers = NULL;
        assert_done(kc_app_list_offers(desk->fixture.app, desk->officers[i], &offers, &result, &error));
        if (offers->len == 0)
            continue;
        ck_assert_uint_eq(offers->len, 1);
        ck_assert_uint_eq(who, OFFICERS);
        who = i;
        g_free(*ret_offer);
        *ret_offer = g_strdup(((const KcOfferView *)offers->pdata[0])->offer->id);
    }
    return who;
}

static KcSeatStatus
status_of(Desk *desk, guint i)
{
    g_autoptr(GPtrArray) seats = NULL;
    assert_done(kc_app_list_seats(desk->fixture.app, desk->supervisor, &seats, &result, &error));
    for (guint n = 0; n < seats->len; n++) {
        const KcSeatView *seat = seats->pdata[n];
        if (strcmp(seat->user_id, desk->officers[i]->user_id) == 0)
            return seat->status;
    }
    ck_abort_msg("no seat");
}

static char *
problem_of(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_auto(KcDrawsCheck) check = {0};
    ck_assert(kc_app_verify_draws(fixture->app, &check, &error));
    kc_assert_no_error(error);
    return g_steal_pointer(&check.problem);
}

static void
assert_all_right(Fixture *fixture)
{
    g_autofree char *problem = problem_of(fixture);
    ck_assert_msg(problem == NULL, "%s", problem);
}

/* ---- the course of a draw ---- */

START_TEST(what_is_drawn_was_committed_to_before)
{
    Desk desk;
    Scene scene;
    g_autofree char *offer = NULL;
    desk_open(&desk);
    for (guint i = 0; i < OFFICERS; i++)
        add_officer(&desk, i, NULL, NULL);
    ck_assert_ptr_null(next_draw(&desk));
    tend(&desk);
    g_autoptr(KcDrawRow) first = next_draw(&desk);
    ck_assert(first->number == 1 && first->seed == NULL && strlen(first->commitment) == 64);
    for (guint i = 0; i < OFFICERS; i++)
        be_free(&desk, i);

    queue_case(&desk, &scene); /* drawn at once */
    guint who = asked(&desk, &offer);
    ck_assert_uint_lt(who, OFFICERS);
    g_autoptr(GPtrArray) made = draws(&desk);
    ck_assert_uint_eq(made->len, 1);
    const KcDrawView *draw = made->pdata[0];
    ck_assert_str_eq(draw->row->commitment, first->commitment);
    ck_assert_int_eq(draw->check, KC_DRAW_RIGHT);
    ck_assert_str_eq(draw->row->case_id, scene.id);
    ck_assert_str_eq(draw->row->chosen, desk.officers[who]->user_id);
    ck_assert_str_eq(draw->chosen_name, desk.officers[who]->name);
    ck_assert_uint_eq(g_strv_length(draw->row->candidates), OFFICERS);
    ck_assert_uint_eq(g_strv_length(draw->candidate_names), OFFICERS);
    ck_assert_ptr_null(draw->row->outcome);
    g_autoptr(KcDrawRow) second = next_draw(&desk);
    ck_assert_int_eq(second->number, 2);
    ck_assert_str_ne(second->commitment, first->commitment);

    g_autoptr(KcCaseView) taken = NULL;
    assert_done(kc_app_accept_offer(desk.fixture.app, desk.officers[who], offer, &taken, &result, &error));
    ck_assert_str_eq(taken->row->state, "in_call");
    ck_assert_str_eq(taken->row->officer_id, desk.officers[who]->user_id);
    ck_assert_int_eq(status_of(&desk, who), KC_SEAT_BUSY);
    tend(&desk);
    g_autoptr(GPtrArray) after = draws(&desk);
    ck_assert_uint_eq(after->len, 1);
    ck_assert_str_eq(((const KcDrawView *)after->pdata[0])->row->outcome, "accepted");
    assert_all_right(&desk.fixture);
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

START_TEST(who_does_not_accept_is_away_and_the_case_is_drawn_again)
{
    Desk desk;
    Scene scene;
    g_autofree char *offer = NULL;
    desk_open(&desk);
    for (guint i = 0; i < OFFICERS; i++)
        add_officer(&desk, i, NULL, NULL);
    tend(&desk);
    for (guint i = 0; i < OFFICERS; i++)
        be_free(&desk, i);
    queue_case(&desk, &scene);
    guint first = asked(&desk, &offer);
    desk.fixture.now_us += SECONDS(19);
    tend(&desk);
    ck_assert_uint_eq(asked(&desk, &offer), first); /* still has a second */
    desk.fixture.now_us += SECONDS(1);
    tend(&desk);
    guint second = asked(&desk, &offer);
    ck_assert(second != first && second < OFFICERS);
    ck_assert_int_eq(status_of(&desk, first), KC_SEAT_AWAY);

    /* Who declines is as little there as who does not answer. */
    assert_done(kc_app_decline_offer(desk.fixture.app, desk.officers[second], offer, &result, &error));
    ck_assert_int_eq(status_of(&desk, second), KC_SEAT_AWAY);
    tend(&desk);
    guint third = asked(&desk, &offer);
    ck_assert(third != first && third != second && third < OFFICERS);
    desk.fixture.now_us += SECONDS(20);
    tend(&desk);
    ck_assert_uint_eq(asked(&desk, &offer), OFFICERS); /* nobody is left; the case waits */
    be_free(&desk, first);
    ck_assert_uint_eq(asked(&desk, &offer), first); /* whoever is free again may be drawn again, at once */

    g_autoptr(GPtrArray) made = draws(&desk);
    static const guint candidates[] = {1, 1, 2, 3}; /* the newest first */
    static const char *const outcomes[] = {NULL, "lapsed", "declined", "lapsed"};
    ck_assert_uint_eq(made->len, G_N_ELEMENTS(outcomes));
    for (guint i = 0; i < made->len; i++) {
        const KcDrawView *one = made->pdata[i];
        ck_assert_str_eq(one->row->outcome != NULL ? one->row->outcome : "-", outcomes[i] != NULL ? outcomes[i] : "-");
        ck_assert_uint_eq(g_strv_length(one->row->candidates), candidates[i]);
    }
    assert_all_right(&desk.fixture);
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

START_TEST(only_who_is_free_and_qualified_takes_part)
{
    static const char *const elsewhere[] = {"611023", NULL};
    Desk desk;
    Scene scene;
    KcQueuePlace place;
    g_autofree char *offer = NULL;
    desk_open(&desk);
    add_officer(&desk, 0, elsewhere, NULL); /* of another county */
    add_officer(&desk, 1, NULL, "junior");
    add_officer(&desk, 2, NULL, NULL); /* of no grade */
    tend(&desk);
    be_free(&desk, 0);
    queue_case(&desk, &scene);
    ck_assert_uint_eq(asked(&desk, &offer), OFFICERS);
    desk.fixture.now_us += SECONDS(200); /* li.0 was not heard of for long, li.2 never said to be free */
    be_free(&desk, 1);
    ck_assert_uint_eq(asked(&desk, &offer), 1);
    g_autoptr(KcCaseView) taken = NULL;
    assert_done(kc_app_accept_offer(desk.fixture.app, desk.officers[1], offer, &taken, &result, &error));

    /* Somebody is slightly hurt: an officer of the junior grade at least, and li.1 has a case in hand. */
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    request.triage.injury = KC_INJURY_SLIGHT;
    request.triage.all_parties_agree = TRUE;
    assert_done(kc_app_open_case(desk.fixture.app, nobody, &request, &opened, &result, &error));
    g_autoptr(KcPrincipal) party = fixture_party(&desk.fixture, opened.token);
    const char *hurt_id = opened.view->row->id;
    assert_done(kc_app_join_queue(desk.fixture.app, party, hurt_id, &place, &result, &error));
    be_free(&desk, 2);
    ck_assert_uint_eq(asked(&desk, &offer), OFFICERS);

    /* The next in the queue does not wait for it; but who is asked for one case is not drawn for another. */
    Scene plain, another;
    queue_case(&desk, &plain);
    ck_assert_uint_eq(asked(&desk, &offer), 2);
    queue_case(&desk, &another);
    ck_assert_uint_eq(asked(&desk, &offer), 2);
    g_autoptr(GPtrArray) made = draws(&desk);
    ck_assert_uint_eq(made->len, 2);
    scene_clear(&another);
    scene_clear(&plain);
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

START_TEST(who_was_recused_is_not_drawn)
{
    Desk desk;
    Scene scene;
    g_autofree char *offer = NULL;
    g_autoptr(KcCaseView) taken = NULL;
    g_autoptr(KcRecusalView) declared = NULL, decided = NULL;
    desk_open(&desk);
    add_officer(&desk, 0, NULL, NULL);
    tend(&desk);
    be_free(&desk, 0);
    queue_case(&desk, &scene);
    ck_assert_uint_eq(asked(&desk, &offer), 0);
    assert_done(kc_app_accept_offer(desk.fixture.app, desk.officers[0], offer, &taken, &result, &error));
    assert_done(
        kc_app_ask_recusal(desk.fixture.app, desk.officers[0], scene.id, "同学", &declared, &result, &error));
    assert_done(kc_app_decide_recusal(desk.fixture.app, desk.supervisor, declared->recusal->id, TRUE, NULL, &decided,
                                      &result, &error));
    be_free(&desk, 0);
    tend(&desk);
    ck_assert_uint_eq(asked(&desk, &offer), OFFICERS);
    add_officer(&desk, 1, NULL, NULL);
    be_free(&desk, 1);
    ck_assert_uint_eq(asked(&desk, &offer), 1);
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

START_TEST(nobody_picks_but_a_supervisor_may_assign)
{
    Desk desk;
    Scene scene;
    KcCaseView *none = NULL;
    g_autofree char *offer = NULL;
    g_autoptr(KcOfferView) assigned = NULL;
    desk_open(&desk);
    for (guint i = 0; i < OFFICERS; i++)
        add_officer(&desk, i, NULL, NULL);
    tend(&desk);
    be_free(&desk, 0);
    queue_case(&desk, &scene);
    ck_assert_uint_eq(asked(&desk, &offer), 0);
    assert_refused(kc_app_claim_case(desk.fixture.app, desk.officers[1], scene.id, 0, &none, &result, &error),
                   KC_RESULT_CONFLICT, "drawn-by-lot");

    /* A supervisor's word goes before the lot, and is nobody's fault. */
    KcOfferView *no_offer = NULL;
    assert_refused(kc_app_offer_case(desk.fixture.app, desk.officers[1], scene.id, desk.officers[1]->user_id, &no_offer,
                                     &result, &error),
                   KC_RESULT_FORBIDDEN, "not-yours");
    assert_done(kc_app_offer_case(desk.fixture.app, desk.supervisor, scene.id, desk.officers[1]->user_id, &assigned,
                                  &result, &error));
    ck_assert_str_eq(assigned->offer->kind, "assign");
    tend(&desk);
    g_autofree char *second = NULL;
    ck_assert_uint_eq(asked(&desk, &second), 1);
    ck_assert_int_eq(status_of(&desk, 0), KC_SEAT_FREE);
    g_autoptr(KcCaseView) taken = NULL;
    assert_done(kc_app_accept_offer(desk.fixture.app, desk.officers[1], second, &taken, &result, &error));
    ck_assert_str_eq(taken->row->officer_id, desk.officers[1]->user_id);
    ck_assert_str_eq(taken->row->state, "in_call");

    /* Given back, it goes to another: who gave it back is away. */
    g_autoptr(KcCaseView) released = NULL;
    be_free(&desk, 1);
    assert_done(
        kc_app_release_case(desk.fixture.app, desk.officers[1], scene.id, 0, &released, &result, &error));
    ck_assert_int_eq(status_of(&desk, 1), KC_SEAT_AWAY);
    tend(&desk);
    g_autofree char *third = NULL;
    ck_assert_uint_eq(asked(&desk, &third), 0);

    /* Taken by a supervisor while who was drawn still thinks about it. */
    g_autoptr(KcCaseView) by_supervisor = NULL;
    assert_done(kc_app_claim_case(desk.fixture.app, desk.supervisor, scene.id, 0, &by_supervisor, &result, &error));
    assert_refused(kc_app_accept_offer(desk.fixture.app, desk.officers[0], third, &none, &result, &error),
                   KC_RESULT_CONFLICT, "offer-over");
    desk.fixture.now_us += SECONDS(30);
    tend(&desk);
    be_free(&desk, 0); /* heard of */
    ck_assert_int_eq(status_of(&desk, 0), KC_SEAT_FREE);
    g_autoptr(GPtrArray) made = draws(&desk);
    ck_assert_str_eq(((const KcDrawView *)made->pdata[0])->row->outcome, "withdrawn");
    assert_all_right(&desk.fixture);
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

START_TEST(where_cases_are_picked_nothing_is_drawn)
{
    Fixture fixture;
    Scene scene;
    KcAssignment assignment;
    KcDrawRow *next = NULL;
    g_autoptr(GError) error = NULL;
    fixture_open(&fixture);
    scene_claim(&fixture, &scene);
    ck_assert(kc_app_tend_desk(fixture.app, &error));
    ck_assert(kc_app_next_draw(fixture.app, &assignment, &next, &error));
    ck_assert(assignment == KC_ASSIGN_PICK && next == NULL);
    assert_all_right(&fixture);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

/* ---- bent ---- */

static void
run_sql(Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "kuaichu.db", NULL);
    sqlite3 *db = NULL;
    char *problem = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &problem) == SQLITE_OK, "%s: %s", sql, problem);
    sqlite3_close(db);
}

START_TEST(a_draw_that_was_bent_is_named)
{
    static const struct {
        const char *sql, *problem;
    } rows[] = {
        {"UPDATE draws SET chosen = (SELECT id FROM users WHERE username = 'auditor') WHERE number = 2",
         "draw 2 was another one when it was logged"},
        {"UPDATE draws SET candidates_json = json_array(chosen) WHERE number = 1",
         "draw 1 was another one when it was logged"},
        {"UPDATE draws SET seed = printf('%064d', 0) WHERE number = 2", "draw 2 was another one when it was logged"},
        {"UPDATE draws SET commitment = printf('%064d', 0) WHERE number = 2",
         "draw 2 was committed to in other words than the table has"},
        {"UPDATE draws SET commitment = printf('%064d', 0) WHERE number = 3",
         "draw 3 was committed to in other words than the table has"},
        {"DELETE FROM draws WHERE number = 3", "draw 3 stands in the log, but not in the table"},
        {"INSERT INTO draws (number, commitment, committed_us, seed, case_id, candidates_json, chosen, offer_id, "
         "drawn_us) SELECT 4, commitment, committed_us, seed, case_id, candidates_json, chosen, offer_id, drawn_us "
         "FROM draws WHERE number = 1",
         "draw 4 stands in the table, but not in the log"},
        /* Log and table bent alike: then the log's own chain breaks. */
        {"UPDATE draws SET chosen = (SELECT id FROM users WHERE username = 'auditor') WHERE number = 2; "
         "UPDATE audit_log SET data_json = json_set(data_json, '$.chosen', (SELECT chosen FROM draws WHERE number = 2)) "
         "WHERE kind = 'draw.made' AND data_json ->> '$.number' = 2",
         "the audit log does not hold"},
    };
    static const char *const let[] = {"DROP TRIGGER draws_committed", "DROP TRIGGER draws_no_delete",
                                      "DROP TRIGGER audit_log_no_update"};
    Desk desk;
    Scene scene;
    g_autofree char *offer = NULL;
    desk_open(&desk);
    for (guint i = 0; i < 2; i++)
        add_officer(&desk, i, NULL, NULL);
    tend(&desk);
    for (guint i = 0; i < 2; i++)
        be_free(&desk, i);
    queue_case(&desk, &scene);
    desk.fixture.now_us += SECONDS(20);
    tend(&desk);
    ck_assert_uint_lt(asked(&desk, &offer), OFFICERS); /* two are drawn, the third is committed to */
    assert_all_right(&desk.fixture);
    for (guint i = 0; i < G_N_ELEMENTS(let); i++)
        run_sql(&desk.fixture, let[i]);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        run_sql(&desk.fixture, "CREATE TABLE draws_kept AS SELECT * FROM draws; "
                               "CREATE TABLE log_kept AS SELECT seq, data_json FROM audit_log");
        run_sql(&desk.fixture, rows[i].sql);
        g_autofree char *problem = problem_of(&desk.fixture);
        ck_assert_msg(problem != NULL && g_str_has_prefix(problem, rows[i].problem), "row %u: %s", i, problem);
        run_sql(&desk.fixture, "DELETE FROM draws; INSERT INTO draws SELECT * FROM draws_kept ORDER BY number; "
                               "UPDATE audit_log SET data_json = (SELECT k.data_json FROM log_kept k WHERE k.seq = "
                               "audit_log.seq) WHERE kind = 'draw.made'; DROP TABLE draws_kept; DROP TABLE log_kept");
        assert_all_right(&desk.fixture);
    }
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

START_TEST(draws_come_page_by_page)
{
    Desk desk;
    Scene scene;
    gint64 before = 0;
    g_autofree char *offer = NULL;
    desk_open(&desk);
    add_officer(&desk, 0, NULL, NULL);
    tend(&desk);
    be_free(&desk, 0);
    queue_case(&desk, &scene);
    for (guint i = 0; i < 4; i++) {
        ck_assert_uint_eq(asked(&desk, &offer), 0);
        assert_done(kc_app_decline_offer(desk.fixture.app, desk.officers[0], offer, &result, &error));
        be_free(&desk, 0);
    }
    static const gint64 wanted[] = {5, 4, 3, 2, 1}, rest[] = {4, 2, 0};
    for (guint page = 0, at = 0; page < G_N_ELEMENTS(rest); page++) {
        g_autoptr(GPtrArray) views = NULL;
        assert_done(
            kc_app_list_draws(desk.fixture.app, desk.supervisor, before, 2, &views, &before, &result, &error));
        for (guint i = 0; i < views->len; i++)
            ck_assert_int_eq(((const KcDrawView *)views->pdata[i])->row->number, wanted[at++]);
        ck_assert_int_eq(before, rest[page]);
    }
    GPtrArray *none = NULL;
    assert_refused(kc_app_list_draws(desk.fixture.app, desk.officers[0], 0, 2, &none, &before, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    scene_clear(&scene);
    desk_close(&desk);
}
END_TEST

static Suite *
draws_suite(void)
{
    Suite *suite = suite_create("app/draws");
    TCase *tcase = tcase_create("draws");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, what_is_drawn_was_committed_to_before);
    tcase_add_test(tcase, who_does_not_accept_is_away_and_the_case_is_drawn_again);
    tcase_add_test(tcase, only_who_is_free_and_qualified_takes_part);
    tcase_add_test(tcase, who_was_recused_is_not_drawn);
    tcase_add_test(tcase, nobody_picks_but_a_supervisor_may_assign);
    tcase_add_test(tcase, where_cases_are_picked_nothing_is_drawn);
    tcase_add_test(tcase, a_draw_that_was_bent_is_named);
    tcase_add_test(tcase, draws_come_page_by_page);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(draws_suite())
