/* Legal holds: a supervisor or admin places one on a case, with why and by which law, and lifts it. While one stands,
 * nothing of the case is erased, whatever the rules of retention say. */
#pragma once

#include "src/app/app.h"
#include "src/store/hold_store.h"

typedef struct {
    KcHold *hold;
    char *case_number;
    char *placer_name, *lifter_name; /* lifter NULL: it stands */
    gint64 case_version;
} KcHoldView;

void kc_hold_view_free(KcHoldView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcHoldView, kc_hold_view_free)

/* `expected_version` of the case; 0: any. CONFLICT "too-many-holds", "erased". */
gboolean kc_app_place_hold(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                           const char *reason, const char *legal_basis, KcHoldView **ret_view, KcResult *result,
                           GError **error);
/* CONFLICT "hold-lifted". */
gboolean kc_app_lift_hold(KcApp *app, const KcPrincipal *who, const char *hold_id, gint64 expected_version,
                          const char *reason, KcHoldView **ret_view, KcResult *result, GError **error);
/* of KcHoldView; `case_id` NULL: all that stand, in the caller's counties */
gboolean kc_app_list_holds(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_views,
                           KcResult *result, GError **error);
