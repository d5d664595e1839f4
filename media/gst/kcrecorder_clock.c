#include "media/gst/kcrecorder_clock.h"
#include "media/rtp/header.h"

void
kc_media_clock_init(KcMediaClock *clock, guint rate)
{
    *clock = (KcMediaClock){.rate = rate};
}

static gint64
media_us(const KcMediaClock *clock, guint32 timestamp)
{
    gint64 extended = clock->extended + kc_ts_diff(timestamp, clock->last_timestamp);
    return extended * (gint64)(G_USEC_PER_SEC / 1000) / (clock->rate / 1000);
}

static void
anchor(KcMediaClock *clock, gint64 transit_us, gint64 arrival_us)
{
    clock->minimum_us = clock->previous_minimum_us = transit_us;
    clock->window_started_us = arrival_us;
    /* What was known of the sender's clock may be wrong now; the next reports will tell. */
    clock->has_report = FALSE;
    clock->laid = FALSE;
    clock->doubted_since_us = 0;
}

static gint64
known_minimum(const KcMediaClock *clock)
{
    return MIN(clock->minimum_us, clock->previous_minimum_us);
}

/* After a pause, packets that stay late tell of a clock that stood still; those that catch up, of a network that
 * did. */
static void
judge_pause(KcMediaClock *clock, gint64 transit_us, gint64 arrival_us)
{
    gboolean late = transit_us - known_minimum(clock) >= KC_CLOCK_PAUSE_US;
    if (late && clock->doubted_since_us == 0 && arrival_us - clock->last_arrival_us >= KC_CLOCK_PAUSE_US) {
        clock->doubted_since_us = arrival_us;
        clock->doubted_minimum_us = transit_us;
    }
    if (clock->doubted_since_us == 0)
        return;
    clock->doubted_minimum_us = MIN(clock->doubted_minimum_us, transit_us);
    if (!late)
        clock->doubted_since_us = 0;
    else if (arrival_us - clock->doubted_since_us >= KC_CLOCK_DOUBT_US)
        anchor(clock, clock->doubted_minimum_us, arrival_us);
}

static void
note_transit(KcMediaClock *clock, gint64 transit_us, gint64 arrival_us)
{
    if (arrival_us - clock->window_started_us >= KC_CLOCK_WINDOW_US) {
        clock->previous_minimum_us = clock->minimum_us;
        clock->minimum_us = transit_us;
        clock->window_started_us = arrival_us;
    }
    clock->minimum_us = MIN(clock->minimum_us, transit_us);
}

static void
slew(KcMediaClock *clock, gint64 now_us)
{
    gint64 target_us = clock->laid ? clock->laid_offset_us : known_minimum(clock);
    gint64 error_us = target_us - clock->offset_us;
    gint64 step_us = MAX(now_us - clock->slewed_at_us, 0) / KC_CLOCK_SLEW;
    clock->slewed_at_us = MAX(now_us, clock->slewed_at_us);
    if (ABS(error_us) > KC_CLOCK_JUMP_US)
        clock->offset_us = target_us;
    else
        clock->offset_us += CLAMP(error_us, -step_us, step_us);
}

void
kc_media_clock_note(KcMediaClock *clock, guint32 timestamp, gint64 arrival_us)
{
    if (!clock->started) {
        clock->started = TRUE;
        clock->last_timestamp = timestamp;
        clock->extended = timestamp;
        gint64 transit_us = arrival_us - media_us(clock, timestamp);
        anchor(clock, transit_us, arrival_us);
        clock->offset_us = transit_us;
        clock->slewed_at_us = clock->last_arrival_us = arrival_us;
        return;
    }

    gint64 transit_us = arrival_us - media_us(clock, timestamp);
    judge_pause(clock, transit_us, arrival_us);
    note_transit(clock, transit_us, arrival_us);
    slew(clock, arrival_us);

    if (kc_ts_diff(timestamp, clock->last_timestamp) > 0) {
        clock->extended += kc_ts_diff(timestamp, clock->last_timestamp);
        clock->last_timestamp = timestamp;
    }
    clock->last_arrival_us = arrival_us;
}

gint64
kc_media_clock_time(const KcMediaClock *clock, guint32 timestamp)
{
    return media_us(clock, timestamp) + clock->offset_us;
}

/* 32.32 fixed point seconds to µs. */
static gint64
ntp_us(guint64 ntp)
{
    return (gint64)(ntp >> 32) * G_USEC_PER_SEC + (gint64)((ntp & 0xffffffff) * G_USEC_PER_SEC >> 32);
}

void
kc_media_clock_report(KcMediaClock *clock, guint64 ntp, guint32 timestamp)
{
    if (!clock->started || ntp == 0)
        return;
    clock->has_report = TRUE;
    clock->report_ntp_us = ntp_us(ntp);
    clock->report_media_us = media_us(clock, timestamp);
}

void
kc_media_clock_lay(KcMediaClock *clock, const KcMediaClock *master)
{
    if (!clock->has_report || !master->has_report)
        return;
    gint64 master_time_us = master->report_media_us + master->offset_us;
    gint64 offset_us = master_time_us + (clock->report_ntp_us - master->report_ntp_us) - clock->report_media_us;
    clock->laid = ABS(offset_us - known_minimum(clock)) <= KC_CLOCK_REPORT_LIMIT_US;
    clock->laid_offset_us = offset_us;
}
