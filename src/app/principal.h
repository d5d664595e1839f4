/* Who is asking: nobody known, a member of staff, or a party or guest by its link. Made by kc_app_authenticate. */
#pragma once

#include "src/domain/roles.h"

typedef struct {
    KcRole role;        /* KC_ROLE_ANONYMOUS without a token */
    char *user_id;      /* staff */
    char *party_id;     /* party */
    char *guest_id;     /* guest */
    char *integration_id; /* another system */
    guint scopes;         /* integration: a bit for each KcScope of its key */
    char *insured_id;   /* guest: an insurer's party */
    char *case_id;      /* party, guest: the one case that the link is for */
    char *name;         /* staff: the account's; guest: as the inviter wrote it; NULL otherwise */
    char *username;     /* staff */
    char *badge_number; /* staff; may be NULL */
    GStrv counties;     /* staff: codes it may see; NULL or empty: all */
    char *address;      /* of the client, for the log of access; may be NULL */
    char *session;      /* names the session or link without giving it away: the hash of its token */
    char *csrf_token;   /* staff */
    gint64 expires_us;
} KcPrincipal;

/* Without a token. `address` may be NULL. */
KcPrincipal *kc_principal_new_anonymous(const char *address);
KcPrincipal *kc_principal_copy(const KcPrincipal *principal);
void kc_principal_free(KcPrincipal *principal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPrincipal, kc_principal_free)

/* The id of the person or system: of the user, the party, the guest or the integration; NULL for nobody. */
const char *kc_principal_id(const KcPrincipal *principal);
/* "user", "party", "guest" or "integration"; NULL for nobody. */
const char *kc_principal_kind(const KcPrincipal *principal);
