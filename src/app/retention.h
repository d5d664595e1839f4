/* Retention by rule (src/domain/retention.h): what goes when and why, and that it goes. The rules are those in force
 * now, not those that the case was handled by. */
#pragma once

#include "src/app/app.h"

typedef struct {
    char *case_id, *case_number, *case_state;
    KcRetained what;
    KcRetentionState state; /* of the rules, as of the moment that was asked about */
    gint64 at_us;           /* when it goes */
    char *rule, *legal_basis, *title_zh, *title_en;
} KcRetentionItem;

void kc_retention_item_free(KcRetentionItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRetentionItem, kc_retention_item_free)

#define KC_RETENTION_PREVIEW_MAX 1000 /* items of one preview */

/* of KcRetentionItem: what goes within `days` (0 … 36500), soonest first, and what would but is held back (on_hold,
 * under_review, deadline). `*ret_more`: there are more than a preview shows. `who` NULL: the command line. */
gboolean kc_app_preview_retention(KcApp *app, const KcPrincipal *who, guint days, GPtrArray **ret_items,
                                  gboolean *ret_more, KcResult *result, GError **error);

/* Their table with a header, UTF-8 with its mark, as spreadsheets want it (RFC 4180); owned. */
char *kc_retention_csv(const GPtrArray *items);

/* Some of the cases that are to be looked at; what is due goes, each with an entry of the log that names its rule and
 * basis.
 * `*ret_looked` (may be NULL): 0 when there is nothing left to do now. */
gboolean kc_app_run_retention(KcApp *app, guint *ret_looked, GError **error);
