/* Search. A party's list is its own case. */
#include "src/app/blind.h"
#include "src/app/why_found.h"
#include "src/store/user_store.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT 200
#define COUNT_TO 1000
#define WORD_PIECES_MAX 3

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const KcCaseQuery *query;
    GPtrArray *pieces; /* KcAskedPiece */
    KcCaseList *list;
    KcResult *result;
} ListCases;

void
kc_case_list_clear(KcCaseList *list)
{
    g_clear_pointer(&list->cases, g_ptr_array_unref);
    g_clear_pointer(&list->whys, g_ptr_array_unref);
    g_clear_pointer(&list->cursor, g_free);
    g_clear_pointer(&list->asked, kc_search_query_free);
}

static gboolean
add_view(ListCases *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    KcCaseView *view = NULL;
    GPtrArray *whys = g_ptr_array_new_with_free_func((GDestroyNotify)kc_why_found_free);
    g_ptr_array_add(self->list->whys, whys);
    if (!kc_app_load_view(self->app, tx, self->who, row, TRUE, &view, error))
        return FALSE;
    g_ptr_array_add(self->list->cases, view);
    return self->pieces->len == 0 || kc_app_why_found(tx, view, self->pieces, whys, error);
}

static gboolean
list_own(ListCases *self, KcTx *tx, GError **error)
{
    KcCaseRow *row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_LIST_CASES, self->who->case_id, &row, self->result, error))
        return FALSE;
    self->list->count = 1;
    self->list->count_is_exact = TRUE;
    return add_view(self, tx, row, error);
}

/* ---- what a piece may mean beside words ---- */

/* A badge, a user name, or at least two characters of the name. */
static gboolean
is_officer(const KcUser *user, const char *piece)
{
    return g_ascii_strcasecmp(user->username, piece) == 0 ||
           (user->badge_number != NULL && g_ascii_strcasecmp(user->badge_number, piece) == 0) ||
           (g_utf8_strlen(piece, -1) >= 2 && strstr(user->name, piece) != NULL);
}

static void
add_officers(KcAskedPiece *piece, const GPtrArray *users)
{
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        if (!is_officer(user, piece->asked.text))
            continue;
        g_ptr_array_add(piece->officer_ids, g_strdup(user->id));
        g_ptr_array_add(piece->officer_names, user->badge_number != NULL
                                                  ? g_strdup_printf("%s %s", user->name, user->badge_number)
                                                  : g_strdup(user->name));
    }
}

static void
add_forms(KcAskedPiece *piece, const KcRules *rules)
{
    const GPtrArray *codes = kc_rules_codes(rules, KC_CODES_ACCIDENT_FORM);
    for (guint i = 0; i < codes->len; i++) {
        const KcCode *code = codes->pdata[i];
        gboolean zh = g_utf8_strlen(piece->asked.text, -1) >= 2 && strstr(code->zh, piece->asked.text) != NULL;
        if (!zh && g_ascii_strcasecmp(code->en, piece->asked.text) != 0)
            continue;
        g_ptr_array_add(piece->forms, g_strdup(code->code));
        g_ptr_array_add(piece->form_names, g_strdup(zh ? code->zh : code->en));
    }
}

static void
add_meaning(KcAskedPiece *piece, const KcSearchWord *word)
{
    if (word == NULL)
        return;
    piece->asked.by = word->by;
    piece->asked.values = (const char *const *)word->values;
}

static KcAskedPiece *
piece_of(ListCases *self, const char *text, const GPtrArray *users)
{
    KcAskedPiece *piece = g_new0(KcAskedPiece, 1);
    piece->asked.text = text;
    piece->asked.fields = (1U << KC_SEARCH_LIABILITY) - 1;
    piece->officer_ids = g_ptr_array_new_with_free_func(g_free);
    piece->officer_names = g_ptr_array_new_with_free_func(g_free);
    piece->forms = g_ptr_array_new_with_free_func(g_free);
    piece->form_names = g_ptr_array_new_with_free_func(g_free);
    add_officers(piece, users);
    add_forms(piece, kc_app_rules(self->app));
    g_ptr_array_add(piece->officer_ids, NULL);
    g_ptr_array_add(piece->forms, NULL);
    piece->asked.officer_ids = (const char *const *)piece->officer_ids->pdata;
    piece->asked.forms = (const char *const *)piece->forms->pdata;
    return piece;
}

/* What the rules say of one of these words; borrowed. NULL: nothing. */
static const KcSearchWord *
word_of(const KcRules *rules, const char *typed)
{
    const GPtrArray *all = kc_rules_search_words(rules);
    for (guint i = 0; i < all->len; i++) {
        const KcSearchWord *word = all->pdata[i];
        for (guint k = 0; word->words[k] != NULL; k++)
            if (kc_search_is_word(typed, word->words[k]))
                return word;
    }
    return NULL;
}

/* As many of `texts` from the first on as are a word together, such as "full liability"; at least one. `*ret_word` NULL: they
 * mean what they are. Owned. */
static char *
join_words(const KcRules *rules, const GPtrArray *texts, guint first, guint *ret_taken, const KcSearchWord **ret_word)
{
    for (guint taken = MIN(texts->len - first, WORD_PIECES_MAX); taken > 0; taken--) {
        g_autoptr(GString) typed = g_string_new(texts->pdata[first]);
        for (guint i = 1; i < taken; i++)
            g_string_append_printf(typed, " %s", (const char *)texts->pdata[first + i]);
        *ret_word = word_of(rules, typed->str);
        *ret_taken = taken;
        if (*ret_word != NULL || taken == 1)
            return g_strdup(typed->str);
    }
    g_assert_not_reached();
}

static gboolean
read_pieces(ListCases *self, KcTx *tx, GError **error)
{
    const GPtrArray *texts = self->list->asked->pieces;
    if (texts->len == 0)
        return TRUE;
    g_autoptr(GPtrArray) users = kc_user_store_list(tx, error);
    for (guint i = 0, taken = 1; users != NULL && i < texts->len; i += taken) {
        const KcSearchWord *word = NULL;
        char *typed = join_words(kc_app_rules(self->app), texts, i, &taken, &word);
        KcAskedPiece *piece = piece_of(self, typed, users);
        piece->text = typed;
        add_meaning(piece, word);
        g_ptr_array_add(self->pieces, piece);
    }
    return users != NULL;
}

/* ---- finding ---- */

static gint64
later(gint64 a_us, gint64 b_us)
{
    return MAX(a_us, b_us);
}

static gint64
earlier_end(gint64 a_us, gint64 b_us)
{
    return a_us == 0 ? b_us : b_us == 0 ? a_us : MIN(a_us, b_us);
}

static gboolean
find(ListCases *self, KcTx *tx, KcFound *ret_found, GError **error)
{
    const KcCaseQuery *query = self->query;
    const char *county[] = {query->county, NULL};
    const char *const *seen = (const char *const *)self->who->counties;
    g_auto(GStrv) hidden = kc_app_hidden_cases(tx, self->who, error);
    if (hidden == NULL)
        return FALSE;
    g_autofree KcSearchPiece *pieces = g_new0(KcSearchPiece, self->pieces->len + 1);
    for (guint i = 0; i < self->pieces->len; i++)
        pieces[i] = ((const KcAskedPiece *)self->pieces->pdata[i])->asked;
    const KcSearch search = {
        .pieces = pieces,
        .piece_count = self->pieces->len,
        .states = query->states,
        .channels = query->channels,
        .closings = query->closings,
        .forms = query->forms,
        .outcomes = query->outcomes,
        .reviews = query->reviews,
        .decisions = query->decisions,
        .counties = query->county != NULL ? county : NULL,
        .seen_counties = seen != NULL && seen[0] != NULL ? seen : NULL,
        .own_id = self->who->user_id,
        .hidden = (const char *const *)hidden,
        .officer_id = query->mine ? self->who->user_id : query->officer_id,
        .from_us = later(query->from_us, self->list->asked->from_us),
        .to_us = earlier_end(query->to_us, self->list->asked->to_us),
        .limit = query->limit == 0 ? DEFAULT_LIMIT : MIN(query->limit, MAX_LIMIT),
        .cursor = query->cursor,
        .count_to = query->cursor == NULL ? COUNT_TO : 0,
    };
    return kc_search_store_find(tx, &search, ret_found, error);
}

static gboolean
list_cases(KcTx *tx, gpointer data, GError **error)
{
    ListCases *self = data;
    if (self->who->case_id != NULL)
        return list_own(self, tx, error);
    g_auto(KcFound) found = {0};
    if (!read_pieces(self, tx, error) || !find(self, tx, &found, error))
        return FALSE;
    self->list->cursor = g_steal_pointer(&found.cursor);
    self->list->searched_us = found.searched_us;
    self->list->count = found.count;
    self->list->count_is_exact = found.count_is_exact;
    while (found.rows->len > 0) {
        if (!add_view(self, tx, g_ptr_array_steal_index(found.rows, 0), error))
            return FALSE;
    }
    return kc_search_store_is_complete(tx, &self->list->is_complete, error);
}

gboolean
kc_app_list_cases(KcApp *app, const KcPrincipal *who, const KcCaseQuery *query, KcCaseList *ret_list, KcResult *result,
                  GError **error)
{
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func((GDestroyNotify)kc_asked_piece_free);
    *ret_list = (KcCaseList){
        .cases = g_ptr_array_new_with_free_func((GDestroyNotify)kc_case_view_free),
        .whys = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref),
        .asked = kc_search_query_parse(query->q, kc_app_now(app)),
        .is_complete = TRUE,
    };
    ListCases self = {app, who, query, pieces, ret_list, result};
    if (kc_app_check_role(who, KC_ACTION_LIST_CASES, result) && kc_app_read(app, list_cases, &self, result, error))
        return TRUE;
    kc_case_list_clear(ret_list);
    return FALSE;
}
