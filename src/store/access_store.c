#include "src/store/access_store.h"
#include "src/store/sealed.h"

#define COLUMNS "id, case_id, user_id, session, purpose, sealed_note, stated_us, until_us"

void
kc_access_free(KcStatedAccess *access)
{
    if (access == NULL)
        return;
    g_free(access->id);
    g_free(access->case_id);
    g_free(access->user_id);
    g_free(access->session);
    g_free(access->purpose);
    g_free(access->note);
    g_free(access);
}

static KcSealedPlace
note_of(const KcStatedAccess *access)
{
    return (KcSealedPlace){
        .case_id = access->case_id, .table = "case_accesses", .column = "note", .row_id = access->id};
}

static gpointer
read_access(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcStatedAccess) access = g_new0(KcStatedAccess, 1);
    access->id = kc_take_text(query);
    access->case_id = kc_take_text(query);
    access->user_id = kc_take_text(query);
    access->session = kc_take_text(query);
    access->purpose = kc_take_text(query);
    g_autoptr(GBytes) note = kc_take_bytes(query);
    access->stated_us = kc_take_int(query);
    access->until_us = kc_take_int(query);
    if (!kc_open_text(tx, note_of(access), note, &access->note, error))
        return NULL;
    return g_steal_pointer(&access);
}

gboolean
kc_access_store_insert(KcTx *tx, const KcStatedAccess *access, GError **error)
{
    g_autoptr(GBytes) note = NULL;
    if (!kc_seal_text(tx, note_of(access), access->note, &note, error))
        return FALSE;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "INSERT INTO case_accesses (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, access->id);
    kc_bind_text(query, access->case_id);
    kc_bind_text(query, access->user_id);
    kc_bind_text(query, access->session);
    kc_bind_text(query, access->purpose);
    kc_bind_bytes(query, note);
    kc_bind_int(query, access->stated_us);
    kc_bind_int(query, access->until_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_access_store_find(KcTx *tx, const char *case_id, const char *user_id, const char *session, gint64 now_us,
                     KcStatedAccess **ret_access, GError **error)
{
    *ret_access = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " COLUMNS " FROM case_accesses WHERE case_id = ? AND user_id = ? "
                                            "AND session = ? AND until_us > ? ORDER BY until_us DESC LIMIT 1",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, case_id);
    kc_bind_text(query, user_id);
    kc_bind_text(query, session);
    kc_bind_int(query, now_us);
    return kc_query_one(tx, query, read_access, (gpointer *)ret_access, error);
}

GPtrArray *
kc_access_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM case_accesses WHERE case_id = ? ORDER BY stated_us, id", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_access, (GDestroyNotify)kc_access_free, error);
}
