/* Who is asking: nobody known, a member of staff, or a party by its link. Made by kc_app_authenticate. */
#pragma once

#include "src/domain/roles.h"

typedef struct {
    KcRole role;        /* KC_ROLE_ANONYMOUS without a token */
    char *user_id;      /* staff */
    char *party_id;     /* party */
    char *case_id;      /* party: the one case that the link is for */
    char *name;         /* staff: the account's; NULL otherwise */
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
void kc_principal_free(KcPrincipal *principal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcPrincipal, kc_principal_free)

/* The id of the person: of the user or the party; NULL for nobody. */
const char *kc_principal_id(const KcPrincipal *principal);
