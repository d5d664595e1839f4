/* What auditors find in a case and how they judge it: written with the moment that it is about, answered by the officer
 * whose case it was, closed by an auditor. */
#pragma once

#include "src/app/app.h"
#include "src/store/finding_store.h"

typedef struct {
    const char *severity;  /* note minor major critical */
    const char *criterion; /* safety evidence procedure determination documents manner other */
    gint64 mark_us;        /* 0: no moment */
    const char *text;
} KcNewFinding;

typedef struct {
    KcFindingRow *row;
    char *case_number;
    char *found_by_name, *answered_by_name, *closed_by_name, *officer_name; /* each may be NULL */
} KcFindingView;
void kc_finding_view_free(KcFindingView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcFindingView, kc_finding_view_free)

/* Not by whoever has the case: FORBIDDEN "own-case". */
gboolean kc_app_add_finding(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewFinding *request,
                            KcFindingView **ret_finding, KcResult *result, GError **error);
/* By whose case it was, once. `answer`: accepted or contested, which needs words. CONFLICT "answered", "closed". */
gboolean kc_app_answer_finding(KcApp *app, const KcPrincipal *who, const char *case_id, const char *finding_id,
                               const char *answer, const char *text, KcFindingView **ret_finding, KcResult *result,
                               GError **error);
/* By an auditor or supervisor, answered or not, once. `closing`: upheld or withdrawn. */
gboolean kc_app_close_finding(KcApp *app, const KcPrincipal *who, const char *case_id, const char *finding_id,
                              const char *closing, const char *text, KcFindingView **ret_finding, KcResult *result,
                              GError **error);

typedef struct {
    const char *criterion; /* as above, but "other" */
    gint64 score;          /* 1 … 5 */
} KcNewScore;
/* The caller's own, each once; a later one replaces it. */
gboolean kc_app_score_case(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewScore *scores,
                           gsize count, KcResult *result, GError **error);

typedef struct {
    char *name; /* of who judged; NULL to the officer */
    char *criterion;
    gint64 score, scored_us;
    gboolean own;
} KcScoreView;
void kc_score_view_free(KcScoreView *view);

typedef struct {
    GPtrArray *findings; /* of KcFindingView, by time */
    GPtrArray *scores;   /* of KcScoreView */
} KcCaseFindings;
void kc_case_findings_clear(KcCaseFindings *findings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcCaseFindings, kc_case_findings_clear)

gboolean kc_app_list_findings(KcApp *app, const KcPrincipal *who, const char *case_id, KcCaseFindings *ret_findings,
                              KcResult *result, GError **error);
/* Those that are open: to an officer those of own cases, to who audits all. of KcFindingView, the oldest first. */
gboolean kc_app_list_open_findings(KcApp *app, const KcPrincipal *who, GPtrArray **ret_findings, KcResult *result,
                                   GError **error);
