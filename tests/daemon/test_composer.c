/* The composer as the daemon runs it: a real kuaichu-compose over real recordings, whose video is decoded again. The
 * clip is the one of the e2e suites where it is at hand (KUAICHU_CLIP), else a moving test picture. */
#include "src/daemon/composer.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/protocol/captions.h"
#include "media/webm/virtual.h"
#include "src/base/hex.h"
#include "src/evidence/vault.h"
#include "tests/support/clip.h"
#include "tests/support/kc_test.h"

#define BEGAN_US G_GINT64_CONSTANT(1793000000000000)
#define OUT_ID "0193aaaa-0000-7000-8000-0000000000ff"
#define WIDTH KC_COMPOSED_WIDTH
#define HEIGHT KC_COMPOSED_HEIGHT

static char *clips; /* folder */

static void
make_clip(void)
{
    clips = kc_test_dir_new();
    g_autofree char *file = g_build_filename(clips, "clip.webm", NULL);
    const char *real = g_getenv("KUAICHU_CLIP");
    const char *picture[] = {"-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"};
    const char *film[] = {"-stream_loop", "-1", "-i", real};
    const char **source = real != NULL && g_file_test(real, G_FILE_TEST_EXISTS) ? film : picture;
    const char *argv[] = {"ffmpeg",    "-loglevel", "error",     "-y",
                          source[0],   source[1],   source[2],   source[3],
                          "-f",        "lavfi",     "-i",        "sine=frequency=440:sample_rate=48000",
                          "-map",      "0:v",       "-map",      "1:a",
                          "-t",        "4",         "-vf",       "scale=640:360,fps=25",
                          "-c:v",      "libvpx",    "-b:v",      "600k",
                          "-g",        "75",        "-deadline", "realtime",
                          "-cpu-used", "8",         "-c:a",      "libopus",
                          "-b:a",      "32k",       "-ac",       "2",
                          file,        NULL};
    g_free(kc_test_output(argv, NULL));
}

static void
remove_clip(void)
{
    kc_test_dir_remove(clips);
}

/* ---- A composition ---- */

typedef struct {
    char *dir;
    KcClip *clip;
    KcComposer *composer;
    GArray *sources; /* of KcComposeSource */
    guint8 key[KC_KEY_LEN];
    GCancellable *cancel;
    void (*on_progress)(guint permille, gpointer fixture);
    guint told, last_permille;
    gboolean seen;
    KcComposeResult result;
    KcComposeFailure failure;
} Fixture;

static Fixture *
fixture_new(void)
{
    Fixture *self = g_new0(Fixture, 1);
    gboolean root = geteuid() == 0;
    const KcComposerConfig config = {g_getenv("KC_COMPOSE"), KC_SANDBOX_AUTO, root ? 65534 : 0, root ? 65534 : 0};
    g_autofree char *file = g_build_filename(clips, "clip.webm", NULL);
    gst_init(NULL, NULL);
    self->clip = kc_clip_read(file);
    self->dir = kc_test_dir_new();
    self->composer = kc_composer_new(&config);
    self->sources = g_array_new(FALSE, FALSE, sizeof(KcComposeSource));
    memset(self->key, 7, sizeof self->key);
    self->cancel = g_cancellable_new();
    return self;
}

static void
fixture_free(Fixture *self)
{
    for (guint i = 0; i < self->sources->len; i++) {
        KcComposeSource *source = &g_array_index(self->sources, KcComposeSource, i);
        close(source->fd);
        g_free((char *)source->object_id);
        g_free((char *)source->sha256);
    }
    g_array_unref(self->sources);
    kc_clip_free(self->clip);
    kc_compose_result_clear(&self->result);
    kc_compose_failure_clear(&self->failure);
    kc_composer_free(self->composer);
    g_object_unref(self->cancel);
    kc_test_dir_remove(self->dir);
    g_free(self);
}

typedef enum { FINISHED, CUT } Ending;

static GBytes *
no_index(guint64 size, gpointer index, GError **error)
{
    return kc_webm_index_encode(index);
}

/* A crash leaves no last chunk; the service finishes what is there (kc_vault_recover). */
static void
end_file(Fixture *self, KcVaultWriter *vault, const char *path, const char *id, const KcWebmIndex *index, Ending ending,
         guint8 *ret_sha256)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) sealed = kc_webm_index_encode(index);
    KcVaultRecovery recovery;
    if (ending == FINISHED)
        ck_assert(kc_vault_writer_finish(vault, sealed, ret_sha256, &error));
    kc_vault_writer_free(vault);
    if (ending == FINISHED)
        return;
    ck_assert(kc_vault_recover(open(path, O_RDWR | O_CLOEXEC), self->key, id, 0, NULL, no_index, (gpointer)index,
                               &recovery, &error));
    memcpy(ret_sha256, recovery.sha256, sizeof recovery.sha256);
}

static char *
source_path(const Fixture *self, guint number)
{
    g_autofree char *name = g_strdup_printf("%u.kcv", number);
    return g_build_filename(self->dir, name, NULL);
}

static void
add(Fixture *self, guint tile, gint64 from_ms, const KcClipUse *use, Ending ending)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = source_path(self, self->sources->len);
    g_autofree char *id = g_strdup_printf("0193aaaa-0000-7000-8000-00000000%04u", self->sources->len);
    guint8 sha256[KC_VAULT_SHA256_LEN];
    KcVaultWriter *vault = kc_vault_writer_new(kc_vault_create(path, &error), self->key, id, &error);
    kc_assert_no_error(error);
    gint64 started_us = BEGAN_US + from_ms * 1000;
    g_autoptr(KcWebmIndex) index = kc_clip_seal(self->clip, use, started_us, vault);
    end_file(self, vault, path, id, index, ending, sha256);
    const KcComposeSource source = {.object_id = g_steal_pointer(&id),
                                    .key = self->key,
                                    .fd = open(path, O_RDONLY | O_CLOEXEC),
                                    .tile = tile,
                                    .started_us = started_us,
                                    .sha256 = kc_hex_encode(sha256, sizeof sha256)};
    g_array_append_val(self->sources, source);
}

static void
on_progress(guint permille, gpointer data)
{
    Fixture *self = data;
    ck_assert_uint_ge(permille, self->last_permille);
    self->last_permille = permille;
    self->told++;
    if (self->on_progress != NULL)
        self->on_progress(permille, self);
}

static gboolean
compose(Fixture *self, guint n_labels)
{
    static const char *const labels[] = {"甲方 张三", "王建国（交警 611001）", "乙方", "4", "5", "6", "7", "8", "9"};
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(self->dir, "out.kcv", NULL);
    g_unlink(path);
    int fd = kc_vault_create(path, &error);
    kc_assert_no_error(error);
    const KcComposeOrder order = {.case_number = "C-20261123-000042",
                                  .labels = labels,
                                  .n_labels = n_labels,
                                  .sources = (const KcComposeSource *)(gconstpointer)self->sources->data,
                                  .n_sources = self->sources->len,
                                  .object_id = OUT_ID,
                                  .object_key = self->key,
                                  .object_fd = fd};
    const KcComposePort *port = kc_composer_port(self->composer);
    gboolean done = port->compose(port->self, &order, on_progress, self, self->cancel, &self->result, &self->failure);
    close(fd);
    return done;
}

/* ---- What came of it ---- */

static gboolean
read_vault(guint64 offset, guint8 *out, gsize size, gpointer vault, GError **error)
{
    return kc_vault_reader_read_at(vault, offset, out, size, error);
}

/* As it is served. Owned path. */
static char *export(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *sealed = g_build_filename(self->dir, "out.kcv", NULL);
    g_autoptr(KcVaultReader) vault =
        kc_vault_reader_open(open(sealed, O_RDONLY | O_CLOEXEC), self->key, OUT_ID, &error);
    kc_assert_no_error(error);
    ck_assert(kc_vault_reader_verify(vault, &error));
    g_autofree char *sha256 = kc_hex_encode(kc_vault_reader_sha256(vault), KC_VAULT_SHA256_LEN);
    ck_assert_str_eq(sha256, self->result.sha256);
    ck_assert_int_eq((gint64)kc_vault_reader_size(vault), self->result.bytes);
    g_autoptr(KcWebmIndex) index = kc_webm_index_decode(kc_vault_reader_index(vault), &error);
    g_autoptr(KcWebmVirtual) webm = kc_webm_virtual_new(index);
    gsize size = kc_webm_virtual_size(webm);
    g_autofree guint8 *bytes = g_malloc(size);
    ck_assert(kc_webm_virtual_read(webm, 0, bytes, size, read_vault, vault, &error));
    char *path = g_build_filename(self->dir, "out.webm", NULL);
    ck_assert(g_file_set_contents(path, (const char *)bytes, (gssize)size, &error));
    if (g_getenv("KC_KEEP_COMPOSED") != NULL)
        ck_assert(g_file_set_contents(g_getenv("KC_KEEP_COMPOSED"), (const char *)bytes, (gssize)size, &error));
    return path;
}

static char *
probe(const char *file, const char *stream, const char *what)
{
    const char *argv[] = {"ffprobe",
                          "-v",
                          "error",
                          "-select_streams",
                          stream,
                          "-show_entries",
                          what,
                          "-of",
                          "default=nokey=1:noprint_wrappers=1",
                          file,
                          NULL};
    return g_strstrip(kc_test_output(argv, NULL));
}

static double
duration_of(const char *file)
{
    const char *argv[] = {
        "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "default=nokey=1:noprint_wrappers=1",
        file,      NULL};
    g_autofree char *text = kc_test_output(argv, NULL);
    return g_ascii_strtod(text, NULL);
}

/* Brightness of the picture at that moment; WIDTH * HEIGHT, owned. */
static guint8 *
picture_at(Fixture *self, const char *file, const char *seconds)
{
    g_autofree char *raw = g_build_filename(self->dir, "picture.raw", NULL);
    const char *argv[] = {"ffmpeg",    "-loglevel", "error", "-y",       "-ss",      seconds, "-i", file,
                          "-frames:v", "1",         "-f",    "rawvideo", "-pix_fmt", "gray",  raw,  NULL};
    g_free(kc_test_output(argv, NULL));
    g_autoptr(GError) error = NULL;
    char *bytes;
    gsize len;
    ck_assert(g_file_get_contents(raw, &bytes, &len, &error));
    ck_assert_uint_eq(len, WIDTH * HEIGHT);
    return (guint8 *)bytes;
}

typedef struct {
    double mean, deviation;
} Look;

static Look
look(const guint8 *picture, guint x, guint y, guint width, guint height)
{
    double sum = 0, squares = 0, n = (double)width * height;
    for (guint row = y; row < y + height; row++)
        for (guint column = x; column < x + width; column++) {
            double value = picture[(gsize)row * WIDTH + column];
            sum += value;
            squares += value * value;
        }
    return (Look){sum / n, sqrt(MAX(squares / n - sum / n * sum / n, 0))};
}

static double
differ(const guint8 *a, const guint8 *b, guint x, guint y, guint width, guint height)
{
    double sum = 0;
    for (guint row = y; row < y + height; row++)
        for (guint column = x; column < x + width; column++)
            sum += abs((int)a[(gsize)row * WIDTH + column] - b[(gsize)row * WIDTH + column]);
    return sum / ((double)width * height);
}

/* Root mean square of the sound from then on, of 32767. */
static double
loudness(Fixture *self, const char *file, const char *from, const char *length)
{
    g_autofree char *raw = g_build_filename(self->dir, "sound.raw", NULL);
    const char *argv[] = {"ffmpeg", "-loglevel", "error", "-y",  "-ss", from,    "-t", length,
                          "-i",     file,        "-map",  "0:a", "-f",  "s16le", raw,  NULL};
    g_free(kc_test_output(argv, NULL));
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize len;
    ck_assert(g_file_get_contents(raw, &bytes, &len, &error));
    double squares = 0;
    gsize n = len / sizeof(gint16);
    for (gsize i = 0; i < n; i++) {
        gint16 sample;
        memcpy(&sample, bytes + i * sizeof sample, sizeof sample);
        squares += (double)sample * sample;
    }
    ck_assert_uint_gt(n, 4800);
    return sqrt(squares / (double)n);
}

/* ---- The tests ---- */

static const KcClipUse whole = {.repeat = 1}, sound_only = {.repeat = 2, .without = KC_WEBM_HAS_VIDEO};

/* A: 0 to 4 s and 6 to 10 s. B, beside it: from 1 to 9 s, without a picture. */
START_TEST(two_beside_each_other)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &whole, FINISHED);
    add(self, 1, 1000, &sound_only, FINISHED);
    add(self, 0, 6000, &whole, CUT);
    ck_assert_msg(compose(self, 2), "%s: %s", self->failure.code, self->failure.detail);
    ck_assert_int_ge(self->result.duration_ms, 9800);
    ck_assert_int_le(self->result.duration_ms, 10200);
    ck_assert_int_eq(self->result.broken_frames, 0);
    g_autofree char *file = export(self);
    g_autofree char *codec = probe(file, "v:0", "stream=codec_name"), *sound = probe(file, "a:0", "stream=codec_name");
    g_autofree char *width = probe(file, "v:0", "stream=width"), *height = probe(file, "v:0", "stream=height");
    ck_assert_str_eq(codec, "vp8");
    ck_assert_str_eq(sound, "opus");
    ck_assert_str_eq(width, "1280");
    ck_assert_str_eq(height, "720");
    ck_assert_double_le(fabs(duration_of(file) - 10.0), 0.2);

    g_autofree guint8 *at2 = picture_at(self, file, "2.05"), *at5 = picture_at(self, file, "5.05"),
                      *at8 = picture_at(self, file, "8.05");
    Look shown = look(at2, 100, 250, 440, 200), absent = look(at5, 40, 60, 560, 150),
         again = look(at8, 100, 250, 440, 200);
    ck_assert_double_gt(shown.mean, 30);
    ck_assert_double_gt(shown.deviation, 3);
    ck_assert_double_lt(absent.mean, 20); /* away from the words in the middle */
    ck_assert_double_gt(again.deviation, 3);
    Look words = look(at5, 200, 360, 240, 50), no_picture = look(at2, 840, 360, 240, 50);
    ck_assert_double_gt(words.deviation, 15);      /* says that nobody is recorded */
    ck_assert_double_gt(no_picture.deviation, 15); /* says that there is no picture */
    ck_assert_double_gt(differ(at2, at5, 200, 360, 240, 50), 5);
    /* The bar above: number, mark; the clock goes on. The labels under both. */
    ck_assert_double_gt(look(at2, 10, 6, 220, 32).deviation, 20);
    ck_assert_double_gt(look(at2, 900, 6, 370, 32).deviation, 20);
    ck_assert_double_gt(look(at2, 900, 6, 370, 32).mean, 100);
    ck_assert_double_lt(differ(at2, at8, 900, 6, 370, 32), 6);
    ck_assert_double_gt(differ(at2, at8, 250, 6, 300, 32), 1);
    ck_assert_double_gt(look(at2, 12, 690, 100, 28).deviation, 15);
    ck_assert_double_gt(look(at2, 652, 690, 200, 28).deviation, 15);
    /* Two voices are louder than one. */
    double both = loudness(self, file, "2", "1.5"), one = loudness(self, file, "4.5", "1");
    ck_assert_double_gt(one, 500);
    ck_assert_double_gt(both, one * 1.2);
    fixture_free(self);
}
END_TEST

/* What was lost on the way is no picture that stands still. */
START_TEST(a_gap_has_no_picture)
{
    Fixture *self = fixture_new();
    const KcClipUse gap = {.repeat = 1, .gap_from_ms = 1500, .gap_to_ms = 2700};
    add(self, 0, 0, &gap, FINISHED);
    ck_assert_msg(compose(self, 1), "%s: %s", self->failure.code, self->failure.detail);
    g_autofree char *file = export(self);
    ck_assert_double_le(fabs(duration_of(file) - 4.0), 0.2);
    g_autofree guint8 *at1 = picture_at(self, file, "1.0"), *at2 = picture_at(self, file, "2.2"),
                      *at3 = picture_at(self, file, "3.5");
    ck_assert_double_gt(look(at1, 300, 100, 680, 150).mean, 30);
    ck_assert_double_lt(look(at2, 300, 100, 680, 150).mean, 20);
    ck_assert_double_gt(look(at3, 300, 100, 680, 150).mean, 30);
    fixture_free(self);
}
END_TEST

START_TEST(what_nobody_was_recorded_in_is_left_out)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &whole, FINISHED);
    add(self, 0, 3600 * 1000, &whole, FINISHED);
    ck_assert_msg(compose(self, 1), "%s: %s", self->failure.code, self->failure.detail);
    g_autofree char *file = export(self);
    ck_assert_double_le(fabs(duration_of(file) - 10.0), 0.2); /* 4 + 2 + 4 */
    g_autofree guint8 *at5 = picture_at(self, file, "5.05"), *at8 = picture_at(self, file, "8.05");
    ck_assert_double_gt(look(at5, 300, 360, 680, 60).deviation, 10);
    ck_assert_double_lt(look(at5, 20, 60, 1240, 200).mean, 20);
    ck_assert_double_gt(look(at8, 300, 250, 680, 200).mean, 30);
    ck_assert_double_lt(loudness(self, file, "4.6", "1"), 20);
    fixture_free(self);
}
END_TEST

/* Who comes back on another worker: the old recording ends a little after the new one has begun. */
START_TEST(nine_people_and_one_who_came_back)
{
    Fixture *self = fixture_new();
    for (guint tile = 0; tile < KC_COMPOSE_TILES_MAX; tile++)
        add(self, tile, tile * 100, &whole, FINISHED);
    add(self, 4, 3000, &whole, FINISHED);
    ck_assert_msg(compose(self, KC_COMPOSE_TILES_MAX), "%s: %s", self->failure.code, self->failure.detail);
    g_autofree char *file = export(self);
    ck_assert_double_le(fabs(duration_of(file) - 7.0), 0.2);
    g_autofree guint8 *at = picture_at(self, file, "2.05");
    for (guint tile = 0; tile < KC_COMPOSE_TILES_MAX; tile++)
        ck_assert_msg(look(at, tile % 3 * 426 + 60, 44 + tile / 3 * 224 + 30, 300, 120).mean > 30, "tile %u", tile);
    fixture_free(self);
}
END_TEST

START_TEST(frames_that_do_not_decode_are_passed_over)
{
    Fixture *self = fixture_new();
    const KcClipUse spoilt = {.repeat = 1, .spoilt = 7};
    add(self, 0, 0, &spoilt, FINISHED);
    ck_assert_msg(compose(self, 1), "%s: %s", self->failure.code, self->failure.detail);
    ck_assert_int_gt(self->result.broken_frames, 0);
    g_autofree char *file = export(self);
    ck_assert_double_le(fabs(duration_of(file) - 4.0), 0.2);
    fixture_free(self);
}
END_TEST

/* Memory for one of them would be more than a gigabyte. */
START_TEST(frames_that_say_that_they_are_huge_are_passed_over)
{
    Fixture *self = fixture_new();
    const KcClipUse huge = {.repeat = 1, .spoilt = 7, .huge = TRUE, .without = KC_WEBM_HAS_AUDIO};
    add(self, 0, 0, &huge, FINISHED);
    ck_assert_msg(compose(self, 1), "%s: %s", self->failure.code, self->failure.detail);
    ck_assert_int_gt(self->result.broken_frames, 0);
    g_autofree char *file = export(self);
    ck_assert_double_le(fabs(duration_of(file) - 4.0), 0.2);
    fixture_free(self);
}
END_TEST

START_TEST(what_was_changed_is_a_clear_failure)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &whole, FINISHED);
    add(self, 1, 0, &whole, FINISHED);
    g_autofree char *path = source_path(self, 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize len;
    ck_assert(g_file_get_contents(path, &bytes, &len, &error));
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    char flipped = (char)(bytes[len / 2] ^ 1);
    ck_assert_int_eq(pwrite(fd, &flipped, 1, (off_t)(len / 2)), 1);
    close(fd);
    ck_assert(!compose(self, 2));
    ck_assert_str_eq(self->failure.code, "recording-damaged");
    ck_assert_ptr_nonnull(strstr(self->failure.detail, "000000000001"));
    fixture_free(self);
}
END_TEST

START_TEST(another_recording_than_the_row_names_is_refused)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &whole, FINISHED);
    KcComposeSource *source = &g_array_index(self->sources, KcComposeSource, 0);
    ((char *)source->sha256)[0] = source->sha256[0] == '0' ? '1' : '0';
    ck_assert(!compose(self, 1));
    ck_assert_str_eq(self->failure.code, "recording-damaged");
    fixture_free(self);
}
END_TEST

START_TEST(a_torn_file_is_refused)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &whole, FINISHED);
    g_autofree char *path = source_path(self, 0);
    GStatBuf st;
    ck_assert_int_eq(g_stat(path, &st), 0);
    ck_assert_int_eq(truncate(path, st.st_size / 2), 0);
    ck_assert(!compose(self, 1));
    ck_assert_str_eq(self->failure.code, "recording-damaged");
    fixture_free(self);
}
END_TEST

static void
stop_it(guint permille, gpointer fixture)
{
    g_cancellable_cancel(((Fixture *)fixture)->cancel);
}

static const KcClipUse long_one = {.repeat = 15};

/* The id of the process that composes. */
static pid_t
composer_pid(void)
{
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(proc)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", name, "stat", NULL), *text = NULL;
        if (!g_ascii_isdigit(name[0]) || !g_file_get_contents(path, &text, NULL, NULL))
            continue;
        int parent;
        const char *after = strrchr(text, ')');
        if (strstr(text, "(kuaichu-compose") != NULL && sscanf(after, ") %*c %d", &parent) == 1 && parent == getpid())
            return atoi(name);
    }
    return -1;
}

START_TEST(it_is_stopped_at_once)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &long_one, FINISHED);
    self->on_progress = stop_it;
    ck_assert(!compose(self, 1));
    ck_assert_str_eq(self->failure.code, KC_COMPOSE_STOPPED);
    ck_assert_int_eq(composer_pid(), -1);
    fixture_free(self);
}
END_TEST

static void
kill_it(guint permille, gpointer fixture)
{
    kill(composer_pid(), SIGKILL);
}

START_TEST(its_death_is_told)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &long_one, FINISHED);
    self->on_progress = kill_it;
    ck_assert(!compose(self, 1));
    ck_assert_str_eq(self->failure.code, KC_COMPOSE_DIED);
    fixture_free(self);
}
END_TEST

static void
look_at_it(guint permille, gpointer data)
{
    Fixture *self = data;
    pid_t pid = composer_pid();
    g_autofree char *path = g_strdup_printf("/proc/%d/status", pid), *status = NULL;
    g_autoptr(GError) error = NULL;
    if (self->seen)
        return;
    self->seen = TRUE;
    ck_assert_int_gt(pid, 0);
    ck_assert_int_eq(sched_getscheduler(pid), SCHED_IDLE);
    ck_assert(g_file_get_contents(path, &status, NULL, &error));
    ck_assert_ptr_nonnull(strstr(status, "NoNewPrivs:\t1"));
    ck_assert_ptr_nonnull(strstr(status, "Threads:\t1\n"));
    ck_assert_ptr_nonnull(strstr(status, "Seccomp:\t2"));
    if (geteuid() == 0)
        ck_assert_ptr_nonnull(strstr(status, "Uid:\t65534\t65534"));
}

START_TEST(it_is_confined_and_comes_last)
{
    Fixture *self = fixture_new();
    add(self, 0, 0, &long_one, FINISHED);
    self->on_progress = look_at_it;
    ck_assert_msg(compose(self, 1), "%s: %s", self->failure.code, self->failure.detail);
    ck_assert(self->seen);
    ck_assert_uint_gt(self->told, 2);
    fixture_free(self);
}
END_TEST

START_TEST(without_the_program_it_says_so)
{
    Fixture *self = fixture_new();
    const KcComposerConfig none = {.program = "/nonexistent/kuaichu-compose"};
    kc_composer_free(self->composer);
    self->composer = kc_composer_new(&none);
    add(self, 0, 0, &whole, FINISHED);
    ck_assert(!compose(self, 1));
    ck_assert_str_eq(self->failure.code, "not-made");
    fixture_free(self);
}
END_TEST

static Suite *
composer_suite(void)
{
    Suite *suite = suite_create("daemon/composer");
    TCase *two = tcase_create("two"), *tcase = tcase_create("composer");
    tcase_set_timeout(two, 120);
    tcase_add_unchecked_fixture(two, make_clip, remove_clip);
    tcase_add_test(two, two_beside_each_other);
    suite_add_tcase(suite, two);
    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, make_clip, remove_clip);
    tcase_add_test(tcase, a_gap_has_no_picture);
    tcase_add_test(tcase, what_nobody_was_recorded_in_is_left_out);
    tcase_add_test(tcase, nine_people_and_one_who_came_back);
    tcase_add_test(tcase, frames_that_do_not_decode_are_passed_over);
    tcase_add_test(tcase, frames_that_say_that_they_are_huge_are_passed_over);
    tcase_add_test(tcase, what_was_changed_is_a_clear_failure);
    tcase_add_test(tcase, another_recording_than_the_row_names_is_refused);
    tcase_add_test(tcase, a_torn_file_is_refused);
    tcase_add_test(tcase, it_is_stopped_at_once);
    tcase_add_test(tcase, its_death_is_told);
    tcase_add_test(tcase, it_is_confined_and_comes_last);
    tcase_add_test(tcase, without_the_program_it_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(composer_suite())
