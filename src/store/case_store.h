/* Cases: their state, times and facts. Inserting one makes its case key. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *number;   /* kc_case_store_next_number; unique */
    gint64 version; /* 1 when new; +1 with every update. What the ETag names */
    char *state;
    char *county;  /* code, or NULL when unknown */
    char *channel; /* web alarm_122 app_12123 desk kiosk */
    char *officer_id;
    char *integration_id; /* the other system that opened it; NULL: none. As the next, written when it is new */
    char *alarm_number;   /* by which that system knows it; or NULL */
    gint64 occurred_us, created_us, updated_us;
    gint64 queued_us, claimed_us, evidence_fixed_us, evacuated_us, determined_us, served_us, closed_us;
    gint64 on_scene_us, abandoned_us;
    char *closing_code;     /* jafs; NULL while it is open for the first time */
    char *mediation_method; /* tjfs; NULL: the parties came to no terms */
    char *on_scene_reason;  /* sealed */
    char *triage_json;      /* an object; never NULL when read */
    char *eligibility_json; /* an object */
    gint64 rules_number;    /* of the version of the rules that it keeps (rule_store.h) */
    /* Sealed together. */
    char *place_text;
    gboolean has_position;
    double latitude, longitude;
    gint64 accuracy_m; /* 0: unknown */
    char *reporter_phone;
    char *mediation_result;
    /* Read only. An erased case has nothing that is sealed, no triage and no parties; what it had is gone for good. */
    gint64 erased_us;
    char *erased_by_rule; /* the rule's id */
    char *erased_basis;
} KcCaseRow;

void kc_case_row_free(KcCaseRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCaseRow, kc_case_row_free)

/* "C-20261123-000042". `day`: eight digits, the local day at the centre. Write transactions only. Owned. */
char *kc_case_store_next_number(KcTx *tx, const char *day, GError **error);

gboolean kc_case_store_insert(KcTx *tx, const KcCaseRow *row, GError **error);
gboolean kc_case_store_get(KcTx *tx, const char *id, KcCaseRow **ret_row, GError **error);

/* Writes every field but id, number, channel, rules_number, integration_id, alarm_number and created_us if the stored
 * version is still row->version, which is
 * then counted up. */
KcUpdate kc_case_store_update(KcTx *tx, KcCaseRow *row, GError **error);

typedef struct {
    const char *const *states; /* NULL: any */
    const char *const *counties;
    const char *officer_id; /* NULL: any */
    gint64 from_us, to_us;  /* created_us in [from, to); 0: open */
    guint limit;            /* 1 … 200 */
    const char *cursor;     /* ret_cursor of the page before; NULL: the first page */
} KcCaseFilter;

/* of KcCaseRow, newest first. `*ret_cursor` (owned) is NULL on the last page. A malformed cursor is an empty page. What
 * cases are searched by is search_store.h. */
GPtrArray *kc_case_store_list(KcTx *tx, const KcCaseFilter *filter, char **ret_cursor, GError **error);

/* of KcCaseRow in state "waiting", in the order in which they are to be served (queued_us, id). `counties` NULL: all;
 * a case whose county is unknown is in every queue. */
GPtrArray *kc_case_store_queue(KcTx *tx, const char *const *counties, GError **error);

/* Of a case that may be gone; owned, NULL then. Reads nothing sealed. */
gboolean kc_case_store_number(KcTx *tx, const char *case_id, char **ret_number, GError **error);

/* NULL in `*ret_id`: no case of that alarm. Owned. */
gboolean kc_case_store_find_alarm(KcTx *tx, const char *integration_id, const char *alarm_number, char **ret_id,
                                  GError **error);

/* 1 for the first; 0 if the case does not wait. */
gboolean kc_case_store_queue_position(KcTx *tx, const char *case_id, gint64 *ret_position, GError **error);

/* For estimates of the wait: the mean of claimed_us - queued_us of the newest `count` claimed cases, 0 if there is
 * none; and how many cases each state holds: `ret_counts` (owned) maps the state to a GINT_TO_POINTER. */
gboolean kc_case_store_mean_wait(KcTx *tx, guint count, gint64 *ret_wait_us, GError **error);
gboolean kc_case_store_count_by_state(KcTx *tx, GHashTable **ret_counts, GError **error);

/* of ids (char *): expired, and still with all that was known of them. */
GPtrArray *kc_case_store_to_minimise(KcTx *tx, guint limit, GError **error);
gboolean kc_case_store_set_minimised(KcTx *tx, const char *case_id, gint64 at_us, GError **error);

/* The case's key, for what is sealed outside the database. NULL with an error if there is no such case. */
KcCaseKey *kc_case_store_key(KcTx *tx, const char *case_id, GError **error);
