#include "src/domain/sample.h"

#include "src/domain/local_time.h"

#include <string.h>

#define DAY (24 * G_TIME_SPAN_HOUR)

KcSampleCase *
kc_sample_case_new(const char *case_id, const char *county)
{
    KcSampleCase *one = g_new0(KcSampleCase, 1);
    one->case_id = g_strdup(case_id);
    one->county = g_strdup(county != NULL ? county : "");
    return one;
}

void
kc_sample_case_free(KcSampleCase *one)
{
    if (one == NULL)
        return;
    g_free(one->case_id);
    g_free(one->county);
    g_free(one);
}

typedef struct {
    KcSampleCase *one;
    guint8 lot[KC_SAMPLE_LOT_LEN];
} Lot;

void
kc_sample_lot(const char *what, const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, const char *case_id,
              guint8 ret_lot[KC_SAMPLE_LOT_LEN])
{
    gsize len = KC_SAMPLE_LOT_LEN;
    g_autofree char *text = g_strdup_printf("%s\n%" G_GINT64_FORMAT "\n%s\n", what, number, case_id);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, seed, KC_DRAW_SEED_LEN);
    g_hmac_update(hmac, (const guchar *)text, -1);
    g_hmac_get_digest(hmac, ret_lot, &len);
}

static gint
by_county_and_lot(gconstpointer a, gconstpointer b)
{
    const Lot *x = a, *y = b;
    int order = strcmp(x->one->county, y->one->county);
    return order != 0 ? order : memcmp(x->lot, y->lot, KC_SAMPLE_LOT_LEN);
}

static gint
by_id(gconstpointer a, gconstpointer b)
{
    const KcSampleCase *x = *(const KcSampleCase *const *)a, *y = *(const KcSampleCase *const *)b;
    return strcmp(x->case_id, y->case_id);
}

/* From `first` on, the lots of one county; returns where the next begins. */
static guint
choose_of_county(GArray *lots, guint first, guint percent)
{
    const char *county = g_array_index(lots, Lot, first).one->county;
    guint end = first;
    while (end < lots->len && strcmp(g_array_index(lots, Lot, end).one->county, county) == 0)
        end++;
    guint wanted = (guint)(((guint64)(end - first) * percent + 99) / 100);
    for (guint i = first; i < end && i < first + wanted; i++)
        g_array_index(lots, Lot, i).one->reason = "random";
    return end;
}

void
kc_sample_draw(GPtrArray *cases, const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, guint percent)
{
    g_autoptr(GArray) lots = g_array_new(FALSE, FALSE, sizeof(Lot));
    g_ptr_array_sort(cases, by_id);
    for (guint i = 0; i < cases->len; i++) {
        Lot lot = {.one = cases->pdata[i]};
        if (lot.one->reason != NULL)
            continue;
        kc_sample_lot("kuaichu sample 1", seed, number, lot.one->case_id, lot.lot);
        g_array_append_val(lots, lot);
    }
    g_array_sort(lots, by_county_and_lot);
    for (guint i = 0; i < lots->len;)
        i = choose_of_county(lots, i, percent);
}

gint64
kc_sample_period_end(gint64 now_us)
{
    gint64 midnight = kc_local_midnight(now_us);
    gint64 weekday = ((midnight + 8 * G_TIME_SPAN_HOUR) / DAY + 3) % 7; /* Monday 0 */
    return midnight + (7 - weekday) * DAY;
}
