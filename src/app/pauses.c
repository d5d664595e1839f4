/* Invariants
 *
 * 1. A pause leaves the case as it is: no version, time or state of it tells another party.
 * 2. Events go to the party, to whoever has the case and to the supervisors who see it, to nobody else.
 * 3. What was said and noted is sealed with the case; the log has ids and outcomes only. */
#include "src/app/pauses.h"

#include "src/app/agreement_check.h"
#include "src/app/internal.h"
#include "src/store/pause_store.h"
#include "src/store/user_store.h"

#include <string.h>

static const char *const REASONS[] = {"other_party", "officer", "hurry", "not_understood", "other", NULL};
static const char *const OUTCOMES[] = {"goes_on", "officer_sent", "document_withdrawn", NULL};

void
kc_pause_view_free(KcPauseView *view)
{
    if (view == NULL)
        return;
    kc_pause_free(view->pause);
    g_free(view->label);
    g_free(view->case_number);
    g_free(view->ended_by_name);
    g_free(view);
}

/* ---- who sees one ---- */

static gboolean
sees_pause(const KcPrincipal *who, const KcCaseRow *row, const KcPause *pause)
{
    gboolean own = who->party_id != NULL ? strcmp(who->party_id, pause->party_id) == 0
                                         : who->user_id != NULL && g_strcmp0(who->user_id, row->officer_id) == 0;
    return kc_field_is_visible(who->role, KC_FIELD_PAUSE, own);
}

/* Takes `pause`. The party itself is not shown what was noted of it. */
static KcPauseView *
view_of(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, KcPause *taken, GError **error)
{
    g_autoptr(KcPauseView) view = g_new0(KcPauseView, 1);
    g_autoptr(KcParty) party = NULL;
    g_autoptr(KcUser) user = NULL;
    view->pause = taken;
    view->case_number = g_strdup(row->number);
    if (!kc_party_store_get(tx, taken->party_id, &party, error) ||
        (taken->ended_by != NULL && !kc_user_store_get(tx, taken->ended_by, &user, error)))
        return NULL;
    view->label = party != NULL ? g_strdup(party->label) : NULL;
    view->ended_by_name = user != NULL ? g_strdup(user->name) : NULL;
    if (who->party_id != NULL)
        g_clear_pointer(&view->pause->note, g_free);
    return g_steal_pointer(&view);
}

gboolean
kc_app_load_pauses(KcTx *tx, const KcPrincipal *who, KcCaseView *view, GError **error)
{
    g_autoptr(GPtrArray) all = kc_pause_store_list(tx, view->row->id, error);
    view->pauses = g_ptr_array_new_with_free_func((GDestroyNotify)kc_pause_view_free);
    while (all != NULL && all->len > 0) {
        g_autoptr(KcPause) pause = g_ptr_array_steal_index(all, 0);
        if (!sees_pause(who, view->row, pause))
            continue;
        KcPauseView *one = view_of(tx, who, view->row, g_steal_pointer(&pause), error);
        if (one == NULL)
            return FALSE;
        g_ptr_array_add(view->pauses, one);
    }
    return all != NULL;
}

/* ---- telling ---- */

typedef struct {
    KcTx *tx;
    const KcPause *pause;
    const char *type;
    gint64 now_us;
} Tell;

static gboolean
emit(const Tell *tell, const char *audience, const char *id, GError **error)
{
    const KcPause *pause = tell->pause;
    json_t *event = json_pack("{s:s, s:s}", "document_id", pause->document_id, "pause_id", pause->id);
    return kc_app_emit(tell->tx, tell->type, pause->case_id, audience, id, tell->now_us, event, error);
}

static gboolean
oversees(const KcUser *user, const KcCaseRow *row)
{
    gboolean everywhere = user->counties == NULL || user->counties[0] == NULL || row->county == NULL;
    return !user->disabled && strcmp(user->role, "supervisor") == 0 && g_strcmp0(user->id, row->officer_id) != 0 &&
           (everywhere || g_strv_contains((const char *const *)user->counties, row->county));
}

static gboolean
tell(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const KcPause *pause, const char *type, gint64 now_us,
     GError **error)
{
    const Tell told = {tx, pause, type, now_us};
    json_t *entry = json_pack("{s:s, s:s, s:s?}", "pause_id", pause->id, "document_id", pause->document_id, "outcome",
                              pause->outcome);
    g_autoptr(GPtrArray) users = NULL;
    if (!kc_app_log(tx, who, row->id, type, now_us, entry, error) || !emit(&told, "party", pause->party_id, error) ||
        (row->officer_id != NULL && !emit(&told, "user", row->officer_id, error)) ||
        (users = kc_user_store_list(tx, error)) == NULL)
        return FALSE;
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        if (oversees(user, row) && !emit(&told, "user", user->id, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
end(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, KcPause *pause, const char *outcome, gint64 now_us,
    GError **error)
{
    pause->outcome = g_strdup(outcome);
    pause->ended_us = now_us;
    return kc_pause_store_end(tx, pause, error) == KC_UPDATE_DONE &&
           tell(tx, who, row, pause, "signing.resumed", now_us, error);
}

/* ---- what others of this folder ask ---- */

static gboolean
stands(const KcPause *pause, const char *document_id)
{
    return pause->outcome == NULL && strcmp(pause->document_id, document_id) == 0;
}

gboolean
kc_app_check_not_paused(KcTx *tx, const char *case_id, const char *document_id, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) all = kc_pause_store_list(tx, case_id, error);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        /* The same words to everybody: they say neither who nor why. */
        if (stands(all->pdata[i], document_id))
            return kc_refuse(result, KC_RESULT_CONFLICT, "signing-paused",
                             "签名暂停，请稍候。 / Signing is paused for the moment.");
    }
    return all != NULL;
}

gboolean
kc_app_lapse_pauses(KcTx *tx, const char *case_id, const char *document_id, const char *party_id, gint64 now_us,
                    GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(GPtrArray) all = kc_pause_store_list(tx, case_id, error);
    if (all == NULL || !kc_case_store_get(tx, case_id, &row, error))
        return FALSE;
    for (guint i = 0; row != NULL && i < all->len; i++) {
        KcPause *pause = all->pdata[i];
        gboolean meant = party_id == NULL || strcmp(party_id, pause->party_id) == 0;
        if (meant && stands(pause, document_id) && !end(tx, NULL, row, pause, "lapsed", now_us, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- the party ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id, *document_id, *pause_id;
    const char *reason, *words; /* of the party */
    const char *outcome, *note; /* of the desk */
    gint64 now_us;
    KcPauseView *view;
    KcResult *result;
} Pausing;

static gboolean
check_words(const char *words, const char *pointer, KcResult *result)
{
    return words == NULL || g_utf8_strlen(words, -1) <= KC_LIMIT_TEXT_CHARS ||
           kc_refuse_field(result, pointer, "内容过长 / too long");
}

/* The document waits for this party's own word. */
static gboolean
check_document(Pausing *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, self->case_id, error);
    g_autoptr(GPtrArray) signatures =
        documents != NULL ? kc_signature_store_list(tx, self->case_id, self->document_id, error) : NULL;
    KcDecision decision;
    if (signatures == NULL)
        return FALSE;
    gboolean known = FALSE;
    for (guint i = 0; i < documents->len; i++)
        known |= g_strcmp0(((const KcDocumentRow *)documents->pdata[i])->id, self->document_id) == 0;
    if (!known)
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "document-unknown",
                         "There is no such document in this case.");
    const KcDocumentRow *standing = kc_document_rows_standing(documents);
    if (standing == NULL || strcmp(standing->id, self->document_id) != 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-for-signing",
                         "这份文书不在等待签名 / this document is not waiting to be signed");
    return !kc_app_party_decided(signatures, self->document_id, self->who->party_id, &decision) ||
           kc_refuse(self->result, KC_RESULT_CONFLICT, "decided", "This party has decided already.");
}

/* NULL in `*ret_pause`: none stands. */
static gboolean
find_own(Pausing *self, KcTx *tx, KcPause **ret_pause, GError **error)
{
    g_autoptr(GPtrArray) all = kc_pause_store_list(tx, self->case_id, error);
    *ret_pause = NULL;
    for (guint i = 0; all != NULL && i < all->len && *ret_pause == NULL; i++) {
        const KcPause *one = all->pdata[i];
        if (stands(one, self->document_id) && strcmp(one->party_id, self->who->party_id) == 0)
            *ret_pause = g_ptr_array_steal_index(all, i);
    }
    return all != NULL;
}

static KcPause *
pause_new(const Pausing *self)
{
    KcPause *pause = g_new0(KcPause, 1);
    pause->id = g_strdup(kc_app_new_id(self->app).text);
    pause->case_id = g_strdup(self->case_id);
    pause->document_id = g_strdup(self->document_id);
    pause->party_id = g_strdup(self->who->party_id);
    pause->words_json = kc_json_text(json_pack("{s:s?, s:s?}", "reason", self->reason, "words", self->words));
    pause->said_us = self->now_us;
    return pause;
}

static gboolean
say(KcTx *tx, gpointer data, GError **error)
{
    Pausing *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcPause) pause = NULL;
    g_clear_pointer(&self->view, kc_pause_view_free);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_PAUSE_SIGNING, self->case_id, &row, self->result, error) ||
        !check_document(self, tx, error) || !find_own(self, tx, &pause, error))
        return FALSE;
    if (pause == NULL) {
        pause = pause_new(self);
        if (!kc_pause_store_insert(tx, pause, error) ||
            !tell(tx, self->who, row, pause, "signing.paused", self->now_us, error))
            return FALSE;
    }
    self->view = view_of(tx, self->who, row, g_steal_pointer(&pause), error);
    return self->view != NULL;
}

gboolean
kc_app_pause_signing(KcApp *app, const KcPrincipal *who, const char *case_id, const char *document_id,
                     const char *reason, const char *words, KcPauseView **ret_pause, KcResult *result, GError **error)
{
    Pausing self = {.app = app,
                    .who = who,
                    .case_id = case_id,
                    .document_id = document_id,
                    .reason = reason,
                    .words = words,
                    .now_us = kc_app_now(app),
                    .result = result};
    if (!kc_app_check_role(who, KC_ACTION_PAUSE_SIGNING, result))
        return FALSE;
    if (reason != NULL && !g_strv_contains(REASONS, reason))
        return kc_refuse_field(result, "/reason", "other_party, officer, hurry, not_understood or other");
    if (!check_words(words, "/words", result) || !kc_app_write(app, say, &self, result, error)) {
        kc_pause_view_free(self.view);
        return FALSE;
    }
    *ret_pause = self.view;
    return TRUE;
}

/* ---- its end ---- */

/* One that stands, and that `who` sees. */
static gboolean
load_standing(Pausing *self, KcTx *tx, KcAction action, KcCaseRow **ret_row, KcPause **ret_pause, GError **error)
{
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcPause) pause = NULL;
    if (!kc_app_load_case(tx, self->who, action, self->case_id, &row, self->result, error) ||
        !kc_pause_store_get(tx, self->pause_id, &pause, error))
        return FALSE;
    if (pause == NULL || strcmp(pause->case_id, row->id) != 0 || !sees_pause(self->who, row, pause))
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "pause-unknown", "There is nothing of that kind here.");
    if (pause->outcome != NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "pause-ended", "This has ended already.");
    *ret_row = g_steal_pointer(&row);
    *ret_pause = g_steal_pointer(&pause);
    return TRUE;
}

static gboolean
take_back(KcTx *tx, gpointer data, GError **error)
{
    Pausing *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcPause) pause = NULL;
    return load_standing(self, tx, KC_ACTION_PAUSE_SIGNING, &row, &pause, error) &&
           end(tx, self->who, row, pause, "taken_back", self->now_us, error);
}

gboolean
kc_app_take_back_pause(KcApp *app, const KcPrincipal *who, const char *case_id, const char *pause_id,
                       KcResult *result, GError **error)
{
    Pausing self = {
        .app = app, .who = who, .case_id = case_id, .pause_id = pause_id, .now_us = kc_app_now(app), .result = result};
    return kc_app_check_role(who, KC_ACTION_PAUSE_SIGNING, result) && kc_app_write(app, take_back, &self, result, error);
}

/* An agreement is withdrawn with the words that any other would be: an officer determines instead. */
static gboolean
withdraw(Pausing *self, KcTx *tx, const KcPause *pause, GError **error)
{
    g_autoptr(KcDocumentRow) document = NULL;
    if (!kc_document_store_get(tx, pause->document_id, &document, error))
        return FALSE;
    if (document == NULL || g_strcmp0(document->proposal, "open") != 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-withdrawable",
                         "只有等待签名的协议书可以撤回 / only an agreement that waits to be signed can be withdrawn");
    return kc_app_withdraw_proposal(tx, self->who, self->case_id, "determination", self->now_us, error);
}

static gboolean
resolve(KcTx *tx, gpointer data, GError **error)
{
    Pausing *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(KcPause) pause = NULL;
    g_clear_pointer(&self->view, kc_pause_view_free);
    if (!load_standing(self, tx, KC_ACTION_RESOLVE_PAUSE, &row, &pause, error))
        return FALSE;
    pause->note = g_strdup(self->note);
    pause->ended_by = g_strdup(self->who->user_id);
    /* Ended first: what is withdrawn would let it lapse. */
    if (!end(tx, self->who, row, pause, self->outcome, self->now_us, error) ||
        (strcmp(self->outcome, "document_withdrawn") == 0 && !withdraw(self, tx, pause, error)) ||
        (strcmp(self->outcome, "officer_sent") == 0 &&
         !kc_app_send_officer(tx, self->who, row, NULL, self->now_us, self->result, error)))
        return FALSE;
    self->view = view_of(tx, self->who, row, g_steal_pointer(&pause), error);
    return self->view != NULL;
}

gboolean
kc_app_resolve_pause(KcApp *app, const KcPrincipal *who, const char *case_id, const char *pause_id,
                     const char *outcome, const char *note, KcPauseView **ret_pause, KcResult *result, GError **error)
{
    Pausing self = {.app = app,
                    .who = who,
                    .case_id = case_id,
                    .pause_id = pause_id,
                    .outcome = outcome,
                    .note = note,
                    .now_us = kc_app_now(app),
                    .result = result};
    if (!kc_app_check_role(who, KC_ACTION_RESOLVE_PAUSE, result))
        return FALSE;
    if (outcome == NULL || !g_strv_contains(OUTCOMES, outcome))
        kc_refuse_field(result, "/outcome", "goes_on, officer_sent or document_withdrawn");
    if (note == NULL || note[0] == '\0')
        kc_refuse_field(result, "/note", "请写明怎样处理 / what was done is missing");
    check_words(note, "/note", result);
    gboolean done = result->kind == KC_RESULT_OK && kc_app_write(app, resolve, &self, result, error);
    if (done)
        *ret_pause = self.view;
    else
        kc_pause_view_free(self.view);
    return done;
}

/* ---- those that stand ---- */

typedef struct {
    const KcPrincipal *who;
    GPtrArray *views;
    KcResult *result;
} List;

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(GPtrArray) all = kc_pause_store_list(tx, NULL, error);
    g_ptr_array_set_size(self->views, 0);
    while (all != NULL && all->len > 0) {
        g_autoptr(KcPause) pause = g_ptr_array_steal_index(all, 0);
        g_autoptr(KcCaseRow) row = NULL;
        g_auto(KcResult) unseen = {0};
        if (!kc_app_load_case(tx, self->who, KC_ACTION_RESOLVE_PAUSE, pause->case_id, &row, &unseen, error)) {
            if (unseen.kind == KC_RESULT_OK)
                return FALSE;
            continue; /* another's case, or another county's */
        }
        KcPauseView *one = view_of(tx, self->who, row, g_steal_pointer(&pause), error);
        if (one == NULL)
            return FALSE;
        g_ptr_array_add(self->views, one);
    }
    return all != NULL;
}

gboolean
kc_app_list_pauses(KcApp *app, const KcPrincipal *who, GPtrArray **ret_pauses, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_pause_view_free);
    List self = {who, views, result};
    if (!kc_app_check_role(who, KC_ACTION_RESOLVE_PAUSE, result) || !kc_app_read(app, list, &self, result, error))
        return FALSE;
    *ret_pauses = g_steal_pointer(&views);
    return TRUE;
}
