/* Fills a service's folder with made-up cases and their entries of the log (synthetic.h), to look at reports and
 * searches of a centre that has worked for a while. The service must not be running.
 *
 *     make_cases FOLDER CASES [YEARS] [END]         CASES a year; END: the last day, 2026-11-29; the accounts are those
 * of --demo */
#include "src/app/accounts.h"
#include "src/app/internal.h"
#include "src/base/timestamp.h"
#include "src/domain/local_time.h"
#include "tests/bench/synthetic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A_TURN 50
#define DAY_US (24 * G_TIME_SPAN_HOUR)

typedef struct {
    KcApp *app;
    GPtrArray *batch; /* KcSyntheticCase * */
    GPtrArray *officers;
} Make;

static void
require(gboolean ok, const GError *error, const KcResult *result)
{
    if (ok)
        return;
    fprintf(stderr, "make_cases: %s\n", error != NULL ? error->message : result != NULL ? result->code : "failed");
    exit(EXIT_FAILURE);
}

static void
free_case(gpointer one)
{
    kc_synthetic_case_free(one);
}

static gboolean
write_rows(KcTx *tx, const KcSyntheticCase *one, GError **error)
{
    KcCaseRow row = {.id = (char *)one->id,
                     .number = (char *)one->number,
                     .version = 1,
                     .rules_number = 1,
                     .state = (char *)one->state,
                     .county = (char *)one->county,
                     .channel = (char *)one->channel,
                     .officer_id = one->claimed_us > 0 ? (char *)one->officer : NULL,
                     .occurred_us = one->opened_us,
                     .created_us = one->opened_us,
                     .updated_us = MAX(one->opened_us, one->closed_us),
                     .queued_us = one->abandoned_us > 0 ? 0 : one->queued_us,
                     .claimed_us = one->claimed_us,
                     .evacuated_us = one->evacuated_us,
                     .determined_us = one->determined_us,
                     .closed_us = one->closed_us,
                     .on_scene_us = one->on_scene_us,
                     .abandoned_us = one->abandoned_us,
                     .closing_code = (char *)one->closing_code,
                     .triage_json = (char *)"{}",
                     .eligibility_json = (char *)"{}",
                     .place_text = (char *)"演示地点"};
    KcParty party = {.id = (char *)one->party_id,
                     .case_id = (char *)one->id,
                     .label = (char *)"A",
                     .is_reporter = TRUE,
                     .created_us = one->opened_us};
    return kc_case_store_insert(tx, &row, error) && kc_party_store_insert(tx, &party, error);
}

static gboolean
write_batch(KcTx *tx, gpointer data, GError **error)
{
    Make *make = data;
    for (guint i = 0; i < make->batch->len; i++) {
        const KcSyntheticCase *one = make->batch->pdata[i];
        if (!write_rows(tx, one, error))
            return FALSE;
        for (guint k = 0; k < one->entries->len; k++)
            if (!kc_log_store_append(tx, one->entries->pdata[k], error))
                return FALSE;
    }
    return TRUE;
}

static gboolean
list_officers(KcTx *tx, gpointer data, GError **error)
{
    Make *make = data;
    g_autoptr(GPtrArray) users = kc_user_store_list(tx, error);
    for (guint i = 0; users != NULL && i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        if (strcmp(user->role, "officer") == 0)
            g_ptr_array_add(make->officers, g_strdup(user->id));
    }
    return users != NULL;
}

static void
add_officers(Make *make)
{
    static const char *const names[][3] = {
        {"officer2", "赵敏", "610102"}, {"officer3", "钱江", "610103"}, {"officer4", "孙立", "610104"}};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(KcResult) result = {0};
        g_autoptr(GError) error = NULL;
        g_autoptr(KcUser) made = NULL;
        const KcNewUser user = {.username = names[i][0],
                                .password = "kuaichu-demo",
                                .role = "officer",
                                .name = names[i][1],
                                .badge_number = names[i][2]};
        require(kc_app_add_user(make->app, NULL, &user, &made, &result, &error), error, &result);
    }
    g_autoptr(GError) error = NULL;
    require(kc_store_read(make->app->store, list_officers, make, &error), error, NULL);
    g_ptr_array_add(make->officers, NULL);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
    return left < right ? -1 : left > right;
}

/* When they were opened, in their order: this year a fifth more than the one before. */
static GArray *
times_of(KcSynthetic *of, guint a_year, guint years, gint64 end_us)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint year = 0; year < years; year++) {
        guint cases = (guint)((double)a_year * (1 - 0.2 * year));
        of->span_us = 365 * DAY_US;
        of->year_us = end_us - (year + 1) * of->span_us;
        for (guint i = 0; i < cases; i++) {
            gint64 at_us = kc_synthetic_time(of, g_rand_double(of->rand));
            g_array_append_val(times, at_us);
        }
    }
    g_array_sort(times, compare);
    return times;
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "make_cases FOLDER CASES [YEARS] [END]\n");
        return 2;
    }
    g_autofree char *end = g_strconcat(argc > 4 ? argv[4] : "2026-11-29", "T00:00:00+08:00", NULL);
    g_autoptr(GError) error = NULL;
    gint64 end_us;
    require(kc_timestamp_parse(end, &end_us), NULL, NULL);
    const KcAppOptions options = {.data_dir = argv[1], .demo = TRUE, .text_only = TRUE};
    Make make = {.app = kc_app_new(&options, &error),
                 .batch = g_ptr_array_new_with_free_func(free_case),
                 .officers = g_ptr_array_new_with_free_func(g_free)};
    require(make.app != NULL, error, NULL);
    add_officers(&make);
    KcSynthetic of = {.rand = g_rand_new_with_seed(2026), .officers = (char *const *)make.officers->pdata};
    g_autoptr(GArray) times = times_of(&of, (guint)atoi(argv[2]), argc > 3 ? (guint)atoi(argv[3]) : 1, end_us + DAY_US);
    for (guint i = 0; i < times->len; i++) {
        g_ptr_array_add(make.batch, kc_synthetic_case(&of, g_array_index(times, gint64, i)));
        if (make.batch->len < A_TURN && i + 1 < times->len)
            continue;
        require(kc_store_write(make.app->store, write_batch, &make, &error), error, NULL);
        g_ptr_array_set_size(make.batch, 0);
    }
    printf("%u cases\n", times->len);
    g_rand_free(of.rand);
    g_ptr_array_unref(make.batch);
    g_ptr_array_unref(make.officers);
    kc_app_free(make.app);
    return EXIT_SUCCESS;
}
