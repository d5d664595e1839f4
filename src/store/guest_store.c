#include "src/store/guest_store.h"
#include "src/store/sealed.h"

#define SELECT                                                                                                         \
    "SELECT id, case_id, kind, party_id, sealed_name, invited_by, created_us, revoked_us, revoked_by FROM guests "

void
kc_guest_free(KcGuest *guest)
{
    if (guest == NULL)
        return;
    g_free(guest->id);
    g_free(guest->case_id);
    g_free(guest->kind);
    g_free(guest->party_id);
    g_free(guest->name);
    g_free(guest->invited_by);
    g_free(guest->revoked_by);
    g_free(guest);
}

static KcSealedPlace
name_of(const KcGuest *guest)
{
    return (KcSealedPlace){.case_id = guest->case_id, .table = "guests", .column = "name", .row_id = guest->id};
}

static gpointer
read_guest(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcGuest) guest = g_new0(KcGuest, 1);
    guest->id = kc_take_text(query);
    guest->case_id = kc_take_text(query);
    guest->kind = kc_take_text(query);
    guest->party_id = kc_take_text(query);
    g_autoptr(GBytes) name = kc_take_bytes(query);
    guest->invited_by = kc_take_text(query);
    guest->created_us = kc_take_int(query);
    guest->revoked_us = kc_take_int(query);
    guest->revoked_by = kc_take_text(query);
    if (!kc_open_text(tx, name_of(guest), name, &guest->name, error))
        return NULL;
    return g_steal_pointer(&guest);
}

gboolean
kc_guest_store_insert(KcTx *tx, const KcGuest *guest, GError **error)
{
    g_autoptr(GBytes) name = NULL;
    if (!kc_seal_text(tx, name_of(guest), guest->name, &name, error))
        return FALSE;
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO guests (id, case_id, kind, party_id, sealed_name, invited_by, created_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
        error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, guest->id);
    kc_bind_text(query, guest->case_id);
    kc_bind_text(query, guest->kind);
    kc_bind_text(query, guest->party_id);
    kc_bind_bytes(query, name);
    kc_bind_text(query, guest->invited_by);
    kc_bind_int(query, guest->created_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_guest_store_get(KcTx *tx, const char *id, KcGuest **ret_guest, GError **error)
{
    *ret_guest = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_guest, (gpointer *)ret_guest, error);
}

GPtrArray *
kc_guest_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, SELECT "WHERE case_id = ? ORDER BY created_us, id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_guest, (GDestroyNotify)kc_guest_free, error);
}

KcUpdate
kc_guest_store_revoke(KcTx *tx, const char *id, const char *by_user, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE guests SET revoked_us = ?, revoked_by = ? WHERE id = ? AND revoked_us = 0", error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_int(query, at_us);
    kc_bind_text(query, by_user);
    kc_bind_text(query, id);
    return kc_query_update(query, error);
}
