/* Each printed kind of document against the clauses of ISO 19005-2 (PDF/A-2b) that it touches; and that the test would see
 * what is broken. */
#include "tests/unit/print/sample.h"

#include "src/domain/review_text.h"
#include "tests/support/kc_test.h"

#include <string.h>

static char *dir;
static KcTemplate *template;

static void
set_up(void)
{
    g_autoptr(GError) error = NULL;
    dir = kc_test_dir_new();
    template = kc_template_load(NULL, TRUE, &error);
    kc_assert_no_error(error);
}

static void
tear_down(void)
{
    g_clear_pointer(&template, kc_template_free);
    kc_test_dir_remove(dir);
}

/* What the checker says, by its exit code too. Owned. */
static char *
say(const char *name, const void *data, gsize size)
{
    g_autofree char *file = g_strconcat(name, ".pdf", NULL), *path = g_build_filename(dir, file, NULL);
    g_autofree char *command = g_strdup_printf("python3 '%s' '%s' 2>&1 || true", KC_PDFA2B, path);
    const char *const argv[] = {"sh", "-c", command, NULL};
    ck_assert(g_file_set_contents(path, data, (gssize)size, NULL));
    return kc_test_output(argv, NULL);
}

static GBytes *
print(const KcTemplate *with, const KcPrintJob *job)
{
    g_autoptr(GError) error = NULL;
    GBytes *pdf = kc_print_pdf(with, job, &error);
    kc_assert_no_error(error);
    return pdf;
}

static void
check(const char *name, GBytes *pdf)
{
    gsize size;
    const void *data = g_bytes_get_data(pdf, &size);
    g_autofree char *said = say(name, data, size);
    ck_assert_msg(strcmp(said, "1 sound\n") == 0, "%s: %s", name, said);
}

START_TEST(a_determination_and_its_signed_copy)
{
    g_autofree char *text = sample_text(3, NULL, NULL), *sha256 = NULL;
    g_autoptr(GBytes) signature = sample_signature(800, 400);
    const KcPrintDecision decisions[] = {{"A", KC_DECISION_SIGNED, NULL, signature, 0, FALSE},
                                         {"B", KC_DECISION_REFUSED, "不同意", NULL, 0, TRUE}};
    KcPrintJob job = sample_job(text, &sha256);
    g_autoptr(GBytes) original = print(template, &job);
    check("original", original);
    job.decisions = decisions;
    job.decision_count = G_N_ELEMENTS(decisions);
    job.original_sha256 = sha256;
    g_autoptr(GBytes) copy = print(template, &job);
    check("copy", copy);
}
END_TEST

START_TEST(an_agreement)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcTemplate) layout = kc_template_load_agreement(NULL, TRUE, &error);
    kc_assert_no_error(error);
    g_autofree char *text = sample_text(2, NULL, NULL), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autoptr(GBytes) pdf = print(layout, &job);
    check("agreement", pdf);
}
END_TEST

START_TEST(the_papers_of_a_review)
{
    static const char *const reviewers[] = {"赵明（611003）", NULL};
    const KcReviewGround ground = 0;
    KcReviewWording wording = {"复核结论", {NULL}, {NULL}, "页脚", "补正说明", "依据", "页脚"};
    for (guint i = 0; i < KC_REVIEW_OUTCOME_COUNT; i++)
        wording.outcomes[i] = "维持原认定";
    for (guint i = 0; i < KC_REVIEW_GROUND_COUNT; i++)
        wording.grounds[i] = "事实清楚";
    const KcReviewPaper paper = {.number = "C-1-R1", .case_number = "C-1", .reviewed_number = "C-1-D1", .authority = "中心",
                                 .applicant_label = "A", .asked_us = 1, .accepted_us = 2, .concluded_us = 3,
                                 .request = "请求", .reasons = "理由", .evidence = "证据", .unit = "支队",
                                 .reviewers = reviewers, .outcome = KC_REVIEW_UPHELD_CORRECTED, .grounds = &ground,
                                 .ground_count = 1, .findings = "认定", .correction = "更正时间"};
    g_autofree char *conclusion = kc_review_conclusion_render(&paper, &wording);
    g_autofree char *correction = kc_review_correction_render(&paper, &wording);
    const char *const texts[] = {conclusion, correction};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *sha256 = NULL;
        const KcPrintJob job = sample_job(texts[i], &sha256);
        g_autoptr(GBytes) pdf = print(template, &job);
        check(i == 0 ? "conclusion" : "correction", pdf);
    }
}
END_TEST

/* Letters that the Chinese fonts lack come from fonts of another kind. */
static char *
foreign(void)
{
    return sample_text(2, "Ⓐ ŵ ي ש ไทย ⴰ ﷽ 🚗 ẞ Ω Ж ∰ ♞", "Ѐлена");
}

START_TEST(letters_of_other_scripts)
{
    g_autofree char *text = foreign(), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autoptr(GBytes) pdf = print(template, &job);
    check("foreign", pdf);
}
END_TEST

/* Each of the same length, so that the offsets stay. */
static const struct {
    const char *from, *to, *clause;
} BROKEN[] = {
    {"%PDF-1.", "%PDF-2.", "6.1.2"},
    {"/ID [", "/IX [", "6.1.3"},
    {"/GTS_PDFA1", "/GTS_PDFB1", "6.2.3"},
    {"<pdfaid:part>2", "<pdfaid:part>1", "6.6.4"},
    {"<pdf:Producer>c", "<pdf:Producer>x", "6.6.3"},
    {"/Metadata ", "/Metadate ", "6.6.2.1"},
    {"/ToUnicode ", "/ToUnicodf ", "6.2.11.7"},
    {"/FontFile", "/FontFilf", "6.2.11.4.1"},
    {"/Lang (zh-CN)", "/AA << >> %%%", "6.5.2"},
};

START_TEST(what_is_broken_is_seen)
{
    g_autofree char *text = foreign(), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autoptr(GBytes) pdf = print(template, &job);
    gsize size, length = strlen(BROKEN[_i].from);
    const guint8 *data = g_bytes_get_data(pdf, &size);
    g_autofree guint8 *changed = g_memdup2(data, size);
    guint8 *at = memmem(changed, size, BROKEN[_i].from, length);
    ck_assert_ptr_nonnull(at);
    memcpy(at, BROKEN[_i].to, strlen(BROKEN[_i].to));
    g_autofree char *said = say("broken", changed, size), *wanted = g_strconcat(": ", BROKEN[_i].clause, ": ", NULL);
    ck_assert_msg(strstr(said, wanted) != NULL, "no %s: %s", BROKEN[_i].clause, said);
}
END_TEST

static Suite *
pdfa_suite(void)
{
    Suite *suite = suite_create("print/pdfa");
    TCase *tcase = tcase_create("pdfa-2b");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_determination_and_its_signed_copy);
    tcase_add_test(tcase, an_agreement);
    tcase_add_test(tcase, the_papers_of_a_review);
    tcase_add_test(tcase, letters_of_other_scripts);
    tcase_add_loop_test(tcase, what_is_broken_is_seen, 0, (int)G_N_ELEMENTS(BROKEN));
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(pdfa_suite())
