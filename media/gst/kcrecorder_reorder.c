/* Invariants: `next` is the number that is waited for; a slot holds a packet only for numbers in (next, next +
 * KC_REORDER_PACKETS); `waiting` counts them. */
#include "media/gst/kcrecorder_reorder.h"

#include <string.h>

typedef struct {
    KcRtpView view; /* of `payload` */
    guint8 payload[];
} Waiting;

struct _KcReorder {
    KcReorderFunc func;
    gpointer user_data;
    gboolean started;
    gboolean lost; /* before the next packet that is handed out */
    guint16 next;
    guint waiting;
    Waiting *slots[KC_REORDER_PACKETS]; /* by number; NULL: empty */
};

KcReorder *
kc_reorder_new(KcReorderFunc func, gpointer user_data)
{
    KcReorder *reorder = g_new0(KcReorder, 1);
    reorder->func = func;
    reorder->user_data = user_data;
    return reorder;
}

void
kc_reorder_reset(KcReorder *reorder)
{
    for (guint i = 0; i < KC_REORDER_PACKETS && reorder->waiting > 0; i++) {
        if (reorder->slots[i] == NULL)
            continue;
        g_clear_pointer(&reorder->slots[i], g_free);
        reorder->waiting--;
    }
    reorder->started = FALSE;
    reorder->lost = FALSE;
}

void
kc_reorder_free(KcReorder *reorder)
{
    if (reorder == NULL)
        return;
    kc_reorder_reset(reorder);
    g_free(reorder);
}

static void
hand_out(KcReorder *reorder, const KcRtpView *view)
{
    gboolean lost = reorder->lost;
    reorder->lost = FALSE;
    reorder->next = (guint16)(view->seq + 1);
    reorder->func(view, lost, reorder->user_data);
}

static Waiting **
slot_of(KcReorder *reorder, guint16 seq)
{
    return &reorder->slots[seq % KC_REORDER_PACKETS];
}

/* Hands out what follows without a hole. */
static void
drain(KcReorder *reorder)
{
    while (reorder->waiting > 0 && *slot_of(reorder, reorder->next) != NULL) {
        g_autofree Waiting *waiting = g_steal_pointer(slot_of(reorder, reorder->next));
        reorder->waiting--;
        hand_out(reorder, &waiting->view);
    }
}

static void
keep(KcReorder *reorder, const KcRtpView *view)
{
    Waiting **slot = slot_of(reorder, view->seq);
    if (*slot != NULL)
        return;
    *slot = g_malloc(sizeof(Waiting) + view->size);
    (*slot)->view = *view;
    (*slot)->view.payload = (*slot)->payload;
    if (view->size > 0)
        memcpy((*slot)->payload, view->payload, view->size);
    reorder->waiting++;
}

void
kc_reorder_expire(KcReorder *reorder, gint64 now_us, gint64 wait_us)
{
    while (reorder->waiting > 0) {
        guint16 seq = reorder->next;
        while (*slot_of(reorder, seq) == NULL)
            seq++;
        if (wait_us > 0 && now_us - (*slot_of(reorder, seq))->view.arrival_us < wait_us)
            return;
        reorder->next = seq;
        reorder->lost = TRUE;
        drain(reorder);
    }
}

void
kc_reorder_push(KcReorder *reorder, const KcRtpView *view)
{
    if (!reorder->started) {
        reorder->started = TRUE;
        reorder->next = view->seq;
    }
    gint ahead = kc_seq_diff(view->seq, reorder->next);
    if (ahead < 0 && ahead > -KC_REORDER_JUMP)
        return;
    if (ahead > 0 && ahead < KC_REORDER_PACKETS) {
        keep(reorder, view);
        return;
    }
    if (ahead != 0) {
        kc_reorder_expire(reorder, 0, 0);
        reorder->lost = TRUE;
    }
    hand_out(reorder, view);
    drain(reorder);
}

gboolean
kc_reorder_is_blocked(const KcReorder *reorder)
{
    return reorder->waiting > 0;
}
