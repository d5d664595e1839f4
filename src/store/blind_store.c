#include "src/store/blind_store.h"
#include "src/store/sealed.h"

#define SELECT                                                                                                         \
    "SELECT id, case_id, sample, turn, user_id, first_id, assigned_us, due_us, outcome, ended_us, sealed_words "       \
    "FROM blind_looks "

void
kc_blind_look_free(KcBlindLook *look)
{
    if (look == NULL)
        return;
    g_free(look->id);
    g_free(look->case_id);
    g_free(look->user_id);
    g_free(look->first_id);
    g_free(look->outcome);
    g_free(look->words);
    g_free(look);
}

void
kc_blind_due_free(KcBlindDue *due)
{
    if (due == NULL)
        return;
    g_free(due->case_id);
    g_free(due);
}

static void
clear_answer(KcBlindAnswer *answer)
{
    g_free(answer->first);
    g_free(answer->second);
}

void
kc_blind_answer_free(KcBlindAnswer *answer)
{
    if (answer == NULL)
        return;
    clear_answer(answer);
    g_free(answer);
}

static void
free_pair(gpointer pair)
{
    clear_answer(&((KcBlindPair *)pair)->answer);
    g_free(pair);
}

/* ---- Looks ---- */

static KcSealedPlace
words_of(const KcBlindLook *look)
{
    return (KcSealedPlace){.case_id = look->case_id, .table = "blind_looks", .column = "words", .row_id = look->id};
}

static gpointer
read_look(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcBlindLook) look = g_new0(KcBlindLook, 1);
    look->id = kc_take_text(query);
    look->case_id = kc_take_text(query);
    look->sample = kc_take_int(query);
    look->turn = kc_take_int(query);
    look->user_id = kc_take_text(query);
    look->first_id = kc_take_text(query);
    look->assigned_us = kc_take_int(query);
    look->due_us = kc_take_int(query);
    look->outcome = kc_take_text(query);
    look->ended_us = kc_take_int(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    return sealed == NULL || kc_open_text(tx, words_of(look), sealed, &look->words, error) ? g_steal_pointer(&look)
                                                                                           : NULL;
}

gboolean
kc_blind_store_insert(KcTx *tx, const KcBlindLook *look, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO blind_looks (id, case_id, sample, turn, user_id, first_id, "
                                            "assigned_us, due_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, look->id);
    kc_bind_text(query, look->case_id);
    kc_bind_int(query, look->sample);
    kc_bind_int(query, look->turn);
    kc_bind_text(query, look->user_id);
    kc_bind_text(query, look->first_id);
    kc_bind_int(query, look->assigned_us);
    kc_bind_int(query, look->due_us);
    return kc_query_run(query, NULL, error);
}

KcUpdate
kc_blind_store_end(KcTx *tx, const KcBlindLook *look, GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    if (!kc_seal_text(tx, words_of(look), look->words, &sealed, error))
        return KC_UPDATE_FAILED;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "UPDATE blind_looks SET outcome = ?, ended_us = ?, sealed_words = ? WHERE id = ? AND ended_us = 0", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, look->outcome);
    kc_bind_int(query, look->ended_us);
    kc_bind_bytes(query, sealed);
    kc_bind_text(query, look->id);
    return kc_query_update(query, error);
}

gboolean
kc_blind_store_get(KcTx *tx, const char *id, KcBlindLook **ret_look, GError **error)
{
    *ret_look = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_look, (gpointer *)ret_look, error);
}

GPtrArray *
kc_blind_store_list(KcTx *tx, guint limit, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        SELECT
        "WHERE turn = (SELECT max(turn) FROM blind_looks AS other WHERE other.case_id = blind_looks.case_id AND "
        "other.sample = blind_looks.sample) ORDER BY ended_us > 0, coalesce(nullif(ended_us, 0), assigned_us) DESC, id "
        "LIMIT ?",
        error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_look, (GDestroyNotify)kc_blind_look_free, error);
}

gboolean
kc_blind_store_is_open(KcTx *tx, const char *user_id, const char *case_id, gboolean *ret_open, GError **error)
{
    gint64 open = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT count(*) FROM blind_looks WHERE user_id = ? AND case_id = ? AND ended_us = 0", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, user_id);
    kc_bind_text(query, case_id);
    if (!kc_query_number(query, &open, error))
        return FALSE;
    *ret_open = open > 0;
    return TRUE;
}

GStrv
kc_blind_store_open_cases(KcTx *tx, const char *user_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "SELECT coalesce(json_group_array(case_id), '[]') FROM blind_looks WHERE user_id = ? AND ended_us = 0",
        error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, user_id);
    return kc_query_step(query, error) == KC_STEP_ROW ? kc_take_strv(query) : NULL;
}

/* ---- What is due ---- */

static gpointer
read_due(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcBlindDue *due = g_new0(KcBlindDue, 1);
    due->sample = kc_take_int(query);
    due->case_id = kc_take_text(query);
    due->turns = kc_take_int(query);
    return due;
}

GPtrArray *
kc_blind_store_list_due(KcTx *tx, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT number, case_id, (SELECT count(*) FROM blind_looks AS l WHERE l.case_id = s.case_id AND "
        "l.sample = s.number) FROM sample_cases AS s WHERE blind = 1 AND "
        "number = (SELECT min(number) FROM sample_cases AS o WHERE o.case_id = s.case_id AND o.blind = 1) AND "
        "(SELECT erased_us FROM cases WHERE id = s.case_id) = 0 AND NOT EXISTS (SELECT 1 FROM blind_looks AS l WHERE "
        "l.case_id = s.case_id AND (l.ended_us = 0 OR l.outcome = 'handed_in')) "
        "ORDER BY number, case_id",
        error);
    return query != NULL ? kc_query_all(tx, query, read_due, (GDestroyNotify)kc_blind_due_free, error) : NULL;
}

/* ---- Answers ---- */

static gboolean
read_into(KcQuery *query, KcBlindAnswer *answer, GError **error)
{
    g_autofree char *question = kc_take_text(query);
    answer->first = kc_take_text(query);
    answer->second = kc_take_text(query);
    if (kc_blind_question_from_string(question, &answer->question))
        return TRUE;
    g_set_error(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "a second look answers what was not asked");
    return FALSE;
}

static gpointer
read_answer(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    KcBlindAnswer *answer = g_new0(KcBlindAnswer, 1);
    if (!read_into(query, answer, error))
        g_clear_pointer(&answer, kc_blind_answer_free);
    return answer;
}

static gpointer
read_pair(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error)
{
    KcBlindPair *pair = g_new0(KcBlindPair, 1);
    if (!read_into(query, &pair->answer, error))
        g_clear_pointer(&pair, free_pair);
    else
        pair->ended_us = kc_take_int(query);
    return pair;
}

gboolean
kc_blind_store_answer(KcTx *tx, const char *look_id, const KcBlindAnswer *answer, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO blind_answers (look_id, question, first, second) VALUES (?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, look_id);
    kc_bind_text(query, kc_blind_question_to_string(answer->question));
    kc_bind_text(query, answer->first);
    kc_bind_text(query, answer->second);
    return kc_query_run(query, NULL, error);
}

static gint
by_question(gconstpointer a, gconstpointer b)
{
    const KcBlindAnswer *x = *(const KcBlindAnswer *const *)a, *y = *(const KcBlindAnswer *const *)b;
    return (gint)x->question - (gint)y->question;
}

GPtrArray *
kc_blind_store_answers(KcTx *tx, const char *look_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT question, first, second FROM blind_answers WHERE look_id = ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, look_id);
    GPtrArray *answers = kc_query_all(tx, query, read_answer, (GDestroyNotify)kc_blind_answer_free, error);
    if (answers != NULL)
        g_ptr_array_sort(answers, by_question);
    return answers;
}

GPtrArray *
kc_blind_store_pairs(KcTx *tx, gint64 from_us, gint64 to_us, const char *const *counties, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT question, first, second, ended_us FROM blind_answers JOIN blind_looks ON blind_looks.id = look_id "
        "JOIN cases ON cases.id = case_id WHERE outcome = 'handed_in' AND ended_us >= ?1 AND ended_us < ?2 AND "
        "first IS NOT NULL AND (?3 IS NULL OR county IS NULL OR county IN (SELECT value FROM json_each(?3))) "
        "ORDER BY ended_us, look_id",
        error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, from_us);
    kc_bind_int(query, to_us);
    kc_bind_strv(query, counties);
    return kc_query_all(tx, query, read_pair, free_pair, error);
}
