/* Invariants
 *
 * 1. `peers` and the keys in it never change; what became of asking is under the app's lock.
 * 2. A cosignature is checked against the checkpoint as it is kept before it is kept itself. */
#include "src/app/witnesses.h"
#include "src/app/internal.h"
#include "src/app/witness_list.h"
#include "src/evidence/witness_request.h"
#include "src/store/checkpoint_store.h"
#include "src/store/log_tree.h"

#include <string.h>

#define ASK_AGAIN_US G_TIME_SPAN_MINUTE
#define ASK_AGAIN_MOST_US (30 * G_TIME_SPAN_MINUTE)
#define PATH "/add-checkpoint"

/* ---- The list ---- */

static void
peer_free(KcWitnessPeer *peer)
{
    kc_note_verifier_free(peer->verifier);
    g_free(peer->public);
    g_free(peer->url);
    g_free(peer->trouble);
    g_free(peer);
}

static KcWitnessPeer *
peer_parse(const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 2);
    g_autoptr(GError) problem = NULL;
    KcNoteVerifier *verifier = kc_note_verifier_new(parts[0] != NULL ? parts[0] : "", &problem);
    if (verifier == NULL || parts[1] == NULL || !g_regex_match_simple("^https?://[^\\s/]+(/\\S*)?$", parts[1], 0, 0)) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER, "\"%s\" is not the key of a witness, a space and its URL",
                    text);
        kc_note_verifier_free(verifier);
        return NULL;
    }
    KcWitnessPeer *peer = g_new0(KcWitnessPeer, 1);
    peer->verifier = verifier;
    peer->public = g_strdup(parts[0]);
    peer->url = g_strdup(parts[1]);
    if (g_str_has_suffix(peer->url, "/"))
        peer->url[strlen(peer->url) - 1] = '\0';
    return peer;
}

GPtrArray *
kc_witness_list_new(const KcWitnessOptions *options, GError **error)
{
    g_autoptr(GPtrArray) peers = g_ptr_array_new_with_free_func((GDestroyNotify)peer_free);
    for (guint i = 0; options->witnesses != NULL && options->witnesses[i] != NULL; i++) {
        KcWitnessPeer *peer = peer_parse(options->witnesses[i], error);
        if (peer == NULL)
            return NULL;
        g_ptr_array_add(peers, peer);
    }
    if (peers->len > KC_MAX_WITNESSES || options->quorum > peers->len) {
        g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_FOLDER, "a quorum of %u, of %u witnesses (%u at most)",
                    options->quorum, peers->len, KC_MAX_WITNESSES);
        return NULL;
    }
    return g_steal_pointer(&peers);
}

gboolean
kc_witness_options_check(const KcWitnessOptions *options, GError **error)
{
    g_autoptr(GPtrArray) peers = kc_witness_list_new(options, error);
    return peers != NULL;
}

/* ---- Asking one ---- */

typedef struct {
    KcApp *app;
    KcWitnessPeer *peer;
    gboolean told;        /* `request.old_size` is what the witness said */
    gboolean due;
    KcWitnessRequest request;
    KcCheckpointRow *newest;
    const char *lines; /* to be kept */
} Ask;

static void
ask_clear(Ask *ask)
{
    kc_witness_request_clear(&ask->request);
    kc_checkpoint_row_free(ask->newest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ask, ask_clear)

/* What to ask with: the newest checkpoint, and the proof that it has grown from what the witness knows. */
static gboolean
prepare(KcTx *tx, gpointer data, GError **error)
{
    Ask *ask = data;
    guint64 cosigned;
    gint64 at_us;
    KcMerkleRows rows = kc_log_tree_rows(tx);
    g_clear_pointer(&ask->newest, kc_checkpoint_row_free);
    if (!kc_checkpoint_store_newest(tx, &ask->newest, error) ||
        !kc_checkpoint_store_cosigned(tx, kc_note_verifier_name(ask->peer->verifier), &cosigned, &at_us, error))
        return FALSE;
    ask->due = ask->newest != NULL && ask->newest->size > cosigned;
    if (!ask->told)
        ask->request.old_size = cosigned;
    if (!ask->due || ask->request.old_size == 0 || ask->request.old_size >= ask->newest->size)
        return TRUE;
    return kc_merkle_prove_growth(&rows, ask->request.old_size, ask->newest->size, &ask->request.proof, error);
}

/* The line in `lines` by which `verifier` has signed the text of `note`; owned, NULL: there is none. */
static char *
find_cosignature(const char *note, const char *lines, const KcNoteVerifier *verifier)
{
    g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
    for (char **line = each; *line != NULL; line++) {
        if (**line == '\0')
            continue;
        g_autofree char *whole = g_strconcat(note, *line, "\n", NULL);
        g_autofree char *text = kc_note_open(whole, verifier, NULL, NULL);
        if (text != NULL)
            return g_strconcat(*line, "\n", NULL);
    }
    return NULL;
}

static gboolean
keep_line(KcTx *tx, const KcWitnessPeer *peer, guint64 size, const char *line, gint64 now_us, GError **error)
{
    const char *name = kc_note_verifier_name(peer->verifier);
    return kc_witness_store_keep(tx, name, peer->public, now_us, error) &&
           kc_checkpoint_store_cosign(tx, size, name, line, now_us, error);
}

static gboolean
keep_asked(KcTx *tx, gpointer data, GError **error)
{
    const Ask *ask = data;
    return keep_line(tx, ask->peer, ask->newest->size, ask->lines, kc_app_now(ask->app), error);
}

/* Takes `trouble`; NULL: all is well. */
static void
settle(Ask *ask, gboolean alarm, char *trouble)
{
    KcWitnessPeer *peer = ask->peer;
    const char *name = kc_note_verifier_name(peer->verifier);
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&ask->app->lock);
    if (trouble != NULL && g_strcmp0(trouble, peer->trouble) != 0)
        g_warning("the witness %s: %s", name, trouble);
    peer->failures = trouble != NULL ? peer->failures + 1 : 0;
    gint64 wait_us = MIN(ASK_AGAIN_US << MIN(peer->failures, 10), ASK_AGAIN_MOST_US) / 2;
    peer->next_us = trouble != NULL ? kc_app_now(ask->app) + wait_us : 0;
    peer->alarm = alarm;
    g_free(peer->trouble);
    peer->trouble = trouble;
}

static char *
contradiction(const Ask *ask, guint64 known)
{
    if (known == ask->newest->size)
        return g_strdup_printf("it has cosigned another log of %" G_GUINT64_FORMAT " entries: the log was written anew",
                               known);
    return g_strdup_printf("it has cosigned %" G_GUINT64_FORMAT " entries, the log has published %" G_GUINT64_FORMAT
                           ": it was cut, or put back to an older copy",
                           known, ask->newest->size);
}

static gboolean
take_cosignature(Ask *ask, const char *body, GError **error)
{
    g_autofree char *line = find_cosignature(ask->newest->note, body, ask->peer->verifier);
    ask->lines = line;
    if (line == NULL)
        settle(ask, FALSE, g_strdup("it answered without its own signature over the checkpoint"));
    else if (!kc_store_write(ask->app->store, keep_asked, ask, error))
        return FALSE;
    else
        settle(ask, FALSE, NULL);
    return TRUE;
}

static gboolean ask_once(Ask *ask, GError **error);

/* It knows another size than we thought: a smaller one is asked from again, once. */
static gboolean
take_conflict(Ask *ask, char *body, GError **error)
{
    guint64 known;
    if (!kc_witness_size_parse(g_strchomp(body), &known))
        settle(ask, FALSE, g_strdup("it refused (409) without the size that it knows"));
    else if (known > ask->newest->size || (known == ask->newest->size && ask->told))
        settle(ask, TRUE, contradiction(ask, known));
    else if (ask->told)
        settle(ask, FALSE, g_strdup("it keeps changing what it knows; is another service asking it for this log?"));
    else {
        ask->told = TRUE;
        ask->request.old_size = known;
        return ask_once(ask, error);
    }
    return TRUE;
}

static char *
first_line(const char *text)
{
    g_autofree char *line = g_strndup(text, MIN(strcspn(text, "\r\n"), 200));
    return g_utf8_make_valid(line, -1);
}

static gboolean
ask_once(Ask *ask, GError **error)
{
    guint status = 0;
    g_autofree char *body = NULL;
    g_autoptr(GError) unreachable = NULL;
    const KcWitnessOptions *options = &ask->app->witness;
    ask->request.proof.count = 0;
    if (!kc_store_read(ask->app->store, prepare, ask, error))
        return FALSE;
    if (!ask->due)
        return TRUE;
    kc_witness_request_clear(&ask->request);
    ask->request.note = g_strdup(ask->newest->note);
    g_autofree char *text = kc_witness_request_text(&ask->request);
    g_autofree char *url = g_strconcat(ask->peer->url, PATH, NULL);
    if (!options->post(options->post_data, url, text, &status, &body, &unreachable)) {
        settle(ask, FALSE, g_strdup(unreachable->message));
        return TRUE;
    }
    if (status == 200)
        return take_cosignature(ask, body, error);
    if (status == 409)
        return take_conflict(ask, body, error);
    g_autofree char *said = first_line(body);
    settle(ask, status == 422, g_strdup_printf("it refused (%u): %s", status, said));
    return TRUE;
}

gboolean
kc_app_ask_witnesses(KcApp *app, GError **error)
{
    for (guint i = 0; app->witness.post != NULL && i < app->witnesses->len; i++) {
        g_auto(Ask) ask = {.app = app, .peer = app->witnesses->pdata[i]};
        g_mutex_lock(&app->lock);
        gboolean turn = kc_app_now(app) >= ask.peer->next_us;
        g_mutex_unlock(&app->lock);
        if (turn && !ask_once(&ask, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- What they bring on their own ---- */

typedef struct {
    KcApp *app;
    guint64 size;
    const char *lines;
    KcResult *result;
} Bring;

static gboolean
bring(KcTx *tx, gpointer data, GError **error)
{
    const Bring *self = data;
    guint kept = 0;
    g_autoptr(KcCheckpointRow) row = NULL;
    if (!kc_checkpoint_store_get(tx, self->size, &row, error))
        return FALSE;
    if (row == NULL)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "no-checkpoint", "No checkpoint of that size was published.");
    for (guint i = 0; i < self->app->witnesses->len; i++) {
        const KcWitnessPeer *peer = self->app->witnesses->pdata[i];
        g_autofree char *line = find_cosignature(row->note, self->lines, peer->verifier);
        if (line == NULL)
            continue;
        if (!keep_line(tx, peer, self->size, line, kc_app_now(self->app), error))
            return FALSE;
        kept++;
    }
    return kept > 0 || kc_refuse_field(self->result, "/lines", "没有本日志的见证人对该检查点的签名 / no signature over that "
                                                               "checkpoint by a witness of this log");
}

gboolean
kc_app_add_cosignatures(KcApp *app, guint64 size, const char *lines, KcResult *result, GError **error)
{
    Bring self = {app, size, lines, result};
    return kc_app_write(app, bring, &self, result, error);
}

/* ---- How they stand ---- */

void
kc_witness_view_free(KcWitnessView *view)
{
    if (view == NULL)
        return;
    g_free(view->public);
    g_free(view->url);
    g_free(view->trouble);
    g_free(view);
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    const GPtrArray *views = data;
    for (guint i = 0; i < views->len; i++) {
        KcWitnessView *view = views->pdata[i];
        g_autofree char *name = g_strndup(view->public, strcspn(view->public, "+"));
        if (!kc_checkpoint_store_cosigned(tx, name, &view->size, &view->cosigned_us, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_app_list_witnesses(KcApp *app, GPtrArray **ret_witnesses, guint *ret_quorum, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_witness_view_free);
    g_mutex_lock(&app->lock);
    for (guint i = 0; i < app->witnesses->len; i++) {
        const KcWitnessPeer *peer = app->witnesses->pdata[i];
        KcWitnessView *view = g_new0(KcWitnessView, 1);
        view->public = g_strdup(peer->public);
        view->url = g_strdup(peer->url);
        view->trouble = g_strdup(peer->trouble);
        view->alarm = peer->alarm;
        g_ptr_array_add(views, view);
    }
    g_mutex_unlock(&app->lock);
    *ret_quorum = app->witness.quorum;
    if (!kc_app_read(app, list, views, result, error))
        return FALSE;
    *ret_witnesses = g_steal_pointer(&views);
    return TRUE;
}
