/* One video of a case's recordings, for whoever has to hand it on or to watch it at once: everybody side by side, with
 * the clock, the case's number and the mark of a derivative burnt in. It proves nothing by itself; its sources do,
 * which it names by their SHA-256.
 *
 *     queued ──▶ making ──▶ done ──▶ removed
 *       │  ▲       │ │
 *       │  └───────┘ ├──▶ failed ──▶ removed       back: the service ended, or the composer died the first time
 *       └────────────┴──▶ stopped ──▶ removed
 *
 * One is made at a time in the whole service, by a process of the lowest priority (compose_port.h). */
#pragma once

#include "src/app/objects.h"
#include "src/store/composition_store.h"

typedef struct {
    KcComposition *composition;
    const char *state;         /* as the row says, or "erased": its content went by rule */
    char *asked_by;            /* name */
    gint64 permille;           /* while it is being made */
    gint64 ahead;              /* while it is queued: how many come before it */
    gint64 bytes, duration_ms; /* of one that is done */
    char *sha256;
    gint64 sources; /* how many recordings it was made from */
} KcCompositionView;

void kc_composition_view_free(KcCompositionView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCompositionView, kc_composition_view_free)

/* CONFLICT "recording-live", "nothing-recorded", "composition-pending", "too-many-compositions"; UNAVAILABLE
 * "no-composer", "busy". Asks for a purpose as a look at the recordings does. */
gboolean kc_app_ask_composition(KcApp *app, const KcPrincipal *who, const char *case_id, KcCompositionView **ret_view,
                                KcResult *result, GError **error);
/* of KcCompositionView, the newest first, without those that were removed. */
gboolean kc_app_list_compositions(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_views,
                                  KcResult *result, GError **error);
/* Stops one that is queued or being made; takes any other away, its file with it, unless the case is on hold (CONFLICT
 * "on-hold"). */
gboolean kc_app_remove_composition(KcApp *app, const KcPrincipal *who, const char *case_id, const char *composition_id,
                                   KcResult *result, GError **error);
/* The video, as a seekable WebM. A look, as at a recording. */
gboolean kc_app_open_composition(KcApp *app, const KcPrincipal *who, const char *case_id, const char *composition_id,
                                 KcObjectReader **ret_reader, KcResult *result, GError **error);
