/* Maps the RTP timestamps of one track to the server's monotonic clock. Internal to kcrecorder.
 *
 * The offset between the two is the smallest transit seen in the last five to ten seconds: what took longest was
 * held up by the network, what came first tells the time. The offset follows slowly (KC_CLOCK_SLEW), so that jitter
 * never shows in the recording; only errors of KC_CLOCK_JUMP_US are mended at once. A sender whose clock stood still
 * while it was muted looks like a stalled network at first: KC_CLOCK_DOUBT_US tell the two apart. A picture's clock
 * takes the offset that lays it to the sound by the sender reports, once both tracks have one. Pure: time is a
 * parameter. */
#pragma once

#include <glib.h>

#define KC_CLOCK_WINDOW_US (5 * G_USEC_PER_SEC)
#define KC_CLOCK_SLEW 20                      /* a correction of 1 µs takes at least 20 µs */
#define KC_CLOCK_JUMP_US (G_USEC_PER_SEC / 2) /* a correction that is made at once */
#define KC_CLOCK_PAUSE_US (G_USEC_PER_SEC / 2)
#define KC_CLOCK_DOUBT_US (3 * G_USEC_PER_SEC / 10)
#define KC_CLOCK_REPORT_LIMIT_US (2 * G_USEC_PER_SEC) /* reports that want more than this are not believed */

typedef struct {
    guint rate; /* of the RTP clock, Hz */
    gboolean started;
    guint32 last_timestamp;
    gint64 extended; /* last_timestamp without wrapping */
    gint64 last_arrival_us;

    gint64 window_started_us;
    gint64 minimum_us;          /* transit, of this window … */
    gint64 previous_minimum_us; /* … and of the one before */

    gint64 doubted_since_us; /* 0: no pause is being judged */
    gint64 doubted_minimum_us;

    gint64 offset_us; /* in use */
    gint64 slewed_at_us;

    gboolean has_report;
    gint64 report_ntp_us;
    gint64 report_media_us; /* the report's RTP timestamp in µs, without offset */

    gboolean laid; /* to the other track, by an offset of: */
    gint64 laid_offset_us;
} KcMediaClock;

void kc_media_clock_init(KcMediaClock *clock, guint rate);

/* A packet came in: called for each, in the order of arrival. */
void kc_media_clock_note(KcMediaClock *clock, guint32 timestamp, gint64 arrival_us);

/* When the sample with this timestamp was taken, plus the least transit: µs on the monotonic clock. */
gint64 kc_media_clock_time(const KcMediaClock *clock, guint32 timestamp);

/* A sender report came in (RFC 3550, 6.4.1). Ignored before the first packet. */
void kc_media_clock_report(KcMediaClock *clock, guint64 ntp, guint32 timestamp);

/* Lays `clock` to `master` if both have reports. */
void kc_media_clock_lay(KcMediaClock *clock, const KcMediaClock *master);
