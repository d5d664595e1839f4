/* Identifiers: UUID version 7 (RFC 9562, 5.7), so that ids sort by the time they were made.
 *
 * Pure: time and randomness come in as values. Thread-safe. */
#pragma once

#include <glib.h>

#define KC_ID_LEN 36 /* characters of the canonical form, without the NUL */

typedef struct {
    char text[KC_ID_LEN + 1]; /* lower-case, 8-4-4-4-12 */
} KcId;

/* `unix_us`: microseconds since 1970 (its milliseconds go into the id); `random`: ten random bytes. */
KcId kc_id_make(gint64 unix_us, const guint8 random[10]);

/* The canonical lower-case form of any UUID, and nothing else. */
gboolean kc_id_is_valid(const char *text);

/* 10 bytes from the kernel's generator, aborting if it has none: for the edges that make ids. */
KcId kc_id_now(gint64 unix_us);
