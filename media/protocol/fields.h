/* The tables that say what each message holds: one for encoding, decoding and freeing, so that the three can't
 * disagree. Private to media/protocol. */
#pragma once

#include "media/protocol/message.h"

#define KC_PROTOCOL_STRING_MAX (128 * 1024)
#define KC_PROTOCOL_WORDS_MAX 400

typedef enum {
    FIELD_STRING, /* char *: any text up to KC_PROTOCOL_STRING_MAX */
    FIELD_WORDS,  /* char *: a line up to KC_PROTOCOL_WORDS_MAX */
    FIELD_ID,     /* char *: 1 to KC_PROTOCOL_ID_MAX characters */
    FIELD_ID_OPT, /* the same, or null */
    FIELD_WORDS_OPT,
    FIELD_STRINGS, /* char **: up to KC_PROTOCOL_ADDRESSES_MAX words */
    FIELD_INT,     /* gint64 */
    FIELD_UINT,    /* guint */
    FIELD_BOOL,    /* gboolean */
    FIELD_KEY,     /* KC_PROTOCOL_KEY_BYTES bytes, base64; null when all zero */
    FIELD_ENUM,    /* int, by name */
    FIELD_ROWS,    /* pointer and guint: an array of objects */
} FieldKind;

typedef struct Field Field;
struct Field {
    const char *key;
    FieldKind kind;
    gsize offset;
    gint64 min, max;
    const char *const *names; /* FIELD_ENUM; NULL-terminated */
    const Field *row;         /* FIELD_ROWS: of each object */
    gsize row_size;
    gsize count_offset;
};

typedef enum { ROLE_REQUEST, ROLE_REPLY, ROLE_EVENT } Role;

typedef struct {
    const char *name;
    Role role;
    const Field *fields; /* ends with one without a key */
} MessageKind;

/* By KcMessageType. */
extern const MessageKind kc_message_kinds[KC_MESSAGE_N_TYPES];

/* "connected", …; "started", …: by value, NULL-terminated. */
extern const char *const kc_leg_states[];
extern const char *const kc_object_states[];

/* Where a field is in a message or row. */
static inline gpointer
at(gpointer base, gsize offset)
{
    return (guint8 *)base + offset;
}
