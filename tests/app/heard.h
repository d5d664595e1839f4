/* What the service tells those who listen to its events. */
#pragma once

#include "tests/app/fixture.h"

typedef struct {
    KcApp *app;
    guint subscription;
    GMutex lock;
    GPtrArray *lines; /* "type audience data" */
} Heard;

void heard_begin(Heard *heard, KcApp *app);
void heard_end(Heard *heard);

/* Whether something was told that begins with `type` ("type audience") and holds `part`. What is delivered comes after its
 * commit, by another thread: waits up to five seconds for it. */
gboolean heard_has(Heard *heard, const char *type, const char *part);
