#include "src/domain/blind.h"

#include "src/base/names.h"

#include <stdlib.h>
#include <string.h>

/* ---- Which cases ---- */

typedef struct {
    KcSampleCase *one;
    guint8 lot[KC_SAMPLE_LOT_LEN];
} Lot;

static gint
by_lot(gconstpointer a, gconstpointer b)
{
    return memcmp(((const Lot *)a)->lot, ((const Lot *)b)->lot, KC_SAMPLE_LOT_LEN);
}

void
kc_blind_choose(GPtrArray *cases, const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, guint percent)
{
    g_autoptr(GArray) lots = g_array_new(FALSE, FALSE, sizeof(Lot));
    for (guint i = 0; i < cases->len; i++) {
        Lot lot = {.one = cases->pdata[i]};
        lot.one->blind = FALSE;
        if (lot.one->reason == NULL)
            continue;
        kc_sample_lot("kuaichu blind 1", seed, number, lot.one->case_id, lot.lot);
        g_array_append_val(lots, lot);
    }
    g_array_sort(lots, by_lot);
    guint wanted = (guint)(((guint64)lots->len * percent + 99) / 100);
    for (guint i = 0; i < wanted; i++)
        g_array_index(lots, Lot, i).one->blind = TRUE;
}

/* ---- What is closed ---- */

/* Whatever is not named here may tell what others came to, and so may whatever is added one day. */
gboolean
kc_blind_may(KcAction action)
{
    return action == KC_ACTION_LOOK_BLIND || action == KC_ACTION_READ_RECORDING || action == KC_ACTION_READ_STILL ||
           action == KC_ACTION_READ_MESSAGES;
}

/* ---- What is asked ---- */

static const char *const QUESTIONS[KC_BLIND_QUESTION_COUNT] = {
    [KC_BLIND_LIABILITY] = "liability", [KC_BLIND_ACCIDENT_FORM] = "accident_form", [KC_BLIND_SAFETY] = "safety",
    [KC_BLIND_EVIDENCE] = "evidence",   [KC_BLIND_PROCEDURE] = "procedure",         [KC_BLIND_MANNER] = "manner",
};

const char *
kc_blind_question_to_string(KcBlindQuestion question)
{
    g_assert(question < KC_BLIND_QUESTION_COUNT);
    return QUESTIONS[question];
}

gboolean
kc_blind_question_from_string(const char *text, KcBlindQuestion *ret_question)
{
    gint place = kc_names_find(QUESTIONS, KC_BLIND_QUESTION_COUNT, text);
    if (place >= 0)
        *ret_question = (KcBlindQuestion)place;
    return place >= 0;
}

gboolean
kc_blind_question_is_score(KcBlindQuestion question)
{
    return question >= KC_BLIND_SAFETY;
}

/* ---- A split of liability ---- */

static int
by_label(const void *a, const void *b)
{
    return strcmp(((const KcBlindShare *)a)->label, ((const KcBlindShare *)b)->label);
}

char *
kc_blind_split(KcBlindShare *shares, gsize count)
{
    g_autoptr(GString) split = g_string_new(NULL);
    qsort(shares, count, sizeof *shares, by_label);
    for (gsize i = 0; i < count; i++) {
        if (shares[i].liability == KC_LIABILITY_UNSET)
            return NULL;
        g_string_append_printf(split, "%s%s=%s", i > 0 ? " " : "", shares[i].label,
                               kc_liability_to_string(shares[i].liability));
    }
    return count > 0 ? g_string_free(g_steal_pointer(&split), FALSE) : NULL;
}

GPtrArray *
kc_blind_check_split(const KcBlindShare *shares, gsize count)
{
    g_autoptr(KcDetermination) accident = kc_determination_new();
    g_autofree KcTravelClass *travel = g_new0(KcTravelClass, count + 1);
    for (gsize i = 0; i < count; i++) {
        KcDeterminationParty *party = kc_determination_party_new();
        party->liability = shares[i].liability;
        g_ptr_array_add(accident->parties, party);
    }
    GPtrArray *findings = kc_consistency_check_accident(accident, &(KcCodeMeaning){.travel = travel});
    /* What else an accident lacks is not asked here. */
    for (guint i = findings->len; i > 0; i--) {
        KcFinding *finding = findings->pdata[i - 1];
        if (finding->kind != KC_FINDING_CONTRADICTION || !g_str_has_suffix(finding->pointer, "/liability")) {
            g_ptr_array_remove_index(findings, i - 1);
            continue;
        }
        g_autofree char *pointer = finding->pointer;
        finding->pointer = g_strconcat("/liability", pointer + strlen("/parties"), NULL);
    }
    return findings;
}
