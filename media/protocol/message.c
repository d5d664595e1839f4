/* Invariant: a message that is freed closes its descriptor and wipes its key. */
#include "media/protocol/fields.h"

#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(kc - protocol - error - quark, kc_protocol_error)

static void
fields_clear(const Field *fields, gpointer base)
{
    for (const Field *f = fields; f->key != NULL; f++) {
        switch (f->kind) {
        case FIELD_STRING:
        case FIELD_WORDS:
        case FIELD_ID:
        case FIELD_ID_OPT:
        case FIELD_WORDS_OPT:
            g_free(*(char **)at(base, f->offset));
            break;
        case FIELD_STRINGS:
            g_strfreev(*(char ***)at(base, f->offset));
            break;
        case FIELD_KEY:
            explicit_bzero(at(base, f->offset), KC_PROTOCOL_KEY_BYTES);
            break;
        case FIELD_ROWS: {
            guint8 *rows = *(gpointer *)at(base, f->offset);
            for (guint i = 0; i < *(guint *)at(base, f->count_offset); i++)
                fields_clear(f->row, rows + i * f->row_size);
            g_free(rows);
            break;
        }
        default:
            break;
        }
    }
}

KcMessage *
kc_message_new(KcMessageType type)
{
    KcMessage *message = g_new0(KcMessage, 1);
    message->type = type;
    message->fd = -1;
    return message;
}

KcMessage *
kc_message_reply(KcMessageType type, const KcMessage *request)
{
    KcMessage *message = kc_message_new(type);
    message->re = request->id;
    return message;
}

KcMessage *
kc_message_refusal(const KcMessage *request, guint status, const char *code, const char *detail)
{
    KcMessage *message = kc_message_reply(KC_MESSAGE_REFUSED, request);
    message->refused.status = status;
    message->refused.code = g_strdup(code);
    message->refused.detail = g_utf8_make_valid(detail, (gssize)strnlen(detail, KC_PROTOCOL_WORDS_MAX - 8));
    return message;
}

void
kc_message_free(KcMessage *message)
{
    if (message == NULL)
        return;
    fields_clear(kc_message_kinds[message->type].fields, message);
    if (message->fd >= 0)
        close(message->fd);
    g_free(message);
}

const char *
kc_message_type_name(KcMessageType type)
{
    return type < KC_MESSAGE_N_TYPES ? kc_message_kinds[type].name : "unknown";
}

const char *
kc_leg_state_name(KcLegState state)
{
    return kc_leg_states[state];
}

const char *
kc_object_state_name(KcObjectState state)
{
    return kc_object_states[state];
}

gboolean
kc_message_wants_fd(const KcMessage *message)
{
    return message->type == KC_MESSAGE_SNAPSHOT_TAKEN || message->type == KC_MESSAGE_COMPOSE ||
           message->type == KC_MESSAGE_CAPTIONS || message->type == KC_MESSAGE_SOURCE ||
           (message->type == KC_MESSAGE_JOIN && message->join.object != NULL);
}
