/* kcroute: forwards what each participant sends to the slots of the others, and to its own recorder.
 *
 *     audio_sink_0, video_sink_0 ──┬──▶ audio_record_0, video_record_0     as it came, retransmissions too
 *      (of seat 0)                 ├──▶ audio_src_1_0, video_src_1_0       rewritten for slot 0 of seat 1
 *                                  └──▶ audio_src_2_1, video_src_2_1       rewritten for slot 1 of seat 2
 *
 * Who is in which slot is said by kc_route_set_slot; until then nothing goes anywhere.
 *
 * Rewriting (SSRC, number, timestamp, payload type, ids of header extensions, and the numbers of VP8's pictures where
 * some are left out) is done from the caps of the sink to the caps that the source pad's peer asks for, into the
 * buffer's KcRtpMeta: the payload is not touched or copied. Numbering goes on when a source is replaced by another, for
 * as long as the source pad of the receiver exists.
 *
 * With two participants every packet is forwarded one to one, padding and retransmissions included, which transport-wide
 * congestion control relies on; its feedback goes upstream. With more (kc_route_set_relayed) numbers, padding and
 * feedback of congestion control end here: each sender is answered by its own kcpeer.
 *
 * Upstream events of a source or record pad go to the sink pads of the participant that it carries. All pads are
 * request pads and belong to one thread, as do all functions. */
#pragma once

#include <gst/gst.h>

#define KC_ROUTE_SEATS 4
#define KC_ROUTE_SLOTS (KC_ROUTE_SEATS - 1)
#define KC_ROUTE_NOBODY (-1)

#define KC_TYPE_ROUTE (kc_route_get_type())
G_DECLARE_FINAL_TYPE(KcRoute, kc_route, KC, ROUTE, GstElement)

/* From here on slot `slot` of `seat` carries what seat `source` (KC_ROUTE_NOBODY: no one) sends. A keyframe is asked for;
 * a decoder that has seen another source before gets nothing until it comes. */
void kc_route_set_slot(KcRoute *route, guint seat, guint slot, gint source);

/* The highest temporal layer that the slot is sent: media/rtp/layers.h. */
void kc_route_set_layers(KcRoute *route, guint seat, guint slot, gint highest);

/* TRUE: there are more than two. */
void kc_route_set_relayed(KcRoute *route, gboolean relayed);
