#include "media/protocol/fields.h"

#include "src/base/limits.h"

#define AT(member) G_STRUCT_OFFSET(KcMessage, member)
#define ROW_AT(type, member) G_STRUCT_OFFSET(type, member)
#define COUNT(key, offset)                                                                                             \
    {                                                                                                                  \
        key, FIELD_INT, offset, 0, G_MAXINT64                                                                          \
    }

const char *const kc_leg_states[] = {"connected", "warning", "ok", "gone", NULL};
const char *const kc_object_states[] = {"started", "progress", "failed", "finished", NULL};

static const char *const sandbox_modes[] = {"auto", "require", "off", NULL};

static const Field no_fields[] = {{NULL}};
static const Field configure_fields[] = {
    {"addresses", FIELD_STRINGS, AT(configure.addresses), 1},
    {"port_min", FIELD_UINT, AT(configure.port_min), 1, 65535},
    {"port_max", FIELD_UINT, AT(configure.port_max), 1, 65535},
    {"offered", FIELD_STRINGS, AT(configure.offered), 0},
    {"udp_only", FIELD_BOOL, AT(configure.udp_only)},
    {"sandbox", FIELD_ENUM, AT(configure.sandbox), 0, 0, sandbox_modes},
    {"uid", FIELD_UINT, AT(configure.uid), 0, G_MAXINT},
    {"gid", FIELD_UINT, AT(configure.gid), 0, G_MAXINT},
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
static const Field show_fields[] = {
    {"leg", FIELD_ID, AT(show.leg)},
    {"large", FIELD_STRINGS, AT(show.large)},
    {"hidden", FIELD_STRINGS, AT(show.hidden)},
    {NULL},
};
static const Field leg_name_fields[] = {{"leg", FIELD_ID, AT(leg_name.leg)}, {NULL}};
static const Field configured_fields[] = {
    {"port", FIELD_UINT, AT(configured.port), 1, 65535},
    {"unprivileged", FIELD_BOOL, AT(configured.sandbox.unprivileged)},
    {"seccomp", FIELD_BOOL, AT(configured.sandbox.seccomp)},
    {"landlock", FIELD_UINT, AT(configured.sandbox.landlock), 0, 1000},
    {NULL},
};
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
    COUNT("open_fds", AT(stats_report.open_fds)),
    COUNT("tcp_connections", AT(stats_report.tcp_connections)),
    COUNT("packets_in", AT(stats_report.totals.packets_in)),
    COUNT("packets_out", AT(stats_report.totals.packets_out)),
    COUNT("bytes_in", AT(stats_report.totals.bytes_in)),
    COUNT("bytes_out", AT(stats_report.totals.bytes_out)),
    COUNT("packets_lost", AT(stats_report.totals.packets_lost)),
    COUNT("nacks_sent", AT(stats_report.totals.nacks_sent)),
    COUNT("nacks_answered", AT(stats_report.totals.nacks_answered)),
    COUNT("plis_sent", AT(stats_report.totals.plis_sent)),
    COUNT("bytes_recorded", AT(stats_report.totals.bytes_recorded)),
    COUNT("bytes_durable", AT(stats_report.totals.bytes_durable)),
    COUNT("late_loops", AT(stats_report.totals.late_loops)),
    COUNT("tcp_dropped", AT(stats_report.totals.tcp_dropped)),
    COUNT("packets_refused", AT(stats_report.totals.packets_refused)),
    COUNT("transport_cpu_us", AT(stats_report.totals.transport_cpu_us)),
    {NULL},
};
static const Field leg_fields[] = {
    {"leg", FIELD_ID, AT(leg.leg)},
    {"state", FIELD_ENUM, AT(leg.state), 0, 0, kc_leg_states},
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
    {"state", FIELD_ENUM, AT(recording.state), 0, 0, kc_object_states},
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

static const Field slot_fields[] = {
    {"audio_mid", FIELD_ID_OPT, ROW_AT(KcSlotRow, audio_mid)},
    {"video_mid", FIELD_ID_OPT, ROW_AT(KcSlotRow, video_mid)},
    {"source_leg", FIELD_ID_OPT, ROW_AT(KcSlotRow, source_leg)},
    {NULL},
};
static const Field slots_fields[] = {
    {"leg", FIELD_ID, AT(slots.leg)},
    {"slots", FIELD_ROWS, AT(slots.slots), 0, KC_PROTOCOL_SLOTS_MAX, NULL, slot_fields, sizeof(KcSlotRow),
     AT(slots.n_slots)},
    {NULL},
};

static const Field compose_fields[] = {
    {"object", FIELD_ID, AT(compose.object)},
    {"key", FIELD_KEY, AT(compose.key)},
    {"tiles", FIELD_UINT, AT(compose.tiles), 1, KC_PROTOCOL_TILES_MAX},
    {"sources", FIELD_UINT, AT(compose.sources), 1, KC_PROTOCOL_SOURCES_MAX},
    {"utc_offset_s", FIELD_INT, AT(compose.utc_offset_s), -86400, 86400},
    {"sandbox", FIELD_ENUM, AT(compose.sandbox), 0, 0, sandbox_modes},
    {"uid", FIELD_UINT, AT(compose.uid), 0, G_MAXINT},
    {"gid", FIELD_UINT, AT(compose.gid), 0, G_MAXINT},
    {NULL},
};
static const Field captions_fields[] = {
    {"bytes", FIELD_INT, AT(captions.bytes), 1, KC_LIMIT_CHUNK_BYTES},
    {NULL},
};
static const Field source_fields[] = {
    {"object", FIELD_ID, AT(source.object)},
    {"key", FIELD_KEY, AT(source.key)},
    {"tile", FIELD_UINT, AT(source.tile), 0, KC_PROTOCOL_TILES_MAX - 1},
    COUNT("started_at_us", AT(source.started_at_us)),
    {"sha256", FIELD_WORDS, AT(source.sha256)},
    {NULL},
};
static const Field composing_fields[] = {
    {"permille", FIELD_INT, AT(composing.permille), 0, 1000},
    {NULL},
};
static const Field composed_fields[] = {
    COUNT("bytes", AT(composed.bytes)),
    COUNT("duration_ms", AT(composed.duration_ms)),
    {"width", FIELD_INT, AT(composed.width), 1, 65535},
    {"height", FIELD_INT, AT(composed.height), 1, 65535},
    COUNT("cpu_ms", AT(composed.cpu_ms)),
    COUNT("broken_frames", AT(composed.broken_frames)),
    {"sha256", FIELD_WORDS, AT(composed.sha256)},
    {"unprivileged", FIELD_BOOL, AT(composed.sandbox.unprivileged)},
    {"seccomp", FIELD_BOOL, AT(composed.sandbox.seccomp)},
    {"landlock", FIELD_UINT, AT(composed.sandbox.landlock), 0, 1000},
    {NULL},
};

const MessageKind kc_message_kinds[KC_MESSAGE_N_TYPES] = {
    [KC_MESSAGE_CONFIGURE] = {"configure", ROLE_REQUEST, configure_fields},
    [KC_MESSAGE_JOIN] = {"join", ROLE_REQUEST, join_fields},
    [KC_MESSAGE_PATCH] = {"patch", ROLE_REQUEST, patch_fields},
    [KC_MESSAGE_LEAVE] = {"leave", ROLE_REQUEST, leave_fields},
    [KC_MESSAGE_SNAPSHOT] = {"snapshot", ROLE_REQUEST, leg_name_fields},
    [KC_MESSAGE_KEYFRAME] = {"keyframe", ROLE_REQUEST, leg_name_fields},
    [KC_MESSAGE_SHOW] = {"show", ROLE_REQUEST, show_fields},
    [KC_MESSAGE_STATS] = {"stats", ROLE_REQUEST, no_fields},
    [KC_MESSAGE_STOP] = {"stop", ROLE_REQUEST, no_fields},
    [KC_MESSAGE_COMPOSE] = {"compose", ROLE_REQUEST, compose_fields},
    [KC_MESSAGE_CONFIGURED] = {"configured", ROLE_REPLY, configured_fields},
    [KC_MESSAGE_JOINED] = {"joined", ROLE_REPLY, joined_fields},
    [KC_MESSAGE_PATCHED] = {"patched", ROLE_REPLY, patch_fields},
    [KC_MESSAGE_LEFT] = {"left", ROLE_REPLY, leg_name_fields},
    [KC_MESSAGE_SNAPSHOT_TAKEN] = {"snapshot_taken", ROLE_REPLY, snapshot_taken_fields},
    [KC_MESSAGE_DONE] = {"done", ROLE_REPLY, no_fields},
    [KC_MESSAGE_STATS_REPORT] = {"stats_report", ROLE_REPLY, stats_report_fields},
    [KC_MESSAGE_COMPOSED] = {"composed", ROLE_REPLY, composed_fields},
    [KC_MESSAGE_REFUSED] = {"refused", ROLE_REPLY, refused_fields},
    [KC_MESSAGE_LEG] = {"leg", ROLE_EVENT, leg_fields},
    [KC_MESSAGE_SLOTS] = {"slots", ROLE_EVENT, slots_fields},
    [KC_MESSAGE_RECORDING] = {"recording", ROLE_EVENT, recording_fields},
    [KC_MESSAGE_CAPTIONS] = {"captions", ROLE_EVENT, captions_fields},
    [KC_MESSAGE_SOURCE] = {"source", ROLE_EVENT, source_fields},
    [KC_MESSAGE_COMPOSING] = {"composing", ROLE_EVENT, composing_fields},
};
