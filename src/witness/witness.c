/* Invariants
 *
 * 1. What is cosigned is on the disk first, and in `known` after.
 * 2. For each log, sizes only grow, and one size has one root. */
#include "src/witness/witness.h"
#include "src/evidence/checkpoint.h"
#include "src/evidence/digest.h"
#include "src/evidence/key_file.h"
#include "src/evidence/note.h"
#include "src/evidence/witness_request.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PLAIN "text/plain; charset=utf-8"

G_DEFINE_QUARK(kc-witness-error-quark, kc_witness_error)

typedef struct {
    char *origin;
    char *path;
    GPtrArray *keys;    /* of KcNoteVerifier */
    KcCheckpoint known; /* of size 0: nothing was cosigned yet */
} Log;

struct KcWitness {
    char *state_dir;
    KcNoteSigner *signer;
    GPtrArray *logs; /* of Log */
    GMutex turn;
};

static void
log_free(Log *log)
{
    g_free(log->origin);
    g_free(log->path);
    g_ptr_array_unref(log->keys);
    kc_checkpoint_clear(&log->known);
    g_free(log);
}

static Log *
find_log(const KcWitness *witness, const char *origin)
{
    for (guint i = 0; i < witness->logs->len; i++) {
        Log *log = witness->logs->pdata[i];
        if (strcmp(log->origin, origin) == 0)
            return log;
    }
    return NULL;
}

/* The text of `note` if the log has signed it; owned. */
static char *
open_note(const Log *log, const char *note)
{
    for (guint i = 0; i < log->keys->len; i++) {
        char *text = kc_note_open(note, log->keys->pdata[i], NULL, NULL);
        if (text != NULL)
            return text;
    }
    return NULL;
}

/* ---- Opening ---- */

static gboolean
bad_state(GError **error, const char *path, const char *why)
{
    g_set_error(error, KC_WITNESS_ERROR, KC_WITNESS_ERROR_STATE, "%s: %s", path, why);
    return FALSE;
}

static gboolean
read_known(Log *log, GError **error)
{
    g_autofree char *note = NULL;
    g_autoptr(GError) problem = NULL;
    if (!g_file_get_contents(log->path, &note, NULL, &problem))
        return g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT) || bad_state(error, log->path, problem->message);
    g_autofree char *text = open_note(log, note);
    if (text == NULL || !kc_checkpoint_parse(text, &log->known, NULL) || strcmp(log->known.origin, log->origin) != 0)
        return bad_state(error, log->path, "not a checkpoint of that log; put the file back, or know its keys");
    return TRUE;
}

static Log *
add_log(KcWitness *witness, const char *origin)
{
    Log *log = g_new0(Log, 1);
    g_autofree char *hash = kc_sha256_hex(origin, strlen(origin));
    g_autofree char *name = g_strconcat(hash, ".checkpoint", NULL);
    log->origin = g_strdup(origin);
    log->path = g_build_filename(witness->state_dir, name, NULL);
    log->keys = g_ptr_array_new_with_free_func((GDestroyNotify)kc_note_verifier_free);
    g_ptr_array_add(witness->logs, log);
    return log;
}

static gboolean
take_keys(KcWitness *witness, const char *const *logs, GError **error)
{
    for (; logs != NULL && *logs != NULL; logs++) {
        g_autoptr(GError) problem = NULL;
        KcNoteVerifier *key = kc_note_verifier_new(*logs, &problem);
        if (key == NULL) {
            g_set_error(error, KC_WITNESS_ERROR, KC_WITNESS_ERROR_KEY, "%s: %s", *logs, problem->message);
            return FALSE;
        }
        Log *log = find_log(witness, kc_note_verifier_name(key));
        if (log == NULL)
            log = add_log(witness, kc_note_verifier_name(key));
        g_ptr_array_add(log->keys, key);
    }
    for (guint i = 0; i < witness->logs->len; i++)
        if (!read_known(witness->logs->pdata[i], error))
            return FALSE;
    return TRUE;
}

static gboolean
take_signer(KcWitness *witness, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(witness->state_dir, "witness.key", NULL);
    g_autoptr(GError) problem = NULL;
    guint8 seed[KC_KEY_LEN];
    if (!kc_key_file_read(path, TRUE, seed, &problem))
        return bad_state(error, path, problem->message);
    witness->signer = kc_note_signer_new(name, KC_NOTE_COSIGNATURE_V1, seed, &problem);
    kc_key_wipe(seed, sizeof seed);
    if (witness->signer == NULL)
        g_set_error(error, KC_WITNESS_ERROR, KC_WITNESS_ERROR_KEY, "%s: %s", name, problem->message);
    return witness->signer != NULL;
}

KcWitness *
kc_witness_new(const char *state_dir, const char *name, const char *const *logs, GError **error)
{
    g_autoptr(KcWitness) witness = g_new0(KcWitness, 1);
    witness->state_dir = g_strdup(state_dir);
    witness->logs = g_ptr_array_new_with_free_func((GDestroyNotify)log_free);
    g_mutex_init(&witness->turn);
    if (g_mkdir_with_parents(state_dir, 0700) != 0) {
        bad_state(error, state_dir, g_strerror(errno));
        return NULL;
    }
    if (!take_signer(witness, name, error) || !take_keys(witness, logs, error))
        return NULL;
    return g_steal_pointer(&witness);
}

void
kc_witness_free(KcWitness *witness)
{
    if (witness == NULL)
        return;
    kc_note_signer_free(witness->signer);
    g_ptr_array_unref(witness->logs);
    g_mutex_clear(&witness->turn);
    g_free(witness->state_dir);
    g_free(witness);
}

char *
kc_witness_public(const KcWitness *witness)
{
    return kc_note_signer_public(witness->signer);
}

/* ---- Answering ---- */

void
kc_witness_reply_clear(KcWitnessReply *reply)
{
    g_clear_pointer(&reply->body, g_free);
}

static KcWitnessReply
say(guint status, const char *text)
{
    return (KcWitnessReply){status, PLAIN, g_strconcat(text, "\n", NULL)};
}

static KcWitnessReply
say_known(const Log *log)
{
    return (KcWitnessReply){409, KC_WITNESS_SIZE_TYPE, g_strdup_printf("%" G_GUINT64_FORMAT "\n", log->known.size)};
}

/* Whether `head` follows from what is known; else `ret_reply` says why not. */
static gboolean
follows(const Log *log, const KcWitnessRequest *request, const KcCheckpoint *head, KcWitnessReply *ret_reply)
{
    if (request->old_size > head->size) {
        *ret_reply = say(400, "the old size is more than that of the checkpoint");
        return FALSE;
    }
    if (request->old_size != log->known.size) {
        *ret_reply = say_known(log);
        return FALSE;
    }
    if (log->known.size == head->size && log->known.size > 0) {
        gboolean same = memcmp(log->known.root.bytes, head->root.bytes, KC_MERKLE_HASH_LEN) == 0;
        if (!same)
            *ret_reply = say_known(log);
        return same;
    }
    gboolean grown = log->known.size == 0 ? request->proof.count == 0
                                          : kc_merkle_check_growth(log->known.size, &log->known.root, head->size,
                                                                   &head->root, &request->proof);
    if (!grown)
        *ret_reply = say(422, "the proof does not show that the log has grown from what was cosigned before");
    return grown;
}

/* Invariant 1. */
static gboolean
keep(Log *log, const char *note, KcCheckpoint *head)
{
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents_full(log->path, note, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  0600, &error)) {
        g_warning("%s: %s", log->path, error->message);
        return FALSE;
    }
    kc_checkpoint_clear(&log->known);
    log->known = *head;
    *head = (KcCheckpoint){0};
    return TRUE;
}

static KcWitnessReply
cosign(KcWitness *witness, const KcWitnessRequest *request, gint64 now_s)
{
    g_auto(KcCheckpoint) head = {0};
    KcWitnessReply reply;
    g_autofree char *claimed = kc_note_text(request->note, NULL);
    if (claimed == NULL || !kc_checkpoint_parse(claimed, &head, NULL))
        return say(400, "no checkpoint follows the proof");
    Log *log = find_log(witness, head.origin);
    if (log == NULL)
        return say(404, "this log is not one that is witnessed here");
    g_autofree char *text = open_note(log, request->note);
    if (text == NULL)
        return say(403, "the checkpoint is not signed by a key of the log");
    if (!follows(log, request, &head, &reply))
        return reply;
    if (!keep(log, request->note, &head))
        return say(500, "the witness can't write down what it would sign");
    return (KcWitnessReply){200, PLAIN, kc_note_sign(witness->signer, text, now_s)};
}

KcWitnessReply
kc_witness_add_checkpoint(KcWitness *witness, const char *body, gint64 now_s)
{
    g_auto(KcWitnessRequest) request = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_witness_request_parse(body, &request, &error))
        return say(400, error->message);
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&witness->turn);
    return cosign(witness, &request, now_s);
}

char *
kc_witness_describe(KcWitness *witness)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&witness->turn);
    g_autofree char *public = kc_witness_public(witness);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "A witness of transparency logs (C2SP tlog-witness).\n%s\n", public);
    for (guint i = 0; i < witness->logs->len; i++) {
        const Log *log = witness->logs->pdata[i];
        g_string_append_printf(text, "%s %" G_GUINT64_FORMAT "\n", log->origin, log->known.size);
    }
    return g_string_free(text, FALSE);
}
