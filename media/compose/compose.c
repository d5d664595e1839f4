/* Invariant: after each picture the image is exactly what that moment shows; only what has changed is drawn anew. */
#include "media/compose/compose.h"

#include "media/compose/picture.h"

#include <string.h>
#include <time.h>

#define BLOCK_MS 200 /* what is mixed and encoded at a time */
#define PICTURES_A_BLOCK 3
#define BLOCK_SAMPLES (KC_SOUND_RATE / 1000 * BLOCK_MS)
#define PACKET_SAMPLES (KC_SOUND_RATE / 1000 * KC_PACKET_MS)
#define MARGIN 12
#define MARK_PAD 8

G_DEFINE_QUARK(kc - compose - error - quark, kc_compose_error)

typedef enum { TILE_UNDRAWN, TILE_PICTURE, TILE_NO_PICTURE, TILE_ABSENT } TileState;

typedef struct {
    KcRect room; /* for the picture; the label is under it */
    TileState state;
    const KcTrack *shown;
    KcRect fitted;
} Tile;

typedef struct {
    const KcComposeJob *job;
    vpx_image_t *picture;
    Tile tiles[KC_PROTOCOL_TILES_MAX];
    guint n_tiles;
    gint64 clock_s; /* that is drawn */
    KcEncoder *encoder;
    const char *damaged;
} Composer;

/* ---- The picture ---- */

static void
lay_out(Composer *self)
{
    guint columns = kc_composed_columns(self->n_tiles), rows = (self->n_tiles + columns - 1) / columns;
    guint width = (KC_COMPOSED_WIDTH / columns) & ~1u, height = ((KC_COMPOSED_HEIGHT - KC_COMPOSED_HEAD) / rows) & ~1u;
    for (guint i = 0; i < self->n_tiles; i++)
        self->tiles[i].room =
            (KcRect){i % columns * width, KC_COMPOSED_HEAD + i / columns * height, width, height - KC_COMPOSED_LABEL};
}

static void
write_in(Composer *self, const KcCaption *caption, KcRect rect, guint x)
{
    guint y = rect.y + (rect.height > caption->height ? (rect.height - caption->height) / 2 : 0);
    kc_picture_write(self->picture, caption, x, y, FALSE);
}

static void
write_middle(Composer *self, const KcCaption *caption, KcRect rect)
{
    write_in(self, caption, rect, rect.x + (rect.width > caption->width ? (rect.width - caption->width) / 2 : 0));
}

static void
draw_frame(Composer *self)
{
    const KcCaption *captions = self->job->captions, *mark = &captions[KC_CAPTION_MARK];
    const KcRect head = {0, 0, KC_COMPOSED_WIDTH, KC_COMPOSED_HEAD};
    guint wide = MIN((mark->width + 2 * MARK_PAD + 1) & ~1u, KC_COMPOSED_WIDTH);
    kc_picture_fill(self->picture, head, KC_SHADE_GREY);
    kc_picture_fill(self->picture, (KcRect){KC_COMPOSED_WIDTH - wide, 0, wide, KC_COMPOSED_HEAD}, KC_SHADE_AMBER);
    kc_picture_write(self->picture, mark, KC_COMPOSED_WIDTH - wide + MARK_PAD,
                     (KC_COMPOSED_HEAD - MIN(mark->height, KC_COMPOSED_HEAD)) / 2, TRUE);
    write_in(self, &captions[KC_CAPTION_NUMBER], head, MARGIN);
    for (guint i = 0; i < self->n_tiles; i++) {
        const KcRect room = self->tiles[i].room;
        const KcRect label = {room.x, room.y + room.height, room.width, KC_COMPOSED_LABEL};
        kc_picture_fill(self->picture, label, KC_SHADE_GREY);
        write_in(self, &captions[KC_CAPTION_LABELS + i], label, label.x + MARGIN);
    }
}

static void
draw_clock(Composer *self, gint64 wall_us)
{
    const KcCaption *digits = &self->job->captions[KC_CAPTION_DIGITS];
    gint64 at_s = wall_us / G_USEC_PER_SEC + self->job->compose->compose.utc_offset_s;
    struct tm parts;
    char text[64];
    if (at_s == self->clock_s)
        return;
    self->clock_s = at_s;
    time_t at = (time_t)at_s;
    gmtime_r(&at, &parts);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    guint x = (MARGIN + self->job->captions[KC_CAPTION_NUMBER].width + 2 * MARGIN) & ~1u;
    KcRect place = {x, 0, (digits->width * (guint)strlen(text) + 1) & ~1u, KC_COMPOSED_HEAD};
    place.width = MIN(place.width, KC_COMPOSED_WIDTH - x);
    kc_picture_fill(self->picture, place, KC_SHADE_GREY);
    for (const char *c = text; *c != '\0'; c++, x += digits->width) {
        const char *found = strchr(KC_CAPTION_CLOCK, *c);
        if (found != NULL)
            write_in(self, &digits[found - KC_CAPTION_CLOCK], place, x);
    }
}

static void
say_in_tile(Composer *self, Tile *tile, TileState state, KcCaptionId caption)
{
    if (tile->state == state)
        return;
    tile->state = state;
    kc_picture_fill(self->picture, tile->room, KC_SHADE_BLACK);
    write_middle(self, &self->job->captions[caption], tile->room);
}

static void
show_image(Composer *self, Tile *tile, const KcTrack *track, const vpx_image_t *image)
{
    KcRect fitted = kc_picture_fit(tile->room, image->d_w, image->d_h);
    if (tile->state != TILE_PICTURE || memcmp(&fitted, &tile->fitted, sizeof fitted) != 0)
        kc_picture_fill(self->picture, tile->room, KC_SHADE_BLACK);
    tile->state = TILE_PICTURE;
    tile->shown = track;
    tile->fitted = fitted;
    kc_picture_scale(self->picture, fitted, image);
}

/* Of those of a tile that are there at that moment, the one that began last: who comes back takes over. */
static KcTrack *
track_at(const Composer *self, guint tile, gint64 at_us)
{
    KcTrack *found = NULL;
    for (guint i = 0; i < self->job->tracks->len; i++) {
        KcTrack *track = self->job->tracks->pdata[i];
        if (kc_track_tile(track) == tile && kc_track_from_us(track) <= at_us && at_us < kc_track_until_us(track) &&
            (found == NULL || kc_track_from_us(track) > kc_track_from_us(found)))
            found = track;
    }
    return found;
}

static gboolean
draw_tile(Composer *self, guint number, gint64 at_us, GError **error)
{
    Tile *tile = &self->tiles[number];
    KcTrack *track = track_at(self, number, at_us);
    const vpx_image_t *image = NULL;
    KcPictureState state;
    if (track == NULL) {
        say_in_tile(self, tile, TILE_ABSENT, KC_CAPTION_ABSENT);
        return TRUE;
    }
    if (!kc_track_picture(track, at_us, &state, &image, error)) {
        self->damaged = kc_track_object(track);
        return FALSE;
    }
    if (state == KC_PICTURE_NEW)
        show_image(self, tile, track, image);
    else if (state == KC_PICTURE_NONE || tile->shown != track) /* not another's picture until this one has any */
        say_in_tile(self, tile, TILE_NO_PICTURE, KC_CAPTION_NO_PICTURE);
    return TRUE;
}

/* ---- The sound ---- */

static gboolean
mix(Composer *self, gint64 from_us, gint32 *sum, GError **error)
{
    for (guint i = 0; i < self->job->tracks->len; i++) {
        KcTrack *track = self->job->tracks->pdata[i];
        if (kc_track_from_us(track) >= from_us + BLOCK_MS * 1000 ||
            kc_track_until_us(track) + (KC_PICTURE_STALE_MS + BLOCK_MS * 2) * 1000 < from_us)
            continue;
        if (!kc_track_sound(track, from_us, sum, BLOCK_SAMPLES, error)) {
            self->damaged = kc_track_object(track);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
encode_sound(Composer *self, const gint32 *sum, gint64 out_ms, gint64 length_ms, GError **error)
{
    gint16 samples[PACKET_SAMPLES * KC_SOUND_CHANNELS];
    for (guint packet = 0; packet < length_ms / KC_PACKET_MS; packet++) {
        const gint32 *from = sum + (gsize)packet * G_N_ELEMENTS(samples);
        for (guint i = 0; i < G_N_ELEMENTS(samples); i++)
            samples[i] = (gint16)CLAMP(from[i], G_MININT16, G_MAXINT16);
        if (!kc_encoder_sound(self->encoder, samples, out_ms + packet * KC_PACKET_MS, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- Block by block ---- */

/* `length_ms`: BLOCK_MS, or of the last of a span what is left of it. */
static gboolean
compose_block(Composer *self, gint64 wall_us, gint64 out_ms, gint64 length_ms, gboolean left_out, GError **error)
{
    static const guint begin[] = {0, 67, 133, BLOCK_MS}; /* a fifteenth of a second each */
    g_autofree gint32 *sum = g_new0(gint32, BLOCK_SAMPLES * KC_SOUND_CHANNELS);
    for (guint i = 0; i < PICTURES_A_BLOCK && begin[i] < length_ms; i++) {
        gint64 at_us = left_out ? wall_us : wall_us + begin[i] * 1000;
        draw_clock(self, at_us);
        for (guint tile = 0; tile < self->n_tiles; tile++) {
            if (left_out)
                say_in_tile(self, &self->tiles[tile], TILE_ABSENT, KC_CAPTION_ABSENT);
            else if (!draw_tile(self, tile, at_us, error))
                return FALSE;
        }
        if (!kc_encoder_picture(self->encoder, self->picture, out_ms + begin[i], begin[i + 1] - begin[i], error))
            return FALSE;
    }
    return (left_out || mix(self, wall_us, sum, error)) && encode_sound(self, sum, out_ms, length_ms, error);
}

/* Over all of it, and gone with the first picture after it. */
static void
draw_left_out(Composer *self)
{
    const KcRect all = {0, KC_COMPOSED_HEAD, KC_COMPOSED_WIDTH, KC_COMPOSED_HEIGHT - KC_COMPOSED_HEAD};
    kc_picture_fill(self->picture, all, KC_SHADE_BLACK);
    write_middle(self, &self->job->captions[KC_CAPTION_LEFT_OUT], all);
    for (guint i = 0; i < self->n_tiles; i++)
        self->tiles[i].state = TILE_ABSENT;
}

static void
draw_anew(Composer *self)
{
    const KcRect all = {0, KC_COMPOSED_HEAD, KC_COMPOSED_WIDTH, KC_COMPOSED_HEIGHT - KC_COMPOSED_HEAD};
    kc_picture_fill(self->picture, all, KC_SHADE_BLACK);
    draw_frame(self);
    self->clock_s = -1;
    for (guint i = 0; i < self->n_tiles; i++)
        self->tiles[i].state = TILE_UNDRAWN;
}

static gboolean
compose_spans(Composer *self, const GArray *spans, gint64 total_ms, GError **error)
{
    gint64 out_ms = 0;
    for (guint i = 0; i < spans->len; i++) {
        const KcSpan *span = &g_array_index(spans, KcSpan, i);
        if (span->left_out)
            draw_left_out(self);
        else
            draw_anew(self);
        for (gint64 ms = 0; ms < span->length_ms; ms += BLOCK_MS) {
            if (!self->job->progress((guint)((out_ms + ms) * 1000 / total_ms), self->job->data)) {
                g_set_error(error, KC_COMPOSE_ERROR, KC_COMPOSE_ERROR_STOPPED, "it was told to stop");
                return FALSE;
            }
            if (!compose_block(self, span->from_us + ms * 1000, out_ms + ms, MIN(BLOCK_MS, span->length_ms - ms),
                               span->left_out, error))
                return FALSE;
        }
        out_ms += span->length_ms;
    }
    return TRUE;
}

static GArray *
spans_of(const KcComposeJob *job)
{
    g_autoptr(GArray) intervals = g_array_new(FALSE, FALSE, sizeof(KcInterval));
    for (guint i = 0; i < job->tracks->len; i++) {
        const KcTrack *track = job->tracks->pdata[i];
        const KcInterval interval = {kc_track_from_us(track), kc_track_until_us(track)};
        if (interval.until_us > interval.from_us)
            g_array_append_val(intervals, interval);
    }
    return kc_timeline_new((const KcInterval *)(gconstpointer)intervals->data, intervals->len);
}

gboolean
kc_compose(const KcComposeJob *job, KcComposed *ret_composed, const char **ret_damaged, GError **error)
{
    g_autoptr(GArray) spans = spans_of(job);
    gint64 total_ms = kc_timeline_length_ms(spans);
    Composer self = {.job = job, .n_tiles = job->compose->compose.tiles};
    *ret_damaged = NULL;
    if (total_ms == 0 || total_ms > KC_COMPOSE_MAX_MS) {
        g_set_error(error, KC_COMPOSE_ERROR, total_ms == 0 ? KC_COMPOSE_ERROR_EMPTY : KC_COMPOSE_ERROR_TOO_LONG, "%s",
                    total_ms == 0 ? "nothing was recorded" : "it would be longer than six hours");
        return FALSE;
    }
    self.encoder = kc_encoder_new(job->compose, g_array_index(spans, KcSpan, 0).from_us, error);
    if (self.encoder == NULL)
        return FALSE;
    self.picture = kc_picture_new();
    lay_out(&self);
    gboolean done =
        compose_spans(&self, spans, total_ms, error) && kc_encoder_finish(self.encoder, ret_composed, error);
    for (guint i = 0; i < job->tracks->len; i++)
        ret_composed->broken_frames += (gint64)kc_track_broken_frames(job->tracks->pdata[i]);
    *ret_damaged = self.damaged;
    vpx_img_free(self.picture);
    kc_encoder_free(self.encoder);
    return done;
}
