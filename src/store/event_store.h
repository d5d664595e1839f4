/* What happened, for event streams: a durable sequence that Last-Event-ID resumes. Pruned by age; no personal data. */
#pragma once

#include "src/store/db.h"

typedef struct {
    gint64 seq; /* ascending, never used twice; given by the store */
    gint64 at_us;
    char *type;        /* case.created … */
    char *case_id;     /* or NULL */
    char *integration_id; /* read: of the system that opened the case; or NULL */
    char *audience;    /* desk: the desk only; case: the desk and the case's parties; party, user: that one alone */
    char *audience_id; /* of party or user; else NULL */
    char *data_json;   /* an object */
} KcEvent;

void kc_event_free(KcEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcEvent, kc_event_free)

/* Sets event->seq. */
gboolean kc_event_store_append(KcTx *tx, KcEvent *event, GError **error);

/* Who reads. Desk: everything for the desk or a case, and what is for `user_id` alone. Otherwise: what is for
 * `case_id`, what is for `party_id` alone, and what is for a case that `integration_id` opened. */
typedef struct {
    gboolean desk;
    const char *user_id;
    const char *case_id;
    const char *party_id;
    const char *integration_id;
    const char *const *types; /* beginnings of the types that it may see; NULL: all */
} KcEventReader;

gboolean kc_event_reader_may_see(const KcEventReader *reader, const KcEvent *event);

/* of KcEvent, ascending, after `after_seq`; of all types: the caller asks kc_event_reader_may_see for a reader that has
 * some only. */
GPtrArray *kc_event_store_list(KcTx *tx, const KcEventReader *reader, gint64 after_seq, guint limit, GError **error);
/* of KcEvent for whomever: one read after a commit serves every stream (kc_event_reader_may_see). */
GPtrArray *kc_event_store_list_all(KcTx *tx, gint64 after_seq, guint limit, GError **error);

/* 0 if there was never one. `ret_oldest`: the oldest that is still there; a stream that asks for less has missed some.
 */
gboolean kc_event_store_range(KcTx *tx, gint64 *ret_oldest, gint64 *ret_newest, GError **error);
gboolean kc_event_store_prune(KcTx *tx, gint64 before_us, GError **error);
