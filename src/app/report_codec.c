#include "src/app/report_codec.h"

#include "src/base/timestamp.h"

#include <string.h>

/* ---- JSON ---- */

static json_t *
seconds_or_null(gint64 s)
{
    return s < 0 ? json_null() : json_integer(s);
}

static json_t *
times_of(const KcReportGroup *group, const KcReportTargets *targets)
{
    json_t *times = json_object();
    for (KcReportTime time = 0; time < KC_REPORT_TIME_COUNT; time++) {
        const KcReportTimes *one = &group->times[time];
        json_object_set_new(times, kc_report_time_to_string(time),
                            json_pack("{s:o, s:o, s:I, s:I, s:I}", "median_s", seconds_or_null(one->median_s), "p90_s",
                                      seconds_or_null(one->p90_s), "target_s",
                                      (json_int_t)kc_report_target_s(targets, time), "count",
                                      (json_int_t)group->figures[kc_report_time_figure(time, FALSE)], "within",
                                      (json_int_t)group->figures[kc_report_time_figure(time, TRUE)]));
    }
    return times;
}

static json_t *
title_of(KcReportBy by, const char *key, KcReportNames *names)
{
    const char *zh = kc_report_name(by, key, KC_REPORT_ZH, names), *en = kc_report_name(by, key, KC_REPORT_EN, names);
    return zh == NULL || en == NULL ? json_null() : json_pack("{s:s, s:s}", "zh", zh, "en", en);
}

static json_t *
group_to_json(const KcReportGroup *group, KcReportBy by, const KcReportTargets *targets, KcReportNames *names)
{
    json_t *figures = json_object();
    for (KcFigure figure = 0; figure < KC_FIGURE_COUNT; figure++)
        json_object_set_new(figures, kc_figure_to_string(figure), json_integer(group->figures[figure]));
    json_t *root = json_pack("{s:s, s:o, s:o, s:{s:I, s:I}, s:{s:I, s:I}, s:{s:I, s:I}}", "key", group->key, "figures",
                             figures, "times", times_of(group, targets), "shots", "asked",
                             (json_int_t)group->shots_asked, "taken", (json_int_t)group->shots_taken, "people",
                             "called", (json_int_t)group->people, "recorded", (json_int_t)group->people_recorded,
                             "gaps", "count", (json_int_t)group->gaps, "ms", (json_int_t)group->gap_ms);
    if (names != NULL)
        json_object_set_new(root, "title", title_of(by, group->key, names));
    return root;
}

static json_t *
breakdown_to_json(const KcReportBreakdown *breakdown, const KcReportTargets *targets, KcReportNames *names)
{
    json_t *groups = json_array();
    for (guint i = 0; i < breakdown->groups->len; i++)
        json_array_append_new(groups, group_to_json(breakdown->groups->pdata[i], breakdown->by, targets, names));
    return json_pack("{s:s, s:o}", "by", kc_report_by_to_string(breakdown->by), "groups", groups);
}

json_t *
kc_report_to_json(const KcReport *report, KcReportNames *names)
{
    json_t *breakdowns = json_array();
    g_autofree char *from = kc_timestamp_format(report->from_us), *to = kc_timestamp_format(report->to_us);
    for (guint i = 0; i < report->breakdowns->len; i++)
        json_array_append_new(breakdowns, breakdown_to_json(report->breakdowns->pdata[i], &report->targets, names));
    return json_pack(
        "{s:s?, s:s?, s:I, s:o, s:o}", "from", from, "to", to, "through_seq", (json_int_t)report->through_seq, "total",
        group_to_json(report->total, KC_REPORT_BY_COUNT, &report->targets, names), "breakdowns", breakdowns);
}

/* ---- CSV ---- */

static void
put_text(GString *out, const char *text)
{
    g_autofree char *safe =
        *text != '\0' && strchr("=+-@\t\r", *text) != NULL ? g_strconcat("'", text, NULL) : g_strdup(text);
    if (strpbrk(safe, ",\"\r\n") == NULL) {
        g_string_append(out, safe);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *at = safe; *at != '\0'; at++) {
        if (*at == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

static void
put_number(GString *out, gint64 number)
{
    g_string_append_c(out, ',');
    if (number >= 0)
        g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
}

static void
put_head(GString *out)
{
    g_string_append(out, "\xef\xbb\xbf"
                         "by,key,title");
    for (KcFigure figure = 0; figure < KC_FIGURE_COUNT; figure++)
        g_string_append_printf(out, ",%s", kc_figure_to_string(figure));
    for (KcReportTime time = 0; time < KC_REPORT_TIME_COUNT; time++) {
        const char *name = kc_report_time_to_string(time);
        g_string_append_printf(out, ",%s_median_s,%s_p90_s,%s_target_s", name, name, name);
    }
    g_string_append(out, ",shots_asked,shots_taken,people_called,people_recorded,gaps,gap_ms\r\n");
}

static void
put_group(GString *out, const char *by, const KcReportGroup *group, const char *title, const KcReportTargets *targets)
{
    put_text(out, by);
    g_string_append_c(out, ',');
    put_text(out, group->key);
    g_string_append_c(out, ',');
    put_text(out, title != NULL ? title : "");
    for (KcFigure figure = 0; figure < KC_FIGURE_COUNT; figure++)
        put_number(out, group->figures[figure]);
    for (KcReportTime time = 0; time < KC_REPORT_TIME_COUNT; time++) {
        put_number(out, group->times[time].median_s);
        put_number(out, group->times[time].p90_s);
        put_number(out, kc_report_target_s(targets, time));
    }
    const gint64 sums[] = {group->shots_asked,     group->shots_taken, group->people,
                           group->people_recorded, group->gaps,        group->gap_ms};
    for (gsize i = 0; i < G_N_ELEMENTS(sums); i++)
        put_number(out, sums[i]);
    g_string_append(out, "\r\n");
}

char *
kc_report_to_csv(const KcReport *report, KcReportNames *names, KcReportLanguage language)
{
    GString *out = g_string_new(NULL);
    put_head(out);
    put_group(out, "", report->total, NULL, &report->targets);
    for (guint i = 0; i < report->breakdowns->len; i++) {
        const KcReportBreakdown *breakdown = report->breakdowns->pdata[i];
        for (guint k = 0; k < breakdown->groups->len; k++) {
            const KcReportGroup *group = breakdown->groups->pdata[k];
            put_group(out, kc_report_by_to_string(breakdown->by), group,
                      names != NULL ? kc_report_name(breakdown->by, group->key, language, names) : NULL,
                      &report->targets);
        }
    }
    return g_string_free(out, FALSE);
}
