#include "src/app/log_figures.h"

#include <string.h>

static gint
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
kc_app_log_accident(json_t *entry, const KcDetermination *accident)
{
    g_autoptr(GPtrArray) codes = g_ptr_array_new();
    json_t *scenarios = json_array();
    for (guint i = 0; i < accident->parties->len; i++) {
        const KcDeterminationParty *party = accident->parties->pdata[i];
        for (guint k = 0; k < party->violations->len; k++)
            if (!g_ptr_array_find_with_equal_func(codes, party->violations->pdata[k], g_str_equal, NULL))
                g_ptr_array_add(codes, party->violations->pdata[k]);
    }
    g_ptr_array_sort(codes, by_text);
    for (guint i = 0; i < codes->len; i++)
        json_array_append_new(scenarios, json_string(codes->pdata[i]));
    if (accident->accident_form != NULL)
        json_object_set_new(entry, "accident_form", json_string(accident->accident_form));
    json_object_set_new(entry, "scenarios", scenarios);
}

void
kc_app_log_gaps(json_t *entry, const char *gaps_json)
{
    g_autoptr(json_t) gaps = kc_json_parse(gaps_json);
    gint64 ms = 0;
    gsize i;
    json_t *gap;
    json_array_foreach(gaps, i, gap) ms +=
        MAX(json_integer_value(json_array_get(gap, 1)) - json_integer_value(json_array_get(gap, 0)), 0);
    json_object_set_new(entry, "gaps", json_integer((json_int_t)json_array_size(gaps)));
    json_object_set_new(entry, "gap_ms", json_integer(ms));
}

void
kc_app_log_shots(json_t *entry, const KcShotListView *list)
{
    gint64 asked = 0, taken = 0;
    for (guint i = 0; i < list->items->len; i++) {
        const KcShotItem *item = &g_array_index(list->items, KcShotItem, i);
        asked += item->required;
        taken += item->required && item->taken;
    }
    json_object_set_new(entry, "shots_asked", json_integer(asked));
    json_object_set_new(entry, "shots_taken", json_integer(taken));
}

gboolean
kc_app_log_shots_of(KcApp *app, KcTx *tx, const KcCaseRow *row, json_t *entry, GError **error)
{
    g_autoptr(KcShotListView) list = NULL;
    if (!kc_app_load_shot_list(app, tx, row, &list, error))
        return FALSE;
    kc_app_log_shots(entry, list);
    return TRUE;
}

void
kc_app_log_targets(json_t *entry, const KcRuleFiles *files)
{
    GBytes *bytes = kc_rule_files_get(files, "desk.json");
    gsize size = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autoptr(json_t) desk = text != NULL ? json_loadb(text, size, 0, NULL) : NULL;
    json_t *targets = json_object_get(desk, "targets_s");
    if (json_is_object(targets))
        json_object_set(entry, "targets_s", targets);
}
