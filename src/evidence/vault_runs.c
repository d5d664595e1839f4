/* Invariants
 *  - a share is read by exactly one thread: the one that took it (`taken`);
 *  - the caller does not return before a share that another thread took is done, so what it borrows stays alive; one that
 *    nobody took is only let go of by the pool.
 *
 * The file is read and not mapped: who can write to it could otherwise change a chunk between the check of its tag and
 * its decryption. */
#include "src/evidence/vault_runs.h"

#include "src/evidence/vault_scan.h"

/* Read from the file at once, if it is more than one chunk: so little that it is still near the processor when it is
 * opened. */
#define SPAN_BYTES (64 * 1024)
/* Below this it costs more to wake another thread than to read. */
#define SHARED_BYTES (128 * 1024)
#define MOST_HELPERS 4

/* What one thread reads with. */
typedef struct {
    KcVaultCipher *cipher;
    GByteArray *record; /* scratch */
} Hand;

struct KcVaultRuns {
    int fd;
    const guint64 *offsets;
    Hand own;    /* its cipher is borrowed */
    Hand helper; /* has a cipher if runs are shared */
};

KcVaultRuns *
kc_vault_runs_new(int fd, const KcVaultCipher *cipher, const guint64 *offsets)
{
    KcVaultRuns *runs = g_new0(KcVaultRuns, 1);
    *runs = (KcVaultRuns){fd, offsets, {(KcVaultCipher *)cipher, g_byte_array_new()}, {NULL, g_byte_array_new()}};
    return runs;
}

void
kc_vault_runs_free(KcVaultRuns *runs)
{
    if (runs == NULL)
        return;
    kc_vault_cipher_free(runs->helper.cipher);
    g_byte_array_unref(runs->own.record);
    g_byte_array_unref(runs->helper.record);
    g_free(runs);
}

void
kc_vault_runs_share(KcVaultRuns *runs)
{
    if (runs->helper.cipher == NULL && g_get_num_processors() > 1)
        runs->helper.cipher = kc_vault_cipher_twin(runs->own.cipher);
}

/* ---- One thread ---- */

/* As many chunks as make a span, at least one. */
static guint32
end_of_span(const KcVaultRuns *runs, guint32 first, guint32 end)
{
    guint32 last = first + 1;
    while (last < end && runs->offsets[last + 1] - runs->offsets[first] <= SPAN_BYTES)
        last++;
    return last;
}

/* One read of the file. */
static gboolean
read_span(const KcVaultRuns *runs, const Hand *hand, guint32 first, guint32 end, guint8 *out, GError **error)
{
    guint64 from = kc_vault_file_offset(runs->offsets[first], first);
    guint64 to = kc_vault_file_offset(runs->offsets[end], end);
    g_byte_array_set_size(hand->record, (guint)(to - from));
    const guint8 *record = hand->record->data;
    if (!kc_vault_pread(runs->fd, hand->record->data, hand->record->len, from, error))
        return FALSE;
    for (guint32 number = first; number < end; number++) {
        KcVaultPrefix prefix = {.len = (guint32)(runs->offsets[number + 1] - runs->offsets[number]), .last = FALSE};
        if (!kc_vault_open_record(hand->cipher, number, prefix, record, out, error))
            return FALSE;
        record += prefix.len + KC_VAULT_OVERHEAD;
        out += prefix.len;
    }
    return TRUE;
}

static gboolean
read_spans(const KcVaultRuns *runs, const Hand *hand, guint32 first, guint32 end, guint8 *out, GError **error)
{
    while (first < end) {
        guint32 next = end_of_span(runs, first, end);
        if (!read_span(runs, hand, first, next, out, error))
            return FALSE;
        out += runs->offsets[next] - runs->offsets[first];
        first = next;
    }
    return TRUE;
}

/* ---- Two ---- */

typedef struct {
    const KcVaultRuns *runs;
    guint32 first, end;
    guint8 *out;
    gint taken; /* atomic */
    GMutex lock;
    GCond ended;
    gboolean done, good; /* under the lock */
    GError *error;
} Share;

static void
share_clear(gpointer data)
{
    Share *share = data;
    g_clear_error(&share->error);
    g_mutex_clear(&share->lock);
    g_cond_clear(&share->ended);
}

static gboolean
take_share(Share *share)
{
    return g_atomic_int_compare_and_exchange(&share->taken, FALSE, TRUE);
}

static void
help(gpointer data, gpointer user_data G_GNUC_UNUSED)
{
    Share *share = data;
    if (take_share(share)) {
        gboolean good = read_spans(share->runs, &share->runs->helper, share->first, share->end, share->out, &share->error);
        g_mutex_lock(&share->lock);
        share->good = good;
        share->done = TRUE;
        g_cond_signal(&share->ended);
        g_mutex_unlock(&share->lock);
    }
    g_atomic_rc_box_release_full(share, share_clear);
}

static GThreadPool *
helpers(void)
{
    static GThreadPool *pool = NULL;
    static gsize made = 0;
    if (g_once_init_enter(&made)) {
        guint others = MAX(g_get_num_processors(), 2) - 1;
        pool = g_thread_pool_new(help, NULL, (gint)MIN(others, MOST_HELPERS), FALSE, NULL);
        g_once_init_leave(&made, 1);
    }
    return pool;
}

static Share *
hand_out(const KcVaultRuns *runs, guint32 first, guint32 end, guint8 *out)
{
    Share *share = g_atomic_rc_box_new0(Share);
    share->runs = runs;
    share->first = first;
    share->end = end;
    share->out = out;
    g_mutex_init(&share->lock);
    g_cond_init(&share->ended);
    g_thread_pool_push(helpers(), g_atomic_rc_box_acquire(share), NULL);
    return share;
}

/* Reads it here if nobody has begun to. */
static gboolean
take_in(Share *share, GError **error)
{
    const KcVaultRuns *runs = share->runs;
    if (take_share(share))
        return read_spans(runs, &runs->own, share->first, share->end, share->out, error);
    g_mutex_lock(&share->lock);
    while (!share->done)
        g_cond_wait(&share->ended, &share->lock);
    gboolean good = share->good;
    g_mutex_unlock(&share->lock);
    if (!good)
        g_propagate_error(error, g_steal_pointer(&share->error));
    return good;
}

/* The chunk with which the second half begins. */
static guint32
middle_of(const KcVaultRuns *runs, guint32 first, guint32 end)
{
    guint64 half = runs->offsets[first] + (runs->offsets[end] - runs->offsets[first]) / 2;
    guint32 middle = first + 1;
    while (middle < end && runs->offsets[middle] < half)
        middle++;
    return middle;
}

static gboolean
read_shared(KcVaultRuns *runs, guint32 first, guint32 end, guint8 *out, GError **error)
{
    guint32 middle = middle_of(runs, first, end);
    Share *share = hand_out(runs, middle, end, out + (runs->offsets[middle] - runs->offsets[first]));
    g_autoptr(GError) second = NULL;
    gboolean good = read_spans(runs, &runs->own, first, middle, out, error);
    if (!take_in(share, &second) && good) {
        g_propagate_error(error, g_steal_pointer(&second));
        good = FALSE;
    }
    g_atomic_rc_box_release_full(share, share_clear);
    return good;
}

gboolean
kc_vault_runs_read(KcVaultRuns *runs, guint32 first, guint32 end, guint8 *out, GError **error)
{
    gboolean shared = runs->helper.cipher != NULL && end - first > 1 &&
                      runs->offsets[end] - runs->offsets[first] >= SHARED_BYTES;
    return shared ? read_shared(runs, first, end, out, error)
                  : read_spans(runs, &runs->own, first, end, out, error);
}
