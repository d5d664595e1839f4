#include "tests/tamper/town.h"

#include <glib/gstdio.h>
#include <string.h>

#include "src/app/internal.h"
#include "src/app/public_log.h"
#include "src/app/reindex.h"
#include "tests/tamper/rows.h"

#define LONG_RECORDING_S 600

char *
town_copy(const char *folder)
{
    static const char *const keys[] = {"master.key", "case-keys", "signing.key"};
    char *copy = kc_test_dir_copy(folder, NULL, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) { /* the umask's mode is too open for them */
        g_autofree char *path = g_build_filename(copy, "keys", keys[i], NULL);
        ck_assert_int_eq(g_chmod(path, 0600), 0);
    }
    return copy;
}

static void
open_again(Life *life)
{
    g_autoptr(GError) error = NULL;
    gboolean opened = life_open(life, &error);
    kc_assert_no_error(error);
    ck_assert(opened);
}

/* A recording that is no small file. */
static void
record_on(gpointer data)
{
    Life *life = data;
    if (life->acked.done[LIFE_RECORD] && !life->acked.done[LIFE_PHOTO])
        kc_fake_media_record(life->fixture.media, life->scene.party_leg, LONG_RECORDING_S);
}

/* One whole case. What was asked before is forgotten, so that it may be asked again. */
static void
live_a_day(Life *life, const char *before, guint day)
{
    g_autoptr(GError) error = NULL;
    life_begin(life, before);
    life->fixture.now_us += day * G_TIME_SPAN_DAY;
    life->on_acked = record_on;
    life->data = life;
    open_again(life);
    ck_assert(kc_app_housekeep(life->fixture.app, &error));
    life_run(life);
}

/* The folder, which the caller frees. */
static char *
end_day(Life *life)
{
    char *folder = g_steal_pointer(&life->fixture.dir);
    life_stop(life);
    scene_clear(&life->scene);
    return folder;
}

static void
write_rows(Life *life, KcTxFn fn, gpointer data)
{
    g_autoptr(GError) error = NULL;
    gboolean done = kc_store_write(life->fixture.app->store, fn, data, &error);
    kc_assert_no_error(error);
    ck_assert(done);
}

static char *
publish(Life *life)
{
    char *note = NULL;
    life->fixture.now_us += G_TIME_SPAN_MINUTE;
    assert_done(kc_app_publish_checkpoint(life->fixture.app, &error) &&
                kc_app_get_checkpoint(life->fixture.app, &note, &result, &error));
    return note;
}

/* Rows that were put in by hand are found like the others. */
static void
index_again(Life *life)
{
    g_autoptr(GError) error = NULL;
    ck_assert(kc_app_reset_index(life->fixture.app, &error) && kc_app_reindex(life->fixture.app, 0, NULL, NULL, &error));
}

void
town_make(Town *town)
{
    Life first, second;
    live_a_day(&first, NULL, 0);
    town->cases[0] = g_strdup(first.acked.case_id);
    town->yesterday = end_day(&first);
    live_a_day(&second, town->yesterday, 2);
    town->cases[1] = g_strdup(second.acked.case_id);
    write_rows(&second, town_put_entries, town->cases[1]);
    write_rows(&second, town_put_installation, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(town->cases); i++)
        write_rows(&second, town_put_rows, &(TownCase){town->cases[i], i + 1});
    index_again(&second);
    ck_assert(kc_app_housekeep(second.fixture.app, NULL)); /* reports count it */
    town->checkpoint = publish(&second);
    town->today = end_day(&second);
}

void
town_clear(Town *town)
{
    kc_test_dir_remove(town->yesterday);
    kc_test_dir_remove(town->today);
    g_free(town->checkpoint);
    for (guint i = 0; i < G_N_ELEMENTS(town->cases); i++)
        g_free(town->cases[i]);
}
