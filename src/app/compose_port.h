/* What the service asks of whoever makes one video out of a case's recordings, in a process of its own that has the
 * lowest priority. The daemon's composer is one (src/daemon/composer.h); tests have another. */
#pragma once

#include <gio/gio.h>

#define KC_COMPOSE_TILES_MAX 9     /* participants side by side */
#define KC_COMPOSE_SOURCES_MAX 100 /* recordings */

typedef struct {
    const char *object_id;
    const guint8 *key; /* 32 bytes */
    int fd;            /* of its file; stays the caller's */
    guint tile;        /* whose it is, in the order of the labels */
    gint64 started_us; /* wall clock of its media time 0 */
    const char *sha256;
} KcComposeSource;

typedef struct {
    const char *case_number;
    const char *const *labels; /* who is in each tile */
    guint n_labels;            /* 1 to KC_COMPOSE_TILES_MAX */
    const KcComposeSource *sources;
    guint n_sources;       /* 1 to KC_COMPOSE_SOURCES_MAX */
    const char *object_id; /* of the vault, that it goes into */
    const guint8 *object_key;
    int object_fd; /* of its empty file; stays the caller's */
} KcComposeOrder;

typedef struct {
    char *sha256;
    gint64 bytes, duration_ms, width, height, cpu_ms;
    gint64 broken_frames; /* that did not decode, and were passed over */
} KcComposeResult;

#define KC_COMPOSE_STOPPED "stopped"
#define KC_COMPOSE_DIED "composer-died" /* it ended without a word: killed, or a fault */

typedef struct {
    char *code; /* KC_COMPOSE_STOPPED, KC_COMPOSE_DIED, "recording-damaged", "nothing-recorded", "too-long",
                   "disk-full", "no-sandbox", "not-made" */
    char *detail;
} KcComposeFailure;

typedef void (*KcComposeProgressFn)(guint permille, gpointer data);

typedef struct {
    gpointer self;
    /* Blocks until the object is sealed and durable. FALSE with a failure; the file is then whatever it is, and nobody
     * has it open any more. `cancel` ends it at once. Several at a time are possible and not wanted. */
    gboolean (*compose)(gpointer self, const KcComposeOrder *order, KcComposeProgressFn progress, gpointer data,
                        GCancellable *cancel, KcComposeResult *ret_result, KcComposeFailure *ret_failure);
} KcComposePort;

static inline void
kc_compose_result_clear(KcComposeResult *result)
{
    g_clear_pointer(&result->sha256, g_free);
}

static inline void
kc_compose_failure_clear(KcComposeFailure *failure)
{
    g_clear_pointer(&failure->code, g_free);
    g_clear_pointer(&failure->detail, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcComposeResult, kc_compose_result_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcComposeFailure, kc_compose_failure_clear)
