#include "src/domain/concordance.h"

#include <math.h>
#include <string.h>

#define Z95 1.959963984540054 /* of the normal distribution, two-sided */

void
kc_wilson_interval(guint hits, guint count, double *ret_low, double *ret_high)
{
    g_assert(count > 0 && hits <= count);
    double n = count, share = hits / n, z2 = Z95 * Z95;
    double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    *ret_low = hits == 0 ? 0 : middle - half;
    *ret_high = hits == count ? 1 : middle + half;
}

/* How often the first and the second said each code. */
typedef struct {
    guint first, second;
} Margin;

static Margin *
margin_of(GHashTable *margins, const char *code)
{
    Margin *margin = g_hash_table_lookup(margins, code);
    if (margin == NULL) {
        margin = g_new0(Margin, 1);
        g_hash_table_insert(margins, (gpointer)code, margin);
    }
    return margin;
}

/* In how many of n² pairs, one word of each taken at random, both say the same. */
static double
by_chance(const KcTwoWords *words, gsize count)
{
    g_autoptr(GHashTable) margins = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (gsize i = 0; i < count; i++) {
        margin_of(margins, words[i].first)->first++;
        margin_of(margins, words[i].second)->second++;
    }
    double pairs = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, margins);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Margin *margin = value;
        pairs += (double)margin->first * margin->second;
    }
    return pairs;
}

KcConcordance
kc_concordance(const KcTwoWords *words, gsize count)
{
    KcConcordance result = {.count = (guint)count};
    if (count == 0)
        return result;
    for (gsize i = 0; i < count; i++)
        result.agreed += strcmp(words[i].first, words[i].second) == 0;
    double all = (double)count * (double)count, chance = by_chance(words, count);
    result.share = (double)result.agreed / (double)count;
    kc_wilson_interval(result.agreed, result.count, &result.low, &result.high);
    result.has_kappa = chance < all;
    if (result.has_kappa)
        result.kappa = ((double)result.agreed * (double)count - chance) / (all - chance);
    return result;
}
