/* Byte ranges (RFC 9110, 14): one range of a representation of known size. Pure. */
#pragma once

#include <glib.h>

typedef enum {
    KC_RANGE_WHOLE,         /* no range, several, or one that is not understood: the whole is the answer (14.2) */
    KC_RANGE_PART,          /* 206 */
    KC_RANGE_UNSATISFIABLE, /* 416 */
} KcRangeKind;

typedef struct {
    KcRangeKind kind;
    guint64 first;
    guint64 length;
} KcRange;

/* `range` and `if_range` as sent, or NULL. `etag` is the strong validator of the representation with its quotes: an
 * If-Range that differs (or is weak, or a date) means the client's part is of another version, so the whole is sent. */
KcRange kc_range_parse(const char *range, const char *if_range, const char *etag, guint64 size);
