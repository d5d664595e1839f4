#include "tests/app/heard.h"

#include <string.h>

static void
hear(const KcEvent *event, gpointer data)
{
    Heard *heard = data;
    g_mutex_lock(&heard->lock);
    g_ptr_array_add(heard->lines, g_strjoin(" ", event->type, event->audience, event->data_json, NULL));
    g_mutex_unlock(&heard->lock);
}

void
heard_begin(Heard *heard, KcApp *app)
{
    *heard = (Heard){.app = app, .lines = g_ptr_array_new_with_free_func(g_free)};
    g_mutex_init(&heard->lock);
    heard->subscription = kc_app_subscribe(app, hear, heard);
}

void
heard_end(Heard *heard)
{
    kc_app_unsubscribe(heard->app, heard->subscription);
    g_ptr_array_unref(heard->lines);
    g_mutex_clear(&heard->lock);
}

static gboolean
was_told(Heard *heard, const char *type, const char *part)
{
    gboolean found = FALSE;
    g_mutex_lock(&heard->lock);
    for (guint i = 0; i < heard->lines->len && !found; i++)
        found = g_str_has_prefix(heard->lines->pdata[i], type) && strstr(heard->lines->pdata[i], part) != NULL;
    g_mutex_unlock(&heard->lock);
    return found;
}

gboolean
heard_has(Heard *heard, const char *type, const char *part)
{
    for (guint tries = 0; tries < 500; tries++) {
        if (was_told(heard, type, part))
            return TRUE;
        g_usleep(10 * 1000);
    }
    return FALSE;
}
