/* A secret that an operator keeps in a file of its own, so that it is in no process list and no printed settings. */
#pragma once

#include <gio/gio.h>

#define KC_SECRET_BYTES_MIN 16
#define KC_SECRET_BYTES_MAX 512

/* The file's one line, without its end; the bytes are wiped when they go. NULL with a G_IO_ERROR that names the file
 * and never what is in it: it can't be read, everybody may read it, or it is not one line of a fitting length. */
GBytes *kc_secret_file_read(const char *path, GError **error);
