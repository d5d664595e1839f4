/* Invariants
 *
 * 1. Nobody is drawn whom the log names in the case: who had it, judged it, approved of it or only looked, has seen
 * what it came to.
 * 2. The seed is that of the sample, the candidates stand in the log: who has it draws the same. */
#include "src/app/blind.h"

#include "src/base/hex.h"
#include "src/store/sample_store.h"

#define LOG_PAGE 1000
#define DAY_US (24 * G_TIME_SPAN_HOUR)

/* ---- Who may ---- */

/* Ids of everybody of the staff whom the case's log names before that entry (0: at all). Owned set. */
static GHashTable *
involved(KcTx *tx, const char *case_id, gint64 before_seq, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gint64 seq = 0;
    for (guint read = LOG_PAGE; read == LOG_PAGE;) {
        g_autoptr(GPtrArray) page = kc_log_store_list(tx, case_id, seq, LOG_PAGE, error);
        if (page == NULL)
            return NULL;
        read = page->len;
        for (guint i = 0; i < page->len; i++) {
            const KcLogEntry *entry = page->pdata[i];
            seq = entry->seq;
            if (before_seq > 0 && seq >= before_seq)
                return g_steal_pointer(&ids);
            if (strcmp(entry->actor_kind, "user") == 0)
                g_hash_table_add(ids, g_strdup(entry->actor_id));
        }
    }
    return g_steal_pointer(&ids);
}

static gboolean
may_look(const KcUser *user, const KcCaseRow *row, GHashTable *ids)
{
    KcRole role;
    return !user->disabled && kc_role_from_string(user->role, &role) && kc_role_may(role, KC_ACTION_LOOK_BLIND) &&
           kc_app_covers(user, row) && !g_hash_table_contains(ids, user->id) &&
           g_strcmp0(user->id, row->officer_id) != 0;
}

static gint
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Their ids in order; owned. */
static GPtrArray *
candidates_of(KcTx *tx, const KcCaseRow *row, GError **error)
{
    g_autoptr(GHashTable) ids = involved(tx, row->id, 0, error);
    g_autoptr(GPtrArray) users = ids != NULL ? kc_user_store_list(tx, error) : NULL;
    if (users == NULL)
        return NULL;
    GPtrArray *candidates = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        if (may_look(user, row, ids))
            g_ptr_array_add(candidates, g_strdup(user->id));
    }
    g_ptr_array_sort(candidates, by_text);
    return candidates;
}

/* ---- The lot ---- */

typedef struct {
    KcApp *app;
    KcTx *tx;
    gint64 now_us;
} Lot;

static gboolean
assign(const Lot *self, const KcBlindDue *due, const char *first_id, const char *seed_text, const GPtrArray *candidates,
       GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    if (!kc_hex_decode(seed_text, seed, sizeof seed)) {
        g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "sample %" G_GINT64_FORMAT " has no seed",
                    due->sample);
        return FALSE;
    }
    g_autofree char *id = g_strdup(kc_app_new_id(self->app).text);
    const KcBlindLook look = {.id = id,
                              .case_id = due->case_id,
                              .sample = due->sample,
                              .turn = due->turns + 1,
                              .user_id =
                                  candidates->pdata[kc_draw_place(seed, due->turns + 1, due->case_id, candidates->len)],
                              .first_id = (char *)first_id,
                              .assigned_us = self->now_us,
                              .due_us = self->now_us + kc_rules_desk(kc_app_rules(self->app))->blind_days * DAY_US};
    json_t *ids = json_array();
    for (guint i = 0; i < candidates->len; i++)
        json_array_append_new(ids, json_string(candidates->pdata[i]));
    json_t *entry = json_pack("{s:s, s:I, s:I, s:o, s:s}", "look_id", look.id, "sample", (json_int_t)look.sample,
                              "turn", (json_int_t)look.turn, "candidates", ids, "chosen", look.user_id);
    if (!kc_blind_store_insert(self->tx, &look, error)) {
        json_decref(entry);
        return FALSE;
    }
    return kc_app_log(self->tx, NULL, look.case_id, "blind.assigned", self->now_us, entry, error) &&
           kc_app_emit(self->tx, KC_EVENT_BLIND_BEGINS, look.case_id, "user", look.user_id, self->now_us,
                       json_pack("{s:s}", "look_id", look.id), error);
}

static gboolean
draw(const Lot *self, const KcBlindDue *due, GError **error)
{
    g_autofree char *first_id = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcSampleRow) sample = NULL;
    if (!kc_app_first_look(self->tx, due->case_id, &first_id, error))
        return FALSE;
    if (first_id == NULL)
        return TRUE;
    if (!kc_case_store_get(self->tx, due->case_id, &row, error) ||
        !kc_sample_store_get(self->tx, due->sample, &sample, error))
        return FALSE;
    g_autoptr(GPtrArray) candidates = candidates_of(self->tx, row, error);
    return candidates != NULL && (candidates->len == 0 || assign(self, due, first_id, sample->seed, candidates, error));
}

gboolean
kc_app_draw_blind_looks(KcApp *app, KcTx *tx, GError **error)
{
    const Lot self = {app, tx, kc_app_now(app)};
    g_autoptr(GPtrArray) due = kc_blind_store_list_due(tx, error);
    for (guint i = 0; due != NULL && i < due->len; i++)
        if (!draw(&self, due->pdata[i], error))
            return FALSE;
    return due != NULL;
}

/* ---- Again from the log ---- */

typedef struct {
    char *commitment, *seed;
    GHashTable *turns; /* case id -> Turn, of the cases that get a second look */
} Sample;

/* The last until now. */
typedef struct {
    gint64 number;
    char *look_id; /* NULL: none yet */
} Turn;

struct KcBlindCheck {
    GHashTable *samples; /* number -> Sample */
    GHashTable *open;    /* ids of looks that have not ended */
    gint64 looks;
};

static void
turn_free(gpointer data)
{
    g_free(((Turn *)data)->look_id);
    g_free(data);
}

static void
sample_free(gpointer data)
{
    Sample *sample = data;
    g_free(sample->commitment);
    g_free(sample->seed);
    g_hash_table_unref(sample->turns);
    g_free(sample);
}

KcBlindCheck *
kc_blind_check_new(void)
{
    KcBlindCheck *check = g_new0(KcBlindCheck, 1);
    check->samples = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, sample_free);
    check->open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return check;
}

void
kc_blind_check_free(KcBlindCheck *check)
{
    if (check == NULL)
        return;
    g_hash_table_unref(check->samples);
    g_hash_table_unref(check->open);
    g_free(check);
}

gint64
kc_blind_check_looks(const KcBlindCheck *check)
{
    return check->looks;
}

void
kc_blind_check_sample(KcBlindCheck *check, gint64 number, const char *commitment, const char *seed, const json_t *blind)
{
    gsize i;
    json_t *id;
    gint64 *key = g_memdup2(&number, sizeof number);
    Sample *sample = g_new0(Sample, 1);
    sample->commitment = g_strdup(commitment);
    sample->seed = g_strdup(seed);
    sample->turns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, turn_free);
    json_array_foreach(blind, i, id)
        g_hash_table_insert(sample->turns, g_strdup(json_string_value(id)), g_new0(Turn, 1));
    g_hash_table_insert(check->samples, key, sample);
}

static const char *
text_in(const KcLogEntry *entry, const char *key)
{
    return json_string_value(json_object_get(entry->data, key));
}

static gint64
number_in(const KcLogEntry *entry, const char *key)
{
    return json_integer_value(json_object_get(entry->data, key));
}

/* What the lot itself says; NULL: it is right. */
static const char *
lot_problem(const Sample *sample, const KcLogEntry *entry)
{
    const json_t *ids = json_object_get(entry->data, "candidates");
    g_autofree const char **candidates = g_new0(const char *, json_array_size(ids) + 1);
    for (gsize i = 0; i < json_array_size(ids); i++)
        candidates[i] = json_string_value(json_array_get(ids, i));
    const KcDraw draw = {.number = number_in(entry, "turn"),
                         .commitment = sample->commitment,
                         .seed = sample->seed,
                         .case_id = entry->case_id,
                         .candidates = candidates,
                         .chosen = text_in(entry, "chosen")};
    KcDrawCheck verdict = kc_draw_check(&draw);
    return verdict == KC_DRAW_RIGHT ? NULL : kc_draw_check_text(verdict);
}

static gboolean
knows_of_it(KcTx *tx, const KcLogEntry *entry, gboolean *ret_knows, GError **error)
{
    const json_t *ids = json_object_get(entry->data, "candidates");
    g_autoptr(GHashTable) known = involved(tx, entry->case_id, entry->seq, error);
    *ret_knows = FALSE;
    for (gsize i = 0; known != NULL && i < json_array_size(ids); i++)
        *ret_knows |= g_hash_table_contains(known, json_string_value(json_array_get(ids, i)));
    return known != NULL;
}

/* What of the order is wrong; NULL: nothing, and `*ret_turn` is the last of that case. */
static const char *
order_problem(const KcBlindCheck *check, const KcLogEntry *entry, Turn **ret_turn)
{
    gint64 number = number_in(entry, "sample");
    const Sample *sample = g_hash_table_lookup(check->samples, &number);
    *ret_turn = sample != NULL ? g_hash_table_lookup(sample->turns, entry->case_id) : NULL;
    if (*ret_turn == NULL || text_in(entry, "look_id") == NULL)
        return "is of a case that the lot did not choose for it";
    if (number_in(entry, "turn") != (*ret_turn)->number + 1)
        return "was drawn out of turn";
    if ((*ret_turn)->look_id != NULL && g_hash_table_contains(check->open, (*ret_turn)->look_id))
        return "was drawn while another had the case";
    return lot_problem(sample, entry);
}

static gboolean
check_assigned(KcBlindCheck *check, KcTx *tx, const KcLogEntry *entry, const char **ret_problem, GError **error)
{
    Turn *turn;
    gboolean knows = FALSE;
    *ret_problem = order_problem(check, entry, &turn);
    if (*ret_problem != NULL)
        return TRUE;
    if (!knows_of_it(tx, entry, &knows, error))
        return FALSE;
    if (knows)
        *ret_problem = "was drawn among people of whom one knew the case";
    g_free(turn->look_id);
    turn->look_id = g_strdup(text_in(entry, "look_id"));
    turn->number++;
    g_hash_table_add(check->open, g_strdup(turn->look_id));
    check->looks += !knows;
    return TRUE;
}

gboolean
kc_blind_check_entry(KcBlindCheck *check, KcTx *tx, const KcLogEntry *entry, char **ret_problem, GError **error)
{
    const char *problem = NULL;
    *ret_problem = NULL;
    if (strcmp(entry->kind, "blind.assigned") == 0 && !check_assigned(check, tx, entry, &problem, error))
        return FALSE;
    gboolean ends = strcmp(entry->kind, "blind.handed_in") == 0 || strcmp(entry->kind, "blind.given_back") == 0;
    if (ends && !g_hash_table_remove(check->open, text_in(entry, "look_id") != NULL ? text_in(entry, "look_id") : ""))
        problem = "ended without having been drawn";
    if (problem != NULL)
        *ret_problem = g_strdup_printf("second look %s %s", text_in(entry, "look_id"), problem);
    return TRUE;
}
