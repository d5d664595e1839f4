#include "tests/support/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *
read_proc(const char *format, pid_t pid, pid_t task)
{
    g_autofree char *path = g_strdup_printf(format, pid, task);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

/* What follows `name` and a colon at the beginning of a line; owned. */
static char *
value_in(const char *text, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    gsize len = strlen(name);
    for (char **line = lines; *line != NULL; line++) {
        if (strncmp(*line, name, len) == 0 && (*line)[len] == ':')
            return g_strstrip(g_strdup(*line + len + 1));
    }
    return NULL;
}

char *
process_status(pid_t pid, pid_t task, const char *name)
{
    g_autofree char *text = read_proc("/proc/%d/task/%d/status", pid, task);
    return value_in(text, name);
}

static GArray *
numbers_in(const char *path)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        pid_t number = (pid_t)atoi(name);
        if (number > 0)
            g_array_append_val(numbers, number);
    }
    return numbers;
}

GArray *
process_threads(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task", pid);
    return numbers_in(path);
}

GArray *
process_children(pid_t pid, const char *name)
{
    GArray *children = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_autoptr(GArray) all = numbers_in("/proc");
    for (guint i = 0; i < all->len; i++) {
        pid_t child = g_array_index(all, pid_t, i);
        g_autofree char *parent = process_status(child, child, "PPid"), *its_name = process_status(child, child, "Name");
        if (parent != NULL && its_name != NULL && atoi(parent) == pid && g_str_has_prefix(its_name, name))
            g_array_append_val(children, child);
    }
    return children;
}

gint64
process_fds(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", pid);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    gint64 n = dir != NULL ? 0 : -1;
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static gint64
kb_in(const char *text, const char *name)
{
    g_autofree char *value = value_in(text, name);
    return value != NULL ? g_ascii_strtoll(value, NULL, 10) : -1;
}

ProcessMemory
process_memory(pid_t pid)
{
    g_autofree char *rollup = read_proc("/proc/%d/smaps_rollup", pid, 0);
    return (ProcessMemory){.rss_kb = kb_in(rollup, "Rss"), .pss_kb = kb_in(rollup, "Pss"),
                           .anonymous_kb = kb_in(rollup, "Anonymous")};
}

/* ---- its memory ---- */

static gint64
count_in(const char *data, gsize size, const void *bytes, gsize len)
{
    gint64 n = 0;
    const char *end = data + size;
    for (const char *at = memmem(data, size, bytes, len); at != NULL; at = memmem(at + 1, (gsize)(end - at) - 1, bytes, len))
        n++;
    return n;
}

#define PAGE_BYTES 4096
#define BLOCK_BYTES (256 * PAGE_BYTES)

/* Whether anything of the block is in memory; sanitizers reserve far more than there is. */
static gboolean
is_present(int pagemap_fd, guint64 from)
{
    guint64 pages[BLOCK_BYTES / PAGE_BYTES];
    ssize_t got = pread(pagemap_fd, pages, sizeof pages, (off_t)(from / PAGE_BYTES * sizeof *pages));
    for (ssize_t i = 0; i < got / (ssize_t)sizeof *pages; i++) {
        if (pages[i] >> 62 != 0)
            return TRUE;
    }
    return got <= 0;
}

/* Blocks overlap by the length that is looked for. */
static gint64
count_between(int fd, int pagemap_fd, guint64 from, guint64 to, const void *bytes, gsize len)
{
    g_autofree char *data = g_malloc(BLOCK_BYTES + len);
    gint64 n = 0;
    for (guint64 at = from; at < to; at += BLOCK_BYTES) {
        gsize size = (gsize)MIN(BLOCK_BYTES + len - 1, to - at);
        ssize_t got = is_present(pagemap_fd, at) ? pread(fd, data, size, (off_t)at) : 0;
        if (got > 0)
            n += count_in(data, (gsize)got, bytes, len);
    }
    return n;
}

gint64
process_memory_count(pid_t pid, const void *bytes, gsize len)
{
    g_autofree char *maps = read_proc("/proc/%d/maps", pid, 0);
    g_autofree char *mem = g_strdup_printf("/proc/%d/mem", pid), *pagemap = g_strdup_printf("/proc/%d/pagemap", pid);
    g_auto(GStrv) lines = g_strsplit(maps != NULL ? maps : "", "\n", -1);
    int fd = open(mem, O_RDONLY | O_CLOEXEC), pagemap_fd = open(pagemap, O_RDONLY | O_CLOEXEC);
    gint64 n = fd >= 0 && pagemap_fd >= 0 && maps != NULL ? 0 : -1;
    for (char **line = lines; n >= 0 && *line != NULL; line++) {
        guint64 from, to;
        char rights[5];
        if (sscanf(*line, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %4s", &from, &to, rights) == 3 &&
            rights[0] == 'r' && to - from <= (guint64)1 << 32)
            n += count_between(fd, pagemap_fd, from, to, bytes, len);
    }
    if (fd >= 0)
        close(fd);
    if (pagemap_fd >= 0)
        close(pagemap_fd);
    return n;
}
