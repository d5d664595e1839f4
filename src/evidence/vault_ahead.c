/* Invariants, under the lock:
 *  - the ring holds the pieces from the one that is being read on, in order and without gaps; `next` is the chunk behind
 *    the last of them;
 *  - a piece that is TAKEN belongs to the thread that took it, and stays in the ring until it is READY;
 *  - `waiting` counts the threads that wait for `changed`: nobody is called when it is 0;
 *  - while `helping`, a thread of the pool has, or will have, a reference; it touches nothing that is borrowed unless it
 *    has taken a piece, and when `closed` it takes none. */
#include "src/evidence/vault_ahead.h"

#include <sys/resource.h>

#define PIECE_BYTES (128 * 1024)
#define PIECES 4
#define MOST_HELPERS 4
#define HELPER_NICER_BY 5

typedef enum { WAITING, TAKEN, READY } PieceState;

typedef struct {
    PieceState state;
    guint32 first, end; /* chunks */
    GByteArray *plain;
    GError *error;
} Piece;

struct KcVaultAhead {
    KcVaultHand own, helper;
    KcVaultCipher *twin; /* the helper's; NULL: this machine has one processor */
    GMutex lock;
    GCond changed;
    Piece ring[PIECES];
    guint head, count, waiting;
    guint32 next, end;
    gboolean helping, closed;
};

static void help(gpointer data, gpointer user_data);

/* Exclusive, since its threads are nicer than others. */
static GThreadPool *
helpers(void)
{
    static GThreadPool *pool = NULL;
    static gsize made = 0;
    if (g_once_init_enter(&made)) {
        guint others = MAX(g_get_num_processors(), 2) - 1;
        pool = g_thread_pool_new(help, NULL, (gint)MIN(others, MOST_HELPERS), TRUE, NULL);
        g_once_init_leave(&made, 1);
    }
    return pool;
}

KcVaultAhead *
kc_vault_ahead_new(KcVaultHand hand)
{
    KcVaultAhead *ahead = g_atomic_rc_box_new0(KcVaultAhead);
    ahead->own = ahead->helper = hand;
    ahead->own.record = g_byte_array_new();
    ahead->helper.record = g_byte_array_new();
    if (g_get_num_processors() > 1)
        ahead->helper.cipher = ahead->twin = kc_vault_cipher_twin(hand.cipher);
    g_mutex_init(&ahead->lock);
    g_cond_init(&ahead->changed);
    for (guint i = 0; i < PIECES; i++)
        ahead->ring[i].plain = g_byte_array_new();
    return ahead;
}

static void
clear(gpointer data)
{
    KcVaultAhead *ahead = data;
    for (guint i = 0; i < PIECES; i++) {
        g_byte_array_unref(ahead->ring[i].plain);
        g_clear_error(&ahead->ring[i].error);
    }
    g_byte_array_unref(ahead->own.record);
    g_byte_array_unref(ahead->helper.record);
    kc_vault_cipher_free(ahead->twin);
    g_mutex_clear(&ahead->lock);
    g_cond_clear(&ahead->changed);
}

/* ---- The ring, under the lock ---- */

static void
wait_for_change(KcVaultAhead *ahead)
{
    ahead->waiting++;
    g_cond_wait(&ahead->changed, &ahead->lock);
    ahead->waiting--;
}

static Piece *
piece_at(KcVaultAhead *ahead, guint i)
{
    return &ahead->ring[(ahead->head + i) % PIECES];
}

static Piece *
first_waiting(KcVaultAhead *ahead)
{
    for (guint i = 0; i < ahead->count; i++)
        if (piece_at(ahead, i)->state == WAITING)
            return piece_at(ahead, i);
    return NULL;
}

static void
call_help(KcVaultAhead *ahead)
{
    if (ahead->twin == NULL || ahead->helping || first_waiting(ahead) == NULL)
        return;
    ahead->helping = TRUE;
    g_thread_pool_push(helpers(), g_atomic_rc_box_acquire(ahead), NULL);
}

static void
hand_out(KcVaultAhead *ahead)
{
    while (ahead->count < PIECES && ahead->next < ahead->end) {
        Piece *piece = piece_at(ahead, ahead->count++);
        piece->state = WAITING;
        piece->first = ahead->next;
        piece->end = ahead->next = kc_vault_runs_cut(ahead->own.offsets, ahead->next, ahead->end, PIECE_BYTES);
    }
    call_help(ahead);
}

/* Lets go of the pieces that end before chunk `number` does. */
static void
pass(KcVaultAhead *ahead, guint32 number)
{
    while (ahead->count > 0 && piece_at(ahead, 0)->end <= number) {
        while (piece_at(ahead, 0)->state == TAKEN)
            wait_for_change(ahead);
        g_clear_error(&piece_at(ahead, 0)->error);
        ahead->head = (ahead->head + 1) % PIECES;
        ahead->count--;
    }
}

/* Without the lock while it reads. */
static void
open_piece(KcVaultAhead *ahead, Piece *piece, const KcVaultHand *hand)
{
    piece->state = TAKEN;
    g_mutex_unlock(&ahead->lock);
    g_byte_array_set_size(piece->plain, (guint)(hand->offsets[piece->end] - hand->offsets[piece->first]));
    kc_vault_runs_read(hand, piece->first, piece->end, piece->plain->data, &piece->error);
    g_mutex_lock(&ahead->lock);
    piece->state = READY;
    if (ahead->waiting > 0)
        g_cond_broadcast(&ahead->changed);
}

/* ---- Two threads ---- */

/* What nobody waits for yet gives way to what somebody does: the thread that sends, and a client on this machine. */
static void
be_nicer(void)
{
    static _Thread_local gboolean done = FALSE;
    if (!done)
        setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + HELPER_NICER_BY); /* of this thread, in Linux */
    done = TRUE;
}

static void
help(gpointer data, gpointer user_data G_GNUC_UNUSED)
{
    KcVaultAhead *ahead = data;
    Piece *piece;
    be_nicer();
    g_mutex_lock(&ahead->lock);
    while (!ahead->closed && (piece = first_waiting(ahead)) != NULL)
        open_piece(ahead, piece, &ahead->helper);
    ahead->helping = FALSE;
    g_mutex_unlock(&ahead->lock);
    g_atomic_rc_box_release_full(ahead, clear);
}

void
kc_vault_ahead_expect(KcVaultAhead *ahead, guint32 first, guint32 end)
{
    g_mutex_lock(&ahead->lock);
    pass(ahead, G_MAXUINT32);
    ahead->next = first;
    ahead->end = end;
    hand_out(ahead);
    g_mutex_unlock(&ahead->lock);
}

gboolean
kc_vault_ahead_expects(const KcVaultAhead *ahead, guint32 number)
{
    /* Only the thread that reads changes these. */
    guint32 first = ahead->count > 0 ? ahead->ring[ahead->head].first : ahead->next;
    return number >= first && number < ahead->end;
}

gboolean
kc_vault_ahead_take(KcVaultAhead *ahead, guint32 number, KcVaultPiece *ret_piece, GError **error)
{
    g_mutex_lock(&ahead->lock);
    do {
        pass(ahead, number);
        hand_out(ahead);
    } while (piece_at(ahead, 0)->end <= number);
    Piece *piece = piece_at(ahead, 0);
    while (piece->state != READY) {
        Piece *mine = piece->state == WAITING ? piece : first_waiting(ahead);
        if (mine != NULL)
            open_piece(ahead, mine, &ahead->own);
        else
            wait_for_change(ahead);
    }
    g_mutex_unlock(&ahead->lock);
    if (piece->error != NULL) {
        g_propagate_error(error, g_error_copy(piece->error));
        return FALSE;
    }
    *ret_piece = (KcVaultPiece){piece->plain->data, ahead->own.offsets[piece->first], ahead->own.offsets[piece->end]};
    return TRUE;
}

void
kc_vault_ahead_free(KcVaultAhead *ahead)
{
    if (ahead == NULL)
        return;
    g_mutex_lock(&ahead->lock);
    ahead->closed = TRUE;
    pass(ahead, G_MAXUINT32);
    g_mutex_unlock(&ahead->lock);
    g_atomic_rc_box_release_full(ahead, clear);
}
