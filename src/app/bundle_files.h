/* The files of a bundle, in a ZIP or in a folder. Included by src/app alone. */
#pragma once

#include "src/app/bundle_check.h"

typedef struct {
    char *name;
    char *sha256; /* of what could be read */
    gint64 bytes;
    GBytes *text;        /* of files that are looked into; NULL: of others */
    char *sealed_sha256; /* with the original's head in place of its own (object_reader.h); NULL: not asked for */
    char *problem;       /* it can't be read to its end; NULL: it can */
} KcBundleFile;

/* How the original of a file begins. */
typedef struct {
    GBytes *head;
    gint64 replaces_bytes;
} KcBundleHead;

/* Reads names and those files that are looked into, whose names have no folder or end in ".txt". By name, of
 * KcBundleFile; owned. What lies there twice under one name is a file with a problem. */
GHashTable *kc_bundle_files_open(const char *path, GError **error);
/* Hashes every file. `heads`: name -> KcBundleHead. */
gboolean kc_bundle_files_hash(const char *path, GHashTable *files, GHashTable *heads, GError **error);
