#include "tests/tamper/files.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/kc_test.h"

TamperedFile *
tampered_file_new(const char *path)
{
    TamperedFile *file = g_new0(TamperedFile, 1);
    file->path = g_strdup(path);
    ck_assert_msg(g_file_get_contents(path, &file->bytes, &file->len, NULL), "%s can't be read", path);
    return file;
}

void
tampered_file_free(TamperedFile *file)
{
    if (file == NULL)
        return;
    g_free(file->path);
    g_free(file->bytes);
    g_free(file);
}

void
tampered_file_write(const TamperedFile *file, const char *bytes, gsize len)
{
    int fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (gssize)len);
    close(fd);
}

void
tampered_file_put_back(const TamperedFile *file)
{
    tampered_file_write(file, file->bytes, file->len);
}

void
tampered_file_flip(const TamperedFile *file, gsize at, guint bit)
{
    char byte;
    int fd = open(file->path, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pread(fd, &byte, 1, (off_t)at), 1);
    byte = (char)(byte ^ 1 << bit);
    ck_assert_int_eq(pwrite(fd, &byte, 1, (off_t)at), 1);
    close(fd);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    gsize x = *(const gsize *)a, y = *(const gsize *)b;
    return (x > y) - (x < y);
}

GArray *
tampered_positions(gsize len, gsize small, guint most, GRand *random)
{
    GArray *positions = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize at = 0; len <= small && at < len; at++)
        g_array_append_val(positions, at);
    for (guint i = 0; len > small && i < most; i++) {
        gsize at = (gsize)(g_rand_double(random) * (double)len);
        g_array_append_val(positions, at);
    }
    g_array_sort(positions, compare);
    return positions;
}
