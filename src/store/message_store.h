/* What those in a call wrote to each other. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id;
    char *party_id, *user_id, *guest_id; /* who wrote it: one of them */
    char *text;                          /* sealed; NULL: taken out of a case that its party has left */
    gint64 sent_us;                      /* no two of a case have the same */
} KcChatMessage;

void kc_chat_message_free(KcChatMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcChatMessage, kc_chat_message_free)

/* Sets sent_us: later than every other of the case, so that whoever reads on after one misses none. */
gboolean kc_message_store_insert(KcTx *tx, KcChatMessage *message, GError **error);
gboolean kc_message_store_get(KcTx *tx, const char *id, KcChatMessage **ret_message, GError **error);
/* of KcChatMessage that have words, by time; `after` (an id; NULL: from the first): those that came later. */
GPtrArray *kc_message_store_list(KcTx *tx, const char *case_id, const char *after, GError **error);
gboolean kc_message_store_count(KcTx *tx, const char *case_id, gint64 *ret_count, GError **error);
/* Takes the words of a case's messages away. */
gboolean kc_message_store_strip(KcTx *tx, const char *case_id, GError **error);
