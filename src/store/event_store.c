#include "src/store/event_store.h"
#include "src/store/check.h"
#include "src/store/sql.h"

#define OWN_COLUMNS "seq, at_us, type, case_id, audience, audience_id, data_json"
#define COLUMNS OWN_COLUMNS ", (SELECT integration_id FROM cases WHERE cases.id = events.case_id)"

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

/* ---- The seal ---- */

static void
add(GString *place, const char *text)
{
    g_string_append_printf(place, text != NULL ? "/=%s" : "/-", text);
}

static GString *
place_of(const KcEvent *event)
{
    GString *place = g_string_new(NULL);
    g_string_append_printf(place, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, event->seq, event->at_us);
    add(place, event->type);
    add(place, event->case_id);
    add(place, event->audience);
    add(place, event->audience_id);
    add(place, event->data_json);
    return place;
}

static gboolean
is_sealed(const KcKeyring *keyring, const KcEvent *event, GBytes *seal)
{
    g_autoptr(GString) place = place_of(event);
    g_autoptr(GBytes) nothing =
        seal != NULL ? kc_keyring_unseal(keyring, "events", "seal", place->str, seal, NULL) : NULL;
    return nothing != NULL;
}

/* ---- Rows ---- */

static KcEvent *
take_event(KcQuery *query)
{
    KcEvent *event = g_new0(KcEvent, 1);
    event->seq = kc_take_int(query);
    event->at_us = kc_take_int(query);
    event->type = kc_take_text(query);
    event->case_id = kc_take_text(query);
    event->audience = kc_take_text(query);
    event->audience_id = kc_take_text(query);
    event->data_json = kc_take_text(query);
    return event;
}

static gpointer
read_event(KcTx *tx G_GNUC_UNUSED, KcQuery *query, GError **error G_GNUC_UNUSED)
{
    KcEvent *event = take_event(query);
    event->integration_id = kc_take_text(query);
    return event;
}

/* The sequence outlives the rows that were pruned. */
static gboolean
next_seq(KcTx *tx, gint64 *ret_seq, GError **error)
{
    *ret_seq = kc_tx_counter_next(tx, "events", error);
    return *ret_seq > 0;
}

static gboolean
insert(KcTx *tx, const KcEvent *event, GError **error)
{
    g_autoptr(GString) place = place_of(event);
    g_autoptr(GBytes) seal = kc_keyring_seal(tx->keyring, "events", "seal", place->str, "", 0);
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO events (" OWN_COLUMNS ", seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, event->seq);
    kc_bind_int(query, event->at_us);
    kc_bind_text(query, event->type);
    kc_bind_text(query, event->case_id);
    kc_bind_text(query, event->audience);
    kc_bind_text(query, event->audience_id);
    kc_bind_text(query, event->data_json);
    kc_bind_bytes(query, seal);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_event_store_append(KcTx *tx, KcEvent *event, GError **error)
{
    KcEvent row = *event;
    if (row.data_json == NULL)
        row.data_json = (char *)"{}";
    if (!next_seq(tx, &row.seq, error) || !insert(tx, &row, error))
        return FALSE;
    tx->newest_event = event->seq = row.seq;
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
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT coalesce((SELECT min(seq) FROM events), 0), "
                                            "coalesce((SELECT value FROM counters WHERE name = 'events'), 0)",
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

gboolean
kc_check_events(KcTx *tx, gpointer check, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " OWN_COLUMNS ", seal FROM events", error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autoptr(KcEvent) event = take_event(query);
        g_autoptr(GBytes) seal = kc_take_bytes(query);
        g_autofree char *row = g_strdup_printf("%" G_GINT64_FORMAT, event->seq);
        if (!is_sealed(tx->keyring, event, seal))
            kc_check_found(check,
                           (KcDamage){.kind = "sealed", .table = "events", .row = row, .case_id = event->case_id, .chunk = -1},
                           "row %s of events was changed or put there past the service", row);
    }
    return step == KC_STEP_DONE;
}
