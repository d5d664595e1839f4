/* What can be done to the bytes of one file. Each is undone by writing the whole file again. */
#pragma once

#include <glib.h>

typedef struct {
    char *path;
    char *bytes;
    gsize len;
} TamperedFile;

/* As it is now; fails the test if it can't be read. */
TamperedFile *tampered_file_new(const char *path);
void tampered_file_free(TamperedFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TamperedFile, tampered_file_free)

/* Other bytes in its place, in place. */
void tampered_file_write(const TamperedFile *file, const char *bytes, gsize len);
void tampered_file_put_back(const TamperedFile *file);
/* One bit, in place; undone by doing it again. */
void tampered_file_flip(const TamperedFile *file, gsize at, guint bit);

/* Every position of a small file, `most` random ones of a large one, each once, in order; of gsize. */
GArray *tampered_positions(gsize len, gsize small, guint most, GRand *random);
