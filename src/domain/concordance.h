/* How far two who judged the same cases came to the same, each without knowing of the other.
 *
 * The share of cases in which they did, with the 95 % interval of Wilson (1927, "Probable inference, the law of
 * succession, and statistical inference", J. Am. Stat. Assoc. 22, 209-212), which holds for few cases too; and Cohen's
 * kappa (1960, "A coefficient of agreement for nominal scales", Educ. Psychol. Meas. 20, 37-46): how much of the
 * agreement is more than chance would bring, 1 all of it, 0 none. Pure; thread-safe. */
#pragma once

#include <glib.h>

/* What each said of one case: a code of the same scale; borrowed, never NULL. */
typedef struct {
    const char *first, *second;
} KcTwoWords;

typedef struct {
    guint count, agreed;
    double share, low, high; /* 0 … 1; all 0 where nothing was counted */
    gboolean has_kappa;      /* not where both said one and the same of every case, or nothing was counted */
    double kappa;
} KcConcordance;

KcConcordance kc_concordance(const KcTwoWords *words, gsize count);

/* `hits` of `count` at least 1. */
void kc_wilson_interval(guint hits, guint count, double *ret_low, double *ret_high);
