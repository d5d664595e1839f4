/* The side of a recording that touches the disk. Internal to kcrecorder.
 *
 *     recorder (any thread)                    writer thread
 *     kc_recording_push(chunk) ── bounded ──▶  seal, append; sync at most once a second; report
 *     kc_recording_read_gop()  ─────────────▶  read back, open; tell
 *     kc_recording_finish()    ─────────────▶  seal the index, fsync; last report
 *
 * The index that is sealed is scanned from the very bytes that were written. */
#pragma once

#include "media/gst/kcrecorder.h"

typedef struct _KcRecording KcRecording;

/* Writes the vault's header. Takes over the descriptor in any case. */
KcRecording *kc_recording_new(KcRecorderWriter *writer, const KcRecorderConfig *config, GError **error);

/* Takes over `chunk`. FALSE: the recording has failed, or fails now because too much waits for the disk. */
gboolean kc_recording_push(KcRecording *recording, GBytes *chunk);

/* The newest picture's frames, read from the file behind what was pushed. */
void kc_recording_read_gop(KcRecording *recording, KcGopFunc func, gpointer user_data);

/* Lets go of the recording: it is finished behind what was pushed. */
void kc_recording_finish(KcRecording *recording);
