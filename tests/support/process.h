/* Another process, as /proc shows it. Numbers are -1 when it can't be read. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* Owned text after "NAME:" in /proc/PID/status (or of one thread, in `task`), without blanks around it; NULL: none. */
char *process_status(pid_t pid, pid_t task, const char *name);
/* Ids of its threads: GArray of pid_t, owned. */
GArray *process_threads(pid_t pid);
/* Processes whose parent it is, with a name (15 characters at most) that begins so: GArray of pid_t, owned. */
GArray *process_children(pid_t pid, const char *name);
gint64 process_fds(pid_t pid);

typedef struct {
    gint64 rss_kb, pss_kb, anonymous_kb; /* anonymous: not of a file */
} ProcessMemory;
ProcessMemory process_memory(pid_t pid);

/* How often `bytes` are in its readable memory; needs to be root, or its owner if it lets itself be looked at. */
gint64 process_memory_count(pid_t pid, const void *bytes, gsize len);
