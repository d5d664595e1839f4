#include "src/domain/shots.h"

#include "src/domain/local_time.h"

static gboolean
is_of_every_form(const KcShot *shot)
{
    return shot->forms == NULL || shot->forms[0] == NULL;
}

static gboolean
is_asked_for(const KcShot *shot, const char *accident_form)
{
    return accident_form == NULL || is_of_every_form(shot) ||
           g_strv_contains((const char *const *)shot->forms, accident_form);
}

GArray *
kc_shot_list(const GPtrArray *shots, const char *accident_form, const char *on_date, const GPtrArray *taken)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KcShotItem));
    for (guint i = 0; i < shots->len; i++) {
        const KcShot *shot = shots->pdata[i];
        if (!kc_local_date_in(on_date, shot->effective_from, shot->effective_to) || !is_asked_for(shot, accident_form))
            continue;
        const KcShotItem item = {
            .shot = shot,
            .required = shot->required && (accident_form != NULL || is_of_every_form(shot)),
            .taken = g_ptr_array_find_with_equal_func((GPtrArray *)taken, shot->code, g_str_equal, NULL),
        };
        g_array_append_val(list, item);
    }
    return list;
}

GPtrArray *
kc_shot_list_missing(const GArray *list)
{
    GPtrArray *missing = g_ptr_array_new();
    for (guint i = 0; i < list->len; i++) {
        const KcShotItem *item = &g_array_index(list, KcShotItem, i);
        if (item->required && !item->taken)
            g_ptr_array_add(missing, (gpointer)item->shot);
    }
    return missing;
}
