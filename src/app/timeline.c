/* Everything that happened in a case, in order: its entries of the audit log. */
#include "src/app/internal.h"
#include "src/store/guest_store.h"
#include "src/store/user_store.h"

#define MAX_ITEMS 5000

void
kc_timeline_item_free(KcTimelineItem *item)
{
    if (item == NULL)
        return;
    g_free(item->kind);
    g_free(item->actor_kind);
    g_free(item->actor_id);
    g_free(item->actor_name);
    g_free(item->data_json);
    g_free(item);
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    GPtrArray *items;
    GHashTable *names; /* actor id -> name */
    KcResult *result;
} Timeline;

static gboolean
name_actor(Timeline *self, KcTx *tx, const KcLogEntry *entry, KcTimelineItem *item, GError **error)
{
    if (entry->actor_id == NULL)
        return TRUE;
    if (strcmp(entry->actor_kind, "user") == 0 && !g_hash_table_contains(self->names, entry->actor_id)) {
        g_autoptr(KcUser) user = NULL;
        if (!kc_user_store_get(tx, entry->actor_id, &user, error))
            return FALSE;
        g_hash_table_insert(self->names, g_strdup(entry->actor_id), g_strdup(user != NULL ? user->name : NULL));
    }
    item->actor_name = g_strdup(g_hash_table_lookup(self->names, entry->actor_id));
    return TRUE;
}

static gboolean
add_item(Timeline *self, KcTx *tx, const KcLogEntry *entry, GError **error)
{
    KcTimelineItem *item = g_new0(KcTimelineItem, 1);
    item->seq = entry->seq;
    item->at_us = entry->at_us;
    item->kind = g_strdup(entry->kind);
    item->actor_kind = g_strdup(entry->actor_kind);
    item->actor_id = g_strdup(entry->actor_id);
    item->data_json = kc_json_text(entry->data != NULL ? json_incref(entry->data) : json_object());
    g_ptr_array_add(self->items, item);
    return name_actor(self, tx, entry, item, error);
}

static gboolean
read_timeline(KcTx *tx, gpointer data, GError **error)
{
    Timeline *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_READ_TIMELINE, self->case_id, &row, self->result, error))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, self->case_id, error);
    g_autoptr(GPtrArray) guests = parties != NULL ? kc_guest_store_list(tx, self->case_id, error) : NULL;
    g_autoptr(GPtrArray) entries = guests != NULL ? kc_log_store_list(tx, self->case_id, 0, MAX_ITEMS, error) : NULL;
    if (entries == NULL)
        return FALSE;
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        g_hash_table_insert(self->names, g_strdup(party->id), g_strdup(party->label));
    }
    for (guint i = 0; i < guests->len; i++) {
        const KcGuest *guest = guests->pdata[i];
        g_hash_table_insert(self->names, g_strdup(guest->id), g_strdup(guest->name));
    }
    for (guint i = 0; i < entries->len; i++) {
        const KcLogEntry *entry = entries->pdata[i];
        if (!kc_log_kind_is_technical(entry->kind) && !add_item(self, tx, entry, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_app_timeline(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_items, KcResult *result,
                GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)kc_timeline_item_free);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Timeline self = {app, who, case_id, items, names, result};
    if (!kc_app_read(app, read_timeline, &self, result, error))
        return FALSE;
    *ret_items = g_steal_pointer(&items);
    return TRUE;
}
