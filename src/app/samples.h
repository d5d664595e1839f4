/* Which closed cases are looked at again: drawn each week by lot, with a seed that was committed to before the week
 * ended (src/domain/sample.h), and all of those in which somebody did not sign or asked for a review. */
#pragma once

#include "src/app/app.h"
#include "src/store/sample_store.h"

/* Draws what is due, and commits to the next; nothing, most of the time. */
gboolean kc_app_draw_samples(KcApp *app, GError **error);

typedef struct {
    char *case_id, *case_number, *county;
    const char *reason; /* static */
    gboolean judged;    /* somebody wrote a finding or scored it */
} KcSampleCaseView;
void kc_sample_case_view_free(KcSampleCaseView *view);

typedef struct {
    KcSampleRow *row;
    GPtrArray *cases; /* of KcSampleCaseView: those that the caller may see */
} KcSampleView;
void kc_sample_view_free(KcSampleView *view);

/* of KcSampleView, the newest first; `*ret_next`: what is committed to, NULL: nothing yet. */
gboolean kc_app_list_samples(KcApp *app, const KcPrincipal *who, GPtrArray **ret_samples, KcSampleRow **ret_next,
                             KcResult *result, GError **error);

typedef struct {
    gint64 samples, cases, looks; /* that were found right; the last: draws of who looks a second time */
    char *problem;         /* owned: the first that is wrong, and why; NULL: all are right */
} KcSamplesCheck;
void kc_samples_check_clear(KcSamplesCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcSamplesCheck, kc_samples_check_clear)

/* Draws all again from the log alone. FALSE only if it can't be read. */
gboolean kc_app_verify_samples(KcApp *app, KcSamplesCheck *ret_check, GError **error);
