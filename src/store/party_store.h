/* The parties of a case, their consents, and the links that let them in. */
#pragma once

#include "src/store/consent_store.h"

typedef struct {
    char *id;
    char *case_id;
    char *label; /* "A", "B" …; unique in the case */
    gboolean is_reporter;
    gint64 created_us;
    gint64 last_seen_us;
    char *kind;              /* motor non_motor pedestrian; NULL: not said */
    char *shares_phone_with; /* id of the party on whose phone it joined; NULL: on one of its own */
    /* Sealed, as those two; each may be NULL. plate_number and phone can be found again through their blind index. */
    char *name, *phone, *id_number, *licence_number;
    char *plate_number, *plate_type, *vehicle_type;
    char *insurer, *insurance_certificate;
} KcParty;

void kc_party_free(KcParty *party);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcParty, kc_party_free)

gboolean kc_party_store_insert(KcTx *tx, const KcParty *party, GError **error);
/* Everything but id, case and created_us. KC_UPDATE_DONE or _ABSENT. */
KcUpdate kc_party_store_update(KcTx *tx, const KcParty *party, GError **error);
gboolean kc_party_store_seen(KcTx *tx, const char *id, gint64 at_us, GError **error);
gboolean kc_party_store_get(KcTx *tx, const char *id, KcParty **ret_party, GError **error);
/* of KcParty, by label */
GPtrArray *kc_party_store_list(KcTx *tx, const char *case_id, GError **error);

/* A link: valid for one person in one case. */
typedef struct {
    char *token_hash; /* hexadecimal, src/evidence/tokens.h */
    char *case_id;
    char *party_id; /* NULL for a guest */
    char *guest_id; /* NULL for a party */
    char *kind;     /* party guest */
    gint64 created_us;
    gint64 expires_us;
} KcCapability;

void kc_capability_free(KcCapability *capability);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcCapability, kc_capability_free)

gboolean kc_capability_store_insert(KcTx *tx, const KcCapability *capability, GError **error);
/* Also finds one that has expired: the caller compares expires_us, to say so. */
gboolean kc_capability_store_get(KcTx *tx, const char *token_hash, KcCapability **ret_capability, GError **error);
/* Makes the links of a party that still live at `now_us` live at least until `until_us`. */
gboolean kc_capability_store_prolong(KcTx *tx, const char *party_id, gint64 now_us, gint64 until_us, GError **error);
/* The newest of a guest; NULL in `*ret_capability`: none. */
gboolean kc_capability_store_get_guest(KcTx *tx, const char *guest_id, KcCapability **ret_capability, GError **error);
