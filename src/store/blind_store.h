/* Second looks at sampled cases (src/domain/blind.h): who was drawn to each, and what both looks came to. */
#pragma once

#include "src/domain/blind.h"
#include "src/store/db.h"

typedef struct {
    char *id, *case_id;
    gint64 sample, turn;
    char *user_id;  /* who looks */
    char *first_id; /* who looked first */
    gint64 assigned_us, due_us;
    char *outcome; /* handed_in given_back; NULL: it is open */
    gint64 ended_us;
    char *words; /* sealed: what was written, or why it was given back */
} KcBlindLook;

void kc_blind_look_free(KcBlindLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcBlindLook, kc_blind_look_free)

gboolean kc_blind_store_insert(KcTx *tx, const KcBlindLook *look, GError **error);
/* Outcome, time and words; once. */
KcUpdate kc_blind_store_end(KcTx *tx, const KcBlindLook *look, GError **error);
gboolean kc_blind_store_get(KcTx *tx, const char *id, KcBlindLook **ret_look, GError **error);
/* The newest of each case, open ones first, then the newest. of KcBlindLook */
GPtrArray *kc_blind_store_list(KcTx *tx, guint limit, GError **error);
/* Whether that person has an open look at that case. */
gboolean kc_blind_store_is_open(KcTx *tx, const char *user_id, const char *case_id, gboolean *ret_open, GError **error);
/* Ids of the cases of which that person has one. Owned. */
GStrv kc_blind_store_open_cases(KcTx *tx, const char *user_id, GError **error);

/* A sampled case that the lot chose for a second look, and that has none that is open or handed in. A case that is in
 * two samples gets one of the earlier. */
typedef struct {
    gint64 sample;
    char *case_id;
    gint64 turns; /* how often it was given back */
} KcBlindDue;
void kc_blind_due_free(KcBlindDue *due);
/* of KcBlindDue, the oldest first; none of an erased case. */
GPtrArray *kc_blind_store_list_due(KcTx *tx, GError **error);

/* One question, and what each look said of it. */
typedef struct {
    KcBlindQuestion question;
    char *first; /* NULL: nothing */
    char *second;
} KcBlindAnswer;
void kc_blind_answer_free(KcBlindAnswer *answer);
gboolean kc_blind_store_answer(KcTx *tx, const char *look_id, const KcBlindAnswer *answer, GError **error);
/* of KcBlindAnswer, in the order of the questions */
GPtrArray *kc_blind_store_answers(KcTx *tx, const char *look_id, GError **error);

/* As the above, of a look that was handed in at `ended_us`. */
typedef struct {
    KcBlindAnswer answer;
    gint64 ended_us;
} KcBlindPair;
/* Where both said something, handed in within [from, to); `counties`: of cases of these and of none; NULL: of all. of
 * KcBlindPair, by time. */
GPtrArray *kc_blind_store_pairs(KcTx *tx, gint64 from_us, gint64 to_us, const char *const *counties, GError **error);
