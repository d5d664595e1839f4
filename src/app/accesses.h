/* Why somebody looks at the evidence of a case, and who has looked.
 *
 * An auditor states a purpose before the evidence of a case opens, and so does a supervisor before
 * pictures and signatures of a case that is over and was not theirs; whoever handles a case, and whoever oversees one that is open, does so as part of it. */
#pragma once

#include "src/app/app.h"
#include "src/store/access_store.h"

/* Good for this session and case for eight hours. INVALID for an unknown purpose, or "other" without a note. */
gboolean kc_app_state_purpose(KcApp *app, const KcPrincipal *who, const char *case_id, const char *purpose,
                              const char *note, KcStatedAccess **ret_access, KcResult *result, GError **error);

typedef struct {
    gint64 at_us;
    char *what; /* kind of the log's entry: "recording.viewed", "access.stated", … */
    char *kind; /* of who looked: "user", "party", "guest" */
    char *role; /* of a user; or NULL */
    char *name; /* NULL to a party, of a user */
    char *badge_number;
    char *label;   /* of a party; or NULL */
    char *purpose; /* NULL: none was needed; "none": none was stated */
    char *note;    /* of "access.stated"; NULL to a party */
} KcLookView;
void kc_look_view_free(KcLookView *view);

typedef struct {
    GPtrArray *looks;       /* of KcLookView, the newest first; a party sees those of staff and its own */
    gboolean needed;        /* the caller has to state a purpose */
    KcStatedAccess *stated; /* the one that is good now; or NULL */
} KcLooks;
void kc_looks_clear(KcLooks *looks);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcLooks, kc_looks_clear)

gboolean kc_app_list_looks(KcApp *app, const KcPrincipal *who, const char *case_id, KcLooks *ret_looks,
                           KcResult *result, GError **error);
