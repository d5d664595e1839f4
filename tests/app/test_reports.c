/* Reports: whatever happens to cases, what is kept of them, what the audit log alone says, and what its exported
 * entries say come to the same figures; and the cases behind a figure are as many as it says. */
#include "src/app/internal.h"
#include "src/app/offers.h"
#include "src/app/report_codec.h"
#include "src/app/reports.h"
#include "src/app/reviews.h"
#include "src/store/report_log.h"
#include "tests/app/fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES 24
#define STEPS 24
#define ALL_BY "county,channel,form,scenario,officer,hour,day,week,month,outcome,closing_code,ground"
#define BEGINS "2026-01-01"
#define ENDS "2027-12-31"

/* What may be refused, and often is. */
#define attempt(call)                                                                                                  \
    __extension__({                                                                                                    \
        g_auto(KcResult) result = {0};                                                                                 \
        g_autoptr(GError) error = NULL;                                                                                \
        gboolean done = call;                                                                                          \
        kc_assert_no_error(error);                                                                                     \
        done;                                                                                                          \
    })

typedef struct {
    Fixture fixture;
    GRand *rand;
    KcPrincipal *officer, *supervisor, *auditor;
    Scene scene; /* the case at hand */
    guint legs;
} World;

static void
world_open(World *world, guint32 seed)
{
    *world = (World){.rand = g_rand_new_with_seed(seed)};
    fixture_open(&world->fixture);
    world->fixture.text_only = TRUE;
    fixture_restart(&world->fixture);
    world->officer = fixture_staff(&world->fixture, "officer");
    world->supervisor = fixture_staff(&world->fixture, "supervisor");
    world->auditor = fixture_staff(&world->fixture, "auditor");
}

static void
world_close(World *world)
{
    kc_principal_free(world->officer);
    kc_principal_free(world->supervisor);
    kc_principal_free(world->auditor);
    g_rand_free(world->rand);
    fixture_close(&world->fixture);
}

static gint
roll(World *world, gint sides)
{
    return g_rand_int_range(world->rand, 0, sides);
}

/* ---- what may happen ---- */

static void
open_one(World *world)
{
    static const char *const channels[] = {"web", "app_12123", "alarm_122", "kiosk"};
    static const char *const places[] = {"商州区北新街", "洛南县城关", "某处"};
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    request.channel = channels[roll(world, 4)];
    request.place_text = places[roll(world, 3)];
    request.has_position = FALSE;
    request.triage.party_left = roll(world, 8) == 0;
    assert_done(kc_app_open_case(world->fixture.app, nobody, &request, &opened, &result, &error));
    world->scene = (Scene){.id = g_strdup(opened.view->row->id), .party_id = g_strdup(opened.party_id)};
    world->scene.party = fixture_party(&world->fixture, opened.token);
}

static const KcPrincipal *
holder(World *world)
{
    return roll(world, 5) == 0 ? world->supervisor : world->officer;
}

static void
queue_up(World *world)
{
    KcQueuePlace place;
    attempt(kc_app_join_queue(world->fixture.app, world->scene.party, world->scene.id, &place, &result, &error));
}

static void
leave(World *world)
{
    attempt(kc_app_leave_queue(world->fixture.app, world->scene.party, world->scene.id, &result, &error));
}

static void
claim(World *world)
{
    g_autoptr(KcCaseView) view = NULL;
    attempt(kc_app_claim_case(world->fixture.app, holder(world), world->scene.id, 0, &view, &result, &error));
}

static void
give_back(World *world)
{
    g_autoptr(KcCaseView) view = NULL;
    attempt(kc_app_release_case(world->fixture.app, world->supervisor, world->scene.id, 0, &view, &result, &error));
}

static void
hand_over(World *world)
{
    g_autoptr(KcOfferView) offer = NULL;
    g_autoptr(KcCaseView) view = NULL;
    const KcPrincipal *to = holder(world);
    if (attempt(kc_app_offer_case(world->fixture.app, world->supervisor, world->scene.id, to->user_id, &offer, &result,
                                  &error)))
        attempt(kc_app_accept_offer(world->fixture.app, to, offer->offer->id, &view, &result, &error));
}

static void
call(World *world)
{
    const KcPrincipal *both[] = {world->scene.party, world->officer, world->supervisor};
    for (guint i = 0; i < 3; i++) {
        g_autofree char *id = g_strdup_printf("%u", 1000 + world->legs++), *offer = kc_fake_media_offer(id);
        g_auto(KcJoinedCall) joined = {0};
        if (!attempt(kc_app_join_call(world->fixture.app, both[i], world->scene.id, offer, &joined, &result, &error)))
            continue;
        kc_fake_media_connect(world->fixture.media, joined.leg_id);
        if (roll(world, 3) > 0)
            kc_fake_media_record(world->fixture.media, joined.leg_id, 1);
        if (roll(world, 6) == 0)
            kc_fake_media_vanish(world->fixture.media, joined.leg_id);
    }
}

static void
still(World *world)
{
    static const char *const shots[] = {"front_overview", "rear_overview", "impact_point", NULL};
    for (guint i = 0; i < 2; i++) {
        g_autoptr(KcStillView) view = NULL;
        const KcNewSnapshot wanted = {.party_id = world->scene.party_id, .shot = shots[roll(world, 4)]};
        attempt(kc_app_snapshot(world->fixture.app, world->officer, world->scene.id, &wanted, &view, &result, &error));
    }
}

static void
clear_road(World *world)
{
    g_autoptr(KcCaseView) view = NULL;
    attempt(
        kc_app_evacuate(world->fixture.app, world->officer, world->scene.id, 0, "road_danger", &view, &result, &error));
}

static void
issue(World *world)
{
    g_autoptr(KcCaseView) view = fixture_case(&world->fixture, world->officer, world->scene.id);
    const char *id = view->stills->len > 0 ? ((KcStillView *)view->stills->pdata[0])->id : NULL;
    g_autoptr(KcDetermination) draft = fixture_draft(&world->scene, id);
    g_autoptr(KcCaseView) drafted = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    g_autoptr(KcDocumentView) document = NULL;
    if (attempt(kc_app_put_determination(world->fixture.app, world->officer, world->scene.id, 0, draft, &drafted,
                                         &missing, &result, &error)))
        attempt(kc_app_issue_determination(world->fixture.app, world->officer, world->scene.id, 0, &document, &result,
                                           &error));
}

static void
decide(World *world)
{
    g_autoptr(KcCaseView) view = fixture_case(&world->fixture, world->officer, world->scene.id);
    g_autoptr(GBytes) png = fixture_png();
    for (guint i = 0; i < view->documents->len; i++) {
        const KcDocumentRow *document = ((KcDocumentView *)view->documents->pdata[i])->document;
        g_autoptr(KcSignatureView) signature = NULL;
        g_autoptr(KcCaseView) after = NULL;
        KcSignDocument request = {
            .decision = KC_DECISION_SIGNED, .image_png = png, .document_sha256 = document->sha256};
        if (roll(world, 3) == 0)
            request = (KcSignDocument){
                .decision = KC_DECISION_OBJECTED, .statement = "不同意", .document_sha256 = document->sha256};
        attempt(kc_app_sign_document(world->fixture.app, world->scene.party, world->scene.id, document->id, &request,
                                     &signature, &after, &result, &error));
    }
}

static void
close_it(World *world)
{
    static const char *const codes[] = {"1", "2", "3", "4"};
    for (guint i = 0; i < 4; i++) {
        g_autoptr(KcCaseView) view = NULL;
        const KcCloseCase request = {.closing_code = codes[i]};
        if (attempt(kc_app_close_case(world->fixture.app, world->supervisor, world->scene.id, 0, &request, &view,
                                      &result, &error)))
            return;
    }
}

static void
send_officer(World *world)
{
    g_autoptr(KcCaseView) view = NULL;
    const KcPrincipal *who = roll(world, 2) == 0 ? world->scene.party : world->officer;
    attempt(kc_app_send_on_scene(world->fixture.app, who, world->scene.id, NULL, &view, &result, &error));
}

static void
reopen(World *world)
{
    g_autoptr(KcCaseView) view = NULL;
    attempt(kc_app_reopen_case(world->fixture.app, world->supervisor, world->scene.id, 0, &view, &result, &error));
}

static void
review(World *world)
{
    static const KcReviewer reviewers[] = {{"周某", "900001"}, {"吴某", "900002"}};
    static const KcReviewGround grounds[] = {KC_REVIEW_FACTS_UNCLEAR};
    static const KcReviewOutcome outcomes[] = {KC_REVIEW_UPHELD, KC_REVIEW_ANEW, KC_REVIEW_UPHELD_CORRECTED};
    KcApp *app = world->fixture.app;
    const char *id = world->scene.id;
    g_autoptr(KcReviewView) asked = NULL;
    const KcAskReview request = {"重新认定", "责任划分有误", "录像", NULL};
    g_autoptr(KcReviewView) after = NULL;
    if (!attempt(kc_app_ask_review(app, world->scene.party, id, &request, &asked, &result, &error)))
        return;
    if (roll(world, 4) == 0) {
        attempt(kc_app_withdraw_review(app, world->scene.party, id, asked->review->id, &after, &result, &error));
        return;
    }
    KcReviewOutcome outcome = outcomes[roll(world, 3)];
    const KcConcludeReview conclusion = {.outcome = outcome,
                                         .unit = "市交警支队",
                                         .reviewers = reviewers,
                                         .reviewer_count = 2,
                                         .grounds = grounds,
                                         .ground_count = outcome == KC_REVIEW_ANEW ? 1 : 0,
                                         .findings = "复核意见",
                                         .correction = outcome == KC_REVIEW_UPHELD_CORRECTED ? "时间更正" : NULL};
    g_autoptr(KcReviewView) concluded = NULL;
    if (attempt(kc_app_forward_review(app, world->supervisor, id, asked->review->id, &after, &result, &error)))
        attempt(kc_app_conclude_review(app, world->supervisor, id, asked->review->id, &conclusion, &concluded, &result,
                                       &error));
}

static void
move_place(World *world)
{
    g_autoptr(KcCaseView) view = NULL;
    const KcNewPlace place = {.text = roll(world, 2) == 0 ? "丹凤县龙驹寨" : "商州区北新街"};
    attempt(
        kc_app_change_place(world->fixture.app, world->officer, world->scene.id, 0, &place, &view, &result, &error));
}

static void
lose_worker(World *world)
{
    kc_fake_media_crash(world->fixture.media);
    kc_app_wait_idle(world->fixture.app);
}

static void
count_meanwhile(World *world)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_tend_reports(world->fixture.app, &error));
}

static void
time_passes(World *world)
{
    g_autoptr(GError) error = NULL;
    world->fixture.now_us += roll(world, 40) * G_TIME_SPAN_HOUR;
    ck_assert(kc_app_housekeep(world->fixture.app, &error));
}

typedef void (*Act)(World *world);
static const Act MAIN_JOB[] = {queue_up, claim, call, still, clear_road, issue, decide, close_it, review};
static const Act ANYTHING[] = {queue_up,   leave,       claim,  give_back, hand_over,    call,           still,
                               clear_road, issue,       decide, close_it,  send_officer, reopen,         review,
                               move_place, lose_worker, claim,  issue,     time_passes,  count_meanwhile};

static void
live_through(World *world)
{
    guint next = 0;
    open_one(world);
    for (guint i = 0; i < STEPS; i++) {
        world->fixture.now_us += (1 + roll(world, 200)) * G_USEC_PER_SEC;
        if (next < G_N_ELEMENTS(MAIN_JOB) && roll(world, 4) > 0)
            MAIN_JOB[next++](world);
        else
            ANYTHING[roll(world, G_N_ELEMENTS(ANYTHING))](world);
    }
    if (roll(world, 3) > 0)
        lose_worker(world); /* whoever is in the call has left it */
    kc_app_end_call(world->fixture.app, world->scene.id, "test");
    fixture_settle(&world->fixture); /* recordings end by themselves, and are entries too */
    scene_clear(&world->scene);
}

/* ---- counting ---- */

static char *
text_of(const KcReport *report)
{
    g_autoptr(json_t) root = kc_report_to_json(report, NULL);
    char *text = kc_json_canonical(root);
    ck_assert_ptr_nonnull(text);
    return text;
}

static char *
kept(World *world)
{
    g_auto(KcReportView) view = {NULL};
    const KcReportRequest request = {BEGINS, ENDS, ALL_BY};
    assert_done(kc_app_report(world->fixture.app, world->auditor, &request, &view, &result, &error));
    return text_of(view.report);
}

static char *
database_path(World *world)
{
    return g_build_filename(world->fixture.dir, "kuaichu.db", NULL);
}

static char *
of_log(const char *path, gboolean lines)
{
    g_autoptr(GError) error = NULL;
    KcReportBy by[KC_REPORT_BY_COUNT];
    guint count;
    ck_assert(kc_report_by_list(ALL_BY, by, &count));
    KcReportLogQuery query = {.by = by, .by_count = count};
    ck_assert(kc_timestamp_parse(BEGINS "T00:00:00+08:00", &query.from_us));
    ck_assert(kc_timestamp_parse("2028-01-01T00:00:00+08:00", &query.to_us));
    g_autoptr(GPtrArray) reports =
        lines ? kc_report_log_of_lines(path, &query, 1, &error) : kc_report_log_of_database(path, &query, 1, &error);
    kc_assert_no_error(error);
    return text_of(reports->pdata[0]);
}

/* Runs SQL past the service; the first column of each row, a line each. Owned. */
static char *
sql(World *world, const char *text)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    g_autofree char *path = database_path(world);
    GString *out = g_string_new(NULL);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_prepare_v2(db, text, -1, &row, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    while (sqlite3_step(row) == SQLITE_ROW)
        g_string_append_printf(out, "%s\n", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(db);
    return g_string_free(out, FALSE);
}

#define EXPORT                                                                                                         \
    "SELECT json_object('actor', json_object('id', actor_id, 'kind', actor_kind), 'at_us', at_us, 'case_id', "         \
    "case_id, "                                                                                                        \
    "'data', json(data_json), 'kind', kind, 'seq', seq) FROM audit_log ORDER BY seq"

/* What the tables of cases say of the same thing, where no review and no second end blurs it; a line for each that
 * differs. */
#define TIME(a, b) "CASE WHEN " a " > 0 AND " b " >= " a " THEN " b " - " a " ELSE -1 END"
#define DIFFERENT                                                                                                      \
    "SELECT c.id || ' ' || c.state || ' ' || r.outcome || ' ' || r.answer_us || ' ' || r.clear_us || ' ' || "          \
    "r.close_us "                                                                                                      \
    "FROM cases c LEFT JOIN report_cases r ON r.case_id = c.id WHERE c.id NOT IN (SELECT case_id FROM audit_log "      \
    "WHERE "                                                                                                           \
    "kind IN ('case.reopened', 'review.concluded') UNION SELECT case_id FROM audit_log WHERE kind = 'case.closed' "    \
    "GROUP "                                                                                                           \
    "BY case_id HAVING count(*) > 1) AND (r.case_id IS NULL OR r.number <> c.number OR r.county <> "                   \
    "coalesce(c.county, '') "                                                                                          \
    "OR r.channel <> c.channel OR r.officer <> coalesce(c.officer_id, '') OR r.opened_us <> c.created_us OR "          \
    "r.closed <> (c.state = 'closed') OR (c.state = 'closed' AND r.closing_code <> coalesce(c.closing_code, '')) OR "  \
    "r.answer_us <> " TIME("c.queued_us", "c.claimed_us") " OR r.clear_us <> " TIME(                                   \
        "c.claimed_us", "c.evacuated_us") " OR r.close_us <> CASE WHEN c.closed_us > 0 THEN c.closed_us - "            \
                                          "iif(c.queued_us > 0, c.queued_us, c.created_us) "                           \
                                          "ELSE -1 END OR (c.state = 'determined' AND r.outcome <> 'determined') OR "  \
                                          "(c.state = 'on_scene') > (r.outcome = 'on_scene') OR (c.state IN "          \
                                          "('abandoned', 'expired')) <> "                                              \
                                          "(r.outcome = 'abandoned') OR (c.state IN ('triaged', 'waiting', "           \
                                          "'in_call', 'evidence_fixed') AND r.outcome <> 'open'))"

START_TEST(the_log_alone_gives_the_same_figures)
{
    World world;
    world_open(&world, (guint32)_i + 20261129);
    for (guint i = 0; i < CASES; i++)
        live_through(&world);
    g_autofree char *by_table = kept(&world), *path = database_path(&world);
    g_autofree char *by_log = of_log(path, FALSE);
    kc_assert_same_text(by_table, by_log);

    g_autofree char *lines = sql(&world, EXPORT), *file = g_build_filename(world.fixture.dir, "entries.jsonl", NULL);
    ck_assert(g_file_set_contents(file, lines, -1, NULL));
    g_autofree char *by_lines = of_log(file, TRUE);
    kc_assert_same_text(by_table, by_lines);

    g_autofree char *different = sql(&world, DIFFERENT);
    ck_assert_str_eq(different, "");

    /* What is kept can be thrown away. */
    g_free(sql(&world, "DELETE FROM report_cases"));
    g_free(sql(&world, "UPDATE report_progress SET through_seq = 0"));
    g_autofree char *again = kept(&world);
    kc_assert_same_text(by_table, again);
    world_close(&world);
}
END_TEST

START_TEST(random_histories_are_varied)
{
    World world;
    world_open(&world, 4);
    for (guint i = 0; i < CASES; i++)
        live_through(&world);
    g_free(kept(&world));
    g_autofree char *outcomes = sql(&world, "SELECT DISTINCT outcome FROM report_cases ORDER BY 1");
    ck_assert_ptr_nonnull(strstr(outcomes, "determined"));
    ck_assert_ptr_nonnull(strstr(outcomes, "on_scene"));
    g_autofree char *kinds = sql(&world, "SELECT count(DISTINCT kind) FROM audit_log");
    ck_assert_int_gt(atoi(kinds), 20);
    world_close(&world);
}
END_TEST

/* ---- links ---- */

static guint
count_cases(World *world, KcReportBy by, const char *key, KcFigure figure)
{
    g_autofree char *cursor = NULL;
    guint count = 0;
    do {
        g_auto(KcReportCasesView) view = {NULL};
        const KcReportCasesRequest request = {BEGINS,
                                              ENDS,
                                              by == KC_REPORT_BY_COUNT ? NULL : kc_report_by_to_string(by),
                                              key,
                                              kc_figure_to_string(figure),
                                              3,
                                              cursor};
        assert_done(kc_app_report_cases(world->fixture.app, world->auditor, &request, &view, &result, &error));
        ck_assert_int_le(view.cases->len, 3);
        count += view.cases->len;
        g_free(cursor);
        cursor = g_steal_pointer(&view.cursor);
    } while (cursor != NULL);
    return count;
}

START_TEST(a_figure_has_as_many_cases_as_it_says)
{
    World world;
    g_auto(KcReportView) view = {NULL};
    const KcReportRequest request = {BEGINS, ENDS, ALL_BY};
    world_open(&world, 3);
    for (guint i = 0; i < 10; i++)
        live_through(&world);
    assert_done(kc_app_report(world.fixture.app, world.auditor, &request, &view, &result, &error));
    ck_assert_int_eq(view.report->total->figures[KC_FIGURE_CASES], 10);
    for (KcFigure figure = 0; figure < KC_FIGURE_COUNT; figure++)
        ck_assert_int_eq(count_cases(&world, KC_REPORT_BY_COUNT, NULL, figure), view.report->total->figures[figure]);
    for (guint i = 0; i < view.report->breakdowns->len; i++) {
        const KcReportBreakdown *breakdown = view.report->breakdowns->pdata[i];
        for (guint k = 0; k < breakdown->groups->len; k++) {
            const KcReportGroup *group = breakdown->groups->pdata[k];
            ck_assert_int_eq(count_cases(&world, breakdown->by, group->key, KC_FIGURE_CASES),
                             group->figures[KC_FIGURE_CASES]);
            ck_assert_int_eq(count_cases(&world, breakdown->by, group->key, KC_FIGURE_ENDED),
                             group->figures[KC_FIGURE_ENDED]);
        }
    }
    world_close(&world);
}
END_TEST

START_TEST(who_sees_some_counties_is_told_of_those)
{
    World world;
    g_auto(KcReportView) view = {NULL};
    const KcReportRequest request = {BEGINS, ENDS, "county"};
    world_open(&world, 5);
    for (guint i = 0; i < 8; i++) {
        open_one(&world);
        scene_clear(&world.scene);
    }
    g_strfreev(world.auditor->counties);
    world.auditor->counties = g_strsplit("611002", ",", 0);
    assert_done(kc_app_report(world.fixture.app, world.auditor, &request, &view, &result, &error));
    ck_assert_ptr_nonnull(kc_report_group(view.report, KC_REPORT_BY_COUNTY, "611002"));
    ck_assert_ptr_null(kc_report_group(view.report, KC_REPORT_BY_COUNTY, "611021"));
    ck_assert_int_eq(count_cases(&world, KC_REPORT_BY_COUNT, NULL, KC_FIGURE_CASES),
                     view.report->total->figures[KC_FIGURE_CASES]);
    ck_assert_int_lt(view.report->total->figures[KC_FIGURE_CASES], 8);
    assert_refused(kc_app_report(world.fixture.app, world.officer, &request, &view, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    world_close(&world);
}
END_TEST

START_TEST(a_broken_export_is_named_with_its_line)
{
    static const char *const broken[] = {
        "{\"actor\":{},\"at_us\":1,\"case_id\":null,\"data\":{},\"kind\":\"x\",\"seq\":2}\n", "nothing\n"};
    g_autofree char *dir = kc_test_dir_new(), *file = g_build_filename(dir, "lines", NULL);
    const KcReportLogQuery query = {.to_us = 1};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        ck_assert(g_file_set_contents(file, broken[i], -1, NULL));
        ck_assert_ptr_null(kc_report_log_of_lines(file, &query, 1, &error));
        ck_assert_ptr_nonnull(strstr(error->message, "line 1"));
    }
    g_autoptr(GError) absent = NULL, no_database = NULL;
    ck_assert_ptr_null(kc_report_log_of_lines("/no/such/file", &query, 1, &absent));
    ck_assert_ptr_nonnull(absent);
    ck_assert_ptr_null(kc_report_log_of_database(file, &query, 1, &no_database));
    ck_assert_ptr_nonnull(no_database);
    kc_test_dir_remove(g_steal_pointer(&dir));
}
END_TEST

static Suite *
reports_suite(void)
{
    Suite *suite = suite_create("app/reports");
    TCase *tcase = tcase_create("reports");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, the_log_alone_gives_the_same_figures, 0, 2);
    tcase_add_test(tcase, random_histories_are_varied);
    tcase_add_test(tcase, a_figure_has_as_many_cases_as_it_says);
    tcase_add_test(tcase, who_sees_some_counties_is_told_of_those);
    tcase_add_test(tcase, a_broken_export_is_named_with_its_line);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(reports_suite())
