/* Faults of the disk and of the clock, between a program and the C library.
 *
 * Linked into a test, these wrappers stand before those of the C library for every library of the process (SQLite and
 * GLib as well); as a module (libkc_fault.so) they are preloaded into the real daemon and its workers, which then share
 * one control with the test: the file that $KC_FAULT_CONTROL names. Nothing happens until the control says so. */
#pragma once

#include <glib.h>

typedef enum {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,
    FAULT_TRUNCATE = 4,
    FAULT_CREATE = 8, /* of a file */
    FAULT_RENAME = 16,
    FAULT_MKDIR = 32,
    FAULT_READ = 64,
    FAULT_ALL_WRITES = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_CREATE | FAULT_RENAME | FAULT_MKDIR,
} FaultKind;

/* Shared memory: every member is read and written atomically or set before `kinds`. Zeroed: no fault. */
typedef struct {
    gint kinds;       /* which calls are counted; 0: none */
    gint at;          /* the n-th of them fails, from 1; 0: none */
    gint times;       /* and so many in a row; 0: for ever */
    gint error;       /* errno */
    gint half;        /* a write that fails writes its first half before, and says so; what comes next fails */
    char match[64];   /* part of the path; "": any in `folder` */
    char folder[256]; /* with its end slash; nothing outside it is touched. "": any regular file (a confined worker) */
    gint seen, failed;
    gint full;        /* only `room` bytes are left on the disk */
    gint64 room;      /* grows by what is deleted or cut */
    gint64 clock_us;  /* added to the wall clock */
    gint allocations; /* the n-th g_malloc from now ends the process, as GLib does when there is no memory; 0: none */
    gint starved;     /* not in builds with sanitizers: the n-th malloc from now, made by … */
    char library[32]; /* … the library whose file is named so, finds no memory; 0: none */
} FaultControl;

FaultControl *fault_control(void);
/* Forgets every plan. */
void fault_clear(void);
/* The n-th call of these kinds under `folder` fails. */
void fault_plan(const char *folder, gint kinds, gint at, gint times, gint error, gboolean half);

/* ---- what is seen (linked into a test only) ---- */

typedef enum { OP_CREATE, OP_MKDIR, OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_RENAME, OP_UNLINK, OP_LINK } FaultOpKind;

typedef struct {
    FaultOpKind kind;
    const char *path, *to; /* to: of a rename or link */
    gint64 offset;         /* of a write; the size of a truncate */
    const void *data;
    gsize len;
    gboolean done; /* FALSE: a sync that failed */
} FaultOp;

/* Called after each that was done, one at a time. NULL: nobody. */
typedef void (*FaultObserver)(const FaultOp *op, gpointer data);
void fault_observe(FaultObserver observer, gpointer data);
