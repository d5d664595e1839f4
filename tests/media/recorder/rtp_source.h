/* Real RTP from GStreamer's encoders and payloaders, with a made-up time of arrival for each packet. */
#pragma once

#include "media/gst/kcrecorder.h"

typedef struct {
    KcRecorderMedia media;
    gint64 at_us; /* arrival, from 0 */
    GBytes *data;
} Packet;

typedef struct {
    const char *pattern; /* of videotestsrc; NULL: smpte */
    guint width, height;
    guint frames;        /* 25 a second */
    guint key_distance;  /* frames between keyframes; 0: 25 */
    guint first_frame;   /* where on the time line it begins */
    guint16 first_seq;
} VideoSource;

/* Arrays of Packet in the order of sending; free with g_array_unref. The sources have one SSRC each. */
GArray *video_packets(const VideoSource *source);
GArray *audio_packets(guint packets, guint first_packet, guint16 first_seq); /* 20 ms each */

/* Appends `more` (freed) to `packets`. */
void packets_append(GArray *packets, GArray *more);
/* Puts them into the order of arrival. */
void packets_sort(GArray *packets);

guint16 packet_seq(const Packet *packet);
guint32 packet_timestamp(const Packet *packet);
gboolean packet_marker(const Packet *packet);
