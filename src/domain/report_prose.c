/* Sentences are templates, one table a language. In a template:
 *
 *   {remote}               a figure of all, or of the group that a list is at
 *   {remote/cases}         the share of one in another
 *   {answer.median}        {answer.p90} {answer.target}   a time
 *   {#shots_asked}         a sum: shots_asked shots_taken people people_recorded gaps gap_ms
 *   {shots_taken:shots_asked}                           the share of one sum in another
 *   {+cases}               how it changed since the year before
 *   {before:cases}         what it was then
 *   {name} {year} {centre} {seq} */
#include "src/domain/report_prose.h"

#include "src/domain/local_time.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX 8 /* of forms and scenarios */
#define COUNTIES_MAX 60

typedef struct {
    const KcReportYear *year;
    KcReportLanguage language;
    const KcReportGroup *group; /* what figures are of */
    KcReportBy by;
    gboolean in_list; /* of a group, not of all */
    GPtrArray *parts;
} Writer;

/* ---- parts ---- */

static void
part_free(gpointer data)
{
    KcReportPart *part = data;
    g_free(part->text);
    g_free(part->key);
    g_free(part);
}

static void
paragraph_free(gpointer data)
{
    KcReportParagraph *paragraph = data;
    g_ptr_array_unref(paragraph->parts);
    g_free(paragraph);
}

/* Takes `text`; runs of mere words are one part. */
static void
say(Writer *writer, char *text)
{
    KcReportPart *last = writer->parts->len > 0 ? writer->parts->pdata[writer->parts->len - 1] : NULL;
    if (last != NULL && !last->is_figure) {
        g_autofree char *before = last->text;
        last->text = g_strconcat(before, text, NULL);
        g_free(text);
        return;
    }
    KcReportPart *part = g_new0(KcReportPart, 1);
    part->text = text;
    g_ptr_array_add(writer->parts, part);
}

static void
say_figure(Writer *writer, const KcReportGroup *group, KcFigure figure, gboolean before)
{
    KcReportPart *part = g_new0(KcReportPart, 1);
    part->text = kc_report_number(group->figures[figure]);
    part->is_figure = TRUE;
    part->figure = figure;
    part->by = writer->by;
    part->key = writer->in_list ? g_strdup(group->key) : NULL;
    part->before = before;
    g_ptr_array_add(writer->parts, part);
}

/* ---- what stands in braces ---- */

static gint64
sum_of(const KcReportGroup *group, const char *name)
{
    const struct {
        const char *name;
        gint64 value;
    } sums[] = {{"shots_asked", group->shots_asked},
                {"shots_taken", group->shots_taken},
                {"people", group->people},
                {"people_recorded", group->people_recorded},
                {"gaps", group->gaps},
                {"gap_s", group->gap_ms / 1000}};
    for (gsize i = 0; i < G_N_ELEMENTS(sums); i++)
        if (strcmp(sums[i].name, name) == 0)
            return sums[i].value;
    g_assert_not_reached();
}

static KcFigure
figure_of(const char *name)
{
    KcFigure figure = KC_FIGURE_CASES;
    gboolean known = kc_figure_from_string(name, &figure);
    g_assert(known);
    return figure;
}

static void
say_change(Writer *writer, KcFigure figure)
{
    gint64 now = writer->year->now->total->figures[figure], before = writer->year->before->total->figures[figure];
    g_autofree char *by = kc_report_number(ABS(now - before)), *share = kc_report_share(ABS(now - before), before);
    gboolean zh = writer->language == KC_REPORT_ZH;
    if (now == before)
        say(writer, g_strdup(zh ? "持平" : "unchanged"));
    else if (before == 0)
        say(writer, g_strdup_printf(zh ? "%s %s 起" : "%s by %s",
                                    now > before ? (zh ? "增加" : "up") : (zh ? "减少" : "down"), by));
    else
        say(writer, g_strdup_printf(zh ? "%s %s 起（%s）" : "%s by %s (%s)",
                                    now > before ? (zh ? "增加" : "up") : (zh ? "减少" : "down"), by, share));
}

static void
say_time(Writer *writer, const char *name, const char *what)
{
    for (KcReportTime time = 0; time < KC_REPORT_TIME_COUNT; time++) {
        if (strcmp(kc_report_time_to_string(time), name) != 0)
            continue;
        const KcReportTimes *times = &writer->group->times[time];
        gint64 s = strcmp(what, "median") == 0 ? times->median_s
                   : strcmp(what, "p90") == 0  ? times->p90_s
                                               : kc_report_target_s(&writer->year->now->targets, time);
        say(writer, kc_report_duration(s, writer->language));
    }
}

static const char *
name_of(const Writer *writer)
{
    const KcReportYear *year = writer->year;
    const char *key = writer->group->key;
    const char *name = *key != '\0' ? year->name(writer->by, key, writer->language, year->name_data) : NULL;
    return name != NULL ? name : *key != '\0' ? key : writer->language == KC_REPORT_ZH ? "未确定" : "not known";
}

/* FALSE: no such word. */
static gboolean
say_word(Writer *writer, const char *word)
{
    gboolean zh = writer->language == KC_REPORT_ZH;
    if (strcmp(word, "name") == 0)
        say(writer, g_strdup(name_of(writer)));
    else if (strcmp(word, "year") == 0)
        say(writer, g_strdup_printf("%d", writer->year->year));
    else if (strcmp(word, "centre") == 0)
        say(writer, g_strdup(zh ? writer->year->centre_zh : writer->year->centre_en));
    else if (strcmp(word, "seq") == 0)
        say(writer, kc_report_number(writer->year->now->through_seq));
    else
        return FALSE;
    return TRUE;
}

static void
say_share(Writer *writer, const char *text, const char *divider)
{
    g_autofree char *part = g_strndup(text, (gsize)(divider - text));
    const KcReportGroup *group = writer->group;
    if (*divider == '/')
        say(writer, kc_report_share(group->figures[figure_of(part)], group->figures[figure_of(divider + 1)]));
    else
        say(writer, kc_report_share(sum_of(group, part), sum_of(group, divider + 1)));
}

static void
say_field(Writer *writer, const char *text)
{
    const char *dot = strchr(text, '.'), *divider = strpbrk(text, "/:");
    if (say_word(writer, text))
        return;
    if (*text == '#') {
        say(writer, kc_report_number(sum_of(writer->group, text + 1)));
    } else if (*text == '+') {
        say_change(writer, figure_of(text + 1));
    } else if (g_str_has_prefix(text, "before:")) {
        say_figure(writer, writer->year->before->total, figure_of(text + strlen("before:")), TRUE);
    } else if (dot != NULL) {
        g_autofree char *name = g_strndup(text, (gsize)(dot - text));
        say_time(writer, name, dot + 1);
    } else if (divider != NULL) {
        say_share(writer, text, divider);
    } else {
        say_figure(writer, writer->group, figure_of(text), FALSE);
    }
}

static void
write_template(Writer *writer, const char *template)
{
    for (const char *at = template; *at != '\0';) {
        const char *open = strchr(at, '{');
        if (open == NULL) {
            say(writer, g_strdup(at));
            return;
        }
        const char *close = strchr(open, '}');
        g_autofree char *field = g_strndup(open + 1, (gsize)(close - open - 1));
        if (open > at)
            say(writer, g_strndup(at, (gsize)(open - at)));
        say_field(writer, field);
        at = close + 1;
    }
}

/* ---- paragraphs ---- */

static void
end_paragraph(Writer *writer, GPtrArray *paragraphs, gboolean is_heading)
{
    KcReportParagraph *paragraph = g_new0(KcReportParagraph, 1);
    paragraph->is_heading = is_heading;
    paragraph->parts = writer->parts;
    writer->parts = g_ptr_array_new_with_free_func(part_free);
    g_ptr_array_add(paragraphs, paragraph);
}

typedef enum { ALWAYS, IF_BEFORE, IF_REVIEWS, IF_SHOTS, IF_CALLED, IF_ANSWERED, IF_CASES } Condition;

static gboolean
holds(const KcReportYear *year, Condition condition)
{
    const guint *figures = year->now->total->figures;
    switch (condition) {
    case IF_BEFORE:
        return year->before != NULL && year->before->total->figures[KC_FIGURE_CASES] > 0;
    case IF_REVIEWS:
        return figures[KC_FIGURE_REVIEW_ASKED] > 0;
    case IF_SHOTS:
        return figures[KC_FIGURE_SHOTS_LISTED] > 0;
    case IF_CALLED:
        return figures[KC_FIGURE_CALLED] > 0;
    case IF_ANSWERED:
        return figures[KC_FIGURE_ANSWERED] > 0;
    case IF_CASES:
        return figures[KC_FIGURE_CASES] > 0;
    default:
        return TRUE;
    }
}

typedef enum { HEADING, SENTENCES, LIST } Form;

typedef struct {
    Form form;
    Condition condition;
    const char *text[2]; /* by language; of a list: what it begins with */
    const char *item[2];
    const char *divider[2];
    KcReportBy by;
    KcFigure figure; /* groups without it are left out */
} Line;

static const Line LINES[] = {
    {HEADING, ALWAYS, {"总体情况", "The year as a whole"}},
    {SENTENCES,
     IF_CASES,
     {"{year}年，{centre}共受理轻微交通事故 {cases} 起，其中通过远程视频处理 {remote} 起，占 "
      "{remote/cases}：在线认定责任 {determined} "
      "起，当事人自行协商达成协议 {agreed} 起。指派交通警察到现场处理 {on_scene} 起，占 "
      "{on_scene/cases}；当事人中途离开 {abandoned} "
      "起；事后报警不予受理 {declined} 起；尚在办理 {open} 起。",
      "In {year} {centre} took up {cases} minor accidents. {remote} of them ({remote/cases}) were handled by video to "
      "the "
      "end: liability was determined online in {determined}, and the parties agreed between themselves in {agreed}. An "
      "officer "
      "was sent to the scene in {on_scene} ({on_scene/cases}); the caller was gone in {abandoned}; {declined} late "
      "reports were "
      "not accepted; {open} are still being handled."}},
    {SENTENCES,
     IF_BEFORE,
     {"与上年（受理 {before:cases} 起，远程视频处理 {before:remote} "
      "起）相比，受理量{+cases}，远程视频处理量{+remote}，到现场处理量{+on_scene}。",
      "Against the year before ({before:cases} taken up, {before:remote} handled by video) the number taken up is "
      "{+cases}, those "
      "handled by video {+remote}, those handled at the scene {+on_scene}."}},
    {LIST,
     IF_CASES,
     {"全年通过远程视频处理事故 {remote} 起，其中", "Of the {remote} accidents handled by video, "},
     {"{name} {remote} 起", "{remote} came through {name}"},
     {"，", ", "},
     KC_REPORT_BY_CHANNEL,
     KC_FIGURE_REMOTE},
    {HEADING, IF_CASES, {"辖区分布", "By county"}},
    {LIST,
     IF_CASES,
     {"", ""},
     {"{name} {cases} 起（视频处理 {remote} 起，到现场 {on_scene} 起）",
      "{name} {cases} ({remote} by video, {on_scene} at the scene)"},
     {"；", "; "},
     KC_REPORT_BY_COUNTY,
     KC_FIGURE_CASES},
    {HEADING, IF_ANSWERED, {"处理时效", "Times"}},
    {SENTENCES,
     IF_ANSWERED,
     {"接听 {answered} 起，等待时间中位数 {answer.median}，九成不超过 {answer.p90}，{answered_in_time} 起在 "
      "{answer.target}目标之内，达标率 "
      "{answered_in_time/answered}。从接听到通知撤离现场的有 {cleared} 起，中位数 {clear.median}，九成不超过 "
      "{clear.p90}，{cleared_in_time} 起在 "
      "{clear.target}目标之内，达标率 {cleared_in_time/cleared}。办结 {ended} 起，从排队到办结的中位数 "
      "{close.median}，九成不超过 "
      "{close.p90}，{ended_in_time} 起在 {close.target}目标之内，达标率 {ended_in_time/ended}。",
      "{answered} calls were answered: the median wait was {answer.median}, nine in ten waited no longer than "
      "{answer.p90}, and "
      "{answered_in_time} ({answered_in_time/answered}) were answered within the target of {answer.target}. The road "
      "was cleared in "
      "{cleared}: median {clear.median} from the answer, nine in ten within {clear.p90}, {cleared_in_time} "
      "({cleared_in_time/cleared}) within {clear.target}. {ended} cases came to their end: median {close.median} from "
      "joining the "
      "queue, nine in ten within {close.p90}, {ended_in_time} ({ended_in_time/ended}) within {close.target}."}},
    {HEADING, IF_CASES, {"事故形态与主要情形", "Accident forms and scenarios"}},
    {LIST,
     IF_CASES,
     {"事故形态：", "Accident forms: "},
     {"{name} {cases} 起", "{name} {cases}"},
     {"，", ", "},
     KC_REPORT_BY_FORM,
     KC_FIGURE_CASES},
    {LIST,
     IF_CASES,
     {"主要情形：", "Scenarios most often found: "},
     {"{name} {cases} 起", "{name} {cases}"},
     {"，", ", "},
     KC_REPORT_BY_SCENARIO,
     KC_FIGURE_REMOTE},
    {HEADING, IF_REVIEWS, {"复核", "Reviews"}},
    {SENTENCES,
     IF_REVIEWS,
     {"当事人申请复核 {review_asked} 起，占在线认定的 {review_asked/determined}；已作出结论 {review_concluded} "
      "起，其中责令重新认定 {review_overturned} 起。",
      "A review was asked for in {review_asked} cases ({review_asked/determined} of those determined); "
      "{review_concluded} are "
      "concluded, and in {review_overturned} a new determination was ordered."}},
    {HEADING, IF_CALLED, {"证据采集", "Capture of evidence"}},
    {SENTENCES,
     IF_SHOTS,
     {"拍摄清单要求 {#shots_asked} 项，已拍 {#shots_taken} 项，齐全率 {shots_taken:shots_asked}；{shots_listed} "
      "起有清单的事故中，{shots_complete} 起全部拍齐。",
      "Shot lists asked for {#shots_asked} pictures, of which {#shots_taken} were taken ({shots_taken:shots_asked}); "
      "of "
      "{shots_listed} accidents with a list, {shots_complete} have every one."}},
    {SENTENCES,
     IF_CALLED,
     {"{called} 起有视频通话，参加通话 {#people} 人次，有录像 {#people_recorded} "
      "人次（{people_recorded:people}）；全部参加人均有录像的 {recorded} 起；录像有缺口的 "
      "{with_gaps} 起，共 {#gaps} 处、{#gap_s} 秒。",
      "There was a call in {called} cases, with {#people} participants, of whom {#people_recorded} "
      "({people_recorded:people}) are "
      "recorded; in {recorded} cases every one is. Recordings have gaps in {with_gaps} cases: {#gaps} gaps, {#gap_s} "
      "s."}},
    {HEADING, ALWAYS, {"数字来源", "Where the figures come from"}},
    {SENTENCES,
     ALWAYS,
     {"以上数字全部由审计日志（至第 {seq} 条）计算，可用 kuaichu report --from-log --year {year} "
      "重新计算。事故按受理时间计入年度；等待时间指排队到接听，撤离时间指接听到通知撤离，办结时间指排队到办结；一起事故"
      "可有多种情形，情形数之和可大于总数。",
      "Every figure is counted from the audit log (through entry {seq}) and can be counted again: kuaichu report "
      "--from-log --year "
      "{year}. An accident belongs to the year in which it was taken up. The wait is from joining the queue to the "
      "answer; clearing "
      "from the answer to the notice that the road may be cleared; the end is counted from joining the queue. An "
      "accident may be of "
      "several scenarios, which may therefore add up to more than all."}},
};

static void
write_list(Writer *writer, const Line *line, GPtrArray *paragraphs)
{
    const KcReportBreakdown *breakdown = kc_report_breakdown(writer->year->now, line->by);
    const KcReportGroup *all = writer->group;
    guint count = 0,
          most = line->by == KC_REPORT_BY_FORM || line->by == KC_REPORT_BY_SCENARIO ? LIST_MAX : COUNTIES_MAX;
    for (guint i = 0; breakdown != NULL && i < breakdown->groups->len && count < most; i++) {
        const KcReportGroup *group = breakdown->groups->pdata[i];
        if (group->figures[line->figure] == 0 || (*group->key == '\0' && line->by == KC_REPORT_BY_SCENARIO))
            continue;
        write_template(writer, count++ == 0 ? line->text[writer->language] : line->divider[writer->language]);
        writer->group = group;
        writer->by = line->by;
        writer->in_list = TRUE;
        write_template(writer, line->item[writer->language]);
        writer->group = all;
        writer->in_list = FALSE;
    }
    if (count == 0)
        return;
    say(writer, g_strdup(writer->language == KC_REPORT_ZH ? "。" : "."));
    end_paragraph(writer, paragraphs, FALSE);
}

static void
say_ordinal(Writer *writer, guint ordinal)
{
    static const char *const zh[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    say(writer,
        writer->language == KC_REPORT_ZH ? g_strconcat(zh[ordinal - 1], "、", NULL) : g_strdup_printf("%u. ", ordinal));
}

GPtrArray *
kc_report_prose(const KcReportYear *year, KcReportLanguage language)
{
    GPtrArray *paragraphs = g_ptr_array_new_with_free_func(paragraph_free);
    Writer writer = {.year = year,
                     .language = language,
                     .group = year->now->total,
                     .parts = g_ptr_array_new_with_free_func(part_free)};
    guint ordinal = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(LINES); i++) {
        const Line *line = &LINES[i];
        if (!holds(year, line->condition))
            continue;
        if (line->form == LIST) {
            write_list(&writer, line, paragraphs);
            continue;
        }
        if (line->form == HEADING)
            say_ordinal(&writer, ++ordinal);
        write_template(&writer, line->text[language]);
        end_paragraph(&writer, paragraphs, line->form == HEADING);
    }
    g_ptr_array_unref(writer.parts);
    return paragraphs;
}

char *
kc_report_prose_title(const KcReportYear *year, KcReportLanguage language)
{
    return language == KC_REPORT_ZH ? g_strdup_printf("%d年度%s工作报告", year->year, year->centre_zh)
                                    : g_strdup_printf("%s: work report of %d", year->centre_en, year->year);
}

char *
kc_report_paragraph_text(const KcReportParagraph *paragraph)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < paragraph->parts->len; i++)
        g_string_append(text, ((const KcReportPart *)paragraph->parts->pdata[i])->text);
    return g_string_free(text, FALSE);
}

/* ---- on pages ---- */

char *
kc_report_document(const KcReportYear *year, gint64 made_us)
{
    g_autofree char *title = kc_report_prose_title(year, KC_REPORT_ZH), *made = kc_local_time_zh(made_us);
    g_autofree char *seq = kc_report_number(year->now->through_seq);
    g_autoptr(GPtrArray) paragraphs = kc_report_prose(year, KC_REPORT_ZH);
    GString *out = g_string_new(title);
    g_string_append_printf(out, "\n报告年度：%d\n日志条数：%s\n", year->year, seq);
    for (guint i = 0; i < paragraphs->len; i++) {
        const KcReportParagraph *paragraph = paragraphs->pdata[i];
        g_autofree char *text = kc_report_paragraph_text(paragraph);
        g_string_append_printf(out, paragraph->is_heading ? "\n%s\n" : "　　%s\n", text);
    }
    g_string_append_printf(out, "\n处理单位：%s\n制作时间：%s\n", year->centre_zh, made);
    return g_string_free(out, FALSE);
}
