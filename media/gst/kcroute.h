/* kcroute: forwards what each of two participants sends to the other, and to its recorder.
 *
 *     audio_sink_0, video_sink_0 ──┬──▶ audio_record_0, video_record_0   as it came, retransmissions too
 *                                  └──▶ audio_src_1, video_src_1         rewritten for participant 1
 *     audio_sink_1, video_sink_1 ──┬──▶ audio_record_1, video_record_1
 *                                  └──▶ audio_src_0, video_src_0
 *
 * Rewriting (SSRC, number, timestamp, payload type, ids of header extensions) is done from the caps of the sink to the
 * caps that the source pad's peer asks for, into the buffer's KcRtpMeta: the payload is not touched or copied.
 * Numbering goes on when a source is replaced by another, for as long as the source pad of the receiver exists. Every
 * packet is forwarded one to one, padding and retransmissions included, which transport-wide congestion control relies
 * on.
 *
 * Upstream events of a source or record pad go to the sink pads of the participant that it carries. All pads are
 * request pads and belong to one thread. */
#pragma once

#include <gst/gst.h>

#define KC_ROUTE_SEATS 2

#define KC_TYPE_ROUTE (kc_route_get_type())
G_DECLARE_FINAL_TYPE(KcRoute, kc_route, KC, ROUTE, GstElement)
