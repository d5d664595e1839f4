/* What reports know of one case: figures and codes, nothing personal, and all of it from the entries of its audit log.
 *
 * The log is the only source, so that whoever holds it can count again and must come to the same figures. An entry that
 * older versions wrote without a code leaves that code unknown ("").
 *
 * The outcome of a case is what the last of these entries says:
 *
 *   document.issued of a determination   determined      case.abandoned, case.expired  abandoned (the caller is gone)
 *   agreement.agreed                     agreed          report.declined               declined (art. 18(2))
 *   case.on_scene                        on_scene        case.opened, case.queued, case.reopened,
 *                                                        a review that opens it anew   open
 *
 * Times, each -1 where its end or its beginning is missing or where it would be negative. They are those of the desk's
 * day (app/seats.h), and stop at the first end of a case: what a review does to it later is no waiting of that day.
 *
 *   answer  from joining the queue (given back, a case keeps its place; leaving gives it up) to the last claim   target
 * 1 min clear   from that claim to "clear the road" target 4 min close   from joining the queue, or else from its
 * opening, to the end                                       target 15 min
 *
 * Capture: `shots_*` are the required items of the case's shot list when the road was cleared, or, where it never was,
 * when the determination was issued; -1: neither. `people_*` are those who joined the call to be heard, and of these
 * the ones of whom a recording was finished or recovered. `gaps` are those in these recordings. Pure. */
#pragma once

#include <glib.h>

#define KC_REPORT_CODE_MAX 40   /* bytes with the NUL: also an id */
#define KC_REPORT_CODES_MAX 512 /* a list of codes, divided by spaces; what does not fit whole is left out */

typedef enum {
    KC_REPORT_OPEN,
    KC_REPORT_DETERMINED,
    KC_REPORT_AGREED,
    KC_REPORT_ON_SCENE,
    KC_REPORT_ABANDONED,
    KC_REPORT_DECLINED,
    KC_REPORT_OUTCOME_COUNT
} KcReportOutcome;

/* The review of a determination (arts. 71-79); a case has at most one. */
typedef enum {
    KC_REPORT_REVIEW_NONE,
    KC_REPORT_REVIEW_ASKED, /* and not concluded */
    KC_REPORT_REVIEW_WITHDRAWN,
    KC_REPORT_REVIEW_UPHELD,
    KC_REPORT_REVIEW_CORRECTED, /* upheld, its wording put right */
    KC_REPORT_REVIEW_OVERTURNED,
    KC_REPORT_REVIEW_COUNT
} KcReportReview;

typedef struct {
    char id[KC_REPORT_CODE_MAX];
    char number[KC_REPORT_CODE_MAX];
    char county[KC_REPORT_CODE_MAX];
    char channel[KC_REPORT_CODE_MAX];
    char officer[KC_REPORT_CODE_MAX]; /* the id of who has it */
    char form[KC_REPORT_CODE_MAX];
    char closing_code[KC_REPORT_CODE_MAX]; /* of the last end; "" since it was reopened */
    char ground[KC_REPORT_CODE_MAX];       /* why an officer went: a ground's code, or "party", "desk" */
    char scenarios[KC_REPORT_CODES_MAX];
    gint64 opened_us;
    gint64 answer_us, clear_us, close_us;
    gint64 shots_asked, shots_taken;
    gint64 people, people_recorded;
    gint64 gaps, gap_ms;
    KcReportOutcome outcome;
    KcReportReview review;
    gboolean closed; /* and not opened again */
} KcReportCase;

/* An entry of the log as far as reports look at it; texts are borrowed, NULL where the entry has none. */
typedef struct {
    const char *kind, *actor_kind, *actor_id;
    gint64 at_us;
    const char *number, *channel, *county;
    const char *document_kind, *form, *scenarios; /* those divided by spaces */
    const char *closing_code, *ground, *review_outcome;
    const char *recording_id, *object_id;
    gboolean reopened; /* by the review */
    gint64 gaps, gap_ms;
    gint64 shots_asked, shots_taken; /* -1: not said */
} KcReportEntry;

/* The entries of one case, taken in their order. */
typedef struct KcReportFold KcReportFold;
KcReportFold *kc_report_fold_new(const char *case_id);
void kc_report_fold_free(KcReportFold *fold);
/* Whether an entry of that kind does anything; where it does not, its data need not be read. */
gboolean kc_report_fold_wants(const char *kind);
void kc_report_fold_take(KcReportFold *fold, const KcReportEntry *entry);
/* As it stands now. FALSE: no entry has opened the case. */
gboolean kc_report_fold_result(const KcReportFold *fold, KcReportCase *ret_case);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReportFold, kc_report_fold_free)

const char *kc_report_outcome_to_string(KcReportOutcome outcome);
gboolean kc_report_outcome_from_string(const char *text, KcReportOutcome *ret_outcome);
const char *kc_report_review_to_string(KcReportReview review);
gboolean kc_report_review_from_string(const char *text, KcReportReview *ret_review);
