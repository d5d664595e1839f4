/* JSON bodies bound to structs by specs: what the spec does not name is refused, what has the wrong type is named.
 *
 * A spec is an array of KcBindField that ends with one whose name is NULL. Text in the struct points into the JSON
 * value, which must outlive it; arrays are made new and are freed with kc_bind_clear. Thread-safe. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "src/http/problem.h"

typedef enum {
    KC_BIND_TEXT,      /* const char *; one line of at most `max` characters (0: KC_LIMIT_SHORT_TEXT_CHARS) */
    KC_BIND_LONG_TEXT, /* const char *; may have line ends; 0: KC_LIMIT_TEXT_CHARS */
    KC_BIND_BLOB_TEXT, /* const char *; one line of at most `max` bytes, such as base64 */
    KC_BIND_CODE,      /* char[`size`]: a copy within the struct; one word that fits */
    KC_BIND_ID,        /* const char *; a UUID in canonical form */
    KC_BIND_TIME,      /* gint64 of microseconds since 1970 */
    KC_BIND_BOOL,      /* gboolean */
    KC_BIND_INT,       /* gint64 within `min` and `max` (both 0: any from 0 to 2^53) */
    KC_BIND_REAL,      /* double within `min` and `max` */
    KC_BIND_CHOICE,    /* int: the index in `choices`, a NULL-ended list */
    KC_BIND_OBJECT,    /* a struct within, by `fields` */
    KC_BIND_OBJECTS,   /* GArray * of structs of `size` bytes, by `fields`; at most `max` */
    KC_BIND_TEXTS,     /* GPtrArray * of const char *; at most `max`, each of at most KC_LIMIT_SHORT_TEXT_CHARS */
} KcBindKind;

typedef enum {
    KC_BIND_OPTIONAL = 0,
    KC_BIND_REQUIRED = 1 << 0,
    KC_BIND_NULLABLE = 1 << 1,  /* null is as if it were absent */
    KC_BIND_CLEARABLE = 1 << 2, /* null is the empty text */
} KcBindFlags;

typedef struct KcBindField KcBindField;
struct KcBindField {
    const char *name;
    KcBindKind kind;
    gsize offset;
    KcBindFlags flags;
    gsize present; /* offset of a gboolean set when the field is there; 0: none (so it can't be the first member) */
    double min;
    double max;
    const char *const *choices;
    const KcBindField *fields;
    gsize size;
};

/* Fills `target`, which the caller set to its defaults, and collects what is wrong. FALSE if anything is. */
gboolean kc_bind(const json_t *root, const KcBindField *fields, gpointer target, KcFieldErrors *errors);

/* For bodies that another codec reads: every text in them is at most `max_chars` long and without control characters
 * but line ends. */
gboolean kc_bind_check_texts(const json_t *root, gsize max_chars, KcFieldErrors *errors);

/* Frees the arrays that kc_bind made. */
void kc_bind_clear(const KcBindField *fields, gpointer target);
