/* The part of the disk that is kept for what is running already.
 *
 * Invariants
 *
 * 1. What is new (a call, a photo, a case) is refused while less than the reserve would be left; the calls that run
 * need what they may still record, which is more than the reserve when there are many.
 * 2. What belongs to a case that is being handled (a signature, a document, who comes back into a call) may use the
 *    reserve, but for the last of it, which is for recordings that are being finished.
 * 3. Held, the reserve is a file that nothing is in, so that another program that fills the disk finds it taken. It is
 *    let go when little else is left, and taken again when there is room for it twice. */
#include "src/app/internal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAST_SHARE 8 /* of the reserve: what is kept for recordings that are being finished */
#define TRACKS_A_CALL 2

static gint64
held_bytes(KcApp *app)
{
    g_mutex_lock(&app->lock);
    gint64 held = app->reserve_held_bytes;
    g_mutex_unlock(&app->lock);
    return held;
}

static gint64
free_bytes(const KcApp *app)
{
    return app->free_bytes(app->vault_dir, app->clock_data);
}

KcAppDisk
kc_app_disk(KcApp *app)
{
    KcAppDisk disk = {.reserve_bytes = app->reserve_bytes, .held_bytes = held_bytes(app)};
    gint64 running = (gint64)kc_call_table_open_tracks(app->calls) * KC_LIMIT_TRACK_EXPECTED_BYTES;
    disk.left_bytes = free_bytes(app) + disk.held_bytes;
    disk.kept_bytes = MAX(app->reserve_bytes, running);
    disk.calls_left = MAX(disk.left_bytes - disk.kept_bytes, 0) / (TRACKS_A_CALL * KC_LIMIT_TRACK_EXPECTED_BYTES);
    return disk;
}

gboolean
kc_app_check_disk(KcApp *app, KcDiskUse use, gint64 wanted_bytes, KcResult *result)
{
    const KcAppDisk disk = kc_app_disk(app);
    gint64 kept_bytes = use == KC_DISK_NEW ? disk.kept_bytes : app->reserve_bytes / LAST_SHARE;
    if (disk.left_bytes - wanted_bytes >= kept_bytes)
        return TRUE;
    return kc_refuse(
        result, KC_RESULT_DISK_FULL, "disk-full",
        "The disk of this service is nearly full, and what is left is kept for calls that are running. Its "
        "operator must make room; until then accidents are reported by 122.");
}

gboolean
kc_app_refuse_full(KcApp *app, KcResult *result)
{
    kc_app_release_reserve(app);
    return kc_refuse(
        result, KC_RESULT_DISK_FULL, "disk-full",
        "The disk of this service is full; nothing was kept. Try again in a moment; its operator must make "
        "room.");
}

/* ---- the file ---- */

static int
open_reserve(const KcApp *app, int flags)
{
    g_autofree char *path = g_build_filename(app->data_dir, "reserve", NULL);
    return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

static void
set_held(KcApp *app, gint64 bytes)
{
    g_mutex_lock(&app->lock);
    app->reserve_held_bytes = bytes;
    g_mutex_unlock(&app->lock);
}

/* TRUE if there was something to release. */
gboolean
kc_app_release_reserve(KcApp *app)
{
    gint64 held = held_bytes(app);
    int fd = held > 0 ? open_reserve(app, 0) : -1;
    if (fd < 0)
        return FALSE;
    gboolean released = ftruncate(fd, 0) == 0;
    close(fd);
    if (!released)
        return FALSE;
    set_held(app, 0);
    g_warning("the disk is full: the %" G_GINT64_FORMAT
              " MiB that were held for it are let go, and new calls are refused",
              held >> 20);
    return TRUE;
}

/* All of it or none, at once. */
static void
take_reserve(KcApp *app)
{
    int fd = open_reserve(app, O_CREAT);
    if (fd < 0)
        return;
    gboolean taken =
        fallocate(fd, 0, 0, app->reserve_bytes) == 0; /* not where a file system can't, by writing it full */
    if (!taken && ftruncate(fd, 0) != 0)
        g_warning("the reserve of disk can't be given back: %s", g_strerror(errno));
    close(fd);
    set_held(app, taken ? app->reserve_bytes : 0);
}

void
kc_app_open_reserve(KcApp *app)
{
    struct stat st;
    int fd = open_reserve(app, 0);
    if (fd < 0)
        return;
    /* What an earlier start held; how much it is now is decided anew. */
    gboolean as_wanted = fstat(fd, &st) == 0 && app->hold_reserve && st.st_size == app->reserve_bytes &&
                         (gint64)st.st_blocks * 512 >= st.st_size;
    set_held(app, as_wanted ? st.st_size : 0);
    if (!as_wanted && ftruncate(fd, 0) != 0)
        g_warning("the reserve of disk can't be given back: %s", g_strerror(errno));
    close(fd);
}

void
kc_app_tend_reserve(KcApp *app)
{
    gint64 free_now = free_bytes(app), held = held_bytes(app);
    if (held > 0 && free_now < app->reserve_bytes / LAST_SHARE)
        kc_app_release_reserve(app);
    else if (app->hold_reserve && held == 0 && free_now >= 2 * app->reserve_bytes)
        take_reserve(app);
}
