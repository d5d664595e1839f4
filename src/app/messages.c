/* Invariants
 *
 * 1. Whoever may speak in the call may write, whoever hears it may read, and only while it can be joined is anything
 * written.
 * 2. The words are in their sealed row alone: log, events and the reply kept for a repetition hold the message's id. */
#include "src/app/messages.h"

#include "src/app/blind.h"
#include "src/app/object_reader.h"
#include "src/store/guest_store.h"

#include <string.h>

void
kc_message_view_free(KcMessageView *view)
{
    if (view == NULL)
        return;
    kc_chat_message_free(view->message);
    g_free(view->from_id);
    g_free(view->label);
    g_free(view->name);
    g_free(view);
}

/* ---- views ---- */

typedef struct {
    KcTx *tx;
    const KcPrincipal *who;
    GPtrArray *parties, *guests;
    GHashTable *users; /* id -> name */
    gboolean blind;
} Reader;

static void
reader_clear(Reader *reader)
{
    g_clear_pointer(&reader->parties, g_ptr_array_unref);
    g_clear_pointer(&reader->guests, g_ptr_array_unref);
    g_clear_pointer(&reader->users, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

static gboolean
reader_init(Reader *reader, KcTx *tx, const KcPrincipal *who, const char *case_id, GError **error)
{
    *reader = (Reader){.tx = tx, .who = who};
    reader->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    reader->parties = kc_party_store_list(tx, case_id, error);
    reader->guests = reader->parties != NULL ? kc_guest_store_list(tx, case_id, error) : NULL;
    return reader->guests != NULL && kc_app_is_blind(tx, who, case_id, &reader->blind, error);
}

static void
name_party(const Reader *reader, KcMessageView *view)
{
    for (guint i = 0; i < reader->parties->len; i++) {
        const KcParty *party = reader->parties->pdata[i];
        if (strcmp(party->id, view->message->party_id) != 0)
            continue;
        view->label = g_strdup(party->label);
        if (!reader->blind && kc_app_sees_field(reader->who, KC_FIELD_NAME, party->id))
            view->name = g_strdup(party->name);
    }
}

static void
name_guest(const Reader *reader, KcMessageView *view)
{
    for (guint i = 0; i < reader->guests->len; i++) {
        const KcGuest *guest = reader->guests->pdata[i];
        KcRole role;
        if (strcmp(guest->id, view->message->guest_id) != 0)
            continue;
        if (kc_role_from_guest_kind(guest->kind, &role))
            view->guest_kind = kc_role_guest_kind(role);
        if (!reader->blind)
            view->name = g_strdup(guest->name);
    }
}

static gboolean
name_user(const Reader *reader, KcMessageView *view, GError **error)
{
    const char *id = view->message->user_id;
    char *name = NULL;
    if (reader->blind)
        return TRUE;
    if (!g_hash_table_contains(reader->users, id)) {
        if (!kc_app_user_name(reader->tx, id, &name, error))
            return FALSE;
        g_hash_table_insert(reader->users, g_strdup(id), name);
    }
    view->name = g_strdup(g_hash_table_lookup(reader->users, id));
    return TRUE;
}

/* Takes `message`. */
static KcMessageView *
view_of(const Reader *reader, KcChatMessage *message, GError **error)
{
    g_autoptr(KcMessageView) view = g_new0(KcMessageView, 1);
    const char *party = message->party_id, *guest = message->guest_id;
    const char *id = party != NULL ? party : guest != NULL ? guest : message->user_id;
    view->message = message;
    view->kind = party != NULL ? "party" : guest != NULL ? "guest" : "user";
    view->own = g_strcmp0(kc_principal_id(reader->who), id) == 0;
    if (!reader->blind || party != NULL)
        view->from_id = g_strdup(id);
    if (party != NULL)
        name_party(reader, view);
    else if (guest != NULL)
        name_guest(reader, view);
    else if (!name_user(reader, view, error))
        return NULL;
    return g_steal_pointer(&view);
}

gboolean
kc_app_load_messages(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const char *after,
                     GPtrArray **ret_messages, GError **error)
{
    g_auto(Reader) reader = {0};
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_message_view_free);
    if (!reader_init(&reader, tx, who, row->id, error))
        return FALSE;
    g_autoptr(GPtrArray) messages = kc_message_store_list(tx, row->id, after, error);
    while (messages != NULL && messages->len > 0) {
        KcMessageView *view = view_of(&reader, g_ptr_array_steal_index(messages, 0), error);
        if (view == NULL)
            return FALSE;
        g_ptr_array_add(views, view);
    }
    g_clear_pointer(ret_messages, g_ptr_array_unref);
    if (messages != NULL)
        *ret_messages = g_steal_pointer(&views);
    return messages != NULL;
}

/* ---- sending ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const char *text;
    const KcIdempotency *idempotency;
    KcMessageView *view;
    KcResult *result;
} Send;

static gboolean
show(Send *self, KcTx *tx, KcChatMessage *taken, GError **error)
{
    g_autoptr(KcChatMessage) message = taken;
    g_auto(Reader) reader = {0};
    if (!reader_init(&reader, tx, self->who, self->case_id, error))
        return FALSE;
    self->view = view_of(&reader, g_steal_pointer(&message), error);
    return self->view != NULL;
}

static gboolean
show_earlier(Send *self, KcTx *tx, const json_t *earlier, GError **error)
{
    KcChatMessage *message = NULL;
    const char *id = json_string_value(json_object_get(earlier, "message_id"));
    if (!kc_message_store_get(tx, id, &message, error))
        return FALSE;
    g_assert(message != NULL);
    return show(self, tx, message, error);
}

static KcChatMessage *
message_new(const Send *self, gint64 now_us)
{
    KcChatMessage *message = g_new0(KcChatMessage, 1);
    message->id = g_strdup(kc_app_new_id(self->app).text);
    message->case_id = g_strdup(self->case_id);
    message->party_id = g_strdup(self->who->party_id);
    message->user_id = g_strdup(self->who->user_id);
    message->guest_id = g_strdup(self->who->guest_id);
    message->text = g_strdup(self->text);
    message->sent_us = now_us;
    return message;
}

static gboolean
write_message(Send *self, KcTx *tx, GError **error)
{
    gint64 now = kc_app_now(self->app);
    g_autoptr(KcChatMessage) message = message_new(self, now);
    return kc_message_store_insert(tx, message, error) &&
           kc_app_log(tx, self->who, self->case_id, "message.sent", now, json_pack("{s:s}", "message_id", message->id),
                      error) &&
           kc_app_emit(tx, "message.sent", self->case_id, "case", NULL, now,
                       json_pack("{s:s}", "message_id", message->id), error) &&
           kc_app_idempotency_keep(tx, self->who, self->idempotency, now, json_pack("{s:s}", "message_id", message->id),
                                   error) &&
           show(self, tx, g_steal_pointer(&message), error);
}

static gboolean
send_message(KcTx *tx, gpointer data, GError **error)
{
    Send *self = data;
    gint64 count;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(json_t) earlier = NULL;
    g_clear_pointer(&self->view, kc_message_view_free);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_SEND_MESSAGE, self->case_id, &row, self->result, error) ||
        !kc_app_idempotency_find(tx, self->who, self->idempotency, &earlier, self->result, error))
        return FALSE;
    if (earlier != NULL)
        return show_earlier(self, tx, earlier, error);
    if (!kc_app_apply(row, KC_CASE_JOIN_CALL, NULL, 0, self->result) ||
        !kc_message_store_count(tx, self->case_id, &count, error))
        return FALSE;
    if (count >= KC_LIMIT_MESSAGES_PER_CASE)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "too-many-messages",
                         "本案文字消息已达上限 / This case holds as many messages as a case may.");
    return write_message(self, tx, error);
}

/* Line ends are the only control characters of a text. */
static gboolean
is_plain(const char *text)
{
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar one = g_utf8_get_char(c);
        if (one != '\n' && one != '\r' && one != '\t' && g_unichar_iscntrl(one))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_text(const char *text, KcResult *result)
{
    if (text[0] == '\0')
        return kc_refuse_field(result, "/text", "内容不能为空 / it is empty");
    if (g_utf8_strlen(text, -1) > KC_LIMIT_MESSAGE_CHARS)
        return kc_refuse_field(result, "/text", "最多 500 字 / at most 500 characters");
    return is_plain(text) || kc_refuse_field(result, "/text", "含有控制字符 / it has control characters");
}

gboolean
kc_app_send_message(KcApp *app, const KcPrincipal *who, const char *case_id, const char *text,
                    const KcIdempotency *idempotency, KcMessageView **ret_message, KcResult *result, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text != NULL ? text : ""));
    Send self = {app, who, case_id, stripped, idempotency, NULL, result};
    if (!kc_app_check_role(who, KC_ACTION_SEND_MESSAGE, result) || !check_text(stripped, result) ||
        !kc_app_check_disk(app, KC_DISK_RUNNING, 0, result) || !kc_app_write(app, send_message, &self, result, error)) {
        kc_message_view_free(self.view);
        return FALSE;
    }
    *ret_message = self.view;
    return TRUE;
}

/* ---- reading ---- */

typedef struct {
    const KcPrincipal *who;
    const char *case_id, *after;
    gboolean holds; /* who has the case was there when it was written */
    GPtrArray *views;
    KcResult *result;
} List;

static gboolean
list(KcTx *tx, gpointer data, GError **error)
{
    List *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_MESSAGES, self->case_id, &row, self->result, error))
        return FALSE;
    self->holds = g_strcmp0(row->officer_id, self->who->user_id) == 0;
    return kc_app_load_messages(tx, self->who, row, self->after, &self->views, error);
}

gboolean
kc_app_list_messages(KcApp *app, const KcPrincipal *who, const char *case_id, const char *after,
                     GPtrArray **ret_messages, KcResult *result, GError **error)
{
    List self = {.who = who, .case_id = case_id, .after = after, .result = result};
    gboolean done = kc_app_read(app, list, &self, result, error);
    g_autoptr(GPtrArray) views = self.views;
    if (!done || (who->user_id != NULL && !self.holds &&
                  !kc_app_log_access(app, who, case_id, KC_LOOK_MESSAGES, case_id, result, error)))
        return FALSE;
    *ret_messages = g_steal_pointer(&views);
    return TRUE;
}
