/* What a case counts towards, and in which groups it stands. Runs for each case of a year: no allocation here. */
#include "src/domain/report.h"

#include "src/base/names.h"

#include <string.h>

#define AHEAD_S (8 * 3600)
#define DAY_S (24 * 3600)

const KcReportTargets kc_report_targets = {60, 240, 900};

/* ---- figures ---- */

static guint32
bit(KcFigure figure, gboolean counts)
{
    return counts ? (guint32)1 << figure : 0;
}

static guint32
timed(KcReportTime time, gint64 us, const KcReportTargets *targets)
{
    return bit(kc_report_time_figure(time, FALSE), us >= 0) |
           bit(kc_report_time_figure(time, TRUE), us >= 0 && us <= kc_report_target_s(targets, time) * G_USEC_PER_SEC);
}

static guint32
review_of(KcReportReview review)
{
    gboolean concluded = review >= KC_REPORT_REVIEW_UPHELD;
    return bit(KC_FIGURE_REVIEW_ASKED, review != KC_REPORT_REVIEW_NONE) | bit(KC_FIGURE_REVIEW_CONCLUDED, concluded) |
           bit(KC_FIGURE_REVIEW_OVERTURNED, review == KC_REPORT_REVIEW_OVERTURNED);
}

guint32
kc_report_figures_of(const KcReportCase *one, const KcReportTargets *targets)
{
    static const KcFigure outcomes[KC_REPORT_OUTCOME_COUNT] = {
        [KC_REPORT_OPEN] = KC_FIGURE_OPEN,           [KC_REPORT_DETERMINED] = KC_FIGURE_DETERMINED,
        [KC_REPORT_AGREED] = KC_FIGURE_AGREED,       [KC_REPORT_ON_SCENE] = KC_FIGURE_ON_SCENE,
        [KC_REPORT_ABANDONED] = KC_FIGURE_ABANDONED, [KC_REPORT_DECLINED] = KC_FIGURE_DECLINED,
    };
    gboolean remote = one->outcome == KC_REPORT_DETERMINED || one->outcome == KC_REPORT_AGREED;
    return bit(KC_FIGURE_CASES, TRUE) | bit(KC_FIGURE_REMOTE, remote) | bit(outcomes[one->outcome], TRUE) |
           bit(KC_FIGURE_CLOSED, one->closed) | timed(KC_REPORT_ANSWER, one->answer_us, targets) |
           timed(KC_REPORT_CLEAR, one->clear_us, targets) | timed(KC_REPORT_CLOSE, one->close_us, targets) |
           review_of(one->review) | bit(KC_FIGURE_SHOTS_LISTED, one->shots_asked > 0) |
           bit(KC_FIGURE_SHOTS_COMPLETE, one->shots_asked > 0 && one->shots_taken >= one->shots_asked) |
           bit(KC_FIGURE_CALLED, one->people > 0) |
           bit(KC_FIGURE_RECORDED, one->people > 0 && one->people_recorded >= one->people) |
           bit(KC_FIGURE_WITH_GAPS, one->gaps > 0);
}

/* ---- keys ---- */

static gint64
local_s(gint64 unix_us)
{
    gint64 s = unix_us / G_USEC_PER_SEC - (unix_us % G_USEC_PER_SEC < 0);
    return s + AHEAD_S;
}

static gint64
floor_div(gint64 a, gint64 b)
{
    return a / b - (a % b < 0);
}

static void
put_digits(char *at, guint value, guint count)
{
    for (guint i = count; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
}

/* Of a day counted from 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms"): "2026-11-29". */
static void
put_date(char out[11], gint64 day)
{
    gint64 z = day + 719468, era = floor_div(z, 146097);
    guint doe = (guint)(z - era * 146097), yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    guint doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    guint month = mp < 10 ? mp + 3 : mp - 9;
    put_digits(out, (guint)((gint64)yoe + era * 400 + (month <= 2)), 4);
    out[4] = out[7] = '-';
    put_digits(out + 5, month, 2);
    put_digits(out + 8, doy - (153 * mp + 2) / 5 + 1, 2);
    out[10] = '\0';
}

static const char *
time_key(gint64 unix_us, KcReportBy by, char *buffer)
{
    gint64 s = local_s(unix_us), day = floor_div(s, DAY_S);
    if (by == KC_REPORT_BY_HOUR) {
        put_digits(buffer, (guint)((s - day * DAY_S) / 3600), 2);
        buffer[2] = '\0';
        return buffer;
    }
    if (by == KC_REPORT_BY_WEEK)
        day -= (day + 3) - floor_div(day + 3, 7) * 7; /* 1970-01-01 was a Thursday */
    put_date(buffer, day);
    if (by == KC_REPORT_BY_MONTH)
        buffer[7] = '\0';
    return buffer;
}

static guint
split(const char *codes, char *buffer, const char *ret_keys[KC_REPORT_KEYS_MAX])
{
    guint count = 0;
    g_strlcpy(buffer, codes, KC_REPORT_CODES_MAX);
    for (char *at = buffer; count < KC_REPORT_KEYS_MAX;) {
        char *space = strchr(at, ' ');
        if (space != NULL)
            *space = '\0';
        ret_keys[count++] = at;
        if (space == NULL)
            break;
        at = space + 1;
    }
    return count;
}

guint
kc_report_keys_of(const KcReportCase *one, KcReportBy by, char buffer[KC_REPORT_CODES_MAX],
                  const char *ret_keys[KC_REPORT_KEYS_MAX])
{
    switch (by) {
    case KC_REPORT_BY_COUNTY:
        ret_keys[0] = one->county;
        return 1;
    case KC_REPORT_BY_CHANNEL:
        ret_keys[0] = one->channel;
        return 1;
    case KC_REPORT_BY_FORM:
        ret_keys[0] = one->form;
        return 1;
    case KC_REPORT_BY_SCENARIO:
        return split(one->scenarios, buffer, ret_keys);
    case KC_REPORT_BY_OFFICER:
        ret_keys[0] = one->officer;
        return 1;
    case KC_REPORT_BY_OUTCOME:
        ret_keys[0] = kc_report_outcome_to_string(one->outcome);
        return 1;
    case KC_REPORT_BY_CLOSING_CODE:
        ret_keys[0] = one->closing_code;
        return 1;
    case KC_REPORT_BY_GROUND:
        ret_keys[0] = one->outcome == KC_REPORT_ON_SCENE ? one->ground : "";
        return 1;
    default:
        ret_keys[0] = time_key(one->opened_us, by, buffer);
        return 1;
    }
}

gboolean
kc_report_has_key(const KcReportCase *one, KcReportBy by, const char *key)
{
    char buffer[KC_REPORT_CODES_MAX];
    const char *keys[KC_REPORT_KEYS_MAX];
    guint count = kc_report_keys_of(one, by, buffer, keys);
    for (guint i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0)
            return TRUE;
    return FALSE;
}

/* ---- names ---- */

static const char *const BY[KC_REPORT_BY_COUNT] = {
    [KC_REPORT_BY_COUNTY] = "county",
    [KC_REPORT_BY_CHANNEL] = "channel",
    [KC_REPORT_BY_FORM] = "form",
    [KC_REPORT_BY_SCENARIO] = "scenario",
    [KC_REPORT_BY_OFFICER] = "officer",
    [KC_REPORT_BY_HOUR] = "hour",
    [KC_REPORT_BY_DAY] = "day",
    [KC_REPORT_BY_WEEK] = "week",
    [KC_REPORT_BY_MONTH] = "month",
    [KC_REPORT_BY_OUTCOME] = "outcome",
    [KC_REPORT_BY_CLOSING_CODE] = "closing_code",
    [KC_REPORT_BY_GROUND] = "ground",
};

static const char *const FIGURES[KC_FIGURE_COUNT] = {
    [KC_FIGURE_CASES] = "cases",
    [KC_FIGURE_REMOTE] = "remote",
    [KC_FIGURE_DETERMINED] = "determined",
    [KC_FIGURE_AGREED] = "agreed",
    [KC_FIGURE_ON_SCENE] = "on_scene",
    [KC_FIGURE_ABANDONED] = "abandoned",
    [KC_FIGURE_DECLINED] = "declined",
    [KC_FIGURE_OPEN] = "open",
    [KC_FIGURE_CLOSED] = "closed",
    [KC_FIGURE_ANSWERED] = "answered",
    [KC_FIGURE_ANSWERED_IN_TIME] = "answered_in_time",
    [KC_FIGURE_CLEARED] = "cleared",
    [KC_FIGURE_CLEARED_IN_TIME] = "cleared_in_time",
    [KC_FIGURE_ENDED] = "ended",
    [KC_FIGURE_ENDED_IN_TIME] = "ended_in_time",
    [KC_FIGURE_REVIEW_ASKED] = "review_asked",
    [KC_FIGURE_REVIEW_CONCLUDED] = "review_concluded",
    [KC_FIGURE_REVIEW_OVERTURNED] = "review_overturned",
    [KC_FIGURE_SHOTS_LISTED] = "shots_listed",
    [KC_FIGURE_SHOTS_COMPLETE] = "shots_complete",
    [KC_FIGURE_CALLED] = "called",
    [KC_FIGURE_RECORDED] = "recorded",
    [KC_FIGURE_WITH_GAPS] = "with_gaps",
};

static const char *const TIMES[KC_REPORT_TIME_COUNT] = {
    [KC_REPORT_ANSWER] = "answer", [KC_REPORT_CLEAR] = "clear", [KC_REPORT_CLOSE] = "close"};

const char *
kc_report_by_to_string(KcReportBy by)
{
    return BY[by];
}

gboolean
kc_report_by_from_string(const char *text, KcReportBy *ret_by)
{
    gint place = kc_names_find(BY, KC_REPORT_BY_COUNT, text);
    if (place >= 0)
        *ret_by = (KcReportBy)place;
    return place >= 0;
}

gboolean
kc_report_by_list(const char *text, KcReportBy ret_by[KC_REPORT_BY_COUNT], guint *ret_count)
{
    guint32 seen = 0;
    g_auto(GStrv) names = g_strsplit(text != NULL ? text : "", ",", KC_REPORT_BY_COUNT + 1);
    *ret_count = 0;
    for (guint i = 0; names[i] != NULL; i++) {
        KcReportBy by;
        if (!kc_report_by_from_string(names[i], &by) || (seen & (guint32)1 << by) != 0)
            return FALSE;
        seen |= (guint32)1 << by;
        ret_by[(*ret_count)++] = by;
    }
    return TRUE;
}

const char *
kc_figure_to_string(KcFigure figure)
{
    return FIGURES[figure];
}

gboolean
kc_figure_from_string(const char *text, KcFigure *ret_figure)
{
    gint place = kc_names_find(FIGURES, KC_FIGURE_COUNT, text);
    if (place >= 0)
        *ret_figure = (KcFigure)place;
    return place >= 0;
}

const char *
kc_report_time_to_string(KcReportTime time)
{
    return TIMES[time];
}

gint64
kc_report_target_s(const KcReportTargets *targets, KcReportTime time)
{
    const gint64 seconds[KC_REPORT_TIME_COUNT] = {targets->answer_s, targets->clear_s, targets->close_s};
    return seconds[time];
}

KcFigure
kc_report_time_figure(KcReportTime time, gboolean in_time)
{
    static const KcFigure all[KC_REPORT_TIME_COUNT] = {KC_FIGURE_ANSWERED, KC_FIGURE_CLEARED, KC_FIGURE_ENDED};
    return in_time ? all[time] + 1 : all[time];
}
