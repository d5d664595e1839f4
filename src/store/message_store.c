#include "src/store/message_store.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

#define SELECT "SELECT id, case_id, party_id, user_id, guest_id, sent_us, sealed_text FROM messages "

void
kc_chat_message_free(KcChatMessage *message)
{
    if (message == NULL)
        return;
    char *texts[] = {message->id,      message->case_id,  message->party_id,
                     message->user_id, message->guest_id, message->text};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(message);
}

static KcSealedPlace
place_of(const KcChatMessage *message)
{
    return (KcSealedPlace){.case_id = message->case_id, .table = "messages", .column = "text", .row_id = message->id};
}

static gpointer
read_message(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcChatMessage) message = g_new0(KcChatMessage, 1);
    message->id = kc_take_text(query);
    message->case_id = kc_take_text(query);
    message->party_id = kc_take_text(query);
    message->user_id = kc_take_text(query);
    message->guest_id = kc_take_text(query);
    message->sent_us = kc_take_int(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    if (!kc_open_text(tx, place_of(message), sealed, &message->text, error))
        return NULL;
    return g_steal_pointer(&message);
}

static gboolean
set_time(KcTx *tx, KcChatMessage *message, GError **error)
{
    gint64 newest = 0;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT coalesce(max(sent_us), 0) FROM messages WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, message->case_id);
    if (!kc_query_number(query, &newest, error))
        return FALSE;
    message->sent_us = MAX(message->sent_us, newest + 1);
    return TRUE;
}

gboolean
kc_message_store_insert(KcTx *tx, KcChatMessage *message, GError **error)
{
    g_autoptr(GBytes) sealed = NULL;
    if (!set_time(tx, message, error) || !kc_seal_text(tx, place_of(message), message->text, &sealed, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO messages (id, case_id, party_id, user_id, guest_id, sent_us, "
                                            "sealed_text) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, message->id);
    kc_bind_text(query, message->case_id);
    kc_bind_text(query, message->party_id);
    kc_bind_text(query, message->user_id);
    kc_bind_text(query, message->guest_id);
    kc_bind_int(query, message->sent_us);
    kc_bind_bytes(query, sealed);
    return kc_query_run(query, NULL, error) && kc_search_index_message(tx, message, error);
}

gboolean
kc_message_store_get(KcTx *tx, const char *id, KcChatMessage **ret_message, GError **error)
{
    *ret_message = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_message, (gpointer *)ret_message, error);
}

GPtrArray *
kc_message_store_list(KcTx *tx, const char *case_id, const char *after, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx,
                     SELECT "WHERE case_id = ?1 AND sealed_text IS NOT NULL AND sent_us > coalesce((SELECT sent_us "
                            "FROM messages WHERE id = ?2 AND case_id = ?1), 0) ORDER BY sent_us",
                     error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    kc_bind_text(query, after);
    return kc_query_all(tx, query, read_message, (GDestroyNotify)kc_chat_message_free, error);
}

gboolean
kc_message_store_count(KcTx *tx, const char *case_id, gint64 *ret_count, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM messages WHERE case_id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_number(query, ret_count, error);
}

gboolean
kc_message_store_strip(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(GPtrArray) all = kc_message_store_list(tx, case_id, NULL, error);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        KcChatMessage *message = all->pdata[i];
        g_clear_pointer(&message->text, g_free);
        if (!kc_search_index_message(tx, message, error))
            return FALSE;
    }
    g_autoptr(KcQuery) query =
        all != NULL ? kc_query_new(tx, "UPDATE messages SET sealed_text = NULL WHERE case_id = ?", error) : NULL;
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    return kc_query_run(query, NULL, error);
}
