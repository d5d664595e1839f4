/* Private to src/app: who is blind to which case, and the lot of second looks. */
#pragma once

#include "src/app/blind_looks.h"
#include "src/app/internal.h"

/* Whether `who` has an open second look at that case. */
gboolean kc_app_is_blind(KcTx *tx, const KcPrincipal *who, const char *case_id, gboolean *ret_blind, GError **error);
/* Ids of all such cases, which no list may show to `who`. Owned; NULL with an error. */
GStrv kc_app_hidden_cases(KcTx *tx, const KcPrincipal *who, GError **error);

/* Who scored that case first. Owned; NULL: nobody did. */
gboolean kc_app_first_look(KcTx *tx, const char *case_id, char **ret_user_id, GError **error);

/* ---- blind_looks.c ---- */

/* What `who` is told of a look; takes it. */
gboolean kc_app_blind_view(KcApp *app, KcTx *tx, const KcPrincipal *who, KcBlindLook *look, const KcCaseRow *row,
                           KcBlindLookView **ret_view, GError **error);
/* The look and its case, for whoever may see it now. */
gboolean kc_app_load_blind_look(KcTx *tx, const KcPrincipal *who, const char *look_id, KcBlindLook **ret_look,
                                KcCaseRow **ret_row, KcResult *result, GError **error);

/* ---- blind_lot.c ---- */

/* Draws who looks at each case that is due: once its first look is there, among all who may and whom the log doesn't
 * name in the case. Where there is nobody it stays due. */
gboolean kc_app_draw_blind_looks(KcApp *app, KcTx *tx, GError **error);

/* ---- again from the log ---- */

typedef struct KcBlindCheck KcBlindCheck;
KcBlindCheck *kc_blind_check_new(void);
void kc_blind_check_free(KcBlindCheck *check);
/* A sample was drawn, and found right. */
void kc_blind_check_sample(KcBlindCheck *check, gint64 number, const char *commitment, const char *seed,
                           const json_t *blind);
/* An entry that may be of a second look. `*ret_problem`: what is wrong, owned; NULL: nothing. */
gboolean kc_blind_check_entry(KcBlindCheck *check, KcTx *tx, const KcLogEntry *entry, char **ret_problem,
                              GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcBlindCheck, kc_blind_check_free)
/* How many draws were found right. */
gint64 kc_blind_check_looks(const KcBlindCheck *check);
