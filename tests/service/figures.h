/* What a service and its workers hold, call after call, and how fast that grows.
 *
 * Two things of the daemon's memory are told apart. SQLite's caches of pages fill as the database does, up to 2 MB for each
 * connection, and a further reader is connected whenever one more is needed at once: that has an end, and comes in steps at
 * whatever call. All the rest is what a call may leave behind. */
#pragma once

#include "tests/service/service.h"
#include "tests/support/process.h"

typedef struct {
    double at; /* calls or hours so far */
    ProcessMemory memory;
    gint64 store_kb; /* of the anonymous memory, SQLite's; 0 in a worker */
    gint64 fds, threads;
} Figures;

/* One process from its first sample to its last. */
typedef struct {
    const char *name;
    pid_t pid;
    GArray *samples; /* of Figures */
} Watched;

Watched *watched_new(const char *name, pid_t pid);
void watched_free(Watched *watched);
/* Adds a sample and prints it as a row of a table. */
void watched_sample(Watched *watched, double at, gint64 store_kb);
void figures_head(const char *unit);

/* Least-squares slope of anonymous memory without SQLite's over the samples from `from` on, in kB a unit of `at`. */
double watched_slope_kb(const Watched *watched, guint from);
gint64 watched_store_kb_max(const Watched *watched);
/* The largest count of descriptors from sample `from` on. */
gint64 watched_fds_max(const Watched *watched, guint from);
