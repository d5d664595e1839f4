/* Second looks at sampled cases (src/domain/blind.h): by somebody who is shown the evidence and nothing of what others
 * came to, until the own answers are handed in. Meanwhile the case is closed to that person in every other way
 * (blind.h). */
#pragma once

#include "src/app/app.h"
#include "src/app/views.h"
#include "src/domain/concordance.h"
#include "src/store/blind_store.h"

typedef struct {
    KcBlindLook *look; /* to who looks, while it is open, without who looked first */
    char *case_number, *county;
    char *user_name, *first_name, *officer_name; /* the last two NULL, as above */
    gboolean own, late;
    GPtrArray *answers; /* of KcBlindAnswer; NULL unless it was handed in */
} KcBlindLookView;
void kc_blind_look_view_free(KcBlindLookView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcBlindLookView, kc_blind_look_view_free)

typedef struct {
    GPtrArray *looks;                     /* of KcBlindLookView, those that are open first */
    guint without_first, without_anybody; /* cases that wait: for the first look, for somebody who may look */
} KcBlindList;
void kc_blind_list_clear(KcBlindList *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcBlindList, kc_blind_list_clear)

/* The newest look at each case that the caller may see. */
gboolean kc_app_list_blind_looks(KcApp *app, const KcPrincipal *who, KcBlindList *ret_list, KcResult *result,
                                 GError **error);

/* One look; to who looks, while it is open, with the scene as evidence shows it. */
typedef struct {
    KcBlindLookView *view;
    KcCaseRow *row; /* NULL unless it is open and the caller's own, as what follows */
    KcTriage triage;
    GPtrArray *parties; /* of KcPartyView: what stands on the road */
    GPtrArray *stills;  /* of KcStillView, without papers */
} KcBlindSheet;
void kc_blind_sheet_clear(KcBlindSheet *sheet);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcBlindSheet, kc_blind_sheet_clear)

/* NOT_FOUND. FORBIDDEN "blind-look-other": it is open, and somebody else's. What both said is told by this alone, which
 * is an entry of the log. */
gboolean kc_app_get_blind_look(KcApp *app, const KcPrincipal *who, const char *look_id, KcBlindSheet *ret_sheet,
                               KcResult *result, GError **error);

typedef struct {
    const char *party_id;
    int liability; /* KcLiability */
} KcBlindShareSaid;

typedef struct {
    int question; /* KcBlindQuestion, a score */
    gint64 score;
} KcBlindScoreSaid;

typedef struct {
    const KcBlindShareSaid *shares; /* each party once */
    gsize share_count;
    const char *accident_form;      /* a code; NULL: not said */
    const KcBlindScoreSaid *scores; /* at least one, each once */
    gsize score_count;
    const char *text; /* may be NULL */
} KcBlindHandIn;

/* Once. INVALID for what is missing or contradicts itself; CONFLICT "blind-look-ended"; FORBIDDEN "blind-look-other".
 */
gboolean kc_app_hand_in_blind_look(KcApp *app, const KcPrincipal *who, const char *look_id, const KcBlindHandIn *said,
                                   KcBlindLookView **ret_view, KcResult *result, GError **error);
/* Whoever knows somebody in it, or of it. The lot comes to somebody else at once. */
gboolean kc_app_give_back_blind_look(KcApp *app, const KcPrincipal *who, const char *look_id, const char *reason,
                                     KcBlindLookView **ret_view, KcResult *result, GError **error);

typedef struct {
    char *period; /* "2026-11", "2026"; NULL: of all */
    KcBlindQuestion question;
    KcConcordance rate;
} KcBlindRate;
void kc_blind_rate_free(KcBlindRate *rate);

/* How far both looks agree, of those handed in within the period (as of reports.h): of all, then of each month (`by`
 * "month", or NULL) or "year". of KcBlindRate. INVALID with "/from", "/to" or "/by". */
gboolean kc_app_blind_rates(KcApp *app, const KcPrincipal *who, const char *from, const char *to, const char *by,
                            GPtrArray **ret_rates, KcResult *result, GError **error);
/* RFC 4180 with a byte order mark. Owned. */
char *kc_blind_rates_to_csv(const GPtrArray *rates);
