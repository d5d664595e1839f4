/* One tampering, what the check says of it, and the table of figures.
 *
 *   named     found, and what was found names the table or the file
 *   found     found, and what was found names something else, that follows from it: the suite fails
 *   free      nothing was changed that anybody can read: the byte lies in a database page's free space, say
 *   missed    anything else: the suite fails
 *   false     something was found that names a case which was not touched: the suite fails
 *   can't     not tried: SQLite has no such row, for a reason that is printed */
#pragma once

#include "src/app/check.h"
#include "tests/support/kc_test.h"

/* Each n-th is tried; 1: all (KC_TAMPER_EVERY). `usual` without it. */
guint trial_every(guint usual);

typedef struct {
    char *kind, *table, *row, *case_id, *file, *text;
} TrialFinding;

typedef struct {
    GPtrArray *findings; /* of TrialFinding */
    char *error;         /* why it could not be checked at all */
} Verdict;

/* Of the whole folder, against the checkpoint (NULL: none is held). */
Verdict *verdict_of(const char *folder, const char *checkpoint);
void verdict_free(Verdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdict, verdict_free)

/* KcDamageFn, with a Verdict. */
void verdict_add(const KcDamage *damage, gpointer verdict);
Verdict *verdict_new(void);
gboolean verdict_is_clean(const Verdict *verdict);
/* Everything that was said, a line each; owned. */
char *verdict_text(const Verdict *verdict);

typedef enum {
    TRIAL_NAMED,
    TRIAL_FOUND,
    TRIAL_FREE,
    TRIAL_MISSED,
    TRIAL_FALSE,
    TRIAL_CANNOT,
    TRIAL_OUTCOMES
} TrialOutcome;

/* Counts a trial under `what` ("objects") and `how` ("bit flip"); `where` is kept of what fails the suite, and is
 * the reason of what can't be done. */
void trial_count(const char *what, const char *how, TrialOutcome outcome, const char *where);
/* Prints the table, and fails the test if anything was missed or false, or found and not named. */
void trial_end(const char *title);
