/* One table of fields per message drives encoding, decoding and freeing, so that the three can't disagree.
 *
 * Invariants: a decoded message holds every string that the header calls required; a message that is freed closes its
 * descriptor and wipes its key; nothing is taken from JSON but through the tables. */
#include "media/protocol/message.h"

#include "src/base/json.h"
#include "src/base/limits.h"

#include <string.h>
#include <unistd.h>

#define STRING_MAX (128 * 1024)
#define WORD_MAX 400

typedef enum {
    FIELD_STRING, /* char *: any text up to STRING_MAX */
    FIELD_WORDS,  /* char *: a line up to WORD_MAX */
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

#define AT(member) G_STRUCT_OFFSET(KcMessage, member)
#define ROW_AT(type, member) G_STRUCT_OFFSET(type, member)
#define COUNT(key, offset)                                                                                             \
    {                                                                                                                  \
        key, FIELD_INT, offset, 0, G_MAXINT64                                                                          \
    }

static const char *const leg_states[] = {"connected", "warning", "ok", "gone", NULL};
static const char *const object_states[] = {"started", "progress", "failed", "finished", NULL};

static const Field no_fields[] = {{NULL}};
static const Field configure_fields[] = {
    {"addresses", FIELD_STRINGS, AT(configure.addresses), 1},
    {"port_min", FIELD_UINT, AT(configure.port_min), 1, 65535},
    {"port_max", FIELD_UINT, AT(configure.port_max), 1, 65535},
    {NULL},
};
static const Field join_fields[] = {
    {"call", FIELD_ID, AT(join.call)},
    {"leg", FIELD_ID, AT(join.leg)},
    {"participant_kind", FIELD_ID, AT(join.participant_kind)},
    {"participant_id", FIELD_ID, AT(join.participant_id)},
    {"offer", FIELD_STRING, AT(join.offer)},
    {"object", FIELD_ID_OPT, AT(join.object)},
    {"key", FIELD_KEY, AT(join.key)},
    COUNT("epoch_us", AT(join.epoch_us)),
    {NULL},
};
static const Field patch_fields[] = {
    {"leg", FIELD_ID, AT(patch.leg)},
    {"sdpfrag", FIELD_STRING, AT(patch.sdpfrag)},
    {NULL},
};
static const Field leave_fields[] = {
    {"leg", FIELD_ID, AT(leave.leg)},
    {"reason", FIELD_WORDS, AT(leave.reason)},
    {NULL},
};
static const Field leg_name_fields[] = {{"leg", FIELD_ID, AT(leg_name.leg)}, {NULL}};
static const Field configured_fields[] = {{"port", FIELD_UINT, AT(configured.port), 1, 65535}, {NULL}};
static const Field joined_fields[] = {
    {"answer", FIELD_STRING, AT(joined.answer)},
    {"o_id", FIELD_WORDS, AT(joined.o_id)},
    {"fingerprint", FIELD_WORDS, AT(joined.fingerprint)},
    {"replaced", FIELD_ID_OPT, AT(joined.replaced)},
    {NULL},
};
static const Field refused_fields[] = {
    {"status", FIELD_UINT, AT(refused.status), 400, 599},
    {"code", FIELD_ID, AT(refused.code)},
    {"detail", FIELD_WORDS, AT(refused.detail)},
    {NULL},
};
static const Field snapshot_taken_fields[] = {
    {"leg", FIELD_ID, AT(snapshot_taken.leg)},
    {"width", FIELD_UINT, AT(snapshot_taken.width), 1, 65535},
    {"height", FIELD_UINT, AT(snapshot_taken.height), 1, 65535},
    {"media_time_ms", FIELD_INT, AT(snapshot_taken.media_time_ms), G_MININT64, G_MAXINT64},
    {"bytes", FIELD_INT, AT(snapshot_taken.bytes), 1, KC_LIMIT_PHOTO_BYTES},
    {NULL},
};
static const Field leg_stats_fields[] = {
    {"call", FIELD_ID, ROW_AT(KcLegStats, call)},
    {"leg", FIELD_ID, ROW_AT(KcLegStats, leg)},
    {"media", FIELD_ID, ROW_AT(KcLegStats, media)},
    {"recording", FIELD_ID, ROW_AT(KcLegStats, recording)},
    COUNT("joined_at_us", ROW_AT(KcLegStats, joined_at_us)),
    COUNT("packets_in", ROW_AT(KcLegStats, packets_in)),
    COUNT("packets_out", ROW_AT(KcLegStats, packets_out)),
    COUNT("bytes_in", ROW_AT(KcLegStats, bytes_in)),
    COUNT("bytes_out", ROW_AT(KcLegStats, bytes_out)),
    COUNT("bitrate_in_bps", ROW_AT(KcLegStats, bitrate_in_bps)),
    COUNT("bitrate_out_bps", ROW_AT(KcLegStats, bitrate_out_bps)),
    {"loss_in_permille", FIELD_INT, ROW_AT(KcLegStats, loss_in_permille), 0, 1000},
    {"loss_out_permille", FIELD_INT, ROW_AT(KcLegStats, loss_out_permille), 0, 1000},
    COUNT("nacks_sent", ROW_AT(KcLegStats, nacks_sent)),
    COUNT("nacks_answered", ROW_AT(KcLegStats, nacks_answered)),
    COUNT("plis_sent", ROW_AT(KcLegStats, plis_sent)),
    {"rtt_ms", FIELD_INT, ROW_AT(KcLegStats, rtt_ms), -1, G_MAXINT64},
    {"age_last_packet_ms", FIELD_INT, ROW_AT(KcLegStats, age_last_packet_ms), -1, G_MAXINT64},
    {"width", FIELD_INT, ROW_AT(KcLegStats, width), 0, 65535},
    {"height", FIELD_INT, ROW_AT(KcLegStats, height), 0, 65535},
    COUNT("bytes_durable", ROW_AT(KcLegStats, bytes_durable)),
    {NULL},
};
static const Field stats_report_fields[] = {
    {"legs", FIELD_ROWS, AT(stats_report.legs), 0, KC_PROTOCOL_LEGS_MAX, NULL, leg_stats_fields, sizeof(KcLegStats),
     AT(stats_report.n_legs)},
    COUNT("calls", AT(stats_report.calls)),
    COUNT("late_loops", AT(stats_report.late_loops)),
    COUNT("open_fds", AT(stats_report.open_fds)),
    COUNT("packets_refused", AT(stats_report.packets_refused)),
    {NULL},
};
static const Field leg_fields[] = {
    {"leg", FIELD_ID, AT(leg.leg)},
    {"state", FIELD_ENUM, AT(leg.state), 0, 0, leg_states},
    {"reason", FIELD_WORDS, AT(leg.reason)},
    {NULL},
};
static const Field gap_fields[] = {
    {"from_ms", FIELD_INT, ROW_AT(KcRecordingGap, from_ms), 0, G_MAXINT64},
    {"to_ms", FIELD_INT, ROW_AT(KcRecordingGap, to_ms), 0, G_MAXINT64},
    {NULL},
};
static const Field recording_fields[] = {
    {"object", FIELD_ID, AT(recording.object)},
    {"state", FIELD_ENUM, AT(recording.state), 0, 0, object_states},
    COUNT("chunks", AT(recording.chunks)),
    COUNT("bytes", AT(recording.bytes)),
    COUNT("duration_ms", AT(recording.duration_ms)),
    COUNT("started_at_us", AT(recording.started_at_us)),
    {"sha256", FIELD_WORDS_OPT, AT(recording.sha256)},
    {"has_audio", FIELD_BOOL, AT(recording.has_audio)},
    {"has_video", FIELD_BOOL, AT(recording.has_video)},
    {"width", FIELD_INT, AT(recording.width), 0, 65535},
    {"height", FIELD_INT, AT(recording.height), 0, 65535},
    {"gaps", FIELD_ROWS, AT(recording.gaps), 0, KC_PROTOCOL_GAPS_MAX, NULL, gap_fields, sizeof(KcRecordingGap),
     AT(recording.n_gaps)},
    {NULL},
};

typedef enum { ROLE_REQUEST, ROLE_REPLY, ROLE_EVENT } Role;

static const struct {
    const char *name;
    Role role;
    const Field *fields;
} types[KC_MESSAGE_N_TYPES] = {
    [KC_MESSAGE_CONFIGURE] = {"configure", ROLE_REQUEST, configure_fields},
    [KC_MESSAGE_JOIN] = {"join", ROLE_REQUEST, join_fields},
    [KC_MESSAGE_PATCH] = {"patch", ROLE_REQUEST, patch_fields},
    [KC_MESSAGE_LEAVE] = {"leave", ROLE_REQUEST, leave_fields},
    [KC_MESSAGE_SNAPSHOT] = {"snapshot", ROLE_REQUEST, leg_name_fields},
    [KC_MESSAGE_KEYFRAME] = {"keyframe", ROLE_REQUEST, leg_name_fields},
    [KC_MESSAGE_STATS] = {"stats", ROLE_REQUEST, no_fields},
    [KC_MESSAGE_STOP] = {"stop", ROLE_REQUEST, no_fields},
    [KC_MESSAGE_CONFIGURED] = {"configured", ROLE_REPLY, configured_fields},
    [KC_MESSAGE_JOINED] = {"joined", ROLE_REPLY, joined_fields},
    [KC_MESSAGE_PATCHED] = {"patched", ROLE_REPLY, patch_fields},
    [KC_MESSAGE_LEFT] = {"left", ROLE_REPLY, leg_name_fields},
    [KC_MESSAGE_SNAPSHOT_TAKEN] = {"snapshot_taken", ROLE_REPLY, snapshot_taken_fields},
    [KC_MESSAGE_DONE] = {"done", ROLE_REPLY, no_fields},
    [KC_MESSAGE_STATS_REPORT] = {"stats_report", ROLE_REPLY, stats_report_fields},
    [KC_MESSAGE_REFUSED] = {"refused", ROLE_REPLY, refused_fields},
    [KC_MESSAGE_LEG] = {"leg", ROLE_EVENT, leg_fields},
    [KC_MESSAGE_RECORDING] = {"recording", ROLE_EVENT, recording_fields},
};

G_DEFINE_QUARK(kc - protocol - error - quark, kc_protocol_error)

/* ---- making and freeing ------------------------------------------------------------------------------------------ */

static gpointer
at(gpointer base, gsize offset)
{
    return (guint8 *)base + offset;
}

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
    message->refused.detail = g_utf8_make_valid(detail, (gssize)strnlen(detail, WORD_MAX - 8));
    return message;
}

void
kc_message_free(KcMessage *message)
{
    if (message == NULL)
        return;
    fields_clear(types[message->type].fields, message);
    if (message->fd >= 0)
        close(message->fd);
    g_free(message);
}

const char *
kc_message_type_name(KcMessageType type)
{
    return type < KC_MESSAGE_N_TYPES ? types[type].name : "unknown";
}

const char *
kc_leg_state_name(KcLegState state)
{
    return leg_states[state];
}

const char *
kc_object_state_name(KcObjectState state)
{
    return object_states[state];
}

gboolean
kc_message_wants_fd(const KcMessage *message)
{
    return message->type == KC_MESSAGE_SNAPSHOT_TAKEN ||
           (message->type == KC_MESSAGE_JOIN && message->join.object != NULL);
}

/* ---- encoding ---------------------------------------------------------------------------------------------------- */

static json_t *fields_encode(const Field *fields, gconstpointer base);

static json_t *
rows_encode(const Field *f, gconstpointer base)
{
    const guint8 *rows = *(gconstpointer const *)((const guint8 *)base + f->offset);
    guint n = *(const guint *)((const guint8 *)base + f->count_offset);
    json_t *array = json_array();
    for (guint i = 0; i < MIN(n, f->max); i++)
        json_array_append_new(array, fields_encode(f->row, rows + i * f->row_size));
    return array;
}

static json_t *
strings_encode(char **strings)
{
    json_t *array = json_array();
    for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
        json_array_append_new(array, json_string(strings[i]));
    return array;
}

static json_t *
key_encode(const guint8 *key)
{
    static const guint8 none[KC_PROTOCOL_KEY_BYTES];
    if (memcmp(key, none, sizeof none) == 0)
        return json_null();
    g_autofree char *text = g_base64_encode(key, KC_PROTOCOL_KEY_BYTES);
    json_t *value = json_string(text);
    explicit_bzero(text, strlen(text));
    return value;
}

/* NULL: a required string is missing or not UTF-8. */
static json_t *
field_encode(const Field *f, gconstpointer base)
{
    gconstpointer value = (const guint8 *)base + f->offset;
    switch (f->kind) {
    case FIELD_STRING:
    case FIELD_WORDS:
    case FIELD_ID:
        return json_string(*(char *const *)value);
    case FIELD_ID_OPT:
    case FIELD_WORDS_OPT:
        return *(char *const *)value != NULL ? json_string(*(char *const *)value) : json_null();
    case FIELD_STRINGS:
        return strings_encode(*(char **const *)value);
    case FIELD_INT:
        return json_integer(*(const gint64 *)value);
    case FIELD_UINT:
        return json_integer(*(const guint *)value);
    case FIELD_BOOL:
        return json_boolean(*(const gboolean *)value);
    case FIELD_KEY:
        return key_encode(value);
    case FIELD_ENUM:
        return json_string(f->names[*(const int *)value]);
    case FIELD_ROWS:
        return rows_encode(f, base);
    }
    return NULL;
}

/* NULL: as field_encode. */
static json_t *
fields_encode(const Field *fields, gconstpointer base)
{
    g_autoptr(json_t) object = json_object();
    for (const Field *f = fields; f->key != NULL; f++) {
        if (json_object_set_new(object, f->key, field_encode(f, base)) != 0)
            return NULL;
    }
    return g_steal_pointer(&object);
}

char *
kc_message_encode(const KcMessage *message, gsize *ret_len, GError **error)
{
    g_autoptr(json_t) object = fields_encode(types[message->type].fields, message);
    if (object == NULL) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "%s: a required text is missing",
                    kc_message_type_name(message->type));
        return NULL;
    }
    json_object_set_new(object, "type", json_string(types[message->type].name));
    if (types[message->type].role == ROLE_REQUEST)
        json_object_set_new(object, "id", json_integer((json_int_t)message->id));
    if (types[message->type].role == ROLE_REPLY)
        json_object_set_new(object, "re", json_integer((json_int_t)message->re));
    char *text = json_dumps(object, JSON_COMPACT);
    gsize len = text != NULL ? strlen(text) : 0;
    if (text == NULL || len > KC_LIMIT_PROTOCOL_MESSAGE_BYTES) {
        g_free(text);
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_TOO_LARGE, "%s: %zu bytes are too many",
                    kc_message_type_name(message->type), len);
        return NULL;
    }
    *ret_len = len;
    return text;
}

/* ---- decoding ---------------------------------------------------------------------------------------------------- */

static gboolean
bad(GError **error, const char *key, const char *what)
{
    g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "\"%s\": %s", key, what);
    return FALSE;
}

static gboolean
string_decode(const char *key, const json_t *value, gsize min, gsize max, char **ret_text, GError **error)
{
    if (!json_is_string(value))
        return bad(error, key, "a string is wanted");
    gsize len = json_string_length(value);
    if (len < min || len > max)
        return bad(error, key, "too short or too long");
    if (strlen(json_string_value(value)) != len)
        return bad(error, key, "NUL inside");
    *ret_text = g_strdup(json_string_value(value));
    return TRUE;
}

static gboolean
strings_decode(const Field *f, const json_t *value, char ***ret_strings, GError **error)
{
    if (!json_is_array(value))
        return bad(error, f->key, "an array is wanted");
    gsize n = json_array_size(value);
    if (n < (gsize)f->min || n > KC_PROTOCOL_ADDRESSES_MAX)
        return bad(error, f->key, "too few or too many");
    char **strings = *ret_strings = g_new0(char *, n + 1);
    for (gsize i = 0; i < n; i++) {
        if (!string_decode(f->key, json_array_get(value, i), 1, WORD_MAX, &strings[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
key_decode(const Field *f, const json_t *value, guint8 *ret_key, GError **error)
{
    if (value == NULL || json_is_null(value))
        return TRUE;
    /* 32 bytes are 44 characters; decoding in place then can't overrun. */
    if (!json_is_string(value) || json_string_length(value) != 44)
        return bad(error, f->key, "32 bytes of base64 are wanted");
    gsize len = 0;
    g_autofree guchar *bytes = g_base64_decode(json_string_value(value), &len);
    gboolean ok = len == KC_PROTOCOL_KEY_BYTES;
    if (ok)
        memcpy(ret_key, bytes, len);
    explicit_bzero(bytes, len);
    return ok || bad(error, f->key, "32 bytes of base64 are wanted");
}

static gboolean
enum_decode(const Field *f, const json_t *value, int *ret_value, GError **error)
{
    for (int i = 0; json_is_string(value) && f->names[i] != NULL; i++) {
        if (g_str_equal(f->names[i], json_string_value(value))) {
            *ret_value = i;
            return TRUE;
        }
    }
    return bad(error, f->key, "unknown value");
}

static gboolean
integer_decode(const Field *f, const json_t *value, gint64 *ret_value, GError **error)
{
    if (!json_is_integer(value))
        return bad(error, f->key, "an integer is wanted");
    gint64 number = json_integer_value(value);
    if (number < f->min || number > f->max)
        return bad(error, f->key, "out of range");
    *ret_value = number;
    return TRUE;
}

static gboolean fields_decode(const Field *fields, gboolean top, const json_t *object, gpointer base, GError **error);

static gboolean
rows_decode(const Field *f, const json_t *value, gpointer base, GError **error)
{
    if (!json_is_array(value))
        return bad(error, f->key, "an array is wanted");
    gsize n = json_array_size(value);
    if (n > (gsize)f->max)
        return bad(error, f->key, "too many");
    guint8 *rows = g_malloc0(n * f->row_size + 1);
    *(gpointer *)at(base, f->offset) = rows;
    *(guint *)at(base, f->count_offset) = (guint)n;
    for (gsize i = 0; i < n; i++) {
        if (!fields_decode(f->row, FALSE, json_array_get(value, i), rows + i * f->row_size, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
field_decode(const Field *f, const json_t *value, gpointer base, GError **error)
{
    gpointer target = at(base, f->offset);
    gint64 number = 0;
    switch (f->kind) {
    case FIELD_STRING:
        return string_decode(f->key, value, 1, STRING_MAX, target, error);
    case FIELD_WORDS:
        return string_decode(f->key, value, 0, WORD_MAX, target, error);
    case FIELD_ID:
        return string_decode(f->key, value, 1, KC_PROTOCOL_ID_MAX, target, error);
    case FIELD_ID_OPT:
    case FIELD_WORDS_OPT:
        if (value == NULL || json_is_null(value))
            return TRUE;
        return string_decode(f->key, value, 1, f->kind == FIELD_ID_OPT ? KC_PROTOCOL_ID_MAX : WORD_MAX, target, error);
    case FIELD_STRINGS:
        return strings_decode(f, value, target, error);
    case FIELD_INT:
        return integer_decode(f, value, target, error);
    case FIELD_UINT:
        if (!integer_decode(f, value, &number, error))
            return FALSE;
        *(guint *)target = (guint)number;
        return TRUE;
    case FIELD_BOOL:
        if (!json_is_boolean(value))
            return bad(error, f->key, "a boolean is wanted");
        *(gboolean *)target = json_is_true(value);
        return TRUE;
    case FIELD_KEY:
        return key_decode(f, value, target, error);
    case FIELD_ENUM:
        return enum_decode(f, value, target, error);
    case FIELD_ROWS:
        return rows_decode(f, value, base, error);
    }
    return FALSE;
}

static gboolean
key_is_known(const Field *fields, gboolean top, const char *key)
{
    if (top && (g_str_equal(key, "type") || g_str_equal(key, "id") || g_str_equal(key, "re")))
        return TRUE;
    for (const Field *f = fields; f->key != NULL; f++) {
        if (g_str_equal(f->key, key))
            return TRUE;
    }
    return FALSE;
}

static gboolean
fields_decode(const Field *fields, gboolean top, const json_t *object, gpointer base, GError **error)
{
    if (!json_is_object(object))
        return bad(error, "", "an object is wanted");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!key_is_known(fields, top, key))
            return bad(error, key, "unknown key");
    }
    for (const Field *f = fields; f->key != NULL; f++) {
        if (!field_decode(f, json_object_get(object, f->key), base, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
type_decode(const json_t *object, KcMessageType *ret_type, GError **error)
{
    const char *name = json_string_value(json_object_get(object, "type"));
    for (int i = 0; name != NULL && i < KC_MESSAGE_N_TYPES; i++) {
        if (g_str_equal(types[i].name, name)) {
            *ret_type = i;
            return TRUE;
        }
    }
    return bad(error, "type", "unknown value");
}

static gboolean
number_decode(const json_t *object, const char *key, gboolean wanted, guint64 *ret_number, GError **error)
{
    const json_t *value = json_object_get(object, key);
    if (!wanted)
        return value == NULL || bad(error, key, "not in this message");
    if (!json_is_integer(value) || json_integer_value(value) <= 0)
        return bad(error, key, "a positive integer is wanted");
    *ret_number = (guint64)json_integer_value(value);
    return TRUE;
}

/* What concerns more than one field. */
static gboolean
message_check(const KcMessage *message, GError **error)
{
    static const guint8 none[KC_PROTOCOL_KEY_BYTES];
    if (message->type == KC_MESSAGE_CONFIGURE && message->configure.port_max < message->configure.port_min)
        return bad(error, "port_max", "below port_min");
    if (message->type == KC_MESSAGE_JOIN &&
        (message->join.object != NULL) == (memcmp(message->join.key, none, sizeof none) == 0))
        return bad(error, "key", "an object and its key come together");
    if (kc_message_wants_fd(message) != (message->fd >= 0)) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_FDS, "%s: %s", kc_message_type_name(message->type),
                    message->fd >= 0 ? "comes with a file descriptor" : "comes without its file descriptor");
        return FALSE;
    }
    return TRUE;
}

KcMessage *
kc_message_decode(const char *text, gsize len, int fd, GError **error)
{
    g_autoptr(KcMessage) message = kc_message_new(KC_MESSAGE_STOP);
    message->fd = fd;
    if (len > KC_LIMIT_PROTOCOL_MESSAGE_BYTES) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_TOO_LARGE, "%zu bytes are too many", len);
        return NULL;
    }
    json_error_t why;
    g_autoptr(json_t) object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(object)) {
        g_set_error(error, KC_PROTOCOL_ERROR, KC_PROTOCOL_ERROR_MALFORMED, "not a JSON object: %s",
                    object == NULL ? why.text : "another value");
        return NULL;
    }
    if (!type_decode(object, &message->type, error))
        return NULL;
    Role role = types[message->type].role;
    if (!number_decode(object, "id", role == ROLE_REQUEST, &message->id, error) ||
        !number_decode(object, "re", role == ROLE_REPLY, &message->re, error) ||
        !fields_decode(types[message->type].fields, TRUE, object, message, error) || !message_check(message, error))
        return NULL;
    return g_steal_pointer(&message);
}
