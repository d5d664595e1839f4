/* What is signed is what is printed: every line of the text is on the pages, in the same bytes each time. */
#include "tests/unit/print/sample.h"

#include "src/base/limits.h"
#include "src/domain/document_outline.h"
#include "tests/support/kc_test.h"

#include <string.h>

static KcTemplate *template;
static char *dir;

static void
set_up(void)
{
    g_autoptr(GError) error = NULL;
    template = kc_template_load(NULL, TRUE, &error);
    kc_assert_no_error(error);
    dir = kc_test_dir_new();
}

static void
tear_down(void)
{
    kc_template_free(template);
    kc_test_dir_remove(dir);
}

static GBytes *
print(const KcPrintJob *job)
{
    g_autoptr(GError) error = NULL;
    GBytes *pdf = kc_print_pdf(template, job, &error);
    kc_assert_no_error(error);
    return pdf;
}

/* The squeezed text of all pages. */
static char *
printed(const char *name, const KcPrintJob *job)
{
    g_autoptr(GBytes) pdf = print(job);
    g_autofree char *read = sample_read(dir, name, pdf);
    return sample_squeeze(read);
}

/* A paragraph may be parted by the foot of a page: then it is looked for in pieces of a few characters. */
static void
assert_on_page(const char *page, const char *wanted)
{
    g_autofree char *squeezed = sample_squeeze(wanted);
    glong length = g_utf8_strlen(squeezed, -1);
    if (length == 0 || strstr(page, squeezed) != NULL)
        return;
    for (glong at = 0; at < length; at += 5) {
        g_autofree char *piece = g_utf8_substring(squeezed, at, MIN(at + 5, length));
        ck_assert_msg(strstr(page, piece) != NULL, "\"%s\" of \"%s\" is not printed", piece, wanted);
    }
}

static void
assert_all_is_printed(const char *name, const char *text)
{
    g_autofree char *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autofree char *page = printed(name, &job);
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(text);
    for (guint i = 0; i < outline->sections->len; i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        for (guint j = 0; j < section->lines->len; j++) {
            const KcDocumentLine *line = section->lines->pdata[j];
            if (line->name != NULL)
                assert_on_page(page, line->name);
            assert_on_page(page, line->text);
        }
    }
    assert_on_page(page, sha256);
}

START_TEST(every_line_of_the_text_is_on_the_pages)
{
    g_autofree char *two = sample_text(2, NULL, NULL), *three = sample_text(3, NULL, NULL);
    g_autofree char *eight = sample_text(8, NULL, NULL);
    assert_all_is_printed("two", two);
    assert_all_is_printed("three", three);
    assert_all_is_printed("eight", eight);
}
END_TEST

START_TEST(long_facts_go_on_for_pages)
{
    GString *facts = g_string_new(NULL);
    for (guint i = 0; i < 40; i++)
        g_string_append_printf(facts,
                               "第%"
                               "u段：甲车沿北新街由东向西行驶至工农路路口，乙车在其后同车道行驶，未与前车保持安全距离，"
                               "车头与甲车车尾相撞，"
                               "碰撞后两车停在停止线以东，双方对事实无异议。\n",
                               i + 1);
    g_autofree char *text = sample_text(3, facts->str, NULL);
    g_string_free(facts, TRUE);
    assert_all_is_printed("long", text);
}
END_TEST

/* Order 146, art. 24 with art. 21: by name, beside what the text itself says. */
START_TEST(the_fields_of_article_24_are_there)
{
    static const char *const wanted[] = {
        "事故时间",
        "2026年11月23日20时00分",
        "事故地点",
        "商州区北新街与工农路路口",
        "天气",
        "晴",
        "姓名",
        "欧阳晓明",
        "驾驶证号或身份证明号码",
        "612501198505170023",
        "联系方式",
        "13800000000",
        "交通方式",
        "小型客车",
        "号牌号码",
        "陕AD12345",
        "保险公司",
        "中国人民财产保险股份有限公司",
        "保险凭证号",
        "PDZA202661250000000001",
        "事故形态",
        "碰撞运动车辆",
        "碰撞部位",
        "前部",
        "负全部责任",
        "无责任",
        "当事人签名",
        "交通警察",
        "王建国",
        "611001",
        "三个工作日",
        "文书编号",
        "第1页共",
        "电子文书回执",
        "【演示】",
    };
    g_autofree char *text = sample_text(2, NULL, NULL), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autofree char *page = printed("fields", &job);
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        ck_assert_msg(strstr(page, wanted[i]) != NULL, "%s is not printed", wanted[i]);
}
END_TEST

START_TEST(the_same_job_gives_the_same_bytes)
{
    g_autofree char *text = sample_text(3, NULL, NULL), *sha256 = NULL, *other_sha256 = NULL;
    g_autofree char *other_text = sample_text(3, NULL, "张四");
    const KcPrintJob job = sample_job(text, &sha256), other_job = sample_job(other_text, &other_sha256);
    g_autoptr(GBytes) once = print(&job);
    g_autoptr(GBytes) again = print(&job);
    g_autoptr(GBytes) other = print(&other_job);
    ck_assert(g_bytes_equal(once, again));
    ck_assert(!g_bytes_equal(once, other));
}
END_TEST

START_TEST(decisions_stand_in_their_places)
{
    g_autofree char *text = sample_text(3, NULL, NULL), *sha256 = NULL;
    g_autoptr(GBytes) signature = sample_signature(1200, 600);
    const KcPrintDecision decisions[] = {
        {"A", KC_DECISION_SIGNED, NULL, signature, G_GINT64_CONSTANT(1795437000) * G_USEC_PER_SEC, FALSE},
        {"C", KC_DECISION_OBJECTED, "我认为乙车当时已经停住，要求复核。", NULL,
         G_GINT64_CONSTANT(1795437060) * G_USEC_PER_SEC, FALSE},
        {"B", KC_DECISION_REFUSED, "当事人说明：对责任有意见，不愿签名。", NULL,
         G_GINT64_CONSTANT(1795437120) * G_USEC_PER_SEC, TRUE},
    };
    KcPrintJob job = sample_job(text, &sha256);
    g_autofree char *pending = printed("pending", &job);
    ck_assert_ptr_nonnull(strstr(pending, "（待签署）"));
    job.decisions = decisions;
    job.decision_count = 2;
    g_autofree char *first = printed("first", &job);
    ck_assert_ptr_nonnull(strstr(first, "（待签署）"));
    job.decision_count = 3;
    job.original_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    g_autofree char *all = printed("signed", &job);
    static const char *const wanted[] = {
        "拒绝签名（由交通警察注明）", "有异议",   "2026年11月23日20时31分",          "当事人乙陈述：当事人说明",
        "当事人丙陈述：我认为乙车",   "签署副本", "0123456789abcdef0123456789abcdef"};
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        assert_on_page(all, wanted[i]);
    ck_assert_ptr_null(strstr(all, "（待签署）"));
}
END_TEST

START_TEST(a_picture_that_is_none_is_said)
{
    static const guint8 head[] = {0x89, 'P', 'N',  'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0,
                                  0,    2,   0x58, 0,   0,    1,    0,    8,    6, 0, 0, 0,  0,   0,   0,   0};
    g_autoptr(GBytes) broken = g_bytes_new_static(head, sizeof head);
    g_autofree char *text = sample_text(2, NULL, NULL), *sha256 = NULL;
    const KcPrintDecision decision = {"A", KC_DECISION_SIGNED, NULL, broken, 0, FALSE};
    KcPrintJob job = sample_job(text, &sha256);
    job.decisions = &decision;
    job.decision_count = 1;
    g_autofree char *page = printed("broken", &job);
    ck_assert_ptr_nonnull(strstr(page, "签名图像无法显示"));
}
END_TEST

/* Names, facts and statements are whatever people type. None of it fails, and what was typed is still printed. */
START_TEST(nothing_that_people_write_breaks_a_page)
{
    g_autofree char *word = g_strnfill(3000, 'W'), *long_name = g_strnfill(600, 'n');
    g_autoptr(GString) zalgo = g_string_new("张");
    g_autoptr(GString) heaps = g_string_new(NULL);
    for (guint i = 0; i < 500; i++) {
        g_string_append(zalgo, "\u0316\u030d");
        g_string_append(heaps, "事故\n");
    }
    const char *const texts[] = {
        word,
        long_name,
        zalgo->str,
        heaps->str,
        "\u202e三张\u202c \u2066x",
        "محمد علي مع سيارة",
        "😀🚗👨‍👩‍👧🇨🇳",
        "\x01\x02\x1b[31m\x7f",
        "a\tb\u2028c\u2029d\ufeff\ufffe\U0010fffd",
        "<b>&amp;</b>%s%n{page}",
        "㐀𠀀𪚥龘",
        "\u200b\u200d\u0301",
        "",
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = sample_text(2, texts[i], texts[i]), *sha256 = NULL;
        const KcPrintDecision decision = {"A", KC_DECISION_OBJECTED, texts[i], NULL, 0, FALSE};
        KcPrintJob job = sample_job(text, &sha256);
        job.decisions = &decision;
        job.decision_count = 1;
        g_autofree char *name = g_strdup_printf("untrusted-%u", i);
        g_autofree char *page = printed(name, &job);
        ck_assert_ptr_nonnull(strstr(page, "负全部责任"));
        ck_assert_ptr_nonnull(strstr(page, "13800000000"));
    }
}
END_TEST

START_TEST(what_has_no_end_is_refused)
{
    g_autoptr(GString) facts = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < KC_LIMIT_DOCUMENT_PAGES * 60; i++)
        g_string_append(facts, "事\n");
    g_autofree char *text = sample_text(2, facts->str, NULL), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    ck_assert_ptr_null(kc_print_pdf(template, &job, &error));
    ck_assert(g_error_matches(error, KC_PRINT_ERROR, KC_PRINT_ERROR_TOO_LONG));
}
END_TEST

START_TEST(any_text_can_be_printed)
{
    static const char *const texts[] = {"", "\n\n", "：", "当事人\n", "标题\n\n当事人甲\n\n当事人乙\n　　x\n", "【】"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *sha256 = NULL;
        const KcPrintJob job = sample_job(texts[i], &sha256);
        g_bytes_unref(print(&job));
    }
}
END_TEST

/* A file that other programs take for whole, and that says it is PDF/A. */
START_TEST(the_file_is_sound)
{
    static const char *const marks[] = {"<pdfaid:part>2</pdfaid:part>", "/GTS_PDFA1", "/Lang (zh-CN)", "/ID [ <",
                                        "<xmp:CreateDate>2026-11-23T12:20:00Z</xmp:CreateDate>"};
    static const char *const never[] = {"/Interpolate true", "/JavaScript", "/Encrypt", "/LZWDecode"};
    g_autofree char *text = sample_text(2, NULL, NULL), *sha256 = NULL;
    g_autoptr(GBytes) signature = sample_signature(800, 400);
    const KcPrintDecision decision = {"A", KC_DECISION_SIGNED, NULL, signature, 0, FALSE};
    KcPrintJob job = sample_job(text, &sha256);
    job.decisions = &decision;
    job.decision_count = 1;
    g_autoptr(GBytes) pdf = print(&job);
    g_free(sample_read(dir, "sound", pdf));
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
        ck_assert_msg(memmem(data, size, marks[i], strlen(marks[i])) != NULL, "%s is not there", marks[i]);
    for (guint i = 0; i < G_N_ELEMENTS(never); i++)
        ck_assert_msg(memmem(data, size, never[i], strlen(never[i])) == NULL, "%s is there", never[i]);
    g_autofree char *path = g_build_filename(dir, "sound.pdf", NULL);
    const char *const argv[] = {"qpdf", "--check", path, NULL};
    g_autofree char *said G_GNUC_UNUSED = kc_test_output(argv, NULL);
}
END_TEST

static Suite *
print_suite(void)
{
    Suite *suite = suite_create("print/print");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, every_line_of_the_text_is_on_the_pages);
    tcase_add_test(all, long_facts_go_on_for_pages);
    tcase_add_test(all, the_fields_of_article_24_are_there);
    tcase_add_test(all, the_same_job_gives_the_same_bytes);
    tcase_add_test(all, decisions_stand_in_their_places);
    tcase_add_test(all, a_picture_that_is_none_is_said);
    tcase_add_test(all, nothing_that_people_write_breaks_a_page);
    tcase_add_test(all, what_has_no_end_is_refused);
    tcase_add_test(all, any_text_can_be_printed);
    tcase_add_test(all, the_file_is_sound);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(print_suite())
