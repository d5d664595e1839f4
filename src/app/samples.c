/* Invariants
 *
 * 1. A period begins where the one before ended, and its seed is committed to before it ends.
 * 2. What can be chosen is what the log tells of the period, and nothing else: who has the log draws the same.
 * 3. The same seed decides which of the chosen are looked at twice, and by whom the second time (blind_lot.c). */
#include "src/app/samples.h"

#include "src/app/blind.h"
#include "src/base/hex.h"
#include "src/evidence/random.h"
#include "src/store/finding_store.h"
#include "src/store/log_verify.h"

#define LOG_PAGE 1000
#define MAX_SAMPLES 26

void
kc_sample_case_view_free(KcSampleCaseView *view)
{
    if (view == NULL)
        return;
    g_free(view->case_id);
    g_free(view->case_number);
    g_free(view->county);
    g_free(view);
}

void
kc_sample_view_free(KcSampleView *view)
{
    if (view == NULL)
        return;
    kc_sample_row_free(view->row);
    g_ptr_array_unref(view->cases);
    g_free(view);
}

void
kc_samples_check_clear(KcSamplesCheck *check)
{
    g_clear_pointer(&check->problem, g_free);
}

/* ---- What the log tells of a period ---- */

typedef struct {
    gint64 from_us, to_us;
    GPtrArray *cases;    /* KcSampleCase */
    GHashTable *by_case; /* id -> KcSampleCase, borrowed */
    GHashTable *special; /* id -> reason, static */
} Period;

static void
period_init(Period *period, gint64 from_us, gint64 to_us)
{
    *period = (Period){from_us, to_us, g_ptr_array_new_with_free_func((GDestroyNotify)kc_sample_case_free),
                       g_hash_table_new(g_str_hash, g_str_equal),
                       g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

static void
period_clear(Period *period)
{
    g_clear_pointer(&period->by_case, g_hash_table_unref);
    g_clear_pointer(&period->special, g_hash_table_unref);
    g_clear_pointer(&period->cases, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Period, period_clear)

static const char *
special_of(const KcLogEntry *entry)
{
    const char *decision = json_string_value(json_object_get(entry->data, "decision"));
    if (strcmp(entry->kind, "review.asked") == 0)
        return "review";
    if (strcmp(entry->kind, "document.signed") != 0 || decision == NULL)
        return NULL;
    return strcmp(decision, "refused") == 0 ? "refused" : strcmp(decision, "objected") == 0 ? "objected" : NULL;
}

/* A case closed in the period, once; one that was special in it too, closed or not. */
static void
period_add(Period *period, const KcLogEntry *entry)
{
    if (entry->case_id == NULL || entry->at_us < period->from_us || entry->at_us >= period->to_us)
        return;
    const char *special = special_of(entry);
    if (special == NULL && strcmp(entry->kind, "case.closed") != 0)
        return;
    KcSampleCase *one = g_hash_table_lookup(period->by_case, entry->case_id);
    if (one == NULL) {
        one = kc_sample_case_new(entry->case_id, json_string_value(json_object_get(entry->data, "county")));
        g_ptr_array_add(period->cases, one);
        g_hash_table_insert(period->by_case, one->case_id, one);
    }
    if (one->reason == NULL)
        one->reason = special;
}

static gboolean
period_read(Period *period, KcTx *tx, GError **error)
{
    guint read;
    gint64 seq = 0;
    do {
        g_autoptr(GPtrArray) page = kc_log_store_list(tx, NULL, seq, LOG_PAGE, error);
        if (page == NULL)
            return FALSE;
        read = page->len;
        for (guint i = 0; i < page->len; i++) {
            const KcLogEntry *entry = page->pdata[i];
            seq = entry->seq;
            period_add(period, entry);
        }
    } while (read == LOG_PAGE);
    return TRUE;
}

/* ---- Draw ---- */

typedef struct {
    KcApp *app;
    gint64 now_us;
    KcSampleRow *next;
    Period period;
} Drawing;

static gboolean
look(KcTx *tx, gpointer data, GError **error)
{
    Drawing *self = data;
    if (!kc_sample_store_next(tx, &self->next, error))
        return FALSE;
    if (self->next == NULL || self->next->to_us > self->now_us)
        return TRUE;
    period_init(&self->period, self->next->from_us, self->next->to_us);
    return period_read(&self->period, tx, error);
}

static gboolean
commit_to_next(const Drawing *self, KcTx *tx, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    g_autoptr(KcSampleRow) newest = NULL;
    if (!kc_sample_store_newest(tx, &newest, error))
        return FALSE;
    kc_random_bytes(seed, sizeof seed);
    g_autofree char *commitment = kc_draw_commitment(seed);
    const KcSampleRow row = {.number = newest != NULL ? newest->number + 1 : 1,
                             .from_us = newest != NULL ? newest->to_us : self->now_us,
                             .to_us = kc_sample_period_end(self->now_us),
                             .percent = kc_rules_desk(kc_app_rules(self->app))->sample_percent,
                             .blind_percent = kc_rules_desk(kc_app_rules(self->app))->blind_percent,
                             .commitment = commitment,
                             .committed_us = self->now_us};
    gboolean kept = kc_sample_store_commit(tx, &row, seed, error);
    kc_key_wipe(seed, sizeof seed);
    return kept && kc_app_log(tx, NULL, NULL, "sample.committed", self->now_us,
                              json_pack("{s:I, s:I, s:I, s:I, s:I, s:s}", "number", (json_int_t)row.number, "from_us",
                                        (json_int_t)row.from_us, "to_us", (json_int_t)row.to_us, "percent",
                                        (json_int_t)row.percent, "blind_percent", (json_int_t)row.blind_percent, "commitment",
                                        commitment),
                              error);
}

static json_t *
chosen_of(const GPtrArray *cases)
{
    json_t *chosen = json_array();
    for (guint i = 0; i < cases->len; i++) {
        const KcSampleCase *one = cases->pdata[i];
        if (one->reason != NULL)
            json_array_append_new(chosen, json_pack("[s, s]", one->case_id, one->reason));
    }
    return chosen;
}

static json_t *
blind_of(const GPtrArray *cases)
{
    json_t *blind = json_array();
    for (guint i = 0; i < cases->len; i++) {
        const KcSampleCase *one = cases->pdata[i];
        if (one->blind)
            json_array_append_new(blind, json_string(one->case_id));
    }
    return blind;
}

static gboolean
draw(Drawing *self, KcTx *tx, KcSampleRow *row, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    if (!kc_sample_store_seed(tx, row->number, seed, error))
        return FALSE;
    kc_sample_draw(self->period.cases, seed, row->number, (guint)row->percent);
    kc_blind_choose(self->period.cases, seed, row->number, (guint)row->blind_percent);
    row->seed = kc_hex_encode(seed, sizeof seed);
    row->candidates = self->period.cases->len;
    row->drawn_us = self->now_us;
    json_t *entry = json_pack("{s:I, s:s, s:I, s:o, s:o}", "number", (json_int_t)row->number, "seed", row->seed,
                              "candidates", (json_int_t)row->candidates, "chosen", chosen_of(self->period.cases),
                              "blind", blind_of(self->period.cases));
    if (!kc_sample_store_reveal(tx, row, self->period.cases, error)) {
        json_decref(entry);
        return FALSE;
    }
    return kc_app_log(tx, NULL, NULL, "sample.drawn", self->now_us, entry, error) &&
           kc_app_emit(tx, "sample.drawn", NULL, "desk", NULL, self->now_us,
                       json_pack("{s:I}", "number", (json_int_t)row->number), error);
}

static gboolean
draw_and_commit(KcTx *tx, gpointer data, GError **error)
{
    Drawing *self = data;
    g_autoptr(KcSampleRow) next = NULL;
    if (!kc_sample_store_next(tx, &next, error))
        return FALSE;
    if (next != NULL && (self->next == NULL || next->number != self->next->number))
        return TRUE; /* somebody else was faster */
    return (next == NULL || draw(self, tx, next, error)) && commit_to_next(self, tx, error);
}

/* Cases whose first look was there before the lot, or for whose second there was nobody. */
static gboolean
draw_blind(KcTx *tx, gpointer app, GError **error)
{
    return kc_app_draw_blind_looks(app, tx, error);
}

gboolean
kc_app_draw_samples(KcApp *app, GError **error)
{
    Drawing self = {.app = app, .now_us = kc_app_now(app)};
    gboolean done = kc_store_read(app->store, look, &self, error);
    if (done && (self.next == NULL || self.next->to_us <= self.now_us))
        done = kc_store_write(app->store, draw_and_commit, &self, error);
    kc_sample_row_free(self.next);
    period_clear(&self.period);
    return done && kc_store_write(app->store, draw_blind, app, error);
}

/* ---- List ---- */

typedef struct {
    const KcPrincipal *who;
    GPtrArray *views;
    KcSampleRow *next;
} List;

static gboolean
is_judged(KcTx *tx, const char *case_id, gboolean *ret_judged, GError **error)
{
    g_autoptr(GPtrArray) findings = kc_finding_store_list(tx, case_id, error);
    g_autoptr(GPtrArray) scores = findings != NULL ? kc_score_store_list(tx, case_id, error) : NULL;
    *ret_judged = scores != NULL && findings->len + scores->len > 0;
    return scores != NULL;
}

static gboolean
add_case(const List *self, KcTx *tx, KcSampleView *sample, const KcSampleCase *one, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_auto(KcResult) unseen = {0};
    gboolean judged;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_SAMPLES, one->case_id, &row, &unseen, error))
        return unseen.kind != KC_RESULT_OK;
    if (!is_judged(tx, row->id, &judged, error))
        return FALSE;
    KcSampleCaseView *view = g_new0(KcSampleCaseView, 1);
    view->case_id = g_strdup(row->id);
    view->case_number = g_strdup(row->number);
    view->county = g_strdup(row->county);
    view->reason = one->reason;
    view->judged = judged;
    g_ptr_array_add(sample->cases, view);
    return TRUE;
}

static gboolean
add_sample(const List *self, KcTx *tx, KcSampleRow *row, GError **error)
{
    KcSampleView *view = g_new0(KcSampleView, 1);
    view->row = row;
    view->cases = g_ptr_array_new_with_free_func((GDestroyNotify)kc_sample_case_view_free);
    g_ptr_array_add(self->views, view);
    g_autoptr(GPtrArray) cases = kc_sample_store_cases(tx, row->number, error);
    for (guint i = 0; cases != NULL && i < cases->len; i++)
        if (!add_case(self, tx, view, cases->pdata[i], error))
            return FALSE;
    return cases != NULL;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(GPtrArray) rows = kc_sample_store_list(tx, MAX_SAMPLES, error);
    while (rows != NULL && rows->len > 0)
        if (!add_sample(self, tx, g_ptr_array_steal_index(rows, 0), error))
            return FALSE;
    return rows != NULL && kc_sample_store_next(tx, &self->next, error);
}

gboolean
kc_app_list_samples(KcApp *app, const KcPrincipal *who, GPtrArray **ret_samples, KcSampleRow **ret_next,
                    KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_sample_view_free);
    List self = {who, views, NULL};
    if (!kc_app_check_role(who, KC_ACTION_READ_SAMPLES, result) || !kc_app_read(app, list, &self, result, error)) {
        kc_sample_row_free(self.next);
        return FALSE;
    }
    *ret_samples = g_steal_pointer(&views);
    *ret_next = self.next;
    return TRUE;
}

/* ---- Verify ---- */

typedef struct {
    KcSamplesCheck *check;
    json_t *committed; /* of the one that waits; NULL: none */
    gint64 number;     /* the newest that was drawn */
    gint64 until_us;   /* where its period ended */
    KcBlindCheck *blind;
} Verify;

/* FALSE: it is wrong, and said. */
static gboolean G_GNUC_PRINTF(3, 4) blame(Verify *self, gint64 number, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    self->check->problem = g_strdup_printf("sample %" G_GINT64_FORMAT " %s", number, what);
    return FALSE;
}

static gint64
number_in(const json_t *data, const char *key)
{
    return json_integer_value(json_object_get(data, key));
}

static gboolean
check_committed(Verify *self, const KcLogEntry *entry)
{
    gint64 number = number_in(entry->data, "number");
    if (self->committed != NULL || number != self->number + 1)
        return blame(self, number, "was committed to out of turn");
    if (entry->at_us >= number_in(entry->data, "to_us"))
        return blame(self, number, "was committed to after its period had ended");
    if (self->number > 0 && number_in(entry->data, "from_us") != self->until_us)
        return blame(self, number, "does not begin where the one before it ended");
    self->committed = json_incref(entry->data);
    return TRUE;
}

static gboolean
check_drawn(Verify *self, KcTx *tx, const KcLogEntry *entry, gboolean *ret_right, GError **error)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    gint64 number = number_in(entry->data, "number");
    g_autoptr(json_t) committed = g_steal_pointer(&self->committed);
    *ret_right = FALSE;
    if (committed == NULL || number_in(committed, "number") != number)
        return !blame(self, number, "was drawn without being committed to");
    const char *text = json_string_value(json_object_get(entry->data, "seed"));
    if (text == NULL || !kc_hex_decode(text, seed, sizeof seed))
        return !blame(self, number, "has no seed of 32 bytes");
    g_autofree char *commitment = kc_draw_commitment(seed);
    if (g_strcmp0(commitment, json_string_value(json_object_get(committed, "commitment"))) != 0)
        return !blame(self, number, "was drawn with another seed than the one that was committed to");
    g_auto(Period) period = {0};
    period_init(&period, number_in(committed, "from_us"), number_in(committed, "to_us"));
    if (!period_read(&period, tx, error))
        return FALSE;
    kc_sample_draw(period.cases, seed, number, (guint)number_in(committed, "percent"));
    g_autoptr(json_t) chosen = chosen_of(period.cases);
    if (!json_equal(chosen, json_object_get(entry->data, "chosen")))
        return !blame(self, number, "chose other cases than the lot");
    kc_blind_choose(period.cases, seed, number, (guint)number_in(committed, "blind_percent"));
    g_autoptr(json_t) blind = blind_of(period.cases);
    const json_t *said = json_object_get(entry->data, "blind"); /* absent before there were second looks */
    if (said != NULL ? !json_equal(blind, said) : json_array_size(blind) > 0)
        return !blame(self, number, "chose other cases for a second look than the lot");
    kc_blind_check_sample(self->blind, number, commitment, text, blind);
    self->number = number;
    self->until_us = period.to_us;
    self->check->samples++;
    self->check->cases += (gint64)json_array_size(chosen);
    *ret_right = TRUE;
    return TRUE;
}

static gboolean
check_entry(Verify *self, KcTx *tx, const KcLogEntry *entry, gboolean *ret_right, GError **error)
{
    if (strcmp(entry->kind, "sample.committed") == 0)
        *ret_right = check_committed(self, entry);
    else if (strcmp(entry->kind, "sample.drawn") == 0)
        return check_drawn(self, tx, entry, ret_right, error);
    else if (!kc_blind_check_entry(self->blind, tx, entry, &self->check->problem, error))
        return FALSE;
    else
        *ret_right = self->check->problem == NULL;
    return TRUE;
}

/* What the table says must be what was logged. */
static gboolean
check_table(Verify *self, KcTx *tx, GError **error)
{
    g_autoptr(KcSampleRow) newest = NULL;
    gint64 known = self->committed != NULL ? self->number + 1 : self->number;
    if (!kc_sample_store_newest(tx, &newest, error))
        return FALSE;
    if ((newest != NULL ? newest->number : 0) != known)
        blame(self, known + 1, "stands in the table, but not in the log");
    return TRUE;
}

static gboolean
verify(KcTx *tx, gpointer data, GError **error)
{
    Verify *self = data;
    gboolean right = TRUE;
    gint64 seq = 0;
    KcLogCheck chain = {0};
    if (!kc_log_store_verify(tx, &chain, error))
        return FALSE;
    if (chain.problem != NULL) {
        self->check->problem = g_strdup_printf("the audit log does not hold: %s", chain.problem);
        right = FALSE;
    }
    kc_log_check_clear(&chain);
    for (guint read = LOG_PAGE; right && read == LOG_PAGE;) {
        g_autoptr(GPtrArray) page = kc_log_store_list(tx, NULL, seq, LOG_PAGE, error);
        if (page == NULL)
            return FALSE;
        read = page->len;
        for (guint i = 0; i < page->len && right; i++) {
            const KcLogEntry *entry = page->pdata[i];
            seq = entry->seq;
            if (!check_entry(self, tx, entry, &right, error))
                return FALSE;
        }
    }
    return !right || check_table(self, tx, error);
}

gboolean
kc_app_verify_samples(KcApp *app, KcSamplesCheck *ret_check, GError **error)
{
    g_autoptr(KcBlindCheck) blind = kc_blind_check_new();
    Verify self = {.check = ret_check, .blind = blind};
    *ret_check = (KcSamplesCheck){0};
    gboolean done = kc_store_read(app->store, verify, &self, error);
    ret_check->looks = kc_blind_check_looks(blind);
    json_decref(self.committed);
    return done;
}
