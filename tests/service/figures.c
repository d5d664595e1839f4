#include "tests/service/figures.h"

#include <check.h>
#include <stdio.h>

Watched *
watched_new(const char *name, pid_t pid)
{
    Watched *watched = g_new0(Watched, 1);
    *watched = (Watched){name, pid, g_array_new(FALSE, FALSE, sizeof(Figures))};
    return watched;
}

void
watched_free(Watched *watched)
{
    g_array_unref(watched->samples);
    g_free(watched);
}

void
figures_head(const char *unit)
{
    printf("| %s | process | RSS kB | PSS kB | anonymous kB | of it SQLite kB | descriptors | threads |\n"
           "|---|---|---|---|---|---|---|---|\n", unit);
}

void
watched_sample(Watched *watched, double at, gint64 store_kb)
{
    g_autoptr(GArray) threads = process_threads(watched->pid);
    Figures now = {at, process_memory(watched->pid), store_kb, process_fds(watched->pid), threads->len};
    ck_assert_msg(now.fds > 0, "%s is gone", watched->name);
    g_array_append_val(watched->samples, now);
    printf("| %.4g | %s | %" G_GINT64_FORMAT " | %" G_GINT64_FORMAT " | %" G_GINT64_FORMAT " | %" G_GINT64_FORMAT
           " | %" G_GINT64_FORMAT " | %" G_GINT64_FORMAT " |\n",
           at, watched->name, now.memory.rss_kb, now.memory.pss_kb, now.memory.anonymous_kb, now.store_kb, now.fds,
           now.threads);
    fflush(stdout);
}

double
watched_slope_kb(const Watched *watched, guint from)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (guint i = from; i < watched->samples->len; i++) {
        const Figures *row = &g_array_index(watched->samples, Figures, i);
        double kb = (double)(row->memory.anonymous_kb - row->store_kb);
        n++, x += row->at, y += kb, xx += row->at * row->at, xy += row->at * kb;
    }
    double spread = n * xx - x * x;
    return n >= 2 && spread > 0 ? (n * xy - x * y) / spread : 0;
}

gint64
watched_store_kb_max(const Watched *watched)
{
    gint64 max = 0;
    for (guint i = 0; i < watched->samples->len; i++)
        max = MAX(max, g_array_index(watched->samples, Figures, i).store_kb);
    return max;
}

gint64
watched_fds_max(const Watched *watched, guint from)
{
    gint64 max = 0;
    for (guint i = from; i < watched->samples->len; i++)
        max = MAX(max, g_array_index(watched->samples, Figures, i).fds);
    return max;
}
