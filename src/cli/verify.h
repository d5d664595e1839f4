/* kuaichu verify: an exported bundle, checked without a service or its data folder. */
#pragma once

#include <glib.h>

typedef struct {
    const char *key, *checkpoint, *proof; /* files; NULL: none */
    gboolean json;
} KcCliVerify;

/* The exit status: 0 all is right, 1 something is wrong, each named on a line of its own, 2 it could not be checked. */
int kc_cli_verify(const char *path, const KcCliVerify *options);
