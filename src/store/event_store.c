#include "src/store/event_store.h"
#include "src/store/sql.h"

#define COLUMNS                                                                                                        \
    "seq, at_us, type, case_id, audience, audience_id, data_json, "                                                    \
    "(SELECT integration_id FROM cases WHERE cases.id = events.case_id)"

void
kc_event_free(KcEvent *event)
{
    if (event == NULL)
        return;
    g_free(event->type);
    g_free(event->case_id);
    g_free(event->audience);
    g_free(event->audience_id);
    g_free(event->data_json);
    g_free(event->integration_id);
    g_free(event);
}

static gpointer
read_event(KcTx *tx, KcQuery *query, GError **error)
{
    KcEvent *event = g_new0(KcEvent, 1);
    event->seq = kc_take_int(query);
    event->at_us = kc_take_int(query);
    event->type = kc_take_text(query);
    event->case_id = kc_take_text(query);
    event->audience = kc_take_text(query);
    event->audience_id = kc_take_text(query);
    event->data_json = kc_take_text(query);
    event->integration_id = kc_take_text(query);
    return event;
}

gboolean
kc_event_store_append(KcTx *tx, KcEvent *event, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO events (at_us, type, case_id, audience, audience_id, "
                                            "data_json) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, event->at_us);
    kc_bind_text(query, event->type);
    kc_bind_text(query, event->case_id);
    kc_bind_text(query, event->audience);
    kc_bind_text(query, event->audience_id);
    kc_bind_text(query, event->data_json == NULL ? "{}" : event->data_json);
    if (!kc_query_number(query, &event->seq, error) || !kc_query_run(query, NULL, error))
        return FALSE;
    tx->newest_event = event->seq;
    return TRUE;
}

static gboolean
is_of_types(const char *type, const char *const *types)
{
    for (gsize i = 0; types != NULL && types[i] != NULL; i++) {
        if (g_str_has_prefix(type, types[i]))
            return TRUE;
    }
    return types == NULL;
}

gboolean
kc_event_reader_may_see(const KcEventReader *reader, const KcEvent *event)
{
    if (!is_of_types(event->type, reader->types))
        return FALSE;
    if (g_str_equal(event->audience, "user"))
        return reader->user_id != NULL && g_strcmp0(event->audience_id, reader->user_id) == 0;
    if (g_str_equal(event->audience, "party"))
        return reader->party_id != NULL && g_strcmp0(event->audience_id, reader->party_id) == 0;
    if (reader->desk)
        return TRUE;
    if (!g_str_equal(event->audience, "case"))
        return FALSE;
    if (reader->integration_id != NULL)
        return g_strcmp0(event->integration_id, reader->integration_id) == 0;
    return reader->case_id != NULL && g_strcmp0(event->case_id, reader->case_id) == 0;
}

GPtrArray *
kc_event_store_list(KcTx *tx, const KcEventReader *reader, gint64 after_seq, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     "SELECT " COLUMNS " FROM events WHERE seq > ?1 AND ("
                     "(audience = 'user' AND audience_id = ?2) OR (audience = 'party' AND audience_id = ?3) OR "
                     "(audience IN ('desk', 'case') AND ?4) OR (audience = 'case' AND case_id = ?5) OR "
                     "(audience = 'case' AND case_id IN (SELECT id FROM cases WHERE integration_id = ?7))) "
                     "ORDER BY seq LIMIT ?6",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, after_seq);
    kc_bind_text(query, reader->user_id);
    kc_bind_text(query, reader->party_id);
    kc_bind_int(query, reader->desk != 0);
    kc_bind_text(query, reader->case_id);
    kc_bind_int(query, limit);
    kc_bind_text(query, reader->integration_id);
    return kc_query_all(tx, query, read_event, (GDestroyNotify)kc_event_free, error);
}

GPtrArray *
kc_event_store_list_all(KcTx *tx, gint64 after_seq, guint limit, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM events WHERE seq > ? ORDER BY seq LIMIT ?", error);
    if (query == NULL)
        return NULL;
    kc_bind_int(query, after_seq);
    kc_bind_int(query, limit);
    return kc_query_all(tx, query, read_event, (GDestroyNotify)kc_event_free, error);
}

gboolean
kc_event_store_range(KcTx *tx, gint64 *ret_oldest, gint64 *ret_newest, GError **error)
{
    /* The sequence outlives the rows that were pruned. */
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT coalesce((SELECT min(seq) FROM events), 0), "
                                            "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)",
                                            error);
    *ret_oldest = *ret_newest = 0;
    if (query == NULL)
        return FALSE;
    KcStep step = kc_query_step(query, error);
    if (step != KC_STEP_ROW)
        return FALSE;
    *ret_oldest = kc_take_int(query);
    *ret_newest = kc_take_int(query);
    return TRUE;
}

gboolean
kc_event_store_prune(KcTx *tx, gint64 before_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "DELETE FROM events WHERE at_us < ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, before_us);
    return kc_query_run(query, NULL, error);
}
