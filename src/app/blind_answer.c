/* A second look ends: with its answers, beside which the first are written down as they are at that moment, or given
 * back. */
#include "src/app/blind.h"
#include "src/app/blind_looks.h"

#include "src/domain/agreement.h"
#include "src/store/document_store.h"
#include "src/store/finding_store.h"

#include "src/app/agreements.h"
#include "src/app/determinations.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *look_id;
    const KcBlindHandIn *said;
    const char *reason;
    gint64 now_us;
    KcBlindLookView *view;
    KcResult *result;
} Ending;

static gboolean
load_open(Ending *self, KcTx *tx, KcBlindLook **ret_look, KcCaseRow **ret_row, GError **error)
{
    g_clear_pointer(&self->view, kc_blind_look_view_free);
    if (!kc_app_load_blind_look(tx, self->who, self->look_id, ret_look, ret_row, self->result, error))
        return FALSE;
    if ((*ret_look)->outcome != NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "blind-look-ended",
                         "已经结束 / this look was handed in, or given back");
    return TRUE;
}

/* Takes `look`. Events of the case come to that person again. */
static gboolean
end(Ending *self, KcTx *tx, KcBlindLook *look, const KcCaseRow *row, const char *outcome, const char *words,
    GError **error)
{
    g_autofree char *kind = g_strconcat("blind.", outcome, NULL);
    look->outcome = g_strdup(outcome);
    look->ended_us = self->now_us;
    look->words = g_strdup(words);
    json_t *entry = json_pack("{s:s, s:I, s:I}", "look_id", look->id, "sample", (json_int_t)look->sample, "turn",
                              (json_int_t)look->turn);
    if (kc_blind_store_end(tx, look, error) != KC_UPDATE_DONE) {
        json_decref(entry);
        kc_blind_look_free(look);
        return FALSE;
    }
    if (!kc_app_log(tx, self->who, row->id, kind, self->now_us, entry, error) ||
        !kc_app_emit(tx, KC_EVENT_BLIND_ENDS, row->id, "user", look->user_id, self->now_us,
                     json_pack("{s:s}", "look_id", look->id), error)) {
        kc_blind_look_free(look);
        return FALSE;
    }
    return kc_app_blind_view(self->app, tx, self->who, look, row, &self->view, error);
}

/* ---- What the first came to ---- */

typedef struct {
    char *of[KC_BLIND_QUESTION_COUNT]; /* each may be NULL */
} Words;

static void
words_clear(Words *words)
{
    for (guint i = 0; i < KC_BLIND_QUESTION_COUNT; i++)
        g_clear_pointer(&words->of[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static const char *
label_of(const GPtrArray *parties, const char *party_id)
{
    const char *label = kc_app_party_label(parties, party_id);
    return label != NULL ? label : "";
}

static void
read_accident(const KcDetermination *accident, const GPtrArray *parties, Words *first)
{
    guint count = accident->parties->len;
    g_autofree KcBlindShare *shares = g_new0(KcBlindShare, count + 1);
    for (guint i = 0; i < count; i++) {
        const KcDeterminationParty *party = accident->parties->pdata[i];
        shares[i] = (KcBlindShare){label_of(parties, party->party_id), party->liability};
    }
    first->of[KC_BLIND_LIABILITY] = kc_blind_split(shares, count);
    first->of[KC_BLIND_ACCIDENT_FORM] = g_strdup(accident->accident_form);
}

/* The document that stands: the officer's determination, or what the parties agreed on. */
static gboolean
read_outcome(KcTx *tx, const char *case_id, const GPtrArray *parties, Words *first, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, case_id, error);
    const KcDocumentRow *standing = documents != NULL ? kc_document_rows_standing(documents) : NULL;
    if (standing == NULL)
        return documents != NULL;
    g_autoptr(json_t) content = kc_json_parse(standing->content_json);
    if (strcmp(standing->kind, "determination") == 0) {
        g_autoptr(KcDetermination) determination = kc_determination_from_json(content, NULL);
        if (determination != NULL)
            read_accident(determination, parties, first);
    } else if (g_strcmp0(standing->proposal, "agreed") == 0) {
        g_autoptr(KcAgreement) agreement = kc_agreement_from_json(content, NULL);
        if (agreement != NULL)
            read_accident(agreement->accident, parties, first);
    }
    return TRUE;
}

static gboolean
read_scores(KcTx *tx, const KcBlindLook *look, Words *first, GError **error)
{
    g_autoptr(GPtrArray) scores = kc_score_store_list(tx, look->case_id, error);
    for (guint i = 0; scores != NULL && i < scores->len; i++) {
        const KcScore *score = scores->pdata[i];
        KcBlindQuestion question;
        if (strcmp(score->user_id, look->first_id) == 0 && kc_blind_question_from_string(score->criterion, &question))
            first->of[question] = g_strdup_printf("%" G_GINT64_FORMAT, score->score);
    }
    return scores != NULL;
}

/* ---- What the second says ---- */

static gboolean
read_shares(const Ending *self, const GPtrArray *parties, Words *second)
{
    const KcBlindHandIn *said = self->said;
    g_autofree KcBlindShare *shares = g_new0(KcBlindShare, said->share_count + 1);
    for (gsize i = 0; i < said->share_count; i++) {
        const char *label = kc_app_party_label(parties, said->shares[i].party_id);
        shares[i] = (KcBlindShare){label, (KcLiability)said->shares[i].liability};
        g_autofree char *pointer = g_strdup_printf("/liability/%zu/party_id", i);
        if (label == NULL)
            kc_refuse_field(self->result, pointer, "本案没有这一方 / no party of this case");
        for (gsize k = 0; k < i && label != NULL; k++)
            if (g_strcmp0(shares[k].label, label) == 0)
                kc_refuse_field(self->result, pointer, "重复 / said twice");
    }
    if (said->share_count != parties->len)
        kc_refuse_field(self->result, "/liability", "请认定每一方的责任 / the liability of each party");
    if (self->result->kind != KC_RESULT_OK)
        return FALSE;
    g_autoptr(GPtrArray) findings = kc_blind_check_split(shares, said->share_count);
    for (guint i = 0; i < findings->len; i++) {
        g_autofree char *text = kc_finding_text(findings->pdata[i]);
        kc_refuse_field(self->result, ((const KcFinding *)findings->pdata[i])->pointer, text);
    }
    second->of[KC_BLIND_LIABILITY] = findings->len == 0 ? kc_blind_split(shares, said->share_count) : NULL;
    return findings->len == 0;
}

static gboolean
read_form(const Ending *self, const KcCaseRow *row, Words *second)
{
    const GPtrArray *codes = kc_rules_codes(kc_app_rules_of(self->app, row), KC_CODES_ACCIDENT_FORM);
    for (guint i = 0; self->said->accident_form != NULL && i < codes->len; i++)
        if (strcmp(((const KcCode *)codes->pdata[i])->code, self->said->accident_form) == 0)
            second->of[KC_BLIND_ACCIDENT_FORM] = g_strdup(self->said->accident_form);
    return self->said->accident_form == NULL || second->of[KC_BLIND_ACCIDENT_FORM] != NULL ||
           kc_refuse_field(self->result, "/accident_form", "没有这个事故形态 / no such form of accident");
}

static gboolean
read_said_scores(const Ending *self, Words *second)
{
    for (gsize i = 0; i < self->said->score_count; i++) {
        const KcBlindScoreSaid *said = &self->said->scores[i];
        g_autofree char *pointer = g_strdup_printf("/scores/%zu/criterion", i);
        if (second->of[said->question] != NULL)
            return kc_refuse_field(self->result, pointer, "重复 / said twice");
        second->of[said->question] = g_strdup_printf("%" G_GINT64_FORMAT, said->score);
    }
    return self->said->score_count > 0 || kc_refuse_field(self->result, "/scores", "请至少评一项 / at least one");
}

static gboolean
keep_answers(KcTx *tx, const KcBlindLook *look, const Words *first, const Words *second, GError **error)
{
    for (KcBlindQuestion question = 0; question < KC_BLIND_QUESTION_COUNT; question++) {
        const KcBlindAnswer answer = {question, first->of[question], second->of[question]};
        if (answer.second != NULL && !kc_blind_store_answer(tx, look->id, &answer, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
hand_in(KcTx *tx, gpointer data, GError **error)
{
    Ending *self = data;
    g_autoptr(KcBlindLook) look = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    g_auto(Words) first = {{NULL}}, second = {{NULL}};
    if (!load_open(self, tx, &look, &row, error))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    if (parties == NULL || !read_shares(self, parties, &second) || !read_form(self, row, &second) ||
        !read_said_scores(self, &second) || !read_outcome(tx, row->id, parties, &first, error) ||
        !read_scores(tx, look, &first, error) || !keep_answers(tx, look, &first, &second, error))
        return FALSE;
    return end(self, tx, g_steal_pointer(&look), row, "handed_in", self->said->text, error);
}

/* ---- Given back ---- */

static gboolean
give_back(KcTx *tx, gpointer data, GError **error)
{
    Ending *self = data;
    g_autoptr(KcBlindLook) look = NULL;
    g_autoptr(KcCaseRow) row = NULL;
    return load_open(self, tx, &look, &row, error) &&
           end(self, tx, g_steal_pointer(&look), row, "given_back", self->reason, error) &&
           kc_app_draw_blind_looks(self->app, tx, error);
}

static gboolean
run(Ending *self, KcTxFn fn, KcBlindLookView **ret_view, GError **error)
{
    if (!kc_app_check_role(self->who, KC_ACTION_LOOK_BLIND, self->result) ||
        !kc_app_write(self->app, fn, self, self->result, error)) {
        kc_blind_look_view_free(self->view);
        return FALSE;
    }
    *ret_view = self->view;
    return TRUE;
}

gboolean
kc_app_hand_in_blind_look(KcApp *app, const KcPrincipal *who, const char *look_id, const KcBlindHandIn *said,
                          KcBlindLookView **ret_view, KcResult *result, GError **error)
{
    Ending self = {
        .app = app, .who = who, .look_id = look_id, .said = said, .now_us = kc_app_now(app), .result = result};
    return run(&self, hand_in, ret_view, error);
}

gboolean
kc_app_give_back_blind_look(KcApp *app, const KcPrincipal *who, const char *look_id, const char *reason,
                            KcBlindLookView **ret_view, KcResult *result, GError **error)
{
    Ending self = {
        .app = app, .who = who, .look_id = look_id, .reason = reason, .now_us = kc_app_now(app), .result = result};
    if (reason == NULL || *reason == '\0')
        return kc_refuse_field(result, "/reason", "请写明理由 / the reason is missing");
    return run(&self, give_back, ret_view, error);
}
