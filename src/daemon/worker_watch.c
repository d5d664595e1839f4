#include "src/daemon/worker_watch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const KcWorkerLimits kc_worker_limits = {
    .ask_every_us = 400 * 1000,
    .hung_after_us = 1100 * 1000,
    .ready_within_us = 10 * G_USEC_PER_SEC,
    .pause_min_us = 250 * 1000,
    .pause_max_us = 30 * G_USEC_PER_SEC,
    .well_after_us = 10 * G_USEC_PER_SEC,
};

/* ---- one worker ---- */

KcWorkerVerdict
kc_worker_watch_look(KcWorkerWatch *watch, const KcWorkerLimits *limits, gboolean ready, gint64 now_us)
{
    gint64 passed_us = watch->looked_us != 0 ? now_us - watch->looked_us : 0;
    watch->looked_us = now_us;
    if (ready && !watch->asked)
        return now_us - watch->asked_us >= limits->ask_every_us ? KC_WORKER_ASK : KC_WORKER_WELL;
    watch->silent_us += CLAMP(passed_us, 0, KC_WORKER_LOOK_MAX_US);
    gint64 limit_us = ready ? limits->hung_after_us : limits->ready_within_us;
    if (watch->silent_us < limit_us)
        return KC_WORKER_WELL;
    return !ready || watch->silent_us >= limit_us * KC_WORKER_STARVES_TIMES ? KC_WORKER_HUNG : KC_WORKER_SUSPECT;
}

void
kc_worker_watch_asked(KcWorkerWatch *watch, gint64 cpu_us, gint64 now_us)
{
    watch->asked = TRUE;
    watch->asked_us = now_us;
    watch->cpu_us = cpu_us;
    watch->silent_us = 0;
}

void
kc_worker_watch_answered(KcWorkerWatch *watch)
{
    watch->asked = FALSE;
    watch->silent_us = 0;
}

gboolean
kc_worker_watch_is_slow(const KcWorkerWatch *watch, const KcWorkerLimits *limits)
{
    return watch->asked && watch->silent_us >= limits->hung_after_us / 2;
}

gint64
kc_worker_cpu_us(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (gint64)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

/* Field 3 of proc(5)'s stat, after the name in brackets, which may contain anything. */
static gboolean
is_runnable(const char *tasks, const char *name)
{
    g_autofree char *path = g_build_filename(tasks, name, "stat", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    const char *end = strrchr(text, ')');
    return end != NULL && strncmp(end, ") R", 3) == 0;
}

gboolean
kc_worker_starves(pid_t pid, gint64 cpu_us, gint64 passed_us)
{
    char tasks[40];
    snprintf(tasks, sizeof tasks, "/proc/%d/task", (int)pid);
    if (kc_worker_cpu_us(pid) - cpu_us >= passed_us / 2)
        return FALSE;
    g_autoptr(GDir) dir = g_dir_open(tasks, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (is_runnable(tasks, name))
            return TRUE;
    }
    return FALSE;
}

/* ---- one worker's place ---- */

void
kc_worker_respawn_ended(KcWorkerRespawn *respawn, const KcWorkerLimits *limits, gint64 ready_us, gint64 now_us)
{
    if (ready_us >= limits->well_after_us)
        respawn->pause_us = 0;
    else if (ready_us < 0)
        respawn->pause_us = MAX(respawn->pause_us, limits->pause_min_us);
    respawn->after_us = now_us + respawn->pause_us;
    respawn->pause_us = CLAMP(respawn->pause_us * 2, limits->pause_min_us, limits->pause_max_us);
}
