/* Counting. A time is kept as a count for each second up to an hour, and as a list beyond: ranks cost no sorting, and
 * what a year of one centre takes is some kilobytes a group. */
#include "src/domain/report.h"

#include <string.h>

#define SHORT_S 3600

typedef struct {
    guint32 *seconds; /* how many took so long; `length` of them */
    guint length;
    guint64 count;
    GArray *longer; /* of gint64 seconds; NULL: none */
} Spread;

typedef struct {
    KcReportGroup *group; /* taken by the report in the end */
    Spread spreads[KC_REPORT_TIME_COUNT];
} Tally;

typedef struct {
    KcReportBy by;
    GHashTable *tallies; /* key (of the group) -> Tally */
    Tally *last;         /* cases come in the order of time: often the same one */
} Breakdown;

struct KcReportCounter {
    gint64 from_us, to_us;
    KcReportTargets targets;
    Tally *total;
    Breakdown breakdowns[KC_REPORT_BY_COUNT];
    guint count;
};

/* ---- times ---- */

static void
spread_add(Spread *spread, gint64 us)
{
    gint64 s = us / G_USEC_PER_SEC;
    spread->count++;
    if (s >= SHORT_S) {
        if (spread->longer == NULL)
            spread->longer = g_array_new(FALSE, FALSE, sizeof(gint64));
        g_array_append_val(spread->longer, s);
        return;
    }
    if ((guint)s >= spread->length) {
        guint length = MIN(MAX((guint)s + 1, spread->length * 2), SHORT_S);
        spread->seconds = g_renew(guint32, spread->seconds, length);
        memset(spread->seconds + spread->length, 0, (length - spread->length) * sizeof *spread->seconds);
        spread->length = length;
    }
    spread->seconds[s]++;
}

static gint
compare_seconds(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
    return left < right ? -1 : left > right;
}

/* The smallest one that `percent` of all do not exceed. `longer` is sorted. */
static gint64
spread_rank(const Spread *spread, guint percent)
{
    guint64 rank = MAX((spread->count * percent + 99) / 100, 1), seen = 0;
    if (spread->count == 0)
        return -1;
    for (guint s = 0; s < spread->length; s++) {
        seen += spread->seconds[s];
        if (seen >= rank)
            return s;
    }
    return g_array_index(spread->longer, gint64, rank - seen - 1);
}

static KcReportTimes
spread_finish(Spread *spread)
{
    if (spread->longer != NULL)
        g_array_sort(spread->longer, compare_seconds);
    return (KcReportTimes){spread_rank(spread, 50), spread_rank(spread, 90)};
}

/* ---- groups ---- */

static void
group_free(gpointer data)
{
    KcReportGroup *group = data;
    if (group == NULL)
        return;
    g_free(group->key);
    g_free(group);
}

static Tally *
tally_new(const char *key)
{
    Tally *tally = g_new0(Tally, 1);
    tally->group = g_new0(KcReportGroup, 1);
    tally->group->key = g_strdup(key);
    return tally;
}

static void
tally_free(gpointer data)
{
    Tally *tally = data;
    if (tally == NULL)
        return;
    group_free(tally->group);
    for (guint i = 0; i < KC_REPORT_TIME_COUNT; i++) {
        g_free(tally->spreads[i].seconds);
        g_clear_pointer(&tally->spreads[i].longer, g_array_unref);
    }
    g_free(tally);
}

static void
tally_add(Tally *tally, const KcReportCase *one, guint32 figures)
{
    KcReportGroup *group = tally->group;
    const gint64 times[KC_REPORT_TIME_COUNT] = {one->answer_us, one->clear_us, one->close_us};
    for (guint i = 0; i < KC_FIGURE_COUNT; i++)
        group->figures[i] += figures >> i & 1;
    for (guint i = 0; i < KC_REPORT_TIME_COUNT; i++)
        if (times[i] >= 0)
            spread_add(&tally->spreads[i], times[i]);
    group->shots_asked += MAX(one->shots_asked, 0);
    group->shots_taken += MAX(one->shots_taken, 0);
    group->people += one->people;
    group->people_recorded += one->people_recorded;
    group->gaps += one->gaps;
    group->gap_ms += one->gap_ms;
}

static KcReportGroup *
tally_finish(Tally *tally)
{
    for (guint i = 0; i < KC_REPORT_TIME_COUNT; i++)
        tally->group->times[i] = spread_finish(&tally->spreads[i]);
    return g_steal_pointer(&tally->group);
}

/* ---- the counter ---- */

KcReportCounter *
kc_report_counter_new(gint64 from_us, gint64 to_us, const KcReportTargets *targets, const KcReportBy *by,
                      guint by_count)
{
    KcReportCounter *counter = g_new0(KcReportCounter, 1);
    g_assert(by_count <= KC_REPORT_BY_COUNT);
    counter->from_us = from_us;
    counter->to_us = to_us;
    counter->targets = *targets;
    counter->total = tally_new("");
    counter->count = by_count;
    for (guint i = 0; i < by_count; i++) {
        counter->breakdowns[i].by = by[i];
        counter->breakdowns[i].tallies = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, tally_free);
    }
    return counter;
}

void
kc_report_counter_free(KcReportCounter *counter)
{
    if (counter == NULL)
        return;
    tally_free(counter->total);
    for (guint i = 0; i < counter->count; i++)
        g_hash_table_unref(counter->breakdowns[i].tallies);
    g_free(counter);
}

static Tally *
find_tally(Breakdown *breakdown, const char *key)
{
    if (breakdown->last != NULL && strcmp(breakdown->last->group->key, key) == 0)
        return breakdown->last;
    Tally *tally = g_hash_table_lookup(breakdown->tallies, key);
    if (tally == NULL) {
        tally = tally_new(key);
        g_hash_table_insert(breakdown->tallies, tally->group->key, tally);
    }
    return breakdown->last = tally;
}

void
kc_report_counter_add(KcReportCounter *counter, const KcReportCase *one)
{
    char buffer[KC_REPORT_CODES_MAX];
    const char *keys[KC_REPORT_KEYS_MAX];
    if (one->opened_us < counter->from_us || one->opened_us >= counter->to_us)
        return;
    guint32 figures = kc_report_figures_of(one, &counter->targets);
    tally_add(counter->total, one, figures);
    for (guint i = 0; i < counter->count; i++) {
        Breakdown *breakdown = &counter->breakdowns[i];
        guint count = kc_report_keys_of(one, breakdown->by, buffer, keys);
        for (guint k = 0; k < count; k++)
            tally_add(find_tally(breakdown, keys[k]), one, figures);
    }
}

/* ---- the report ---- */

static gboolean
is_of_time(KcReportBy by)
{
    return by == KC_REPORT_BY_HOUR || by == KC_REPORT_BY_DAY || by == KC_REPORT_BY_WEEK || by == KC_REPORT_BY_MONTH;
}

static gint
by_key(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const KcReportGroup *const *)a)->key, (*(const KcReportGroup *const *)b)->key);
}

static gint
by_size(gconstpointer a, gconstpointer b)
{
    guint left = (*(const KcReportGroup *const *)a)->figures[KC_FIGURE_CASES];
    guint right = (*(const KcReportGroup *const *)b)->figures[KC_FIGURE_CASES];
    return left != right ? (left < right ? 1 : -1) : by_key(a, b);
}

static void
breakdown_free(gpointer data)
{
    KcReportBreakdown *breakdown = data;
    g_ptr_array_unref(breakdown->groups);
    g_free(breakdown);
}

static KcReportBreakdown *
finish_breakdown(Breakdown *from)
{
    KcReportBreakdown *breakdown = g_new0(KcReportBreakdown, 1);
    GHashTableIter iter;
    gpointer tally;
    breakdown->by = from->by;
    breakdown->groups = g_ptr_array_new_with_free_func(group_free);
    g_hash_table_iter_init(&iter, from->tallies);
    while (g_hash_table_iter_next(&iter, NULL, &tally)) {
        g_ptr_array_add(breakdown->groups, tally_finish(tally));
        g_hash_table_iter_steal(&iter);
        tally_free(tally);
    }
    from->last = NULL;
    g_ptr_array_sort(breakdown->groups, is_of_time(from->by) ? by_key : by_size);
    return breakdown;
}

KcReport *
kc_report_counter_finish(KcReportCounter *counter, gint64 through_seq)
{
    KcReport *report = g_new0(KcReport, 1);
    report->from_us = counter->from_us;
    report->to_us = counter->to_us;
    report->targets = counter->targets;
    report->through_seq = through_seq;
    report->total = tally_finish(counter->total);
    report->breakdowns = g_ptr_array_new_with_free_func(breakdown_free);
    for (guint i = 0; i < counter->count; i++)
        g_ptr_array_add(report->breakdowns, finish_breakdown(&counter->breakdowns[i]));
    tally_free(counter->total);
    counter->total = tally_new("");
    return report;
}

void
kc_report_free(KcReport *report)
{
    if (report == NULL)
        return;
    group_free(report->total);
    g_ptr_array_unref(report->breakdowns);
    g_free(report);
}

const KcReportBreakdown *
kc_report_breakdown(const KcReport *report, KcReportBy by)
{
    for (guint i = 0; i < report->breakdowns->len; i++)
        if (((const KcReportBreakdown *)report->breakdowns->pdata[i])->by == by)
            return report->breakdowns->pdata[i];
    return NULL;
}

const KcReportGroup *
kc_report_group(const KcReport *report, KcReportBy by, const char *key)
{
    const KcReportBreakdown *breakdown = kc_report_breakdown(report, by);
    for (guint i = 0; breakdown != NULL && i < breakdown->groups->len; i++)
        if (strcmp(((const KcReportGroup *)breakdown->groups->pdata[i])->key, key) == 0)
            return breakdown->groups->pdata[i];
    return NULL;
}
