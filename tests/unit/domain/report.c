/* What an entry of the log does to the facts of a case, what a case counts towards, and what many come to. */
#include "src/base/timestamp.h"
#include "src/domain/report.h"
#include "src/domain/report_period.h"
#include "src/domain/report_prose.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define S G_USEC_PER_SEC
#define OPENED G_GINT64_CONSTANT(1795420800000000) /* 2026-11-23T08:00:00Z: 16:00 on a Monday there */

/* An entry `s` seconds after the case was opened. */
static KcReportEntry
entry(const char *kind, gint64 s)
{
    return (KcReportEntry){
        .kind = kind, .actor_kind = "user", .actor_id = "officer", .at_us = OPENED + s * S, .shots_asked = -1};
}

static KcReportFold *
opened(void)
{
    KcReportFold *fold = kc_report_fold_new("case");
    KcReportEntry first = entry("case.opened", 0);
    first.number = "C-20261123-000001";
    first.channel = "app_12123";
    first.county = "611002";
    kc_report_fold_take(fold, &first);
    return fold;
}

static void
take(KcReportFold *fold, const char *kind, gint64 s)
{
    KcReportEntry one = entry(kind, s);
    kc_report_fold_take(fold, &one);
}

static KcReportCase
result(const KcReportFold *fold)
{
    KcReportCase one;
    ck_assert(kc_report_fold_result(fold, &one));
    return one;
}

START_TEST(a_case_is_known_once_it_is_opened)
{
    g_autoptr(KcReportFold) nothing = kc_report_fold_new("case");
    KcReportCase one;
    take(nothing, "case.queued", 1);
    ck_assert(!kc_report_fold_result(nothing, &one));
    g_autoptr(KcReportFold) fold = opened();
    one = result(fold);
    ck_assert_str_eq(one.number, "C-20261123-000001");
    ck_assert_str_eq(one.channel, "app_12123");
    ck_assert_str_eq(one.county, "611002");
    ck_assert_int_eq(one.outcome, KC_REPORT_OPEN);
    ck_assert_int_eq(one.answer_us, -1);
    ck_assert_int_eq(one.close_us, -1);
    ck_assert_int_eq(one.shots_asked, -1);
}
END_TEST

START_TEST(times_run_from_the_queue)
{
    g_autoptr(KcReportFold) fold = opened();
    take(fold, "case.queued", 10);
    take(fold, "case.unqueued", 20);
    take(fold, "case.queued", 30);
    take(fold, "case.claimed", 65);
    take(fold, "case.evacuated", 200);
    take(fold, "case.closed", 500);
    KcReportCase one = result(fold);
    ck_assert_int_eq(one.answer_us, 35 * S);
    ck_assert_int_eq(one.clear_us, 135 * S);
    ck_assert_int_eq(one.close_us, 470 * S);
    ck_assert_str_eq(one.officer, "officer");
    /* A review changes nothing of that day. */
    take(fold, "case.reopened", 90000);
    take(fold, "case.claimed", 90100);
    take(fold, "case.closed", 90200);
    KcReportCase later = result(fold);
    ck_assert_int_eq(later.answer_us, one.answer_us);
    ck_assert_int_eq(later.close_us, one.close_us);
    ck_assert(later.closed);
}
END_TEST

START_TEST(given_back_it_keeps_its_place_and_waits_for_the_last_answer)
{
    g_autoptr(KcReportFold) fold = opened();
    take(fold, "case.queued", 10);
    take(fold, "case.claimed", 20);
    take(fold, "case.evacuated", 30);
    take(fold, "case.released", 40);
    ck_assert_str_eq(result(fold).officer, "");
    take(fold, "case.claimed", 100);
    KcReportCase one = result(fold);
    ck_assert_int_eq(one.answer_us, 90 * S);
    ck_assert_int_eq(one.clear_us, -1); /* the road was cleared before */
}
END_TEST

START_TEST(the_outcome_is_the_last_one)
{
    static const struct {
        const char *kinds[6];
        KcReportOutcome outcome;
        gboolean closed;
    } rows[] = {
        {{"document.issued", "case.closed"}, KC_REPORT_DETERMINED, TRUE},
        {{"agreement.agreed", "case.served", "case.closed"}, KC_REPORT_AGREED, TRUE},
        {{"case.on_scene"}, KC_REPORT_ON_SCENE, FALSE},
        {{"document.issued", "case.on_scene", "case.closed"}, KC_REPORT_ON_SCENE, TRUE},
        {{"document.issued", "case.closed", "case.on_scene"}, KC_REPORT_ON_SCENE, FALSE},
        {{"case.queued", "case.abandoned"}, KC_REPORT_ABANDONED, FALSE},
        {{"case.queued", "case.abandoned", "case.expired"}, KC_REPORT_ABANDONED, FALSE},
        {{"case.abandoned", "case.queued"}, KC_REPORT_OPEN, FALSE},
        {{"case.abandoned", "agreement.agreed"}, KC_REPORT_AGREED, FALSE},
        {{"report.declined"}, KC_REPORT_DECLINED, TRUE},
        {{"document.issued", "case.closed", "case.reopened"}, KC_REPORT_OPEN, FALSE},
        {{"document.issued", "case.closed", "case.reopened", "document.issued"}, KC_REPORT_DETERMINED, FALSE},
        {{"recording.viewed", "no.such.kind"}, KC_REPORT_OPEN, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KcReportFold) fold = opened();
        for (guint k = 0; k < 6 && rows[i].kinds[k] != NULL; k++) {
            KcReportEntry one = entry(rows[i].kinds[k], 10 + k);
            one.document_kind = "determination";
            kc_report_fold_take(fold, &one);
        }
        KcReportCase one = result(fold);
        ck_assert_msg(one.outcome == rows[i].outcome && one.closed == rows[i].closed, "row %zu", i);
    }
}
END_TEST

START_TEST(a_paper_of_a_review_is_no_determination)
{
    g_autoptr(KcReportFold) fold = opened();
    KcReportEntry paper = entry("document.issued", 10);
    paper.document_kind = "review_conclusion";
    kc_report_fold_take(fold, &paper);
    ck_assert_int_eq(result(fold).outcome, KC_REPORT_OPEN);
}
END_TEST

START_TEST(reviews_come_to_an_outcome)
{
    static const struct {
        const char *kind, *outcome;
        gboolean reopened;
        KcReportReview review;
    } rows[] = {
        {"review.asked", NULL, FALSE, KC_REPORT_REVIEW_ASKED},
        {"review.withdrawn", NULL, FALSE, KC_REPORT_REVIEW_WITHDRAWN},
        {"review.concluded", "upheld", FALSE, KC_REPORT_REVIEW_UPHELD},
        {"review.concluded", "upheld_corrected", FALSE, KC_REPORT_REVIEW_CORRECTED},
        {"review.concluded", "anew", TRUE, KC_REPORT_REVIEW_OVERTURNED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KcReportFold) fold = opened();
        take(fold, "case.closed", 10);
        KcReportEntry one = entry(rows[i].kind, 20);
        one.review_outcome = rows[i].outcome;
        one.reopened = rows[i].reopened;
        kc_report_fold_take(fold, &one);
        ck_assert_int_eq(result(fold).review, rows[i].review);
        ck_assert_int_eq(result(fold).closed, !rows[i].reopened);
    }
}
END_TEST

START_TEST(capture_is_of_the_road_and_of_each_person)
{
    g_autoptr(KcReportFold) fold = opened();
    KcReportEntry issued = entry("document.issued", 90), cleared = entry("case.evacuated", 50);
    issued.document_kind = "determination";
    issued.form = "11";
    issued.scenarios = "LANE_CHANGE REAR_END";
    issued.shots_asked = issued.shots_taken = 5;
    cleared.shots_asked = 4;
    cleared.shots_taken = 3;
    kc_report_fold_take(fold, &cleared);
    kc_report_fold_take(fold, &issued);
    const char *const tracks[] = {"t1", "t2", "t3"}, *const people[] = {"p1", "p2", "p1"};
    for (guint i = 0; i < 3; i++) {
        KcReportEntry joined = entry("call.joined", 20 + i);
        joined.recording_id = tracks[i];
        joined.actor_id = people[i];
        kc_report_fold_take(fold, &joined);
    }
    take(fold, "call.joined", 30); /* without a track: who only listens */
    for (guint i = 0; i < 3; i += 2) {
        KcReportEntry done = entry(i == 0 ? "recording.finished" : "recording.recovered", 40);
        done.object_id = tracks[i];
        done.gaps = 1;
        done.gap_ms = 250;
        kc_report_fold_take(fold, &done);
    }
    KcReportCase one = result(fold);
    ck_assert_int_eq(one.shots_asked, 4);
    ck_assert_int_eq(one.shots_taken, 3);
    ck_assert_str_eq(one.form, "11");
    ck_assert_str_eq(one.scenarios, "LANE_CHANGE REAR_END");
    ck_assert_int_eq(one.people, 2);
    ck_assert_int_eq(one.people_recorded, 1);
    ck_assert_int_eq(one.gaps, 2);
    ck_assert_int_eq(one.gap_ms, 500);
    ck_assert(kc_report_has_key(&one, KC_REPORT_BY_SCENARIO, "REAR_END"));
    ck_assert(!kc_report_has_key(&one, KC_REPORT_BY_SCENARIO, "REAR"));
}
END_TEST

START_TEST(codes_that_do_not_fit_are_left_out_whole)
{
    g_autoptr(KcReportFold) fold = opened();
    g_autoptr(GString) many = g_string_new("FIRST");
    for (guint i = 0; i < 100; i++)
        g_string_append(many, " SCENARIO");
    KcReportEntry issued = entry("agreement.agreed", 1);
    issued.scenarios = many->str;
    kc_report_fold_take(fold, &issued);
    KcReportCase one = result(fold);
    ck_assert(strlen(one.scenarios) < KC_REPORT_CODES_MAX);
    ck_assert(g_str_has_suffix(one.scenarios, " SCENARIO"));
}
END_TEST

START_TEST(days_and_hours_are_those_of_the_place)
{
    static const struct {
        const char *at, *hour, *day, *week, *month;
    } rows[] = {
        {"2026-11-23T08:00:00.000Z", "16", "2026-11-23", "2026-11-23", "2026-11"},
        {"2026-11-29T15:59:59.999Z", "23", "2026-11-29", "2026-11-23", "2026-11"},
        {"2026-11-29T16:00:00.000Z", "00", "2026-11-30", "2026-11-30", "2026-11"},
        {"2024-02-28T16:00:00.000Z", "00", "2024-02-29", "2024-02-26", "2024-02"},
        {"2025-12-31T16:00:00.000Z", "00", "2026-01-01", "2025-12-29", "2026-01"},
        {"2000-01-01T00:00:00.000Z", "08", "2000-01-01", "1999-12-27", "2000-01"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KcReportCase one = {.outcome = KC_REPORT_OPEN};
        ck_assert(kc_timestamp_parse(rows[i].at, &one.opened_us));
        ck_assert_msg(kc_report_has_key(&one, KC_REPORT_BY_HOUR, rows[i].hour), "%s hour", rows[i].at);
        ck_assert_msg(kc_report_has_key(&one, KC_REPORT_BY_DAY, rows[i].day), "%s day", rows[i].at);
        ck_assert_msg(kc_report_has_key(&one, KC_REPORT_BY_WEEK, rows[i].week), "%s week", rows[i].at);
        ck_assert_msg(kc_report_has_key(&one, KC_REPORT_BY_MONTH, rows[i].month), "%s month", rows[i].at);
    }
}
END_TEST

static KcReportCase
timed(gint64 answer_us, const char *county)
{
    KcReportCase one = {.opened_us = OPENED, .answer_us = answer_us, .clear_us = -1, .close_us = -1, .shots_asked = -1};
    g_strlcpy(one.county, county, sizeof one.county);
    return one;
}

START_TEST(ranks_are_those_of_sorted_lists)
{
    const KcReportBy by[] = {KC_REPORT_BY_COUNTY};
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (guint n = 0; n < 60; n++) {
        g_autoptr(KcReportCounter) counter = kc_report_counter_new(OPENED, OPENED + 1, &kc_report_targets, by, 1);
        g_autoptr(GArray) seconds = g_array_new(FALSE, FALSE, sizeof(gint64));
        guint within = 0;
        for (guint i = 0; i < n; i++) {
            gint64 us = (gint64)g_rand_int_range(rand, 0, i % 3 == 0 ? 100000 : 200) * S +
                        g_rand_int_range(rand, 0, 2) * 500000;
            KcReportCase one = timed(us, i % 2 == 0 ? "a" : "b");
            kc_report_counter_add(counter, &one);
            g_array_append_val(seconds, us);
            within += us <= 60 * S;
        }
        g_autoptr(KcReport) report = kc_report_counter_finish(counter, 9);
        for (guint i = 1; i < n; i++) /* insertion sort */
            for (guint k = i; k > 0 && g_array_index(seconds, gint64, k) < g_array_index(seconds, gint64, k - 1); k--) {
                gint64 swap = g_array_index(seconds, gint64, k);
                g_array_index(seconds, gint64, k) = g_array_index(seconds, gint64, k - 1);
                g_array_index(seconds, gint64, k - 1) = swap;
            }
        const KcReportTimes *times = &report->total->times[KC_REPORT_ANSWER];
        ck_assert_int_eq(times->median_s, n == 0 ? -1 : g_array_index(seconds, gint64, (n * 50 + 99) / 100 - 1) / S);
        ck_assert_int_eq(times->p90_s, n == 0 ? -1 : g_array_index(seconds, gint64, (n * 90 + 99) / 100 - 1) / S);
        ck_assert_int_eq(report->total->figures[KC_FIGURE_ANSWERED_IN_TIME], within);
        ck_assert_int_eq(report->total->figures[KC_FIGURE_CASES], n);
        ck_assert_int_eq(report->through_seq, 9);
        if (n > 1)
            ck_assert_int_eq(kc_report_group(report, KC_REPORT_BY_COUNTY, "a")->figures[KC_FIGURE_CASES], (n + 1) / 2);
    }
}
END_TEST

START_TEST(a_period_is_days_or_moments)
{
    static const struct {
        const char *from, *to;
        KcPeriodVerdict verdict;
        const char *begins, *ends;
    } rows[] = {
        {"2026-11-01", "2026-11-30", KC_PERIOD_RIGHT, "2026-10-31T16:00:00.000Z", "2026-11-30T16:00:00.000Z"},
        {"2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", KC_PERIOD_RIGHT, "2026-11-01T00:00:00.000Z",
         "2026-11-02T00:00:00.000Z"},
        {NULL, NULL, KC_PERIOD_RIGHT, "2025-12-31T16:00:00.000Z", "2026-11-23T16:00:00.000Z"},
        {"2026-11-31", NULL, KC_PERIOD_FROM_WRONG, NULL, NULL},
        {"yesterday", NULL, KC_PERIOD_FROM_WRONG, NULL, NULL},
        {"", NULL, KC_PERIOD_FROM_WRONG, NULL, NULL},
        {NULL, "2026-13-01", KC_PERIOD_TO_WRONG, NULL, NULL},
        {"2026-11-02", "2026-11-01", KC_PERIOD_EMPTY, NULL, NULL},
        {"2000-01-01", "2026-11-01", KC_PERIOD_TOO_LONG, NULL, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KcReportPeriod period = {0};
        ck_assert_msg(kc_report_period_parse(rows[i].from, rows[i].to, OPENED, &period) == rows[i].verdict, "row %zu",
                      i);
        if (rows[i].begins == NULL)
            continue;
        g_autofree char *begins = kc_timestamp_format(period.from_us), *ends = kc_timestamp_format(period.to_us);
        ck_assert_str_eq(begins, rows[i].begins);
        ck_assert_str_eq(ends, rows[i].ends);
    }
    int year = 0;
    ck_assert(kc_report_year_parse("2026", &year) && year == 2026);
    ck_assert(!kc_report_year_parse("26", &year) && !kc_report_year_parse("1969", &year) &&
              !kc_report_year_parse("9999", &year));
    ck_assert(!kc_report_year_parse("20a6", &year) && !kc_report_year_parse(NULL, &year));
}
END_TEST

START_TEST(names_are_read_back)
{
    KcReportBy by, list[KC_REPORT_BY_COUNT];
    KcFigure figure;
    guint count;
    for (KcReportBy i = 0; i < KC_REPORT_BY_COUNT; i++)
        ck_assert(kc_report_by_from_string(kc_report_by_to_string(i), &by) && by == i);
    for (KcFigure i = 0; i < KC_FIGURE_COUNT; i++)
        ck_assert(kc_figure_from_string(kc_figure_to_string(i), &figure) && figure == i);
    ck_assert(kc_report_by_list("county,hour", list, &count) && count == 2 && list[1] == KC_REPORT_BY_HOUR);
    ck_assert(kc_report_by_list(NULL, list, &count) && count == 0);
    ck_assert(kc_report_by_list("", list, &count) && count == 0);
    ck_assert(!kc_report_by_list("county,county", list, &count));
    ck_assert(!kc_report_by_list("county,", list, &count));
    ck_assert(!kc_report_by_list("colour", list, &count));
}
END_TEST

/* ---- prose ---- */

static const char *
name_of(KcReportBy by, const char *key, KcReportLanguage language, gpointer unused)
{
    return strcmp(key, "app_12123") == 0 ? (language == KC_REPORT_ZH ? "12123 App" : "the 12123 app") : NULL;
}

static KcReport *
report_of(guint cases, guint by_app)
{
    const KcReportBy by[] = {KC_REPORT_BY_CHANNEL, KC_REPORT_BY_COUNTY};
    g_autoptr(KcReportCounter) counter = kc_report_counter_new(OPENED, OPENED + 1, &kc_report_targets, by, 2);
    for (guint i = 0; i < cases; i++) {
        KcReportCase one = timed(30 * S, "611002");
        one.outcome = KC_REPORT_DETERMINED;
        g_strlcpy(one.channel, i < by_app ? "app_12123" : "web", sizeof one.channel);
        kc_report_counter_add(counter, &one);
    }
    return kc_report_counter_finish(counter, 123456);
}

static char *
text_of(const KcReportYear *year, KcReportLanguage language)
{
    g_autoptr(GPtrArray) paragraphs = kc_report_prose(year, language);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < paragraphs->len; i++) {
        g_autofree char *line = kc_report_paragraph_text(paragraphs->pdata[i]);
        g_string_append_printf(text, "%s\n", line);
    }
    return g_string_free(text, FALSE);
}

START_TEST(a_year_reads_as_a_work_report)
{
    g_autoptr(KcReport) now = report_of(1701, 265), before = report_of(1200, 100);
    const KcReportYear year = {.year = 2026,
                               .centre_zh = "快处中心",
                               .centre_en = "the centre",
                               .now = now,
                               .before = before,
                               .name = name_of};
    g_autofree char *zh = text_of(&year, KC_REPORT_ZH), *en = text_of(&year, KC_REPORT_EN);
    ck_assert_ptr_nonnull(strstr(zh, "全年通过远程视频处理事故 1,701 起，其中web 1,436 起，12123 App 265 起。"));
    ck_assert_ptr_nonnull(strstr(zh, "受理量增加 501 起（41.8%）"));
    ck_assert_ptr_nonnull(strstr(zh, "日志（至第 123,456 条）"));
    ck_assert_ptr_nonnull(strstr(en, "265 came through the 12123 app"));
    ck_assert_ptr_nonnull(strstr(en, "the median wait was 30 s"));
    ck_assert_ptr_null(strstr(zh, "{"));
    ck_assert_ptr_null(strstr(en, "{"));
    ck_assert_ptr_null(strstr(zh, "复核")); /* there was none */
    g_autofree char *document = kc_report_document(&year, OPENED);
    ck_assert(g_str_has_prefix(document, "2026年度快处中心工作报告\n报告年度：2026\n"));
}
END_TEST

START_TEST(figures_in_prose_say_which_cases_they_are)
{
    g_autoptr(KcReport) now = report_of(10, 4), before = report_of(0, 0);
    const KcReportYear year = {.year = 2026,
                               .centre_zh = "快处中心",
                               .centre_en = "the centre",
                               .now = now,
                               .before = before,
                               .name = name_of};
    g_autoptr(GPtrArray) paragraphs = kc_report_prose(&year, KC_REPORT_EN);
    guint of_app = 0, figures = 0;
    for (guint i = 0; i < paragraphs->len; i++) {
        const KcReportParagraph *paragraph = paragraphs->pdata[i];
        for (guint k = 0; k < paragraph->parts->len; k++) {
            const KcReportPart *part = paragraph->parts->pdata[k];
            figures += part->is_figure;
            ck_assert(!part->before);
            if (!part->is_figure || g_strcmp0(part->key, "app_12123") != 0)
                continue;
            of_app++;
            ck_assert_str_eq(part->text, "4");
            ck_assert_int_eq(part->by, KC_REPORT_BY_CHANNEL);
            ck_assert_int_eq(part->figure, KC_FIGURE_REMOTE);
        }
    }
    ck_assert_int_eq(of_app, 1);
    ck_assert_int_gt(figures, 10);
}
END_TEST

START_TEST(numbers_read_well)
{
    g_autofree char *small = kc_report_number(7), *large = kc_report_number(1234567), *share = kc_report_share(2, 3);
    g_autofree char *none = kc_report_share(0, 0), *all = kc_report_share(5, 5);
    ck_assert_str_eq(small, "7");
    ck_assert_str_eq(large, "1,234,567");
    ck_assert_str_eq(share, "66.7%");
    ck_assert_str_eq(none, "—");
    ck_assert_str_eq(all, "100.0%");
}
END_TEST

static Suite *
report_suite(void)
{
    Suite *suite = suite_create("report");
    TCase *tcase = tcase_create("report");
    tcase_add_test(tcase, a_case_is_known_once_it_is_opened);
    tcase_add_test(tcase, times_run_from_the_queue);
    tcase_add_test(tcase, given_back_it_keeps_its_place_and_waits_for_the_last_answer);
    tcase_add_test(tcase, the_outcome_is_the_last_one);
    tcase_add_test(tcase, a_paper_of_a_review_is_no_determination);
    tcase_add_test(tcase, reviews_come_to_an_outcome);
    tcase_add_test(tcase, capture_is_of_the_road_and_of_each_person);
    tcase_add_test(tcase, codes_that_do_not_fit_are_left_out_whole);
    tcase_add_test(tcase, days_and_hours_are_those_of_the_place);
    tcase_add_test(tcase, ranks_are_those_of_sorted_lists);
    tcase_add_test(tcase, a_period_is_days_or_moments);
    tcase_add_test(tcase, names_are_read_back);
    tcase_add_test(tcase, a_year_reads_as_a_work_report);
    tcase_add_test(tcase, figures_in_prose_say_which_cases_they_are);
    tcase_add_test(tcase, numbers_read_well);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(report_suite())
