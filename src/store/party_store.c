#include "src/store/party_store.h"
#include "src/base/json.h"
#include "src/store/sealed.h"
#include "src/store/search_texts.h"

#define CAPABILITY_COLUMNS "token_hash, case_id, party_id, guest_id, kind, created_us, expires_us"
#define COLUMNS "id, case_id, label, is_reporter, created_us, last_seen_us, sealed_particulars"

void
kc_party_free(KcParty *party)
{
    if (party == NULL)
        return;
    g_free(party->id);
    g_free(party->case_id);
    g_free(party->label);
    g_free(party->kind);
    g_free(party->shares_phone_with);
    g_free(party->name);
    g_free(party->phone);
    g_free(party->id_number);
    g_free(party->licence_number);
    g_free(party->plate_number);
    g_free(party->plate_type);
    g_free(party->vehicle_type);
    g_free(party->insurer);
    g_free(party->insurance_certificate);
    g_free(party);
}

/* ---- Sealed particulars ---- */

static const struct {
    const char *name;
    gsize offset; /* of a char * in KcParty */
} particulars[] = {
    {"kind", G_STRUCT_OFFSET(KcParty, kind)},
    {"shares_phone_with", G_STRUCT_OFFSET(KcParty, shares_phone_with)},
    {"name", G_STRUCT_OFFSET(KcParty, name)},
    {"phone", G_STRUCT_OFFSET(KcParty, phone)},
    {"id_number", G_STRUCT_OFFSET(KcParty, id_number)},
    {"licence_number", G_STRUCT_OFFSET(KcParty, licence_number)},
    {"plate_number", G_STRUCT_OFFSET(KcParty, plate_number)},
    {"plate_type", G_STRUCT_OFFSET(KcParty, plate_type)},
    {"vehicle_type", G_STRUCT_OFFSET(KcParty, vehicle_type)},
    {"insurer", G_STRUCT_OFFSET(KcParty, insurer)},
    {"insurance_certificate", G_STRUCT_OFFSET(KcParty, insurance_certificate)},
};

static KcSealedPlace
place_of(const char *case_id, const char *id)
{
    return (KcSealedPlace){.case_id = case_id, .table = "parties", .column = "particulars", .row_id = id};
}

static GBytes *
seal_particulars(KcTx *tx, const KcParty *party, GError **error)
{
    GBytes *sealed = NULL;
    g_autoptr(json_t) object = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(particulars); i++)
        kc_json_put_text(object, particulars[i].name, G_STRUCT_MEMBER(char *, party, particulars[i].offset));
    if (!kc_seal_json(tx, place_of(party->case_id, party->id), object, &sealed, error))
        return NULL;
    return sealed;
}

static gpointer
read_party(KcTx *tx, KcQuery *query, GError **error)
{
    g_autoptr(KcParty) party = g_new0(KcParty, 1);
    party->id = kc_take_text(query);
    party->case_id = kc_take_text(query);
    party->label = kc_take_text(query);
    party->is_reporter = kc_take_int(query) != 0;
    party->created_us = kc_take_int(query);
    party->last_seen_us = kc_take_int(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    g_autoptr(json_t) object = kc_open_json(tx, place_of(party->case_id, party->id), sealed, error);
    if (object == NULL)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(particulars); i++)
        G_STRUCT_MEMBER(char *, party, particulars[i].offset) = kc_json_get_text(object, particulars[i].name);
    return g_steal_pointer(&party);
}

/* ---- Parties ---- */

gboolean
kc_party_store_insert(KcTx *tx, const KcParty *party, GError **error)
{
    g_autoptr(GBytes) sealed = seal_particulars(tx, party, error);
    if (sealed == NULL)
        return FALSE;
    g_autofree char *plate = kc_keyring_blind_index(tx->keyring, "plate", party->plate_number);
    g_autofree char *phone = kc_keyring_blind_index(tx->keyring, "phone", party->phone);
    g_autoptr(KcQuery) query = kc_query_new(
        tx, "INSERT INTO parties (" COLUMNS ", plate_index, phone_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, party->id);
    kc_bind_text(query, party->case_id);
    kc_bind_text(query, party->label);
    kc_bind_int(query, party->is_reporter != 0);
    kc_bind_int(query, party->created_us);
    kc_bind_int(query, party->last_seen_us);
    kc_bind_bytes(query, sealed);
    kc_bind_text(query, plate);
    kc_bind_text(query, phone);
    return kc_query_run(query, NULL, error) && kc_search_index_party(tx, party, error);
}

KcUpdate
kc_party_store_update(KcTx *tx, const KcParty *party, GError **error)
{
    g_autoptr(GBytes) sealed = seal_particulars(tx, party, error);
    if (sealed == NULL)
        return KC_UPDATE_FAILED;
    g_autofree char *plate = kc_keyring_blind_index(tx->keyring, "plate", party->plate_number);
    g_autofree char *phone = kc_keyring_blind_index(tx->keyring, "phone", party->phone);
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE parties SET label = ?, is_reporter = ?, last_seen_us = ?, "
                                            "sealed_particulars = ?, plate_index = ?, phone_index = ? "
                                            "WHERE id = ? AND case_id = ?",
                                            error);
    if (query == NULL)
        return KC_UPDATE_FAILED;
    kc_bind_text(query, party->label);
    kc_bind_int(query, party->is_reporter != 0);
    kc_bind_int(query, party->last_seen_us);
    kc_bind_bytes(query, sealed);
    kc_bind_text(query, plate);
    kc_bind_text(query, phone);
    kc_bind_text(query, party->id);
    kc_bind_text(query, party->case_id);
    KcUpdate update = kc_query_update(query, error);
    if (update == KC_UPDATE_DONE && !kc_search_index_party(tx, party, error))
        return KC_UPDATE_FAILED;
    return update;
}

gboolean
kc_party_store_seen(KcTx *tx, const char *id, gint64 at_us, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "UPDATE parties SET last_seen_us = max(last_seen_us, ?) WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, at_us);
    kc_bind_text(query, id);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_party_store_get(KcTx *tx, const char *id, KcParty **ret_party, GError **error)
{
    *ret_party = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT " COLUMNS " FROM parties WHERE id = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, id);
    return kc_query_one(tx, query, read_party, (gpointer *)ret_party, error);
}

GPtrArray *
kc_party_store_list(KcTx *tx, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " COLUMNS " FROM parties WHERE case_id = ? ORDER BY label", error);
    if (query == NULL)
        return NULL;
    kc_bind_text(query, case_id);
    return kc_query_all(tx, query, read_party, (GDestroyNotify)kc_party_free, error);
}

/* ---- Capabilities ---- */

void
kc_capability_free(KcCapability *capability)
{
    if (capability == NULL)
        return;
    g_free(capability->token_hash);
    g_free(capability->case_id);
    g_free(capability->party_id);
    g_free(capability->guest_id);
    g_free(capability->kind);
    g_free(capability);
}

static gpointer
read_capability(KcTx *tx, KcQuery *query, GError **error)
{
    KcCapability *capability = g_new0(KcCapability, 1);
    capability->token_hash = kc_take_text(query);
    capability->case_id = kc_take_text(query);
    capability->party_id = kc_take_text(query);
    capability->guest_id = kc_take_text(query);
    capability->kind = kc_take_text(query);
    capability->created_us = kc_take_int(query);
    capability->expires_us = kc_take_int(query);
    return capability;
}

gboolean
kc_capability_store_insert(KcTx *tx, const KcCapability *capability, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "INSERT INTO capabilities (" CAPABILITY_COLUMNS ") "
                                            "VALUES (?, ?, ?, ?, ?, ?, ?)",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, capability->token_hash);
    kc_bind_text(query, capability->case_id);
    kc_bind_text(query, capability->party_id);
    kc_bind_text(query, capability->guest_id);
    kc_bind_text(query, capability->kind);
    kc_bind_int(query, capability->created_us);
    kc_bind_int(query, capability->expires_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_capability_store_get(KcTx *tx, const char *token_hash, KcCapability **ret_capability, GError **error)
{
    *ret_capability = NULL;
    g_autoptr(KcQuery) query =
        kc_query_new(tx, "SELECT " CAPABILITY_COLUMNS " FROM capabilities WHERE token_hash = ?", error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, token_hash);
    return kc_query_one(tx, query, read_capability, (gpointer *)ret_capability, error);
}

gboolean
kc_capability_store_prolong(KcTx *tx, const char *party_id, gint64 now_us, gint64 until_us, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "UPDATE capabilities SET expires_us = ? WHERE party_id = ? AND "
                                            "kind = 'party' AND expires_us > ? AND expires_us < ?",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_int(query, until_us);
    kc_bind_text(query, party_id);
    kc_bind_int(query, now_us);
    kc_bind_int(query, until_us);
    return kc_query_run(query, NULL, error);
}

gboolean
kc_capability_store_get_guest(KcTx *tx, const char *guest_id, KcCapability **ret_capability, GError **error)
{
    *ret_capability = NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx,
                                            "SELECT " CAPABILITY_COLUMNS " FROM capabilities WHERE guest_id = ? "
                                            "ORDER BY created_us DESC LIMIT 1",
                                            error);
    if (query == NULL)
        return FALSE;
    kc_bind_text(query, guest_id);
    return kc_query_one(tx, query, read_capability, (gpointer *)ret_capability, error);
}
