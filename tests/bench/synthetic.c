#include "tests/bench/synthetic.h"

#include "src/base/id.h"
#include "src/base/json.h"
#include "src/domain/local_time.h"

#include <math.h>
#include <string.h>

#define DAY_US (24 * G_TIME_SPAN_HOUR)

typedef struct {
    const char *code;
    guint weight;
} Weighted;

static const Weighted COUNTIES[] = {{"611002", 42}, {"611021", 14}, {"611022", 13}, {"611023", 9},
                                    {"611024", 10}, {"611025", 7},  {"611026", 5}};
static const Weighted CHANNELS[] = {{"web", 52}, {"alarm_122", 26}, {"app_12123", 16}, {"kiosk", 4}, {"desk", 2}};
static const Weighted FORMS[] = {{"11", 71}, {"12", 14}, {"35", 8}, {"36", 4}, {"19", 3}};
static const Weighted SCENARIOS[] = {
    {"REAR_END", 34},       {"LANE_CHANGE", 22}, {"REVERSING", 11},      {"TURN_VS_STRAIGHT_NOSIGNAL", 9},
    {"RIGHT_HAND_RULE", 6}, {"DOOR_OPENING", 5}, {"UTURN_NOT_YIELD", 5}, {"ROLLING", 4},
    {"WRONG_WAY", 4}};
static const Weighted HOURS[] = {{"0", 4},   {"1", 2},   {"2", 1},   {"3", 1},   {"4", 1},   {"5", 3},
                                 {"6", 10},  {"7", 34},  {"8", 52},  {"9", 33},  {"10", 28}, {"11", 30},
                                 {"12", 26}, {"13", 22}, {"14", 26}, {"15", 28}, {"16", 33}, {"17", 56},
                                 {"18", 50}, {"19", 27}, {"20", 18}, {"21", 13}, {"22", 9},  {"23", 6}};

#define PICK(of, list) pick(of, list, G_N_ELEMENTS(list))
static const char *
pick(KcSynthetic *of, const Weighted *list, gsize count)
{
    guint sum = 0;
    for (gsize i = 0; i < count; i++)
        sum += list[i].weight;
    guint at = (guint)g_rand_int_range(of->rand, 0, (gint32)sum);
    for (gsize i = 0;; i++) {
        if (at < list[i].weight)
            return list[i].code;
        at -= list[i].weight;
    }
}

static gboolean
chance(KcSynthetic *of, guint percent)
{
    return (guint)g_rand_int_range(of->rand, 0, 100) < percent;
}

/* Most near `typical`, a few much longer. */
static gint64
takes(KcSynthetic *of, double typical_s)
{
    double a = g_rand_double_range(of->rand, 1e-9, 1), b = g_rand_double(of->rand);
    double normal = sqrt(-2 * log(a)) * cos(2 * G_PI * b);
    return (gint64)(typical_s * exp(0.55 * normal) * G_USEC_PER_SEC) + g_rand_int_range(of->rand, 0, 1000) * 1000;
}

gint64
kc_synthetic_time(KcSynthetic *of, double share)
{
    gint64 days = of->span_us / DAY_US, day = MIN((gint64)(share * (double)days), days - 1);
    gint64 hour = g_ascii_strtoll(PICK(of, HOURS), NULL, 10);
    return of->year_us + day * DAY_US + hour * G_TIME_SPAN_HOUR + (gint64)g_rand_int_range(of->rand, 0, 3600000) * 1000;
}

static void
make_id(KcSynthetic *of, gint64 at_us, char out[37])
{
    guint64 ms = (guint64)(at_us / 1000);
    g_snprintf(out, 37, "%08x-%04x-7%03x-8%03x-%08x%04x", (guint)(ms >> 16), (guint)(ms & 0xffff),
               g_rand_int(of->rand) & 0xfff, g_rand_int(of->rand) & 0xfff, g_rand_int(of->rand),
               g_rand_int(of->rand) & 0xffff);
}

/* ---- entries ---- */

/* Takes `data`. */
static void
add(KcSyntheticCase *one, const char *kind, const char *actor_kind, const char *actor_id, gint64 at_us, json_t *data)
{
    KcLogEntry *entry = g_new0(KcLogEntry, 1);
    *entry = (KcLogEntry){.at_us = at_us,
                          .case_id = g_strdup(one->id),
                          .kind = g_strdup(kind),
                          .actor_kind = g_strdup(actor_kind),
                          .actor_id = g_strdup(actor_id),
                          .data = data != NULL ? data : json_object()};
    g_ptr_array_add(one->entries, entry);
}

static void
open_case(KcSynthetic *of, KcSyntheticCase *one)
{
    g_autofree char *date = kc_local_date(one->opened_us);
    g_snprintf(one->number, sizeof one->number, "C-%.4s%.2s%.2s-%06u", date, date + 5, date + 8,
               100000 + ++of->serial % 900000);
    add(one, "case.opened", "party", one->party_id, one->opened_us,
        json_pack("{s:s, s:s, s:s, s:s}", "channel", one->channel, "number", one->number, "party_id", one->party_id,
                  "county", one->county));
}

static void
go_to_scene(KcSynthetic *of, KcSyntheticCase *one, gint64 at_us, const char *ground)
{
    one->state = "on_scene";
    one->on_scene_us = at_us;
    add(one, "case.on_scene", ground != NULL ? "system" : "party", ground != NULL ? NULL : one->party_id, at_us,
        ground != NULL ? json_pack("{s:s}", "ground", ground) : NULL);
    if (!chance(of, 80))
        return;
    one->state = "closed";
    one->closed_us = at_us + takes(of, 2400);
    one->closing_code = "2";
    add(one, "case.closed", "user", one->officer, one->closed_us, json_pack("{s:s}", "closing_code", "2"));
}

static void
join(KcSynthetic *of, KcSyntheticCase *one, gint64 until_us)
{
    const char *const people[] = {one->party_id, one->officer};
    for (guint i = 0; i < 2; i++) {
        char track[37];
        guint gaps = chance(of, 4) ? 1 : 0;
        make_id(of, one->claimed_us, track);
        add(one, "call.joined", i == 0 ? "party" : "user", people[i], one->claimed_us + (i + 1) * G_USEC_PER_SEC,
            json_pack("{s:s, s:s, s:i}", "leg_id", track, "recording_id", track, "segment", 1));
        if (!chance(of, 1))
            add(one, "recording.finished", "system", NULL, until_us,
                json_pack("{s:s, s:i, s:i}", "object_id", track, "gaps", gaps, "gap_ms", gaps * 800));
    }
}

static void
clear_road(KcSynthetic *of, KcSyntheticCase *one)
{
    guint asked = 6, taken = chance(of, 88) ? 6 : (guint)g_rand_int_range(of->rand, 3, 6);
    one->evacuated_us = one->claimed_us + takes(of, 190);
    add(one, "case.evacuated", "user", one->officer, one->evacuated_us,
        json_pack("{s:i, s:i}", "shots_asked", asked, "shots_taken", taken));
}

static void
determine(KcSynthetic *of, KcSyntheticCase *one)
{
    json_t *scenarios = json_array();
    json_array_append_new(scenarios, json_string(one->scenario));
    one->determined_us = one->evacuated_us + takes(of, 260);
    add(one, "document.issued", "user", one->officer, one->determined_us,
        json_pack("{s:s, s:s, s:s, s:o}", "kind", "determination", "number", one->number, "accident_form", one->form,
                  "scenarios", scenarios));
}

static void
agree(KcSynthetic *of, KcSyntheticCase *one)
{
    json_t *scenarios = json_array();
    json_array_append_new(scenarios, json_string(one->scenario));
    one->determined_us = one->evacuated_us + takes(of, 200);
    add(one, "agreement.agreed", "party", one->party_id, one->determined_us,
        json_pack("{s:s, s:o}", "accident_form", one->form, "scenarios", scenarios));
}

static void
end(KcSynthetic *of, KcSyntheticCase *one, gboolean determined)
{
    one->state = "closed";
    one->closed_us = one->determined_us + takes(of, 150);
    one->closing_code = !determined || chance(of, 62) ? "1" : chance(of, 60) ? "2" : chance(of, 70) ? "3" : "4";
    add(one, "case.closed", "user", one->officer, one->closed_us,
        json_pack("{s:s}", "closing_code", one->closing_code));
    if (!determined || !chance(of, 2))
        return;
    gint64 asked_us = one->closed_us + DAY_US;
    add(one, "review.asked", "party", one->party_id, asked_us, NULL);
    if (chance(of, 80))
        add(one, "review.concluded", "user", one->officer, asked_us + 20 * DAY_US,
            json_pack("{s:s, s:b}", "outcome", chance(of, 85) ? "upheld" : "anew", "reopened", FALSE));
}

static void
handle(KcSynthetic *of, KcSyntheticCase *one)
{
    one->queued_us = one->opened_us + takes(of, 70);
    add(one, "case.queued", "party", one->party_id, one->queued_us, NULL);
    if (chance(of, 4)) {
        one->state = "abandoned";
        one->abandoned_us = one->queued_us + G_TIME_SPAN_HOUR;
        add(one, "case.abandoned", "system", NULL, one->abandoned_us, NULL);
        return;
    }
    one->claimed_us = one->queued_us + takes(of, 24);
    add(one, "case.claimed", "user", one->officer, one->claimed_us, NULL);
    clear_road(of, one);
    join(of, one, one->evacuated_us + 500 * G_USEC_PER_SEC);
    if (chance(of, 5)) {
        go_to_scene(of, one, one->evacuated_us + 60 * G_USEC_PER_SEC, NULL);
        return;
    }
    gboolean determined = chance(of, 84);
    if (determined)
        determine(of, one);
    else
        agree(of, one);
    end(of, one, determined);
}

static void
free_entry(gpointer entry)
{
    kc_log_entry_free(entry);
}

KcSyntheticCase *
kc_synthetic_case(KcSynthetic *of, gint64 opened_us)
{
    KcSyntheticCase *one = g_new0(KcSyntheticCase, 1);
    one->opened_us = opened_us;
    one->entries = g_ptr_array_new_with_free_func(free_entry);
    one->state = "triaged";
    one->county = PICK(of, COUNTIES);
    one->channel = PICK(of, CHANNELS);
    one->form = PICK(of, FORMS);
    one->scenario = PICK(of, SCENARIOS);
    one->officer = of->officers[g_rand_int_range(of->rand, 0, (gint32)g_strv_length((char **)of->officers))];
    make_id(of, opened_us, one->id);
    make_id(of, opened_us, one->party_id);
    open_case(of, one);
    if (chance(of, 9))
        go_to_scene(of, one, opened_us, chance(of, 60) ? "CANNOT_MOVE" : "INJURY_SERIOUS");
    else
        handle(of, one);
    return one;
}

void
kc_synthetic_case_free(KcSyntheticCase *one)
{
    if (one == NULL)
        return;
    g_ptr_array_unref(one->entries);
    g_free(one);
}
