#include "src/app/draws.h"

#include "src/app/blind.h"
#include "src/store/log_verify.h"
#include "src/store/user_store.h"

#define MAX_PAGE 100
#define LOG_PAGE 1000

void
kc_draw_view_free(KcDrawView *view)
{
    if (view == NULL)
        return;
    kc_draw_row_free(view->row);
    g_free(view->case_number);
    g_strfreev(view->candidate_names);
    g_free(view->chosen_name);
    g_free(view);
}

static KcDrawCheck
check_of(const KcDrawRow *row)
{
    const KcDraw draw = {
        .number = row->number,
        .commitment = row->commitment,
        .seed = row->seed,
        .case_id = row->case_id,
        .candidates = (const char *const *)row->candidates,
        .chosen = row->chosen,
    };
    return kc_draw_check(&draw);
}

/* ---- the coming one ---- */

static gboolean
read_next(KcTx *tx, gpointer data, GError **error)
{
    return kc_draw_store_next(tx, data, error);
}

gboolean
kc_app_next_draw(KcApp *app, KcAssignment *ret_assignment, KcDrawRow **ret_next, GError **error)
{
    *ret_assignment = kc_rules_desk(kc_app_rules(app))->assignment;
    return kc_store_read(app->store, read_next, ret_next, error);
}

/* ---- list ---- */

typedef struct {
    const KcPrincipal *who;
    gint64 before;
    guint limit;
    GPtrArray *views;
    gint64 more_before; /* 0: that was all */
} List;

static gboolean
add_names(KcTx *tx, KcDrawView *view, GError **error)
{
    GStrv ids = view->row->candidates;
    view->candidate_names = g_new0(char *, g_strv_length(ids) + 1);
    for (guint i = 0; ids[i] != NULL; i++) {
        if (!kc_app_user_name(tx, ids[i], &view->candidate_names[i], error))
            return FALSE;
        if (view->candidate_names[i] == NULL) /* which would end the list */
            view->candidate_names[i] = g_strdup("");
    }
    return kc_app_user_name(tx, view->row->chosen, &view->chosen_name, error);
}

/* Takes `row`. */
static KcDrawView *
view_of(KcTx *tx, KcDrawRow *row, GError **error)
{
    g_autoptr(KcDrawView) view = g_new0(KcDrawView, 1);
    g_autoptr(KcCaseRow) drawn = NULL;
    view->row = row;
    view->check = check_of(row);
    if (!add_names(tx, view, error) || !kc_case_store_get(tx, row->case_id, &drawn, error))
        return NULL;
    view->case_number = g_strdup(drawn != NULL ? drawn->number : "");
    return g_steal_pointer(&view);
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    g_autoptr(GPtrArray) rows =
        hidden != NULL ? kc_draw_store_list(tx, self->before, self->limit + 1, error) : NULL;
    g_ptr_array_set_size(self->views, 0);
    if (rows != NULL && rows->len > self->limit) { /* one more tells whether there is a next page */
        g_ptr_array_set_size(rows, (gint)self->limit);
        self->more_before = ((const KcDrawRow *)rows->pdata[self->limit - 1])->number;
    }
    while (rows != NULL && rows->len > 0) {
        KcDrawRow *row = g_ptr_array_steal_index(rows, 0);
        gboolean is_hidden = g_strv_contains((const char *const *)hidden, row->case_id);
        KcDrawView *view = is_hidden ? NULL : view_of(tx, row, error);
        if (is_hidden)
            kc_draw_row_free(row);
        else if (view == NULL)
            return FALSE;
        else
            g_ptr_array_add(self->views, view);
    }
    return rows != NULL;
}

gboolean
kc_app_list_draws(KcApp *app, const KcPrincipal *who, gint64 before, guint limit, GPtrArray **ret_views,
                  gint64 *ret_before, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_draw_view_free);
    List self = {who, before, CLAMP(limit, 1, MAX_PAGE), views, 0};
    if (!kc_app_check_role(who, KC_ACTION_READ_DRAWS, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_before = self.more_before;
    *ret_views = g_steal_pointer(&views);
    return TRUE;
}

/* ---- verify ---- */

void
kc_draws_check_clear(KcDrawsCheck *check)
{
    g_clear_pointer(&check->problem, g_free);
}

typedef struct {
    KcDrawsCheck *check;
    gint64 committed, made; /* the newest of each that the log has told of */
} Verify;

/* FALSE: something is wrong, and said. */
static gboolean G_GNUC_PRINTF(3, 4)
blame(Verify *self, gint64 number, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    self->check->problem = g_strdup_printf("draw %" G_GINT64_FORMAT " %s", number, what);
    return FALSE;
}

static gint64
number_in(const KcLogEntry *entry)
{
    return json_integer_value(json_object_get(entry->data, "number"));
}

static gboolean
says(const KcLogEntry *entry, const char *key, const char *text)
{
    return g_strcmp0(json_string_value(json_object_get(entry->data, key)), text) == 0;
}

static gboolean
says_candidates(const KcLogEntry *entry, const GStrv candidates)
{
    const json_t *said = json_object_get(entry->data, "candidates");
    gsize count = json_array_size(said);
    if (count != g_strv_length(candidates))
        return FALSE;
    for (gsize i = 0; i < count; i++) {
        if (g_strcmp0(json_string_value(json_array_get(said, i)), candidates[i]) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_committed(Verify *self, const KcDrawRow *row, const KcLogEntry *entry, gint64 number)
{
    if (number != self->committed + 1 || self->made != self->committed)
        return blame(self, number, "was committed to out of turn");
    self->committed = number;
    if (row == NULL)
        return blame(self, number, "stands in the log, but not in the table");
    if (!says(entry, "commitment", row->commitment) || entry->at_us != row->committed_us)
        return blame(self, number, "was committed to in other words than the table has");
    return TRUE;
}

static gboolean
check_made(Verify *self, const KcDrawRow *row, const KcLogEntry *entry, gint64 number)
{
    if (number != self->committed || number == self->made)
        return blame(self, number, "was made without being committed to");
    self->made = number;
    if (row == NULL || row->drawn_us == 0)
        return blame(self, number, "stands in the log, but not in the table");
    if (!says(entry, "seed", row->seed) || !says(entry, "chosen", row->chosen) ||
        !says_candidates(entry, row->candidates) || g_strcmp0(entry->case_id, row->case_id) != 0)
        return blame(self, number, "was another one when it was logged");
    KcDrawCheck check = check_of(row);
    if (check != KC_DRAW_RIGHT)
        return blame(self, number, "%s", kc_draw_check_text(check));
    self->check->draws++;
    return TRUE;
}

/* `*ret_right` FALSE: what follows need not be looked at. */
static gboolean
check_entry(Verify *self, KcTx *tx, const KcLogEntry *entry, gboolean *ret_right, GError **error)
{
    gboolean committed = strcmp(entry->kind, "draw.committed") == 0;
    if (!committed && strcmp(entry->kind, "draw.made") != 0)
        return TRUE;
    g_autoptr(KcDrawRow) row = NULL;
    gint64 number = number_in(entry);
    if (!kc_draw_store_get(tx, number, &row, error))
        return FALSE;
    *ret_right = committed ? check_committed(self, row, entry, number) : check_made(self, row, entry, number);
    return TRUE;
}

/* Page by page, since the log is long. */
static gboolean
check_log(Verify *self, KcTx *tx, gboolean *ret_right, GError **error)
{
    gint64 seq = 0;
    guint read;
    do {
        g_autoptr(GPtrArray) page = kc_log_store_list(tx, NULL, seq, LOG_PAGE, error);
        if (page == NULL)
            return FALSE;
        read = page->len;
        for (guint i = 0; i < page->len && *ret_right; i++) {
            const KcLogEntry *entry = page->pdata[i];
            seq = entry->seq;
            if (!check_entry(self, tx, entry, ret_right, error))
                return FALSE;
        }
    } while (*ret_right && read == LOG_PAGE);
    return TRUE;
}

/* The chain first: on a log that was changed nothing rests. */
static gboolean
check_chain(Verify *self, KcTx *tx, gboolean *ret_right, GError **error)
{
    KcLogCheck chain = {0};
    if (!kc_log_store_verify(tx, &chain, error))
        return FALSE;
    *ret_right = chain.problem == NULL;
    if (!*ret_right)
        self->check->problem = g_strdup_printf("the audit log does not hold: %s", chain.problem);
    kc_log_check_clear(&chain);
    return TRUE;
}

static gboolean
verify(KcTx *tx, gpointer data, GError **error)
{
    Verify *self = data;
    gboolean right = TRUE;
    gint64 count = 0;
    g_autoptr(KcDrawRow) last = NULL;
    if (!check_chain(self, tx, &right, error) || (right && !check_log(self, tx, &right, error)) ||
        !kc_draw_store_count(tx, &count, error) || !kc_draw_store_get(tx, self->committed, &last, error))
        return FALSE;
    if (right && count != self->committed)
        blame(self, self->committed + 1, "stands in the table, but not in the log");
    else if (right && last != NULL && last->drawn_us > 0 && self->made != self->committed)
        blame(self, self->committed, "was made without being logged");
    return TRUE;
}

gboolean
kc_app_verify_draws(KcApp *app, KcDrawsCheck *ret_check, GError **error)
{
    Verify self = {.check = ret_check};
    *ret_check = (KcDrawsCheck){0};
    return kc_store_read(app->store, verify, &self, error);
}
