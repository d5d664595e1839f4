/* Cases that are assigned by lot, where the desk's policy says so (schema/rules/desk.json): what was drawn, and whether it
 * was drawn rightly. The lot itself is src/domain/draw.h. */
#pragma once

#include "src/app/app.h"
#include "src/domain/seats.h"
#include "src/store/draw_store.h"

typedef struct {
    KcDrawRow *row;
    char *case_number;
    GStrv candidate_names; /* in the order of row->candidates */
    char *chosen_name;
    KcDrawCheck check; /* drawn again now */
} KcDrawView;

void kc_draw_view_free(KcDrawView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDrawView, kc_draw_view_free)

/* How cases are assigned now, and what is committed to for the coming draw; for everybody. `*ret_next` NULL: nothing
 * is. */
gboolean kc_app_next_draw(KcApp *app, KcAssignment *ret_assignment, KcDrawRow **ret_next, GError **error);

/* of KcDrawView, the newest first, below the number `before` (0: from the newest). `*ret_before` is what goes on from
 * there; 0: that was the last page. */
gboolean kc_app_list_draws(KcApp *app, const KcPrincipal *who, gint64 before, guint limit, GPtrArray **ret_views,
                           gint64 *ret_before, KcResult *result, GError **error);

typedef struct {
    gint64 draws;  /* that were found right */
    char *problem; /* owned: the first that is wrong, and why; NULL: all are right */
} KcDrawsCheck;
void kc_draws_check_clear(KcDrawsCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcDrawsCheck, kc_draws_check_clear)

/* Draws everything again and holds it against the audit log: that each was committed to before it was made, that table
 * and log agree, and that the log's own chain holds. FALSE only if it can't be read. */
gboolean kc_app_verify_draws(KcApp *app, KcDrawsCheck *ret_check, GError **error);
