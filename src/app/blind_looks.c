#include "src/app/blind_looks.h"

#include "src/app/blind.h"
#include "src/app/object_reader.h"
#include "src/app/reports.h"
#include "src/domain/local_time.h"

#define MAX_LOOKS 200

void
kc_blind_look_view_free(KcBlindLookView *view)
{
    if (view == NULL)
        return;
    kc_blind_look_free(view->look);
    g_free(view->case_number);
    g_free(view->county);
    g_free(view->user_name);
    g_free(view->first_name);
    g_free(view->officer_name);
    g_clear_pointer(&view->answers, g_ptr_array_unref);
    g_free(view);
}

void
kc_blind_list_clear(KcBlindList *list)
{
    g_clear_pointer(&list->looks, g_ptr_array_unref);
}

void
kc_blind_sheet_clear(KcBlindSheet *sheet)
{
    g_clear_pointer(&sheet->view, kc_blind_look_view_free);
    g_clear_pointer(&sheet->row, kc_case_row_free);
    g_clear_pointer(&sheet->parties, g_ptr_array_unref);
    g_clear_pointer(&sheet->stills, g_ptr_array_unref);
}

/* ---- Views ---- */

static gboolean
is_handed_in(const KcBlindLook *look)
{
    return g_strcmp0(look->outcome, "handed_in") == 0;
}

/* What whoever is still looking is not told. */
static gboolean
add_others(KcTx *tx, KcBlindLookView *view, const KcCaseRow *row, GError **error)
{
    if (view->own && view->look->outcome == NULL) {
        g_clear_pointer(&view->look->first_id, g_free);
        return TRUE;
    }
    if (is_handed_in(view->look))
        view->answers = kc_blind_store_answers(tx, view->look->id, error);
    return (!is_handed_in(view->look) || view->answers != NULL) &&
           kc_app_user_name(tx, view->look->first_id, &view->first_name, error) &&
           kc_app_user_name(tx, row->officer_id, &view->officer_name, error);
}

gboolean
kc_app_blind_view(KcApp *app, KcTx *tx, const KcPrincipal *who, KcBlindLook *look, const KcCaseRow *row,
                  KcBlindLookView **ret_view, GError **error)
{
    g_autoptr(KcBlindLookView) view = g_new0(KcBlindLookView, 1);
    view->look = look;
    view->case_number = g_strdup(row->number);
    view->county = g_strdup(row->county);
    view->own = strcmp(look->user_id, who->user_id) == 0;
    view->late = look->outcome == NULL && look->due_us <= kc_app_now(app);
    if (!kc_app_user_name(tx, look->user_id, &view->user_name, error) || !add_others(tx, view, row, error))
        return FALSE;
    *ret_view = g_steal_pointer(&view);
    return TRUE;
}

/* ---- List ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    KcBlindList *list;
} List;

/* A case that is not theirs to see is left out. */
static gboolean
add_look(const List *self, KcTx *tx, KcBlindLook *taken, GError **error)
{
    g_autoptr(KcBlindLook) look = taken;
    g_autoptr(KcCaseRow) row = NULL;
    g_auto(KcResult) unseen = {0};
    KcBlindLookView *view = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_LOOK_BLIND, look->case_id, &row, &unseen, error))
        return unseen.kind != KC_RESULT_OK;
    if (!kc_app_blind_view(self->app, tx, self->who, g_steal_pointer(&look), row, &view, error))
        return FALSE;
    g_ptr_array_add(self->list->looks, view);
    return TRUE;
}

static gboolean
count_waiting(const List *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) due = kc_blind_store_list_due(tx, error);
    self->list->without_first = self->list->without_anybody = 0;
    for (guint i = 0; due != NULL && i < due->len; i++) {
        const KcBlindDue *one = due->pdata[i];
        g_autofree char *first_id = NULL;
        if (!kc_app_first_look(tx, one->case_id, &first_id, error))
            return FALSE;
        if (first_id == NULL)
            self->list->without_first++;
        else
            self->list->without_anybody++;
    }
    return due != NULL;
}

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(GPtrArray) looks = kc_blind_store_list(tx, MAX_LOOKS, error);
    g_ptr_array_set_size(self->list->looks, 0);
    while (looks != NULL && looks->len > 0)
        if (!add_look(self, tx, g_ptr_array_steal_index(looks, 0), error))
            return FALSE;
    return looks != NULL && count_waiting(self, tx, error);
}

gboolean
kc_app_list_blind_looks(KcApp *app, const KcPrincipal *who, KcBlindList *ret_list, KcResult *result, GError **error)
{
    *ret_list = (KcBlindList){.looks = g_ptr_array_new_with_free_func((GDestroyNotify)kc_blind_look_view_free)};
    List self = {app, who, ret_list};
    if (kc_app_check_role(who, KC_ACTION_LOOK_BLIND, result) && kc_app_read(app, list, &self, result, error))
        return TRUE;
    kc_blind_list_clear(ret_list);
    return FALSE;
}

/* ---- One ---- */

gboolean
kc_app_load_blind_look(KcTx *tx, const KcPrincipal *who, const char *look_id, KcBlindLook **ret_look,
                       KcCaseRow **ret_row, KcResult *result, GError **error)
{
    g_autoptr(KcBlindLook) look = NULL;
    gboolean blind = FALSE;
    if (kc_id_is_valid(look_id) && !kc_blind_store_get(tx, look_id, &look, error))
        return FALSE;
    if (look == NULL)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "blind-look-unknown", "There is no such second look.");
    if (!kc_app_load_case(tx, who, KC_ACTION_LOOK_BLIND, look->case_id, ret_row, result, error) ||
        !kc_app_is_blind(tx, who, look->case_id, &blind, error))
        return FALSE;
    /* Why somebody gave it back may name whom that person knows. */
    if (blind && look->outcome != NULL)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "blind-look-unknown", "There is no such second look.");
    if (look->outcome == NULL && strcmp(look->user_id, who->user_id) != 0)
        return kc_refuse(result, KC_RESULT_FORBIDDEN, "blind-look-other",
                         "由他人盲评中 / somebody else was drawn to this look, and has not handed it in");
    *ret_look = g_steal_pointer(&look);
    return TRUE;
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *look_id;
    KcBlindSheet *sheet;
    KcResult *result;
} Get;

/* Of each party what one party sees of another, and of pictures what every party sees. */
static gboolean
add_evidence(const Get *self, KcTx *tx, GError **error)
{
    static const char *const kinds[] = {"still", "photo", NULL};
    const KcPrincipal road = {.role = KC_ROLE_PARTY};
    KcBlindSheet *sheet = self->sheet;
    g_autoptr(json_t) triage = kc_json_parse(sheet->row->triage_json);
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, sheet->row->id, error);
    g_autoptr(GPtrArray) objects = parties != NULL ? kc_object_store_list(tx, sheet->row->id, kinds, error) : NULL;
    if (objects == NULL)
        return FALSE;
    kc_triage_from_json(triage, &sheet->triage);
    while (parties->len > 0)
        g_ptr_array_add(sheet->parties,
                        kc_app_party_view(self->app, &road, g_ptr_array_steal_index(parties, 0), NULL, NULL));
    for (guint i = 0; i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        if (strcmp(object->status, "complete") == 0 && kc_app_sees_picture(self->app, &road, sheet->row, object))
            g_ptr_array_add(sheet->stills, kc_app_still_view(object));
    }
    return TRUE;
}

static gboolean
get(KcTx *tx, gpointer data, GError **error)
{
    Get *self = data;
    KcBlindLook *look = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_blind_look(tx, self->who, self->look_id, &look, &row, self->result, error) ||
        !kc_app_blind_view(self->app, tx, self->who, look, row, &self->sheet->view, error))
        return FALSE;
    if (look->outcome != NULL)
        return TRUE;
    self->sheet->row = g_steal_pointer(&row);
    return add_evidence(self, tx, error);
}

gboolean
kc_app_get_blind_look(KcApp *app, const KcPrincipal *who, const char *look_id, KcBlindSheet *ret_sheet,
                      KcResult *result, GError **error)
{
    *ret_sheet = (KcBlindSheet){.parties = g_ptr_array_new_with_free_func((GDestroyNotify)kc_party_view_free),
                                .stills = g_ptr_array_new_with_free_func((GDestroyNotify)kc_still_view_free)};
    Get self = {app, who, look_id, ret_sheet, result};
    gboolean done = kc_app_check_role(who, KC_ACTION_LOOK_BLIND, result) && kc_app_read(app, get, &self, result, error);
    const KcBlindLook *look = done ? ret_sheet->view->look : NULL;
    if (look != NULL && is_handed_in(look))
        done = kc_app_log_access(app, who, look->case_id, KC_LOOK_DISCLOSED, look->id, result, error);
    if (!done)
        kc_blind_sheet_clear(ret_sheet);
    return done;
}

/* ---- How far both agree ---- */

void
kc_blind_rate_free(KcBlindRate *rate)
{
    if (rate == NULL)
        return;
    g_free(rate->period);
    g_free(rate);
}

typedef struct {
    const KcPrincipal *who;
    KcReportPeriod period;
    gsize period_len; /* of a date: 7 of a month, 4 of a year */
    GPtrArray *rates;
} Rates;

/* Of one period (NULL: of all), each question of which anything was said. */
static void
add_rates(const Rates *self, const char *period, const GPtrArray *pairs)
{
    g_autofree KcTwoWords *words = g_new(KcTwoWords, pairs->len + 1);
    for (KcBlindQuestion question = 0; question < KC_BLIND_QUESTION_COUNT; question++) {
        gsize count = 0;
        for (guint i = 0; i < pairs->len; i++) {
            const KcBlindPair *pair = pairs->pdata[i];
            g_autofree char *date = kc_local_date(pair->ended_us);
            if (pair->answer.question == question && (period == NULL || g_str_has_prefix(date, period)))
                words[count++] = (KcTwoWords){pair->answer.first, pair->answer.second};
        }
        if (count == 0)
            continue;
        KcBlindRate *rate = g_new0(KcBlindRate, 1);
        rate->period = g_strdup(period);
        rate->question = question;
        rate->rate = kc_concordance(words, count);
        g_ptr_array_add(self->rates, rate);
    }
}

static gboolean
read_rates(KcTx *tx, gpointer data, GError **error)
{
    Rates *self = data;
    const char *const *seen = (const char *const *)self->who->counties;
    g_autofree char *period = NULL;
    g_autoptr(GPtrArray) pairs = kc_blind_store_pairs(tx, self->period.from_us, self->period.to_us,
                                                      seen != NULL && seen[0] != NULL ? seen : NULL, error);
    g_ptr_array_set_size(self->rates, 0);
    if (pairs == NULL)
        return FALSE;
    add_rates(self, NULL, pairs);
    for (guint i = 0; i < pairs->len; i++) {
        g_autofree char *date = kc_local_date(((const KcBlindPair *)pairs->pdata[i])->ended_us);
        date[self->period_len] = '\0';
        if (g_strcmp0(date, period) == 0)
            continue;
        g_free(period);
        period = g_steal_pointer(&date);
        add_rates(self, period, pairs);
    }
    return TRUE;
}

static gboolean
read_by(const char *by, gsize *ret_len, KcResult *result)
{
    *ret_len = g_strcmp0(by, "year") == 0 ? strlen("2026") : strlen("2026-11");
    return by == NULL || strcmp(by, "month") == 0 || strcmp(by, "year") == 0 ||
           kc_refuse_field(result, "/by", "month, year");
}

gboolean
kc_app_blind_rates(KcApp *app, const KcPrincipal *who, const char *from, const char *to, const char *by,
                   GPtrArray **ret_rates, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) rates = g_ptr_array_new_with_free_func((GDestroyNotify)kc_blind_rate_free);
    Rates self = {.who = who, .rates = rates};
    if (!kc_app_check_role(who, KC_ACTION_LOOK_BLIND, result) ||
        !kc_app_read_period(from, to, kc_app_now(app), &self.period, result) ||
        !read_by(by, &self.period_len, result) || !kc_app_read(app, read_rates, &self, result, error))
        return FALSE;
    *ret_rates = g_steal_pointer(&rates);
    return TRUE;
}

char *
kc_blind_rates_to_csv(const GPtrArray *rates)
{
    GString *out = g_string_new("\xef\xbb\xbf"
                                "period,question,count,agreed,percent,low_percent,high_percent,kappa\r\n");
    for (guint i = 0; i < rates->len; i++) {
        const KcBlindRate *one = rates->pdata[i];
        const KcConcordance *rate = &one->rate;
        char kappa[G_ASCII_DTOSTR_BUF_SIZE] = "", percent[3][G_ASCII_DTOSTR_BUF_SIZE];
        const double shares[] = {rate->share, rate->low, rate->high};
        for (gsize k = 0; k < G_N_ELEMENTS(shares); k++)
            g_ascii_formatd(percent[k], sizeof percent[k], "%.1f", 100 * shares[k]);
        if (rate->has_kappa)
            g_ascii_formatd(kappa, sizeof kappa, "%.3f", rate->kappa);
        g_string_append_printf(out, "%s,%s,%u,%u,%s,%s,%s,%s\r\n", one->period != NULL ? one->period : "",
                               kc_blind_question_to_string(one->question), rate->count, rate->agreed, percent[0],
                               percent[1], percent[2], kappa);
    }
    return g_string_free(out, FALSE);
}
