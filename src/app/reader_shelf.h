/* Readers of recordings that nobody uses right now, kept open for the next range: a player asks for many, and opening
 * an hour anew (its table of chunks, its index, the head that is served) costs as much as reading a megabyte of it.
 *
 * Whoever opens a recording needs the right to (standing.h) and is logged all the same; only the open file is kept. One
 * user at a time has a reader. A file that is not the one that was opened any more (moved, replaced, written to) is
 * opened anew. At most KC_SHELF_READERS, for at most a minute or two. Under the app's lock. */
#pragma once

#include "src/app/objects.h"
#include "src/app/app.h"

#define KC_SHELF_READERS 16
#define KC_SHELF_IDLE_US (60 * G_USEC_PER_SEC)

/* The one that was last put back, owned; NULL: there is none, or its file has changed. `path`: where its file is now; NULL:
 * where it was. */
KcObjectReader *kc_app_take_reader(KcApp *app, const char *object_id, const char *path);
gboolean kc_app_has_reader(KcApp *app, const char *object_id);
/* Takes `reader`. */
void kc_app_keep_reader(KcApp *app, KcObjectReader *reader);
/* Closes those that have been idle for KC_SHELF_IDLE_US; `all`: every one. */
void kc_app_sweep_readers(KcApp *app, gboolean all);
