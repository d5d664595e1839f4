/* A case goes from one seat to another while its call goes on: offered, accepted or declined.
 *
 * The parties' legs are not touched. Who takes the case joins; as soon as that leg is connected, the leg of who gave it
 * away ends by itself. */
#pragma once

#include "src/app/cases.h"
#include "src/store/offer_store.h"

typedef struct {
    KcOffer *offer;
    char *case_number, *case_state;
    char *from_name; /* NULL: drawn */
    char *to_name;
} KcOfferView;

void kc_offer_view_free(KcOfferView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcOfferView, kc_offer_view_free)

/* By who has the case, or a supervisor, who also assigns one that waits and so overrules the lot. CONFLICT "offer-standing"; "colleague-busy" who is in another call; "recused";
 * INVALID for who can't take it. */
gboolean kc_app_offer_case(KcApp *app, const KcPrincipal *who, const char *case_id, const char *to_user,
                           KcOfferView **ret_view, KcResult *result, GError **error);

/* of KcOfferView: those that stand and are from or for the caller */
gboolean kc_app_list_offers(KcApp *app, const KcPrincipal *who, GPtrArray **ret_views, KcResult *result,
                            GError **error);

/* By whom it is for. CONFLICT "offer-over" when it does not stand any more; "busy-elsewhere". */
gboolean kc_app_accept_offer(KcApp *app, const KcPrincipal *who, const char *offer_id, KcCaseView **ret_case,
                             KcResult *result, GError **error);
gboolean kc_app_decline_offer(KcApp *app, const KcPrincipal *who, const char *offer_id, KcResult *result,
                              GError **error);
/* By who asked, or a supervisor. */
gboolean kc_app_withdraw_offer(KcApp *app, const KcPrincipal *who, const char *offer_id, KcResult *result,
                               GError **error);

/* Once a second or so: offers lapse, and a case whose holder is gone while a party waits in the call goes back to the
 * queue, to its old place. */
gboolean kc_app_tend_desk(KcApp *app, GError **error);
