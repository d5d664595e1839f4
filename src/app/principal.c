#include "src/app/principal.h"

KcPrincipal *
kc_principal_new_anonymous(const char *address)
{
    KcPrincipal *principal = g_new0(KcPrincipal, 1);
    principal->role = KC_ROLE_ANONYMOUS;
    principal->address = g_strdup(address);
    return principal;
}

void
kc_principal_free(KcPrincipal *principal)
{
    if (principal == NULL)
        return;
    g_free(principal->user_id);
    g_free(principal->party_id);
    g_free(principal->case_id);
    g_free(principal->name);
    g_free(principal->username);
    g_free(principal->badge_number);
    g_strfreev(principal->counties);
    g_free(principal->address);
    g_free(principal->session);
    g_free(principal->csrf_token);
    g_free(principal);
}

const char *
kc_principal_id(const KcPrincipal *principal)
{
    return principal->user_id != NULL ? principal->user_id : principal->party_id;
}
