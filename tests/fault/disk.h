/* A disk that can lose power: keeps every write under a folder, and builds what may be left of it at any moment.
 *
 * What was synced is there. Of what was not, anything may be: nothing, all, or some of it, torn at sectors of 512
 * bytes; a name is there for certain only when its folder was synced. What a failed sync was to write is lost for
 * certain, though the process that wrote it still reads it (as Linux does: the pages are clean after). */
#pragma once

#include <glib.h>

typedef struct Disk Disk;

typedef enum {
    DISK_SYNCED, /* what was synced, and nothing more */
    DISK_ALL,    /* everything: a process that died, on a machine that did not */
    DISK_TORN,   /* from here on: some of it, each number another choice */
} DiskVariant;

/* Begins to keep what happens under `folder`; what is there already is synced. One at a time. */
Disk *disk_begin(const char *folder);
void disk_end(Disk *disk);
void disk_free(Disk *disk);

/* Operations so far. */
guint disk_points(Disk *disk);
/* Into the empty folder `target`: the disk when `point` operations were done. Quick if points come in order. */
void disk_build(Disk *disk, guint point, guint variant, const char *target);
/* "write kuaichu.db-wal 8192" and the like: the operation before that point; owned. */
char *disk_describe(Disk *disk, guint point);
