/* Recusal (Order 146, art. 105): asked for by a party or declared by the person, decided by a supervisor. Until then
 * the work goes on, but no determination is issued; once upheld, the case goes back to the queue for somebody else. */
#pragma once

#include "src/app/app.h"
#include "src/store/recusal_store.h"

typedef struct {
    KcRecusal *recusal;
    char *case_number;
    char *user_name;    /* whom it is about */
    char *party_label;  /* NULL: declared by that person */
    char *decider_name; /* NULL: not decided */
} KcRecusalView;

void kc_recusal_view_free(KcRecusalView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRecusalView, kc_recusal_view_free)

/* Of whoever has the case now. CONFLICT "recusal-pending": one of that person by the same asks already. */
gboolean kc_app_ask_recusal(KcApp *app, const KcPrincipal *who, const char *case_id, const char *reason,
                            KcRecusalView **ret_view, KcResult *result, GError **error);

/* of KcRecusalView; a party sees its own. `case_id` NULL: those of all cases that wait for a decision */
gboolean kc_app_list_recusals(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_views,
                              KcResult *result, GError **error);

/* CONFLICT "recusal-decided"; "own-recusal" for whom it is about. `note` may be NULL. */
gboolean kc_app_decide_recusal(KcApp *app, const KcPrincipal *who, const char *recusal_id, gboolean upheld,
                               const char *note, KcRecusalView **ret_view, KcResult *result, GError **error);
