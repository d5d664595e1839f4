/* Who waits is drawn by lot among the seats that are free, where the desk's policy says so.
 *
 * Invariants
 *
 * 1. A draw uses a commitment that an earlier transaction made, and makes the next one.
 * 2. A draw, the offer to who was drawn, the next commitment and their log entries are one transaction.
 * 3. One draw a transaction: whom it asks, the next one sees.
 * 4. A moment in which nothing is to be drawn costs one read and no write. */
#include "src/app/draws.h"
#include "src/app/injury_check.h"
#include "src/app/internal.h"
#include "src/app/seats.h"
#include "src/base/hex.h"
#include "src/evidence/random.h"
#include "src/store/recusal_store.h"
#include "src/store/user_store.h"

typedef struct {
    KcApp *app;
    gint64 now_us;
    GPtrArray *seats, *standing; /* KcSeatView; KcOffer */
    gboolean due, drew;
} Drawing;

/* ---- who may be drawn ---- */

static gboolean
is_asked(const Drawing *self, const char *user_id)
{
    for (guint i = 0; i < self->standing->len; i++) {
        const KcOffer *offer = self->standing->pdata[i];
        if (strcmp(offer->to_user, user_id) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_offered(const Drawing *self, const char *case_id)
{
    for (guint i = 0; i < self->standing->len; i++) {
        const KcOffer *offer = self->standing->pdata[i];
        if (strcmp(offer->case_id, case_id) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Free, of a role that takes part, and not asked to take another case at this moment. */
static gboolean
is_ready(const Drawing *self, const KcSeatView *seat)
{
    return seat->status == KC_SEAT_FREE && (kc_rules_desk(kc_app_rules(self->app))->draw_among & 1u << seat->role) != 0 &&
           !is_asked(self, seat->user_id);
}

static gboolean
qualifies(const Drawing *self, KcTx *tx, const KcSeatView *seat, const KcCaseRow *row, gboolean *ret_does,
          GError **error)
{
    g_autoptr(KcUser) user = NULL;
    gboolean barred;
    if (!kc_user_store_get(tx, seat->user_id, &user, error) ||
        !kc_recusal_store_is_barred(tx, row->id, seat->user_id, &barred, error))
        return FALSE;
    *ret_does = user != NULL && !barred && kc_app_covers(user, row) && kc_app_has_grade(self->app, user, row);
    return TRUE;
}

static int
by_id(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their ids; empty: nobody. NULL on an error. */
static GStrv
candidates_of(const Drawing *self, KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < self->seats->len; i++) {
        const KcSeatView *seat = self->seats->pdata[i];
        gboolean does = FALSE;
        if (!is_ready(self, seat))
            continue;
        if (!qualifies(self, tx, seat, row, &does, error))
            return NULL;
        if (does)
            g_ptr_array_add(ids, g_strdup(seat->user_id));
    }
    g_ptr_array_sort(ids, by_id);
    g_ptr_array_add(ids, NULL);
    g_ptr_array_set_free_func(ids, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}

/* The case that has waited longest, of those that somebody can be drawn for; NULL in `*ret_row`: there is none. */
static gboolean
find_case(Drawing *self, KcTx *tx, KcCaseRow **ret_row, GStrv *ret_candidates, GError **error)
{
    g_autoptr(GPtrArray) waiting = kc_case_store_queue(tx, NULL, error);
    *ret_row = NULL;
    for (guint i = 0; waiting != NULL && i < waiting->len && *ret_row == NULL; i++) {
        const KcCaseRow *row = waiting->pdata[i];
        if (is_offered(self, row->id))
            continue;
        g_auto(GStrv) candidates = candidates_of(self, tx, row, error);
        if (candidates == NULL)
            return FALSE;
        if (candidates[0] == NULL)
            continue;
        *ret_candidates = g_steal_pointer(&candidates);
        *ret_row = g_ptr_array_steal_index(waiting, i);
    }
    return waiting != NULL;
}

static gboolean
load_desk(Drawing *self, KcTx *tx, GError **error)
{
    g_clear_pointer(&self->seats, g_ptr_array_unref);
    g_clear_pointer(&self->standing, g_ptr_array_unref);
    self->standing = kc_offer_store_standing(tx, error);
    self->seats = self->standing != NULL ? kc_app_seats(self->app, tx, NULL, error) : NULL;
    return self->seats != NULL;
}

/* ---- commit ---- */

static gboolean
commit_to_next(const Drawing *self, KcTx *tx, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    gint64 count = 0;
    if (!kc_draw_store_count(tx, &count, error))
        return FALSE;
    kc_random_bytes(seed, sizeof seed);
    g_autofree char *commitment = kc_draw_commitment(seed);
    const KcDrawRow row = {.number = count + 1, .commitment = commitment, .committed_us = self->now_us};
    gboolean kept = kc_draw_store_commit(tx, &row, seed, error);
    kc_key_wipe(seed, sizeof seed);
    return kept && kc_app_log(tx, NULL, NULL, "draw.committed", self->now_us,
                              json_pack("{s:I, s:s}", "number", (json_int_t)row.number, "commitment", commitment),
                              error);
}

/* ---- draw ---- */

static json_t *
entry_of(const KcDrawRow *draw)
{
    json_t *candidates = json_array();
    for (guint i = 0; draw->candidates[i] != NULL; i++)
        json_array_append_new(candidates, json_string(draw->candidates[i]));
    return json_pack("{s:I, s:s, s:s, s:o, s:s, s:s}", "number", (json_int_t)draw->number, "commitment",
                     draw->commitment, "seed", draw->seed, "candidates", candidates, "chosen", draw->chosen, "offer_id",
                     draw->offer_id);
}

static gboolean
reveal(const Drawing *self, KcTx *tx, const KcDrawRow *draw, GError **error)
{
    if (kc_draw_store_reveal(tx, draw, error) != KC_UPDATE_DONE)
        return FALSE;
    return kc_app_log(tx, NULL, draw->case_id, "draw.made", self->now_us, entry_of(draw), error) &&
           kc_app_emit(tx, "draw.made", draw->case_id, "desk", NULL, self->now_us,
                       json_pack("{s:I}", "number", (json_int_t)draw->number), error);
}

/* Takes `candidates`. */
static gboolean
draw_case(const Drawing *self, KcTx *tx, KcDrawRow *draw, const KcCaseRow *row, GStrv candidates, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    KcOffer *offer = NULL;
    draw->candidates = candidates;
    if (!kc_draw_store_seed(tx, draw->number, seed, error))
        return FALSE;
    draw->seed = kc_hex_encode(seed, sizeof seed);
    draw->case_id = g_strdup(row->id);
    draw->drawn_us = self->now_us;
    draw->chosen = g_strdup(candidates[kc_draw_place(seed, draw->number, row->id, g_strv_length(candidates))]);
    if (!kc_app_make_offer(self->app, tx, NULL, row, draw->chosen, &offer, error))
        return FALSE;
    draw->offer_id = g_strdup(offer->id);
    kc_offer_free(offer);
    return reveal(self, tx, draw, error);
}

static gboolean
draw(KcTx *tx, gpointer data, GError **error)
{
    Drawing *self = data;
    g_autoptr(KcDrawRow) next = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    GStrv candidates = NULL;
    self->drew = FALSE;
    if (!kc_draw_store_next(tx, &next, error))
        return FALSE;
    if (next == NULL)
        return commit_to_next(self, tx, error);
    if (!load_desk(self, tx, error) || !find_case(self, tx, &row, &candidates, error))
        return FALSE;
    self->drew = row != NULL;
    return row == NULL || (draw_case(self, tx, next, row, candidates, error) && commit_to_next(self, tx, error));
}

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Drawing *self = data;
    g_autoptr(KcDrawRow) next = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    g_auto(GStrv) candidates = NULL;
    if (!kc_draw_store_next(tx, &next, error) || !load_desk(self, tx, error) ||
        !find_case(self, tx, &row, &candidates, error))
        return FALSE;
    self->due = next == NULL || row != NULL;
    return TRUE;
}

gboolean
kc_app_draw_cases(KcApp *app, GError **error)
{
    Drawing self = {.app = app, .now_us = kc_app_now(app)};
    gboolean done = TRUE;
    if (kc_rules_desk(kc_app_rules(app))->assignment != KC_ASSIGN_DRAW)
        return TRUE;
    do {
        self.drew = FALSE;
        done = kc_store_read(app->store, look, &self, error) &&
               (!self.due || kc_store_write(app->store, draw, &self, error));
    } while (done && self.drew);
    g_clear_pointer(&self.seats, g_ptr_array_unref);
    g_clear_pointer(&self.standing, g_ptr_array_unref);
    return done;
}

void
kc_app_draw_at_once(KcApp *app)
{
    g_autoptr(GError) error = NULL;
    if (!kc_app_draw_cases(app, &error))
        g_warning("cases can't be drawn by lot: %s", error->message);
}
